//! Sliders: as wide as the panel, and all that hands do with them.
//!
//! A press takes the slider, and the arrows move it on from there by notches, with Shift by tenths. The wheel alone
//! scrolls the panel, so that no number is changed in passing; with Shift it moves the slider that it is over. A double
//! click goes back to the default, on the handle only: two quick clicks beside it are two steps.

use super::name;
use eframe::egui::{self, Event, InputState, Key, MouseWheelUnit, PointerButton, Rect, Response, Slider, Stroke, Ui};

/// Height of a slider's row: what the pointer must hit.
const HEIGHT: f32 = 18.0;

/// Notches from one end to the other, at the least.
const NOTCHES: f64 = 100.0;

/// What was done to a slider.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Slid {
    /// It was moved to a value.
    To(f64),
    /// It was sent back to the default.
    Back,
}

impl Slid {
    /// The value that is meant.
    pub(crate) fn or_default(self, default: f64) -> f64 {
        match self {
            Self::To(value) => value,
            Self::Back => default,
        }
    }
}

/// What a slider goes over.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rail {
    /// Its ends.
    pub range: (f64, f64),
    /// Whole numbers only.
    pub whole: bool,
    /// From value to value; 0 where any will do.
    pub step: f64,
    /// Equal ways are equal factors.
    pub logarithmic: bool,
}

impl Rail {
    /// Any number within a range.
    pub(crate) fn over(range: (f64, f64)) -> Self {
        Self { range, whole: false, step: 0.0, logarithmic: false }
    }

    /// The way from one value to another, in parts of the whole.
    fn way(&self, from: f64, to: f64) -> f64 {
        let (low, high) = self.range;
        if self.logarithmic { (to / from).ln() / (high / low).ln() } else { (to - from) / (high - low) }
    }

    /// The value so many notches on, within the range unless it was outside of it already.
    fn moved(&self, value: f64, notches: f64) -> f64 {
        let (low, high) = self.range;
        let next = if self.logarithmic {
            value * (high / low).powf(notches / NOTCHES)
        } else {
            let notch = round_down((high - low) / NOTCHES).max(self.step).max(if self.whole { 1.0 } else { 0.0 });
            // Onto the grid of a tenth of a notch, so that decimals do not pile up.
            let finest = if self.whole { 1.0 } else { 0.1 * notch };
            let grid = self.step.max(finest);
            let by = if notches.abs() * notch < grid { grid.copysign(notches) } else { notches * notch };
            onto(value + by, grid)
        };
        next.clamp(low.min(value), high.max(value))
    }

    /// Whether it goes to both sides of zero.
    fn has_middle(&self) -> bool {
        !self.logarithmic && self.range.0 < 0.0 && self.range.1 > 0.0
    }

    /// Fills the rail from zero to the handle, and marks where zero is.
    fn fill_from_zero(&self, ui: &Ui, rect: Rect, value: f64) {
        let handle = 0.3 * rect.height();
        let (low, high) = self.range;
        let x = |value: f64| {
            let part = (value.clamp(low, high) - low) / (high - low);
            egui::lerp(rect.left() + handle..=rect.right() - handle, part as f32)
        };
        let (zero, at) = (x(0.0), x(value));
        let (from, to) = if at < zero { (at + handle, zero) } else { (zero, at - handle) };
        if from >= to {
            return;
        }
        let half = 0.5 * ui.spacing().slider_rail_height;
        let filled = Rect::from_x_y_ranges(from..=to, rect.center().y - half..=rect.center().y + half);
        ui.painter().rect_filled(filled, 0.0, ui.visuals().selection.bg_fill);
        let mark = rect.center().y - 2.5 * half..=rect.center().y + 2.5 * half;
        ui.painter().vline(zero, mark, Stroke::new(1.0, ui.visuals().weak_text_color()));
    }

