//! The suite: the workloads that Bowerbird is measured by, on one picture.

use super::{Times, measure};
use crate::DONE;
use crate::args::{BenchArgs, Size};
use crate::output::{print, print_json, warn};
use anyhow::{Context, bail};
use bowerbird::analyze::Histogram;
use bowerbird::cube::Cube;
use bowerbird::recipe::{Loader, Recipe};
use bowerbird::{Chain, Engine, Image};
use bowerbird_capture::{Frame, PixelFormat};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;

/// The picture of the suite, unless another is given.
const SIZE: Size = Size { width: 3840, height: 2160 };

/// Pixels a side of the sticker.
const STICKER: u32 = 800;

/// Entries an axis of the table that `lut3d` reads.
const CUBE: usize = 33;

#[derive(Debug, Deserialize)]
struct Workload {
    id: String,
    label: String,
    #[serde(default)]
    kind: Kind,
    #[serde(default)]
    steps: Vec<Map<String, Value>>,
}

/// What is timed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    /// Rendering the steps.
    #[default]
    Chain,
    /// Counting levels.
    Histogram,
    /// Unpacking a camera's frame to RGBA: YUYV.
    Yuyv,
    /// The same for NV12.
    Nv12,
}

impl Workload {
    /// The chain; `linear` leaves every effect in the space it asks for rather than on display values.
    fn chain(&self, linear: bool) -> anyhow::Result<Chain> {
        let mut steps = self.steps.clone();
        if linear {
            steps.iter_mut().for_each(|step| drop(step.remove("space")));
        }
        let mut chain = Chain::from(Recipe::from_json(&json!({ "version": 1, "steps": steps }), &Loader::none())?);
        // The assets of the suite are made here rather than read from files.
        let mut wanted = Vec::new();
        for effect in chain.steps_mut().iter_mut().filter_map(|step| step.effect_mut()) {
            for (field, name) in [("file", "curve"), ("image", "sticker")] {
                if let Some((_, asset)) = effect.named_mut(field) {
                    asset.set(&json!(name)).map_err(anyhow::Error::msg)?;
                    wanted.push(name);
                }
            }
        }
        for name in wanted {
            match name {
                "curve" => chain.assets_mut().insert(name, cube()?),
                _ => chain.assets_mut().insert(name, sticker()?),
            }
        }
        Ok(chain)
    }

    /// Whether some step is told to run on display values.
    fn has_space(&self) -> bool {
        self.steps.iter().any(|step| step.contains_key("space"))
    }
}

fn all() -> anyhow::Result<Vec<Workload>> {
    serde_json::from_str(include_str!("suite.json")).context("the workloads of the suite")
}

/// A table that bends each channel a little.
fn cube() -> anyhow::Result<Cube> {
    let mut text = format!("LUT_3D_SIZE {CUBE}\n");
    let bent = |index: usize| (index as f64 / (CUBE - 1) as f64).powf(0.9);
    for (b, g, r) in (0..CUBE * CUBE * CUBE).map(|i| (i / (CUBE * CUBE), i / CUBE % CUBE, i % CUBE)) {
        text.push_str(&format!("{} {} {}\n", bent(r), bent(g), bent(b)));
    }
    Ok(Cube::parse("curve", &text)?)
}

/// A disc with gradients of red and green.
fn sticker() -> anyhow::Result<Image> {
    let pixel = |index: u32| {
        let (x, y) = (index % STICKER, index / STICKER);
        let code = |v: u32| (f64::from(v) * 255.0 / f64::from(STICKER - 1)).round() as u8;
        let [u, v] = [x, y].map(|place| (f64::from(place) + 0.5) / f64::from(STICKER / 2) - 1.0);
        [code(x), code(y), 128, if u * u + v * v < 0.81 { 255 } else { 0 }]
    };
    Ok(Image::from_rgba8(STICKER, STICKER, (0..STICKER * STICKER).flat_map(pixel).collect())?)
}

/// Smooth gradients under a noise that no predictor guesses.
fn chart(size: Size) -> anyhow::Result<Image> {
    let pixel = |index: u32| {
        let (x, y) = (index % size.width, index / size.width);
        let noise = index.wrapping_mul(0x9e37_79b9).rotate_left(13).wrapping_mul(0x85eb_ca6b) >> 27;
        let code = |place: u32, side: u32| (u64::from(place) * 223 / u64::from(side)) as u8 + noise as u8;
        [code(x, size.width), code(size.width - 1 - x, size.width), code(y, size.height), 255]
    };
    let count = size.width.checked_mul(size.height).context("the size is beyond 2³² pixels")?;
    Ok(Image::from_rgba8(size.width, size.height, (0..count).flat_map(pixel).collect())?)
}

