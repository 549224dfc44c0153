//! Steps as people type them: `exposure ev=0.3 mask=face`.
//!
//! The first word is the effect, the others set fields. A value is JSON, and a bare text where it is not; quotes keep
//! spaces together, and lists and objects may hold spaces. `in.layer=NAME` sets one input. Where a picture or a table
//! is wanted, a path will do: it becomes an asset.

use super::Loader;
use crate::effects;
use crate::error::Error;
use crate::param::{Kind, american};
use serde_json::{Map, Value, json};
use std::path::{Path, absolute};

/// The step that a text stands for, as recipes write it. Names are not checked here.
///
/// ```
/// use bowerbird::recipe::parse_step_text;
/// let step = parse_step_text("gaussian_blur sigma=8px mask=face")?;
/// assert_eq!(step, serde_json::json!({"effect": "gaussian_blur", "sigma": "8px", "mask": "face"}));
/// # Ok::<(), bowerbird::Error>(())
/// ```
///
/// # Errors
/// An empty text, a word without `=`, an open quote or bracket.
pub fn parse_step_text(text: &str) -> Result<Value, Error> {
    let fail = |message: String| Error::recipe(format!("'{}'", text.trim()), message);
    if text.trim_start().starts_with('{') {
        return serde_json::from_str(text).map_err(|cause| fail(format!("this is not JSON: {cause}")));
    }
    let words = words(text).map_err(fail)?;
    let mut words = words.iter();
    let effect = words.next().ok_or_else(|| fail("name an effect, as in 'exposure ev=0.3'".into()))?;
    let mut step = Map::new();
    step.insert("effect".into(), json!(effect));
    for word in words {
        let (field, raw) = word.split_once('=').filter(|(field, _)| !field.is_empty()).ok_or_else(|| {
            fail(format!("'{word}' sets nothing; write name=value, and quotes around a value that has spaces"))
        })?;
        if field == "effect" {
            return Err(fail(format!("'{word}' names another effect; give each effect its own text")));
        }
        let is_name = matches!(field, "id" | "mask" | "note" | "blend" | "space") || field.starts_with("in.");
        let value = value(raw, is_name).map_err(|message| fail(format!("{field}: {message}")))?;
        match field.strip_prefix("in.") {
            None => step.insert(field.into(), value),
            Some(input) => {
                let inputs = step.entry("in").or_insert_with(|| json!({}));
                let inputs = inputs.as_object_mut().ok_or_else(|| fail("in: expected an object".into()))?;
                inputs.insert(input.into(), value)
            }
        };
    }
    Ok(step.into())
}

/// Splits at spaces that are not inside a quoted value, a list or an object.
fn words(text: &str) -> Result<Vec<String>, String> {
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    let (mut quote, mut depth, mut escaped) = (None, 0usize, false);
    for letter in text.chars() {
        let starts_value = word.ends_with('=') && word.matches('=').count() == 1;
        match (quote, letter) {
            (Some(_), _) if escaped => escaped = false,
            (Some('"'), '\\') => escaped = true,
            (Some(open), _) if open == letter => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') if starts_value || (depth > 0 && letter == '"') => quote = Some(letter),
            (None, '[' | '{') if starts_value || depth > 0 => depth += 1,
            (None, ']' | '}') if depth > 0 => depth -= 1,
            (None, space) if space.is_whitespace() && depth == 0 => {
                if !word.is_empty() {
                    words.push(core::mem::take(&mut word));
                }
                continue;
            }
            _ => {}
        }
        word.push(letter);
    }
    if let Some(quote) = quote {
        return Err(format!("a {quote} is not closed"));
    }
    if depth > 0 {
        return Err("a bracket is not closed".into());
    }
    if !word.is_empty() {
        words.push(word);
    }
    Ok(words)
}

