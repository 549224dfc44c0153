//! What the engine computes in another way than it is written: products of matrices, pyramids for wide blurs.

use bowerbird::effects::{GaussianBlur, UnsharpMask};
use bowerbird::image::{Alpha, Depth, Transfer};
use bowerbird::param::Length;
use bowerbird::{Chain, Engine, Image, Output, Simd, effects};
use bowerbird_tests::chart::{chart, codes, floats};
use bowerbird_tests::{cpu, tolerance};

pub(super) const FLOAT: Output =
    Output { depth: Some(Depth::F32), transfer: Transfer::Display, alpha: Alpha::Straight };

pub(super) fn render(engine: &Engine, chain: &Chain, image: &Image) -> Image {
    engine.render_to(chain, image, &FLOAT).expect("rendered")
}

pub(super) fn bits(image: &Image) -> Vec<u32> {
    floats(image).iter().map(|v| v.to_bits()).collect()
}

pub(super) fn worst(a: &Image, b: &Image) -> f32 {
    floats(a).iter().zip(floats(b)).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
}

/// Every effect that is a matrix, some of them next to each other, between others that are not.
fn matrices() -> Chain {
    let mixed = effects::ChannelMixer {
        matrix: [0.9, 0.2, -0.1, 0.05, 0.01, 0., 1.1, 0., 0., 0., 0.1, 0., 0.8, 0., 0., 0., 0., 0., 1., 0.],
    };
    Chain::new()
        .brightness(1.2)
        .contrast(1.1)
        .then(mixed)
        .saturation(1.3)
        .vibrance(0.2)
        .sepia(0.4)
        .then(effects::Levels { in_black: 0.1, out_white: 0.9, ..effects::Levels::default() })
        .invert(0.8)
        .grayscale(0.3)
        .exposure(0.4)
        .temperature(5200.0)
        .hue_rotate(20.0)
}

/// The greatest slope of `matrices`: about the product of its contrasts and gains.
const GAIN: f32 = 6.0;

#[test]
fn products_of_matrices_stay_within_roundings_of_the_steps() {
    for alpha in [false, true] {
        let picture = chart(61, 47, alpha);
        let product = render(&cpu(|_| {}), &matrices(), &picture);
        let steps = render(&cpu(|o| o.literal = true), &matrices(), &picture);
        let allowed = (tolerance::CHAIN.0 * GAIN, tolerance::CHAIN.1 * GAIN);
        for (index, (a, b)) in floats(&product).iter().zip(floats(&steps)).enumerate() {
            assert!(tolerance::near(*a, *b, allowed), "sample {index}, alpha {alpha}: {a} for {b}");
        }
    }
}

#[test]
fn a_product_with_identities_in_it_has_the_bits_of_one_without() {
    let kept = Chain::new().contrast(1.2).saturation(1.0).brightness(1.0).sepia(0.3).invert(0.0);
    let without = Chain::new().contrast(1.2).sepia(0.3);
    let picture = chart(61, 47, false);
    assert_eq!(bits(&render(&cpu(|_| {}), &kept, &picture)), bits(&render(&cpu(|_| {}), &without, &picture)));
}

#[test]
fn neighboring_matrices_are_one_operation() {
    let plan = cpu(|_| {}).explain(&Chain::new().brightness(1.2).contrast(1.1).sepia(0.5), (64, 64)).expect("a plan");
    assert_eq!(plan.passes[0].effects, ["brightness_contrast_sepia"], "{plan}");
}

#[test]
fn boxes_have_the_same_bits_in_tiles() {
    use bowerbird::effect::Edge;
    let picture = chart(203, 151, true);
    for (radius, edge) in [
        (5.0, Edge::Clamp),
        (20.0, Edge::Reflect),
        (20.4, Edge::Wrap),
        (20.0, Edge::Transparent),
        (60.0, Edge::Reflect),
    ] {
        let box_blur = effects::BoxBlur { radius: Length::Pixels(radius), edge };
        let guided = effects::Guided { radius: Length::Pixels(radius), ..effects::Guided::default() };
        for chain in [Chain::from(box_blur), guided.into()] {
            let expected = bits(&render(&cpu(|_| {}), &chain, &picture));
            for tile in [(64, 64), (203, 20), (31, 151)] {
                let tiled = bits(&render(&cpu(|o| o.tile = Some(tile)), &chain, &picture));
                assert!(tiled == expected, "{radius}, {edge:?}, {tile:?}");
            }
        }
    }
}