/// The picture as a camera would send it: BT.601, limited range, chroma the mean of the pixels that share it.
fn packed(image: &Image, kind: Kind) -> Frame {
    let format = if kind == Kind::Yuyv { PixelFormat::Yuyv } else { PixelFormat::Nv12 };
    let mut frame = Frame::default();
    frame.reset(format, image.width(), image.height());
    let (rgba, stride) = (image.to_rgba8(), frame.stride);
    let (width, height) = (image.width() as usize, image.height() as usize);
    // Red, green and blue as numbers, the edge again beyond it.
    let rgb = |x: usize, y: usize| {
        let at = (y.min(height - 1) * width + x.min(width - 1)) * 4;
        [0, 1, 2].map(|channel| f64::from(rgba[at + channel]))
    };
    let [kr, kg, kb] = [0.299, 0.587, 0.114];
    let luma = |[r, g, b]: [f64; 3]| kr * r + kg * g + kb * b;
    let code = |value: f64| (value + 0.5) as u8;
    let y_code = |x: usize, y: usize| code(16.0 + luma(rgb(x, y)) * 219.0 / 255.0);
    let chroma = |x: usize, y: usize, rows: usize| {
        let count = (2 * rows) as f64;
        let mean = (0..2 * rows)
            .map(|i| rgb(2 * x + i % 2, y + i / 2))
            .fold([0.0; 3], |sum, rgb| [0, 1, 2].map(|channel| sum[channel] + rgb[channel] / count));
        let part = |color: f64, weight: f64| (color - luma(mean)) / (2.0 * (1.0 - weight)) * 224.0 / 255.0;
        [code(128.0 + part(mean[2], kb)), code(128.0 + part(mean[0], kr))]
    };
    let data = &mut frame.data;
    for y in 0..height {
        match kind {
            Kind::Yuyv => {
                for (x, four) in data[y * stride..][..stride].chunks_exact_mut(4).enumerate() {
                    let [u, v] = chroma(x, y, 1);
                    four.copy_from_slice(&[y_code(2 * x, y), u, y_code(2 * x + 1, y), v]);
                }
            }
            _ => {
                (0..width).for_each(|x| data[y * stride + x] = y_code(x, y));
                if y % 2 == 0 {
                    let start = stride * height + y / 2 * stride.next_multiple_of(2);
                    for x in 0..width.div_ceil(2) {
                        data[start + 2 * x..][..2].copy_from_slice(&chroma(x, y, 2));
                    }
                }
            }
        }
    }
    frame
}

/// Times the workloads, one after the other.
pub(super) fn run(args: &BenchArgs, engine: &Engine) -> anyhow::Result<ExitCode> {
    let workloads = chosen(&args.only)?;
    let image = match &args.input {
        Some(path) => super::picture(path, args.size, &args.read)?,
        None => chart(args.size.unwrap_or(SIZE))?,
    };
    let before = args.against.as_deref().map(earlier).transpose()?;
    if !args.json {
        heading(engine, &image, before.is_some())?;
    }
    // Frames are unpacked outside the engine, by as many threads as it has.
    let pool = rayon::ThreadPoolBuilder::new().num_threads(engine.threads()).build()?;
    let mut done = Vec::new();
    for workload in &workloads {
        let times = |linear| match workload.kind {
            Kind::Chain => Ok::<_, anyhow::Error>(measure(engine, &workload.chain(linear)?, &image, args.runs)?),
            Kind::Histogram => Ok(super::timed(args.runs, || {
                std::hint::black_box(Histogram::of(&image));
                Ok(())
            })?),
            Kind::Yuyv | Kind::Nv12 => {
                let (frame, mut rgba) = (packed(&image, workload.kind), Vec::new());
                let unpack = || {
                    let done = pool.install(|| frame.to_rgba(&mut rgba));
                    done.map_err(|error| bowerbird::Error::Invalid(error.to_string()))
                };
                Ok(super::timed(args.runs, unpack)?)
            }
        };
        let display = times(false)?;
        let linear = if workload.has_space() { Some(times(true)?) } else { None };
        engine.take_messages().iter().for_each(|message| warn(message));
        if let (Some(path), [_]) = (&args.output, workloads.as_slice()) {
            match workload.kind {
                Kind::Chain => engine.render(&workload.chain(false)?, &image)?.save(path)?,
                Kind::Histogram => counts(&image, path)?,
                Kind::Yuyv | Kind::Nv12 => {
                    let mut rgba = Vec::new();
                    packed(&image, workload.kind).to_rgba(&mut rgba)?;
                    Image::from_rgba8(image.width(), image.height(), rgba)?.save(path)?;
                }
            }
        }
        if !args.json {
            row(workload, &display, linear.as_ref(), before.as_ref())?;
        }
        done.push(json!({
            "id": workload.id, "label": workload.label,
            "ms": display.json(), "linear_ms": linear.map(|times| times.json()),
        }));
    }
    if !args.json {
        return Ok(DONE);
    }
    print_json(&json!({
        "version": env!("CARGO_PKG_VERSION"),
        "size": [image.width(), image.height()],
        "backend": engine.backend_name(),
        "threads": engine.threads(),
        "runs": args.runs,
        "workloads": done,
    }))
}

