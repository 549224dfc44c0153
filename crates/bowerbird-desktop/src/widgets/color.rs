//! A color: its code, and a field that opens a picker.
//!
//! A square of saturation and value, a bar of hues and one of opacities, all in display codes as recipes have them. The
//! toolkit's own picker is higher than small windows are, and has signs in it that its font lacks.

use super::name;
use crate::menu::staying;
use crate::theme;
use eframe::egui::color_picker::show_color_at;
use eframe::egui::epaint::Mesh;
use eframe::egui::{self, Color32, Rect, Response, Sense, Stroke, StrokeKind, Ui, Vec2};
use serde_json::{Value, json};

/// Width of the picker.
const WIDTH: f32 = 220.0;

/// Heights of the square and of the bars.
const SQUARE: f32 = 130.0;
const BAR: f32 = 16.0;

/// Parts of an area that colors run over, a side: between them colors are mixed along a straight line.
const PARTS: u16 = 18;

/// Hue, saturation, value and opacity, each from 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Picked {
    hue: f32,
    saturation: f32,
    value: f32,
    alpha: f32,
}

/// Shows a color; what it was changed to.
pub(crate) fn color(ui: &mut Ui, label: &str, value: &Value) -> Option<Value> {
    let text = value.as_str()?;
    let rgba = parse(text)?;
    ui.monospace(text);
    let (rect, button) = ui.allocate_exact_size(ui.spacing().interact_size, Sense::click());
    button.widget_info(|| egui::WidgetInfo::new(egui::Role::ColorWell));
    name(&button, label);
    show_color_at(ui.painter(), shown(rgba), rect);
    let stroke = ui.style().interact(&button).bg_stroke;
    ui.painter().rect_stroke(rect, 4.0, stroke, StrokeKind::Inside);
    let mut changed = None;
    // A gray has no hue of its own, and black nothing but its value: what was picked is kept as long as it is that color.
    let id = button.id.with("picked");
    staying(&button, |ui| {
        let kept = ui.data(|data| data.get_temp::<Picked>(id)).filter(|picked| picked.rgba() == rgba);
        let before = kept.unwrap_or_else(|| Picked::from(rgba));
        if let Some(typed) = type_code(ui, label, text) {
            changed = Some(typed);
        }
        let picked = pick(ui, label, before);
        if picked != before {
            ui.data_mut(|data| data.insert_temp(id, picked));
            changed = Some(code(picked.rgba()));
        }
    });
    changed.filter(|code| code != text).map(|code| json!(code))
}

/// A field to type a color's code into; what was typed, once it is one.
fn type_code(ui: &mut Ui, label: &str, text: &str) -> Option<String> {
    let id = ui.scope_id().with("code");
    // As long as it is being typed it may be no code yet.
    let mut typed = ui.data(|data| data.get_temp::<String>(id)).unwrap_or_else(|| text.to_owned());
    let response =
        ui.add(egui::TextEdit::singleline(&mut typed).desired_width(WIDTH - 8.0).align(egui::Align2::LEFT_CENTER));
    name(&response, &format!("Code of {label}"));
    if response.has_focus() {
        ui.data_mut(|data| data.insert_temp(id, typed.clone()));
    } else {
        ui.data_mut(|data| data.remove::<String>(id));
    }
    let typed = typed.trim();
    response.changed().then(|| parse(typed).filter(|_| matches!(typed.len(), 7 | 9)).map(code)).flatten()
}

/// The square and the bars; what they were set to.
fn pick(ui: &mut Ui, label: &str, now: Picked) -> Picked {
    let mut picked = now;
    let width = WIDTH.min(ui.ctx().content_rect().width() - 40.0);
    let hue = Picked { saturation: 1.0, value: 1.0, alpha: 1.0, ..now };
    let at = |x: f32, y: f32| shown(Picked { saturation: x, value: 1.0 - y, ..hue }.rgba());
    let place = Vec2::new(now.saturation, 1.0 - now.value);
    if let Some(to) = area(ui, &format!("Saturation and value of {label}"), Vec2::new(width, SQUARE), place, at) {
        (picked.saturation, picked.value) = (to.x, 1.0 - to.y);
    }
    let bar = Vec2::new(width, BAR);
    let at = |x: f32, _: f32| shown(Picked { hue: x, ..hue }.rgba());
    if let Some(to) = area(ui, &format!("Hue of {label}"), bar, Vec2::new(now.hue, 0.5), at) {
        picked.hue = to.x;
    }
    let at = |x: f32, _: f32| shown(Picked { alpha: x, ..now }.rgba());
    if let Some(to) = area(ui, &format!("Opacity of {label}"), bar, Vec2::new(now.alpha, 0.5), at) {
        picked.alpha = to.x;
    }
    picked
}

/// An area of colors with a mark in it; where the mark is dragged to.
fn area(ui: &mut Ui, label: &str, size: Vec2, at: Vec2, color: impl Fn(f32, f32) -> Color32) -> Option<Vec2> {
    let (rect, response) = ui.allocate_exact_size(size, Sense::click_and_drag());
    response.widget_info(|| egui::WidgetInfo::new(egui::Role::Slider));
    name(&response, label);
    // What is transparent is seen on light and dark.
    let halves = rect.split_top_bottom_at_fraction(0.5);
    for (half, gray) in [(halves.0, 0xb0), (halves.1, 0x50)] {
        ui.painter().rect_filled(half, 0.0, Color32::from_gray(gray));
    }
    ui.painter().add(mesh(rect, color));
    let painter = ui.painter_at(rect);
    let mark = rect.min + at * rect.size();
    painter.circle_stroke(mark, 6.0, Stroke::new(3.0, Color32::from_black_alpha(160)));
    painter.circle_stroke(mark, 6.0, Stroke::new(1.5, Color32::WHITE));
    if response.has_focus() {
        ui.painter().rect_stroke(rect, 0.0, Stroke::new(1.0, theme::ACCENT), StrokeKind::Outside);
    }
    moved(ui, &response, rect, at)
}

