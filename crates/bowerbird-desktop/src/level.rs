//! Straightening: a line is drawn along what should be level or upright, and the picture is turned until it is.
//!
//! The turn is the last that its effect does, so a line that is measured on the turned picture corrects it exactly, however
//! it is scaled and sheared; what moves pixels behind it is left out meanwhile.

use crate::app::App;
use crate::canvas::tag;
use crate::frame::is_rectangle;
use crate::place::{Owner, Place};
use crate::theme;
use bowerbird::effect::Effect;
use bowerbird::param::{Field, Kind};
use eframe::egui::{Align2, Color32, CursorIcon, Painter, PointerButton, Pos2, Rect, Response, Stroke, Ui, Vec2};
use serde_json::{Value, json};

/// The shortest line that is meant, in points.
const SHORTEST: f32 = 24.0;

/// The effect that straightens, and its parameter.
const TURN: (&str, &str) = ("affine", "angle");

/// Whether a parameter turns the whole picture.
pub(crate) fn turns_picture(effect: &dyn Effect, field: &Field) -> bool {
    effect.info().family == "geometry" && field.kind == Kind::Angle
}

/// By how many degrees, counter-clockwise, a line is off the level or the plumb line, whichever is nearer: -45 to 45.
fn off(line: Vec2) -> f64 {
    // Down is positive on a screen.
    let angle = f64::from(-line.y).atan2(f64::from(line.x)).to_degrees();
    angle - (angle / 90.0).round() * 90.0
}

/// An angle after a turn, from -180 to 180 and of hundredths of a degree.
fn turned(angle: f64, by: f64) -> f64 {
    let angle = (angle + by + 180.0).rem_euclid(360.0) - 180.0;
    (angle * 100.0).round() / 100.0
}

impl App {
    /// Has a line drawn: for the last turn of the look that is on, or a new one. While a crop is placed the turn stands before
    /// it, and the crop is placed on.
    pub(crate) fn straighten(&mut self) {
        let crop = self.canvas.picking.clone().filter(|place| {
            let field = self.document.effect_of(&place.owner).and_then(|effect| {
                effect.fields().find(|(field, _)| field.name == place.field).map(|(f, v)| is_rectangle(f, &v.to_json()))
            });
            field == Some(true)
        });
        let end = crop.as_ref().and_then(|crop| self.document.place_of(crop.owner.step));
        let steps = self.document.steps();
        let end = end.unwrap_or(steps.len());
        let is_turn = |index: &usize| {
            steps[*index].is_enabled() && steps[*index].effect().is_some_and(|effect| effect.info().id == TURN.0)
        };
        let found = (0..end).rev().find(is_turn).map(|index| self.document.states()[index].key);
        // In front of what cuts: a picture is straightened whole.
        let place = (0..end).find(|index| steps[*index].effect().is_some_and(|effect| effect.info().changes_size));
        let made = || Some(self.document.insert_at(bowerbird::effects::find(TURN.0)?, place.unwrap_or(end)));
        let Some(step) = found.or_else(made) else { return };
        self.stack.selected = Some(step);
        self.canvas.brush = None;
        self.canvas.picking_next = crop;
        self.canvas.picking = Some(Place { owner: Owner::step(step), field: TURN.1 });
    }

    /// Follows the line that is drawn for an angle, and shows it.
    pub(crate) fn show_level(&mut self, ui: &Ui, response: &Response, canvas: Rect, place: &Place, angle: &Value) {
        ui.ctx().set_cursor_icon(CursorIcon::Crosshair);
        if response.drag_started_by(PointerButton::Primary) {
            self.canvas.line_from = ui.input(|input| input.pointer.press_origin());
        }
        let (Some(from), Some(to)) = (self.canvas.line_from, response.interact_pointer_pos()) else { return };
        let line = to - from;
        if response.dragged_by(PointerButton::Primary) {
            paint(&ui.painter_at(canvas), from, to);
        } else {
            self.canvas.line_from = None;
            if response.drag_stopped_by(PointerButton::Primary) && line.length() >= SHORTEST {
                self.level(place, angle, off(line));
            }
        }
    }

    /// Turns the picture back by what a line was off, without empty corners.
    fn level(&mut self, place: &Place, angle: &Value, off: f64) {
        self.set_parameter(place, &json!(turned(angle.as_f64().unwrap_or_default(), -off)));
        let covers = self.document.effect_of(&place.owner).and_then(|effect| {
            effect
                .fields()
                .map(|(field, _)| field)
                .find(|field| field.choices.contains(&"cover"))
                .map(|field| field.name)
        });
        if let Some(field) = covers {
            self.set_parameter(&Place { field, ..place.clone() }, &json!("cover"));
        }
        self.document.settle();
        self.canvas.picking = self.canvas.picking_next.take();
    }
}

/// The line, with what it is off.
fn paint(painter: &Painter, from: Pos2, to: Pos2) {
    for (width, color) in [(4.0, Color32::from_black_alpha(140)), (1.5, Color32::WHITE)] {
        painter.line_segment([from, to], Stroke::new(width, color));
    }
    for end in [from, to] {
        painter.circle(end, 4.0, Color32::WHITE, Stroke::new(1.5, theme::ACCENT));
    }
    if (to - from).length() >= SHORTEST {
        let near = Rect::from_center_size(to + Vec2::new(0.0, -26.0), Vec2::splat(40.0));
        tag(painter, near, &format!("{:+.2}°", -off(to - from)), Align2::CENTER_CENTER);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_measured_from_the_nearer_axis_whichever_way_it_is_drawn() {
        for (line, degrees) in [
            ([100.0, 0.0], 0.0),
            ([100.0, -10.0], 5.7106),
            ([-100.0, 10.0], 5.7106),
            ([10.0, 100.0], 5.7106),
            ([-10.0, 100.0], -5.7106),
            ([100.0, 10.0], -5.7106),
        ] {
            let found = off(Vec2::from(line));
            assert!((found - degrees).abs() < 1e-3, "{line:?}: {found}");
        }
    }

    #[test]
    fn turns_add_up_and_stay_within_a_circle() {
        assert_eq!([turned(2.0, -5.714), turned(178.0, 5.0), turned(-178.0, -5.0)], [-3.71, -177.0, 177.0]);
    }
}
