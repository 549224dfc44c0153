//! Sheets: the picture under many variations at once, to take one.
//!
//! A sheet of looks is N-up; a sheet of two parameters is a grid of their values around what they are.

use crate::app::App;
use crate::theme;
use crate::thumbs::Key;
use bowerbird::param::Kind;
use bowerbird::{Chain, Recipe};
use eframe::egui::{self, Color32, FontId, Pos2, Rect, Sense, Stroke, Ui, Vec2};
use serde_json::{Value, json};
use std::sync::Arc;

/// What a sheet shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kindred {
    /// All looks.
    Looks,
    /// Two parameters.
    Parameters,
}

/// A parameter of the look: its step's place and its name.
type Axis = (usize, &'static str);

/// The state of the sheet.
#[derive(Debug)]
pub(crate) struct Sheet {
    /// What is shown in place of the canvas, if anything.
    pub shown: Option<Kindred>,
    columns: usize,
    rows: usize,
    across: Option<Axis>,
    down: Option<Axis>,
    /// How much of the soft range is spread, 0..1.
    spread: f64,
    cells: Vec<Cell>,
    /// For which revision and settings the cells were made.
    made: Option<(u64, String)>,
}

#[derive(Debug)]
struct Cell {
    caption: String,
    chain: Arc<Chain>,
    recipe: Recipe,
}

impl Default for Sheet {
    fn default() -> Self {
        Self { shown: None, columns: 4, rows: 3, across: None, down: None, spread: 0.6, cells: Vec::new(), made: None }
    }
}

/// Width from which on the bar of a sheet is one line.
const WIDE: f32 = 700.0;

impl App {
    /// Shows a sheet, or the canvas again.
    pub(crate) fn toggle_sheet(&mut self, kind: Kindred) {
        self.sheet.shown = if self.sheet.shown == Some(kind) { None } else { Some(kind) };
        self.sheet.made = None;
    }

    /// The numbers of the look that can be spread.
    fn axes(&self) -> Vec<(Axis, String)> {
        let steps = self.document.steps().iter().enumerate();
        steps
            .filter_map(|(index, step)| Some((index, step.effect()?)))
            .flat_map(|(index, effect)| {
                let info = effect.info();
                effect
                    .fields()
                    .filter(|(field, value)| {
                        matches!(field.kind, Kind::Number | Kind::Length | Kind::Angle | Kind::Hue | Kind::Integer)
                            && field.soft.is_some()
                            && value.to_json().is_number()
                    })
                    .map(move |(field, _)| ((index, field.name), format!("{} · {}", info.label, field.label)))
                    .collect::<Vec<_>>()
            })
            .collect()
    }

    /// Shows the sheet in all of the room there is.
    pub(crate) fn show_sheet(&mut self, ui: &mut Ui, kind: Kindred) {
        let dark = ui.visuals().dark_mode;
        ui.painter().rect_filled(ui.available_rect_before_wrap(), 0.0, theme::surround(dark));
        if kind == Kindred::Parameters {
            self.show_sheet_bar(ui);
        }
        self.make_cells(kind);
        if self.sheet.cells.is_empty() {
            ui.add_space(60.0);
            ui.vertical_centered(|ui| {
                ui.heading("Nothing to spread");
                ui.label("Add an effect with a number, such as Exposure.");
            });
            return;
        }
        let room = ui.available_rect_before_wrap().shrink(8.0);
        let columns = match kind {
            Kindred::Parameters => self.sheet.columns,
            Kindred::Looks => (self.sheet.cells.len() as f32).sqrt().ceil() as usize,
        }
        .max(1);
        let rows = self.sheet.cells.len().div_ceil(columns).max(1);
        let gap = 6.0;
        let size = Vec2::new(
            (room.width() - gap * (columns - 1) as f32) / columns as f32,
            (room.height() - gap * (rows - 1) as f32) / rows as f32,
        );
        let mut taken = None;
        for (index, cell) in self.sheet.cells.iter().enumerate() {
            let (column, row) = (index % columns, index / columns);
            let corner = room.min + Vec2::new(column as f32 * (size.x + gap), row as f32 * (size.y + gap));
            let rect = Rect::from_min_size(corner, size);
            let response = ui.interact(rect, ui.scope_id().with(("cell", index)), Sense::click());
            response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, &cell.caption));
            self.thumbs.show(ui, rect, Key::Cell(index as u16), &cell.chain);
            let painter = ui.painter_at(rect);
            let font = FontId::proportional(11.0);
            // In a narrow cell in two lines.
            let galley = painter.layout(cell.caption.clone(), font, Color32::from_gray(0xf0), rect.width() - 20.0);
            let back = Rect::from_min_size(
                Pos2::new(rect.left() + 4.0, rect.bottom() - galley.size().y - 10.0),
                galley.size() + Vec2::new(10.0, 6.0),
            );
            painter.rect_filled(back, 3.0, Color32::from_black_alpha(170));
            painter.galley(back.min + Vec2::new(5.0, 3.0), galley, Color32::WHITE);
            if response.hovered() || response.has_focus() {
                painter.rect_stroke(rect, 4.0, Stroke::new(2.0, theme::ACCENT), egui::StrokeKind::Inside);
            }
            if response.on_hover_text("Take this one").clicked() {
                taken = Some(index);
            }
        }
        if let Some(index) = taken {
            if kind == Kindred::Parameters {
                let cell = &self.sheet.cells[index];
                let (caption, recipe) = (cell.caption.clone(), cell.recipe.clone());
                // The steps stay, so their state does too.
                self.document.edit(&format!("Take {caption}"), |old| *old = recipe);
                self.document.settle();
            } else {
                // Its cells are the looks of the strip.
                self.choose_look(index);
                self.sheet.shown = None;
            }
        }
    }

    fn show_sheet_bar(&mut self, ui: &mut Ui) {
        let axes = self.axes();
        if !axes.iter().any(|(axis, _)| Some(*axis) == self.sheet.across) {
            self.sheet.across = axes.first().map(|(axis, _)| *axis);
        }
        if !axes.iter().any(|(axis, _)| Some(*axis) == self.sheet.down) {
            self.sheet.down = axes.iter().map(|(axis, _)| *axis).find(|axis| Some(*axis) != self.sheet.across);
        }
        egui::Frame::new().fill(ui.visuals().panel_fill).inner_margin(egui::Margin::symmetric(8, 6)).show(ui, |ui| {
            ui.set_min_width(ui.available_width());
            if ui.available_width() > WIDE {
                ui.horizontal(|ui| {
                    ui.strong("Variations");
                    ui.separator();
                    self.show_axis(ui, &axes, "Across");
                    self.show_axis(ui, &axes, "Down");
                    ui.separator();
                    self.show_spread(ui);
                    ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| self.show_done(ui));
                });
            } else {
                ui.horizontal_wrapped(|ui| {
                    self.show_axis(ui, &axes, "Across");
                    self.show_done(ui);
                });
                ui.horizontal_wrapped(|ui| {
                    self.show_axis(ui, &axes, "Down");
                    self.show_spread(ui);
                });
            }
        });
    }

    fn show_done(&mut self, ui: &mut Ui) {
        if ui.button("Done").on_hover_text("Esc").clicked() {
            self.sheet.shown = None;
        }
    }

    /// A parameter that is spread, and over how many cells.
    fn show_axis(&mut self, ui: &mut Ui, axes: &[(Axis, String)], label: &str) {
        let name = |axis: Option<Axis>| {
            axes.iter().find(|(other, _)| Some(*other) == axis).map_or("None".to_owned(), |(_, name)| name.clone())
        };
        let sheet = &mut self.sheet;
        let (chosen, count) = match label {
            "Across" => (&mut sheet.across, &mut sheet.columns),
            _ => (&mut sheet.down, &mut sheet.rows),
        };
        ui.label(label);
        let combo = egui::ComboBox::from_id_salt(label).selected_text(name(*chosen)).width(150.0).truncate();
        let combo = combo.show_ui(ui, |ui| {
            for (axis, text) in axes {
                ui.selectable_value(chosen, Some(*axis), text.as_str());
            }
        });
        crate::widgets::name(&combo.response, &format!("Parameter {}", label.to_lowercase()));
        let drag = ui.add(egui::DragValue::new(count).range(1..=8).speed(0.05));
        crate::widgets::name(&drag, &format!("Cells {}", label.to_lowercase()));
    }

    /// How much of their ranges is spread.
    fn show_spread(&mut self, ui: &mut Ui) {
        ui.label("Spread");
        ui.spacing_mut().slider_width = 80.0;
        let slider = ui.add(egui::Slider::new(&mut self.sheet.spread, 0.05..=1.0).show_value(false));
        crate::widgets::name(&slider, "Spread");
    }

    fn make_cells(&mut self, kind: Kindred) {
        let sheet = &self.sheet;
        let settings =
            format!("{kind:?} {:?} {:?} {} {} {}", sheet.across, sheet.down, sheet.columns, sheet.rows, sheet.spread);
        let made = Some((self.document.revision(), settings));
        if self.sheet.made == made {
            return;
        }
        self.sheet.cells = match kind {
            Kindred::Looks => {
                let looks = self.strip.all().map(|(name, chain)| Cell {
                    caption: name.to_owned(),
                    chain: Arc::clone(chain),
                    recipe: Recipe::from_chain(name, (**chain).clone()),
                });
                looks.collect()
            }
            Kindred::Parameters => self.spread(),
        };
        self.sheet.made = made;
        self.thumbs.forget(|key| matches!(key, Key::Cell(_)));
    }

    /// The look with two parameters spread around what they are.
    fn spread(&self) -> Vec<Cell> {
        let Some(across) = self.sheet.across else { return Vec::new() };
        let rows = if self.sheet.down.is_some() { self.sheet.rows } else { 1 };
        let mut cells = Vec::new();
        for row in 0..rows {
            for column in 0..self.sheet.columns {
                let mut recipe = self.document.recipe().clone();
                let mut caption = Vec::new();
                for (axis, index, count) in [(Some(across), column, self.sheet.columns), (self.sheet.down, row, rows)] {
                    let Some((step, name)) = axis else { continue };
                    let Some(effect) = recipe.chain_mut().steps_mut().get_mut(step).and_then(|s| s.effect_mut()) else {
                        continue;
                    };
                    let title = effect.info().label;
                    let Some((field, param)) = effect.named_mut(name) else { continue };
                    let (low, high) = field.soft.unwrap_or((0.0, 1.0));
                    let now = param.to_json().as_f64().unwrap_or(low);
                    let value = variation(now, (low, high), self.sheet.spread, index, count);
                    let value = if field.kind == Kind::Integer { json!(value.round() as i64) } else { json!(value) };
                    // A value within the range is taken.
                    let _ = param.set(&value);
                    caption.push((title, field.label, short(&value)));
                }
                let chain = Arc::new(recipe.chain().clone());
                cells.push(Cell { caption: caption_of(&caption), chain, recipe });
            }
        }
        cells
    }
}

