//! The app without a window: driven by the accessible names of its controls, and pictured.

mod cameras;
mod clipboard;
mod device;
mod drops;
mod exports;
mod films;
mod folders;
mod hands;
mod leaving;
mod names;
mod on_the_picture;
mod panels;
mod rig;
mod small_windows;
mod straightening;

use bowerbird::image::WriteOptions;
use bowerbird::{Chain, Engine, Image};
use bowerbird_desktop::{App, Options, Store, ThemeName};
use eframe::egui::{self, Key, Modifiers, Vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use rig::{Bench, Rig, asset, compare, recipe_file};
use std::path::Path;

fn with_look(options: &mut Options, folder: &Path) {
    let look = Chain::new().exposure(0.4).sepia(0.6).vignette(0.5);
    options.recipe = Some(recipe_file(folder, look));
}

#[test]
fn the_picture_and_its_look_are_on_the_screen() {
    let mut rig = Rig::new(|options, folder| {
        with_look(options, folder);
        options.file = Some(asset("photos/coffee.png"));
    });
    assert_eq!(rig.ids(), ["exposure", "sepia", "vignette"]);
    rig.click("Unfold Sepia");
    // As where pictures stay on a graphics device.
    rig.press(Key::H);
    rig.picture("main");
}

#[test]
fn everything_is_readable_at_twice_the_scale() {
    let mut rig = Rig::sized(Vec2::new(1280.0, 720.0), 2.0, with_look);
    rig.click("Unfold Exposure");
    rig.picture("main_2x");
}

#[test]
fn the_light_theme_and_a_small_window_are_tidy() {
    let mut rig = Rig::sized(Vec2::new(900.0, 560.0), 1.0, |options, folder| {
        with_look(options, folder);
        options.theme = Some(ThemeName::Light);
    });
    rig.click("Split");
    rig.picture("light_small_split");
}

#[test]
fn in_a_narrow_window_nothing_of_the_bar_is_covered() {
    let mut rig = Rig::sized(Vec2::new(480.0, 320.0), 1.0, with_look);
    let export = rig.harness.get_by_label("Export").rect();
    for left in ["File", "Undo", "Redo", "View"] {
        let left = rig.harness.get_by_label(left).rect();
        assert!(left.right() < rig.harness.get_by_label("Zoom").rect().left(), "{left:?}");
    }
    assert!(export.right() < 480.0, "{export:?}");
    rig.click("View");
    rig.click("Split");
    rig.picture("narrow");
}

#[test]
fn an_effect_is_found_by_search_and_added_by_keyboard() {
    let mut rig = Rig::new(|_, _| {});
    rig.press(Key::A);
    rig.picture("catalogue");
    rig.harness.get_by_label("Search effects").type_text("sepia");
    rig.harness.run_steps(3);
    rig.press(Key::Enter);
    assert_eq!(rig.ids(), ["sepia"]);
    rig.harness.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    rig.harness.run_steps(3);
    assert!(rig.ids().is_empty());
    rig.harness.key_press_modifiers(Modifiers::COMMAND | Modifiers::SHIFT, Key::Z);
    rig.harness.run_steps(3);
    assert_eq!(rig.ids(), ["sepia"]);
}

#[test]
fn a_slider_changes_its_parameter_and_reset_takes_it_back() {
    let mut rig = Rig::new(with_look);
    rig.click("Unfold Exposure");
    rig.harness.get_by_role_and_label(egui::Role::Slider, "Exposure").set_value_accesskit(1.5);
    rig.harness.run_steps(3);
    assert_eq!(rig.value(0, "ev"), 1.5);
    rig.settle();
    rig.click("Reset Exposure");
    assert_eq!(rig.value(0, "ev"), 0.0);
    rig.click("Undo");
    assert_eq!(rig.value(0, "ev"), 1.5);
    rig.click("Undo");
    assert_eq!(rig.value(0, "ev"), 0.4);
}

#[test]
fn what_is_dragged_stays_the_same_control_when_it_leaves_its_default() {
    let mut rig = Rig::new(|options, folder| {
        options.recipe = Some(recipe_file(folder, Chain::new().exposure(0.0).swirl([0.5, 0.5])));
    });
    rig.click("Unfold Exposure");
    let slider = rig.harness.get_by_role_and_label(egui::Role::Slider, "Exposure").rect();
    assert!(slider.width() > 200.0, "{slider:?}: a slider is as wide as the panel");
    rig.drag(slider.center(), Vec2::new(slider.width() / 4.0, 0.0));
    let ev = rig.value(0, "ev").as_f64().unwrap();
    assert!((2.0..3.0).contains(&ev), "{ev}");
    rig.click("Undo");
    assert_eq!(rig.value(0, "ev"), 0.0, "the drag is one step of the history");
    rig.click("Unfold Swirl");
    let field = rig.harness.get_by_label("Center x").rect().center();
    rig.drag(field, Vec2::new(40.0, 0.0));
    let center: [f64; 2] = serde_json::from_value(rig.value(1, "center")).unwrap();
    assert!(center[0] > 0.55 && center[1] == 0.5, "{center:?}");
}

#[test]
fn steps_are_moved_by_dragging_and_by_their_menus() {
    let mut rig = Rig::new(with_look);
    rig.click("Unfold Exposure");
    rig.click("Fold Exposure");
    let from = rig.harness.get_by_label("Drag Exposure").rect().center();
    let to = rig.harness.get_by_label("Drag Vignette").rect().center();
    rig.drag(from, to - from);
    assert_eq!(rig.ids(), ["sepia", "vignette", "exposure"]);
    // The step that was chosen is so wherever it is: a new one goes behind it.
    rig.click("More for Exposure");
    rig.click("Move up");
    rig.press(Key::A);
    rig.harness.get_by_label("Search effects").type_text("invert");
    rig.harness.run_steps(2);
    rig.press(Key::Enter);
    assert_eq!(rig.ids(), ["sepia", "exposure", "invert", "vignette"]);
    rig.click("Undo");
    rig.click("Undo");
    for (item, wanted) in [
        ("Duplicate", vec!["sepia", "sepia", "vignette", "exposure"]),
        ("Undo", vec!["sepia", "vignette", "exposure"]),
        ("Move down", vec!["vignette", "sepia", "exposure"]),
        ("Delete", vec!["vignette", "exposure"]),
    ] {
        if item != "Undo" {
            rig.click("More for Sepia");
        }
        rig.click(item);
        assert_eq!(rig.ids(), wanted, "after {item}");
    }
    let enable = rig.harness.get_by_label("Enable Vignette");
    enable.click();
    rig.harness.run_steps(3);
    assert!(!rig.app().recipe().chain().steps()[0].is_enabled());
}

#[test]
fn a_look_is_chosen_compared_and_spread() {
    let mut rig = Rig::new(|_, _| {});
    rig.click("Old album");
    assert_eq!(rig.app().recipe().name(), "Old album");
    rig.click("All looks");
    rig.picture("all_looks");
    rig.click("Variations");
    rig.picture("variations");
    let before = rig.app().recipe().to_json();
    let cells = rig.harness.get_all_by_label_contains(", ").next().expect("a cell");
    cells.click();
    rig.harness.run_steps(4);
    assert_ne!(rig.app().recipe().to_json(), before, "taking a variation changes the look");
}

#[test]
fn parameters_of_every_kind_have_controls() {
    let mut rig = Rig::new(|options, folder| {
        let look = Chain::new().then(bowerbird::effects::Curves::default()).swirl([0.4, 0.5]).gaussian_blur(0.01);
        options.recipe = Some(recipe_file(folder, look));
    });
    for label in ["Unfold Tone curve", "Unfold Swirl"] {
        rig.click(label);
    }
    rig.picture("curve_and_swirl");
    // Every effect can be opened, whatever its parameters are.
    for effect in bowerbird::effects::all() {
        if effect.info().family == "mask" {
            continue;
        }
        rig.press(Key::A);
        rig.harness.get_by_label("Search effects").type_text(effect.info().id);
        rig.harness.run_steps(2);
        rig.press(Key::Enter);
        rig.harness.run_steps(2);
        rig.harness.key_press_modifiers(Modifiers::COMMAND, Key::Z);
        rig.harness.run_steps(2);
    }
    assert_eq!(rig.ids(), ["curves", "swirl", "gaussian_blur"]);
}

#[test]
fn an_export_is_what_the_engine_makes_of_the_file() {
    let mut rig = Rig::new(|options, folder| {
        with_look(options, folder);
        options.file = Some(asset("photos/coffee.png"));
    });
    let path = rig.folder.path().join("out.png");
    rig.click("Export");
    rig.click("PNG…");
    rig.harness.run_steps(3);
    type_path(&mut rig, &path);
    rig.until("the export", |_| path.exists());
    let expected = rig.folder.path().join("expected.png");
    let photo = Image::open(asset("photos/coffee.png")).unwrap();
    let result = Engine::cpu().unwrap().render(rig.app().recipe().chain(), &photo).unwrap();
    result.save_with(&expected, &WriteOptions::default()).unwrap();
    assert!(std::fs::read(&path).unwrap() == std::fs::read(&expected).unwrap(), "the files differ");
}

/// Types a path into the dialog that is open.
fn type_path(rig: &mut Rig, path: &Path) {
    let field = rig.harness.get_by_label("Path");
    field.focus();
    rig.harness.run_steps(2);
    rig.harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
    rig.harness.run_steps(2);
    rig.harness.get_by_label("Path").type_text(&path.display().to_string());
    rig.harness.run_steps(2);
    rig.press(Key::Enter);
}

#[test]
fn a_long_list_moves_on_under_an_effect_that_is_dragged_to_its_end() {
    let mut rig = Rig::new(|options, folder| {
        let look = (0..24).fold(Chain::new().sepia(0.5), |look, n| look.exposure(f64::from(n) / 100.0));
        options.recipe = Some(recipe_file(folder, look));
    });
    let from = rig.harness.get_by_label("Drag Sepia").rect().center();
    let lower = rig.harness.ctx.content_rect().bottom() - 4.0;
    rig.harness.drag_at(from);
    rig.harness.run_steps(2);
    let to = egui::pos2(from.x, lower);
    for _ in 0..200 {
        rig.harness.hover_at(to);
        rig.harness.run_steps(1);
    }
    rig.harness.drop_at(to);
    rig.harness.run_steps(3);
    assert_eq!(rig.ids().iter().position(|id| *id == "sepia"), Some(24));
}

#[test]
fn a_preset_is_saved_and_comes_back() {
    let mut rig = Rig::new(with_look);
    rig.harness.key_press_modifiers(Modifiers::COMMAND, Key::S);
    rig.harness.run_steps(4);
    rig.click("Save");
    rig.settle();
    assert!(rig.harness.query_by_label("Test").is_some(), "the preset is in the strip");
    assert!(rig.folder.path().join("config/presets/test.json").exists());
    rig.harness.get_by_label("More for the preset Test").click();
    rig.harness.run_steps(4);
    rig.click("Rename…");
    rig.harness.get_by_label("Name of the preset").type_text("Tested");
    rig.harness.run_steps(2);
    rig.click("Save");
    rig.settle();
    rig.harness.get_by_label("Tested").click_secondary();
    rig.harness.run_steps(4);
    rig.click("Delete");
    rig.harness.run_steps(4);
    assert!(rig.folder.path().join("config/presets/tested.json").exists(), "not at one click");
    rig.click("Delete “Tested” for good");
    rig.settle();
    assert!(rig.harness.query_by_label("Tested").is_none(), "deleted through the context menu");
    // The recipe that the app was started with comes in through the dialog.
    rig.click("Presets");
    rig.click("Import a recipe…");
    let path = rig.folder.path().join("recipe.json");
    type_path(&mut rig, &path);
    rig.settle();
    assert!(rig.harness.query_by_label("Test").is_some(), "imported");
}

#[test]
fn what_goes_wrong_is_said_in_a_banner_and_the_app_goes_on() {
    let mut rig = Rig::new(|options, folder| {
        let mut look = Chain::new().then(bowerbird::effects::Sticker::default()).sepia(1.0);
        look.steps_mut()[0].set_opacity(1.0);
        options.recipe = Some(recipe_file(folder, look));
    });
    rig.until("a banner", |rig| rig.app().problems().iter().any(|text| text.contains("Sticker was left out")));
    rig.picture("bypassed");
    rig.click("Source");
    rig.until("the list of cameras", |rig| rig.harness.query_by_label_contains("No camera").is_some());
    rig.picture("source");
}

#[test]
fn a_banner_is_readable_in_the_light_theme() {
    let mut rig = Rig::new(|options, folder| {
        options.theme = Some(ThemeName::Light);
        options.recipe = Some(recipe_file(folder, Chain::new().then(bowerbird::effects::Sticker::default())));
    });
    rig.until("a banner", |rig| !rig.app().problems().is_empty());
    rig.picture("light_banner");
}

#[test]
fn a_file_is_read_into_the_recipe_and_one_that_is_none_leaves_a_message() {
    let mut rig = Rig::new(|options, folder| {
        options.recipe = Some(recipe_file(folder, Chain::new().then(bowerbird::effects::Sticker::default())));
    });
    rig.until("a banner", |rig| !rig.app().problems().is_empty());
    rig.click("Unfold Sticker");
    rig.click("Choose a file for Image");
    let nothing = rig.folder.path().join("nothing.png");
    type_path(&mut rig, &nothing);
    rig.until("a message", |rig| rig.app().problems().iter().any(|text| text.contains("nothing.png")));
    rig.click("Choose a file for Image");
    type_path(&mut rig, &asset("photos/chelsea.png"));
    rig.until("the file", |rig| rig.value(0, "image") == "chelsea");
    rig.settle();
    assert!(!rig.app().problems().iter().any(|text| text.contains("left out")), "{:?}", rig.app().problems());
}

#[test]
fn a_camera_that_is_not_there_leaves_a_message_and_a_way_on() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::at(folder.path());
    let options = Options {
        source: Some("camera:93".into()),
        backend: bowerbird_desktop::BackendName::Cpu,
        ..Options::default()
    };
    let harness =
        Harness::builder().with_size(Vec2::new(1280.0, 720.0)).with_os(egui::os::OperatingSystem::Nix).build_ui_state(
            |ui, bench: &mut Bench| {
                let app = bench.app.get_or_insert_with(|| {
                    App::new(ui.ctx(), &bench.options, bench.store.clone()).unwrap().without_system_dialogs()
                });
                app.show(ui);
            },
            Bench::new(options, store),
        );
    let mut rig = Rig { harness, folder };
    rig.until("a banner", |rig| rig.app().problems().iter().any(|text| text.contains("93")));
    rig.until("the empty state", |rig| rig.harness.query_by_label("Show the moving chart").is_some());
    rig.harness.run_steps(3);
    compare(&mut rig.harness, "no_camera");
    rig.click("Show the moving chart");
    rig.until("a picture", |rig| rig.app().settled());
    assert!(rig.app().problems().is_empty(), "{:?}", rig.app().problems());
}

