//! Files of looks, beside the interface: a thread reads and writes presets and recipes, in the order in which it was asked.
//!
//! Painted masks are encoded when they are saved, a disk may be slow and a folder on the network slower. Nothing that
//! was asked for is overtaken by what is asked for after it, and the end of the program waits for it.

use crate::app::App;
use crate::clipboard::{Into, Pasted, is_too_long, merge, text_of};
use crate::ratings::Ratings;
use crate::store::{self, Look, Store};
use anyhow::Context as _;
use bowerbird::Recipe;
use bowerbird::image::FileFormat;
use bowerbird_live::{Aside, Desk, LiveError, Waker};
use eframe::egui::Context;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// How long the end of the program waits for files: longer than any disk takes, shorter than people wait for a window.
const LAST: Duration = Duration::from_secs(5);

/// What is to be done.
#[derive(Debug)]
pub(crate) enum FileJob {
    /// A look becomes a preset of a name.
    SavePreset(String, Recipe),
    /// A recipe file becomes a preset.
    ImportPreset(PathBuf),
    /// A preset gets another name.
    RenamePreset(PathBuf, String),
    /// The preset of a name is removed.
    DeletePreset(PathBuf, String),
    /// A look becomes a recipe file.
    SaveRecipe(PathBuf, Recipe),
    /// Effects, called so, become text for the clipboard.
    Copy(String, Recipe),
    /// The text of the clipboard is put into a look, which has that revision.
    Paste { text: String, look: Recipe, into: Into, revision: u64 },
    /// The picture so many places behind one in its folder is looked for, to be opened; among those of so many stars.
    Neighbor(PathBuf, isize, u8),
    /// The pictures of a folder are listed; the first is opened, if that is wanted.
    List(PathBuf, Then),
    /// A picture gets stars.
    Rate(PathBuf, u8),
}

/// What is done with the pictures of a folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Then {
    /// They are shown.
    Show,
    /// The first one is opened, too.
    Open,
}

/// The pictures of a folder.
#[derive(Debug, Default)]
pub(crate) struct Listing {
    pub folder: PathBuf,
    /// Their names in order, with their stars.
    pub pictures: Vec<(OsString, u8)>,
}

/// What came of a job.
#[derive(Debug)]
pub(crate) struct Filed {
    /// What is said of it, or what was wrong.
    said: Result<Option<String>, String>,
    /// All looks after it, and what is wrong with some, where it was about presets.
    looks: Option<(Vec<Look>, Vec<String>)>,
    /// A picture to be opened.
    open: Option<PathBuf>,
    /// The pictures of a folder.
    listing: Option<Listing>,
    /// What the clipboard gets.
    copied: Option<String>,
    /// A look with what was pasted.
    pasted: Option<Pasted>,
}

/// The thread, and what waits for it.
#[derive(Debug)]
pub(crate) struct Files {
    worker: Aside<(Store, Vec<FileJob>), Filed>,
    waiting: Vec<FileJob>,
}

impl Files {
    /// Starts the thread.
    ///
    /// # Errors
    /// The system gives no thread.
    pub(crate) fn new(waker: Waker) -> Result<Self, LiveError> {
        let work = |(store, jobs): (Store, Vec<FileJob>), desk: &Desk<'_, Filed>| {
            jobs.into_iter().for_each(|job| desk.answer(job.run(&store)));
        };
        Ok(Self { worker: Aside::start("files", waker, work)?, waiting: Vec::new() })
    }

    /// Whether something is not done yet.
    pub(crate) fn busy(&self) -> bool {
        !self.waiting.is_empty() || self.worker.busy()
    }

    /// Hands over what waits, when the thread is free: a question that is not begun would be overtaken by the next.
    fn turn(&mut self, store: &Store) {
        if !self.waiting.is_empty() && !self.worker.busy() {
            self.worker.ask((store.clone(), std::mem::take(&mut self.waiting)));
        }
    }

    /// Waits until everything is done, for so long at the most.
    pub(crate) fn finish(&mut self, store: &Store) {
        let end = Instant::now() + LAST;
        while self.busy() && Instant::now() < end {
            self.turn(store);
            std::thread::park_timeout(Duration::from_millis(5));
        }
    }
}

