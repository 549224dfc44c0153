//! What plans look like: how many passes, what they read, and what a change costs.

use bowerbird::effect::Edge;
use bowerbird::image::Transfer;
use bowerbird::ir::Precision;
use bowerbird::param::Length;
use bowerbird::recipe::Loader;
use bowerbird::{Chain, EngineOptions, Frame, Recipe, effects};
use bowerbird_tests::chart::chart8;
use bowerbird_tests::random::{cases, runnable};
use bowerbird_tests::{cpu, gpu, tolerance};

/// A chain of point effects without reductions, of any length.
fn points(length: usize) -> Chain {
    let mut chain = Chain::new();
    for index in 0..length {
        chain = match index % 8 {
            0 => chain.exposure(0.1),
            1 => chain.contrast(1.1),
            2 => chain.saturation(1.2),
            3 => chain.temperature(7000.0),
            4 => chain.sepia(0.2),
            5 => chain.grayscale(0.1).with_opacity(0.5),
            6 => chain.vignette(0.2),
            _ => chain.grain(0.1),
        };
    }
    chain
}

#[test]
fn a_point_chain_of_any_length_is_one_pass_on_both_backends() {
    for engine in [Some(cpu(|_| {})), gpu(|_| {})].into_iter().flatten() {
        for length in [1, 2, 8, 40] {
            let plan = engine.explain(&points(length), (640, 480)).expect("a plan");
            let pass = &plan.passes[0];
            assert_eq!((plan.passes.len(), plan.slots.len()), (1, 0), "{length} steps: {plan}");
            assert_eq!((pass.reads.as_slice(), pass.writes.as_str()), (["source".to_owned()].as_slice(), "output"));
            assert_eq!((pass.bytes_read, pass.bytes_written), (4 * 640 * 480, 4 * 640 * 480));
        }
    }
}

#[test]
fn neighborhoods_take_prologues_and_epilogues() {
    let engine = cpu(|_| {});
    let chain = Chain::new().exposure(0.2).sobel(1.0).contrast(1.2).invert(1.0);
    assert_eq!(engine.explain(&chain, (64, 64)).expect("a plan").passes.len(), 1);
    let blur = Chain::new().exposure(0.2).gaussian_blur(0.02).contrast(1.2);
    let plan = engine.explain(&blur, (64, 64)).expect("a plan");
    assert_eq!(plan.passes.iter().map(|p| p.kind).collect::<Vec<_>>(), ["convolve"], "{plan}");
    let Some(gpu) = gpu(|_| {}) else { return };
    for (chain, kind) in [(chain, "stencil"), (blur, "convolve")] {
        let plan = gpu.explain(&chain, (64, 64)).expect("a plan");
        assert_eq!(plan.passes.iter().map(|p| p.kind).collect::<Vec<_>>(), [kind], "{plan}");
        assert!(plan.passes[0].parts.is_empty() && plan.slots.is_empty(), "{plan}");
    }
}

#[test]
fn buffers_of_the_cpu_hold_the_channels_that_do_not_follow_from_others() {
    let engine = cpu(|_| {});
    let written = |chain: &Chain| -> Vec<u64> {
        let plan = engine.explain(chain, (64, 64)).expect("a plan");
        plan.passes
            .iter()
            .filter(|pass| pass.writes != "output")
            .map(|pass| pass.bytes_written / (4 * 64 * 64))
            .collect()
    };
    // Two smoothings of the three colors, each in four numbers of 16 bits, then luma at a wider scale.
    assert_eq!(written(&Chain::new().then(effects::Toon::default())), [2, 2, 1]);
    // The two moments of luma.
    assert_eq!(written(&Chain::new().clarity(0.5)), [2]);
    // What a blur beyond a transparent edge reads keeps its alpha.
    let soft = effects::GaussianBlur { edge: Edge::Transparent, ..gaussian(2.0) };
    assert_eq!(written(&Chain::new().then(gaussian(2.0)).then(soft)), [4]);
    assert_eq!(written(&Chain::new().then(gaussian(2.0)).then(gaussian(2.0))), [3]);
}

