//! The rectangle of a crop, over the picture as it is before: its edges and corners are dragged, and so is all of it.
//!
//! While it is placed, the picture is rendered without the crop and without what moves pixels behind it, so that what is under
//! the pointer is what the rectangle is of. What is exported is the look as it is.

use crate::app::App;
use crate::document::Document;
use crate::place::Place;
use crate::theme;
use bowerbird::param::{Field, Kind};
use bowerbird::{Chain, Frame};
use eframe::egui::{self, Color32, CursorIcon, PointerButton, Pos2, Rect, Response, Stroke, Ui, Vec2};
use serde_json::{Value, json};
use std::sync::Arc;

/// How near to an edge the pointer must be to take it, in points of the screen.
const NEAR: f32 = 10.0;

/// The least side, as a fraction of the picture.
const LEAST: f64 = 0.01;

/// Left, top, right and bottom, as fractions of the picture.
type Edges = [f64; 4];

/// What of the rectangle was taken: edges, or with none of them all of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Grip([bool; 4]);

/// A rectangle that is being dragged.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Held {
    grip: Grip,
    /// What it was, and where it was taken.
    from: (Edges, Pos2),
}

/// What is left out of the look while something is placed: what moves pixels behind a step, and maybe the step itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Unmoved {
    pub step: u64,
    pub itself: bool,
}

/// The look without that, by the revision that it was made of.
#[derive(Debug, Default)]
pub(crate) struct Bare(Option<(Unmoved, u64, Arc<Chain>)>);

/// Whether a parameter is a rectangle of the picture: left, top, width and height.
pub(crate) fn is_rectangle(field: &Field, value: &Value) -> bool {
    field.name == "rect" && value.as_array().is_some_and(|list| list.len() == 4)
}

impl Bare {
    fn chain(&mut self, document: &mut Document, unmoved: Unmoved) -> Arc<Chain> {
        let revision = document.revision();
        if let Some((of, at, chain)) = &self.0
            && (*of, *at) == (unmoved, revision)
        {
            return Arc::clone(chain);
        }
        let mut chain = (*document.chain()).clone();
        let first = document.place_of(unmoved.step).unwrap_or(usize::MAX);
        for (index, step) in chain.steps_mut().iter_mut().enumerate().skip(first) {
            let moves = step.effect().is_some_and(|effect| matches!(effect.info().family, "geometry" | "distort"));
            if if index == first { unmoved.itself } else { moves } {
                step.set_enabled(false);
            }
        }
        let chain = Arc::new(chain);
        self.0 = Some((unmoved, revision, Arc::clone(&chain)));
        chain
    }
}

impl Grip {
    /// What lies under the pointer.
    fn at(rect: Rect, pos: Pos2) -> Option<Self> {
        if !rect.expand(NEAR).contains(pos) {
            return None;
        }
        let near = |a: f32, b: f32| (a - b).abs() <= NEAR;
        let (left, top) = (near(pos.x, rect.left()), near(pos.y, rect.top()));
        // Of a rectangle that is thin, the later edges are taken.
        Some(Self([
            left && !near(pos.x, rect.right()),
            top && !near(pos.y, rect.bottom()),
            near(pos.x, rect.right()),
            near(pos.y, rect.bottom()),
        ]))
    }

    fn cursor(self) -> CursorIcon {
        let [left, top, right, bottom] = self.0;
        match (left || right, top || bottom) {
            (true, true) if (left && top) || (right && bottom) => CursorIcon::ResizeNwSe,
            (true, true) => CursorIcon::ResizeNeSw,
            (true, false) => CursorIcon::ResizeHorizontal,
            (false, true) => CursorIcon::ResizeVertical,
            (false, false) => CursorIcon::Grab,
        }
    }