impl FileJob {
    fn run(self, store: &Store) -> Filed {
        let filed = |said| Filed { said, looks: None, open: None, listing: None, copied: None, pasted: None };
        match self {
            Self::Neighbor(path, by, least) => match neighbor(&path, by, least, store) {
                Ok(open @ Some(_)) => Filed { open, ..filed(Ok(None)) },
                Ok(None) if least > 0 => filed(Ok(Some("There is no further picture with so many stars.".into()))),
                Ok(None) => filed(Ok(Some("There is no further picture in the folder.".into()))),
                Err(error) => filed(Err(format!("{error:#}"))),
            },
            Self::List(folder, then) => match list(folder, store) {
                Ok(listing) => {
                    let first = listing.pictures.first().filter(|_| then == Then::Open);
                    let open = first.map(|(name, _)| listing.folder.join(name));
                    let nothing = (then == Then::Open && open.is_none())
                        .then(|| format!("there is no picture in {}; choose another folder", listing.folder.display()));
                    Filed { open, listing: Some(listing), ..filed(nothing.map_or(Ok(None), Err)) }
                }
                // Of a folder that runs as a source, that says so.
                Err(_) if then == Then::Show => filed(Ok(None)),
                Err(error) => filed(Err(format!("{error:#}"))),
            },
            Self::Rate(picture, stars) => {
                let rate = || {
                    let mut ratings = Ratings::load(store)?;
                    ratings.set(&picture, stars);
                    ratings.save(store)
                };
                let said = rate().map(|()| None).map_err(|error| format!("{error:#}"));
                // As they are kept, whether it went well or not.
                Filed { listing: list(folder_of(&picture).to_owned(), store).ok(), ..filed(said) }
            }
            Self::Copy(what, recipe) => {
                let text = text_of(&recipe);
                if is_too_long(&text) {
                    // It could not be pasted, and what is in the clipboard may still be wanted.
                    let said =
                        "longer than 16 MiB with its files and painted masks, and is not copied; make those smaller";
                    return filed(Err(format!("{what} is {said}")));
                }
                Filed { copied: Some(text), ..filed(Ok(Some(format!("Copied {what}")))) }
            }
            Self::Paste { text, look, into, revision } => match merge(&look, text, into, revision) {
                Ok(pasted) => Filed { pasted: Some(pasted), ..filed(Ok(None)) },
                Err(reason) => filed(Ok(Some(reason))),
            },
            _ => {
                let presets = !matches!(self, Self::SaveRecipe(..));
                let said = self.outcome(store).map_err(|error| format!("{error:#}"));
                Filed { looks: presets.then(|| store.looks()), ..filed(said) }
            }
        }
    }

    fn outcome(self, store: &Store) -> anyhow::Result<Option<String>> {
        Ok(match self {
            Self::SavePreset(name, recipe) => {
                store.save_preset(&name, &recipe)?;
                Some(format!("Saved the preset “{}”", name.trim()))
            }
            Self::ImportPreset(path) => {
                let recipe = store::load(&path)?;
                let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
                let name = if recipe.name().is_empty() { stem } else { recipe.name().to_owned() };
                store.save_preset(&name, &recipe)?;
                Some(format!("Imported “{name}”"))
            }
            Self::RenamePreset(path, name) => {
                store.rename_preset(&path, &name)?;
                None
            }
            Self::DeletePreset(path, name) => {
                store.delete_preset(&path)?;
                Some(format!("Deleted the preset “{name}”"))
            }
            Self::SaveRecipe(path, recipe) => {
                recipe.save(&path)?;
                Some(format!("Saved {}", path.display()))
            }
            Self::Neighbor(..) | Self::List(..) | Self::Rate(..) | Self::Copy(..) | Self::Paste { .. } => None,
        })
    }
}

/// The folder of a file.
pub(crate) fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// The names of the pictures in a folder, in order.
pub(crate) fn pictures_of(folder: &Path) -> std::io::Result<Vec<OsString>> {
    let names = std::fs::read_dir(folder)?.filter_map(|entry| entry.ok().map(|entry| entry.file_name()));
    let mut names: Vec<_> = names.filter(|name| FileFormat::is_read(Path::new(name))).collect();
    names.sort();
    Ok(names)
}

/// The pictures of a folder with their stars.
fn list(folder: PathBuf, store: &Store) -> anyhow::Result<Listing> {
    let names =
        pictures_of(&folder).with_context(|| format!("cannot read the folder {}; check its name", folder.display()))?;
    // A damaged file of stars is told of when it is written to.
    let ratings = Ratings::load(store).unwrap_or_default();
    let stars = |name: &OsString| ratings.of(&folder.join(name));
    let pictures = names.into_iter().map(|name| (stars(&name), name)).map(|(stars, name)| (name, stars)).collect();
    Ok(Listing { folder, pictures })
}

/// The picture so many places behind one, by the names in its folder and among those of so many stars; nothing beyond the
/// ends.
fn neighbor(path: &Path, by: isize, least: u8, store: &Store) -> anyhow::Result<Option<PathBuf>> {
    let pictures = list(folder_of(path).to_owned(), store)?.pictures;
    let names: Vec<OsString> =
        pictures.into_iter().filter(|(_, stars)| *stars >= least).map(|(name, _)| name).collect();
    // One that is gone, or has another ending, has a place between the others.
    let own = path.file_name().unwrap_or_default();
    let place = match names.binary_search_by(|name| name.as_os_str().cmp(own)) {
        Ok(place) => place.checked_add_signed(by),
        Err(place) => place.checked_add_signed(by.min(by - by.signum())),
    };
    Ok(place.and_then(|place| names.get(place)).map(|name| path.with_file_name(name)))
}

