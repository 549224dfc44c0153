//! Reading, writing and refusing recipes.

use super::{Loader, Recipe};
use crate::chain::Chain;
use crate::cube::Cube;
use crate::effects;
use crate::error::Error;
use crate::image::Image;
use serde_json::{Value, json};
use std::fs;

fn read(json: Value) -> Recipe {
    Recipe::from_json(&json, &Loader::none()).expect("a good recipe")
}

fn refused(json: Value) -> String {
    match Recipe::from_json(&json, &Loader::none()) {
        Ok(_) => panic!("accepted: {json}"),
        Err(error) => error.to_string(),
    }
}

fn one(step: Value) -> Value {
    json!({"steps": [step]})
}

#[test]
fn what_is_written_reads_back_the_same() {
    let file = json!({
        "version": 1, "name": "Everything",
        "steps": [
            {"effect": "exposure", "ev": 0.3, "enabled": false, "note": "by eye"},
            {"effect": "gaussian_blur", "id": "soft", "sigma": "8px",
             "opacity": 0.5, "blend": "soft_light", "mask": "face", "space": "display"},
            {"effect": "curves", "rgb": [[0, 0.03], [0.5, 0.54], [1, 0.98]]},
            {"effect": "blend", "mode": "screen", "in": {"image": "soft", "layer": "source"}},
            {"effect": "unicorn", "glitter": {"deep": [1, null]}},
            {"effect": "sepia", "sparkle": 3, "in": {"image": "soft", "layre": "x"}}
        ],
        "masks": {
            "face": {"effect": "mask_shape", "size": [0.3, 0.4]},
            "two": [{"effect": "mask_luma"}, {"effect": "mask_shape", "combine": "subtract"}]
        },
        "mood": "calm"
    });
    let recipe = read(file.clone());
    assert_eq!(recipe.to_json(), file);
    let again: Recipe = recipe.to_string_pretty().parse().expect("its own text");
    assert_eq!(again.to_json(), file);
}

#[test]
fn defaults_are_not_written() {
    let recipe =
        read(one(json!({"effect": "exposure", "ev": 0, "opacity": 1, "blend": "normal", "enabled": true, "v": 1})));
    assert_eq!(recipe.to_json(), json!({"version": 1, "steps": [{"effect": "exposure"}]}));
}

#[test]
fn every_effect_survives_the_way_out_and_back() {
    let chain: Chain = effects::all().map(|effect| crate::chain::ChainStep::boxed(Some(effect))).collect();
    let json = Recipe::from_chain("All", chain).to_json();
    assert_eq!(read(json.clone()).to_json(), json);
}

#[test]
fn unknown_names_are_kept_reported_and_do_not_run() {
    let recipe = read(json!({"steps": [
        {"effect": "exposrue", "ev": 1},
        {"effect": "gaussian_blur", "sigmaa": 0.1},
        {"effect": "sepia"}
    ]}));
    let paths: Vec<&str> = recipe.unknown().iter().map(|warning| warning.path.as_str()).collect();
    assert_eq!(paths, ["steps[0].effect", "steps[1].sigmaa"]);
    assert!(recipe.unknown()[0].message.contains("did you mean 'exposure'?"), "{}", recipe.unknown()[0]);
    assert!(recipe.unknown()[1].message.contains("did you mean 'sigma'?"), "{}", recipe.unknown()[1]);
    let active: Vec<bool> = recipe.chain().steps().iter().map(|step| step.is_active()).collect();
    assert_eq!(active, [false, false, true]);
    let error = recipe.check().expect_err("unknown").to_string();
    assert!(error.contains("steps[0].effect") && error.contains("exposure"), "{error}");
    assert!(read(one(json!({"effect": "sepia"}))).check().is_ok());
}

#[test]
fn a_step_whose_mask_is_not_understood_does_not_run() {
    let recipe = read(json!({
        "steps": [{"effect": "sepia", "mask": "hair"}, {"effect": "sepia", "mask": "sky"}],
        "masks": {"hair": [{"effect": "mask_luma"}, {"effect": "mask_magic"}], "sky": {"effect": "mask_luma"}}
    }));
    assert_eq!(recipe.unknown()[0].path, "masks.hair[1].effect");
    let active: Vec<bool> = recipe.chain().steps().iter().map(|step| step.is_active()).collect();
    assert_eq!(active, [false, true]);
}

#[test]
fn steps_of_newer_versions_are_kept() {
    let step = json!({"effect": "sepia", "v": 7, "amount": {"a": 1}});
    let recipe = read(one(step.clone()));
    assert_eq!(recipe.unknown()[0].path, "steps[0].v");
    assert_eq!(recipe.to_json()["steps"][0], step);
}

