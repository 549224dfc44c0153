//! Sessions: what was shown is rendered again.

use super::*;
use crate::{Session, SessionWriter};

/// The same chart as a camera's YUYV, to be converted.
fn camera(width: u32, height: u32) -> Opener {
    struct Camera(Synthetic);
    impl Source for Camera {
        fn describe(&self) -> String {
            "a camera".into()
        }
        fn read(&mut self, frame: &mut Frame, timeout: Duration) -> Result<Read, CaptureError> {
            let read = self.0.read(frame, timeout)?;
            // Any bytes are a picture: those of the chart, half of them.
            let (width, height) = (frame.width, frame.height);
            if read == Read::Frame {
                frame.data.truncate(PixelFormat::Yuyv.frame_bytes(PixelFormat::Yuyv.row_bytes(width), height));
                (frame.format, frame.stride) = (PixelFormat::Yuyv, PixelFormat::Yuyv.row_bytes(width));
            }
            Ok(read)
        }
    }
    Box::new(move || Ok(Box::new(Camera(Synthetic::new(Chart::ZonePlate, width, height, 120.0))) as Box<dyn Source>))
}

#[test]
fn a_session_is_rendered_again_to_the_same_bytes() {
    for source in [chart(320, 180), camera(320, 180)] {
        plays_again(source);
    }
}

fn plays_again(source: Opener) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.session");
    let live = live();
    live.record_session(Some(SessionWriter::create(&path).unwrap()));
    // What is shown is kept, in order, by an output.
    let kept = Arc::new(Mutex::new(Vec::new()));
    let theirs = Arc::clone(&kept);
    live.set_output(
        "test",
        Some(Box::new(move |shown| {
            lock(&theirs).push((shown.revision, shown.sequence, shown.result().unwrap().to_rgba8()));
            Ok(())
        })),
    );
    live.set_source(source);
    for revision in 1..6 {
        let look = Chain::new().hue_rotate(40.0 * revision as f64).wave(0.02).grain(0.3).trail(0.3).vignette(0.5);
        let view = (revision % 2 == 0).then_some((160, 90));
        live.send(Intent { view, ..intent(look, revision) });
        live.give_back(next(&live, revision));
    }
    live.record_session(None);
    notice(&live, |notice| matches!(notice, Notice::Recording(_)));
    drop(live);

    let engine = Engine::new(EngineOptions { backend: Backend::Cpu, threads: 1, ..EngineOptions::default() }).unwrap();
    let mut session = Session::open(&path).unwrap();
    let mut again = Vec::new();
    while let Some(recorded) = session.render_next(&engine).unwrap() {
        again.push((recorded.revision, recorded.sequence, recorded.result.to_rgba8()));
    }
    let kept = lock(&kept);
    // Renderings that followed an intent on an old frame are in the session, and are not delivered to outputs.
    let both = kept.iter().filter(|entry| again.contains(entry)).count();
    assert!(again.len() >= 5, "{} frames", again.len());
    assert!(again.len() <= kept.len() + 5 && both >= again.len() - 5, "{both} of {} agree", again.len());
    for (revision, sequence, bytes) in kept.iter() {
        let same = again.iter().find(|(r, s, _)| (r, s) == (revision, sequence));
        assert!(same.is_none_or(|(.., other)| other == bytes), "frame {sequence} of revision {revision}");
    }
}

#[test]
fn a_step_that_failed_in_a_session_is_left_out_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.session");
    let live = live();
    live.record_session(Some(SessionWriter::create(&path).unwrap()));
    live.set_source(still(96, 54));
    let look = Chain::new().sepia(0.8).then(effects::Sticker::default()).vignette(0.5);
    live.send(intent(look, 1));
    let shown = next(&live, 1);
    let expected = shown.result().unwrap().to_rgba8();
    live.record_session(None);
    notice(&live, |notice| matches!(notice, Notice::Recording(_)));
    drop(live);

    let engine = Engine::new(EngineOptions { backend: Backend::Cpu, threads: 1, ..EngineOptions::default() }).unwrap();
    let mut session = Session::open(&path).unwrap();
    let mut last = None;
    while let Some(recorded) = session.render_next(&engine).unwrap() {
        last = Some(recorded.result.to_rgba8());
    }
    assert!(last == Some(expected), "the picture without the step");
}

