//! The window that exports are asked for with, and how they go.

use super::{Export, Progress, Written};
use crate::app::App;
use crate::files::folder_of;
use crate::menu::within;
use core::sync::atomic::Ordering;
use core::time::Duration;
use eframe::egui::{self, Align, Align2, Context, Layout, Rect, Ui, Vec2};

/// How long an export may take before it is shown how it goes.
const PATIENCE: Duration = Duration::from_millis(400);

/// Sides within a longest one, about as a resize makes them.
fn fit(width: u32, height: u32, most: u32) -> (u32, u32) {
    let longer = width.max(height).max(1);
    let side = |side: u32| {
        let scaled = f64::from(side) * f64::from(most.min(longer)) / f64::from(longer);
        scaled.round().max(1.0) as u32
    };
    (side(width), side(height))
}

/// What files do not hold, behind a sentence without its end.
fn told(losses: &[String]) -> String {
    losses.iter().map(|sentence| format!("; {sentence}")).collect()
}

impl App {
    /// Follows the exports, and shows their window.
    pub(crate) fn follow_exports(&mut self, context: &Context, area: Rect) {
        if self.shown.as_ref().is_some_and(|shown| shown.divisor == 1)
            && let Some((path, longest)) = self.full_frame_for.take()
        {
            self.start_export(&path, longest);
        }
        for progress in self.export.worker.answers() {
            match (progress, &mut self.export.current) {
                (Progress::At(what, part), Some(current)) => (current.what, current.part) = (what, part),
                (Progress::At(..), None) => {}
                (Progress::Done(path, Written { size: (width, height), losses }), _) => {
                    self.banners.note(&format!("Exported {} ({width}×{height}){}", path.display(), told(&losses)));
                }
                (Progress::Canceled(path), _) => {
                    self.banners.note(&format!("The export of {} was canceled", path.display()));
                }
                (Progress::Failed(reason), _) => self.banners.trouble(&reason),
                (Progress::Folder { path, written, losses, problems, canceled }, _) => {
                    let rest = if canceled { "; the rest was canceled" } else { "" };
                    let pictures = if written == 1 { "picture" } else { "pictures" };
                    let told = told(&losses);
                    self.banners.note(&format!("Exported {written} {pictures} into {}{rest}{told}", path.display()));
                    if let [first, others @ ..] = problems.as_slice() {
                        let more = if others.is_empty() { String::new() } else { format!(" ({} more)", others.len()) };
                        self.banners.trouble(&format!("Cannot export {first}{more}"));
                    }
                }
            }
        }
        if !self.export.worker.busy() {
            self.export.current = None;
        }
        self.export.turn();
        self.show_progress(context, area);
        if !self.export.open {
            return;
        }
        let (mut open, mut ask) = (true, None);
        let size = self.shown.as_ref().map(|shown| shown.full_result);
        egui::Window::new("Export")
            .open(&mut open)
            .anchor(Align2::CENTER_CENTER, Vec2::ZERO)
            .collapsible(false)
            .resizable(false)
            .show(context, |ui| {
                within(ui, 320.0, |ui| {
                    let folder = self.source.still_file().map(|file| folder_of(file).to_owned());
                    self.export.all &= folder.is_some();
                    if let Some(folder) = &folder {
                        ui.horizontal(|ui| {
                            ui.selectable_value(&mut self.export.all, false, "This picture");
                            let label = match self.filmstrip.chosen() {
                                Some(chosen) => format!("The {} with stars", chosen.len()),
                                None => "All in its folder".to_owned(),
                            };
                            let all = ui.selectable_value(&mut self.export.all, true, label);
                            all.on_hover_text(folder.display().to_string());
                        });
                        ui.add_space(4.0);
                    }
                    if self.export.all {
                        ui.label(match self.filmstrip.least() {
                            0 => "Every picture beside this one, each under this look",
                            _ => "The pictures that are chosen by their stars, each under this look",
                        });
                    } else if let Some((width, height)) = size {
                        let (width, height) =
                            self.export.longest.map_or((width, height), |most| fit(width, height, most));
                        ui.label(format!("{width} × {height} pixels"));
                    }
                    ui.weak("Rendered on the processor, exactly as the command line would.");
                    ui.add_space(6.0);
                    ui.horizontal_wrapped(|ui| {
                        ui.label("Longer side");
                        ui.selectable_value(&mut self.export.longest, None, "Full");
                        for most in [4096, 2048, 1080] {
                            ui.selectable_value(&mut self.export.longest, Some(most), most.to_string())
                                .on_hover_text("At most so many pixels; nothing is enlarged");
                        }
                    });
                    ui.horizontal(|ui| {
                        ui.label("JPEG quality");
                        let slider = ui.add(egui::Slider::new(&mut self.export.quality, 1..=100));
                        crate::widgets::name(&slider, "JPEG quality");
                    });
                    ui.add_space(6.0);
                    ui.horizontal_wrapped(|ui| {
                        let ready = self.shown.is_some();
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
                })
            });
        if context.input(|input| input.key_pressed(egui::Key::Escape)) {
            open = false;
        }
        self.export.open = open;
        match ask {
            Some("json") => self.ask_for_file(crate::dialogs::Purpose::SaveRecipe),
            Some(ending) if self.export.all => self.ask_for_file(crate::dialogs::Purpose::ExportAll(ending)),
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

    /// Shows how the export goes in the lower right corner of an area, when it takes its time.
    fn show_progress(&mut self, context: &Context, area: Rect) {
        let Some(current) = &self.export.current else { return };
        // At the end it is shown in the middle of the window.
        if self.leaving {
            return;
        }
        if current.since.elapsed() < PATIENCE {
            context.request_repaint_after(PATIENCE);
            return;
        }
        egui::Area::new(egui::Id::unique("export progress"))
            .fixed_pos(area.right_bottom() - Vec2::splat(12.0))
            .pivot(Align2::RIGHT_BOTTOM)
            .show(context, |ui| {
                egui::Frame::window(ui.style()).show(ui, |ui| {
                    ui.set_width(280.0);
                    self.export.show_state(ui);
                });
            });
    }
}

impl Export {
    /// Shows how exports go, and takes them back.
    pub(crate) fn show_state(&mut self, ui: &mut Ui) {
        let waiting = self.waiting.len();
        if let Some(current) = &self.current {
            let name = current.path.file_name().unwrap_or_default().to_string_lossy();
            let canceling = current.canceled.load(Ordering::Relaxed);
            let (what, part) = (if canceling { "Canceling" } else { &*current.what }, current.part);
            let mut cancel = false;
            ui.horizontal(|ui| {
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    ui.weak(what);
                    ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                        ui.add(egui::Label::new(format!("Exporting {name}")).truncate()).on_hover_text(&*name);
                    });
                });
            });
            ui.horizontal(|ui| {
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    cancel = ui.add_enabled(!canceling, egui::Button::new("Cancel")).clicked();
                    ui.add(egui::ProgressBar::new(part).desired_height(6.0).corner_radius(3));
                });
            });
            if cancel {
                self.cancel();
            }
        } else {
            ui.weak("Waiting for a frame in full");
        }
        if waiting > 0 {
            ui.weak(format!("{waiting} more wait"));
        }
    }
}
