//! Pictures that stay on the graphics device, and devices that are shared.

use bowerbird::gpu::SharedDevice;
use bowerbird::gpu::runtime::GpuOptions;
use bowerbird::recipe::Loader;
use bowerbird::{Chain, DevicePicture, Engine, Frame, Image, OnDevice, Output, Recipe, effects};
use bowerbird_tests::chart::{chart8, codes};
use bowerbird_tests::gpu;
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

#[test]
fn long_work_is_submitted_in_parts_to_the_same_picture() {
    let Ok(device) = SharedDevice::open(&GpuOptions { allow_software: true, ..GpuOptions::default() }) else { return };
    let timestamps = device.report().timestamps;
    let device = device.with_longest_submission(Duration::ZERO);
    let (Some(parts), Some(whole)) = (gpu(|options| options.device = Some(device)), shared()) else { return };
    let source = chart8(150, 101, false);
    // Two reductions are among the passes, one of which the host finishes.
    let steps = json!({"steps": [{"effect": "equalize"}, {"effect": "gaussian_blur"}, {"effect": "trail"},
        {"effect": "threshold", "method": "otsu"}]});
    let chain: Chain = Recipe::from_json(&steps, &Loader::none()).expect("a recipe").into();
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
    for chain in
        [Chain::new().then(effects::Rotate90::default()), Chain::new().then(effects::DomainTransform::default())]
    {
        let outcome = engine.render_frame_on_device(&chain, &source, &frame(&source, 0), true).expect("an answer");
        assert!(matches!(outcome, OnDevice::Elsewhere), "{outcome:?}");
    }
    engine.lose_gpu();
    let outcome = engine.render_frame_on_device(&look(), &source, &frame(&source, 0), true).expect("an answer");
    assert!(matches!(outcome, OnDevice::Elsewhere) && !engine.shares_device());
    engine.render(&look(), &source).expect("renders on the CPU");
    assert!(engine.take_messages().iter().any(|message| message.contains("CPU")));
}
