//! What is done with the pointer on the picture: masks painted, positions placed.

use crate::rig::{Rig, recipe_file};
use crate::with_look;
use bowerbird::{Chain, effects};
use eframe::egui::{Key, Modifiers, PointerButton, Role, Vec2};
use egui_kittest::kittest::Queryable;

#[test]
fn a_mask_is_painted_on_the_picture_and_undone() {
    let mut rig = Rig::new(with_look);
    rig.click("Unfold Sepia");
    rig.click("Unfold Mixing");
    rig.click("Mask of Sepia");
    rig.click("New: Painted mask");
    assert_eq!(rig.app().recipe().chain().steps()[1].mask(), Some("painted_1"));
    let center = rig.harness.get_by_label("Picture").rect().center();
    rig.drag(center, Vec2::new(80.0, 40.0));
    let covered = |rig: &Rig| {
        let mask = rig.app().recipe().chain().assets().picture("painted_1").unwrap();
        mask.to_rgba8().chunks_exact(4).filter(|pixel| pixel[0] > 0).count()
    };
    let painted = covered(&rig);
    assert!(painted > 500, "{painted} pixels");
    rig.picture("painted");
    rig.click("Undo");
    assert_eq!(covered(&rig), 0, "one stroke is one step of the history");
    // The brush is still in hand, and what was undone does not come back with the next stroke.
    rig.drag(center, Vec2::new(8.0, 4.0));
    assert!((1..painted * 3 / 4).contains(&covered(&rig)), "{} of {painted} pixels", covered(&rig));
    rig.click("Undo");
    rig.click("Undo");
    assert!(rig.app().recipe().chain().masks().is_empty(), "the mask itself is undone");
    assert!(rig.harness.query_by_label("Done").is_none(), "and nothing is painted any more");
}

#[test]
fn the_brush_grows_by_a_key_and_is_laid_down_by_another() {
    let mut rig = Rig::new(with_look);
    rig.click("Unfold Sepia");
    rig.click("Unfold Mixing");
    rig.click("Mask of Sepia");
    rig.click("New: Painted mask");
    let center = rig.harness.get_by_label("Picture").rect().center();
    let covered = |rig: &mut Rig| {
        rig.drag(center, Vec2::new(60.0, 0.0));
        let mask = rig.app().recipe().chain().assets().picture("painted_1").unwrap();
        rig.click("Undo");
        mask.to_rgba8().chunks_exact(4).filter(|pixel| pixel[0] > 0).count()
    };
    let before = covered(&mut rig);
    rig.press(Key::CloseBracket);
    rig.press(Key::CloseBracket);
    let after = covered(&mut rig);
    assert!(after > before * 5 / 4, "{before}, {after}");
    rig.press(Key::Enter);
    assert!(rig.harness.query_by_label("Show the mask").is_none());
}

#[test]
fn a_point_of_a_mask_is_dragged_on_the_picture() {
    let mut rig = Rig::new(|options, folder| {
        let path = folder.join("recipe.json");
        let recipe = r#"{"steps":[{"effect":"sepia","mask":"spot"},{"effect":"invert","mask":"spot","enabled":false}],
            "masks":{"spot":[{"effect":"mask_shape"}]}}"#;
        std::fs::write(&path, recipe).unwrap();
        options.recipe = Some(path);
    });
    rig.click("Unfold Sepia");
    rig.click("Place Center on the picture");
    let picture = rig.harness.get_by_label("Picture").rect();
    let center = |rig: &Rig| -> [f64; 2] {
        let chain = rig.app().recipe().chain();
        let effect = chain.mask("spot").unwrap()[0].effect().unwrap();
        let value = effect.fields().find(|(field, _)| field.name == "center").unwrap().1.to_json();
        serde_json::from_value(value).unwrap()
    };
    rig.drag(picture.center(), Vec2::new(-160.0, 100.0));
    let [x, y] = center(&rig);
    assert!((0.2..0.4).contains(&x) && (0.6..0.8).contains(&y), "{x}, {y}");
    rig.picture("mask_center");
    rig.click("Undo");
    assert_eq!(center(&rig), [0.5, 0.5], "the whole drag is one step of the history");
    // Of a step that has the mask no longer nothing is placed.
    rig.click("Mask of Sepia");
    rig.click("None");
    rig.drag(picture.center(), Vec2::new(60.0, 0.0));
    assert_eq!(center(&rig), [0.5, 0.5]);
}

