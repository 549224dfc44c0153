//! Effects copied, cut and pasted: by the keys of the system, and from one window to another.

use crate::rig::Rig;
use crate::with_look;
use eframe::egui::{Event, Key, Modifiers, OutputCommand};
use egui_kittest::kittest::Queryable;
use std::cell::RefCell;

/// What the system's clipboard gets, after an event.
fn copied(rig: &mut Rig, event: Event) -> String {
    // In one frame: of several that one step draws, the last one's output alone is seen.
    rig.harness.input_mut().events.push(event);
    let text = RefCell::new(String::new());
    rig.until("a copy", |rig| {
        let commands = &rig.harness.output().platform_output.commands;
        let copy = commands.iter().find_map(|command| match command {
            OutputCommand::CopyText(text) => Some(text.clone()),
            _ => None,
        });
        copy.map(|copy| text.replace(copy)).is_some()
    });
    rig.settle();
    text.into_inner()
}

fn paste(rig: &mut Rig, text: &str) {
    rig.harness.event(Event::Paste(text.to_owned()));
    rig.harness.run_steps(2);
    rig.settle();
}

#[test]
fn the_chosen_effect_is_copied_cut_and_pasted_behind_another() {
    let mut rig = Rig::new(with_look);
    rig.click("Unfold Sepia");
    let sepia = copied(&mut rig, Event::Copy);
    assert!(sepia.contains(r#""effect": "sepia""#) && sepia.contains("0.6") && !sepia.contains("vignette"), "{sepia}");
    rig.click("Unfold Vignette");
    paste(&mut rig, &sepia);
    assert_eq!(rig.ids(), ["exposure", "sepia", "vignette", "sepia"]);
    assert_eq!(rig.value(3, "amount"), 0.6);
    // What was pasted is chosen.
    let cut = copied(&mut rig, Event::Cut);
    assert_eq!((rig.ids(), &cut), (vec!["exposure", "sepia", "vignette"], &sepia));
    rig.click("Undo");
    rig.click("Undo");
    assert_eq!(rig.ids(), ["exposure", "sepia", "vignette"], "a paste is one step of the history");
}

#[test]
fn a_look_goes_from_one_window_to_another() {
    let mut rig = Rig::new(with_look);
    rig.click("Unfold Sepia");
    rig.click("Unfold Mixing");
    rig.click("Mask of Sepia");
    rig.click("New: Painted mask");
    rig.click("Done");
    rig.click("Fold Sepia");
    let (key, modifiers) = (Key::C, Modifiers::COMMAND | Modifiers::SHIFT);
    let look = copied(&mut rig, Event::Key { key, physical_key: None, pressed: true, repeat: false, modifiers });
    let mut other = Rig::new(with_look);
    paste(&mut other, &look);
    assert_eq!(other.ids(), ["exposure", "sepia", "vignette", "exposure", "sepia", "vignette"]);
    // Here it has a mask of its own.
    paste(&mut rig, &look);
    let chain = rig.app().recipe().chain();
    let masks: Vec<_> = chain.steps().iter().filter_map(|step| step.mask()).collect();
    assert_eq!((chain.steps().len(), masks.len(), chain.masks().len()), (6, 2, 2));
    assert_ne!(masks[0], masks[1]);
}

#[test]
fn what_is_typed_and_what_is_no_effect_is_left_alone() {
    let mut rig = Rig::new(with_look);
    paste(&mut rig, "a line of a letter");
    assert!(rig.harness.query_by_label_contains("no effects in the clipboard").is_some());
    rig.press(Key::A);
    rig.harness.get_by_label("Search effects").focus();
    rig.harness.run_steps(2);
    paste(&mut rig, r#"{"steps": [{"effect": "invert"}]}"#);
    assert_eq!(rig.ids().len(), 3, "it went into the search");
    rig.press(Key::Escape);
    rig.harness.key_press_modifiers(Modifiers::COMMAND | Modifiers::SHIFT, Key::C);
    rig.until("the note", |rig| rig.harness.query_by_label_contains("Copied the look").is_some());
}

#[test]
fn a_look_is_pasted_in_the_place_of_another_when_that_was_asked_for_and_not_later() {
    let mut rig = Rig::new(with_look);
    let invert = r#"{"name": "Negative", "steps": [{"effect": "invert"}]}"#;
    rig.click("Presets");
    rig.click("Paste in place of all");
    // The clipboard was empty.
    rig.settle();
    paste(&mut rig, invert);
    assert_eq!(rig.ids(), ["exposure", "sepia", "vignette", "invert"]);
    rig.click("Presets");
    rig.harness.get_by_label("Paste in place of all").click();
    rig.harness.step();
    paste(&mut rig, invert);
    assert_eq!((rig.ids(), rig.app().recipe().name()), (vec!["invert"], "Negative"));
    rig.click("Undo");
    assert_eq!(rig.ids().len(), 4);
}
