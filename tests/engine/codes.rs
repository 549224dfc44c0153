//! What is computed from the codes of 8-bit pictures: in fixed point, by choosing among them, by tables.

use super::rewrites::{FLOAT, bits, blur, render, worst};
use bowerbird::effects::lut::gradient_map::MixSpace;
use bowerbird::image::{Alpha, Depth, Transfer};
use bowerbird::param::{Color, Gradient, Length, Stop};
use bowerbird::{Chain, ChainStep, Engine, Image, Output, Simd, effects};
use bowerbird_tests::chart::floats;
use bowerbird_tests::random::Random;
use bowerbird_tests::{cpu, tolerance};

/// The same picture in 8 bits and in floats.
fn both_depths(width: u32, height: u32) -> [Image; 2] {
    let codes = bowerbird_tests::chart::chart8(width, height, false);
    let floats = Image::from_rgba_f32(width, height, codes.to_rgba_f32(), Transfer::Display, Alpha::Opaque);
    [codes, floats.expect("a valid picture")]
}

/// Engines that cut the work in other ways, or do it with other instructions.
fn cuts() -> [(&'static str, Engine); 8] {
    [
        ("scalar", cpu(|o| o.simd = Simd::Scalar)),
        ("baseline", cpu(|o| o.simd = Simd::Baseline)),
        ("AVX2", cpu(|o| o.simd = Simd::Avx2)),
        ("five threads", cpu(|o| o.threads = 5)),
        ("tiles", cpu(|o| o.tile = Some((71, 53)))),
        ("narrow tiles", cpu(|o| o.tile = Some((31, 151)))),
        ("unfused", cpu(|o| o.unfused = true)),
        ("one-shot", cpu(|o| o.drop_identity = true)),
    ]
}

#[test]
fn codes_in_fixed_point_agree_with_floats() {
    let engine = cpu(|_| {});
    let [codes, exact] = both_depths(203, 151);
    for edge in [bowerbird::effect::Edge::Clamp, bowerbird::effect::Edge::Reflect, bowerbird::effect::Edge::Wrap] {
        for sigma in [1.5, 2.0, 3.7, 5.5, 11.0, 23.0] {
            let chain = blur(sigma, edge).with_space(Transfer::Display);
            let far = worst(&render(&engine, &chain, &codes), &render(&engine, &chain, &exact));
            assert!(far <= tolerance::FIXED_BLUR, "sigma {sigma}, {edge:?}: {far}");
        }
    }
    // Narrow on one axis, and too wide for sums of 16 bits on the other.
    for (sigma, sigma_y) in [(2.0, 30.0), (60.0, 3.0), (140.0, 1.6)] {
        let [sigma, sigma_y] = [sigma, sigma_y].map(Length::Pixels);
        let chain: Chain =
            effects::GaussianBlur { sigma, sigma_y: Some(sigma_y), ..effects::GaussianBlur::default() }.into();
        let chain = chain.with_space(Transfer::Display);
        let far = worst(&render(&engine, &chain, &codes), &render(&engine, &chain, &exact));
        assert!(far <= tolerance::FIXED_BLUR, "{sigma:?}, {sigma_y:?}: {far}");
    }
    for (sigma, range) in [(2.0, 0.12), (3.0, 0.05), (2.5, 0.6), (5.0, 2.0)] {
        let chain: Chain = effects::Bilateral { sigma: Length::Pixels(sigma), range }.into();
        let (found, expected) = (render(&engine, &chain, &codes), render(&engine, &chain, &exact));
        let (far, psnr) = (worst(&found, &expected), tolerance::psnr(floats(&found), floats(&expected)));
        assert!(far <= tolerance::FIXED_BILATERAL, "sigma {sigma}, range {range}: {far}");
        assert!(psnr >= tolerance::FIXED_BILATERAL_PSNR, "sigma {sigma}, range {range}: {psnr:.1} dB");
    }
    for radius in [1.0, 2.0, 4.0, 10.0, 15.0] {
        let chain: Chain = effects::Median { radius: Length::Pixels(radius) }.into();
        assert_eq!(bits(&render(&engine, &chain, &codes)), bits(&render(&engine, &chain, &exact)), "radius {radius}");
    }
}

#[test]
fn wide_blurs_of_codes_agree_with_floats_and_have_the_same_bits_however_they_are_cut() {
    use bowerbird::effect::Edge;
    let [codes, exact] = both_depths(203, 151);
    let output = Output { depth: Some(Depth::U8), ..Output::default() };
    let whole = cpu(|_| {});
    for edge in [Edge::Clamp, Edge::Reflect, Edge::Wrap, Edge::Transparent] {
        for sigma in [2.0, 4.5, 9.0, 23.0, 47.0] {
            let chain = blur(sigma, edge).with_space(Transfer::Display);
            let found = whole.render_to(&chain, &codes, &output).expect("renders").to_rgba8();
            let expected = render(&whole, &chain, &exact);
            for (code, value) in found.iter().zip(floats(&expected)) {
                let far = (f32::from(*code) / 255.0 - value).abs();
                assert!(
                    far <= tolerance::HALF_STEP + tolerance::FIXED_BLUR,
                    "sigma {sigma}, {edge:?}: {code}, {value}"
                );
            }
            for (name, engine) in cuts() {
                let cut = engine.render_to(&chain, &codes, &output).expect("renders");
                assert!(cut.to_rgba8() == found, "{name}, sigma {sigma}, {edge:?}");
            }
        }
    }
}

/// How far the values of `around` reach, and how much it steepens what a blur in it was off by.
const STEEP: f32 = 3.0;

/// Steps before a blur, and steps behind it.
fn around(blur: Chain) -> Chain {
    let wave = effects::Wave { edge: bowerbird::effect::Edge::Reflect, ..effects::Wave::default() };
    let mut chain = Chain::new().brightness(1.2).contrast(1.3).saturation(1.4).then(wave);
    chain.steps_mut().extend(blur.steps().iter().cloned());
    chain.then(effects::Levels { in_black: -0.2, in_white: 1.3, ..effects::Levels::default() }).invert(0.2)
}

#[test]
fn blurs_of_what_steps_made_agree_with_floats_and_have_the_same_bits_however_they_are_cut() {
    use bowerbird::effect::Edge;
    let [codes, exact] = both_depths(203, 151);
    let output = Output { depth: Some(Depth::U8), ..Output::default() };
    let whole = cpu(|_| {});
    for edge in [Edge::Clamp, Edge::Reflect, Edge::Wrap, Edge::Transparent] {
        for sigma in [1.6, 3.0, 9.0] {
            let sharp = effects::UnsharpMask { sigma: Length::Pixels(sigma), amount: 0.6, threshold: 0.0 };
            let [soft, sharp] =
                [blur(sigma, edge), sharp.into()].map(|blur| around(blur).with_space(Transfer::Display));
            // With the blur at the end what leaves the range of codes is still there.
            let mut last = soft.clone();
            last.steps_mut().truncate(5);
            for chain in [soft, sharp, last] {
                let found = whole.render_to(&chain, &codes, &output).expect("renders").to_rgba8();
                let expected = render(&whole, &chain, &exact);
                for (code, value) in found.iter().zip(floats(&expected)) {
                    let far = (f32::from(*code) / 255.0 - value.clamp(0.0, 1.0)).abs();
                    let allowed = tolerance::HALF_STEP + STEEP * tolerance::FIXED_BLUR;
                    assert!(far <= allowed, "sigma {sigma}, {edge:?}: {code}, {value}");
                }
                for (name, engine) in cuts() {
                    let cut = engine.render_to(&chain, &codes, &output).expect("renders").to_rgba8();
                    let far = cut.iter().zip(&found).map(|(a, b)| a.abs_diff(*b)).max();
                    // Between more passes, and in floats there.
                    let rounds_otherwise = name == "unfused" && far <= Some(1);
                    assert!(cut == found || rounds_otherwise, "{name}, sigma {sigma}, {edge:?}: {far:?}");
                }
            }
        }
    }
}

/// Parameters, and between which numbers they are chosen.
type Numbers = &'static [(&'static str, f64, f64)];

