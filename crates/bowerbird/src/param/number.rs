//! Numbers, switches and fixed rows of numbers as parameters.

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
