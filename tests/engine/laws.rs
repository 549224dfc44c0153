//! What holds for every effect of the catalogue, with its defaults and with random parameters.

use bowerbird::effects::composite::blend::BlendMode;
use bowerbird::image::{Alpha, Depth, Transfer};
use bowerbird::param::{Choice as _, Length};
use bowerbird::resize::{ResizeFilter, resize};
use bowerbird::{Chain, Engine, Frame, Image, Output, Simd, effects};
use bowerbird_tests::chart::{chart, chart8, floats};
use bowerbird_tests::random::{Random, cases, runnable, vary};
use bowerbird_tests::{cpu, tolerance};

const FLOAT: Output = Output { depth: Some(Depth::F32), transfer: Transfer::Display, alpha: Alpha::Straight };

fn render(engine: &Engine, name: &str, chain: &Chain, image: &Image) -> Image {
    engine.render_to(chain, image, &FLOAT).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// The bits of a picture, so that −0 and NaN count.
fn bits(image: &Image) -> Vec<u32> {
    floats(image).iter().map(|v| v.to_bits()).collect()
}

/// Renders every case with two engines and compares the bits. The chain is wrapped in neighbors, so that there is
/// something to fuse with.
fn same_bits(a: &Engine, b: &Engine) {
    let mut different = Vec::new();
    for alpha in [false, true] {
        let picture = chart(61, 47, alpha);
        for (name, chain) in cases() {
            let mut wrapped = Chain::new().exposure(0.1);
            *wrapped.assets_mut() = chain.assets().clone();
            chain.steps().iter().for_each(|step| wrapped.push(step.clone()));
            let wrapped = wrapped.contrast(1.05).saturation(0.9);
            if bits(&render(a, &name, &wrapped, &picture)) != bits(&render(b, &name, &wrapped, &picture)) {
                different.push(format!("{name}, alpha {alpha}"));
            }
        }
    }
    assert!(different.is_empty(), "different bits: {different:#?}");
}

#[test]
fn one_pixel_at_a_time_gives_the_bits_of_simd() {
    same_bits(&cpu(|_| {}), &cpu(|o| o.simd = Simd::Scalar));
}

#[test]
fn the_baseline_instructions_give_the_bits_of_the_best() {
    same_bits(&cpu(|_| {}), &cpu(|o| o.simd = Simd::Baseline));
}

#[test]
fn avx2_gives_the_bits_of_the_baseline() {
    same_bits(&cpu(|o| o.simd = Simd::Avx2), &cpu(|o| o.simd = Simd::Baseline));
}

#[test]
fn interpreted_recordings_give_the_bits_of_compiled_stages() {
    same_bits(&cpu(|_| {}), &cpu(|o| o.simd = Simd::Interpreted));
}

#[test]
fn any_number_of_threads_gives_the_same_bits() {
    for threads in [1, 4, 16] {
        same_bits(&cpu(|o| o.threads = 2), &cpu(|o| o.threads = threads));
    }
}

#[test]
fn tiles_give_the_bits_of_the_whole() {
    for tile in [(17, 13), (64, 8)] {
        same_bits(&cpu(|_| {}), &cpu(|o| o.tile = Some(tile)));
    }
}

#[test]
fn storing_every_step_gives_the_bits_of_fusing() {
    same_bits(&cpu(|_| {}), &cpu(|o| o.unfused = true));
}

#[test]
fn new_numbers_in_an_old_plan_give_the_bits_of_a_new_plan() {
    let (warm, picture) = (cpu(|_| {}), chart(61, 47, true));
    for (name, chain) in cases() {
        let expected = render(&cpu(|_| {}), &name, &chain, &picture);
        assert_eq!(bits(&render(&warm, &name, &chain, &picture)), bits(&expected), "{name}");
    }
}

#[test]
fn an_identity_setting_changes_no_bit() {
    let picture = chart(61, 47, true);
    let source = render(&cpu(|_| {}), "nothing", &Chain::new(), &picture);
    let mut found = 0;
    for (name, chain) in cases() {
        let Some(effect) = chain.steps()[0].effect().filter(|effect| effect.is_identity()) else { continue };
        let dropped = cpu(|o| o.drop_identity = true);
        assert_eq!(bits(&render(&dropped, &name, &chain, &picture)), bits(&source), "{name} dropped");
        // Kept in the plan, its step still converts to its domain and back where the picture has alpha.
        if effect.info().domain == bowerbird::effect::Domain::DisplayStraight {
            assert_eq!(bits(&render(&cpu(|_| {}), &name, &chain, &picture)), bits(&source), "{name} kept");
        }
        found += 1;
    }
    assert!(found >= 12, "only {found} identity settings were tried");
}

/// A blend keeps the step, where a one-shot plan would drop it; darkening a picture by itself is that picture.
#[test]
fn an_identity_setting_that_is_kept_for_its_blend_changes_nothing_of_opaque_pictures() {
    let mut found = 0;
    for picture in [chart(61, 47, false), chart8(61, 47, false)] {
        let source = render(&cpu(|_| {}), "nothing", &Chain::new(), &picture);
        for (name, chain) in cases() {
            if chain.steps()[0].effect().is_none_or(|effect| !effect.is_identity() || effect.info().changes_size) {
                continue;
            }
            let kept = render(&cpu(|_| {}), &name, &chain.with_blend(BlendMode::Darken), &picture);
            for (a, b) in floats(&kept).iter().zip(floats(&source)) {
                assert!(tolerance::near(*a, *b, tolerance::CHAIN), "{name}: {a} for {b}");
            }
            found += 1;
        }
        let none: Chain = effects::Bilateral { sigma: Length::Pixels(0.0), range: 0.1 }.into();
        let kept = render(&cpu(|_| {}), "bilateral", &none.with_blend(BlendMode::Darken), &picture);
        assert_eq!(bits(&kept), bits(&source), "a bilateral mean of one pixel");
    }
    assert!(found >= 24, "only {found} identity settings were tried");
}

/// The hue of a gray is none, whatever rounding did to its channels.
#[test]
fn a_picture_blended_with_the_hue_of_a_gray_is_gray() {
    use bowerbird::effects::color::grayscale::Mode;
    let picture = chart8(61, 47, false);
    for (mode, space) in
        Mode::ALL.iter().flat_map(|mode| [Transfer::Display, Transfer::Linear].map(|space| (*mode, space)))
    {
        let chain = Chain::from(effects::Grayscale { mode, amount: 1.0 }).with_space(space).with_blend(BlendMode::Hue);
        for pixel in floats(&render(&cpu(|_| {}), "grayscale", &chain, &picture)).chunks_exact(4) {
            let range = pixel[..3].iter().fold(0.0f32, |most, v| most.max((v - pixel[0]).abs()));
            assert!(range <= tolerance::CHAIN.0, "{mode:?} in {space:?}: {pixel:?}");
        }
    }
}

#[test]
fn an_identity_setting_is_mixed_with_the_picture_whether_it_is_dropped_or_kept() {
    let picture = chart(61, 47, false);
    for blend in [BlendMode::Normal, BlendMode::Multiply, BlendMode::Difference] {
        let chain = Chain::new().then(effects::Contrast::default()).with_blend(blend);
        let [dropped, kept] = [true, false].map(|drop| {
            let engine = cpu(|o| o.drop_identity = drop);
            bits(&render(&engine, "contrast", &chain, &picture))
        });
        assert!(dropped == kept, "{blend:?}");
        let source = bits(&render(&cpu(|_| {}), "nothing", &Chain::new(), &picture));
        assert_eq!(dropped == source, blend == BlendMode::Normal, "{blend:?}");
    }
}

#[test]
fn opacity_0_gives_the_input_and_a_full_mask_gives_the_effect() {
    let (engine, picture) = (cpu(|_| {}), chart(61, 47, true));
    let full = || {
        vec![bowerbird::ChainStep::new(effects::MaskShape { size: [100.0, 100.0], ..effects::MaskShape::default() })]
    };
    for (name, chain) in cases() {
        if chain.steps()[0].effect().is_none_or(|effect| effect.info().family == "mask") {
            continue;
        }
        let domain = chain.steps()[0].effect().map(|effect| effect.info().domain);
        let plain = render(&engine, &name, &chain, &picture);
        let masked = render(&engine, &name, &chain.clone().with_mask_steps("all", full()).with_mask("all"), &picture);
        assert_eq!(bits(&masked), bits(&plain), "{name} under a full mask");
        if domain == Some(bowerbird::effect::Domain::DisplayStraight) {
            let none = render(&engine, &name, &chain.with_opacity(0.0), &picture);
            let source = render(&engine, &name, &Chain::new(), &picture);
            assert_eq!(bits(&none), bits(&source), "{name} at opacity 0");
        }
    }
}

#[test]
fn color_that_nothing_shows_reaches_no_output() {
    let engine = cpu(|_| {});
    let picture = chart(61, 47, true);
    let mut other = picture.clone();
    let bowerbird::image::PixelsMut::F32(values) = other.pixels_mut() else { panic!("floats") };
    values.chunks_exact_mut(4).filter(|p| p[3] == 0.0).for_each(|p| p[..3].copy_from_slice(&[0.7, 3.0, -1.0]));
    assert_ne!(floats(&picture), floats(&other), "the chart has hidden color");
    for (name, chain) in cases() {
        let (a, b) = (render(&engine, &name, &chain, &picture), render(&engine, &name, &chain, &other));
        assert_eq!(bits(&a), bits(&b), "{name}");
        for pixel in floats(&a).chunks_exact(4) {
            assert!((0.0..=1.0).contains(&pixel[3]), "{name}: alpha {}", pixel[3]);
            assert!(pixel[3] > 0.0 || pixel[..3] == [0.0; 3], "{name}: color under no alpha {pixel:?}");
        }
    }
}

#[test]
fn extreme_values_give_no_nan_and_no_infinity() {
    let engine = cpu(|_| {});
    let values = [0.0, 1.0, -1.0, 65504.0, -65504.0, 1e-40, 0.5, 1e-6];
    let pixels: Vec<f32> =
        (0..64 * 4).map(|i| if i % 4 == 3 { 1.0 } else { values[(i * 5 + i / 7) % values.len()] }).collect();
    let picture = Image::from_rgba_f32(8, 8, pixels, Transfer::Display, Alpha::Opaque).expect("valid");
    for (name, chain) in cases() {
        let result = render(&engine, &name, &chain, &picture);
        assert!(floats(&result).iter().all(|v| v.is_finite()), "{name}");
    }
}

#[test]
fn blending_any_gray_onto_black_gives_no_nan() {
    let engine = cpu(|_| {});
    let codes = |gray: u32| [gray as u8; 3].into_iter().chain([255]);
    let grays = Image::from_rgba8(256, 1, (0..256).flat_map(codes).collect()).expect("valid");
    let black = Image::from_rgba8(256, 1, (0..256).flat_map(|_| codes(0)).collect()).expect("valid");
    for mode in BlendMode::ALL {
        for space in [Transfer::Display, Transfer::Linear] {
            let blend = effects::Blend { mode: *mode, ..effects::Blend::default() };
            let mut chain = Chain::from(blend).with_input("layer", "grays").with_space(space);
            chain.assets_mut().insert("grays", grays.clone());
            let result = render(&engine, "blend", &chain, &black);
            assert!(floats(&result).iter().all(|v| v.is_finite()), "{mode:?} in {space:?}");
        }
    }
}

#[test]
fn a_pencil_sketch_in_the_dark_is_that_in_the_light() {
    // A quotient of luma and its blur: a power of two in both changes nothing but how near to 0 they are.
    let engine = cpu(|_| {});
    let light = chart(48, 36, false);
    let render = |scale: f32| {
        let pixels = floats(&light).chunks_exact(4).flat_map(|p| [p[0] * scale, p[1] * scale, p[2] * scale, p[3]]);
        let picture = Image::from_rgba_f32(48, 36, pixels.collect(), Transfer::Display, Alpha::Opaque).expect("valid");
        render(&engine, "pencil_sketch", &Chain::new().pencil_sketch(Length::Pixels(3.0)), &picture)
    };
    let (in_light, in_dark) = (render(1.0), render(1.0 / 4096.0));
    let pairs = floats(&in_light).iter().zip(floats(&in_dark));
    let far: Vec<_> = pairs.filter(|(a, b)| !tolerance::near(**a, **b, tolerance::CHAIN)).collect();
    assert_eq!(far, Vec::new());
}

#[test]
fn a_resize_in_the_middle_neither_rounds_nor_limits() {
    let engine = cpu(|_| {});
    let codes = (0..64 * 48).flat_map(|i: u32| [if i % 7 < 3 { 250 } else { 3 }, (i * 5) as u8, 40, 255]);
    let codes = Image::from_rgba8(64, 48, codes.collect()).expect("valid");
    let exact = Image::from_rgba_f32(64, 48, codes.to_rgba_f32(), Transfer::Display, Alpha::Opaque).expect("valid");
    let resize = effects::Resize { scale: 0.5, ..effects::Resize::default() };
    let chain = Chain::from(resize).with_space(Transfer::Display).brightness(0.1).contrast(8.0);
    let [quick, exact] = [&codes, &exact].map(|picture| render(&engine, "resize", &chain, picture));
    assert!(
        floats(&quick).iter().zip(floats(&exact)).all(|(a, b)| tolerance::near(*a, *b, tolerance::CHAIN)),
        "codes were rounded"
    );
}

#[test]
fn parameters_survive_json_and_say_what_they_are() {
    let engine = cpu(|_| {});
    let picture = chart(31, 23, false);
    let asks_for_a_file = |chain: &Chain| {
        let effect = chain.steps()[0].effect();
        effect.is_some_and(|e| !e.info().inputs.is_empty() || e.info().fields.iter().any(|f| f.kind.code() == "asset"))
    };
    for (name, chain) in cases().into_iter().filter(|(_, chain)| !asks_for_a_file(chain)) {
        let mut plain = chain.clone();
        *plain.assets_mut() = bowerbird::Assets::default();
        let recipe = bowerbird::Recipe::from_chain("test", plain);
        let loader = bowerbird::recipe::Loader::none();
        let json = recipe.to_json();
        let mut back =
            Chain::from(bowerbird::Recipe::from_json(&json, &loader).unwrap_or_else(|e| panic!("{name}: {e}")));
        *back.assets_mut() = chain.assets().clone();
        assert_eq!(
            bits(&render(&engine, &name, &chain, &picture)),
            bits(&render(&engine, &name, &back, &picture)),
            "{name}"
        );
    }
    for effect in effects::all() {
        let info = effect.info();
        assert!(!info.label.is_empty() && info.doc.ends_with('.'), "{} needs a label and a sentence", info.id);
        for (field, param) in effect.fields() {
            assert!(!field.label.is_empty() && field.doc.ends_with('.'), "{}.{}", info.id, field.name);
            if let (Some(soft), Some(hard)) = (field.soft, field.hard) {
                assert!(hard.0 <= soft.0 && soft.1 <= hard.1, "{}.{}: soft beyond hard", info.id, field.name);
            }
            if let (Some((low, high)), Some(value)) = (field.soft, param.to_json().as_f64()) {
                assert!((low..=high).contains(&value), "{}.{}: default {value}", info.id, field.name);
            }
            let universal =
                ["effect", "enabled", "opacity", "blend", "mask", "space", "id", "in", "note", "v", "combine"];
            assert!(!universal.contains(&field.name), "{}.{} is the name of a universal field", info.id, field.name);
        }
    }
}

/// Effects of single pixels of their grid, and discontinuous ones: a reduced picture is another picture to them. A
/// picture used as a mask is itself resampled to the grid, and a mask's edge is one rendered pixel wide. A tile of
/// `clahe` has a few hundred pixels for 256 levels here, and a limit of one or two of them.
const NOT_SCALABLE: [&str; 11] = [
    "mask_image",
    "mask_shape",
    "grain",
    "threshold",
    "posterize",
    "sobel",
    "emboss",
    "sharpen",
    "equalize",
    "clahe",
    "mask_luma",
];

#[test]
fn a_small_rendering_looks_like_the_full_one() {
    let engine = cpu(|_| {});
    let full = smooth(256, 192);
    let scalable = |effect: &dyn bowerbird::effect::Effect| {
        let info = effect.info();
        !NOT_SCALABLE.contains(&info.id) && info.inputs.is_empty() && !info.changes_size
    };
    for effect in effects::all().filter(|effect| scalable(&**effect)) {
        let id = effect.info().id;
        let chain = runnable(effect);
        let expected = render(&engine, id, &chain, &full);
        for den in [2, 4] {
            let frame = Frame::still(256, 192).scaled(1, den);
            let small = reduced(&full, &frame);
            let found = engine.render_frame(&chain, &small, &frame, &FLOAT).unwrap_or_else(|e| panic!("{id}: {e}"));
            let psnr = tolerance::psnr(floats(&found), floats(&reduced(&expected, &frame)));
            assert!(psnr >= tolerance::SCALES_PSNR, "{id} at 1/{den}: {psnr:.1} dB");
        }
    }
}

/// A picture without hard edges: a non-linear effect of a mean is not the mean of the effect.
fn smooth(width: u32, height: u32) -> Image {
    let wave = |v: u32, period: f32| 0.5 + 0.4 * f64::from(v as f32 / period).sin() as f32;
    let pixels = (0..height)
        .flat_map(|y| (0..width).map(move |x| (x, y)))
        .flat_map(|(x, y)| {
            [wave(x + y, 40.0), wave(x, 33.0) * wave(y, 51.0), wave(2 * y + 200 - x.min(200), 60.0), 1.0]
        })
        .collect();
    Image::from_rgba_f32(width, height, pixels, Transfer::Display, Alpha::Opaque).expect("valid")
}

fn reduced(image: &Image, frame: &Frame) -> Image {
    let light: Vec<f32> = floats(image)
        .chunks_exact(4)
        .flat_map(|p| [p[0], p[1], p[2], 1.0].map(bowerbird::lane::color::decode).into_iter().take(3).chain([p[3]]))
        .collect();
    let (w, h) = (image.width() as usize, image.height() as usize);
    let small = resize(&light, w, h, frame.width as usize, frame.height as usize, ResizeFilter::Area);
    let shown: Vec<f32> = small
        .chunks_exact(4)
        .flat_map(|p| [p[0], p[1], p[2]].map(bowerbird::lane::color::encode).into_iter().chain([p[3]]))
        .collect();
    Image::from_rgba_f32(frame.width, frame.height, shown, Transfer::Display, image.alpha()).expect("valid")
}

#[test]
fn odd_sizes_and_codes_render() {
    let engine = cpu(|_| {});
    for (w, h) in [(1, 1), (1, 400), (400, 1), (3, 2), (513, 5)] {
        let picture = chart8(w, h, true);
        for effect in effects::all() {
            let id = effect.info().id;
            let chain = runnable(effect);
            let size = chain.output_size((w, h)).unwrap_or_else(|e| panic!("{id} on {w}×{h}: {e}"));
            let out = engine.render(&chain, &picture).unwrap_or_else(|e| panic!("{id} on {w}×{h}: {e}"));
            assert_eq!((out.size(), out.depth()), (size, Depth::U8), "{id}");
        }
    }
}

#[test]
fn another_seed_is_another_grain() {
    let (engine, picture) = (cpu(|_| {}), chart(32, 32, false));
    let grain = |seed: u32| Chain::new().then(effects::Grain { seed: seed.into(), ..effects::Grain::default() });
    assert_eq!(
        bits(&render(&engine, "grain", &grain(1), &picture)),
        bits(&render(&engine, "grain", &grain(1), &picture))
    );
    assert_ne!(
        bits(&render(&engine, "grain", &grain(1), &picture)),
        bits(&render(&engine, "grain", &grain(2), &picture))
    );
}

#[test]
fn random_parameters_are_inside_their_ranges() {
    for mut effect in effects::all() {
        vary(&mut *effect, &mut Random::new(7));
        for index in 0..effect.info().fields.len() {
            let field = &effect.info().fields[index];
            let (Some((low, high)), Some(param)) = (field.hard, effect.field_mut(index)) else { continue };
            assert!(!param.clamp(low, high), "{}.{} = {param:?}", field.name, field.label);
        }
    }
}
