//! Effects over time, on a recorded clip with its timestamps: against an independent computation (`oracles/clips.py`),
//! and the same clip twice.

use bowerbird::image::{Alpha, Depth, Transfer};
use bowerbird::ir::Precision;
use bowerbird::recipe::Loader;
use bowerbird::{Chain, Engine, Frame, Image, Output, Recipe, Simd, lane};
use bowerbird_tests::{cpu, folder, gpu, tolerance};
use serde_json::{Value, json};

struct Clip {
    size: (u32, u32),
    times: Vec<f64>,
    frames: Vec<Image>,
    cases: Vec<Value>,
}

fn data(name: &str) -> Vec<f32> {
    let path = folder().join("data/clips").join(name);
    let bytes = std::fs::read(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    bytes.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect()
}

fn clip() -> Clip {
    let index = std::fs::read_to_string(folder().join("data/clips/clips.json")).expect("the clips");
    let index: Value = serde_json::from_str(&index).expect("JSON");
    let side = |name: &str| index[name].as_u64().expect("a side") as u32;
    let size = (side("width"), side("height"));
    let pixels = data("clip.f32");
    let frames = pixels.chunks_exact(4 * size.0 as usize * size.1 as usize).map(|pixels| {
        Image::from_rgba_f32(size.0, size.1, pixels.to_vec(), Transfer::Display, Alpha::Straight).expect("a picture")
    });
    Clip {
        size,
        times: index["times"].as_array().expect("times").iter().filter_map(Value::as_f64).collect(),
        frames: frames.collect(),
        cases: index["cases"].as_array().expect("cases").clone(),
    }
}

fn chain(step: &Value) -> Chain {
    Recipe::from_json(&json!({"steps": [step]}), &Loader::none()).expect("a recipe").into()
}

/// The frames of a clip rendered in turn, as floats.
fn play(engine: &Engine, clip: &Clip, chain: &Chain, output: &Output) -> Vec<Vec<f32>> {
    let moments = clip.frames.iter().zip(&clip.times).enumerate();
    moments
        .map(|(index, (image, time))| {
            let frame = Frame::still(clip.size.0, clip.size.1).at(*time, index as u32);
            let result = engine.render_frame(chain, image, &frame, output).expect("renders");
            result.to_rgba_f32()
        })
        .collect()
}

fn floats(transfer: Transfer, alpha: Alpha) -> Output {
    Output { depth: Some(Depth::F32), transfer, alpha }
}

/// The effects that the clips are of.
pub(super) fn covered() -> Vec<String> {
    let id = |case: &Value| case["step"]["effect"].as_str().unwrap_or_default().to_owned();
    clip().cases.iter().map(id).collect()
}

#[test]
fn every_frame_is_what_an_independent_computation_makes_of_the_clip() {
    agrees(&cpu(|_| {}), tolerance::CHAIN);
}

#[test]
fn every_frame_is_the_same_on_the_gpu() {
    for (precision, near) in [(Precision::Precise, tolerance::CHAIN), (Precision::Fast, tolerance::CLIP_FAST)] {
        let Some(gpu) = gpu(|options| options.precision = Some(precision)) else { return };
        agrees(&gpu, near);
        assert_eq!(gpu.take_messages(), Vec::<String>::new());
    }
}

/// Whether an engine makes of the clip what the independent computation does, within a tolerance times the gain of a case.
fn agrees(engine: &Engine, near: (f32, f32)) {
    let clip = clip();
    let mut faults = Vec::new();
    for case in &clip.cases {
        let name = case["name"].as_str().expect("a name");
        let output = match case["domain"].as_str() {
            Some("L") => floats(Transfer::Linear, Alpha::Premultiplied),
            Some("DP") => floats(Transfer::Display, Alpha::Premultiplied),
            _ => floats(Transfer::Display, Alpha::Straight),
        };
        let gain = case["gain"].as_f64().unwrap_or(1.0) as f32;
        let near = (near.0 * gain, near.1 * gain);
        let expected = data(&format!("{name}.f32"));
        let found = play(engine, &clip, &chain(&case["step"]), &output).concat();
        assert_eq!(found.len(), expected.len(), "{name}");
        for (index, (found, expected)) in found.chunks_exact(4).zip(expected.chunks_exact(4)).enumerate() {
            let hidden = expected[3] <= lane::color::LEAST_ALPHA;
            let agrees = |c: usize| (hidden && c < 3) || tolerance::near(found[c], expected[c], near);
            if !(0..4).all(agrees) {
                faults.push(format!("{name}, pixel {index}: {found:?}, not {expected:?}"));
                break;
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn the_same_clip_gives_the_same_bytes_however_it_is_rendered() {
    let clip = clip();
    let output = floats(Transfer::Display, Alpha::Straight);
    for case in &clip.cases {
        let chain = chain(&case["step"]).gaussian_blur(0.1).then(bowerbird::effects::Swirl::default());
        let once = play(&cpu(|_| {}), &clip, &chain, &output);
        for (what, engine) in [
            ("one thread", cpu(|options| options.threads = 1)),
            ("one pixel at a time", cpu(|options| options.simd = Simd::Scalar)),
            ("interpreted", cpu(|options| options.simd = Simd::Interpreted)),
            ("tiles", cpu(|options| options.tile = Some((5, 4)))),
            ("unfused", cpu(|options| options.unfused = true)),
        ] {
            let again = play(&engine, &clip, &chain, &output);
            assert!(again == once, "{} with {what}", case["name"]);
        }
        // The second time on the same engine begins anew.
        let engine = cpu(|_| {});
        play(&engine, &clip, &chain, &output);
        assert!(play(&engine, &clip, &chain, &output) == once, "{} a second time", case["name"]);
    }
}

#[test]
fn a_mixed_step_feeds_back_what_it_made_and_not_what_was_mixed() {
    let clip = clip();
    let output = floats(Transfer::Linear, Alpha::Premultiplied);
    let step = json!({"effect": "trail", "tau": 0.4});
    let whole = play(&cpu(|_| {}), &clip, &chain(&step), &output);
    let half = play(&cpu(|_| {}), &clip, &chain(&step).with_opacity(0.5), &output);
    let plain = play(&cpu(|_| {}), &clip, &Chain::new(), &output);
    for ((whole, half), plain) in whole.iter().zip(&half).zip(&plain) {
        for ((whole, half), plain) in whole.iter().zip(half).zip(plain) {
            assert!(tolerance::near(*half, 0.5 * (whole + plain), tolerance::CHAIN), "{half} of {whole} and {plain}");
        }
    }
}

#[test]
fn the_same_frame_again_is_no_time_later() {
    let clip = clip();
    let engine = cpu(|_| {});
    let output = floats(Transfer::Display, Alpha::Straight);
    let chain = chain(&json!({"effect": "time_low_pass", "tau": 0.2}));
    let once = play(&engine, &clip, &chain, &output);
    let last = clip.frames.len() - 1;
    let frame = Frame::still(clip.size.0, clip.size.1).at(clip.times[last], last as u32);
    for _ in 0..3 {
        let again = engine.render_frame(&chain, &clip.frames[last], &frame, &output).expect("renders");
        assert!(again.to_rgba_f32() == once[last]);
    }
}

#[test]
fn a_slider_keeps_what_was_and_costs_no_plan() {
    let clip = clip();
    let engine = cpu(|_| {});
    let output = floats(Transfer::Display, Alpha::Straight);
    for (index, (image, time)) in clip.frames.iter().zip(&clip.times).enumerate() {
        let chain = chain(&json!({"effect": "trail", "tau": 0.3 + 0.1 * index as f64}));
        let frame = Frame::still(clip.size.0, clip.size.1).at(*time, index as u32);
        engine.render_frame(&chain, image, &frame, &output).expect("renders");
    }
    assert_eq!(engine.stats().plans, 1);
}

#[test]
fn motion_is_told_in_numbers_on_both_backends() {
    let clip = clip();
    let precise = gpu(|options| options.precision = Some(Precision::Precise));
    let mut compared = 0;
    for engine in [Some(cpu(|_| {})), precise].into_iter().flatten() {
        for case in clip.cases.iter().filter(|case| case["motion"].is_array()) {
            let name = format!("{} on {}", case["name"], engine.backend_name());
            let look = chain(&case["step"]);
            let output = floats(Transfer::Display, Alpha::Straight);
            assert!(
                engine
                    .motion(&look, &clip.frames[0], &Frame::still(clip.size.0, clip.size.1), &output)
                    .expect("an answer")
                    .is_empty()
            );
            for (index, expected) in case["motion"].as_array().expect("a list").iter().enumerate() {
                let frame = Frame::still(clip.size.0, clip.size.1).at(clip.times[index], index as u32);
                engine.render_frame(&look, &clip.frames[index], &frame, &output).expect("renders");
                let found = engine.motion(&look, &clip.frames[index], &frame, &output).expect("an answer");
                let [found] = found.as_slice() else { panic!("{name}: {found:?}") };
                let near = |a: f64, b: &Value| {
                    tolerance::near(a as f32, b.as_f64().expect("a number") as f32, tolerance::CHAIN)
                };
                assert_eq!(found.step, 0, "{name}");
                assert!(near(found.amount, &expected["amount"]), "{name}, frame {index}: {found:?}, not {expected}");
                match found.centroid {
                    None => assert!(expected["centroid"].is_null(), "{name}, frame {index}: {expected}"),
                    Some([x, y]) => {
                        let [a, b] = [&expected["centroid"][0], &expected["centroid"][1]];
                        assert!(near(x, a) && near(y, b), "{name}, frame {index}: {found:?}, not {expected}");
                    }
                }
                compared += 1;
            }
        }
    }
    assert!(compared >= 3 * clip.times.len());
}

#[test]
fn going_back_and_another_size_begin_anew_on_both_backends() {
    let clip = clip();
    let output = floats(Transfer::Linear, Alpha::Premultiplied);
    let look = chain(&json!({"effect": "freeze", "hold": true}));
    for engine in [Some(cpu(|_| {})), gpu(|_| {})].into_iter().flatten() {
        let name = engine.backend_name();
        let show = |index: usize, time: f64, number: u32| {
            let frame = Frame::still(clip.size.0, clip.size.1).at(time, number);
            engine.render_frame(&look, &clip.frames[index], &frame, &output).expect("renders").to_rgba_f32()
        };
        let (first, second) = (show(0, 1.0, 4), show(1, 1.1, 5));
        assert!(first == second, "{name}: the frame stays");
        assert!(show(2, 0.5, 6) != first, "{name}: an earlier time begins anew");
        let fourth = show(3, 0.0, 0);
        assert!(fourth != first, "{name}: so does the first of a clip");
        engine.forget();
        assert!(show(4, 0.1, 1) != fourth, "{name}: and a plan that was forgotten");
    }
}

#[test]
fn where_the_gpu_is_lost_the_cpu_begins_anew() {
    let clip = clip();
    let output = floats(Transfer::Linear, Alpha::Premultiplied);
    let look = chain(&json!({"effect": "time_low_pass", "tau": 5.0}));
    let Some(engine) = gpu(|options| options.precision = Some(Precision::Precise)) else { return };
    let show = |engine: &Engine, index: usize| {
        let frame = Frame::still(clip.size.0, clip.size.1).at(clip.times[index], index as u32);
        engine.render_frame(&look, &clip.frames[index], &frame, &output).expect("renders").to_rgba_f32()
    };
    show(&engine, 0);
    show(&engine, 1);
    engine.lose_gpu();
    let fresh = cpu(|_| {});
    assert!(show(&engine, 2) == show(&fresh, 2), "nothing is left of what the GPU kept");
    assert!(show(&engine, 3) == show(&fresh, 3), "and it goes on from there");
}

#[test]
fn kept_textures_change_places_and_none_is_made_again() {
    let clip = clip();
    let Some(engine) = gpu(|_| {}) else { return };
    let look = chain(&json!({"effect": "trail"}));
    let output = floats(Transfer::Display, Alpha::Straight);
    play(&engine, &clip, &look, &output);
    let before = engine.stats();
    play(&engine, &clip, &look, &output);
    assert_eq!((engine.stats().gpu_resources, engine.stats().pipelines), (before.gpu_resources, before.pipelines));
}
