//! Exact medians of squares.
//!
//! Radius 1 and 2: networks of minima and maxima on whole registers; columns are sorted once for all squares that share
//! them. Larger squares of codes: a code t is at most the median where half of the square is at least t, and those
//! counts are sums of two running boxes over a few bytes; a block of the picture only tries the codes between which its
//! medians still lie. Measured at radius 10 against sliding histograms: see `benches/peers`. Larger squares of floats:
//! the values of a block are ranked, and a sliding histogram of ranks (Huang 1979) finds the middle one.

use super::window::Strip;
use crate::effect::Isa;
use fearless_simd::{Simd, dispatch, prelude::*};

/// The side of a block of the counting form, in pixels.
const BLOCK: usize = 128;

/// The same of the ranking form, whose blocks are sorted.
const RANKED: usize = 48;

/// What samples a register is wider than; rows are padded by as much.
const MOST: usize = 64;

/// The scratch memory of one thread.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    /// The sorted columns of a row.
    sorted_codes: [Vec<u8>; 5],
    sorted_floats: [Vec<f32>; 5],
    /// One channel of a block with its halo.
    plane: Vec<u8>,
    /// For each row of the block, how many samples of the window's row reach the code that is tried.
    across: Vec<u8>,
    /// The medians of the block, as far as they are known.
    result: Vec<u8>,
    /// The values of a block of floats with their places, in order, and the rank of each place.
    order: Vec<(u32, u32)>,
    ranks: Vec<u16>,
    floats: Vec<f32>,
}

/// Values that have an order, one or a register of them.
trait Order: Copy {
    fn least(self, other: Self) -> Self;
    fn most(self, other: Self) -> Self;
}

macro_rules! ordered {
    ($($kind:ty),*) => {$(
        impl Order for $kind {
            #[inline(always)]
            fn least(self, other: Self) -> Self {
                if self < other { self } else { other }
            }
            #[inline(always)]
            fn most(self, other: Self) -> Self {
                if self > other { self } else { other }
            }
        }
    )*};
}
ordered!(u8, f32);

#[derive(Clone, Copy)]
struct Codes<S: Simd>(S::u8s);

#[derive(Clone, Copy)]
struct Floats<S: Simd>(S::f32s);

impl<S: Simd> Order for Codes<S> {
    #[inline(always)]
    fn least(self, other: Self) -> Self {
        Self(self.0.min(other.0))
    }
    #[inline(always)]
    fn most(self, other: Self) -> Self {
        Self(self.0.max(other.0))
    }
}

impl<S: Simd> Order for Floats<S> {
    #[inline(always)]
    fn least(self, other: Self) -> Self {
        Self(self.0.min(other.0))
    }
    #[inline(always)]
    fn most(self, other: Self) -> Self {
        Self(self.0.max(other.0))
    }
}

/// Exchanges two values that are in the wrong order.
#[inline(always)]
fn exchange<O: Order, const N: usize>(v: &mut [O; N], a: usize, b: usize) {
    (v[a], v[b]) = (v[a].least(v[b]), v[a].most(v[b]));
}

#[inline(always)]
fn sort3<O: Order>(mut v: [O; 3]) -> [O; 3] {
    exchange(&mut v, 0, 1);
    exchange(&mut v, 1, 2);
    exchange(&mut v, 0, 1);
    v
}

#[inline(always)]
fn sort5<O: Order>(mut v: [O; 5]) -> [O; 5] {
    for (a, b) in [(0, 3), (1, 4), (0, 2), (1, 3), (0, 1), (2, 4), (1, 2), (3, 4), (2, 3)] {
        exchange(&mut v, a, b);
    }
    v
}

/// The middle of nine, given three sorted columns.
#[inline(always)]
fn middle9<O: Order>(columns: [[O; 3]; 3]) -> O {
    let [a, b, c] = columns;
    let low = a[0].most(b[0]).most(c[0]);
    let high = a[2].least(b[2]).least(c[2]);
    let middle = sort3([a[1], b[1], c[1]])[1];
    sort3([low, middle, high])[1]
}

/// The `N` greatest of five, ascending.
#[inline(always)]
fn greatest<O: Order, const N: usize>(v: [O; 5]) -> [O; N] {
    keep(v, |a, b| (a.least(b), a.most(b)))
}

