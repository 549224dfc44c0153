//! How a step is mixed in: its opacity, its blend mode and its mask.

use crate::app::App;
use crate::place::Owner;
use crate::stack::Do;
use crate::widgets::{self, name, words};
use bowerbird::effect::Effect;
use bowerbird::effects::composite::blend::BlendMode;
use bowerbird::param::Choice;
use bowerbird::{ChainStep, effects};
use eframe::egui::{self, RichText, Ui};

impl App {
    /// Shows the opacity, the blend mode and the mask of a step.
    pub(crate) fn show_mixing(&mut self, ui: &mut Ui, index: usize, title: &str) -> Option<Do> {
        let step = &self.document.steps()[index];
        let info = step.effect()?.info();
        if info.changes_size {
            return None;
        }
        let mut action = None;
        let (opacity, blend, mask) = (step.opacity(), step.blend(), step.mask().map(str::to_owned));
        let plain = opacity >= 1.0 && blend == BlendMode::Normal && mask.is_none();
        let summary = |ui: &mut Ui| {
            if !plain {
                let masked = mask.as_ref().map_or("", |_| ", masked");
                ui.weak(RichText::new(format!("{:.0}% {}{masked}", opacity * 100.0, words(blend.name()))).small());
            }
        };
        widgets::fold(ui, "mixing", "Mixing", !plain, summary, |ui| {
            if let Some(opacity) = widgets::percentage(ui, "Opacity", title, opacity) {
                self.document.edit(&format!("Opacity of {title}"), |recipe| {
                    recipe.chain_mut().steps_mut()[index].set_opacity(opacity)
                });
            }
            widgets::row(ui, "Blend", |ui| {
                let combo = egui::ComboBox::from_id_salt("blend").selected_text(words(blend.name()));
                let combo = combo.width(ui.available_width() - 8.0).show_ui(ui, |ui| {
                    for mode in BlendMode::ALL {
                        if ui.selectable_label(*mode == blend, words(mode.name())).clicked() {
                            self.document.edit(&format!("Blend mode of {title}"), |recipe| {
                                recipe.chain_mut().steps_mut()[index].set_blend(*mode);
                            });
                            self.document.settle();
                        }
                    }
                });
                name(&combo.response, &format!("Blend mode of {title}"));
            });
            action = self.show_mask(ui, index, title, mask.as_deref());
        });
        action
    }

    fn show_mask(&mut self, ui: &mut Ui, index: usize, title: &str, mask: Option<&str>) -> Option<Do> {
        let mut action = None;
        let names: Vec<String> = self.document.recipe().chain().masks().keys().cloned().collect();
        widgets::row(ui, "Mask", |ui| {
            if mask.is_some_and(|mask| mask.starts_with("painted")) && ui.button("Paint").clicked() {
                action = Some(Do::Paint(index));
            }
            let shown = mask.map_or("None".into(), words);
            let combo = egui::ComboBox::from_id_salt("mask").selected_text(shown).truncate();
            let combo = combo.width(ui.available_width() - 8.0);
            let combo = combo.show_ui(ui, |ui| {
                let mut chosen = None;
                if ui.selectable_label(mask.is_none(), "None").clicked() {
                    chosen = Some(None);
                }
                for other in &names {
                    if ui.selectable_label(mask == Some(other), words(other)).clicked() {
                        chosen = Some(Some(other.clone()));
                    }
                }
                ui.separator();
                for effect in effects::all().filter(|effect| effect.info().family == "mask") {
                    if ui.button(format!("New: {}", effect.info().label)).clicked() {
                        self.new_mask(index, effect);
                        ui.close();
                    }
                }
                if ui.button("New: Painted mask").clicked() {
                    action = Some(Do::Paint(index));
                    ui.close();
                }
                if let Some(chosen) = chosen {
                    self.document.edit(&format!("Mask of {title}"), |recipe| {
                        recipe.chain_mut().steps_mut()[index].set_mask(chosen)
                    });
                    self.document.settle();
                }
            });
            name(&combo.response, &format!("Mask of {title}"));
        });
        let Some(mask) = mask else { return action };
        if mask.starts_with("painted") {
            return action;
        }
        let step = self.document.states()[index].key;
        // A sheet of its own tells what is the mask's from what is the step's.
        let frame = egui::Frame::new().fill(ui.visuals().faint_bg_color).corner_radius(4.0);
        frame.inner_margin(egui::Margin::symmetric(6, 4)).show(ui, |ui| {
            for place in 0..self.document.recipe().chain().mask(mask).unwrap_or_default().len() {
                let owner = Owner { step, mask: Some((mask.to_owned(), place)) };
                ui.push_id(("mask", place), |ui| self.show_effect(ui, &owner));
            }
        });
        action
    }

    fn new_mask(&mut self, index: usize, effect: Box<dyn Effect>) {
        let chain = self.document.recipe().chain();
        let stem = effect.info().id.trim_start_matches("mask_").to_owned();
        let mut free = (1..).map(|n| if n == 1 { stem.clone() } else { format!("{stem}_{n}") });
        let Some(name) = free.find(|name| chain.mask(name).is_none()) else { return };
        let owner = Owner { step: self.document.states()[index].key, mask: Some((name.clone(), 0)) };
        let what = format!("Mask of {}", crate::document::label(&self.document.steps()[index]));
        self.document.edit(&what, |recipe| {
            let chain = recipe.chain_mut();
            chain.masks_mut().insert(name.clone(), vec![ChainStep::from(effect)]);
            chain.steps_mut()[index].set_mask(Some(name));
        });
        self.document.settle();
        self.place_first(&owner);
    }
}
