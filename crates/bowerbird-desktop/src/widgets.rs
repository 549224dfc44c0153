//! Controls made from metadata: one function a kind of parameter, and no list of effects anywhere.
//!
//! Values travel as JSON, as in recipes. A slider shows the soft range; typing reaches the hard one. Every control bears
//! the parameter's label as its accessible name.

use crate::curve;
use crate::icon::Icon;
use bowerbird::param::{Field, Kind};
use eframe::egui::{self, Align, Color32, DragValue, Layout, Response, RichText, Slider, Ui};
use serde_json::{Value, json};

/// Width of the labels.
const LABEL: f32 = 92.0;
/// Width of a number that can be typed.
const NUMBER: f32 = 62.0;

/// What a control needs to know of its surroundings.
#[derive(Debug)]
pub(crate) struct Surroundings<'a> {
    /// Names of the assets of the recipe.
    pub assets: &'a [String],
    /// The shorter side of the picture, for lengths in pixels.
    pub short_side: u32,
    /// Whether it is the effect's first parameter.
    pub(crate) first: bool,
    /// Whether a position is being picked on the canvas for this parameter.
    pub picking: bool,
}

/// What a control asks for besides another value.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Answer {
    /// The value it was changed to.
    pub value: Option<Value>,
    /// Whether a file should be chosen.
    pub choose_file: bool,
    /// Whether positions should be picked on the canvas, or no longer.
    pub pick: bool,
}

/// Shows a parameter; what was done to it.
pub(crate) fn parameter(
    ui: &mut Ui,
    field: &Field,
    value: &Value,
    default: &Value,
    around: &Surroundings<'_>,
) -> Answer {
    let mut answer = Answer::default();
    if field.kind == Kind::Curve {
        // One curve is enough to begin with; the others unfold.
        let open = around.first || value != default;
        let mut curve_value = None;
        let restored = fold(
            ui,
            (field.name, "curve"),
            field.label,
            open,
            |ui| {
                let mut answer = Answer::default();
                reset(ui, field, value, default, &mut answer);
                answer.value
            },
            |ui| curve_value = curve::show(ui, field.label, value),
        );
        answer.value = curve_value.or(restored);
        return answer;
    }
    ui.horizontal(|ui| {
        label(ui, field);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            reset(ui, field, value, default, &mut answer);
            let changed = match (field.kind, value) {
                (Kind::Bool, _) => switch(ui, field, value),
                (Kind::Choice, _) => choice(ui, field, value),
                (Kind::Color, _) => color(ui, field, value),
                (Kind::Seed, _) => seed(ui, field, value),
                (Kind::Text, _) => text(ui, field, value),
                (Kind::Length, _) => length(ui, field, value, around),
                (Kind::Asset, _) => asset(ui, field, value, around, &mut answer),
                (Kind::Position, _) => {
                    answer.pick = pick(ui, field, around);
                    numbers(ui, field, value)
                }
                (Kind::Positions, Value::Array(points)) => {
                    answer.pick = pick(ui, field, around);
                    ui.weak(format!("{} points", points.len()));
                    None
                }
                (_, Value::Array(_)) => numbers(ui, field, value),
                _ => number(ui, field, value),
            };
            answer.value = changed.or(answer.value.take());
        });
    });
    // A list of numbers has a row of its own where it is long.
    if let (Kind::Number, Value::Array(list)) = (field.kind, value)
        && list.len() > 3
    {
        answer.value = grid(ui, field, list).or(answer.value.take());
    }
    answer
}

