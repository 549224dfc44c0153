//! Stills at full resolution, beside the interface.
//!
//! A still of a picture file is rendered from the file, on the CPU, as frame 0 at time 0, so it is byte for byte what
//! the command line makes of the same file and recipe. A still of a moving source is the frame that was shown.

mod window;

use crate::app::App;
use crate::files::{folder_of, pictures_of};
use bowerbird::effects::Resize;
use bowerbird::image::{FileFormat, ReadOptions, WriteOptions};
use bowerbird::{Backend, Cancel, Chain, Engine, EngineOptions, Error, Frame, Image, Output};
use bowerbird_live::{Aside, LiveError, Waker};
use core::sync::atomic::{AtomicBool, Ordering};
use std::collections::VecDeque;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// What a still is made from.
#[derive(Debug)]
pub(crate) enum From {
    /// A file.
    File(PathBuf),
    /// A frame.
    Frame(Arc<Image>),
    /// All pictures of a folder or those of these names, each to a file with this ending; the job's path is a folder, too.
    Folder(PathBuf, Option<Vec<OsString>>, &'static str),
}

/// A still to be made.
#[derive(Debug)]
pub(crate) struct Job {
    from: From,
    chain: Arc<Chain>,
    path: PathBuf,
    /// The most that its longer side may have.
    longest: Option<u32>,
    quality: u8,
    /// Whether nobody wants it any more.
    canceled: Arc<AtomicBool>,
}

/// How an export goes.
#[derive(Debug)]
pub(crate) enum Progress {
    /// What is being done, and which part of the whole is behind it.
    At(String, f32),
    /// It is written.
    Done(PathBuf, Written),
    /// It was not wanted any more; nothing was written.
    Canceled(PathBuf),
    /// It could not be made.
    Failed(String),
    /// So many pictures are written into a folder; what their files do not hold, what was wrong with others, and whether the
    /// rest was given up.
    Folder { path: PathBuf, written: usize, losses: Vec<String>, problems: Vec<String>, canceled: bool },
}

/// A still that is written.
#[derive(Debug, PartialEq)]
pub(crate) struct Written {
    size: (u32, u32),
    /// What of the picture its file does not hold, a sentence each.
    losses: Vec<String>,
}

/// The still that is being made.
#[derive(Debug)]
struct Current {
    path: PathBuf,
    what: String,
    part: f32,
    since: Instant,
    canceled: Arc<AtomicBool>,
}

/// How long the end of the program waits for stills that were asked for.
const LAST: Duration = Duration::from_secs(60);

/// Stills that wait at the most: each may hold a frame.
const MOST: usize = 16;

/// The state of exports.
#[derive(Debug)]
pub(crate) struct Export {
    worker: Aside<Job, Progress>,
    /// Whether the window is open.
    pub open: bool,
    /// Whether all pictures of the folder are meant.
    all: bool,
    /// The most that the longer side of what is exported may have.
    longest: Option<u32>,
    quality: u8,
    waiting: VecDeque<Job>,
    current: Option<Current>,
}

impl Export {
    /// A worker that makes stills.
    ///
    /// # Errors
    /// The system gives no thread.
    pub(crate) fn new(waker: Waker) -> Result<Self, LiveError> {
        let worker = Aside::start("export", waker, |job: Job, desk| {
            let path = job.path.clone();
            if let From::Folder(folder, chosen, ending) = &job.from {
                let done = make_all(&job, folder, chosen.as_deref(), ending, |what, part| {
                    desk.answer(Progress::At(what, part))
                });
                return desk.answer(done.unwrap_or_else(Progress::Failed));
            }
            desk.answer(match make(job, |what, part| desk.answer(Progress::At(what.into(), part))) {
                Ok(Some(written)) => Progress::Done(path, written),
                Ok(None) => Progress::Canceled(path),
                Err(reason) => Progress::Failed(format!("Cannot export {}: {reason}", path.display())),
            });
        })?;
        let quality = WriteOptions::default().quality;
        Ok(Self { worker, open: false, all: false, longest: None, quality, waiting: VecDeque::new(), current: None })
    }

    /// The most that the longer side of what is exported may have.
    pub(crate) fn longest(&self) -> Option<u32> {
        self.longest
    }

    /// Whether a still is being made, or waits.
    pub(crate) fn busy(&self) -> bool {
        !self.waiting.is_empty() || self.worker.busy()
    }

    /// Begins the next still when the one before is done: one that is not begun would be overtaken.
    fn turn(&mut self) {
        if self.worker.busy() {
            return;
        }
        let Some(job) = self.waiting.pop_front() else { return };
        let (path, canceled) = (job.path.clone(), Arc::clone(&job.canceled));
        self.current = Some(Current { path, what: "Waiting".into(), part: 0.0, since: Instant::now(), canceled });
        self.worker.ask(job);
    }

