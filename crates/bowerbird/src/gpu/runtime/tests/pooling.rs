//! Memory: what is reused, what is freed, what does not fit.

use super::*;

/// The part of the counters that must stand still in steady state.
fn created(gpu: &Gpu) -> [u64; 5] {
    let now = gpu.counters();
    let GpuCounters { buffers_created, textures_created, bind_groups_created, pipelines_created, .. } = now;
    [buffers_created, textures_created, bind_groups_created, pipelines_created, now.query_sets_created]
}

#[test]
fn a_steady_frame_creates_nothing() {
    let Some(gpu) = open() else { return };
    let inverter = Inverter::new(&gpu, (200, 150), TexelFormat::Rgba8Unorm);
    let uniform = gpu.buffer(64, BufferKind::Uniform, "parameters").unwrap();
    let frame = |shade: u8| {
        gpu.write_buffer(&uniform, 0, &[shade; 64]).unwrap();
        gpu.write_texture(&inverter.source, &vec![shade; 200 * 150 * 4], 800).unwrap();
        let submission = inverter.submit(&gpu, true).unwrap();
        let first = submission.read(&inverter.back, |bytes| bytes[0]).unwrap();
        assert!(first.abs_diff(255 - shade) <= 1);
    };
    frame(0);
    let (before, counters) = (created(&gpu), gpu.counters());
    (1..20).for_each(frame);
    assert_eq!(created(&gpu), before);
    assert_eq!(gpu.counters().submissions, counters.submissions + 19);
    let held = |counters: GpuCounters| counters.bytes_live + counters.bytes_pooled;
    assert_eq!(held(gpu.counters()), held(counters));
}

#[test]
fn two_frames_in_flight_settle_too() {
    let Some(gpu) = open() else { return };
    let slots: [Inverter; 2] = std::array::from_fn(|_| Inverter::new(&gpu, (64, 64), TexelFormat::Rgba8Unorm));
    let mut flying: [Option<Submission>; 2] = [None, None];
    let mut frame = |at: usize| {
        flying[at % 2] = None;
        gpu.write_texture(&slots[at % 2].source, &vec![7; 64 * 64 * 4], 256).unwrap();
        let submission = slots[at % 2].submit(&gpu, false).unwrap();
        if let Some(earlier) = &flying[(at + 1) % 2] {
            earlier.wait().unwrap();
        }
        flying[at % 2] = Some(submission);
    };
    (0..6).for_each(&mut frame);
    let before = created(&gpu);
    (6..30).for_each(&mut frame);
    assert_eq!(created(&gpu), before);
}

#[test]
fn dropped_resources_are_leased_again_only_to_equals() {
    let Some(gpu) = open() else { return };
    drop(gpu.texture(33, 17, TexelFormat::Rgba16Float, "first").unwrap());
    let again = gpu.texture(33, 17, TexelFormat::Rgba16Float, "second").unwrap();
    assert_eq!((gpu.counters().textures_created, again.label()), (1, "second"));
    let _clone = again.clone();
    drop(again);
    let _other = gpu.texture(33, 17, TexelFormat::Rgba16Float, "held by a clone").unwrap();
    let _third = gpu.texture(33, 17, TexelFormat::Rgba32Float, "another format").unwrap();
    assert_eq!(gpu.counters().textures_created, 3);
    drop(gpu.buffer(1000, BufferKind::Storage, "rounded up").unwrap());
    drop(gpu.buffer(1024, BufferKind::Storage, "equal when rounded").unwrap());
    assert_eq!(gpu.counters().buffers_created, 1);
    drop(gpu.buffer(1000, BufferKind::ReadBack, "another use").unwrap());
    assert_eq!(gpu.counters().buffers_created, 2);
}

#[test]
fn the_oldest_waiting_memory_makes_room_under_the_budget() {
    let Some(gpu) = open_with(&GpuOptions { memory_budget: 100 * 1024, ..GpuOptions::default() }) else {
        return;
    };
    let texture = |side| gpu.texture(side, 64, TexelFormat::Rgba8Unorm, "square");
    drop(texture(100).unwrap());
    drop(texture(101).unwrap());
    assert_eq!(gpu.counters().bytes_pooled, 201 * 64 * 4);
    let _large = texture(280).unwrap();
    assert_eq!(gpu.counters().bytes_pooled, 101 * 64 * 4, "the older one went");
    let error = texture(150).unwrap_err();
    let (needed, live, budget) = (150 * 64 * 4, 280 * 64 * 4, 100 * 1024);
    assert_eq!(error, GpuError::OverBudget { label: "square".to_owned(), needed, live, budget });
    assert!(texture(101).is_ok(), "a failed request frees nothing");
    assert!(matches!(texture(500), Err(GpuError::OverBudget { .. })));
    gpu.trim(0);
    assert_eq!(gpu.counters().bytes_pooled, 0);
}

#[test]
fn sizes_over_a_limit_are_refused_by_name() {
    let Some(gpu) = open() else { return };
    let side = gpu.limits().max_texture_dimension_2d + 1;
    let error = gpu.texture(side, 1, TexelFormat::Rgba8Unorm, "wide").unwrap_err();
    assert!(matches!(&error, GpuError::TooLarge { label, .. } if label == "wide"), "{error}");
    for kind in [BufferKind::Uniform, BufferKind::Storage, BufferKind::ReadBack] {
        assert!(matches!(gpu.buffer(u64::MAX, kind, "vast"), Err(GpuError::TooLarge { .. })), "{kind:?}");
        assert!(matches!(gpu.buffer(0, kind, "none"), Err(GpuError::Usage { .. })), "{kind:?}");
    }
    assert!(matches!(gpu.texture(0, 4, TexelFormat::Rgba8Unorm, "none"), Err(GpuError::Usage { .. })));
}

#[test]
fn one_text_is_compiled_once() {
    let Some(gpu) = open() else { return };
    let (a, b) = (inverter(&gpu, TexelFormat::Rgba8Unorm), inverter(&gpu, TexelFormat::Rgba8Unorm));
    assert!(Arc::ptr_eq(&a, &b));
    assert_eq!(gpu.counters().pipelines_created, 1);
}
