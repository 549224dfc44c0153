//! Stages: effects instantiated for the machine, behind object-safe traits.
//!
//! A fused chain on the CPU is a list of stages run one after another over a tile that stays in the L1 cache.
//! Measured on a two-core Zen 3: eight chained stages cost no more than one function fused in registers (18.9 against
//! 22.9 ms for 3840×2160), so fusing needs no code generation.

use super::classes::{Composite, Point, Sampler, Setup, Stencil, Taps, Warp};
use super::parts::{Decode, Encode, Hide, Premultiply, Unpremultiply};
use crate::ir::{Op, Program, Rec, RecWord, record};
use crate::lane::{At, Rgba, Tables, Wide};
use core::any::TypeId;
use core::fmt;
use fearless_simd::{Level, Simd, dispatch, prelude::*};
use std::sync::OnceLock;

/// Pixels in a tile: four planes of 2 KiB stay in L1 together with the tables of a chain.
pub(crate) const TILE: usize = 512;

/// The instructions that stages run with.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Isa {
    /// One pixel at a time.
    Scalar,
    /// SIMD of a level that this machine has.
    Simd(Level),
}

impl Isa {
    /// AVX2 in the place of AVX-512, where that is faster. So are products of 16 bits: the wider ones keep both halves of
    /// each, in an order of their own (a bilateral mean of codes on Zen 4, 3840×2160, two threads: 293 ms, and 130 with
    /// AVX2).
    pub(crate) fn narrower(self) -> Self {
        match self {
            Self::Scalar => self,
            Self::Simd(level) => Self::Simd(narrower(level)),
        }
    }
}

#[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
fn narrower(level: Level) -> Level {
    level.as_avx2().map_or(level, Level::Avx2)
}

#[cfg(not(any(target_arch = "x86", target_arch = "x86_64")))]
fn narrower(level: Level) -> Level {
    level
}

/// Four planes of a run of pixels.
#[derive(Clone, Debug)]
#[repr(align(64))]
pub(crate) struct Tile(pub(crate) [[f32; TILE]; 4]);

/// A tile that no operation reads, in the place of arguments that are not there.
pub(crate) static NOTHING: Tile = Tile::new();

impl Tile {
    pub(crate) const fn new() -> Self {
        Self([[0.0; TILE]; 4])
    }

    #[inline(always)]
    fn wide<S: Simd>(&self, simd: S, start: usize) -> Rgba<Wide<S>> {
        let [r, g, b, a] = &self.0;
        let load = crate::lane::inlined(
            #[inline(always)]
            |plane: &[f32; TILE]| Wide::load(simd, &plane[start..]),
        );
        Rgba::new(load(r), load(g), load(b), load(a))
    }

    #[inline(always)]
    fn store_wide<S: Simd>(&mut self, start: usize, c: Rgba<Wide<S>>) {
        let [r, g, b, a] = &mut self.0;
        c.r.store(&mut r[start..]);
        c.g.store(&mut g[start..]);
        c.b.store(&mut b[start..]);
        c.a.store(&mut a[start..]);
    }

    pub(crate) fn pixel(&self, index: usize) -> Rgba<f32> {
        let [r, g, b, a] = &self.0;
        Rgba::new(r[index], g[index], b[index], a[index])
    }

    pub(crate) fn set_pixel(&mut self, index: usize, c: Rgba<f32>) {
        let [r, g, b, a] = &mut self.0;
        (r[index], g[index], b[index], a[index]) = (c.r, c.g, c.b, c.a);
    }
}

/// Where the pixels of a tile are: coordinates of `count` pixels of one row.
///
/// The slices reach at least a register's width past `count`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Span<'a> {
    pub(crate) x: &'a [f32],
    pub(crate) column: &'a [u32],
    pub(crate) y: f32,
    pub(crate) row: u32,
    pub(crate) count: usize,
}

impl Span<'_> {
    #[inline(always)]
    fn at_wide<'t, S: Simd>(&self, simd: S, start: usize, tables: Tables<'t>) -> At<'t, Wide<S>> {
        let len = Wide::<S>::LEN;
        let column = S::u32s::from_slice(simd, &self.column[start..start + len]);
        At {
            x: Wide::load(simd, &self.x[start..]),
            y: Wide::splat(simd, self.y),
            column: crate::lane::WideWord(column),
            row: crate::lane::WideWord::splat(simd, self.row),
            tables,
        }
    }

    #[inline(always)]
    fn at_scalar<'t>(&self, index: usize, tables: Tables<'t>) -> At<'t, f32> {
        At { x: self.x[index], y: self.y, column: self.column[index], row: self.row, tables }
    }
}

/// Uniforms as lanes.
#[inline(always)]
fn splat_all<S: Simd, const N: usize>(simd: S, from: &[f32]) -> [Wide<S>; N] {
    let mut out = [Wide::splat(simd, 0.0); N];
    for (slot, value) in out.iter_mut().zip(from) {
        *slot = Wide::splat(simd, *value);
    }
    out
}

fn scalar_all<const N: usize>(from: &[f32]) -> [f32; N] {
    let mut out = [0.0; N];
    out.iter_mut().zip(from).for_each(|(slot, value)| *slot = *value);
    out
}

