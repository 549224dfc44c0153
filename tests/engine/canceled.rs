//! Renderings that are given up midway: they end as soon as that is said, and leave nothing behind.

use bowerbird::gpu::SharedDevice;
use bowerbird::gpu::runtime::GpuOptions;
use bowerbird::image::Depth;
use bowerbird::{Cancel, Chain, Engine, EngineOptions, Error, Frame, Image, OnDevice, Output};
use bowerbird_tests::chart::{chart, chart8, codes, floats};
use bowerbird_tests::random::cases;
use bowerbird_tests::{cpu, gpu};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// How often an engine asks until its rendering is not wanted any more; below zero it is wanted to the end.
fn countdown(options: &mut EngineOptions) -> Arc<AtomicI64> {
    let left = Arc::new(AtomicI64::new(-1));
    let asked = Arc::clone(&left);
    let due = move || asked.load(Ordering::Relaxed) >= 0 && asked.fetch_sub(1, Ordering::Relaxed) == 0;
    options.cancel = Cancel::when(due);
    left
}

/// An engine on the processor, and its countdown.
fn engine(tile: Option<(u32, u32)>) -> (Engine, Arc<AtomicI64>) {
    let mut left = Arc::default();
    let engine = cpu(|options| {
        options.tile = tile;
        left = countdown(options);
    });
    (engine, left)
}

fn render(engine: &Engine, chain: &Chain, image: &Image, frame: &Frame) -> Result<Vec<u32>, Error> {
    let output = Output { depth: Some(Depth::F32), ..Output::default() };
    let result = engine.render_frame(chain, image, frame, &output)?;
    Ok(floats(&result).iter().map(|v| v.to_bits()).collect())
}

#[test]
fn what_is_given_up_ends_and_leaves_nothing_behind() {
    let picture = chart(61, 147, true);
    let frame = Frame::still(61, 147);
    for tile in [None, Some((64, 40))] {
        let (engine, left) = engine(tile);
        for (name, chain) in cases() {
            let whole = render(&engine, &chain, &picture, &frame).unwrap_or_else(|error| panic!("{name}: {error}"));
            // At once, and in the middle of whatever is done then. Few effects ask a hundred times.
            for asks in [0, 1, 2, 3, 5, 8, 13, 21, 34] {
                left.store(asks, Ordering::Relaxed);
                let outcome = render(&engine, &chain, &picture, &frame);
                let due = left.swap(-1, Ordering::Relaxed) < 0;
                assert_eq!(matches!(outcome, Err(Error::Canceled)), due, "{name}, {asks}");
                assert!(due || outcome.is_ok_and(|bits| bits == whole), "{name}, {asks}");
            }
            assert!(render(&engine, &chain, &picture, &frame).is_ok_and(|bits| bits == whole), "{name}");
        }
    }
}

#[test]
fn a_frame_that_is_given_up_is_no_frame_to_effects_over_time() {
    for id in ["time_low_pass", "time_high_pass", "trail", "freeze", "strobe", "motion_detect"] {
        let effect = bowerbird::effects::find(id).expect("an effect");
        let mut chain = Chain::new().gaussian_blur(0.1);
        chain.push(effect.into());
        let [(plain, _), (engine, left)] = [engine(None), engine(None)];
        for index in 0..6u32 {
            let picture = chart(61, 147, index % 2 == 0);
            let frame = Frame::still(61, 147).at(f64::from(index) / 25.0, index);
            left.store(i64::from(index) + 3, Ordering::Relaxed);
            assert!(matches!(render(&engine, &chain, &picture, &frame), Err(Error::Canceled)), "{id} {index}");
            left.store(-1, Ordering::Relaxed);
            let again = render(&engine, &chain, &picture, &frame).expect("renders");
            assert!(again == render(&plain, &chain, &picture, &frame).expect("renders"), "{id} {index}");
        }
    }
}