    /// The rectangle, dragged by a part of the picture; with `keeps`, the proportions stay as they are.
    fn drag(self, from: Edges, by: [f64; 2], keeps: bool) -> Edges {
        let mut edges = from;
        if self == Self([false; 4]) {
            for axis in 0..2 {
                let by = by[axis].clamp(-from[axis], 1.0 - from[axis + 2]);
                edges[axis] += by;
                edges[axis + 2] += by;
            }
            return edges;
        }
        for (index, taken) in self.0.into_iter().enumerate() {
            let other = from[(index + 2) % 4];
            let (low, high) = if index < 2 { (0.0, other - LEAST) } else { (other + LEAST, 1.0) };
            if taken {
                edges[index] = (from[index] + by[index % 2]).clamp(low.min(high), high.max(low));
            }
        }
        let [left, top, right, bottom] = self.0;
        if keeps {
            let side = |edges: &Edges, axis: usize| edges[axis + 2] - edges[axis];
            let across = [(0, left, right), (1, top, bottom)];
            // The smallest change, so that the rectangle stays within the picture: what no hand is at grows to both sides.
            let scales = across.map(|(axis, first, last)| {
                let middle = 0.5 * (from[axis] + from[axis + 2]);
                let most = 2.0 * middle.min(1.0 - middle) / side(&from, axis);
                if first || last { side(&edges, axis) / side(&from, axis) } else { most }
            });
            let scale = scales[0].min(scales[1]);
            for (axis, first, last) in across {
                let length = scale * side(&from, axis);
                let middle = 0.5 * (from[axis] + from[axis + 2]);
                let start = if first {
                    from[axis + 2] - length
                } else if last {
                    from[axis]
                } else {
                    middle - 0.5 * length
                };
                (edges[axis], edges[axis + 2]) = (start, start + length);
            }
        }
        edges
    }
}

fn edges(value: &Value) -> Option<Edges> {
    let number = |index: usize| value.get(index).and_then(Value::as_f64);
    let [left, top, width, height] = [number(0)?, number(1)?, number(2)?, number(3)?];
    Some([left, top, (left + width).min(1.0), (top + height).min(1.0)])
}

fn rectangle([left, top, right, bottom]: Edges) -> Value {
    let round = |v: f64| (v * 1e4).round() / 1e4;
    json!([round(left), round(top), round(right - left), round(bottom - top)])
}

fn on_screen([left, top, right, bottom]: Edges, picture: Rect) -> Rect {
    let at = |x: f64, y: f64| picture.min + Vec2::new(x as f32, y as f32) * picture.size();
    Rect::from_min_max(at(left, top), at(right, bottom))
}

impl App {
    /// What is left out while a rectangle is placed, or a line is drawn. A film that is written keeps its size.
    fn unmoved(&self) -> Option<Unmoved> {
        let place = self.canvas.picking.as_ref().filter(|place| place.owner.mask.is_none())?;
        let (field, value) = self.document.effect_of(&place.owner)?.fields().find(|(f, _)| f.name == place.field)?;
        let free = !self.report.recording && !self.source.virtual_camera;
        let itself = is_rectangle(field, &value.to_json());
        (free && (itself || field.kind == Kind::Angle)).then_some(Unmoved { step: place.owner.step, itself })
    }

    /// Has the picture rendered without what is placed on it, or with it again.
    pub(crate) fn follow_frame(&mut self) {
        let unmoved = self.unmoved();
        if std::mem::replace(&mut self.canvas.unmoved, unmoved) != unmoved {
            self.document.see_anew();
        }
    }

    /// The look as it is to be seen now.
    pub(crate) fn seen_chain(&mut self) -> Arc<Chain> {
        match self.canvas.unmoved {
            Some(unmoved) => self.canvas.bare.chain(&mut self.document, unmoved),
            None => self.document.chain(),
        }
    }

