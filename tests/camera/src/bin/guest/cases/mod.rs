//! The cases, a module for each kind of device.
//!
//! These look through `v4l2-ctl` and show that the machine's devices are what they are meant to be. Cases about the
//! capture crate stand beside them and compare what it says with what is known here.

mod loopback;
mod usb;
mod vivid;

/// All tables.
pub(crate) const TABLES: [&[crate::Case]; 3] = [vivid::CASES, loopback::CASES, usb::CASES];
