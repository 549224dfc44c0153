//! Parameters: what an effect lets people change, described once.
//!
//! A derive turns the struct that holds an effect's parameters into a static table of [`Field`]s and access by
//! index. Everything that shows or stores a parameter (sliders, `--help`, JSON Schema, the manual, recipes) reads
//! that table; no second list exists. Values travel as JSON, because recipes are JSON and because a JSON number is
//! the one form that every front end already speaks. What each type means lives in the file of its
//! kind (`length`, `color`, `curve`), one `impl` a type.

mod catalogue;
mod color;
mod curve;
mod degrees;
mod gradient;
mod length;
mod names;
mod number;
mod position;
mod text;

pub use catalogue::{catalogue_json, effect_json, recipe_schema};
pub use color::Color;
pub use curve::Curve;
pub use degrees::{Angle, Hue};
pub use gradient::{Gradient, Stop};
pub use length::Length;
pub use names::{american, suggest};
pub use number::{Seed, Triple};
pub use position::Position;
pub use text::{Asset, Text};

use core::fmt::Debug;
use core::hash::Hasher;
use serde_json::Value;

/// The kind of a parameter; it decides the widget and the JSON form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A number.
    Number,
    /// A whole number.
    Integer,
    /// On or off.
    Bool,
    /// One of a list of names.
    Choice,
    /// A length: a fraction of the picture's short side, or full-size pixels.
    Length,
    /// A position: fractions of width and height.
    Position,
    /// An angle in degrees, counter-clockwise from the right.
    Angle,
    /// A hue in degrees on the color wheel.
    Hue,
    /// The seed of noise.
    Seed,
    /// An sRGB color with alpha.
    Color,
    /// A tone curve.
    Curve,
    /// A gradient: colors at positions.
    Gradient,
    /// The name of a file or of an entry of the recipe's assets.
    Asset,
    /// A piece of text.
    Text,
    /// A list of positions.
    Positions,
}

impl Kind {
    /// The code that the catalogue uses.
    pub fn code(self) -> &'static str {
        match self {
            Self::Number | Self::Hue => "f32",
            Self::Integer => "i32",
            Self::Bool => "bool",
            Self::Choice => "enum",
            Self::Length => "len",
            Self::Position | Self::Positions => "pos",
            Self::Angle => "ang",
            Self::Seed => "seed",
            Self::Color => "col",
            Self::Curve => "curve",
            Self::Gradient => "stops",
            Self::Asset => "asset",
            Self::Text => "text",
        }
    }
}

/// What is known of one parameter before it has a value.
#[derive(Debug)]
pub struct Field {
    /// The name in recipes.
    pub name: &'static str,
    /// The name on the screen.
    pub label: &'static str,
    /// A sentence or two for people.
    pub doc: &'static str,
    /// The kind of value.
    pub kind: Kind,
    /// The names of a choice.
    pub choices: &'static [&'static str],
    /// How many numbers it holds; 0 where that varies.
    pub count: usize,
    /// What a slider shows.
    pub soft: Option<(f64, f64)>,
    /// What is allowed; a value outside is clamped and reported.
    pub hard: Option<(f64, f64)>,
    /// The step of a slider; 0 for a continuous one.
    pub step: f64,
    /// The unit, as shown behind the number.
    pub unit: &'static str,
    /// `name=value` of the parameter that makes this one matter, or nothing.
    pub shown_if: &'static str,
}

/// A value that a parameter can hold.
pub trait Param: Debug + Send + Sync {
    /// The value as recipes write it.
    fn to_json(&self) -> Value;
    /// Takes a value from JSON.
    ///
    /// # Errors
    /// A sentence that says what was expected, for a message that already names the field.
    fn set(&mut self, value: &Value) -> Result<(), String>;
    /// Limits the numbers in the value to a range; whether anything changed.
    fn clamp(&mut self, _low: f64, _high: f64) -> bool {
        false
    }
    /// Feeds whatever alters the plan (choices, switches, list lengths, files) to a hash; plain numbers feed
    /// nothing, so that dragging a slider never replans.
    fn structure(&self, _hash: &mut dyn Hasher) {}
    /// Feeds the whole value to a hash, by which an unchanged parameter is recognized without a copy.
    fn digest(&self, hash: &mut dyn Hasher);
}

/// The static side of [`Param`], for the derive.
pub trait ParamType: Param + Clone + PartialEq {
    /// The kind of value.
    const KIND: Kind;
    /// The names of a choice.
    const CHOICES: &'static [&'static str] = &[];
    /// How many numbers it holds; 0 where that varies.
    const COUNT: usize = 1;
}

/// An enum whose variants have names in recipes. Made by `#[derive(Choice)]`.
pub trait Choice: Copy + PartialEq + Debug + Send + Sync + 'static {
    /// The names, in snake_case.
    const NAMES: &'static [&'static str];
    /// The variants, in the same order.
    const ALL: &'static [Self];
    /// The position of a variant in both.
    fn index(self) -> usize;

    /// The name of this variant.
    fn name(self) -> &'static str {
        Self::NAMES[self.index()]
    }

    /// The variant of a name; `-` counts as `_`, and British spellings are read.
    fn from_name(name: &str) -> Option<Self> {
        let name = american(&name.replace('-', "_"));
        Self::NAMES.iter().position(|n| *n == name).map(|i| Self::ALL[i])
    }
}

impl<T: Choice> Param for T {
    fn to_json(&self) -> Value {
        Value::from(self.name())
    }
    fn set(&mut self, value: &Value) -> Result<(), String> {
        let expected = || format!("expected one of {}", T::NAMES.join(", "));
        let name = value.as_str().ok_or_else(expected)?;
        *self = T::from_name(name).ok_or_else(|| match suggest(name, T::NAMES.iter().copied()) {
            Some(near) => format!("'{name}' is not one of {}; did you mean '{near}'?", T::NAMES.join(", ")),
            None => format!("'{name}' is not one of {}", T::NAMES.join(", ")),
        })?;
        Ok(())
    }
    fn structure(&self, hash: &mut dyn Hasher) {
        hash.write_usize(self.index());
    }
    fn digest(&self, hash: &mut dyn Hasher) {
        hash.write_usize(self.index());
    }
}

impl<T: Choice> ParamType for T {
    const KIND: Kind = Kind::Choice;
    const CHOICES: &'static [&'static str] = T::NAMES;
}

/// A struct of parameters. Made by `#[derive(Params)]`.
pub trait Params: Clone + Debug + PartialEq + Default + Send + Sync + 'static {
    /// The effect's description and the table of its fields.
    const INFO: &'static crate::effect::Info;
    /// The type of the first parameter, which the chain's builder method takes.
    type Main;
    /// The effect with its first parameter set and the others at their defaults.
    fn from_main(main: Self::Main) -> Self;
    /// Parameter number `index` of the table.
    fn field(&self, index: usize) -> Option<&dyn Param>;
    /// Parameter number `index` of the table, to be changed.
    fn field_mut(&mut self, index: usize) -> Option<&mut dyn Param>;
}
