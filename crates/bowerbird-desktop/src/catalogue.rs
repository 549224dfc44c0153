//! The catalogue of effects, searched and seen on the picture.

use crate::app::App;
use crate::panels::Tab;
use crate::place::Owner;
use crate::thumbs::Key;
use bowerbird::effect::Effect;
use bowerbird::param::Kind;
use bowerbird::{Chain, ChainStep, effects};
use eframe::egui::{self, Align2, RichText, ScrollArea, Sense, Ui, Vec2};
use std::sync::Arc;

/// An effect as it is shown.
pub(crate) struct Entry {
    effect: Box<dyn Effect>,
    /// The effect at a setting that can be seen.
    demo: Arc<Chain>,
    /// What is searched.
    text: String,
}

/// The state of the catalogue.
pub(crate) struct Catalogue {
    entries: Vec<Entry>,
    /// Whether it is open.
    pub open: bool,
    search: String,
    focus: bool,
    /// Whether the first cell is to have the focus.
    descend: bool,
}

impl std::fmt::Debug for Catalogue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Catalogue").field("entries", &self.entries.len()).finish_non_exhaustive()
    }
}

impl Default for Catalogue {
    fn default() -> Self {
        let listed = effects::all().filter(|effect| effect.info().family != "mask");
        let entries = listed.map(|effect| {
            let info = effect.info();
            let text = format!("{} {} {} {}", info.label, info.id, info.family, info.doc).to_lowercase();
            Entry { demo: Arc::new(demonstration(effect.as_ref())), effect, text }
        });
        Self { entries: entries.collect(), open: false, search: String::new(), focus: false, descend: false }
    }
}

impl Catalogue {
    /// Whether it was opened and is not drawn yet, so that nothing can be typed into it.
    pub(crate) fn awaits_focus(&self) -> bool {
        self.open && self.focus
    }

    /// The effects that have all words that are searched for, those first whose names do.
    fn found(&self) -> Vec<usize> {
        let search = self.search.trim().to_lowercase();
        let words: Vec<&str> = search.split_whitespace().collect();
        let rank = |entry: &Entry| {
            let info = entry.effect.info();
            let label = info.label.to_lowercase();
            if label == search || info.id == search {
                0
            } else if label.starts_with(&search) || info.id.starts_with(&search) {
                1
            } else if words.iter().all(|word| label.contains(word) || info.id.contains(word)) {
                2
            } else {
                3
            }
        };
        let fits = |entry: &Entry| words.iter().all(|word| entry.text.contains(word));
        let mut found: Vec<usize> = (0..self.entries.len()).filter(|index| fits(&self.entries[*index])).collect();
        if !words.is_empty() {
            found.sort_by_key(|index| rank(&self.entries[*index]));
        }
        found
    }
}

/// An effect at a setting that can be seen: some defaults change nothing.
pub(crate) fn demonstration(effect: &dyn Effect) -> Chain {
    let mut effect = effect.boxed();
    if effect.is_identity() {
        let info = effect.info();
        let first = info.fields.iter().position(|field| {
            matches!(field.kind, Kind::Number | Kind::Length | Kind::Angle | Kind::Hue) && field.soft.is_some()
        });
        if let Some(index) = first {
            let (low, high) = info.fields[index].soft.unwrap_or((0.0, 1.0));
            let by = 0.3 * (high - low);
            if let Some(param) = effect.field_mut(index)
                && let Some(now) = param.to_json().as_f64()
            {
                let value = if now + by <= high { now + by } else { now - by };
                // A value within the range is taken.
                let _ = param.set(&serde_json::json!(value));
            }
        }
    }
    let mut chain = Chain::new();
    chain.push(ChainStep::from(effect));
    chain
}

/// Size of a cell.
const CELL: Vec2 = Vec2::new(112.0, 106.0);

/// Height of a cell's name, of two rows.
const NAME: f32 = 36.0;

impl App {
    /// Opens or closes the catalogue.
    pub(crate) fn toggle_catalogue(&mut self) {
        self.catalogue.open = !self.catalogue.open;
        self.catalogue.focus = self.catalogue.open;
        self.catalogue.search.clear();
    }

    /// Shows the catalogue over the canvas, if it is open.
    pub(crate) fn show_catalogue(&mut self, context: &egui::Context, area: egui::Rect) {
        if !self.catalogue.open {
            return;
        }
        let mut open = true;
        let mut chosen: Option<usize> = None;
        // Half of the canvas, so that the picture is seen beside it; at least four columns where there is room.
        let columns = |count: f32| count * (CELL.x + 8.0) + 24.0;
        let width = (0.5 * area.width()).clamp(columns(4.0), columns(6.0)).min(area.width() - 32.0).max(260.0);
        let rect = egui::Window::new("Add an effect")
            .open(&mut open)
            .resizable(false)
            .collapsible(false)
            .fixed_size(Vec2::new(width, (area.height() - 90.0).clamp(96.0, 760.0)))
            .anchor(Align2::RIGHT_TOP, Vec2::new(area.right() - context.content_rect().right() - 8.0, area.top() + 8.0))
            .show(context, |ui| chosen = self.show_catalogue_content(ui))
            .map(|window| window.response.rect);
        // A click elsewhere closes it; one on the button that opened it does so by itself.
        let away = context.input(|input| {
            let pressed = input.pointer.any_pressed().then(|| input.pointer.press_origin()).flatten();
            pressed.is_some_and(|pos| area.contains(pos) && rect.is_some_and(|rect: egui::Rect| !rect.contains(pos)))
        });
        open &= !away;
        if context.input(|input| input.key_pressed(egui::Key::Escape)) {
            open = false;
        }
        if let Some(index) = chosen {
            let effect = self.catalogue.entries[index].effect.boxed();
            let key = self.document.insert(effect, self.stack.selected);
            (self.stack.selected, self.stack.revealed) = (Some(key), Some(key));
            self.show_tab(Tab::Effects);
            self.place_first(&Owner::step(key));
            open = false;
        }
        self.catalogue.open = open;
    }