#[test]
fn a_graph_with_warps_has_the_same_bits_in_tiles() {
    use bowerbird::effect::Edge;
    let picture = chart(203, 151, true);
    for edge in [Edge::Clamp, Edge::Reflect, Edge::Wrap, Edge::Transparent] {
        let chain = blur(3.0, edge)
            .then(effects::Affine { angle: bowerbird::param::Angle(17.0), edge, ..effects::Affine::default() })
            .then(effects::Wave { edge, ..effects::Wave::default() })
            .then(UnsharpMask { sigma: Length::Pixels(1.0), amount: 0.8, threshold: 0.0 })
            .then(effects::Kaleidoscope::default());
        let expected = bits(&render(&cpu(|_| {}), &chain, &picture));
        for tile in [(64, 64), (203, 20), (31, 151)] {
            assert!(bits(&render(&cpu(|o| o.tile = Some(tile)), &chain, &picture)) == expected, "{tile:?}, {edge:?}");
        }
    }
}

pub(super) fn blur(pixels: f64, edge: bowerbird::effect::Edge) -> Chain {
    GaussianBlur { sigma: Length::Pixels(pixels), edge, ..GaussianBlur::default() }.into()
}

/// Standard deviations that take none, one, two and three octaves.
const SIGMAS: [f64; 5] = [2.0, 5.5, 11.0, 23.0, 47.0];

#[test]
fn wide_blurs_have_the_same_bits_however_they_are_cut() {
    use bowerbird::effect::Edge;
    let engines = [
        ("scalar", cpu(|o| o.simd = Simd::Scalar)),
        ("baseline", cpu(|o| o.simd = Simd::Baseline)),
        ("AVX2", cpu(|o| o.simd = Simd::Avx2)),
        ("one thread", cpu(|o| o.threads = 1)),
        ("five threads", cpu(|o| o.threads = 5)),
        ("tiles", cpu(|o| o.tile = Some((71, 53)))),
        ("strips", cpu(|o| o.tile = Some((512, 40)))),
        ("unfused", cpu(|o| o.unfused = true)),
    ];
    let whole = cpu(|_| {});
    for (alpha, edge) in [(false, Edge::Clamp), (true, Edge::Reflect), (true, Edge::Transparent), (false, Edge::Wrap)] {
        let picture = chart(203, 151, alpha);
        for sigma in SIGMAS {
            let chain = blur(sigma, edge);
            let expected = bits(&render(&whole, &chain, &picture));
            for (name, engine) in &engines {
                assert!(bits(&render(engine, &chain, &picture)) == expected, "{name}, sigma {sigma}, {edge:?}");
            }
        }
    }
}

#[test]
fn a_blur_of_a_constant_is_that_constant() {
    let gray = Image::from_rgba_f32(90, 70, [0.25, 0.5, 0.75, 1.0].repeat(6300), Transfer::Display, Alpha::Opaque);
    let gray = gray.expect("a valid picture");
    for sigma in SIGMAS {
        let sharp = UnsharpMask { sigma: Length::Pixels(sigma.min(14.0)), amount: 2.0, threshold: 0.0 };
        for chain in [blur(sigma, bowerbird::effect::Edge::Clamp), sharp.into()] {
            for (a, b) in floats(&render(&cpu(|_| {}), &chain, &gray)).iter().zip(floats(&gray)) {
                assert!(tolerance::near(*a, *b, tolerance::CHAIN), "sigma {sigma}: {a} for {b}");
            }
        }
    }
}

#[test]
fn dragging_sigma_over_octaves_keeps_the_memory_right() {
    let (engine, picture) = (cpu(|_| {}), chart(128, 96, false));
    for sigma in [4.0, 40.0, 6.0, 0.0, 20.0, 9.0, 2.0, 47.0] {
        let chain = blur(sigma, bowerbird::effect::Edge::Clamp);
        assert_eq!(bits(&render(&engine, &chain, &picture)), bits(&render(&cpu(|_| {}), &chain, &picture)), "{sigma}");
    }
}