fn record_uniforms<const N: usize>() -> [Rec; N] {
    core::array::from_fn(|slot| Rec::leaf(Op::Uniform(slot as u16)))
}

fn record_input(argument: u8) -> Rgba<Rec> {
    let channel = |c| Rec::leaf(Op::Input(argument, c));
    Rgba::new(channel(0), channel(1), channel(2), channel(3))
}

fn record_at() -> At<'static, Rec> {
    At {
        x: Rec::leaf(Op::X),
        y: Rec::leaf(Op::Y),
        column: RecWord::leaf(Op::Column),
        row: RecWord::leaf(Op::Row),
        tables: Tables::default(),
    }
}

fn pixel_outputs(c: Rgba<Rec>) -> Vec<Rec> {
    vec![c.r, c.g, c.b, c.a]
}

/// The name of a stage, from the name of its type: `GaussianBlur` becomes `gaussian_blur`.
fn name_of<E>() -> String {
    let path = core::any::type_name::<E>();
    let name = path.split('<').next().and_then(|path| path.rsplit("::").next()).unwrap_or("stage");
    let mut out = String::new();
    for (index, letter) in name.chars().enumerate() {
        if letter.is_ascii_uppercase() && index > 0 {
            out.push('_');
        }
        out.push(letter.to_ascii_lowercase());
    }
    out
}

/// What a conversion does to pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Converts {
    /// Display values become linear light.
    ToLinear,
    /// Linear light becomes display values: the inverse, exact for all codes of 8 bits.
    ToDisplay,
    /// What alpha means; nothing where it is 1.
    Alpha,
}

/// A pixel-wise stage of one or two pictures, the unit of fusion.
pub(crate) trait PixelStage: Send + Sync {
    fn name(&self) -> String;
    fn program(&self) -> &Program;
    /// Whether it hands on its first picture where the second is transparent black.
    fn hands_on(&self) -> bool {
        false
    }
    /// What it does if it is one of the planner's conversions.
    fn conversion(&self) -> Option<Converts> {
        None
    }
    /// Computes a tile in place; `others` are the second and third pictures, where it reads any.
    fn run(&self, isa: Isa, span: &Span<'_>, uniforms: &[f32], tables: Tables<'_>, tile: &mut Tile, others: [&Tile; 2]);
}

/// A stage of a small neighborhood.
pub(crate) trait StencilStage: Send + Sync {
    fn name(&self) -> String;
    fn program(&self) -> &Program;
    fn radius(&self) -> usize;
    fn run(&self, isa: Isa, span: &Span<'_>, uniforms: &[f32], scratch: &Scratch<'_>, tile: &mut Tile);
}

/// A stage that computes positions.
pub(crate) trait WarpStage: Send + Sync {
    fn name(&self) -> String;
    fn program(&self) -> &Program;
    fn sampler(&self) -> Sampler;
    /// See [`Warp::extent`].
    fn extent(&self, uniforms: &[f32], size: [f32; 2], margin: f32) -> Option<[f32; 4]>;
    /// Writes the source positions, in full-size pixels, of the span shifted by `shift` full-size pixels.
    fn run(&self, isa: Isa, span: &Span<'_>, shift: [f32; 2], uniforms: &[f32], out: &mut [[f32; TILE]; 2]);
}

impl fmt::Debug for dyn PixelStage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name())
    }
}

impl fmt::Debug for dyn StencilStage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name())
    }
}

impl fmt::Debug for dyn WarpStage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name())
    }
}

macro_rules! stage {
    ($name:ident, $class:ident) => {
        pub(crate) struct $name<E: $class<N>, const N: usize> {
            variant: E::Variant,
            program: OnceLock<Program>,
        }

        impl<E: $class<N>, const N: usize> $name<E, N> {
            pub(crate) fn new(effect: &E, setup: &Setup) -> Self {
                Self { variant: effect.variant(setup), program: OnceLock::new() }
            }
        }
    };
}

stage!(PointOf, Point);
stage!(CompositeOf, Composite);
stage!(StencilOf, Stencil);

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

struct WideTaps<'a, S: Simd> {
    simd: S,
    scratch: &'a Scratch<'a>,
    start: usize,
}

impl<S: Simd> Taps<Wide<S>> for WideTaps<'_, S> {
    #[inline(always)]
    fn at(&self, dx: i32, dy: i32) -> Rgba<Wide<S>> {
        let at = self.start + self.scratch.index(dx, dy);
        let [r, g, b, a] = self.scratch.planes;
        let load = crate::lane::inlined(
            #[inline(always)]
            |plane: &[f32]| Wide::load(self.simd, &plane[at..]),
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
        let c = E::pixel(variant, u, &WideTaps { simd, scratch, start }, &at);
        tile.store_wide(start, c);
        start += Wide::<S>::LEN;
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

/// The mix of a step's input, its output and a mask: the one stage of three pictures.
pub(crate) struct MixStage {
    mix: super::Mix,
    program: OnceLock<Program>,
}

impl MixStage {
    pub(crate) fn new(mix: super::Mix) -> Self {
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
fn mix_wide<S: Simd>(simd: S, mix: super::Mix, count: usize, opacity: f32, tile: &mut Tile, others: [&Tile; 2]) {
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
