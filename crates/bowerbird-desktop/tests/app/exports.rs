//! Pictures written at full size.

use crate::drops::drop_files;
use crate::rig::{Rig, chart, recipe_file};
use bowerbird::{Chain, Image};
use eframe::egui::Key;
use egui_kittest::kittest::Queryable;

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