#[test]
fn a_window_larger_than_the_picture_is_the_picture() {
    use bowerbird::effects::element::Element;
    let picture = chart(41, 29, true);
    for shape in [Element::Square, Element::Disc] {
        let of = |pixels: f64| effects::Dilate { radius: Length::Pixels(pixels), shape, ..effects::Dilate::default() };
        let [large, enormous] =
            [60.0, 3276.0].map(|radius| bits(&render(&cpu(|_| {}), &Chain::new().then(of(radius)), &picture)));
        assert!(large == enormous, "{shape:?}");
    }
}

/// A gray picture has one plane of color, and one of edges by `sobel` no more than that.
#[test]
fn what_is_known_of_colors_changes_no_bits_behind_any_effect() {
    let engine = cpu(|_| {});
    for alpha in [false, true] {
        let photo = bowerbird_tests::chart::chart8(97, 71, alpha);
        let edges = render(&engine, &Chain::new().sobel(1.0), &photo);
        for (name, chain) in bowerbird_tests::random::cases() {
            let mut behind = chain.clone();
            behind.steps_mut().splice(0..0, Chain::new().sobel(1.0).steps().iter().cloned());
            let found = render(&engine, &behind, &photo);
            // A picture from outside may have any colors.
            let expected = render(&engine, &chain, &edges);
            let worst = worst(&expected, &found);
            if worst > 0.0 {
                eprintln!("{name} behind sobel, alpha {alpha}: {worst}");
            }
        }
    }
}

#[test]
fn a_mask_that_is_turned_keeps_its_values() {
    let engine = cpu(|_| {});
    let photo = chart(64, 48, false);
    let turn = || Chain::new().then(effects::Rotate90 { turns: 2 });
    // The mask alone, and where the step behind it takes it for light or for display values.
    for behind in [Chain::new(), Chain::new().exposure(0.3), Chain::new().contrast(1.2)] {
        let chain = |parts: [&Chain; 3]| {
            let mut chain = Chain::new().then(effects::MaskLuma::default());
            chain.steps_mut().extend(parts.iter().flat_map(|part| part.steps().iter().cloned()));
            chain
        };
        let expected = render(&engine, &chain([&Chain::new(), &Chain::new(), &behind]), &photo);
        let found = render(&engine, &chain([&turn(), &turn(), &behind]), &photo);
        assert!(worst(&expected, &found) <= tolerance::POINT.0, "{:?}", worst(&expected, &found));
    }
}

#[test]
fn color_under_no_alpha_is_gone_however_steps_are_fused() {
    let alpha = |constant: f64| {
        let mut matrix = effects::ChannelMixer::default().matrix;
        matrix[15..].copy_from_slice(&[0.0, 0.0, 0.0, 0.0, constant]);
        effects::ChannelMixer { matrix }
    };
    let (engine, photo) = (cpu(|_| {}), bowerbird_tests::chart::chart8(40, 30, false));
    let hidden = Chain::new().then(alpha(0.0));
    for between in [hidden.clone(), hidden.clone().invert(1.0), hidden.then(effects::Flip::default())] {
        let found = engine.render(&between.then(alpha(1.0)), &photo).expect("rendered");
        let found = codes(&found);
        let first = &found[..4];
        // Nothing of the photograph is in it.
        assert!(first[3] == 255 && found.chunks_exact(4).all(|pixel| pixel == first), "{first:?}");
    }
}

#[test]
fn a_target_says_what_alpha_it_was_given() {
    let engine = cpu(|_| {});
    let photo = bowerbird_tests::chart::chart8(32, 24, false);
    let hole =
        Chain::new().then(effects::Affine { angle: bowerbird::param::Angle(30.0), ..effects::Affine::default() });
    let mut target = photo.clone();
    engine.render_into(&hole, &photo, &mut target).expect("rendered");
    let expected = engine.render(&hole, &photo).expect("rendered");
    assert_eq!((target.alpha(), target.pixels()), (expected.alpha(), expected.pixels()));
    let crop = Chain::new().then(effects::Crop::default());
    let frame = bowerbird::Frame::still(20, 24);
    for chain in [hole, crop] {
        let error = engine.render_frame(&chain, &photo, &frame, &Output::default()).expect_err("another size");
        assert!(error.to_string().contains("32×24"), "{error}");
    }
}
