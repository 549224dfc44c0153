//! Controls made from metadata: one function a kind of parameter, and no list of effects anywhere.
//!
//! Values travel as JSON, as in recipes. A slider shows the soft range; typing reaches the hard one. Every control bears
//! the parameter's label as its accessible name.

pub(crate) mod color;
mod numbers;
mod rail;

use crate::curve;
use crate::frame;
use crate::gradient;
use crate::icon::Icon;
use bowerbird::effects::lut::gradient_map::MixSpace;
use bowerbird::param::{Field, Kind};
use eframe::egui::{self, Align, Color32, DragValue, Layout, Response, RichText, Ui};
pub(crate) use numbers::{Length, percentage};
pub(crate) use rail::Rail;
use serde_json::{Value, json};

/// Width of the labels.
const LABEL: f32 = 92.0;
/// Width of a number that can be typed.
pub(crate) const NUMBER: f32 = 62.0;

/// What a control needs to know of its surroundings.
#[derive(Debug)]
pub(crate) struct Surroundings<'a> {
    /// Names of the assets of the recipe.
    pub assets: &'a [String],
    /// The shorter side of the picture, for lengths in pixels.
    pub short_side: u32,
    /// Whether it is the effect's first parameter.
    pub(crate) first: bool,
    /// Whether a position is being picked on the canvas for this parameter, or a line drawn.
    pub picking: bool,
    /// The space in which the effect mixes the colors of a gradient.
    pub mix: MixSpace,
    /// Whether it turns the whole picture, and can be set by a line that should be level.
    pub levels: bool,
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
    if field.kind == Kind::Gradient {
        ui.horizontal(|ui| {
            label(ui, field);
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| reset(ui, field, value, default, &mut answer));
        });
        answer.value = gradient::show(ui, field.label, value, around.mix).or(answer.value);
        return answer;
    }
    ui.scope(|ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        show_row(ui, field, value, default, around, &mut answer);
        if numbers::slides(field, value) {
            answer.value = numbers::slide(ui, field, value, default, around).or(answer.value.take());
        }
    });
    // A list of numbers has a row of its own where it is long.
    if let (Kind::Number, Value::Array(list)) = (field.kind, value)
        && list.len() > 3
    {
        answer.value = numbers::grid(ui, field, list).or(answer.value.take());
    }
    answer
}

/// The label of a parameter, its value, and the way back to its default.
fn show_row(
    ui: &mut Ui,
    field: &Field,
    value: &Value,
    default: &Value,
    around: &Surroundings<'_>,
    answer: &mut Answer,
) {
    ui.horizontal(|ui| {
        // Where people of other programs look for it.
        if label(ui, field).double_clicked() && value != default {
            answer.value = Some(default.clone());
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            reset(ui, field, value, default, answer);
            let changed = match (field.kind, value) {
                (Kind::Bool, _) => switch(ui, field, value),
                (Kind::Choice, _) => choice(ui, field, value),
                (Kind::Color, _) => color::color(ui, field.label, value),
                (Kind::Seed, _) => seed(ui, field, value),
                (Kind::Text, _) => text(ui, field, value),
                (Kind::Length, _) => numbers::length(ui, field, value, around),
                (Kind::Asset, _) => asset(ui, field, value, around, answer),
                (Kind::Position, _) => {
                    answer.pick = pick(ui, field, around);
                    numbers::numbers(ui, field, value)
                }
                (Kind::Positions, Value::Array(points)) => {
                    answer.pick = pick(ui, field, around);
                    ui.weak(format!("{} points", points.len()));
                    None
                }
                (_, Value::Array(_)) => {
                    if frame::is_rectangle(field, value) {
                        answer.pick = pick(ui, field, around);
                    }
                    numbers::numbers(ui, field, value)
                }
                _ => {
                    answer.pick = around.levels && level(ui, around);
                    numbers::number(ui, field, value)
                }
            };
            answer.value = changed.or(answer.value.take());
        });
    });
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
            let text = ui.add(egui::Label::new(label).sense(egui::Sense::CLICK));
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

/// Scrolls to what the keyboard has moved the focus to; at the end of what is scrolled.
pub(crate) fn follow_focus(ui: &Ui) {
    use egui::Key;
    let keys = [Key::Tab, Key::ArrowUp, Key::ArrowDown, Key::ArrowLeft, Key::ArrowRight];
    if !ui.input(|input| keys.iter().any(|key| input.key_pressed(*key))) {
        return;
    }
    let focused = ui.memory(|memory| memory.focused()).and_then(|id| ui.ctx().read_response(id));
    if let Some(focused) = focused
        && focused.layer_id == ui.layer_id()
        && ui.min_rect().contains_rect(focused.rect)
        && !ui.clip_rect().contains_rect(focused.rect)
    {
        ui.scroll_to_rect(focused.rect.expand(6.0), None);
    }
}

fn salt_number(salt: impl std::hash::Hash) -> u64 {
    use std::hash::Hasher;
    let mut hasher = std::hash::DefaultHasher::new();
    salt.hash(&mut hasher);
    hasher.finish()
}

