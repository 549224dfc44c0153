//! Pictures written at full size.

use crate::drops::drop_files;
use crate::rig::{Rig, chart, recipe_file};
use crate::type_path;
use bowerbird::image::{FileFormat, WriteOptions};
use bowerbird::param::Kind;
use bowerbird::{Backend, Chain, ChainStep, Engine, EngineOptions, Image, Output, Recipe, effects};
use eframe::egui::Key;
use egui_kittest::kittest::Queryable;
use serde_json::json;

#[test]
fn what_is_asked_for_while_another_is_written_waits_and_has_a_name_of_its_own() {
    let mut rig = Rig::new(|_, _| {});
    for _ in 0..3 {
        rig.harness.key_press(Key::S);
    }
    rig.harness.run_steps(3);
    rig.settle();
    for name in ["chart-look.png", "chart-look-1.png", "chart-look-2.png"] {
        assert!(rig.folder.path().join(name).exists(), "{name}");
    }
    assert!(rig.app().problems().is_empty(), "{:?}", rig.app().problems());
}

#[test]
fn what_waits_to_be_written_is_written_before_the_program_ends() {
    let mut rig = Rig::new(|_, _| {});
    for _ in 0..3 {
        rig.harness.key_press(Key::S);
    }
    rig.harness.run_steps(1);
    rig.harness.state_mut().app.take().unwrap().finish();
    assert!(rig.folder.path().join("chart-look-2.png").exists());
}

#[test]
fn a_folder_that_cannot_be_written_to_is_said() {
    let mut rig = Rig::new(|options, folder| {
        let gone = folder.join("gone");
        std::fs::create_dir(&gone).unwrap();
        options.file = Some(chart(&gone));
        options.recipe = Some(recipe_file(folder, Chain::new()));
    });
    std::fs::remove_dir_all(rig.folder.path().join("gone")).unwrap();
    rig.press(Key::S);
    rig.until("a banner", |rig| rig.app().problems().iter().any(|text| text.starts_with("Cannot export")));
}

#[test]
fn keys_do_nothing_else_while_something_is_asked_for() {
    let mut rig = Rig::new(|_, _| {});
    rig.click("Export");
    rig.press(Key::A);
    assert!(rig.harness.query_by_label("Search effects").is_none());
    rig.press(Key::Escape);
    rig.press(Key::A);
    assert!(rig.harness.query_by_label("Search effects").is_some());
}

#[test]
fn what_is_exported_is_what_is_shown_though_another_file_could_not_be_opened() {
    let mut rig = Rig::new(|_, _| {});
    rig.click("Source");
    let broken = rig.folder.path().join("broken.png");
    std::fs::write(&broken, "no picture").unwrap();
    drop_files(&mut rig, std::slice::from_ref(&broken));
    rig.until("a message", |rig| rig.app().problems().iter().any(|text| text.contains("broken.png")));
    rig.press(Key::S);
    rig.settle();
    let written = Image::open(rig.folder.path().join("chart-look.png")).unwrap();
    assert_eq!(written, Image::open(rig.folder.path().join("chart.png")).unwrap());
    // The next time opens what was seen, too.
    rig.harness.state_mut().app.take().unwrap().finish();
    assert!(rig.harness.state().store.session().source.unwrap().ends_with("chart.png"));
}

#[test]
fn the_picture_that_is_open_is_not_written_over() {
    let mut rig = Rig::new(|_, _| {});
    let chart = rig.folder.path().join("chart.png");
    let before = std::fs::read(&chart).unwrap();
    rig.click("Export");
    rig.click("PNG…");
    rig.harness.run_steps(3);
    let again = rig.folder.path().join("./chart.png");
    type_path(&mut rig, &again);
    rig.until("a banner", |rig| rig.app().problems().iter().any(|text| text.contains("is the picture that is open")));
    rig.settle();
    assert_eq!(std::fs::read(&chart).unwrap(), before);
}

#[test]
fn a_picture_that_has_changed_since_is_opened_anew_and_not_exported_unseen() {
    let mut rig = Rig::new(|_, _| {});
    rig.click("Source");
    rig.settle();
    Image::from_rgba8(7, 5, vec![90; 140]).unwrap().save(rig.folder.path().join("chart.png")).unwrap();
    rig.press(Key::S);
    rig.until("a banner", |rig| rig.app().problems().iter().any(|text| text.contains("has changed since")));
    rig.until("the picture as it is", |rig| rig.harness.query_by_label("7 × 5").is_some());
    assert!(!rig.folder.path().join("chart-look.png").exists());
    rig.settle();
    rig.press(Key::S);
    rig.until("the export", |rig| rig.folder.path().join("chart-look.png").exists());
    rig.settle();
    assert_eq!(Image::open(rig.folder.path().join("chart-look.png")).unwrap().size(), (7, 5));
}

