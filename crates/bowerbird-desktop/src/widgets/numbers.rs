//! Numbers: typed in the row of their label, and slid in a row of their own below it.
//!
//! A slider beside its label and its number is a finger wide, and a step of it is several of what is meant. Below them it
//! has the width of the panel.

use super::rail::{Rail, Slid};
use super::{NUMBER, Surroundings, name};
use bowerbird::param::{Field, Kind};
use eframe::egui::{self, DragValue, Ui};
use serde_json::{Value, json};

/// Whether a parameter has a slider.
pub(super) fn slides(field: &Field, value: &Value) -> bool {
    match field.kind {
        Kind::Number | Kind::Integer | Kind::Angle | Kind::Hue => value.is_number(),
        Kind::Length => Length::of(value, 1.0).is_some(),
        _ => false,
    }
}

/// The range of a parameter's slider.
fn soft(field: &Field) -> (f64, f64) {
    field.soft.unwrap_or(match field.kind {
        Kind::Angle => (-180.0, 180.0),
        Kind::Hue => (0.0, 360.0),
        Kind::Length => (0.0, 0.1),
        _ => (0.0, 1.0),
    })
}

/// Decimals that show a range to about a thousandth of it.
fn decimals(field: &Field) -> usize {
    let (low, high) = soft(field);
    let span = high - low;
    if field.kind == Kind::Integer || span >= 500.0 {
        0
    } else if span >= 20.0 {
        1
    } else if span >= 0.5 {
        2
    } else {
        3
    }
}

/// The slider of a parameter.
pub(super) fn slide(
    ui: &mut Ui,
    field: &Field,
    value: &Value,
    default: &Value,
    around: &Surroundings<'_>,
) -> Option<Value> {
    let side = f64::from(around.short_side.max(1));
    let length = Length::of(value, side).filter(|_| field.kind == Kind::Length);
    let number = length.as_ref().map_or_else(|| value.as_f64(), |length| Some(length.fraction))?;
    let range = soft(field);
    let whole = field.kind == Kind::Integer;
    let logarithmic = !whole && field.step <= 0.0 && range.0 > 0.0 && range.1 / range.0 > 50.0;
    let rail = Rail { range, whole, step: if whole { 0.0 } else { field.step.max(0.0) }, logarithmic };
    let slid = rail.show(ui, field.label, number)?;
    Some(match (slid, length) {
        (Slid::Back, _) => default.clone(),
        (Slid::To(number), Some(length)) => Length { fraction: number, ..length }.to_json(side),
        (Slid::To(number), None) => number_json(field, number),
    })
}

fn number_json(field: &Field, number: f64) -> Value {
    if field.kind == Kind::Integer { json!(number.round() as i64) } else { json!(number) }
}

/// How a number is typed.
struct Typed<'a> {
    /// What it may be.
    hard: Option<(f64, f64)>,
    /// What it mostly is, by which it follows the pointer that drags it.
    soft: (f64, f64),
    digits: usize,
    unit: &'a str,
}

/// A field for a number, with a comma for a point too.
fn field_of<Num: egui::emath::Numeric>(number: &mut Num) -> DragValue<'_> {
    DragValue::new(number).custom_parser(number_of)
}

/// A number as it was typed.
fn number_of(typed: &str) -> Option<f64> {
    let text: String = typed.chars().filter(|letter| !letter.is_whitespace()).collect();
    let text = text.replace('−', "-");
    text.parse().ok().or_else(|| text.replacen(',', ".", 1).parse().ok())
}

fn typed(ui: &mut Ui, label: &str, number: &mut f64, Typed { hard, soft, digits, unit }: Typed<'_>) -> bool {
    let (low, high) = hard.unwrap_or(soft);
    let span = (high - low).min(1000.0);
    // What is typed counts when it is complete: half a number would be a step of the history.
    let mut drag = field_of(number)
        .update_while_editing(false)
        .max_decimals(digits.max(if digits == 0 { 0 } else { 4 }))
        .min_decimals(digits);
    drag = drag.speed((span / 400.0).max(if digits == 0 { 0.2 } else { 0.0 })).suffix(unit.to_owned());
    if let Some((low, high)) = hard {
        drag = drag.range(low..=high);
    }
    let response = ui.add_sized(egui::vec2(NUMBER, ui.spacing().interact_size.y), drag);
    name(&response, &format!("{label} value"));
    response.changed()
}