/// The `N` least of five, ascending.
#[inline(always)]
fn least<O: Order, const N: usize>(v: [O; 5]) -> [O; N] {
    let mut found: [O; N] = keep(v, |a, b| (a.most(b), a.least(b)));
    found.reverse();
    found
}

/// The `N` last of five in the order of `exchange`, which puts two values in order.
#[inline(always)]
fn keep<O: Order, const N: usize>(v: [O; 5], exchange: impl Fn(O, O) -> (O, O)) -> [O; N] {
    let mut kept = [v[0]; N];
    kept.copy_from_slice(&v[..N]);
    for end in (1..N).rev() {
        for i in 0..end {
            (kept[i], kept[i + 1]) = exchange(kept[i], kept[i + 1]);
        }
    }
    for value in &v[N..] {
        let mut value = *value;
        for slot in kept.iter_mut().rev() {
            (value, *slot) = exchange(value, *slot);
        }
    }
    kept
}

/// The middle of 25, given five sorted columns: with the rows sorted too, six values on either side are certainly below
/// or above, and the middle of the thirteen others is left.
#[inline(always)]
fn middle25<O: Order>(columns: [[O; 5]; 5]) -> O {
    let [p, q, r, s, t] = columns;
    let row = |k: usize| [p[k], q[k], r[k], s[k], t[k]];
    let a: [O; 2] = greatest(row(0));
    let b: [O; 3] = greatest(row(1));
    let c = sort5(row(2));
    let d: [O; 3] = least(row(3));
    let e: [O; 2] = least(row(4));
    // Eight of thirteen: the least and the greatest of them are not the middle, and so on with one more each time.
    let mut v = [a[0], a[1], b[0], b[1], b[2], c[1], c[2], c[3]];
    let rest = [d[0], d[1], d[2], e[0], e[1]];
    let mut count = 8;
    for next in rest {
        extremes_to_ends(&mut v, count);
        // The least goes, the greatest is replaced.
        v[0] = v[count - 2];
        v[count - 2] = next;
        count -= 1;
    }
    sort3([v[0], v[1], v[2]])[1]
}

/// Moves the least of the first `count` to the front and the greatest to the end.
#[inline(always)]
fn extremes_to_ends<O: Order, const N: usize>(v: &mut [O; N], count: usize) {
    for i in 0..count / 2 {
        exchange(v, i, count - 1 - i);
    }
    for i in 1..count.div_ceil(2) {
        exchange(v, 0, i);
    }
    for i in count / 2..count - 1 {
        exchange(v, i, count - 1);
    }
}

/// Sorts the columns of `N` rows, sample by sample.
#[inline(always)]
fn sort_columns<O: Order, const N: usize>(v: [O; N]) -> [O; N] {
    let mut v = v;
    if N == 3 {
        for (a, b) in [(0, 1), (1, 2), (0, 1)] {
            exchange(&mut v, a, b);
        }
    } else {
        for (a, b) in [(0, 3), (1, 4), (0, 2), (1, 3), (0, 1), (2, 4), (1, 2), (3, 4), (2, 3)] {
            exchange(&mut v, a, b);
        }
    }
    v
}

