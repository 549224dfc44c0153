//! The look being worked on, and its history.
//!
//! Every change goes through [`Document::edit`], and what belongs to one gesture is one step of the history: changes
//! while the pointer is held, and of one thing by keys or the wheel within a moment, are gathered until
//! [`Document::settle`].

mod unused;

use bowerbird::effect::Effect;
use bowerbird::{Chain, ChainStep, Recipe};
use std::sync::Arc;
use std::time::{Duration, Instant};
pub(crate) use unused::names;

/// Steps back that are kept.
const DEPTH: usize = 200;

/// After so long without a change, changes that no pointer made are one gesture.
const QUIET: Duration = Duration::from_millis(600);

/// What the interface knows of a step beside the chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct StepState {
    /// A number that stays with the step wherever it moves.
    pub key: u64,
    /// Whether its parameters are shown.
    pub open: bool,
}

#[derive(Clone, Debug)]
struct Snapshot {
    recipe: Recipe,
    states: Vec<StepState>,
    solo: Option<u64>,
    what: String,
}

impl Snapshot {
    fn what(&self) -> &str {
        &self.what
    }
}

/// The look being worked on.
#[derive(Debug)]
pub(crate) struct Document {
    recipe: Recipe,
    states: Vec<StepState>,
    next_key: u64,
    revision: u64,
    past: Vec<Snapshot>,
    future: Vec<Snapshot>,
    /// What was there before the gesture that is going on.
    before: Option<Snapshot>,
    /// When it was last changed.
    changed: Instant,
    /// The only step that runs, for a while.
    solo: Option<u64>,
    chain: Arc<Chain>,
    chain_revision: u64,
}

impl Default for Document {
    fn default() -> Self {
        Self::new(Recipe::from_chain("", Chain::new()))
    }
}

impl Document {
    /// A look without a history.
    pub(crate) fn new(recipe: Recipe) -> Self {
        let mut document = Self {
            recipe,
            states: Vec::new(),
            next_key: 1,
            revision: 1,
            past: Vec::new(),
            future: Vec::new(),
            before: None,
            changed: Instant::now(),
            solo: None,
            chain: Arc::new(Chain::new()),
            chain_revision: 0,
        };
        document.match_states();
        document
    }

    /// The look.
    pub(crate) fn recipe(&self) -> &Recipe {
        &self.recipe
    }

    /// The steps.
    pub(crate) fn steps(&self) -> &[ChainStep] {
        self.recipe.chain().steps()
    }

    /// What the interface knows of the steps, one for each.
    pub(crate) fn states(&self) -> &[StepState] {
        &self.states
    }

    /// A number that grows with every change.
    pub(crate) fn revision(&self) -> u64 {
        self.revision
    }

    /// The chain to render: the look's, or its solo step alone. The same until something changes.
    pub(crate) fn chain(&mut self) -> Arc<Chain> {
        if self.chain_revision != self.revision {
            let mut chain = self.recipe.chain().clone();
            if let Some(solo) = self.solo {
                for (step, state) in chain.steps_mut().iter_mut().zip(&self.states) {
                    step.set_enabled(state.key == solo);
                }
            }
            self.chain = Arc::new(chain);
            self.chain_revision = self.revision;
        }
        Arc::clone(&self.chain)
    }

    /// Notes that something else of the look is to be seen, which is no change of it.
    pub(crate) fn see_anew(&mut self) {
        self.revision += 1;
    }

    /// The step that runs alone.
    pub(crate) fn solo(&self) -> Option<u64> {
        self.solo
    }

    /// Runs one step alone, or all again.
    pub(crate) fn set_solo(&mut self, solo: Option<u64>) {
        self.settle();
        let alone = solo.and_then(|key| self.place_of(key)).map(|index| label(&self.steps()[index]));
        let what = alone.map_or("All effects again".to_owned(), |title| format!("Solo {title}"));
        self.before = Some(self.snapshot(&what));
        self.solo = solo;
        self.revision += 1;
        self.settle();
    }

