//! The panels around the picture, which are put away where the picture has no room beside them.

use crate::rig::{Rig, recipe_file};
use crate::with_look;
use bowerbird::Chain;
use bowerbird_desktop::App;
use eframe::egui::{self, Key, Vec2};
use egui_kittest::kittest::Queryable;
use std::time::Duration;

/// Columns and rows of the canvas, in points.
fn canvas(rig: &Rig) -> Vec2 {
    rig.harness.get_by_label("Picture").rect().size()
}

#[test]
fn a_tiny_window_belongs_to_the_picture_and_a_key_brings_what_is_wanted() {
    let look = |folder: &std::path::Path| Some(recipe_file(folder, Chain::new().sepia(0.6)));
    let mut rig = Rig::sized(Vec2::new(320.0, 240.0), 1.0, |options, folder| options.recipe = look(folder));
    assert_eq!(canvas(&rig), Vec2::new(304.0, 184.0));
    rig.picture("tiny");
    rig.press(Key::L);
    assert!(rig.harness.query_by_label("Original").is_some());
    assert!(canvas(&rig).y > 70.0, "{}", canvas(&rig));
    rig.press(Key::L);
    rig.press(Key::E);
    assert!(rig.harness.query_by_label("Unfold Sepia").is_some());
    // What was asked for there is put away again where it is in the way, and back where it is not.
    rig.harness.set_size(Vec2::new(1000.0, 600.0));
    rig.harness.run_steps(3);
    assert!(rig.harness.query_by_label("Unfold Sepia").is_some());
    rig.harness.set_size(Vec2::new(320.0, 240.0));
    rig.harness.run_steps(3);
    assert_eq!(canvas(&rig), Vec2::new(304.0, 184.0));
}

#[test]
fn panels_are_put_away_and_stay_so_the_next_time() {
    let mut rig = Rig::new(|_, _| {});
    rig.click("Hide the panel (E)");
    assert_eq!(canvas(&rig).x, 1264.0);
    rig.click("Hide the looks (L)");
    assert_eq!(canvas(&rig), Vec2::new(1264.0, 664.0));
    rig.harness.state_mut().app.take().unwrap().finish();
    let (options, store) = (rig.harness.state().options.clone(), rig.harness.state().store.clone());
    let context = egui::Context::default();
    rig.harness.state_mut().app = Some(App::new(&context, &options, store).unwrap());
    rig.harness.run_steps(3);
    assert_eq!(canvas(&rig), Vec2::new(1264.0, 664.0));
    rig.press(Key::X);
    assert!(canvas(&rig).x < 1000.0 && canvas(&rig).y < 600.0);
    rig.press(Key::X);
    assert_eq!(canvas(&rig), Vec2::new(1264.0, 664.0));
    // What needs a panel brings it.
    rig.press(Key::H);
    rig.press(Key::H);
    assert!(rig.harness.query_by_label("Histogram").is_some());
}

#[test]
fn keys_for_the_chosen_effect_do_nothing_while_it_is_out_of_sight() {
    let mut rig = Rig::new(|options, folder| {
        options.recipe = Some(recipe_file(folder, Chain::new().sepia(0.6)));
    });
    rig.click("Unfold Sepia");
    rig.press(Key::E);
    rig.press(Key::Delete);
    assert_eq!(rig.ids(), ["sepia"]);
    rig.press(Key::E);
    rig.press(Key::Delete);
    assert!(rig.ids().is_empty());
}

#[test]
fn a_histogram_stands_above_the_effects_unless_it_is_put_away() {
    let mut rig = Rig::new(|_, _| {});
    assert!(rig.harness.query_by_label("Histogram").is_some());
    rig.press(Key::H);
    assert!(rig.harness.query_by_label("Histogram").is_none());
}

#[test]
fn the_sheet_of_keys_is_read_without_scrolling_sideways_in_a_narrow_window() {
    let mut rig = Rig::sized(Vec2::new(640.0, 360.0), 1.0, |_, _| {});
    rig.press(Key::F1);
    for what in ["Hide or show the panel", "Move the slider taken last; with Shift, less"] {
        let right = rig.harness.get_by_label(what).rect().right();
        assert!(right < 600.0, "{what}: {right}");
    }
}

#[test]
fn nothing_is_drawn_while_nothing_changes() {
    let mut rig = Rig::new(with_look);
    rig.click("Unfold Sepia");
    let delay = |rig: &Rig| rig.harness.output().viewport_output[&egui::ViewportId::ROOT].repaint_delay;
    let rests = |what: &str, rig: &mut Rig| {
        // Animations end, what is refined comes, a cursor blinks: but not without an end.
        let quiet = std::cell::Cell::new(0);
        rig.until(what, |rig| {
            let at_once = delay(rig) < Duration::from_millis(17);
            quiet.set(if at_once { 0 } else { quiet.get() + 1 });
            quiet.get() == 12
        });
    };
    rests("the stack at rest", &mut rig);
    for tab in ["Scopes", "Source", "Performance", "Effects"] {
        rig.click(tab);
        rests(tab, &mut rig);
    }
    for key in [Key::A, Key::F1, Key::C, Key::V] {
        rig.press(key);
        rests(&format!("{key:?}"), &mut rig);
        rig.press(Key::Escape);
    }
    for sheet in ["All looks", "Variations", "Export"] {
        rig.click(sheet);
        rests(sheet, &mut rig);
        rig.press(Key::Escape);
    }
    rig.click("Unfold Mixing");
    rig.click("Mask of Sepia");
    rig.click("New: Shape mask");
    rests("handles", &mut rig);
}
