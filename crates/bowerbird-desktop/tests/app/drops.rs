//! Files that are dropped on the window.

use crate::rig::{Rig, asset, recipe_file};
use bowerbird::effects::Lut3d;
use bowerbird::{Chain, cube::Cube};
use eframe::egui::{DroppedFile, Key};
use egui_kittest::kittest::Queryable;
use std::path::{Path, PathBuf};
use std::sync::Arc;

#[derive(Debug)]
struct Dropped(PathBuf);

impl DroppedFile for Dropped {
    fn path(&self) -> &Path {
        &self.0
    }

    fn bytes(&self) -> Result<Vec<u8>, String> {
        std::fs::read(&self.0).map_err(|error| error.to_string())
    }
}

pub(crate) fn drop_files(rig: &mut Rig, paths: &[PathBuf]) {
    for path in paths {
        rig.harness.input_mut().dropped_files.push(Arc::new(Dropped(path.clone())));
    }
    rig.harness.run_steps(2);
}

fn size(rig: &mut Rig, text: &str) {
    rig.until(text, |rig| rig.harness.query_by_label(text).is_some());
}

#[test]
fn pictures_recipes_tables_and_folders_are_opened_by_dropping_them() {
    let mut rig = Rig::new(|_, _| {});
    rig.click("Source");
    size(&mut rig, "600 × 400");
    let coffee = asset("photos/coffee.png");
    drop_files(&mut rig, &[coffee, asset("photos/chelsea.png")]);
    rig.until("the first of them", |rig| rig.harness.query_all_by_label("coffee.png").next().is_some());
    let recipe = recipe_file(rig.folder.path(), Chain::new().sepia(0.2).invert(1.0));
    drop_files(&mut rig, &[recipe]);
    rig.until("the recipe", |rig| rig.ids() == ["sepia", "invert"]);
    drop_files(&mut rig, &[asset("luts/teal_amber.cube")]);
    rig.until("the table", |rig| rig.ids() == ["sepia", "invert", "lut3d"] && rig.value(2, "file") == "teal_amber");
    drop_files(&mut rig, &[asset("photos")]);
    rig.until("the folder", |rig| rig.harness.query_all_by_label_contains("photos").next().is_some());
    drop_files(&mut rig, &[PathBuf::from("/nowhere/nothing.png")]);
    rig.until("a message", |rig| rig.app().problems().iter().any(|text| text.contains("nothing.png is not there")));
}

#[test]
fn of_several_files_the_first_that_can_be_opened_is() {
    let mut rig = Rig::new(|_, _| {});
    rig.click("Source");
    let notes = rig.folder.path().join("notes.txt");
    std::fs::write(&notes, "no picture").unwrap();
    drop_files(&mut rig, &[notes, asset("photos/chelsea.png")]);
    size(&mut rig, "451 × 300");
    assert!(rig.app().problems().is_empty(), "{:?}", rig.app().problems());
}

#[test]
fn a_table_goes_to_the_step_that_is_chosen_or_has_none() {
    let table = asset("luts/teal_amber.cube");
    let mut rig = Rig::new(|options, folder| {
        let cube = Cube::parse("own", &std::fs::read_to_string(&table).unwrap()).unwrap();
        let lut = |file: &str| Lut3d { file: file.into(), ..Lut3d::default() };
        let look = Chain::new().then(lut("own")).sepia(0.2).then(lut("")).asset("own", cube);
        options.recipe = Some(recipe_file(folder, look));
    });
    drop_files(&mut rig, std::slice::from_ref(&table));
    rig.until("the table that was missing", |rig| rig.value(2, "file") == "teal_amber");
    // That step is chosen now.
    drop_files(&mut rig, std::slice::from_ref(&table));
    rig.until("another one", |rig| rig.value(2, "file") == "teal_amber_2");
    assert_eq!(rig.value(0, "file"), "own");
}

#[test]
fn a_file_that_is_dropped_while_one_is_asked_for_is_the_answer() {
    let mut rig = Rig::new(|options, folder| {
        options.recipe = Some(recipe_file(folder, Chain::new().then(bowerbird::effects::Sticker::default())));
    });
    rig.click("Unfold Sticker");
    rig.click("Choose a file for Image");
    drop_files(&mut rig, &[asset("photos/chelsea.png")]);
    rig.until("the file", |rig| rig.value(0, "image") == "chelsea");
    assert!(rig.harness.query_by_label("Path").is_none(), "nothing is asked any more");
}

#[test]
fn keys_go_through_the_pictures_of_a_folder_under_the_same_look() {
    let mut rig = Rig::new(|options, folder| {
        options.file = Some(asset("photos/chelsea.png"));
        options.recipe = Some(recipe_file(folder, Chain::new().sepia(0.2)));
    });
    rig.click("Source");
    rig.press(Key::PageDown);
    size(&mut rig, "600 × 400");
    rig.press(Key::PageUp);
    size(&mut rig, "451 × 300");
    rig.settle();
    rig.press(Key::PageUp);
    size(&mut rig, "512 × 512");
    rig.settle();
    rig.press(Key::PageUp);
    rig.until("the end", |rig| rig.harness.query_by_label_contains("no further picture").is_some());
    assert_eq!(rig.ids(), ["sepia"]);
}
