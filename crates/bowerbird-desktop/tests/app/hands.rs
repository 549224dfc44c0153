//! What hands do: keys, arrows, the wheel and double clicks on the stack of effects.

use crate::rig::{Rig, recipe_file};
use crate::with_look;
use bowerbird::Chain;
use bowerbird::param::Gradient;
use bowerbird_desktop::ThemeName;
use eframe::egui::{
    Event, Key, Modifiers, MouseWheelSource, MouseWheelUnit, PointerButton, Pos2, Role, TouchPhase, Vec2,
};
use egui_kittest::kittest::Queryable;

fn slider(rig: &Rig, label: &str) -> eframe::egui::Rect {
    rig.harness.get_by_role_and_label(Role::Slider, label).rect()
}

/// Where a slider's handle is.
fn handle(rig: &Rig, label: &str, part: f32) -> Pos2 {
    let rect = slider(rig, label);
    Pos2::new(rect.left() + 9.0 + part * (rect.width() - 18.0), rect.center().y)
}

fn press(rig: &mut Rig, pos: Pos2, pressed: bool) {
    let (button, modifiers) = (PointerButton::Primary, Modifiers::NONE);
    rig.harness.event(Event::PointerMoved(pos));
    rig.harness.event(Event::PointerButton { pos, button, pressed, modifiers });
    rig.harness.run_steps(1);
}

/// Two clicks, quicker than the steps of these tests are long.
fn double_click(rig: &mut Rig, pos: Pos2) {
    let (button, modifiers) = (PointerButton::Primary, Modifiers::NONE);
    let event = |pressed| Event::PointerButton { pos, button, pressed, modifiers };
    rig.harness.hover_at(pos);
    rig.harness.step();
    for events in [&[true] as &[bool], &[false, true], &[false]] {
        rig.harness.input_mut().events.extend(events.iter().copied().map(event));
        rig.harness.step();
    }
    rig.harness.run_steps(2);
}

fn ev(rig: &Rig) -> f64 {
    rig.value(0, "ev").as_f64().unwrap()
}

#[test]
fn the_chosen_effect_is_deleted_and_moved_by_keys() {
    let mut rig = Rig::new(with_look);
    rig.press(Key::Delete);
    assert_eq!(rig.ids().len(), 3, "nothing is chosen yet");
    rig.click("Unfold Sepia");
    rig.harness.key_press_modifiers(Modifiers::ALT, Key::ArrowDown);
    rig.harness.run_steps(2);
    assert_eq!(rig.ids(), ["exposure", "vignette", "sepia"]);
    rig.harness.key_press_modifiers(Modifiers::ALT, Key::ArrowDown);
    rig.harness.key_press_modifiers(Modifiers::ALT, Key::ArrowUp);
    rig.harness.run_steps(2);
    assert_eq!(rig.ids(), ["exposure", "sepia", "vignette"], "the last one goes no further");
    rig.press(Key::Delete);
    assert_eq!(rig.ids(), ["exposure", "vignette"]);
    rig.press(Key::Backspace);
    assert_eq!(rig.ids(), ["exposure"], "the one that followed was chosen");
    rig.click("Undo");
    rig.click("Undo");
    assert_eq!(rig.ids(), ["exposure", "sepia", "vignette"]);
    // In a field the key belongs to the text.
    rig.click("Unfold Exposure");
    rig.click("Exposure value");
    rig.press(Key::Backspace);
    assert_eq!(rig.ids().len(), 3);
}

#[test]
fn a_slider_that_was_taken_follows_the_arrows_in_one_step_of_the_history() {
    let mut rig = Rig::new(with_look);
    rig.click("Unfold Exposure");
    let at = handle(&rig, "Exposure", 0.7);
    press(&mut rig, at, true);
    press(&mut rig, at, false);
    let taken = ev(&rig);
    assert!((1.8..2.2).contains(&taken), "{taken}");
    for _ in 0..3 {
        rig.press(Key::ArrowRight);
    }
    assert!((ev(&rig) - taken - 0.3).abs() < 0.1, "three notches: {taken} to {}", ev(&rig));
    let before = ev(&rig);
    rig.harness.key_press_modifiers(Modifiers::SHIFT, Key::ArrowLeft);
    rig.harness.run_steps(2);
    assert!((before - ev(&rig) - 0.01).abs() < 0.006, "a tenth of a notch: {before} to {}", ev(&rig));
    // A key still is a shortcut.
    rig.press(Key::A);
    assert!(rig.harness.query_by_label("Search effects").is_some());
    rig.press(Key::Escape);
    rig.click("Undo");
    assert_eq!(ev(&rig), taken, "the keys are one step of the history");
    rig.click("Undo");
    assert_eq!(ev(&rig), 0.4, "the press is another");
}

