//! What the capture crate makes of the machine's cameras, and of everything that can happen to one.

use crate::fake_camera::FakeCamera;
use crate::node::{self, Role};
use crate::{Case, case, poll, v4l2_ctl};
use anyhow::{Context, ensure};
use bowerbird_camera_tests::pictures::{self, CYCLE, SIZES};
use bowerbird_capture::{
    Capture, CaptureError, Event, Frame, Rate, Read, Source, SourceSpec, VirtualCamera, cameras, controls, open_camera,
    set_control,
};
use std::path::Path;
use std::time::Duration;

/// A small picture: the machine is slow.
pub(super) const SIZE: (u16, u16) = SIZES[0];

/// What a case waits for one frame.
const PATIENCE: Duration = Duration::from_secs(10);

pub(crate) const CASES: &[Case] = &[
    case("capture_lists_cameras_and_nothing_else", lists_cameras),
    case("capture_yuyv_frames_are_those_sent", yuyv_frames),
    case("capture_jpeg_frames_show_their_numbers", jpeg_frames),
    case("capture_nv12_is_a_still_picture", nv12_frames),
    case("capture_fractional_rates", fractional_rates),
    case("capture_sets_controls", sets_controls),
    case("capture_counts_damage_and_goes_on", damage),
    case("capture_opens_a_camera_again_that_sends_nothing_of_use", nothing_of_use),
    case("capture_passes_over_empty_frames", empty),
    case("capture_reports_a_stall_and_resumes", stall),
    case("capture_resumes_when_plugged_in_again", replug),
    case("capture_says_who_is_busy", busy),
    case("capture_feeds_a_virtual_camera", virtual_camera),
];

fn spec(path: &Path, options: &str) -> anyhow::Result<SourceSpec> {
    Ok(format!("camera:{}?{options}", path.display()).parse()?)
}

pub(super) fn open(path: &Path, options: &str) -> anyhow::Result<Box<dyn Source>> {
    Ok(open_camera(&spec(path, options)?.camera().context("it is a camera")?)?)
}

/// Runs a camera on a thread, as the app does.
pub(super) fn start(path: &Path, options: &str) -> anyhow::Result<Capture> {
    let no_pictures = |_: &Path, _: &mut Frame| {
        Err(CaptureError::Missing { what: "a decoder of files".into(), hint: "cameras need none".into() })
    };
    Ok(Capture::start(spec(path, options)?.open(Box::new(no_pictures)))?)
}

/// The next frame of a source.
pub(super) fn frame(source: &mut dyn Source) -> anyhow::Result<Frame> {
    let mut frame = Frame::default();
    poll::until("a frame", || Ok((source.read(&mut frame, PATIENCE)? == Read::Frame).then_some(())))?;
    Ok(frame)
}

/// The number that a frame of the emulated camera shows.
pub(super) fn shown(frame: &Frame) -> anyhow::Result<usize> {
    let mut rgba = Vec::new();
    frame.to_rgba(&mut rgba)?;
    let width = frame.width as usize;
    pictures::number(SIZE, |x, y| rgba[(y * width + x) * 4 + 1]).context("the picture shows no number")
}

/// Waits for an event; frames are taken meanwhile.
pub(super) fn event(capture: &Capture, what: &str, wanted: impl Fn(&Event) -> bool) -> anyhow::Result<Event> {
    let mut seen = Vec::new();
    let found = poll::until(what, || {
        capture.take().map(|frame| capture.give_back(frame)).unwrap_or_default();
        seen.extend(capture.events());
        Ok(seen.iter().find(|event| wanted(event)).cloned())
    });
    found.with_context(|| format!("{seen:?} happened, {:?}", capture.counters()))
}

