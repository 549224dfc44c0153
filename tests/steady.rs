//! A warm plan allocates nothing. This test has a binary of its own, because it counts every allocation of its process.

use bowerbird::{Chain, effects};
use bowerbird_tests::chart::chart8;
use bowerbird_tests::cpu;
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use std::alloc::System;

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// Frames that are counted.
const FRAMES: usize = 62;
/// A thread pool's queue takes one block of memory in so many jobs handed to it.
const JOBS_A_BLOCK: usize = 31;

/// One test at a time: they count the allocations of the whole process.
static TURN: std::sync::Mutex<()> = std::sync::Mutex::new(());

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
    for _ in 0..3 {
        engine.render_into(&look, &picture, &mut out).expect("renders");
    }
    let passes = engine.explain(&look, (300, 200)).expect("a plan").passes.len();
    let value = |frame: usize| serde_json::Value::from(frame as f64 / 31.0 - 1.0);
    let region = Region::new(ALLOCATOR);
    for frame in 0..FRAMES {
        // The slider passes through its identity.
        let effect = look.steps_mut()[0].effect_mut().expect("exposure");
        effect.field_mut(0).expect("ev").set(&value(frame)).expect("a number");
        engine.render_into(&look, &picture, &mut out).expect("renders");
    }
    let allocations = region.change().allocations;
    let allowed = FRAMES * passes / JOBS_A_BLOCK + 1;
    assert_eq!(engine.stats().plans, 1);
    assert!(
        allocations <= allowed,
        "{allocations} allocations in {FRAMES} frames of {passes} passes; {allowed} are the pool's"
    );
}

#[test]
fn a_clip_allocates_nothing_either() {
    let _turn = TURN.lock();
    let engine = cpu(|_| {});
    let (picture, mut out) = (chart8(300, 200, false), chart8(300, 200, false));
    let look = Chain::new().exposure(0.3).wave(0.02).grain(0.2).trail(0.4).brightness(0.1).contrast(0.2).sepia(0.25);
    let mut render = |index: u32| {
        let frame = bowerbird::Frame::still(300, 200).at(f64::from(index) / 60.0, index);
        engine.render_frame_into(&look, &picture, &frame, &mut out).expect("renders");
    };
    (0..3).for_each(&mut render);
    let region = Region::new(ALLOCATOR);
    (3..3 + FRAMES as u32).for_each(&mut render);
    let allocations = region.change().allocations;
    let passes = engine.explain(&look, (300, 200)).expect("a plan").passes.len();
    let allowed = FRAMES * passes / JOBS_A_BLOCK + 1;
    assert!(allocations <= allowed, "{allocations} allocations in {FRAMES} frames; {allowed} are the pool's");
}
