//! The emulated USB camera behind the kernel's uvcvideo driver.

use crate::fake_camera::{FakeCamera, PICTURES};
use crate::node::{Node, Role};
use crate::{Case, case, poll, v4l2_ctl};
use anyhow::ensure;
use bowerbird_camera_tests::pictures::{self, SIZES};
use std::fs;
use std::path::Path;
use std::time::Duration;

pub(crate) const CASES: &[Case] = &[
    case("usb_formats_and_rates", formats_and_rates),
    case("usb_controls", controls),
    case("usb_jpeg_frames_arrive_in_order", jpeg_frames_arrive_in_order),
    case("usb_yuyv_frames_arrive_in_order", yuyv_frames_arrive_in_order),
    case("usb_short_frames_are_short", short_frames_are_short),
    case("usb_other_faults", other_faults),
    case("usb_stalls_and_resumes", stalls_and_resumes),
    case("usb_unplugged_and_plugged_in_again", unplugged_and_plugged_in_again),
    case("usb_timers_unplug_and_replug", timers_unplug_and_replug),
];

/// A small picture: the machine is slow.
const SIZE: (u16, u16) = SIZES[0];

fn formats_and_rates() -> anyhow::Result<()> {
    let camera = FakeCamera::start(&[])?;
    let formats = v4l2_ctl::run(&camera.node()?.path, &["--list-formats-ext"])?;
    for expected in ["'MJPG'", "'YUYV'", "320x240", "640x480", "1280x720", "30.000 fps", "29.970 fps", "15.000 fps"] {
        ensure!(formats.contains(expected), "{expected} is not in {formats}");
    }
    let roles: Vec<Role> = poll::until("both devices", || Ok(Some(camera.nodes()?).filter(|nodes| nodes.len() == 2)))?
        .iter()
        .map(|node| node.role)
        .collect();
    ensure!(roles == [Role::Capture, Role::Other], "frames, then metadata; there are {roles:?}");
    Ok(())
}

fn controls() -> anyhow::Result<()> {
    let camera = FakeCamera::start(&[])?;
    let Node { path, .. } = camera.node()?;
    // Manual modes come before the values that they allow to set.
    let settings = [
        ("auto_exposure", 1),
        ("exposure_time_absolute", 333),
        ("focus_automatic_continuous", 0),
        ("focus_absolute", 125),
        ("white_balance_automatic", 0),
        ("white_balance_temperature", 5200),
        ("zoom_absolute", 180),
        ("gain", 17),
        ("brightness", 99),
    ];
    for (control, value) in settings {
        v4l2_ctl::set(&path, control, value)?;
        let read = v4l2_ctl::get(&path, control)?;
        ensure!(read == value, "{control} is {read}, not {value}");
    }
    let list = v4l2_ctl::run(&path, &["--list-ctrls"])?;
    let exposure = list.lines().find(|line| line.contains("exposure_time_absolute")).unwrap_or_default();
    ensure!(exposure.contains("min=3 max=2047 step=1 default=250 value=333"), "{exposure}");
    Ok(())
}

/// The pictures as the machine holds them.
fn stored(numbers: impl IntoIterator<Item = usize>) -> anyhow::Result<Vec<Vec<u8>>> {
    let read = |number| Ok(fs::read(Path::new(PICTURES).join(pictures::path(number, SIZE)))?);
    numbers.into_iter().map(read).collect()
}

fn jpeg_frames_arrive_in_order() -> anyhow::Result<()> {
    let camera = FakeCamera::start(&[])?;
    // Beyond the end of the cycle.
    let frames = v4l2_ctl::capture(&camera.node()?.path, "MJPG", SIZE, 18)?;
    let expected = stored((0..18).map(|number| number % pictures::CYCLE))?.concat();
    ensure!(frames == expected, "{} bytes arrived, other than the {} sent", frames.len(), expected.len());
    Ok(())
}

fn yuyv_frames_arrive_in_order() -> anyhow::Result<()> {
    let camera = FakeCamera::start(&[])?;
    let frames = v4l2_ctl::capture(&camera.node()?.path, "YUYV", SIZE, 5)?;
    let expected: Vec<u8> = (0..5).flat_map(|number| pictures::yuyv(number, SIZE)).collect();
    ensure!(frames == expected, "{} bytes arrived, other than the {} sent", frames.len(), expected.len());
    Ok(())
}

