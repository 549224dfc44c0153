//! Media Foundation. Its list of modes is complete but for fractional rates. RGB is left out: its rows may be from the
//! bottom up, and nokhwa does not say.

use crate::CaptureError;
use nokhwa::NokhwaError;
use nokhwa::utils::{
    CameraControl, CameraFormat, CameraIndex, ControlValueSetter, FrameFormat, KnownCameraControl,
    all_known_camera_controls,
};
use nokhwa_bindings_windows::wmf::MediaFoundationDevice;

/// What runs the cameras.
pub(super) const NAME: &str = "Media Foundation";

/// The formats whose frames are as they should be.
pub(super) const KNOWN: &[FrameFormat] = &[FrameFormat::YUYV, FrameFormat::NV12, FrameFormat::MJPEG, FrameFormat::GRAY];

/// Rows come without padding.
pub(super) const ROW_ALIGNMENT: Option<usize> = None;

fn device(key: &str) -> Result<MediaFoundationDevice, NokhwaError> {
    MediaFoundationDevice::new(CameraIndex::String(key.into()))
}

/// What the camera offers, without setting anything.
pub(super) fn formats(key: &str) -> Result<Vec<CameraFormat>, NokhwaError> {
    device(key)?.compatible_format_list()
}

/// Windows asks the user nothing; it refuses when the camera is opened.
pub(super) fn permission(_: &str) -> Result<(), CaptureError> {
    Ok(())
}

pub(super) fn controls(key: &str) -> Result<Vec<CameraControl>, NokhwaError> {
    let device = device(key)?;
    Ok(all_known_camera_controls().into_iter().filter_map(|control| device.control(control).ok()).collect())
}

pub(super) fn set_control(key: &str, id: KnownCameraControl, value: ControlValueSetter) -> Result<(), NokhwaError> {
    device(key)?.set_control(id, value)
}
