//! Windows that are smaller than what they show: everything can be reached in them.

use crate::rig::{Rig, recipe_file};
use bowerbird::{Chain, effects};
use eframe::egui::{Event, Key, Modifiers, MouseWheelSource, MouseWheelUnit, Pos2, Rect, Role, TouchPhase, Vec2};
use egui_kittest::kittest::Queryable;

const SMALL: Vec2 = Vec2::new(480.0, 270.0);

/// Turns the wheel over something until something else is in the window, for some turns at the most.
fn wheel(rig: &mut Rig, over: &str, until: &str) {
    wheel_until(rig, over, until, |rig| rig.harness.get_by_label(until).rect());
}

fn turn_wheel(rig: &mut Rig, pos: Pos2) {
    rig.harness.hover_at(pos);
    let (unit, phase, modifiers) = (MouseWheelUnit::Line, TouchPhase::Move, Modifiers::NONE);
    let delta = Vec2::new(0.0, -1.0);
    rig.harness.event(Event::MouseWheel { unit, source: MouseWheelSource::Wheel, delta, phase, modifiers });
    rig.harness.run_steps(6);
}

/// The same, through a list below something that is much longer than the window.
fn wheel_far(rig: &mut Rig, below: &str, until: &str) {
    let pos = rig.harness.get_by_label(below).rect().center_bottom() + Vec2::new(0.0, 24.0);
    let window = rig.harness.ctx.content_rect();
    for _ in 0..400 {
        if rig
            .harness
            .query_by_role_and_label(Role::Button, until)
            .is_some_and(|node| window.contains_rect(node.rect()))
        {
            return;
        }
        turn_wheel(rig, pos);
    }
    panic!("{until} is out of reach");
}

fn wheel_until(rig: &mut Rig, over: &str, until: &str, place: impl Fn(&Rig) -> Rect) {
    let window = rig.harness.ctx.content_rect();
    let pos = rig.harness.get_by_label(over).rect().center();
    for _ in 0..40 {
        if window.contains_rect(place(rig)) {
            return;
        }
        turn_wheel(rig, pos);
    }
    panic!("{until} is out of reach: {:?}", place(rig));
}

#[test]
fn the_last_entry_of_every_menu_is_reached() {
    let mut rig = Rig::sized(SMALL, 1.0, |options, folder| {
        options.recipe = Some(recipe_file(folder, Chain::new().sepia(0.6)));
    });
    rig.click("File");
    wheel(&mut rig, "Snapshot", "Quit");
    rig.press(Key::Escape);
    rig.press(Key::E);
    rig.click("Presets");
    wheel(&mut rig, "Copy all effects", "Export the recipe…");
    rig.press(Key::Escape);
    rig.click("More for Sepia");
    wheel(&mut rig, "Duplicate", "Delete");
}

#[test]
fn a_color_is_picked_in_a_small_window() {
    let mut rig = Rig::sized(SMALL, 1.0, |options, folder| {
        options.recipe = Some(recipe_file(folder, Chain::new().then(effects::Vignette::default())));
    });
    rig.press(Key::E);
    rig.click("Unfold Vignette");
    rig.settle();
    let button = |rig: &Rig| rig.harness.get_by_role_and_label(Role::ColorWell, "Color").rect();
    wheel_until(&mut rig, "Fold Vignette", "Color", button);
    let before = rig.value(0, "color");
    rig.harness.get_by_role_and_label(Role::ColorWell, "Color").click();
    rig.harness.run_steps(4);
    rig.settle();
    let square = rig.harness.get_by_label("Saturation and value of Color").rect();
    let window = rig.harness.ctx.content_rect();
    assert!(window.contains_rect(square), "{square:?}");
    rig.drag(square.center(), Vec2::new(20.0, 30.0));
    assert_ne!(rig.value(0, "color"), before);
    wheel(&mut rig, "Saturation and value of Color", "Opacity of Color");
    // Or its code is typed.
    rig.harness.get_by_label("Code of Color").focus();
    rig.harness.run_steps(2);
    rig.harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
    rig.harness.get_by_label("Code of Color").type_text("#20c080");
    rig.harness.run_steps(3);
    assert_eq!(rig.value(0, "color"), "#20c080");
}

#[test]
fn windows_within_the_window_are_scrolled() {
    let mut rig = Rig::sized(Vec2::new(320.0, 240.0), 1.0, |_, _| {});
    rig.click("Export");
    rig.settle();
    wheel(&mut rig, "Longer side", "Recipe…");
    rig.press(Key::Escape);
    rig.harness.key_press_modifiers(Modifiers::COMMAND, Key::O);
    rig.harness.run_steps(4);
    let window = rig.harness.ctx.content_rect();
    for label in ["Path", "Open", "Cancel"] {
        let rect = rig.harness.get_by_label(label).rect();
        assert!(window.contains_rect(rect), "{label}: {rect:?}");
    }
}

#[test]
fn the_bar_of_variations_is_all_there_beside_the_panel() {
    let mut rig = Rig::sized(Vec2::new(800.0, 600.0), 1.0, |options, folder| {
        options.recipe = Some(recipe_file(folder, Chain::new().sepia(0.6).vignette(0.5)));
    });
    rig.click("View");
    rig.click("Variations");
    let panel = rig.harness.get_by_label("Effects").rect().left();
    for label in ["Parameter across", "Cells across", "Parameter down", "Cells down", "Done"] {
        let rect = rig.harness.get_by_label(label).rect();
        assert!(rect.right() < panel, "{label}: {rect:?}");
    }
}

#[test]
fn an_effect_is_chosen_in_the_smallest_window() {
    let mut rig = Rig::sized(Vec2::new(320.0, 240.0), 1.0, |_, _| {});
    rig.press(Key::A);
    rig.settle();
    let last = effects::all().filter(|effect| effect.info().family != "mask").last().unwrap().info();
    wheel_far(&mut rig, "Search effects", last.label);
    rig.harness.get_by_role_and_label(Role::Button, last.label).click();
    rig.harness.run_steps(4);
    assert_eq!(rig.ids(), [last.id]);
}
