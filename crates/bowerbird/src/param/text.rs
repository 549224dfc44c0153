//! What is written in letters: names of assets, and texts.

use super::number::describe;
use super::{Kind, Param, ParamType};
use core::hash::Hasher;
use serde_json::Value;

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