macro_rules! network {
    ($name:ident, $kind:ty, $vector:ident, $lanes:ident) => {
        /// Medians of a strip by networks, in place.
        #[inline(always)]
        fn $name<S: Simd>(simd: S, samples: &mut [$kind], strip: &Strip, sorted: &mut [Vec<$kind>; 5]) {
            let len = <S::$lanes as SimdBase<S>>::LEN;
            let radius = strip.reach[1];
            let (stride, step, width) = (strip.stride, strip.step, strip.width());
            sorted.iter_mut().for_each(|row| row.resize(row.len().max(stride + MOST), <$kind>::default()));
            let load = |row: &[$kind], at: usize| $vector::<S>(S::$lanes::from_slice(simd, &row[at..at + len]));
            for row in 0..strip.rows {
                let line = |k: usize| &samples[(row + k) * stride..];
                // The last register may begin before the one before it ends.
                let starts = |count: usize| (0..count).step_by(len).map(move |at| at.min(count.max(len) - len));
                for at in starts(width) {
                    let value = |k: usize| load(line(k), at);
                    if radius == 1 {
                        let column = sort_columns([value(0), value(1), value(2)]);
                        column.iter().zip(&mut *sorted).for_each(|(v, row)| v.0.store_slice(&mut row[at..at + len]));
                    } else {
                        let column = sort_columns([value(0), value(1), value(2), value(3), value(4)]);
                        column.iter().zip(&mut *sorted).for_each(|(v, row)| v.0.store_slice(&mut row[at..at + len]));
                    }
                }
                let [first, second, third, fourth, fifth] = &*sorted;
                for at in starts(strip.samples) {
                    let three = |x: usize| {
                        let at = at + x * step;
                        [load(first, at), load(second, at), load(third, at)]
                    };
                    let five = |x: usize| {
                        let [a, b, c] = three(x);
                        [a, b, c, load(fourth, at + x * step), load(fifth, at + x * step)]
                    };
                    let middle = if radius == 1 {
                        middle9([three(0), three(1), three(2)])
                    } else {
                        middle25([five(0), five(1), five(2), five(3), five(4)])
                    };
                    middle.0.store_slice(&mut samples[row * stride + at..][..len]);
                }
            }
        }
    };
}
network!(network_codes, u8, Codes, u8s);
network!(network_floats, f32, Floats, f32s);

/// The same, sample by sample.
fn network_scalar<T: Order>(samples: &mut [T], strip: &Strip) {
    let (radius, stride, step) = (strip.reach[1], strip.stride, strip.step);
    for row in 0..strip.rows {
        for at in 0..strip.samples {
            let value = |x: usize, k: usize| samples[(row + k) * stride + at + x * step];
            let middle = if radius == 1 {
                middle9(core::array::from_fn(|x| sort_columns::<_, 3>(core::array::from_fn(|k| value(x, k)))))
            } else {
                middle25(core::array::from_fn(|x| sort_columns::<_, 5>(core::array::from_fn(|k| value(x, k)))))
            };
            // Later samples of this row read rows from this one on, but no column before this one: keep it aside.
            samples[row * stride + at] = middle;
        }
    }
}

/// Medians of a strip of interleaved codes, in place: row `i` of the result is row `i` of the strip.
pub(super) fn codes(isa: Isa, samples: &mut [u8], strip: &Strip, scratch: &mut Scratch) {
    match (strip.reach[1], isa) {
        (0, _) => {}
        (1 | 2, Isa::Simd(level)) => {
            dispatch!(level, simd => network_codes(simd, samples, strip, &mut scratch.sorted_codes));
        }
        (1 | 2, Isa::Scalar) => network_scalar(samples, strip),
        _ => blocks(strip, BLOCK, |block| {
            for channel in 0..strip.step {
                scratch.take_plane(samples, strip, &block, channel);
                match isa {
                    Isa::Simd(level) => dispatch!(level, simd => scratch.count(Registers(simd), &block)),
                    Isa::Scalar => scratch.count(OneByOne, &block),
                }
                for y in 0..block.height {
                    let out = &mut samples[(block.y + y) * strip.stride + block.x * strip.step + channel..];
                    let found = &scratch.result[y * BLOCK..][..block.width];
                    out.iter_mut().step_by(strip.step).zip(found).for_each(|(out, found)| *out = *found);
                }
            }
        }),
    }
}

/// The same for one plane of floats.
pub(super) fn floats(isa: Isa, samples: &mut [f32], strip: &Strip, scratch: &mut Scratch) {
    match (strip.reach[1], isa) {
        (0, _) => {}
        (1 | 2, Isa::Simd(level)) => {
            dispatch!(level, simd => network_floats(simd, samples, strip, &mut scratch.sorted_floats));
        }
        (1 | 2, Isa::Scalar) => network_scalar(samples, strip),
        _ => blocks(strip, RANKED, |block| scratch.rank(samples, strip, &block)),
    }
}

/// A part of a strip, and how far its windows reach.
#[derive(Clone, Copy, Debug)]
struct Block {
    x: usize,
    y: usize,
    width: usize,
    height: usize,
    radius: usize,
}

/// Cuts a strip into blocks, rows first: what is written in place is not read by a later block.
fn blocks(strip: &Strip, side: usize, mut work: impl FnMut(Block)) {
    let columns = strip.samples / strip.step;
    for y in (0..strip.rows).step_by(side) {
        for x in (0..columns).step_by(side) {
            let (width, height) = (side.min(columns - x), side.min(strip.rows - y));
            work(Block { x, y, width, height, radius: strip.reach[1] });
        }
    }
}

