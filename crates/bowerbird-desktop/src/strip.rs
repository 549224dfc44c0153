//! The look strip: every look and preset on the picture of the moment; and presets.

use crate::app::App;
use crate::clipboard::Part;
use crate::dialogs::Purpose;
use crate::files::FileJob;
use crate::icon::Icon;
use crate::menu::{menu, popup, within};
use crate::stack::shortcut;
use crate::store::Look;
use crate::theme;
use crate::thumbs::Key;
use bowerbird::{Chain, Recipe};
use eframe::egui::text::{CCursor, CCursorRange};
use eframe::egui::{self, Align2, FontId, Pos2, Rect, RichText, ScrollArea, Sense, Ui, Vec2};
use std::path::Path;
use std::sync::Arc;

/// The looks to choose from.
#[derive(Debug)]
pub(crate) struct Strip {
    looks: Vec<(Look, Arc<Chain>)>,
    none: Arc<Chain>,
    /// The look that was chosen last, and the revision that it made.
    chosen: Option<(usize, u64)>,
    /// A preset that is being named: what for, and the name so far.
    naming: Option<Naming>,
}

#[derive(Debug)]
struct Naming {
    /// The preset to rename; a new one otherwise.
    path: Option<std::path::PathBuf>,
    name: String,
    focus: bool,
}

/// Size of a look in the strip, with its name.
pub(crate) const CELL: Vec2 = Vec2::new(116.0, 86.0);

/// Height of the strip.
pub(crate) const HEIGHT: f32 = CELL.y + 22.0;

impl Strip {
    /// The looks, each with its chain.
    pub(crate) fn new(looks: Vec<Look>) -> Self {
        let looks = looks.into_iter().map(|look| {
            let chain = Arc::new(look.recipe.chain().clone());
            (look, chain)
        });
        Self { looks: looks.collect(), none: Arc::new(Chain::new()), chosen: None, naming: None }
    }

    /// Whether the name of a preset is asked for.
    pub(crate) fn is_naming(&self) -> bool {
        self.naming.is_some()
    }

    /// Names and chains of all looks.
    pub(crate) fn all(&self) -> impl Iterator<Item = (&str, &Arc<Chain>)> {
        self.looks.iter().map(|(look, chain)| (look.name.as_str(), chain))
    }
}

impl App {
    /// Takes the looks there are, and says what is wrong with others.
    pub(crate) fn take_looks(&mut self, (looks, problems): (Vec<Look>, Vec<String>)) {
        for problem in problems {
            self.banners.trouble(&problem);
        }
        // A name may be being typed meanwhile.
        let naming = self.strip.naming.take();
        self.strip = Strip { naming, ..Strip::new(looks) };
        self.thumbs.forget(|key| matches!(key, Key::Look(_)));
    }

    /// Shows the strip.
    pub(crate) fn show_strip(&mut self, ui: &mut Ui) {
        ScrollArea::horizontal().auto_shrink([false, false]).show(ui, |ui| {
            ui.horizontal(|ui| {
                ui.spacing_mut().item_spacing.x = 8.0;
                let untouched = self.document.steps().is_empty();
                let none = Arc::clone(&self.strip.none);
                if show_cell(ui, &mut self.thumbs, "Original", Key::Look(u16::MAX), &none, untouched).clicked() {
                    self.document.replace("Original", Recipe::from_chain("", Chain::new()));
                    self.stack.selected = None;
                }
                let mut todo = None;
                for index in 0..self.strip.looks.len() {
                    let (look, chain) = &self.strip.looks[index];
                    let (name, chain, preset) = (look.name.clone(), Arc::clone(chain), look.path.clone());
                    let chosen = self.strip.chosen == Some((index, self.document.revision()));
                    let response = show_cell(ui, &mut self.thumbs, &name, Key::Look(index as u16), &chain, chosen);
                    if response.clicked() {
                        todo = Some(Todo::Choose(index));
                    }
                    if let Some(path) = preset {
                        let more = show_more(ui, response.rect, &name);
                        let mut show = |ui: &mut Ui| todo = show_preset_menu(ui, &path, &name).or(todo.take());
                        response.context_menu(&mut show);
                        popup(&more, &mut show);
                    }
                }
                crate::widgets::follow_focus(ui);
                match todo {
                    None => {}
                    Some(Todo::Choose(index)) => self.choose_look(index),
                    Some(Todo::Rename(path, name)) => {
                        self.strip.naming = Some(Naming { path: Some(path), name, focus: true });
                    }
                    // It is asked whether the preset of that name is to be replaced.
                    Some(Todo::Update(name)) => {
                        self.strip.naming = Some(Naming { path: None, name, focus: true });
                    }
                    Some(Todo::Delete(path, name)) => {
                        self.file(FileJob::DeletePreset(path, name));
                    }
                }
            });
        });
    }