/// Effects without jumps, each with numbers between which they do not steepen much.
const SMOOTH: [(&str, Numbers); 14] = [
    ("brightness", &[("scale", 0.5, 2.0)]),
    ("contrast", &[("amount", 0.5, 2.5)]),
    ("saturation", &[("amount", 0.0, 3.0)]),
    ("hue_rotate", &[("angle", -180.0, 180.0)]),
    ("levels", &[("in_black", -0.1, 0.2), ("in_white", 0.8, 1.2)]),
    ("invert", &[("amount", 0.0, 1.0)]),
    ("vignette", &[("amount", 0.0, 1.0)]),
    ("gaussian_blur", &[("sigma", 0.01, 0.2)]),
    ("unsharp_mask", &[("sigma", 0.01, 0.1), ("amount", 0.2, 2.0)]),
    ("affine", &[("angle", -30.0, 30.0)]),
    ("wave", &[]),
    ("swirl", &[("angle", -90.0, 90.0)]),
    ("emboss", &[]),
    ("sepia", &[("amount", 0.0, 1.0)]),
];

/// Some of them at random.
fn smooth_chain(random: &mut Random) -> Chain {
    let count = 2 + (random.unit() * 4.0) as usize;
    let chain: Chain = (0..count)
        .map(|_| {
            let (id, numbers) = SMOOTH[(random.unit() * SMOOTH.len() as f64) as usize];
            let mut effect = effects::find(id).expect("an effect of the catalogue");
            let mut set = |name: &str, value: serde_json::Value| {
                effect.named_mut(name).expect("a parameter of it").1.set(&value).expect("a value of it");
            };
            for (name, low, high) in numbers {
                set(name, (low + (high - low) * random.unit()).into());
            }
            if id == "affine" {
                let [edge, sampling] =
                    [["clamp", "reflect"], ["bilinear", "bicubic"]].map(|words| words[(random.unit() * 2.0) as usize]);
                set("edge", edge.into());
                set("sampling", sampling.into());
            }
            ChainStep::from(effect)
        })
        .collect();
    chain.with_space(Transfer::Display)
}

