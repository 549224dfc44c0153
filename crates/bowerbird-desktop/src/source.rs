//! Where frames come from: the picker, the modes and controls of cameras, recording and the virtual camera.
//!
//! Cameras are asked on a thread of their own: one that is asleep takes its time to answer.

mod asking;
mod cameras;
mod modes;

use crate::app::App;
use crate::cameras::Cameras;
use crate::dialogs::Purpose;
use crate::theme;
use asking::Asking;
use bowerbird::Image;
use bowerbird::image::{FileFormat, ImageError, ReadOptions};
use bowerbird_capture::{
    CameraInfo, CaptureError, Chart, Control, Decode, Frame, PixelFormat, Rate, SourceKind, SourceSpec,
};
use bowerbird_live::{LiveError, Recording, Waker};
use eframe::egui::{self, RichText, Ui};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Instant, SystemTime};

/// The state of the source.
#[derive(Debug)]
pub(crate) struct Source {
    cameras_of: Arc<dyn Cameras>,
    asking: Asking,
    /// The source that was opened last.
    pub spec: Option<SourceSpec>,
    /// The same as text.
    pub spec_text: String,
    /// The source of the picture that is shown; that of the one before while another is opened, or cannot be.
    pub seen: Option<SourceSpec>,
    /// When its file was written, if it is one, as it was opened.
    seen_written: Option<Written>,
    /// The file that was decoded last of the source.
    decoded: Arc<Mutex<Option<PathBuf>>>,
    /// What was opened and is not shown yet, by its number.
    expected: Vec<(u64, SourceSpec, Option<Written>)>,
    cameras: Option<Vec<CameraInfo>>,
    controls: Option<(PathBuf, Vec<Control>)>,
    /// When to look again for the camera that was asked for and is not there.
    look_at: Option<Instant>,
    /// Since when the source is being opened.
    pub opening: Option<Instant>,
    /// Whether the camera is closed, so that others can have it.
    pub off: bool,
    /// Whether the virtual camera is fed.
    pub virtual_camera: bool,
    /// Since when is being recorded.
    recording_since: Option<Instant>,
}

impl Source {
    /// A worker that asks cameras.
    ///
    /// # Errors
    /// The system gives no thread.
    pub(crate) fn new(waker: Waker, cameras: Arc<dyn Cameras>) -> Result<Self, LiveError> {
        let asking = Asking::start(Arc::clone(&cameras), waker)?;
        Ok(Self {
            cameras_of: cameras,
            asking,
            spec: None,
            spec_text: String::new(),
            seen: None,
            seen_written: None,
            decoded: Arc::default(),
            expected: Vec::new(),
            cameras: None,
            controls: None,
            look_at: None,
            opening: None,
            off: false,
            virtual_camera: false,
            recording_since: None,
        })
    }
}

impl Source {
    /// Notes that a picture of a source is shown.
    pub(crate) fn see(&mut self, origin: u64) {
        if let Some(index) = self.expected.iter().position(|(number, ..)| *number == origin)
            && let Some((_, spec, written)) = self.expected.drain(..=index).next_back()
        {
            (self.seen, self.seen_written) = (Some(spec), written);
        }
    }

    /// Whether the file of the picture that is shown is another by now.
    pub(crate) fn has_changed(&self) -> bool {
        let now = self.still_file().and_then(written);
        now.is_some() && now != self.seen_written
    }

    /// What is to be opened again the next time: what is shown, unless it is a camera that will come.
    pub(crate) fn to_keep(&self) -> Option<&SourceSpec> {
        self.spec.as_ref().filter(|spec| spec.camera().is_some()).or(self.seen.as_ref()).or(self.spec.as_ref())
    }

    /// The file of the picture that is shown, if that is one that does not move.
    pub(crate) fn still_file(&self) -> Option<&Path> {
        match self.seen.as_ref().map(|spec| &spec.kind) {
            Some(SourceKind::Image(path)) => Some(path),
            _ => None,
        }
    }

    /// What is open or being opened, in a word or two; nothing if nothing is.
    pub(crate) fn short_name(&self) -> String {
        self.name_of(self.spec.as_ref())
    }

    /// What is shown, or else to be shown, the same.
    pub(crate) fn name_of_seen(&self) -> String {
        self.name_of(self.seen.as_ref().or(self.spec.as_ref()))
    }

    fn name_of(&self, spec: Option<&SourceSpec>) -> String {
        let Some(spec) = spec else { return String::new() };
        match &spec.kind {
            SourceKind::Image(path) | SourceKind::Video(path) | SourceKind::Folder(path) => {
                path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
            }
            SourceKind::Camera(_) => self.camera_of(spec).map_or("Camera".into(), |camera| camera.name.clone()),
            SourceKind::Synthetic(_) => "Chart".into(),
            _ => self.spec_text.clone(),
        }
    }

    /// The camera that a source names, as far as cameras are known.
    pub(crate) fn camera_of(&self, spec: &SourceSpec) -> Option<&CameraInfo> {
        spec.camera()?.pick(self.cameras.as_deref()?).ok()
    }

