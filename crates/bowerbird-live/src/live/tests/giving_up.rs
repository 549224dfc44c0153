//! Frames that are given up for what is wanted now.

use super::*;

/// What takes minutes.
fn endless() -> Chain {
    (0..400).fold(Chain::new(), |chain, _| chain.bilateral(0.02))
}

/// A loop that has begun to render what takes minutes, as intent 2.
fn busy() -> Live {
    let live = live();
    live.set_source(still(2000, 1500));
    live.send(intent(Chain::new(), 1));
    live.give_back(next(&live, 1));
    live.send(Intent { adaptive: false, ..intent(endless(), 2) });
    while !live.shared.intents.is_empty() {
        thread::yield_now();
    }
    live
}

#[test]
fn a_frame_that_takes_minutes_is_given_up_when_its_effects_are_turned_off() {
    let live = busy();
    live.send(intent(Chain::new().invert(1.0), 3));
    assert!(inverted(&next(&live, 3)));
    assert!(live.notices().iter().all(|notice| !matches!(notice, Notice::Failed(_) | Notice::Bypassed { .. })));
}

#[test]
fn a_frame_that_takes_minutes_is_given_up_for_another_source() {
    let live = busy();
    live.set_source(still(8, 6));
    while next(&live, 2).full != (8, 6) {}
}

#[test]
fn a_frame_that_takes_minutes_is_given_up_when_the_loop_ends() {
    drop(busy());
}

#[test]
fn a_stream_of_wishes_does_not_keep_frames_from_being_shown() {
    let live = live();
    live.set_source(still(1200, 900));
    // Each takes many frame times.
    let slow = |n: u64| Chain::new().bilateral(0.03).median(0.02).exposure(n as f64 * 1e-3);
    let (mut wish, mut shown) = (0, Vec::new());
    while shown.len() < 4 {
        wish += 1;
        live.send(Intent { adaptive: false, ..intent(slow(wish), wish) });
        if let Some(frame) = live.take() {
            shown.push(frame.revision);
            live.give_back(frame);
        }
        thread::park_timeout(Duration::from_millis(1));
    }
    assert!(shown.is_sorted(), "{shown:?}");
}
