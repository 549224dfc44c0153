//! The bar above the picture while something is placed on it: what it is, what the pointer does, and for a frame its shape.

use crate::app::App;
use crate::around::{has_handles, is_drawn};
use crate::frame::is_rectangle;
use crate::menu::menu;
use crate::place::{Owner, Place};
use bowerbird::effect::Effect;
use bowerbird::param::Kind;
use eframe::egui::{self, Align, Button, Layout, Ui};

/// Shapes of a frame, by name and the ratio of width to height.
const RATIOS: [(&str, f64); 5] = [("1:1", 1.0), ("5:4", 1.25), ("4:3", 4.0 / 3.0), ("3:2", 1.5), ("16:9", 16.0 / 9.0)];

/// Room for the shapes beside each other, and for as much of a hint as is understood.
const SHAPES: f32 = 400.0;
const HINT: f32 = 120.0;

/// What of an effect is placed on the picture as soon as it is there, because its numbers say little.
fn placed_first(effect: &dyn Effect) -> Option<&'static str> {
    let rectangle =
        effect.fields().find(|(field, value)| is_rectangle(field, &value.to_json())).map(|(field, _)| field.name);
    rectangle.or_else(|| is_drawn(effect).then_some("center"))
}

impl App {
    /// Has what is drawn with handles placed on the picture, when it is new; a file that is to be laid there must be known.
    pub(crate) fn place_first(&mut self, owner: &Owner) {
        let Some(effect) = self.document.effect_of(owner) else { return };
        let lacks_file = effect.fields().any(|(field, value)| field.kind == Kind::Asset && value.to_json() == "");
        let Some(field) = placed_first(effect).filter(|_| !lacks_file) else { return };
        self.canvas.pick(Some(Place { owner: owner.clone(), field }));
    }

    /// The bar; nothing is shown if nothing is placed.
    pub(crate) fn show_placing_bar(&mut self, ui: &mut Ui) {
        let Some(place) = self.canvas.picking.clone() else { return };
        let Some(effect) = self.document.effect_of(&place.owner) else { return };
        let title = effect.info().label;
        let Some((field, value)) = effect.fields().find(|(field, _)| field.name == place.field) else { return };
        let (label, kind, value) = (field.label, field.kind, value.to_json());
        let frame = is_rectangle(field, &value);
        let hint = match kind {
            _ if frame => "Drag its edges, its corners or all of it",
            Kind::Angle => "Draw a line along what should be level or upright",
            Kind::Positions => "Click to add a point, drag to move it, right click to remove it",
            _ if place.field == "center" && has_handles(effect) => {
                "Click or drag it to its place; the handles around it set the rest"
            }
            _ => "Click or drag it to its place",
        };
        ui.set_min_width(ui.available_width());
        ui.horizontal(|ui| {
            ui.strong(match kind {
                Kind::Angle => "Straighten".to_owned(),
                _ if frame => title.to_owned(),
                _ => format!("{label} of {title}"),
            });
            ui.separator();
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                if ui.button("Done").on_hover_text("Enter, or Esc").clicked() {
                    self.canvas.picking = self.canvas.picking_next.take();
                }
                ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                    if frame && ui.available_width() < SHAPES {
                        menu(ui, "Shape", |ui| self.show_ratios(ui, &place));
                    } else if frame {
                        self.show_ratios(ui, &place);
                        ui.separator();
                    }
                    if frame {
                        let straighten = ui.button("Straighten");
                        if straighten.on_hover_text("Draw a line along what should be level or upright (K)").clicked() {
                            self.straighten();
                        }
                    }
                    if ui.available_width() < HINT {
                        return;
                    }
                    ui.add(egui::Label::new(egui::RichText::new(hint).weak()).truncate());
                });
            });
        });
    }

    /// The shapes that a frame can keep.
    fn show_ratios(&mut self, ui: &mut Ui, place: &Place) {
        let Some((width, height)) = self.shown.as_ref().map(|shown| shown.full_result) else { return };
        let now = self.canvas.ratio;
        let is = |ratio: f64| now.is_some_and(|now| (now - ratio).abs() < 1e-6 || (now - 1.0 / ratio).abs() < 1e-6);
        let mut chosen = None;
        if ui.selectable_label(now.is_none(), "Free").on_hover_text("Any shape").clicked() {
            self.canvas.ratio = None;
        }
        let own = f64::from(width) / f64::from(height.max(1));
        let listed = RATIOS.iter().any(|(_, ratio)| is(*ratio));
        if ui.selectable_label(is(own) && !listed, "As it is").on_hover_text("The shape of the whole picture").clicked()
        {
            chosen = Some(own);
        }
        for (label, ratio) in RATIOS {
            if ui.selectable_label(is(ratio), label).clicked() {
                // As the picture stands.
                chosen = Some(if own < 1.0 { 1.0 / ratio } else { ratio });
            }
        }
        let turn = ui.add_enabled(now.is_some_and(|now| now != 1.0), Button::new("Turn"));
        if turn.on_hover_text("Upright or lying").clicked() {
            chosen = now.map(|now| 1.0 / now);
        }
        if let Some(ratio) = chosen {
            self.canvas.ratio = Some(ratio);
            self.shape_frame(place, ratio / own);
        }
    }
}
