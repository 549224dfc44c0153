//! Stages: effects instantiated for the machine, behind object-safe traits.
//!
//! A fused chain on the CPU is a list of stages run one after another over a tile that stays in the L1 cache.
//! Measured on a two-core Zen 3: eight chained stages cost no more than one function fused in registers (18.9 against
//! 22.9 ms for 3840×2160), so fusing needs no code generation.

mod pixel;
mod stencil;
mod tile;
mod warp;

pub(crate) use pixel::MixStage;
pub(crate) use stencil::Scratch;
pub(crate) use tile::{Isa, NOTHING, Span, TILE, Tile};
pub(crate) use warp::WarpOf;

use super::classes::{Composite, Point, Sampler, Setup, Stencil};
use crate::ir::{Op, Program, Rec, RecWord};
use crate::lane::{At, Rgba, Tables, Wide};
use core::fmt;
use fearless_simd::Simd;
use std::sync::OnceLock;

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
