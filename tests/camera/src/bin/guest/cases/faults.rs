//! What the capture crate makes of a camera that it may not open, and of one that others set otherwise.

use super::capture::{SIZE, event, frame, open, start};
use crate::node::{self, Role};
use crate::{Case, case, poll, v4l2_ctl};
use anyhow::{Context, ensure};
use bowerbird_capture::{CaptureError, Event, Rate, VirtualCamera, cameras};
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

pub(crate) const CASES: &[Case] = &[
    case("faults_a_camera_without_permission_says_how_to_have_it", without_permission),
    case("faults_a_driver_that_stops_is_opened_again", driver_stops),
    case("faults_a_format_left_by_others_is_set_anew", format_left),
    case("faults_another_format_after_a_pause_is_followed", format_changes),
];

/// The option with which this program is run as somebody who may not open the camera behind it.
pub(crate) const REFUSED: &str = "--is-refused";

/// `nobody`: the machine has no users, so any number but root's does.
const NOBODY: u32 = 65534;

fn webcam() -> anyhow::Result<PathBuf> {
    Ok(node::find("vivid", Role::Capture)?.into_iter().next().context("no webcam")?.path)
}

/// Gives a device file its mode back.
struct Mode(PathBuf, Permissions);

impl Drop for Mode {
    fn drop(&mut self) {
        // If it has gone there is nothing to give back.
        let _ = fs::set_permissions(&self.0, self.1.clone());
    }
}

fn without_permission() -> anyhow::Result<()> {
    let path = webcam()?;
    let mode = Mode(path.clone(), fs::metadata(&path)?.permissions());
    fs::set_permissions(&path, Permissions::from_mode(0o000))?;
    // Root may open anything, so somebody else has to try.
    let mut command = Command::new(std::env::current_exe()?);
    let output = command.arg(REFUSED).arg(&path).uid(NOBODY).gid(NOBODY).output()?;
    let said = String::from_utf8_lossy(&output.stdout);
    ensure!(output.status.success(), "{}: {said}{}", output.status, String::from_utf8_lossy(&output.stderr));
    drop(mode);
    frame(open(&path, "size=640x480")?.as_mut()).map(drop)
}

/// The part of the case above that is played by somebody without the right.
pub(crate) fn is_refused(path: &Path) -> anyhow::Result<()> {
    let listed = cameras();
    let camera = listed.iter().find(|camera| camera.path == path).with_context(|| format!("not in {listed:?}"))?;
    ensure!(matches!(camera.problem, Some(CaptureError::Denied { .. })) && camera.modes.is_empty(), "{camera:?}");
    let capture = start(path, "size=640x480")?;
    let failed = event(&capture, "the refusal", |event| matches!(event, Event::Failed(_)))?;
    let Event::Failed(error @ CaptureError::Denied { .. }) = &failed else { anyhow::bail!("{failed:?}") };
    let (words, file) = (error.to_string(), path.display().to_string());
    ensure!(words.contains("no permission") && words.contains(&file) && words.contains("usermod"), "{words}");
    poll::until("the thread to end", || Ok(capture.ended().then_some(())))
}

fn driver_stops() -> anyhow::Result<()> {
    stops("size=640x480&format=YUYV")
}

/// The driver gives the stream up, as it does when its hardware fails.
pub(super) fn stops(options: &str) -> anyhow::Result<()> {
    let path = webcam()?;
    let capture = start(&path, options)?;
    event(&capture, "a start", |event| matches!(event, Event::Started(_)))?;
    v4l2_ctl::set(&path, "inject_fatal_streaming_error", 1)?;
    event(&capture, "the end of the stream", |event| matches!(event, Event::Trouble(CaptureError::System { .. })))?;
    event(&capture, "frames again", |event| matches!(event, Event::Resumed(_))).map(drop)
}

fn format_left() -> anyhow::Result<()> {
    let path = webcam()?;
    for format in ["YUYV", "NV12"] {
        v4l2_ctl::run(&path, &["--set-fmt-video=width=1280,height=720,pixelformat=RGB3"])?;
        let frame = frame(open(&path, &format!("size=640x480&format={format}"))?.as_mut())?;
        let got = (frame.width, frame.height, frame.format.name());
        ensure!(got == (640, 480, format), "{got:?}");
    }
    Ok(())
}

/// The program that feeds a virtual camera ends, and another feeds it with pictures of another size. The driver lets
/// nobody change the format while the camera is open, as vivid and uvcvideo do; so it happens once it was given up.
fn format_changes() -> anyhow::Result<()> {
    let loopback = node::all()?.into_iter().find(|node| node.card == "loopback-open").context("no loopback")?.path;
    let feed = |width: u32, height: u32| -> anyhow::Result<_> {
        let picture = [90, 90, 90, 255].repeat(width as usize * height as usize);
        Ok((VirtualCamera::open(Some(&loopback), width, height, Rate::new(30))?, picture))
    };
    let (width, height) = (u32::from(SIZE.0), u32::from(SIZE.1));
    let (mut output, picture) = feed(width, height)?;
    output.write(&picture)?;
    let capture = start(&loopback, "rate=30")?;
    // Waits for frames of this size, which are written meanwhile.
    let arrive = |output: &mut VirtualCamera, picture: &[u8], width: u32| {
        let arrived = poll::until(&format!("frames {width} pixels wide"), || {
            output.write(picture)?;
            Ok(capture.take().filter(|frame| frame.width == width).map(drop))
        });
        arrived.with_context(|| format!("{:?}", capture.events()))
    };
    arrive(&mut output, &picture, width)?;
    drop(output);
    event(&capture, "the stall", |event| matches!(event, Event::Trouble(CaptureError::Stalled { .. })))?;
    let (mut output, picture) = poll::until("the camera to be given up", || Ok(feed(width * 2, height * 2).ok()))?;
    arrive(&mut output, &picture, width * 2)?;
    let events = capture.events();
    let resumed = |event: &Event| matches!(event, Event::Resumed(what) if what.contains("640×480"));
    ensure!(events.iter().any(resumed), "{events:?}");
    Ok(())
}