fn short_frames_are_short() -> anyhow::Result<()> {
    let camera = FakeCamera::start(&["--short", "2"])?;
    let frames = v4l2_ctl::capture(&camera.node()?.path, "MJPG", SIZE, 4)?;
    let mut expected = stored(0..4)?;
    for number in [1, 3] {
        let half = expected[number].len() / 2;
        expected[number].truncate(half);
    }
    ensure!(frames == expected.concat(), "{} bytes arrived", frames.len());
    Ok(())
}

fn other_faults() -> anyhow::Result<()> {
    let mut camera = FakeCamera::start(&[])?;
    let Node { path, .. } = camera.node()?;
    let whole = stored(0..4)?;

    // The driver never delivers a frame without bytes.
    camera.order("empty 2")?;
    let frames = v4l2_ctl::capture(&path, "MJPG", SIZE, 2)?;
    ensure!(frames == [whole[0].as_slice(), &whole[2]].concat(), "empty frames: {} bytes arrived", frames.len());
    camera.order("empty off")?;

    camera.order("corrupt 2")?;
    let frames = v4l2_ctl::capture(&path, "MJPG", SIZE, 4)?;
    ensure!(frames.len() == whole.concat().len(), "damage: {} bytes arrived", frames.len());
    ensure!(frames.starts_with(&whole[0]) && frames != whole.concat(), "damage: it is not where it should be");
    camera.order("corrupt off")?;

    camera.order("no-huffman on")?;
    let frames = v4l2_ctl::capture(&path, "MJPG", SIZE, 1)?;
    ensure!(frames.len() < whole[0].len(), "tables: {} bytes arrived", frames.len());
    camera.order("no-huffman off")?;

    // Delivered nonetheless, and marked; v4l2-ctl skips what is marked.
    camera.order("flawed 2")?;
    let frames = v4l2_ctl::capture(&path, "MJPG", SIZE, 2)?;
    ensure!(frames.starts_with(&whole[0]), "flaws: {} bytes arrived", frames.len());
    Ok(())
}

fn stalls_and_resumes() -> anyhow::Result<()> {
    const STILL: Duration = Duration::from_millis(700);
    let mut camera = FakeCamera::start(&["--stall-after", "3"])?;
    let Node { path, .. } = camera.node()?;
    let format = format!("--set-fmt-video=width={},height={},pixelformat=MJPG", SIZE.0, SIZE.1);
    let capture = v4l2_ctl::start(&path, &[&format, "--stream-mmap"])?;
    let more_than =
        |least: usize| poll::until("more frames", || Ok((capture.frames()? > least).then_some(()))).map(drop);

    more_than(2)?;
    let frames = poll::until_still("the stream to stall", STILL, || capture.frames())?;
    ensure!(frames == 3, "{frames} frames arrived, not 3");
    camera.order("resume")?;
    more_than(frames)?;
    camera.order("stall")?;
    let frames = poll::until_still("the stream to stall again", STILL, || capture.frames())?;
    camera.order("resume")?;
    more_than(frames)
}

fn unplugged_and_plugged_in_again() -> anyhow::Result<()> {
    let mut camera = FakeCamera::start(&[])?;
    let before = camera.node()?;
    // In the middle of a stream, as it happens.
    let _capture = v4l2_ctl::start(&before.path, &["--stream-mmap"])?;
    camera.wait_for_line("streaming")?;
    camera.order("unplug")?;
    before.wait_gone()?;
    camera.order("plug")?;
    let after = camera.node()?;
    ensure!(after.bus == before.bus, "it came back at {}, not {}", after.bus, before.bus);
    let frames = v4l2_ctl::capture(&after.path, "MJPG", SIZE, 2)?;
    ensure!(frames == stored(0..2)?.concat(), "{} bytes arrived after it came back", frames.len());
    Ok(())
}

fn timers_unplug_and_replug() -> anyhow::Result<()> {
    let mut camera = FakeCamera::start(&["--unplug-after", "1.5", "--replug-after", "0.5"])?;
    let node = camera.node()?;
    node.wait_gone()?;
    camera.wait_for_line("plugged into port")?;
    camera.node().map(drop)
}
