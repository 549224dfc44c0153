//! A gradient under the pointer: drag a stop along the bar, click the bar for a new one, double or right click or press
//! Delete to remove one. Below, the stop that is chosen: its place, its color, and the gradient turned around.

use crate::icon::Icon;
use crate::theme;
use crate::widgets::{self, color};
use bowerbird::effects::lut::gradient_map::{GradientMap, MixSpace};
use bowerbird::param::{Color, Gradient, Param, Stop};
use eframe::egui::epaint::Mesh;
use eframe::egui::{self, Color32, DragValue, Key, Pos2, Rect, Response, Sense, Shape, Stroke, StrokeKind, Ui, Vec2};
use serde_json::Value;

/// Height of the bar, and of the handles below it.
const BAR: f32 = 26.0;
const HANDLE: f32 = 17.0;

/// Half the width of a handle, and how near the pointer must be to take it.
const HALF: f32 = 6.0;
const REACH: f32 = 9.0;

/// A square of the checkerboard that is seen through what is translucent.
const SQUARE: f32 = 6.5;

/// Columns of the bar, which the colors between are straight lines between.
const COLUMNS: u16 = 128;

/// How far an arrow key moves a stop, and with Shift.
const NUDGE: f64 = 0.01;
const FINE_NUDGE: f64 = 0.001;

/// Shows a gradient; what it was changed to.
pub(crate) fn show(ui: &mut Ui, label: &str, value: &Value, mix: MixSpace) -> Option<Value> {
    let mut gradient = Gradient::default();
    gradient.set(value).ok()?;
    let before = gradient.clone();
    let width = (ui.available_width() - widgets::reset_width(ui)).max(80.0);
    let (rect, response) = ui.allocate_exact_size(Vec2::new(width, BAR + HANDLE), Sense::click_and_drag());
    response.widget_info(|| egui::WidgetInfo::new(egui::Role::Slider));
    widgets::name(&response, label);
    let response = response.on_hover_text(
        "Click for another stop, drag one to move it; a right click, a double click or Delete removes it. \
         Arrows move the chosen one, finely with Shift; Page Up and Page Down choose",
    );
    let id = response.id.with("chosen");
    let mut chosen = ui.data(|data| data.get_temp::<usize>(id)).unwrap_or(0).min(gradient.0.len() - 1);
    let bar = Bar { rect: Rect::from_min_size(rect.min + Vec2::new(HALF, 0.0), Vec2::new(width - 2.0 * HALF, BAR)) };
    point(ui, &response, &bar, mix, &mut gradient, &mut chosen);
    keys(ui, &response, &mut gradient, &mut chosen);
    paint(ui, &response, &bar, mix, &gradient, chosen);
    controls(ui, label, &mut gradient, &mut chosen);
    ui.data_mut(|data| data.insert_temp(id, chosen));
    (gradient != before).then(|| gradient.to_json())
}

/// A position in steps that can be typed.
fn thousandths(at: f64) -> f64 {
    (at * 1000.0).round() / 1000.0
}

/// Where the colors are.
struct Bar {
    rect: Rect,
}

impl Bar {
    fn x(&self, at: f64) -> f32 {
        self.rect.left() + at as f32 * self.rect.width()
    }

    /// The position under the pointer.
    fn at(&self, x: f32) -> f64 {
        let at = f64::from((x - self.rect.left()) / self.rect.width()).clamp(0.0, 1.0);
        thousandths(at)
    }

    /// The stop under the pointer: the chosen one rather than others at its place.
    fn nearest(&self, gradient: &Gradient, chosen: usize, x: f32) -> Option<usize> {
        let apart = |index: usize| (self.x(gradient.0[index].at) - x).abs() - if index == chosen { 0.5 } else { 0.0 };
        (0..gradient.0.len()).min_by(|a, b| apart(*a).total_cmp(&apart(*b))).filter(|index| apart(*index) < REACH)
    }
}

/// What the pointer does.
fn point(ui: &Ui, response: &Response, bar: &Bar, mix: MixSpace, gradient: &mut Gradient, chosen: &mut usize) {
    let Some(pos) = response.interact_pointer_pos() else { return };
    let held = response.id.with("held");
    if response.double_clicked() || response.secondary_clicked() {
        if let Some(index) = bar.nearest(gradient, *chosen, pos.x) {
            remove(gradient, index, chosen);
        }
        return;
    }
    if response.drag_started_by(egui::PointerButton::Primary) || response.clicked() {
        response.request_focus();
        let origin = ui.input(|input| input.pointer.press_origin()).unwrap_or(pos);
        let mut index = bar.nearest(gradient, *chosen, origin.x);
        if index.is_none() && bar.rect.y_range().contains(origin.y) {
            index = add(gradient, mix, bar.at(origin.x));
        }
        *chosen = index.unwrap_or(*chosen);
        ui.data_mut(|data| data.insert_temp(held, index));
    }
    if response.dragged_by(egui::PointerButton::Primary)
        && let Some(Some(index)) = ui.data(|data| data.get_temp::<Option<usize>>(held))
    {
        place(gradient, index, bar.at(pos.x));
    }
}

