//! What no single field can tell: that names exist, are unique, and go together.

use super::read::hint;
use crate::chain::{Chain, ChainStep};
use crate::effect::{Effect, Info};
use crate::effects::composite::blend::BlendMode;
use crate::error::Error;
use crate::param::{Choice, Kind};
use serde_json::Value;
use std::collections::BTreeSet;

/// Checks a chain whose assets are not read yet, and switches off steps whose masks are not understood.
pub(super) fn chain(chain: &mut Chain, assets: &[&str]) -> Result<(), Error> {
    for name in assets {
        reserved(name).map_err(|message| Error::recipe(format!("assets.{name}"), message))?;
    }
    let names = Names::collect(chain, assets)?;
    for (mask, entries) in chain.masks() {
        let listed =
            |index: usize| if entries.len() == 1 { format!("masks.{mask}") } else { format!("masks.{mask}[{index}]") };
        for (index, entry) in entries.iter().enumerate() {
            let path = listed(index);
            mask_entry(&path, entry)?;
            asset_parameters(&path, entry, assets)?;
            inputs(&path, entry, &names, names.ids.len())?;
        }
    }
    for (index, step) in chain.steps().iter().enumerate() {
        let path = format!("steps[{index}]");
        step_alone(&path, step, chain)?;
        asset_parameters(&path, step, assets)?;
        inputs(&path, step, &names, index)?;
        let entries = step.mask().and_then(|name| chain.mask(name)).unwrap_or_default();
        for entry in entries {
            // Masks are evaluated where they are used, so they see what that step sees.
            inputs(&format!("{path}.mask"), entry, &names, index)?;
        }
    }
    let unclear: BTreeSet<String> = chain
        .masks()
        .iter()
        .filter(|(_, entries)| entries.iter().any(|entry| entry.blocked))
        .map(|(name, _)| name.clone())
        .collect();
    for step in chain.steps_mut() {
        step.blocked |= step.mask().is_some_and(|name| unclear.contains(name));
    }
    Ok(())
}

/// Steps and assets share one space of names.
struct Names<'a> {
    /// The id of each step, in order.
    ids: Vec<Option<String>>,
    assets: &'a [&'a str],
}

impl<'a> Names<'a> {
    fn collect(chain: &Chain, assets: &'a [&'a str]) -> Result<Self, Error> {
        let mut ids: Vec<Option<String>> = Vec::new();
        for (index, step) in chain.steps().iter().enumerate() {
            if let Some(id) = step.id() {
                let fail = |message: String| Error::recipe(format!("steps[{index}].id"), message);
                reserved(id).map_err(fail)?;
                if let Some(first) = ids.iter().position(|known| known.as_deref() == Some(id)) {
                    return Err(fail(format!("steps[{first}] is already called '{id}'; names must differ")));
                }
                if assets.contains(&id) {
                    return Err(fail(format!("an asset is already called '{id}'; names must differ")));
                }
            }
            ids.push(step.id().map(str::to_owned));
        }
        Ok(Self { ids, assets })
    }

    fn steps(&self) -> impl Iterator<Item = (usize, &str)> {
        self.ids.iter().enumerate().filter_map(|(index, id)| Some((index, id.as_deref()?)))
    }

    /// Whether step number `user` may read `target`.
    fn check(&self, target: &str, user: usize) -> Result<(), String> {
        if target == "source" || self.assets.contains(&target) {
            return Ok(());
        }
        let (name, earlier) = match target.strip_prefix("prev:") {
            Some(name) => (name, usize::MAX),
            None => (target, user),
        };
        match self.steps().find(|(_, id)| *id == name) {
            Some((index, _)) if index < earlier => Ok(()),
            Some((index, _)) => Err(format!(
                "'{name}' is steps[{index}], which has not run yet; \"prev:{name}\" is its result in the frame before"
            )),
            None => {
                let known = self.steps().map(|(_, id)| id).chain(self.assets.iter().copied()).chain(["source"]);
                Err(format!("no step and no asset is called '{name}'{}", hint(name, known)))
            }
        }
    }
}