    /// The file that was decoded last: of a slide show the picture of the moment.
    pub(crate) fn decoded(&self) -> Option<PathBuf> {
        self.decoded.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Whether something was opened of which no picture is shown yet.
    pub(crate) fn awaits_picture(&self) -> bool {
        !self.expected.is_empty()
    }

    /// Whether cameras are being asked.
    pub(crate) fn busy(&self) -> bool {
        self.asking.busy()
    }
}

/// When a file was written, and how long it is.
type Written = (SystemTime, u64);

fn written(file: &Path) -> Option<Written> {
    let found = file.metadata().ok()?;
    Some((found.modified().ok()?, found.len()))
}

/// Endings of films.
const FILMS: [&str; 9] = ["mp4", "mkv", "mov", "avi", "webm", "m4v", "y4m", "mpg", "mpeg"];

/// Whether a file is a film, by the end of its name.
pub(crate) fn is_film(path: &Path) -> bool {
    let ending = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
    FILMS.contains(&&*ending)
}

/// Decodes picture files for the capture crate, and notes which was the last.
fn decoder(last: Arc<Mutex<Option<PathBuf>>>) -> Decode {
    Box::new(move |path: &Path, frame: &mut Frame| {
        let image = Image::open_with(path, &ReadOptions::default()).map_err(|error: ImageError| {
            let (name, reason) = (path.display().to_string(), error.cause().to_string());
            // In a folder, what is called a picture and is none is told of; what else there is, is not.
            if FileFormat::is_read(path) {
                CaptureError::Damaged { name, reason }
            } else {
                CaptureError::File { path: path.to_owned(), reason }
            }
        })?;
        frame.reset(PixelFormat::Rgba, image.width(), image.height());
        frame.data = image.to_rgba8();
        *last.lock().unwrap_or_else(PoisonError::into_inner) = Some(path.to_owned());
        Ok(())
    })
}

/// The rate of a recording of frames that come in at a rate: in whole frames a second, and the usual one as long as it is
/// too early to say, or while nothing comes.
fn recorded_rate(fps_in: f64) -> Rate {
    let whole = fps_in.round();
    Rate::new(if whole < 1.0 { 30 } else { whole.min(120.0) as u32 })
}

impl App {
    /// Opens a source by its name.
    pub(crate) fn open_source(&mut self, text: &str) {
        match text.parse::<SourceSpec>() {
            Ok(spec) => self.open_spec(spec),
            Err(error) => self.banners.trouble(&error.to_string()),
        }
    }

    /// Opens a source, and lists it among what was opened lately.
    pub(crate) fn open_spec(&mut self, mut spec: SourceSpec) {
        // The next time it may be opened from another folder.
        if let SourceKind::Image(path) | SourceKind::Video(path) | SourceKind::Folder(path) = &mut spec.kind
            && let Ok(whole) = std::path::absolute(&*path)
        {
            *path = whole;
        }
        if let SourceKind::Image(_) | SourceKind::Video(_) | SourceKind::Folder(_) = &spec.kind {
            self.remember(&spec.to_string());
        }
        self.open_quietly(spec);
    }

    /// Lists a source among what was opened lately.
    pub(crate) fn remember(&mut self, text: &str) {
        self.recent.retain(|other| other != text);
        self.recent.insert(0, text.to_owned());
        self.recent.truncate(10);
    }

    /// Opens a source.
    pub(crate) fn open_quietly(&mut self, spec: SourceSpec) {
        self.banners.clear("source");
        self.source.spec_text = spec.to_string();
        let opener = match spec.camera() {
            Some(request) => self.source.cameras_of.opener(request),
            None => {
                // Each source its own: the one before may be decoding yet.
                self.source.decoded = Arc::default();
                spec.open(decoder(Arc::clone(&self.source.decoded)))
            }
        };
        let written = if let SourceKind::Image(path) = &spec.kind { written(path) } else { None };
        let origin = self.live.set_source(opener);
        self.source.expected.push((origin, spec.clone(), written));
        self.source.opening = Some(Instant::now());
        (self.source.look_at, self.source.off) = (None, false);
        // In another mode a camera has the controls that it had.
        if self.source.spec.as_ref().is_none_or(|before| before.kind != spec.kind) {
            self.source.controls = None;
        }
        if let SourceKind::Camera(_) = spec.kind {
            self.source.asking.list();
        }
        self.source.spec = Some(spec);
        self.canvas.fit();
        self.report.ended = false;
    }

    /// Opens a file by what it is: a recipe, a folder, a film or a picture.
    pub(crate) fn open_path(&mut self, path: &Path) {
        if path.is_dir() {
            self.browse(path);
        } else if path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("json")) {
            self.open_recipe(path);
        } else if !path.exists() {
            self.banners.trouble(&format!("{} is not there; check the name", path.display()));
        } else if is_film(path) {
            self.open_spec(SourceSpec::from(SourceKind::Video(path.to_owned())));
        } else {
            self.open_spec(SourceSpec::from(SourceKind::Image(path.to_owned())));
        }
    }

