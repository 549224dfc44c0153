//! Video files and streams as sources.
//!
//! What needs no library is read here: y4m, from files and pipes, and Motion-JPEG in AVI. Everything else goes through the
//! programs `ffmpeg` and `ffprobe` if they are installed: they are run and piped from, never linked, and end with the
//! source. Reading blocks, so it happens on a thread of its own, two frames ahead; frames keep the times of the file, and
//! are handed out when they are due or, at [`Pace::Free`], as fast as they are taken.

mod ahead;
mod avi;
mod avi_writer;
mod ffmpeg;
mod open;
mod y4m;

pub(crate) use avi_writer::AviWriter;
#[cfg(test)]
pub(crate) use ffmpeg::ffmpeg_to_test_with;
pub(crate) use ffmpeg::{Process, plays, program};
pub use open::{Pace, Video};
pub(crate) use y4m::guess_matrix;
