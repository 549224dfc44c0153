//! The weights of symmetric convolutions.

use crate::image::Transfer;

/// The weights of a symmetric convolution along one axis, in rendered pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Weights {
    /// A sampled Gaussian; σ = 0 is the identity. It is cut at 4σ, or nearer where no display shows the difference.
    Gaussian {
        /// Standard deviation in pixels.
        sigma: f64,
    },
    /// A box of `radius` pixels to each side; the fraction weighs the outermost pixel.
    Box {
        /// Radius in pixels, not necessarily whole.
        radius: f64,
    },
}

impl Weights {
    /// Whether the Gaussians of a blur may be cut nearer than at 4σ, by as much as no display shows: both are wide enough
    /// for the catalogue to allow it, and nothing amplifies the difference (`fine`). Display values then differ by up to
    /// half an 8-bit code at the corners of hard edges. In linear light the same would be 3 codes, because a display curve
    /// is steep near black. Gaussians beyond those that are summed directly gain nothing from it.
    pub(crate) fn may_be_cut(both: &[Self; 2], transfer: Option<Transfer>, fine: bool) -> bool {
        const DIRECT: core::ops::Range<f64> = 1.5..4.0;
        let is_direct = |weights: &Self| matches!(weights, Self::Gaussian { sigma } if DIRECT.contains(sigma));
        !fine && transfer != Some(Transfer::Linear) && both.iter().all(is_direct)
    }

    /// How far the convolution reaches.
    pub(crate) fn radius(self) -> usize {
        match self {
            Self::Gaussian { sigma } => (4.0 * sigma).ceil().max(0.0) as usize,
            Self::Box { radius } => radius.ceil().max(0.0) as usize,
        }
    }

    /// How far a convolution that [may be cut](Self::may_be_cut) reaches: what lies beyond half a pixel more weighs 0.06 % on
    /// either side.
    pub(crate) fn cut_radius(self) -> usize {
        match self {
            Self::Gaussian { sigma } => (3.25 * sigma - 0.5).ceil().max(0.0) as usize,
            Self::Box { .. } => self.radius(),
        }
    }

    /// The standard deviation of a Gaussian, or the radius of a box.
    pub(super) fn size(self) -> f64 {
        match self {
            Self::Gaussian { sigma } => sigma,
            Self::Box { radius } => radius,
        }
    }

    /// Writes the weights of offsets 0, 1, …, `radius`, computed in f64 and normalized, and zeros behind them.
    pub(crate) fn fill(self, radius: usize, table: &mut [f32]) {
        let weight = |offset: usize| -> f64 {
            let offset = offset as f64;
            match self {
                Self::Gaussian { sigma: 0.0 } => 1.0 - offset.min(1.0),
                Self::Gaussian { sigma } => (-offset * offset / (2.0 * sigma * sigma)).exp(),
                Self::Box { radius } => (radius + 1.0 - offset).clamp(0.0, 1.0),
            }
        };
        let sum: f64 = weight(0) + 2.0 * (1..=radius).map(weight).sum::<f64>();
        for (offset, slot) in table.iter_mut().enumerate() {
            *slot = if offset <= radius { (weight(offset) / sum) as f32 } else { 0.0 };
        }
    }
}