#[test]
fn the_session_is_restored() {
    let folder = tempfile::tempdir().unwrap();
    let context = egui::Context::default();
    let store = Store::at(folder.path());
    let options = Options {
        backend: bowerbird_desktop::BackendName::Cpu,
        file: Some(asset("photos/coffee.png")),
        recipe: Some(recipe_file(folder.path(), Chain::new().sepia(0.3))),
        ..Options::default()
    };
    let mut first = App::new(&context, &options, store.clone()).unwrap();
    first.finish();
    drop(first);
    let again = Options { backend: bowerbird_desktop::BackendName::Cpu, ..Options::default() };
    let second = App::new(&context, &again, store.clone()).unwrap();
    assert_eq!(second.recipe().chain().steps()[0].effect().unwrap().info().id, "sepia");
    assert!(store.session().source.unwrap().contains("coffee.png"));
}

#[test]
fn a_recipe_whose_files_lie_beside_it_is_restored_and_kept_as_a_preset() {
    let folder = tempfile::tempdir().unwrap();
    let (recipe, config) = (folder.path().join("look.json"), folder.path().join("config"));
    std::fs::copy(asset("luts/teal_amber.cube"), folder.path().join("film.cube")).unwrap();
    let text = r#"{"steps": [{"effect": "lut3d", "file": "film"}], "assets": {"film": "film.cube"}}"#;
    std::fs::write(&recipe, text).unwrap();
    let options = Options { backend: bowerbird_desktop::BackendName::Cpu, ..Options::default() };
    let store = Store::at(&config);
    let mut first =
        App::new(&egui::Context::default(), &Options { recipe: Some(recipe), ..options.clone() }, store.clone())
            .unwrap();
    store.save_preset("Film", first.recipe()).unwrap();
    first.finish();
    drop(first);
    let second = App::new(&egui::Context::default(), &options, store.clone()).unwrap();
    assert!(second.recipe().chain().assets().contains("film"), "{:?}", second.problems());
    assert!(second.problems().is_empty(), "{:?}", second.problems());
}

#[test]
fn a_session_that_cannot_be_read_is_kept_aside_and_said_to_be() {
    for text in ["nonsense", r#"{"recipe": {"steps": 7}}"#] {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("session.json");
        std::fs::write(&file, text).unwrap();
        let options = Options { backend: bowerbird_desktop::BackendName::Cpu, ..Options::default() };
        let mut app = App::new(&egui::Context::default(), &options, Store::at(folder.path())).unwrap();
        assert!(app.problems().iter().any(|text| text.contains("session.damaged.json")), "{:?}", app.problems());
        app.finish();
        assert_eq!(std::fs::read_to_string(folder.path().join("session.damaged.json")).unwrap(), text);
        assert_ne!(std::fs::read_to_string(file).unwrap(), text);
    }
}

#[test]
fn the_sheet_of_keys_opens_and_closes() {
    let mut rig = Rig::new(|_, _| {});
    rig.press(Key::F1);
    rig.picture("keys");
    rig.press(Key::Escape);
    assert!(rig.harness.query_by_label("Keyboard shortcuts").is_some_and(|node| node.rect().height() < 40.0));
}
