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
        let (opacity, blend, mask) = (step.opacity() * 100.0, step.blend(), step.mask().map(str::to_owned));
        let plain = opacity >= 100.0 && blend == BlendMode::Normal && mask.is_none();
        let summary = |ui: &mut Ui| {
            if !plain {
                let masked = mask.as_ref().map_or("", |_| ", masked");
                ui.weak(RichText::new(format!("{opacity:.0}% {}{masked}", words(blend.name()))).small());
            }
        };
        widgets::fold(ui, "mixing", "Mixing", !plain, summary, |ui| {
            ui.horizontal(|ui| {
                ui.label("Opacity");
                let mut opacity = opacity;
                ui.spacing_mut().slider_width = (ui.available_width() - 64.0).max(40.0);
                let slider = ui.add(egui::Slider::new(&mut opacity, 0.0..=100.0).suffix("%").max_decimals(0));
                name(&slider, &format!("Opacity of {title}"));
                if slider.changed() {
                    self.document.edit("Opacity", |recipe| {
                        recipe.chain_mut().steps_mut()[index].set_opacity(opacity / 100.0);
                    });
                }
            });
            ui.horizontal(|ui| {
                ui.label("Blend");
                let combo = egui::ComboBox::from_id_salt("blend").selected_text(words(blend.name())).width(120.0);
                let combo = combo.show_ui(ui, |ui| {
                    for mode in BlendMode::ALL {
                        if ui.selectable_label(*mode == blend, words(mode.name())).clicked() {
                            self.document.edit("Blend mode", |recipe| {
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
        ui.horizontal(|ui| {
            ui.label("Mask");
            let combo =
                egui::ComboBox::from_id_salt("mask").selected_text(mask.map_or("None".into(), words)).width(120.0);
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
                if ui.button("New: painted").clicked() {
                    action = Some(Do::Paint(index));
                    ui.close();
                }
                if let Some(chosen) = chosen {
                    self.document.edit("Mask", |recipe| recipe.chain_mut().steps_mut()[index].set_mask(chosen));
                    self.document.settle();
                }
            });
            name(&combo.response, &format!("Mask of {title}"));
            if mask.is_some_and(|mask| mask.starts_with("painted")) && ui.button("Paint").clicked() {
                action = Some(Do::Paint(index));
            }
        });
        let Some(mask) = mask else { return action };
        if mask.starts_with("painted") {
            return action;
        }
        let step = self.document.states()[index].key;
        for place in 0..self.document.recipe().chain().mask(mask).unwrap_or_default().len() {
            let owner = Owner { step, mask: Some((mask.to_owned(), place)) };
            ui.push_id(("mask", place), |ui| self.show_effect(ui, &owner));
        }
        action
    }

    fn new_mask(&mut self, index: usize, effect: Box<dyn Effect>) {
        let chain = self.document.recipe().chain();
        let stem = effect.info().id.trim_start_matches("mask_").to_owned();
        let mut free = (1..).map(|n| if n == 1 { stem.clone() } else { format!("{stem}_{n}") });
        let Some(name) = free.find(|name| chain.mask(name).is_none()) else { return };
        self.document.edit("Mask", |recipe| {
            let chain = recipe.chain_mut();
            chain.masks_mut().insert(name.clone(), vec![ChainStep::from(effect)]);
            chain.steps_mut()[index].set_mask(Some(name));
        });
        self.document.settle();
    }
}
