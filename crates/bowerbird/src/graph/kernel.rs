//! The hand-written operations: what they compute, independent of the backend.

use crate::effect::{Edge, Weights};

/// A direction of a separable operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Axis {
    X,
    Y,
}

/// One axis of a symmetric convolution.
///
/// Uniform 0 is the radius, uniform 1 the standard deviation of a Gaussian or the radius of a box with its fraction;
/// table 0 holds the weights of offsets 0..=radius. A larger radius than `capacity` is a new plan; any other is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Convolve {
    pub(crate) axis: Axis,
    pub(crate) edge: Edge,
    /// Whether the weights are those of a box, which the CPU sums as it goes.
    pub(crate) is_box: bool,
    pub(crate) capacity: usize,
}

/// Both axes of a convolution, as they run: by the sum itself, or on a pyramid.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Blur {
    /// Radius along x and y, in pixels.
    radii: [usize; 2],
    /// Standard deviation along x and y where they are Gaussians.
    sigmas: [f64; 2],
    /// How many times the picture is halved before the Gaussian runs; 0 for the direct sum.
    pub(crate) octaves: usize,
    /// The radii along x and y where the weights are those of boxes.
    pub(crate) boxes: Option<[f64; 2]>,
}

impl Blur {
    /// The least standard deviation, in samples of the coarsest level, that is left for the Gaussian itself.
    ///
    /// It suppresses what the octaves fold over and what interpolation leaves: at worst 7·10⁻⁴ of a sinusoid's
    /// amplitude, at a fifth of the sampling frequency. With 2.4 hard edges come out no better, and 8 px takes 29 ms in
    /// the place of 20.
    const LEAST_SIGMA: f64 = 1.8;

    /// The blur of two convolutions, along x and then along y.
    pub(crate) fn of(across: &super::Node, down: &super::Node, values: &super::Values) -> Self {
        let number =
            |node: &super::Node, slot: usize| values.uniforms.get(node.uniforms.0 + slot).copied().unwrap_or(0.0);
        let both = [across, down];
        let radii = both.map(|node| number(node, 0) as usize);
        let sizes = both.map(|node| f64::from(number(node, 1)));
        if matches!(down.op, super::Op::Convolve(Convolve { is_box: true, .. })) {
            return Self { radii, sigmas: [0.0; 2], octaves: 0, boxes: Some(sizes) };
        }
        Self { radii, ..Self::gaussian(sizes) }
    }

    /// A Gaussian by its standard deviations.
    pub(crate) fn gaussian(sigmas: [f64; 2]) -> Self {
        let radii = sigmas.map(|sigma| Weights::Gaussian { sigma }.radius());
        let mut blur = Self { radii, sigmas, octaves: 0, boxes: None };
        while blur.residual(blur.octaves + 1).iter().all(|variance| *variance >= Self::LEAST_SIGMA.powi(2)) {
            blur.octaves += 1;
        }
        blur
    }

    /// Whether the catalogue allows other methods than the sum itself: a Gaussian of at least 1.5 pixels on both axes.
    pub(crate) fn may_approximate(&self) -> bool {
        self.sigmas.iter().all(|sigma| *sigma >= 1.5)
    }

    /// Whether it has few taps: a sum of some 40 roundings is still right to a fraction of an 8-bit code. Wider boxes are
    /// faster by running sums (3840×2160, two threads: 1 px 20.7 to 6.3 ms, 8 px 22 to 13.6, 16 px 23.8 to 22.6).
    pub(crate) fn is_narrow(&self) -> bool {
        let most = if self.boxes.is_some() { 14 } else { 20 };
        self.radii.iter().all(|radius| *radius <= most)
    }

    /// The variances that a number of octaves leaves to the coarsest level, in its samples. The binomial filter has a
    /// variance of 1 sample, on the way down and on the way up.
    fn residual(&self, octaves: usize) -> [f64; 2] {
        let samples = 4f64.powi(octaves as i32);
        self.sigmas.map(|sigma| (sigma * sigma - 2.0 * (samples - 1.0) / 3.0) / samples)
    }

    fn coarse(&self) -> [Weights; 2] {
        self.residual(self.octaves).map(|variance| Weights::Gaussian { sigma: variance.max(0.0).sqrt() })
    }

    /// The radii at full size.
    #[cfg(feature = "gpu")]
    pub(crate) fn radii(&self) -> [usize; 2] {
        self.radii
    }

    /// The radii of the Gaussian on the coarsest level.
    pub(crate) fn coarse_radii(&self) -> [usize; 2] {
        if self.octaves == 0 { self.radii } else { self.coarse().map(Weights::radius) }
    }

