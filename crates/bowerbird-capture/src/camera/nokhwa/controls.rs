//! Controls in the library's words and in ours.
//!
//! Values that are fractions are in thousandths here. What has no range, or is no single number, is left out.

use crate::camera::{Control, ControlKind, MenuItem};
use nokhwa::utils::{
    CameraControl, ControlValueDescription, ControlValueSetter, KnownCameraControl, KnownCameraControlFlag,
    all_known_camera_controls,
};

/// Numbers from here on are those of the system, less this; the library's own names have their place in its list.
const OTHERS: u32 = 0x100;

/// Steps of one in a value that is a fraction.
const FRACTION: f64 = 1000.0;

/// Our number of a control.
fn number(control: KnownCameraControl) -> Option<u32> {
    match control {
        KnownCameraControl::Other(id) => u32::try_from(id).ok()?.checked_add(OTHERS),
        known => all_known_camera_controls().iter().position(|other| *other == known).map(|place| place as u32),
    }
}

/// The library's control with our number.
pub(super) fn named(number: u32) -> Option<KnownCameraControl> {
    match number.checked_sub(OTHERS) {
        Some(id) => Some(KnownCameraControl::Other(id.into())),
        None => all_known_camera_controls().get(number as usize).copied(),
    }
}

fn thousandths(value: f64) -> i64 {
    (value * FRACTION).round() as i64
}

/// The control, if it can be shown.
pub(super) fn control(theirs: &CameraControl) -> Option<Control> {
    use ControlValueDescription as Described;
    let items =
        |possible: &[i64]| possible.iter().map(|value| MenuItem { value: *value, label: value.to_string() }).collect();
    let (kind, min, max, step, default, value, items) = match theirs.description() {
        Described::IntegerRange { min, max, value, step, default } => {
            (ControlKind::Integer, *min, *max, *step, *default, *value, Vec::new())
        }
        Described::FloatRange { min, max, value, step, default } => {
            let [min, max, step, default, value] = [*min, *max, *step, *default, *value].map(thousandths);
            (ControlKind::Integer, min, max, step, default, value, Vec::new())
        }
        Described::Boolean { value, default } => {
            (ControlKind::Boolean, 0, 1, 1, i64::from(*default), i64::from(*value), Vec::new())
        }
        Described::Enum { value, possible, default } => {
            let (min, max) = (possible.iter().copied().min()?, possible.iter().copied().max()?);
            (ControlKind::Menu, min, max, 1, *default, *value, items(possible))
        }
        _ => return None,
    };
    let is = |flag: KnownCameraControlFlag| theirs.flag().contains(&flag);
    if is(KnownCameraControlFlag::Disabled) || is(KnownCameraControlFlag::WriteOnly) || max < min {
        return None;
    }
    Some(Control {
        id: number(theirs.control())?,
        name: theirs.name().into(),
        kind,
        min,
        max,
        step: step.max(1),
        default,
        value,
        items,
        read_only: is(KnownCameraControlFlag::ReadOnly),
        inactive: !theirs.active() || is(KnownCameraControlFlag::Automatic),
    })
}

/// What the library is told to set a control to, for our `value`.
pub(super) fn setter(theirs: &CameraControl, value: i64) -> Option<ControlValueSetter> {
    use ControlValueDescription as Described;
    Some(match theirs.description() {
        Described::IntegerRange { .. } => ControlValueSetter::Integer(value),
        Described::FloatRange { .. } => ControlValueSetter::Float(value as f64 / FRACTION),
        Described::Boolean { .. } => ControlValueSetter::Boolean(value != 0),
        Described::Enum { .. } => ControlValueSetter::EnumValue(value),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn theirs(
        id: KnownCameraControl,
        described: ControlValueDescription,
        flags: &[KnownCameraControlFlag],
    ) -> CameraControl {
        CameraControl::new(id, "A control".into(), described, flags.into(), true)
    }

    #[test]
    fn numbers_lead_back_to_the_control() {
        for control in all_known_camera_controls().into_iter().chain([0, 7].map(KnownCameraControl::Other)) {
            assert_eq!(named(number(control).unwrap()), Some(control));
        }
        assert_eq!(number(KnownCameraControl::Other(u128::MAX)), None);
        assert_eq!(named(OTHERS - 1), None);
    }

    #[test]
    fn values_travel_both_ways() {
        use ControlValueDescription as Described;
        let cases = [
            (
                Described::IntegerRange { min: -5, max: 9, value: 3, step: 2, default: 1 },
                ControlKind::Integer,
                (-5, 9, 3),
            ),
            (
                Described::FloatRange { min: 0.5, max: 2.0, value: 1.25, step: f64::MIN_POSITIVE, default: 1.0 },
                ControlKind::Integer,
                (500, 2000, 1250),
            ),
            (Described::Boolean { value: true, default: false }, ControlKind::Boolean, (0, 1, 1)),
            (Described::Enum { value: 2, possible: vec![0, 2], default: 0 }, ControlKind::Menu, (0, 2, 2)),
        ];
        for (described, kind, (min, max, value)) in cases {
            let theirs = theirs(KnownCameraControl::Gain, described, &[]);
            let ours = control(&theirs).unwrap();
            assert_eq!((ours.kind, ours.min, ours.max, ours.value), (kind, min, max, value));
            assert!(ours.step >= 1 && !ours.read_only && !ours.inactive);
            assert_eq!(setter(&theirs, ours.value), Some(theirs.value()));
        }
    }

    #[test]
    fn what_cannot_be_shown_is_left_out_and_flags_are_kept() {
        use ControlValueDescription as Described;
        let range = Described::IntegerRange { min: 0, max: 9, value: 3, step: 0, default: 1 };
        let point = Described::Point { value: (0.5, 0.5), default: (0.5, 0.5) };
        let shown =
            |described: &Described, flags: &[_]| control(&theirs(KnownCameraControl::Pan, described.clone(), flags));
        assert_eq!(shown(&point, &[]), None);
        assert_eq!(shown(&Described::Enum { value: 0, possible: Vec::new(), default: 0 }, &[]), None);
        assert_eq!(shown(&range, &[KnownCameraControlFlag::Disabled]), None);
        assert!(shown(&range, &[KnownCameraControlFlag::ReadOnly]).unwrap().read_only);
        assert!(shown(&range, &[KnownCameraControlFlag::Automatic]).unwrap().inactive);
    }
}
