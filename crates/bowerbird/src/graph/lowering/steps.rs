//! The steps of a chain, one after another: each effect in its domain, and the mix (opacity, blend mode, mask) behind
//! it, which no effect implements.

use super::{Lowering, Numbers, Request};
use crate::chain::{Chain, ChainStep};
use crate::effect::{Class, Domain, Mix, MixStage, Step, Tag, Val};
use crate::effects::composite::blend::BlendMode;
use crate::image::{Alpha, Transfer};
use crate::image_fit::Fit;
use std::collections::HashMap;
use std::sync::Arc;

impl Lowering<'_> {
    /// Lowers all steps; the picture behind the last is in the encoding of the result.
    pub(super) fn chain(&mut self, chain: &Chain, request: &Request) -> Val {
        let source = self.source(request.source);
        let mut current = source;
        let mut known: HashMap<&str, Val> = HashMap::new();
        for (index, step) in chain.steps().iter().enumerate() {
            self.step = index;
            self.fine = false;
            if self.skip(chain, index, step) {
                continue;
            }
            let primary = match step.input_name("image") {
                None => current,
                Some(name) => self.named(name, source, &known, Fit::Cover),
            };
            let result =
                if step.is_active() { self.step(chain, step, primary, source, &known, request) } else { primary };
            current = result;
            if let Some(id) = step.id()
                && self.building
            {
                known.insert(id, result);
            }
        }
        self.step = usize::MAX;
        self.convert(current, request.output)
    }

    /// Lowers a step onto the picture that it starts from.
    fn step(
        &mut self,
        chain: &Chain,
        spec: &ChainStep,
        primary: Val,
        source: Val,
        known: &HashMap<&str, Val>,
        request: &Request,
    ) -> Val {
        let Some(effect) = spec.effect() else { return primary };
        // What changes nothing by itself still multiplies or screens the picture with itself.
        let identity = request.drop_identity
            && effect.is_identity()
            && !effect.info().changes_size
            && spec.blend() == BlendMode::Normal;
        if self.fact(u64::from(identity)) == 1 {
            return primary;
        }
        let mixing = self.at_most(u64::from(spec.is_mixed())) == 1;
        let domain = spec.space().map_or(effect.info().domain, |space| effect.info().domain.in_space(space));
        let mut tag = domain.tag(primary.tag);
        if domain == Domain::Any && (mixing || !primary.tag.is_opaque()) {
            tag.transfer = Some(Transfer::Display);
        }
        let mut image = self.convert(primary, tag);
        if !matches!(effect.class(), Class::Point | Class::Composite | Class::Raster) {
            image = self.hidden(image);
        }
        let mut step = Step::new(self, effect.info(), tag, image, source, spec, known, effect.is_identity());
        effect.lower(&mut step);
        let result = step.result();
        if !mixing {
            return result;
        }
        let output = self.convert(result, tag);
        // A mask as a step is an opaque plane, and the picture that it is mixed with need not be opaque.
        let is_plane = tag.transfer.is_none() && primary.tag.transfer.is_some() && !primary.tag.is_opaque();
        let (image, tag) = if is_plane {
            let tag = Tag { alpha: Alpha::Premultiplied, ..primary.tag };
            let picture = self.convert(primary, tag);
            let tag = Tag { transfer: None, ..tag };
            (Val { tag, ..picture }, tag)
        } else {
            (image, tag)
        };
        let mask = spec.mask().map(|name| self.mask(chain, name, primary, source, known));
        let mixed = self.mix(spec, image, output, mask, tag);
        if is_plane {
            // What comes next takes data as it is.
            return self.convert(mixed, Tag { alpha: Alpha::Straight, ..mixed.tag });
        }
        mixed
    }

    /// Adds the mix of a step's input and its output, in the encoding that both have.
    fn mix(&mut self, spec: &ChainStep, image: Val, output: Val, mask: Option<Val>, tag: Tag) -> Val {
        let opaque = image.tag.is_opaque() && output.tag.is_opaque();
        let premultiplied = opaque || tag.alpha == Alpha::Premultiplied;
        let mix = Mix { mode: spec.blend(), masked: mask.is_some(), premultiplied };
        let mut inputs = [image.node, output.node, 0];
        let count = if let Some(mask) = mask {
            inputs[2] = mask.node;
            3
        } else {
            2
        };
        let tag = if opaque { tag.opaque() } else { tag };
        let numbers = Numbers { uniforms: &[spec.opacity()], ..Numbers::default() };
        self.pixel_node(|| Arc::new(MixStage::new(mix)), &inputs[..count], tag, numbers)
    }
}

/// Whether a blend mode needs the input as well as the output.
pub(crate) fn is_mixing(opacity: f64, blend: BlendMode, mask: bool) -> bool {
    opacity != 1.0 || blend != BlendMode::Normal || mask
}
