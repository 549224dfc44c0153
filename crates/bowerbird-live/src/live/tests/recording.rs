//! Recordings of what is rendered.

use super::*;
use bowerbird_capture::{Pace, Video};

fn record(live: &Live, path: &Path) {
    live.record(Some(Recording { path: path.to_owned(), rate: Rate::new(30), quality: 90 }));
    while !live.report().recording {
        thread::yield_now();
    }
}

fn let_pass(live: &Live, frames: u64) {
    let from = live.report().frames_out;
    while live.report().frames_out < from + frames {
        live.wait(PATIENCE).into_iter().for_each(|shown| live.give_back(shown));
    }
}

/// Sizes of all frames of a file.
fn sizes(path: &Path) -> Vec<(u32, u32)> {
    let mut video = Video::open(path, Pace::Free).unwrap();
    let (mut frame, mut sizes) = (Frame::default(), Vec::new());
    while video.read(&mut frame, PATIENCE).unwrap() == Read::Frame {
        sizes.push((frame.width, frame.height));
    }
    sizes
}

#[test]
fn a_recording_is_what_was_rendered() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("clip.avi");
    let live = live();
    live.set_source(chart(64, 36));
    live.send(intent(Chain::new().invert(1.0), 1));
    live.give_back(next(&live, 1));
    record(&live, &path);
    let_pass(&live, 10);
    live.record(None);
    let Notice::Recording(message) = notice(&live, |notice| matches!(notice, Notice::Recording(_))) else {
        unreachable!()
    };
    assert!(message.contains("frames"), "{message}");
    assert!(std::fs::metadata(&path).unwrap().len() > 1000);
}

#[test]
fn the_end_waits_for_a_recording_that_was_stopped_just_before() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("clip.avi");
    let live = live();
    live.set_source(chart(640, 360));
    live.send(intent(Chain::new(), 1));
    live.give_back(next(&live, 1));
    record(&live, &path);
    let_pass(&live, 10);
    live.record(None);
    while live.report().recording {
        thread::yield_now();
    }
    assert!(live.report().finishing || path.exists());
    drop(live);
    assert!(!sizes(&path).is_empty());
}

#[test]
fn a_recording_goes_on_in_another_file_when_the_picture_keeps_another_size() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let live = live();
    live.set_source(chart(64, 36));
    live.send(intent(Chain::new(), 1));
    live.give_back(next(&live, 1));
    record(&live, &path("clip.avi"));
    let_pass(&live, 5);
    let turned = effects::find("rotate90").unwrap();
    let mut look = Chain::new();
    look.push(ChainStep::from(turned));
    live.send(intent(look, 2));
    let goes_on = |notice: &Notice| matches!(notice, Notice::RecordingGoesOn(_));
    let Notice::RecordingGoesOn(message) = notice(&live, goes_on) else { unreachable!() };
    assert!(message.contains("36×64") && message.contains("clip-2.avi"), "{message}");
    let_pass(&live, 5);
    live.record(None);
    notice(&live, |notice| matches!(notice, Notice::Recording(message) if message.contains("clip-2.avi")));
    let (first, second) = (sizes(&path("clip.avi")), sizes(&path("clip-2.avi")));
    assert!(!first.is_empty() && first.iter().all(|size| *size == (64, 36)), "{first:?}");
    assert!(!second.is_empty() && second.iter().all(|size| *size == (36, 64)), "{second:?}");
}
