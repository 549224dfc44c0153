//! What plans look like: how many passes, what they read, and what a change costs.

use bowerbird::ir::Precision;
use bowerbird::{Chain, EngineOptions, effects};
use bowerbird_tests::chart::chart8;
use bowerbird_tests::random::{cases, runnable};
use bowerbird_tests::{cpu, gpu};

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
    let plan = gpu.explain(&blur, (64, 64)).expect("a plan");
    assert_eq!(plan.passes.iter().map(|p| p.kind).collect::<Vec<_>>(), ["points", "convolve", "convolve"], "{plan}");
    assert!(plan.passes[1].why_cut.contains("F7"), "{plan}");
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
fn one_shot_plans_leave_identities_out() {
    let engine = cpu(|options: &mut EngineOptions| options.drop_identity = true);
    let plan = engine.explain(&Chain::new().exposure(0.0).sepia(0.5).gaussian_blur(0.0), (64, 64)).expect("a plan");
    assert_eq!((plan.passes.len(), plan.passes[0].effects.as_slice()), (1, ["sepia".to_owned()].as_slice()));
}

#[test]
fn every_generated_shader_is_valid_in_both_modes() {
    let engine = cpu(|_| {});
    for (name, chain) in cases() {
        for precision in [Precision::Fast, Precision::Precise] {
            let shaders = engine.shaders(&chain, (64, 48), precision).unwrap_or_else(|e| panic!("{name}: {e}"));
            for wgsl in shaders {
                validate(&name, &wgsl);
            }
        }
    }
}

fn validate(name: &str, wgsl: &str) {
    let module = naga::front::wgsl::parse_str(wgsl).unwrap_or_else(|e| panic!("{name}: {}", e.emit_to_string(wgsl)));
    let mut validator =
        naga::valid::Validator::new(naga::valid::ValidationFlags::all(), naga::valid::Capabilities::default());
    validator.validate(&module).unwrap_or_else(|e| panic!("{name}: {}", e.emit_to_string(wgsl)));
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