    /// Shows or hides a step's parameters; that is no change of the look.
    pub(crate) fn set_open(&mut self, index: usize, open: bool) {
        if let Some(state) = self.states.get_mut(index) {
            state.open = open;
        }
    }

    /// Changes the look. `what` names the change in the history.
    pub(crate) fn edit<R>(&mut self, what: &str, change: impl FnOnce(&mut Recipe) -> R) -> R {
        if self.before.as_ref().is_some_and(|before| !what.is_empty() && before.what != what) {
            self.settle();
        }
        if self.before.is_none() {
            self.before = Some(self.snapshot(what));
        }
        self.changed = Instant::now();
        let result = change(&mut self.recipe);
        self.match_states();
        self.revision += 1;
        result
    }

    /// Ends the gesture: what was changed since the last call is one step of the history.
    pub(crate) fn settle(&mut self) {
        let Some(before) = self.before.take() else { return };
        self.future.clear();
        self.past.push(before);
        if self.past.len() > DEPTH {
            self.past.remove(0);
        }
    }

    /// Ends a gesture by keys or the wheel when nothing was changed for a moment; how long that is yet, while one goes on.
    pub(crate) fn settle_when_quiet(&mut self) -> Option<Duration> {
        self.before.as_ref()?;
        let left = QUIET.saturating_sub(self.changed.elapsed());
        if left.is_zero() {
            self.settle();
            return None;
        }
        Some(left)
    }

    /// Puts another look in place of this one, as one step of the history.
    pub(crate) fn replace(&mut self, what: &str, recipe: Recipe) {
        self.settle();
        self.before = Some(self.snapshot(what));
        self.solo = None;
        self.states.clear();
        self.edit("", |old| *old = recipe);
        self.settle();
    }

    /// Adds an effect behind the step with a key, or at the end, and opens it; the key it has.
    pub(crate) fn insert(&mut self, effect: Box<dyn Effect>, behind: Option<u64>) -> u64 {
        let place = behind.and_then(|key| self.place_of(key)).map_or(self.steps().len(), |index| index + 1);
        self.insert_at(effect, place)
    }

    /// The same, at a place.
    pub(crate) fn insert_at(&mut self, effect: Box<dyn Effect>, place: usize) -> u64 {
        self.settle();
        let label = effect.info().label;
        // The state goes first, so that the one made here is the new step's.
        let state = self.new_state(true);
        let before = self.snapshot(&format!("Add {label}"));
        self.before = Some(before);
        self.states.insert(place, state);
        self.edit("", |recipe| recipe.chain_mut().steps_mut().insert(place, ChainStep::from(effect)));
        self.settle();
        state.key
    }

    /// Removes a step.
    pub(crate) fn remove(&mut self, index: usize) {
        if index >= self.steps().len() {
            return;
        }
        self.settle();
        self.before = Some(self.snapshot(&format!("Delete {}", label(&self.steps()[index]))));
        let state = self.states.remove(index);
        if self.solo == Some(state.key) {
            self.solo = None;
        }
        self.edit("", |recipe| {
            let step = recipe.chain_mut().steps_mut().remove(index);
            unused::drop_mask(recipe.chain_mut(), step.mask());
        });
        self.settle();
    }

    /// Removes all steps.
    pub(crate) fn clear(&mut self) {
        self.settle();
        self.before = Some(self.snapshot("Clear"));
        self.solo = None;
        self.edit("", |recipe| {
            let steps = std::mem::take(recipe.chain_mut().steps_mut());
            steps.iter().for_each(|step| unused::drop_mask(recipe.chain_mut(), step.mask()));
        });
        self.settle();
    }

    /// Puts a copy of a step behind it.
    pub(crate) fn duplicate(&mut self, index: usize) {
        let Some(step) = self.steps().get(index).cloned() else { return };
        self.settle();
        self.before = Some(self.snapshot(&format!("Duplicate {}", label(&step))));
        let state = self.new_state(true);
        self.states.insert(index + 1, state);
        self.edit("", |recipe| recipe.chain_mut().steps_mut().insert(index + 1, step));
        self.settle();
    }

