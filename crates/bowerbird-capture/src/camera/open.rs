//! Listing, opening, controls: the same functions whatever backend is behind them.

use super::{Backend, CameraRequest, Control, DeviceName, Mode};
use crate::{CaptureError, Opener, Source};
use std::path::{Path, PathBuf};

/// A camera, and what it offers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CameraInfo {
    /// Its place in the list of cameras, from 0.
    pub index: usize,
    /// Its name, for people.
    pub name: String,
    /// Its device file, or the key by which the system's library knows it.
    pub path: PathBuf,
    /// The driver that runs it.
    pub driver: String,
    /// Who it is, whatever its device number: maker, model and serial number, or where it is plugged in.
    pub id: String,
    /// What it offers; empty when it could not be asked.
    pub modes: Vec<Mode>,
    /// Why it could not be asked.
    pub problem: Option<CaptureError>,
}

/// The cameras there are, in the order of their device numbers. Nodes that deliver no pictures are left out: metadata,
/// outputs, decoders.
///
/// Asking a camera opens it for a moment, which takes milliseconds, and more when it must be woken.
pub fn cameras() -> Vec<CameraInfo> {
    cameras_of(Backend::Native).unwrap_or_default()
}

fn cameras_of(backend: Backend) -> Result<Vec<CameraInfo>, CaptureError> {
    driver(backend)?.cameras()
}

/// What a backend does.
pub(super) trait Driver {
    /// The cameras there are, numbered from 0.
    fn cameras(&self) -> Result<Vec<CameraInfo>, CaptureError>;

    /// Opens a camera of that list in the mode that comes nearest to the request; compressed frames are decoded.
    fn open(&self, camera: &CameraInfo, request: &CameraRequest) -> Result<Box<dyn Source>, CaptureError>;

    /// The controls of the camera at `path`.
    fn controls(&self, path: &Path) -> Result<Vec<Control>, CaptureError>;

    /// Sets a control to the value nearest to `value`, and returns the one that it then has.
    fn set_control(&self, path: &Path, id: u32, value: i64) -> Result<i64, CaptureError>;
}

fn driver(backend: Backend) -> Result<&'static dyn Driver, CaptureError> {
    match backend {
        #[cfg(target_os = "linux")]
        Backend::Native => Ok(&super::v4l2::V4l2),
        #[cfg(any(target_os = "macos", target_os = "windows"))]
        Backend::Native | Backend::Nokhwa => Ok(&super::nokhwa::Nokhwa),
        #[cfg(all(target_os = "linux", feature = "nokhwa"))]
        Backend::Nokhwa => Ok(&super::nokhwa::Nokhwa),
        #[cfg(all(target_os = "linux", not(feature = "nokhwa")))]
        Backend::Nokhwa => Err(CaptureError::Missing {
            what: "the camera library nokhwa".into(),
            hint: "this build has none; build with `--features nokhwa`, or leave `backend` out".into(),
        }),
        #[cfg(not(any(target_os = "linux", target_os = "macos", target_os = "windows")))]
        Backend::Native | Backend::Nokhwa => Err(CaptureError::Missing {
            what: "cameras".into(),
            hint: "they work on Linux, macOS and Windows; choose a file or a chart".into(),
        }),
    }
}

/// The camera that `device` names, the first by default.
///
/// # Errors
///
/// [`CaptureError::NotFound`], with the cameras there are.
pub fn find_camera(device: Option<&DeviceName>) -> Result<CameraInfo, CaptureError> {
    let request = CameraRequest { device: device.cloned(), ..CameraRequest::default() };
    request.pick(&cameras()).cloned()
}

/// Opens a camera in the mode that comes nearest to the request. Its frames are as the camera sends them, but for
/// compressed ones, which are decoded.
///
/// # Errors
///
/// By cause: not found, in use, no permission, no such format, or what the driver says.
pub fn open_camera(request: &CameraRequest) -> Result<Box<dyn Source>, CaptureError> {
    open(request, &mut None)
}

/// Opens the camera for [`Capture`](crate::Capture). The first call settles which camera is meant; later ones find the
/// same camera, though it was plugged in elsewhere and another has its number.
pub fn camera_opener(request: CameraRequest) -> Opener {
    let mut known = None;
    Box::new(move || open(&request, &mut known))
}

fn open(request: &CameraRequest, known: &mut Option<String>) -> Result<Box<dyn Source>, CaptureError> {
    let cameras = cameras_of(request.backend)?;
    let camera = match known.as_deref() {
        None => request.pick(&cameras)?,
        Some(id) => again(id, &cameras)
            .ok_or_else(|| CaptureError::NotFound { name: id.into(), hint: "plug it in again".into() })?,
    };
    if let Some(problem) = &camera.problem {
        return Err(problem.clone());
    }
    let source = driver(request.backend)?.open(camera, request)?;
    *known = Some(camera.id.clone());
    Ok(source)
}

/// The camera with this identity, or, if there is none, the same in another socket: what stands behind the last `@`.
fn again<'a>(id: &str, cameras: &'a [CameraInfo]) -> Option<&'a CameraInfo> {
    let model = |id: &str| id.rsplit_once('@').map(|(model, _)| model.to_owned());
    cameras.iter().find(|camera| camera.id == id).or_else(|| {
        let wanted = model(id)?;
        cameras.iter().find(|camera| model(&camera.id).as_ref() == Some(&wanted))
    })
}

/// The controls of the camera at `path`, as they are now. It may be streaming meanwhile.
///
/// # Errors
///
/// As for opening the camera.
pub fn controls(path: &Path) -> Result<Vec<Control>, CaptureError> {
    driver(Backend::Native)?.controls(path)
}

/// Sets the control `id` of the camera at `path` to the value nearest to `value`, and returns the value that it then has.
/// The camera may be streaming meanwhile.
///
/// # Errors
///
/// As for opening the camera; [`CaptureError::System`] for a control that it does not have or that cannot be set now.
pub fn set_control(path: &Path, id: u32, value: i64) -> Result<i64, CaptureError> {
    driver(Backend::Native)?.set_control(path, id, value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn camera(id: &str) -> CameraInfo {
        CameraInfo { id: id.into(), ..CameraInfo::default() }
    }

    #[test]
    fn a_camera_is_known_again_by_serial_number_or_else_by_model() {
        let serials = [camera("usb:1:2@1-1"), camera("usb:046d:0825:ABC@1-2")];
        assert_eq!(again("usb:046d:0825:ABC@1-4", &serials), Some(&serials[1]));
        assert_eq!(again("usb:046d:0825:ABD@1-2", &serials), None, "another one of the same model");

        let sockets = [camera("usb:046d:0825@1-3"), camera("usb:046d:0825@1-4")];
        assert_eq!(again("usb:046d:0825@1-4", &sockets), Some(&sockets[1]));
        assert_eq!(again("usb:046d:0825@2-1", &sockets), Some(&sockets[0]));
    }
}