    /// Starts or stops recording.
    pub(crate) fn toggle_recording(&mut self) {
        if self.report.recording {
            self.live.record(None);
        } else {
            self.ask_for_file(Purpose::Record);
        }
    }

    /// For how long has been recorded, as minutes and seconds.
    pub(crate) fn recorded(&mut self) -> Option<String> {
        if !self.report.recording {
            self.source.recording_since = None;
            return None;
        }
        let seconds = self.source.recording_since.get_or_insert_with(Instant::now).elapsed().as_secs();
        Some(format!("{}:{:02}", seconds / 60, seconds % 60))
    }

    /// Records into a file.
    pub(crate) fn start_recording(&mut self, path: &Path) {
        let rate = recorded_rate(self.report.fps_in);
        self.live.record(Some(Recording { path: path.to_owned(), rate, quality: 90 }));
    }

    /// Shows the panel.
    pub(crate) fn show_source(&mut self, ui: &mut Ui) {
        if self.source.cameras.is_none() && !self.source.asking.busy() {
            self.source.asking.list();
        }
        egui::ScrollArea::vertical().auto_shrink([false, false]).show(ui, |ui| {
            let (width, height) = self.report.source_size;
            // Two rows whatever there is, so that nothing below moves away under the pointer.
            // What was chosen and does not run yet has its name there too.
            let chosen = self.source.short_name();
            let title = match (self.report.source.as_str(), chosen.as_str()) {
                _ if self.source.off => "The camera is off",
                ("", "") => "No source",
                ("", chosen) => chosen,
                (name, _) => name,
            };
            ui.add(egui::Label::new(RichText::new(title).strong()).truncate());
            let still = self.shown.as_ref().is_some_and(|shown| shown.still.is_some());
            let rate = if still { String::new() } else { format!(", {:.1} frames/s", self.report.fps_in) };
            let size = if width > 0 { format!("{width} × {height}{rate}") } else { "–".to_owned() };
            ui.weak(if self.source.off { "–".to_owned() } else { size });
            ui.add_space(6.0);
            self.show_cameras(ui);
            ui.add_space(8.0);
            ui.label(RichText::new("Files").small().strong());
            ui.horizontal(|ui| {
                if ui.button("Picture or video…").clicked() {
                    self.ask_for_file(Purpose::Open);
                }
                if ui.button("Folder…").clicked() {
                    self.ask_for_file(Purpose::OpenFolder);
                }
            });
            let mut again = None;
            for text in &self.recent {
                let path = text.split_once(':').map_or(text.as_str(), |(_, path)| path);
                let short = path.rsplit(['/', '\\']).find(|part| !part.is_empty()).unwrap_or(path);
                let link = egui::Label::new(
                    RichText::new(short).small().color(theme::written(theme::ACCENT, ui.visuals().dark_mode)),
                );
                let link = ui.add(link.truncate().sense(egui::Sense::CLICK));
                link.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Link, true, short));
                let link = link.on_hover_cursor(egui::CursorIcon::PointingHand);
                if link.on_hover_text(text).clicked() {
                    again = Some(text.clone());
                }
            }
            match again.map(|text| text.parse::<SourceSpec>()) {
                Some(Ok(SourceSpec { kind: SourceKind::Folder(folder), .. })) => self.browse(&folder),
                Some(Ok(spec)) => self.open_spec(spec),
                _ => {}
            }
            ui.add_space(8.0);
            ui.label(RichText::new("Charts").small().strong());
            ui.horizontal(|ui| {
                for (chart, label) in [
                    (Chart::ZonePlate, "Zone plate"),
                    (Chart::ColorBars, "Color bars"),
                    (Chart::Timestamp, "Timestamp"),
                ] {
                    let kind = SourceKind::Synthetic(chart);
                    let chosen = self.source.spec.as_ref().is_some_and(|spec| spec.kind == kind);
                    if ui.add(egui::Button::selectable(chosen, label).frame_when_inactive(true)).clicked() {
                        self.open_spec(SourceSpec::from(kind));
                    }
                }
            });
            ui.add_space(8.0);
            ui.label(RichText::new("Output").small().strong());
            ui.horizontal(|ui| {
                let word = if self.report.recording { "Stop recording" } else { "Record…" };
                if ui.button(word).clicked() {
                    self.toggle_recording();
                }
                #[cfg(target_os = "linux")]
                if ui
                    .add(
                        egui::Button::selectable(self.source.virtual_camera, "Virtual camera")
                            .frame_when_inactive(true),
                    )
                    .clicked()
                {
                    self.toggle_virtual_camera();
                }
            });
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recording_has_the_rate_of_what_comes_in_or_the_usual_one() {
        for (fps_in, rate) in [(24.97, 25), (0.8, 1), (0.0, 30), (0.3, 30), (240.0, 120)] {
            assert_eq!(recorded_rate(fps_in), Rate::new(rate), "{fps_in}");
        }
    }
}
