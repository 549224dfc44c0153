//! From a file through the engine to a file: depth, orientation and metadata survive, damage is an error.

use bowerbird::image::{Alpha, Depth, Pixels, Transfer, WriteOptions};
use bowerbird::recipe::{Loader, Recipe};
use bowerbird::{Chain, Image, Output};
use bowerbird_tests::chart::{chart, codes, floats};
use bowerbird_tests::cpu;
use serde_json::json;

#[test]
fn sixteen_bits_survive_a_look() {
    let engine = cpu(|_| {});
    // 4096 grays: 8 bits anywhere on the way would leave 256.
    let ramp: Vec<u16> = (0..4096u32).flat_map(|v| [v as u16 * 16, v as u16 * 16, v as u16 * 16, 65535]).collect();
    let picture = Image::new(4096, 1, Pixels::U16(ramp), Transfer::Display, Alpha::Opaque).expect("valid");
    let encoded = picture.encode(bowerbird::image::FileFormat::Png, &WriteOptions::default()).expect("encodes");
    let read = Image::decode(&encoded, &Default::default()).expect("decodes");
    let result = engine.render(&Chain::new().exposure(0.2).contrast(0.9).exposure(-0.2), &read).expect("renders");
    assert_eq!(result.depth(), Depth::U16);
    let Pixels::U16(values) = result.pixels() else { panic!("16 bits") };
    let mut levels: Vec<u16> = values.chunks_exact(4).map(|p| p[0]).collect();
    levels.dedup();
    assert!(levels.len() > 3500, "{} levels", levels.len());
}

#[test]
fn float_pictures_keep_values_above_white() {
    let engine = cpu(|_| {});
    let picture = chart(32, 24, false);
    let output = Output { depth: Some(Depth::F32), transfer: Transfer::Linear, alpha: Alpha::Premultiplied };
    let bright = engine.render_to(&Chain::new().exposure(2.0), &picture, &output).expect("renders");
    assert!(floats(&bright).iter().any(|v| *v > 1.5));
    let encoded = bright.encode(bowerbird::image::FileFormat::Exr, &WriteOptions::default()).expect("encodes");
    let back = Image::decode(&encoded, &Default::default()).expect("decodes");
    assert_eq!(floats(&back), floats(&bright));
    let dark = engine.render_to(&Chain::new().exposure(-2.0), &back, &output).expect("renders");
    let source = engine.render_to(&Chain::new(), &picture, &output).expect("renders");
    assert!(floats(&dark).iter().zip(floats(&source)).all(|(a, b)| (a - b).abs() < 1e-5));
}

#[test]
fn a_target_of_another_size_is_an_error() {
    let engine = cpu(|_| {});
    let picture = chart(8, 8, false);
    let mut small = chart(4, 4, false);
    let error =
        engine.render_into(&Chain::new().invert(1.0), &picture, &mut small).expect_err("sizes differ").to_string();
    assert!(error.contains("4×4") && error.contains("8×8"), "{error}");
}

#[test]
fn rendering_into_reuses_the_target() {
    let engine = cpu(|_| {});
    let picture = bowerbird_tests::chart::chart8(40, 30, false);
    let mut target = picture.clone();
    engine.render_into(&Chain::new().invert(1.0), &picture, &mut target).expect("renders");
    let expected: Vec<u8> =
        codes(&picture).chunks_exact(4).flat_map(|p| [255 - p[0], 255 - p[1], 255 - p[2], 255]).collect();
    assert_eq!(codes(&target), expected);
}

#[test]
fn a_change_of_size_is_rendered_into_the_target_too() {
    let engine = cpu(|_| {});
    let picture = bowerbird_tests::chart::chart8(40, 30, false);
    for steps in [
        json!([{"effect": "resize", "scale": 0.5, "space": "display"}]),
        json!([{"effect": "resize", "scale": 0.5}]),
        json!([{"effect": "resize", "scale": 0.5}, {"effect": "invert"}]),
        json!([{"effect": "rotate90", "turns": 1}]),
    ] {
        let chain: Chain = Recipe::from_json(&json!({"steps": steps}), &Loader::none()).expect("a recipe").into();
        let expected = engine.render(&chain, &picture).expect("renders");
        let mut target = engine.render(&chain, &bowerbird_tests::chart::chart8(40, 30, true)).expect("renders");
        let memory = |image: &Image| match image.pixels() {
            Pixels::U8(samples) => samples.as_ptr(),
            _ => unreachable!("codes stay codes"),
        };
        let before = memory(&target);
        engine.render_into(&chain, &picture, &mut target).expect("renders");
        assert_eq!((codes(&target), memory(&target)), (codes(&expected), before), "{steps}");
    }
}