    /// Waits until everything that was asked for is written, for so long at the most.
    pub(crate) fn finish(&mut self) {
        let end = Instant::now() + LAST;
        while self.busy() && Instant::now() < end {
            self.turn();
            std::thread::park_timeout(Duration::from_millis(5));
        }
        // Nobody waits for what takes longer.
        self.cancel();
    }

    /// Whether a still is to be written to a path.
    fn will_write(&self, path: &Path) -> bool {
        let current = self.current.as_ref().map(|current| current.path.as_path());
        current == Some(path) || self.waiting.iter().any(|job| job.path == path)
    }

    /// Gives up the still that is being made, and those that wait.
    pub(crate) fn cancel(&mut self) {
        self.waiting.clear();
        if let Some(current) = &self.current {
            current.canceled.store(true, Ordering::Relaxed);
        }
    }
}

/// Makes a still, or nothing if it was canceled.
fn make(job: Job, progress: impl Fn(&'static str, f32)) -> Result<Option<Written>, String> {
    let canceled = || job.canceled.load(Ordering::Relaxed);
    let format = FileFormat::of_name(&job.path)
        .ok_or("the end of the name tells no format; .png, .jpg, .tiff, .webp and .exr do")?;
    progress("Reading", 0.05);
    let image = match job.from {
        From::File(path) => {
            Arc::new(Image::open_with(&path, &ReadOptions::default()).map_err(|error| error.to_string())?)
        }
        From::Frame(image) => image,
        From::Folder(folder, ..) => return Err(format!("{} is a folder", folder.display())),
    };
    if canceled() {
        return Ok(None);
    }
    progress("Rendering", 0.3);
    let flag = Arc::clone(&job.canceled);
    let cancel = Cancel::when(move || flag.load(Ordering::Relaxed));
    let options = EngineOptions { backend: Backend::Cpu, cancel, ..EngineOptions::default() };
    let engine = Engine::new(options).map_err(|error| error.to_string())?;
    let frame = Frame::still(image.width(), image.height());
    let output = Output::for_format(format, None, image.depth());
    let chain = within(&job.chain, &frame, job.longest);
    let result = match engine.render_frame(&chain, &image, &frame, &output) {
        Ok(result) => result,
        Err(Error::Canceled) => return Ok(None),
        Err(error) => return Err(error.to_string()),
    };
    if canceled() {
        return Ok(None);
    }
    progress("Writing", 0.8);
    let options = WriteOptions { format: Some(format), quality: job.quality, ..WriteOptions::default() };
    result.save_with(&job.path, &options).map_err(|error| error.cause().to_string())?;
    Ok(Some(Written { size: result.size(), losses: result.losses(format, &options) }))
}

/// A look whose result's longer side has at most so many pixels: with a resize behind it, where it would have more.
fn within(chain: &Arc<Chain>, frame: &Frame, longest: Option<u32>) -> Arc<Chain> {
    let size = chain.output_frame(frame).map(|result| (result.width, result.height));
    let (Some(longest), Ok((width, height))) = (longest, size) else { return Arc::clone(chain) };
    if width.max(height) <= longest {
        return Arc::clone(chain);
    }
    let longest = i32::try_from(longest).unwrap_or(i32::MAX);
    let resize = if width >= height {
        Resize { width: longest, ..Resize::default() }
    } else {
        Resize { height: longest, ..Resize::default() }
    };
    Arc::new((**chain).clone().then(resize))
}

/// Makes a still of each picture of a folder; one that cannot be made does not keep the others.
fn make_all(
    job: &Job,
    folder: &Path,
    chosen: Option<&[OsString]>,
    ending: &str,
    progress: impl Fn(String, f32),
) -> Result<Progress, String> {
    let (from, into) = (folder.display(), job.path.display());
    let names = match chosen {
        Some(chosen) => chosen.to_vec(),
        None => pictures_of(folder).map_err(|error| format!("Cannot read the folder {from}: {error}"))?,
    };
    std::fs::create_dir_all(&job.path).map_err(|error| format!("Cannot make the folder {into}: {error}"))?;
    let (mut written, mut losses, mut problems, mut canceled) = (0, Vec::new(), Vec::new(), false);
    for (index, name) in names.iter().enumerate() {
        progress(format!("{} of {}", index + 1, names.len()), index as f32 / names.len() as f32);
        let stem = Path::new(name).file_stem().unwrap_or_default().to_string_lossy();
        // Nothing that is there is written over, least of all the pictures themselves.
        let path = crate::dialogs::free(&job.path, &stem, ending);
        let one = Job {
            from: From::File(folder.join(name)),
            chain: Arc::clone(&job.chain),
            path,
            longest: job.longest,
            quality: job.quality,
            canceled: Arc::clone(&job.canceled),
        };
        match make(one, |_, _| {}) {
            Ok(Some(one)) => {
                written += 1;
                losses.extend(one.losses);
            }
            Ok(None) => {
                canceled = true;
                break;
            }
            Err(reason) => problems.push(format!("{}: {reason}", name.display())),
        }
    }
    losses.sort_unstable();
    losses.dedup();
    Ok(Progress::Folder { path: job.path.clone(), written, losses, problems, canceled })
}

/// Whether two paths lead to one file that is there.
fn is_same(one: &Path, other: &Path) -> bool {
    one.canonicalize().is_ok_and(|one| other.canonicalize().is_ok_and(|other| one == other))
}

/// Whether ffmpeg is there to record with.
pub(crate) fn has_ffmpeg() -> bool {
    let paths = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&paths).any(|folder| folder.join(format!("ffmpeg{}", std::env::consts::EXE_SUFFIX)).is_file())
}

impl App {
    /// A name for a still of what is shown.
    pub(crate) fn export_path(&self, ending: &str) -> PathBuf {
        let (folder, stem) = match self.source.still_file() {
            Some(path) => {
                (path.parent().map(Path::to_owned).unwrap_or_default(), path.file_stem().unwrap_or_default().to_owned())
            }
            None => (self.folders.pictures.clone(), "bowerbird".into()),
        };
        let stem = stem.to_string_lossy().into_owned();
        let mut names = (0..10_000).map(|n| match n {
            0 => folder.join(format!("{stem}-look.{ending}")),
            n => folder.join(format!("{stem}-look-{n}.{ending}")),
        });
        names
            .find(|path| !path.exists() && !self.export.will_write(path))
            .unwrap_or_else(|| folder.join(format!("{stem}-look.{ending}")))
    }

