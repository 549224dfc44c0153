//! Controls of a device: read, and set by number.
//!
//! The node is opened for each call, which drivers allow while another descriptor streams. Controls that are no single
//! value (strings, arrays, areas) are left out: nothing of a camera is lost with them.

use super::device::Device;
use super::list::name_of;
use crate::CaptureError;
use crate::camera::{Control, ControlKind, MenuItem};
use linux_video::types::{CtrlFlag, CtrlType, Value};
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
pub(crate) fn controls(path: &Path) -> Result<Vec<Control>, CaptureError> {
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
        control.value = value(device, described).unwrap_or(control.default);
    }
    Some(control)
}

fn value(device: &Device, described: linux_video::Control) -> Option<i64> {
    let mut value = Value::from(described);
    device.inner.get_control(&mut value).ok()?;
    value
        .try_ref::<i32>()
        .map(|value| i64::from(*value))
        .or_else(|| value.try_ref::<i64>().copied())
        .or_else(|| value.try_ref::<u32>().map(|value| i64::from(*value)))
        .or_else(|| value.try_ref::<bool>().map(|value| i64::from(*value)))
}

/// Sets a control of the camera at `path`, and returns the value it then has.
pub(crate) fn set_control(path: &Path, id: u32, wanted: i64) -> Result<i64, CaptureError> {
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
    let mut value = Value::from(find()?);
    if let Some(value) = value.try_mut::<i32>() {
        *value = nearest as i32;
    } else if let Some(value) = value.try_mut::<i64>() {
        *value = nearest;
    } else if let Some(value) = value.try_mut::<u32>() {
        *value = nearest as u32;
    } else if let Some(value) = value.try_mut::<bool>() {
        *value = nearest != 0;
    }
    device.inner.set_control(&value).map_err(|error| match device.failure(&error) {
        CaptureError::System { reason, .. } if control.inactive => {
            system(format!("“{}” cannot be set while it is automatic ({reason})", control.name))
        }
        CaptureError::System { reason, .. } => system(format!("“{}” cannot be set: {reason}", control.name)),
        error => error,
    })?;
    Ok(find().ok().and_then(|described| self::value(&device, described)).unwrap_or(nearest))
}