/// A head that folds what belongs to it away; what `extra`, beside the head, returned.
pub(crate) fn fold<R>(
    ui: &mut Ui,
    salt: impl std::hash::Hash,
    label: &str,
    open: bool,
    extra: impl FnOnce(&mut Ui) -> R,
    body: impl FnOnce(&mut Ui),
) -> R {
    let id = ui.scope_id().with(egui::Id::unique("fold")).with(salt_number(salt));
    let mut is_open = ui.data(|data| data.get_temp(id)).unwrap_or(open);
    let (head, result) = ui
        .horizontal(|ui| {
            let icon = if is_open { Icon::Unfolded } else { Icon::Folded };
            let verb = if is_open { "Fold" } else { "Unfold" };
            let arrow = icon.show(ui, &format!("{verb} {label}"), egui::Sense::click(), None);
            let text = ui.add(egui::Label::new(label).sense(egui::Sense::click()));
            (arrow.union(text), extra(ui))
        })
        .inner;
    if head.on_hover_cursor(egui::CursorIcon::PointingHand).clicked() {
        is_open = !is_open;
        ui.data_mut(|data| data.insert_temp(id, is_open));
    }
    if is_open {
        body(ui);
    }
    result
}

fn salt_number(salt: impl std::hash::Hash) -> u64 {
    use std::hash::Hasher;
    let mut hasher = std::hash::DefaultHasher::new();
    salt.hash(&mut hasher);
    hasher.finish()
}

fn label(ui: &mut Ui, field: &Field) {
    let size = egui::vec2(LABEL, ui.spacing().interact_size.y);
    ui.allocate_ui_with_layout(size, Layout::left_to_right(Align::Center), |ui| {
        ui.set_min_width(LABEL);
        let name = egui::Label::new(field.label).truncate().sense(egui::Sense::hover());
        let hint = ui.add(name);
        if !field.doc.is_empty() {
            hint.on_hover_ui(|ui| {
                ui.set_max_width(300.0);
                ui.label(field.doc);
                ui.weak(range_text(field));
            });
        }
    });
}

/// The name in recipes and the range, as a hint says it.
fn range_text(field: &Field) -> String {
    match field.hard {
        Some((low, high)) => format!("{} from {low} to {high} {}", field.name, field.unit),
        None => field.name.to_owned(),
    }
}

fn reset(ui: &mut Ui, field: &Field, value: &Value, default: &Value, answer: &mut Answer) {
    let changed = value != default;
    // It keeps its place, so that nothing moves under the pointer when a value leaves its default.
    if !changed {
        ui.add_space(18.0 + ui.spacing().item_spacing.x);
        return;
    }
    let response = Icon::Reset.show(ui, &format!("Reset {}", field.label), egui::Sense::click(), None);
    if response.on_hover_text("Back to the default").clicked() {
        answer.value = Some(default.clone());
    }
}

/// Gives a control its accessible name.
pub(crate) fn name(response: &Response, name: &str) {
    let enabled = response.enabled();
    let name = name.to_owned();
    response.ctx.accesskit_node_builder(response.id, |node| {
        node.set_label(name);
        if !enabled {
            node.set_disabled();
        }
    });
}

/// Decimals that show a range to about a thousandth of it.
fn decimals(field: &Field) -> usize {
    let span = field.soft.map_or(1.0, |(low, high)| high - low);
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

fn slider(ui: &mut Ui, field: &Field, number: &mut f64, soft: (f64, f64)) -> bool {
    let room = (ui.available_width() - 4.0).max(40.0);
    ui.spacing_mut().slider_width = room;
    let mut slider = Slider::new(number, soft.0..=soft.1).show_value(false).clamping(egui::SliderClamping::Never);
    if field.kind == Kind::Integer {
        slider = slider.integer();
    } else if field.step > 0.0 {
        slider = slider.step_by(field.step);
    } else if soft.0 > 0.0 && soft.1 / soft.0 > 50.0 {
        slider = slider.logarithmic(true);
    }
    let response = ui.add(slider);
    name(&response, field.label);
    response.changed()
}

fn typed(ui: &mut Ui, label: &str, number: &mut f64, range: Option<(f64, f64)>, digits: usize, unit: &str) -> bool {
    let span = range.map_or(1.0, |(low, high)| (high - low).min(1000.0));
    // What is typed counts when it is complete: half a number would be a step of the history.
    let mut drag = DragValue::new(number)
        .update_while_editing(false)
        .max_decimals(digits.max(if digits == 0 { 0 } else { 4 }))
        .min_decimals(digits);
    drag = drag.speed((span / 400.0).max(if digits == 0 { 0.2 } else { 0.0 })).suffix(unit.to_owned());
    if let Some((low, high)) = range {
        drag = drag.range(low..=high);
    }
    let response = ui.add_sized(egui::vec2(NUMBER, ui.spacing().interact_size.y), drag);
    name(&response, &format!("{label} value"));
    response.changed()
}

fn unit(field: &Field) -> &'static str {
    match (field.kind, field.unit) {
        (Kind::Angle | Kind::Hue, _) | (_, "deg" | "°") => "°",
        _ => "",
    }
}

