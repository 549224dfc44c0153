//! From JSON to one step.

use super::migrate::{MIGRATIONS, migrate};
use super::read::{Reports, hint};
use crate::chain::ChainStep;
use crate::effect::Effect;
use crate::effects;
use crate::error::Error;
use crate::image::Transfer;
use crate::param::{Field, Kind, Param, american};
use serde_json::{Map, Value};

/// The fields that every step may have.
pub(crate) const UNIVERSAL: [&str; 10] =
    ["effect", "id", "enabled", "opacity", "blend", "mask", "space", "in", "note", "v"];

/// Where a step stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// In the list of steps.
    Step,
    /// In a mask, where it also has `combine`.
    Mask,
}

/// Reads one step.
pub(super) fn read(json: &Value, path: &str, place: Place, reports: &mut Reports) -> Result<ChainStep, Error> {
    let example = "as in {\"effect\": \"exposure\", \"ev\": 0.3}";
    let object = json.as_object().ok_or_else(|| Error::recipe(path, format!("expected a step, {example}")))?;
    let at = |field: &str| format!("{path}.{field}");
    let name = object
        .get("effect")
        .ok_or_else(|| Error::recipe(at("effect"), format!("missing: a step names its effect, {example}")))?;
    let name = name.as_str().ok_or_else(|| Error::recipe(at("effect"), "expected the name of an effect".into()))?;
    let Some(effect) = effects::find(name) else {
        let ids: Vec<&str> = effects::all().map(|effect| effect.info().id).collect();
        reports.unknown(at("effect"), "effect", name, ids.into_iter());
        return Ok(kept_whole(object));
    };
    let newest = u64::from(effect.info().version);
    let version = match object.get("v") {
        None => 1,
        Some(version) => {
            let version = version.as_u64().filter(|version| *version >= 1);
            version
                .ok_or_else(|| Error::recipe(at("v"), "expected a whole number, the version of the effect".into()))?
        }
    };
    if version > newest {
        let message = format!("version {version} of {name} is newer than the {newest} that this program knows");
        reports.unknown.push(super::Warning { path: at("v"), message });
        return Ok(kept_whole(object));
    }
    let mut object = object.clone();
    migrate(MIGRATIONS, effect.info().id, &mut object, version, newest);
    let mut step = ChainStep::boxed(Some(effect));
    for (field, value) in &object {
        let known = universal(&mut step, field, value, place, reports, &at)
            .map_err(|message| Error::recipe(at(field), message))?;
        if !known && !parameter(&mut step, field, value, reports, &at)? {
            unknown_parameter(&mut step, field, value, reports, &at);
        }
    }
    step.blocked = !step.kept.is_empty();
    Ok(step)
}

/// A step that is not understood: nothing of it is lost, and others may still name it.
fn kept_whole(object: &Map<String, Value>) -> ChainStep {
    let text = |value: Option<&Value>| value.and_then(Value::as_str).map(str::to_owned);
    let mut step = ChainStep::boxed(None);
    step.kept = object.clone();
    step.blocked = true;
    step.enabled = object.get("enabled") != Some(&Value::Bool(false));
    step.id = text(object.get("id"));
    step.note = text(object.get("note"));
    if let Some(image) = text(object.get("in").and_then(|inputs| inputs.get("image"))) {
        step.inputs.insert("image".into(), image);
    }
    step
}

/// Takes a field that every step may have; `false` if it is none of these.
fn universal(
    step: &mut ChainStep,
    field: &str,
    value: &Value,
    place: Place,
    reports: &mut Reports,
    at: &dyn Fn(&str) -> String,
) -> Result<bool, String> {
    match field {
        "effect" | "v" => {}
        "enabled" => Param::set(&mut step.enabled, value)?,
        "opacity" => {
            Param::set(&mut step.opacity, value)?;
            if Param::clamp(&mut step.opacity, 0.0, 1.0) {
                reports.warn(at(field), limited(value, (0.0, 1.0), &step.opacity.to_json()));
            }
        }
        "blend" => step.blend.set(value)?,
        "mask" => step.mask = text(value)?,
        "id" => step.id = text(value)?,
        "note" => step.note = text(value)?,
        "space" => step.space = space(step, value)?,
        "in" => inputs(step, value, reports, at)?,
        "combine" if place == Place::Mask => step.combine.set(value)?,
        _ => return Ok(false),
    }
    Ok(true)
}

