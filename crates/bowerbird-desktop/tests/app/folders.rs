//! A folder of pictures: stepped through below the picture, given stars, chosen by them.

use crate::drops::drop_files;
use crate::rig::Rig;
use bowerbird::Image;
use bowerbird_desktop::Options;
use eframe::egui::{Key, Modifiers, Vec2};
use egui_kittest::kittest::{NodeT, Queryable};
use std::path::{Path, PathBuf};

/// A folder of four pictures in as many colors.
fn pictures(folder: &Path) -> PathBuf {
    let folder = folder.join("pictures");
    std::fs::create_dir(&folder).unwrap();
    let colors = [[200, 60, 40], [70, 150, 80], [50, 100, 170], [210, 160, 60]];
    for (name, [r, g, b]) in ["a.png", "b.png", "c.png", "d.png"].into_iter().zip(colors) {
        let pixels = (0..90 * 60_u32).flat_map(|index| {
            let shade = |v: u8| (u32::from(v) * (120 - index / 90) / 120) as u8;
            [shade(r), shade(g), shade(b), 255]
        });
        Image::from_rgba8(90, 60, pixels.collect()).unwrap().save(folder.join(name)).unwrap();
    }
    std::fs::write(folder.join("notes.txt"), "no picture").unwrap();
    folder
}

fn at_first(options: &mut Options, folder: &Path) {
    options.file = Some(pictures(folder).join("a.png"));
}

/// The name of the picture of the strip that is open.
fn open(rig: &Rig) -> Option<String> {
    let names = ["a.png", "b.png", "c.png", "d.png"];
    let is_open = |name: &&str| {
        let nodes = rig.harness.query_all_by_label(name);
        nodes
            .into_iter()
            .any(|node| node.accesskit_node().toggled().is_some_and(|on| on == eframe::egui::accesskit::Toggled::True))
    };
    names.into_iter().find(|name| is_open(name)).map(str::to_owned)
}

#[test]
fn the_pictures_of_a_folder_are_stepped_through() {
    let mut rig = Rig::new(at_first);
    rig.press(Key::N);
    rig.settle();
    assert_eq!(open(&rig).unwrap(), "a.png");
    assert!(rig.harness.query_by_label("notes.txt").is_none());
    rig.click("c.png");
    rig.settle();
    rig.press(Key::PageDown);
    rig.until("the next", |rig| open(rig).is_some_and(|name| name == "d.png"));
    rig.settle();
    rig.click("Rate 3 stars");
    rig.picture("filmstrip");
    rig.click("Looks");
    assert!(rig.harness.query_by_label("Original").is_some() && open(&rig).is_none());
}

#[test]
fn stars_are_for_the_picture_that_is_seen() {
    let mut rig = Rig::new(at_first);
    let broken = rig.folder.path().join("pictures/broken.png");
    std::fs::write(&broken, "no picture").unwrap();
    drop_files(&mut rig, &[broken]);
    rig.until("a message", |rig| rig.app().problems().iter().any(|text| text.contains("broken.png")));
    rig.harness.key_press_modifiers(Modifiers::ALT, Key::Num5);
    rig.settle();
    let kept = std::fs::read_to_string(rig.folder.path().join("config/ratings.json")).unwrap();
    assert!(kept.contains("a.png") && !kept.contains("broken.png"), "{kept}");
}

#[test]
fn thumbnails_are_those_of_the_picture_that_is_open() {
    let mut rig = Rig::new(at_first);
    // Pictures of one size, so that one lies where another has lain.
    for (step, channel) in [(Key::PageDown, 1), (Key::PageDown, 2), (Key::PageUp, 1), (Key::PageUp, 0)] {
        rig.press(step);
        rig.settle();
        let place = rig.harness.get_by_label("Original").rect().center_top();
        let drawn = rig.harness.render().unwrap();
        let pixel = drawn.get_pixel(place.x as u32, place.y as u32 + 20).0;
        let most = (0..3).max_by_key(|channel| pixel[*channel]);
        assert_eq!(most, Some(channel), "{pixel:?}");
    }
}

#[test]
fn stars_choose_what_is_stepped_to_and_are_there_the_next_time() {
    let mut rig = Rig::new(at_first);
    // With the modifier anywhere, by digits alone above the pictures.
    rig.harness.key_press_modifiers(Modifiers::ALT, Key::Num2);
    rig.settle();
    rig.press(Key::N);
    rig.click("c.png");
    rig.settle();
    rig.press(Key::Num4);
    rig.settle();
    rig.click("Pictures with stars");
    rig.click("2 stars or more: 2");
    rig.settle();
    assert!(rig.harness.query_by_label("b.png").is_none());
    rig.press(Key::PageUp);
    rig.until("the one before with stars", |rig| open(rig).is_some_and(|name| name == "a.png"));
    rig.settle();
    rig.press(Key::PageUp);
    rig.until("the end", |rig| rig.harness.query_by_label_contains("no further picture").is_some());
    // Only those are exported, all at once.
    rig.click("Export");
    rig.click("The 2 with stars");
    rig.click("PNG…");
    rig.press(Key::Enter);
    rig.settle();
    let made = rig.folder.path().join("pictures/looks");
    assert_eq!(std::fs::read_dir(&made).unwrap().count(), 2);
    std::fs::remove_dir_all(&made).unwrap();
    let folder = rig.folder.path().join("pictures");
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 5, "nothing is written beside the pictures");
    // Once more takes them away.
    rig.click("Rate 2 stars");
    rig.until("no stars", |rig| rig.harness.query_by_label("a.png").is_none());
    let kept = std::fs::read_to_string(rig.folder.path().join("config/ratings.json")).unwrap();
    assert!(kept.contains("c.png") && !kept.contains("a.png"), "{kept}");
}

#[test]
fn a_folder_opens_at_its_first_picture_and_runs_as_a_slide_show() {
    let mut rig = Rig::new(|_, folder| drop(pictures(folder)));
    let folder = rig.folder.path().join("pictures");
    drop_files(&mut rig, &[folder]);
    rig.until("its first picture", |rig| open(rig).is_some_and(|name| name == "a.png"));
    rig.settle();
    rig.click("Slide show");
    rig.until("a slide", |rig| rig.harness.query_by_label("Stay at this picture").is_some() && open(rig).is_some());
    rig.until("the next slide", |rig| open(rig).is_some_and(|name| name == "b.png"));
    rig.click("Stay at this picture");
    rig.until("the picture", |rig| rig.harness.query_by_label("Slide show").is_some());
    assert_eq!(open(&rig).unwrap(), "b.png");
}

#[test]
fn a_folder_without_pictures_says_so_and_what_is_open_stays() {
    let mut rig = Rig::new(|_, folder| std::fs::create_dir(folder.join("empty")).unwrap());
    let empty = rig.folder.path().join("empty");
    drop_files(&mut rig, &[empty]);
    rig.until("a message", |rig| rig.app().problems().iter().any(|text| text.starts_with("There is no picture in")));
    rig.settle();
    // One picture alone has nothing to step through.
    rig.press(Key::N);
    assert!(rig.harness.query_by_label_contains("Open a folder, or a picture with others").is_some());
    let mut rig = Rig::sized(Vec2::new(640.0, 400.0), 1.0, |options, folder| {
        let empty = folder.join("empty");
        std::fs::create_dir(&empty).unwrap();
        options.file = Some(empty);
    });
    rig.until("the chart", |rig| rig.app().figures()["frames_in"].as_u64().unwrap() > 0);
}