/// Writes the counts of a picture as JSON.
fn counts(image: &Image, path: &Path) -> anyhow::Result<()> {
    let Histogram { r, g, b, luma } = Histogram::of(image);
    let report = json!({ "r": r.to_vec(), "g": g.to_vec(), "b": b.to_vec(), "luma": luma.to_vec() });
    std::fs::write(path, report.to_string()).with_context(|| path.display().to_string())
}

fn chosen(only: &[String]) -> anyhow::Result<Vec<Workload>> {
    let workloads = all()?;
    if let Some(unknown) = only.iter().find(|id| workloads.iter().all(|workload| workload.id != **id)) {
        let ids: Vec<&str> = workloads.iter().map(|workload| workload.id.as_str()).collect();
        bail!("there is no workload `{unknown}`; there are {}", ids.join(", "));
    }
    Ok(workloads.into_iter().filter(|workload| only.is_empty() || only.contains(&workload.id)).collect())
}

/// The least times of an earlier report, by workload.
fn earlier(path: &Path) -> anyhow::Result<BTreeMap<String, f64>> {
    #[derive(Deserialize)]
    struct Report {
        workloads: Vec<Entry>,
    }
    #[derive(Deserialize)]
    struct Entry {
        id: String,
        ms: BTreeMap<String, f64>,
    }
    let text = std::fs::read_to_string(path).with_context(|| path.display().to_string())?;
    let report: Report =
        serde_json::from_str(&text).with_context(|| format!("{} is no report of `bench --suite`", path.display()))?;
    Ok(report.workloads.into_iter().filter_map(|entry| Some((entry.id, *entry.ms.get("min")?))).collect())
}

fn heading(engine: &Engine, image: &Image, compares: bool) -> anyhow::Result<()> {
    let ratio = if compares { "  before ms  before/now" } else { "" };
    print(&format!(
        "{}×{} on {}, {} threads; the least of all runs\n\n{:<52} display ms   linear ms{ratio}\n",
        image.width(),
        image.height(),
        engine.backend_name(),
        engine.threads(),
        "workload",
    ))
}

fn row(
    workload: &Workload,
    display: &Times,
    linear: Option<&Times>,
    before: Option<&BTreeMap<String, f64>>,
) -> anyhow::Result<()> {
    let linear = linear.map_or_else(String::new, |times| format!("{:.1}", times.min));
    let ratio = match before.map(|before| before.get(&workload.id)) {
        None => String::new(),
        Some(None) => "  not there".into(),
        Some(Some(ms)) => format!("  {ms:>9.1}  {:>9.2}×", ms / display.min.max(1e-6)),
    };
    let name = format!("{} ({})", workload.label, workload.id);
    print(&format!("{name:<52} {:>10.1}  {linear:>10}{ratio}\n", display.min))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_packed_frame_unpacks_to_the_picture() {
        // Chroma at half the resolution is exact where colors are.
        let gray = |index: u32| [(index * 3 % 251) as u8; 3];
        let pixels = (0..48 * 32).flat_map(|index| [gray(index)[0], gray(index)[1], gray(index)[2], 255]).collect();
        let image = Image::from_rgba8(48, 32, pixels).expect("a picture");
        for kind in [Kind::Yuyv, Kind::Nv12] {
            let mut rgba = Vec::new();
            packed(&image, kind).to_rgba(&mut rgba).expect("a whole frame");
            // 219 codes for 256, and the rounding of the inverse.
            const CODES: u8 = 2;
            let near = rgba.iter().zip(image.to_rgba8()).all(|(a, b)| a.abs_diff(b) <= CODES);
            assert!(near, "{kind:?}");
        }
    }

    #[test]
    fn every_workload_renders_in_both_spaces() {
        let engine = Engine::cpu().expect("an engine");
        let image = chart(Size { width: 48, height: 32 }).expect("a chart");
        for workload in all().expect("the workloads").iter().filter(|workload| workload.kind == Kind::Chain) {
            for linear in [false, true] {
                let chain = workload.chain(linear).expect("a valid chain");
                engine.render(&chain, &image).unwrap_or_else(|error| panic!("{}: {error}", workload.id));
            }
        }
    }
}
