//! The effect stack: the steps of the look, each with its parameters and how it is mixed in.

mod order;

use crate::app::App;
use crate::clipboard::Part;
use crate::dialogs::Purpose;
use crate::document::label;
use crate::icon::Icon;
use crate::menu::popup;
use crate::place::{Owner, Place};
use crate::theme;
use crate::widgets::{self, Surroundings, name};
use bowerbird::effect::Effect;
use bowerbird::effects::lut::gradient_map::MixSpace;
use bowerbird::param::Choice as _;
use eframe::egui::{self, Align, Color32, Layout, Rect, RichText, ScrollArea, Sense, Ui};
use order::Dragged;
use serde_json::{Value, json};
use std::collections::HashMap;

/// The state of the stack.
#[derive(Debug, Default)]
pub(crate) struct Stack {
    /// The step that was chosen last, by its key; new ones go behind it.
    pub selected: Option<u64>,
    /// Whether a step was deleted: what had the focus in it hands it on to nobody.
    pub(crate) deleted: bool,
    /// The step that is to be scrolled to, because it is new.
    pub(crate) revealed: Option<u64>,
    /// The frame in which the clipboard was asked for, in the place of all steps.
    pub(crate) pastes_whole: Option<u64>,
    /// Why steps are left out, by their place.
    pub bypassed: HashMap<usize, String>,
}

/// What is done to a step when everything is drawn.
pub(crate) enum Do {
    Remove(usize),
    Duplicate(usize),
    Move(usize, usize),
    Solo(u64),
    Reset(usize),
    Copy(usize),
    Paint(usize),
}