#[test]
fn a_double_click_on_the_handle_resets_and_two_clicks_beside_it_do_not() {
    let mut rig = Rig::new(with_look);
    rig.click("Unfold Exposure");
    let at = handle(&rig, "Exposure", 0.8);
    double_click(&mut rig, at);
    let set = ev(&rig);
    assert!((2.5..3.5).contains(&set), "{set}");
    rig.settle();
    double_click(&mut rig, at);
    assert_eq!(ev(&rig), 0.0);
}

#[test]
fn the_wheel_scrolls_and_changes_a_slider_only_with_shift() {
    let mut rig = Rig::new(with_look);
    rig.click("Unfold Exposure");
    let pos = slider(&rig, "Exposure").center();
    let turn = |rig: &mut Rig, modifiers: Modifiers| {
        rig.harness.hover_at(pos);
        rig.harness.run_steps(2);
        let delta = Vec2::new(0.0, 1.0);
        let (unit, phase) = (MouseWheelUnit::Line, TouchPhase::Move);
        rig.harness.event(Event::MouseWheel { unit, source: MouseWheelSource::Wheel, delta, phase, modifiers });
        rig.harness.run_steps(3);
    };
    turn(&mut rig, Modifiers::NONE);
    assert_eq!(ev(&rig), 0.4);
    turn(&mut rig, Modifiers::SHIFT);
    assert_eq!(ev(&rig), 0.5);
}

#[test]
fn the_arrows_go_from_the_search_to_the_effects() {
    let mut rig = Rig::new(|_, _| {});
    rig.press(Key::A);
    rig.press(Key::ArrowDown);
    rig.press(Key::ArrowRight);
    rig.press(Key::Enter);
    assert_eq!(rig.ids(), ["brightness"]);
}

#[test]
fn the_focus_is_scrolled_to() {
    let mut rig = Rig::new(with_look);
    ["Unfold Exposure", "Unfold Sepia", "Unfold Vignette"].into_iter().for_each(|label| rig.click(label));
    let last = "Unfold Mixing";
    let bottom = |rig: &Rig| {
        let all = rig.harness.query_all_by_label(last);
        all.map(|node| node.rect().bottom()).fold(f32::NEG_INFINITY, f32::max)
    };
    let strip = rig.harness.get_by_label("Original").rect().top();
    assert!(bottom(&rig) > strip, "the last one is out of sight");
    for _ in 0..80 {
        rig.press(Key::Tab);
        if bottom(&rig) < strip {
            return;
        }
    }
    panic!("it never came into sight");
}

#[test]
fn a_head_folds_and_is_dragged_over_its_whole_width() {
    let mut rig = Rig::new(with_look);
    let more = |rig: &Rig, title: &str| rig.harness.get_by_label(&format!("More for {title}")).rect();
    let beside = more(&rig, "Sepia").left_center() - Vec2::new(30.0, 0.0);
    press(&mut rig, beside, true);
    press(&mut rig, beside, false);
    rig.harness.run_steps(2);
    assert!(rig.harness.query_by_label("Fold Sepia").is_some());
    let end = more(&rig, "Vignette").left_center() + Vec2::new(-30.0, 60.0);
    rig.drag(beside, end - beside);
    assert_eq!(rig.ids(), ["exposure", "vignette", "sepia"], "let go below the last one");
}

#[test]
fn what_is_compared_comes_in_the_place_of_a_sheet() {
    let mut rig = Rig::new(|options, folder| {
        options.recipe = Some(recipe_file(folder, Chain::new().sepia(0.5)));
    });
    rig.press(Key::V);
    rig.click("All looks");
    assert!(rig.harness.query_by_label("Picture").is_none());
    rig.press(Key::V);
    assert!(rig.harness.query_by_label("Picture").is_some(), "the sheet goes, and the comparison stays");
    rig.picture("side_by_side");
    rig.click("Variations");
    rig.press(Key::Escape);
    assert!(rig.harness.query_by_label("Picture").is_some());
}

