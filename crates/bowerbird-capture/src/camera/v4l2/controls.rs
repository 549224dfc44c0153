//! Controls of a device: read, and set by number.
//!
//! The node is opened for each call, which drivers allow while another descriptor streams. Controls that are no single
//! value (strings, arrays, areas) are left out: nothing of a camera is lost with them.

use super::device::Device;
use super::list::name_of;
use crate::CaptureError;
use crate::camera::{Control, ControlKind, MenuItem};
use linux_video::types::{CtrlFlag, CtrlType};
use rscam::CtrlData;
use std::path::Path;

/// Controls and items of a menu that are looked at; a driver that lists more is not believed.
const MOST: usize = 512;

/// How values of a control travel.
fn kind(code: u32) -> Option<ControlKind> {
    let is = |kind: CtrlType| code == kind as u32;
    if is(CtrlType::Integer) || is(CtrlType::Integer64) || is(CtrlType::BitMask) {
        Some(ControlKind::Integer)
    } else if is(CtrlType::Boolean) {
        Some(ControlKind::Boolean)
    } else if is(CtrlType::Menu) || is(CtrlType::IntegerMenu) {
        Some(ControlKind::Menu)
    } else if is(CtrlType::Button) {
        Some(ControlKind::Button)
    } else {
        None
    }
}

/// The controls of the camera at `path`.
pub(super) fn controls(path: &Path) -> Result<Vec<Control>, CaptureError> {
    let device = Device::open(path, &name_of(path))?;
    let listed = device.inner.controls(None).take(MOST).map_while(Result::ok);
    Ok(listed.filter_map(|control| read(&device, control)).collect())
}

/// The control and its value, if it is one that can be shown.
fn read(device: &Device, described: linux_video::Control) -> Option<Control> {
    let (code, flags) = (described.type_() as u32, described.flags());
    let kind = kind(code)?;
    if flags.contains(CtrlFlag::Disabled) || flags.contains(CtrlFlag::HasPayload) {
        return None;
    }
    let mut control = Control {
        id: described.id(),
        name: described.name().into(),
        kind,
        min: described.min(),
        max: described.max(),
        step: i64::try_from(described.step()).unwrap_or(1).max(1),
        default: described.default(),
        value: described.default(),
        items: Vec::new(),
        read_only: flags.contains(CtrlFlag::ReadOnly) || flags.contains(CtrlFlag::Grabbed),
        inactive: flags.contains(CtrlFlag::Inactive),
    };
    if kind == ControlKind::Menu {
        let items = device.inner.control_items(&described)?.take(MOST).map_while(Result::ok);
        control.items = items
            .filter_map(|item| {
                let label = item.name().map(str::to_owned).or(item.value().map(|value| value.to_string()))?;
                Some(MenuItem { value: item.index().into(), label })
            })
            .collect();
    }
    if kind != ControlKind::Button && !flags.contains(CtrlFlag::WriteOnly) {
        control.value = value(device, control.id).unwrap_or(control.default);
    }
    Some(control)
}

/// The value that a control has. linux-video 0.1 lays `v4l2_ext_control` out with padding that the kernel's has not, so its
/// values are neither read nor set; rscam does that.
fn value(device: &Device, id: u32) -> Option<i64> {
    let camera = rscam::new(device.path.to_str()?).ok()?;
    Some(match camera.get_control(id).ok()?.data {
        CtrlData::Integer { value, .. } => value.into(),
        CtrlData::Boolean { value, .. } => value.into(),
        CtrlData::Integer64 { value, .. } => value,
        CtrlData::Menu { value, .. } | CtrlData::IntegerMenu { value, .. } | CtrlData::Bitmask { value, .. } => {
            value.into()
        }
        _ => return None,
    })
}

/// Sets a control of the camera at `path`, and returns the value it then has.
pub(super) fn set_control(path: &Path, id: u32, wanted: i64) -> Result<i64, CaptureError> {
    let device = Device::open(path, &name_of(path))?;
    let system = |reason: String| CaptureError::System { name: device.name.clone(), reason };
    let find = || {
        device.inner.control(id).map_err(|error| match device.failure(&error) {
            CaptureError::System { .. } => system(format!("it has no control {id:#x}")),
            error => error,
        })
    };
    let control = find().map(|described| read(&device, described))?;
    let Some(control) = control else { return Err(system(format!("the control {id:#x} is no single value"))) };
    if control.read_only {
        return Err(system(format!("“{}” can be looked at only", control.name)));
    }
    let nearest = control.nearest(wanted);
    let set = path
        .to_str()
        .ok_or_else(|| std::io::Error::other("its path is no text"))
        .and_then(rscam::new)
        .and_then(|camera| camera.set_control(id, &nearest));
    set.map_err(|error| match device.failure(&error) {
        CaptureError::System { reason, .. } if control.inactive => {
            system(format!("“{}” cannot be set while it is automatic ({reason})", control.name))
        }
        CaptureError::System { reason, .. } => system(format!("“{}” cannot be set: {reason}", control.name)),
        error => error,
    })?;
    Ok(value(&device, id).unwrap_or(nearest))
}
