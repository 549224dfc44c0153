//! The end of the program, and what it waits for.

use crate::drops::drop_files;
use crate::rig::{Rig, recipe_file};
use bowerbird::Chain;
use eframe::egui::{Key, ViewportCommand};
use egui_kittest::kittest::Queryable;

const SIGN: &str = "Bowerbird closes when this is written";

fn leave(rig: &mut Rig) -> bool {
    let may = rig.harness.state_mut().app.as_mut().unwrap().leave();
    // It has its size in the second frame.
    rig.harness.run_steps(3);
    may
}

fn closes(rig: &Rig) -> bool {
    let commands = &rig.harness.output().viewport_output;
    commands.values().any(|viewport| viewport.commands.contains(&ViewportCommand::Close))
}

/// A look that takes far longer than any of these tests.
fn endless(rig: &mut Rig) {
    let look = (0..60).fold(Chain::new(), |look, _| look.median(0.2));
    let recipe = recipe_file(rig.folder.path(), look);
    drop_files(rig, &[recipe]);
    rig.until("the look", |rig| rig.ids().len() == 60);
}

#[test]
fn where_nothing_is_written_the_window_closes_at_once() {
    let mut rig = Rig::new(|_, _| {});
    assert!(leave(&mut rig));
    assert!(rig.harness.query_by_label(SIGN).is_none());
}

#[test]
fn the_end_waits_for_pictures_and_says_so() {
    let mut rig = Rig::new(|_, _| {});
    for _ in 0..3 {
        rig.harness.key_press(Key::S);
    }
    rig.harness.step();
    assert!(!leave(&mut rig), "they are not written");
    rig.until("the end", |rig| rig.app().may_leave());
    for name in ["chart-look.png", "chart-look-1.png", "chart-look-2.png"] {
        assert!(rig.folder.path().join(name).exists(), "{name}");
    }
}

#[test]
fn who_closes_while_a_picture_is_written_goes_on_or_does_not_wait() {
    let mut rig = Rig::new(|_, _| {});
    endless(&mut rig);
    rig.press(Key::S);
    assert!(!leave(&mut rig));
    rig.harness.get_by_label(SIGN);
    // Keys are for the question.
    rig.press(Key::A);
    assert!(rig.harness.query_by_label("Search effects").is_none());
    rig.click("Go on working");
    assert!(rig.harness.query_by_label(SIGN).is_none() && !rig.app().may_leave());
    assert!(!leave(&mut rig));
    rig.press(Key::Escape);
    assert!(rig.harness.query_by_label(SIGN).is_none());

    assert!(!leave(&mut rig));
    rig.harness.get_by_label("Close now").click();
    rig.until("the wish to close", closes);
    assert!(leave(&mut rig), "the second time is meant");
    rig.until("the end", |rig| rig.app().may_leave());
    assert!(!rig.folder.path().join("chart-look.png").exists(), "it was given up");
}
