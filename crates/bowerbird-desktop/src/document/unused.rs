//! Masks that nothing uses any more go with the last step that used them, and the pictures that were painted for them too.

use bowerbird::{Chain, ChainStep};

/// Whether a step names a mask, an asset or a step: as its mask, an input, or in a parameter.
pub(crate) fn names(step: &ChainStep, name: &str) -> bool {
    let Some(effect) = step.effect() else {
        return step.kept().values().any(|value| value.to_string().contains(name));
    };
    step.mask() == Some(name)
        || effect.info().inputs.iter().any(|input| step.input_name(input) == Some(name))
        || effect.fields().any(|(_, param)| param.to_json() == name)
}

fn is_used(chain: &Chain, name: &str) -> bool {
    chain.steps().iter().chain(chain.masks().values().flatten()).any(|step| names(step, name))
}

/// Removes the mask of a step that is gone, unless something else uses it, and what only that mask used.
pub(super) fn drop_mask(chain: &mut Chain, mask: Option<&str>) {
    let Some(mask) = mask.filter(|mask| !is_used(chain, mask)) else { return };
    let Some(steps) = chain.masks_mut().remove(mask) else { return };
    let assets: Vec<String> = chain.assets().names().map(str::to_owned).collect();
    for asset in assets {
        if steps.iter().any(|step| names(step, &asset)) && !is_used(chain, &asset) {
            chain.assets_mut().remove(&asset);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bowerbird::Recipe;
    use bowerbird::recipe::Loader;
    use serde_json::json;

    #[test]
    fn a_mask_goes_with_the_last_step_that_uses_it() {
        let json = json!({
            "steps": [
                {"effect": "sepia", "mask": "spot"},
                {"effect": "invert", "mask": "spot"},
                {"effect": "exposure"}
            ],
            "masks": {
                "spot": [{"effect": "mask_shape"}],
                "spare": [{"effect": "mask_shape"}]
            }
        });
        let mut recipe = Recipe::from_json(&json, &Loader::none()).unwrap();
        let chain = recipe.chain_mut();
        let masks = |chain: &Chain| chain.masks().keys().cloned().collect::<Vec<_>>().join(" ");
        let first = chain.steps_mut().remove(0);
        drop_mask(chain, first.mask());
        assert_eq!(masks(chain), "spare spot", "another step uses it");
        let second = chain.steps_mut().remove(0);
        drop_mask(chain, second.mask());
        assert_eq!(masks(chain), "spare", "what was in the recipe without a use stays");
    }
}