/// Columns of a plane of the counting form: a block with its halo, and room for a register.
const PLANE: usize = (BLOCK + 2 * crate::graph::Window::MOST_MEDIAN).next_multiple_of(MOST) + MOST;

/// Codes between which medians lie: at least `low`, below `high`, and how many medians reach either.
#[derive(Clone, Copy, Debug)]
struct Between {
    low: u32,
    reach_low: u32,
    high: u32,
    reach_high: u32,
}

impl Scratch {
    /// Copies one channel of a block with its halo. Columns beyond it repeat the last, so that whole registers count.
    fn take_plane(&mut self, samples: &[u8], strip: &Strip, block: &Block, channel: usize) {
        let (width, height) = (block.width + 2 * block.radius, block.height + 2 * block.radius);
        self.plane.resize(self.plane.len().max(height * PLANE), 0);
        for (y, row) in self.plane.chunks_exact_mut(PLANE).take(height).enumerate() {
            let from = &samples[(block.y + y) * strip.stride + block.x * strip.step + channel..];
            row.iter_mut().take(width).zip(from.iter().step_by(strip.step)).for_each(|(to, from)| *to = *from);
            let last = row[width - 1];
            row[width..].fill(last);
        }
    }

    /// Finds the medians of the block in `plane`.
    #[inline(always)]
    fn count(&mut self, counting: impl Counting, block: &Block) {
        let height = block.height + 2 * block.radius;
        let plane = &self.plane[..height * PLANE];
        let (mut least, mut most) = (u8::MAX, 0);
        plane.iter().for_each(|v| (least, most) = (least.min(*v), most.max(*v)));
        self.result.clear();
        self.result.resize(BLOCK * BLOCK, least);
        let all = (block.height * BLOCK) as u32;
        let mut open = [Between { low: 0, reach_low: 0, high: 0, reach_high: 0 }; 16];
        open[0] = Between { low: least.into(), reach_low: all, high: u32::from(most) + 1, reach_high: 0 };
        let mut depth = 1;
        while depth > 0 {
            depth -= 1;
            let Between { low, reach_low, high, reach_high } = open[depth];
            if high - low <= 1 || reach_low == reach_high {
                continue;
            }
            let middle = low.midpoint(high);
            let reach = self.reaching(counting, middle as u8, block);
            // At most one interval more than halvings of 256 codes is open at a time.
            open[depth] = Between { low, reach_low, high: middle, reach_high: reach };
            open[depth + 1] = Between { low: middle, reach_low: reach, high, reach_high };
            depth += 2;
        }
    }

    /// Raises the medians that reach a code to it, and tells how many do.
    #[inline(always)]
    fn reaching(&mut self, counting: impl Counting, code: u8, block: &Block) -> u32 {
        let side = 2 * block.radius + 1;
        let half = (side * side / 2) as u16;
        let height = block.height + 2 * block.radius;
        self.across.resize(self.across.len().max(height * BLOCK), 0);
        let columns = BLOCK + 2 * block.radius;
        let mut run = [0u8; PLANE];
        let mut counts = [0u16; BLOCK];
        let mut hits = [0u16; BLOCK];
        for y in 0..height {
            counting.ones(&self.plane[y * PLANE..][..PLANE], code, &mut run, columns);
            let across = &mut self.across[y * BLOCK..][..BLOCK];
            counting.box_sum(&mut run, columns, side, across);
            for (count, across) in counts.iter_mut().zip(&*across) {
                *count += u16::from(*across);
            }
            let Some(row) = (y + 1).checked_sub(side) else { continue };
            let result = &mut self.result[row * BLOCK..][..BLOCK];
            for ((count, hits), result) in counts.iter().zip(&mut hits).zip(result) {
                let reaches = *count > half;
                *hits += u16::from(reaches);
                *result = (*result).max(if reaches { code } else { 0 });
            }
            for (count, across) in counts.iter_mut().zip(&self.across[row * BLOCK..][..BLOCK]) {
                *count -= u16::from(*across);
            }
        }
        hits.iter().map(|hits| u32::from(*hits)).sum()
    }

