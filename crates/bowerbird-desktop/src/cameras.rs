//! The cameras of the machine, behind a trait: the app asks nothing else for cameras, so that it can be run with others.

use bowerbird_capture::{CameraInfo, CameraRequest, CaptureError, Control, Opener, camera_opener};
use std::fmt::Debug;
use std::path::Path;

/// Which cameras there are, what can be set, and how they are opened.
///
/// All but [`opener`](Self::opener) are called on a thread that may be kept waiting: a camera that sleeps takes its time.
pub trait Cameras: Debug + Send + Sync {
    /// The cameras there are, numbered from 0.
    fn list(&self) -> Vec<CameraInfo>;

    /// The controls of the camera at a path, as they are now.
    ///
    /// # Errors
    /// As for opening the camera.
    fn controls(&self, path: &Path) -> Result<Vec<Control>, CaptureError>;

    /// Sets a control to the value nearest to `value`.
    ///
    /// # Errors
    /// As for opening the camera; [`CaptureError::System`] for a control that cannot be set now.
    fn set_control(&self, path: &Path, id: u32, value: i64) -> Result<(), CaptureError>;

    /// What opens a camera, on the thread that reads it, and again when it was lost.
    fn opener(&self, request: CameraRequest) -> Opener;
}

/// The cameras of the system.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemCameras;

impl Cameras for SystemCameras {
    fn list(&self) -> Vec<CameraInfo> {
        bowerbird_capture::cameras()
    }

    fn controls(&self, path: &Path) -> Result<Vec<Control>, CaptureError> {
        bowerbird_capture::controls(path)
    }

    fn set_control(&self, path: &Path, id: u32, value: i64) -> Result<(), CaptureError> {
        bowerbird_capture::set_control(path, id, value).map(drop)
    }

    fn opener(&self, request: CameraRequest) -> Opener {
        camera_opener(request)
    }
}