#[test]
fn a_box_as_wide_as_the_picture_is_not_summed_anew_for_every_tile() {
    let picture = chart(640, 360, true);
    let chain: Chain =
        bowerbird::effects::BoxBlur { radius: bowerbird::param::Length::Fraction(0.5), ..Default::default() }.into();
    let asked = |memory: u64| {
        let asks = Arc::new(AtomicI64::new(0));
        let count = Arc::clone(&asks);
        let never = Cancel::when(move || count.fetch_add(1, Ordering::Relaxed) < 0);
        let engine = cpu(|options| (options.cancel, options.memory) = (never, memory));
        let bits = render(&engine, &chain, &picture, &Frame::still(640, 360)).expect("a picture");
        (asks.load(Ordering::Relaxed), bits)
    };
    let ((whole, expected), (tiled, found)) = (asked(u64::MAX), asked(1));
    // Four times as much to do, in bands that may end a tile early.
    assert!(tiled <= 8 * whole, "{tiled} bands in the place of {whole}");
    assert!(found == expected);
}

#[test]
fn on_a_shared_device_a_long_frame_is_given_up_between_its_submissions() {
    let Ok(device) = SharedDevice::open(&GpuOptions { allow_software: true, ..GpuOptions::default() }) else { return };
    let timestamps = device.report().timestamps;
    let device = device.with_longest_submission(std::time::Duration::ZERO);
    let open = |left: Option<&mut Arc<AtomicI64>>| {
        gpu(|options| {
            options.device = Some(device.clone());
            left.into_iter().for_each(|left| *left = countdown(options));
        })
    };
    is_given_up_between_submissions(open, (150, 101), timestamps);
}

#[test]
fn on_a_device_of_its_own_a_long_frame_is_given_up_between_its_submissions() {
    let Ok(device) = SharedDevice::open(&GpuOptions { allow_software: true, ..GpuOptions::default() }) else { return };
    let open =
        |left: Option<&mut Arc<AtomicI64>>| gpu(|options| left.into_iter().for_each(|left| *left = countdown(options)));
    // Large enough for its passes to take several times the longest submission on a software rasterizer.
    is_given_up_between_submissions(open, (400, 300), device.report().timestamps && device.report().software);
}

/// `is_cut` says whether the passes surely are submitted apart.
fn is_given_up_between_submissions(
    open: impl Fn(Option<&mut Arc<AtomicI64>>) -> Option<Engine>,
    (width, height): (u32, u32),
    is_cut: bool,
) {
    let mut left = Arc::default();
    let (Some(engine), Some(plain)) = (open(Some(&mut left)), open(None)) else { return };
    let small = bowerbird::effects::Median { radius: bowerbird::param::Length::Pixels(2.0) };
    let chain = Chain::new().gaussian_blur(0.1).swirl([0.4, 0.6]).trail(0.5).then(small);
    let picture = chart8(width, height, false);
    let render = |engine: &Engine, index: u32| {
        let frame = Frame::still(width, height).at(f64::from(index) / 30.0, index);
        match engine.render_frame_on_device(&chain, &picture, &frame, true)? {
            OnDevice::Rendered(result) => {
                let mut read = chart8(1, 1, true);
                result.read_into(&mut read).map(|()| codes(&read).to_vec())
            }
            other => panic!("{other:?}"),
        }
    };
    let mut given_up = 0;
    for index in 0..6u32 {
        // The first has no times to be cut by, and would be given up before it begins only.
        let mut whole = None;
        for asks in 0..i64::from(index) {
            left.store(asks, Ordering::Relaxed);
            whole = render(&engine, index).map_err(|error| assert!(matches!(error, Error::Canceled), "{error}")).ok();
            assert_eq!(left.swap(-1, Ordering::Relaxed) < 0, whole.is_none(), "frame {index}, {asks}");
            given_up += u32::from(whole.is_none() && asks > 0);
            if whole.is_some() {
                break;
            }
        }
        let whole = whole.unwrap_or_else(|| render(&engine, index).expect("renders"));
        assert!(whole == render(&plain, index).expect("renders"), "frame {index}");
        assert!(engine.take_messages().is_empty());
    }
    assert!(given_up > 2 || !is_cut, "{given_up}");
}
