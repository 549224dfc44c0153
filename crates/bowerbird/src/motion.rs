//! What moved in a frame, in numbers.

use serde::Serialize;

/// What a `motion_detect` step saw move in a frame.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Motion {
    /// The place of the step in its chain.
    pub step: usize,
    /// The part of the picture that moves, 0..1: the mean over all pixels of how much each does.
    pub amount: f64,
    /// The middle of what moves, in fractions of the width and of the height; nothing if nothing does.
    pub centroid: Option<[f64; 2]>,
}

impl Motion {
    /// Sums rows up: of each, how much its pixels move, and the same weighted by their columns.
    pub(crate) fn of_rows(step: usize, width: u32, rows: impl ExactSizeIterator<Item = [f64; 2]>) -> Self {
        let height = rows.len();
        let [mut sum, mut across, mut down] = [0.0; 3];
        for (y, [moves, weighted]) in rows.enumerate() {
            sum += moves;
            across += weighted;
            down += moves * (y as f64 + 0.5);
        }
        let (width, height) = (f64::from(width), height as f64);
        let centroid = (sum > 0.0).then(|| [across / sum / width, down / sum / height]);
        Self { step, amount: sum / (width * height), centroid }
    }

    /// The sums of a row.
    pub(crate) fn row(moves: &[f32]) -> [f64; 2] {
        let add = |[sum, across]: [f64; 2], (x, moves): (usize, &f32)| {
            let moves = f64::from(*moves);
            [sum + moves, across + moves * (x as f64 + 0.5)]
        };
        moves.iter().enumerate().fold([0.0; 2], add)
    }
}
