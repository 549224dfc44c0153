//! The performance panel: rates, latencies and the plan.

use crate::app::App;
use crate::theme;
use bowerbird::Explanation;
use eframe::egui::{self, Color32, RichText, Ui};
use std::collections::VecDeque;

/// Engine times that are drawn.
const TRACE: usize = 160;

/// The engine's times, newest last, in milliseconds.
#[derive(Debug, Default)]
pub(crate) struct Trace {
    times: VecDeque<f32>,
}

impl Trace {
    /// Adds a frame's time.
    pub(crate) fn push(&mut self, ms: f32) {
        if self.times.len() == TRACE {
            self.times.pop_front();
        }
        self.times.push_back(ms);
    }
}

impl App {
    /// Shows the panel.
    pub(crate) fn show_performance(&mut self, ui: &mut Ui) {
        egui::ScrollArea::vertical().auto_shrink([false, false]).show(ui, |ui| {
            let report = self.report.clone();
            let row = |ui: &mut Ui, name: &str, value: String, color: Option<Color32>| {
                ui.label(name);
                let text = RichText::new(value).monospace();
                let color = color.map(|color| theme::written(color, ui.visuals().dark_mode));
                ui.label(color.map_or(text.clone(), |color| text.color(color)));
                ui.end_row();
            };
            let (p50, p99) = self.meter.latency();
            let (ui50, ui99, uimax) = self.meter.interface();
            egui::Grid::new("performance").num_columns(2).spacing(egui::vec2(14.0, 4.0)).show(ui, |ui| {
                let still = self.shown.as_ref().is_some_and(|shown| shown.still.is_some());
                if still {
                    row(ui, "Source", "a still picture".into(), None);
                } else {
                    let keeps_up = report.fps_out >= 0.9 * report.fps_in;
                    row(ui, "Frames in", format!("{:.1} /s", report.fps_in), None);
                    let color = if keeps_up { theme::GOOD } else { theme::WARN };
                    row(ui, "Frames out", format!("{:.1} /s", report.fps_out), Some(color));
                    row(ui, "Dropped", format!("{} of {}", report.dropped, report.frames_in), None);
                }
                if report.damaged > 0 {
                    row(ui, "Damaged", report.damaged.to_string(), Some(theme::BAD));
                }
                row(ui, "Engine", format!("{:.1} / {:.1} ms", report.engine.p50, report.engine.p99), None);
                row(ui, "Arrival to ready", format!("{:.1} / {:.1} ms", report.latency.p50, report.latency.p99), None);
                row(ui, "Arrival to drawn", format!("{p50:.1} / {p99:.1} ms"), None);
                row(ui, "Interface", format!("{ui50:.1} / {ui99:.1} / {uimax:.1} ms"), None);
                let wait = self.meter.longest_wait_ms();
                let color = if wait < 1.0 { theme::GOOD } else { theme::BAD };
                row(ui, "Longest wait", format!("{wait:.3} ms"), Some(color));
                for motion in &report.motion {
                    let place = |[x, y]: [f64; 2]| format!(" at {:.0}, {:.0} %", 100.0 * x, 100.0 * y);
                    let place = motion.centroid.map(place).unwrap_or_default();
                    row(ui, "Moves", format!("{:.1} %{place}", 100.0 * motion.amount), None);
                }
                let divisor = self.shown.as_ref().map_or(1, |shown| shown.divisor);
                row(ui, "Render scale", if divisor == 1 { "full".into() } else { format!("1/{divisor}") }, None);
                row(ui, "Renders on", report.backend.clone(), None);
                if let Some(shown) = self.shown.as_ref().filter(|_| report.backend.starts_with("gpu")) {
                    let way = if shown.picture().is_some() { "straight to the window" } else { "by the processor" };
                    row(ui, "Picture goes", way.into(), None);
                }
            });
            ui.weak(RichText::new("median / 99th percentile / longest").small());
            ui.add_space(6.0);
            self.show_trace(ui);
            ui.add_space(8.0);
            match &report.explanation {
                Some(plan) => show_plan(ui, plan),
                None => {
                    ui.weak("The plan appears with the next frame.");
                }
            }
        });
    }

