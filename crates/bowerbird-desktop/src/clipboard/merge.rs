//! One recipe put into another: what both call by one name gets another name in what is pasted.

use super::{Into, rename};
use bowerbird::recipe::Loader;
use bowerbird::{Chain, ChainStep, Recipe};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// A look with what was pasted into it.
#[derive(Debug)]
pub(crate) struct Pasted {
    /// The look.
    pub look: Recipe,
    /// Where it was pasted.
    pub into: Into,
    /// The steps that were pasted.
    pub count: usize,
    /// The look that it was pasted into.
    pub revision: u64,
    /// What was pasted.
    pub text: String,
}

/// Whether a recipe's text is longer than any that is read.
pub(crate) fn is_too_long(text: &str) -> bool {
    text.len() as u64 > Recipe::LONGEST
}

/// The names that a chain gives.
fn names(chain: &Chain) -> BTreeSet<String> {
    let ids = chain.steps().iter().filter_map(ChainStep::id);
    ids.chain(chain.masks().keys().map(String::as_str)).chain(chain.assets().names()).map(str::to_owned).collect()
}

/// A name like another one that is not taken.
fn free(name: &str, taken: &BTreeSet<String>) -> String {
    let stem = name.trim_end_matches(|c: char| c.is_ascii_digit());
    let stem = if stem.is_empty() { name } else { stem.trim_end_matches('_') };
    let mut names = (2..).map(|n| format!("{stem}_{n}"));
    names.find(|name| !taken.contains(name)).unwrap_or_default()
}

/// The keys of a part of a recipe.
fn keys<'a>(json: &'a Value, part: &str) -> impl Iterator<Item = &'a String> {
    json.get(part).and_then(Value::as_object).into_iter().flat_map(Map::keys)
}

/// Whether a look has this very file under a name, as a file alone.
fn has_file(look: &Chain, name: &str, file: &Value) -> bool {
    let Some(asset) = look.assets().find(name) else { return false };
    let mut alone = Chain::new();
    alone.assets_mut().insert(name, asset.clone());
    look.mask(name).is_none() && Recipe::from_chain("", alone).to_json()["assets"][name] == *file
}

/// Gives what is pasted other names where the look has them already; a file that is the same is shared.
fn rename_all(json: &mut Value, look: &Chain) {
    let mut taken = names(look);
    let ids: Vec<String> = steps(json).filter_map(|step| Some(step.get("id")?.as_str()?.to_owned())).collect();
    // A painted mask and its picture have one name, before and after.
    let own: BTreeSet<String> =
        ids.into_iter().chain(keys(json, "masks").chain(keys(json, "assets")).cloned()).collect();
    taken.extend(own.iter().cloned());
    let there = names(look);
    let mut new = BTreeMap::new();
    for name in own.iter().filter(|name| there.contains(*name)) {
        let file = json.get("assets").and_then(|files| files.get(name));
        let shared =
            keys(json, "masks").all(|mask| mask != name) && file.is_some_and(|file| has_file(look, name, file));
        if !shared {
            let other = free(name, &taken);
            taken.insert(other.clone());
            new.insert(name.clone(), other);
        }
    }
    let renamed = |name: &str| new.get(name).cloned();
    if let Some(steps) = json.get_mut("steps").and_then(Value::as_array_mut) {
        steps.iter_mut().for_each(|step| rename(step, &renamed));
    }
    for part in ["masks", "assets"] {
        let Some(Value::Object(map)) = json.get_mut(part) else { continue };
        for (name, mut value) in std::mem::take(map) {
            if part == "masks" {
                match &mut value {
                    Value::Array(steps) => steps.iter_mut().for_each(|step| rename(step, &renamed)),
                    step => rename(step, &renamed),
                }
            }
            map.insert(renamed(&name).unwrap_or(name), value);
        }
    }
}

fn steps(json: &Value) -> impl Iterator<Item = &Value> {
    json.get("steps").and_then(Value::as_array).into_iter().flatten()
}

/// Puts the steps of a recipe's text into a look.
///
/// # Errors
/// What is wrong with the text.
pub(crate) fn merge(look: &Recipe, text: String, into: Into, revision: u64) -> Result<Pasted, String> {
    let nothing = "There are no effects in the clipboard; copy some, or the text of a recipe";
    if is_too_long(&text) {
        return Err(
            "The clipboard has more than 16 MiB, which no recipe has; copy fewer effects, or such with smaller files"
                .into(),
        );
    }
    let mut json = Recipe::parse_json(&text).map_err(|_| nothing.to_owned())?;
    if steps(&json).next().is_none() {
        return Err(nothing.into());
    }
    if into != Into::Whole {
        rename_all(&mut json, look.chain());
    }
    let pasted = Recipe::from_json(&json, &Loader::none()).map_err(|error| format!("Cannot be pasted: {error}"))?;
    let count = pasted.chain().steps().len();
    let Into::Place(place) = into else { return Ok(Pasted { look: pasted, into, count, revision, text }) };
    let place = place.min(look.chain().steps().len());
    let mut look = look.clone();
    let (chain, from) = (look.chain_mut(), pasted.chain());
    chain.steps_mut().splice(place..place, from.steps().iter().cloned());
    chain.masks_mut().extend(from.masks().clone());
    for name in from.assets().names().map(str::to_owned).collect::<Vec<_>>() {
        if !chain.assets().contains(&name)
            && let Some(asset) = from.assets().find(&name)
        {
            chain.assets_mut().insert(name, asset.clone());
        }
    }
    Ok(Pasted { look, into: Into::Place(place), count, revision, text })
}

