//! What stages run on: tiles of pixels, where they are, and with which instructions.

use crate::lane::{At, Rgba, Tables, Wide};
use fearless_simd::{Level, Simd, prelude::*};

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
    /// AVX2 in the place of AVX-512, where that is faster.
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
    pub(super) fn wide<S: Simd>(&self, simd: S, start: usize) -> Rgba<Wide<S>> {
        let [r, g, b, a] = &self.0;
        let load = crate::lane::inlined(
            #[inline(always)]
            |plane: &[f32; TILE]| Wide::load(simd, &plane[start..]),
        );
        Rgba::new(load(r), load(g), load(b), load(a))
    }

    #[inline(always)]
    pub(super) fn store_wide<S: Simd>(&mut self, start: usize, c: Rgba<Wide<S>>) {
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
    pub(super) fn at_wide<'t, S: Simd>(&self, simd: S, start: usize, tables: Tables<'t>) -> At<'t, Wide<S>> {
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
    pub(super) fn at_scalar<'t>(&self, index: usize, tables: Tables<'t>) -> At<'t, f32> {
        At { x: self.x[index], y: self.y, column: self.column[index], row: self.row, tables }
    }
}