#[test]
fn values_outside_their_range_are_limited_and_reported() {
    let recipe = read(json!({"steps": [
        {"effect": "sepia", "amount": 1e300, "opacity": 2},
        {"effect": "curves", "rgb": [[-1, 0], [1, 9]]},
        {"effect": "dilate", "radius": "1e9px"},
        {"effect": "dilate", "radius": "40px"},
        {"effect": "gradient_map", "stops": [{"at": -1, "color": "#000000"}, {"at": 1, "color": "#ffffff"}]}
    ]}));
    let paths: Vec<&str> = recipe.warnings().iter().map(|warning| warning.path.as_str()).collect();
    assert_eq!(paths, ["steps[0].amount", "steps[0].opacity", "steps[1].rgb", "steps[2].radius", "steps[4].stops"]);
    assert_eq!(recipe.chain().steps()[0].opacity(), 1.0);
    assert!(recipe.unknown().is_empty());
}

#[test]
fn british_spellings_are_read_and_american_ones_written() {
    let recipe = read(json!({"steps": [
        {"effect": "greyscale"}, {"effect": "posterise"},
        {"effect": "swirl", "centre": [0.1, 0.2]},
        {"effect": "sepia", "blend": "colour-dodge"}
    ]}));
    assert!(recipe.unknown().is_empty(), "{:?}", recipe.unknown());
    let steps = recipe.to_json()["steps"].clone();
    assert_eq!(steps[0]["effect"], "grayscale");
    assert_eq!(steps[1]["effect"], "posterize");
    assert_eq!(steps[2]["center"], json!([0.1, 0.2]));
    assert_eq!(steps[3]["blend"], "color_dodge");
}

#[test]
fn what_cannot_be_names_its_place() {
    let sepia = |field: &str, value: Value| one(json!({"effect": "sepia", field: value}));
    for (json, parts) in [
        (json!([]), ["object", ""]),
        (json!({"version": 2, "steps": []}), ["version", "newer"]),
        (json!({"version": 0, "steps": []}), ["version", "whole number"]),
        (json!({"name": 3, "steps": []}), ["name", "text"]),
        (json!({"stps": []}), ["steps: missing", "'stps'"]),
        (json!({"steps": {}}), ["steps", "list"]),
        (json!({"steps": [7]}), ["steps[0]", "expected a step"]),
        (one(json!({"ev": 1})), ["steps[0].effect", "missing"]),
        (sepia("amount", json!("much")), ["steps[0].amount", "expected a number"]),
        (sepia("opacity", json!([])), ["steps[0].opacity", "a list"]),
        (sepia("blend", json!("multipy")), ["steps[0].blend", "'multiply'"]),
        (sepia("mask", json!("face")), ["steps[0].mask", "no mask"]),
        (sepia("v", json!(1.5)), ["steps[0].v", "whole number"]),
        (sepia("id", json!("source")), ["steps[0].id", "another name"]),
        (sepia("in", json!({"image": "nobody"})), ["steps[0].in.image", "no step"]),
        (one(json!({"effect": "equalize", "space": "linear"})), ["steps[0].space", "own space"]),
        (
            one(json!({"effect": "curves", "rgb": [[0, 0], [0.5, 0.5], [0.5, 1]]})),
            ["steps[0].rgb", "point 3 of the curve"],
        ),
        (
            one(json!({"effect": "gradient_map", "stops": [{"at": 0, "color": "#000000"}]})),
            ["steps[0].stops", "2 to 32 stops"],
        ),
        (one(json!({"effect": "lut3d", "file": "film"})), ["steps[0].file", "no asset"]),
        (
            json!({"steps": [{"effect": "sepia", "id": "a"}, {"effect": "sepia", "id": "a"}]}),
            ["steps[1].id", "steps[0]"],
        ),
        (
            json!({"steps": [{"effect": "sepia", "in": {"image": "b"}}, {"effect": "sepia", "id": "b"}]}),
            ["steps[0].in.image", "not run yet"],
        ),
        (json!({"steps": [], "masks": {"m": []}}), ["masks.m", "at least one"]),
        (
            json!({"steps": [], "masks": {"m": [{"effect": "mask_luma"}, {"effect": "rotate90"}]}}),
            ["masks.m[1].effect", "changes the size"],
        ),
        (json!({"steps": [], "masks": {"m": {"effect": "mask_luma", "opacity": 0.5}}}), ["masks.m.opacity", "combine"]),
        (json!({"steps": [], "assets": {"a": "a.png"}}), ["assets.a", "may not read files"]),
        (json!({"steps": [], "assets": {"a": {"data": "!"}}}), ["assets.a", "base64"]),
        (json!({"steps": vec![json!({"effect": "sepia"}); 1001]}), ["steps", "1000"]),
        (
            json!({
                "steps": vec![json!({"effect": "sepia", "mask": "m"}); 101],
                "masks": {"m": vec![json!({"effect": "mask_luma"}); 100]}
            }),
            ["masks", "10100 entries"],
        ),
    ] {
        let error = refused(json);
        assert!(parts.iter().all(|part| error.contains(part)), "{error} should have {parts:?}");
    }
}

