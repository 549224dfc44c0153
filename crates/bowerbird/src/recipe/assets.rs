//! The assets of a recipe: where they come from, and how they go back.

use super::{Loader, Warning};
use crate::chain::{Asset, Assets};
use crate::cube::Cube;
use crate::error::Error;
use crate::image::{Depth, FileFormat, Image, Transfer, WriteOptions};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Where an asset came from: the value in the file, and the version of the asset that was read from it.
#[derive(Clone, Debug)]
pub(super) struct Spec {
    pub(super) value: Value,
    /// The file that was read.
    pub(super) file: Option<PathBuf>,
    version: u64,
}

/// Reads all assets.
pub(super) fn read(
    json: &Map<String, Value>,
    loader: &Loader,
    assets: &mut Assets,
    warnings: &mut Vec<Warning>,
) -> Result<BTreeMap<String, Spec>, Error> {
    let mut files = BTreeMap::new();
    for (name, value) in json {
        let path = format!("assets.{name}");
        let asset = match value {
            Value::String(file) => loader.resolve(file).and_then(|found| {
                let asset = from_file(name, file, &found, loader);
                files.insert(name.as_str(), found);
                asset
            }),
            Value::Object(inline) => from_data(name, inline, loader),
            _ => Err("expected a path or {\"data\": base64, \"media\": type}".into()),
        };
        let asset = asset.map_err(|message| Error::recipe(path.as_str(), message))?;
        let remarks = match &asset {
            Asset::Image(image) => &image.metadata().warnings,
            Asset::Cube(cube) => &cube.warnings,
        };
        warnings.extend(remarks.iter().map(|message| Warning { path: path.clone(), message: message.clone() }));
        assets.insert(name.as_str(), asset);
    }
    let mut spec = |(name, version, _): (&str, u64, &Asset)| {
        let value = json.get(name)?.clone();
        Some((name.to_owned(), Spec { value, file: files.remove(name), version }))
    };
    Ok(assets.entries().filter_map(&mut spec).collect())
}

/// Reads the file at `path`, which the recipe calls `file`.
fn from_file(name: &str, file: &str, path: &Path, loader: &Loader) -> Result<Asset, String> {
    let is_cube = Path::new(file).extension().is_some_and(|ending| ending.eq_ignore_ascii_case("cube"));
    if is_cube {
        // Titles are in whatever encoding their program had; numbers and keywords are in any.
        let bytes = loader.bytes(path).map_err(|cause| format!("{file}: {cause}"))?;
        return cube(name, &String::from_utf8_lossy(&bytes)).map_err(|cause| format!("{file}: {cause}"));
    }
    let image = Image::open_with(path, loader.options());
    Ok(image.map_err(|error| format!("{file}: {}", error.cause()))?.into())
}

fn from_data(name: &str, inline: &Map<String, Value>, loader: &Loader) -> Result<Asset, String> {
    let text =
        |field: &str| inline.get(field).map(|value| value.as_str().ok_or_else(|| format!("{field} is not a text")));
    let data = text("data").ok_or("expected {\"data\": base64, \"media\": type}; there is no data")??;
    let media = text("media").transpose()?.unwrap_or("");
    let bytes = STANDARD.decode(data.trim()).map_err(|cause| format!("data is not base64: {cause}"))?;
    if media.contains("cube") || media.starts_with("text/") {
        return cube(name, &String::from_utf8_lossy(&bytes));
    }
    Ok(Image::decode(&bytes, loader.options()).map_err(|error| error.to_string())?.into())
}

fn cube(name: &str, text: &str) -> Result<Asset, String> {
    Cube::parse(name, text).map(Asset::from).map_err(|error| match error {
        Error::Asset { message, .. } => message,
        other => other.to_string(),
    })
}

/// All assets as JSON: as they were written, or inline where a program put them in or replaced them.
pub(super) fn write(assets: &Assets, specs: &BTreeMap<String, Spec>) -> Map<String, Value> {
    let entry = |(name, version, asset): (&str, u64, &Asset)| {
        let value = match specs.get(name) {
            Some(spec) if spec.version == version => spec.value.clone(),
            _ => inline(asset)?,
        };
        Some((name.to_owned(), value))
    };
    assets.entries().filter_map(entry).collect()
}

/// An asset as data. A picture that no file format can hold is left out.
fn inline(asset: &Asset) -> Option<Value> {
    let (bytes, media) = match asset {
        Asset::Cube(cube) => (cube_text(cube).into_bytes(), "application/x-cube"),
        Asset::Image(image) => {
            let (format, media) = match (image.depth(), image.transfer()) {
                (Depth::F32, Transfer::Linear) => (FileFormat::Exr, "image/x-exr"),
                (Depth::F32, Transfer::Display) => (FileFormat::Tiff, "image/tiff"),
                _ => (FileFormat::Png, "image/png"),
            };
            (image.encode(format, &WriteOptions::default()).ok()?, media)
        }
    };
    Some(json!({ "data": STANDARD.encode(bytes), "media": media }))
}

/// A table in the Cube LUT form, every number such that it reads back to the same bits.
fn cube_text(cube: &Cube) -> String {
    let mut text = cube.title.as_ref().map_or_else(String::new, |title| format!("TITLE \"{title}\"\n"));
    let parts = [
        cube.shaper.as_ref().map(|part| ("LUT_1D", part.size, part.domain, &part.values)),
        cube.cube.as_ref().map(|part| ("LUT_3D", part.size, part.domain, &part.values)),
    ];
    let row = |numbers: &[f64; 3]| format!("{} {} {}", numbers[0], numbers[1], numbers[2]);
    for (keyword, size, domain, _) in parts.iter().flatten() {
        text.push_str(&format!("{keyword}_SIZE {size}\n"));
        let is_gray = domain.iter().all(|limit| *limit == [limit[0]; 3]);
        if is_gray {
            text.push_str(&format!("{keyword}_INPUT_RANGE {} {}\n", domain[0][0], domain[1][0]));
        } else {
            text.push_str(&format!("DOMAIN_MIN {}\nDOMAIN_MAX {}\n", row(&domain[0]), row(&domain[1])));
        }
    }
    for (.., values) in parts.iter().flatten() {
        for color in values.chunks_exact(3) {
            text.push_str(&format!("{} {} {}\n", color[0], color[1], color[2]));
        }
    }
    text
}