fn gaussian(pixels: f64) -> effects::GaussianBlur {
    effects::GaussianBlur { sigma: Length::Pixels(pixels), ..effects::GaussianBlur::default() }
}

/// The picture of the measurements.
const LARGE: (u32, u32) = (3840, 2160);

/// Bytes of one read and one write of `LARGE` in 8-bit codes.
const ONCE: u64 = 2 * 4 * 3840 * 2160;

#[test]
fn a_gaussian_of_any_size_takes_two_passes_over_the_picture_on_the_gpu() {
    let Some(gpu) = gpu(|_| {}) else { return };
    for (sigma, most) in [(2.0, 1.0), (3.0, 1.0), (8.0, 2.75), (50.0, 2.75), (200.0, 3.75)] {
        let chain = Chain::new().exposure(0.2).then(gaussian(sigma)).contrast(1.2);
        let plan = gpu.explain(&chain, LARGE).expect("a plan");
        assert_eq!(plan.passes.len(), 1, "sigma {sigma}: {plan}");
        let parts = &plan.passes[0].parts;
        let (bytes, full) = (4 * u64::from(LARGE.0 * LARGE.1), [LARGE.0, LARGE.1]);
        if sigma < 3.9 {
            assert!(parts.is_empty(), "sigma {sigma}: {plan}");
        } else {
            let (first, last) = (&parts[0], &parts[parts.len() - 1]);
            assert_eq!((first.kind, first.bytes_read), ("halve", bytes), "{plan}");
            assert_eq!((last.kind, last.size, last.bytes_written), ("grow", full, bytes), "{plan}");
            // What lies between is a level, and at most a quarter of the picture with its margin.
            assert!(parts[..parts.len() - 1].iter().all(|part| part.size[0] < LARGE.0 && part.size[1] < LARGE.1));
            assert_eq!(parts.iter().filter(|part| part.kind == "blur").count(), 1, "{plan}");
        }
        assert!(plan.bytes_total as f64 <= most * ONCE as f64, "sigma {sigma}: {plan}");
    }
}

#[test]
fn a_blur_of_two_sizes_and_a_wide_box_take_a_pass_an_axis() {
    let Some(gpu) = gpu(|_| {}) else { return };
    let uneven = effects::GaussianBlur { sigma_y: Some(Length::Pixels(1.0)), ..gaussian(60.0) };
    for chain in [Chain::from(uneven), Chain::new().box_blur(0.02)] {
        let chain = chain.with_space(Transfer::Display);
        let plan = gpu.explain(&chain, LARGE).expect("a plan");
        let kinds: Vec<&str> = plan.passes[0].parts.iter().map(|part| part.kind).collect();
        assert_eq!((plan.passes.len(), kinds.as_slice()), (1, ["across", "down"].as_slice()), "{plan}");
    }
}

/// The graph of ten effects of `bench --suite`: points, a blur, a blend with the source, a warp and sharpening.
fn mixed() -> Chain {
    let suite = bowerbird_tests::folder().join("../crates/bowerbird-cli/src/bench/suite.json");
    let suite: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(suite).expect("the suite")).expect("JSON");
    let entry = suite.as_array().expect("a list").iter().find(|entry| entry["id"] == "mixed10").expect("mixed10");
    let recipe = serde_json::json!({"version": 1, "name": "mixed10", "steps": entry["steps"]});
    Recipe::from_json(&recipe, &Loader::folder(bowerbird_tests::folder())).expect("a recipe").into()
}

#[test]
fn ten_mixed_effects_are_cut_only_where_positions_are_computed_and_neighbors_needed() {
    let Some(gpu) = gpu(|_| {}) else { return };
    let plan = gpu.explain(&mixed(), LARGE).expect("a plan");
    let kinds: Vec<&str> = plan.passes.iter().map(|pass| pass.kind).collect();
    assert_eq!(kinds, ["convolve", "warp", "convolve"], "{plan}");
    // Two cuts, each a store and a load of 8 bytes a pixel, besides the source and the result.
    assert_eq!(plan.bytes_total, 5 * ONCE, "{plan}");
    assert_eq!(plan.slots.len(), 2, "{plan}");
}

