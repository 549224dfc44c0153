//! From a recipe to JSON and to a file.

use super::assets;
use super::document::{Recipe, VERSION};
use crate::chain::ChainStep;
use crate::effects::combine::Combine;
use crate::effects::composite::blend::BlendMode;
use crate::error::Error;
use crate::image::Transfer;
use crate::param::Param;
use serde_json::{Map, Value, json};
use std::io::{self, Write};
use std::path::Path;

/// The whole recipe.
pub(super) fn recipe(recipe: &Recipe) -> Value {
    let mut out = Map::new();
    out.insert("version".into(), json!(VERSION));
    if !recipe.name.is_empty() {
        out.insert("name".into(), json!(recipe.name));
    }
    out.insert("steps".into(), recipe.chain.steps().iter().map(step).collect());
    let masks: Map<String, Value> =
        recipe.chain.masks().iter().map(|(name, entries)| (name.clone(), mask(entries))).collect();
    if !masks.is_empty() {
        out.insert("masks".into(), masks.into());
    }
    let assets = assets::write(recipe.chain.assets(), &recipe.specs);
    if !assets.is_empty() {
        out.insert("assets".into(), assets.into());
    }
    out.extend(recipe.kept.clone());
    out.into()
}

fn mask(entries: &[ChainStep]) -> Value {
    match entries {
        [only] => step(only),
        list => list.iter().map(step).collect(),
    }
}

/// One step: what is not at its default, and what was kept.
fn step(step: &ChainStep) -> Value {
    let Some(effect) = step.effect() else {
        let mut out = step.kept.clone();
        if !step.enabled {
            out.insert("enabled".into(), json!(false));
        } else if out.get("enabled") == Some(&json!(false)) {
            out.remove("enabled");
        }
        return out.into();
    };
    let info = effect.info();
    let mut out = Map::new();
    let mut put = |field: &str, value: Value| out.insert(field.to_owned(), value);
    put("effect", json!(info.id));
    if info.version > 1 {
        put("v", json!(info.version));
    }
    if let Some(id) = step.id() {
        put("id", json!(id));
    }
    let fresh = effect.fresh();
    for ((field, param), (_, default)) in effect.fields().zip(fresh.fields()) {
        let value = param.to_json();
        if value != default.to_json() {
            put(field.name, value);
        }
    }
    if !step.enabled {
        put("enabled", json!(false));
    }
    if step.opacity() != 1.0 {
        put("opacity", step.opacity().to_json());
    }
    if step.blend() != BlendMode::Normal {
        put("blend", step.blend().to_json());
    }
    if let Some(mask) = step.mask() {
        put("mask", json!(mask));
    }
    if let Some(space) = step.space() {
        put("space", json!(if space == Transfer::Linear { "linear" } else { "display" }));
    }
    let mut inputs: Map<String, Value> =
        step.inputs.iter().map(|(input, target)| (input.clone(), json!(target))).collect();
    if let Some(Value::Object(kept)) = step.kept.get("in") {
        inputs.extend(kept.clone());
    }
    if !inputs.is_empty() {
        put("in", inputs.into());
    }
    if step.combine() != Combine::Replace {
        put("combine", step.combine().to_json());
    }
    if let Some(note) = step.note() {
        put("note", json!(note));
    }
    for (field, value) in step.kept.iter().filter(|(field, _)| *field != "in") {
        put(field, value.clone());
    }
    out.into()
}

/// Writes beside the target and renames, so that no half-written recipe is ever seen.
pub(super) fn save(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let write = || -> io::Result<()> {
        let mut builder = tempfile::Builder::new();
        builder.prefix(".bowerbird-").suffix(".part");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            builder.permissions(std::fs::Permissions::from_mode(0o666));
        }
        let mut part = builder.tempfile_in(folder)?;
        part.write_all(bytes)?;
        part.persist(path).map_err(|error| error.error)?;
        Ok(())
    };
    write().map_err(|cause| Error::recipe(path.display().to_string(), format!("cannot write the file: {cause}")))
}