#[test]
fn whatever_steps_follow_one_another_codes_are_those_of_floats() {
    let engine = cpu(|_| {});
    let [codes, exact] = both_depths(97, 71);
    let output = Output { depth: Some(Depth::U8), ..Output::default() };
    let mut random = Random::new(7);
    for index in 0..150 {
        let chain = smooth_chain(&mut random);
        let found = engine.render_to(&chain, &codes, &output).expect("renders").to_rgba8();
        let expected = render(&engine, &chain, &exact);
        let far = found
            .iter()
            .zip(floats(&expected))
            .map(|(code, value)| (f32::from(*code) / 255.0 - value.clamp(0.0, 1.0)).abs());
        let worst = far.fold(0.0, f32::max);
        let ids = || chain.steps().iter().filter_map(|step| Some(step.effect()?.info().id)).collect::<Vec<_>>();
        assert!(worst <= 2.0 * tolerance::HALF_STEP, "{index}, {:?}: {worst}", ids());
    }
}

#[test]
fn bilateral_means_of_codes_have_the_same_bits_however_they_are_cut() {
    let [codes, _] = both_depths(203, 151);
    let chain: Chain = effects::Bilateral { sigma: Length::Pixels(2.5), range: 0.15 }.into();
    let expected = bits(&render(&cpu(|_| {}), &chain, &codes));
    for (name, engine) in cuts() {
        assert!(bits(&render(&engine, &chain, &codes)) == expected, "{name}");
    }
}

