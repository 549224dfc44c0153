//! The field's own kinds of parameter: lengths, positions, angles, colors, curves, files.

use super::number::{describe, finite, json_number, limit};
use super::{Kind, Param, ParamType};
use crate::frame::Frame;
use core::hash::Hasher;
use serde_json::Value;

/// A length, so that a recipe looks the same on a preview and on the full picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Length {
    /// A fraction of the short side.
    Fraction(f64),
    /// Full-size pixels.
    Pixels(f64),
}

impl Length {
    /// The length in full-size pixels.
    pub fn full(self, frame: &Frame) -> f64 {
        match self {
            Self::Fraction(fraction) => fraction * f64::from(frame.short_side()),
            Self::Pixels(pixels) => pixels,
        }
    }

    /// The length in pixels of the picture being rendered, which may be a reduced one.
    pub fn rendered(self, frame: &Frame) -> f64 {
        self.full(frame) * frame.scale()
    }

    /// Whether the length is nothing, whatever the picture.
    pub fn is_zero(self) -> bool {
        matches!(self, Self::Fraction(v) | Self::Pixels(v) if v == 0.0)
    }
}

impl From<f64> for Length {
    fn from(fraction: f64) -> Self {
        Self::Fraction(fraction)
    }
}

impl Default for Length {
    fn default() -> Self {
        Self::Fraction(0.0)
    }
}

/// Longest length in pixels that is taken from a recipe: beyond any picture, and safe in all arithmetic.
const MOST_PIXELS: f64 = 1e6;

/// The short side of the picture whose bounds lengths in pixels have: larger than those that cameras make, and small
/// enough that no effect asks for memory or time beyond all measure.
const LARGE_SIDE: f64 = 16_384.0;

impl Param for Length {
    fn to_json(&self) -> Value {
        match self {
            Self::Fraction(fraction) => json_number(*fraction),
            Self::Pixels(pixels) => Value::from(format!("{pixels}px")),
        }
    }
    fn set(&mut self, value: &Value) -> Result<(), String> {
        let expected = || format!("expected a fraction of the short side or \"8px\", found {}", describe(value));
        *self = match value {
            Value::String(text) => {
                let number = text.trim().strip_suffix("px").map(str::trim).ok_or_else(expected)?;
                let pixels: f64 = number.parse().map_err(|_| expected())?;
                if !pixels.is_finite() {
                    return Err(expected());
                }
                Self::Pixels(pixels.clamp(-MOST_PIXELS, MOST_PIXELS))
            }
            _ => Self::Fraction(finite(value).map_err(|_| expected())?),
        };
        Ok(())
    }
    fn clamp(&mut self, low: f64, high: f64) -> bool {
        match self {
            Self::Fraction(fraction) => limit(fraction, low, high),
            // The picture is not known yet, so these are the bounds of a large one.
            Self::Pixels(pixels) => limit(pixels, low.min(0.0) * LARGE_SIDE, high.max(0.0) * LARGE_SIDE),
        }
    }
    fn digest(&self, hash: &mut dyn Hasher) {
        let (tag, value) = match self {
            Self::Fraction(value) => (0, value),
            Self::Pixels(value) => (1, value),
        };
        hash.write_u8(tag);
        value.digest(hash);
    }
}

impl ParamType for Length {
    const KIND: Kind = Kind::Length;
}

impl Param for Option<Length> {
    fn to_json(&self) -> Value {
        self.map_or(Value::Null, |length| length.to_json())
    }
    fn set(&mut self, value: &Value) -> Result<(), String> {
        if value.is_null() {
            *self = None;
            return Ok(());
        }
        let mut length = Length::default();
        length.set(value)?;
        *self = Some(length);
        Ok(())
    }
    fn clamp(&mut self, low: f64, high: f64) -> bool {
        self.as_mut().is_some_and(|length| Param::clamp(length, low, high))
    }
    fn structure(&self, hash: &mut dyn Hasher) {
        hash.write_u8(u8::from(self.is_some()));
    }
    fn digest(&self, hash: &mut dyn Hasher) {
        self.structure(hash);
        self.unwrap_or_default().digest(hash);
    }
}

impl ParamType for Option<Length> {
    const KIND: Kind = Kind::Length;
}

/// A position: fractions of the width and the height; (0, 0) is the top-left corner.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Position(pub [f64; 2]);

impl Position {
    /// The position in full-size pixels.
    pub fn pixels(self, frame: &Frame) -> [f64; 2] {
        [self.0[0] * f64::from(frame.full_width), self.0[1] * f64::from(frame.full_height)]
    }
}

impl Default for Position {
    fn default() -> Self {
        Self([0.5, 0.5])
    }
}

impl From<[f64; 2]> for Position {
    fn from(fractions: [f64; 2]) -> Self {
        Self(fractions)
    }
}

