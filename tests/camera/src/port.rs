//! The ports of the kernel's virtual host controller, which emulated cameras are plugged into.

use std::path::PathBuf;
use std::{fs, io};

/// The controller.
pub const CONTROLLER: &str = "/sys/devices/platform/vhci_hcd.0";

/// What the kernel has built upon the device in a port, as a folder in sysfs; nothing if the port is empty.
///
/// After unplugging, the folder is there until all drivers have let go of the device.
pub fn device(port: u8) -> io::Result<Option<PathBuf>> {
    // Ports are numbered from 1 there; the device in port 0 of bus 1 is usb1/1-1.
    let suffix = format!("-{}", port + 1);
    for entry in fs::read_dir(CONTROLLER)? {
        let hub = entry?;
        if hub.file_name().to_string_lossy().starts_with("usb") {
            let bus = hub.file_name().to_string_lossy().trim_start_matches("usb").to_owned();
            let device = hub.path().join(bus + &suffix);
            if device.is_dir() {
                return Ok(Some(device));
            }
        }
    }
    Ok(None)
}
