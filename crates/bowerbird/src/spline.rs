//! Curves through points: monotone, natural and straight, in f64.

use bowerbird_derive::Choice;

/// How a curve runs between its points.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Choice)]
pub enum Interpolation {
    /// Smooth and never beyond its points (PCHIP, Fritsch and Butland 1984).
    Monotone,
    /// The smoothest: a natural cubic spline, which may overshoot.
    Natural,
    /// Straight lines.
    Linear,
}

/// The most points of a curve.
pub const MOST_POINTS: usize = 32;

/// A curve ready to be evaluated, without allocation.
#[derive(Clone, Copy, Debug)]
pub struct Spline<'p> {
    points: &'p [[f64; 2]],
    /// The tangent at each point; for a natural spline its second derivative instead.
    shape: [f64; MOST_POINTS],
    interpolation: Interpolation,
}

impl<'p> Spline<'p> {
    /// A curve through two to [`MOST_POINTS`] points whose x grows; further ones are left out.
    pub fn new(points: &'p [[f64; 2]], interpolation: Interpolation) -> Self {
        let points = &points[..points.len().min(MOST_POINTS)];
        let shape = match interpolation {
            Interpolation::Monotone => monotone_tangents(points),
            Interpolation::Natural => natural_curvatures(points),
            Interpolation::Linear => [0.0; MOST_POINTS],
        };
        Self { points, shape, interpolation }
    }

    /// The curve at x; constant outside its points.
    pub fn at(&self, x: f64) -> f64 {
        let (Some(first), Some(last)) = (self.points.first(), self.points.last()) else { return x };
        if x <= first[0] {
            return first[1];
        }
        if x >= last[0] {
            return last[1];
        }
        let k = self.points.partition_point(|p| p[0] <= x).clamp(1, self.points.len() - 1) - 1;
        let ([x0, y0], [x1, y1]) = (self.points[k], self.points[k + 1]);
        let h = x1 - x0;
        let t = (x - x0) / h;
        let (a, b) = (self.shape[k], self.shape[k + 1]);
        match self.interpolation {
            Interpolation::Linear => y0 + t * (y1 - y0),
            Interpolation::Monotone => {
                let (t2, t3) = (t * t, t * t * t);
                (2.0 * t3 - 3.0 * t2 + 1.0) * y0
                    + (t3 - 2.0 * t2 + t) * h * a
                    + (3.0 * t2 - 2.0 * t3) * y1
                    + (t3 - t2) * h * b
            }
            Interpolation::Natural => {
                let u = 1.0 - t;
                u * y0 + t * y1 + h * h / 6.0 * ((u * u * u - u) * a + (t * t * t - t) * b)
            }
        }
    }
}

/// One piece of a curve: a cubic of the distance from its start.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Piece {
    pub(crate) start: f64,
    end: f64,
    /// The constant, and the factors of the distance, of its square and of its cube.
    pub(crate) coefficients: [f64; 4],
}

impl Piece {
    /// The greatest second derivative, without its sign.
    pub(crate) fn curvature(&self) -> f64 {
        let [_, _, square, cube] = self.coefficients;
        let at = |distance: f64| (2.0 * square + 6.0 * cube * distance).abs();
        at(0.0).max(at(self.end - self.start))
    }
}

impl Spline<'_> {
    /// Whether the slope has no jumps between the first point and the last, and the points are at the ends of 0..1.
    pub(crate) fn is_smooth(&self) -> bool {
        let ends = self.points.first().zip(self.points.last());
        let whole = ends.is_some_and(|(first, last)| first[0] <= 0.0 && last[0] >= 1.0);
        whole && self.interpolation != Interpolation::Linear
    }

    /// The pieces between the points.
    pub(crate) fn pieces(&self) -> impl Iterator<Item = Piece> + '_ {
        (0..self.points.len().saturating_sub(1)).map(|k| {
            let ([start, y0], [end, _]) = (self.points[k], self.points[k + 1]);
            let (h, slope) = interval(self.points, k);
            let (a, b) = (self.shape[k], self.shape[k + 1]);
            let coefficients = match self.interpolation {
                Interpolation::Linear => [y0, slope, 0.0, 0.0],
                Interpolation::Monotone => [y0, a, (3.0 * slope - 2.0 * a - b) / h, (a + b - 2.0 * slope) / (h * h)],
                Interpolation::Natural => [y0, slope - h * (2.0 * a + b) / 6.0, a / 2.0, (b - a) / (6.0 * h)],
            };
            Piece { start, end, coefficients }
        })
    }
}

