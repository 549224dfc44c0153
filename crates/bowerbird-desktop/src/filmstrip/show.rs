//! The pictures of the folder as they stand below the picture that is open, and what stands before them.

use super::{Picture, Thumb};
use crate::app::App;
use crate::icon::Icon;
use crate::ratings::MOST;
use crate::strip::{CELL, caption};
use crate::theme;
use crate::widgets::name;
use bowerbird_capture::{SourceKind, SourceSpec};
use eframe::egui::{self, Color32, FontId, Pos2, Rect, RichText, ScrollArea, Sense, Ui, Vec2};
use std::sync::Arc;

/// Room between two pictures.
const GAP: f32 = 8.0;

/// Width of what stands before the pictures.
const HEAD: f32 = 132.0;

impl App {
    /// Shows the looks, or the pictures of the folder.
    pub(crate) fn show_below(&mut self, ui: &mut Ui) {
        if !self.filmstrip.has_pictures() {
            return self.show_strip(ui);
        }
        ui.horizontal_top(|ui| {
            ui.vertical(|ui| {
                ui.set_width(HEAD);
                ui.spacing_mut().item_spacing.y = 4.0;
                self.show_filmstrip_head(ui);
            });
            ui.separator();
            if self.filmstrip.on { self.show_pictures(ui) } else { self.show_strip(ui) }
        });
    }

