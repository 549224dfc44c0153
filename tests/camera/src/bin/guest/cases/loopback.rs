//! v4l2loopback: what is written to it can be captured from it.

use crate::node::{self, Role};
use crate::{Case, case, poll, v4l2_ctl};
use anyhow::{Context, ensure};
use bowerbird_camera_tests::pictures::{self, CYCLE, SIZES};
use std::fs::OpenOptions;
use std::io::{self, Write};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

const DRIVER: &str = "v4l2 loopback";
/// A small picture: the machine is slow.
const SIZE: (u16, u16) = SIZES[0];
/// Between two pictures that are written; the driver itself takes them at any pace.
const PACE: Duration = Duration::from_millis(30);

pub(crate) const CASES: &[Case] = &[case("loopback_passes_pictures_on", passes_pictures_on)];

fn passes_pictures_on() -> anyhow::Result<()> {
    let device = node::all()?
        .into_iter()
        .find(|node| node.driver == DRIVER && node.card == "loopback-exclusive")
        .context("no loopback in the machine")?;
    ensure!(device.role == Role::Output, "it is a camera before anybody feeds it: {device:?}");
    let path = device.path.as_path();
    // The format outlasts the process that sets it.
    v4l2_ctl::set(path, "keep_format", 1)?;
    let format = format!("--set-fmt-video-out=width={},height={},pixelformat=YUYV", SIZE.0, SIZE.1);
    v4l2_ctl::run(path, &[&format])?;

    let pictures: Vec<Vec<u8>> = (0..CYCLE).map(|number| pictures::yuyv(number, SIZE)).collect();
    let stop = AtomicBool::new(false);
    let frames = thread::scope(|scope| {
        let feeder = thread::Builder::new().name("feeder".into());
        let feeding = feeder.spawn_scoped(scope, || feed(path, &pictures, &stop))?;
        let frames = captured(path);
        stop.store(true, Ordering::Relaxed);
        feeding.join().expect("does not panic").context("writing to the loopback")?;
        frames
    })?;
    v4l2_ctl::set(path, "keep_format", 0)?;

    let length = frames.len() / 3;
    for frame in frames.chunks(length) {
        // The driver may count whole pages of memory as used.
        let known = pictures.iter().any(|picture| frame.starts_with(picture));
        ensure!(known, "a frame of {length} bytes is none of the pictures");
    }
    Ok(())
}

/// Writes pictures, one after the other, until it is to stop.
fn feed(path: &Path, pictures: &[Vec<u8>], stop: &AtomicBool) -> io::Result<()> {
    let mut device = OpenOptions::new().write(true).open(path)?;
    for picture in pictures.iter().cycle() {
        if stop.load(Ordering::Relaxed) {
            break;
        }
        // One call, one frame.
        device.write_all(picture)?;
        thread::sleep(PACE);
    }
    Ok(())
}

/// Three frames, once the loopback is a camera.
fn captured(path: &Path) -> anyhow::Result<Vec<u8>> {
    poll::until("the loopback to become a camera", || {
        Ok((node::describe(path.to_owned())?.role == Role::Capture).then_some(()))
    })?;
    v4l2_ctl::capture(path, "YUYV", SIZE, 3)
}
