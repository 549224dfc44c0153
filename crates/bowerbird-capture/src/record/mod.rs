//! Recording: pictures with times in, a video file out.
//!
//! A recording has a constant rate. A frame takes the place that its time gives it: a gap repeats the frame before, and of
//! two frames for one place the second is dropped and counted, so the length is true whatever happened. Writing happens on
//! a thread of its own behind four frames; nothing here ever waits for the disk. The file is written beside its final
//! name and renamed when it is whole. Where the disk becomes full it is shortened until it is whole again, and kept.
//!
//! ```
//! use bowerbird_capture::{Rate, RecordOptions, Recorder};
//! use std::time::Duration;
//!
//! # let folder = tempfile::tempdir()?;
//! # let path = folder.path().join("clip.avi");
//! let recorder = Recorder::start(&path, RecordOptions::new(64, 48, Rate::new(30)))?;
//! recorder.push(&[128; 64 * 48 * 4], 64, 48, Duration::ZERO);
//! let report = recorder.finish()?;
//! assert_eq!(report.written, 1);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod encoder;
mod output;
mod recorder;
mod sink;

pub use recorder::{RecordOptions, RecordReport, Recorder};