    fn show_filmstrip_head(&mut self, ui: &mut Ui) {
        ui.horizontal(|ui| {
            for (label, on, hint) in [
                ("Looks", false, "Looks and presets on the picture"),
                ("Pictures", true, "The pictures of the folder (N)"),
            ] {
                if ui.selectable_label(self.filmstrip.on == on, label).on_hover_text(hint).clicked() {
                    self.filmstrip.on = on;
                }
            }
        });
        let Some(picture) = self.shown_picture() else { return };
        let stars = self.filmstrip.stars_of(&picture);
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = 0.0;
            for count in 1..=MOST {
                let filled = count <= stars;
                let plural = if count == 1 { "" } else { "s" };
                let star = Icon::Star { filled }.show(
                    ui,
                    &format!("Rate {count} star{plural}"),
                    Sense::click(),
                    filled.then_some(theme::WARN),
                );
                let hint = format!("{count} star{plural} (Alt+{count}); once more takes them away");
                if star.on_hover_text(hint).clicked() {
                    self.rate(if stars == count { 0 } else { count });
                }
            }
            let (icon, label) = match self.source.spec.as_ref().map(|spec| &spec.kind) {
                Some(SourceKind::Folder(_)) => (Icon::Stop, "Stay at this picture"),
                _ => (Icon::Play, "Slide show"),
            };
            ui.add_space(8.0);
            if icon.show(ui, label, Sense::click(), None).on_hover_text(label).clicked() {
                if icon == Icon::Stop {
                    self.step_to(picture);
                } else if let Some(folder) = self.current_folder() {
                    self.open_quietly(SourceSpec::from(SourceKind::Folder(folder)));
                }
            }
        });
        if self.filmstrip.on {
            self.show_filter(ui);
        }
    }

    /// What pictures are shown, and how many those are.
    fn show_filter(&mut self, ui: &mut Ui) {
        let count = |least: u8| self.filmstrip.listing.pictures.iter().filter(|(_, stars)| *stars >= least).count();
        let text = |least: u8| match least {
            0 => format!("All {}", count(0)),
            MOST => format!("{MOST} stars: {}", count(MOST)),
            1 => format!("1 star or more: {}", count(1)),
            _ => format!("{least} stars or more: {}", count(least)),
        };
        let combo = egui::ComboBox::from_id_salt("least stars").selected_text(text(self.filmstrip.least)).truncate();
        let mut chosen = None;
        let combo = combo.width(HEAD - 8.0).show_ui(ui, |ui| {
            for least in 0..=MOST {
                if ui.selectable_label(self.filmstrip.least == least, text(least)).clicked() {
                    chosen = Some(least);
                }
            }
        });
        name(&combo.response, "Pictures with stars");
        if let Some(least) = chosen {
            self.filmstrip.choose(least);
            self.filmstrip.revealed = None;
        }
    }

    fn show_pictures(&mut self, ui: &mut Ui) {
        let current = self.current_picture();
        let shown = Arc::clone(&self.filmstrip.shown);
        if shown.is_empty() {
            ui.weak("No picture of the folder has so many stars.");
            return;
        }
        let mut chosen = None;
        ScrollArea::horizontal().auto_shrink([false, false]).show_viewport(ui, |ui, viewport| {
            let width = shown.len() as f32 * (CELL.x + GAP) - GAP;
            let (all, _) = ui.allocate_exact_size(Vec2::new(width, CELL.y), Sense::hover());
            let cell =
                |index: usize| Rect::from_min_size(all.min + Vec2::new(index as f32 * (CELL.x + GAP), 0.0), CELL);
            let own = current.as_ref().and_then(|current| shown.iter().position(|picture| picture.path == *current));
            if let Some(index) = own
                && self.filmstrip.revealed != current
            {
                self.filmstrip.revealed.clone_from(&current);
                ui.scroll_to_rect(cell(index).expand2(Vec2::new(CELL.x, 0.0)), None);
            }
            let first = (viewport.left() / (CELL.x + GAP)).floor().max(0.0) as usize;
            let last = ((viewport.right() / (CELL.x + GAP)).ceil().max(0.0) as usize).min(shown.len());
            for (index, picture) in shown.iter().enumerate().take(last).skip(first) {
                if self.show_small(ui, cell(index), picture, own == Some(index)) {
                    chosen = Some(picture.path.clone());
                }
            }
            crate::widgets::follow_focus(ui);
        });
        chosen.into_iter().for_each(|path| self.step_to(path));
    }

    /// Shows one of the pictures; whether it was chosen.
    fn show_small(&mut self, ui: &mut Ui, cell: Rect, picture: &Picture, own: bool) -> bool {
        let Picture { path, name: text, stars } = picture;
        let response = ui.interact(cell, ui.scope_id().with(path), Sense::click());
        response.widget_info(|| egui::WidgetInfo::selected(egui::Role::Button, true, own, text));
        let picture = Rect::from_min_size(cell.min, Vec2::new(CELL.x, CELL.y - 20.0));
        let painter = ui.painter_at(cell);
        painter.rect_filled(picture, 4.0, theme::surround(ui.visuals().dark_mode));
        match self.filmstrip.small.get(path) {
            Some(Some(Thumb(texture))) => {
                let size = texture.size_vec2();
                let rect = Rect::from_center_size(picture.center(), size * (picture.size() / size).min_elem());
                let whole = Rect::from_min_max(Pos2::ZERO, Pos2::new(1.0, 1.0));
                painter.image(texture.id(), rect, whole, Color32::WHITE);
            }
            Some(None) => {
                let color = ui.visuals().weak_text_color();
                let font = FontId::proportional(11.0);
                painter.text(picture.center(), egui::Align2::CENTER_CENTER, "no preview", font, color);
            }
            None => {
                Icon::Picture.paint(&painter, picture, ui.visuals().weak_text_color().gamma_multiply(0.6));
                self.filmstrip.wanted.push(path.clone());
            }
        }
        if *stars > 0 {
            let back = Rect::from_min_size(
                picture.left_bottom() + Vec2::new(4.0, -18.0),
                Vec2::new(4.0 + 12.0 * f32::from(*stars), 14.0),
            );
            painter.rect_filled(back, 3.0, Color32::from_black_alpha(170));
            for star in 0..*stars {
                let place =
                    Rect::from_min_size(back.min + Vec2::new(2.0 + 12.0 * f32::from(star), 1.0), Vec2::splat(12.0));
                Icon::Star { filled: true }.paint(&painter, place, theme::WARN);
            }
        }
        let strong = own || response.hovered() || response.has_focus();
        let color = if strong { ui.visuals().strong_text_color() } else { ui.visuals().text_color() };
        caption(ui, Pos2::new(cell.center().x, picture.bottom() + 4.0), CELL.x, 1, text, color);
        if strong {
            let stroke = egui::Stroke::new(if own { 2.0 } else { 1.0 }, theme::ACCENT);
            painter.rect_stroke(picture, 4.0, stroke, egui::StrokeKind::Inside);
        }
        response.on_hover_text(RichText::new(text)).clicked()
    }
}
