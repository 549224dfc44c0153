//! Recipes as people write them, and the mistakes they make.

use bowerbird::recipe::Loader;
use bowerbird::{Chain, Image, Recipe};
use bowerbird_tests::chart::{chart8, codes};
use bowerbird_tests::{cpu, folder};

fn parse(json: &str) -> Result<Recipe, bowerbird::Error> {
    Recipe::parse(json, &Loader::none())
}

#[test]
fn a_recipe_and_the_builder_are_the_same_look() {
    let recipe = parse(
        r#"{"version":1,"steps":[{"effect":"exposure","ev":0.35},{"effect":"sepia","amount":0.8},{"effect":"vignette","amount":0.4}]}"#,
    );
    let built = Chain::new().exposure(0.35).sepia(0.8).vignette(0.4);
    let (engine, picture) = (cpu(|_| {}), chart8(40, 30, false));
    let a = engine.render(&Chain::from(recipe.expect("valid")), &picture).expect("renders");
    let b = engine.render(&built, &picture).expect("renders");
    assert_eq!(codes(&a), codes(&b));
}

#[test]
fn mistakes_name_their_place_and_suggest() {
    for (json, parts) in [
        (r#"{"steps":[{"effect":"exposrue"}]}"#, ["steps[0]", "exposure"]),
        (r#"{"steps":[{"effect":"sepia"},{"effect":"gaussian_blur","sigmaa":1}]}"#, ["steps[1]", "sigma"]),
    ] {
        let recipe = parse(json).expect("kept, not refused");
        let error = recipe.check().expect_err(json).to_string();
        assert!(parts.iter().all(|part| error.contains(part)), "{error}");
    }
    for (json, parts) in [
        (r#"{"steps":[{"effect":"exposure","ev":"much"}]}"#, ["steps[0].ev", "number"]),
        (r#"{"steps":[{"effect":"curves","rgb":[[0,0],[0,1]]}]}"#, ["steps[0].rgb", "x must grow"]),
        (r#"{"steps":[{"effect":"sepia","mask":"face"}]}"#, ["steps[0]", "face"]),
        (r#"{"steps":[{"effect":"exposure","space":"display"}]}"#, ["steps[0]", "space"]),
        (r#"{"version":99,"steps":[]}"#, ["version", "99"]),
    ] {
        let error = parse(json).map(|r| r.check()).expect_err(json).to_string();
        assert!(parts.iter().all(|part| error.contains(part)), "{json}: {error}");
    }
}

#[test]
fn an_effect_in_a_mask_is_folded_like_the_masks() {
    // Black inverted by a mask shows its weights.
    let weights = |combine: &str| {
        let json = format!(
            r#"{{"steps":[{{"effect":"exposure","ev":-16}},{{"effect":"invert","space":"display","mask":"m"}}],
                "masks":{{"m":[{{"effect":"mask_shape","size":[0.5,0.5]}},
                               {{"effect":"gaussian_blur","sigma":"4px"{combine}}}]}}}}"#
        );
        let picture = chart8(40, 30, false);
        let result = cpu(|_| {}).render(parse(&json).expect("valid").chain(), &picture).expect("renders");
        codes(&result).chunks_exact(4).map(|pixel| i32::from(pixel[0])).collect::<Vec<_>>()
    };
    let shape = weights(r#","enabled":false"#);
    let blurred = weights("");
    let both = |of: fn(i32, i32) -> i32| shape.iter().zip(&blurred).map(move |(m, v)| of(*m, *v)).collect::<Vec<_>>();
    assert_ne!(shape, blurred);
    assert_eq!(weights(r#","combine":"replace""#), blurred);
    assert_eq!(weights(r#","combine":"add""#), both(i32::max));
    assert_eq!(weights(r#","combine":"intersect""#), both(i32::min));
    let subtracted = both(|m, v| (m * (255 - v) + 127) / 255);
    let found = weights(r#","combine":"subtract""#);
    // Both were rounded to codes before.
    assert!(found.iter().zip(&subtracted).all(|(a, b)| (a - b).abs() <= 1), "{found:?}");
}

#[test]
fn a_mask_may_look_at_another_picture_than_its_step() {
    // The step sees black everywhere; only the source has lights to select.
    let masked = |input: &str| {
        let json = format!(
            r#"{{"steps":[{{"effect":"exposure","ev":-16}},{{"effect":"invert","mask":"lights"}}],
                "masks":{{"lights":{{"effect":"mask_luma","low":0.5{input}}}}}}}"#
        );
        let picture = chart8(40, 30, false);
        codes(&cpu(|_| {}).render(parse(&json).expect("valid").chain(), &picture).expect("renders")).to_vec()
    };
    let white = |codes: &[u8]| codes.chunks_exact(4).filter(|p| p[0] > 250).count();
    assert_eq!(white(&masked("")), 0);
    assert!(white(&masked(r#","in":{"image":"source"}"#)) > 100);
}

#[test]
fn what_is_not_understood_is_kept() {
    let json = r#"{"version":1,"name":"x","steps":[{"effect":"unicorn","horn":3},{"effect":"sepia","amount":0.5,"sparkle":true}]}"#;
    let recipe = parse(json).expect("kept");
    assert_eq!(recipe.unknown().len(), 2);
    let written = recipe.to_string_pretty();
    assert!(written.contains("unicorn") && written.contains("horn") && written.contains("sparkle"), "{written}");
    let picture = chart8(20, 16, false);
    let out = cpu(|_| {}).render(recipe.chain(), &picture).expect("renders");
    assert_eq!(codes(&out), codes(&picture), "steps that are not understood do not run");
}

#[test]
fn values_beyond_their_range_are_limited_and_reported() {
    let recipe = parse(r#"{"steps":[{"effect":"exposure","ev":99}]}"#).expect("valid");
    assert_eq!(recipe.warnings().len(), 1);
    assert!(recipe.to_string_pretty().contains("16"));
}

#[test]
fn every_shipped_look_is_valid_and_renders() {
    let looks = folder().join("../assets/looks");
    let engine = cpu(|_| {});
    let photo = Image::open(folder().join("../assets/photos/chelsea.png")).expect("the photograph");
    let mut count = 0;
    for entry in std::fs::read_dir(looks).expect("the folder of looks") {
        let path = entry.expect("an entry").path();
        if path.extension().is_none_or(|e| e != "json") {
            continue;
        }
        let recipe = Recipe::load(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        recipe.check().unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        let out = engine.render(recipe.chain(), &photo).expect("renders");
        assert_ne!(codes(&out), photo.to_rgba8(), "{}: nothing changed", path.display());
        count += 1;
    }
    assert!(count >= 3, "{count} looks");
}

#[test]
fn a_chain_may_change_the_size_and_still_read_the_source() {
    let (engine, picture) = (cpu(|_| {}), chart8(60, 40, false));
    let recipe = parse(
        r#"{"steps":[{"effect":"crop","aspect":"1:1"},{"effect":"resize","width":20,"space":"display"},
            {"effect":"blend","in":{"layer":"source"},"opacity":0.5}]}"#,
    );
    let chain = Chain::from(recipe.expect("valid"));
    assert_eq!(chain.output_size(picture.size()).expect("a size"), (20, 20));
    let out = engine.render(&chain, &picture).expect("renders");
    assert_eq!(out.size(), (20, 20));
    // The source is fitted, not cropped: the two pictures differ, so half of each is neither.
    let cropped = engine.render(&chain.steps()[..2].iter().cloned().collect::<Chain>(), &picture).expect("renders");
    assert_ne!(codes(&out), codes(&cropped));
    let kinds: Vec<&str> =
        engine.explain(&chain, picture.size()).expect("a plan").passes.iter().map(|pass| pass.kind).collect();
    assert_eq!(kinds, ["reshape", "reshape", "points"]);
}

#[test]
fn what_a_change_of_size_leaves_can_be_read_by_its_name() {
    let (engine, picture) = (cpu(|_| {}), chart8(60, 40, false));
    let render = |json: &str| engine.render(&Chain::from(parse(json).expect("valid")), &picture).expect(json);
    let turned = render(r#"{"steps":[{"effect":"sepia"},{"effect":"rotate90"}]}"#);
    let read = render(
        r#"{"steps":[{"effect":"sepia"},{"effect":"rotate90","id":"turned"},{"effect":"invert"},
            {"effect":"blend","in":{"layer":"turned"}}]}"#,
    );
    assert_eq!(read.size(), (40, 60));
    assert_eq!(codes(&read), codes(&turned));
}

#[test]
fn sizes_that_mean_nothing_are_errors() {
    let (engine, picture) = (cpu(|_| {}), chart8(60, 40, false));
    for (json, parts) in [
        (r#"{"steps":[{"effect":"crop","aspect":"wide"}]}"#, ["steps[0]", "3:2"]),
        (r#"{"steps":[{"effect":"resize","width":1000000,"height":1000000}]}"#, ["steps[0]", "megapixels"]),
        (
            r#"{"steps":[{"effect":"sepia","id":"old"},{"effect":"rotate90"},{"effect":"blend","in":{"layer":"old"}}]}"#,
            ["steps[2]", "before a change of size"],
        ),
        (
            r#"{"steps":[{"effect":"rotate90","id":"old"},{"effect":"rotate90"},{"effect":"blend","in":{"layer":"old"}}]}"#,
            ["steps[2]", "before a change of size"],
        ),
    ] {
        let chain = Chain::from(parse(json).expect("valid"));
        let error = engine.render(&chain, &picture).expect_err(json).to_string();
        assert!(parts.iter().all(|part| error.contains(part)), "{error}");
    }
}
