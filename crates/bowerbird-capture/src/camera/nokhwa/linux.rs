//! What nokhwa gets right on Linux, and the rest by V4L2 directly.
//!
//! It lists output and metadata nodes as cameras, 30000/1001 as 30000, and it opens no camera whose current rate is a
//! fraction or whose current format it does not know. So cameras, modes and controls are V4L2's, a mode is set before
//! nokhwa opens the camera, and what that cannot open is left out: fractional rates, ranges, and `GREY`, which it calls
//! `GRAY`. Of each frame it hands on the whole buffer, so one that arrived in part has the end of an older one.

use super::formats::{camera_format, modes};
use crate::CaptureError;
use crate::camera::picture::Picture;
use crate::camera::v4l2::{self, V4l2};
use crate::camera::{CameraInfo, Choice, Control, Driver, Mode, Rates, Sizes};
use nokhwa::NokhwaError;
use nokhwa::utils::{CameraFormat, CameraIndex, FrameFormat};
use std::io;
use std::path::Path;

/// The formats whose frames are as they should be.
pub(super) const KNOWN: &[FrameFormat] =
    &[FrameFormat::YUYV, FrameFormat::NV12, FrameFormat::RAWRGB, FrameFormat::RAWBGR, FrameFormat::MJPEG];

/// Rows are as V4L2 says; there is nothing to guess.
pub(super) const ROW_ALIGNMENT: Option<usize> = None;

/// The cameras of V4L2, under the same numbers, with the modes that nokhwa opens.
pub(super) fn list() -> Result<Vec<CameraInfo>, CaptureError> {
    let mut cameras = V4l2.cameras()?;
    for camera in &mut cameras {
        camera.modes = modes(&openable(&camera.modes));
    }
    Ok(cameras)
}

/// Those of V4L2's modes that nokhwa can open.
fn openable(modes: &[Mode]) -> Vec<CameraFormat> {
    let mut all = Vec::new();
    for mode in modes {
        let (Sizes::One(width, height), Rates::List(rates)) = (mode.sizes, &mode.rates) else { continue };
        all.extend(rates.iter().filter_map(|rate| {
            camera_format(&Choice { format: mode.format, width, height, rate: *rate, reason: String::new() })
        }));
    }
    all
}

/// Sets the mode; nokhwa, which finds it set, leaves it.
pub(super) fn prepare(camera: &CameraInfo, choice: &mut Choice) -> Result<Picture, CaptureError> {
    v4l2::prepare(camera, choice)
}

/// What nokhwa calls the camera: the number of its node.
pub(super) fn index(camera: &CameraInfo) -> Result<CameraIndex, CaptureError> {
    let name = camera.path.file_name().and_then(|name| name.to_str());
    let number = name.and_then(|name| name.strip_prefix("video")?.parse().ok());
    number.map(CameraIndex::Index).ok_or_else(|| CaptureError::System {
        name: camera.name.clone(),
        reason: format!("nokhwa has no number for {}", camera.path.display()),
    })
}

/// The error by its cause, which nokhwa has in its text only.
pub(super) fn cause(camera: &CameraInfo, error: &NokhwaError) -> CaptureError {
    let text = error.to_string();
    let code = text.rsplit_once("(os error ").and_then(|(_, rest)| rest.split_once(')')?.0.parse().ok());
    let error = code.map_or_else(|| io::Error::other(text), io::Error::from_raw_os_error);
    v4l2::failure(&camera.name, &camera.path, &error)
}

pub(super) fn controls(path: &Path) -> Result<Vec<Control>, CaptureError> {
    V4l2.controls(path)
}

pub(super) fn set_control(path: &Path, id: u32, value: i64) -> Result<i64, CaptureError> {
    V4l2.set_control(path, id, value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::PixelFormat;
    use crate::camera::Rate;

    #[test]
    fn modes_that_nokhwa_cannot_open_are_left_out() {
        let mode = |format, sizes, rates: &[Rate]| Mode { format, sizes, rates: Rates::List(rates.into()) };
        let one = Sizes::One(640, 480);
        let ntsc = Rate { frames: 30000, seconds: 1001 };
        let range = Sizes::Range { min: (16, 16), max: (640, 480), step: (1, 1) };
        let listed = [
            mode(PixelFormat::Yuyv, one, &[Rate::new(30), ntsc, Rate::new(15)]),
            mode(PixelFormat::Nv12, one, &[ntsc]),
            mode(PixelFormat::Uyvy, one, &[Rate::new(30)]),
            mode(PixelFormat::Gray, one, &[Rate::new(30)]),
            mode(PixelFormat::Rgb, range, &[Rate::new(30)]),
            Mode { format: PixelFormat::Bgr, sizes: one, rates: Rates::Unknown },
        ];
        let words: Vec<_> = modes(&openable(&listed)).iter().map(ToString::to_string).collect();
        assert_eq!(words, ["640×480 YUYV at 30/s, 15/s"]);
    }

    #[test]
    fn errors_have_their_cause_and_cameras_their_number() {
        let camera = |path: &str| CameraInfo { path: path.into(), name: "camera".into(), ..CameraInfo::default() };
        let error = |text: &str| NokhwaError::ReadFrameError(text.into());
        let null = camera("/dev/null");
        assert!(matches!(cause(&null, &error("No such device (os error 19)")), CaptureError::Unplugged { .. }));
        assert!(matches!(cause(&null, &error("Busy (os error 16)")), CaptureError::Busy { .. }));
        assert!(matches!(cause(&null, &error("something else")), CaptureError::System { .. }));
        assert!(matches!(cause(&camera("/dev/no such node"), &error("")), CaptureError::Unplugged { .. }));
        assert_eq!(index(&camera("/dev/video12")).unwrap(), CameraIndex::Index(12));
        assert!(index(&null).is_err());
    }
}
