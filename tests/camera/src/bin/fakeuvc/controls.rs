//! Exposure, focus, zoom and the rest: a table of ranges, and the requests that read and write them.

use crate::descriptors::{CAMERA_TERMINAL, PROCESSING_UNIT};

/// Requests of the video class.
pub(crate) mod request {
    pub(crate) const SET_CURRENT: u8 = 0x01;
    pub(crate) const GET_CURRENT: u8 = 0x81;
    pub(crate) const GET_MINIMUM: u8 = 0x82;
    pub(crate) const GET_MAXIMUM: u8 = 0x83;
    pub(crate) const GET_STEP: u8 = 0x84;
    pub(crate) const GET_LENGTH: u8 = 0x85;
    pub(crate) const GET_INFO: u8 = 0x86;
    pub(crate) const GET_DEFAULT: u8 = 0x87;
}

/// What GET_INFO says of a control that can be read and written.
pub(crate) const READ_WRITE: u8 = 0b11;

/// One control; its value takes `size` bytes.
#[derive(Clone, Copy, Debug)]
struct Control {
    entity: u8,
    selector: u8,
    size: usize,
    minimum: i32,
    maximum: i32,
    step: i32,
    default: i32,
    current: i32,
}

/// A row of the table: entity, selector, size, minimum, maximum, step, default.
const fn control(entity: u8, selector: u8, size: usize, range: [i32; 3], default: i32) -> Control {
    let [minimum, maximum, step] = range;
    Control { entity, selector, size, minimum, maximum, step, default, current: default }
}

/// The controls, named in the class definition's words (tables ).
const TABLE: [Control; 13] = [
    // Automatic exposure mode: a bit for each mode; the step lists those there are, manual and aperture priority.
    control(CAMERA_TERMINAL, 0x02, 1, [1, 8, 0b1001], 8),
    // Exposure time, in units of 100 µs.
    control(CAMERA_TERMINAL, 0x04, 4, [3, 2047, 1], 250),
    // Focus, in millimeters.
    control(CAMERA_TERMINAL, 0x06, 2, [0, 255, 5], 0),
    // Automatic focus.
    control(CAMERA_TERMINAL, 0x08, 1, [0, 1, 1], 1),
    // Zoom, as objective focal length.
    control(CAMERA_TERMINAL, 0x0b, 2, [100, 500, 1], 100),
    // Brightness.
    control(PROCESSING_UNIT, 0x02, 2, [0, 255, 1], 128),
    // Contrast.
    control(PROCESSING_UNIT, 0x03, 2, [0, 255, 1], 128),
    // Gain.
    control(PROCESSING_UNIT, 0x04, 2, [0, 255, 1], 0),
    // Power line frequency: off, 50 Hz, 60 Hz.
    control(PROCESSING_UNIT, 0x05, 1, [0, 2, 1], 2),
    // Saturation.
    control(PROCESSING_UNIT, 0x07, 2, [0, 255, 1], 128),
    // Sharpness.
    control(PROCESSING_UNIT, 0x08, 2, [0, 255, 1], 128),
    // White balance, in kelvin.
    control(PROCESSING_UNIT, 0x0a, 2, [2000, 6500, 1], 4000),
    // Automatic white balance.
    control(PROCESSING_UNIT, 0x0b, 1, [0, 1, 1], 1),
];

/// The controls with their values. They survive unplugging, as in a camera that is switched off by nobody.
#[derive(Debug)]
pub(crate) struct Controls([Control; TABLE.len()]);

impl Controls {
    /// All at their defaults.
    pub(crate) fn new() -> Self {
        Self(TABLE)
    }

    fn find(&mut self, entity: u8, selector: u8) -> Option<&mut Control> {
        self.0.iter_mut().find(|control| control.entity == entity && control.selector == selector)
    }

    /// Answers a GET request; nothing if there is no such control.
    pub(crate) fn get(&mut self, code: u8, entity: u8, selector: u8) -> Option<Vec<u8>> {
        let control = self.find(entity, selector)?;
        let value = match code {
            request::GET_CURRENT => control.current,
            request::GET_MINIMUM => control.minimum,
            request::GET_MAXIMUM => control.maximum,
            request::GET_STEP => control.step,
            request::GET_DEFAULT => control.default,
            request::GET_INFO => return Some(vec![READ_WRITE]),
            request::GET_LENGTH => return Some((control.size as u16).to_le_bytes().to_vec()),
            _ => return None,
        };
        Some(value.to_le_bytes()[..control.size].to_vec())
    }

    /// Obeys a SET request; nothing if there is no such control or the value is out of its range.
    pub(crate) fn set(&mut self, entity: u8, selector: u8, data: &[u8]) -> Option<()> {
        let control = self.find(entity, selector)?;
        let mut bytes = [0; 4];
        bytes[..control.size].copy_from_slice(data.get(..control.size)?);
        let value = i32::from_le_bytes(bytes);
        (control.minimum..=control.maximum).contains(&value).then(|| control.current = value)
    }
}
