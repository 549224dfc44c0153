//! A warm plan allocates nothing. This test has a binary of its own, because it counts every allocation of its process.

use bowerbird::{Chain, effects};
use bowerbird_tests::chart::chart8;
use bowerbird_tests::cpu;
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use std::alloc::System;

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// Frames of a round, whose allocations are counted.
const FRAMES: usize = 62;
/// A thread pool's queue takes one block of memory in so many jobs handed to it.
const JOBS_A_BLOCK: usize = 31;
/// Rounds within which every thread has to be warm. A thread allocates its scratch memory when it first takes part in a
/// pass, to which it may come late where the others are quick; what a frame allocates is allocated in every round.
const ROUNDS: usize = 40;

/// One test at a time: they count the allocations of the whole process.
static TURN: std::sync::Mutex<()> = std::sync::Mutex::new(());

/// Renders until a round of frames allocates nothing but what the pool needs for this many passes.
fn assert_becomes_steady(passes: usize, mut render: impl FnMut(usize)) {
    (0..3).for_each(&mut render);
    let allowed = FRAMES * passes / JOBS_A_BLOCK + 1;
    let rounds: Vec<usize> = (0..ROUNDS)
        .map(|round| {
            let region = Region::new(ALLOCATOR);
            (0..FRAMES).for_each(|frame| render(3 + round * FRAMES + frame));
            region.change().allocations
        })
        .take_while(|&allocations| allocations > allowed)
        .collect();
    assert!(
        rounds.len() < ROUNDS,
        "allocations in rounds of {FRAMES} frames of {passes} passes: {rounds:?}; {allowed} are the pool's"
    );
}

#[test]
fn a_warm_plan_allocates_nothing() {
    let _turn = TURN.lock();
    let engine = cpu(|_| {});
    let (picture, mut out) = (chart8(300, 200, false), chart8(300, 200, false));
    let mut look = Chain::new()
        .exposure(0.3)
        .then(effects::Curves {
            rgb: bowerbird::param::Curve(vec![[0.0, 0.1], [1.0, 0.9]]),
            ..effects::Curves::default()
        })
        .gaussian_blur(0.01)
        .sobel(1.0)
        .swirl([0.5, 0.5])
        .then(effects::Equalize::default())
        .then(effects::UnsharpMask::default())
        .vignette(0.5);
    let passes = engine.explain(&look, (300, 200)).expect("a plan").passes.len();
    assert_becomes_steady(passes, |frame| {
        // The slider passes through its identity.
        let value = serde_json::Value::from((frame % FRAMES) as f64 / 31.0 - 1.0);
        let effect = look.steps_mut()[0].effect_mut().expect("exposure");
        effect.field_mut(0).expect("ev").set(&value).expect("a number");
        engine.render_into(&look, &picture, &mut out).expect("renders");
    });
    assert_eq!(engine.stats().plans, 1);
}

#[test]
fn a_clip_allocates_nothing_either() {
    let _turn = TURN.lock();
    let engine = cpu(|_| {});
    let (picture, mut out) = (chart8(300, 200, false), chart8(300, 200, false));
    let look = Chain::new().exposure(0.3).wave(0.02).grain(0.2).trail(0.4).brightness(0.1).contrast(0.2).sepia(0.25);
    let passes = engine.explain(&look, (300, 200)).expect("a plan").passes.len();
    assert_becomes_steady(passes, |frame| {
        let frame = bowerbird::Frame::still(300, 200).at(frame as f64 / 60.0, frame as u32);
        engine.render_frame_into(&look, &picture, &frame, &mut out).expect("renders");
    });
}
