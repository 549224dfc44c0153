//! Recipes: a chain of effects as a JSON file that outlives this version of the program.
//!
//! ```json
//! { "version": 1, "name": "Old album",
//!   "steps": [
//!     { "effect": "exposure", "ev": 0.3 },
//!     { "effect": "gaussian_blur", "sigma": 0.01, "mask": "edges" },
//!     { "effect": "lut3d", "file": "film" }
//!   ],
//!   "masks": { "edges": { "effect": "mask_shape", "invert": true } },
//!   "assets": { "film": "film.cube" } }
//! ```
//!
//! The decision that shaped the module: reading never throws away what it does not understand. Unknown effects,
//! parameters and fields are kept as they were and written back; the step they belong to is switched off and reported
//! in [`Recipe::unknown`]. Only what contradicts itself is an error, with the path of the field: a value of the wrong
//! type, a mask that is not there, a size-changing step with an opacity. Numbers outside their range are limited and
//! reported in [`Recipe::warnings`]. A command that must not guess asks [`Recipe::check`].
//!
//! What it refuses: files outside the folders that its [`Loader`] allows, whatever way a path takes to leave them.
//!
//! ```text
//! text ─ read ─ step ─ migrate ─► Chain ─ check        Chain ─ write ─► text
//!        └ loader ─ assets ┘
//! ```

mod assets;
mod check;
mod document;
mod loader;
mod migrate;
mod read;
mod step;
mod text;
mod write;

#[cfg(test)]
mod tests;

pub use document::{Recipe, Warning};
pub use loader::Loader;
pub use text::{add_step_texts, parse_step_text};