/// Width and slope of the interval that begins at point `k`.
fn interval(points: &[[f64; 2]], k: usize) -> (f64, f64) {
    let h = points[k + 1][0] - points[k][0];
    (h, (points[k + 1][1] - points[k][1]) / h)
}

fn monotone_tangents(points: &[[f64; 2]]) -> [f64; MOST_POINTS] {
    let mut out = [0.0; MOST_POINTS];
    let n = points.len();
    if n < 2 {
        return out;
    }
    if n == 2 {
        let (_, slope) = interval(points, 0);
        (out[0], out[1]) = (slope, slope);
        return out;
    }
    for (k, tangent) in out.iter_mut().enumerate().take(n - 1).skip(1) {
        let ((h0, d0), (h1, d1)) = (interval(points, k - 1), interval(points, k));
        if d0 * d1 > 0.0 {
            let (w1, w2) = (2.0 * h1 + h0, h1 + 2.0 * h0);
            *tangent = (w1 + w2) / (w1 / d0 + w2 / d1);
        }
    }
    out[0] = end_tangent(interval(points, 0), interval(points, 1));
    out[n - 1] = end_tangent(interval(points, n - 2), interval(points, n - 3));
    out
}

fn end_tangent((h0, d0): (f64, f64), (h1, d1): (f64, f64)) -> f64 {
    let tangent = ((2.0 * h0 + h1) * d0 - h0 * d1) / (h0 + h1);
    let sign = |v: f64| if v == 0.0 { 0.0 } else { v.signum() };
    if sign(tangent) != sign(d0) {
        0.0
    } else if sign(d0) != sign(d1) && tangent.abs() > 3.0 * d0.abs() {
        3.0 * d0
    } else {
        tangent
    }
}

/// Second derivatives of the natural spline: a tridiagonal system, solved by elimination.
fn natural_curvatures(points: &[[f64; 2]]) -> [f64; MOST_POINTS] {
    let mut out = [0.0; MOST_POINTS];
    let n = points.len();
    if n < 3 {
        return out;
    }
    let (mut factor, mut right) = ([0.0; MOST_POINTS], [0.0; MOST_POINTS]);
    for k in 1..n - 1 {
        let ((h0, d0), (h1, d1)) = (interval(points, k - 1), interval(points, k));
        let pivot = 2.0 * (h0 + h1) - h0 * factor[k - 1];
        factor[k] = h1 / pivot;
        right[k] = (6.0 * (d1 - d0) - h0 * right[k - 1]) / pivot;
    }
    for k in (1..n - 1).rev() {
        out[k] = right[k] - factor[k] * out[k + 1];
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_the_curve() {
        let points = [[0.0, 0.1], [0.2, 0.15], [0.55, 0.9], [1.0, 0.7]];
        for interpolation in [Interpolation::Monotone, Interpolation::Natural, Interpolation::Linear] {
            let spline = Spline::new(&points, interpolation);
            for piece in spline.pieces() {
                for part in 0..=8 {
                    let distance = (piece.end - piece.start) * f64::from(part) / 8.0;
                    let [constant, slope, square, cube] = piece.coefficients;
                    let value = ((cube * distance + square) * distance + slope) * distance + constant;
                    let exact = spline.at(piece.start + distance);
                    assert!((value - exact).abs() < 1e-12, "{interpolation:?}: {value} for {exact}");
                }
            }
        }
    }
}