fn text(value: &Value) -> Result<Option<String>, String> {
    match value {
        Value::Null => Ok(None),
        Value::String(text) => Ok(Some(text.clone())),
        _ => Err("expected a text in quotes".into()),
    }
}

fn space(step: &ChainStep, value: &Value) -> Result<Option<Transfer>, String> {
    let Some(name) = text(value)? else { return Ok(None) };
    let space = match name.as_str() {
        "linear" => Transfer::Linear,
        "display" => Transfer::Display,
        other => {
            return Err(format!(
                "'{other}' is neither linear nor display{}",
                hint(other, ["linear", "display"].into_iter())
            ));
        }
    };
    match step.effect().map(Effect::info) {
        Some(info) if !info.switchable => Err(format!("{} always runs in its own space; leave the field out", info.id)),
        _ => Ok(Some(space)),
    }
}

fn inputs(
    step: &mut ChainStep,
    value: &Value,
    reports: &mut Reports,
    at: &dyn Fn(&str) -> String,
) -> Result<(), String> {
    let map = value.as_object().ok_or("expected an object, as {\"image\": \"source\"}")?;
    let named = step.effect().map_or(&[][..], |effect| effect.info().inputs);
    let known = || core::iter::once("image").chain(named.iter().copied());
    let mut kept = Map::new();
    for (input, target) in map {
        if known().any(|name| name == input) {
            let target = target.as_str().ok_or_else(|| format!("{input}: expected the name of a step or an asset"))?;
            step.inputs.insert(input.clone(), target.to_owned());
        } else {
            reports.unknown(at(&format!("in.{input}")), "input", input, known());
            kept.insert(input.clone(), target.clone());
        }
    }
    if !kept.is_empty() {
        step.kept.insert("in".into(), Value::Object(kept));
    }
    Ok(())
}

/// Sets a parameter; `false` if the effect has none of that name.
fn parameter(
    step: &mut ChainStep,
    name: &str,
    value: &Value,
    reports: &mut Reports,
    at: &dyn Fn(&str) -> String,
) -> Result<bool, Error> {
    let Some(effect) = step.effect_mut() else { return Ok(false) };
    let known = |name: &str| effect.info().fields.iter().any(|field| field.name == name);
    let name = if known(name) { name.to_owned() } else { american(name) };
    let Some((field, param)) = effect.named_mut(&name) else { return Ok(false) };
    param.set(value).map_err(|message| Error::recipe(at(&name), message))?;
    if let Some(range) = field.hard
        && param.clamp(range.0, range.1)
    {
        reports.warn(at(&name), limited(value, range, &param.to_json()));
    } else if was_limited(field, value, &param.to_json()) {
        let what = if field.kind == Kind::Gradient { "positions" } else { "points" };
        reports.warn(at(&name), format!("{what} outside the range were limited: {}", param.to_json()));
    }
    Ok(true)
}

/// Curves and gradients limit their own points and stops.
fn was_limited(field: &Field, given: &Value, taken: &Value) -> bool {
    let numbers = |value: &Value| -> Vec<f64> {
        let items = value.as_array().into_iter().flatten();
        let numbers = items.flat_map(|item| match item {
            Value::Object(stop) => stop.values().collect(),
            other => other.as_array().into_iter().flatten().collect::<Vec<_>>(),
        });
        numbers.filter_map(Value::as_f64).collect()
    };
    matches!(field.kind, Kind::Curve | Kind::Gradient) && numbers(given) != numbers(taken)
}

fn limited(given: &Value, (low, high): (f64, f64), taken: &Value) -> String {
    if given.is_string() {
        // The range is one of fractions of a side that is not known yet.
        return format!("{given} is beyond what is taken and was limited to {taken}");
    }
    format!("{given} is outside {low}..{high} and was limited to {taken}")
}

fn unknown_parameter(
    step: &mut ChainStep,
    name: &str,
    value: &Value,
    reports: &mut Reports,
    at: &dyn Fn(&str) -> String,
) {
    step.kept.insert(name.to_owned(), value.clone());
    let Some(info) = step.effect().map(Effect::info) else { return };
    let known = info.fields.iter().map(|field| field.name).chain(UNIVERSAL);
    reports.unknown(at(name), &format!("parameter of {}", info.id), name, known);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_parameter_bears_the_name_of_a_universal_field() {
        for effect in effects::all() {
            for field in effect.info().fields {
                assert!(
                    !UNIVERSAL.contains(&field.name) && field.name != "combine",
                    "{}.{}",
                    effect.info().id,
                    field.name
                );
            }
        }
    }
}
