//! Cameras through nokhwa, the portable library: on macOS and Windows always, on Linux when it is asked for.
//!
//! The library is taken at its frames and not at its word. It has no timeout, so everything that may hang runs on a
//! thread that can be left behind ([`guard`], [`Reader`](crate::reader::Reader), [`lease`]); it panics, which is caught
//! there; it decodes carelessly, so only its bytes are used, never its decoders. Listing through [`nokhwa::Camera`] would
//! set a mode, and on macOS gives the modes of the other formats, so the system below is asked. What each system's part
//! of the library gets right stands in its file; formats that it gets wrong are not listed.
//!
//! What cannot be had through it: fractional rates (except on macOS, which rounds them down), the numbers of frames that
//! the camera lost, and, outside of Linux, matrix and range, which are taken to be BT.601 and limited.

#[cfg(any(not(target_os = "linux"), test))]
mod controls;
mod formats;
#[cfg(any(not(target_os = "linux"), test))]
mod guard;
mod lease;
#[cfg(not(target_os = "linux"))]
mod portable;
mod stream;
#[cfg_attr(target_os = "linux", path = "linux.rs")]
#[cfg_attr(target_os = "macos", path = "macos.rs")]
#[cfg_attr(target_os = "windows", path = "windows.rs")]
mod system;

use super::{CameraInfo, CameraRequest, Control, Driver};
use crate::decoded::Decoded;
use crate::{CaptureError, Source};
use core::time::Duration;
use lease::Lease;
#[cfg(not(target_os = "linux"))]
use portable as cameras;
use std::path::Path;
use stream::Stream;
#[cfg(target_os = "linux")]
use system as cameras;

/// How long opening a camera is waited for. What it then says comes as an error; later it is the stall that is said,
/// 1.5 s and a poll of 0.1 s from here on, so that a camera that hangs while it is opened is told of within two seconds.
const OPENING: Duration = Duration::from_millis(300);

/// The library.
pub(super) struct Nokhwa;

impl Driver for Nokhwa {
    fn cameras(&self) -> Result<Vec<CameraInfo>, CaptureError> {
        let cameras = cameras::list()?;
        lease::keep(&|id| cameras.iter().any(|camera| camera.id == id));
        Ok(cameras)
    }

    fn open(&self, camera: &CameraInfo, request: &CameraRequest) -> Result<Box<dyn Source>, CaptureError> {
        let mut choice = request.choose(&camera.name, &camera.modes)?;
        let lease = Lease::take(&camera.id, &camera.name)?;
        let picture = cameras::prepare(camera, &mut choice)?;
        let format = formats::camera_format(&choice).ok_or_else(|| CaptureError::System {
            name: camera.name.clone(),
            reason: format!("its driver took {choice}, which nokhwa does not know"),
        })?;
        let description = format!("{}, {choice} through nokhwa ({})", camera.name, choice.reason);
        let theirs = camera.clone();
        let open = move || Stream::open(theirs, format, picture, lease);
        Ok(Box::new(Decoded::opening("nokhwa", camera.name.clone(), description, OPENING, open)?))
    }

    fn controls(&self, path: &Path) -> Result<Vec<Control>, CaptureError> {
        cameras::controls(path)
    }

    fn set_control(&self, path: &Path, id: u32, value: i64) -> Result<i64, CaptureError> {
        cameras::set_control(path, id, value)
    }
}
