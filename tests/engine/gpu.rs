//! The GPU against the CPU, for every effect and for whole looks.

use bowerbird::image::{Alpha, Depth, Transfer};
use bowerbird::ir::Precision;
use bowerbird::{Chain, Engine, Image, Output, effects};
use bowerbird_tests::chart::{chart, chart8, codes, floats};
use bowerbird_tests::random::cases;
use bowerbird_tests::{NO_KERNEL, cpu, gpu, tolerance};

const FLOAT: Output = Output { depth: Some(Depth::F32), transfer: Transfer::Display, alpha: Alpha::Premultiplied };

/// Effects with steps, steep lines or hard thresholds, where rounding decides the side.
const DISCONTINUOUS: [&str; 5] = ["posterize", "threshold", "sobel", "pixelate", "toon"];

/// Effects that ask for a looser tolerance than their class, and why.
const LOOSER: [(&str, &str); 1] =
    [("hue_rotate", "cube roots and cubes of OKLab multiply a difference in the last place")];

fn has(chain: &Chain, ids: &[&str]) -> bool {
    chain.steps().iter().filter_map(|step| step.effect()).any(|effect| ids.contains(&effect.info().id))
}

fn no_messages(engine: &Engine, name: &str) {
    let messages: Vec<String> = engine.take_messages().into_iter().filter(|m| !m.contains(NO_KERNEL)).collect();
    assert_eq!(messages, Vec::<String>::new(), "{name}");
}

#[test]
fn fast_mode_is_within_a_code_of_the_cpu() {
    let Some(gpu) = gpu(|options| options.precision = Some(Precision::Fast)) else { return };
    let cpu = cpu(|_| {});
    for alpha in [false, true] {
        let picture = chart8(61, 47, alpha);
        for (name, chain) in cases() {
            let (a, b) = (gpu.render(&chain, &picture).expect(&name), cpu.render(&chain, &picture).expect(&name));
            no_messages(&gpu, &name);
            let pixels = (picture.width() * picture.height()) as usize;
            let differences: Vec<u8> = codes(&a)
                .chunks_exact(4)
                .zip(codes(&b).chunks_exact(4))
                .map(|(a, b)| visible_difference(a, b))
                .collect();
            let beyond = |limit: u8| differences.iter().filter(|d| **d > limit).count();
            let flips = if has(&chain, &DISCONTINUOUS) { tolerance::FLIPS } else { 0.0 };
            let outliers = (pixels as f64 * tolerance::GPU_FAST_OUTLIERS.max(flips)).ceil() as usize;
            let far = if flips > 0.0 { beyond(tolerance::GPU_FAST) } else { beyond(tolerance::GPU_FAST + 1) };
            let allowed = if flips > 0.0 { outliers } else { 0 };
            assert!(
                far <= allowed && beyond(tolerance::GPU_FAST) <= outliers,
                "{name}, alpha {alpha}: {far} pixels far off"
            );
        }
    }
}

/// The largest difference of what a pixel shows: its premultiplied codes.
pub(crate) fn visible_difference(a: &[u8], b: &[u8]) -> u8 {
    let shown = |p: &[u8], c: usize| (f32::from(p[c]) * f32::from(p[3]) / 255.0).round() as i32;
    let color = (0..3).map(|c| (shown(a, c) - shown(b, c)).unsigned_abs()).max().unwrap_or(0);
    color.max(a[3].abs_diff(b[3]).into()).min(255) as u8
}

