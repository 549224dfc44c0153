//! The recursions of the domain transform, eight lines at once.
//!
//! Blocks of eight by eight are turned by interleaving registers three times: left to the compiler, which moves them
//! sample by sample, the rows of a picture of 3840×2160 take four times as long.

use super::view::fetch;
use crate::effect::Isa;
use fearless_simd::{Simd, dispatch, f32x8, prelude::*};

/// Columns of a strip, and rows of a block.
pub(super) const SIDE: usize = 8;

/// How many strips ahead blocks are fetched.
const AHEAD: usize = 2;

/// Eight neighbors, in a row or down a column.
pub(super) type Eight = [f32; SIDE];

/// Eight lanes.
trait Octet: Copy {
    /// What makes them.
    type Token: Copy;
    fn load(token: Self::Token, from: &Eight) -> Self;
    fn store(self, to: &mut Eight);
    /// `self` + w·(`before` − `self`)
    fn follow(self, before: Self, weight: Self) -> Self;
    fn squared(self) -> Self;
    /// Rows as columns.
    fn turned(rows: [Self; SIDE]) -> [Self; SIDE];
}

impl Octet for Eight {
    type Token = ();
    #[inline(always)]
    fn load((): (), from: &Eight) -> Self {
        *from
    }
    #[inline(always)]
    fn store(self, to: &mut Eight) {
        *to = self;
    }
    #[inline(always)]
    fn follow(self, before: Self, weight: Self) -> Self {
        core::array::from_fn(|i| self[i] + weight[i] * (before[i] - self[i]))
    }
    #[inline(always)]
    fn squared(self) -> Self {
        self.map(|v| v * v)
    }
    #[inline(always)]
    fn turned(rows: [Self; SIDE]) -> [Self; SIDE] {
        core::array::from_fn(|column| core::array::from_fn(|row| rows[row][column]))
    }
}

impl<S: Simd> Octet for f32x8<S> {
    type Token = S;
    #[inline(always)]
    fn load(simd: S, from: &Eight) -> Self {
        Self::from_slice(simd, from)
    }
    #[inline(always)]
    fn store(self, to: &mut Eight) {
        self.store_slice(to);
    }
    #[inline(always)]
    fn follow(self, before: Self, weight: Self) -> Self {
        self + weight * (before - self)
    }
    #[inline(always)]
    fn squared(self) -> Self {
        self * self
    }
    #[inline(always)]
    fn turned(rows: [Self; SIDE]) -> [Self; SIDE] {
        shuffled(shuffled(shuffled(rows)))
    }
}

/// Interleaves the first four with the last four. Of the six bits of a place, three of the row and three of the column,
/// this turns the first to the end.
#[inline(always)]
fn shuffled<S: Simd>([a, b, c, d, e, f, g, h]: [f32x8<S>; SIDE]) -> [f32x8<S>; SIDE] {
    [a.zip_low(e), a.zip_high(e), b.zip_low(f), b.zip_high(f), c.zip_low(g), c.zip_high(g), d.zip_low(h), d.zip_high(h)]
}

#[inline(always)]
fn weight<O: Octet>(token: O::Token, from: &Eight, squarings: usize) -> O {
    let mut weight = O::load(token, from);
    for _ in 0..squarings {
        weight = weight.squared();
    }
    weight
}

/// Turns a block.
pub(super) fn turn(isa: Isa, rows: [&Eight; SIDE], out: &mut [Eight]) {
    match isa {
        Isa::Scalar => turn_with::<Eight>((), rows, out),
        Isa::Simd(level) => dispatch!(level, simd => turn_with::<f32x8<_>>(simd, rows, out)),
    }
}

#[inline(always)]
fn turn_with<O: Octet>(token: O::Token, rows: [&Eight; SIDE], out: &mut [Eight]) {
    let turned = O::turned(rows.map(
        #[inline(always)]
        |row| O::load(token, row),
    ));
    for (octet, out) in turned.into_iter().zip(out) {
        octet.store(out);
    }
}

/// The recursion along the rows of some blocks, forward and backward. Blocks start at `first` in the strips that follow
/// each other at `step`; between the two ways they lie turned. Two at once wait less for one another's sums and for
/// memory.
pub(super) fn rows<const CHANNELS: usize, const BLOCKS: usize>(
    isa: Isa,
    values: &mut [Eight],
    across: [&[Eight]; BLOCKS],
    (first, step): (usize, usize),
    squarings: usize,
) {
    match isa {
        Isa::Scalar => rows_with::<Eight, CHANNELS, BLOCKS>((), values, across, (first, step), squarings),
        Isa::Simd(level) => {
            dispatch!(level, simd => {
                rows_with::<f32x8<_>, CHANNELS, BLOCKS>(simd, values, across, (first, step), squarings);
            });
        }
    }
}

