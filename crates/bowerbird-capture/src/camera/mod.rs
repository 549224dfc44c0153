//! Cameras: which there are, what they offer, and their frames and controls.
//!
//! A backend is a `Driver`. On Linux that is V4L2, spoken to directly and without libclang at build; on macOS and Windows
//! it is the library nokhwa, which Linux has too where it is built in and asked for. Which mode is taken, and what a
//! frame is, is the same for both. Nothing here waits without an end: reading takes a timeout, the first frame included. A
//! camera is known by an identity that outlives its device number, so one that is plugged in again is found again.
//!
//! ```no_run
//! use bowerbird_capture::{CameraRequest, Capture, camera_opener, cameras};
//! use std::time::Duration;
//!
//! for camera in cameras() {
//!     println!("{}: {} ({})", camera.index, camera.name, camera.path.display());
//! }
//! let capture = Capture::start(camera_opener(CameraRequest::default()))?;
//! while let Some(frame) = capture.wait(Duration::from_secs(3)) {
//!     println!("{}×{} {}", frame.width, frame.height, frame.format);
//! }
//! # Ok::<(), bowerbird_capture::CaptureError>(())
//! ```

mod choose;
mod control;
mod mode;
#[cfg(any(target_os = "macos", target_os = "windows", all(target_os = "linux", feature = "nokhwa")))]
mod nokhwa;
mod open;
#[cfg(any(target_os = "linux", target_os = "macos", target_os = "windows"))]
mod picture;
#[cfg(target_os = "linux")]
mod v4l2;

pub use choose::{Backend, CameraRequest, Choice, DeviceName};
pub use control::{Control, ControlKind, MenuItem};
pub use mode::{Mode, Rate, Rates, Sizes};
#[cfg(any(target_os = "linux", target_os = "macos", target_os = "windows"))]
use open::Driver;
pub use open::{CameraInfo, camera_opener, cameras, controls, find_camera, open_camera, set_control};
#[cfg(target_os = "linux")]
pub use v4l2::{VirtualCamera, VirtualCameraInfo, virtual_cameras};
