//! The pictures of the folder, below the picture that is open: to step through, give stars to and choose by them.
//!
//! The folder is that of the picture that is open, or of the slide show that runs. What is drawn of it is what is in sight,
//! whatever the folder holds.

mod worker;

use crate::app::App;
use crate::files::{FileJob, Listing, Then, folder_of};
use crate::icon::Icon;
use crate::ratings::MOST;
use crate::strip::{CELL, caption};
use crate::theme;
use crate::widgets::name;
use bowerbird_capture::{SourceKind, SourceSpec};
use bowerbird_live::{Aside, LiveError, Waker};
use eframe::egui::{
    self, Color32, FontId, Pos2, Rect, RichText, ScrollArea, Sense, TextureHandle, TextureOptions, Ui, Vec2,
};
use std::collections::HashMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use worker::{Request, Small, worker};

/// Small pictures that are kept.
const KEPT: usize = 500;

/// Room between two pictures.
const GAP: f32 = 8.0;

/// Width of what stands before the pictures.
const HEAD: f32 = 132.0;

/// The state of the pictures below.
#[derive(Debug)]
pub(crate) struct Filmstrip {
    /// Whether they stand in the place of the looks, where there are any.
    on: bool,
    /// The folder that was listed, or is being listed, and the picture in it that was open then.
    asked: Option<(PathBuf, Option<PathBuf>)>,
    listing: Listing,
    /// The stars that a picture must have to be shown.
    least: u8,
    worker: Aside<Request, Small>,
    small: HashMap<PathBuf, Option<Thumb>>,
    /// What was drawn last and is not there yet.
    wanted: Vec<PathBuf>,
    /// The picture that was scrolled to.
    revealed: Option<PathBuf>,
}

struct Thumb(TextureHandle);

impl std::fmt::Debug for Thumb {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Thumb")
    }
}

impl Filmstrip {
    /// No pictures yet.
    ///
    /// # Errors
    /// The system gives no thread.
    pub(crate) fn new(waker: Waker) -> Result<Self, LiveError> {
        Ok(Self {
            on: false,
            asked: None,
            listing: Listing::default(),
            least: 0,
            worker: worker(waker)?,
            small: HashMap::new(),
            wanted: Vec::new(),
            revealed: None,
        })
    }

    /// The stars that a picture must have to be stepped to.
    pub(crate) fn least(&self) -> u8 {
        self.least
    }

    /// The pictures that have so many stars, if only those are shown.
    pub(crate) fn chosen(&self) -> Option<Vec<OsString>> {
        let pictures = || self.listing.pictures.iter().filter(|(_, stars)| *stars >= self.least);
        (self.least > 0).then(|| pictures().map(|(name, _)| name.clone()).collect())
    }

    /// Takes what there is in a folder, unless another one is wanted by now.
    pub(crate) fn take(&mut self, listing: Listing) {
        if self.asked.as_ref().is_none_or(|(folder, _)| *folder == listing.folder) {
            self.listing = listing;
        }
    }

    /// Whether there is something to step through.
    pub(crate) fn has_pictures(&self) -> bool {
        self.asked.is_some() && self.listing.pictures.len() > 1
    }

    /// Whether everything in sight is made.
    pub(crate) fn settled(&self) -> bool {
        self.wanted.is_empty() && !self.worker.busy()
    }

    fn stars_of(&self, picture: &Path) -> u8 {
        let own = picture.file_name();
        self.listing.pictures.iter().find(|(name, _)| Some(name.as_os_str()) == own).map_or(0, |(_, stars)| *stars)
    }

    /// Takes what was made small, and asks for what was drawn without being there.
    fn turn(&mut self, context: &egui::Context, side: u32) {
        for Small { file, image } in self.worker.answers() {
            let thumb = image.map(|image| Thumb(context.load_texture("small picture", image, TextureOptions::LINEAR)));
            self.small.insert(file, thumb);
        }
        self.wanted.retain(|file| !self.small.contains_key(file));
        if self.small.len() > KEPT {
            // Those in sight are asked for again.
            self.small.clear();
        }
        if !self.wanted.is_empty() && !self.worker.busy() {
            self.worker.ask(Request { files: self.wanted.clone(), side });
        }
    }
}

impl App {
    /// The picture that is open: of a slide show the one of the moment.
    pub(crate) fn current_picture(&self) -> Option<PathBuf> {
        match self.source.spec.as_ref().map(|spec| &spec.kind) {
            Some(SourceKind::Image(path)) => Some(path.clone()),
            Some(SourceKind::Folder(_)) => self.source.decoded(),
            _ => None,
        }
    }

    /// The folder that can be stepped through.
    fn current_folder(&self) -> Option<PathBuf> {
        match self.source.spec.as_ref().map(|spec| &spec.kind) {
            Some(SourceKind::Image(path)) => Some(folder_of(path).to_owned()),
            Some(SourceKind::Folder(path)) => Some(path.clone()),
            _ => None,
        }
    }

