//! Every effect of the catalogue on one photograph, in a labelled grid: the picture at the head of the README.
//!
//! `cargo run --release -p bowerbird-examples --example contact_sheet [PHOTO [SHEET]]`
//!
//! The effects run on a copy of the photograph at the size of a tile, so that what works pixel by pixel shows.

use bowerbird::effect::Effect;
use bowerbird::image::{Alpha, Depth, Transfer};
use bowerbird::recipe::{Loader, Recipe};
use bowerbird::resize::{ResizeFilter, resize};
use bowerbird::{Chain, Engine, Image, Output};
use noto_sans_mono_bitmap::{FontWeight, RasterHeight, get_raster, get_raster_width};
use serde_json::{Map, Value, json};
use std::error::Error;
use std::path::Path;

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

/// Side of a tile, space around tiles, height of the two lines below one, in pixels.
const TILE: usize = 144;
const GAP: usize = 20;
const LABEL: usize = 42;
const COLUMNS: usize = 7;
/// Radius of the corners of a tile.
const CORNER: f32 = 6.0;

const BACKGROUND: [u8; 3] = [22, 23, 26];
const BRIGHT: [u8; 3] = [238, 238, 240];
const DIM: [u8; 3] = [138, 142, 152];

fn main() -> Result<(), Box<dyn Error>> {
    let mut paths = std::env::args().skip(1);
    let photo = paths.next().unwrap_or_else(|| format!("{ROOT}/assets/photos/astronaut.png"));
    let sheet = paths.next().unwrap_or_else(|| format!("{ROOT}/assets/contact_sheet.png"));

    let engine = Engine::cpu()?;
    let name = Path::new(&photo).file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let photo = tile(&engine, &Image::open(&photo)?)?;
    let output = Output { depth: Some(Depth::U8), ..Output::default() };
    let mut tiles = vec![("source".to_owned(), name, engine.render_to(&Chain::new(), &photo, &output)?)];
    // One picture cannot show what an effect makes of time.
    for effect in bowerbird::effects::all().filter(|effect| effect.info().family != "time") {
        let settings = settings(effect.info().id);
        let recipe = recipe(&*effect, &settings)?;
        let picture = engine.render_to(recipe.chain(), &photo, &output)?;
        tiles.push((effect.info().id.to_owned(), caption(&settings), picture));
    }
    compose(&tiles)?.save(&sheet)?;
    println!("{}: {} tiles", std::fs::canonicalize(&sheet)?.display(), tiles.len());
    Ok(())
}