/// A label in the column of labels.
pub(crate) fn label_column(ui: &mut Ui, text: &str) -> Response {
    let size = egui::vec2(LABEL, ui.spacing().interact_size.y);
    ui.allocate_ui_with_layout(size, Layout::left_to_right(Align::Center), |ui| {
        ui.set_min_width(LABEL);
        ui.add(egui::Label::new(text).truncate().sense(egui::Sense::CLICK))
    })
    .inner
}

/// Width that is left to a list beside a long label.
const LIST: f32 = 110.0;

/// A row like that of a parameter, with a hint at its label and the way back to the default at its end; whether that was
/// taken. The label has all the width that the controls leave; they are told what they may take beside a label in full.
pub(crate) fn described_row(
    ui: &mut Ui,
    text: &str,
    hint: &str,
    is_default: bool,
    controls: impl FnOnce(&mut Ui, f32),
) -> bool {
    let wanted = egui::WidgetText::from(text).into_galley(
        ui,
        Some(egui::TextWrapMode::Extend),
        f32::INFINITY,
        egui::TextStyle::Body,
    );
    let wanted = wanted.size().x.max(LABEL);
    let layout = Layout::right_to_left(Align::Center);
    let size = egui::vec2(ui.available_width(), ui.spacing().interact_size.y);
    ui.allocate_ui_with_layout(size, layout, |ui| {
        let back = reset_button(ui, text, is_default);
        let rest = (ui.available_width() - wanted - ui.spacing().item_spacing.x).max(LIST);
        controls(ui, rest);
        let label = ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
            // The hint begins with the name.
            let label = egui::Label::new(text).truncate().show_tooltip_when_elided(false);
            ui.add(label.sense(egui::Sense::CLICK)).on_hover_text(hint)
        });
        back || label.inner.double_clicked() && !is_default
    })
    .inner
}

/// A row like that of a parameter, for what is none: its controls stand from right to left.
pub(crate) fn row<R>(ui: &mut Ui, text: &str, controls: impl FnOnce(&mut Ui) -> R) -> R {
    ui.horizontal(|ui| {
        label_column(ui, text);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.add_space(reset_width(ui));
            controls(ui)
        })
        .inner
    })
    .inner
}

fn label(ui: &mut Ui, field: &Field) -> Response {
    label_column(ui, field.label).on_hover_ui(|ui| {
        ui.set_max_width(300.0);
        if !field.doc.is_empty() {
            ui.label(plain(field.doc));
        }
        ui.weak(range_text(field));
        ui.weak("Double click: back to the default");
    })
}

/// The name in recipes and the range, as a hint says it.
fn range_text(field: &Field) -> String {
    match field.hard {
        Some((low, high)) => format!("{} from {low} to {high} {}", field.name, field.unit),
        None => field.name.to_owned(),
    }
}

/// The width of the way back to the default, at the end of a row.
pub(crate) fn reset_width(ui: &Ui) -> f32 {
    crate::icon::WIDTH + ui.spacing().item_spacing.x
}

fn reset(ui: &mut Ui, field: &Field, value: &Value, default: &Value, answer: &mut Answer) {
    if reset_button(ui, field.label, value == default) {
        answer.value = Some(default.clone());
    }
}

/// The way back to the default; whether it was taken.
fn reset_button(ui: &mut Ui, label: &str, is_default: bool) -> bool {
    if is_default {
        // It keeps its place and its number among the controls: what is being dragged moves nowhere, and stays the one that
        // is dragged, when its value leaves the default.
        ui.allocate_exact_size(egui::vec2(crate::icon::WIDTH, ui.spacing().interact_size.y), egui::Sense::hover());
        return false;
    }
    let response = Icon::Reset.show(ui, &format!("Reset {label}"), egui::Sense::click(), None);
    response.on_hover_text("Back to the default").clicked()
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

fn switch(ui: &mut Ui, field: &Field, value: &Value) -> Option<Value> {
    let mut on = value.as_bool()?;
    // The box is in the middle of what can be clicked, and ends where other controls do.
    ui.add_space(-0.5 * (ui.spacing().interact_size.y - ui.spacing().icon_width));
    let response = ui.add(egui::Checkbox::without_text(&mut on));
    name(&response, field.label);
    response.changed().then(|| json!(on))
}

/// Documentation as it is read on the screen, where code has no quotes of its own.
pub(crate) fn plain(doc: &str) -> String {
    doc.replace('`', "")
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

fn level(ui: &mut Ui, around: &Surroundings<'_>) -> bool {
    let color = around.picking.then_some(crate::theme::ACCENT);
    let icon = Icon::Angle.show(ui, "Straighten by a line", egui::Sense::click(), color);
    icon.on_hover_text("Draw a line on the picture along what should be level or upright (K)").clicked()
}

fn pick(ui: &mut Ui, field: &Field, around: &Surroundings<'_>) -> bool {
    let color = around.picking.then_some(crate::theme::ACCENT);
    let label = format!("Place {} on the picture", field.label);
    let hint = match field.kind {
        Kind::Positions => {
            "On the picture, click to add a point, drag one to move it, and click with the right button to remove it"
        }
        Kind::Position => "Place it on the picture",
        _ => "Drag it on the picture, with Shift in proportion",
    };
    Icon::Target.show(ui, &label, egui::Sense::click(), color).on_hover_text(hint).clicked()
}