#[test]
fn warm_frames_of_the_gpu_make_nothing_and_octaves_plan_nothing() {
    let Some(gpu) = gpu(|_| {}) else { return };
    let (picture, mut out) = (chart8(160, 120, false), chart8(160, 120, false));
    let mut render = |chain: &Chain| gpu.render_into(chain, &picture, &mut out).expect("renders");
    for chain in [mixed(), gaussian(30.0).into()] {
        render(&chain);
        let before = gpu.stats();
        render(&chain);
        let after = gpu.stats();
        assert_eq!((after.plans, after.pipelines), (before.plans, before.pipelines));
        assert_eq!(after.gpu_resources, before.gpu_resources);
    }
    let before = gpu.stats();
    // Radii up to a power of two: two and three octaves, with the pipelines of the first.
    for sigma in [20.0, 31.0, 9.0, 17.0, 30.0] {
        render(&gaussian(sigma).into());
    }
    let after = gpu.stats();
    assert_eq!((after.plans, after.pipelines), (before.plans, before.pipelines));
    // The same text is one pipeline, in another plan too.
    render(&gaussian(60.0).into());
    assert_eq!(gpu.stats().pipelines, before.pipelines);
}

#[test]
fn two_warps_are_two_passes_and_say_why() {
    let plan =
        cpu(|_| {}).explain(&Chain::new().then(effects::Swirl::default()).affine(20.0), (64, 64)).expect("a plan");
    assert!(plan.passes.iter().any(|pass| pass.why_cut.contains("F5")), "{plan}");
}

#[test]
fn a_long_chain_of_kernels_needs_few_buffers() {
    let mut chain = Chain::new();
    for _ in 0..6 {
        chain = chain.gaussian_blur(0.01).sobel(1.0);
    }
    let plan = cpu(|_| {}).explain(&chain, (64, 64)).expect("a plan");
    assert!(plan.slots.len() <= 3, "{} buffers: {plan}", plan.slots.len());
}

#[test]
fn a_slider_plans_nothing_through_its_identity_too() {
    for engine in [Some(cpu(|_| {})), gpu(|_| {})].into_iter().flatten() {
        let (picture, mut out) = (chart8(64, 48, false), chart8(64, 48, false));
        let look = |ev: f64| Chain::new().exposure(ev).sepia(0.4 + ev / 10.0).gaussian_blur(0.01).swirl([0.5, 0.5]);
        engine.render_into(&look(0.4), &picture, &mut out).expect("renders");
        let before = engine.stats();
        for ev in [0.3, 0.1, 0.0, -0.2, 1.5] {
            engine.render_into(&look(ev), &picture, &mut out).expect("renders");
        }
        let after = engine.stats();
        assert_eq!(after.plans, before.plans, "{}", engine.backend_name());
        assert_eq!((after.pipelines, after.gpu_resources), (before.pipelines, before.gpu_resources));
        assert_eq!(after.refills, before.refills + 5);
    }
}

#[test]
fn a_number_of_a_mask_is_followed_and_plans_nothing() {
    let look = |x: f64| {
        let recipe = serde_json::json!({
            "steps": [{"effect": "invert", "mask": "spot"}],
            "masks": {"spot": [{"effect": "mask_shape", "center": [x, 0.5]}]},
        });
        Chain::from(Recipe::from_json(&recipe, &Loader::none()).expect("a recipe"))
    };
    for (engine, fresh) in [(Some(cpu(|_| {})), Some(cpu(|_| {}))), (gpu(|_| {}), gpu(|_| {}))] {
        let (Some(engine), Some(fresh)) = (engine, fresh) else { continue };
        let (picture, mut out) = (chart8(64, 48, false), chart8(64, 48, false));
        engine.render_into(&look(0.2), &picture, &mut out).expect("renders");
        let before = engine.stats();
        engine.render_into(&look(0.8), &picture, &mut out).expect("renders");
        assert_eq!(engine.stats().plans, before.plans, "{}", engine.backend_name());
        let expected = fresh.render(&look(0.8), &picture).expect("renders");
        assert!(out.to_rgba8() == expected.to_rgba8(), "{}", engine.backend_name());
    }
}