    /// Opens the first picture of a folder, with the others below it.
    pub(crate) fn browse(&mut self, folder: &Path) {
        self.filmstrip.on = true;
        self.filmstrip.asked = Some((folder.to_owned(), None));
        self.remember(&format!("folder:{}", folder.display()));
        self.file(FileJob::List(folder.to_owned(), Then::Open));
    }

    /// Opens a picture of the folder.
    pub(crate) fn step_to(&mut self, picture: PathBuf) {
        self.open_quietly(SourceSpec::from(SourceKind::Image(picture)));
    }

    /// Shows the pictures of the folder in the place of the looks, or the looks again.
    pub(crate) fn toggle_pictures(&mut self) {
        if !self.filmstrip.has_pictures() {
            return self.banners.note("Open a folder, or a picture with others beside it, to step through them.");
        }
        let on = !self.shows_pictures();
        self.show_looks(true);
        self.filmstrip.on = on;
    }

    /// Whether the pictures of the folder are in sight.
    pub(crate) fn shows_pictures(&self) -> bool {
        self.filmstrip.on && self.filmstrip.has_pictures() && self.shows_looks()
    }

    /// Gives the picture that is open stars.
    pub(crate) fn rate(&mut self, stars: u8) {
        let Some(picture) = self.current_picture() else { return };
        self.file(FileJob::Rate(picture, stars));
    }

    /// Has the folder listed when it is another one, or another picture of it was opened.
    pub(crate) fn follow_folder(&mut self, context: &egui::Context) {
        let folder = self.current_folder();
        // A folder whose first picture is looked for is listed already.
        let browsing = self.files.busy() && self.filmstrip.asked.as_ref().is_some_and(|(_, picture)| picture.is_none());
        if !browsing {
            if self.source.spec.is_none() && self.filmstrip.asked.is_some() {
                // A folder without pictures was asked for at the start.
                self.open_source("synthetic:zone");
            }
            let wanted = folder.map(|folder| {
                let open = matches!(self.source.spec.as_ref().map(|spec| &spec.kind), Some(SourceKind::Image(_)));
                (folder, self.current_picture().filter(|_| open))
            });
            if wanted != self.filmstrip.asked {
                if let Some((folder, picture)) = &wanted {
                    // Of a slide show they are what is to be seen.
                    self.filmstrip.on |= picture.is_none();
                    self.file(FileJob::List(folder.clone(), Then::Show));
                }
                self.filmstrip.asked = wanted;
            }
        }
        let side = (CELL.x * context.pixels_per_point()) as u32;
        self.filmstrip.turn(context, side);
        self.filmstrip.wanted.clear();
    }

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
        let Some(picture) = self.current_picture() else { return };
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
            (self.filmstrip.least, self.filmstrip.revealed) = (least, None);
        }
    }

    fn show_pictures(&mut self, ui: &mut Ui) {
        let current = self.current_picture();
        let strip = &self.filmstrip;
        let shown: Vec<(PathBuf, String, u8)> = strip
            .listing
            .pictures
            .iter()
            .filter(|(_, stars)| *stars >= strip.least)
            .map(|(name, stars)| (strip.listing.folder.join(name), name.to_string_lossy().into_owned(), *stars))
            .collect();
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
            let own = current.as_ref().and_then(|current| shown.iter().position(|(path, ..)| path == current));
            if let Some(index) = own
                && self.filmstrip.revealed != current
            {
                self.filmstrip.revealed.clone_from(&current);
                ui.scroll_to_rect(cell(index).expand2(Vec2::new(CELL.x, 0.0)), None);
            }
            let first = (viewport.left() / (CELL.x + GAP)).floor().max(0.0) as usize;
            let last = ((viewport.right() / (CELL.x + GAP)).ceil().max(0.0) as usize).min(shown.len());
            for (index, (path, text, stars)) in shown.iter().enumerate().take(last).skip(first) {
                if self.show_small(ui, cell(index), path, text, *stars, own == Some(index)) {
                    chosen = Some(path.clone());
                }
            }
            crate::widgets::follow_focus(ui);
        });
        chosen.into_iter().for_each(|path| self.step_to(path));
    }

    /// Shows one of the pictures; whether it was chosen.
    fn show_small(&mut self, ui: &mut Ui, cell: Rect, path: &Path, text: &str, stars: u8, own: bool) -> bool {
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
                self.filmstrip.wanted.push(path.to_owned());
            }
        }
        if stars > 0 {
            let back = Rect::from_min_size(
                picture.left_bottom() + Vec2::new(4.0, -18.0),
                Vec2::new(4.0 + 12.0 * f32::from(stars), 14.0),
            );
            painter.rect_filled(back, 3.0, Color32::from_black_alpha(170));
            for star in 0..stars {
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
