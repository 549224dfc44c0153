//! Pictures that stay on the graphics device, and devices that are shared.

use crate::gpu::visible_difference;
use bowerbird::gpu::SharedDevice;
use bowerbird::gpu::runtime::GpuOptions;
use bowerbird::recipe::Loader;
use bowerbird::{Chain, DevicePicture, Engine, Frame, Image, OnDevice, Output, Recipe, effects};
use bowerbird_tests::chart::{chart8, codes};
use bowerbird_tests::{cpu, gpu, tolerance};
use serde_json::json;
use std::time::{Duration, Instant};

/// An engine on a device that it was handed, as a window would.
fn shared() -> Option<Engine> {
    let device = SharedDevice::open(&GpuOptions { allow_software: true, ..GpuOptions::default() }).ok();
    let engine = gpu(|options| options.device = device)?;
    assert!(engine.shares_device() && engine.take_messages().is_empty());
    Some(engine)
}

fn frame(picture: &Image, index: u32) -> Frame {
    Frame::still(picture.width(), picture.height()).at(f64::from(index) / 30.0, index)
}

fn on_device(engine: &Engine, chain: &Chain, picture: &Image, index: u32) -> DevicePicture {
    match engine.render_frame_on_device(chain, picture, &frame(picture, index), true).expect("renders") {
        OnDevice::Rendered(picture) => picture,
        other => panic!("{other:?}"),
    }
}

fn read(picture: &DevicePicture) -> Image {
    let mut image = chart8(1, 1, true);
    picture.read_into(&mut image).expect("the device is there");
    image
}

fn recipe(steps: serde_json::Value) -> Chain {
    Recipe::from_json(&json!({ "steps": steps }), &Loader::none()).expect("a recipe").into()
}

fn look() -> Chain {
    Chain::new().exposure(0.3).gaussian_blur(0.02).swirl([0.4, 0.6]).trail(0.3).vignette(0.35)
}

#[test]
fn what_stays_on_the_device_is_the_ordinary_rendering_and_brings_nothing_back() {
    for alpha in [false, true] {
        let (Some(engine), Some(ordinary)) = (shared(), gpu(|_| {})) else { return };
        let source = chart8(150, 101, alpha);
        let mut expected = Vec::new();
        for index in 0..3 {
            let result = ordinary.render_frame(&look(), &source, &frame(&source, index), &Output::default());
            expected.push(result.expect("renders"));
        }
        let pictures: Vec<DevicePicture> = (0..3).map(|index| on_device(&engine, &look(), &source, index)).collect();
        assert_eq!(engine.stats().bytes_read_back, 0, "the way to the screen");
        let told = engine.explain_frame(&look(), &source, &frame(&source, 2)).expect("explains");
        assert_eq!(told.bytes_read_back, Some(0), "{told}");
        // Those that are held were not written by the frames after them.
        for (index, (picture, expected)) in pictures.iter().zip(&expected).enumerate() {
            assert_eq!((picture.size(), picture.is_opaque()), ((150, 101), !alpha));
            assert_eq!(codes(&read(picture)), codes(expected), "frame {index}, alpha {alpha}");
            let texel = picture.texel(149, 77).expect("the device is there");
            assert_eq!(texel, codes(expected)[4 * (77 * 150 + 149)..][..4]);
        }
        assert_eq!(engine.stats().bytes_read_back, 3 * (4 * 150 * 101 + 4), "what was asked for, and no more");
        let told = ordinary.explain_frame(&look(), &source, &frame(&source, 2)).expect("explains");
        assert_eq!(told.bytes_read_back, Some(4 * 150 * 101));
    }
}

/// Looks that change the size: at the beginning, at the end, in the middle, twice, and over time.
fn size_changing() -> Vec<Chain> {
    let steps = [
        json!([{"effect": "crop", "rect": [0.1, 0.2, 0.5, 0.7]}, {"effect": "gaussian_blur"}, {"effect": "sepia"}]),
        json!([{"effect": "exposure", "ev": 0.3}, {"effect": "rotate90"}]),
        json!([{"effect": "resize", "scale": 0.4}, {"effect": "swirl"}, {"effect": "trail"}]),
        json!([{"effect": "resize", "width": 211, "filter": "bilinear", "space": "display"}]),
        json!([{"effect": "vignette"}, {"effect": "resize", "scale": 0.7, "filter": "nearest"}, {"effect": "sobel"}]),
        json!([{"effect": "trail"}, {"effect": "rotate90", "turns": 3}, {"effect": "rotate90", "turns": 2},
            {"effect": "resize", "scale": 1.5, "filter": "area"}, {"effect": "crop", "rect": [0.3, 0.0, 0.4, 1.0]},
            {"effect": "saturation", "amount": 0.4}]),
        json!([{"effect": "resize", "width": 150, "height": 101}, {"effect": "invert"}]),
    ];
    steps.into_iter().map(recipe).collect()
}