/// Where the bar is kept that has the focus.
fn focused() -> egui::Id {
    egui::Id::unique("focused gradient")
}

/// The keys that are a gradient's own while it has the focus, whatever they do elsewhere.
pub(crate) const KEYS: [Key; 4] = [Key::Delete, Key::Backspace, Key::PageUp, Key::PageDown];

/// Whether a gradient has the focus.
pub(crate) fn has_focus(context: &egui::Context) -> bool {
    let bar = context.data(|data| data.get_temp::<egui::Id>(focused()));
    bar.is_some() && context.memory(|memory| memory.focused()) == bar
}

/// What the keyboard does to the chosen stop.
fn keys(ui: &Ui, response: &Response, gradient: &mut Gradient, chosen: &mut usize) {
    if !response.has_focus() {
        return;
    }
    ui.data_mut(|data| data.insert_temp(focused(), response.id));
    let filter = egui::EventFilter { horizontal_arrows: true, ..Default::default() };
    ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, filter));
    let count = |key| ui.input(|input| input.num_presses(key));
    let steps = count(Key::ArrowRight) as f64 - count(Key::ArrowLeft) as f64;
    if steps != 0.0 {
        let nudge = if ui.input(|input| input.modifiers.shift) { FINE_NUDGE } else { NUDGE };
        let to = gradient.0[*chosen].at + steps * nudge;
        place(gradient, *chosen, thousandths(to));
    }
    let last = gradient.0.len() - 1;
    *chosen = (*chosen + count(Key::PageDown)).saturating_sub(count(Key::PageUp)).min(last);
    let take = |key| ui.input_mut(|input| input.consume_key(egui::Modifiers::NONE, key));
    if take(Key::Delete) || take(Key::Backspace) {
        remove(gradient, *chosen, chosen);
    }
}

/// Adds a stop with the color that is there; where it stands in the list.
fn add(gradient: &mut Gradient, mix: MixSpace, at: f64) -> Option<usize> {
    if gradient.0.len() >= Gradient::MOST_STOPS {
        return None;
    }
    let color = colors_at(gradient, mix, &[at]).pop()?;
    let index = gradient.0.partition_point(|stop| stop.at <= at);
    gradient.0.insert(index, Stop { at, color });
    Some(index)
}

/// Removes a stop, unless only two are left.
fn remove(gradient: &mut Gradient, index: usize, chosen: &mut usize) {
    if gradient.0.len() > 2 {
        gradient.0.remove(index);
        if *chosen >= index {
            *chosen = chosen.saturating_sub(1);
        }
    }
}

/// Moves a stop, no farther than to its neighbors.
fn place(gradient: &mut Gradient, index: usize, at: f64) {
    let at_of = |index: usize| gradient.0.get(index).map(|stop| stop.at);
    let low = index.checked_sub(1).and_then(at_of).unwrap_or(0.0);
    let high = at_of(index + 1).unwrap_or(1.0);
    if let Some(stop) = gradient.0.get_mut(index) {
        stop.at = at.clamp(low, high);
    }
}

/// The colors at positions, as the effect mixes them: what a new stop begins with, and what the bar shows.
fn colors_at(gradient: &Gradient, mix: MixSpace, positions: &[f64]) -> Vec<Color> {
    let colors = GradientMap { stops: gradient.clone(), mix }.colors(positions);
    colors.into_iter().map(|color| Color(color.map(|v| (v * 255.0).round() as u8))).collect()
}

fn shown(Color([r, g, b, a]): Color) -> Color32 {
    Color32::from_rgba_unmultiplied(r, g, b, a)
}

fn paint(ui: &Ui, response: &Response, bar: &Bar, mix: MixSpace, gradient: &Gradient, chosen: usize) {
    let painter = ui.painter_at(response.rect.expand(2.0));
    checkerboard(&painter, bar.rect);
    painter.add(colors(bar, mix, gradient));
    let visuals = ui.visuals();
    let frame =
        if response.has_focus() { theme::ACCENT } else { visuals.widgets.inactive.fg_stroke.color.gamma_multiply(0.5) };
    painter.rect_stroke(bar.rect, 0.0, Stroke::new(1.0, frame), StrokeKind::Outside);
    let under = response.hover_pos().and_then(|pos| bar.nearest(gradient, chosen, pos.x));
    // The chosen one stands in front of others at its place.
    for index in (0..gradient.0.len()).filter(|index| *index != chosen).chain([chosen]) {
        let stop = &gradient.0[index];
        let edge = match () {
            () if index == chosen => Stroke::new(2.0, theme::ACCENT),
            () if under == Some(index) => Stroke::new(1.5, visuals.strong_text_color()),
            () => Stroke::new(1.0, visuals.weak_text_color()),
        };
        handle(&painter, Pos2::new(bar.x(stop.at), bar.rect.bottom() + 2.0), stop.color, edge, visuals.panel_fill);
    }
}