#[test]
fn one_shot_plans_leave_identities_out() {
    let engine = cpu(|options: &mut EngineOptions| options.drop_identity = true);
    let plan = engine.explain(&Chain::new().exposure(0.0).sepia(0.5).gaussian_blur(0.0), (64, 64)).expect("a plan");
    assert_eq!((plan.passes.len(), plan.passes[0].effects.as_slice()), (1, ["sepia".to_owned()].as_slice()));
}

#[test]
fn every_generated_shader_is_valid_in_both_modes() {
    let engine = cpu(|_| {});
    let blurs = [2.0, 3.5, 9.0, 70.0].map(|sigma| (format!("sigma {sigma}"), Chain::new().then(gaussian(sigma))));
    for (name, chain) in cases().into_iter().chain(blurs) {
        for precision in [Precision::Fast, Precision::Precise] {
            let shaders = engine.shaders(&chain, (160, 148), precision).unwrap_or_else(|e| panic!("{name}: {e}"));
            for wgsl in shaders {
                validate(&name, &wgsl);
            }
        }
    }
}

/// What every device has, by the limits that wgpu calls downlevel.
const LEAST_WORKGROUP_MEMORY: u32 = 16_352;

fn validate(name: &str, wgsl: &str) {
    let module = naga::front::wgsl::parse_str(wgsl).unwrap_or_else(|e| panic!("{name}: {}", e.emit_to_string(wgsl)));
    let mut validator =
        naga::valid::Validator::new(naga::valid::ValidationFlags::all(), naga::valid::Capabilities::default());
    validator.validate(&module).unwrap_or_else(|e| panic!("{name}: {}", e.emit_to_string(wgsl)));
    let shared = module.global_variables.iter().filter(|(_, v)| v.space == naga::AddressSpace::WorkGroup);
    let bytes: u32 = shared.map(|(_, v)| module.types[v.ty].inner.size(module.to_ctx())).sum();
    assert!(bytes <= LEAST_WORKGROUP_MEMORY, "{name}: {bytes} bytes of workgroup memory");
}

#[test]
fn shaders_of_the_defaults_match_their_snapshots() {
    let engine = cpu(|_| {});
    let bless = std::env::var_os("BLESS").is_some();
    for effect in effects::all() {
        let id = effect.info().id;
        let text =
            engine.shaders(&runnable(effect), (64, 48), Precision::Fast).expect("shaders").join("\n// next pass\n");
        let path = bowerbird_tests::folder().join("snapshots").join(format!("{id}.wgsl"));
        if bless {
            std::fs::write(&path, &text).expect("the snapshot is written");
        }
        let known = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(text == known, "{id}: the shader changed; if that is right, bless it with BLESS=1");
    }
}

#[test]
fn steps_share_the_time_of_their_passes_by_price() {
    let engine = cpu(|_| {});
    let picture = chart8(64, 48, false);
    // All in one pass. The blur is dearer than exposure, and so is the step that wants display values back.
    let chain = Chain::new().posterize(5).hue_rotate(40.0).gaussian_blur(0.05).exposure(0.2).sepia(0.4);
    let frame = Frame::still(64, 48);
    let before = engine.explain_frame(&chain, &picture, &frame).expect("explains");
    assert!(before.steps.is_empty() && before.passes.iter().all(|pass| pass.ms.is_none()), "nothing was measured");
    engine.render(&chain, &picture).expect("renders");
    let told = engine.explain_frame(&chain, &picture, &frame).expect("explains");
    let ms: Vec<f32> = told.steps.iter().map(|time| time.ms).collect();
    assert_eq!(told.steps.iter().map(|time| time.step).collect::<Vec<_>>(), [0, 1, 2, 3, 4]);
    assert!(told.steps.iter().all(|time| time.ms > 0.0 && time.fused), "{told}");
    assert!(ms[2] > ms[3] && ms[4] > ms[3], "{told}");
    let passes: f32 = told.passes.iter().filter_map(|pass| pass.ms).sum();
    assert!(tolerance::near(ms.iter().sum(), passes, tolerance::CHAIN), "{told}");
}