/// Settings that show what an effect does, where its defaults are quiet.
fn settings(id: &str) -> Map<String, Value> {
    let value = match id {
        "exposure" => json!({ "ev": 1.0 }),
        "brightness" => json!({ "scale": 0.7 }),
        "contrast" => json!({ "amount": 1.7 }),
        "gamma" => json!({ "gamma": 2.0 }),
        "levels" => json!({ "in_black": 0.25 }),
        "curves" => json!({ "r": [[0, 0], [0.3, 0.15], [0.7, 0.9], [1, 1]], "b": [[0, 0.3], [1, 0.7]] }),
        "saturation" => json!({ "amount": 2.0 }),
        "vibrance" => json!({ "amount": 1.0 }),
        "hue_rotate" => json!({ "angle": 160 }),
        "temperature" => json!({ "kelvin": 3400 }),
        "channel_mixer" => {
            json!({ "matrix": [0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0] })
        }
        "gaussian_blur" => json!({ "sigma": 0.02 }),
        "box_blur" => json!({ "radius": 0.03 }),
        "sharpen" => json!({ "amount": 1.5 }),
        "highlights_shadows" => json!({ "highlights": -0.8, "shadows": 0.8 }),
        "toon" => json!({ "sigma": "3px", "edge_sigma": "1px" }),
        "domain_transform" => json!({ "sigma": 0.1 }),
        "clahe" => json!({ "clip": 4.0 }),
        "clarity" => json!({ "amount": 2.0 }),
        "guided" => json!({ "radius": 0.04, "epsilon": 0.02 }),
        "unsharp_mask" => json!({ "sigma": 0.02, "amount": 2 }),
        "median" => json!({ "radius": "9px" }),
        "bilateral" => json!({ "sigma": "6px", "range": 0.2 }),
        "dilate" | "erode" | "open" | "close" => json!({ "radius": 0.012, "shape": "disc" }),
        "swirl" => json!({ "center": [0.42, 0.72], "radius": 0.3 }),
        "bulge" | "pinch" => json!({ "center": [0.42, 0.35] }),
        "ripple" => json!({ "amplitude": 0.02 }),
        "wave" => json!({ "amplitude": 0.03, "wavelength": 0.2 }),
        "mirror" => json!({ "center": [0.42, 0.5] }),
        "affine" => json!({ "angle": 15, "scale": [0.8, 0.8] }),
        "pixelate" => json!({ "size": 0.05, "shape": "hex" }),
        "vignette" => json!({ "amount": 0.9 }),
        "bloom" => json!({ "threshold": 0.35 }),
        "grain" => json!({ "amount": 0.5 }),
        "lut3d" => json!({ "file": "teal_amber" }),
        "gradient_map" => json!({
            "stops": [{ "at": 0, "color": "#1b1036" }, { "at": 0.55, "color": "#e4503c" }, { "at": 1, "color": "#ffe9a8" }],
            "mix": "oklab",
        }),
        "blend" => json!({ "mode": "screen" }),
        "mask_image" => json!({ "image": "coffee" }),
        "sticker" => json!({ "image": "coffee", "center": [0.62, 0.7], "angle": 12 }),
        "crop" => json!({ "rect": [0.25, 0.1, 0.5, 0.5] }),
        "resize" => json!({ "scale": 0.4 }),
        "mask_shape" => json!({ "feather": 0.1 }),
        _ => json!({}),
    };
    value.as_object().cloned().unwrap_or_default()
}

/// The settings in a line short enough for a tile: lists only by name.
fn caption(settings: &Map<String, Value>) -> String {
    let part = |(name, value): (&String, &Value)| match value {
        Value::Array(_) => name.clone(),
        Value::String(text) => format!("{name} {text}"),
        other => format!("{name} {other}"),
    };
    if settings.is_empty() { "defaults".into() } else { settings.iter().map(part).collect::<Vec<_>>().join(", ") }
}

/// A recipe of the one effect. A mask is shown at work: what it leaves out turns gray and dark.
fn recipe(effect: &dyn Effect, settings: &Map<String, Value>) -> Result<Recipe, bowerbird::Error> {
    let info = effect.info();
    let mut step = settings.clone();
    step.insert("effect".into(), info.id.into());
    let assets = json!({
        "layer": "photos/hubble_deep_field.jpg",
        "coffee": "photos/coffee.png",
        "teal_amber": "luts/teal_amber.cube",
    });
    let json = if info.family == "mask" {
        step.insert("invert".into(), true.into());
        let steps = json!([
            { "effect": "grayscale", "mask": "shown" },
            { "effect": "exposure", "ev": -1.5, "mask": "shown" },
        ]);
        json!({ "version": 1, "steps": steps, "masks": { "shown": step }, "assets": assets })
    } else {
        let inputs: Map<String, Value> = info.inputs.iter().map(|input| ((*input).into(), "layer".into())).collect();
        step.insert("in".into(), inputs.into());
        json!({ "version": 1, "steps": [step], "assets": assets })
    };
    let recipe = Recipe::from_json(&json, &Loader::folder(format!("{ROOT}/assets")))?;
    recipe.check()?;
    if recipe.chain().steps().iter().all(|step| step.effect().is_none_or(Effect::is_identity)) {
        eprintln!("{}: the defaults change nothing; give it a line in `settings`", info.id);
    }
    Ok(recipe)
}

