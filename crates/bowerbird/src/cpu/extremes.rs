//! The least and the greatest sample of windows: discs of codes and floats, and rectangles of floats.
//!
//! Runs of 2, 4, 8 … samples, and two overlapping runs at the end. What a sample becomes does not depend on where a strip
//! begins, so of zeros of both signs every cut of the work chooses the same.

use super::window::Strip;
use crate::effect::Isa;
use crate::graph::Extreme;
use fearless_simd::{Simd, dispatch, prelude::*};

/// Samples that registers hold.
pub(super) trait Sample: Copy + PartialOrd + Default {
    /// `a[i]` becomes the extreme of it and `b[i]`; the slices are of one length.
    fn with_other(isa: Isa, extreme: Extreme, a: &mut [Self], b: &[Self]);
    /// `row[i]` becomes the extreme of it and `row[i + shift]`, for `count` samples.
    fn with_shifted(isa: Isa, extreme: Extreme, row: &mut [Self], shift: usize, count: usize);
}

/// The lesser or the greater, with the answer of `minps` and `maxps` for zeros of both signs.
pub(super) fn pick<T: PartialOrd>(extreme: Extreme, a: T, b: T) -> T {
    let first = match extreme {
        Extreme::Least => a < b,
        Extreme::Greatest => a > b,
    };
    if first { a } else { b }
}

/// Compilers cannot know that rows of one vector do not overlap, so these loops are written with registers.
macro_rules! sample {
    ($kind:ty, $lanes:ident) => {
        impl Sample for $kind {
            fn with_other(isa: Isa, extreme: Extreme, a: &mut [Self], b: &[Self]) {
                let b = &b[..a.len()];
                let mut done = 0;
                if let Isa::Simd(level) = isa {
                    done = dispatch!(level, simd => other(simd, extreme, a, b));
                }
                a[done..].iter_mut().zip(&b[done..]).for_each(|(a, b)| *a = pick(extreme, *a, *b));

                #[inline(always)]
                fn other<S: Simd>(simd: S, extreme: Extreme, a: &mut [$kind], b: &[$kind]) -> usize {
                    let len = <S::$lanes as SimdBase<S>>::LEN;
                    let whole = a.len() / len * len;
                    for (a, b) in a.chunks_exact_mut(len).zip(b.chunks_exact(len)) {
                        let (first, second) = (S::$lanes::from_slice(simd, a), S::$lanes::from_slice(simd, b));
                        let found = if extreme == Extreme::Least { first.min(second) } else { first.max(second) };
                        found.store_slice(a);
                    }
                    whole
                }
            }

            fn with_shifted(isa: Isa, extreme: Extreme, row: &mut [Self], shift: usize, count: usize) {
                let row = &mut row[..count + shift];
                let mut done = 0;
                if let Isa::Simd(level) = isa {
                    done = dispatch!(level, simd => shifted(simd, extreme, row, shift, count));
                }
                (done..count).for_each(|i| row[i] = pick(extreme, row[i], row[i + shift]));

                /// What is read ahead is not yet written.
                #[inline(always)]
                fn shifted<S: Simd>(simd: S, extreme: Extreme, row: &mut [$kind], shift: usize, count: usize) -> usize {
                    let len = <S::$lanes as SimdBase<S>>::LEN;
                    let mut at = 0;
                    while at + len <= count {
                        let first = S::$lanes::from_slice(simd, &row[at..at + len]);
                        let second = S::$lanes::from_slice(simd, &row[at + shift..at + shift + len]);
                        let found = if extreme == Extreme::Least { first.min(second) } else { first.max(second) };
                        found.store_slice(&mut row[at..at + len]);
                        at += len;
                    }
                    at
                }
            }
        }
    };
}
sample!(u8, u8s);
sample!(f32, f32s);

/// Extremes of a rectangle, in place: runs of 2, 4, 8 … rows and samples, and two overlapping runs at the end. Row `i`
/// of the result is row `i` of the strip.
pub(super) fn lines<T: Sample>(isa: Isa, extreme: Extreme, samples: &mut [T], strip: &Strip) {
    let (stride, width) = (strip.stride, strip.width());
    let [rx, ry] = strip.reach;
    for shift in doublings(2 * ry + 1) {
        for row in 0..strip.height() - shift.done {
            let (above, below) = samples.split_at_mut((row + shift.by) * stride);
            T::with_other(isa, extreme, &mut above[row * stride..][..width], below);
        }
    }
    for row in samples.chunks_exact_mut(stride).take(strip.rows) {
        for shift in doublings(2 * rx + 1) {
            T::with_shifted(isa, extreme, row, shift.by * strip.step, width - shift.done * strip.step);
        }
    }
}

/// One step from runs of some length to longer ones.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Doubling {
    by: usize,
    /// How many samples at the end have no full run.
    done: usize,
}

/// The steps to runs of `length`.
fn doublings(length: usize) -> impl Iterator<Item = Doubling> {
    let mut run = 1;
    core::iter::from_fn(move || {
        let by = run.min(length - run);
        run += by;
        (by > 0).then_some(Doubling { by, done: run - 1 })
    })
}

/// Extremes of a disc, in place: of each of its rows from two overlapping runs.
pub(super) fn discs<T: Sample>(isa: Isa, extreme: Extreme, samples: &mut [T], runs: &mut Vec<T>, strip: &Strip) {
    let radius = strip.reach[1];
    let (stride, step, width) = (strip.stride, strip.step, strip.width());
    let levels = (2 * radius + 1).ilog2() as usize + 1;
    let plane = stride * strip.height();
    if runs.len() < levels * plane {
        runs.resize(levels * plane, T::default());
    }
    runs[..plane].copy_from_slice(&samples[..plane]);
    for level in 1..levels {
        let (before, after) = runs.split_at_mut(level * plane);
        let before = &before[(level - 1) * plane..];
        let shift = step << (level - 1);
        let valid = width + step - (step << level);
        for (from, to) in before.chunks_exact(stride).zip(after.chunks_exact_mut(stride)).take(strip.height()) {
            to[..valid].copy_from_slice(&from[..valid]);
            T::with_other(isa, extreme, &mut to[..valid], &from[shift..]);
        }
    }
    for row in 0..strip.rows {
        let out = &mut samples[row * stride..][..strip.samples];
        for dy in 0..=2 * radius {
            let distance = dy.abs_diff(radius);
            let half = (radius * radius - distance * distance).isqrt();
            let level = (2 * half + 1).ilog2() as usize;
            let line = &runs[level * plane + (row + dy) * stride..];
            let (first, second) = (radius - half, radius + half + 1 - (1 << level));
            let (first, second) = (&line[first * step..][..strip.samples], &line[second * step..][..strip.samples]);
            if dy == 0 {
                out.copy_from_slice(first);
            } else {
                T::with_other(isa, extreme, out, first);
            }
            T::with_other(isa, extreme, out, second);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doublings_end_at_the_length() {
        for length in 1..40 {
            let mut covered = vec![true; 1];
            for step in doublings(length) {
                let mut longer = covered.clone();
                longer.resize(covered.len() + step.by, false);
                covered.iter().enumerate().for_each(|(i, c)| longer[i + step.by] |= *c);
                covered = longer;
                assert_eq!(step.done + 1, covered.len());
            }
            assert_eq!(covered, vec![true; length], "{length}");
        }
    }
}