fn value(raw: &str, is_name: bool) -> Result<Value, String> {
    if let Some(inner) = raw.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\'')) {
        return Ok(json!(inner));
    }
    let is_json = raw.starts_with(['"', '[', '{']);
    if is_name && !is_json {
        return Ok(json!(raw));
    }
    // `+1`, `.5` and `-.5` are numbers to people, but not to JSON.
    let plain = raw.strip_prefix('+').unwrap_or(raw);
    let (sign, digits) = plain.strip_prefix('-').map_or(("", plain), |digits| ("-", digits));
    let number = if digits.starts_with('.') { format!("{sign}0{digits}") } else { plain.to_owned() };
    match serde_json::from_str(&number) {
        Ok(value) => Ok(value),
        Err(cause) if is_json => Err(format!("{raw} is not JSON: {cause}")),
        Err(_) => Ok(json!(raw)),
    }
}

/// Adds steps to the JSON of a recipe, after its own. Paths in them become assets, which the loader then allows.
///
/// Paths are relative to the current folder, for it was the user who typed them.
///
/// # Errors
/// As [`parse_step_text`].
pub fn add_step_texts(recipe: &mut Value, texts: &[impl AsRef<str>], mut loader: Loader) -> Result<Loader, Error> {
    for text in texts {
        let mut step = parse_step_text(text.as_ref())?;
        // A recipe of another shape is left alone: reading it tells what is wrong.
        let Some(object) = recipe.as_object_mut() else { return Ok(loader) };
        let files = paths(&mut step, object);
        if !files.is_empty()
            && let Some(assets) = object.entry("assets").or_insert_with(|| json!({})).as_object_mut()
        {
            for (name, path) in files {
                loader = loader.and_file(&path);
                assets.insert(name, json!(path));
            }
        }
        if let Some(steps) = object.entry("steps").or_insert_with(|| json!([])).as_array_mut() {
            steps.push(step);
        }
    }
    Ok(loader)
}

/// Puts names of assets in the place of the paths in a step; returns the new assets.
fn paths(step: &mut Value, recipe: &Map<String, Value>) -> Vec<(String, String)> {
    let assets = recipe.get("assets").and_then(Value::as_object);
    let ids: Vec<&str> = recipe
        .get("steps")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(|step| step.get("id")?.as_str())
        .collect();
    let own_id = step.get("id").and_then(Value::as_str).map(str::to_owned);
    let is_taken = |name: &str| {
        assets.is_some_and(|assets| assets.contains_key(name)) || ids.contains(&name) || own_id.as_deref() == Some(name)
    };
    let Some(effect) = step.get("effect").and_then(Value::as_str).and_then(effects::find) else { return Vec::new() };
    let info = effect.info();
    let wants_file =
        |name: &str| info.fields.iter().any(|field| field.kind == Kind::Asset && field.name == american(name));
    let mut out: Vec<(String, String)> = Vec::new();
    let mut replace = |value: &mut Value, must_look_so: bool| {
        let Some(text) = value.as_str().filter(|text| !text.is_empty() && !is_taken(text)) else { return };
        if must_look_so && (text == "source" || text.starts_with("prev:") || !looks_like_a_path(text)) {
            return;
        }
        // A path that cannot be made absolute is kept as typed; reading it tells why.
        let path = absolute(text).map_or_else(|_| text.to_owned(), |path| path.display().to_string());
        let known = assets
            .into_iter()
            .flatten()
            .find(|(_, spec)| spec.as_str() == Some(path.as_str()))
            .map(|(name, _)| name.clone());
        let name = known
            .or_else(|| out.iter().find(|(_, known)| *known == path).map(|(name, _)| name.clone()))
            .unwrap_or_else(|| {
                let is_used = |name: &str| is_taken(name) || out.iter().any(|(known, _)| known == name);
                let name = fresh_name(text, is_used);
                out.push((name.clone(), path));
                name
            });
        *value = json!(name);
    };
    for (field, value) in step.as_object_mut().into_iter().flatten() {
        if field == "in" {
            value.as_object_mut().into_iter().flatten().for_each(|(_, target)| replace(target, true));
        } else if wants_file(field) {
            replace(value, false);
        }
    }
    out
}