    /// Chooses a look by its place.
    pub(crate) fn choose_look(&mut self, index: usize) {
        let Some((look, _)) = self.strip.looks.get(index) else { return };
        let (name, recipe) = (look.name.clone(), look.recipe.clone());
        self.document.replace(&format!("Look “{name}”"), recipe);
        self.stack.selected = None;
        self.strip.chosen = Some((index, self.document.revision()));
    }

    /// Chooses the look so many places on.
    pub(crate) fn next_look(&mut self, by: isize) {
        let count = self.strip.looks.len() as isize;
        if count == 0 {
            return;
        }
        let now = self.strip.chosen.map_or(if by > 0 { -1 } else { 0 }, |(index, _)| index as isize);
        self.choose_look((now + by).rem_euclid(count) as usize);
    }

    /// The button for presets, in the stack's head.
    pub(crate) fn show_preset_button(&mut self, ui: &mut Ui) {
        let button = menu(ui, "Preset", |ui| {
            let any = !self.document.steps().is_empty();
            if ui.add_enabled(any, egui::Button::new("Save as preset…")).clicked() {
                self.begin_preset();
                ui.close();
            }
            ui.separator();
            if ui.add_enabled(any, egui::Button::new("Copy all effects")).clicked() {
                self.copy(Part::Whole);
                ui.close();
            }
            let paste = egui::Button::new("Paste effects").shortcut_text(shortcut(ui, egui::Key::V));
            if ui.add(paste).on_hover_text("Behind the chosen one").clicked() {
                self.ask_to_paste(ui.ctx(), false);
                ui.close();
            }
            if ui.button("Paste in place of all").clicked() {
                self.ask_to_paste(ui.ctx(), true);
                ui.close();
            }
            ui.separator();
            if ui.button("Import a recipe…").clicked() {
                self.ask_for_file(Purpose::ImportPreset);
                ui.close();
            }
            if ui.add_enabled(any, egui::Button::new("Export the recipe…")).clicked() {
                self.ask_for_file(Purpose::SaveRecipe);
                ui.close();
            }
        });
        crate::widgets::name(&button.response, "Presets");
    }

    /// Asks for the name of a new preset.
    pub(crate) fn begin_preset(&mut self) {
        if self.document.steps().is_empty() {
            return self.banners.note("There is no effect to save yet; add one, or choose a look.");
        }
        let name = self.document.recipe().name();
        let name = if name.is_empty() { "My look".to_owned() } else { name.to_owned() };
        self.strip.naming = Some(Naming { path: None, name, focus: true });
    }

    /// Shows the window that asks for a preset's name.
    pub(crate) fn show_naming(&mut self, context: &egui::Context) {
        let Some(naming) = &mut self.strip.naming else { return };
        // Another one of that name; a preset that is renamed may keep its own.
        let taken = |name: &str| {
            let mut presets =
                self.strip.looks.iter().filter(|(look, _)| look.path.is_some() && look.path != naming.path);
            presets.any(|(look, _)| look.name == name.trim())
        };
        let taken = taken(&naming.name);
        let (mut open, mut done) = (true, false);
        let title = if naming.path.is_some() { "Rename the preset" } else { "Save as preset" };
        egui::Window::new(title)
            .open(&mut open)
            .anchor(Align2::CENTER_CENTER, Vec2::ZERO)
            .collapsible(false)
            .resizable(false)
            .show(context, |ui| {
                within(ui, 280.0, |ui| {
                    let length = naming.name.chars().count();
                    let field = egui::TextEdit::singleline(&mut naming.name).desired_width(f32::INFINITY).show(ui);
                    let (response, mut state) = (field.response.response, field.state);
                    crate::widgets::name(&response, "Name of the preset");
                    if std::mem::take(&mut naming.focus) {
                        response.request_focus();
                        // Another name is typed over it.
                        let all = CCursorRange::two(CCursor::default(), CCursor::new(length));
                        state.cursor.set_char_range(Some(all));
                        state.store(ui.ctx(), response.id);
                    }
                    let enter = response.lost_focus() && ui.input(|input| input.key_pressed(egui::Key::Enter));
                    ui.add_space(4.0);
                    let replaces = taken && naming.path.is_none();
                    let ready = !naming.name.trim().is_empty() && (replaces || !taken);
                    ui.horizontal(|ui| {
                        let word = if replaces { "Replace" } else { "Save" };
                        done = ui.add_enabled(ready, egui::Button::new(word)).clicked() || (enter && ready);
                        if taken {
                            let color = theme::written(theme::WARN, ui.visuals().dark_mode);
                            ui.label(RichText::new("There is a preset of that name.").color(color));
                        }
                    });
                })
            });
        if context.input(|input| input.key_pressed(egui::Key::Escape)) {
            open = false;
        }
        if done {
            let Some(naming) = self.strip.naming.take() else { return };
            match naming.path {
                None => self.save_preset(&naming.name),
                Some(path) => self.file(FileJob::RenamePreset(path, naming.name)),
            }
        } else if !open {
            self.strip.naming = None;
        }
    }
}