fn reserved(name: &str) -> Result<(), String> {
    if name.is_empty() {
        return Err("the name is empty".into());
    }
    if name == "source" || name.starts_with("prev:") {
        return Err(format!("'{name}' means something else in \"in\"; choose another name"));
    }
    Ok(())
}

fn inputs(path: &str, step: &ChainStep, names: &Names<'_>, user: usize) -> Result<(), Error> {
    for (input, target) in &step.inputs {
        names.check(target, user).map_err(|message| Error::recipe(format!("{path}.in.{input}"), message))?;
    }
    Ok(())
}

fn asset_parameters(path: &str, step: &ChainStep, assets: &[&str]) -> Result<(), Error> {
    let Some(effect) = step.effect() else { return Ok(()) };
    for (field, param) in effect.fields().filter(|(field, _)| field.kind == Kind::Asset) {
        if let Value::String(name) = param.to_json()
            && !name.is_empty()
            && !assets.contains(&name.as_str())
        {
            let message =
                format!("no asset is called '{name}'{}; list it in \"assets\"", hint(&name, assets.iter().copied()));
            return Err(Error::recipe(format!("{path}.{}", field.name), message));
        }
    }
    Ok(())
}

fn step_alone(path: &str, step: &ChainStep, chain: &Chain) -> Result<(), Error> {
    if let Some(name) = step.mask()
        && chain.mask(name).is_none()
    {
        let message = format!(
            "no mask is called '{name}'{}; masks are listed in a recipe's \"masks\"",
            hint(name, chain.masks().keys().map(String::as_str))
        );
        return Err(Error::recipe(format!("{path}.mask"), message));
    }
    match step.effect().map(Effect::info) {
        Some(info) if info.changes_size => refuse_mix(path, step, &refusal(info)),
        _ => Ok(()),
    }
}

fn refusal(info: &Info) -> String {
    format!(
        "{} changes the size of the picture, so its result cannot be mixed with what was there; leave the field out",
        info.id
    )
}

fn mask_entry(path: &str, entry: &ChainStep) -> Result<(), Error> {
    if let Some(info) = entry.effect().map(Effect::info).filter(|info| info.changes_size) {
        let message =
            format!("{} changes the size of the picture, and a mask has that of its step; leave it out", info.id);
        return Err(Error::recipe(format!("{path}.effect"), message));
    }
    refuse_mix(path, entry, "the entries of a mask are not mixed but folded; leave the field out and use \"combine\"")
}

/// Refuses `opacity`, `blend` and `mask` that are not at their defaults.
fn refuse_mix(path: &str, step: &ChainStep, why: &str) -> Result<(), Error> {
    let set = [
        ("opacity", step.opacity() != 1.0),
        ("blend", step.blend() != BlendMode::Normal),
        ("mask", step.mask().is_some()),
    ];
    match set.iter().find(|(_, set)| *set) {
        Some((field, _)) => {
            let note = if *field == "blend" { format!("{}: {why}", step.blend().name()) } else { why.to_owned() };
            Err(Error::recipe(format!("{path}.{field}"), note))
        }
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_that_changes_the_size_is_not_mixed() {
        let mixed = [
            ("opacity", ChainStep { opacity: 0.5, ..ChainStep::boxed(None) }),
            ("blend", ChainStep { blend: BlendMode::Screen, ..ChainStep::boxed(None) }),
            ("mask", ChainStep { mask: Some("face".into()), ..ChainStep::boxed(None) }),
        ];
        for (field, step) in mixed {
            let error = refuse_mix("steps[0]", &step, "crop changes the size").expect_err(field).to_string();
            assert!(error.contains(&format!("steps[0].{field}")), "{error}");
        }
        assert!(refuse_mix("steps[0]", &ChainStep::boxed(None), "").is_ok());
    }
}