    /// Finds the medians of a block of floats, in place.
    fn rank(&mut self, samples: &mut [f32], strip: &Strip, block: &Block) {
        let (width, height) = (block.width + 2 * block.radius, block.height + 2 * block.radius);
        let at = |x: usize, y: usize| (block.y + y) * strip.stride + block.x + x;
        // Unsigned numbers in the order of the floats.
        let key = |value: f32| {
            let bits = value.to_bits();
            if bits >> 31 == 0 { bits | 1 << 31 } else { !bits }
        };
        self.order.clear();
        for y in 0..height {
            let row = &samples[at(0, y)..][..width];
            self.order.extend(row.iter().enumerate().map(|(x, value)| (key(*value), (y * width + x) as u32)));
        }
        self.order.sort_unstable();
        self.ranks.resize(self.ranks.len().max(width * height), 0);
        self.floats.clear();
        for (rank, (key, place)) in self.order.iter().enumerate() {
            self.ranks[*place as usize] = rank as u16;
            self.floats.push(f32::from_bits(if key >> 31 == 1 { key & !(1 << 31) } else { !key }));
        }
        let side = 2 * block.radius + 1;
        for y in 0..block.height {
            let mut window = Ranks::new((side * side / 2) as u32);
            let column = |x: usize| (y..y + side).map(move |y| y * width + x);
            (0..side - 1).flat_map(column).for_each(|place| window.add(self.ranks[place]));
            for x in 0..block.width {
                column(x + side - 1).for_each(|place| window.add(self.ranks[place]));
                samples[at(x, y)] = self.floats[window.middle()];
                column(x).for_each(|place| window.remove(self.ranks[place]));
            }
        }
    }
}

/// Registers of a row, for loops that compilers do not vectorize by themselves: they read ahead of what they write.
trait Counting: Copy {
    /// 1 where a sample reaches the code, else 0.
    fn ones(self, row: &[u8], code: u8, out: &mut [u8; PLANE], count: usize);
    /// Sums of `side` neighbors, from runs of 1, 2, 4 … of them; at most 31, so that they fit.
    fn box_sum(self, run: &mut [u8; PLANE], count: usize, side: usize, out: &mut [u8]);
}

/// One sample at a time.
#[derive(Clone, Copy)]
struct OneByOne;

impl Counting for OneByOne {
    fn ones(self, row: &[u8], code: u8, out: &mut [u8; PLANE], count: usize) {
        out[..count].iter_mut().zip(row).for_each(|(one, value)| *one = u8::from(*value >= code));
    }
    fn box_sum(self, run: &mut [u8; PLANE], _: usize, side: usize, out: &mut [u8]) {
        for (x, out) in out.iter_mut().enumerate() {
            *out = run[x..x + side].iter().sum();
        }
    }
}

#[derive(Clone, Copy)]
struct Registers<S: Simd>(S);

impl<S: Simd> Counting for Registers<S> {
    #[inline(always)]
    fn ones(self, row: &[u8], code: u8, out: &mut [u8; PLANE], count: usize) {
        let len = <S::u8s as SimdBase<S>>::LEN;
        let (code, one, zero) = (S::u8s::splat(self.0, code), S::u8s::splat(self.0, 1), S::u8s::splat(self.0, 0));
        for at in (0..count).step_by(len) {
            let reaches = S::u8s::from_slice(self.0, &row[at..at + len]).simd_ge(code);
            let ones: S::u8s = reaches.select(one, zero);
            ones.store_slice(&mut out[at..at + len]);
        }
    }

    #[inline(always)]
    fn box_sum(self, run: &mut [u8; PLANE], count: usize, side: usize, out: &mut [u8]) {
        let len = <S::u8s as SimdBase<S>>::LEN;
        let load = |from: &[u8], at: usize| S::u8s::from_slice(self.0, &from[at..at + len]);
        let (mut done, mut length) = (0, 1);
        loop {
            if side & length != 0 {
                for at in (0..BLOCK).step_by(len) {
                    let sum = load(run, at + done);
                    let sum = if done == 0 { sum } else { sum + load(out, at) };
                    sum.store_slice(&mut out[at..at + len]);
                }
                done += length;
            }
            if 2 * length > side {
                break;
            }
            for at in (0..count).step_by(len) {
                let longer = load(run, at) + load(run, at + length);
                longer.store_slice(&mut run[at..at + len]);
            }
            length *= 2;
        }
    }
}

