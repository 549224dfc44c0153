//! What lies around a position that is placed on the picture: how far the effect reaches and how it is turned, as an outline
//! with handles.
//!
//! There is no list of effects here. An effect whose `center` is placed has an outline if it has a `radius` or a `size` too, and
//! a knob if it has an `angle`.

use crate::app::App;
use crate::place::Place;
use crate::theme;
use crate::widgets::Length;
use bowerbird::effect::Effect;
use bowerbird::param::{Field, Kind};
use eframe::egui::{Color32, CursorIcon, Painter, PointerButton, Pos2, Rect, Response, Shape, Stroke, Ui, Vec2};
use serde_json::{Value, json};

/// How near to a handle the pointer must be to take it, in points of the screen.
const NEAR: f32 = 11.0;

/// From an outline to its knob, and from a point without one.
const STEM: f32 = 28.0;
const ARM: f32 = 64.0;

/// Degrees between the turns that Shift stops at.
const STOPS: f64 = 15.0;

/// How far an effect reaches.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Extent {
    /// A length in all directions.
    Radius(&'static str),
    /// A height; the width follows by this ratio.
    Height(&'static str, f32),
    /// Width and height, as fractions of the picture's.
    Sides(&'static str),
}

/// What of an outline is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Grip {
    Side,
    Bottom,
    Corner,
    Knob,
}

/// What of an outline lies under the pointer, or is held.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Under {
    /// Nothing: the position goes where the pointer is.
    Nothing,
    /// A handle.
    Handle,
    /// What it encloses: the position follows the pointer, with its middle so far away.
    Inside(Vec2),
}

/// A handle that is being dragged.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Held {
    grip: Grip,
    /// The outline when it was taken.
    from: Outline,
    /// How far it has been turned, and where the pointer was last, in degrees.
    turned: f64,
    last: f64,
}

/// An outline on the screen.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Outline {
    center: Pos2,
    /// Half of its width and height; nothing for a position that is turned only.
    half: Option<Vec2>,
    extent: Option<Extent>,
    is_round: bool,
    /// The parameter that turns it, and by how many degrees counter-clockwise.
    turn: Option<(&'static str, f64)>,
    /// Whether a turn beyond half a circle is another one.
    winds: bool,
}

