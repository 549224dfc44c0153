//! The kernel's video devices: which there are, what drives them, what they can do.

use crate::{poll, v4l2_ctl};
use std::fs;
use std::path::PathBuf;

/// What a device is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// Frames come out.
    Capture,
    /// Frames go in.
    Output,
    /// Both, as in an open loopback.
    Both,
    /// Something else, such as metadata.
    Other,
}

/// A video device.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    /// `/dev/videoN`.
    pub(crate) path: PathBuf,
    /// The driver's own name for itself: `vivid`, `uvcvideo`, `v4l2 loopback`.
    pub(crate) driver: String,
    /// The device's name.
    pub(crate) card: String,
    /// Where it is plugged in.
    pub(crate) bus: String,
    /// What it is for, now: an exclusive loopback changes.
    pub(crate) role: Role,
}

/// Every video device, in the order of their numbers.
pub(crate) fn all() -> anyhow::Result<Vec<Node>> {
    let mut numbers: Vec<u32> = fs::read_dir("/dev")?
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.strip_prefix("video")?.parse().ok())
        .collect();
    numbers.sort_unstable();
    // One that goes while it is asked is not there.
    Ok(numbers.into_iter().filter_map(|number| describe(PathBuf::from(format!("/dev/video{number}"))).ok()).collect())
}

/// The device with this path, as it is now.
pub(crate) fn describe(path: PathBuf) -> anyhow::Result<Node> {
    let text = v4l2_ctl::run(&path, &["--info"])?;
    let field = |name: &str| {
        let line = text.lines().find(|line| line.trim_start().starts_with(name)).unwrap_or_default();
        line.split_once(": ").map(|(_, value)| value.trim().to_owned()).unwrap_or_default()
    };
    // What the device can do, as opposed to what it can do together with its siblings, comes last.
    let device = text.split("Device Caps").nth(1).unwrap_or_default();
    let can = |capability: &str| device.lines().any(|line| line.trim() == capability);
    let role = match (can("Video Capture"), can("Video Output")) {
        (true, false) => Role::Capture,
        (false, true) => Role::Output,
        (true, true) => Role::Both,
        (false, false) => Role::Other,
    };
    Ok(Node { path, driver: field("Driver name"), card: field("Card type"), bus: field("Bus info"), role })
}

/// The devices of a driver with a role.
pub(crate) fn find(driver: &str, role: Role) -> anyhow::Result<Vec<Node>> {
    Ok(all()?.into_iter().filter(|node| node.driver == driver && node.role == role).collect())
}

impl Node {
    /// Waits until the device is gone.
    pub(crate) fn wait_gone(&self) -> anyhow::Result<()> {
        poll::until(&format!("{} to go", self.path.display()), || Ok((!self.path.exists()).then_some(())))
    }
}
