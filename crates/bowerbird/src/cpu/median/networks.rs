//! Medians of squares of radius 1 and 2, by networks of minima and maxima.

use crate::cpu::window::Strip;
use fearless_simd::{Simd, prelude::*};

/// What samples a register is wider than; rows are padded by as much.
const MOST: usize = 64;

/// Values that have an order, one or a register of them.
pub(super) trait Order: Copy {
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
        pub(super) fn $name<S: Simd>(simd: S, samples: &mut [$kind], strip: &Strip, sorted: &mut [Vec<$kind>; 5]) {
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
pub(super) fn network_scalar<T: Order>(samples: &mut [T], strip: &Strip) {
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

#[cfg(test)]
mod tests {
    use super::super::tests::noise;
    use super::*;

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
}