    /// The weights of the Gaussian on the coarsest level, of offsets 0, 1, …
    pub(crate) fn fill_coarse(&self, weights: &mut [Vec<f32>; 2]) {
        for (gaussian, weights) in self.coarse().into_iter().zip(weights) {
            let radius = gaussian.radius();
            weights.resize(radius + 1, 0.0);
            gaussian.fill(radius, weights);
        }
    }

    /// Where the running sums of a box start anew, in rows: rarely enough that starting costs little, often enough for
    /// every thread to have work. Sums start at the same rows and columns however the picture is cut.
    pub(crate) fn restart(radius: f64) -> u32 {
        ((3.0 * radius) as u32).next_multiple_of(64).clamp(64, 512)
    }

    /// The pixel that running sums for a rectangle from (x, y) on start at.
    pub(crate) fn origin(&self, x: u32, y: u32) -> [u32; 2] {
        let Some([rx, ry]) = self.boxes else { return [x, y] };
        [x - x % Self::restart(rx), y - y % Self::restart(ry)]
    }

    /// How far the result depends on its input, in pixels along x and y.
    pub(crate) fn reach(&self) -> [u32; 2] {
        if let Some(boxes) = self.boxes {
            // A running sum reads the sample that leaves it, just beyond the box, even where no fraction of it counts.
            return boxes.map(|radius| radius as u32 + 1);
        }
        if self.octaves == 0 {
            return self.radii.map(|radius| radius as u32);
        }
        // Each octave reads two samples more on the way down, and on the way up one and what its coordinates are rounded
        // by: in all less than five of the coarsest level's.
        self.coarse_radii().map(|radius| ((radius + 5) << self.octaves) as u32)
    }
}

/// Which of the values in a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Extreme {
    /// The least: erosion.
    Least,
    /// The greatest: dilation.
    Greatest,
}

/// An operation on the window around each pixel whose size is a number. Uniform 0 is the radius in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Window {
    /// One axis of the extreme of a square.
    Line(Extreme, Axis),
    /// The extreme of a disc: dx² + dy² ≤ radius².
    Disc(Extreme),
    /// The middle value of a square, channel by channel.
    Median,
    /// The mean of neighbors weighted by distance and by likeness. Uniform 1: how many they are; table 0 holds them, see
    /// [`super::Neighbors`]. Uniform 2: −log₂e/2σ² of likeness; uniform 3: σ of distance in pixels.
    Bilateral,
}

impl Window {
    /// The radius of the largest median.
    pub(crate) const MOST_MEDIAN: usize = 15;

    /// How far it reads along x and y.
    pub(crate) fn reach(self, radius: usize) -> [usize; 2] {
        match self {
            Self::Line(_, Axis::X) => [radius, 0],
            Self::Line(_, Axis::Y) => [0, radius],
            _ => [radius, radius],
        }
    }

    /// The name in plans and shaders.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Line(Extreme::Least, _) | Self::Disc(Extreme::Least) => "erode",
            Self::Line(Extreme::Greatest, _) | Self::Disc(Extreme::Greatest) => "dilate",
            Self::Median => "median",
            Self::Bilateral => "bilateral",
        }
    }
}

/// How a line of pixels is smoothed; see [`crate::effects::denoise::domain_transform`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Method {
    /// A recursion.
    Rf,
    /// The mean of a window.
    Nc,
    /// The mean of the curve through the pixels.
    Ic,
}

/// A smoothing of all rows and all columns in turns. Uniform 0 is σ in pixels, uniform 1 the range of colors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Transform {
    pub(crate) method: Method,
    /// How many times.
    pub(crate) iterations: usize,
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
    /// The equalizing curve of each tile, 256 entries; see [`super::Tiles`] for the uniforms.
    Tiles { capacity: usize },
}

impl Reduce {
    /// Whether it reads its input in an order of its own rather than pixel by pixel.
    pub(crate) fn gathers(self) -> bool {
        matches!(self, Self::Cells { .. } | Self::Tiles { .. })
    }

    /// How many entries its table has.
    pub(crate) fn entries(self) -> usize {
        match self {
            Self::Histogram(finish) => finish.entries(),
            Self::Cells { capacity, .. } => 4 * capacity,
            Self::Tiles { capacity } => super::LEVELS * capacity,
        }
    }

    /// The name in plans.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Histogram(Finish::Equalize { .. }) => "histogram",
            Self::Histogram(Finish::Otsu) => "otsu",
            Self::Cells { .. } => "cell_means",
            Self::Tiles { .. } => "tile_curves",
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