fn lists_cameras() -> anyhow::Result<()> {
    let camera = FakeCamera::start(&[])?;
    let usb = camera.node()?.path;
    let listed = cameras();
    for node in node::all()? {
        let is_listed = listed.iter().any(|camera| camera.path == node.path);
        let delivers = matches!(node.role, Role::Capture);
        ensure!(is_listed || !delivers, "{node:?} is not listed");
        ensure!(!is_listed || matches!(node.role, Role::Capture | Role::Both), "{node:?} is listed");
    }
    let found = listed.iter().find(|camera| camera.path == usb).context("the USB camera is not listed")?;
    let modes: Vec<String> = found.modes.iter().map(ToString::to_string).collect();
    for expected in ["MJPEG", "YUYV", "29.97", "1280×720"] {
        ensure!(modes.iter().any(|mode| mode.contains(expected)), "{expected} is not in {modes:?}");
    }
    Ok(())
}

fn yuyv_frames() -> anyhow::Result<()> {
    let camera = FakeCamera::start(&[])?;
    let mut source = open(&camera.node()?.path, "size=320x240&format=YUYV")?;
    for _ in 0..4 {
        let frame = frame(source.as_mut())?;
        let number = shown(&frame)?;
        ensure!(frame.data == pictures::yuyv(number, SIZE), "the bytes are not those of picture {number}");
        ensure!(frame.sequence as usize % CYCLE == number, "frame {} shows {number}", frame.sequence);
    }
    Ok(())
}

fn jpeg_frames() -> anyhow::Result<()> {
    for options in [&[][..], &["--no-huffman"]] {
        let camera = FakeCamera::start(options)?;
        let mut source = open(&camera.node()?.path, "size=320x240&format=MJPEG")?;
        for _ in 0..3 {
            let frame = frame(source.as_mut())?;
            let number = shown(&frame)?;
            ensure!(frame.sequence as usize % CYCLE == number, "frame {} shows {number}", frame.sequence);
        }
    }
    Ok(())
}

fn nv12_frames() -> anyhow::Result<()> {
    let webcam = node::find("vivid", Role::Capture)?.into_iter().next().context("no webcam")?;
    v4l2_ctl::set(&webcam.path, "osd_text_mode", 2)?;
    let mut source = open(&webcam.path, "size=640x480&format=NV12")?;
    let (first, second) = (frame(source.as_mut())?, frame(source.as_mut())?);
    ensure!((first.width, first.height) == (640, 480), "{}×{}", first.width, first.height);
    ensure!(first.data == second.data, "two frames of a still picture differ");
    ensure!(first.time < second.time, "{:?} is not before {:?}", first.time, second.time);
    Ok(())
}

fn fractional_rates() -> anyhow::Result<()> {
    let camera = FakeCamera::start(&[])?;
    let mut source = open(&camera.node()?.path, "size=320x240&rate=30000/1001&format=YUYV")?;
    frame(source.as_mut())?;
    ensure!(source.describe().contains("29.97"), "{}", source.describe());
    Ok(())
}

fn sets_controls() -> anyhow::Result<()> {
    let camera = FakeCamera::start(&[])?;
    let path = camera.node()?.path;
    let mut source = open(&path, "size=320x240&format=YUYV")?;
    frame(source.as_mut())?;
    // While it streams, and read back by another program. A value out of range becomes the nearest.
    for (label, name, value, expected) in [("Gain", "gain", 17, 17), ("Brightness", "brightness", 99, 99)] {
        let all = controls(&path)?;
        let control = all.iter().find(|control| control.name == label).with_context(|| format!("{label}: {all:?}"))?;
        ensure!(set_control(&path, control.id, control.nearest(value))? == expected, "{label} was set otherwise");
        ensure!(v4l2_ctl::get(&path, name)? == expected, "{label} did not keep its value");
    }
    Ok(())
}

fn damage() -> anyhow::Result<()> {
    for fault in ["--short", "--corrupt", "--flawed"] {
        let camera = FakeCamera::start(&[fault, "3"])?;
        let capture = start(&camera.node()?.path, "size=320x240&format=MJPEG")?;
        event(&capture, "a damaged frame", |event| matches!(event, Event::Damaged(_)))?;
        let before = capture.counters().frames;
        poll::until("frames after it", || {
            capture.take().map(|frame| capture.give_back(frame)).unwrap_or_default();
            Ok((capture.counters().frames > before).then_some(()))
        })?;
        ensure!(capture.counters().damaged > 0, "{fault}: none was counted");
    }
    Ok(())
}