impl Param for Position {
    fn to_json(&self) -> Value {
        self.0.to_json()
    }
    fn set(&mut self, value: &Value) -> Result<(), String> {
        self.0.set(value).map_err(|_| format!("expected [x, y] as fractions of the picture, found {}", describe(value)))
    }
    fn clamp(&mut self, low: f64, high: f64) -> bool {
        self.0.clamp(low, high)
    }
    fn digest(&self, hash: &mut dyn Hasher) {
        self.0.digest(hash);
    }
}

impl ParamType for Position {
    const KIND: Kind = Kind::Position;
    const COUNT: usize = 2;
}

/// The most positions in a list.
const MOST_POSITIONS: usize = 64;

impl Param for Vec<Position> {
    fn to_json(&self) -> Value {
        self.iter().map(Param::to_json).collect()
    }
    fn set(&mut self, value: &Value) -> Result<(), String> {
        let list = value.as_array().ok_or_else(|| format!("expected a list of [x, y], found {}", describe(value)))?;
        if list.len() > MOST_POSITIONS {
            return Err(format!("{} points are more than the {MOST_POSITIONS} that a shape may have", list.len()));
        }
        let mut points = vec![Position::default(); list.len()];
        for (point, item) in points.iter_mut().zip(list) {
            point.set(item)?;
        }
        *self = points;
        Ok(())
    }
    fn structure(&self, hash: &mut dyn Hasher) {
        hash.write_usize(self.len());
    }
    fn digest(&self, hash: &mut dyn Hasher) {
        self.iter().for_each(|point| point.digest(hash));
    }
}

impl ParamType for Vec<Position> {
    const KIND: Kind = Kind::Positions;
    const COUNT: usize = 0;
}

/// One number or three, one a channel: a single number in JSON stands for three equal ones.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct Triple(pub [f64; 3]);

impl From<f64> for Triple {
    fn from(value: f64) -> Self {
        Self([value; 3])
    }
}

impl Param for Triple {
    fn to_json(&self) -> Value {
        if self.0 == [self.0[0]; 3] { json_number(self.0[0]) } else { self.0.to_json() }
    }
    fn set(&mut self, value: &Value) -> Result<(), String> {
        if value.is_number() {
            self.0 = [finite(value)?; 3];
            return Ok(());
        }
        self.0.set(value)
    }
    fn clamp(&mut self, low: f64, high: f64) -> bool {
        self.0.clamp(low, high)
    }
    fn digest(&self, hash: &mut dyn Hasher) {
        self.0.digest(hash);
    }
}

impl ParamType for Triple {
    const KIND: Kind = Kind::Number;
    const COUNT: usize = 3;
}

macro_rules! degrees {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Default)]
        pub struct $name(pub f64);

        impl From<f64> for $name {
            fn from(degrees: f64) -> Self {
                Self(degrees)
            }
        }

        impl Param for $name {
            fn to_json(&self) -> Value {
                json_number(self.0)
            }
            fn set(&mut self, value: &Value) -> Result<(), String> {
                self.0 = finite(value)?;
                Ok(())
            }
            fn clamp(&mut self, low: f64, high: f64) -> bool {
                limit(&mut self.0, low, high)
            }
            fn digest(&self, hash: &mut dyn Hasher) {
                self.0.digest(hash);
            }
        }

        impl ParamType for $name {
            const KIND: Kind = Kind::$name;
        }
    };
}
degrees!(
    /// An angle in degrees: 0 points right, positive turns counter-clockwise on the screen.
    Angle
);
degrees!(
    /// A hue in degrees on the color wheel: red 0, green 120, blue 240.
    Hue
);

impl Angle {
    /// The unit vector of the angle, with y growing downwards: (cos θ, −sin θ).
    pub fn direction(self) -> [f64; 2] {
        let radians = self.0.to_radians();
        [radians.cos(), -radians.sin()]
    }
}

/// The seed of noise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Seed(pub u32);

impl From<u32> for Seed {
    fn from(seed: u32) -> Self {
        Self(seed)
    }
}

impl Param for Seed {
    fn to_json(&self) -> Value {
        Value::from(self.0)
    }
    fn set(&mut self, value: &Value) -> Result<(), String> {
        let seed = value.as_u64().and_then(|seed| u32::try_from(seed).ok());
        self.0 =
            seed.ok_or_else(|| format!("expected a whole number from 0 to {}, found {}", u32::MAX, describe(value)))?;
        Ok(())
    }
    fn digest(&self, hash: &mut dyn Hasher) {
        hash.write_u32(self.0);
    }
}

impl ParamType for Seed {
    const KIND: Kind = Kind::Seed;
}

/// An sRGB display color with straight alpha, 8 bits a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Color(pub [u8; 4]);

impl Color {
    /// The channels as display values in 0..1.
    pub fn display(self) -> [f64; 4] {
        self.0.map(|v| f64::from(v) / 255.0)
    }

    /// The channels as linear light, alpha untouched.
    pub fn linear(self) -> [f64; 4] {
        let [r, g, b, a] = self.display();
        let decode = |v: f64| if v <= 0.04045 { v / 12.92 } else { ((v + 0.055) / 1.055).powf(2.4) };
        [decode(r), decode(g), decode(b), a]
    }
}

