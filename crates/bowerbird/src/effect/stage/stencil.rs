//! Stages of small neighborhoods.

use super::{Isa, Span, StencilOf, StencilStage, Tile};
use super::{name_of, pixel_outputs, record_at, record_uniforms, scalar_all, splat_all};
use crate::effect::classes::{Stencil, Taps};
use crate::ir::{Op, Program, Rec, record};
use crate::lane::{Rgba, Tables, Wide};
use core::marker::PhantomData;
use fearless_simd::{Simd, dispatch};

/// Rows around the one being computed, with the halo and the border policy already applied.
///
/// Plane `c` of the pixel at (dx, dy) of pixel `i` is `planes[c][origin + i + dx + dy·stride]`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scratch<'a> {
    pub(crate) planes: [&'a [f32]; 4],
    pub(crate) stride: usize,
    pub(crate) origin: usize,
}

impl Scratch<'_> {
    #[inline(always)]
    fn index(&self, dx: i32, dy: i32) -> usize {
        self.origin.wrapping_add_signed(dx as isize + dy as isize * self.stride as isize)
    }

    pub(crate) fn pixel(&self, index: usize, dx: i32, dy: i32) -> Rgba<f32> {
        let at = index + self.index(dx, dy);
        let [r, g, b, a] = self.planes;
        Rgba::new(r[at], g[at], b[at], a[at])
    }
}

struct WideTaps<'a, S: Simd, E, const N: usize> {
    simd: S,
    scratch: &'a Scratch<'a>,
    start: usize,
    effect: PhantomData<E>,
}

impl<S: Simd, E: Stencil<N>, const N: usize> Taps<Wide<S>> for WideTaps<'_, S, E, N> {
    #[inline(always)]
    fn at(&self, dx: i32, dy: i32) -> Rgba<Wide<S>> {
        let first = self.start + self.scratch.index(0, dy) - E::RADIUS;
        let column = E::RADIUS.wrapping_add_signed(dx as isize);
        let [r, g, b, a] = self.scratch.planes;
        // Whether a row is long enough is asked once for all of its taps.
        let load = crate::lane::inlined(
            #[inline(always)]
            |plane: &[f32]| Wide::load(self.simd, &plane[first..first + Wide::<S>::LEN + 2 * E::RADIUS][column..]),
        );
        Rgba::new(load(r), load(g), load(b), load(a))
    }
}

struct ScalarTaps<'a> {
    scratch: &'a Scratch<'a>,
    index: usize,
}

impl Taps<f32> for ScalarTaps<'_> {
    fn at(&self, dx: i32, dy: i32) -> Rgba<f32> {
        self.scratch.pixel(self.index, dx, dy)
    }
}

struct RecTaps;

impl Taps<Rec> for RecTaps {
    fn at(&self, dx: i32, dy: i32) -> Rgba<Rec> {
        let channel = |c| Rec::leaf(Op::Tap(dx as i8, dy as i8, c));
        Rgba::new(channel(0), channel(1), channel(2), channel(3))
    }
}

impl<E: Stencil<N>, const N: usize> StencilStage for StencilOf<E, N> {
    fn name(&self) -> String {
        name_of::<E>()
    }
    fn program(&self) -> &Program {
        self.program.get_or_init(|| {
            record(|| pixel_outputs(E::pixel(self.variant, record_uniforms::<N>(), &RecTaps, &record_at())))
        })
    }
    fn radius(&self) -> usize {
        E::RADIUS
    }
    fn run(&self, isa: Isa, span: &Span<'_>, uniforms: &[f32], scratch: &Scratch<'_>, tile: &mut Tile) {
        match isa {
            Isa::Simd(level) => {
                dispatch!(level, simd => stencil_wide::<_, E, N>(simd, self.variant, span, uniforms, scratch, tile));
            }
            Isa::Scalar => {
                let u = scalar_all::<N>(uniforms);
                for index in 0..span.count {
                    let at = span.at_scalar(index, Tables::default());
                    tile.set_pixel(index, E::pixel(self.variant, u, &ScalarTaps { scratch, index }, &at));
                }
            }
        }
    }
}

#[inline(always)]
fn stencil_wide<S: Simd, E: Stencil<N>, const N: usize>(
    simd: S,
    variant: E::Variant,
    span: &Span<'_>,
    uniforms: &[f32],
    scratch: &Scratch<'_>,
    tile: &mut Tile,
) {
    let u = splat_all::<S, N>(simd, uniforms);
    let mut start = 0;
    while start < span.count {
        let at = span.at_wide(simd, start, Tables::default());
        let taps = WideTaps { simd, scratch, start, effect: PhantomData::<E> };
        let c = E::pixel(variant, u, &taps, &at);
        tile.store_wide(start, c);
        start += Wide::<S>::LEN;
    }
}
