//! The cases, a module for each kind of device.
//!
//! The first tables look through `v4l2-ctl` and show that the machine's devices are what they are meant to be; `capture`
//! and `faults` are about what the capture crate makes of them, `nokhwa` about what it makes of them through that library.

mod capture;
pub(crate) mod faults;
mod loopback;
#[cfg(feature = "nokhwa")]
mod nokhwa;
mod usb;
mod vivid;

/// All tables.
pub(crate) const TABLES: &[&[crate::Case]] = &[
    vivid::CASES,
    loopback::CASES,
    usb::CASES,
    capture::CASES,
    faults::CASES,
    #[cfg(feature = "nokhwa")]
    nokhwa::CASES,
];