/// Words of a set of ranks.
const WORDS: usize =
    ((RANKED + 2 * crate::graph::Window::MOST_MEDIAN) * (RANKED + 2 * crate::graph::Window::MOST_MEDIAN)).div_ceil(64);

/// The ranks in a window, and about where the middle one is.
struct Ranks {
    words: [u64; WORDS],
    word: usize,
    /// Ranks in the words before `word`.
    below: u32,
    half: u32,
}

impl Ranks {
    fn new(half: u32) -> Self {
        Self { words: [0; WORDS], word: 0, below: 0, half }
    }

    fn add(&mut self, rank: u16) {
        let word = usize::from(rank) / 64;
        self.words[word] |= 1 << (rank % 64);
        self.below += u32::from(word < self.word);
    }

    fn remove(&mut self, rank: u16) {
        let word = usize::from(rank) / 64;
        self.words[word] &= !(1 << (rank % 64));
        self.below -= u32::from(word < self.word);
    }

    /// The rank with `half` others below it.
    fn middle(&mut self) -> usize {
        while self.below > self.half {
            self.word -= 1;
            self.below -= self.words[self.word].count_ones();
        }
        while self.below + self.words[self.word].count_ones() <= self.half {
            self.below += self.words[self.word].count_ones();
            self.word += 1;
        }
        let mut word = self.words[self.word];
        for _ in self.below..self.half {
            word &= word - 1;
        }
        64 * self.word + word.trailing_zeros() as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers without an order, the same everywhere.
    fn noise(count: usize) -> Vec<u8> {
        (0..count as u32)
            .map(|i| (i.wrapping_mul(0x9e37_79b9).rotate_left(11).wrapping_mul(0x85eb_ca6b) >> 24) as u8)
            .collect()
    }

    #[test]
    fn networks_find_the_middle() {
        for values in noise(2000 * 25).chunks_exact(25) {
            let mut sorted = values.to_vec();
            sorted.sort_unstable();
            let columns = core::array::from_fn(|x| sort_columns::<_, 5>(core::array::from_fn(|k| values[5 * x + k])));
            assert_eq!(middle25(columns), sorted[12]);
            let mut nine = values[..9].to_vec();
            nine.sort_unstable();
            let columns = core::array::from_fn(|x| sort_columns::<_, 3>(core::array::from_fn(|k| values[3 * x + k])));
            assert_eq!(middle9(columns), nine[4]);
        }
    }

    #[test]
    fn all_forms_agree_with_sorting() {
        let mut scratch = Scratch::default();
        for radius in [1, 2, 3, 10, 15] {
            let (columns, rows) = (140, 131);
            let (width, height) = (columns + 2 * radius, rows + 2 * radius);
            // A padded row, as the strips have it; one smooth side, so that blocks differ.
            let stride = width + MOST;
            let mut codes = noise(stride * height + MOST);
            codes
                .iter_mut()
                .enumerate()
                .for_each(|(i, v)| *v = if i % stride > 70 { *v } else { (i / stride + 60) as u8 });
            let floats: Vec<f32> = codes.iter().map(|v| f32::from(*v) - 100.0).collect();
            let strip = Strip { rows, samples: columns, step: 1, stride, reach: [radius; 2] };
            let expected = |x: usize, y: usize| {
                let mut window: Vec<u8> = (0..2 * radius + 1)
                    .flat_map(|dy| codes[(y + dy) * stride + x..][..2 * radius + 1].to_vec())
                    .collect();
                window.sort_unstable();
                window[window.len() / 2]
            };
            let (mut found, mut found_floats) = (codes.clone(), floats.clone());
            super::codes(Isa::Scalar, &mut found, &strip, &mut scratch);
            super::floats(Isa::Scalar, &mut found_floats, &strip, &mut scratch);
            for (x, y) in (0..rows).step_by(7).flat_map(|y| (0..columns).map(move |x| (x, y))) {
                assert_eq!(found[y * stride + x], expected(x, y), "radius {radius} at {x}, {y}");
                assert_eq!(found_floats[y * stride + x], f32::from(expected(x, y)) - 100.0, "radius {radius}");
            }
        }
    }
}