/// The middle square of a picture at the size of a tile, resampled in linear light.
fn tile(engine: &Engine, image: &Image) -> Result<Image, Box<dyn Error>> {
    let linear = Output { depth: Some(Depth::F32), transfer: Transfer::Linear, alpha: Alpha::Premultiplied };
    let pixels = engine.render_to(&Chain::new(), image, &linear)?.to_rgba_f32();
    let (width, height) = (image.width() as usize, image.height() as usize);
    let side = width.min(height);
    let (left, top) = ((width - side) / 2, (height - side) / 2);
    let square: Vec<f32> =
        (top..top + side).flat_map(|y| &pixels[4 * (y * width + left)..][..4 * side]).copied().collect();
    let small = resize(&square, side, side, TILE, TILE, ResizeFilter::Lanczos3);
    Ok(Image::from_rgba_f32(TILE as u32, TILE as u32, small, Transfer::Linear, Alpha::Opaque)?)
}

/// The sheet under way.
struct Sheet {
    width: usize,
    pixels: Vec<u8>,
}

impl Sheet {
    /// Lays a color over a pixel.
    fn lay(&mut self, x: usize, y: usize, color: [u8; 3], weight: f32) {
        let pixel = &mut self.pixels[4 * (y * self.width + x)..][..3];
        for (under, over) in pixel.iter_mut().zip(color) {
            *under = (f32::from(*under) * (1.0 - weight) + f32::from(over) * weight).round() as u8;
        }
    }

    fn picture(&mut self, left: usize, top: usize, image: &Image) {
        // Effects that change the size leave less than a tile, or more.
        let (width, height) = (image.width() as usize, image.height() as usize);
        let (dx, dy) = (TILE.saturating_sub(width) / 2, TILE.saturating_sub(height) / 2);
        for (index, pixel) in image.to_rgba8().chunks_exact(4).enumerate() {
            let (x, y) = (index % width + dx, index / width + dy);
            if x >= TILE || y >= TILE {
                continue;
            }
            let weight = f32::from(pixel[3]) / 255.0 * rounded(x, y);
            self.lay(left + x, top + y, [pixel[0], pixel[1], pixel[2]], weight);
        }
    }

    fn text(&mut self, left: usize, top: usize, text: &str, weight: FontWeight, color: [u8; 3]) {
        let size = RasterHeight::Size16;
        let advance = get_raster_width(weight, size);
        for (index, letter) in text.chars().take(TILE / advance).enumerate() {
            let Some(raster) = get_raster(letter, weight, size) else { continue };
            for (y, row) in raster.rows().enumerate() {
                for (x, ink) in row.iter().enumerate() {
                    self.lay(left + index * advance + x, top + y, color, f32::from(*ink) / 255.0);
                }
            }
        }
    }
}

/// How much of a pixel lies within the rounded corners of a tile.
fn rounded(x: usize, y: usize) -> f32 {
    let beyond = |v: usize| {
        let v = v as f32 + 0.5;
        (CORNER - v).max(v - (TILE as f32 - CORNER)).max(0.0)
    };
    (CORNER + 0.5 - beyond(x).hypot(beyond(y))).clamp(0.0, 1.0)
}

fn compose(tiles: &[(String, String, Image)]) -> Result<Image, Box<dyn Error>> {
    let rows = tiles.len().div_ceil(COLUMNS);
    let width = GAP + COLUMNS * (TILE + GAP);
    let height = GAP + rows * (TILE + LABEL + GAP);
    let [r, g, b] = BACKGROUND;
    let mut sheet = Sheet { width, pixels: [r, g, b, 255].repeat(width * height) };
    for (index, (id, shown, image)) in tiles.iter().enumerate() {
        let (left, top) = (GAP + index % COLUMNS * (TILE + GAP), GAP + index / COLUMNS * (TILE + LABEL + GAP));
        sheet.picture(left, top, image);
        sheet.text(left + 1, top + TILE + 7, id, FontWeight::Bold, BRIGHT);
        sheet.text(left + 1, top + TILE + 25, shown, FontWeight::Regular, DIM);
    }
    Ok(Image::from_rgba8(width as u32, height as u32, sheet.pixels)?)
}
