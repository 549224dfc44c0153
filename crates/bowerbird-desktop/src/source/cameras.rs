//! The cameras in the source's panel: which there are, their modes and their controls.

use super::Question;
use crate::app::App;
use crate::widgets::name;
use bowerbird_capture::{CameraInfo, ControlKind, DeviceName, Rates, Sizes, SourceKind, SourceSpec};
use eframe::egui::{self, RichText, Ui};

impl App {
    pub(super) fn ask_controls(&self) {
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

    pub(super) fn show_cameras(&mut self, ui: &mut Ui) {
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