/// The number of a parameter, to be typed.
pub(super) fn number(ui: &mut Ui, field: &Field, value: &Value) -> Option<Value> {
    let mut number = value.as_f64()?;
    let unit = match (field.kind, field.unit) {
        (Kind::Angle | Kind::Hue, _) | (_, "deg" | "°") => "°",
        _ => "",
    };
    let changed = typed(
        ui,
        field.label,
        &mut number,
        Typed { hard: field.hard, soft: soft(field), digits: decimals(field), unit },
    );
    changed.then(|| number_json(field, number))
}

/// A percentage that is no parameter of an effect and all of it by default; `of` is what it belongs to, for its
/// accessible names.
pub(crate) fn percentage(ui: &mut Ui, label: &str, of: &str, share: f64) -> Option<f64> {
    let mut percent = share * 100.0;
    let (named, range) = (format!("{label} of {of}"), (0.0, 100.0));
    let mut changed = false;
    ui.scope(|ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        changed |= super::row(ui, label, |ui| {
            typed(ui, &named, &mut percent, Typed { hard: Some(range), soft: range, digits: 0, unit: "%" })
        });
        if let Some(slid) = Rail::over(range).show(ui, &named, percent) {
            (percent, changed) = (slid.or_default(100.0), true);
        }
    });
    changed.then_some(percent / 100.0)
}

/// A length as recipes have it: a share of the short side, or pixels.
pub(crate) struct Length {
    /// The share.
    pub(crate) fraction: f64,
    in_pixels: bool,
}

impl Length {
    /// From a value; `side` is the short side in pixels.
    pub(crate) fn of(value: &Value, side: f64) -> Option<Self> {
        let pixels = value.as_str().and_then(|text| text.trim_end_matches("px").trim().parse::<f64>().ok());
        let fraction = pixels.map_or_else(|| value.as_f64(), |pixels| Some(pixels / side))?;
        Some(Self { fraction, in_pixels: pixels.is_some() })
    }

    /// Another share, said in the same way.
    pub(crate) fn with(self, fraction: f64) -> Self {
        Self { fraction, ..self }
    }

    /// The value again.
    pub(crate) fn to_json(&self, side: f64) -> Value {
        if self.in_pixels {
            json!(format!("{}px", (self.fraction * side * 100.0).round() / 100.0))
        } else {
            json!(self.fraction)
        }
    }
}

/// A length, to be typed; the button at the number changes between a share and pixels.
pub(super) fn length(ui: &mut Ui, field: &Field, value: &Value, around: &Surroundings<'_>) -> Option<Value> {
    let side = f64::from(around.short_side.max(1));
    if value.is_null() {
        let response = ui.button("Set");
        name(&response, &format!("Set {}", field.label));
        ui.weak("automatic");
        return response.clicked().then(|| json!(field.soft.map_or(0.01, |(low, high)| (low + high) / 2.0)));
    }
    let mut length = Length::of(value, side)?;
    let button = egui::Button::new(if length.in_pixels { "px" } else { "%" }).min_size(egui::vec2(26.0, 0.0));
    let response = ui.add(button).on_hover_text("Share of the short side, or pixels of the full picture");
    name(&response, &format!("{} unit", field.label));
    let factor = if length.in_pixels { side } else { 100.0 };
    let mut shown = length.fraction * factor;
    let scaled = |(low, high): (f64, f64)| (low * factor, high * factor);
    let digits = if length.in_pixels { 1 } else { 2 };
    let how = Typed { hard: field.hard.map(scaled), soft: scaled(soft(field)), digits, unit: "" };
    let changed = typed(ui, field.label, &mut shown, how);
    length.fraction = shown / factor;
    length.in_pixels ^= response.clicked();
    (changed || response.clicked()).then(|| length.to_json(side))
}

