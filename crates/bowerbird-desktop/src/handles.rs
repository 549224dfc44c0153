//! Positions on the picture, under the pointer: one is placed, of a list each is dragged, added and removed.

use crate::app::App;
use crate::around::Under;
use crate::frame::is_rectangle;
use crate::theme;
use bowerbird::param::Kind;
use eframe::egui::{self, Color32, CursorIcon, Key, PointerButton, Pos2, Rect, Response, Stroke, Ui, Vec2};
use serde_json::{Value, json};

/// How near to a point the pointer must be to take it, in points of the screen.
const NEAR: f32 = 12.0;

/// Most points of a list, as the schema of recipes has it.
const MOST: usize = 64;

/// A point of a list that was taken or added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct HeldPoint {
    index: usize,
    /// Whether the click before added it: a double click on nothing adds one, and does not remove it again.
    new: bool,
}

/// A point of the picture, in fractions of its sides, as recipes have it.
fn fraction(pos: Pos2, picture: Rect) -> Value {
    let at = (pos - picture.min) / picture.size();
    let round = |v: f32| (f64::from(v) * 1e4).round() / 1e4;
    json!([round(at.x), round(at.y)])
}

fn on_screen(point: &Value, picture: Rect) -> Option<Pos2> {
    let at = Vec2::new(point.get(0)?.as_f64()? as f32, point.get(1)?.as_f64()? as f32);
    Some(picture.min + at * picture.size())
}

/// The point of a list that lies under the pointer.
fn nearest(points: &[Value], pos: Pos2, picture: Rect) -> Option<usize> {
    let distances = points.iter().enumerate().filter_map(|(index, point)| {
        let distance = on_screen(point, picture)?.distance(pos);
        (distance <= NEAR).then_some((index, distance))
    });
    distances.min_by(|a, b| a.1.total_cmp(&b.1)).map(|(index, _)| index)
}

/// What the pointer does to a list; `true` if it changed.
fn change(points: &mut Vec<Value>, held: &mut Option<HeldPoint>, ui: &Ui, response: &Response, picture: Rect) -> bool {
    let pressed = ui.input(|input| input.pointer.press_origin());
    if response.drag_started_by(PointerButton::Primary) {
        let under = pressed.and_then(|pos| nearest(points, pos, picture));
        *held = under.map(|index| HeldPoint { index, new: false });
    }
    let Some(pos) = response.interact_pointer_pos().or(response.hover_pos()) else { return false };
    if let (true, Some(HeldPoint { index, .. })) = (response.dragged_by(PointerButton::Primary), *held) {
        if let Some(point) = points.get_mut(index) {
            *point = fraction(pos, picture);
        }
        return response.drag_delta() != Vec2::ZERO;
    }
    let under = nearest(points, pos, picture);
    let delete = |input: &egui::InputState| input.key_pressed(Key::Delete) || input.key_pressed(Key::Backspace);
    let again = response.double_clicked() && *held != under.map(|index| HeldPoint { index, new: true });
    let removes = again || response.secondary_clicked() || response.hovered() && ui.input(delete);
    match under {
        Some(index) if removes => {
            points.remove(index);
            *held = None;
            true
        }
        None if response.clicked() && points.len() < MOST => {
            points.push(fraction(pos, picture));
            *held = Some(HeldPoint { index: points.len() - 1, new: true });
            true
        }
        _ => false,
    }
}

impl App {
    /// The positions of the parameter that is placed on the picture.
    pub(crate) fn show_handles(&mut self, ui: &Ui, response: &Response, canvas: Rect, picture: Rect) {
        let Some(place) = self.canvas.picking.clone() else { return };
        let found = self.document.effect_of(&place.owner);
        let found = found.and_then(|effect| effect.fields().find(|(field, _)| field.name == place.field));
        let Some((field, value)) = found else {
            self.canvas.pick(None);
            return;
        };
        let is_list = field.kind == Kind::Positions;
        let value = value.to_json();
        if is_rectangle(field, &value) {
            return self.show_frame(ui, response, canvas, picture, &place, &value);
        }
        if field.kind == Kind::Angle {
            return self.show_level(ui, response, canvas, &place, &value);
        }
        let around = if is_list { Under::Nothing } else { self.show_around(ui, response, canvas, picture, &place) };
        let (points, changed) = if is_list {
            let mut points = value.as_array().cloned().unwrap_or_default();
            let changed = change(&mut points, &mut self.canvas.held_point, ui, response, picture);
            (points, changed)
        } else {
            let dragged = response.dragged_by(PointerButton::Primary);
            let to = match around {
                Under::Handle => None,
                Under::Inside(away) => response.interact_pointer_pos().filter(|_| dragged).map(|pos| pos + away),
                Under::Nothing => response.interact_pointer_pos().filter(|_| dragged || response.clicked()),
            };
            match to {
                Some(pos) => (vec![fraction(pos, picture)], true),
                None => (vec![value], false),
            }
        };
        if changed {
            let new = if is_list { Value::Array(points.clone()) } else { points[0].clone() };
            self.set_parameter(&place, &new);
        }
        let hovered = response.hover_pos().filter(|_| is_list).and_then(|pos| nearest(&points, pos, picture));
        let icon = match around {
            Under::Handle => None,
            Under::Inside(_) => Some(CursorIcon::Grab),
            Under::Nothing if hovered.is_some() => Some(CursorIcon::Grab),
            Under::Nothing => Some(CursorIcon::Crosshair),
        };
        icon.into_iter().for_each(|icon| ui.ctx().set_cursor_icon(icon));
        let painter = ui.painter_at(canvas);
        for (index, point) in points.iter().enumerate() {
            let Some(point) = on_screen(point, picture) else { continue };
            let color = if hovered == Some(index) { theme::ACCENT } else { Color32::WHITE };
            painter.circle_stroke(point, 8.0, Stroke::new(3.0, Color32::from_black_alpha(140)));
            painter.circle_stroke(point, 8.0, Stroke::new(1.5, color));
            painter.circle_filled(point, 2.0, theme::ACCENT);
        }
    }
}