/// Where a mark goes: under the pointer, or by the arrows a hundredth on.
fn moved(ui: &Ui, response: &Response, rect: Rect, at: Vec2) -> Option<Vec2> {
    let within = |at: Vec2| at.clamp(Vec2::ZERO, Vec2::splat(1.0));
    if let Some(pos) = response.interact_pointer_pos() {
        return Some(within((pos - rect.min) / rect.size()));
    }
    if !response.has_focus() {
        return None;
    }
    let filter = egui::EventFilter { horizontal_arrows: true, vertical_arrows: true, ..Default::default() };
    ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, filter));
    let count = |key| ui.input(|input| input.num_presses(key)) as f32;
    let [left, right, up, down] =
        [egui::Key::ArrowLeft, egui::Key::ArrowRight, egui::Key::ArrowUp, egui::Key::ArrowDown].map(count);
    let by = Vec2::new(right - left, down - up) * 0.01;
    (by != Vec2::ZERO).then(|| within(at + by))
}

fn mesh(rect: Rect, color: impl Fn(f32, f32) -> Color32) -> Mesh {
    let mut mesh = Mesh::default();
    let part = |index: u16| f32::from(index) / f32::from(PARTS);
    for row in 0..=PARTS {
        for column in 0..=PARTS {
            let (x, y) = (part(column), part(row));
            mesh.colored_vertex(rect.min + Vec2::new(x, y) * rect.size(), color(x, y));
        }
    }
    for row in 0..u32::from(PARTS) {
        for column in 0..u32::from(PARTS) {
            let line = u32::from(PARTS) + 1;
            let corner = row * line + column;
            mesh.add_triangle(corner, corner + 1, corner + line);
            mesh.add_triangle(corner + 1, corner + line, corner + line + 1);
        }
    }
    mesh
}

impl Picked {
    fn rgba(self) -> [u8; 4] {
        let sixth = 6.0 * self.hue.rem_euclid(1.0);
        // A channel is full for a third of the circle around its own hue.
        let channel = |own: f32| {
            let away = (sixth - own + 3.0).rem_euclid(6.0) - 3.0;
            let full = (2.0 - away.abs()).clamp(0.0, 1.0);
            self.value * (1.0 - self.saturation * (1.0 - full))
        };
        [channel(0.0), channel(2.0), channel(4.0), self.alpha].map(|v| (v * 255.0).round() as u8)
    }
}

impl From<[u8; 4]> for Picked {
    fn from(rgba: [u8; 4]) -> Self {
        let [r, g, b, alpha] = rgba.map(|v| f32::from(v) / 255.0);
        let (high, low) = (r.max(g).max(b), r.min(g).min(b));
        let span = high - low;
        let sixth = if span == 0.0 {
            0.0
        } else if high == r {
            (g - b) / span
        } else if high == g {
            2.0 + (b - r) / span
        } else {
            4.0 + (r - g) / span
        };
        let saturation = if high > 0.0 { span / high } else { 0.0 };
        Self { hue: (sixth / 6.0).rem_euclid(1.0), saturation, value: high, alpha }
    }
}

fn shown([r, g, b, a]: [u8; 4]) -> Color32 {
    Color32::from_rgba_unmultiplied(r, g, b, a)
}

/// Red, green, blue and alpha of `#rrggbb` or `#rrggbbaa`.
fn parse(text: &str) -> Option<[u8; 4]> {
    let digits = text.strip_prefix('#')?;
    let number = u32::from_str_radix(digits, 16).ok()?;
    Some(if digits.len() == 6 { (number << 8) | 0xff } else { number }.to_be_bytes())
}

/// The same as text, the shorter where it is opaque.
fn code([r, g, b, a]: [u8; 4]) -> String {
    if a == 255 { format!("#{r:02x}{g:02x}{b:02x}") } else { format!("#{r:02x}{g:02x}{b:02x}{a:02x}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_read_and_written_alike() {
        for text in ["#000000", "#ff8001", "#12345678"] {
            assert_eq!(code(parse(text).unwrap()), text);
        }
        assert_eq!((parse("#12345678").unwrap(), parse("red"), parse("#xyz")), ([0x12, 0x34, 0x56, 0x78], None, None));
    }

    #[test]
    fn a_color_is_what_it_was_picked_as() {
        let picked = |hue, saturation, value| Picked { hue, saturation, value, alpha: 1.0 }.rgba();
        assert_eq!([picked(0.0, 1.0, 1.0), picked(1.0 / 3.0, 1.0, 1.0)], [[255, 0, 0, 255], [0, 255, 0, 255]]);
        assert_eq!([picked(0.5, 1.0, 0.6), picked(0.9, 0.0, 0.2)], [[0, 153, 153, 255], [51, 51, 51, 255]]);
        for index in 0..4096_u32 {
            let rgba = [(index >> 8) as u8 * 17, (index >> 4 & 15) as u8 * 17, (index & 15) as u8 * 17, 200];
            assert_eq!(Picked::from(rgba).rgba(), rgba);
        }
    }
}