/// Two or three numbers beside each other; longer lists are a grid below.
pub(super) fn numbers(ui: &mut Ui, field: &Field, value: &Value) -> Option<Value> {
    let list = value.as_array()?;
    if list.len() > 3 {
        return None;
    }
    let mut list: Vec<f64> = list.iter().filter_map(Value::as_f64).collect();
    let mut changed = false;
    // From right to left, so that the first stands first.
    for index in (0..list.len()).rev() {
        let axis = ["x", "y", "z"][index.min(2)];
        let label = format!("{} {axis}", field.label);
        let range = if field.kind == Kind::Position { Some((-10.0, 10.0)) } else { field.hard };
        let mut drag = field_of(&mut list[index]).update_while_editing(false).speed(0.004).max_decimals(3);
        if let Some((low, high)) = range {
            drag = drag.range(low..=high);
        }
        let response = ui.add_sized(egui::vec2(48.0, ui.spacing().interact_size.y), drag);
        name(&response, &label);
        changed |= response.changed();
    }
    changed.then(|| json!(list))
}

pub(super) fn grid(ui: &mut Ui, field: &Field, list: &[Value]) -> Option<Value> {
    let mut changed = None;
    // What the numbers of a rectangle are is not seen by their order.
    let sides = crate::frame::is_rectangle(field, &Value::Array(list.to_vec())).then_some(&[
        ("x ", "From the left, as a share of the width"),
        ("y ", "From the top, as a share of the height"),
        ("w ", "Width, as a share of the picture's"),
        ("h ", "Height, as a share of the picture's"),
    ]);
    let flat = list.iter().all(Value::is_number);
    // A matrix is shown as one: of 4 rows with an offset, of 4 by 4, of 3 by 3.
    let columns = match list.len() {
        _ if !flat => 1,
        20 => 5,
        4 | 16 => 4,
        _ => 3,
    };
    let width = ((ui.available_width() - 4.0 * columns as f32) / columns as f32).min(54.0);
    egui::Grid::new((field.name, "grid")).num_columns(columns).spacing(egui::vec2(4.0, 4.0)).show(ui, |ui| {
        for (index, item) in list.iter().enumerate() {
            let mut put = |number: f64, inner: Option<usize>| {
                let mut next = list.to_vec();
                match inner {
                    None => next[index] = json!(number),
                    Some(inner) => next[index][inner] = json!(number),
                }
                changed = Some(Value::Array(next));
            };
            let mut cell = |ui: &mut Ui, value: f64, inner: Option<usize>| {
                let mut number = value;
                let drag = field_of(&mut number).update_while_editing(false).speed(0.01).max_decimals(3);
                let part = sides.and_then(|sides| sides.get(index));
                let drag = drag.prefix(part.map_or("", |(letter, _)| letter));
                let response = ui.add_sized(egui::vec2(width, ui.spacing().interact_size.y), drag);
                let response = match part {
                    Some((_, word)) => response.on_hover_text(*word),
                    None => response,
                };
                name(&response, &format!("{} {}", field.label, index + 1));
                if response.changed() {
                    put(number, inner);
                }
            };
            match item {
                Value::Array(row) => {
                    for (inner, value) in row.iter().enumerate() {
                        cell(ui, value.as_f64().unwrap_or(0.0), Some(inner));
                    }
                    ui.end_row();
                }
                value => {
                    cell(ui, value.as_f64().unwrap_or(0.0), None);
                    if index % columns == columns - 1 {
                        ui.end_row();
                    }
                }
            }
        }
    });
    changed
}

#[cfg(test)]
mod tests {
    use super::number_of;

    #[test]
    fn numbers_are_read_with_a_point_or_a_comma() {
        assert_eq!((number_of("0.25"), number_of(" 0,25 "), number_of("−1")), (Some(0.25), Some(0.25), Some(-1.0)));
        assert_eq!((number_of("1,000,5"), number_of("wide")), (None, None));
    }
}
