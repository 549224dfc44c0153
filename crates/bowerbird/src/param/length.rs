//! Lengths: fractions of the short side, or pixels of the picture at full size.

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
