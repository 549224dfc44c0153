//! Which cameras there are, and who they are.
//!
//! `/sys/class/video4linux` knows every node without opening one. What is on USB is known by maker, model and serial
//! number, and other devices by their name; behind an `@` stands the socket, which tells two of a kind apart and may
//! change. Several nodes of one device have their index there.

use super::device::Device;
use crate::CaptureError;
use crate::camera::CameraInfo;
use linux_video::types::CapabilityFlag;
use std::fs;
use std::path::{Path, PathBuf};

const NODES: &str = "/sys/class/video4linux";

/// The cameras there are, in the order of their numbers.
pub(super) fn cameras() -> Vec<CameraInfo> {
    let mut cameras: Vec<_> = nodes().filter_map(|path| camera(&path)).collect();
    for (index, camera) in cameras.iter_mut().enumerate() {
        camera.index = index;
    }
    cameras
}

/// The numbers of the nodes in `/dev`, which containers may have without `/sys`.
fn numbers() -> Vec<u32> {
    let Ok(entries) = fs::read_dir("/dev") else { return Vec::new() };
    let number = |entry: fs::DirEntry| entry.file_name().to_str()?.strip_prefix("video")?.parse().ok();
    let mut numbers: Vec<_> = entries.filter_map(Result::ok).filter_map(number).collect();
    numbers.sort_unstable();
    numbers
}

/// The device files of all nodes, by number.
pub(super) fn nodes() -> impl Iterator<Item = PathBuf> {
    numbers().into_iter().map(|number| Path::new("/dev").join(format!("video{number}")))
}

/// The camera at `path`, if there is one.
fn camera(path: &Path) -> Option<CameraInfo> {
    let node = Path::new(NODES).join(path.file_name()?);
    let read = |name: &str| text(&node.join(name));
    let id = identity(&node, &read("name").unwrap_or_else(|| path.display().to_string()));
    let mut camera = CameraInfo { path: path.to_owned(), id, name: name_of(path), ..CameraInfo::default() };
    match Device::open(path, &camera.name) {
        Ok(device) => {
            let capability = device.inner.capabilities().ok()?;
            let able = capability.device_capabilities();
            if !able.contains(CapabilityFlag::VideoCapture) || !able.contains(CapabilityFlag::Streaming) {
                return None;
            }
            camera.name = plain(capability.card()).into();
            camera.driver = capability.driver().into();
            camera.modes = device.modes();
            (!camera.modes.is_empty()).then_some(camera)
        }
        // It cannot be asked what it delivers; the first node of a device is the one with pictures.
        Err(problem @ CaptureError::Denied { .. }) if read("index").is_none_or(|index| index == "0") => {
            camera.problem = Some(problem);
            Some(camera)
        }
        Err(_) => None,
    }
}

/// The name without its repetition: USB cameras are called `Webcam: Webcam`, cut off at 31 letters.
fn plain(name: &str) -> &str {
    name.split_once(": ").filter(|(name, again)| name.starts_with(again)).map_or(name, |(name, _)| name)
}

fn text(path: &Path) -> Option<String> {
    fs::read_to_string(path).ok().map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
}

/// Who the device of a node is: `usb:MAKER:MODEL:SERIAL@SOCKET`, as far as it has these, or `NAME@PLACE`; with `#INDEX`
/// before the `@` where it is not the first node of its device.
fn identity(node: &Path, name: &str) -> String {
    let index =
        text(&node.join("index")).filter(|index| index != "0").map_or(String::new(), |index| format!("#{index}"));
    let device = fs::canonicalize(node.join("device")).ok();
    // The link leads to the interface; maker and model stand with the device above it.
    let usb = device.as_deref().and_then(|interface| {
        interface.ancestors().take(3).find(|folder| folder.join("idVendor").exists()).map(Path::to_owned)
    });
    match (usb, device) {
        (Some(usb), _) => {
            let [maker, model] = ["idVendor", "idProduct"].map(|file| text(&usb.join(file)).unwrap_or_default());
            let serial = text(&usb.join("serial")).map_or_else(String::new, |serial| format!(":{serial}"));
            format!("usb:{maker}:{model}{serial}{index}@{}", place(&usb))
        }
        (None, Some(device)) => format!("{name}{index}@{}", place(&device)),
        (None, None) => format!("{name}{index}"),
    }
}

fn place(folder: &Path) -> String {
    folder.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned())
}

/// The name that people know the node at `path` by.
pub(super) fn name_of(path: &Path) -> String {
    let node = path.file_name().map(|name| Path::new(NODES).join(name).join("name"));
    let name = node.as_deref().and_then(text);
    name.map_or_else(|| path.display().to_string(), |name| plain(&name).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder like those of `/sys`: a USB device with an interface, and a node that links to the interface.
    fn node(serial: Option<&str>, index: &str) -> (tempfile::TempDir, PathBuf) {
        let root = tempfile::tempdir().unwrap();
        let (usb, node) = (root.path().join("1-4"), root.path().join("video7"));
        let interface = usb.join("1-4:1.0");
        fs::create_dir_all(&interface).unwrap();
        fs::create_dir_all(&node).unwrap();
        fs::write(usb.join("idVendor"), "046d\n").unwrap();
        fs::write(usb.join("idProduct"), "0825\n").unwrap();
        if let Some(serial) = serial {
            fs::write(usb.join("serial"), serial).unwrap();
        }
        fs::write(node.join("index"), index).unwrap();
        std::os::unix::fs::symlink(&interface, node.join("device")).unwrap();
        (root, node)
    }

    #[test]
    fn a_camera_is_known_by_serial_number_and_socket() {
        for (serial, index, wanted) in [
            (Some("ABC\n"), "0", "usb:046d:0825:ABC@1-4"),
            (Some("ABC"), "2", "usb:046d:0825:ABC#2@1-4"),
            (None, "0\n", "usb:046d:0825@1-4"),
        ] {
            let (_root, node) = node(serial, index);
            assert_eq!(identity(&node, "Webcam"), wanted);
        }
        assert_eq!(plain("Long Camera Name: Long Camera"), "Long Camera Name");
        assert_eq!(plain("Long Camera Name: Long Cam"), "Long Camera Name", "the system has room for 31 bytes");
        assert_eq!(plain("Camera: Front"), "Camera: Front");
        assert_eq!(identity(Path::new("/no such node"), "Webcam"), "Webcam");
    }
}