    /// Shows it, with `label` as its accessible name.
    pub(crate) fn show(&self, ui: &mut Ui, label: &str, value: f64) -> Option<Slid> {
        let mut number = value;
        let mut slider = Slider::new(&mut number, self.range.0..=self.range.1)
            .clamping(egui::SliderClamping::Never)
            .show_value(false);
        if self.whole {
            slider = slider.integer();
        } else if self.step > 0.0 {
            slider = slider.step_by(self.step);
        } else {
            slider = slider.logarithmic(self.logarithmic);
        }
        if self.has_middle() {
            slider = slider.trailing_fill(false);
        }
        let response = ui
            .scope(|ui| {
                ui.spacing_mut().slider_width = (ui.available_width() - super::reset_width(ui)).max(40.0);
                ui.spacing_mut().interact_size.y = HEIGHT;
                ui.add(slider)
            })
            .inner;
        name(&response, label);
        if self.has_middle() {
            self.fill_from_zero(ui, response.rect, number);
        }
        if response.drag_started() {
            response.request_focus();
            let near = self.way(value, number).abs() * f64::from(response.rect.width()) < f64::from(HEIGHT) / 2.0;
            if !near {
                let now = ui.input(|input| input.time);
                ui.data_mut(|data| data.insert_temp(response.id, Jumped(now)));
            }
        }
        if double_clicked_handle(ui, &response) {
            return Some(Slid::Back);
        }
        let notches = notches(ui, &response);
        if notches != 0.0 {
            number = self.moved(value, notches);
        }
        (number != value).then_some(Slid::To(number))
    }
}

/// The nearest number of a grid, without the crumbs that multiplying by a tenth leaves.
fn onto(value: f64, grid: f64) -> f64 {
    let inverse = (1.0 / grid).round();
    let is_inverse = inverse >= 1.0 && (inverse * grid - 1.0).abs() < 1e-9;
    if is_inverse { (value * inverse).round() / inverse } else { (value / grid).round() * grid }
}

/// The next lower of 1, 2 and 5 times a power of ten.
fn round_down(value: f64) -> f64 {
    let power = 10_f64.powi(value.abs().max(1e-12).log10().floor() as i32);
    let first = value / power;
    power
        * if first >= 5.0 {
            5.0
        } else if first >= 2.0 {
            2.0
        } else {
            1.0
        }
}

/// When a press beside the handle made it jump, in seconds.
#[derive(Clone, Copy)]
struct Jumped(f64);

/// Whether the handle was clicked twice, and had not just jumped there.
fn double_clicked_handle(ui: &Ui, response: &Response) -> bool {
    let clicked = |input: &InputState| input.pointer.button_double_clicked(PointerButton::Primary);
    if !response.enabled() || !response.contains_pointer() || !ui.input(clicked) {
        return false;
    }
    let now = ui.input(|input| input.time);
    let longest = ui.ctx().options(|options| 2.0 * options.input_options.max_double_click_delay);
    ui.data(|data| data.get_temp(response.id)).is_none_or(|Jumped(at)| now - at > longest)
}

/// How far the arrows and the wheel moved a slider.
fn notches(ui: &Ui, response: &Response) -> f64 {
    if !response.enabled() {
        return 0.0;
    }
    let (focused, hovered) = (response.has_focus(), response.hovered());
    ui.input(|input| {
        let mut notches = 0.0;
        if focused {
            let presses = input.num_presses(Key::ArrowRight) as f64 - input.num_presses(Key::ArrowLeft) as f64;
            notches += presses * if input.modifiers.shift { 0.1 } else { 1.0 };
        }
        if hovered {
            for event in &input.events {
                if let Event::MouseWheel { unit, delta, modifiers, .. } = event
                    && modifiers.shift
                {
                    let points = f64::from(delta.x + delta.y);
                    notches += if *unit == MouseWheelUnit::Point { points / 40.0 } else { points };
                }
            }
        }
        notches
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notches_are_round_numbers_and_stay_within_the_range() {
        let ev = Rail::over((-5.0, 5.0));
        assert_eq!(ev.moved(0.4, 1.0), 0.5);
        assert!((ev.moved(0.4, -0.1) - 0.39).abs() < 1e-9);
        assert_eq!(ev.moved(5.0, 3.0), 5.0);
        assert_eq!(ev.moved(8.0, -1.0), 7.9, "a typed value beyond the range goes back step by step");
        let count = Rail { whole: true, ..Rail::over((1.0, 12.0)) };
        assert_eq!((count.moved(3.0, 1.0), count.moved(3.0, -0.1)), (4.0, 2.0));
        let factor = Rail { logarithmic: true, ..Rail::over((0.01, 100.0)) };
        assert!((factor.moved(1.0, 50.0) - 100.0).abs() < 1e-9);
        assert_eq!(Rail::over((0.0, 1.0)).moved(0.25, 1.0), 0.26);
    }
}
