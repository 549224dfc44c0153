//! Gradients: colors at positions, as the parameter that recipes, the command line and the app share.

use super::number::{describe, finite, limit};
use super::{Color, Kind, Param, ParamType, american, suggest};
use core::hash::Hasher;
use serde_json::{Value, json};

/// A color of a gradient, and where it stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stop {
    /// The position, 0..1.
    pub at: f64,
    /// The color, sRGB display values with straight alpha.
    pub color: Color,
}

/// A gradient: 2 to [`Gradient::MOST_STOPS`] stops whose positions, 0..1, never go down. Stops that share a position
/// make a hard edge.
#[derive(Clone, Debug, PartialEq)]
pub struct Gradient(pub Vec<Stop>);

impl Gradient {
    /// The most stops of a gradient.
    pub const MOST_STOPS: usize = 32;

    /// Whether all its colors are opaque.
    pub fn is_opaque(&self) -> bool {
        self.0.iter().all(|stop| stop.color.0[3] == u8::MAX)
    }
}

/// From black to white.
impl Default for Gradient {
    fn default() -> Self {
        Self([(0.0, 0), (1.0, u8::MAX)].map(|(at, gray)| Stop { at, color: Color::from([gray; 3]) }).into())
    }
}

/// The keys of a stop in JSON.
const KEYS: [&str; 2] = ["at", "color"];

impl Stop {
    fn from_json(value: &Value) -> Result<Self, String> {
        let object = value.as_object().ok_or_else(|| {
            format!("expected a stop as {{\"at\": 0.5, \"color\": \"#rrggbb\"}}, found {}", describe(value))
        })?;
        let (mut at, mut color) = (None, None);
        for (key, value) in object {
            let cause = |cause: String| format!("{key}: {cause}");
            match american(key).as_str() {
                "at" => at = Some(finite(value).map_err(cause)?),
                "color" => {
                    let mut taken = Color::default();
                    taken.set(value).map_err(cause)?;
                    color = Some(taken);
                }
                _ => {
                    let near = suggest(key, KEYS.into_iter());
                    let hint = near.map(|near| format!("; did you mean '{near}'?")).unwrap_or_default();
                    return Err(format!("a stop has an at and a color, and no '{key}'{hint}"));
                }
            }
        }
        let mut at = at.ok_or("at: missing, the position from 0 to 1")?;
        limit(&mut at, 0.0, 1.0);
        Ok(Self { at, color: color.ok_or("color: missing, as \"#rrggbb\" or \"#rrggbbaa\"")? })
    }
}

impl Param for Gradient {
    fn to_json(&self) -> Value {
        self.0.iter().map(|stop| json!({ "at": stop.at.to_json(), "color": stop.color.to_json() })).collect()
    }
    fn set(&mut self, value: &Value) -> Result<(), String> {
        let list = value.as_array().ok_or_else(|| format!("expected a list of stops, found {}", describe(value)))?;
        if !(2..=Self::MOST_STOPS).contains(&list.len()) {
            return Err(format!("a gradient has 2 to {} stops, not {}", Self::MOST_STOPS, list.len()));
        }
        let name = |index: usize| format!("stop {} of the gradient", index + 1);
        let mut stops = Vec::with_capacity(list.len());
        for (index, item) in list.iter().enumerate() {
            stops.push(Stop::from_json(item).map_err(|cause| format!("{}: {cause}", name(index)))?);
        }
        if let Some(index) = stops.windows(2).position(|pair| pair[1].at < pair[0].at) {
            return Err(format!("{}: at must not go down from stop to stop", name(index + 1)));
        }
        self.0 = stops;
        Ok(())
    }
    fn digest(&self, hash: &mut dyn Hasher) {
        for stop in &self.0 {
            stop.at.digest(hash);
            stop.color.digest(hash);
        }
    }
}

impl ParamType for Gradient {
    const KIND: Kind = Kind::Gradient;
    const COUNT: usize = 0;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stops_are_read_and_written_alike() {
        let stops = json!([
            {"at": 0, "color": "#102030"}, {"at": 0.25, "color": "#ffffff80"}, {"at": 0.25, "color": "#000000"},
            {"at": 1, "color": "#ffe9a8"}
        ]);
        let mut gradient = Gradient::default();
        gradient.set(&stops).expect("a gradient");
        assert_eq!(gradient.to_json(), stops);
        assert!(!gradient.is_opaque() && Gradient::default().is_opaque());
    }

    #[test]
    fn positions_are_limited_and_british_keys_read() {
        let mut gradient = Gradient::default();
        gradient.set(&json!([{"at": -3, "colour": "#000000"}, {"colour": "#ffffff", "at": 9}])).expect("limited");
        assert_eq!(gradient, Gradient::default());
    }

    #[test]
    fn what_is_no_gradient_is_refused_and_changes_nothing() {
        let stop = |at: f64| json!({"at": at, "color": "#000000"});
        for (json, part) in [
            (json!("#000000"), "a list of stops"),
            (json!([stop(0.0)]), "2 to 32 stops, not 1"),
            (json!(vec![stop(0.5); 33]), "2 to 32 stops, not 33"),
            (json!([stop(0.0), 7]), "stop 2 of the gradient: expected a stop as"),
            (json!([stop(0.6), stop(0.5)]), "stop 2 of the gradient: at must not go down"),
            (json!([stop(0.0), {"at": null, "color": "#000000"}]), "stop 2 of the gradient: at: expected a number"),
            (json!([{"at": "NaN", "color": "#000000"}, stop(1.0)]), "stop 1 of the gradient: at: expected a number"),
            (json!([stop(0.0), {"at": 1, "color": "red"}]), "stop 2 of the gradient: color: expected a color as"),
            (json!([stop(0.0), {"at": 1}]), "stop 2 of the gradient: color: missing"),
            (json!([{"color": "#000000"}, stop(1.0)]), "stop 1 of the gradient: at: missing"),
            (json!([stop(0.0), {"at": 1, "colr": "#000000"}]), "no 'colr'; did you mean 'color'?"),
        ] {
            let mut gradient = Gradient::default();
            let error = gradient.set(&json).expect_err("refused");
            assert!(error.contains(part), "{json}: {error}");
            assert_eq!(gradient, Gradient::default());
        }
    }
}
