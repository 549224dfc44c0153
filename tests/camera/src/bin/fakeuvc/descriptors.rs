//! What the camera says it is: device, configuration, strings.
//!
//! Layouts and numbers are those of *USB Device Class Definition for Video Devices*, revision 1.1, tables 3-1 to 3-19,
//! and of its payload documents for MJPEG and uncompressed video.

pub(crate) use bowerbird_camera_tests::pictures::SIZES;

/// Frame durations in units of 100 ns: 30, 30000/1001 and 15 frames a second, the fastest first as the class wants it.
pub(crate) const DURATIONS: [u32; 3] = [333_333, 333_667, 666_666];

/// Entities of the control interface.
pub(crate) const CAMERA_TERMINAL: u8 = 1;
/// The unit that brightness and the like belong to.
pub(crate) const PROCESSING_UNIT: u8 = 2;
const OUTPUT_TERMINAL: u8 = 3;

/// The interface that frames are negotiated on.
pub(crate) const STREAMING_INTERFACE: u8 = 1;
/// The endpoint that frames come from.
pub(crate) const ENDPOINT: u8 = 1;
/// Device clock in Hz, which timestamps in payloads would count.
pub(crate) const CLOCK: u32 = 48_000_000;

const CLASS_VIDEO: u8 = 0x0e;
const CLASS_SPECIFIC_INTERFACE: u8 = 0x24;

/// Formats, with their numbers in the descriptors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Format {
    /// JPEG pictures.
    Mjpeg = 1,
    /// Packed 4:2:2.
    Yuyv = 2,
}

impl Format {
    /// The format with this number.
    pub(crate) fn from_index(index: u8) -> Option<Self> {
        [Self::Mjpeg, Self::Yuyv].into_iter().find(|format| *format as u8 == index)
    }
}

/// Bytes of a picture without compression, which also bounds the compressed one.
pub(crate) fn frame_bytes((width, height): (u16, u16)) -> u32 {
    u32::from(width) * u32::from(height) * 2
}

/// A descriptor: its length, which is counted here, its type, and the rest.
fn descriptor(kind: u8, parts: &[&[u8]]) -> Vec<u8> {
    let body = parts.concat();
    let mut bytes = vec![body.len() as u8 + 2, kind];
    bytes.extend(body);
    bytes
}

/// A descriptor of the video class.
fn specific(parts: &[&[u8]]) -> Vec<u8> {
    descriptor(CLASS_SPECIFIC_INTERFACE, parts)
}

/// The device descriptor: USB 2.0, several functions, vendor and product numbers of the Linux Foundation's gadgets.
pub(crate) fn device() -> Vec<u8> {
    descriptor(1, &[&[0x00, 0x02, 0xef, 2, 1, 64], &[0x6b, 0x1d, 0x02, 0x01, 0x00, 0x01], &[1, 2, 3, 1]])
}

/// A string descriptor: languages, manufacturer, then the camera's name and serial number.
pub(crate) fn string(index: u8, names: &[String; 2]) -> Option<Vec<u8>> {
    let text = match index {
        0 => return Some(descriptor(3, &[&[0x09, 0x04]])),
        1 => "Bowerbird",
        2 => &names[0],
        3 => &names[1],
        _ => return None,
    };
    let utf16: Vec<u8> = text.encode_utf16().take(126).flat_map(u16::to_le_bytes).collect();
    Some(descriptor(3, &[&utf16]))
}

/// The configuration with everything in it.
pub(crate) fn configuration() -> Vec<u8> {
    let association = descriptor(0x0b, &[&[0, 2, CLASS_VIDEO, 3, 0, 2]]);
    let body = [association, control_interface(), streaming_interface()].concat();
    let total = (body.len() as u16 + 9).to_le_bytes();
    let mut bytes = descriptor(2, &[&total, &[2, 1, 0, 0x80, 250]]);
    bytes.extend(body);
    bytes
}

fn control_interface() -> Vec<u8> {
    // Bits: exposure mode 1, exposure 3, focus 5, zoom 9, automatic focus 17.
    let camera = specific(&[
        &[0x02, CAMERA_TERMINAL, 0x01, 0x02, 0, 0],
        // Focal lengths of the lens, which nobody reads.
        &[0; 6],
        &[3, 0b0010_1010, 0b0000_0010, 0b0000_0010],
    ]);
    // Bits: brightness 0, contrast 1, saturation 3, sharpness 4, white balance 6, gain 9, power line 10, automatic
    // white balance 12.
    let processing =
        specific(&[&[0x05, PROCESSING_UNIT, CAMERA_TERMINAL, 0, 0], &[3, 0b0101_1011, 0b0001_0110, 0b0000_0000], &[0]]);
    let output = specific(&[&[0x03, OUTPUT_TERMINAL, 0x01, 0x01, 0, PROCESSING_UNIT, 0]]);
    let entities = [camera, processing, output].concat();
    let total = (entities.len() as u16 + 13).to_le_bytes();
    let header = specific(&[&[0x01, 0x10, 0x01], &total, &CLOCK.to_le_bytes(), &[1, STREAMING_INTERFACE]]);
    let interface = descriptor(4, &[&[0, 0, 0, CLASS_VIDEO, 1, 0, 2]]);
    [interface, header, entities].concat()
}

fn streaming_interface() -> Vec<u8> {
    // BT.709 primaries and transfer, BT.601 matrix: what sRGB cameras announce.
    let color = specific(&[&[0x0d, 1, 1, 4]]);
    let sizes = SIZES.len() as u8;
    let mjpeg = specific(&[&[0x06, Format::Mjpeg as u8, sizes, 0, 1, 0, 0, 0, 0]]);
    let yuy2 = *b"YUY2\0\0\x10\0\x80\0\0\xaa\0\x38\x9b\x71";
    let yuyv = specific(&[&[0x04, Format::Yuyv as u8, sizes], &yuy2, &[16, 1, 0, 0, 0, 0]]);
    let formats = [mjpeg, frames(0x07), color.clone(), yuyv, frames(0x05), color].concat();
    let total = (formats.len() as u16 + 15).to_le_bytes();
    let header = specific(&[&[0x01, 2], &total, &[0x80 | ENDPOINT, 0, OUTPUT_TERMINAL, 0, 0, 0, 1], &[0; 2]]);
    let interface = descriptor(4, &[&[STREAMING_INTERFACE, 0, 1, CLASS_VIDEO, 2, 0, 0]]);
    // Bulk, 512 bytes a packet.
    let endpoint = descriptor(5, &[&[0x80 | ENDPOINT, 2, 0x00, 0x02, 0]]);
    [interface, header, formats, endpoint].concat()
}

/// The frame descriptors of a format, one for each size.
fn frames(subtype: u8) -> Vec<u8> {
    let durations = DURATIONS.map(u32::to_le_bytes).concat();
    let frame = |(index, size): (usize, (u16, u16))| {
        let bytes = frame_bytes(size);
        specific(&[
            &[subtype, index as u8 + 1, 0],
            &size.0.to_le_bytes(),
            &size.1.to_le_bytes(),
            &(bytes * 8 * 15).to_le_bytes(),
            &(bytes * 8 * 30).to_le_bytes(),
            &bytes.to_le_bytes(),
            &DURATIONS[0].to_le_bytes(),
            &[DURATIONS.len() as u8],
            &durations,
        ])
    };
    SIZES.into_iter().enumerate().flat_map(frame).collect()
}
