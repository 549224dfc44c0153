//! Stages that compute positions.

use super::{Isa, Span, TILE, WarpStage};
use super::{name_of, record_at, record_uniforms, scalar_all, splat_all};
use crate::effect::classes::{Sampler, Setup, Warp};
use crate::ir::{Program, record};
use crate::lane::{Tables, Wide};
use fearless_simd::{Simd, dispatch};
use std::sync::OnceLock;

/// A warp keeps its sampler besides its variant.
pub(crate) struct WarpOf<E: Warp<N>, const N: usize> {
    variant: E::Variant,
    sampler: Sampler,
    program: OnceLock<Program>,
}

impl<E: Warp<N>, const N: usize> WarpOf<E, N> {
    pub(crate) fn new(effect: &E, setup: &Setup) -> Self {
        Self { variant: effect.variant(setup), sampler: effect.sampler(), program: OnceLock::new() }
    }
}

impl<E: Warp<N>, const N: usize> WarpStage for WarpOf<E, N> {
    fn name(&self) -> String {
        name_of::<E>()
    }
    fn program(&self) -> &Program {
        self.program.get_or_init(|| record(|| E::source(self.variant, record_uniforms::<N>(), &record_at()).to_vec()))
    }
    fn sampler(&self) -> Sampler {
        self.sampler
    }
    fn extent(&self, uniforms: &[f32], size: [f32; 2], margin: f32) -> Option<[f32; 4]> {
        E::extent(scalar_all::<N>(uniforms), size, margin)
    }
    fn run(&self, isa: Isa, span: &Span<'_>, shift: [f32; 2], uniforms: &[f32], out: &mut [[f32; TILE]; 2]) {
        match isa {
            Isa::Simd(level) => {
                dispatch!(level, simd => warp_wide::<_, E, N>(simd, self.variant, span, shift, uniforms, out));
            }
            Isa::Scalar => {
                let u = scalar_all::<N>(uniforms);
                let [xs, ys] = out;
                for (index, (x, y)) in xs.iter_mut().zip(ys).enumerate().take(span.count) {
                    let mut at = span.at_scalar(index, Tables::default());
                    (at.x, at.y) = (at.x + shift[0], at.y + shift[1]);
                    [*x, *y] = E::source(self.variant, u, &at);
                }
            }
        }
    }
}

#[inline(always)]
fn warp_wide<S: Simd, E: Warp<N>, const N: usize>(
    simd: S,
    variant: E::Variant,
    span: &Span<'_>,
    shift: [f32; 2],
    uniforms: &[f32],
    out: &mut [[f32; TILE]; 2],
) {
    let u = splat_all::<S, N>(simd, uniforms);
    let mut start = 0;
    while start < span.count {
        let mut at = span.at_wide(simd, start, Tables::default());
        (at.x, at.y) = (at.x + shift[0], at.y + shift[1]);
        let [x, y] = E::source(variant, u, &at);
        x.store(&mut out[0][start..]);
        y.store(&mut out[1][start..]);
        start += Wide::<S>::LEN;
    }
}