#[test]
fn a_session_begun_while_a_picture_is_held_begins_with_that_picture() {
    // One that does not move; one that is paused; one whose source is through.
    let once = || -> Opener {
        struct Once(Synthetic, bool);
        impl Source for Once {
            fn describe(&self) -> String {
                "one frame".into()
            }
            fn read(&mut self, frame: &mut Frame, timeout: Duration) -> Result<Read, CaptureError> {
                if core::mem::replace(&mut self.1, true) { Ok(Read::End) } else { self.0.read(frame, timeout) }
            }
        }
        Box::new(|| Ok(Box::new(Once(Synthetic::new(Chart::ColorBars, 64, 36, 120.0), false)) as Box<dyn Source>))
    };
    for (source, running) in [(still(64, 36), true), (camera(64, 36), false), (once(), true)] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.session");
        let live = live();
        live.set_source(source);
        live.send(Intent { running, ..intent(Chain::new(), 1) });
        live.give_back(next(&live, 1));
        // Nothing new comes any more, so what follows is made from what is held.
        live.send(Intent { running, ..intent(Chain::new().sepia(0.2), 2) });
        live.give_back(next(&live, 2));
        live.record_session(Some(SessionWriter::create(&path).unwrap()));
        // An intent may overtake the command; the next one comes behind both.
        live.send(Intent { running, ..intent(Chain::new(), 3) });
        live.give_back(next(&live, 3));
        live.send(Intent { running, ..intent(Chain::new().invert(1.0), 4) });
        let shown = next(&live, 4);
        live.record_session(None);
        notice(&live, |notice| matches!(notice, Notice::Recording(_)));
        drop(live);

        let engine = Engine::new(EngineOptions { backend: Backend::Cpu, threads: 1, ..EngineOptions::default() });
        let mut session = Session::open(&path).unwrap();
        // On a busy machine what is shown first is coarse, and is followed by the same in full.
        let mut found = false;
        while let Some(recorded) = session.render_next(engine.as_ref().unwrap()).unwrap() {
            let same = (recorded.revision, recorded.sequence) == (4, shown.sequence);
            found |= same && recorded.result.to_rgba8() == shown.result().unwrap().to_rgba8();
        }
        assert!(found, "the picture that was held");
    }
}

#[test]
fn a_damaged_session_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.session");
    for (text, wanted) in [
        ("", "no recorded session"),
        ("hello\n", "cannot be read"),
        ("{\"bowerbird_session\":9}\n", "newer"),
        ("{\"bowerbird_session\":1}\n{\"again\":{\"divisor\":1}}\n", "no frame"),
        (
            "{\"bowerbird_session\":1}\n{\"frame\":{\"width\":2,\"height\":2,\"format\":\"RGBA\",\"stride\":8,\"matrix\":0,\
             \"full_range\":true,\"time\":0,\"sequence\":0,\"still\":false,\"divisor\":1,\"bytes\":16}}\nabc",
            "ends within",
        ),
        (
            "{\"bowerbird_session\":1}\n{\"frame\":{\"width\":2,\"height\":2,\"format\":\"RGBA\",\"stride\":9223372036854775807,\
             \"matrix\":0,\"full_range\":true,\"time\":0,\"sequence\":0,\"still\":false,\"divisor\":1,\"bytes\":0}}\n",
            "are no frame",
        ),
    ] {
        std::fs::write(&path, text).unwrap();
        let engine = Engine::cpu().unwrap();
        let outcome = Session::open(&path).and_then(|mut session| session.render_next(&engine));
        let error = outcome.expect_err(text).to_string();
        assert!(error.contains(wanted), "{text}: {error}");
    }
}
