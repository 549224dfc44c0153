//! Unsharp masking.

use crate::effect::{Composite, Composition, Edge, Setup, Step, Val};
use crate::effects::blur::gaussian_blur::gaussian;
use crate::image::Alpha;
use crate::lane::{At, Lane, Rgba};
use crate::param::Length;
use bowerbird_derive::{Params, effect, part};

/// Sharpens by adding the difference from a blurred copy.
#[derive(Clone, Debug, PartialEq, Params)]
#[effect(id = "unsharp_mask", label = "Unsharp mask", family = "sharpen", domain = "D", switchable, class = "kernel")]
pub struct UnsharpMask {
    /// The size of the detail, as a standard deviation.
    #[param(default = 0.0012, soft = (0.0005, 0.02), hard = (0.0, 0.2))]
    pub sigma: Length,
    /// How much of the difference is added.
    #[param(default = 0.5, soft = (0.0, 3.0), hard = (-1.0, 10.0))]
    pub amount: f64,
    /// Differences up to this are taken for noise and left.
    #[param(default = 0.0, soft = (0.0, 0.2), hard = (0.0, 1.0))]
    pub threshold: f64,
}

#[effect]
impl Composition for UnsharpMask {
    fn identity(&self) -> bool {
        self.amount == 0.0 || self.sigma.is_zero()
    }
    fn build(&self, step: &mut Step<'_, '_>, image: Val) -> Val {
        let weights = gaussian(self.sigma, &step.frame());
        let premultiplied = step.with_association(image, Alpha::Premultiplied);
        let blurred = step.convolve(premultiplied, weights, weights, Edge::Clamp);
        let blurred = step.with_association(blurred, Alpha::Straight);
        step.switched_composite(&AddDetail { amount: self.amount, threshold: self.threshold }, image, blurred)
    }
}

/// The picture plus its difference from the blurred one.
struct AddDetail {
    amount: f64,
    threshold: f64,
}

#[part]
impl Composite<2> for AddDetail {
    fn prepare(&self, _: &Setup) -> [f64; 2] {
        [self.amount, self.threshold]
    }
    fn pixel<L: Lane>([amount, threshold]: [L; 2], c: Rgba<L>, blurred: Rgba<L>, _: &At<'_, L>) -> Rgba<L> {
        c.rgb_with(blurred, |c, blurred| {
            let detail = c - blurred;
            let kept = (detail.abs() - threshold).max(detail.lit(0.0));
            let signed = L::pick(detail.lt(detail.lit(0.0)), -kept, kept);
            c + amount * signed
        })
    }
}