#[test]
fn precise_mode_is_within_a_few_units_of_the_last_place() {
    let Some(gpu) = gpu(|options| options.precision = Some(Precision::Precise)) else { return };
    let cpu = cpu(|_| {});
    let picture = chart(61, 47, true);
    LOOSER.iter().for_each(|(id, reason)| println!("{id} is held to CHAIN: {reason}"));
    for (name, chain) in cases() {
        // The effect's own domain in and out, so that no conversion adds to the difference.
        let Some(effect) = chain.steps()[0].effect() else { continue };
        let transfer = if effect.info().domain.code().starts_with('L') { Transfer::Linear } else { Transfer::Display };
        let source = Image::from_rgba_f32(61, 47, floats(&picture).to_vec(), transfer, Alpha::Opaque).expect("valid");
        let output = Output { transfer, ..FLOAT };
        let render =
            |engine: &Engine| engine.render_to(&chain, &source, &output).unwrap_or_else(|e| panic!("{name}: {e}"));
        let (a, b) = (render(&gpu), render(&cpu));
        no_messages(&gpu, &name);
        let limit = match effect.class_name() {
            _ if has(&chain, &LOOSER.map(|(id, _)| id)) => tolerance::CHAIN,
            "point" | "stencil" | "composite" => tolerance::GPU_POINT,
            _ => (tolerance::WARP_EDGE, tolerance::CHAIN.1),
        };
        let wrong = floats(&a).iter().zip(floats(&b)).filter(|(a, b)| !tolerance::near(**a, **b, limit)).count();
        let allowed =
            if has(&chain, &DISCONTINUOUS) { (floats(&a).len() as f64 * tolerance::FLIPS) as usize } else { 0 };
        assert!(wrong <= allowed, "{name}: {wrong} values beyond the tolerance");
    }
}

#[test]
fn blurs_of_all_sizes_are_those_of_the_cpu_in_both_modes() {
    use bowerbird::effect::Edge;
    use bowerbird::param::Length;
    let cpu = cpu(|_| {});
    for precision in [Precision::Fast, Precision::Precise] {
        let Some(gpu) = gpu(|options| options.precision = Some(precision)) else { return };
        for (alpha, edge) in
            [(false, Edge::Clamp), (true, Edge::Reflect), (true, Edge::Transparent), (false, Edge::Wrap)]
        {
            let picture = chart(203, 151, alpha);
            // Through workgroup memory, on one to four octaves, and an axis at a time; in linear light.
            for (x, y) in
                [(0.0, 0.0), (2.0, 2.0), (3.9, 3.0), (4.5, 4.5), (8.0, 9.0), (23.0, 23.0), (60.0, 60.0), (30.0, 1.0)]
            {
                let [sigma, down] = [x, y].map(Length::Pixels);
                let chain = Chain::from(effects::GaussianBlur { sigma, sigma_y: Some(down), edge });
                let render = |engine: &Engine| engine.render_to(&chain, &picture, &FLOAT).expect("renders");
                let (a, b) = (render(&gpu), render(&cpu));
                let name = format!("{precision:?}, sigma {x} and {y}, {edge:?}");
                no_messages(&gpu, &name);
                let worst = floats(&a).iter().zip(floats(&b)).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
                let psnr = tolerance::psnr(floats(&a), floats(&b));
                assert!(worst <= tolerance::HALF_STEP && psnr >= tolerance::BLUR_PSNR, "{name}: {worst}, {psnr:.1} dB");
            }
        }
    }
}

#[test]
fn tiles_with_wide_blurs_have_the_codes_of_the_whole_on_the_gpu() {
    use bowerbird::param::Length;
    let (Some(whole), Some(tiled)) = (gpu(|_| {}), gpu(|options| options.tile = Some((64, 48)))) else { return };
    let picture = chart8(150, 100, false);
    for sigma in [2.0, 9.0, 20.0] {
        let blur = effects::GaussianBlur { sigma: Length::Pixels(sigma), ..effects::GaussianBlur::default() };
        let chain = Chain::new()
            .exposure(0.3)
            .then(blur)
            .then(effects::BoxBlur { radius: Length::Pixels(21.5), ..effects::BoxBlur::default() });
        let render = |engine: &Engine| codes(&engine.render(&chain, &picture).expect("renders")).to_vec();
        assert_eq!(render(&whole), render(&tiled), "sigma {sigma}");
        no_messages(&tiled, "tiles");
    }
}

fn ten_steps() -> Chain {
    Chain::new()
        .exposure(0.35)
        .temperature(7400.0)
        .contrast(1.1)
        .then(effects::Bloom::default())
        .saturation(1.15)
        .curves(bowerbird::param::Curve(vec![[0.0, 0.02], [0.5, 0.56], [1.0, 0.98]]))
        .then(effects::UnsharpMask::default())
        .swirl([0.4, 0.6])
        .vignette(0.35)
        .grain(0.1)
}

