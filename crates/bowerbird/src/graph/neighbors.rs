//! The neighbors that a bilateral mean looks at.
//!
//! A square of 2σ holds 81 pixels at σ = 2 and 30 000 at σ = 43, and the mean of a few hundred of them, well spread, is
//! the same to the eye. From σ = 2 pixels on, where the catalogue allows it, a neighbor is taken with a probability that
//! falls with its distance, and counts as much more as it is taken less often (importance sampling): the far ones, whose
//! weights are small, are looked at rarely and alike. Which ones is decided once for all pixels, by an order that
//! spreads evenly, and each with the one opposite, so that a slope of colors stays where it is. The cost of a pixel
//! ends at some 370 neighbors, whatever σ is. A range above an eighth lets more unlike colors into the mean, so more of
//! them are looked at, up to four times as many.
//!
//! Against the sum over the square (photographs of 600×400, range 0.1): 58 to 66 dB at σ = 2 with 45 of 81, 56 to 61 dB
//! at σ = 8.6 with 375 of 1369. OpenCV's disc with L1 distances has 42 to 50 dB at σ = 2.

/// A list of neighbors: which they are and how much they count by distance.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Neighbors {
    sigma: f64,
    radius: i32,
    /// The σ from which on a neighbor's distance only decides how often it is taken, not how much it counts.
    alike_sigma: f64,
}

impl Neighbors {
    /// How many there are at most.
    pub(crate) const MOST: usize = 1600;
    /// Entries of one: its offset along x and along y, and the binary logarithm of its weight, at most 0.
    pub(crate) const ENTRIES: usize = 3;

    /// The least σ at which not all of the square need be looked at.
    pub(crate) const LEAST_SIGMA: f64 = 2.0;
    /// `alike_sigma` as a part of the range, and between which bounds.
    const ALIKE_SIGMA: (f64, f64, f64) = (64.0, 8.0, 16.0);

    /// The neighbors within 2σ along both axes, but no farther than `most`, for a standard deviation `range` of likeness.
    pub(crate) fn of(sigma: f64, range: f64, most: u32) -> Self {
        let (of_range, low, high) = Self::ALIKE_SIGMA;
        let alike_sigma = (of_range * range).clamp(low, high);
        Self { sigma, radius: (2.0 * sigma).ceil().min(f64::from(most)) as i32, alike_sigma }
    }

    /// More of them, for what makes differences plainer: half the square of the error.
    pub(crate) fn denser(self) -> Self {
        Self { alike_sigma: (self.alike_sigma * core::f64::consts::SQRT_2).min(Self::ALIKE_SIGMA.2), ..self }
    }

    /// Their standard deviation, in pixels.
    pub(crate) fn sigma(self) -> f64 {
        self.sigma
    }

    /// How far they lie along each axis.
    pub(crate) fn radius(self) -> u32 {
        self.radius.unsigned_abs()
    }

    /// Fills a table with them, row by row, and returns how many they are. The pixel itself is one of them.
    pub(crate) fn fill(self, table: &mut [f32]) -> usize {
        let mut entries = table.chunks_exact_mut(Self::ENTRIES);
        let spread = self.spread();
        // One taken always has its own weight, the others count as much as the rarest weigh together.
        let scale = spread.max(1.0);
        let mut count = 0;
        for (dy, dx) in (-self.radius..=self.radius).flat_map(|dy| (-self.radius..=self.radius).map(move |dx| (dy, dx)))
        {
            let weight = self.weight(dx, dy);
            let likely = if (dx, dy) == (0, 0) { 1.0 } else { (weight / spread).min(1.0) };
            if rank(dx, dy) >= likely {
                continue;
            }
            let Some(entry) = entries.next() else { break };
            entry.copy_from_slice(&[dx as f32, dy as f32, (weight / likely / scale).log2().min(0.0) as f32]);
            count += 1;
        }
        count
    }

