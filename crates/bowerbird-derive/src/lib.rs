//! The macros behind a Bowerbird effect.
//!
//! They are dumb on purpose: `Params` turns a struct's attributes and doc comments into a static table and
//! access by index, `Choice` turns an enum into a list of names, and `effect` stamps a pixel function so that it
//! inlines into every SIMD level. All knowledge of what a parameter *means* stays in the `bowerbird` crate.

mod attributes;
mod choice;
mod effect;
mod params;

use proc_macro::TokenStream;
use syn::{DeriveInput, ItemImpl, parse_macro_input};

/// Describes an effect's parameters from the struct that holds them.
///
/// On the struct: `#[effect(id = "…", label = "…", family = "…", domain = "D")]`, with the flags `switchable`
/// (the recipe may choose the transfer space), `pixel_scale`, `changes_size` and `inputs("layer")`.
/// On a field: `#[param(default = 0.0, soft = (-1.0, 1.0), hard = (-4.0, 4.0), unit = "stops")]`, where one
/// range serves for both, `default` may be any expression and `shown_if = "mode=cells"` hides a control.
/// The first sentence of the doc comment is what people read.
#[proc_macro_derive(Params, attributes(effect, param))]
pub fn params(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    params::derive(&input).unwrap_or_else(|e| e.into_compile_error()).into()
}

/// Names the variants of a field-less enum in snake_case, for recipes, sliders and help.
///
/// The first variant is the default unless one carries `#[default]`.
#[proc_macro_derive(Choice, attributes(default))]
pub fn choice(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    choice::derive(&input).unwrap_or_else(|e| e.into_compile_error()).into()
}

/// Turns `impl Point<N> for T` (or `Warp`, `Stencil`, `Composite`, `Composition`) into a usable effect.
///
/// It marks every function and closure `#[inline(always)]`, without which SIMD code silently loses its
/// instructions; supplies `type Variant = ()` where an effect has none; and implements `Effect`.
#[proc_macro_attribute]
pub fn effect(_: TokenStream, item: TokenStream) -> TokenStream {
    let item = parse_macro_input!(item as ItemImpl);
    effect::expand(item, true).unwrap_or_else(|e| e.into_compile_error()).into()
}

/// As [`macro@effect`], for a building block of a composition: it is not an effect that a recipe can name.
#[proc_macro_attribute]
pub fn part(_: TokenStream, item: TokenStream) -> TokenStream {
    let item = parse_macro_input!(item as ItemImpl);
    effect::expand(item, false).unwrap_or_else(|e| e.into_compile_error()).into()
}
