//! What the loop has for the interface: frames, figures, and what happened.

use crate::app::App;
use crate::banner::Weight;
use crate::panels::Tab;
use bowerbird_capture::Event;
use bowerbird_live::Notice;
use eframe::egui;
use std::time::Duration;

impl App {
    /// Takes what the loop has for us.
    pub(crate) fn take_news(&mut self, context: &egui::Context) {
        if let Some(shown) = self.meter.wait(|| self.live.take()) {
            if shown.fresh {
                self.meter.shown(shown.arrived.elapsed());
            }
            self.trace.push(shown.took.as_secs_f32() * 1e3);
            self.screen.take(&shown);
            self.source.see(shown.origin);
            if let Some(old) = self.shown.replace(shown) {
                self.meter.wait(|| self.live.give_back(old));
            }
        }
        self.report = self.meter.wait(|| self.live.report());
        for notice in self.meter.wait(|| self.live.notices()) {
            self.take_notice(notice);
        }
        self.follow_loading();
        self.follow_cameras(context);
        for problem in self.keeper.answers() {
            self.banners.say(Weight::Warning, "keeper", &problem);
        }
        // Figures change though nothing is drawn: rates fall when frames stay away.
        let moving = self.shown.as_ref().is_some_and(|shown| shown.still.is_none());
        let falling = self.report.fps_out > 0.0 || self.shows_tab(Tab::Source) && self.report.fps_in > 0.0;
        if self.shows_tab(Tab::Performance) || moving && falling {
            context.request_repaint_after(Duration::from_millis(500));
        }
    }

    fn take_notice(&mut self, notice: Notice) {
        if let Notice::Source(_) = notice {
            self.source.opening = None;
        }
        match notice {
            Notice::Source(Event::Started(_) | Event::Resumed(_)) => {
                self.banners.clear("source");
                self.look_for_cameras();
            }
            Notice::Source(Event::Trouble(error) | Event::Damaged(error)) => {
                self.look_for_cameras();
                self.banners.say(Weight::Warning, "source", &error.to_string());
            }
            Notice::Source(Event::Failed(error)) => {
                self.await_camera(&error);
                self.banners.say(Weight::Trouble, "source", &error.to_string());
            }
            Notice::Source(Event::Resized(text)) => self.banners.note(&text),
            Notice::Source(Event::Ended) => self.banners.note("The film is at its end."),
            Notice::Source(_) => {}
            Notice::Bypassed { step, effect, message } => {
                // A file that is to be chosen in the card there is nothing that went wrong.
                if self.awaits_file(step) {
                    self.stack.bypassed.insert(step, "no file was chosen yet".into());
                    return;
                }
                self.stack.bypassed.insert(step, message.clone());
                self.banners.say(Weight::Warning, "effect", &format!("{effect} was left out: {message}"));
            }
            Notice::Backend(message) => self.banners.say(Weight::Warning, "backend", &message),
            Notice::RecordingGoesOn(message) => self.banners.note(&message),
            Notice::Recording(message) => self.banners.note(&format!("Recorded {message}")),
            Notice::Failed(message) => {
                if message.starts_with("virtual camera") {
                    self.source.virtual_camera = false;
                }
                self.banners.trouble(&message);
            }
            _ => {}
        }
    }
}