fn number(ui: &mut Ui, field: &Field, value: &Value) -> Option<Value> {
    let mut number = value.as_f64()?;
    let soft = field.soft.unwrap_or(match field.kind {
        Kind::Angle => (-180.0, 180.0),
        Kind::Hue => (0.0, 360.0),
        _ => (0.0, 1.0),
    });
    let mut changed = typed(ui, field.label, &mut number, field.hard, decimals(field), unit(field));
    changed |= slider(ui, field, &mut number, soft);
    changed.then(|| if field.kind == Kind::Integer { json!(number.round() as i64) } else { json!(number) })
}

/// Two or three numbers beside each other; longer lists are a grid below.
fn numbers(ui: &mut Ui, field: &Field, value: &Value) -> Option<Value> {
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
        let mut drag = DragValue::new(&mut list[index]).update_while_editing(false).speed(0.004).max_decimals(3);
        if let Some((low, high)) = range {
            drag = drag.range(low..=high);
        }
        let response = ui.add_sized(egui::vec2(48.0, ui.spacing().interact_size.y), drag);
        name(&response, &label);
        changed |= response.changed();
    }
    changed.then(|| json!(list))
}

fn grid(ui: &mut Ui, field: &Field, list: &[Value]) -> Option<Value> {
    let mut changed = None;
    let flat = list.iter().all(Value::is_number);
    let columns = if flat { 3 } else { 1 };
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
                let drag = DragValue::new(&mut number).update_while_editing(false).speed(0.01).max_decimals(3);
                let response = ui.add_sized(egui::vec2(54.0, ui.spacing().interact_size.y), drag);
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

fn switch(ui: &mut Ui, field: &Field, value: &Value) -> Option<Value> {
    let mut on = value.as_bool()?;
    let response = ui.checkbox(&mut on, "");
    name(&response, field.label);
    response.changed().then(|| json!(on))
}

/// A name in snake case as words.
pub(crate) fn words(name: &str) -> String {
    let mut text = name.replace('_', " ");
    if let Some(first) = text.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    text
}

fn choice(ui: &mut Ui, field: &Field, value: &Value) -> Option<Value> {
    let current = value.as_str()?;
    let mut chosen = None;
    let response = egui::ComboBox::from_id_salt((field.name, "choice"))
        .selected_text(words(current))
        .width(ui.available_width() - 8.0)
        .show_ui(ui, |ui| {
            for option in field.choices {
                if ui.selectable_label(*option == current, words(option)).clicked() {
                    chosen = Some(json!(option));
                }
            }
        });
    name(&response.response, field.label);
    chosen
}

fn color(ui: &mut Ui, field: &Field, value: &Value) -> Option<Value> {
    let text = value.as_str()?;
    let parse = |text: &str| {
        let digits = text.strip_prefix('#')?;
        let number = u32::from_str_radix(digits, 16).ok()?;
        Some(if digits.len() == 6 { (number << 8) | 0xff } else { number }.to_be_bytes())
    };
    let mut rgba = parse(text)?;
    ui.monospace(text);
    let response = ui.color_edit_button_srgba_unmultiplied(&mut rgba);
    name(&response, field.label);
    let [r, g, b, a] = rgba;
    response.changed().then(|| {
        let short = format!("#{r:02x}{g:02x}{b:02x}");
        json!(if a == 255 { short } else { format!("{short}{a:02x}") })
    })
}

fn seed(ui: &mut Ui, field: &Field, value: &Value) -> Option<Value> {
    let mut seed = value.as_u64()?;
    let next = ui.button("Next").on_hover_text("Another pattern").clicked();
    let response = ui.add(DragValue::new(&mut seed).range(0..=u64::from(u32::MAX)).speed(0.2));
    name(&response, field.label);
    if next {
        return Some(json!((seed + 1) % (1 << 32)));
    }
    response.changed().then(|| json!(seed))
}

fn text(ui: &mut Ui, field: &Field, value: &Value) -> Option<Value> {
    let mut text = value.as_str()?.to_owned();
    let response = ui.add(egui::TextEdit::singleline(&mut text).desired_width(ui.available_width() - 8.0));
    name(&response, field.label);
    response.changed().then(|| json!(text))
}

/// A length is a share of the short side, or pixels; the button at the number changes between them.
fn length(ui: &mut Ui, field: &Field, value: &Value, around: &Surroundings<'_>) -> Option<Value> {
    let side = f64::from(around.short_side.max(1));
    if value.is_null() {
        ui.weak("automatic");
        let response = ui.button("Set");
        name(&response, &format!("Set {}", field.label));
        return response.clicked().then(|| json!(field.soft.map_or(0.01, |(low, high)| (low + high) / 2.0)));
    }
    let in_pixels = value.as_str().and_then(|text| text.trim_end_matches("px").trim().parse::<f64>().ok());
    let fraction = in_pixels.map_or_else(|| value.as_f64(), |pixels| Some(pixels / side))?;
    let mut unit_changed = false;
    let button = egui::Button::new(if in_pixels.is_some() { "px" } else { "%" }).min_size(egui::vec2(26.0, 0.0));
    let response = ui.add(button).on_hover_text("Share of the short side, or pixels of the full picture");
    name(&response, &format!("{} unit", field.label));
    unit_changed |= response.clicked();
    let soft = field.soft.unwrap_or((0.0, 0.1));
    let (mut shown, factor) = match in_pixels {
        Some(pixels) => (pixels, side),
        None => (fraction * 100.0, 100.0),
    };
    let hard = field.hard.map(|(low, high)| (low * factor, high * factor));
    let mut changed = typed(ui, field.label, &mut shown, hard, if in_pixels.is_some() { 1 } else { 2 }, "");
    let mut fraction = shown / factor;
    changed |= slider(ui, field, &mut fraction, soft);
    let pixels_now = in_pixels.is_some() != unit_changed;
    (changed || unit_changed).then(|| {
        if pixels_now { json!(format!("{}px", (fraction * side * 100.0).round() / 100.0)) } else { json!(fraction) }
    })
}

fn asset(ui: &mut Ui, field: &Field, value: &Value, around: &Surroundings<'_>, answer: &mut Answer) -> Option<Value> {
    let current = value.as_str().unwrap_or_default();
    let response = ui.button("Open…");
    name(&response, &format!("Choose a file for {}", field.label));
    answer.choose_file = response.clicked();
    let mut chosen = None;
    let shown = if current.is_empty() { RichText::new("none").color(Color32::GRAY) } else { RichText::new(current) };
    let response = egui::ComboBox::from_id_salt((field.name, "asset"))
        .selected_text(shown)
        .width(ui.available_width() - 8.0)
        .truncate()
        .show_ui(ui, |ui| {
            if around.assets.is_empty() {
                ui.weak("Open a file, or drop one here");
            }
            for asset in around.assets {
                if ui.selectable_label(asset == current, asset.as_str()).clicked() {
                    chosen = Some(json!(asset));
                }
            }
        });
    name(&response.response, field.label);
    chosen
}

fn pick(ui: &mut Ui, field: &Field, around: &Surroundings<'_>) -> bool {
    let color = around.picking.then_some(crate::theme::ACCENT);
    let label = format!("Place {} on the picture", field.label);
    let hint = if field.kind == Kind::Positions {
        "On the picture, click to add a point, drag one to move it, and click with the right button to remove it"
    } else {
        "Place it on the picture"
    };
    Icon::Target.show(ui, &label, egui::Sense::click(), color).on_hover_text(hint).clicked()
}
