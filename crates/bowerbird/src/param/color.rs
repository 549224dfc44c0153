//! Colors, as recipes write them and as effects compute with them.

use super::number::describe;
use super::{Kind, Param, ParamType};
use core::hash::Hasher;
use serde_json::Value;

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
