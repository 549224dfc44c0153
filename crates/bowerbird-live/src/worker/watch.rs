//! When a frame that is being rendered is given up for what is wanted now.
//!
//! A frame is given up when something newer is wanted and it has taken several frame times already. Whoever drags a slider
//! wants something newer all the time, so the frame behind one that was given up is rendered to its end. Not so where other effects are
//! wanted, or another source: people do that once. And where the picture rests and is made finer, it was shown already.

use crate::live::{Shared, lock};
use bowerbird::{Cancel, Chain};
use core::sync::atomic::{AtomicBool, Ordering};
use core::time::Duration;
use std::sync::{Arc, Mutex};
use std::time::Instant;

/// Frame times that a frame is rendered for in any case.
const PATIENCE: u32 = 4;

/// Frames in a row that are given up at the most.
const MOST: u32 = 8;

/// The frame that is being rendered, as far as it may be given up.
pub(crate) struct Rendering {
    begin: Instant,
    patience: Duration,
    chain: Arc<Chain>,
    /// Whether it makes a picture finer that is shown.
    refining: bool,
    /// Frames before it that were given up since one was shown.
    given_up: u32,
}

/// What tells whether a rendering is still wanted.
#[derive(Default)]
pub(crate) struct Watch {
    /// Whether something was asked for since it was looked at; a rendering asks for nothing else as long as it is not so.
    asked: AtomicBool,
    rendering: Mutex<Option<Rendering>>,
}

impl Watch {
    /// Notes that something was asked for.
    pub(crate) fn ask(&self) {
        self.asked.store(true, Ordering::Release);
    }

    /// Notes that it is being looked at.
    pub(super) fn look(&self) {
        self.asked.store(false, Ordering::Release);
    }

    /// Watches a rendering, or none.
    pub(super) fn set(&self, rendering: Option<Rendering>) {
        *lock(&self.rendering) = rendering;
    }
}

impl Rendering {
    pub(super) fn begin(frame_time: Duration, chain: Arc<Chain>, refining: bool, given_up: u32) -> Self {
        Self { begin: Instant::now(), patience: frame_time * PATIENCE, chain, refining, given_up }
    }

    /// Whether it is given up at a moment for what is wanted now, if that is known, or for something else altogether.
    fn is_given_up(&self, now: Instant, wanted: Option<&Chain>) -> bool {
        let other = || wanted.is_none_or(|wanted| effects(&self.chain).ne(effects(wanted)));
        now.saturating_duration_since(self.begin) >= self.patience
            && (self.refining || self.given_up == 0 || (self.given_up < MOST && other()))
    }
}

/// The effects of a chain that are on.
fn effects(chain: &Chain) -> impl Iterator<Item = (bool, &str)> {
    chain.steps().iter().map(|step| (step.is_active(), step.effect().map_or("", |effect| effect.info().id)))
}

/// Gives up what the loop does not want any more.
pub(crate) fn cancel(shared: &Arc<Shared>) -> Cancel {
    let shared = Arc::downgrade(shared);
    Cancel::when(move || {
        let Some(shared) = shared.upgrade() else { return true };
        shared.stop.load(Ordering::Acquire) || (shared.watch.asked.load(Ordering::Acquire) && is_due(&shared))
    })
}

fn is_due(shared: &Shared) -> bool {
    let rendering = lock(&shared.watch.rendering);
    let Some(rendering) = rendering.as_ref() else { return false };
    let now = Instant::now();
    if !lock(&shared.commands).is_empty() {
        return rendering.is_given_up(now, None);
    }
    shared.intents.peek(|intent| intent.is_some_and(|intent| rendering.is_given_up(now, Some(&intent.chain))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_is_given_up_for_something_newer_and_the_next_is_not_for_another_number() {
        let frame = Duration::from_millis(10);
        let chain = |amount| Chain::new().invert(amount);
        let more = Chain::new().invert(1.0).sepia(1.0);
        let mut off = chain(1.0);
        off.steps_mut()[0].set_enabled(false);
        for (after, refining, before, wanted, given_up) in [
            (39, false, 0, Some(&chain(0.5)), false),
            (40, false, 0, Some(&chain(0.5)), true),
            (400, false, 1, Some(&chain(0.5)), false),
            (400, true, 1, Some(&chain(0.5)), true),
            (400, false, 1, Some(&more), true),
            (400, false, 7, Some(&off), true),
            (400, false, 8, Some(&off), false),
            (400, false, 1, None, true),
        ] {
            let rendering = Rendering::begin(frame, Arc::new(chain(1.0)), refining, before);
            let now = rendering.begin + Duration::from_millis(after);
            assert_eq!(rendering.is_given_up(now, wanted), given_up, "{after} {refining} {before} {wanted:?}");
        }
    }
}
