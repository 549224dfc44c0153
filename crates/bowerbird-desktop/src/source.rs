//! Where frames come from: the picker, the modes and controls of cameras, recording and the virtual camera.
//!
//! Cameras are asked on a thread of their own: one that is asleep takes its time to answer.

use crate::app::App;
use crate::banner::Weight;
use crate::dialogs::Purpose;
use crate::widgets::name;
use bowerbird::Image;
use bowerbird::image::{ImageError, ReadOptions};
use bowerbird_capture::{
    CameraInfo, CaptureError, Chart, Control, ControlKind, Decode, DeviceName, Frame, PixelFormat, Rates, Sizes,
    SourceKind, SourceSpec,
};
use bowerbird_live::{Aside, LiveError, Recording, Waker};
use eframe::egui::{self, RichText, Ui};
use std::path::{Path, PathBuf};

/// What is asked of the cameras.
#[derive(Debug)]
pub(crate) enum Question {
    /// Which there are.
    List,
    /// The controls of one, in the order they are set.
    Controls(PathBuf),
    /// To set a control.
    Set(PathBuf, u32, i64),
}

/// What they answer.
#[derive(Debug)]
pub(crate) enum Answer {
    /// The cameras.
    Cameras(Vec<CameraInfo>),
    /// The controls of one.
    Controls(PathBuf, Result<Vec<Control>, CaptureError>),
}

/// The state of the source.
#[derive(Debug)]
pub(crate) struct Source {
    worker: Aside<Question, Answer>,
    /// The source that was opened last.
    pub spec: Option<SourceSpec>,
    /// The same as text.
    pub spec_text: String,
    cameras: Option<Vec<CameraInfo>>,
    controls: Option<(PathBuf, Vec<Control>)>,
    /// Whether the virtual camera is fed.
    pub virtual_camera: bool,
}

impl Source {
    /// A worker that asks cameras.
    ///
    /// # Errors
    /// The system gives no thread.
    pub(crate) fn new(waker: Waker) -> Result<Self, LiveError> {
        let worker = Aside::start("cameras", waker, |question: Question, desk| match question {
            Question::List => desk.answer(Answer::Cameras(bowerbird_capture::cameras())),
            Question::Controls(path) => {
                let controls = bowerbird_capture::controls(&path);
                desk.answer(Answer::Controls(path, controls));
            }
            Question::Set(path, id, value) => {
                let set = bowerbird_capture::set_control(&path, id, value);
                let controls = set.and_then(|_| bowerbird_capture::controls(&path));
                desk.answer(Answer::Controls(path, controls));
            }
        })?;
        Ok(Self {
            worker: worker.detached(),
            spec: None,
            spec_text: String::new(),
            cameras: None,
            controls: None,
            virtual_camera: false,
        })
    }
}

impl Source {
    /// Whether cameras are being asked.
    pub(crate) fn busy(&self) -> bool {
        self.worker.busy()
    }
}

/// Endings of films.
const FILMS: [&str; 9] = ["mp4", "mkv", "mov", "avi", "webm", "m4v", "y4m", "mpg", "mpeg"];

/// Decodes picture files for the capture crate.
pub(crate) fn decoder() -> Decode {
    Box::new(|path: &Path, frame: &mut Frame| {
        let image = Image::open_with(path, &ReadOptions::default()).map_err(|error: ImageError| {
            CaptureError::File { path: path.to_owned(), reason: error.cause().to_string() }
        })?;
        frame.reset(PixelFormat::Rgba, image.width(), image.height());
        frame.data = image.to_rgba8();
        Ok(())
    })
}

impl App {
    /// Opens a source by its name.
    pub(crate) fn open_source(&mut self, text: &str) {
        match text.parse::<SourceSpec>() {
            Ok(spec) => self.open_spec(spec),
            Err(error) => self.banners.say(Weight::Trouble, "source", &error.to_string()),
        }
    }