#[test]
fn a_look_of_ten_steps_is_the_same_picture_on_both_backends() {
    let Some(gpu) = gpu(|_| {}) else { return };
    let picture = chart8(320, 200, false);
    let (a, b) = (
        gpu.render(&ten_steps(), &picture).expect("renders"),
        cpu(|_| {}).render(&ten_steps(), &picture).expect("renders"),
    );
    no_messages(&gpu, "ten steps");
    let worst = codes(&a).iter().zip(codes(&b)).map(|(a, b)| a.abs_diff(*b)).max();
    assert!(worst <= Some(tolerance::GPU_LOOK), "{worst:?} codes apart");
}

#[test]
fn tiles_on_the_gpu_give_the_codes_of_the_whole() {
    let (Some(whole), Some(tiled)) = (gpu(|_| {}), gpu(|options| options.tile = Some((64, 48)))) else { return };
    let picture = chart8(150, 100, false);
    let (a, b) = (
        whole.render(&ten_steps(), &picture).expect("renders"),
        tiled.render(&ten_steps(), &picture).expect("renders"),
    );
    no_messages(&tiled, "tiles");
    assert_eq!(codes(&a), codes(&b));
}

#[test]
fn what_is_submitted_is_what_is_rendered() {
    for engine in [Some(cpu(|_| {})), gpu(|_| {})].into_iter().flatten() {
        let (engine, picture) = (std::sync::Arc::new(engine), chart8(150, 100, false));
        let expected = codes(&engine.render(&ten_steps(), &picture).expect("renders")).to_vec();
        let waiting = engine.submit(ten_steps(), picture.clone()).expect("a thread");
        let mut polled = engine.submit(ten_steps(), picture.clone()).expect("a thread");
        let found = loop {
            if let Some(found) = polled.poll() {
                break found.expect("renders");
            }
            std::thread::yield_now();
        };
        assert_eq!(codes(&found), expected, "{}", engine.backend_name());
        assert_eq!(codes(&waiting.wait().expect("renders")), expected);
        assert!(polled.poll().is_none() && polled.wait().is_err(), "a result is handed out once");
        let missing = engine.submit(Chain::new().exposure(0.1).with_mask("nowhere"), picture).expect("a thread");
        assert!(missing.wait().is_err());
    }
}

#[test]
fn a_lost_device_falls_back_to_the_cpu_and_says_so() {
    let Some(engine) = gpu(|_| {}) else { return };
    let picture = chart8(64, 48, false);
    let expected = cpu(|_| {}).render(&ten_steps(), &picture).expect("renders");
    engine.render(&ten_steps(), &picture).expect("renders on the GPU");
    engine.lose_gpu();
    let after = engine.render(&ten_steps(), &picture).expect("renders on the CPU");
    assert_eq!(codes(&after), codes(&expected));
    let again = engine.render(&ten_steps(), &picture).expect("renders on the CPU");
    assert_eq!(codes(&again), codes(&expected));
    assert!(!engine.uses_gpu() && engine.backend_name() == "cpu");
    assert!(engine.take_messages().iter().any(|m| m.contains("CPU")));
}

#[test]
fn an_effect_of_the_cpu_alone_is_rendered_there_and_says_so() {
    let Some(engine) = gpu(|_| {}) else { return };
    let (picture, chain) = (chart8(64, 48, false), Chain::new().then(effects::DomainTransform::default()));
    let expected = cpu(|_| {}).render(&chain, &picture).expect("renders");
    assert_eq!(codes(&engine.render(&chain, &picture).expect("renders")), codes(&expected));
    assert!(engine.uses_gpu() && engine.take_messages().iter().any(|m| m.contains(NO_KERNEL)));
}

#[test]
fn automatic_choice_never_takes_a_software_rasterizer() {
    let engine = Engine::auto().expect("an engine");
    let real = bowerbird::gpu::adapters().iter().any(|adapter| !adapter.software);
    assert_eq!(engine.uses_gpu(), real);
}