impl App {
    /// Shows the stack.
    pub(crate) fn show_stack(&mut self, ui: &mut Ui) {
        if std::mem::take(&mut self.stack.deleted) {
            ui.memory_mut(|memory| memory.focused().into_iter().for_each(|id| memory.surrender_focus(id)));
        }
        ui.horizontal(|ui| {
            let add = egui::Button::new(RichText::new("+ Add effect").strong()).selected(self.catalogue.open);
            if ui.add(add).on_hover_text("Search the catalogue (A)").clicked() {
                self.toggle_catalogue();
            }
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                let any = !self.document.steps().is_empty();
                if ui.add_enabled(any, egui::Button::new("Clear")).on_hover_text("Remove all effects").clicked() {
                    self.document.clear();
                    self.stack.selected = None;
                }
                self.show_preset_button(ui);
            });
        });
        ui.separator();
        self.show_histogram(ui);
        let mut todo = None;
        ScrollArea::vertical().auto_shrink([false, false]).show(ui, |ui| {
            ui.set_width(ui.available_width() - 4.0);
            if self.document.steps().is_empty() {
                ui.add_space(40.0);
                ui.vertical_centered(|ui| {
                    ui.heading("No effects yet");
                    ui.add_space(4.0);
                    let below = self.shows_looks() && !self.shows_pictures();
                    ui.weak(if below {
                        "Add one, or choose a look below the picture."
                    } else {
                        "Add one, or choose a look."
                    });
                });
            }
            let mut cards = Vec::with_capacity(self.document.steps().len());
            for index in 0..self.document.steps().len() {
                let (card, action) = self.show_step(ui, index);
                cards.push(card);
                todo = action.or(todo.take());
            }
            widgets::follow_focus(ui);
            todo = self.show_dragged(ui, &cards).map(|(from, to)| Do::Move(from, to)).or(todo.take());
        });
        match todo {
            None => {}
            Some(Do::Remove(index)) => self.delete_step(index),
            Some(Do::Duplicate(index)) => {
                self.document.duplicate(index);
                self.stack.selected = self.document.states().get(index + 1).map(|state| state.key);
                self.stack.revealed = self.stack.selected;
            }
            Some(Do::Move(from, to)) => self.document.reorder(from, to),
            Some(Do::Solo(key)) => {
                let solo = (self.document.solo() != Some(key)).then_some(key);
                self.document.set_solo(solo);
            }
            Some(Do::Reset(index)) => {
                self.document.edit(&format!("Reset {}", label(&self.document.steps()[index])), |recipe| {
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
            Some(Do::Copy(index)) => self.copy(Part::Step(index)),
            Some(Do::Paint(index)) => self.paint_on(index),
        }
    }

    /// Shows a step; where, and what is done to it.
    fn show_step(&mut self, ui: &mut Ui, index: usize) -> (Rect, Option<Do>) {
        let state = self.document.states()[index];
        let step = &self.document.steps()[index];
        let title = label(step);
        let doc = step.effect().map_or("", |effect| effect.info().doc);
        let active = step.is_enabled();
        let solo = self.document.solo();
        let dimmed = !active || solo.is_some_and(|solo| solo != state.key);
        let problem = self.stack.bypassed.get(&index).cloned();
        let time = self.time_of(index);
        let moving = self.shown.as_ref().is_some_and(|shown| shown.still.is_none());
        let mut action = None;
        let dark = ui.visuals().dark_mode;
        let frame =
            egui::Frame::new().fill(theme::card(dark)).corner_radius(5.0).inner_margin(egui::Margin::symmetric(6, 4));
        let selected = self.stack.selected == Some(state.key);
        let frame = frame.stroke(egui::Stroke::new(
            1.0,
            if selected { theme::ACCENT.gamma_multiply(0.8) } else { Color32::TRANSPARENT },
        ));
        let shown = frame.show(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.horizontal(|ui| {
                let grip = Icon::Grip.show(ui, &format!("Drag {title}"), Sense::drag(), None);
                grip.dnd_set_drag_payload(Dragged(state.key));
                let grip = grip.on_hover_cursor(egui::CursorIcon::Grab);
                if grip.dragged() {
                    ui.ctx().set_cursor_icon(egui::CursorIcon::Grabbing);
                }
                let mut enabled = active;
                let switch = ui.add(egui::Checkbox::without_text(&mut enabled));
                name(&switch, &format!("Enable {title}"));
                if switch.changed() {
                    self.set_enabled(index, enabled);
                }
                let color = if dimmed { ui.visuals().weak_text_color() } else { ui.visuals().strong_text_color() };
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    action = self.show_step_menu(ui, index, &title).or(action.take());
                    if solo == Some(state.key) {
                        ui.label(RichText::new("solo").small().color(theme::written(theme::WARN, dark)));
                    }
                    if let Some((ms, how)) = time.as_ref().filter(|_| moving) {
                        ui.label(RichText::new(format!("{ms} ms")).small().weak()).on_hover_text(*how);
                    }
                    ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                        // The whole row folds, and can be dragged; the arrow is what the keyboard reaches.
                        let room = ui.available_rect_before_wrap();
                        let row =
                            ui.interact(room, ui.scope_id().with(("head", state.key)), Sense::CLICK | Sense::DRAG);
                        row.dnd_set_drag_payload(Dragged(state.key));
                        ui.set_width(room.width());
                        let described = if state.open { "Fold" } else { "Unfold" };
                        let arrow = if state.open { Icon::Unfolded } else { Icon::Folded };
                        let arrow = arrow.show(ui, &format!("{described} {title}"), Sense::click(), None);
                        let head = egui::Label::new(RichText::new(&title).color(color)).truncate();
                        ui.add(head);
                        let head = row.on_hover_cursor(egui::CursorIcon::PointingHand).on_hover_ui(|ui| {
                            ui.set_max_width(300.0);
                            ui.strong(&title);
                            ui.label(widgets::plain(doc));
                            if let Some((ms, how)) = time.as_ref().filter(|_| !moving) {
                                ui.weak(format!("{ms} ms: {how}"));
                            }
                        });
                        let arrow = arrow.on_hover_cursor(egui::CursorIcon::PointingHand);
                        if arrow.clicked() || head.clicked() {
                            self.document.set_open(index, !state.open);
                            self.stack.selected = Some(state.key);
                        }
                    });
                });
            });
            if let Some(problem) = &problem {
                ui.label(
                    RichText::new(format!("Left out: {problem}")).small().color(theme::written(theme::WARN, dark)),
                );
            }
            if state.open {
                ui.add_space(2.0);
                ui.push_id(state.key, |ui| {
                    self.show_parameters(ui, index);
                    action = self.show_mixing(ui, index, &title).or(action.take());
                });
            }
        });
        let rect = shown.response.rect;
        if self.stack.revealed == Some(state.key) {
            // Its head first, where it is taller than the panel.
            let align = (rect.height() > ui.clip_rect().height()).then_some(Align::Min);
            ui.scroll_to_rect(rect.expand(6.0), align);
            self.stack.revealed = None;
        }
        // Whatever is done in a card chooses it.
        if ui.rect_contains_pointer(rect) && ui.input(|input| input.pointer.any_pressed()) {
            self.stack.selected = Some(state.key);
        }
        (rect, action)
    }

    fn set_enabled(&mut self, index: usize, enabled: bool) {
        let what = if enabled { "Enable" } else { "Disable" };
        self.document.edit(&format!("{what} {}", label(&self.document.steps()[index])), |recipe| {
            recipe.chain_mut().steps_mut()[index].set_enabled(enabled)
        });
        self.document.settle();
    }

    fn show_step_menu(&mut self, ui: &mut Ui, index: usize, title: &str) -> Option<Do> {
        let mut action = None;
        let state = self.document.states()[index];
        let count = self.document.steps().len();
        let button = ui.scope(|ui| Icon::More.show(ui, &format!("More for {title}"), Sense::click(), None)).inner;
        popup(&button, |ui| {
            let solo = self.document.solo() == Some(state.key);
            if ui.button(if solo { "Run all again" } else { "Solo" }).clicked() {
                action = Some(Do::Solo(state.key));
            }
            let copy = egui::Button::new("Copy").shortcut_text(shortcut(ui, egui::Key::C));
            if ui.add(copy).clicked() {
                action = Some(Do::Copy(index));
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

    fn show_parameters(&mut self, ui: &mut Ui, index: usize) {
        if self.document.steps()[index].effect().is_none() {
            ui.weak("This version does not know the effect. It is kept as it is.");
            return;
        }
        self.show_effect(ui, &Owner::step(self.document.states()[index].key));
    }

    /// Shows the controls of an effect, and does what is asked with them.
    pub(crate) fn show_effect(&mut self, ui: &mut Ui, owner: &Owner) {
        let Some(effect) = self.document.effect_of(owner).map(Effect::boxed) else { return };
        let Some((field, change)) = self.effect_controls(ui, effect.as_ref(), owner) else { return };
        let place = Place { owner: owner.clone(), field };
        match change {
            Change::Value(value) => {
                self.set_parameter(&place, &value);
                self.place_empty_points(effect.as_ref(), owner);
            }
            Change::File => self.ask_for_file(Purpose::Asset(place)),
            Change::Pick => {
                let again = self.canvas.picking.as_ref() == Some(&place);
                self.canvas.pick((!again).then_some(place));
            }
        }
    }

    /// Whether a step's card is open and has a file to be chosen yet.
    pub(crate) fn awaits_file(&self, index: usize) -> bool {
        let open = self.document.states().get(index).is_some_and(|state| state.open);
        open && self.shows_tab(crate::panels::Tab::Effects) && self.lacks_file(index)
    }

    /// Whether a step has a file to be chosen yet.
    fn lacks_file(&self, index: usize) -> bool {
        let lacks = |(field, value): (&bowerbird::param::Field, &dyn bowerbird::param::Param)| {
            field.kind == bowerbird::param::Kind::Asset && value.to_json() == ""
        };
        let effect = self.document.steps().get(index).and_then(|step| step.effect());
        effect.is_some_and(|effect| effect.fields().any(lacks))
    }

    /// The first step that is left out because a file of it is still to be chosen, by its name.
    pub(crate) fn step_without_file(&self) -> Option<String> {
        let index = self.stack.bypassed.keys().copied().filter(|index| self.lacks_file(*index)).min()?;
        self.document.steps().get(index).map(label)
    }

    /// Has points placed on the picture when a choice has just made them matter and there are none.
    fn place_empty_points(&mut self, before: &dyn Effect, owner: &Owner) {
        let Some(now) = self.document.effect_of(owner) else { return };
        let values = |effect: &dyn Effect| -> HashMap<&str, Value> {
            effect.fields().map(|(field, param)| (field.name, param.to_json())).collect()
        };
        let (old, new) = (values(before), values(now));
        let empty = now.fields().map(|(field, _)| field).find(|field| {
            field.kind == bowerbird::param::Kind::Positions
                && new[field.name] == json!([])
                && is_shown(field.shown_if, &new)
                && !is_shown(field.shown_if, &old)
        });
        if let Some(field) = empty {
            let place = Place { owner: owner.clone(), field: field.name };
            self.canvas.pick(Some(place));
        }
    }

    /// The controls of an effect; what was done to one of them.
    fn effect_controls(&self, ui: &mut Ui, effect: &dyn Effect, owner: &Owner) -> Option<(&'static str, Change)> {
        let fresh = effect.fresh();
        let assets: Vec<String> = self.document.recipe().chain().assets().names().map(str::to_owned).collect();
        let short_side = self.shown.as_ref().map_or(1080, |shown| shown.full.0.min(shown.full.1));
        let mut outcome = None;
        let values: HashMap<&str, Value> =
            effect.fields().map(|(field, param)| (field.name, param.to_json())).collect();
        let mix = values.get("mix").and_then(Value::as_str).and_then(MixSpace::from_name);
        let mix = mix.unwrap_or(MixSpace::Display);
        for (place, (field, _)) in effect.fields().enumerate() {
            if !is_shown(field.shown_if, &values) {
                continue;
            }
            let default = fresh.field(place).map_or(Value::Null, |param| param.to_json());
            let picked = self.canvas.picking.as_ref();
            let picking = picked.is_some_and(|picked| picked.owner == *owner && picked.field == field.name);
            let levels = owner.mask.is_none() && crate::level::turns_picture(effect, field);
            let around = Surroundings { assets: &assets, short_side, picking, levels, mix, first: place == 0 };
            let answer = widgets::parameter(ui, field, &values[field.name], &default, &around);
            if let Some(value) = answer.value {
                outcome = Some((field.name, Change::Value(value)));
            } else if answer.choose_file {
                outcome = Some((field.name, Change::File));
            } else if answer.pick {
                outcome = Some((field.name, Change::Pick));
            }
        }
        outcome
    }
}

/// Control and a key, as the system writes it.
pub(crate) fn shortcut(ui: &Ui, key: egui::Key) -> String {
    ui.ctx().format_shortcut(&egui::KeyboardShortcut::new(egui::Modifiers::COMMAND, key))
}

/// What was done to a control.
enum Change {
    Value(Value),
    File,
    Pick,
}

/// Whether a parameter matters, by `name=value` or `name=a|b` of another.
fn is_shown(condition: &str, values: &HashMap<&str, Value>) -> bool {
    let Some((other, wanted)) = condition.split_once('=') else { return true };
    let Some(value) = values.get(other) else { return true };
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    wanted.split('|').any(|wanted| wanted == text || json!(wanted) == *value)
}