impl Default for Color {
    fn default() -> Self {
        Self([0, 0, 0, 255])
    }
}

impl From<[u8; 3]> for Color {
    fn from([r, g, b]: [u8; 3]) -> Self {
        Self([r, g, b, 255])
    }
}

impl Param for Color {
    fn to_json(&self) -> Value {
        let [r, g, b, a] = self.0;
        let text = if a == 255 { format!("#{r:02x}{g:02x}{b:02x}") } else { format!("#{r:02x}{g:02x}{b:02x}{a:02x}") };
        Value::from(text)
    }
    fn set(&mut self, value: &Value) -> Result<(), String> {
        let expected = || format!("expected a color as \"#rrggbb\" or \"#rrggbbaa\", found {}", describe(value));
        let digits = value.as_str().and_then(|text| text.strip_prefix('#')).ok_or_else(expected)?;
        if !digits.is_ascii() || !matches!(digits.len(), 6 | 8) {
            return Err(expected());
        }
        let number = u32::from_str_radix(digits, 16).map_err(|_| expected())?;
        let number = if digits.len() == 6 { (number << 8) | 0xff } else { number };
        self.0 = number.to_be_bytes();
        Ok(())
    }
    fn digest(&self, hash: &mut dyn Hasher) {
        hash.write(&self.0);
    }
}

impl ParamType for Color {
    const KIND: Kind = Kind::Color;
}

/// A tone curve: 2 to 32 points with x strictly increasing.
#[derive(Clone, Debug, PartialEq)]
pub struct Curve(pub Vec<[f64; 2]>);

impl Curve {
    /// Whether the curve changes nothing, recognized by its exact points.
    pub fn is_identity(&self) -> bool {
        self.0 == [[0.0, 0.0], [1.0, 1.0]]
    }
}

impl Default for Curve {
    fn default() -> Self {
        Self(vec![[0.0, 0.0], [1.0, 1.0]])
    }
}

impl Param for Curve {
    fn to_json(&self) -> Value {
        self.0.iter().map(Param::to_json).collect()
    }
    fn set(&mut self, value: &Value) -> Result<(), String> {
        let list =
            value.as_array().ok_or_else(|| format!("expected a list of [x, y] points, found {}", describe(value)))?;
        if !(2..=32).contains(&list.len()) {
            return Err(format!("a curve has 2 to 32 points, not {}", list.len()));
        }
        let mut points = vec![[0.0; 2]; list.len()];
        for (index, (point, item)) in points.iter_mut().zip(list).enumerate() {
            point.set(item).map_err(|cause| format!("point {} of the curve: {cause}", index + 1))?;
            point[0] = point[0].clamp(0.0, 1.0);
            point[1] = point[1].clamp(-1.0, 2.0);
        }
        if let Some(index) = points.windows(2).position(|p| p[1][0] - p[0][0] < 1.0 / 1024.0) {
            return Err(format!(
                "point {} of the curve: x must grow by at least 1/1024 from point to point",
                index + 2
            ));
        }
        self.0 = points;
        Ok(())
    }
    fn digest(&self, hash: &mut dyn Hasher) {
        self.0.iter().for_each(|point| point.digest(hash));
    }
}

impl ParamType for Curve {
    const KIND: Kind = Kind::Curve;
    const COUNT: usize = 0;
}

/// The name of an entry of the recipe's assets, or a path; empty when none was chosen.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Asset(pub String);

impl From<&str> for Asset {
    fn from(name: &str) -> Self {
        Self(name.to_owned())
    }
}

impl Param for Asset {
    fn to_json(&self) -> Value {
        Value::from(self.0.as_str())
    }
    fn set(&mut self, value: &Value) -> Result<(), String> {
        let name = value
            .as_str()
            .ok_or_else(|| format!("expected the name of a file or an asset, found {}", describe(value)))?;
        name.clone_into(&mut self.0);
        Ok(())
    }
    fn structure(&self, hash: &mut dyn Hasher) {
        hash.write(self.0.as_bytes());
    }
    fn digest(&self, hash: &mut dyn Hasher) {
        hash.write(self.0.as_bytes());
    }
}

impl ParamType for Asset {
    const KIND: Kind = Kind::Asset;
}

/// A piece of text.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Text(pub String);

impl From<&str> for Text {
    fn from(name: &str) -> Self {
        Self(name.to_owned())
    }
}

impl Param for Text {
    fn to_json(&self) -> Value {
        Value::from(self.0.as_str())
    }
    fn set(&mut self, value: &Value) -> Result<(), String> {
        let name = value.as_str().ok_or_else(|| format!("expected a text in quotes, found {}", describe(value)))?;
        name.clone_into(&mut self.0);
        Ok(())
    }
    fn structure(&self, hash: &mut dyn Hasher) {
        hash.write(self.0.as_bytes());
    }
    fn digest(&self, hash: &mut dyn Hasher) {
        hash.write(self.0.as_bytes());
    }
}

impl ParamType for Text {
    const KIND: Kind = Kind::Text;
}
