//! The chain that a command renders.

use crate::args::{ReadArgs, RecipeArgs};
use crate::output;
use anyhow::Context;
use bowerbird::recipe::{Loader, Recipe, add_step_texts};
use bowerbird::{Chain, Engine, Error};
use serde_json::json;
use std::path::Path;

/// Reads the recipe, adds the effects that were typed, and insists that all of it is known, unless told not to.
pub(crate) fn chain(args: &RecipeArgs, read: &ReadArgs, quiet: bool) -> anyhow::Result<Chain> {
    Ok(recipe(args, read, quiet)?.into())
}

/// The same with what is known of its files.
pub(crate) fn recipe(args: &RecipeArgs, read: &ReadArgs, quiet: bool) -> anyhow::Result<Recipe> {
    let recipe = match &args.recipe {
        None => understood(json!({ "steps": [] }), args, read, Loader::none())?,
        Some(path) => {
            let text = Recipe::read_text(path)?;
            let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
            let read = || understood(Recipe::parse_json(&text)?, args, read, Loader::folder(folder));
            read().with_context(|| path.display().to_string())?
        }
    };
    if !quiet {
        for warning in recipe.unknown() {
            let outcome = match warning.path.split(['[', '.']).next() {
                Some("steps") => "the step is left out",
                Some("masks") => "steps with this mask are left out",
                _ => "it is ignored",
            };
            output::warn(&format!("{warning}; {outcome}"));
        }
        recipe.warnings().iter().for_each(|warning| output::warn(&warning.to_string()));
    }
    Ok(recipe)
}

fn understood(
    mut json: serde_json::Value,
    args: &RecipeArgs,
    read: &ReadArgs,
    loader: Loader,
) -> Result<Recipe, Error> {
    let loader = add_step_texts(&mut json, &args.effects, loader.with_options(read.options()))?;
    let recipe = Recipe::from_json(&json, &loader)?;
    if !read.lenient {
        recipe.check()?;
    }
    Ok(recipe)
}

/// Plans the chain for tiny pictures, so that a chain that can never run is told before any picture is touched. What only
/// pictures of some shape cannot be is left to those.
pub(crate) fn try_out(engine: &Engine, chain: &Chain) -> Result<(), Error> {
    let mut first = None;
    for size in [(16, 16), (1 << 14, 1), (1, 1 << 14)] {
        match engine.explain(chain, size) {
            Err(error @ (Error::Recipe { .. } | Error::Asset { .. } | Error::Syntax(_))) => {
                first = first.or(Some(error))
            }
            _ => return Ok(()),
        }
    }
    first.map_or(Ok(()), Err)
}