#[test]
fn warps_of_codes_agree_with_floats_and_have_the_same_bits_however_they_are_cut() {
    use bowerbird::effect::{Edge, Filter};
    let [codes, exact] = both_depths(203, 151);
    let output = Output { depth: Some(Depth::U8), ..Output::default() };
    let render =
        |engine: &Engine, chain: &Chain, image: &Image| engine.render_to(chain, image, &output).expect("renders");
    let edges = [Edge::Clamp, Edge::Reflect, Edge::Wrap, Edge::Transparent];
    for (edge, sampling) in edges.into_iter().flat_map(|edge| [(edge, Filter::Bilinear), (edge, Filter::Bicubic)]) {
        let chain = Chain::from(effects::Affine {
            angle: bowerbird::param::Angle(17.0),
            scale: [1.3, 0.6],
            edge,
            sampling,
            ..effects::Affine::default()
        })
        .with_space(Transfer::Display);
        let whole = render(&cpu(|_| {}), &chain, &codes);
        for (name, engine) in cuts() {
            let found = render(&engine, &chain, &codes);
            let far = found.to_rgba8().into_iter().zip(whole.to_rgba8()).map(|(a, b)| a.abs_diff(b)).max();
            // Stored before it is straight, it is mixed in floats.
            let rounds_otherwise = name == "unfused" && edge == Edge::Transparent;
            assert!(found == whole || (rounds_otherwise && far <= Some(1)), "{name}, {edge:?}, {sampling:?}: {far:?}");
        }
        let floats = render(&cpu(|_| {}), &chain, &exact);
        let pairs = whole.to_rgba8().into_iter().zip(floats.to_rgba8());
        assert!(
            pairs.map(|(a, b)| a.abs_diff(b)).max() <= Some(1),
            "{edge:?}, {sampling:?}: codes and floats differ by more than rounding"
        );
    }
}

#[test]
fn chosen_codes_lie_between_passes_as_codes_and_have_the_same_bits_however_they_are_cut() {
    use bowerbird::effect::{Edge, Filter};
    use bowerbird::param::Angle;
    let [codes, exact] = both_depths(203, 151);
    let disc =
        effects::Dilate { radius: Length::Pixels(3.0), shape: effects::element::Element::Disc, edge: Edge::Clamp };
    let turned = effects::Affine {
        angle: Angle(17.0),
        sampling: Filter::Nearest,
        edge: Edge::Reflect,
        ..effects::Affine::default()
    };
    let choosing = |edge| {
        let open = effects::Open { radius: Length::Pixels(4.0), edge, ..effects::Open::default() };
        let median = effects::Median { radius: Length::Pixels(2.0) };
        Chain::new().then(open).then(median).then(turned.clone()).with_space(Transfer::Display)
    };
    for (edge, name, last, only_chooses) in [
        (Edge::Clamp, "a disc", Chain::from(disc), true),
        (Edge::Wrap, "a large median", effects::Median { radius: Length::Pixels(5.0) }.into(), true),
        (Edge::Reflect, "a turn", effects::Affine { angle: Angle(9.0), ..turned.clone() }.into(), true),
        (Edge::Transparent, "beyond the edge", effects::Erode::default().into(), true),
        (Edge::Clamp, "bilinear", effects::Affine { angle: Angle(9.0), ..effects::Affine::default() }.into(), false),
        (Edge::Wrap, "bicubic", effects::Affine { sampling: Filter::Bicubic, ..turned.clone() }.into(), false),
        (Edge::Reflect, "a blur", blur(2.0, Edge::Reflect), false),
        (Edge::Wrap, "a blur around the edges", blur(2.0, Edge::Wrap), false),
        (Edge::Wrap, "a wide blur around the edges", blur(9.0, Edge::Wrap), false),
        (Edge::Clamp, "bilateral", effects::Bilateral { sigma: Length::Pixels(2.5), range: 0.15 }.into(), false),
        (Edge::Clamp, "linear light", effects::Sobel::default().into(), false),
    ] {
        let mut chain = choosing(edge);
        last.with_space(Transfer::Display).steps().iter().for_each(|step| chain.push(step.clone()));
        let whole = bits(&render(&cpu(|_| {}), &chain, &codes));
        for (cut, engine) in cuts() {
            assert!(bits(&render(&engine, &chain, &codes)) == whole, "{name}: {cut}");
        }
        if only_chooses {
            assert!(bits(&render(&cpu(|_| {}), &chain, &exact)) == whole, "{name}: floats");
        }
    }
    let plan = cpu(|_| {}).explain(&choosing(Edge::Clamp), (64, 64)).expect("a plan");
    let moved: Vec<u64> = plan.passes.iter().map(|pass| pass.bytes_written / (64 * 64)).collect();
    assert_eq!(moved, [4; 4], "{plan}");
}