#[test]
fn points_on_the_picture_are_added_moved_and_removed() {
    let mut rig = Rig::new(|options, folder| {
        let path = folder.join("recipe.json");
        std::fs::write(&path, r#"{"steps":[{"effect":"mask_shape","shape":"polygon"}]}"#).unwrap();
        options.recipe = Some(path);
    });
    rig.click("Unfold Shape mask");
    rig.click("Place Points on the picture");
    let center = rig.harness.get_by_label("Picture").rect().center();
    let points = |rig: &Rig| -> Vec<[f64; 2]> { serde_json::from_value(rig.value(0, "points")).unwrap() };
    let corners = [Vec2::new(-90.0, -80.0), Vec2::new(100.0, -60.0), Vec2::new(0.0, 90.0)];
    corners.into_iter().for_each(|at| rig.click_at(center + at, PointerButton::Primary));
    let added = points(&rig);
    assert_eq!(added.len(), 3);
    // Dragged to the middle: the others stay, and it is one step of the history.
    rig.drag(center + corners[2], -corners[2]);
    let moved = points(&rig);
    assert_eq!(moved[..2], added[..2]);
    assert!(moved[2].iter().all(|v| (v - 0.5).abs() < 0.01), "{moved:?}");
    rig.picture("points");
    rig.click_at(center + corners[0], PointerButton::Secondary);
    assert_eq!(points(&rig), moved[1..]);
    rig.harness.hover_at(center + corners[1]);
    rig.press(Key::Delete);
    assert_eq!(points(&rig), moved[2..]);
    for wanted in [&moved[1..], &moved, &added] {
        rig.click("Undo");
        assert_eq!(points(&rig), wanted);
    }
}

#[test]
fn a_crop_is_dragged_on_the_whole_picture_and_exported_as_it_is() {
    let mut rig = Rig::new(|options, folder| {
        let crop = effects::Crop { rect: [0.25, 0.25, 0.5, 0.5], ..Default::default() };
        options.recipe = Some(recipe_file(folder, Chain::new().then(crop).then(effects::Rotate90::default())));
    });
    rig.click("Unfold Crop");
    rig.click("Place Rect on the picture");
    rig.settle();
    // 600 × 400 in the middle of the canvas, with a margin; the lower right corner goes up and to the left.
    let canvas = rig.harness.get_by_label("Picture").rect();
    let scale = ((canvas.width() - 24.0) / 600.0).min((canvas.height() - 24.0) / 400.0);
    let side = Vec2::new(600.0, 400.0) * scale;
    let corner = canvas.center() + side * 0.25;
    rig.drag(corner, -side * Vec2::new(0.25, 0.125));
    let rect =
        |rig: &Rig| rig.value(0, "rect").as_array().unwrap().iter().map(|v| v.as_f64().unwrap()).collect::<Vec<_>>();
    let near = |a: Vec<f64>, b: [f64; 4]| assert!(a.iter().zip(b).all(|(a, b)| (a - b).abs() < 0.01), "{a:?}, {b:?}");
    near(rect(&rig), [0.25, 0.25, 0.25, 0.375]);
    // All of it, as far as the picture goes.
    rig.drag(canvas.center() - side * 0.1, side);
    near(rect(&rig), [0.75, 0.625, 0.25, 0.375]);
    rig.picture("crop");
    rig.press(Key::S);
    rig.settle();
    rig.press(Key::Enter);
    rig.settle();
    assert!(rig.harness.query_by_label("Place Rect on the picture").is_some());
    let written = bowerbird::Image::open(rig.folder.path().join("chart-look.png")).unwrap();
    assert!(written.width().abs_diff(150) < 5 && written.height().abs_diff(150) < 5, "{:?}", written.size());
    rig.harness.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    rig.harness.run_steps(3);
    near(rect(&rig), [0.25, 0.25, 0.25, 0.375]);
}

#[test]
fn the_frame_of_a_crop_with_a_ratio_is_what_it_cuts_until_it_is_dragged() {
    let mut rig = Rig::new(|options, folder| {
        let path = folder.join("recipe.json");
        std::fs::write(&path, r#"{"steps":[{"effect":"crop","aspect":"1:1","anchor":[1,0.5]}]}"#).unwrap();
        options.recipe = Some(path);
    });
    rig.click("Unfold Crop");
    rig.click("Place Rect on the picture");
    rig.settle();
    // 400 × 400 at the right end of 600 × 400; its left edge is in the middle of the left half.
    let canvas = rig.harness.get_by_label("Picture").rect();
    let scale = ((canvas.width() - 24.0) / 600.0).min((canvas.height() - 24.0) / 400.0);
    rig.drag(canvas.center() - Vec2::new(100.0 * scale, 0.0), Vec2::new(100.0 * scale, 0.0));
    let rect: Vec<f64> = serde_json::from_value(rig.value(0, "rect")).unwrap();
    assert!(rect.iter().zip([0.5, 0.0, 0.5, 1.0]).all(|(a, b)| (a - b).abs() < 0.01), "{rect:?}");
    assert_eq!(rig.value(0, "aspect"), "");
}

#[test]
fn a_new_mask_is_sized_turned_and_moved_by_its_handles() {
    let mut rig = Rig::new(with_look);
    rig.click("Unfold Sepia");
    rig.click("Unfold Mixing");
    rig.click("Mask of Sepia");
    rig.click("New: Shape mask");
    rig.settle();
    // Half as wide and as high as the picture, in its middle.
    let canvas = rig.harness.get_by_label("Picture").rect();
    let side = Vec2::new(600.0, 400.0) * ((canvas.width() - 24.0) / 600.0).min((canvas.height() - 24.0) / 400.0);
    let value = |rig: &Rig, name: &str| {
        let effect = rig.app().recipe().chain().mask("shape").unwrap()[0].effect().unwrap();
        effect.fields().find(|(field, _)| field.name == name).unwrap().1.to_json()
    };
    let pair = |value: serde_json::Value, wanted: [f64; 2]| {
        let pair: [f64; 2] = serde_json::from_value(value).unwrap();
        assert!(pair.iter().zip(wanted).all(|(a, b)| (a - b).abs() < 0.01), "{pair:?}, {wanted:?}");
    };
    let middle = canvas.center();
    rig.drag(middle + Vec2::new(side.x * 0.25, 0.0), Vec2::new(side.x * 0.125, 0.0));
    pair(value(&rig, "size"), [0.75, 0.5]);
    // Inside it nothing jumps under the pointer.
    rig.drag(middle + side * 0.1, side * 0.1);
    pair(value(&rig, "center"), [0.6, 0.6]);
    let knob = middle + side * 0.1 - Vec2::new(0.0, side.y * 0.25 + 28.0);
    rig.drag(knob, Vec2::new(-60.0, side.y * 0.25 + 28.0));
    let angle = value(&rig, "angle").as_f64().unwrap();
    assert!((angle - 90.0).abs() < 1.0, "{angle}");
    rig.picture("mask_handles");
    for (name, wanted) in [("center", [0.6, 0.6]), ("center", [0.5, 0.5]), ("size", [0.5, 0.5])] {
        rig.click("Undo");
        pair(value(&rig, name), wanted);
    }
    rig.press(Key::Enter);
    assert!(rig.harness.query_by_label("Done").is_none());
}

#[test]
fn a_new_crop_is_placed_at_once_and_keeps_a_shape() {
    let mut rig = Rig::new(|_, _| {});
    rig.press(Key::A);
    rig.harness.get_by_label("Search effects").type_text("crop");
    rig.harness.run_steps(2);
    rig.press(Key::Enter);
    rig.click("1:1");
    let rect = |rig: &Rig| -> Vec<f64> { serde_json::from_value(rig.value(0, "rect")).unwrap() };
    let near = |a: Vec<f64>, b: [f64; 4]| assert!(a.iter().zip(b).all(|(a, b)| (a - b).abs() < 0.01), "{a:?}, {b:?}");
    near(rect(&rig), [1.0 / 6.0, 0.0, 2.0 / 3.0, 1.0]);
    rig.settle();
    let canvas = rig.harness.get_by_label("Picture").rect();
    let side = Vec2::new(600.0, 400.0) * ((canvas.width() - 24.0) / 600.0).min((canvas.height() - 24.0) / 400.0);
    rig.drag(canvas.center() + Vec2::new(side.x / 3.0, 0.0), Vec2::new(-side.x / 3.0, 0.0));
    near(rect(&rig), [1.0 / 6.0, 0.25, 1.0 / 3.0, 0.5]);
    rig.click("3:2");
    near(rect(&rig), [0.0, 1.0 / 6.0, 2.0 / 3.0, 2.0 / 3.0]);
    rig.click("Turn");
    rig.picture("crop_shape");
    rig.click("Done");
    rig.settle();
    rig.click("Undo");
    near(rect(&rig), [0.0, 1.0 / 6.0, 2.0 / 3.0, 2.0 / 3.0]);
}

#[test]
fn the_ends_of_a_gradient_are_placed_when_its_shape_asks_for_them() {
    let mut rig = Rig::new(with_look);
    rig.click("Unfold Sepia");
    rig.click("Unfold Mixing");
    rig.click("Mask of Sepia");
    rig.click("New: Shape mask");
    rig.harness.get_by_role_and_label(Role::ComboBox, "Shape").click();
    rig.harness.run_steps(4);
    rig.click("Linear");
    assert!(rig.harness.query_by_label("Points of Shape mask").is_some());
    assert!(rig.harness.query_by_label("Feather").is_none(), "it has no soft edge of its own");
}

#[test]
fn in_a_narrow_window_the_shapes_of_a_crop_are_in_a_menu() {
    let mut rig = Rig::sized(Vec2::new(640.0, 480.0), 1.0, |options, folder| {
        options.recipe = Some(recipe_file(folder, Chain::new().then(effects::Crop::default())));
    });
    rig.click("Unfold Crop");
    rig.click("Place Rect on the picture");
    rig.settle();
    rig.click("Shape");
    rig.click("1:1");
    let rect: Vec<f64> = serde_json::from_value(rig.value(0, "rect")).unwrap();
    assert!((rect[2] * 600.0 - rect[3] * 400.0).abs() < 1.0, "{rect:?}");
    rig.picture("crop_narrow");
    rig.click("Done");
}