#[cfg(test)]
mod tests {
    use super::super::{alone, text_of};
    use super::*;
    use serde_json::json;

    fn read(json: &Value) -> Recipe {
        Recipe::from_json(json, &Loader::none()).unwrap()
    }

    fn picture(value: u8) -> Value {
        let image = bowerbird::Image::from_rgba8(1, 1, vec![value, 0, 0, 255]).unwrap();
        Recipe::from_chain("", Chain::new().asset("a", image)).to_json()["assets"]["a"].clone()
    }

    #[test]
    fn a_step_is_copied_with_all_it_uses_and_nothing_else() {
        let recipe = read(&json!({
            "steps": [
                {"effect": "sepia", "mask": "painted_1", "id": "brown"},
                {"effect": "blend", "in": {"layer": "top", "image": "brown"}},
                {"effect": "exposure", "mask": "spot"}
            ],
            "masks": {
                "painted_1": {"effect": "mask_image", "image": "painted_1"},
                "spot": {"effect": "mask_shape"}
            },
            "assets": {"painted_1": picture(1), "top": picture(2)}
        }));
        let copy = |index| read(&Recipe::parse_json(&text_of(&alone(recipe.chain(), index).unwrap())).unwrap());
        let names = |recipe: &Recipe| names(recipe.chain()).into_iter().collect::<Vec<_>>().join(" ");
        assert_eq!(
            ["brown painted_1", "top", "spot"],
            [0, 1, 2].map(|index| names(&copy(index))).each_ref().map(|s| s.as_str())
        );
        // The step that it read from is not in the copy.
        let blend = &copy(1).to_json()["steps"][0];
        assert_eq!(blend["in"], json!({"layer": "top"}));
    }

    #[test]
    fn what_both_call_by_one_name_stays_two_things() {
        let look = json!({
            "steps": [{"effect": "sepia", "id": "one", "mask": "painted_1"}],
            "masks": {"painted_1": {"effect": "mask_image", "image": "painted_1"}},
            "assets": {"painted_1": picture(1), "same": picture(3), "other": picture(4)}
        });
        let pasted = json!({
            "steps": [
                {"effect": "invert", "id": "one", "mask": "painted_1"},
                {"effect": "sticker", "image": "same", "in": {"image": "one"}},
                {"effect": "sticker", "image": "other"}
            ],
            "masks": {"painted_1": {"effect": "mask_image", "image": "painted_1"}},
            "assets": {"painted_1": picture(2), "same": picture(3), "other": picture(5)}
        });
        let merged = merge(&read(&look), pasted.to_string(), Into::Place(0), 1).unwrap();
        assert_eq!(merged.count, 3);
        let json = merged.look.to_json();
        assert_eq!(
            json["steps"],
            json!([
                {"effect": "invert", "id": "one_2", "mask": "painted_2"},
                {"effect": "sticker", "image": "same", "in": {"image": "one_2"}},
                {"effect": "sticker", "image": "other_2"},
                {"effect": "sepia", "id": "one", "mask": "painted_1"}
            ])
        );
        assert_eq!(json["masks"]["painted_2"]["image"], "painted_2");
        let files = ["painted_1", "painted_2", "same", "other", "other_2"].map(|name| json["assets"][name].clone());
        assert_eq!(files, [1, 2, 3, 4, 5].map(picture));
    }

    #[test]
    fn text_that_is_too_long_is_said_to_be() {
        let long = " ".repeat(Recipe::LONGEST as usize + 1);
        let said = merge(&Recipe::default(), long, Into::Whole, 1).unwrap_err();
        assert!(said.contains("more than 16 MiB"), "{said}");
    }

    #[test]
    fn text_that_is_no_recipe_is_not_pasted() {
        for text in ["", "hello", "{}", r#"{"steps": []}"#, r#"{"steps": [{"effect": "sepia", "mask": "none"}]}"#] {
            assert!(merge(&Recipe::default(), text.into(), Into::Place(0), 1).is_err(), "{text}");
        }
    }
}