    /// Takes a look that is this one with steps more at a place; the key of the last of them. One alone is opened.
    pub(crate) fn paste(&mut self, what: &str, look: Recipe, place: usize, count: usize) -> Option<u64> {
        self.settle();
        self.before = Some(self.snapshot(what));
        let states: Vec<StepState> = (0..count).map(|_| self.new_state(count == 1)).collect();
        self.states.splice(place..place, states.iter().copied());
        self.edit("", |old| *old = look);
        self.settle();
        states.last().map(|state| state.key)
    }

    /// Moves a step to the place that another has.
    pub(crate) fn reorder(&mut self, from: usize, to: usize) {
        let count = self.steps().len();
        if from >= count || to >= count || from == to {
            return;
        }
        self.settle();
        self.before = Some(self.snapshot(&format!("Move {}", label(&self.steps()[from]))));
        let state = self.states.remove(from);
        self.states.insert(to, state);
        self.edit("", |recipe| {
            let steps = recipe.chain_mut().steps_mut();
            let step = steps.remove(from);
            steps.insert(to, step);
        });
        self.settle();
    }

    /// What undoing would take back.
    pub(crate) fn undoable(&self) -> Option<&str> {
        self.before.as_ref().or(self.past.last()).map(|snapshot| snapshot.what.as_str())
    }

    /// What redoing would bring back.
    pub(crate) fn redoable(&self) -> Option<&str> {
        self.future.last().map(|snapshot| snapshot.what.as_str())
    }

    /// Takes the last change back.
    pub(crate) fn undo(&mut self) {
        self.settle();
        if let Some(snapshot) = self.past.pop() {
            let now = self.take(snapshot);
            self.future.push(now);
        }
    }

    /// Brings back what was taken back.
    pub(crate) fn redo(&mut self) {
        self.settle();
        if let Some(snapshot) = self.future.pop() {
            let now = self.take(snapshot);
            self.past.push(now);
        }
    }

    /// The changes there are, the first first: those that undoing would take back, and those that redoing would bring back.
    pub(crate) fn history(&self) -> (impl ExactSizeIterator<Item = &str>, impl ExactSizeIterator<Item = &str>) {
        (self.past.iter().map(Snapshot::what), self.future.iter().rev().map(Snapshot::what))
    }

    /// Goes to where so many changes have been made.
    pub(crate) fn go_to(&mut self, count: usize) {
        self.settle();
        while self.past.len() > count && self.undoable().is_some() {
            self.undo();
        }
        while self.past.len() < count && self.redoable().is_some() {
            self.redo();
        }
    }

    fn snapshot(&self, what: &str) -> Snapshot {
        let Self { recipe, states, solo, .. } = self;
        Snapshot { recipe: recipe.clone(), states: states.clone(), solo: *solo, what: what.to_owned() }
    }

    /// Makes a snapshot the present; the present, as a snapshot of the same change.
    fn take(&mut self, snapshot: Snapshot) -> Snapshot {
        let recipe = core::mem::replace(&mut self.recipe, snapshot.recipe);
        let states = core::mem::replace(&mut self.states, snapshot.states);
        let solo = core::mem::replace(&mut self.solo, snapshot.solo);
        self.match_states();
        self.revision += 1;
        Snapshot { recipe, states, solo, what: snapshot.what }
    }

    fn new_state(&mut self, open: bool) -> StepState {
        self.next_key += 1;
        StepState { key: self.next_key, open }
    }

    /// One state for each step.
    fn match_states(&mut self) {
        let count = self.recipe.chain().steps().len();
        self.states.truncate(count);
        while self.states.len() < count {
            let state = self.new_state(false);
            self.states.push(state);
        }
    }
}

/// The name of a step on the screen.
pub(crate) fn label(step: &ChainStep) -> String {
    if let Some(effect) = step.effect() {
        return effect.info().label.to_owned();
    }
    let id = step.kept().get("effect").and_then(|id| id.as_str()).unwrap_or("?");
    format!("Unknown effect “{id}”")
}

#[cfg(test)]
mod tests;
