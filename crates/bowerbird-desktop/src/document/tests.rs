use super::*;
use bowerbird::effects;

fn ids(document: &Document) -> Vec<&str> {
    document.steps().iter().filter_map(|step| Some(step.effect()?.info().id)).collect()
}

fn document(ids: &[&str]) -> Document {
    let mut document = Document::default();
    for id in ids {
        document.insert(effects::find(id).unwrap(), None);
    }
    document
}

#[test]
fn every_change_can_be_taken_back_and_brought_back() {
    let mut document = document(&["exposure", "sepia", "vignette"]);
    document.reorder(0, 2);
    document.duplicate(1);
    document.remove(0);
    assert_eq!(ids(&document), ["vignette", "vignette", "exposure"]);
    let mut seen = Vec::new();
    while document.undoable().is_some() {
        document.undo();
        seen.push(ids(&document).join(" "));
    }
    assert_eq!(
        seen,
        [
            "sepia vignette vignette exposure",
            "sepia vignette exposure",
            "exposure sepia vignette",
            "exposure sepia",
            "exposure",
            ""
        ]
    );
    while document.redoable().is_some() {
        document.redo();
    }
    assert_eq!(ids(&document), ["vignette", "vignette", "exposure"]);
}

#[test]
fn one_goes_to_any_place_of_the_history() {
    let mut document = document(&["exposure", "sepia", "vignette"]);
    document.edit("Opacity", |recipe| recipe.chain_mut().steps_mut()[0].set_opacity(0.5));
    let history = |document: &Document| {
        let (past, future) = document.history();
        (
            past.map(str::to_owned).collect::<Vec<_>>().join(", "),
            future.map(str::to_owned).collect::<Vec<_>>().join(", "),
        )
    };
    document.go_to(1);
    assert_eq!(ids(&document), ["exposure"]);
    assert_eq!(history(&document), ("Add Exposure".into(), "Add Sepia, Add Vignette, Opacity".into()));
    document.go_to(4);
    assert_eq!((document.steps()[0].opacity(), document.redoable()), (0.5, None));
    document.go_to(0);
    document.go_to(9);
    assert_eq!(history(&document).0, "Add Exposure, Add Sepia, Add Vignette, Opacity");
}

#[test]
fn a_gesture_is_one_step_of_the_history() {
    let mut document = document(&["exposure"]);
    for opacity in [0.9, 0.7, 0.5] {
        document.edit("Opacity", |recipe| recipe.chain_mut().steps_mut()[0].set_opacity(opacity));
    }
    document.settle();
    assert_eq!(document.undoable(), Some("Opacity"));
    document.undo();
    assert_eq!(document.steps()[0].opacity(), 1.0);
    document.redo();
    assert_eq!(document.steps()[0].opacity(), 0.5);
}

#[test]
fn states_move_with_their_steps() {
    let mut document = document(&["exposure", "sepia", "vignette"]);
    let key = document.states()[0].key;
    document.reorder(0, 2);
    assert_eq!(document.states()[2].key, key);
    document.undo();
    assert_eq!(document.states()[0].key, key);
}

#[test]
fn a_solo_step_runs_alone_without_changing_the_look() {
    let mut document = document(&["exposure", "sepia"]);
    let key = document.states()[1].key;
    document.set_solo(Some(key));
    let enabled: Vec<bool> = document.chain().steps().iter().map(ChainStep::is_enabled).collect();
    assert_eq!(enabled, [false, true]);
    assert!(document.steps().iter().all(ChainStep::is_enabled));
    document.remove(1);
    assert_eq!(document.solo(), None);
}

#[test]
fn a_change_after_undoing_ends_what_could_be_redone() {
    let mut document = document(&["exposure", "sepia"]);
    document.undo();
    document.insert(effects::find("invert").unwrap(), None);
    assert_eq!((document.redoable(), ids(&document)), (None, vec!["exposure", "invert"]));
}

#[test]
fn a_solo_is_taken_back_and_brought_back_like_any_change() {
    let mut document = document(&["exposure", "sepia"]);
    let key = document.states()[1].key;
    document.set_solo(Some(key));
    assert_eq!(document.undoable(), Some("Solo Sepia"));
    document.clear();
    assert_eq!(document.solo(), None);
    document.undo();
    assert_eq!((document.solo(), document.steps().len()), (Some(key), 2));
    document.undo();
    assert_eq!(document.solo(), None);
    assert!(document.chain().steps().iter().all(ChainStep::is_enabled));
    document.redo();
    assert_eq!(document.solo(), Some(key));
    document.set_solo(None);
    assert_eq!(document.undoable(), Some("All effects again"));
}
