//! Stills at full resolution, beside the interface.
//!
//! A still of a picture file is rendered from the file, on the CPU, as frame 0 at time 0, so it is byte for byte what
//! the command line makes of the same file and recipe. A still of a moving source is the frame that was shown.

use crate::app::App;
use bowerbird::image::{FileFormat, ReadOptions, WriteOptions};
use bowerbird::{Chain, Engine, Frame, Image, Output};
use bowerbird_capture::SourceKind;
use bowerbird_live::{Aside, LiveError, Waker};
use eframe::egui::{self, Align2, Context};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What a still is made from.
#[derive(Debug)]
pub(crate) enum From {
    /// A file.
    File(PathBuf),
    /// A frame.
    Frame(Arc<Image>),
}

/// A still to be made.
#[derive(Debug)]
pub(crate) struct Job {
    from: From,
    chain: Arc<Chain>,
    path: PathBuf,
    quality: u8,
}

/// How an export goes.
#[derive(Debug)]
pub(crate) enum Progress {
    /// What is being done, and which part of the whole is behind it.
    At(&'static str, f32),
    /// It is written.
    Done(PathBuf, (u32, u32)),
    /// It could not be made.
    Failed(String),
}

/// The state of exports.
#[derive(Debug)]
pub(crate) struct Export {
    worker: Aside<Job, Progress>,
    /// Whether the window is open.
    pub open: bool,
    quality: u8,
    at: Option<(&'static str, f32)>,
}

impl Export {
    /// A worker that makes stills.
    ///
    /// # Errors
    /// The system gives no thread.
    pub(crate) fn new(waker: Waker) -> Result<Self, LiveError> {
        let worker = Aside::start("export", waker, |job: Job, desk| {
            let path = job.path.clone();
            match make(job, |what, part| desk.answer(Progress::At(what, part))) {
                Ok(size) => desk.answer(Progress::Done(path, size)),
                Err(reason) => desk.answer(Progress::Failed(format!("cannot export {}: {reason}", path.display()))),
            }
        })?;
        Ok(Self { worker, open: false, quality: WriteOptions::default().quality, at: None })
    }

    /// Whether a still is being made.
    pub(crate) fn busy(&self) -> bool {
        self.worker.busy()
    }
}

fn make(job: Job, progress: impl Fn(&'static str, f32)) -> Result<(u32, u32), String> {
    let format = FileFormat::of_name(&job.path)
        .ok_or("the end of the name tells no format; .png, .jpg, .tiff, .webp and .exr do")?;
    progress("Reading", 0.05);
    let image = match job.from {
        From::File(path) => {
            Arc::new(Image::open_with(&path, &ReadOptions::default()).map_err(|error| error.to_string())?)
        }
        From::Frame(image) => image,
    };
    progress("Rendering", 0.3);
    let engine = Engine::cpu().map_err(|error| error.to_string())?;
    let frame = Frame::still(image.width(), image.height());
    let output = Output::for_format(format, None, image.depth());
    let result = engine.render_frame(&job.chain, &image, &frame, &output).map_err(|error| error.to_string())?;
    progress("Writing", 0.8);
    let options = WriteOptions { format: Some(format), quality: job.quality, ..WriteOptions::default() };
    result.save_with(&job.path, &options).map_err(|error| error.to_string())?;
    Ok(result.size())
}

/// Whether ffmpeg is there to record with.
pub(crate) fn has_ffmpeg() -> bool {
    let paths = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&paths).any(|folder| folder.join(format!("ffmpeg{}", std::env::consts::EXE_SUFFIX)).is_file())
}

impl App {
    /// A name for a still of what is shown.
    pub(crate) fn export_path(&self, ending: &str) -> PathBuf {
        let home = || std::env::var_os("HOME").map(PathBuf::from).unwrap_or_default();
        let (folder, stem) = match self.source.spec.as_ref().map(|spec| &spec.kind) {
            Some(SourceKind::Image(path)) => {
                (path.parent().map(Path::to_owned).unwrap_or_default(), path.file_stem().unwrap_or_default().to_owned())
            }
            _ => (home(), "bowerbird".into()),
        };
        let stem = stem.to_string_lossy().into_owned();
        let mut names = (0..10_000).map(|n| match n {
            0 => folder.join(format!("{stem}-look.{ending}")),
            n => folder.join(format!("{stem}-look-{n}.{ending}")),
        });
        names.find(|path| !path.exists()).unwrap_or_else(|| folder.join(format!("{stem}-look.{ending}")))
    }

