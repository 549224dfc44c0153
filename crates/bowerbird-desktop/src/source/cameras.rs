//! The cameras in the source's panel: which there are, their modes and their controls.

use super::asking::Answer;
use super::modes;
use crate::app::App;
use crate::banner::Weight;
use crate::widgets::{self, Rail, name};
use bowerbird_capture::{CameraInfo, CaptureError, Control, ControlKind, DeviceName, SourceKind, SourceSpec};
use eframe::egui::{self, RichText, Ui};
use std::time::{Duration, Instant};

/// How often a camera that is not there is looked for.
const LOOK: Duration = Duration::from_secs(2);

impl App {
    /// Asks which cameras there are, when one has come or gone.
    pub(crate) fn look_for_cameras(&self) {
        if self.source.spec.as_ref().is_some_and(|spec| spec.camera().is_some()) {
            self.source.asking.list();
        }
    }

    /// Looks now and then for a camera that is not there yet, or may not be opened yet.
    pub(crate) fn await_camera(&mut self, error: &CaptureError) {
        let camera = self.source.spec.as_ref().is_some_and(|spec| spec.camera().is_some());
        let may_come = camera && matches!(error, CaptureError::NotFound { .. } | CaptureError::Denied { .. });
        self.source.look_at = may_come.then(|| Instant::now() + LOOK);
    }

    /// Whether a camera is waited for that was not found, or may not be opened.
    pub(crate) fn awaits_camera(&self) -> bool {
        self.source.look_at.is_some()
    }

    /// Takes what cameras answer, and opens the one that is waited for when it is there.
    pub(crate) fn follow_cameras(&mut self, context: &egui::Context) {
        for answer in self.source.asking.answers() {
            match answer {
                Answer::Cameras(cameras) => {
                    self.source.cameras = Some(cameras);
                    if self.awaits_camera() && self.camera().is_some_and(|camera| camera.problem.is_none()) {
                        self.open_again();
                    } else {
                        self.ask_controls();
                    }
                }
                Answer::Controls(path, Ok(controls)) => {
                    // Another camera may have been chosen meanwhile.
                    if self.camera().is_none_or(|camera| camera.path == path) {
                        self.source.controls = Some((path, controls));
                    }
                }
                Answer::Controls(_, Err(error)) | Answer::Refused(error) => {
                    self.banners.say(Weight::Warning, "source", &error.to_string())
                }
            }
        }
        let Some(at) = self.source.look_at else { return };
        let now = Instant::now();
        if now >= at && !self.source.asking.busy() {
            self.source.asking.list();
            self.source.look_at = Some(now + LOOK);
        }
        context.request_repaint_after(at.saturating_duration_since(now).max(Duration::from_millis(100)));
    }

    /// Opens the source once more.
    pub(crate) fn open_again(&mut self) {
        if let Some(spec) = self.source.spec.clone() {
            self.open_spec(spec);
        }
    }

    pub(super) fn ask_controls(&self) {
        // What it has to say against being opened is said when it is.
        if let Some(camera) = self.camera().filter(|camera| camera.problem.is_none()) {
            self.source.asking.controls(&camera.path);
        }
    }

    /// The camera that is the source.
    pub(crate) fn camera(&self) -> Option<&CameraInfo> {
        self.source.camera_of(self.source.spec.as_ref()?)
    }