/// The button for what else can be done with a preset, in the corner of its thumbnail.
fn show_more(ui: &mut Ui, cell: Rect, name: &str) -> egui::Response {
    let corner = Rect::from_min_size(Pos2::new(cell.right() - 24.0, cell.top() + 4.0), Vec2::splat(20.0));
    ui.painter().rect_filled(corner, 4.0, egui::Color32::from_black_alpha(150));
    let place = egui::UiBuilder::new().max_rect(corner).layout(egui::Layout::top_down(egui::Align::Center));
    let white = Some(egui::Color32::WHITE);
    ui.scope_builder(place, |ui| Icon::More.show(ui, &format!("More for the preset {name}"), Sense::click(), white))
        .inner
}

/// What can be done with a preset.
fn show_preset_menu(ui: &mut Ui, path: &Path, name: &str) -> Option<Todo> {
    let mut todo = None;
    if ui.button("Rename…").clicked() {
        todo = Some(Todo::Rename(path.to_owned(), name.to_owned()));
    }
    if ui.button("Update from this look…").clicked() {
        todo = Some(Todo::Update(name.to_owned()));
    }
    // It cannot be undone.
    ui.menu_button("Delete", |ui| {
        if ui.button(format!("Delete “{name}” for good")).clicked() {
            todo = Some(Todo::Delete(path.to_owned(), name.to_owned()));
        }
    });
    if todo.is_some() {
        ui.close();
    }
    todo
}

enum Todo {
    Choose(usize),
    Rename(std::path::PathBuf, String),
    Update(String),
    Delete(std::path::PathBuf, String),
}

/// A name below a thumbnail, in so many rows at the most, and cut where they are not enough.
pub(crate) fn caption(ui: &Ui, top: Pos2, width: f32, rows: usize, name: &str, color: egui::Color32) {
    let font = FontId::proportional(12.0);
    let job = egui::text::LayoutJob::simple(name.to_owned(), font, color, width);
    let wrap = egui::text::TextWrapping { max_rows: rows, ..job.wrap.clone() };
    let galley = ui.painter().layout_job(egui::text::LayoutJob { wrap, halign: egui::Align::Center, ..job });
    ui.painter().galley(top, galley, color);
}

/// A thumbnail with a name below it.
fn show_cell(
    ui: &mut Ui,
    thumbs: &mut crate::thumbs::Thumbs,
    name: &str,
    key: Key,
    chain: &Arc<Chain>,
    chosen: bool,
) -> egui::Response {
    let (rect, response) = ui.allocate_exact_size(CELL, Sense::click());
    response.widget_info(|| egui::WidgetInfo::selected(egui::Role::Button, true, chosen, name));
    if ui.is_rect_visible(rect) {
        let picture = Rect::from_min_size(rect.min, Vec2::new(CELL.x, CELL.y - 20.0));
        thumbs.show(ui, picture, key, chain);
        let strong = chosen || response.hovered() || response.has_focus();
        let color = if strong { ui.visuals().strong_text_color() } else { ui.visuals().text_color() };
        caption(ui, Pos2::new(rect.center().x, picture.bottom() + 4.0), CELL.x, 1, name, color);
        if strong {
            let width = if chosen { 2.0 } else { 1.0 };
            let stroke = egui::Stroke::new(width, theme::ACCENT);
            ui.painter().rect_stroke(picture, 4.0, stroke, egui::StrokeKind::Inside);
        }
    }
    response.on_hover_text(RichText::new(name))
}
