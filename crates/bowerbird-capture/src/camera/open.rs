//! The functions that every backend gives: listing, opening, controls.

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

#[cfg(target_os = "linux")]
fn cameras_of(backend: Backend) -> Result<Vec<CameraInfo>, CaptureError> {
    match backend {
        Backend::Native => Ok(super::v4l2::cameras()),
        Backend::Nokhwa => Err(no_nokhwa()),
    }
}

#[cfg(not(target_os = "linux"))]
fn cameras_of(_: Backend) -> Result<Vec<CameraInfo>, CaptureError> {
    Err(no_nokhwa())
}

fn no_nokhwa() -> CaptureError {
    CaptureError::Missing {
        what: "the camera library nokhwa".into(),
        hint: "this version has none yet; cameras work on Linux, with the native backend".into(),
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
    let source = open_with(camera, request)?;
    *known = Some(camera.id.clone());
    Ok(source)
}

#[cfg(target_os = "linux")]
fn open_with(camera: &CameraInfo, request: &CameraRequest) -> Result<Box<dyn Source>, CaptureError> {
    match request.backend {
        Backend::Native => super::v4l2::open(camera, request),
        Backend::Nokhwa => Err(no_nokhwa()),
    }
}

#[cfg(not(target_os = "linux"))]
fn open_with(_: &CameraInfo, _: &CameraRequest) -> Result<Box<dyn Source>, CaptureError> {
    Err(no_nokhwa())
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
#[cfg(target_os = "linux")]
pub fn controls(path: &Path) -> Result<Vec<Control>, CaptureError> {
    super::v4l2::controls(path)
}

/// The controls of the camera at `path`: none here, where there are no cameras yet.
///
/// # Errors
///
/// [`CaptureError::Missing`].
#[cfg(not(target_os = "linux"))]
pub fn controls(_: &Path) -> Result<Vec<Control>, CaptureError> {
    Err(no_nokhwa())
}

/// Sets the control `id` of the camera at `path` to the value nearest to `value`, and returns the value that it then has.
/// The camera may be streaming meanwhile.
///
/// # Errors
///
/// As for opening the camera; [`CaptureError::System`] for a control that it does not have or that cannot be set now.
#[cfg(target_os = "linux")]
pub fn set_control(path: &Path, id: u32, value: i64) -> Result<i64, CaptureError> {
    super::v4l2::set_control(path, id, value)
}

/// Sets a control of the camera at `path`: none here, where there are no cameras yet.
///
/// # Errors
///
/// [`CaptureError::Missing`].
#[cfg(not(target_os = "linux"))]
pub fn set_control(_: &Path, _: u32, _: i64) -> Result<i64, CaptureError> {
    Err(no_nokhwa())
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