#[test]
fn a_change_long_ago_is_gone_back_to_in_the_list_of_changes() {
    let mut rig = Rig::new(with_look);
    rig.click("Unfold Sepia");
    rig.press(Key::Delete);
    rig.click("Enable Vignette");
    rig.press(Key::A);
    rig.harness.get_by_label("Search effects").type_text("invert");
    rig.harness.run_steps(2);
    rig.press(Key::Enter);
    assert_eq!(rig.ids(), ["exposure", "vignette", "invert"]);
    rig.click("History");
    rig.picture("history");
    rig.click("Open “Test” (1)");
    assert_eq!(rig.ids(), ["exposure", "sepia", "vignette"]);
    rig.click("History");
    rig.click("Disable Vignette (3)");
    assert_eq!(rig.ids(), ["exposure", "vignette"]);
    assert!(!rig.app().recipe().chain().steps()[1].is_enabled());
}

#[test]
fn a_new_effect_is_scrolled_to() {
    let mut rig = Rig::new(with_look);
    ["Unfold Exposure", "Unfold Sepia", "Unfold Vignette"].into_iter().for_each(|label| rig.click(label));
    rig.press(Key::A);
    rig.harness.get_by_label("Search effects").type_text("invert");
    rig.harness.run_steps(2);
    rig.press(Key::Enter);
    rig.settle();
    let strip = rig.harness.get_by_label("Original").rect().top();
    let head = rig.harness.get_by_label("Fold Invert").rect();
    assert!(head.bottom() < strip, "{head:?}");
}