#[test]
fn tables_of_codes_have_the_bits_of_what_they_are_tables_of() {
    use bowerbird::effect::Edge;
    // A row holds all codes, and the last ones of a row are not a whole register.
    let [codes, exact] = both_depths(301, 67);
    let dilate = |edge| effects::Dilate { radius: Length::Pixels(2.0), edge, ..effects::Dilate::default() };
    let tones = || Chain::new().exposure(0.7).gamma(1.4).contrast(0.8).with_space(Transfer::Display);
    let median = || effects::Median { radius: Length::Pixels(2.0) };
    for (name, chain) in [
        ("tones", tones()),
        ("tones, then colors", tones().saturation(1.4)),
        ("a matrix that is a diagonal", Chain::new().brightness(1.7).contrast(1.3).gamma(0.6)),
        ("a matrix that is none", Chain::new().saturation(1.7).gamma(0.6)),
        ("a place", Chain::new().gamma(0.6).vignette(0.7)),
        ("half a step", Chain::new().gamma(0.6).with_opacity(0.5)),
        ("inverted", tones().then(effects::Invert::default()).then(median())),
        ("infinite", Chain::new().exposure(64.0).exposure(64.0).brightness(0.0).saturation(0.5)),
        ("chosen behind", tones().then(median())),
        ("chosen at the edge", tones().then(dilate(Edge::Reflect))),
        ("chosen beyond the edge", tones().then(effects::Invert::default()).then(dilate(Edge::Transparent))),
        ("blurred", tones().gaussian_blur(0.02)),
    ] {
        for output in [FLOAT, Output { depth: Some(Depth::U8), ..Output::default() }] {
            let render = |engine: &Engine, image: &Image| {
                let result = engine.render_to(&chain, image, &output).expect(name).to_rgba_f32();
                result.iter().map(|v| v.to_bits()).collect::<Vec<u32>>()
            };
            let whole = render(&cpu(|_| {}), &codes);
            if !name.contains("blurred") {
                assert!(render(&cpu(|_| {}), &exact) == whole, "{name}: floats");
            }
            for (cut, engine) in cuts() {
                assert!(render(&engine, &codes) == whole, "{name}: {cut}");
            }
        }
    }
}