fn looks_like_a_path(text: &str) -> bool {
    text.contains(['/', '\\', '.']) || Path::new(text).is_file()
}

/// The stem of the file's name, with a number where that is taken.
fn fresh_name(path: &str, is_taken: impl Fn(&str) -> bool) -> String {
    let stem = Path::new(path).file_stem().map_or_else(|| "asset".into(), |stem| stem.to_string_lossy().into_owned());
    let stem = if stem == "source" || stem.starts_with("prev:") { format!("{stem}_1") } else { stem };
    let numbered = (2..).map(|number: u32| format!("{stem}_{number}"));
    core::iter::once(stem.clone()).chain(numbered).find(|name| !is_taken(name)).unwrap_or(stem)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_json_or_bare_texts() {
        for (text, expected) in [
            ("sepia", json!({"effect": "sepia"})),
            ("  exposure   ev=0.3 ", json!({"effect": "exposure", "ev": 0.3})),
            ("exposure ev=+.5", json!({"effect": "exposure", "ev": 0.5})),
            ("exposure ev=-.5 enabled=false", json!({"effect": "exposure", "ev": -0.5, "enabled": false})),
            ("a b=8px c=#ff0000 d=e", json!({"effect": "a", "b": "8px", "c": "#ff0000", "d": "e"})),
            ("a note='two words' id=7", json!({"effect": "a", "note": "two words", "id": "7"})),
            (r#"a note="say \"hi\" now" b=1"#, json!({"effect": "a", "note": "say \"hi\" now", "b": 1})),
            ("curves rgb=[[0, 0], [1, 0.9]] r=1", json!({"effect": "curves", "rgb": [[0, 0], [1, 0.9]], "r": 1})),
            (
                r##"gradient_map stops=[{"at": 0, "color": "#102030"}, {"at": 1, "color": "#ffffff"}] mix=oklab"##,
                json!({
                    "effect": "gradient_map", "mix": "oklab",
                    "stops": [{"at": 0, "color": "#102030"}, {"at": 1, "color": "#ffffff"}],
                }),
            ),
            (r#"a b={"c": "d ]"} e=f"#, json!({"effect": "a", "b": {"c": "d ]"}, "e": "f"})),
            ("a file=bob's[1.png b==", json!({"effect": "a", "file": "bob's[1.png", "b": "="})),
            (
                "blend in.layer=top in.image=source",
                json!({"effect": "blend", "in": {"layer": "top", "image": "source"}}),
            ),
            (r#"{"effect": "sepia"}"#, json!({"effect": "sepia"})),
        ] {
            assert_eq!(parse_step_text(text).expect(text), expected, "{text}");
        }
    }

    #[test]
    fn slips_are_told() {
        for (text, part) in [
            ("", "name an effect"),
            ("sepia effect=invert", "names another effect"),
            ("exposure 0.3", "'0.3' sets nothing"),
            ("exposure note='open", "not closed"),
            ("curves rgb=[[0,0],[1,1]", "not closed"),
            ("curves rgb=[0,,1]", "not JSON"),
        ] {
            let error = parse_step_text(text).expect_err(text).to_string();
            assert!(error.contains(part), "{error}");
        }
    }

    #[test]
    fn a_path_becomes_an_asset() {
        let mut recipe = json!({"steps": [{"effect": "sepia", "id": "film"}], "assets": {"top": "top.png"}});
        let texts =
            ["lut3d file=luts/film.cube", "blend in.layer=top", "lut3d file=luts/film.cube", "blend in.layer=./a.png"];
        add_step_texts(&mut recipe, &texts, Loader::none()).expect("steps");
        assert_eq!(recipe["steps"][1]["file"], "film_2");
        assert_eq!(recipe["steps"][2]["in"]["layer"], "top");
        assert_eq!(recipe["steps"][3]["file"], "film_2");
        assert_eq!(recipe["steps"][4]["in"]["layer"], "a");
        assert_eq!(recipe["assets"].as_object().map(Map::len), Some(3));
    }
}