impl App {
    /// Opens the picture so many places behind the one that is open, in the folder that it is in.
    pub(crate) fn open_neighbor(&mut self, by: isize) {
        let Some(path) = self.current_picture() else { return };
        let job = FileJob::Neighbor(path, by, self.filmstrip.least());
        // One at a time: what is found is the neighbor of what is open.
        if !self.files.busy() {
            self.file(job);
        }
    }

    /// Does something with files, after what was asked for before.
    pub(crate) fn file(&mut self, job: FileJob) {
        self.files.waiting.push(job);
        self.files.turn(&self.store);
    }

    /// Saves the look as a preset of a name.
    pub(crate) fn save_preset(&mut self, name: &str) {
        self.file(FileJob::SavePreset(name.to_owned(), self.document.recipe().clone()));
    }

    /// Saves the look as a recipe file.
    pub(crate) fn save_recipe(&mut self, path: &Path) {
        self.file(FileJob::SaveRecipe(path.to_owned(), self.document.recipe().clone()));
    }

    /// Follows what was asked for.
    pub(crate) fn follow_files(&mut self, context: &Context) {
        for Filed { said, looks, open, listing, copied, pasted } in self.files.worker.answers() {
            match said {
                Ok(note) => note.into_iter().for_each(|note| self.banners.note(&note)),
                Err(problem) => self.banners.trouble(&problem),
            }
            looks.into_iter().for_each(|looks| self.take_looks(looks));
            copied.into_iter().for_each(|text| context.copy_text(text));
            pasted.into_iter().for_each(|pasted| self.take_pasted(pasted));
            listing.into_iter().for_each(|listing| self.filmstrip.take(listing));
            open.into_iter().for_each(|path| self.step_to(path));
        }
        self.files.turn(&self.store);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bowerbird::Chain;
    use std::sync::Arc;

    #[test]
    fn the_neighbor_of_a_picture_is_the_next_by_name_and_there_is_none_beyond_the_ends() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["a.png", "b.txt", "c.JPG", "d.webp"] {
            std::fs::write(folder.path().join(name), "").unwrap();
        }
        let store = Store::at(folder.path().join("config"));
        let next = |name: &str, by| {
            let found = neighbor(&folder.path().join(name), by, 0, &store).unwrap()?;
            Some(found.file_name().unwrap().to_string_lossy().into_owned())
        };
        assert_eq!(next("a.png", 1).unwrap(), "c.JPG");
        assert_eq!(next("d.webp", -1).unwrap(), "c.JPG");
        assert_eq!((next("a.png", -1), next("d.webp", 1)), (None, None));
        // Of one that is gone.
        assert_eq!((next("b.png", 1).unwrap(), next("b.png", -1).unwrap()), ("c.JPG".into(), "a.png".into()));
        assert!(neighbor(&folder.path().join("none/a.png"), 1, 0, &store).is_err());
        // Among those with stars.
        FileJob::Rate(folder.path().join("d.webp"), 3).run(&store).said.unwrap();
        let starred = |name: &str, by, least| neighbor(&folder.path().join(name), by, least, &store).unwrap();
        assert_eq!(starred("a.png", 1, 3), Some(folder.path().join("d.webp")));
        assert_eq!(starred("a.png", 1, 4), None);
    }

    #[test]
    fn effects_that_could_not_be_pasted_are_not_copied() {
        let picture = |side: u32| {
            // Noise, which does not pack.
            let mut state = 1_u32;
            let mut noise = || {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                (state >> 24) as u8
            };
            let pixels = (0..4 * side * side).map(|_| noise()).collect();
            bowerbird::Image::from_rgba8(side, side, pixels).unwrap()
        };
        let copy = |side: u32| {
            let look = Recipe::from_chain("", Chain::new().sepia(0.5).asset("noise", picture(side)));
            FileJob::Copy("the look".into(), look).run(&Store::default())
        };
        assert!(copy(32).copied.is_some());
        let long = copy(1900);
        assert!(long.copied.is_none() && long.said.unwrap_err().contains("longer than 16 MiB"));
    }

    #[test]
    fn everything_that_was_asked_for_is_done_in_order() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::at(folder.path());
        let mut files = Files::new(Arc::new(|| {})).unwrap();
        for number in 0..20 {
            let look = Recipe::from_chain("", Chain::new().sepia(f64::from(number) / 20.0));
            files.waiting.push(FileJob::SavePreset(format!("Look {}", number % 4), look));
            files.turn(&store);
        }
        files.waiting.push(FileJob::ImportPreset(folder.path().join("none.json")));
        files.finish(&store);
        assert!(!files.busy());
        let answers = files.worker.answers();
        assert_eq!(answers.len(), 21);
        assert!(answers[..20].iter().all(|filed| filed.said.is_ok()) && answers[20].said.is_err());
        let (looks, problems) = store.looks();
        assert!(problems.is_empty());
        let presets: Vec<Look> = looks.into_iter().filter(|look| look.path.is_some()).collect();
        let expected = Recipe::from_chain("Look 3", Chain::new().sepia(0.95)).to_json();
        assert_eq!((presets.len(), presets[3].recipe.to_json()), (4, expected));
    }
}
