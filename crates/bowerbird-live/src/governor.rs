//! The governor: it lowers the render scale when frames take longer than there is time for, and raises it again.
//!
//! The scale is one over a whole number, so that a reduced frame is a plain mean of its pixels and every scale is one of
//! a handful of plans. It goes down at once when the mean of the last frames misses the budget, and up only when the
//! finer scale is expected to fit with a margin, and not soon after it went down: a picture that changes its sharpness
//! back and forth is worse than a coarse one.

use core::time::Duration;

/// The coarsest scale: one pixel of 8 by 8.
const COARSEST: u32 = 8;

/// Weight of the newest frame in the mean.
const NEWEST: f64 = 0.25;

/// Part of the budget that the finer scale must be expected to fit in.
const MARGIN: f64 = 0.7;

/// Frames in a row that must look fit before the scale is raised.
const PATIENCE: u32 = 30;

/// Frames after a change for which nothing is decided: the first one plans.
const SETTLE: u32 = 2;

/// Chooses the render scale.
#[derive(Clone, Debug)]
pub struct Governor {
    divisor: u32,
    mean: f64,
    fit: u32,
    settle: u32,
}

impl Default for Governor {
    fn default() -> Self {
        Self { divisor: 1, mean: 0.0, fit: 0, settle: SETTLE }
    }
}

impl Governor {
    /// The divisor that a view needs of a frame: how many columns and rows of it fall on one pixel of the screen.
    pub fn needed(full: (u32, u32), view: Option<(u32, u32)>) -> u32 {
        let Some((width, height)) = view else { return 1 };
        (full.0 / width.max(1)).min(full.1 / height.max(1)).max(1)
    }

    /// The divisor to render with, no finer than the view needs.
    pub fn divisor(&self, needed: u32) -> u32 {
        self.divisor.max(needed)
    }

    /// Forgets what was measured, as when the chain or the source is another one.
    pub fn reset(&mut self) {
        (self.mean, self.fit, self.settle) = (0.0, 0, SETTLE);
    }

    /// Learns how long a frame took that was rendered with `divisor`; whether the scale changed.
    pub fn observe(&mut self, took: Duration, budget: Duration, divisor: u32) -> bool {
        if self.settle > 0 {
            self.settle -= 1;
            return false;
        }
        let (took, budget) = (took.as_secs_f64(), budget.as_secs_f64());
        self.mean = if self.mean == 0.0 { took } else { self.mean + NEWEST * (took - self.mean) };
        if self.mean > budget && divisor < COARSEST {
            // Cost is near proportional to pixels.
            let wanted = f64::from(divisor) * (self.mean / budget).sqrt();
            self.divisor = (wanted.ceil() as u32).clamp(divisor + 1, COARSEST);
            self.reset();
            return true;
        }
        if divisor > self.divisor || self.divisor == 1 {
            // The view asks for less than would be possible: nothing is learnt of finer scales.
            self.fit = 0;
            return false;
        }
        let finer = self.mean * (f64::from(divisor) / f64::from(divisor - 1)).powi(2);
        self.fit = if finer < MARGIN * budget { self.fit + 1 } else { 0 };
        if self.fit >= PATIENCE {
            self.divisor -= 1;
            self.reset();
            return true;
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BUDGET: Duration = Duration::from_millis(16);

    /// Runs frames whose cost at full scale is given, and returns the divisors that were used.
    fn run(governor: &mut Governor, frames: usize, full_ms: f64) -> Vec<u32> {
        (0..frames)
            .map(|_| {
                let divisor = governor.divisor(1);
                let cost = Duration::from_secs_f64(full_ms / 1000.0 / f64::from(divisor * divisor));
                governor.observe(cost, BUDGET, divisor);
                divisor
            })
            .collect()
    }

    #[test]
    fn what_fits_is_rendered_in_full() {
        assert!(run(&mut Governor::default(), 500, 15.0).iter().all(|divisor| *divisor == 1));
    }

    #[test]
    fn what_does_not_fit_is_rendered_coarser_and_then_stays() {
        let divisors = run(&mut Governor::default(), 500, 100.0);
        assert_eq!(divisors[10..], vec![3; 490], "100 ms / 9 fits in 16 ms, and / 4 does not");
    }

    #[test]
    fn it_comes_back_when_there_is_room() {
        let mut governor = Governor::default();
        run(&mut governor, 50, 400.0);
        assert_eq!(run(&mut governor, 500, 5.0).last(), Some(&1));
    }

    #[test]
    fn a_hopeless_graph_stops_at_the_coarsest() {
        assert_eq!(run(&mut Governor::default(), 100, 1e5).last(), Some(&COARSEST));
    }

    #[test]
    fn the_view_decides_how_much_is_needed() {
        for (full, view, needed) in [
            ((1920, 1080), None, 1),
            ((1920, 1080), Some((960, 540)), 2),
            ((1920, 1080), Some((961, 540)), 1),
            ((1920, 1080), Some((4000, 4000)), 1),
            ((6000, 4000), Some((800, 533)), 7),
            ((10, 10), Some((0, 0)), 10),
        ] {
            assert_eq!(Governor::needed(full, view), needed, "{full:?} in {view:?}");
        }
    }
}