/// Frames that are no longer what was agreed on, each of them.
fn nothing_of_use() -> anyhow::Result<()> {
    for format in ["YUYV", "MJPEG"] {
        let mut camera = FakeCamera::start(&[])?;
        let capture = start(&camera.node()?.path, &format!("size=320x240&format={format}"))?;
        event(&capture, "a start", |event| matches!(event, Event::Started(_)))?;
        camera.order("short on")?;
        event(&capture, "the loss", |event| match event {
            Event::Trouble(error @ CaptureError::System { .. }) => error.to_string().contains("opened again"),
            _ => false,
        })?;
        camera.order("short off")?;
        event(&capture, "frames again", |event| matches!(event, Event::Resumed(_)))?;
    }
    Ok(())
}

/// The driver passes over frames without a byte, and their numbers.
fn empty() -> anyhow::Result<()> {
    let camera = FakeCamera::start(&["--empty", "3"])?;
    let mut source = open(&camera.node()?.path, "size=320x240&format=YUYV")?;
    let shown = [shown(&frame(source.as_mut())?)?, shown(&frame(source.as_mut())?)?, shown(&frame(source.as_mut())?)?];
    let gaps = shown.windows(2).filter(|pair| (pair[0] + 1) % CYCLE != pair[1]).count();
    ensure!(gaps >= 1, "{shown:?}: none was left out");
    Ok(())
}

fn stall() -> anyhow::Result<()> {
    let mut camera = FakeCamera::start(&["--stall-after", "3"])?;
    let capture = start(&camera.node()?.path, "size=320x240&format=YUYV")?;
    event(&capture, "the stall", |event| matches!(event, Event::Trouble(CaptureError::Stalled { .. })))?;
    camera.order("resume")?;
    event(&capture, "frames again", |event| matches!(event, Event::Resumed(_))).map(drop)
}

fn replug() -> anyhow::Result<()> {
    let mut camera = FakeCamera::start(&[])?;
    let capture = start(&camera.node()?.path, "size=320x240&format=YUYV")?;
    event(&capture, "a start", |event| matches!(event, Event::Started(_)))?;
    camera.order("unplug")?;
    event(&capture, "the loss", |event| matches!(event, Event::Trouble(CaptureError::Unplugged { .. })))?;
    camera.order("plug")?;
    event(&capture, "frames again", |event| matches!(event, Event::Resumed(_))).map(drop)
}

fn busy() -> anyhow::Result<()> {
    let camera = FakeCamera::start(&[])?;
    let path = camera.node()?.path;
    let mut first = open(&path, "size=320x240&format=YUYV")?;
    frame(first.as_mut())?;
    let capture = start(&path, "size=320x240&format=YUYV")?;
    event(&capture, "the refusal", |event| matches!(event, Event::Trouble(CaptureError::Busy { .. })))?;
    drop(first);
    event(&capture, "its turn", |event| matches!(event, Event::Started(_) | Event::Resumed(_))).map(drop)
}

fn virtual_camera() -> anyhow::Result<()> {
    let loopback = node::all()?.into_iter().find(|node| node.card == "loopback-open").context("no loopback")?;
    let (width, height) = SIZE;
    let mut output = VirtualCamera::open(Some(&loopback.path), width.into(), height.into(), Rate::new(30))?;
    let color = [200, 60, 30, 255];
    let picture = color.repeat(usize::from(width) * usize::from(height));
    output.write(&picture)?;
    let mut source = open(&loopback.path, "size=320x240")?;
    let mut rgba = Vec::new();
    let mut frame = Frame::default();
    poll::until("what was written", || {
        output.write(&picture)?;
        Ok((source.read(&mut frame, Duration::from_millis(50))? == Read::Frame).then_some(()))
    })?;
    frame.to_rgba(&mut rgba)?;
    // Through 8-bit luma and chroma and back.
    const CODES: u8 = 3;
    let same = rgba.chunks_exact(4).all(|pixel| pixel.iter().zip(color).all(|(a, b)| a.abs_diff(b) <= CODES));
    ensure!(same, "{:?} came back for {color:?}", &rgba[..4]);
    Ok(())
}