    /// Renders what is shown into a file, at full resolution or within a longer side.
    pub(crate) fn start_export(&mut self, path: &Path, longest: Option<u32>) {
        if let Some(title) = self.step_without_file() {
            self.banners.trouble(&format!("{title} has no file yet; choose one or switch it off, and export again"));
            return;
        }
        if let Some(file) = self.source.still_file().map(Path::to_owned) {
            // The look would be on it twice the next time, and nothing would bring the picture back.
            if is_same(&file, path) {
                let name = file.display();
                self.banners.trouble(&format!("{name} is the picture that is open; export under another name"));
                return;
            }
            if self.source.has_changed() {
                self.step_to(file.clone());
                self.banners.trouble(&format!(
                    "{} has changed since it was opened, and is opened anew; look at it, and export again",
                    file.display()
                ));
                return;
            }
        }
        let chain = self.document.chain();
        let from = match (self.source.still_file(), &self.shown) {
            (Some(file), _) => From::File(file.to_owned()),
            (None, Some(shown)) if shown.divisor == 1 => From::Frame(Arc::clone(&shown.source)),
            (None, Some(_)) => {
                // The next frame comes in full, and is taken then.
                self.full_frame_for = Some((path.to_owned(), longest));
                return;
            }
            (None, None) => {
                self.banners.trouble("there is no picture to export yet");
                return;
            }
        };
        if self.export.waiting.len() >= MOST {
            self.banners.trouble("so many pictures wait to be exported that this one was not taken; wait for them");
            return;
        }
        let canceled = Arc::default();
        self.export.waiting.push_back(Job {
            from,
            chain,
            path: path.to_owned(),
            longest,
            quality: self.export.quality,
            canceled,
        });
        self.export.turn();
    }

    /// A folder for what all pictures beside the one that is shown become.
    pub(crate) fn export_folder(&self) -> PathBuf {
        let name = self.document.recipe().name();
        let name = if name.is_empty() { "looks".to_owned() } else { name.replace(['/', '\\'], "_") };
        self.source.still_file().map_or(&*self.folders.pictures, folder_of).join(name)
    }

    /// Renders all pictures beside the one that is shown, or those of so many stars, into files of a folder.
    pub(crate) fn start_export_of_all(&mut self, path: &Path, ending: &'static str) {
        let Some(folder) = self.source.still_file().map(|file| folder_of(file).to_owned()) else { return };
        let Export { quality, longest, .. } = self.export;
        let (chain, path) = (self.document.chain(), path.to_owned());
        let from = From::Folder(folder, self.filmstrip.chosen(), ending);
        self.export.waiting.push_back(Job { from, chain, path, longest, quality, canceled: Arc::default() });
        self.export.turn();
    }

