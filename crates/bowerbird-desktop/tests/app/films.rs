//! Films: at their end they can be seen once more.

use crate::rig::Rig;
use egui_kittest::kittest::Queryable;
use std::path::{Path, PathBuf};

/// A gray film of five frames.
fn film(folder: &Path) -> PathBuf {
    let path = folder.join("film.y4m");
    let frame = [b"FRAME\n".as_slice(), &[90; 64 * 48 * 3 / 2]].concat();
    let bytes = [b"YUV4MPEG2 W64 H48 F30:1 Ip A1:1 C420jpeg\n".as_slice(), &frame.repeat(5)].concat();
    std::fs::write(&path, bytes).unwrap();
    path
}

#[test]
fn a_film_that_is_through_is_played_once_more() {
    let mut rig = Rig::new(|options, folder| options.file = Some(film(folder)));
    let again = "Play it once more (P)";
    let frames = |rig: &Rig| rig.app().figures()["frames_in"].as_u64().unwrap();
    for _ in 0..2 {
        rig.until("the end", |rig| rig.harness.query_by_label(again).is_some());
        let before = frames(&rig);
        rig.click(again);
        rig.until("frames again", |rig| frames(rig) > before);
    }
}
