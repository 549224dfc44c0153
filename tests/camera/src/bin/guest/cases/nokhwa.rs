//! What the capture crate makes of the machine's cameras through nokhwa, faults included.
//!
//! nokhwa numbers nothing and hands on whole buffers, so frames are told by what they show.

use super::capture::{SIZE, event, frame, open, shown, start};
use super::faults::stops;
use crate::fake_camera::FakeCamera;
use crate::node::{self, Role};
use crate::{Case, case, poll, v4l2_ctl};
use anyhow::{Context, ensure};
use bowerbird_camera_tests::pictures;
use bowerbird_capture::{CaptureError, Event};

pub(crate) const CASES: &[Case] = &[
    case("nokhwa_yuyv_frames_are_those_sent", yuyv_frames),
    case("nokhwa_jpeg_frames_show_their_numbers", jpeg_frames),
    case("nokhwa_frames_are_those_of_v4l2", frames_of_v4l2),
    case("nokhwa_opens_what_was_left_at_a_fractional_rate", fractional_rate),
    case("nokhwa_damage_is_counted", damage),
    case("nokhwa_reports_a_stall_and_resumes", stall),
    case("nokhwa_resumes_when_plugged_in_again", replug),
    case("nokhwa_says_who_is_busy", busy),
    case("nokhwa_opens_again_what_the_driver_stopped", driver_stops),
];

const YUYV: &str = "size=320x240&format=YUYV&backend=nokhwa";
const MJPEG: &str = "size=320x240&format=MJPEG&backend=nokhwa";

fn yuyv_frames() -> anyhow::Result<()> {
    let camera = FakeCamera::start(&[])?;
    let mut source = open(&camera.node()?.path, YUYV)?;
    ensure!(source.describe().contains("nokhwa"), "{}", source.describe());
    let mut last = None;
    for _ in 0..4 {
        let frame = frame(source.as_mut())?;
        let number = shown(&frame)?;
        ensure!(frame.data == pictures::yuyv(number, SIZE), "the bytes are not those of picture {number}");
        ensure!(last < Some((frame.sequence, frame.time)), "{last:?}, then {} at {:?}", frame.sequence, frame.time);
        last = Some((frame.sequence, frame.time));
    }
    Ok(())
}

fn jpeg_frames() -> anyhow::Result<()> {
    for options in [&[][..], &["--no-huffman"]] {
        let camera = FakeCamera::start(options)?;
        let mut source = open(&camera.node()?.path, MJPEG)?;
        let numbers = [shown(&frame(source.as_mut())?)?, shown(&frame(source.as_mut())?)?];
        ensure!(numbers[0] != numbers[1], "two pictures show {}", numbers[0]);
    }
    Ok(())
}

/// Of a picture that stands still: the same bytes, layout and colors.
fn frames_of_v4l2() -> anyhow::Result<()> {
    let webcam = node::find("vivid", Role::Capture)?.into_iter().next().context("no webcam")?;
    v4l2_ctl::set(&webcam.path, "osd_text_mode", 2)?;
    for format in ["YUYV", "NV12", "RGB", "BGR"] {
        let options = format!("size=640x480&rate=30&format={format}");
        let direct = frame(open(&webcam.path, &options)?.as_mut())?;
        let through = frame(open(&webcam.path, &format!("{options}&backend=nokhwa"))?.as_mut())?;
        ensure!(direct.data == through.data, "{format}: the bytes differ");
        let layout = |frame: &bowerbird_capture::Frame| (frame.format, frame.stride, frame.matrix, frame.range);
        ensure!(layout(&direct) == layout(&through), "{:?}, {:?}", layout(&direct), layout(&through));
    }
    Ok(())
}

fn fractional_rate() -> anyhow::Result<()> {
    let camera = FakeCamera::start(&[])?;
    let path = camera.node()?.path;
    frame(open(&path, "size=320x240&rate=30000/1001&format=YUYV")?.as_mut())?;
    let mut source = open(&path, &format!("{YUYV}&rate=30000/1001"))?;
    frame(source.as_mut())?;
    ensure!(source.describe().contains("at 30/s"), "{}", source.describe());
    Ok(())
}

/// What arrives in part is not told by nokhwa, and often decodes with the end of an older picture; damage inside does not.
fn damage() -> anyhow::Result<()> {
    let camera = FakeCamera::start(&["--corrupt", "3"])?;
    let capture = start(&camera.node()?.path, MJPEG)?;
    event(&capture, "a damaged frame", |event| matches!(event, Event::Damaged(_)))?;
    let before = capture.counters().frames;
    poll::until("frames after it", || {
        capture.take().map(|frame| capture.give_back(frame)).unwrap_or_default();
        Ok((capture.counters().frames > before).then_some(()))
    })
}

fn stall() -> anyhow::Result<()> {
    let mut camera = FakeCamera::start(&["--stall-after", "3"])?;
    let capture = start(&camera.node()?.path, YUYV)?;
    event(&capture, "the stall", |event| matches!(event, Event::Trouble(CaptureError::Stalled { .. })))?;
    // It is given up, and its thread left behind, which keeps it from being opened once more.
    event(&capture, "its end", |event| matches!(event, Event::Trouble(CaptureError::System { .. })))?;
    camera.order("resume")?;
    event(&capture, "frames again", |event| matches!(event, Event::Resumed(_))).map(drop)
}

fn replug() -> anyhow::Result<()> {
    let mut camera = FakeCamera::start(&[])?;
    let capture = start(&camera.node()?.path, YUYV)?;
    event(&capture, "a start", |event| matches!(event, Event::Started(_)))?;
    camera.order("unplug")?;
    event(&capture, "the loss", |event| matches!(event, Event::Trouble(CaptureError::Unplugged { .. })))?;
    camera.order("plug")?;
    event(&capture, "frames again", |event| matches!(event, Event::Resumed(_))).map(drop)
}

fn driver_stops() -> anyhow::Result<()> {
    stops("size=640x480&format=YUYV&backend=nokhwa")
}

fn busy() -> anyhow::Result<()> {
    let camera = FakeCamera::start(&[])?;
    let path = camera.node()?.path;
    let mut first = open(&path, "size=320x240&format=YUYV")?;
    frame(first.as_mut())?;
    let capture = start(&path, YUYV)?;
    event(&capture, "the refusal", |event| matches!(event, Event::Trouble(CaptureError::Busy { .. })))?;
    drop(first);
    event(&capture, "its turn", |event| matches!(event, Event::Started(_) | Event::Resumed(_))).map(drop)
}
