//! Stages of single pixels: of one picture, of two, and the mix of a step.

use super::{CompositeOf, Converts, Isa, PixelStage, PointOf, Span, Tile};
use super::{name_of, pixel_outputs, record_at, record_input, record_uniforms, scalar_all, splat_all};
use crate::effect::Mix;
use crate::effect::classes::{Composite, Point};
use crate::effect::parts::{Decode, Encode, Hide, Premultiply, Unpremultiply};
use crate::ir::{Op, Program, Rec, record};
use crate::lane::{Tables, Wide};
use core::any::TypeId;
use fearless_simd::{Simd, dispatch};
use std::sync::OnceLock;

impl<E: Point<N>, const N: usize> PointOf<E, N> {
    /// The stage of a variant, whatever the parameters.
    pub(crate) fn of(variant: E::Variant) -> Self {
        Self { variant, program: OnceLock::new() }
    }
}

impl<E: Point<N>, const N: usize> PixelStage for PointOf<E, N> {
    fn name(&self) -> String {
        name_of::<E>()
    }
    fn conversion(&self) -> Option<Converts> {
        let this = TypeId::of::<E>();
        match this {
            _ if this == TypeId::of::<Decode>() => Some(Converts::ToLinear),
            _ if this == TypeId::of::<Encode>() => Some(Converts::ToDisplay),
            _ if this == TypeId::of::<Premultiply>() => Some(Converts::Alpha),
            _ if this == TypeId::of::<Unpremultiply>() => Some(Converts::Alpha),
            _ if this == TypeId::of::<Hide>() => Some(Converts::Alpha),
            _ => None,
        }
    }
    fn program(&self) -> &Program {
        self.program.get_or_init(|| {
            record(|| pixel_outputs(E::pixel(self.variant, record_uniforms::<N>(), record_input(0), &record_at())))
        })
    }
    fn run(&self, isa: Isa, span: &Span<'_>, uniforms: &[f32], tables: Tables<'_>, tile: &mut Tile, _: [&Tile; 2]) {
        match isa {
            Isa::Simd(level) => {
                dispatch!(level, simd => point_wide::<_, E, N>(simd, self.variant, span, uniforms, tables, tile));
            }
            Isa::Scalar => {
                let u = scalar_all::<N>(uniforms);
                for index in 0..span.count {
                    let at = span.at_scalar(index, tables);
                    tile.set_pixel(index, E::pixel(self.variant, u, tile.pixel(index), &at));
                }
            }
        }
    }
}

#[inline(always)]
fn point_wide<S: Simd, E: Point<N>, const N: usize>(
    simd: S,
    variant: E::Variant,
    span: &Span<'_>,
    uniforms: &[f32],
    tables: Tables<'_>,
    tile: &mut Tile,
) {
    let u = splat_all::<S, N>(simd, uniforms);
    let mut start = 0;
    while start < span.count {
        let at = span.at_wide(simd, start, tables);
        let c = E::pixel(variant, u, tile.wide(simd, start), &at);
        tile.store_wide(start, c);
        start += Wide::<S>::LEN;
    }
}

impl<E: Composite<N>, const N: usize> PixelStage for CompositeOf<E, N> {
    fn name(&self) -> String {
        name_of::<E>()
    }
    fn hands_on(&self) -> bool {
        E::HANDS_ON
    }
    fn program(&self) -> &Program {
        self.program.get_or_init(|| {
            record(|| {
                let u = record_uniforms::<N>();
                pixel_outputs(E::pixel(self.variant, u, record_input(0), record_input(1), &record_at()))
            })
        })
    }
    fn run(
        &self,
        isa: Isa,
        span: &Span<'_>,
        uniforms: &[f32],
        tables: Tables<'_>,
        tile: &mut Tile,
        [other, _]: [&Tile; 2],
    ) {
        match isa {
            Isa::Simd(level) => {
                dispatch!(level, simd => composite_wide::<_, E, N>(simd, self.variant, span, uniforms, tables, tile, other));
            }
            Isa::Scalar => {
                let u = scalar_all::<N>(uniforms);
                for index in 0..span.count {
                    let at = span.at_scalar(index, tables);
                    tile.set_pixel(index, E::pixel(self.variant, u, tile.pixel(index), other.pixel(index), &at));
                }
            }
        }
    }
}

#[inline(always)]
fn composite_wide<S: Simd, E: Composite<N>, const N: usize>(
    simd: S,
    variant: E::Variant,
    span: &Span<'_>,
    uniforms: &[f32],
    tables: Tables<'_>,
    tile: &mut Tile,
    other: &Tile,
) {
    let u = splat_all::<S, N>(simd, uniforms);
    let mut start = 0;
    while start < span.count {
        let at = span.at_wide(simd, start, tables);
        let c = E::pixel(variant, u, tile.wide(simd, start), other.wide(simd, start), &at);
        tile.store_wide(start, c);
        start += Wide::<S>::LEN;
    }
}

/// The mix of a step's input, its output and a mask: the one stage of three pictures.
pub(crate) struct MixStage {
    mix: Mix,
    program: OnceLock<Program>,
}

impl MixStage {
    pub(crate) fn new(mix: Mix) -> Self {
        Self { mix, program: OnceLock::new() }
    }
}

impl PixelStage for MixStage {
    fn name(&self) -> String {
        if self.mix.masked { "masked_mix".into() } else { "mix".into() }
    }
    fn program(&self) -> &Program {
        self.program.get_or_init(|| {
            record(|| {
                let [t] = record_uniforms::<1>();
                pixel_outputs(self.mix.pixel(t, record_input(0), record_input(1), || Rec::leaf(Op::Input(2, 0))))
            })
        })
    }
    fn run(&self, isa: Isa, span: &Span<'_>, uniforms: &[f32], _: Tables<'_>, tile: &mut Tile, others: [&Tile; 2]) {
        match isa {
            Isa::Simd(level) => {
                dispatch!(level, simd => mix_wide(simd, self.mix, span.count, uniforms[0], tile, others))
            }
            Isa::Scalar => {
                for index in 0..span.count {
                    let mask = || others[1].0[0][index];
                    tile.set_pixel(index, self.mix.pixel(uniforms[0], tile.pixel(index), others[0].pixel(index), mask));
                }
            }
        }
    }
}

#[inline(always)]
fn mix_wide<S: Simd>(simd: S, mix: Mix, count: usize, opacity: f32, tile: &mut Tile, others: [&Tile; 2]) {
    let opacity = Wide::splat(simd, opacity);
    let mut start = 0;
    while start < count {
        let mask = crate::lane::inlined(
            #[inline(always)]
            || Wide::load(simd, &others[1].0[0][start..]),
        );
        let c = mix.pixel(opacity, tile.wide(simd, start), others[0].wide(simd, start), mask);
        tile.store_wide(start, c);
        start += Wide::<S>::LEN;
    }
}