    pub(super) fn show_cameras(&mut self, ui: &mut Ui) {
        ui.horizontal(|ui| {
            ui.label(RichText::new("Cameras").small().strong());
            let look = egui::Button::new(RichText::new("Look again").small());
            if ui.add_enabled(!self.source.asking.busy(), look).clicked() {
                self.source.asking.list();
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
                    // Two of a kind are told apart by their files.
                    let twin = cameras.iter().filter(|other| other.name == camera.name).count() > 1;
                    let file = camera.path.file_name().filter(|_| twin);
                    let file = file.map_or(String::new(), |file| format!(" ({})", file.display()));
                    let row = ui.selectable_label(chosen, format!("{}{file}", camera.name));
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
            let word = if self.source.off { "Turn the camera on" } else { "Turn the camera off" };
            if ui.button(word).on_hover_text("While it is off, other programs can have it").clicked() {
                if self.source.off {
                    open = self.source.spec.clone();
                } else {
                    self.live.close_source();
                    self.source.off = true;
                }
            }
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
        let mut new = spec.clone();
        let size = |(width, height): &(u32, u32)| format!("{width} × {height}");
        choice(ui, "Size", "Camera size", &mut new.size, &modes::sizes(&camera.modes, None), size);
        let formats = modes::formats(&camera.modes, spec.size);
        choice(ui, "Format", "Camera format", &mut new.format, &formats, ToString::to_string);
        let rates = modes::rates(&camera.modes, spec.size, spec.format);
        choice(ui, "Rate", "Camera rate", &mut new.rate, &rates, ToString::to_string);
        (new != spec).then(|| modes::within(new, &camera.modes))
    }

    fn show_controls(&mut self, ui: &mut Ui) {
        let Some((path, controls)) = &mut self.source.controls else { return };
        let mut set = None;
        egui::CollapsingHeader::new("Camera controls").default_open(true).show_unindented(ui, |ui| {
            for control in controls.iter_mut() {
                let enabled = !control.read_only && !control.inactive;
                if let Some(value) = ui.add_enabled_ui(enabled, |ui| show_control(ui, control)).inner {
                    set = Some((control.id, value));
                }
            }
        });
        if let Some((id, value)) = set {
            self.source.asking.set(path, id, value);
        }
    }
}

/// A list to choose from, with the first choice left to the program.
fn choice<T: Copy + PartialEq>(
    ui: &mut Ui,
    label: &str,
    full_name: &str,
    chosen: &mut Option<T>,
    all: &[T],
    text: impl Fn(&T) -> String,
) {
    widgets::row(ui, label, |ui| {
        let shown = chosen.as_ref().map_or("Automatic".to_owned(), &text);
        let combo = egui::ComboBox::from_id_salt(full_name).selected_text(shown).truncate();
        let combo = combo.width(ui.available_width() - 8.0).show_ui(ui, |ui| {
            ui.selectable_value(chosen, None, "Automatic");
            for one in all {
                ui.selectable_value(chosen, Some(*one), text(one));
            }
        });
        name(&combo.response, full_name);
    });
}

/// Shows a control of a camera, as a parameter is shown; the value that it was set to.
fn show_control(ui: &mut Ui, control: &mut Control) -> Option<i64> {
    let before = control.value;
    let label = |value: i64| control.items.iter().find(|item| item.value == value).map(|item| item.label.clone());
    let default = match control.kind {
        ControlKind::Boolean => if control.default == 0 { "off" } else { "on" }.to_owned(),
        ControlKind::Menu => label(control.default).unwrap_or_default(),
        _ => control.default.to_string(),
    };
    let is_button = control.kind == ControlKind::Button;
    let hint = if is_button { control.name.clone() } else { format!("{}\nBy default {default}", control.name) };
    let is_default = is_button || control.value == control.default;
    let now = label(control.value);
    let back = widgets::described_row(ui, &control.name, &hint, is_default, |ui, rest| match control.kind {
        ControlKind::Integer => {
            let range = control.min..=control.max;
            let number = egui::DragValue::new(&mut control.value).range(range).update_while_editing(false);
            let size = egui::vec2(widgets::NUMBER, ui.spacing().interact_size.y);
            name(&ui.add_sized(size, number), &format!("{} value", control.name));
        }
        ControlKind::Boolean => {
            let mut on = control.value != 0;
            name(&ui.add(egui::Checkbox::without_text(&mut on)), &control.name);
            control.value = i64::from(on);
        }
        ControlKind::Menu => {
            let combo = egui::ComboBox::from_id_salt(control.id).selected_text(now.unwrap_or_default()).truncate();
            let combo = combo.width(rest).show_ui(ui, |ui| {
                for item in &control.items {
                    ui.selectable_value(&mut control.value, item.value, item.label.as_str());
                }
            });
            name(&combo.response, &control.name);
        }
        // It has no value: any other than it has now sets it off.
        ControlKind::Button => {
            let button = ui.button("Do it");
            name(&button, &control.name);
            control.value = before + i64::from(button.clicked());
        }
        _ => {}
    });
    if back {
        control.value = control.default;
    }
    if control.kind == ControlKind::Integer && control.max > control.min {
        let rail =
            Rail { whole: true, step: control.step as f64, ..Rail::over((control.min as f64, control.max as f64)) };
        if let Some(slid) = rail.show(ui, &control.name, control.value as f64) {
            control.value = slid.or_default(control.default as f64).round() as i64;
        }
    }
    (control.value != before).then_some(control.value)
}