    /// What a step took in the last frame that was measured, in milliseconds, and what that is.
    pub(crate) fn time_of(&self, index: usize) -> Option<(String, &'static str)> {
        // Another look has other steps.
        self.shown.as_ref().filter(|shown| shown.revision == self.document.revision())?;
        let time = *self.report.explanation.as_ref()?.steps.iter().find(|time| time.step == index)?;
        let how = if time.fused {
            "share of a fused pass, by the price of its operations, in the last frame that was measured"
        } else {
            "the time of its own passes, in the last frame that was measured"
        };
        Some((format!("{:.1$}", time.ms, if time.ms < 10.0 { 2 } else { 1 }), how))
    }

    fn show_trace(&self, ui: &mut Ui) {
        let (rect, response) =
            ui.allocate_exact_size(egui::vec2(ui.available_width() - 4.0, 64.0), egui::Sense::hover());
        crate::widgets::name(&response, "Engine times");
        let painter = ui.painter_at(rect);
        painter.rect_filled(rect, 4.0, ui.visuals().extreme_bg_color);
        let most = self.trace.times.iter().copied().fold(20.0_f32, f32::max) * 1.1;
        let y = |ms: f32| rect.bottom() - ms / most * rect.height();
        for (budget, next) in [(16.7, 33.3), (33.3, f32::INFINITY)] {
            // Lines that are too near to each other to be named say nothing.
            if budget < most && (next >= most || y(budget) - y(next) > 10.0) {
                let line = egui::Stroke::new(1.0, ui.visuals().widgets.noninteractive.bg_stroke.color);
                painter.hline(rect.x_range(), y(budget), line);
                let place = egui::pos2(rect.right() - 3.0, y(budget));
                let text = format!("{budget:.0} ms");
                let color = ui.visuals().weak_text_color();
                painter.text(place, egui::Align2::RIGHT_BOTTOM, text, egui::FontId::proportional(9.0), color);
            }
        }
        let step = rect.width() / TRACE as f32;
        for (index, ms) in self.trace.times.iter().enumerate() {
            let x = rect.left() + index as f32 * step;
            let bar =
                egui::Rect::from_min_max(egui::pos2(x, y(*ms)), egui::pos2(x + (step - 0.5).max(0.5), rect.bottom()));
            painter.rect_filled(bar, 0.0, if *ms > 16.7 { theme::WARN } else { theme::ACCENT });
        }
    }
}

fn show_plan(ui: &mut Ui, plan: &Explanation) {
    let passes = plan.passes.len();
    let many = if passes == 1 { "1 pass".to_owned() } else { format!("{passes} passes") };
    ui.label(RichText::new(format!("Plan: {many}, {:.1} MiB moved a frame", mib(plan.bytes_total))).strong());
    if let Some(bytes) = plan.bytes_read_back {
        ui.weak(RichText::new(format!("{:.1} MiB of it came back to the processor", mib(bytes))).small());
    }
    for (index, pass) in plan.passes.iter().enumerate() {
        let frame = egui::Frame::new().fill(theme::card(ui.visuals().dark_mode)).corner_radius(4.0).inner_margin(6.0);
        frame.show(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.horizontal_wrapped(|ui| {
                ui.label(RichText::new(format!("{}. {}", index + 1, pass.kind)).small().strong());
                ui.label(RichText::new(format!("{:.1} MiB", mib(pass.bytes_read + pass.bytes_written))).small().weak());
                if let Some(ms) = pass.ms {
                    ui.label(RichText::new(format!("{ms:.2} ms")).small().weak());
                }
            });
            let effects = if pass.effects.is_empty() { "copy".to_owned() } else { pass.effects.join(" + ") };
            ui.label(effects);
            if !pass.why_cut.is_empty() {
                ui.weak(RichText::new(&pass.why_cut).small());
            }
        });
    }
    for note in &plan.notes {
        ui.weak(RichText::new(note).small());
    }
}

fn mib(bytes: u64) -> f64 {
    bytes as f64 / f64::from(1 << 20)
}