/// What is dragged to: parameters with their values.
type Changes = Vec<(&'static str, Value)>;

fn field_of(effect: &dyn Effect, name: &str, kind: impl Fn(&Field) -> bool) -> Option<(&'static str, Value)> {
    effect
        .fields()
        .find(|(field, _)| field.name == name && kind(field))
        .map(|(field, value)| (field.name, value.to_json()))
}

fn numbers(value: &Value) -> Option<[f64; 2]> {
    Some([value.get(0)?.as_f64()?, value.get(1)?.as_f64()?])
}

/// Whether an effect is drawn on the picture, more than that it has a middle.
pub(crate) fn is_drawn(effect: &dyn Effect) -> bool {
    matches!(extent(effect, |_| 1.0), Some(Extent::Height(..) | Extent::Sides(_)))
}

/// Whether there are handles around the middle of an effect.
pub(crate) fn has_handles(effect: &dyn Effect) -> bool {
    let picture = Rect::from_min_size(Pos2::ZERO, Vec2::splat(1.0));
    Outline::of(effect, picture, 1.0, |_| 1.0).is_some()
}

fn extent(effect: &dyn Effect, ratio: impl Fn(&str) -> f32) -> Option<Extent> {
    field_of(effect, "center", |field| field.kind == Kind::Position)?;
    let length = |field: &Field| field.kind == Kind::Length;
    if let Some((name, _)) = field_of(effect, "radius", length) {
        return Some(Extent::Radius(name));
    }
    if let Some((name, _)) = field_of(effect, "size", length) {
        let asset = effect.fields().find(|(field, _)| field.kind == Kind::Asset)?.1.to_json();
        return Some(Extent::Height(name, ratio(asset.as_str()?)));
    }
    let (name, _) = field_of(effect, "size", |field| field.kind == Kind::Number && field.count == 2)?;
    Some(Extent::Sides(name))
}

impl Outline {
    /// The outline of an effect on a picture whose short side has so many pixels.
    fn of(effect: &dyn Effect, picture: Rect, side: f64, ratio: impl Fn(&str) -> f32) -> Option<Self> {
        // A shape that is given by points has neither.
        let shape = |name: &str| field_of(effect, "shape", |_| true).is_some_and(|(_, shape)| shape == name);
        if shape("polygon") || shape("linear") {
            return None;
        }
        let center = numbers(&field_of(effect, "center", |_| true)?.1)?;
        let center = picture.min + Vec2::new(center[0] as f32, center[1] as f32) * picture.size();
        let extent = extent(effect, ratio);
        let value = |name: &str| field_of(effect, name, |_| true).map(|(_, value)| value);
        let length = |name: &str| Some(Length::of(&value(name)?, side)?.fraction as f32 * picture.size().min_elem());
        let half = match extent {
            None => None,
            Some(Extent::Radius(name)) => Some(Vec2::splat(length(name)?)),
            Some(Extent::Height(name, ratio)) => Some(Vec2::new(ratio, 1.0) * (0.5 * length(name)?)),
            Some(Extent::Sides(name)) => {
                let [width, height] = numbers(&value(name)?)?;
                Some(Vec2::new(width as f32, height as f32) * picture.size() * 0.5)
            }
        };
        let turn = effect.fields().find(|(field, _)| field.name == "angle" && field.kind == Kind::Angle);
        let winds = turn.as_ref().is_some_and(|(field, _)| field.hard.is_some_and(|(_, high)| high > 180.0));
        let turn = turn.and_then(|(field, value)| Some((field.name, value.to_json().as_f64()?)));
        let is_rect = shape("rect") || matches!(extent, Some(Extent::Height(..)));
        // Where a radius of 0 is none, there is no ring.
        let half = half.filter(|half| half.max_elem() > 0.0);
        (half.is_some() || turn.is_some()).then_some(Self { center, half, extent, is_round: !is_rect, turn, winds })
    }

    /// From the outline's own directions to the screen's.
    fn turned(&self, v: Vec2) -> Vec2 {
        let angle = self.turn.map_or(0.0, |(_, degrees)| degrees.to_radians());
        let (sin, cos) = (angle.sin() as f32, angle.cos() as f32);
        Vec2::new(cos * v.x + sin * v.y, cos * v.y - sin * v.x)
    }

    /// The place of a point of the screen in the outline's own directions.
    fn own(&self, pos: Pos2) -> Vec2 {
        let back = Self { turn: self.turn.map(|(name, degrees)| (name, -degrees)), ..*self };
        back.turned(pos - self.center)
    }

    /// The handles there are, each with its place.
    fn handles(&self) -> Vec<(Grip, Pos2)> {
        let mut handles = Vec::new();
        let mut put = |grip, x: f32, y: f32| handles.push((grip, self.center + self.turned(Vec2::new(x, y))));
        if let Some(half) = self.half {
            // On all sides, so that one of them is in sight.
            let sides = !matches!(self.extent, Some(Extent::Height(..)));
            for sign in [1.0, -1.0] {
                if sides {
                    put(Grip::Side, sign * half.x, 0.0);
                    put(Grip::Bottom, 0.0, sign * half.y);
                }
                if !matches!(self.extent, Some(Extent::Radius(_))) {
                    put(Grip::Corner, sign * half.x, half.y);
                    put(Grip::Corner, sign * half.x, -half.y);
                }
            }
        }
        if self.turn.is_some() {
            match self.half {
                Some(half) => put(Grip::Knob, 0.0, -half.y - STEM),
                None => put(Grip::Knob, ARM, 0.0),
            }
        }
        handles
    }

    /// The handle under the pointer, unless the middle is nearer.
    fn under(&self, pos: Pos2) -> Option<Grip> {
        let nearest = self.handles().into_iter().map(|(grip, place)| (grip, place.distance(pos)));
        let nearest = nearest.min_by(|a, b| a.1.total_cmp(&b.1))?;
        (nearest.1 <= NEAR.min(self.center.distance(pos))).then_some(nearest.0)
    }

    /// Whether the outline encloses a point.
    fn encloses(&self, pos: Pos2) -> bool {
        let Some(half) = self.half else { return false };
        let part = self.own(pos).abs() / half.max(Vec2::splat(1e-3));
        if self.is_round { part.length() <= 1.0 } else { part.max_elem() <= 1.0 }
    }

    /// Where the pointer is around the middle, in degrees counter-clockwise.
    fn degrees(&self, pos: Pos2) -> f64 {
        let v = pos - self.center;
        f64::from(-v.y).atan2(f64::from(v.x)).to_degrees()
    }

    /// The outline's half sides, dragged by a handle to a place; with `keeps`, in proportion.
    fn drag(&self, grip: Grip, pos: Pos2, keeps: bool) -> Option<Vec2> {
        let (half, own) = (self.half?, self.own(pos).abs());
        if let Some(Extent::Radius(_)) = self.extent {
            return Some(Vec2::splat((pos - self.center).length()));
        }
        Some(match grip {
            Grip::Side if keeps => half * (own.x / half.x.max(1.0)),
            Grip::Bottom if keeps => half * (own.y / half.y.max(1.0)),
            Grip::Side => Vec2::new(own.x, half.y),
            Grip::Bottom => Vec2::new(half.x, own.y),
            Grip::Corner | Grip::Knob => half * (own.dot(half) / half.length_sq().max(1.0)),
        })
    }

    /// What half sides are as the parameter.
    fn value(&self, half: Vec2, picture: Rect, old: &Value, side: f64) -> Option<(&'static str, Value)> {
        let round = |v: f32| (f64::from(v) * 1e4).round() / 1e4;
        let short = picture.size().min_elem();
        let length = |points: f32| {
            let old = Length::of(old, side)?;
            Some(old.with(round(points / short)).to_json(side))
        };
        Some(match self.extent? {
            Extent::Radius(name) => (name, length(half.y)?),
            Extent::Height(name, _) => (name, length(2.0 * half.y)?),
            Extent::Sides(name) => {
                let sides = 2.0 * half / picture.size();
                (name, json!([round(sides.x), round(sides.y)]))
            }
        })
    }

    fn paint(&self, painter: &Painter, hovered: Option<Grip>) {
        let (dark, thin) = (Stroke::new(3.0, Color32::from_black_alpha(110)), Stroke::new(1.3, Color32::WHITE));
        let at = |x: f32, y: f32| self.center + self.turned(Vec2::new(x, y));
        let mut lines: Vec<Shape> = Vec::new();
        if let Some(half) = self.half {
            let corners = if self.is_round {
                let on_circle = |n: u32| (f64::from(n) * core::f64::consts::TAU / 96.0).sin_cos();
                let corner = |(sin, cos): (f64, f64)| at(half.x * cos as f32, half.y * sin as f32);
                (0..96).map(|n| corner(on_circle(n))).collect()
            } else {
                [(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)].map(|(x, y)| at(x * half.x, y * half.y)).to_vec()
            };
            lines.extend([dark, thin].map(|stroke| Shape::closed_line(Vec::clone(&corners), stroke)));
        }
        if self.turn.is_some() {
            let ends = match self.half {
                Some(half) => [at(0.0, -half.y), at(0.0, -half.y - STEM)],
                None => [self.center, at(ARM, 0.0)],
            };
            lines.extend([dark, thin].map(|stroke| Shape::line_segment(ends, stroke)));
        }
        painter.extend(lines);
        for (grip, place) in self.handles() {
            let color = if hovered == Some(grip) { theme::ACCENT } else { Color32::WHITE };
            if grip == Grip::Knob {
                painter.circle(place, 5.5, color, Stroke::new(1.0, theme::ACCENT));
            } else {
                let square = Rect::from_center_size(place, Vec2::splat(9.0));
                let stroke = Stroke::new(1.0, theme::ACCENT);
                painter.rect(square, 2.0, color, stroke, eframe::egui::StrokeKind::Middle);
            }
        }
    }
}

impl Held {
    /// How far the outline is turned when the pointer is at a place; with `stops`, by whole fractions of a circle.
    fn turn(&mut self, pos: Pos2, stops: bool) -> Option<(&'static str, f64)> {
        let (name, from) = self.from.turn?;
        let now = self.from.degrees(pos);
        // The short way around from where the pointer was.
        self.turned += (now - self.last + 540.0).rem_euclid(360.0) - 180.0;
        self.last = now;
        let to = from + self.turned;
        let to = if stops { (to / STOPS).round() * STOPS } else { (to * 10.0).round() / 10.0 };
        let to = if self.from.winds { to } else { (to + 180.0).rem_euclid(360.0) - 180.0 };
        Some((name, to))
    }
}

impl App {
    /// Shows what lies around the position that is placed, and follows its handles; what the pointer has to do with it.
    pub(crate) fn show_around(
        &mut self,
        ui: &Ui,
        response: &Response,
        canvas: Rect,
        picture: Rect,
        place: &Place,
    ) -> Under {
        let side = self.shown.as_ref().map_or(1080, |shown| shown.full_result.0.min(shown.full_result.1)).max(1).into();
        let Some(outline) = self.outline(place, picture, side) else { return Under::Nothing };
        let pressed = ui.input(|input| input.pointer.press_origin());
        if response.drag_started_by(PointerButton::Primary) {
            self.canvas.held_around = pressed.and_then(|pos| {
                let (grip, last) = (outline.under(pos)?, outline.degrees(pos));
                Some(Held { grip, from: outline, turned: 0.0, last })
            });
            let inside = pressed.filter(|pos| self.canvas.held_around.is_none() && outline.encloses(*pos));
            self.canvas.held_inside = inside.map(|pos| outline.center - pos);
        }
        if !response.dragged_by(PointerButton::Primary) {
            (self.canvas.held_around, self.canvas.held_inside) = (None, None);
        }
        if let (Some(held), Some(pos)) = (&mut self.canvas.held_around, response.interact_pointer_pos()) {
            let shift = ui.input(|input| input.modifiers.shift);
            let mut changes = Changes::new();
            if held.grip == Grip::Knob {
                changes.extend(held.turn(pos, shift).map(|(name, degrees)| (name, json!(degrees))));
            } else if let Some(half) = held.from.drag(held.grip, pos, shift) {
                let old = held.from.extent.and_then(|extent| {
                    let (Extent::Radius(name) | Extent::Height(name, _) | Extent::Sides(name)) = extent;
                    let effect = self.document.effect_of(&place.owner)?;
                    field_of(effect, name, |_| true).map(|(_, value)| value)
                });
                changes.extend(held.from.value(half, picture, &old.unwrap_or_default(), side));
            }
            for (field, value) in changes {
                let there = self.document.effect_of(&place.owner).and_then(|effect| field_of(effect, field, |_| true));
                if there.is_some_and(|(_, old)| old != value) {
                    self.set_parameter(&Place { field, ..place.clone() }, &value);
                }
            }
        }
        let held = self.canvas.held_around.map(|held| held.grip);
        // A click on a handle is none on the picture.
        let hovered = held.or(response.hover_pos().and_then(|pos| outline.under(pos)));
        if let Some(outline) = self.outline(place, picture, side) {
            outline.paint(&ui.painter_at(canvas), hovered);
        }
        if let Some(grip) = hovered {
            ui.ctx().set_cursor_icon(if grip == Grip::Knob { CursorIcon::Grab } else { CursorIcon::Move });
        }
        if hovered.is_some() {
            return Under::Handle;
        }
        let inside = response.hover_pos().filter(|pos| !response.dragged() && outline.encloses(*pos));
        let away = self.canvas.held_inside.or(inside.map(|pos| outline.center - pos));
        away.map_or(Under::Nothing, Under::Inside)
    }

    fn outline(&self, place: &Place, picture: Rect, side: f64) -> Option<Outline> {
        if place.field != "center" {
            return None;
        }
        let effect = self.document.effect_of(&place.owner)?;
        let ratio = |asset: &str| {
            let image = self.document.recipe().chain().assets().picture(asset);
            image.map_or(1.0, |image| image.width() as f32 / image.height().max(1) as f32)
        };
        Outline::of(effect, picture, side, ratio)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bowerbird::effects;

    const PICTURE: Rect = Rect::from_min_max(Pos2::new(100.0, 50.0), Pos2::new(500.0, 250.0));

    fn outline(id: &str, set: &[(&str, Value)]) -> Option<Outline> {
        let mut effect = effects::find(id).unwrap();
        for (name, value) in set {
            crate::place::set(effect.as_mut(), name, value).unwrap().unwrap();
        }
        Outline::of(effect.as_ref(), PICTURE, 1000.0, |_| 2.0)
    }

    fn near(a: Pos2, b: Pos2) {
        assert!(a.distance(b) < 1e-3, "{a:?}, {b:?}");
    }

    #[test]
    fn what_an_effect_has_is_on_the_picture() {
        let grips = |id, set: &[_]| {
            let count = |handles: &[(Grip, Pos2)], grip| handles.iter().filter(|(other, _)| *other == grip).count();
            let handles = outline(id, set)?.handles();
            Some([Grip::Side, Grip::Bottom, Grip::Corner, Grip::Knob].map(|grip| count(&handles, grip)))
        };
        assert_eq!(grips("mask_shape", &[]), Some([2, 2, 4, 1]));
        assert_eq!(grips("mask_shape", &[("shape", json!("linear"))]), None);
        assert_eq!(grips("sticker", &[]), Some([0, 0, 4, 1]));
        assert_eq!(grips("bulge", &[]), Some([2, 2, 0, 0]));
        assert_eq!(grips("ripple", &[]), None, "its radius is nowhere");
        assert_eq!(grips("affine", &[]), Some([0, 0, 0, 1]));
        assert_eq!(grips("vignette", &[]), None);
        assert!(has_handles(effects::find("affine").unwrap().as_ref()));
        assert_eq!(grips("exposure", &[]), None);
    }

    #[test]
    fn handles_are_turned_with_the_outline_counter_clockwise() {
        let outline = outline("mask_shape", &[("size", json!([0.5, 0.5])), ("angle", json!(90))]).unwrap();
        let at = |grip| outline.handles().into_iter().find(|(other, _)| *other == grip).unwrap().1;
        // Half as wide as 400 points: what was at the right end is above.
        near(at(Grip::Side), Pos2::new(300.0, 50.0));
        near(at(Grip::Bottom), Pos2::new(350.0, 150.0));
        near(at(Grip::Knob), Pos2::new(300.0 - 50.0 - STEM, 150.0));
        assert_eq!(outline.under(Pos2::new(304.0, 54.0)), Some(Grip::Side));
        assert_eq!(outline.under(Pos2::new(304.0, 154.0)), None);
        assert!(outline.encloses(Pos2::new(300.0, 60.0)) && !outline.encloses(Pos2::new(360.0, 150.0)));
    }

    #[test]
    fn a_handle_that_is_dragged_sets_its_parameter() {
        let shape = outline("mask_shape", &[("angle", json!(90))]).unwrap();
        let dragged = |outline: &Outline, grip, pos, keeps, old: Value| {
            outline.value(outline.drag(grip, pos, keeps).unwrap(), PICTURE, &old, 1000.0).unwrap()
        };
        let up = Pos2::new(300.0, 110.0);
        assert_eq!(dragged(&shape, Grip::Side, up, false, json!([0.5, 0.5])), ("size", json!([0.2, 0.5])));
        assert_eq!(
            dragged(&shape, Grip::Corner, Pos2::new(325.0, 100.0), false, json!([])),
            ("size", json!([0.25, 0.25]))
        );
        let bulge = outline("bulge", &[]).unwrap();
        let right = Pos2::new(360.0, 150.0);
        assert_eq!(dragged(&bulge, Grip::Side, right, false, json!(0.35)), ("radius", json!(0.3)));
        // What is in pixels stays so.
        assert_eq!(dragged(&bulge, Grip::Side, right, false, json!("9px")), ("radius", json!("300px")));
        // A sticker twice as wide as high, by its corner.
        let sticker = outline("sticker", &[]).unwrap();
        near(sticker.half.unwrap().to_pos2(), Pos2::new(60.0, 30.0));
        assert_eq!(dragged(&sticker, Grip::Corner, Pos2::new(340.0, 170.0), false, json!(0.3)), ("size", json!(0.2)));
    }

    #[test]
    fn a_knob_is_turned_the_short_way_and_winds_where_that_means_something() {
        let turn = |id, angle: f64, stops| {
            let outline = outline(id, &[("angle", json!(angle))]).unwrap();
            let mut held = Held { grip: Grip::Knob, from: outline, turned: 0.0, last: 170.0 };
            // From 170 degrees, over 180, to 200.
            let at = |degrees: f32| {
                let (sin, cos) = f64::from(degrees).to_radians().sin_cos();
                outline.center + Vec2::new(cos as f32, -sin as f32) * 50.0
            };
            held.turn(at(184.0), stops);
            held.turn(at(200.0), stops).unwrap().1
        };
        assert_eq!(turn("affine", 170.0, false), -160.0);
        assert_eq!(turn("swirl", 350.0, false), 380.0);
        assert_eq!(turn("swirl", 8.0, true), 45.0);
    }
}