    /// Saves this frame as it is seen, under a name of its own.
    pub(crate) fn snapshot(&mut self) {
        let path = self.export_path("png");
        self.start_export(&path, None);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_pictures_of_a_folder_are_made_but_those_that_cannot_be() {
        let folder = tempfile::tempdir().unwrap();
        let image = Image::from_rgba8(2, 1, vec![200; 8]).unwrap();
        for name in ["a.png", "b.jpg", "b.png"] {
            image.save(folder.path().join(name)).unwrap();
        }
        std::fs::write(folder.path().join("c.png"), "no picture").unwrap();
        let into = folder.path().join("made");
        let job = Job {
            from: From::Folder(folder.path().to_owned(), None, "png"),
            chain: Arc::new(Chain::new()),
            path: into.clone(),
            longest: None,
            quality: 90,
            canceled: Arc::default(),
        };
        let names = |folder: &Path| pictures_of(folder).unwrap().join(" ".as_ref()).into_string().unwrap();
        let said = std::cell::RefCell::new(Vec::new());
        let made = make_all(&job, folder.path(), None, "png", |what, _| said.borrow_mut().push(what)).unwrap();
        let Progress::Folder { written: 3, problems, canceled: false, .. } = made else { panic!("{made:?}") };
        assert!(problems.len() == 1 && problems[0].starts_with("c.png: "), "{problems:?}");
        assert_eq!(names(&into), "a.png b-2.png b.png");
        assert_eq!(said.into_inner(), ["1 of 4", "2 of 4", "3 of 4", "4 of 4"]);
        // Into the folder itself: what is there stays. And what is given up ends at once.
        let here = Job { path: folder.path().to_owned(), ..job };
        make_all(&here, folder.path(), None, "png", |_, _| {}).unwrap();
        assert_eq!(names(folder.path()), "a-2.png a.png b-2.png b-3.png b.jpg b.png c.png");
        assert_eq!(Image::open(folder.path().join("b.png")).unwrap(), image);
        let given_up = Job { canceled: Arc::new(AtomicBool::new(true)), path: into.join("no"), ..here };
        let made = make_all(&given_up, folder.path(), None, "png", |_, _| {}).unwrap();
        assert!(matches!(made, Progress::Folder { written: 0, canceled: true, .. }), "{made:?}");
    }

    #[test]
    fn a_longer_side_is_within_what_was_asked_for() {
        let size = |chain: Chain, longest: Option<u32>| {
            let frame = Frame::still(600, 400);
            let result = within(&Arc::new(chain), &frame, longest).output_frame(&frame).unwrap();
            (result.width, result.height)
        };
        assert_eq!(size(Chain::new(), None), (600, 400));
        assert_eq!(size(Chain::new(), Some(300)), (300, 200));
        assert_eq!(size(Chain::new(), Some(600)), (600, 400), "nothing is enlarged");
        // What counts is what the look makes of the picture.
        let upright = Chain::new().then(bowerbird::effects::Rotate90::default());
        assert_eq!(size(upright, Some(300)), (200, 300));
    }

    #[test]
    fn what_is_canceled_is_not_written() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out.png");
        let image = Arc::new(Image::from_rgba8(4, 4, vec![200; 64]).unwrap());
        let job = |canceled: bool| Job {
            from: From::Frame(Arc::clone(&image)),
            chain: Arc::new(Chain::new()),
            path: path.clone(),
            longest: None,
            quality: 90,
            canceled: Arc::new(AtomicBool::new(canceled)),
        };
        assert_eq!(make(job(true), |_, _| {}), Ok(None));
        assert!(!path.exists());
        // While it is rendered, too.
        let late = job(false);
        let flag = Arc::clone(&late.canceled);
        let cancel = |what: &str, _| flag.store(what == "Rendering", Ordering::Relaxed);
        assert_eq!(make(late, cancel), Ok(None));
        assert!(!path.exists());
        assert_eq!(make(job(false), |_, _| {}), Ok(Some(Written { size: (4, 4), losses: Vec::new() })));
        assert!(path.exists());
    }

    #[test]
    fn what_a_file_does_not_hold_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let image = Image::from_rgba8(4, 4, vec![200; 64]).unwrap();
        let job = Job {
            from: From::Frame(Arc::new(image)),
            chain: Arc::new(Chain::new()),
            path: folder.path().join("out.jpg"),
            longest: None,
            quality: 90,
            canceled: Arc::new(AtomicBool::new(false)),
        };
        let written = make(job, |_, _| {}).unwrap().unwrap();
        assert_eq!(written.losses, ["JPEG has no transparency, so the picture is laid on white"]);
    }
}