#[test]
fn looks_that_change_the_size_stay_on_the_device_too() {
    for (chain, alpha) in size_changing().into_iter().flat_map(|chain| [(chain.clone(), false), (chain, true)]) {
        let (Some(engine), ordinary) = (shared(), cpu(|_| {})) else { return };
        let source = chart8(150, 101, alpha);
        // What this test itself brings back.
        let mut looked_at = 0;
        // In full, and as a preview.
        for divisor in [1, 2] {
            let picture = if divisor == 1 { source.clone() } else { chart8(75, 51, alpha) };
            for index in 0..3 {
                let frame = frame(&source, index).scaled(1, divisor);
                let shown = match engine.render_frame_on_device(&chain, &picture, &frame, true).expect("renders") {
                    OnDevice::Rendered(shown) => shown,
                    other => panic!("{other:?}: {:?}", engine.take_messages()),
                };
                let expected = ordinary.render_frame(&chain, &picture, &frame, &Output::default()).expect("renders");
                assert_eq!((shown.size(), engine.stats().bytes_read_back), (expected.size(), looked_at), "{index}");
                let held = read(&shown);
                looked_at = engine.stats().bytes_read_back;
                let pixels = codes(&held).chunks_exact(4).zip(codes(&expected).chunks_exact(4));
                let far = pixels.filter(|(a, b)| visible_difference(a, b) > tolerance::GPU_FAST).count();
                let most = (codes(&held).len() as f64 / 4.0 * tolerance::GPU_FAST_OUTLIERS).ceil() as usize;
                assert!(far <= most, "{far} pixels of frame {index}, alpha {alpha}, 1/{divisor}: {chain:?}");
            }
        }
    }
}

#[test]
fn a_warm_look_that_changes_the_size_makes_nothing_new_on_the_device() {
    let Some(engine) = shared() else { return };
    let source = chart8(64, 48, false);
    for chain in size_changing() {
        let mut drawn = [None, None];
        let mut show = |index: u32| drawn[index as usize % 2] = Some(on_device(&engine, &chain, &source, index));
        (0..8).for_each(&mut show);
        let before = engine.stats();
        (8..24).for_each(&mut show);
        let after = engine.stats();
        let made = |stats: bowerbird::Stats| (stats.gpu_resources, stats.pipelines, stats.plans);
        assert_eq!((made(after), after.bytes_read_back), (made(before), 0), "{chain:?}");
    }
}

#[test]
fn long_work_is_submitted_in_parts_to_the_same_picture() {
    let Ok(device) = SharedDevice::open(&GpuOptions { allow_software: true, ..GpuOptions::default() }) else { return };
    let timestamps = device.report().timestamps;
    let device = device.with_longest_submission(Duration::ZERO);
    let (Some(parts), Some(whole)) = (gpu(|options| options.device = Some(device)), shared()) else { return };
    let source = chart8(150, 101, false);
    // Two reductions are among the passes, one of which the host finishes.
    let chain = recipe(json!([{"effect": "equalize"}, {"effect": "gaussian_blur"}, {"effect": "trail"},
        {"effect": "threshold", "method": "otsu"}]));
    for index in 0..3 {
        let begin = Instant::now();
        let picture = on_device(&parts, &chain, &source, index);
        assert!(picture.waited() < begin.elapsed());
        let [a, b] = [picture, on_device(&whole, &chain, &source, index)].map(|picture| read(&picture));
        assert_eq!(codes(&a), codes(&b), "frame {index}");
    }
    let told = parts.explain_frame(&chain, &source, &frame(&source, 2)).expect("explains");
    assert_eq!(told.passes.iter().any(|pass| pass.ms.is_some()), timestamps, "{told}");
}

#[test]
fn textures_go_around_with_whoever_draws_them() {
    let Some(engine) = shared() else { return };
    let source = chart8(64, 48, false);
    let mut drawn = [None, None];
    let mut show = |index: u32| drawn[index as usize % 2] = Some(on_device(&engine, &look(), &source, index));
    (0..8).for_each(&mut show);
    let before = engine.stats();
    (8..40).for_each(&mut show);
    let after = engine.stats();
    assert_eq!(
        (after.gpu_resources, after.pipelines, after.plans),
        (before.gpu_resources, before.pipelines, before.plans)
    );
}

#[test]
fn nobody_waits_for_pipelines_who_does_not_want_to() {
    let Some(engine) = shared() else { return };
    let (source, look) = (chart8(64, 48, false), look());
    let mut asked = 0;
    let picture = loop {
        match engine.render_frame_on_device(&look, &source, &frame(&source, asked), false).expect("renders") {
            OnDevice::Rendered(picture) => break picture,
            OnDevice::Compiling => std::thread::yield_now(),
            OnDevice::Elsewhere => panic!("{:?}", engine.take_messages()),
        }
        asked += 1;
    };
    assert!(asked > 0, "nothing was compiled yet");
    // The frame that was rendered is the first, however often was asked.
    let first = gpu(|_| {}).map(|other| read(&on_device(&other, &look, &source, 0)));
    assert_eq!(first.map(|first| codes(&first).to_vec()), Some(codes(&read(&picture)).to_vec()));
}

#[test]
fn what_the_device_cannot_is_said_to_be_for_elsewhere() {
    let Some(engine) = shared() else { return };
    let source = chart8(64, 48, false);
    let reads_source: Chain = recipe(json!([{"effect": "rotate90"}, {"effect": "blend", "in": {"layer": "source"}}]));
    for chain in [reads_source, Chain::new().then(effects::DomainTransform::default())] {
        let outcome = engine.render_frame_on_device(&chain, &source, &frame(&source, 0), true).expect("an answer");
        assert!(matches!(outcome, OnDevice::Elsewhere), "{outcome:?}");
    }
    engine.lose_gpu();
    let outcome = engine.render_frame_on_device(&look(), &source, &frame(&source, 0), true).expect("an answer");
    assert!(matches!(outcome, OnDevice::Elsewhere) && !engine.shares_device());
    engine.render(&look(), &source).expect("renders on the CPU");
    assert!(engine.take_messages().iter().any(|message| message.contains("CPU")));
}
