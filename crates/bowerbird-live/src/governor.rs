//! The governor: it lowers the render scale when frames take longer than there is time for, and raises it again.
//!
//! The scale is one over a whole number, so that a reduced frame is a plain mean of its pixels and every scale is one of
//! a handful of plans. It goes down when the mean of the last frames misses the budget, and up when there is room, after a
//! wait that doubles each time that going up was a mistake: a picture that changes its sharpness back and forth is worse
//! than a coarse one. Where a coarser scale is no faster, the time goes elsewhere (another program has the processor), and
//! the scale comes back.

use core::time::Duration;

/// The coarsest scale: one pixel of 8 by 8.
const COARSEST: u32 = 8;

/// Weight of the newest frame in the mean.
const NEWEST: f64 = 0.25;

/// Part of the budget that must be unused before a finer scale is tried.
const ROOM: f64 = 0.75;

/// Frames in a row with room before a finer scale is tried, and the most after mistakes.
const PATIENCE: (u32, u32) = (30, 3840);

/// Frames after which going up was no mistake.
const TRIAL: u32 = 120;

/// Frames over the budget in a row before the scale goes down.
const MISSES: u32 = 6;

/// What a coarser scale must save of the time to be worth it.
const GAIN: f64 = 0.85;

/// Frames after a change for which nothing is decided: the first ones plan.
const SETTLE: u32 = 4;

/// Chooses the render scale.
#[derive(Clone, Debug)]
pub struct Governor {
    divisor: u32,
    mean: f64,
    roomy: u32,
    missed: u32,
    settle: u32,
    patience: u32,
    /// Frames since it went up, while it may turn out to have been a mistake.
    tried: Option<u32>,
    /// The scale before it went down, and the mean then.
    finer: Option<(u32, f64)>,
    /// Frames for which it does not go down, as it was of no use.
    stay: u32,
}

impl Default for Governor {
    fn default() -> Self {
        Self {
            divisor: 1,
            mean: 0.0,
            roomy: 0,
            missed: 0,
            settle: SETTLE,
            patience: PATIENCE.0,
            tried: None,
            finer: None,
            stay: 0,
        }
    }
}

impl Governor {
    /// The divisor that a view needs of a result of a size in full: how many columns and rows of it fall on one pixel of the
    /// screen.
    pub fn needed(full_result: (u32, u32), view: Option<(u32, u32)>) -> u32 {
        let Some((width, height)) = view else { return 1 };
        (full_result.0 / width.max(1)).min(full_result.1 / height.max(1)).max(1)
    }

    /// The divisor to render with, no finer than the view needs.
    pub fn divisor(&self, needed: u32) -> u32 {
        self.divisor.max(needed)
    }

    /// Forgets what was measured, as when the engine is another one.
    pub fn reset(&mut self) {
        (self.mean, self.roomy, self.missed, self.settle) = (0.0, 0, 0, SETTLE);
    }

    /// Learns how long a frame took that was rendered with `divisor`; whether the scale changed.
    pub fn observe(&mut self, took: Duration, budget: Duration, divisor: u32) -> bool {
        if self.settle > 0 {
            self.settle -= 1;
            return false;
        }
        self.stay = self.stay.saturating_sub(1);
        let (took, budget) = (took.as_secs_f64(), budget.as_secs_f64());
        self.mean = if self.mean == 0.0 { took } else { self.mean + NEWEST * (took - self.mean) };
        self.missed = if self.mean > budget { self.missed + 1 } else { 0 };
        self.roomy = if self.mean < ROOM * budget { self.roomy + 1 } else { 0 };
        self.tried = self.tried.map(|frames| frames + 1);
        if self.tried.is_some_and(|frames| frames > TRIAL) {
            (self.tried, self.patience) = (None, PATIENCE.0);
        }
        if self.missed >= MISSES {
            return self.coarser(divisor, budget);
        }
        // Where the view asks for no more, nothing is learnt of finer scales.
        if self.roomy >= self.patience && divisor == self.divisor && divisor > 1 {
            self.finer = None;
            self.divisor -= 1;
            self.tried = Some(0);
            self.reset();
            return true;
        }
        false
    }

    fn coarser(&mut self, divisor: u32, budget: f64) -> bool {
        if self.tried.take().is_some() {
            self.patience = (self.patience * 2).min(PATIENCE.1);
        }
        if let Some((finer, mean)) = self.finer.take()
            && self.mean > GAIN * mean
        {
            self.divisor = finer;
            self.stay = PATIENCE.1 / 4;
            self.reset();
            return true;
        }
        if divisor >= COARSEST || self.stay > 0 {
            self.missed = 0;
            return false;
        }
        self.finer = Some((divisor, self.mean));
        // Cost is near proportional to pixels.
        let wanted = f64::from(divisor) * (self.mean / budget).sqrt();
        self.divisor = (wanted.ceil() as u32).clamp(divisor + 1, COARSEST);
        self.reset();
        true
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
        let divisors = run(&mut Governor::default(), 4000, 100.0);
        let at = |scale: u32| divisors[20..].iter().filter(|divisor| **divisor == scale).count();
        // 100 ms / 9 fits in 16 ms, and / 4 does not.
        assert!(at(3) > 3800 && at(3) + at(2) == 3980, "{} and {}", at(3), at(2));
    }

    #[test]
    fn it_comes_back_when_there_is_room() {
        let mut governor = Governor::default();
        run(&mut governor, 60, 1000.0);
        assert_eq!(governor.divisor(1), COARSEST);
        // Seven steps of half a second each.
        let frames = 7 * (PATIENCE.0 + SETTLE + 1) as usize;
        assert_eq!(run(&mut governor, frames, 5.0).last(), Some(&1));
    }

    #[test]
    fn where_coarser_is_no_faster_the_scale_comes_back() {
        let mut governor = Governor::default();
        let divisors: Vec<u32> = (0..500)
            .map(|_| {
                let divisor = governor.divisor(1);
                governor.observe(Duration::from_millis(25), BUDGET, divisor);
                divisor
            })
            .collect();
        assert!(divisors.contains(&2) && divisors[100..].iter().all(|divisor| *divisor == 1));
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