#[inline(always)]
fn rows_with<O: Octet, const CHANNELS: usize, const BLOCKS: usize>(
    token: O::Token,
    values: &mut [Eight],
    across: [&[Eight]; BLOCKS],
    (first, step): (usize, usize),
    squarings: usize,
) {
    let nothing = O::load(token, &[0.0; SIDE]);
    let strips = across[0].len() / SIDE;
    let mut before = [[nothing; CHANNELS]; BLOCKS];
    // Each strip is on another page.
    let fetch_strip = crate::lane::inlined(
        #[inline(always)]
        |values: &[Eight], strip: Option<usize>| {
            if let Some(strip) = strip {
                fetch(values, strip * step + first, SIDE * CHANNELS * BLOCKS);
                across.iter().for_each(|across| fetch(across, SIDE * strip, SIDE));
            }
        },
    );
    for strip in 0..strips {
        fetch_strip(values, Some(strip + AHEAD));
        let blocks = &mut values[strip * step + first..][..SIDE * CHANNELS * BLOCKS];
        for ((block, across), before) in blocks.chunks_exact_mut(SIDE * CHANNELS).zip(&across).zip(&mut before) {
            let mut weights = [nothing; SIDE];
            for (out, from) in weights.iter_mut().zip(&across[SIDE * strip..][..SIDE]) {
                *out = weight(token, from, squarings);
            }
            for (c, before) in before.iter_mut().enumerate() {
                let mut columns = [nothing; SIDE];
                for (row, out) in columns.iter_mut().enumerate() {
                    *out = O::load(token, &block[row * CHANNELS + c]);
                }
                columns = O::turned(columns);
                for column in 0..SIDE {
                    *before = columns[column].follow(*before, weights[column]);
                    before.store(&mut block[column * CHANNELS + c]);
                }
            }
        }
    }
    let mut behind = [[nothing; CHANNELS]; BLOCKS];
    // The weights between the blocks and those behind them.
    let mut last = [nothing; BLOCKS];
    for strip in (0..strips).rev() {
        fetch_strip(values, strip.checked_sub(AHEAD));
        let blocks = &mut values[strip * step + first..][..SIDE * CHANNELS * BLOCKS];
        for (((block, across), behind), last) in
            blocks.chunks_exact_mut(SIDE * CHANNELS).zip(&across).zip(&mut behind).zip(&mut last)
        {
            let across = &across[SIDE * strip..][..SIDE];
            let mut weights = [*last; SIDE];
            for (out, from) in weights.iter_mut().zip(&across[1..]) {
                *out = weight(token, from, squarings);
            }
            *last = weight(token, &across[0], squarings);
            for (c, behind) in behind.iter_mut().enumerate() {
                let mut columns = [nothing; SIDE];
                for column in (0..SIDE).rev() {
                    *behind = O::load(token, &block[column * CHANNELS + c]).follow(*behind, weights[column]);
                    columns[column] = *behind;
                }
                for (row, octet) in O::turned(columns).into_iter().enumerate() {
                    octet.store(&mut block[row * CHANNELS + c]);
                }
            }
        }
    }
}

/// The recursion down the columns of a strip and up again. The strip lies in several pieces.
pub(super) fn columns<const CHANNELS: usize, const PIECES: usize>(
    isa: Isa,
    values: [&mut [Eight]; PIECES],
    down: [&[Eight]; PIECES],
    squarings: usize,
) {
    match isa {
        Isa::Scalar => columns_with::<Eight, CHANNELS, PIECES>((), values, down, squarings),
        Isa::Simd(level) => {
            dispatch!(level, simd => columns_with::<f32x8<_>, CHANNELS, PIECES>(simd, values, down, squarings));
        }
    }
}

#[inline(always)]
fn columns_with<O: Octet, const CHANNELS: usize, const PIECES: usize>(
    token: O::Token,
    mut values: [&mut [Eight]; PIECES],
    down: [&[Eight]; PIECES],
    squarings: usize,
) {
    let nothing = O::load(token, &[0.0; SIDE]);
    let mut before = [nothing; CHANNELS];
    for (values, down) in values.iter_mut().zip(&down) {
        for (pixels, from) in values.chunks_exact_mut(CHANNELS).zip(*down) {
            let weight = weight::<O>(token, from, squarings);
            for (before, value) in before.iter_mut().zip(pixels) {
                *before = O::load(token, value).follow(*before, weight);
                before.store(value);
            }
        }
    }
    let mut behind = [nothing; CHANNELS];
    let mut last = nothing;
    for (values, down) in values.iter_mut().zip(&down).rev() {
        for (pixels, from) in values.chunks_exact_mut(CHANNELS).zip(*down).rev() {
            for (behind, value) in behind.iter_mut().zip(pixels) {
                *behind = O::load(token, value).follow(*behind, last);
                behind.store(value);
            }
            last = weight(token, from, squarings);
        }
    }
}
