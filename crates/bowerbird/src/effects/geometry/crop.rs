//! Crop.

use crate::effect::{Class, Lower, Step};
use crate::param::{Position, Text};
use crate::reshape::Reshape;
use bowerbird_derive::Params;

/// Cuts a rectangle out of the picture.
#[derive(Clone, Debug, PartialEq, Params)]
#[effect(id = "crop", label = "Crop", family = "geometry", domain = "any", class = "raster", changes_size)]
pub struct Crop {
    /// Left, top, width and height as fractions of the picture.
    #[param(default = [0.0, 0.0, 1.0, 1.0], range = (0.0, 1.0))]
    pub rect: [f64; 4],
    /// A ratio such as 3:2, or original: the largest rectangle of that shape, in the place of the one above.
    pub aspect: Text,
    /// Where the rectangle of that shape lies.
    pub anchor: Position,
}

impl Lower for Crop {
    const CLASS: Class = Class::Raster;
    fn lower(&self, step: &mut Step<'_, '_>) {
        let image = step.image();
        step.finish(image);
    }
    fn is_identity(&self) -> bool {
        self.rect == [0.0, 0.0, 1.0, 1.0] && self.aspect.0.is_empty()
    }
    fn reshape(&self, size: [u32; 2]) -> Result<Option<Reshape>, String> {
        let round = |v: f64| (v + 0.5).floor();
        let [w, h] = size.map(f64::from);
        if let Some(ratio) = ratio(&self.aspect.0, w / h)? {
            let (width, height) = (round(w.min(h * ratio)).max(1.0), round(h.min(w / ratio)).max(1.0));
            let place = |rest: f64, anchor: f64| round(rest * anchor).clamp(0.0, rest) as u32;
            let [x, y] = self.anchor.0;
            return Ok(Some(Reshape::Crop([
                place(w - width, x),
                place(h - height, y),
                width as u32,
                height as u32,
            ])));
        }
        let along = |first: f64, length: f64, side: f64| {
            let low = round(first * side).clamp(0.0, side - 1.0);
            let high = round((first + length) * side).clamp(low + 1.0, side);
            (low as u32, (high - low) as u32)
        };
        let ((x, width), (y, height)) = (along(self.rect[0], self.rect[2], w), along(self.rect[1], self.rect[3], h));
        Ok(Some(Reshape::Crop([x, y, width, height])))
    }
}

/// Width to height of a text such as "3:2"; nothing for none.
fn ratio(text: &str, original: f64) -> Result<Option<f64>, String> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    if text == "original" {
        return Ok(Some(original));
    }
    let number = |text: &str| text.trim().parse::<f64>().ok().filter(|v| v.is_finite() && *v > 0.0);
    let found = text.split_once(':').and_then(|(w, h)| Some(number(w)? / number(h)?));
    found.map(Some).ok_or_else(|| format!("'{text}' is no ratio; write one as 3:2, or original"))
}
