//! Cameras of macOS and Windows, through nokhwa alone. All calls that reach a camera are guarded.

use super::controls::{control, named, setter};
use super::formats::modes;
use super::guard::guarded;
use super::system;
use crate::camera::picture::Picture;
use crate::camera::{CameraInfo, Choice, Control};
use crate::{CaptureError, ColorMatrix, ColorRange};
use core::time::Duration;
use nokhwa::NokhwaError;
use nokhwa::utils::{ApiBackend, CameraIndex};
use std::path::Path;

/// How long the cameras may take to answer, so that a fault is told of within two seconds.
const ANSWER: Duration = Duration::from_millis(1800);

/// Whoever is asked, for messages.
const SYSTEM: &str = "the camera system";

fn failure(name: &str, error: &NokhwaError) -> CaptureError {
    CaptureError::System { name: name.into(), reason: error.to_string() }
}

/// The cameras there are. The key of each, its path, is what the system knows it by for good; it is its identity too.
pub(super) fn list() -> Result<Vec<CameraInfo>, CaptureError> {
    guarded(SYSTEM, ANSWER, || {
        let found = nokhwa::query(ApiBackend::Auto).map_err(|error| failure(SYSTEM, &error))?;
        let camera = |(index, info): (usize, &nokhwa::utils::CameraInfo)| {
            let (name, key) = (info.human_name(), info.misc());
            let listed = system::formats(&key).map_err(|error| failure(&name, &error));
            CameraInfo {
                index,
                name,
                path: key.clone().into(),
                driver: system::NAME.into(),
                id: key,
                modes: listed.as_ref().map_or_else(|_| Vec::new(), |listed| modes(listed)),
                problem: listed.err(),
            }
        };
        Ok(found.iter().enumerate().map(camera).collect())
    })
}

/// Makes sure that the camera may be used, and returns what its pictures are taken to be: the library does not say. BT.601
/// and limited range are what cameras send that do not say otherwise.
pub(super) fn prepare(camera: &CameraInfo, choice: &mut Choice) -> Result<Picture, CaptureError> {
    system::permission(&camera.name)?;
    let Choice { format, width, height, .. } = *choice;
    let (matrix, range) = (ColorMatrix::Bt601, ColorRange::Limited);
    Ok(Picture { format, width, height, stride: format.row_bytes(width), matrix, range })
}

/// What the library calls the camera.
pub(super) fn index(camera: &CameraInfo) -> Result<CameraIndex, CaptureError> {
    Ok(CameraIndex::String(camera.id.clone()))
}

/// The error by its cause: a camera that is not listed any more was unplugged.
pub(super) fn cause(camera: &CameraInfo, error: &NokhwaError) -> CaptureError {
    let listed = nokhwa::query(ApiBackend::Auto);
    if listed.is_ok_and(|listed| listed.iter().all(|other| other.misc() != camera.id)) {
        return CaptureError::Unplugged { name: camera.name.clone() };
    }
    failure(&camera.name, error)
}

/// The key of the camera at `path`.
fn key(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

pub(super) fn controls(path: &Path) -> Result<Vec<Control>, CaptureError> {
    let key = key(path);
    guarded(&key.clone(), ANSWER, move || {
        let listed = system::controls(&key).map_err(|error| failure(&key, &error))?;
        Ok(listed.iter().filter_map(control).collect())
    })
}

pub(super) fn set_control(path: &Path, id: u32, value: i64) -> Result<i64, CaptureError> {
    let key = key(path);
    guarded(&key.clone(), ANSWER, move || {
        let system_error = |reason: String| CaptureError::System { name: key.clone(), reason };
        let known = named(id).ok_or_else(|| system_error(format!("it has no control {id:#x}")))?;
        let find = || {
            let listed = system::controls(&key).map_err(|error| failure(&key, &error))?;
            let found = listed.into_iter().find(|theirs| theirs.control() == known);
            let found = found.and_then(|theirs| control(&theirs).map(|ours| (theirs, ours)));
            found.ok_or_else(|| system_error(format!("it has no control {id:#x}")))
        };
        let (theirs, ours) = find()?;
        if ours.read_only {
            return Err(system_error(format!("“{}” can be looked at only", ours.name)));
        }
        let wanted = setter(&theirs, ours.nearest(value));
        let wanted = wanted.ok_or_else(|| system_error(format!("“{}” is no single value", ours.name)))?;
        system::set_control(&key, known, wanted)
            .map_err(|error| system_error(format!("“{}” cannot be set: {error}", ours.name)))?;
        find().map(|(_, ours)| ours.value)
    })
}
