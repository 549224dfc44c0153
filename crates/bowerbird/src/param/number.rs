//! Numbers, switches, fixed rows of numbers, one number for three channels, and seeds as parameters.

use super::{Kind, Param, ParamType};
use core::hash::Hasher;
use serde_json::Value;

/// Limits a number to a range; whether it changed. A NaN becomes the lower end.
pub(super) fn limit(value: &mut f64, low: f64, high: f64) -> bool {
    let limited = if *value >= low { value.min(high) } else { low };
    let changed = limited != *value;
    *value = limited;
    changed
}

impl Param for f64 {
    fn to_json(&self) -> Value {
        json_number(*self)
    }
    fn set(&mut self, value: &Value) -> Result<(), String> {
        *self = finite(value)?;
        Ok(())
    }
    fn clamp(&mut self, low: f64, high: f64) -> bool {
        limit(self, low, high)
    }
    fn digest(&self, hash: &mut dyn Hasher) {
        hash.write_u64(self.to_bits());
    }
}

impl ParamType for f64 {
    const KIND: Kind = Kind::Number;
}

/// A number as JSON: whole numbers without a decimal point, as people write them.
pub(super) fn json_number(value: f64) -> Value {
    if value.fract() == 0.0 && value.abs() < 1e15 { Value::from(value as i64) } else { Value::from(value) }
}

/// A finite number from JSON.
pub(super) fn finite(value: &Value) -> Result<f64, String> {
    value.as_f64().filter(|v| v.is_finite()).ok_or_else(|| format!("expected a number, found {}", describe(value)))
}

/// A value in a few words, for messages.
pub(super) fn describe(value: &Value) -> String {
    match value {
        Value::Null => "null".into(),
        Value::Array(_) => "a list".into(),
        Value::Object(_) => "an object".into(),
        Value::String(text) => format!("\"{}\"", text.chars().take(40).collect::<String>()),
        other => other.to_string(),
    }
}

impl Param for i32 {
    fn to_json(&self) -> Value {
        Value::from(*self)
    }
    fn set(&mut self, value: &Value) -> Result<(), String> {
        let number = finite(value)?;
        if number.fract() != 0.0 {
            return Err(format!("expected a whole number, found {number}"));
        }
        *self = number.clamp(f64::from(i32::MIN), f64::from(i32::MAX)) as i32;
        Ok(())
    }
    fn clamp(&mut self, low: f64, high: f64) -> bool {
        let limited = f64::from(*self).clamp(low, high) as i32;
        let changed = limited != *self;
        *self = limited;
        changed
    }
    fn digest(&self, hash: &mut dyn Hasher) {
        hash.write_i32(*self);
    }
}

impl ParamType for i32 {
    const KIND: Kind = Kind::Integer;
}

impl Param for bool {
    fn to_json(&self) -> Value {
        Value::from(*self)
    }
    fn set(&mut self, value: &Value) -> Result<(), String> {
        *self = value.as_bool().ok_or_else(|| format!("expected true or false, found {}", describe(value)))?;
        Ok(())
    }
    fn structure(&self, hash: &mut dyn Hasher) {
        self.digest(hash);
    }
    fn digest(&self, hash: &mut dyn Hasher) {
        hash.write_u8(u8::from(*self));
    }
}

impl ParamType for bool {
    const KIND: Kind = Kind::Bool;
}

impl<const N: usize> Param for [f64; N] {
    fn to_json(&self) -> Value {
        self.iter().map(|v| json_number(*v)).collect()
    }
    fn set(&mut self, value: &Value) -> Result<(), String> {
        let list = value.as_array().filter(|list| list.len() == N);
        let list = list.ok_or_else(|| format!("expected a list of {N} numbers, found {}", describe(value)))?;
        let mut numbers = [0.0; N];
        for (slot, item) in numbers.iter_mut().zip(list) {
            *slot = finite(item)?;
        }
        *self = numbers;
        Ok(())
    }
    fn clamp(&mut self, low: f64, high: f64) -> bool {
        self.iter_mut().fold(false, |changed, v| limit(v, low, high) | changed)
    }
    fn digest(&self, hash: &mut dyn Hasher) {
        self.iter().for_each(|v| v.digest(hash));
    }
}

/// One number stands for all.
impl<const N: usize> Param for [i32; N] {
    fn to_json(&self) -> Value {
        self.iter().map(|v| Value::from(*v)).collect()
    }
    fn set(&mut self, value: &Value) -> Result<(), String> {
        if value.is_number() {
            let mut number = 0;
            number.set(value)?;
            *self = [number; N];
            return Ok(());
        }
        let list = value.as_array().filter(|list| list.len() == N);
        let list = list.ok_or_else(|| format!("expected a list of {N} whole numbers, found {}", describe(value)))?;
        let mut numbers = [0; N];
        for (slot, item) in numbers.iter_mut().zip(list) {
            slot.set(item)?;
        }
        *self = numbers;
        Ok(())
    }
    fn clamp(&mut self, low: f64, high: f64) -> bool {
        self.iter_mut().fold(false, |changed, v| Param::clamp(v, low, high) | changed)
    }
    fn digest(&self, hash: &mut dyn Hasher) {
        self.iter().for_each(|v| v.digest(hash));
    }
}

impl<const N: usize> ParamType for [i32; N] {
    const KIND: Kind = Kind::Integer;
    const COUNT: usize = N;
}

impl<const N: usize> ParamType for [f64; N] {
    const KIND: Kind = Kind::Number;
    const COUNT: usize = N;
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
