//! A tone curve under the pointer: drag a point, click for a new one, double or right click to remove one.

use crate::theme;
use bowerbird::spline::{Interpolation, Spline};
use eframe::egui::{self, Pos2, Rect, Sense, Shape, Stroke, Ui};
use serde_json::{Value, json};

/// How near to a point the pointer must be to take it.
const REACH: f32 = 10.0;

/// The least distance between two points, as recipes demand it.
const APART: f64 = 1.0 / 512.0;

/// Most points of a curve.
const MOST: usize = 32;

/// Shows a curve; what it was changed to.
pub(crate) fn show(ui: &mut Ui, label: &str, value: &Value) -> Option<Value> {
    let mut points: Vec<[f64; 2]> =
        value.as_array()?.iter().filter_map(|point| Some([point.get(0)?.as_f64()?, point.get(1)?.as_f64()?])).collect();
    // As wide as the sliders are, and never so high that the panel shows nothing else.
    let width = (ui.available_width() - crate::widgets::reset_width(ui)).max(80.0);
    let (rect, response) =
        ui.allocate_exact_size(egui::vec2(width, (0.66 * width).min(200.0)), Sense::click_and_drag());
    crate::widgets::name(&response, label);
    let inner = rect.shrink(6.0);
    let to_screen = |[x, y]: [f64; 2]| {
        Pos2::new(inner.left() + x as f32 * inner.width(), inner.bottom() - (y as f32).clamp(0.0, 1.0) * inner.height())
    };
    let to_curve = |pos: Pos2| {
        [
            f64::from((pos.x - inner.left()) / inner.width()).clamp(0.0, 1.0),
            f64::from((inner.bottom() - pos.y) / inner.height()).clamp(0.0, 1.0),
        ]
    };
    let nearest = |points: &[[f64; 2]], pos: Pos2| {
        let distances = points.iter().enumerate().map(|(index, point)| (index, to_screen(*point).distance(pos)));
        distances.min_by(|a, b| a.1.total_cmp(&b.1)).filter(|(_, distance)| *distance < REACH).map(|(index, _)| index)
    };
    let held = response.id.with("held");
    let mut changed = false;
    if let Some(pos) = response.interact_pointer_pos() {
        if response.double_clicked() || response.secondary_clicked() {
            if let Some(index) = nearest(&points, pos).filter(|index| *index > 0 && index + 1 < points.len()) {
                points.remove(index);
                changed = true;
            }
        } else if response.drag_started_by(egui::PointerButton::Primary) || response.clicked() {
            let origin = ui.input(|input| input.pointer.press_origin()).unwrap_or(pos);
            let mut index = nearest(&points, origin);
            if index.is_none() && points.len() < MOST {
                let point = to_curve(origin);
                let place = points.iter().position(|other| other[0] > point[0]).unwrap_or(points.len());
                let free = |other: &[f64; 2]| (other[0] - point[0]).abs() > APART;
                if points.iter().all(free) {
                    points.insert(place, point);
                    (index, changed) = (Some(place), true);
                }
            }
            ui.data_mut(|data| data.insert_temp(held, index));
        }
        if response.dragged_by(egui::PointerButton::Primary)
            && let Some(Some(index)) = ui.data(|data| data.get_temp::<Option<usize>>(held))
            && index < points.len()
        {
            let [x, y] = to_curve(pos);
            let low = if index == 0 { 0.0 } else { points[index - 1][0] + APART };
            let high = points.get(index + 1).map_or(1.0, |next| next[0] - APART);
            points[index] = [x.clamp(low.min(high), high), y];
            changed = true;
        }
    }
    paint(ui, rect, inner, &points, &to_screen, response.hovered());
    changed.then(|| json!(points))
}

fn paint(ui: &Ui, rect: Rect, inner: Rect, points: &[[f64; 2]], to_screen: &impl Fn([f64; 2]) -> Pos2, hovered: bool) {
    let painter = ui.painter_at(rect);
    let visuals = ui.visuals();
    painter.rect_filled(rect, 4.0, visuals.extreme_bg_color);
    let line = Stroke::new(1.0, visuals.widgets.noninteractive.bg_stroke.color);
    for part in 1..4 {
        let at = part as f32 / 4.0;
        painter.vline(inner.left() + at * inner.width(), inner.y_range(), line);
        painter.hline(inner.x_range(), inner.top() + at * inner.height(), line);
    }
    painter.line_segment([inner.left_bottom(), inner.right_top()], line);
    let spline = Spline::new(points, Interpolation::Monotone);
    let trace = (0..=64).map(|step| {
        let x = f64::from(step) / 64.0;
        to_screen([x, spline.at(x)])
    });
    painter.add(Shape::line(trace.collect(), Stroke::new(1.5, theme::ACCENT)));
    for point in points {
        let center = to_screen(*point);
        painter.circle(center, if hovered { 4.5 } else { 3.5 }, visuals.panel_fill, Stroke::new(1.5, theme::ACCENT));
    }
}
