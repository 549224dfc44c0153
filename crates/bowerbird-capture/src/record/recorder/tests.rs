use super::super::encoder::Encoder;
use super::*;
use crate::tight::Tight;
use crate::{Frame, Pace, Read, Source, Video};

const SIZE: (u32, u32) = (64, 48);

fn gray(code: u8) -> Vec<u8> {
    [code, code, code, 255].repeat(SIZE.0 as usize * SIZE.1 as usize)
}

fn start(path: &Path) -> Result<Recorder, CaptureError> {
    Recorder::start(path, RecordOptions::new(SIZE.0, SIZE.1, Rate::new(10)))
}

/// Pushes until the writer has room.
fn push(recorder: &Recorder, code: u8, milliseconds: u64) {
    while !recorder.push(&gray(code), SIZE.0, SIZE.1, Duration::from_millis(milliseconds)) {
        assert_eq!(recorder.report().error, None);
        thread::yield_now();
    }
}

/// The first codes and the numbers of the frames of a file.
fn read(path: &Path) -> Vec<(u8, u64)> {
    let mut video = Video::open(path, Pace::Free).unwrap();
    let (mut frame, mut rgba, mut all) = (Frame::default(), Vec::new(), Vec::new());
    loop {
        match video.read(&mut frame, Duration::from_secs(30)).unwrap() {
            Read::Frame => {
                frame.to_rgba(&mut rgba).unwrap();
                all.push((rgba[0], frame.sequence));
            }
            Read::Nothing => {}
            Read::End => return all,
        }
    }
}

fn near(frames: &[(u8, u64)], wanted: &[(u8, u64)]) {
    let alike = |(a, b): (&(u8, u64), &(u8, u64))| a.0.abs_diff(b.0) <= 3 && a.1 == b.1;
    assert!(frames.len() == wanted.len() && frames.iter().zip(wanted).all(alike), "{frames:?}, {wanted:?}");
}

/// Whether recordings of this kind can be tested on this machine.
fn possible(kind: &str) -> bool {
    matches!(kind, "avi" | "y4m") || crate::video::ffmpeg_to_test_with()
}

#[test]
fn a_recording_keeps_the_times_of_its_frames() {
    for kind in ["avi", "y4m", "mp4", "mkv"].into_iter().filter(|kind| possible(kind)) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(format!("clip.{kind}"));
        let recorder = start(&path).unwrap();
        // Two for one place, a gap of two, and one that wavers.
        for (code, milliseconds) in [(40, 5000), (60, 5010), (80, 5100), (120, 5400), (160, 5490)] {
            push(&recorder, code, milliseconds);
        }
        let dropped_before = recorder.report().dropped;
        let report = recorder.finish().unwrap();
        assert_eq!((report.written, report.repeated), (6, 2), "{kind}");
        assert!(report.dropped >= 1 && report.dropped <= dropped_before + 1, "{kind}");
        let frames = read(&path);
        // In AVI a repeated frame is an empty chunk, which the reader passes over.
        let wanted = [(40, 0), (80, 1), (80, 2), (80, 3), (120, 4), (160, 5)];
        if kind == "avi" {
            near(&frames, &[wanted[0], wanted[1], wanted[4], wanted[5]])
        } else {
            near(&frames, &wanted)
        }
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "{kind}: the partial file is gone");
    }
}

#[test]
fn another_size_is_dropped_and_counted() {
    let folder = tempfile::tempdir().unwrap();
    let recorder = start(&folder.path().join("clip.y4m")).unwrap();
    push(&recorder, 1, 0);
    let before = recorder.report().dropped;
    assert!(!recorder.push(&[0; 16], 2, 2, Duration::ZERO));
    assert!(!recorder.push(&[0; 16], SIZE.0, SIZE.1, Duration::ZERO), "too few bytes");
    assert_eq!(recorder.report().dropped, before + 2);
}

#[test]
fn a_recording_without_frames_leaves_no_file() {
    let folder = tempfile::tempdir().unwrap();
    let error = start(&folder.path().join("clip.avi")).unwrap().finish().unwrap_err();
    assert!(error.to_string().contains("no frame"), "{error}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn what_cannot_be_recorded_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["clip.gif", "clip", "none/clip.avi"] {
        assert!(matches!(start(&folder.path().join(name)), Err(CaptureError::File { .. })), "{name}");
    }
    let huge = RecordOptions::new(20000, 1, Rate::new(10));
    assert!(Recorder::start(&folder.path().join("clip.avi"), huge).is_err());
}

fn start_on_a_disk_of(room: u64, path: &Path) -> Recorder {
    let options = RecordOptions::new(SIZE.0, SIZE.1, Rate::new(10));
    Recorder::start_in(path, options, |path| Ok(Box::new(Tight(File::create(path)?, room)))).unwrap()
}

/// Pushes frames of growing grays until the recording ends by itself.
fn fill(recorder: &Recorder) -> RecordReport {
    let mut code = 0;
    loop {
        let sent = recorder.push(&gray(code), SIZE.0, SIZE.1, Duration::from_millis(100 * u64::from(code)));
        code += u8::from(sent);
        let report = recorder.report();
        if report.error.is_some() {
            return report;
        }
        thread::yield_now();
    }
}

#[test]
fn what_was_recorded_until_the_disk_was_full_is_kept_and_plays() {
    for (kind, room) in [("avi", 100_000), ("y4m", 100_000)] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(format!("clip.{kind}"));
        let recorder = start_on_a_disk_of(room, &path);
        let report = fill(&recorder);
        let error = recorder.finish().unwrap_err();
        assert!(matches!(&error, CaptureError::Shortened { path: kept, .. } if *kept == path), "{error}");
        assert!(error.to_string().contains("the disk is full") && error.to_string().contains("clip."), "{error}");
        assert!(fs::metadata(&path).unwrap().len() <= room, "{kind}");
        let frames = read(&path);
        assert!(report.written > 10 && frames.len() as u64 == report.written, "{kind}: {report:?}, {frames:?}");
        near(&frames, &(0..frames.len()).map(|index| (index as u8, index as u64)).collect::<Vec<_>>());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "{kind}: nothing lies beside it");
    }
}

#[test]
fn a_disk_without_room_for_one_frame_leaves_no_file() {
    for (kind, room) in [("avi", 66_400), ("y4m", 500)] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(format!("clip.{kind}"));
        let recorder = start_on_a_disk_of(room, &path);
        let error = fill(&recorder).error.unwrap();
        assert!(matches!(error, CaptureError::File { .. }) && error.to_string().contains("full"), "{error}");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "{kind}");
    }
}

#[test]
fn what_ffmpeg_wrote_until_it_was_ended_is_kept_and_plays() {
    for kind in ["mp4", "mkv"].into_iter().filter(|kind| possible(kind)) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(format!("clip.{kind}"));
        let options = RecordOptions::new(SIZE.0, SIZE.1, Rate::new(10));
        let mut encoder = Encoder::new(&path, kind, &options).unwrap().unwrap();
        // It holds a few seconds back before it writes.
        while fs::metadata(&path).map_or(0, |file| file.len()) < 3_000 {
            let noise: Vec<u8> = (0..SIZE.0 * SIZE.1 * 4).map(|index| ((index * index) >> 7) as u8).collect();
            encoder.frame(&noise).unwrap();
            encoder.frame(&gray(99)).unwrap();
        }
        encoder.abandon();
        assert!(encoder.frame(&gray(1)).is_err() && encoder.finish().is_err(), "{kind}");
        assert!(encoder.salvage(), "{kind}");
        assert!(read(&path).len() > 10, "{kind}");
    }
}
