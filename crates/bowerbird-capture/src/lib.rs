//! Frames from wherever they come: cameras, video files, pictures, pipes, and charts that are drawn here.
//!
//! Every source is one [`Source`]: it hands out [`Frame`]s, packed pixels exactly as they arrived with everything needed
//! to read them (format, stride, color matrix and range), and when they were taken. Behind that trait all sources are
//! alike, so what works with a chart works with a camera. [`Capture`] runs a source on a thread of its own, puts the
//! newest frame into a [`Mailbox`] of one slot, says what happened as [`Event`]s, and opens a lost source again.
//!
//! ```
//! use bowerbird_capture::{Chart, Frame, Read, Source, Synthetic};
//! use std::time::Duration;
//!
//! let mut source = Synthetic::new(Chart::ColorBars, 320, 180, 60.0);
//! let mut frame = Frame::default();
//! assert_eq!(source.read(&mut frame, Duration::from_secs(1))?, Read::Frame);
//! let mut rgba = Vec::new();
//! frame.to_rgba(&mut rgba)?;
//! assert_eq!(rgba.len(), 320 * 180 * 4);
//! # Ok::<(), bowerbird_capture::CaptureError>(())
//! ```
//!
//! The crate knows nothing of effects. It refuses to queue: a frame that nobody took is replaced, and counted.

mod camera;
mod capture;
mod convert;
mod decoded;
mod error;
mod frame;
mod jpeg;
mod mailbox;
mod reader;
mod record;
mod source;
mod spares;
mod spec;
mod stills;
mod synthetic;
#[cfg(test)]
mod tight;
mod video;

pub use camera::{
    Backend, CameraInfo, CameraRequest, Choice, Control, ControlKind, DeviceName, MenuItem, Mode, Rate, Rates, Sizes,
    camera_opener, cameras, controls, find_camera, open_camera, set_control,
};
#[cfg(target_os = "linux")]
pub use camera::{VirtualCamera, VirtualCameraInfo, virtual_cameras};
pub use capture::{Capture, Counters, Opener};
pub use decoded::Decoded;
pub use error::CaptureError;
pub use frame::{ColorMatrix, ColorRange, Frame, PixelFormat};
pub use mailbox::Mailbox;
pub use record::{RecordOptions, RecordReport, Recorder};
pub use source::{Event, Read, Source};
pub use spares::Spares;
pub use spec::{SourceKind, SourceSpec};
pub use stills::{Decode, Stills};
pub use synthetic::{Chart, Synthetic};
pub use video::{Pace, Video};
