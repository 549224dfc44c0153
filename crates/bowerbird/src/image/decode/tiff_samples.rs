//! TIFF: the samples, from any stored type to ours.

use tiff::decoder::DecodingResult;

use crate::image::Pixels;
use crate::image::profile::to_8bit;
use crate::image::raw::Layout;
use crate::image::sample::{Sample, each_depth};

/// Whole samples: integers of 8 and 16 bits keep their depth, wider ones and floats become f32. `None` for signed ones.
pub(super) fn to_pixels(stored: DecodingResult) -> Option<Pixels> {
    Some(match stored {
        DecodingResult::U8(samples) => Pixels::U8(samples),
        DecodingResult::U16(samples) => Pixels::U16(samples),
        DecodingResult::F32(samples) => Pixels::F32(samples),
        DecodingResult::F16(samples) => Pixels::F32(samples.iter().map(|v| v.to_f32()).collect()),
        DecodingResult::F64(samples) => Pixels::F32(samples.iter().map(|v| *v as f32).collect()),
        DecodingResult::U32(samples) => {
            let most = f64::from(u32::MAX);
            Pixels::F32(samples.iter().map(|v| (f64::from(*v) / most) as f32).collect())
        }
        _ => return None,
    })
}

/// Samples of 1, 2 or 4 bits, packed from the high end, rows padded to bytes. Scaled to 8 bits, or as they are for a
/// palette.
pub(super) fn unpack(
    stored: &DecodingResult,
    bits: u8,
    (width, height): (u32, u32),
    layout: Layout,
    stride: usize,
    is_scaled: bool,
) -> Option<Pixels> {
    let DecodingResult::U8(packed) = stored else { return None };
    if layout != Layout::Gray || !matches!(bits, 1 | 2 | 4) {
        return None;
    }
    let per_byte = usize::from(8 / bits);
    let most = (1_u8 << bits) - 1;
    let scale = if is_scaled { 255 / most } else { 1 };
    let stride = stride.max((width as usize).div_ceil(per_byte));
    let mut samples = Vec::with_capacity(width as usize * height as usize);
    for row in packed.chunks_exact(stride).take(height as usize) {
        samples.extend((0..width as usize).map(|x| {
            let shift = 8 - bits as usize * (x % per_byte + 1);
            (row[x / per_byte] >> shift & most) * scale
        }));
    }
    Some(Pixels::U8(samples))
}

/// Samples stored plane by plane as pixels.
pub(super) fn interleave(samples: Pixels, planes: usize) -> Pixels {
    fn weave<S: Sample>(samples: &[S], planes: usize) -> Pixels {
        let length = samples.len() / planes;
        let pixel = |at| (0..planes).map(move |plane| samples[plane * length + at]);
        S::wrap((0..length).flat_map(pixel).collect())
    }
    each_depth!(&samples, samples => weave(samples, planes))
}

/// Full-range BT.601, which is what JPEG data inside TIFF uses.
pub(super) fn ycc_to_rgb(samples: &mut Pixels) {
    let Pixels::U8(samples) = samples else { return };
    for pixel in samples.as_chunks_mut::<3>().0 {
        let [y, cb, cr] = pixel.map(f32::from);
        let (cb, cr) = (cb - 128.0, cr - 128.0);
        let rgb = [y + 1.402 * cr, y - 0.344_136 * cb - 0.714_136 * cr, y + 1.772 * cb];
        *pixel = rgb.map(|v| (v.clamp(0.0, 255.0) + 0.5) as u8);
    }
}

/// Palette indices as 8-bit RGB. The map holds all reds, all greens, all blues; an index beyond it is black.
pub(super) fn look_up(indices: &Pixels, map: &[u16]) -> Vec<u8> {
    let entries = map.len() / 3;
    // The values are meant to be 16-bit, but there are writers that store 8 bits, low or high.
    let code = match () {
        () if map.iter().all(|v| *v < 256) => |v: u16| v as u8,
        () if map.iter().all(|v| v & 255 == 0) => |v: u16| (v >> 8) as u8,
        () => to_8bit,
    };
    let color =
        |index: usize| [0, 1, 2].map(|plane| if index < entries { code(map[plane * entries + index]) } else { 0 });
    match indices {
        Pixels::U8(indices) => indices.iter().flat_map(|index| color(usize::from(*index))).collect(),
        Pixels::U16(indices) => indices.iter().flat_map(|index| color(usize::from(*index))).collect(),
        Pixels::F32(_) => Vec::new(),
    }
}