    /// Renders what is shown at full resolution into a file.
    pub(crate) fn start_export(&mut self, path: &Path) {
        let chain = self.document.chain();
        let file = match self.source.spec.as_ref().map(|spec| &spec.kind) {
            Some(SourceKind::Image(path)) => Some(path.clone()),
            _ => None,
        };
        let from = match (file, &self.shown) {
            (Some(file), _) => From::File(file),
            (None, Some(shown)) if shown.divisor == 1 => From::Frame(Arc::clone(&shown.source)),
            (None, Some(_)) => {
                // The next frame comes in full, and is taken then.
                self.full_frame_for = Some(path.to_owned());
                return;
            }
            (None, None) => {
                self.banners.trouble("there is no picture to export yet");
                return;
            }
        };
        self.export.at = Some(("Waiting", 0.0));
        self.export.worker.ask(Job { from, chain, path: path.to_owned(), quality: self.export.quality });
    }

    /// Saves this frame as it is seen, under a name of its own.
    pub(crate) fn snapshot(&mut self) {
        let path = self.export_path("png");
        self.start_export(&path);
    }

    /// Follows the exports, and shows their window.
    pub(crate) fn follow_exports(&mut self, context: &Context) {
        if let (Some(path), Some(shown)) = (&self.full_frame_for, &self.shown)
            && shown.divisor == 1
        {
            let path = path.clone();
            self.full_frame_for = None;
            self.start_export(&path);
        }
        for progress in self.export.worker.answers() {
            match progress {
                Progress::At(what, part) => self.export.at = Some((what, part)),
                Progress::Done(path, (width, height)) => {
                    self.export.at = None;
                    self.banners.note(&format!("Exported {} ({width}×{height})", path.display()));
                }
                Progress::Failed(reason) => {
                    self.export.at = None;
                    self.banners.trouble(&reason);
                }
            }
        }
        if !self.export.open {
            return;
        }
        let (mut open, mut ask) = (true, None);
        let size = self.shown.as_ref().map(|shown| shown.full_result);
        egui::Window::new("Export")
            .open(&mut open)
            .anchor(Align2::CENTER_CENTER, egui::Vec2::ZERO)
            .collapsible(false)
            .resizable(false)
            .show(context, |ui| {
                ui.set_width(320.0);
                if let Some((width, height)) = size {
                    ui.label(format!("Full resolution: {width} × {height} pixels"));
                }
                ui.weak("Rendered on the processor, exactly as the command line would.");
                ui.add_space(6.0);
                ui.horizontal(|ui| {
                    ui.label("JPEG quality");
                    ui.add(egui::Slider::new(&mut self.export.quality, 1..=100));
                });
                ui.add_space(6.0);
                ui.horizontal(|ui| {
                    let ready = self.shown.is_some() && !self.export.busy();
                    for (word, ending) in [("PNG…", "png"), ("JPEG…", "jpg"), ("TIFF…", "tiff"), ("WebP…", "webp")]
                    {
                        if ui.add_enabled(ready, egui::Button::new(word)).clicked() {
                            ask = Some(ending);
                        }
                    }
                    if ui.button("Recipe…").on_hover_text("The look as a recipe file").clicked() {
                        ask = Some("json");
                    }
                });
                if let Some((what, part)) = self.export.at {
                    ui.add_space(6.0);
                    ui.add(egui::ProgressBar::new(part).text(what).animate(true));
                }
            });
        if context.input(|input| input.key_pressed(egui::Key::Escape)) {
            open = false;
        }
        self.export.open = open;
        match ask {
            Some("json") => self.ask_for_file(crate::dialogs::Purpose::SaveRecipe),
            Some(ending) => {
                self.ask_for_file(crate::dialogs::Purpose::Export);
                let path = self.export_path(ending);
                self.dialogs.suggest(&path);
            }
            None => {}
        }
        if ask.is_some() {
            self.export.open = false;
        }
    }
}
