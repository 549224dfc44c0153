//! Names for screen readers: every control has one.

use crate::rig::{Rig, asset, recipe_file};
use bowerbird::{Chain, ChainStep, effects as all};
use eframe::egui::accesskit::{Action, Role};
use eframe::egui::{Key, Vec2};
use egui_kittest::kittest::NodeT;

/// What can be operated and has no name.
fn nameless(rig: &Rig) -> Vec<String> {
    let nodes = rig.harness.root().children_recursive();
    let operated = |role: Role| {
        matches!(
            role,
            Role::Button
                | Role::CheckBox
                | Role::ColorWell
                | Role::ComboBox
                | Role::Link
                | Role::RadioButton
                | Role::Slider
                | Role::SpinButton
                | Role::TextInput
                | Role::MultilineTextInput
        )
    };
    let bare = nodes.filter_map(|node| {
        let node = node.accesskit_node();
        let name = node.label().unwrap_or_default();
        let works = operated(node.role())
            || node.data().supports_action(Action::Click) && !matches!(node.role(), Role::Label | Role::ScrollBar);
        (works && name.trim().is_empty()).then(|| format!("{:?} at {:?}", node.role(), node.bounding_box()))
    });
    bare.collect()
}

fn named(rig: &mut Rig, where_it_is: &str) {
    rig.harness.run_steps(2);
    let bare = nameless(rig);
    assert!(bare.is_empty(), "{where_it_is}: {bare:#?}");
}

#[test]
fn every_control_has_a_name() {
    let mut rig = Rig::sized(Vec2::new(1280.0, 1400.0), 1.0, |options, folder| {
        options.recipe = Some(recipe_file(folder, Chain::new().exposure(0.4).sepia(0.6)));
        options.file = Some(asset("photos/chelsea.png"));
    });
    named(&mut rig, "the window");
    rig.click("Unfold Sepia");
    rig.click("Unfold Mixing");
    rig.click("Mask of Sepia");
    named(&mut rig, "a list");
    rig.click("New: Painted mask");
    named(&mut rig, "the brush");
    rig.press(Key::Escape);
    for tab in ["Scopes", "Source", "Performance", "Effects"] {
        rig.click(tab);
        rig.settle();
        named(&mut rig, tab);
    }
    for key in [Key::A, Key::F1, Key::C, Key::V, Key::N, Key::K] {
        rig.press(key);
        named(&mut rig, &format!("{key:?}"));
        rig.press(Key::Escape);
    }
    for button in ["File", "Zoom", "Presets", "More for Exposure", "All looks", "Variations", "Export"] {
        rig.click(button);
        named(&mut rig, button);
        rig.press(Key::Escape);
    }
    rig.click("Presets");
    rig.click("Save as preset…");
    named(&mut rig, "a preset's name");
}

#[test]
fn the_controls_of_every_effect_have_names() {
    for effect in all::all() {
        let id = effect.info().id;
        let label = effect.info().label;
        let mut rig = Rig::sized(Vec2::new(900.0, 1200.0), 1.0, |options, folder| {
            let mut chain = Chain::new();
            chain.push(ChainStep::from(effect));
            options.recipe = Some(recipe_file(folder, chain));
        });
        rig.click(&format!("Unfold {label}"));
        named(&mut rig, id);
    }
}
