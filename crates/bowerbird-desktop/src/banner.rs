//! What the app says: one banner at a time for what went wrong, with what to do, and short notes for what went well.
//!
//! The same message twice is said once, so that a camera that flickers does not fill the screen.

use crate::icon::Icon;
use crate::theme;
use eframe::egui::{self, Align, Align2, Color32, Layout, RichText, Ui, Vec2};
use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// How much a message matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Weight {
    /// Something went well; it goes by itself.
    Note,
    /// Something is wrong, and the app goes on with less.
    Warning,
    /// Something could not be done.
    Trouble,
}

#[derive(Clone, Debug)]
struct Message {
    weight: Weight,
    text: String,
    since: Instant,
    /// By what the message is taken back: the source, an export.
    topic: &'static str,
}

/// Messages that wait to be read.
#[derive(Debug, Default)]
pub(crate) struct Banners {
    messages: VecDeque<Message>,
}

/// How long a note stays.
const NOTE: Duration = Duration::from_secs(5);

/// Width of notes, in points.
const WIDEST: f32 = 560.0;

/// Messages kept.
const MOST: usize = 20;

impl Banners {
    /// Says something.
    pub(crate) fn say(&mut self, weight: Weight, topic: &'static str, text: &str) {
        let text = sentence(text);
        self.messages.retain(|message| message.text != text);
        self.messages.push_back(Message { weight, text, since: Instant::now(), topic });
        if self.messages.len() > MOST {
            self.messages.pop_front();
        }
    }

    /// Says that something could not be done.
    pub(crate) fn trouble(&mut self, text: &str) {
        self.say(Weight::Trouble, "", text);
    }

    /// Says that something was done.
    pub(crate) fn note(&mut self, text: &str) {
        self.say(Weight::Note, "", text);
    }

    /// Takes back what was said of a topic, as when a camera is back.
    pub(crate) fn clear(&mut self, topic: &str) {
        self.messages.retain(|message| message.topic != topic);
    }

    /// The messages that are no notes, the newest first.
    pub(crate) fn standing(&self) -> impl Iterator<Item = &str> {
        self.messages.iter().rev().filter(|message| message.weight != Weight::Note).map(|message| message.text.as_str())
    }

    /// Shows the newest warning or trouble above the canvas, and how many more there are.
    /// Whether what it tells of is to be tried again.
    pub(crate) fn show(&mut self, ui: &mut Ui) -> bool {
        let standing: Vec<usize> =
            (0..self.messages.len()).rev().filter(|index| self.messages[*index].weight != Weight::Note).collect();
        let Some(newest) = standing.first().copied() else { return false };
        let message = &self.messages[newest];
        let color = if message.weight == Weight::Trouble { theme::BAD } else { theme::WARN };
        let (mut closed, mut again) = (false, false);
        let can_be_tried = message.topic == "source" && message.weight == Weight::Trouble;
        // Opaque: nothing is drawn behind it, and what a window is cleared with is dark in the light theme too.
        let tint = |share: f32| ui.visuals().panel_fill.lerp_to_gamma(color, share);
        let frame = egui::Frame::new().fill(tint(0.22)).inner_margin(egui::Margin::symmetric(10, 6));
        frame.stroke(egui::Stroke::new(1.0, tint(0.6))).show(ui, |ui| {
            ui.horizontal(|ui| {
                Icon::Warning.show(ui, "Warning", egui::Sense::hover(), Some(color));
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    let close = ui.button("Dismiss");
                    closed = close.clicked();
                    again = can_be_tried && ui.button("Try again").clicked();
                    if standing.len() > 1 {
                        ui.weak(format!("{} more", standing.len() - 1));
                    }
                    ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                        ui.add(egui::Label::new(&message.text).wrap());
                    });
                });
            });
        });
        if closed {
            self.messages.remove(newest);
        }
        again
    }

    /// Shows notes at the lower edge of an area.
    pub(crate) fn show_notes(&mut self, context: &egui::Context, area: egui::Rect) {
        self.messages.retain(|message| message.weight != Weight::Note || message.since.elapsed() < NOTE);
        let notes: Vec<String> = self
            .messages
            .iter()
            .rev()
            .filter(|message| message.weight == Weight::Note)
            .take(3)
            .map(|message| message.text.clone())
            .collect();
        if notes.is_empty() {
            return;
        }
        context.request_repaint_after(Duration::from_millis(500));
        egui::Area::new(egui::Id::unique("notes"))
            .fixed_pos(area.center_bottom() - Vec2::new(0.0, 14.0))
            .pivot(Align2::CENTER_BOTTOM)
            .interactable(false)
            .show(context, |ui| {
                // Else one is no wider than those before it were.
                ui.set_max_width((area.width() - 40.0).clamp(160.0, WIDEST));
                for note in notes {
                    egui::Frame::new()
                        .fill(Color32::from_black_alpha(210))
                        .corner_radius(6.0)
                        .inner_margin(egui::Margin::symmetric(12, 7))
                        .show(ui, |ui| ui.label(RichText::new(note).color(Color32::from_gray(0xee))));
                }
            });
    }
}

/// A message as a sentence. Names of files, and names that begin with a small letter and have others, stay as they are.
fn sentence(text: &str) -> String {
    let first = text.split_whitespace().next().unwrap_or_default();
    let mut letters = text.chars();
    match letters.next() {
        Some(letter) if first.chars().all(char::is_lowercase) => {
            letter.to_uppercase().collect::<String>() + letters.as_str()
        }
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_message_is_said_once() {
        let mut banners = Banners::default();
        for _ in 0..5 {
            banners.say(Weight::Warning, "source", "the camera was unplugged");
        }
        banners.note("saved");
        assert_eq!(banners.standing().count(), 1);
        banners.clear("source");
        assert_eq!(banners.standing().count(), 0);
    }

    #[test]
    fn messages_are_sentences_and_names_stay_as_they_are() {
        for (text, said) in [
            ("the disk is full", "The disk is full"),
            ("größe", "Größe"),
            ("iSight was unplugged", "iSight was unplugged"),
            ("clip.mp4: it is no film", "clip.mp4: it is no film"),
            ("/tmp/a.png is gone", "/tmp/a.png is gone"),
            ("", ""),
        ] {
            assert_eq!(sentence(text), said);
        }
    }
}
