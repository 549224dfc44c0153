//! The cable: USB/IP as the kernel's virtual host controller speaks it, and plugging in.
//!
//! Every message starts with 48 bytes of big-endian words (Documentation/usb/usbip_protocol.rst in the kernel).
//! Requests are read on a thread of their own, for reading blocks; answers are written by whoever has them.

use crate::camera::Event;
use anyhow::{Context, bail};
use bowerbird_camera_tests::port;
use std::fs;
use std::io::{self, Read, Write};
use std::net::Shutdown;
use std::os::fd::AsRawFd;
use std::os::unix::net::UnixStream;
use std::sync::mpsc::SyncSender;
use std::thread;
use std::time::{Duration, Instant};

/// High-speed ports of the controller that are tried for a free one.
const PORTS: u8 = 8;
/// The controller's number for high speed, 480 Mbit/s.
const HIGH_SPEED: u8 = 3;
/// How long the port of an unplugged device may take to become free, and the pause between attempts.
const PATIENCE: Duration = Duration::from_secs(10);
const PAUSE: Duration = Duration::from_millis(20);

const HEADER: usize = 48;
const SUBMIT: u32 = 1;
const UNLINK: u32 = 2;
const SUBMIT_ANSWER: u32 = 3;
const UNLINK_ANSWER: u32 = 4;
/// Longer messages than this are not from a controller.
const LONGEST: u32 = 1 << 20;

/// Statuses of transfers: a refused request, and one that was taken back.
const STALLED: i32 = -32;
const TAKEN_BACK: i32 = -104;

/// A message from the host.
#[derive(Debug)]
pub(crate) enum Message {
    /// A transfer to or from an endpoint.
    Transfer(Transfer),
    /// The host takes a transfer back.
    Unlink {
        /// Number of this message.
        sequence: u32,
        /// Number of the transfer.
        victim: u32,
    },
}

/// A transfer.
#[derive(Debug)]
pub(crate) struct Transfer {
    /// Its number.
    pub(crate) sequence: u32,
    /// The endpoint; 0 is the one for control requests.
    pub(crate) endpoint: u32,
    /// Whether data goes to the host.
    pub(crate) to_host: bool,
    /// Bytes that the host sends or has room for.
    pub(crate) length: usize,
    /// The eight bytes of a control request.
    pub(crate) setup: [u8; 8],
    /// What the host sends.
    pub(crate) data: Vec<u8>,
}

fn word(header: &[u8; HEADER], at: usize) -> u32 {
    u32::from_be_bytes([header[at], header[at + 1], header[at + 2], header[at + 3]])
}

fn read_message(socket: &mut impl Read) -> io::Result<Message> {
    let mut header = [0; HEADER];
    socket.read_exact(&mut header)?;
    let sequence = word(&header, 4);
    match word(&header, 0) {
        SUBMIT => {
            let (to_host, length) = (word(&header, 12) == 1, word(&header, 24));
            if length > LONGEST {
                return Err(io::Error::other(format!("a transfer of {length} bytes")));
            }
            let mut data = vec![0; if to_host { 0 } else { length as usize }];
            socket.read_exact(&mut data)?;
            let mut setup = [0; 8];
            setup.copy_from_slice(&header[40..]);
            let endpoint = word(&header, 16);
            Ok(Message::Transfer(Transfer { sequence, endpoint, to_host, length: length as usize, setup, data }))
        }
        UNLINK => Ok(Message::Unlink { sequence, victim: word(&header, 20) }),
        other => Err(io::Error::other(format!("unknown message {other}"))),
    }
}

/// A plugged cable. Dropping it pulls the plug.
#[derive(Debug)]
pub(crate) struct Cable {
    socket: UnixStream,
    /// The port it is in.
    pub(crate) port: u8,
}

impl Cable {
    /// Plugs in, and sends what the host says as events of this `plug`. With a port given, waits until that one is
    /// free: a camera that comes back does so where it was. Free means that the drivers have let go of the device that
    /// was there: until then the controller would send what they still have to say to the new one, and lose count.
    pub(crate) fn plug(port: Option<u8>, plug: u64, events: SyncSender<Event>) -> anyhow::Result<Self> {
        let (socket, host) = UnixStream::pair()?;
        let deadline = Instant::now() + PATIENCE;
        let port = loop {
            let mut ports = port.map_or(0..PORTS, |port| port..port + 1);
            match ports.find_map(|port| attach(port, &host).transpose()) {
                Some(attached) => break attached?,
                None if Instant::now() > deadline => bail!("no port of {} became free", port::CONTROLLER),
                None => thread::sleep(PAUSE),
            }
        };
        let mut reader = socket.try_clone()?;
        thread::Builder::new().name("cable".into()).spawn(move || {
            while let Ok(message) = read_message(&mut reader) {
                if events.send(Event::Message { plug, message }).is_err() {
                    return;
                }
            }
            // Nobody is left to tell if this fails.
            let _ = events.send(Event::Pulled { plug });
        })?;
        Ok(Self { socket, port })
    }

    fn answer(&mut self, kind: u32, sequence: u32, status: i32, length: usize, data: &[u8]) {
        let mut bytes = vec![0; HEADER];
        bytes[..4].copy_from_slice(&kind.to_be_bytes());
        bytes[4..8].copy_from_slice(&sequence.to_be_bytes());
        bytes[20..24].copy_from_slice(&status.to_be_bytes());
        bytes[24..28].copy_from_slice(&(length as u32).to_be_bytes());
        bytes.extend_from_slice(data);
        // A host that is gone is seen by the reading thread.
        let _ = self.socket.write_all(&bytes);
    }

    /// Completes a transfer to the host.
    pub(crate) fn deliver(&mut self, sequence: u32, data: &[u8]) {
        self.answer(SUBMIT_ANSWER, sequence, 0, data.len(), data);
    }

    /// Completes a transfer from the host.
    pub(crate) fn accept(&mut self, sequence: u32, length: usize) {
        self.answer(SUBMIT_ANSWER, sequence, 0, length, &[]);
    }

    /// Refuses a transfer.
    pub(crate) fn refuse(&mut self, sequence: u32) {
        self.answer(SUBMIT_ANSWER, sequence, STALLED, 0, &[]);
    }

    /// Confirms that a transfer is taken back; one that was completed before cannot be.
    pub(crate) fn unlink(&mut self, sequence: u32, in_time: bool) {
        self.answer(UNLINK_ANSWER, sequence, if in_time { TAKEN_BACK } else { 0 }, 0, &[]);
    }
}

impl Drop for Cable {
    fn drop(&mut self) {
        // The reading thread holds the socket too, so closing it is not enough.
        let _ = self.socket.shutdown(Shutdown::Both);
    }
}

/// Hands the host's end to a port; nothing if the port is taken.
fn attach(port: u8, host: &UnixStream) -> anyhow::Result<Option<u8>> {
    const DEVICE: u32 = 0x0001_0002;
    let help = || format!("{}: load the module vhci-hcd and run as root", port::CONTROLLER);
    if port::device(port).with_context(help)?.is_some() {
        return Ok(None);
    }
    let file = format!("{}/attach", port::CONTROLLER);
    match fs::write(file, format!("{port} {} {DEVICE} {HIGH_SPEED}", host.as_raw_fd())) {
        Ok(()) => Ok(Some(port)),
        Err(cause) if cause.kind() == io::ErrorKind::ResourceBusy => Ok(None),
        Err(cause) => Err(cause).with_context(help),
    }
}
