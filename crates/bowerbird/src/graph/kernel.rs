//! The hand-written operations: what they compute, independent of the backend.

use crate::effect::Edge;

/// A direction of a separable operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Axis {
    X,
    Y,
}

/// One axis of a symmetric convolution.
///
/// Uniform 0 is the radius; table 0 holds the weights of offsets 0..=radius. A larger radius than `capacity` is a
/// new plan; any other is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Convolve {
    pub(crate) axis: Axis,
    pub(crate) edge: Edge,
    pub(crate) capacity: usize,
}

/// What a histogram becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Finish {
    /// 256 entries of the equalizing curve, or three times that when `channels`.
    Equalize { channels: bool },
    /// One entry: Otsu's threshold, a level 0..255.
    Otsu,
}

impl Finish {
    /// How many histograms it is made of: luma alone, or red, green and blue.
    pub(crate) fn histograms(self) -> usize {
        match self {
            Self::Equalize { channels: true } => 3,
            Self::Equalize { channels: false } | Self::Otsu => 1,
        }
    }

    /// How many entries it leaves.
    pub(crate) fn entries(self) -> usize {
        match self {
            Self::Equalize { .. } => 256 * self.histograms(),
            Self::Otsu => 1,
        }
    }
}

/// The shape of pixelate's cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum CellShape {
    Square,
    Hex,
    Polar,
}

/// An operation on the whole picture whose result is a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Reduce {
    /// Counts of the 256 levels of display luma, or of each channel, over pixels with alpha ≥ ½.
    Histogram(Finish),
    /// The mean of each cell of a lattice, four entries a cell.
    ///
    /// Uniforms: cell size, lattice columns, lattice rows, first column, first row, center x, center y, sectors;
    /// see [`crate::effects::stylize::pixelate`].
    Cells { shape: CellShape, capacity: usize },
}

impl Reduce {
    /// Whether it reads its input in an order of its own rather than pixel by pixel.
    pub(crate) fn gathers(self) -> bool {
        matches!(self, Self::Cells { .. })
    }

    /// How many entries its table has.
    pub(crate) fn entries(self) -> usize {
        match self {
            Self::Histogram(finish) => finish.entries(),
            Self::Cells { capacity, .. } => 4 * capacity,
        }
    }

    /// The name in plans.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Histogram(Finish::Equalize { .. }) => "histogram",
            Self::Histogram(Finish::Otsu) => "otsu",
            Self::Cells { .. } => "cell_means",
        }
    }
}

/// Equalization and Otsu from counts: the end of a reduction, the same on both backends.
impl Finish {
    /// Turns `histograms()` rows of 256 counts into the table.
    pub(crate) fn finish(self, counts: &[u32], table: &mut [f32]) {
        match self {
            Self::Equalize { .. } => {
                for (counts, table) in counts.chunks_exact(256).zip(table.chunks_exact_mut(256)) {
                    equalize(counts, table);
                }
            }
            Self::Otsu => table[0] = otsu(counts) as f32,
        }
    }
}

/// The equalizing curve of Gonzalez and Woods; with one occupied level the straight line.
fn equalize(counts: &[u32], table: &mut [f32]) {
    let total: u64 = counts.iter().map(|c| u64::from(*c)).sum();
    let lowest = counts.iter().find(|c| **c > 0).map_or(0, |c| u64::from(*c));
    let mut sum = 0u64;
    for (level, (count, entry)) in counts.iter().zip(table).enumerate() {
        sum += u64::from(*count);
        *entry = if total > lowest {
            let above = sum.saturating_sub(lowest) as f32 / (total - lowest) as f32;
            above.clamp(0.0, 1.0)
        } else {
            level as f32 / 255.0
        };
    }
}

/// The level that separates two classes best (Otsu 1979): the lowest on ties.
fn otsu(counts: &[u32]) -> usize {
    let total: f64 = counts.iter().map(|c| f64::from(*c)).sum();
    let weighted: f64 = counts.iter().enumerate().map(|(level, c)| level as f64 * f64::from(*c)).sum();
    let (mut below, mut below_weighted) = (0.0, 0.0);
    let (mut best, mut best_level) = (-1.0, 0);
    for (level, count) in counts.iter().enumerate().take(255) {
        below += f64::from(*count);
        below_weighted += level as f64 * f64::from(*count);
        let above = total - below;
        if below == 0.0 || above == 0.0 {
            continue;
        }
        let distance = below_weighted / below - (weighted - below_weighted) / above;
        let between = below * above * distance * distance;
        if between > best {
            (best, best_level) = (between, level);
        }
    }
    best_level
}
