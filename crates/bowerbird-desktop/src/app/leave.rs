//! The end of the program: what is being written is completed first, and the window says what that is.

use super::App;
use eframe::egui::{self, Context, Id, Key, Modal};
use std::time::Duration;

impl App {
    /// Notes that the window is to be closed; whether it may be at once. If not, the window says what it waits for, until
    /// [`may_leave`](Self::may_leave). Who asks a second time does not want to wait: exports are given up.
    pub fn leave(&mut self) -> bool {
        if self.leaving {
            self.give_up_exports();
            return true;
        }
        self.leaving = true;
        if self.report.recording {
            self.live.record(None);
        }
        self.may_leave()
    }

    /// Whether the window is to be closed and nothing is being written any more.
    pub fn may_leave(&self) -> bool {
        self.leaving && !self.is_exporting() && !self.report.recording && !self.report.finishing
    }

    /// Gives up exports, those that wait too.
    pub fn give_up_exports(&mut self) {
        self.full_frame_for = None;
        self.export.cancel();
    }

    fn is_exporting(&self) -> bool {
        self.export.busy() || self.full_frame_for.is_some()
    }

    /// Says what the end waits for.
    pub(super) fn show_leaving(&mut self, context: &Context) {
        if !self.leaving || self.may_leave() {
            return;
        }
        // What is being completed says nothing until it is.
        context.request_repaint_after(Duration::from_millis(250));
        let (exporting, recording) = (self.is_exporting(), self.report.recording || self.report.finishing);
        let (mut stay, mut close) = (false, false);
        let frame = egui::Frame::window(&context.global_style()).inner_margin(14);
        Modal::new(Id::unique("leaving")).frame(frame).show(context, |ui| {
            ui.set_width(320.0);
            ui.heading("Bowerbird closes when this is written");
            ui.add_space(6.0);
            if recording {
                ui.horizontal(|ui| {
                    ui.spinner();
                    ui.label("The recording is being completed");
                });
            }
            if exporting {
                self.export.show_state(ui);
            }
            ui.add_space(6.0);
            let completed = "Closed now, the recording is completed without the window.";
            let given_up = "Closed now, pictures that are not written yet are given up.";
            for (is, what) in [(recording, completed), (exporting, given_up)] {
                if is {
                    ui.weak(what);
                }
            }
            ui.add_space(8.0);
            ui.horizontal(|ui| {
                close = ui.button("Close now").clicked();
                stay = ui.button("Go on working").clicked();
            });
        });
        if stay || context.input(|input| input.key_pressed(Key::Escape)) {
            self.leaving = false;
        } else if close {
            context.send_viewport_cmd(egui::ViewportCommand::Close);
        }
    }
}