    /// Shows the rectangle of a parameter over the picture, and follows the pointer.
    pub(crate) fn show_frame(
        &mut self,
        ui: &Ui,
        response: &Response,
        canvas: Rect,
        picture: Rect,
        place: &Place,
        value: &Value,
    ) {
        if self.canvas.unmoved.is_none() {
            return;
        }
        let Some(mut now) = self.edges_by_ratio(place).or_else(|| edges(value)) else { return };
        let pressed = ui.input(|input| input.pointer.press_origin());
        if response.drag_started_by(PointerButton::Primary) {
            let taken = pressed.and_then(|pos| Some((Grip::at(on_screen(now, picture), pos)?, pos)));
            self.canvas.held_frame = taken.map(|(grip, pos)| Held { grip, from: (now, pos) });
        }
        let held = self.canvas.held_frame.filter(|_| response.dragged_by(PointerButton::Primary));
        if let (Some(Held { grip, from: (from, start) }), Some(pos)) = (held, response.interact_pointer_pos()) {
            let by = (pos - start) / picture.size();
            let keeps = self.canvas.ratio.is_some() || ui.input(|input| input.modifiers.shift);
            let next = grip.drag(from, [by.x.into(), by.y.into()], keeps);
            if next != now {
                now = next;
                self.place_rectangle(place, now);
            }
        }
        let rect = on_screen(now, picture);
        let under = held.map(|held| held.grip).or(response.hover_pos().and_then(|pos| Grip::at(rect, pos)));
        ui.ctx().set_cursor_icon(under.map_or(CursorIcon::Default, Grip::cursor));
        paint(&ui.painter_at(canvas), picture, rect);
    }

    /// The rectangle of a crop that has a ratio: as large as the picture lets it, where its anchor is.
    fn edges_by_ratio(&self, place: &Place) -> Option<Edges> {
        let step = &self.document.steps()[self.document.place_of(place.owner.step)?];
        let value =
            |name: &str| step.effect()?.fields().find(|(field, _)| field.name == name).map(|(_, v)| v.to_json());
        if value("aspect")? == json!("") {
            return None;
        }
        let (width, height) = self.shown.as_ref()?.full_result;
        let mut alone = Chain::new();
        alone.push(step.clone());
        let cropped = alone.output_frame(&Frame::still(width, height)).ok()?;
        let sides = [f64::from(cropped.width) / f64::from(width), f64::from(cropped.height) / f64::from(height)];
        let anchor = value("anchor")?;
        let [left, top] = [0, 1].map(|axis| (1.0 - sides[axis]) * anchor[axis].as_f64().unwrap_or(0.5));
        Some([left, top, left + sides[0], top + sides[1]])
    }

    /// Gives the rectangle a shape, by the ratio of its sides in fractions of the picture: the largest around its middle.
    pub(crate) fn shape_frame(&mut self, place: &Place, ratio: f64) {
        let found = self.document.effect_of(&place.owner).and_then(|effect| {
            effect.fields().find(|(field, _)| field.name == place.field).map(|(_, value)| value.to_json())
        });
        let Some(now) = self.edges_by_ratio(place).or_else(|| edges(&found?)) else { return };
        self.place_rectangle(place, shaped(now, ratio));
        self.document.settle();
    }

    /// Sets the rectangle, which holds from now on in the place of a ratio.
    fn place_rectangle(&mut self, place: &Place, edges: Edges) {
        self.set_parameter(place, &rectangle(edges));
        let ratio = Place { field: "aspect", ..place.clone() };
        let found = self
            .document
            .effect_of(&ratio.owner)
            .and_then(|effect| effect.fields().find(|(f, _)| f.name == ratio.field));
        if found.is_some_and(|(_, value)| value.to_json() != json!("")) {
            self.set_parameter(&ratio, &json!(""));
        }
    }
}

/// The largest rectangle of a shape around the middle of another one.
fn shaped(edges: Edges, ratio: f64) -> Edges {
    let middle = [0, 1].map(|axis| 0.5 * (edges[axis] + edges[axis + 2]));
    let [most_x, most_y] = middle.map(|v| v.min(1.0 - v));
    let half = [most_x.min(most_y * ratio), most_y.min(most_x / ratio)];
    [middle[0] - half[0], middle[1] - half[1], middle[0] + half[0], middle[1] + half[1]]
}