#[test]
fn feedback_may_name_later_steps_and_masks_see_what_their_step_sees() {
    read(json!({"steps": [{"effect": "blend", "id": "trail", "in": {"layer": "prev:trail"}}]}));
    let error = refused(json!({
        "steps": [{"effect": "sepia", "mask": "m"}, {"effect": "sepia", "id": "late"}],
        "masks": {"m": {"effect": "mask_luma", "in": {"image": "late"}}}
    }));
    assert!(error.contains("steps[0].mask.in.image"), "{error}");
}

#[test]
fn text_that_is_not_json_names_the_line() {
    let error = Recipe::parse("{\n \"steps\": [,]}", &Loader::none()).expect_err("bad").to_string();
    assert!(error.contains("line 2"), "{error}");
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    assert!(matches!(Recipe::parse(&deep, &Loader::none()), Err(Error::Syntax(_))));
    let long = " ".repeat((16 << 20) + 1);
    assert!(matches!(Recipe::parse(&long, &Loader::none()), Err(Error::Syntax(_))));
}

#[test]
fn what_would_not_be_read_again_is_not_saved() {
    let folder = tempfile::tempdir().expect("folder");
    let path = folder.path().join("look.json");
    let mut recipe = Recipe::from_chain("", Chain::new());
    recipe.set_name("short");
    recipe.save(&path).expect("saved");
    recipe.set_name("long".repeat(4 << 20));
    let error = recipe.save(&path).expect_err("too long").to_string();
    assert!(error.contains("look.json") && error.contains("16 MiB"), "{error}");
    assert_eq!(Recipe::load(&path).expect("as it was").name(), "short");
}

#[test]
fn assets_are_read_beside_the_recipe_and_written_as_they_were() {
    let folder = tempfile::tempdir().expect("folder");
    let layer = Image::from_rgba8(1, 1, vec![1, 2, 3, 255]).expect("image");
    layer.save(folder.path().join("layer.png")).expect("saved");
    fs::write(folder.path().join("film.cube"), "LUT_1D_SIZE 2\nSPARKLE\n0 0 0\n1 1 1\n").expect("saved");
    let path = folder.path().join("look.json");
    let json = json!({
        "version": 1,
        "steps": [{"effect": "lut3d", "file": "film"}, {"effect": "blend", "in": {"layer": "layer"}}],
        "assets": {"film": "film.cube", "layer": "layer.png"}
    });
    fs::write(&path, json.to_string()).expect("saved");
    let recipe = Recipe::load(&path).expect("loaded");
    assert_eq!(recipe.warnings()[0].path, "assets.film");
    assert_eq!(recipe.to_json(), json);

    let copy = folder.path().join("copy.json");
    recipe.save(&copy).expect("saved");
    assert_eq!(Recipe::load(&copy).expect("loaded").to_json(), json);
    assert_eq!(fs::read_dir(folder.path()).expect("listed").count(), 4);

    // Written into the recipe, they are found anywhere.
    let mut alone = recipe;
    alone.inline_assets();
    assert_eq!(alone.files().count(), 0);
    let image = read(alone.to_json()).chain().assets().image("layer").expect("image");
    assert_eq!(image.pixels(), layer.pixels());

    fs::remove_file(folder.path().join("layer.png")).expect("removed");
    let error = Recipe::load(&path).expect_err("missing").to_string();
    assert!(error.contains("assets.layer") && error.contains("layer.png"), "{error}");
}

#[test]
fn assets_of_a_program_go_into_the_file() {
    let image = Image::from_rgba8(1, 2, vec![1, 2, 3, 255, 4, 5, 6, 128]).expect("image");
    let cube = Cube::parse("c", "TITLE \"x\"\nLUT_1D_SIZE 2\n0 0.1 0\n1 1 0.33333334\n").expect("cube");
    let chain = Chain::new().lut3d("film").asset("film", cube.clone()).asset("top", image.clone());
    let mut recipe = read(Recipe::from_chain("x", chain).to_json());
    assert_eq!(*recipe.chain().assets().cube("film").expect("cube"), cube);
    assert_eq!(recipe.chain().assets().image("top").expect("image").pixels(), image.pixels());

    // One that is replaced after reading is written anew.
    let before = recipe.to_json()["assets"]["top"].clone();
    recipe.chain_mut().assets_mut().insert("top", Image::from_rgba8(1, 1, vec![0; 4]).expect("image"));
    assert_ne!(recipe.to_json()["assets"]["top"], before);
}

#[test]
fn a_recipe_that_cannot_be_saved_leaves_nothing() {
    let folder = tempfile::tempdir().expect("folder");
    assert!(Recipe::default().save(folder.path().join("no/such/folder.json")).is_err());
    assert!(Recipe::default().save(folder.path()).is_err());
    assert_eq!(fs::read_dir(folder.path()).expect("listed").count(), 0);
}
