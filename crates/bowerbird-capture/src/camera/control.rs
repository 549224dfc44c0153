//! Controls of a camera: exposure, gain, focus and the like, as the camera names them.

/// What kind of value a control has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ControlKind {
    /// A whole number between `min` and `max`, in steps.
    Integer,
    /// 0 or 1.
    Boolean,
    /// One of the items.
    Menu,
    /// Setting it to anything does something, once; it has no value.
    Button,
}

/// An item of a menu.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct MenuItem {
    /// The value that chooses it.
    pub value: i64,
    /// Its name.
    pub label: String,
}

/// A control of a camera.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Control {
    /// What it is set by.
    pub id: u32,
    /// Its name, in the words of the driver.
    pub name: String,
    /// The kind of its value.
    pub kind: ControlKind,
    /// The smallest value.
    pub min: i64,
    /// The largest value.
    pub max: i64,
    /// From one value to the next; at least 1.
    pub step: i64,
    /// The value it starts with.
    pub default: i64,
    /// The value it has.
    pub value: i64,
    /// The items of a menu; not every value between `min` and `max` need have one.
    pub items: Vec<MenuItem>,
    /// It can be looked at only.
    pub read_only: bool,
    /// It has no effect now, because another one overrides it: exposure while that is automatic.
    pub inactive: bool,
}

impl Control {
    /// The value nearest to `value` that the control can have.
    pub fn nearest(&self, value: i64) -> i64 {
        match self.kind {
            ControlKind::Menu => {
                let distance = |item: &&MenuItem| item.value.abs_diff(value);
                self.items.iter().min_by_key(distance).map_or(self.default, |item| item.value)
            }
            ControlKind::Boolean => i64::from(value != 0),
            ControlKind::Button => 0,
            ControlKind::Integer => {
                let (max, step) = (self.max.max(self.min), self.step.max(1) as u64);
                let over = value.clamp(self.min, max).abs_diff(self.min);
                let steps = (over / step + u64::from(over % step * 2 >= step)).min(max.abs_diff(self.min) / step);
                self.min.saturating_add_unsigned(steps * step)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_brought_into_range_and_onto_steps() {
        let mut control = Control {
            id: 1,
            name: "Focus".into(),
            kind: ControlKind::Integer,
            min: -10,
            max: 14,
            step: 5,
            default: 0,
            value: 0,
            items: Vec::new(),
            read_only: false,
            inactive: false,
        };
        for (value, nearest) in [(-11, -10), (-8, -10), (-7, -5), (1, 0), (14, 10), (i64::MAX, 10), (i64::MIN, -10)] {
            assert_eq!(control.nearest(value), nearest, "{value}");
        }
        control.kind = ControlKind::Menu;
        control.items = [1, 3].map(|value| MenuItem { value, label: String::new() }).into();
        assert_eq!((control.nearest(0), control.nearest(9)), (1, 3));
    }
}
