//! Keys: one table that is both what is done and what the sheet shows.

use crate::app::App;
use crate::canvas::{Compare, Zoom};
use crate::dialogs::Purpose;
use crate::gradient;
use crate::menu::room;
use eframe::egui::{self, Align2, Context, Key, KeyboardShortcut, Modifiers, RichText};

/// What a key does.
type Action = fn(&mut App);

/// A key, what it does in words, and in fact.
struct Shortcut {
    modifiers: Modifiers,
    key: Key,
    what: &'static str,
    action: Action,
}

const fn key(key: Key, what: &'static str, action: Action) -> Shortcut {
    Shortcut { modifiers: Modifiers::NONE, key, what, action }
}

const fn command(key: Key, what: &'static str, action: Action) -> Shortcut {
    Shortcut { modifiers: Modifiers::COMMAND, key, what, action }
}

const fn alt(key: Key, what: &'static str, action: Action) -> Shortcut {
    Shortcut { modifiers: Modifiers::ALT, key, what, action }
}

const SHORTCUTS: &[Shortcut] = &[
    command(Key::O, "Open a picture, video or recipe", |app| app.ask_for_file(Purpose::Open)),
    command(Key::E, "Export at full resolution", |app| app.export.open = true),
    command(Key::S, "Save the look as a preset", |app| app.begin_preset()),
    Shortcut {
        modifiers: Modifiers::COMMAND.plus(Modifiers::SHIFT),
        key: Key::Z,
        what: "Redo",
        action: |app| app.document.redo(),
    },
    command(Key::Z, "Undo", |app| app.document.undo()),
    command(Key::Y, "Redo", |app| app.document.redo()),
    Shortcut {
        modifiers: Modifiers::COMMAND.plus(Modifiers::SHIFT),
        key: Key::C,
        what: "Copy all effects",
        action: |app| app.copy(crate::clipboard::Part::Whole),
    },
    key(Key::PageDown, "Next picture of the folder", |app| app.open_neighbor(1)),
    key(Key::PageUp, "Previous picture of the folder", |app| app.open_neighbor(-1)),
    key(Key::N, "Pictures of the folder, or looks", App::toggle_pictures),
    key(Key::F11, "Full screen", |app| app.turns_full_screen = true),
    key(Key::A, "Add an effect", App::toggle_catalogue),
    key(Key::Delete, "Delete the chosen effect", App::delete_chosen),
    key(Key::Backspace, "Delete the chosen effect", App::delete_chosen),
    alt(Key::ArrowUp, "Move the chosen effect up", |app| app.move_chosen(-1)),
    alt(Key::ArrowDown, "Move the chosen effect down", |app| app.move_chosen(1)),
    key(Key::OpenBracket, "Smaller brush", |app| app.canvas.resize_brush(1.0 / 1.25)),
    key(Key::CloseBracket, "Larger brush", |app| app.canvas.resize_brush(1.25)),
    key(Key::K, "Straighten: draw a level line", App::straighten),
    key(Key::F, "Fit the picture", |app| app.canvas.fit()),
    key(Key::G, "Fill the canvas", |app| app.canvas.zoom = Zoom::Fill),
    key(Key::Num1, "One pixel a pixel", |app| app.canvas.zoom = Zoom::Scale(1.0)),
    key(Key::Plus, "Zoom in", |app| app.canvas.step(true)),
    key(Key::Equals, "Zoom in", |app| app.canvas.step(true)),
    key(Key::Minus, "Zoom out", |app| app.canvas.step(false)),
    key(Key::C, "Compare across a line", |app| app.toggle_compare(Compare::Split)),
    key(Key::V, "Compare side by side", |app| app.toggle_compare(Compare::Side)),
    key(Key::E, "Hide or show the panel", App::toggle_panel),
    key(Key::L, "Hide or show the looks", App::toggle_looks),
    key(Key::X, "Nothing but the picture", App::toggle_panels),
    key(Key::H, "Histogram above the effects", App::toggle_histogram),
    key(Key::O, "Mark what clips", |app| app.canvas.clipping = !app.canvas.clipping),
    key(Key::P, "Pause or go on", App::pause_or_play),
    key(Key::R, "Record, or stop recording", App::toggle_recording),
    key(Key::S, "Snapshot of this frame", App::snapshot),
    key(Key::D, "Next look", |app| app.next_look(1)),
    key(Key::W, "Previous look", |app| app.next_look(-1)),
    key(Key::T, "Light or dark", App::toggle_theme),
    key(Key::Questionmark, "This sheet", |app| app.help = !app.help),
    key(Key::F1, "This sheet", |app| app.help = !app.help),
];

impl App {
    /// Whether something is asked for, which has the keyboard, though its field may not have the focus yet.
    fn asks(&self) -> bool {
        let searched = self.catalogue.awaits_focus();
        searched || self.dialogs.is_open() || self.export.open || self.strip.is_naming() || self.leaving
    }

    /// Whether keys are text.
    pub(crate) fn is_typing(&self, context: &Context) -> bool {
        self.asks() || context.text_edit_focused()
    }

