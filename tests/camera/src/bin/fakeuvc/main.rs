//! A USB camera that is a program: it plugs itself into the kernel it runs on, which binds its uvcvideo driver to it.
//!
//! The way in is USB/IP. The kernel's virtual host controller (vhci-hcd) takes one end of a socket for the far end of a
//! cable; this program holds the other end and answers as the camera would. Both are on the same machine, so a pair of
//! local sockets will do and no network is involved.
//!
//! - `descriptors`: what the camera says it is, byte by byte as the USB Video Class 1.1 has it;
//! - `controls`: exposure, focus, zoom and the rest, with their ranges;
//! - `stream`: frames, their timing, and the faults that they can be sent with;
//! - `usbip`: the protocol on the cable;
//! - `camera`: one loop that answers requests, obeys orders and keeps the timers;
//! - `orders`: lines on the standard input that a test steers the camera with.
//!
//! Data goes through a bulk endpoint, not an isochronous one as in most cameras: the driver treats what arrives alike,
//! and nothing has to be timed to the microframe.

#![forbid(unsafe_code)]

mod camera;
mod controls;
mod descriptors;
mod orders;
mod stream;
mod usbip;

use camera::{Camera, Timers};
use clap::Parser;
use std::path::PathBuf;
use std::sync::mpsc::sync_channel;
use std::time::Duration;
use stream::{Every, Faults, Stream};

/// A USB camera in software, plugged into this kernel. Runs until it is ended; needs root and the module vhci-hcd.
///
/// Orders are read from the standard input, one a line: stall, resume, unplug, plug, and short, corrupt, empty, flawed
/// or no-huffman, each followed by on, off or (but for no-huffman) a number. Each is answered with `ok` and the order.
#[derive(Debug, Parser)]
struct Options {
    /// Folder with pictures: WIDTHxHEIGHT/NN.jpg for each size.
    pictures: PathBuf,
    /// The camera's name.
    #[arg(long, default_value = "Bowerbird Test Camera")]
    name: String,
    /// The camera's serial number.
    #[arg(long, default_value = "0001")]
    serial: String,
    /// Send nothing more after this many frames of a stream.
    #[arg(long, value_name = "FRAMES")]
    stall_after: Option<u64>,
    /// Cut every Nth frame to half its length.
    #[arg(long, value_name = "N", default_value = "off")]
    short: Every,
    /// Damage every Nth JPEG frame, by turns in its scan and in its header.
    #[arg(long, value_name = "N", default_value = "off")]
    corrupt: Every,
    /// Send every Nth frame without a byte in it; the driver skips it, and its sequence number.
    #[arg(long, value_name = "N", default_value = "off")]
    empty: Every,
    /// Set the error bit of every Nth frame.
    #[arg(long, value_name = "N", default_value = "off")]
    flawed: Every,
    /// Send JPEG frames without Huffman tables, as many cameras do.
    #[arg(long)]
    no_huffman: bool,
    /// Pull the plug after this time.
    #[arg(long, value_name = "SECONDS")]
    unplug_after: Option<f64>,
    /// Plug in again this long after the plug was pulled.
    #[arg(long, value_name = "SECONDS")]
    replug_after: Option<f64>,
}

/// Requests and orders that may wait; the kernel keeps five transfers under way.
const QUEUE: usize = 64;

fn main() -> anyhow::Result<()> {
    let options = Options::parse();
    let faults = Faults {
        short: options.short,
        corrupt: options.corrupt,
        empty: options.empty,
        flawed: options.flawed,
        no_huffman: options.no_huffman,
    };
    let stream = Stream::new(&options.pictures, faults, options.stall_after)?;
    let timers = Timers {
        unplug_after: options.unplug_after.map(Duration::try_from_secs_f64).transpose()?,
        replug_after: options.replug_after.map(Duration::try_from_secs_f64).transpose()?,
    };
    let (sender, events) = sync_channel(QUEUE);
    orders::listen(sender.clone())?;
    Camera::new([options.name, options.serial], stream, timers, sender).run(&events)
}
