//! The pictures of the folder, below the picture that is open: to step through, give stars to and choose by them.
//!
//! The folder is that of the picture that is open, or of the slide show that runs. What is drawn of it is what is in sight,
//! whatever the folder holds.

mod show;
mod worker;

use crate::app::App;
use crate::files::{FileJob, Listing, Then, folder_of};
use crate::strip::CELL;
use bowerbird_capture::{SourceKind, SourceSpec};
use bowerbird_live::{Aside, LiveError, Waker};
use eframe::egui::{self, TextureHandle, TextureOptions};
use std::collections::HashMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use worker::{Request, Small, worker};

/// Small pictures that are kept.
const KEPT: usize = 500;

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
    /// The pictures that have them: a folder may hold thousands, and frames of the interface are short.
    shown: Arc<[Picture]>,
    worker: Aside<Request, Small>,
    small: HashMap<PathBuf, Option<Thumb>>,
    /// What was drawn last and is not there yet.
    wanted: Vec<PathBuf>,
    /// The picture that was scrolled to.
    revealed: Option<PathBuf>,
}

/// A picture that is shown.
#[derive(Debug)]
struct Picture {
    path: PathBuf,
    name: String,
    stars: u8,
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
            shown: Arc::default(),
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
            self.choose(self.least);
        }
    }

    /// Has those pictures shown that have so many stars.
    fn choose(&mut self, least: u8) {
        self.least = least;
        let chosen = self.listing.pictures.iter().filter(|(_, stars)| *stars >= least);
        let picture = |(name, stars): &(OsString, u8)| Picture {
            path: self.listing.folder.join(name),
            name: name.to_string_lossy().into_owned(),
            stars: *stars,
        };
        self.shown = chosen.map(picture).collect();
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

    /// The picture that is shown: another one while the one that was opened last is on its way, or cannot be read.
    pub(crate) fn shown_picture(&self) -> Option<PathBuf> {
        match self.source.seen.as_ref().map(|spec| &spec.kind) {
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

    /// Gives the picture that is shown stars.
    pub(crate) fn rate(&mut self, stars: u8) {
        let Some(picture) = self.shown_picture() else { return };
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
}