#[test]
fn a_point_of_a_curve_is_removed_by_a_right_click() {
    let mut rig = Rig::new(|options, folder| {
        let path = folder.join("recipe.json");
        std::fs::write(&path, r#"{"steps":[{"effect":"curves","rgb":[[0,0],[0.5,0.75],[1,1]]}]}"#).unwrap();
        options.recipe = Some(path);
    });
    rig.click("Unfold Tone curve");
    let curve =
        rig.harness.query_all_by_label("RGB").map(|node| node.rect()).find(|rect| rect.height() > 60.0).unwrap();
    let inner = curve.shrink(6.0);
    let click = |rig: &mut Rig, x: f32, y: f32| {
        let pos = Pos2::new(inner.left() + x * inner.width(), inner.bottom() - y * inner.height());
        rig.click_at(pos, PointerButton::Secondary);
    };
    let count = |rig: &Rig| rig.value(0, "rgb").as_array().unwrap().len();
    // Beside it nothing is added, and the ends stay.
    click(&mut rig, 0.2, 0.2);
    click(&mut rig, 0.0, 0.0);
    assert_eq!(count(&rig), 3);
    click(&mut rig, 0.5, 0.75);
    assert_eq!(count(&rig), 2);
    rig.click("Undo");
    assert_eq!(count(&rig), 3);
}

/// The app with a gradient map of some stops in sight, and the rectangle of its bar and handles.
fn with_gradient(theme: ThemeName, stops: &serde_json::Value) -> (Rig, eframe::egui::Rect) {
    let recipe = serde_json::json!({"steps": [{"effect": "gradient_map", "mix": "oklab", "stops": stops}]});
    let mut rig = Rig::new(|options, folder| {
        let path = folder.join("recipe.json");
        std::fs::write(&path, recipe.to_string()).unwrap();
        options.recipe = Some(path);
        options.theme = Some(theme);
    });
    rig.click("Unfold Gradient map");
    let bar = rig.harness.query_all_by_label("Gradient").map(|node| node.rect());
    let bar = bar.max_by(|a, b| a.height().total_cmp(&b.height())).unwrap();
    (rig, bar)
}

/// Dusk over a translucent red.
fn dusk() -> serde_json::Value {
    serde_json::json!([
        {"at": 0, "color": "#1b1036"}, {"at": 0.5, "color": "#e4503c80"}, {"at": 1, "color": "#ffe9a8"}
    ])
}

fn places(rig: &Rig) -> Vec<f64> {
    rig.value(0, "stops").as_array().unwrap().iter().map(|stop| stop["at"].as_f64().unwrap()).collect()
}

#[test]
fn stops_of_a_gradient_are_added_moved_and_removed() {
    let (mut rig, rect) = with_gradient(ThemeName::Dark, &dusk());
    rig.picture("gradient");
    // Handles reach half their width beyond the bar.
    let at = |x: f32| Pos2::new(rect.left() + 6.0 + x * (rect.width() - 12.0), rect.top() + 10.0);
    let span = rect.width() - 12.0;
    rig.drag(at(0.5), eframe::egui::vec2(0.2 * span, 0.0));
    let moved = places(&rig);
    assert!(moved.len() == 3 && (moved[1] - 0.7).abs() < 0.02, "{moved:?}");
    // One gesture is one step back.
    rig.click("Undo");
    assert_eq!(places(&rig), [0.0, 0.5, 1.0]);
    for (count, button) in [(4, PointerButton::Primary), (3, PointerButton::Secondary)] {
        rig.click_at(at(0.25), button);
        assert_eq!(places(&rig).len(), count);
    }
    rig.click("Reverse Gradient");
    assert_eq!(rig.value(0, "stops")[0]["color"], "#ffe9a8");
    rig.click("Reset Gradient");
    assert_eq!(places(&rig), [0.0, 1.0]);
}

#[test]
fn a_gradient_is_changed_by_the_keyboard() {
    use eframe::egui::Key;
    let (mut rig, rect) = with_gradient(ThemeName::Dark, &dusk());
    let pos = Pos2::new(rect.center().x, rect.top() + 10.0);
    rig.click_at(pos, PointerButton::Primary);
    rig.press(Key::ArrowRight);
    assert_eq!(places(&rig), [0.0, 0.51, 1.0]);
    // The list of effects keeps its step, and two stops stay.
    for _ in 0..3 {
        rig.press(Key::Delete);
    }
    assert_eq!((places(&rig), rig.ids()), (vec![0.0, 1.0], vec!["gradient_map"]));
}

#[test]
fn the_chosen_stop_is_typed_and_changed_by_keys() {
    use eframe::egui::Key;
    let (mut rig, rect) = with_gradient(ThemeName::Light, &dusk());
    rig.click_at(Pos2::new(rect.center().x, rect.top() + 10.0), PointerButton::Primary);
    for (key, chosen) in [(Key::PageDown, 3), (Key::PageDown, 3), (Key::PageUp, 2), (Key::PageUp, 1)] {
        rig.press(key);
        let label = format!("Stop {chosen} of 3");
        assert!(rig.harness.query_by_label(&label).is_some(), "{label}");
    }
    rig.press(Key::ArrowRight);
    assert_eq!(places(&rig), [0.01, 0.5, 1.0]);
    // A position beyond the neighbor ends at it.
    for (typed, at) in [("0.125", 0.125), ("0.8", 0.5)] {
        rig.harness.get_by_label("Position of the stop of Gradient").click();
        rig.harness.run_steps(2);
        rig.harness.event(Event::Text(typed.to_owned()));
        rig.press(Key::Enter);
        assert_eq!(places(&rig), [at, 0.5, 1.0]);
    }
    rig.click("Color of the stop of Gradient");
    rig.harness.get_by_label("Code of Color of the stop of Gradient").focus();
    rig.harness.run_steps(2);
    rig.harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
    rig.harness.get_by_label("Code of Color of the stop of Gradient").type_text("#20c080");
    rig.harness.run_steps(3);
    rig.picture("gradient_color");
    assert_eq!(rig.value(0, "stops")[0]["color"], "#20c080");
}

#[test]
fn a_gradient_holds_only_so_many_stops() {
    let most = Gradient::MOST_STOPS;
    let stops: Vec<_> =
        (0..most - 1).map(|index| serde_json::json!({"at": 0.01 * index as f64, "color": "#808080"})).collect();
    let (mut rig, rect) = with_gradient(ThemeName::Dark, &stops.into());
    for part in [0.9, 0.7] {
        rig.click_at(Pos2::new(rect.left() + part * rect.width(), rect.top() + 10.0), PointerButton::Primary);
        assert_eq!(places(&rig).len(), most);
    }
}