    /// Follows the keys that were pressed, unless something is being typed.
    pub(crate) fn follow_keys(&mut self, context: &Context) {
        let typing = self.is_typing(context);
        self.canvas.hold = !typing && context.input(|input| input.key_down(Key::B));
        if !typing {
            self.follow_stars(context);
        }
        for shortcut in SHORTCUTS {
            // Positions on the picture are removed with a key that removes effects, too.
            let placing = self.canvas.picking.is_some() && matches!(shortcut.key, Key::Delete | Key::Backspace);
            let placing = placing || gradient::KEYS.contains(&shortcut.key) && gradient::has_focus(context);
            // What one of these keys has just opened has the rest of them.
            let typing = typing || self.asks();
            if placing || typing && shortcut.modifiers.is_none() {
                continue;
            }
            let keys = KeyboardShortcut::new(shortcut.modifiers, shortcut.key);
            // `?` is typed with shift on most keyboards.
            let pressed = context.input_mut(|input| {
                input.consume_shortcut(&keys)
                    || shortcut.key == Key::Questionmark && input.consume_key(Modifiers::SHIFT, Key::Questionmark)
            });
            if pressed {
                (shortcut.action)(self);
            }
        }
        let over = self.asks() || self.help || self.catalogue.open || egui::Popup::is_any_open(context);
        if !over && context.input(|input| input.key_pressed(Key::Escape)) {
            self.sheet.shown = None;
        }
        if self.help && context.input(|input| input.key_pressed(Key::Escape)) {
            self.help = false;
        }
        let busy = self.canvas.picking.is_some() || self.canvas.brush.is_some();
        let placing = self.canvas.picking.is_some() && context.memory(|memory| memory.focused()).is_none();
        let painting = self.canvas.brush.is_some() && context.memory(|memory| memory.focused()).is_none();
        let done = (placing || painting) && !typing && context.input(|input| input.key_pressed(Key::Enter));
        if done || busy && context.input(|input| input.key_pressed(Key::Escape)) {
            (self.canvas.picking, self.canvas.brush) = (self.canvas.picking_next.take(), None);
        }
    }

    /// Gives the picture stars by digits: alone while the pictures of the folder are in sight, else with Alt.
    fn follow_stars(&mut self, context: &Context) {
        let digits = [Key::Num0, Key::Num1, Key::Num2, Key::Num3, Key::Num4, Key::Num5];
        for (stars, key) in (0..).zip(digits) {
            let pressed = context.input_mut(|input| {
                input.consume_key(Modifiers::ALT, key)
                    || self.shows_pictures() && input.consume_key(Modifiers::NONE, key)
            });
            if pressed {
                self.rate(stars);
            }
        }
    }

    /// Shows the sheet of keys.
    pub(crate) fn show_help(&mut self, context: &Context) {
        if !self.help {
            return;
        }
        let mut open = true;
        // Two columns where there is room for them.
        let room = room(context);
        let (columns, widest) = if room.x < 690.0 { (1, 430.0) } else { (2, 690.0) };
        let room = room.min(egui::vec2(widest, f32::INFINITY));
        egui::Window::new("Keyboard shortcuts")
            .open(&mut open)
            .default_size(room)
            .anchor(Align2::CENTER_CENTER, egui::Vec2::ZERO)
            .collapsible(false)
            .resizable(false)
            .show(context, |ui| {
                let area = egui::ScrollArea::both().max_width(room.x).max_height(room.y).auto_shrink([false, true]);
                area.show(ui, |ui| {
                    // Lines to be read, which need no room for a pointer.
                    ui.spacing_mut().interact_size.y = 0.0;
                    egui::Grid::new("shortcuts").num_columns(2 * columns).spacing(egui::vec2(18.0, 7.0)).show(
                        ui,
                        |ui| {
                            let mut rows: Vec<(String, &str)> = Vec::new();
                            for shortcut in SHORTCUTS {
                                if rows.iter().any(|(_, what)| *what == shortcut.what) {
                                    continue;
                                }
                                let keys = KeyboardShortcut::new(shortcut.modifiers, shortcut.key);
                                let text = context.format_shortcut(&keys);
                                let text = text.replace("Questionmark", "?").replace("Plus", "+").replace("Minus", "−");
                                let text = text.replace("OpenBracket", "[").replace("CloseBracket", "]");
                                rows.push((text, shortcut.what));
                            }
                            // Of these the system tells, not the keyboard.
                            for (key, what) in [
                                (Key::C, "Copy the chosen effect"),
                                (Key::X, "Cut the chosen effect"),
                                (Key::V, "Paste effects behind the chosen one"),
                            ] {
                                let keys = KeyboardShortcut::new(Modifiers::COMMAND, key);
                                rows.push((context.format_shortcut(&keys), what));
                            }
                            rows.push(("Alt+0 to 5".into(), "Stars for the picture"));
                            rows.push(("0 to 5".into(), "The same, while pictures are below"));
                            rows.push(("B, held".into(), "See the source"));
                            rows.push(("Space, held".into(), "Move the picture while painting"));
                            rows.push(("Wheel".into(), "Zoom where the pointer is"));
                            rows.push(("Double click".into(), "Whole picture, or one to one"));
                            rows.push(("Arrows".into(), "Move the slider taken last; with Shift, less"));
                            rows.push(("Shift+Wheel".into(), "Move the slider under the pointer"));
                            rows.push(("Double click".into(), "A handle or a label: the default"));
                            rows.push(("Esc".into(), "Close what is open"));
                            rows.push(("Right click".into(), "Remove a point that is placed"));
                            let height = rows.len().div_ceil(columns);
                            for row in 0..height {
                                for (keys, what) in rows.iter().skip(row).step_by(height) {
                                    ui.label(RichText::new(keys).monospace().strong());
                                    ui.label(*what);
                                }
                                ui.end_row();
                            }
                        },
                    );
                });
            });
        self.help &= open;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_key_does_two_things() {
        for (index, one) in SHORTCUTS.iter().enumerate() {
            let same = SHORTCUTS[..index].iter().find(|two| (two.key, two.modifiers) == (one.key, one.modifiers));
            assert!(same.is_none(), "{} and {}", one.what, same.map_or("", |same| same.what));
        }
    }
}