/// The rectangle with its thirds; what is cut off is dark.
fn paint(painter: &egui::Painter, picture: Rect, rect: Rect) {
    let dark = Color32::from_black_alpha(150);
    let band = |min: Pos2, max: Pos2| painter.rect_filled(Rect::from_min_max(min, max), 0.0, dark);
    band(picture.min, Pos2::new(picture.right(), rect.top()));
    band(Pos2::new(picture.left(), rect.bottom()), picture.max);
    band(Pos2::new(picture.left(), rect.top()), Pos2::new(rect.left(), rect.bottom()));
    band(Pos2::new(rect.right(), rect.top()), Pos2::new(picture.right(), rect.bottom()));
    let thin = Stroke::new(1.0, Color32::from_white_alpha(90));
    for part in [1.0 / 3.0, 2.0 / 3.0] {
        painter.vline(rect.left() + part * rect.width(), rect.y_range(), thin);
        painter.hline(rect.x_range(), rect.top() + part * rect.height(), thin);
    }
    painter.rect_stroke(rect, 0.0, Stroke::new(3.0, Color32::from_black_alpha(120)), egui::StrokeKind::Middle);
    painter.rect_stroke(rect, 0.0, Stroke::new(1.5, Color32::WHITE), egui::StrokeKind::Middle);
    let middle = rect.center();
    for x in [rect.left(), middle.x, rect.right()] {
        for y in [rect.top(), middle.y, rect.bottom()] {
            if Pos2::new(x, y) != middle {
                let handle = Rect::from_center_size(Pos2::new(x, y), Vec2::splat(8.0));
                painter.rect(handle, 2.0, Color32::WHITE, Stroke::new(1.0, theme::ACCENT), egui::StrokeKind::Middle);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edges_and_corners_move_by_themselves_and_the_rest_moves_all() {
        let from = [0.2, 0.2, 0.6, 0.8];
        let grip = |left, top, right, bottom| Grip([left, top, right, bottom]);
        let near = |a: Edges, b: Edges| assert!(a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-9), "{a:?}, {b:?}");
        near(grip(true, false, false, false).drag(from, [0.1, 0.3], false), [0.3, 0.2, 0.6, 0.8]);
        near(grip(false, false, true, true).drag(from, [0.9, -0.1], false), [0.2, 0.2, 1.0, 0.7]);
        near(grip(true, true, false, false).drag(from, [0.9, 0.9], false), [0.59, 0.79, 0.6, 0.8]);
        near(grip(false, false, false, false).drag(from, [0.9, -0.1], false), [0.6, 0.1, 1.0, 0.7]);
        // In proportion: half as wide is half as high.
        near(grip(false, false, true, true).drag(from, [-0.2, -0.1], true), [0.2, 0.2, 0.4, 0.5]);
        near(grip(true, true, false, false).drag(from, [0.0, 0.3], true), [0.4, 0.5, 0.6, 0.8]);
        near(grip(false, false, true, false).drag(from, [-0.2, 0.0], true), [0.2, 0.35, 0.4, 0.65]);
        // No farther than the picture goes.
        near(grip(false, false, true, false).drag(from, [0.4, 0.0], true), [0.2, 0.0, 0.2 + 0.4 / 0.6, 1.0]);
    }

    #[test]
    fn a_shape_is_as_large_as_the_picture_lets_it_around_the_middle() {
        let near = |a: Edges, b: Edges| assert!(a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-9), "{a:?}, {b:?}");
        near(shaped([0.0, 0.0, 1.0, 1.0], 0.5), [0.25, 0.0, 0.75, 1.0]);
        near(shaped([0.2, 0.2, 0.4, 0.6], 2.0), [0.0, 0.25, 0.6, 0.55]);
    }

    #[test]
    fn what_lies_under_the_pointer_is_taken() {
        let rect = Rect::from_min_max(Pos2::new(100.0, 100.0), Pos2::new(300.0, 200.0));
        let at = |x, y| Grip::at(rect, Pos2::new(x, y)).map(|grip| grip.0);
        assert_eq!(at(104.0, 95.0), Some([true, true, false, false]));
        assert_eq!(at(300.0, 150.0), Some([false, false, true, false]));
        assert_eq!(at(200.0, 150.0), Some([false; 4]));
        assert_eq!(at(80.0, 150.0), None);
    }
}
