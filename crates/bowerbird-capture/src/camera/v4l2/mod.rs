//! Cameras through V4L2, Linux's own interface.
//!
//! The crate linux-video holds the unsafe part: the calls, the structures of the kernel and the mapped buffers. Its
//! enumerations cannot hold a number that it does not know, so values from the kernel are compared and passed on as
//! numbers and never matched. Descriptors are non-blocking throughout: a call that would wait says so, and waiting is
//! `poll` with a timeout.

mod color;
mod controls;
mod device;
mod list;
mod output;
mod stream;

pub(super) use controls::{controls, set_control};
pub(super) use list::cameras;
pub use output::{VirtualCamera, VirtualCameraInfo, virtual_cameras};
pub(super) use stream::open;