/// The values of a cell in words, each with its parameter; of two by the same name, with their effects.
fn caption_of(values: &[(&str, &str, String)]) -> String {
    let alike = |label| values.iter().filter(|(_, other, _)| *other == label).count() > 1;
    let words = values.iter().map(|(effect, label, value)| {
        let name = if alike(*label) { effect } else { label };
        format!("{name} {value}")
    });
    words.collect::<Vec<_>>().join(", ")
}

/// Value `index` of `count` around `now`, over a part of the range and within it.
fn variation(now: f64, (low, high): (f64, f64), spread: f64, index: usize, count: usize) -> f64 {
    let span = (high - low) * spread;
    let first = (now - 0.5 * span).clamp(low, (high - span).max(low));
    let t = if count > 1 { index as f64 / (count - 1) as f64 } else { 0.5 };
    first + t * span
}

fn short(value: &Value) -> String {
    let number = value.as_f64().unwrap_or(0.0);
    let text = format!("{number:.3}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn captions_tell_parameters_of_one_name_apart() {
        let value = |effect, label| (effect, label, "0.5".to_owned());
        assert_eq!(caption_of(&[value("Sepia", "Amount"), value("Grain", "Amount")]), "Sepia 0.5, Grain 0.5");
        assert_eq!(caption_of(&[value("Sepia", "Amount"), value("Hue", "Angle")]), "Amount 0.5, Angle 0.5");
    }

    #[test]
    fn variations_stay_within_the_range() {
        let values = |now| (0..3).map(|index| variation(now, (0.0, 1.0), 0.5, index, 3)).collect::<Vec<_>>();
        assert_eq!(values(0.5), [0.25, 0.5, 0.75]);
        assert_eq!(values(0.0), [0.0, 0.25, 0.5]);
        assert_eq!(values(1.0), [0.5, 0.75, 1.0]);
        assert_eq!(variation(0.3, (0.0, 1.0), 0.5, 0, 1), 0.3);
    }
}