#[test]
fn codes_that_are_looked_up_where_they_are_tapped_have_the_bits_of_a_stored_picture() {
    use bowerbird::effect::{Edge, Filter};
    let [codes, exact] = both_depths(301, 67);
    let turn = |edge, sampling, supersample| effects::Affine {
        angle: bowerbird::param::Angle(17.0),
        scale: [1.4, 0.7],
        edge,
        sampling,
        supersample,
        ..effects::Affine::default()
    };
    let mut chains = vec![
        ("mixed with what it reads", Chain::new().swirl([0.4, 0.6]).with_opacity(0.5), true),
        ("in display space", Chain::new().invert(1.0).then(turn(Edge::Transparent, Filter::Bilinear, 1)), true),
        (
            "means of cells",
            effects::Pixelate { size: Length::Pixels(7.0), ..effects::Pixelate::default() }.into(),
            true,
        ),
        ("colors that mix", Chain::new().saturation(1.7).then(turn(Edge::Clamp, Filter::Bilinear, 1)), false),
        ("sixteen taps", turn(Edge::Reflect, Filter::Bicubic, 1).into(), false),
    ];
    for edge in [Edge::Clamp, Edge::Reflect, Edge::Wrap, Edge::Transparent] {
        chains.push(("one tap", turn(edge, Filter::Nearest, 1).into(), true));
        chains.push(("four taps", turn(edge, Filter::Bilinear, 1).into(), true));
        chains.push(("many taps", turn(edge, Filter::Bilinear, 3).into(), false));
    }
    for (name, chain, is_table) in chains {
        let plan = cpu(|_| {}).explain(&chain, (64, 64)).expect("a plan");
        let first = &plan.passes[0];
        assert_eq!((first.kind == "table", first.bytes_written == 0), (is_table, is_table), "{name}: {plan}");
        let render = |engine: &Engine, image: &Image| bits(&render(engine, &chain, image));
        let whole = render(&cpu(|_| {}), &codes);
        assert!(render(&cpu(|_| {}), &exact) == whole, "{name}: floats");
        for (cut, engine) in cuts() {
            assert!(render(&engine, &codes) == whole, "{name}: {cut}");
        }
    }
}

#[test]
fn a_hard_edge_of_a_gradient_on_a_code_begins_with_that_code() {
    let engine = cpu(|_| {});
    let grays = Image::from_rgba8(256, 1, (0..=255).flat_map(|v| [v, v, v, 255]).collect()).expect("a picture");
    for code in 1..=255_u8 {
        let at = f64::from(code) / 255.0;
        let stops = [(0.0, 0), (at, 0), (at, 255), (1.0, 255)];
        let stops = stops.map(|(at, gray)| Stop { at, color: [gray; 3].into() });
        let chain = Chain::new().gradient_map(Gradient(stops.into()));
        let result = engine.render(&chain, &grays).expect("renders").to_rgba8();
        let dark = result.chunks_exact(4).take_while(|pixel| pixel[0] == 0).count();
        let bright = result.chunks_exact(4).filter(|pixel| pixel[0] == 255).count();
        assert_eq!((dark, bright), (usize::from(code), 256 - usize::from(code)), "an edge at {code}/255");
    }
}

#[test]
fn the_colors_of_a_gradient_are_those_that_grays_become() {
    let engine = cpu(|_| {});
    let grays = Image::from_rgba8(256, 1, (0..=255).flat_map(|v| [v, v, v, 255]).collect()).expect("a picture");
    let positions: Vec<f64> = (0..=255).map(|code| f64::from(code) / 255.0).collect();
    let stops =
        [(0.1, [0, 40, 90, 255]), (0.4, [250, 60, 0, 80]), (0.4, [9, 200, 90, 255]), (0.8, [255, 255, 200, 200])];
    let stops = Gradient(stops.map(|(at, color)| Stop { at, color: Color(color) }).into());
    for mix in [MixSpace::Display, MixSpace::Linear, MixSpace::Oklab] {
        let map = effects::GradientMap { stops: stops.clone(), mix };
        let colors = map.colors(&positions);
        let result = engine.render(&Chain::new().then(map), &grays).expect("renders").to_rgba8();
        let far = |(pixel, color): (&[u8], &[f32; 4])| {
            pixel
                .iter()
                .zip(color)
                .any(|(code, v)| (f32::from(*code) / 255.0 - v).abs() > tolerance::HALF_STEP + tolerance::CHAIN.0)
        };
        let wrong: Vec<usize> = (0..256).filter(|i| far((&result[4 * i..4 * i + 4], &colors[*i]))).collect();
        assert_eq!(wrong, Vec::<usize>::new(), "{mix:?}");
    }
}
