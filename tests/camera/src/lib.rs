//! What the emulated camera and the tests that look through it must agree on: the pictures, and the ports.
//!
//! The package holds a test bed. `machine.sh` boots a virtual machine with the kernel's own video drivers; the program
//! `fakeuvc` is a USB camera in it; the program `guest` runs the cases there; the test `machine` starts all this. The
//! README tells how to use it.

#![forbid(unsafe_code)]

pub mod pictures;
pub mod port;
