//! From JSON to a recipe.

use super::document::VERSION;
use super::step::{self, Place};
use super::{Loader, Recipe, Warning, assets, check};
use crate::chain::{Chain, ChainStep};
use crate::error::Error;
use crate::param::suggest;
use serde_json::{Map, Value};
use std::sync::LazyLock;

/// The most steps of a recipe, entries of a mask, masks, and assets.
const MOST: usize = 1000;

/// The most entries of masks, counted for every step that a mask is used by: each plans them anew.
const MOST_MASKED: usize = 10_000;

/// The fields of a recipe that mean something.
const FIELDS: [&str; 5] = ["version", "name", "steps", "masks", "assets"];

/// Fields that people and editors add, kept without a word.
const FREE: [&str; 3] = ["$schema", "note", "description"];

/// What there is to report of a recipe.
#[derive(Debug, Default)]
pub(super) struct Reports {
    pub(super) warnings: Vec<Warning>,
    pub(super) unknown: Vec<Warning>,
}

impl Reports {
    pub(super) fn warn(&mut self, path: String, message: String) {
        self.warnings.push(Warning { path, message });
    }

    /// Reports a name that is not known, with the known one that was probably meant.
    pub(super) fn unknown<'a>(&mut self, path: String, what: &str, name: &str, known: impl Iterator<Item = &'a str>) {
        let message = format!("unknown {what} '{name}'{}", hint(name, known));
        self.unknown.push(Warning { path, message });
    }
}

/// `; did you mean 'sigma'?`, or nothing.
pub(super) fn hint<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> String {
    suggest(name, known).map_or_else(String::new, |near| format!("; did you mean '{near}'?"))
}

/// Reads a recipe.
pub(super) fn recipe(json: &Value, loader: &Loader) -> Result<Recipe, Error> {
    let object = json.as_object().ok_or_else(|| Error::Syntax("expected an object, as {\"steps\": [ … ]}".into()))?;
    version(object)?;
    let mut reports = Reports::default();
    let name = match object.get("name") {
        None | Some(Value::Null) => String::new(),
        Some(name) => name.as_str().ok_or_else(|| Error::recipe("name", "expected a text".into()))?.to_owned(),
    };
    let mut chain: Chain = steps(object, &mut reports)?.into_iter().collect();
    for (name, entries) in section(object, "masks")? {
        chain = chain.with_mask_steps(name, mask(name, entries, &mut reports)?);
    }
    let masked: usize =
        chain.steps().iter().filter_map(|step| Some(chain.mask(step.mask()?)?.len())).fold(0, usize::saturating_add);
    if masked > MOST_MASKED {
        let message = format!("steps use {masked} entries of masks; a recipe may use {MOST_MASKED}");
        return Err(Error::recipe("masks", message));
    }
    let listed = section(object, "assets")?;
    let known: Vec<&str> = listed.keys().map(String::as_str).collect();
    check::chain(&mut chain, &known)?;
    let specs = assets::read(listed, loader, chain.assets_mut(), &mut reports.warnings)?;
    let mut kept = Map::new();
    for (field, value) in object.iter().filter(|(field, _)| !FIELDS.contains(&field.as_str())) {
        kept.insert(field.clone(), value.clone());
        if !FREE.contains(&field.as_str()) {
            reports.unknown(field.clone(), "field", field, FIELDS.into_iter());
        }
    }
    let Reports { warnings, unknown } = reports;
    Ok(Recipe { name, chain, specs, kept, warnings, unknown })
}

/// Refuses recipes that a newer program wrote: their meaning cannot be guessed.
fn version(object: &Map<String, Value>) -> Result<(), Error> {
    let fail = |message: String| Err(Error::recipe("version", message));
    match object.get("version").map(Value::as_u64) {
        None => Ok(()),
        Some(Some(1..=VERSION)) => Ok(()),
        Some(Some(newer)) if newer > VERSION => fail(format!(
            "this recipe is of version {newer}, and bowerbird {} reads versions up to {VERSION}; use a newer one",
            env!("CARGO_PKG_VERSION")
        )),
        Some(_) => {
            fail(format!("expected the whole number {VERSION}, the version of recipes that this program writes"))
        }
    }
}

fn steps(object: &Map<String, Value>, reports: &mut Reports) -> Result<Vec<ChainStep>, Error> {
    let Some(steps) = object.get("steps") else {
        let near = object.keys().map(String::as_str).filter(|field| !FIELDS.contains(field));
        let hint = suggest("steps", near).map_or_else(String::new, |near| format!("; is '{near}' meant to be it?"));
        return Err(Error::recipe("steps", format!("missing: a recipe has a list of steps{hint}")));
    };
    let list = steps.as_array().ok_or_else(|| Error::recipe("steps", "expected a list of steps".into()))?;
    entries("steps", list, Place::Step, reports)
}

fn mask(name: &str, json: &Value, reports: &mut Reports) -> Result<Vec<ChainStep>, Error> {
    let path = format!("masks.{name}");
    match json {
        Value::Array(list) if list.is_empty() => Err(Error::recipe(path, "a mask needs at least one entry".into())),
        Value::Array(list) => entries(&path, list, Place::Mask, reports),
        _ => Ok(vec![step::read(json, &path, Place::Mask, reports)?]),
    }
}

fn entries(path: &str, list: &[Value], place: Place, reports: &mut Reports) -> Result<Vec<ChainStep>, Error> {
    limit(path, list.len())?;
    let read = |(index, json)| step::read(json, &format!("{path}[{index}]"), place, reports);
    list.iter().enumerate().map(read).collect()
}

/// A field of the recipe that maps names to things.
fn section<'a>(object: &'a Map<String, Value>, field: &str) -> Result<&'a Map<String, Value>, Error> {
    static EMPTY: LazyLock<Map<String, Value>> = LazyLock::new(Map::new);
    let Some(value) = object.get(field).filter(|value| !value.is_null()) else { return Ok(&EMPTY) };
    let map = value.as_object().ok_or_else(|| Error::recipe(field, "expected an object of names".into()))?;
    limit(field, map.len())?;
    Ok(map)
}

fn limit(path: &str, count: usize) -> Result<(), Error> {
    if count <= MOST {
        return Ok(());
    }
    Err(Error::recipe(path, format!("{count} entries are more than the {MOST} that a recipe may have")))
}
