//! The loop on a device that it shares with a window.

use super::*;
use bowerbird::gpu::SharedDevice;
use bowerbird::gpu::runtime::{Gpu, GpuOptions};

/// A loop on a device that it was handed, as by a window, and the device; nothing where there is no driver.
fn on_a_device() -> Option<(Live, SharedDevice)> {
    let device = match SharedDevice::open(&GpuOptions { allow_software: true, ..GpuOptions::default() }) {
        Ok(device) => device,
        Err(error) => {
            assert!(std::env::var_os("BOWERBIRD_REQUIRE_GPU").is_none(), "{error}");
            return None;
        }
    };
    let engine = EngineOptions { backend: Backend::Gpu, device: Some(device.clone()), ..EngineOptions::default() };
    Some((Live::start(LiveOptions { engine, ..LiveOptions::default() }).unwrap(), device))
}

#[test]
fn on_a_shared_device_nothing_comes_back_until_somebody_asks() {
    let Some((live, _)) = on_a_device() else { return };
    live.set_source(chart(64, 36));
    live.send(intent(Chain::new().invert(1.0), 1));
    let mut shown = next(&live, 1);
    for _ in 0..10 {
        live.give_back(shown);
        shown = next(&live, 1);
        assert!(shown.picture().is_some() && shown.pixels().is_none());
        assert_eq!((shown.size(), shown.is_opaque()), ((64, 36), true));
    }
    assert_eq!(live.report().bytes_read_back, 0);
    assert!(inverted(&shown) && shown.pixels().is_some(), "the one that was asked for");
    // The loop reports when it looks next.
    while live.report().bytes_read_back == 0 {
        thread::yield_now();
    }
    assert_eq!(live.report().bytes_read_back, 4 * 64 * 36);
    assert!(inverted(&shown) && live.report().bytes_read_back == 4 * 64 * 36, "and once");
}

#[test]
fn a_recording_has_the_pixels_that_stay_on_a_shared_device() {
    let Some((live, _)) = on_a_device() else { return };
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("clip.y4m");
    live.set_source(chart(64, 36));
    live.record(Some(Recording { path: path.clone(), rate: Rate::new(30), quality: 90 }));
    live.send(intent(Chain::new().invert(1.0), 1));
    live.give_back(next(&live, 1));
    let from = live.report().frames_out;
    while live.report().frames_out < from + 5 {
        live.wait(PATIENCE).into_iter().for_each(|shown| live.give_back(shown));
    }
    live.record(None);
    notice(&live, |notice| matches!(notice, Notice::Recording(_)));
    let bytes = std::fs::read(&path).unwrap();
    let frame = bytes.windows(6).position(|window| window == b"FRAME\n").expect("a frame") + 6;
    let levels: std::collections::BTreeSet<u8> = bytes[frame..frame + 64].iter().copied().collect();
    assert!(levels.len() > 4, "a row of bars: {levels:?}");
}

#[test]
fn while_a_new_look_compiles_the_one_before_goes_on() {
    let Some((live, _)) = on_a_device() else { return };
    live.set_source(chart(64, 36));
    live.send(intent(Chain::new().invert(1.0), 1));
    live.give_back(next(&live, 1));
    live.send(intent(Chain::new().gaussian_blur(0.1).bilateral(0.02).swirl([0.5, 0.5]).clarity(0.5), 2));
    loop {
        let shown = live.wait(PATIENCE).expect("a frame");
        match shown.revision {
            1 => assert!(inverted(&shown)),
            2 => break,
            other => panic!("revision {other}"),
        }
        live.give_back(shown);
    }
    assert_eq!(live.notices().iter().filter(|notice| !matches!(notice, Notice::Source(_))).count(), 0);
}

#[test]
fn a_lost_device_is_a_notice_and_the_processor_goes_on() {
    let Some((live, device)) = on_a_device() else { return };
    live.set_source(chart(64, 36));
    live.send(intent(Chain::new().invert(1.0), 1));
    let last = next(&live, 1);
    assert!(last.picture().is_some());
    Gpu::share(&device, &GpuOptions::default()).unwrap().simulate_loss();
    let message = notice(&live, |notice| matches!(notice, Notice::Backend(_)));
    assert!(matches!(&message, Notice::Backend(text) if text.contains("lost") && text.contains("CPU")), "{message:?}");
    assert!(last.result().is_err(), "what was on it is gone");
    loop {
        let shown = next(&live, 1);
        if shown.picture().is_none() {
            assert!(inverted(&shown));
            break;
        }
    }
    assert_eq!(live.report().backend, "cpu");
}

/// When a device is lost.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Stage {
    BeforeTheFirstFrame,
    WhileALookCompiles,
    WhileAFrameIsRendered,
    WhileItIsRecorded,
    AtRest,
}

#[test]
fn whatever_is_done_when_the_device_is_lost_the_look_goes_on() {
    use Stage::{AtRest, BeforeTheFirstFrame, WhileAFrameIsRendered, WhileALookCompiles, WhileItIsRecorded};
    for stage in [BeforeTheFirstFrame, WhileALookCompiles, WhileAFrameIsRendered, WhileItIsRecorded, AtRest] {
        let Some((live, device)) = on_a_device() else { return };
        let gpu = Gpu::share(&device, &GpuOptions::default()).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("clip.y4m");
        let heavy = || Chain::new().bilateral(0.02).gaussian_blur(0.2).swirl([0.5, 0.5]).trail(0.5).invert(1.0);
        live.set_source(if stage == AtRest { still(64, 36) } else { chart(320, 180) });
        if stage != BeforeTheFirstFrame {
            live.send(intent(if stage == WhileAFrameIsRendered { heavy() } else { Chain::new().sepia(1.0) }, 1));
            live.give_back(next(&live, 1));
        }
        match stage {
            WhileALookCompiles => live.send(intent(heavy(), 2)),
            WhileItIsRecorded => live.record(Some(Recording { path: path.clone(), rate: Rate::new(30), quality: 90 })),
            _ => {}
        }
        gpu.simulate_loss();
        // Another look, as somebody who goes on working would ask for.
        live.send(intent(Chain::new().invert(1.0), 3));
        let shown = next(&live, 3);
        assert!(shown.picture().is_none() && inverted(&shown), "{stage:?}");
        live.give_back(shown);
        let said = notice(&live, |notice| matches!(notice, Notice::Backend(_)));
        assert!(matches!(&said, Notice::Backend(text) if text.contains("lost")), "{stage:?}: {said:?}");
        assert_eq!(live.report().backend, "cpu", "{stage:?}");
        if stage == WhileItIsRecorded {
            let from = live.report().frames_out;
            while live.report().frames_out < from + 5 {
                live.wait(PATIENCE).into_iter().for_each(|shown| live.give_back(shown));
            }
            live.record(None);
            let said = notice(&live, |notice| matches!(notice, Notice::Recording(_) | Notice::Failed(_)));
            assert!(matches!(&said, Notice::Recording(_)), "{said:?}");
            assert!(std::fs::metadata(&path).unwrap().len() > 320 * 180, "frames of the processor are in it");
        }
        let more = live.notices();
        let failed = more.iter().filter(|notice| matches!(notice, Notice::Failed(_) | Notice::Bypassed { .. }));
        assert_eq!(failed.count(), 0, "{stage:?}: {more:?}");
    }
}
