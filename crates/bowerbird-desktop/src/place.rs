//! Where a parameter is: in a step of the look, or in an effect of a step's mask.
//!
//! Steps are meant by their keys, so what was asked for beside the interface, or is placed on the picture for a while,
//! finds its parameter wherever the step has been moved, and nothing once the step is gone.

use crate::app::App;
use crate::document::{Document, label};
use bowerbird::Recipe;
use bowerbird::effect::Effect;
use serde_json::Value;

/// An effect that has parameters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Owner {
    /// The step, by the key that stays with it.
    pub step: u64,
    /// The name of the step's mask and the place in it, if the effect is one of that.
    pub mask: Option<(String, usize)>,
}

/// A parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// Of what.
    pub owner: Owner,
    /// The parameter's name.
    pub field: &'static str,
}

impl Owner {
    /// A step itself.
    pub(crate) fn step(step: u64) -> Self {
        Self { step, mask: None }
    }

    /// The effect, to be changed; `index` is the place of the step.
    pub(crate) fn effect_mut<'a>(
        &self,
        recipe: &'a mut Recipe,
        index: usize,
    ) -> Option<&'a mut (dyn Effect + 'static)> {
        let chain = recipe.chain_mut();
        let step = match &self.mask {
            Some((mask, place)) => chain.masks_mut().get_mut(mask)?.get_mut(*place)?,
            None => chain.steps_mut().get_mut(index)?,
        };
        step.effect_mut()
    }
}

impl Document {
    /// Where the step with a key is.
    pub(crate) fn place_of(&self, step: u64) -> Option<usize> {
        self.states().iter().position(|state| state.key == step)
    }

    /// The effect that owns parameters, as long as the step is there and has that mask.
    pub(crate) fn effect_of(&self, owner: &Owner) -> Option<&dyn Effect> {
        let step = self.steps().get(self.place_of(owner.step)?)?;
        let Some((mask, place)) = &owner.mask else { return step.effect() };
        if step.mask() != Some(mask) {
            return None;
        }
        self.recipe().chain().mask(mask)?.get(*place)?.effect()
    }
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

impl App {
    /// Changes a parameter, as one gesture with the changes around it.
    pub(crate) fn set_parameter(&mut self, place: &Place, value: &Value) {
        let Some(index) = self.document.place_of(place.owner.step) else { return };
        let title = label(&self.document.steps()[index]);
        let what = if place.owner.mask.is_some() { "Change the mask of" } else { "Change" };
        let result = self
            .document
            .edit(&format!("{what} {title}"), |recipe| set(place.owner.effect_mut(recipe, index)?, place.field, value));
        if let Some(Err(problem)) = result {
            self.banners.trouble(&format!("{title}: {problem}"));
        }
    }
}
