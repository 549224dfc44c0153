//! The bar at the top: files, undoing, comparing, the zoom, recording and export.

use crate::app::App;
use crate::canvas::{Compare, Zoom};
use crate::dialogs::Purpose;
use crate::icon::Icon;
use crate::menu::{menu, popup};
use crate::options::ThemeName;
use crate::sheet::Kindred;
use crate::theme;
use crate::widgets::name;
use bowerbird_capture::SourceKind;
use eframe::egui::{self, Align, Layout, RichText, Ui};

/// Room for the ways to look at the picture.
const VIEWS: f32 = 290.0;

/// Room for export alone.
const TINY: f32 = 110.0;

/// Room for the right end: the zoom, pausing, recording, the panels, export, help.
const END: f32 = 380.0;

/// Room for the button of the history; a narrow bar has it in the menu of files only.
const HISTORY: f32 = 44.0;

/// Width of the history.
const WIDE: f32 = 220.0;

impl App {
    pub(crate) fn show_bar(&mut self, ui: &mut Ui) {
        ui.horizontal_centered(|ui| {
            menu(ui, "File", |ui| self.show_file_menu(ui));
            ui.separator();
            let undo = self.document.undoable().map(|what| format!("Undo: {what}"));
            let button = ui.add_enabled(undo.is_some(), egui::Button::new("Undo"));
            if button.on_hover_text(undo.unwrap_or_else(|| "Nothing to undo".into())).clicked() {
                self.document.undo();
            }
            let redo = self.document.redoable().map(|what| format!("Redo: {what}"));
            let button = ui.add_enabled(redo.is_some(), egui::Button::new("Redo"));
            if button.on_hover_text(redo.unwrap_or_else(|| "Nothing to redo".into())).clicked() {
                self.document.redo();
            }
            if ui.available_width() >= VIEWS + END + HISTORY {
                self.show_history_button(ui);
            }
            ui.separator();
            // What would run into the right end goes into a menu.
            let narrow = ui.available_width() < VIEWS + END;
            if narrow {
                let button = menu(ui, "View", |ui| {
                    ui.set_min_width(120.0);
                    self.show_views(ui);
                    ui.separator();
                    self.show_panel_choices(ui);
                });
                name(&button.response, "View");
            } else {
                self.show_views(ui);
            }
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| self.show_bar_end(ui, narrow));
        });
    }

    /// The list of changes, in a bar that has room for it.
    fn show_history_button(&mut self, ui: &mut Ui) {
        let any = self.document.undoable().is_some() || self.document.redoable().is_some();
        let button = ui.add_enabled_ui(any, |ui| Icon::Unfolded.button(ui, "History", None)).inner;
        popup(&button, |ui| self.show_history(ui));
    }

    /// Every change there was, to go back and forth to.
    fn show_history(&mut self, ui: &mut Ui) {
        // A gesture that goes on is one of them.
        self.document.settle();
        let (past, future) = self.document.history();
        let now = past.len();
        let changes: Vec<String> = core::iter::once("Beginning").chain(past).chain(future).map(str::to_owned).collect();
        let mut chosen = None;
        ui.set_width(WIDE);
        for (count, what) in changes.iter().enumerate() {
            let text = RichText::new(what);
            let text = if count > now { text.weak() } else { text };
            let line = egui::Button::selectable(count == now, text).truncate();
            let line = ui.add(line.min_size(egui::vec2(WIDE - 8.0, 0.0)));
            name(&line, &format!("{what} ({count})"));
            if count == now && ui.is_sizing_pass() {
                // A long list opens where things stand.
                line.scroll_to_me(None);
            }
            chosen = line.clicked().then_some(count).or(chosen);
        }
        if let Some(count) = chosen {
            self.document.go_to(count);
        }
    }

    /// The ways to look at the picture.
    fn show_views(&mut self, ui: &mut Ui) {
        // Under a sheet nothing is compared.
        let compares = |compare| self.sheet.shown.is_none() && self.canvas.compare == compare;
        let (split, side) = (compares(Compare::Split), compares(Compare::Side));
        let split = ui.selectable_label(split, "Split");
        if split.on_hover_text("Before and after across a line (C)").clicked() {
            self.toggle_compare(Compare::Split);
        }
        let side = ui.selectable_label(side, "Side by side");
        if side.on_hover_text("Before and after beside each other (V)").clicked() {
            self.toggle_compare(Compare::Side);
        }
        let looks = ui.selectable_label(self.sheet.shown == Some(Kindred::Looks), "All looks");
        if looks.on_hover_text("The picture under every look at once").clicked() {
            self.toggle_sheet(Kindred::Looks);
        }
        let grid = ui.selectable_label(self.sheet.shown == Some(Kindred::Parameters), "Variations");
        if grid.on_hover_text("Two parameters spread over a grid").clicked() {
            self.toggle_sheet(Kindred::Parameters);
        }
    }

    /// The right end of the bar, from right to left; a narrow one has the panels in a menu.
    fn show_bar_end(&mut self, ui: &mut Ui, narrow: bool) {
        // A tiny window has it in the menu.
        if ui.available_width() > TINY {
            let help = ui.button("?");
            name(&help, "Keyboard shortcuts");
            if help.clicked() {
                self.help = !self.help;
            }
        }
        let export =
            egui::Button::new(RichText::new("Export").strong().color(egui::Color32::WHITE)).fill(theme::PRIMARY);
        if ui.add(export).on_hover_text("Full resolution, to a file").clicked() {
            self.export.open = true;
        }
        if !narrow {
            self.show_panel_buttons(ui);
        }
        let moving = self.shown.as_ref().is_some_and(|shown| shown.still.is_none());
        if moving || self.report.recording {
            let recording = self.report.recording;
            let (icon, label) =
                if recording { (Icon::Stop, "Stop recording (R)") } else { (Icon::Record, "Record (R)") };
            if icon.button(ui, label, Some(theme::RECORDING)).clicked() {
                self.toggle_recording();
            }
            if let Some(time) = self.recorded() {
                let color = theme::written(theme::RECORDING, ui.visuals().dark_mode);
                ui.label(RichText::new(time).monospace().color(color));
            }
            let (icon, label) = if self.film_is_over() {
                (Icon::Play, "Play it once more (P)")
            } else if self.running {
                (Icon::Pause, "Keep this frame, and go on working on it (P)")
            } else {
                (Icon::Play, "Take frames again (P)")
            };
            if icon.button(ui, label, None).clicked() {
                self.pause_or_play();
            }
        }
        // In a tiny window the keys do for the zoom.
        if ui.available_width() < 100.0 {
            return;
        }
        ui.separator();
        self.show_zoom(ui);
        if ui.available_width() > 120.0 {
            let fps = if moving { format!("{:.0}/s", self.report.fps_out) } else { String::new() };
            ui.add(egui::Label::new(RichText::new(fps).monospace().weak()));
        }
    }

    /// Whether the source is a film that is through.
    fn film_is_over(&self) -> bool {
        let film = self.source.spec.as_ref().is_some_and(|spec| matches!(spec.kind, SourceKind::Video(_)));
        film && self.report.ended
    }

    /// Keeps the frame, or takes frames again; of a film that is through, from its beginning.
    pub(crate) fn pause_or_play(&mut self) {
        if self.film_is_over() {
            self.running = true;
            self.open_again();
        } else {
            self.running = !self.running;
        }
    }

    fn show_zoom(&mut self, ui: &mut Ui) {
        let text = match self.canvas.zoom {
            Zoom::Fit => format!("Fit · {:.0}%", self.canvas.scale * 100.0),
            Zoom::Fill => format!("Fill · {:.0}%", self.canvas.scale * 100.0),
            Zoom::Scale(scale) => format!("{:.0}%", scale * 100.0),
        };
        let button = menu(ui, text, |ui| {
            for (label, zoom) in [
                ("Fit (F)", Zoom::Fit),
                ("Fill (G)", Zoom::Fill),
                ("50%", Zoom::Scale(0.5)),
                ("100% (1)", Zoom::Scale(1.0)),
                ("200%", Zoom::Scale(2.0)),
                ("400%", Zoom::Scale(4.0)),
            ] {
                if ui.selectable_label(self.canvas.zoom == zoom, label).clicked() {
                    self.canvas.zoom = zoom;
                    ui.close();
                }
            }
        });
        name(&button.response, "Zoom");
    }

    fn show_file_menu(&mut self, ui: &mut Ui) {
        ui.set_min_width(210.0);
        let mut purpose = None;
        for (label, wanted) in [
            ("Open picture, video or recipe…", Purpose::Open),
            ("Open folder…", Purpose::OpenFolder),
            ("Save recipe as…", Purpose::SaveRecipe),
        ] {
            if ui.button(label).clicked() {
                purpose = Some(wanted);
                ui.close();
            }
        }
        if ui.button("Export picture…").clicked() {
            self.export.open = true;
            ui.close();
        }
        if ui.button("Snapshot").clicked() {
            self.snapshot();
            ui.close();
        }
        ui.separator();
        menu(ui, "History", |ui| self.show_history(ui));
        if ui.button(if self.theme == ThemeName::Dark { "Light theme" } else { "Dark theme" }).clicked() {
            self.toggle_theme();
            ui.close();
        }
        if ui.button("Keyboard shortcuts").clicked() {
            self.help = true;
            ui.close();
        }
        ui.separator();
        if ui.button("Quit").clicked() {
            ui.ctx().send_viewport_cmd(egui::ViewportCommand::Close);
        }
        if let Some(purpose) = purpose {
            self.ask_for_file(purpose);
        }
    }
}
