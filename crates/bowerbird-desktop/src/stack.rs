//! The effect stack: the steps of the look, each with its parameters and how it is mixed in.

use crate::app::App;
use crate::dialogs::Purpose;
use crate::document::label;
use crate::icon::Icon;
use crate::theme;
use crate::widgets::{self, Surroundings, name, words};
use bowerbird::effect::Effect;
use bowerbird::effects::composite::blend::BlendMode;
use bowerbird::param::Choice;
use bowerbird::{ChainStep, effects};
use eframe::egui::{self, Align, Color32, Layout, RichText, ScrollArea, Sense, Ui};
use serde_json::{Value, json};
use std::collections::HashMap;

/// The state of the stack.
#[derive(Debug, Default)]
pub(crate) struct Stack {
    /// The step that was chosen last; new ones go behind it.
    pub selected: Option<usize>,
    /// Why steps are left out, by their place.
    pub bypassed: HashMap<usize, String>,
}

/// What is done to a step when everything is drawn.
enum Do {
    Remove(usize),
    Duplicate(usize),
    Move(usize, usize),
    Solo(u64),
    Reset(usize),
    Paint(usize),
}

/// The payload of a dragged step.
#[derive(Clone, Copy)]
struct Dragged(usize);

impl App {
    /// Shows the stack.
    pub(crate) fn show_stack(&mut self, ui: &mut Ui) {
        ui.horizontal(|ui| {
            let add = egui::Button::new(RichText::new("+ Add effect").strong()).selected(self.catalogue.open);
            if ui.add(add).on_hover_text("Search the catalogue (A)").clicked() {
                self.toggle_catalogue();
            }
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                let any = !self.document.steps().is_empty();
                if ui.add_enabled(any, egui::Button::new("Clear")).on_hover_text("Remove all effects").clicked() {
                    self.document.edit("Clear", |recipe| recipe.chain_mut().steps_mut().clear());
                    self.document.settle();
                    self.stack.selected = None;
                }
                self.show_preset_button(ui);
            });
        });
        ui.separator();
        let mut todo = None;
        ScrollArea::vertical().auto_shrink([false, false]).show(ui, |ui| {
            ui.set_width(ui.available_width() - 4.0);
            if self.document.steps().is_empty() {
                ui.add_space(40.0);
                ui.vertical_centered(|ui| {
                    ui.heading("No effects yet");
                    ui.add_space(4.0);
                    ui.weak("Add one, or choose a look below the picture.");
                });
            }
            for index in 0..self.document.steps().len() {
                if let Some(action) = self.show_step(ui, index) {
                    todo = Some(action);
                }
            }
        });
        match todo {
            None => {}
            Some(Do::Remove(index)) => {
                self.document.remove(index);
                self.stack.selected = None;
            }
            Some(Do::Duplicate(index)) => self.document.duplicate(index),
            Some(Do::Move(from, to)) => self.document.reorder(from, to),
            Some(Do::Solo(key)) => {
                let solo = (self.document.solo() != Some(key)).then_some(key);
                self.document.set_solo(solo);
            }
            Some(Do::Reset(index)) => {
                self.document.edit("Reset", |recipe| {
                    let step = &mut recipe.chain_mut().steps_mut()[index];
                    let fresh = step.effect().map(Effect::fresh);
                    if let (Some(effect), Some(fresh)) = (step.effect_mut(), fresh) {
                        for place in 0..effect.info().fields.len() {
                            let value = fresh.field(place).map(|param| param.to_json());
                            if let (Some(param), Some(value)) = (effect.field_mut(place), value) {
                                // A default is always taken.
                                let _ = param.set(&value);
                            }
                        }
                    }
                });
                self.document.settle();
            }
            Some(Do::Paint(index)) => self.paint_on(index),
        }
    }

    fn show_step(&mut self, ui: &mut Ui, index: usize) -> Option<Do> {
        let state = self.document.states()[index];
        let step = &self.document.steps()[index];
        let title = label(step);
        let active = step.is_enabled();
        let solo = self.document.solo();
        let dimmed = !active || solo.is_some_and(|solo| solo != state.key);
        let problem = self.stack.bypassed.get(&index).cloned();
        let time = self.time_of(index);
        let moving = self.shown.as_ref().is_some_and(|shown| !shown.still);
        let mut action = None;
        let dark = ui.visuals().dark_mode;
        let frame =
            egui::Frame::new().fill(theme::card(dark)).corner_radius(5.0).inner_margin(egui::Margin::symmetric(6, 4));
        let selected = self.stack.selected == Some(index);
        let frame = frame.stroke(egui::Stroke::new(
            1.0,
            if selected { theme::ACCENT.gamma_multiply(0.8) } else { Color32::TRANSPARENT },
        ));
        let shown = frame.show(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.horizontal(|ui| {
                let grip = Icon::Grip.show(ui, &format!("Drag {title}"), Sense::drag(), None);
                grip.dnd_set_drag_payload(Dragged(index));
                let grip = grip.on_hover_cursor(egui::CursorIcon::Grab);
                if grip.dragged() {
                    ui.ctx().set_cursor_icon(egui::CursorIcon::Grabbing);
                }
                let mut enabled = active;
                let switch = ui.checkbox(&mut enabled, "");
                name(&switch, &format!("Enable {title}"));
                if switch.changed() {
                    self.set_enabled(index, enabled);
                }
                let color = if dimmed { ui.visuals().weak_text_color() } else { ui.visuals().strong_text_color() };
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    action = self.show_step_menu(ui, index, &title).or(action.take());
                    if solo == Some(state.key) {
                        ui.label(RichText::new("solo").small().color(theme::WARN));
                    }
                    if let Some((ms, how)) = time.as_ref().filter(|_| moving) {
                        ui.label(RichText::new(format!("{ms} ms")).small().weak()).on_hover_text(*how);
                    }
                    ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                        ui.set_width(ui.available_width());
                        let described = if state.open { "Fold" } else { "Unfold" };
                        let arrow = if state.open { Icon::Unfolded } else { Icon::Folded };
                        let arrow = arrow.show(ui, &format!("{described} {title}"), Sense::click(), None);
                        let head = egui::Label::new(RichText::new(&title).color(color)).truncate();
                        let mut head = ui.add(head.sense(Sense::click()));
                        if let Some((ms, how)) = time.as_ref().filter(|_| !moving) {
                            head = head.on_hover_text(format!("{ms} ms: {how}"));
                        }
                        if arrow.union(head).on_hover_cursor(egui::CursorIcon::PointingHand).clicked() {
                            self.document.set_open(index, !state.open);
                            self.stack.selected = Some(index);
                        }
                    });
                });
            });
            if let Some(problem) = &problem {
                ui.label(RichText::new(format!("Left out: {problem}")).small().color(theme::WARN));
            }
            if state.open {
                ui.add_space(2.0);
                ui.push_id(state.key, |ui| {
                    self.show_parameters(ui, index);
                    action = self.show_mixing(ui, index, &title).or(action.take());
                });
            }
        });
        // The whole card takes what is dropped on it.
        let rect = shown.response.rect;
        let target = ui.interact(rect, ui.scope_id().with(("step", state.key)), Sense::hover());
        if let Some(dragged) = target.dnd_hover_payload::<Dragged>()
            && dragged.0 != index
        {
            let y = if dragged.0 < index { rect.bottom() + 3.0 } else { rect.top() - 3.0 };
            ui.painter().hline(rect.x_range(), y, egui::Stroke::new(2.0, theme::ACCENT));
        }
        if let Some(dragged) = target.dnd_release_payload::<Dragged>() {
            action = Some(Do::Move(dragged.0, index));
        }
        action
    }

    fn set_enabled(&mut self, index: usize, enabled: bool) {
        let what = if enabled { "Enable" } else { "Disable" };
        self.document.edit(what, |recipe| recipe.chain_mut().steps_mut()[index].set_enabled(enabled));
        self.document.settle();
    }

    fn show_step_menu(&mut self, ui: &mut Ui, index: usize, title: &str) -> Option<Do> {
        let mut action = None;
        let state = self.document.states()[index];
        let count = self.document.steps().len();
        let button = ui.scope(|ui| Icon::More.show(ui, &format!("More for {title}"), Sense::click(), None)).inner;
        egui::Popup::menu(&button).show(|ui| {
            let solo = self.document.solo() == Some(state.key);
            if ui.button(if solo { "Run all again" } else { "Solo" }).clicked() {
                action = Some(Do::Solo(state.key));
            }
            if ui.button("Duplicate").clicked() {
                action = Some(Do::Duplicate(index));
            }
            if ui.add_enabled(index > 0, egui::Button::new("Move up")).clicked() {
                action = Some(Do::Move(index, index - 1));
            }
            if ui.add_enabled(index + 1 < count, egui::Button::new("Move down")).clicked() {
                action = Some(Do::Move(index, index + 1));
            }
            if ui.button("Reset").clicked() {
                action = Some(Do::Reset(index));
            }
            ui.separator();
            if ui.button("Delete").clicked() {
                action = Some(Do::Remove(index));
            }
            if action.is_some() {
                ui.close();
            }
        });
        action
    }

    /// Changes a parameter, as one gesture with the changes around it.
    pub(crate) fn set_parameter(&mut self, index: usize, field: &str, value: &Value) {
        let title = label(&self.document.steps()[index]);
        let result = self.document.edit(&format!("Change {title}"), |recipe| {
            let step = recipe.chain_mut().steps_mut().get_mut(index)?;
            set(step.effect_mut()?, field, value)
        });
        if let Some(Err(problem)) = result {
            self.banners.trouble(&format!("{title}: {problem}"));
        }
    }

    fn show_parameters(&mut self, ui: &mut Ui, index: usize) {
        let Some(effect) = self.document.steps()[index].effect() else {
            ui.weak("This version does not know the effect. It is kept as it is.");
            return;
        };
        let key = self.document.states()[index].key;
        let changed = self.effect_controls(ui, effect.boxed().as_ref(), Some(key));
        if let Some((field, change)) = changed {
            match change {
                Change::Value(value) => self.set_parameter(index, field, &value),
                Change::File => self.ask_for_file(Purpose::Asset { step: key, field: field.to_owned(), mask: None }),
                Change::Pick => {
                    let new = Some((key, field));
                    self.canvas.picking = if self.canvas.picking == new { None } else { new };
                    self.canvas.brush = None;
                }
            }
        }
    }

    /// The controls of an effect; what was done to one of them.
    fn effect_controls(&self, ui: &mut Ui, effect: &dyn Effect, key: Option<u64>) -> Option<(&'static str, Change)> {
        let fresh = effect.fresh();
        let assets: Vec<String> = self.document.recipe().chain().assets().names().map(str::to_owned).collect();
        let short_side = self.shown.as_ref().map_or(1080, |shown| shown.full.0.min(shown.full.1));
        let mut outcome = None;
        let values: HashMap<&str, Value> =
            effect.fields().map(|(field, param)| (field.name, param.to_json())).collect();
        for (place, (field, _)) in effect.fields().enumerate() {
            if !is_shown(field.shown_if, &values) {
                continue;
            }
            let default = fresh.field(place).map_or(Value::Null, |param| param.to_json());
            let picking = key.is_some() && self.canvas.picking == key.map(|key| (key, field.name));
            let around = Surroundings { assets: &assets, short_side, picking, first: place == 0 };
            let answer = widgets::parameter(ui, field, &values[field.name], &default, &around);
            if let Some(value) = answer.value {
                outcome = Some((field.name, Change::Value(value)));
            } else if answer.choose_file {
                outcome = Some((field.name, Change::File));
            } else if answer.pick && key.is_some() {
                outcome = Some((field.name, Change::Pick));
            }
        }
        outcome
    }

    fn show_mixing(&mut self, ui: &mut Ui, index: usize, title: &str) -> Option<Do> {
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
        let steps = self.document.recipe().chain().mask(mask).unwrap_or_default();
        let effects: Vec<Box<dyn Effect>> = steps.iter().filter_map(|step| Some(step.effect()?.boxed())).collect();
        for (place, effect) in effects.iter().enumerate() {
            if mask.starts_with("painted") {
                continue;
            }
            let outcome = ui.push_id(("mask", place), |ui| self.effect_controls(ui, effect.as_ref(), None)).inner;
            match outcome {
                Some((field, Change::Value(value))) => {
                    let result = self.document.edit("Change the mask", |recipe| {
                        let steps = recipe.chain_mut().masks_mut().get_mut(mask)?;
                        set(steps.get_mut(place)?.effect_mut()?, field, &value)
                    });
                    if let Some(Err(problem)) = result {
                        self.banners.trouble(&problem);
                    }
                }
                Some((field, Change::File)) => {
                    let mask = Some((mask.to_owned(), place));
                    let step = self.document.states()[index].key;
                    self.ask_for_file(Purpose::Asset { step, field: field.to_owned(), mask });
                }
                Some((_, Change::Pick)) | None => {}
            }
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

/// What was done to a control.
enum Change {
    Value(Value),
    File,
    Pick,
}

/// Sets a parameter, within its hard range.
pub(crate) fn set(effect: &mut (dyn Effect + 'static), name: &str, value: &Value) -> Option<Result<(), String>> {
    let (field, param) = effect.named_mut(name)?;
    Some(param.set(value).map(|()| {
        if let Some((low, high)) = field.hard {
            param.clamp(low, high);
        }
    }))
}

/// Whether a parameter matters, by `name=value` or `name=a|b` of another.
fn is_shown(condition: &str, values: &HashMap<&str, Value>) -> bool {
    let Some((other, wanted)) = condition.split_once('=') else { return true };
    let Some(value) = values.get(other) else { return true };
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    wanted.split('|').any(|wanted| wanted == text || json!(wanted) == *value)
}
