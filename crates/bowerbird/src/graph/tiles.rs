//! Tiles of a picture, each with an equalizing curve of its own (Zuiderveld 1994).

use crate::frame::Frame;

/// Entries of a curve.
pub(crate) const LEVELS: usize = 256;

/// How a picture is cut into tiles. As uniforms: tiles along x and y, the limit, the full width and height.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Tiles {
    /// Along x and y.
    pub(crate) counts: [usize; 2],
    /// How many times the mean count of a level a level may have.
    pub(crate) limit: f64,
    full: [usize; 2],
    ratio: (usize, usize),
}

/// The tiles around a pixel along one axis, and how far it is on the way from the first to the second.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Between {
    pub(crate) tiles: [usize; 2],
    pub(crate) part: f32,
}

impl Tiles {
    /// How many uniforms describe them.
    pub(crate) const UNIFORMS: usize = 5;

    /// The uniforms of tiles on a frame.
    pub(crate) fn uniforms(counts: [usize; 2], limit: f64, frame: &Frame) -> [f64; Self::UNIFORMS] {
        [counts[0] as f64, counts[1] as f64, limit, frame.full_width.into(), frame.full_height.into()]
    }

    /// The tiles of uniforms.
    pub(crate) fn of(uniforms: &[f32], frame: &Frame) -> Self {
        let number = |slot: usize| uniforms.get(slot).copied().unwrap_or(1.0);
        Self {
            counts: [number(0), number(1)].map(|count| (count as usize).max(1)),
            limit: number(2).into(),
            full: [number(3), number(4)].map(|size| size as usize),
            ratio: (frame.ratio.0 as usize, frame.ratio.1 as usize),
        }
    }

    /// The rendered pixel that tile `index` starts at: an edge at full size, scaled and rounded.
    pub(crate) fn edge(&self, axis: usize, index: usize) -> usize {
        let edge = index * self.full[axis] / self.counts[axis];
        let (num, den) = self.ratio;
        (2 * edge * num + den) / (2 * den)
    }

    /// Twice the center of a tile.
    fn center(&self, axis: usize, index: usize) -> usize {
        self.edge(axis, index) + self.edge(axis, index + 1)
    }

    /// The tiles around each of the columns or rows from `first` on; outside the outermost centers those alone.
    pub(crate) fn along(&self, axis: usize, first: usize, out: &mut [Between]) {
        let count = self.counts[axis];
        // The centers before and after a pixel, of which one of `after` is the first that is beyond.
        let (mut after, mut low, mut high) = (0, 0, self.center(axis, 0));
        for (index, out) in out.iter_mut().enumerate() {
            let at = 2 * (first + index) + 1;
            while after < count && high <= at {
                (after, low) = (after + 1, high);
                high = if after < count { self.center(axis, after) } else { high };
            }
            *out = if after == 0 || after == count {
                let tile = after.min(count - 1);
                Between { tiles: [tile, tile], part: 0.0 }
            } else {
                Between { tiles: [after - 1, after], part: (at - low) as f32 / (high - low) as f32 }
            };
        }
    }

    /// Turns the counts of a tile into its curve: what exceeds the limit is shared out among all levels.
    pub(crate) fn curve(&self, counts: &mut [u32; LEVELS], curve: &mut [f32]) {
        let area: u32 = counts.iter().sum();
        if area == 0 {
            curve.iter_mut().enumerate().for_each(|(level, entry)| *entry = level as f32 / 255.0);
            return;
        }
        let limit = ((self.limit * f64::from(area) / LEVELS as f64) as u32).max(1);
        let excess: u32 = counts.iter().map(|count| count.saturating_sub(limit)).sum();
        let (share, rest) = (excess / LEVELS as u32, excess as usize % LEVELS);
        counts.iter_mut().for_each(|count| *count = (*count).min(limit) + share);
        let step = LEVELS.checked_div(rest).unwrap_or(1);
        counts.iter_mut().step_by(step).take(rest).for_each(|count| *count += 1);
        let mut sum = 0u32;
        for (count, entry) in counts.iter().zip(curve) {
            sum += count;
            *entry = sum as f32 / area as f32;
        }
    }
}