#[test]
fn all_pictures_of_a_folder_are_exported_under_the_look() {
    let mut rig = Rig::new(|options, folder| {
        for name in ["chart.png", "second.png"] {
            std::fs::copy(chart(folder), folder.join(name)).unwrap();
        }
        options.recipe = Some(recipe_file(folder, Chain::new().invert(1.0)));
    });
    rig.click("Export");
    rig.click("All in its folder");
    rig.picture("export_all");
    rig.click("PNG…");
    rig.harness.run_steps(2);
    rig.press(Key::Enter);
    rig.settle();
    assert!(rig.harness.query_by_label_contains("Exported 2 pictures into").is_some());
    let look = Engine::cpu().unwrap();
    let expected = look.render(rig.app().recipe().chain(), &Image::open(rig.folder.path().join("chart.png")).unwrap());
    for name in ["chart.png", "second.png"] {
        let made = Image::open(rig.folder.path().join("Test").join(name)).unwrap();
        assert_eq!(made.to_rgba8(), expected.as_ref().unwrap().to_rgba8(), "{name}");
    }
    assert!(rig.app().problems().is_empty(), "{:?}", rig.app().problems());
}

/// Three effects with numbers at random, the same for the same seed.
fn random_look(seed: u32) -> Chain {
    let mut state = seed.wrapping_mul(2_654_435_761);
    let mut random = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        f64::from(state >> 8) / f64::from(1 << 24)
    };
    // Those that do without files and layers.
    let plain = |id: &str| !["lut3d", "blend", "sticker"].contains(&id);
    let infos = effects::all().map(|effect| effect.info());
    let ids: Vec<&str> = infos.filter(|info| info.family != "mask" && plain(info.id)).map(|info| info.id).collect();
    let mut look = Chain::new();
    for _ in 0..3 {
        let mut effect = effects::find(ids[(random() * ids.len() as f64) as usize]).unwrap();
        for field in effect.info().fields {
            if let (Kind::Number | Kind::Angle, 1, Some((low, high))) = (field.kind, field.count, field.soft) {
                effect.named_mut(field.name).unwrap().1.set(&json!(low + (high - low) * random())).unwrap();
            }
        }
        let mut step = ChainStep::from(effect);
        // What changes the size is mixed with nothing.
        if !["crop", "resize", "rotate90"].contains(&step.effect().unwrap().info().id) {
            step.set_opacity(1.0 - 0.5 * random());
        }
        look.push(step);
    }
    look
}

#[test]
fn exports_of_random_looks_are_byte_for_byte_what_the_command_line_writes() {
    let mut rig = Rig::new(|_, _| {});
    let folder = rig.folder.path().to_owned();
    // As `apply --backend cpu` has it.
    let options = EngineOptions { backend: Backend::Cpu, drop_identity: true, ..EngineOptions::default() };
    let engine = Engine::new(options).unwrap();
    let source = Image::open(folder.join("chart.png")).unwrap();
    for seed in 0..10 {
        let look = random_look(seed);
        let ids: Vec<&str> = look.steps().iter().filter_map(|step| Some(step.effect()?.info().id)).collect();
        let dropped = recipe_file(&folder, look);
        drop_files(&mut rig, &[dropped]);
        rig.until("the look", |rig| rig.ids() == ids);
        let ending = ["png", "jpg", "tiff", "webp"][seed as usize % 4];
        let (path, expected) = (folder.join(format!("{seed}.{ending}")), folder.join(format!("{seed}-cli.{ending}")));
        rig.click("Export");
        rig.click("PNG…");
        rig.harness.run_steps(3);
        type_path(&mut rig, &path);
        rig.until("the export", |_| path.exists());
        // The recipe as the app saves it.
        let saved = folder.join(format!("{seed}.json"));
        rig.app().recipe().save(&saved).unwrap();
        let chain = Chain::from(Recipe::load(&saved).unwrap());
        let format = FileFormat::of_name(&path).unwrap();
        let output = Output::for_format(format, None, source.depth());
        let result = engine.render_to(&chain, &source, &output).unwrap();
        result.save_with(&expected, &WriteOptions { format: Some(format), ..WriteOptions::default() }).unwrap();
        let [app, cli] = [path, expected].map(|path| std::fs::read(path).unwrap());
        assert!(app == cli, "{seed}: {ids:?}");
    }
    assert!(rig.app().problems().is_empty(), "{:?}", rig.app().problems());
}

#[test]
fn an_export_says_which_effect_has_no_file_yet() {
    let mut rig = Rig::new(|options, folder| {
        options.recipe = Some(recipe_file(folder, Chain::new().then(effects::Lut3d::default())));
    });
    rig.until("a banner", |rig| !rig.app().problems().is_empty());
    rig.press(Key::S);
    let said = |rig: &Rig| rig.app().problems().iter().any(|text| text.starts_with("3D LUT has no file yet"));
    assert!(said(&rig), "{:?}", rig.app().problems());
    rig.settle();
    assert!(!rig.folder.path().join("chart-look.png").exists());
}