/// A pointed tile below the bar with the color in it.
fn handle(painter: &egui::Painter, tip: Pos2, color: Color, edge: Stroke, fill: Color32) {
    let at = |x: f32, y: f32| tip + Vec2::new(x, y);
    let shoulder = HALF - 1.0;
    let bottom = HANDLE - 4.0;
    let outline = vec![at(0.0, 0.0), at(HALF, shoulder), at(HALF, bottom), at(-HALF, bottom), at(-HALF, shoulder)];
    painter.add(Shape::convex_polygon(outline, fill, edge));
    let inside = Rect::from_min_max(at(1.5 - HALF, shoulder), at(HALF - 1.5, bottom - 1.5));
    egui::color_picker::show_color_at(painter, shown(color), inside);
}

fn checkerboard(painter: &egui::Painter, rect: Rect) {
    let clipped = painter.with_clip_rect(rect.intersect(painter.clip_rect()));
    clipped.rect_filled(rect, 0.0, Color32::from_gray(0xb0));
    let (columns, rows) = ((rect.width() / SQUARE).ceil() as usize, (rect.height() / SQUARE).ceil() as usize);
    for (row, column) in (0..rows).flat_map(|row| (0..columns).map(move |column| (row, column))) {
        if (row + column) % 2 == 0 {
            let corner = rect.min + Vec2::new(column as f32, row as f32) * SQUARE;
            clipped.rect_filled(Rect::from_min_size(corner, Vec2::splat(SQUARE)), 0.0, Color32::from_gray(0x78));
        }
    }
}

/// The bar as strips between columns, and with both colors where stops share a position.
fn colors(bar: &Bar, mix: MixSpace, gradient: &Gradient) -> Mesh {
    let mut at: Vec<f64> = (0..=COLUMNS).map(|column| f64::from(column) / f64::from(COLUMNS)).collect();
    at.extend(gradient.0.iter().map(|stop| stop.at));
    at.sort_by(f64::total_cmp);
    at.dedup();
    // Each strip ends just before the next begins, for another color may begin there.
    let ends: Vec<f64> = at.windows(2).flat_map(|pair| [pair[0], pair[1] - 1e-9]).collect();
    let mut mesh = Mesh::default();
    for (ends, colors) in ends.chunks_exact(2).zip(colors_at(gradient, mix, &ends).chunks_exact(2)) {
        let first = mesh.vertices.len() as u32;
        for (at, color) in ends.iter().zip(colors) {
            mesh.colored_vertex(Pos2::new(bar.x(*at), bar.rect.top()), shown(*color));
            mesh.colored_vertex(Pos2::new(bar.x(*at), bar.rect.bottom()), shown(*color));
        }
        mesh.add_triangle(first, first + 1, first + 2);
        mesh.add_triangle(first + 1, first + 2, first + 3);
    }
    mesh
}

/// The chosen stop's place and color, and the gradient turned around.
fn controls(ui: &mut Ui, label: &str, gradient: &mut Gradient, chosen: &mut usize) {
    widgets::row(ui, &format!("Stop {} of {}", *chosen + 1, gradient.0.len()), |ui| {
        if Icon::Sides.show(ui, &format!("Reverse {label}"), Sense::click(), None).on_hover_text("Reverse").clicked() {
            gradient.0.reverse();
            gradient.0.iter_mut().for_each(|stop| stop.at = thousandths(1.0 - stop.at));
            *chosen = gradient.0.len() - 1 - *chosen;
        }
        let mut at = gradient.0[*chosen].at;
        let drag = DragValue::new(&mut at).range(0.0..=1.0).speed(0.002).max_decimals(3);
        let position = ui.add_sized([widgets::NUMBER, ui.spacing().interact_size.y], drag);
        widgets::name(&position, &format!("Position of the stop of {label}"));
        if position.changed() {
            place(gradient, *chosen, at);
        }
        let stop = &mut gradient.0[*chosen];
        if let Some(picked) = color::color(ui, &format!("Color of the stop of {label}"), &stop.color.to_json()) {
            let mut color = stop.color;
            if color.set(&picked).is_ok() {
                stop.color = color;
            }
        }
    });
}
