//! The masks of a recipe, evaluated on a picture.

use super::{Lowering, Numbers};
use crate::chain::Chain;
use crate::effect::{CompositeOf, PixelStage, Step, Tag, Val};
use crate::effects::combine::Combine;
use crate::error::Error;
use crate::image::Alpha;
use crate::image_fit::Fit;
use std::collections::HashMap;
use std::sync::Arc;

impl Lowering<'_> {
    /// Evaluates a mask of the recipe on a picture: its entries in order, each folded into those before.
    pub(super) fn mask(
        &mut self,
        chain: &Chain,
        name: &str,
        primary: Val,
        source: Val,
        known: &HashMap<&str, Val>,
    ) -> Val {
        let Some(entries) = chain.mask(name) else {
            self.fail(Error::recipe(format!("masks.{name}"), "there is no mask of that name in the recipe".into()));
            return primary;
        };
        let data = Tag { transfer: None, alpha: Alpha::Opaque };
        let mut plane: Option<Val> = None;
        for entry in entries.iter().filter(|entry| entry.is_active()) {
            let Some(effect) = entry.effect() else { continue };
            let info = effect.info();
            // A mask looks at the step's input unless the entry names another picture.
            let seen = match entry.input_name("image") {
                Some(name) => self.named(name, source, known, Fit::Cover),
                None => primary,
            };
            let value = if info.family == "mask" {
                let tag = info.domain.tag(seen.tag);
                let image = self.convert(seen, tag);
                let mut step = Step::new(self, info, tag, image, source, entry, known, false);
                effect.lower(&mut step);
                step.result()
            } else {
                // Other effects see the plane as it is: data, never converted.
                let image = Val { tag: data, ..plane.unwrap_or(primary) };
                let mut step = Step::new(self, info, data, image, source, entry, known, effect.is_identity());
                effect.lower(&mut step);
                Val { tag: data, ..step.result() }
            };
            plane = Some(match plane {
                Some(before) if entry.combine() != Combine::Replace => {
                    let setup = self.setup(data);
                    let stage = || -> Arc<dyn PixelStage> { Arc::new(CompositeOf::new(&entry.combine(), &setup)) };
                    self.pixel_node(stage, &[before.node, value.node], data, Numbers::default())
                }
                _ => value,
            });
        }
        plane.unwrap_or_else(|| {
            self.fail(Error::recipe(format!("masks.{name}"), "the mask has no entries that can run".into()));
            primary
        })
    }
}
