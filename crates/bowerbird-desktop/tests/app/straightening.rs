//! A picture straightened by a line that is drawn on it.

use crate::rig::{Rig, recipe_file};
use bowerbird::{Chain, effects};
use eframe::egui::{Key, Vec2};
use egui_kittest::kittest::Queryable;

fn angle(rig: &Rig, step: usize) -> f64 {
    rig.value(step, "angle").as_f64().unwrap()
}

#[test]
fn a_line_that_is_drawn_becomes_level() {
    let mut rig = Rig::new(|_, _| {});
    rig.press(Key::K);
    assert_eq!(rig.ids(), ["affine"]);
    rig.settle();
    let center = rig.harness.get_by_label("Picture").rect().center();
    // A click is no line.
    rig.drag(center, Vec2::new(4.0, 3.0));
    assert_eq!(angle(&rig, 0), 0.0);
    rig.drag(center - Vec2::new(100.0, 0.0), Vec2::new(200.0, -20.0));
    assert!((angle(&rig, 0) + 5.71).abs() < 0.1, "{}", angle(&rig, 0));
    assert_eq!(rig.value(0, "fit"), "cover", "no corner is empty");
    assert!(rig.harness.query_by_label("Done").is_none());
    rig.settle();
    // Another line corrects it, upright this time.
    rig.click("Straighten by a line");
    rig.drag(center, Vec2::new(10.0, 100.0));
    assert!((angle(&rig, 0) + 11.42).abs() < 0.2, "{}", angle(&rig, 0));
    rig.click("Undo");
    assert!((angle(&rig, 0) + 5.71).abs() < 0.1);
    rig.click("Undo");
    assert_eq!((angle(&rig, 0), rig.value(0, "fit").as_str().unwrap()), (0.0, "keep"), "one step of the history");
    rig.click("Undo");
    assert!(rig.ids().is_empty());
}

#[test]
fn a_crop_is_straightened_beneath_it_and_placed_on() {
    let mut rig = Rig::new(|options, folder| {
        let crop = effects::Crop { rect: [0.25, 0.25, 0.5, 0.5], ..Default::default() };
        options.recipe = Some(recipe_file(folder, Chain::new().then(crop)));
    });
    rig.click("Unfold Crop");
    rig.click("Place Rect on the picture");
    rig.click("Straighten");
    rig.settle();
    assert_eq!(rig.ids(), ["affine", "crop"]);
    let center = rig.harness.get_by_label("Picture").rect().center();
    rig.harness.drag_at(center - Vec2::new(150.0, 0.0));
    rig.harness.run_steps(2);
    rig.harness.hover_at(center + Vec2::new(150.0, 26.0));
    rig.harness.run_steps(2);
    // The whole picture is there to draw on.
    rig.settle();
    crate::rig::compare(&mut rig.harness, "straighten");
    rig.harness.drop_at(center + Vec2::new(150.0, 26.0));
    rig.harness.run_steps(3);
    assert!((angle(&rig, 0) - 4.95).abs() < 0.1, "{}", angle(&rig, 0));
    assert!(rig.harness.query_by_label("Straighten").is_some(), "the crop is placed on");
    rig.click("Done");
    assert!(rig.harness.query_by_label("Done").is_none());
}
