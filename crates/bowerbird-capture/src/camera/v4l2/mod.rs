//! Cameras through V4L2, Linux's own interface.
//!
//! The crate linux-video holds the unsafe part: the calls, the structures of the kernel and the mapped buffers. Its
//! enumerations cannot hold a number that it does not know, so values from the kernel are compared and passed on as
//! numbers and never matched. Descriptors are non-blocking throughout: a call that would wait says so, and waiting is
//! `poll` with a timeout.
//!
//! Devices of which pictures come in several buffers a frame, `V4L2_BUF_TYPE_VIDEO_CAPTURE_MPLANE`, are not listed:
//! linux-video has the formats of that interface and not its buffers, and v4l2r 0.0.8, which has both, needs libclang to
//! build. Many cameras on ARM boards are such devices.

mod color;
mod controls;
mod device;
mod list;
mod output;
mod stream;

use super::Driver;
use super::{CameraInfo, CameraRequest, Control};
use crate::{CaptureError, Source};
#[cfg(feature = "nokhwa")]
pub(super) use device::failure;
pub use output::{VirtualCamera, VirtualCameraInfo, virtual_cameras};
use std::path::Path;
#[cfg(feature = "nokhwa")]
pub(super) use stream::prepare;

/// V4L2.
pub(super) struct V4l2;

impl Driver for V4l2 {
    fn cameras(&self) -> Result<Vec<CameraInfo>, CaptureError> {
        Ok(list::cameras())
    }

    fn open(&self, camera: &CameraInfo, request: &CameraRequest) -> Result<Box<dyn Source>, CaptureError> {
        stream::open(camera, request)
    }

    fn controls(&self, path: &Path) -> Result<Vec<Control>, CaptureError> {
        controls::controls(path)
    }

    fn set_control(&self, path: &Path, id: u32, value: i64) -> Result<i64, CaptureError> {
        controls::set_control(path, id, value)
    }
}