    /// Opens a source.
    pub(crate) fn open_spec(&mut self, spec: SourceSpec) {
        self.banners.clear("source");
        self.source.spec_text = spec.to_string();
        self.live.set_source(spec.open(decoder()));
        if let SourceKind::Image(_) | SourceKind::Video(_) | SourceKind::Folder(_) = &spec.kind {
            self.recent.retain(|other| *other != self.source.spec_text);
            self.recent.insert(0, self.source.spec_text.clone());
            self.recent.truncate(10);
        }
        self.source.controls = None;
        if let SourceKind::Camera(_) = spec.kind {
            self.source.worker.ask(Question::List);
        }
        self.source.spec = Some(spec);
        self.canvas.fit();
        self.report.ended = false;
    }

    /// Opens a file by what it is: a recipe, a folder, a film or a picture.
    pub(crate) fn open_path(&mut self, path: &Path) {
        let ending = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
        if path.is_dir() {
            self.open_spec(SourceSpec::from(SourceKind::Folder(path.to_owned())));
        } else if ending == "json" {
            self.open_recipe(path);
        } else if !path.exists() {
            self.banners.trouble(&format!("{} is not there; check the name", path.display()));
        } else if FILMS.contains(&ending.as_str()) {
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

    /// Records into a file.
    pub(crate) fn start_recording(&mut self, path: &Path) {
        let rate = self.report.fps_in.round().clamp(1.0, 120.0);
        let rate = format!("{rate}").parse().unwrap_or(bowerbird_capture::Rate::new(30));
        self.live.record(Some(Recording { path: path.to_owned(), rate, quality: 90 }));
    }

    /// Shows the panel.
    pub(crate) fn show_source(&mut self, ui: &mut Ui) {
        for answer in self.source.worker.answers() {
            match answer {
                Answer::Cameras(cameras) => {
                    self.source.cameras = Some(cameras);
                    self.ask_controls();
                }
                Answer::Controls(path, Ok(controls)) => self.source.controls = Some((path, controls)),
                Answer::Controls(_, Err(error)) => self.banners.say(Weight::Warning, "source", &error.to_string()),
            }
        }
        if self.source.cameras.is_none() && !self.source.worker.busy() {
            self.source.worker.ask(Question::List);
        }
        egui::ScrollArea::vertical().auto_shrink([false, false]).show(ui, |ui| {
            let (width, height) = self.report.source_size;
            if !self.report.source.is_empty() {
                ui.label(RichText::new(&self.report.source).strong());
            }
            if width > 0 {
                let still = self.shown.as_ref().is_some_and(|shown| shown.still);
                let rate = if still { String::new() } else { format!(", {:.1} frames/s", self.report.fps_in) };
                ui.weak(format!("{width} × {height}{rate}"));
            }
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
                let short = text.rsplit(['/', '\\']).next().unwrap_or(text);
                let link = ui.add(egui::Link::new(RichText::new(short).small()));
                if link.on_hover_text(text).clicked() {
                    again = Some(text.clone());
                }
            }
            if let Some(text) = again {
                self.open_source(&text);
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

    fn ask_controls(&self) {
        if let Some(camera) = self.camera() {
            self.source.worker.ask(Question::Controls(camera.path.clone()));
        }
    }

    /// The camera that is the source.
    fn camera(&self) -> Option<&CameraInfo> {
        let request = self.source.spec.as_ref()?.camera()?;
        let cameras = self.source.cameras.as_deref()?;
        request.pick(cameras).ok()
    }

    fn show_cameras(&mut self, ui: &mut Ui) {
        ui.horizontal(|ui| {
            ui.label(RichText::new("Cameras").small().strong());
            let look = egui::Button::new(RichText::new("Look again").small());
            if ui.add_enabled(!self.source.worker.busy(), look).clicked() {
                self.source.worker.ask(Question::List);
            }
        });
        let mut open = None;
        match &self.source.cameras {
            None => {
                ui.spinner();
            }
            Some(cameras) if cameras.is_empty() => {
                ui.weak("No camera was found. Plug one in and look again.");
            }
            Some(cameras) => {
                let current = self.camera().map(|camera| camera.path.clone());
                for camera in cameras {
                    let chosen = current.as_ref() == Some(&camera.path);
                    let row = ui.selectable_label(chosen, &camera.name);
                    if row.on_hover_text(camera.path.display().to_string()).clicked() {
                        let device: DeviceName = camera.path.display().to_string().as_str().into();
                        open = Some(SourceSpec::from(SourceKind::Camera(Some(device))));
                    }
                    if let Some(problem) = &camera.problem {
                        ui.weak(problem.to_string());
                    }
                }
            }
        }
        if let Some(camera) = self.camera().cloned() {
            open = self.show_modes(ui, &camera).or(open);
            self.show_controls(ui);
        }
        if let Some(spec) = open {
            self.open_spec(spec);
        }
    }

    /// The modes of the camera; the source with another one, if it was chosen.
    fn show_modes(&self, ui: &mut Ui, camera: &CameraInfo) -> Option<SourceSpec> {
        let spec = self.source.spec.clone()?;
        let shown = spec.size.map_or("Automatic".to_owned(), |(width, height)| {
            let format = spec.format.map_or(String::new(), |format| format!(" {format}"));
            let rate = spec.rate.map_or(String::new(), |rate| format!(", {:.4}/s", rate.per_second()));
            format!("{width} × {height}{format}{rate}")
        });
        let mut chosen = None;
        let combo = egui::ComboBox::from_label("Mode").selected_text(shown).width(190.0).show_ui(ui, |ui| {
            if ui.selectable_label(spec.size.is_none(), "Automatic").clicked() {
                chosen = Some(SourceSpec { size: None, rate: None, format: None, ..spec.clone() });
            }
            for mode in &camera.modes {
                let (width, height) = mode.sizes.largest();
                let rates = match &mode.rates {
                    Rates::List(rates) => rates.iter().copied().map(Some).collect(),
                    Rates::Range { fastest, .. } => vec![Some(*fastest)],
                    Rates::Unknown => vec![None],
                };
                let open_range = if matches!(mode.sizes, Sizes::Range { .. }) { "up to " } else { "" };
                for rate in rates {
                    let text = rate.map_or(String::new(), |rate| format!(", {:.4}/s", rate.per_second()));
                    let text = text.replace(".0000/s", "/s");
                    let label = format!("{open_range}{width} × {height} {}{text}", mode.format);
                    if ui.selectable_label(false, label).clicked() {
                        let size = Some((width, height));
                        chosen = Some(SourceSpec { size, rate, format: Some(mode.format), ..spec.clone() });
                    }
                }
            }
        });
        name(&combo.response, "Camera mode");
        chosen
    }

    fn show_controls(&mut self, ui: &mut Ui) {
        let Some((path, controls)) = &mut self.source.controls else { return };
        let mut set = None;
        egui::CollapsingHeader::new("Camera controls").default_open(true).show(ui, |ui| {
            for control in controls.iter_mut() {
                let enabled = !control.read_only && !control.inactive;
                ui.add_enabled_ui(enabled, |ui| {
                    let before = control.value;
                    let response = match control.kind {
                        ControlKind::Integer => {
                            let slider = egui::Slider::new(&mut control.value, control.min..=control.max)
                                .step_by(control.step as f64)
                                .text(control.name.clone());
                            ui.add(slider)
                        }
                        ControlKind::Boolean => {
                            let mut on = control.value != 0;
                            let response = ui.checkbox(&mut on, control.name.clone());
                            control.value = i64::from(on);
                            response
                        }
                        ControlKind::Menu => {
                            let now = control.items.iter().find(|item| item.value == control.value);
                            let text = now.map_or(String::new(), |item| item.label.clone());
                            let combo = egui::ComboBox::from_label(control.name.clone()).selected_text(text);
                            let combo = combo.show_ui(ui, |ui| {
                                for item in &control.items {
                                    ui.selectable_value(&mut control.value, item.value, item.label.clone());
                                }
                            });
                            combo.response
                        }
                        ControlKind::Button => {
                            let response = ui.button(control.name.clone());
                            if response.clicked() {
                                set = Some((control.id, 1));
                            }
                            response
                        }
                        _ => return,
                    };
                    name(&response, &control.name);
                    if control.value != before {
                        set = Some((control.id, control.value));
                    }
                    response.context_menu(|ui| {
                        if ui.button("Back to the default").clicked() {
                            set = Some((control.id, control.default));
                            ui.close();
                        }
                    });
                });
            }
        });
        if let Some((id, value)) = set {
            let path = path.clone();
            self.source.worker.ask(Question::Set(path, id, value));
        }
    }
}
