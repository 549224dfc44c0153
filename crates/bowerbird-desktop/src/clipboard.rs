//! Copying, cutting and pasting effects: what is copied is the text of a recipe, so it goes from one window to another, into
//! a letter and back.
//!
//! A copy is complete: it has the masks and files that its effects use, and is not changed by what is done to them later.
//! Files and painted masks are encoded and read beside the interface, as all files are.

mod merge;

use crate::app::App;
use crate::document::label;
use crate::files::FileJob;
use bowerbird::{Chain, ChainStep, Recipe};
use eframe::egui::{Context, Event, ViewportCommand};
pub(crate) use merge::{Pasted, is_too_long, merge};
use serde_json::{Value, json};

/// What of the look is copied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// A step.
    Step(usize),
    /// All of it.
    Whole,
}

/// Where what is pasted goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Into {
    /// Among the steps, at this place.
    Place(usize),
    /// In the place of the whole look.
    Whole,
}

/// Frames within which the system answers what is in its clipboard.
const ANSWERED: u64 = 2;

/// A step with what it uses, as a recipe of its own.
pub(crate) fn alone(chain: &Chain, index: usize) -> Option<Recipe> {
    let step = chain.steps().get(index)?;
    let mut part = Chain::new();
    let mask = step.mask().and_then(|name| Some((name, chain.mask(name)?)));
    for step in core::iter::once(step).chain(mask.iter().flat_map(|(_, steps)| *steps)) {
        for name in chain.assets().names().filter(|name| crate::document::names(step, name)) {
            chain.assets().find(name).into_iter().for_each(|asset| part.assets_mut().insert(name, asset.clone()));
        }
    }
    if let Some((name, steps)) = mask {
        part.masks_mut().insert(name.to_owned(), steps.to_vec());
    }
    part.push(ChainStep::clone(step));
    Some(Recipe::from_chain("", part))
}

/// The text of a recipe, without the inputs that come from steps that are not in it.
pub(crate) fn text_of(recipe: &Recipe) -> String {
    let mut json = recipe.to_json();
    let ids = recipe.chain().steps().iter().filter_map(ChainStep::id);
    let there: Vec<String> = ids.chain(recipe.chain().assets().names()).map(str::to_owned).collect();
    let known = |target: &Value| {
        target.as_str().is_some_and(|name| name == "source" || there.iter().any(|other| other == name))
    };
    for step in json.get_mut("steps").and_then(Value::as_array_mut).into_iter().flatten() {
        let Some(inputs) = step.get_mut("in").and_then(Value::as_object_mut) else { continue };
        inputs.retain(|_, target| known(target));
        if inputs.is_empty() {
            step.as_object_mut().into_iter().for_each(|step| drop(step.remove("in")));
        }
    }
    format!("{json:#}\n")
}

impl App {
    /// Follows what the system says of its clipboard, unless something is being typed.
    pub(crate) fn follow_clipboard(&mut self, context: &Context) {
        if self.is_typing(context) {
            return;
        }
        let events = context.input(|input| input.events.clone());
        for event in events {
            match event {
                Event::Copy => self.copy_chosen(),
                Event::Cut => self.cut_chosen(),
                Event::Paste(text) => {
                    // An empty clipboard says nothing; what comes later was not asked for then.
                    let now = context.cumulative_frame_nr();
                    let asked = self.stack.pastes_whole.take();
                    self.paste(text, asked.is_some_and(|asked| now <= asked + ANSWERED));
                }
                _ => {}
            }
        }
    }

    /// Copies the chosen effect; the whole look, if none is.
    fn copy_chosen(&mut self) {
        self.copy(self.chosen_step().map_or(Part::Whole, Part::Step));
    }

    /// Copies the chosen effect, and deletes it.
    fn cut_chosen(&mut self) {
        let Some(index) = self.chosen_step() else { return };
        self.copy(Part::Step(index));
        self.delete_step(index);
    }

    /// Copies effects of the look.
    pub(crate) fn copy(&mut self, part: Part) {
        let recipe = self.document.recipe();
        if recipe.chain().steps().is_empty() {
            return self.banners.note("There is no effect to copy");
        }
        let (what, recipe) = match part {
            Part::Step(index) => {
                let Some(alone) = alone(recipe.chain(), index) else { return };
                (label(&recipe.chain().steps()[index]), alone)
            }
            // From its chain: files are written into it.
            Part::Whole => ("the look".into(), Recipe::from_chain(recipe.name(), recipe.chain().clone())),
        };
        self.file(FileJob::Copy(what, recipe));
    }

    /// Asks the system for what is in its clipboard, to be pasted among the effects or in their place.
    pub(crate) fn ask_to_paste(&mut self, context: &Context, whole: bool) {
        self.stack.pastes_whole = whole.then(|| context.cumulative_frame_nr());
        context.send_viewport_cmd(ViewportCommand::RequestPaste);
    }

    /// Pastes effects behind the chosen one, or in the place of all.
    fn paste(&mut self, text: String, whole: bool) {
        let into = if whole {
            Into::Whole
        } else {
            let count = self.document.steps().len();
            let chosen = self.stack.selected.and_then(|key| self.document.place_of(key));
            Into::Place(chosen.map_or(count, |index| index + 1))
        };
        let revision = self.document.revision();
        self.file(FileJob::Paste { text, look: self.document.recipe().clone(), into, revision });
    }

    /// Takes what was pasted as one step of the history, unless the look was changed meanwhile: then it is asked for anew.
    pub(crate) fn take_pasted(&mut self, Pasted { look, into, count, revision, text }: Pasted) {
        if revision != self.document.revision() {
            return self.paste(text, into == Into::Whole);
        }
        let Into::Place(place) = into else {
            self.document.replace("Paste the look", look);
            self.stack.selected = None;
            return;
        };
        let pasted = look.chain().steps().get(place).filter(|_| count == 1).map(label);
        let what = pasted.unwrap_or_else(|| format!("{count} effects"));
        self.stack.selected = self.document.paste(&format!("Paste {what}"), look, place, count);
        self.stack.revealed = self.stack.selected;
        self.show_tab(crate::panels::Tab::Effects);
    }
}

/// The fields of a step that name something.
fn named_fields(step: &Value) -> Vec<&'static str> {
    let effect = step.get("effect").and_then(Value::as_str).and_then(bowerbird::effects::find);
    let files = effect.into_iter().flat_map(|effect| {
        let fields = effect.info().fields.iter().filter(|field| field.kind == bowerbird::param::Kind::Asset);
        fields.map(|field| field.name).collect::<Vec<_>>()
    });
    files.chain(["mask", "id"]).collect()
}

/// Gives what a step names its new names.
fn rename(step: &mut Value, new: &impl Fn(&str) -> Option<String>) {
    let put = |value: &mut Value| {
        if let Some(name) = value.as_str().and_then(new) {
            *value = json!(name);
        }
    };
    for field in named_fields(step) {
        step.get_mut(field).into_iter().for_each(put);
    }
    step.get_mut("in").and_then(Value::as_object_mut).into_iter().flat_map(|inputs| inputs.values_mut()).for_each(put);
}