    fn show_catalogue_content(&mut self, ui: &mut Ui) -> Option<usize> {
        let mut chosen = None;
        let search = egui::TextEdit::singleline(&mut self.catalogue.search).hint_text("Search effects");
        let response = ui.add(search.desired_width(f32::INFINITY));
        crate::widgets::name(&response, "Search effects");
        if std::mem::take(&mut self.catalogue.focus) {
            response.request_focus();
        }
        self.catalogue.descend = response.has_focus() && ui.input(|input| input.key_pressed(egui::Key::ArrowDown));
        let enter = response.lost_focus() && ui.input(|input| input.key_pressed(egui::Key::Enter));
        let found = self.catalogue.found();
        let searching = !self.catalogue.search.trim().is_empty();
        if enter {
            return found.first().copied();
        }
        ScrollArea::vertical().auto_shrink([false, false]).show(ui, |ui| {
            if found.is_empty() {
                ui.add_space(24.0);
                ui.vertical_centered(|ui| ui.weak("No effect has that in its name or description."));
            }
            let columns = ((ui.available_width() + 8.0) / (CELL.x + 8.0)).floor().max(1.0) as usize;
            let mut rest = found.as_slice();
            while let Some(first) = rest.first() {
                // What is found stands in the order of how well it fits, else by families.
                let family = self.catalogue.entries[*first].effect.info().family;
                let of_family = |i: &&usize| self.catalogue.entries[**i].effect.info().family == family;
                let count = if searching { rest.len() } else { rest.iter().take_while(of_family).count() };
                ui.add_space(4.0);
                let head = if searching {
                    "Enter adds the first, the arrows go to the others".to_owned()
                } else {
                    crate::widgets::words(family)
                };
                ui.label(RichText::new(head).small().strong());
                for row in rest[..count].chunks(columns) {
                    ui.horizontal(|ui| {
                        for index in row {
                            if self.show_entry(ui, *index, searching && *index == *first) {
                                chosen = Some(*index);
                            }
                        }
                    });
                }
                rest = &rest[count..];
            }
        });
        chosen
    }

    fn show_entry(&mut self, ui: &mut Ui, index: usize, first: bool) -> bool {
        let entry = &self.catalogue.entries[index];
        let info = entry.effect.info();
        let (rect, response) = ui.allocate_exact_size(CELL, Sense::click());
        response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, info.label));
        if std::mem::take(&mut self.catalogue.descend) {
            response.request_focus();
        }
        if response.gained_focus() {
            response.scroll_to_me(None);
        }
        if ui.is_rect_visible(rect) {
            let picture = egui::Rect::from_min_size(rect.min, Vec2::new(CELL.x, CELL.y - NAME));
            let demo = Arc::clone(&entry.demo);
            self.thumbs.show(ui, picture, Key::Effect(index as u16), &demo);
            let color = if response.hovered() { ui.visuals().strong_text_color() } else { ui.visuals().text_color() };
            let top = egui::Pos2::new(rect.center().x, picture.bottom() + 3.0);
            crate::strip::caption(ui, top, CELL.x, 2, info.label, color);
            if first || response.hovered() || response.has_focus() {
                let stroke = egui::Stroke::new(1.5, crate::theme::ACCENT);
                ui.painter().rect_stroke(picture, 4.0, stroke, egui::StrokeKind::Inside);
            }
        }
        // The name may be cut below its picture.
        let tip = |ui: &mut Ui| {
            ui.strong(info.label);
            ui.label(crate::widgets::plain(info.doc));
        };
        response.on_hover_ui(tip).clicked()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_found_by_its_name_comes_first() {
        let mut catalogue = Catalogue::default();
        for (search, first) in
            [("invert", "invert"), ("Invert ", "invert"), ("gauss", "gaussian_blur"), ("blur box", "box_blur")]
        {
            search.clone_into(&mut catalogue.search);
            let found = catalogue.found();
            assert_eq!(catalogue.entries[found[0]].effect.info().id, first, "{search}");
        }
        catalogue.search.clear();
        assert_eq!(catalogue.found().len(), catalogue.entries.len());
    }

    #[test]
    fn a_demonstration_can_be_seen() {
        let plain: Vec<_> = effects::all()
            .filter(|effect| {
                let chain = demonstration(effect.as_ref());
                chain.steps()[0].effect().unwrap().is_identity()
            })
            .map(|effect| effect.info().id)
            .collect();
        // Those whose only settings are lists or files.
        let known = ["channel_mixer", "curves", "levels", "lut3d", "affine", "crop", "resize", "blend", "sticker"];
        assert!(plain.iter().all(|id| known.contains(id)), "{plain:?}");
    }
}