    fn weight(self, dx: i32, dy: i32) -> f64 {
        let square = f64::from(dx).powi(2) + f64::from(dy).powi(2);
        (-square / (2.0 * self.sigma * self.sigma).max(1e-300)).exp()
    }

    /// The weight from which on a neighbor is always taken. It keeps the error of the mean, as a part of how much the
    /// colors in it vary, the same for all σ: with the weight e of the square's middle edge, the square of that error is
    /// (spread − e)²/4πσ²(1 − e)² while the spread is below 1, and spread/2πσ²(1 − e) above.
    fn spread(self) -> f64 {
        let edge = (-2f64).exp();
        let part = self.sigma / self.alike_sigma;
        if self.sigma < Self::LEAST_SIGMA {
            0.0
        } else if part < 1.0 {
            edge + (1.0 - edge) * part
        } else {
            part * part
        }
    }
}

/// The place of an offset in the order that offsets are taken in, 0..1: interleaved gradient noise (Jimenez 2014), in
/// which the neighbors of a place have places far from its own. Opposite offsets share one.
fn rank(dx: i32, dy: i32) -> f64 {
    let (dx, dy) = if (dy, dx) < (0, 0) { (dx, dy) } else { (-dx, -dy) };
    // Any start does; with this one both halves of a row differ.
    let [x, y] = [dx, dy].map(|offset| f64::from(offset + 100));
    (52.982_918_9 * (0.067_110_56 * x + 0.005_837_15 * y).rem_euclid(1.0)).rem_euclid(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(sigma: f64, range: f64) -> Vec<[f32; 3]> {
        let mut table = vec![0.0; Neighbors::MOST * Neighbors::ENTRIES];
        let count = Neighbors::of(sigma, range, u32::MAX).fill(&mut table);
        table.as_chunks().0[..count].to_vec()
    }

    #[test]
    fn all_of_a_small_square_are_taken() {
        assert_eq!(list(0.0, 0.1), [[0.0, 0.0, 0.0]]);
        assert_eq!(list(1.0, 0.1).len(), 25);
        assert_eq!(list(1.99, 0.1).len(), 81);
    }

    #[test]
    fn of_a_wide_square_few_are_taken_evenly() {
        let sigmas = (20..200).chain([250, 430, 800]).map(|tenths| f64::from(tenths) / 10.0);
        for (sigma, range) in sigmas.flat_map(|sigma| [(sigma, 0.1), (sigma, 1.0)]) {
            let list = list(sigma, range);
            let name = format!("{} at σ = {sigma}, range {range}", list.len());
            assert!((40..Neighbors::MOST).contains(&list.len()), "{name}");
            assert!(list.iter().all(|[_, _, weight]| *weight <= 0.0), "{name}");
            let opposite = |[x, y, weight]: [f32; 3]| list.contains(&[-x, -y, weight]);
            assert!(list.iter().all(|neighbor| opposite(*neighbor)), "{name}");
            // As wide as the whole square.
            let of = |list: &[[f32; 3]]| {
                let sum = |value: fn(f64) -> f64| -> f64 {
                    list.iter().map(|[x, _, weight]| value(f64::from(*x)) * f64::from(weight.exp2())).sum()
                };
                (sum(|x| x * x) / sum(|_| 1.0)).sqrt()
            };
            let radius = Neighbors::of(sigma, range, u32::MAX).radius;
            let whole: Vec<[f32; 3]> = (-radius..=radius)
                .flat_map(|y| (-radius..=radius).map(move |x| (x, y)))
                .map(|(x, y)| {
                    let square = f64::from(x * x + y * y);
                    let weight = square / (-2.0 * sigma * sigma) * core::f64::consts::LOG2_E;
                    [x as f32, y as f32, weight as f32]
                })
                .collect();
            let part = of(&list) / of(&whole);
            // 350 samples know a deviation to 4 %.
            assert!((0.9..1.1).contains(&part), "{part}: {name}");
        }
    }
}
