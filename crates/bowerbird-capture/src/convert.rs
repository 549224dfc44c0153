//! Frames to RGBA: the `yuv` crate's kernels, over bands of rows on rayon's threads.
//!
//! Compressed frames are not decoded here; whoever reads them turns them into one of the plain formats first.

use crate::{CaptureError, ColorMatrix, ColorRange, Frame, PixelFormat};
use core::cell::RefCell;
use fearless_simd::{Level, Simd, dispatch, prelude::*};
use rayon::prelude::*;
use yuv::{YuvBiPlanarImage, YuvConversionMode, YuvError, YuvGrayImage, YuvPlanarImage, YuvRange, YuvStandardMatrix};

/// Rows a band: even, as chroma asks, and few enough that a frame of any size gives every thread several.
const BAND: usize = 64;

/// Rows of packed 4:2:2 that are taken apart at a time, so that their planes stay in the first cache or the second.
const SPLIT_ROWS: usize = 4;

thread_local! {
    /// The planes of a band of packed 4:2:2. The library's kernels for packed pixels have 6 bits behind the point and miss
    /// by up to 4 codes; those for planes have 13 and miss by one.
    static SPLIT: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// Every other byte of `pairs` into each (a frame of 3840×2160 to RGBA, two threads: 1.5 ms, and 9 byte by byte).
fn part(pairs: &[u8], even: &mut [u8], odd: &mut [u8]) {
    let done = dispatch!(Level::new(), simd => part_wide(simd, pairs, even, odd));
    for ((even, odd), pair) in even.iter_mut().zip(odd).zip(pairs.chunks_exact(2)).skip(done) {
        (*even, *odd) = (pair[0], pair[1]);
    }
}

/// How many pairs were parted: whole registers of them.
#[inline(always)]
fn part_wide<S: Simd>(simd: S, pairs: &[u8], even: &mut [u8], odd: &mut [u8]) -> usize {
    let len = <S::u8s as SimdBase<S>>::LEN;
    let count = even.len().min(odd.len()).min(pairs.len() / 2) / len * len;
    for at in (0..count).step_by(len) {
        let first: S::u16s = S::u8s::from_slice(simd, &pairs[2 * at..2 * at + len]).bitcast();
        let second: S::u16s = S::u8s::from_slice(simd, &pairs[2 * at + len..2 * at + 2 * len]).bitcast();
        (first & 0xff).narrow(second & 0xff).store_slice(&mut even[at..at + len]);
        (first >> 8).narrow(second >> 8).store_slice(&mut odd[at..at + len]);
    }
    count
}

impl From<ColorMatrix> for YuvStandardMatrix {
    fn from(matrix: ColorMatrix) -> Self {
        match matrix {
            ColorMatrix::Bt601 => Self::Bt601,
            ColorMatrix::Bt709 => Self::Bt709,
            ColorMatrix::Bt2020 => Self::Bt2020,
        }
    }
}

impl From<ColorRange> for YuvRange {
    fn from(range: ColorRange) -> Self {
        match range {
            ColorRange::Limited => Self::Limited,
            ColorRange::Full => Self::Full,
        }
    }
}

impl Frame {
    /// Writes the frame as RGBA, `width · height · 4` bytes, opaque unless the frame itself has alpha. `rgba` is resized
    /// to fit, and allocates nothing when it did before.
    ///
    /// # Errors
    ///
    /// [`CaptureError::Damaged`] for a frame with fewer bytes than its format needs, or one that is compressed.
    pub fn to_rgba(&self, rgba: &mut Vec<u8>) -> Result<(), CaptureError> {
        let damaged = |reason: String| CaptureError::Damaged { name: "the source".into(), reason };
        let (width, height) = (self.width as usize, self.height as usize);
        if width == 0 || height == 0 {
            return Err(damaged("it has no pixels".into()));
        }
        if self.format == PixelFormat::Mjpeg {
            return Err(damaged("it is still compressed".into()));
        }
        let (row, needed) = (self.format.row_bytes(self.width), self.format.frame_bytes(self.stride, self.height));
        // The padding behind the last row may be left out; in 4:2:0 that is a row of chroma.
        let padding = match self.format {
            PixelFormat::I420 => self.stride.div_ceil(2).saturating_sub(row.div_ceil(2)),
            PixelFormat::Nv12 => self.stride.next_multiple_of(2).saturating_sub(row.next_multiple_of(2)),
            _ => self.stride.saturating_sub(row),
        };
        let least = needed - padding;
        if self.stride < row || self.data.len() < least {
            return Err(damaged(format!("it has {} bytes where {} has {least}", self.data.len(), self.format)));
        }
        rgba.resize(width * height * 4, 0);
        rgba.par_chunks_mut(width * 4 * BAND)
            .enumerate()
            .try_for_each(|(band, out)| self.convert_band(band * BAND, out))
            .map_err(|error| damaged(error.to_string()))
    }

    /// Converts the rows from `top` on, as many as `out` holds.
    fn convert_band(&self, top: usize, out: &mut [u8]) -> Result<(), YuvError> {
        let (matrix, range) = (YuvStandardMatrix::from(self.matrix), YuvRange::from(self.range));
        let (width, out_stride) = (self.width, self.width * 4);
        let rows = out.len() / out_stride as usize;
        let (stride, height) = (self.stride, rows as u32);
        // The library leaves out a row whose padding is missing, so the last row of such a frame goes by itself.
        let last =
            if matches!(self.format, PixelFormat::Nv12 | PixelFormat::I420) { 2 - self.height as usize % 2 } else { 1 };
        let whole = self.data.len() >= self.format.frame_bytes(stride, self.height);
        if !whole && top + rows == self.height as usize && rows > last {
            let (before, after) = out.split_at_mut((rows - last) * out_stride as usize);
            self.convert_band(top, before)?;
            return self.convert_band(top + rows - last, after);
        }
        // `count` rows of a plane that starts at `start`, and their stride.
        let plane = |start: usize, stride: usize, first: usize, count: usize, row: usize| {
            let from = start + first * stride;
            match self.data.get(from..from + count * stride) {
                Some(rows) => (rows, stride),
                None => (&self.data[from..from + row], row),
            }
        };
        let row = self.format.row_bytes(width);
        let (luma, luma_stride) = plane(0, stride, top, rows, row);
        let y_stride = luma_stride as u32;
        let chroma_start = stride * self.height as usize;
        let (chroma_top, chroma_rows) = (top / 2, rows.div_ceil(2));
        match self.format {
            PixelFormat::Rgba => {
                for (to, from) in out.chunks_exact_mut(row).zip(luma.chunks(luma_stride)) {
                    to.copy_from_slice(&from[..row]);
                }
                Ok(())
            }
            PixelFormat::Rgb | PixelFormat::Bgr => {
                let (red, blue) = if self.format == PixelFormat::Rgb { (0, 2) } else { (2, 0) };
                for (to, from) in out.chunks_exact_mut(out_stride as usize).zip(luma.chunks(luma_stride)) {
                    for (to, from) in to.chunks_exact_mut(4).zip(from.chunks_exact(3)) {
                        to.copy_from_slice(&[from[red], from[1], from[blue], u8::MAX]);
                    }
                }
                Ok(())
            }
            PixelFormat::Gray => {
                let image = YuvGrayImage { y_plane: luma, y_stride, width, height };
                yuv::yuv400_to_rgba(&image, out, out_stride, range, matrix)
            }
            PixelFormat::Yuyv | PixelFormat::Uyvy => SPLIT.with_borrow_mut(|split| {
                let plane_row = row / 2;
                split.resize(2 * plane_row * SPLIT_ROWS, 0);
                let (y_plane, uv_plane) = split.split_at_mut(plane_row * SPLIT_ROWS);
                let (y_stride, uv_stride) = (plane_row as u32, plane_row as u32);
                let pieces = out.chunks_mut(out_stride as usize * SPLIT_ROWS);
                pieces.zip(luma.chunks(luma_stride * SPLIT_ROWS)).try_for_each(|(out, packed)| {
                    let planes = y_plane.chunks_exact_mut(plane_row).zip(uv_plane.chunks_exact_mut(plane_row));
                    for ((y, uv), from) in planes.zip(packed.chunks(luma_stride)) {
                        // Y0 U Y1 V, or U Y0 V Y1: luma in one plane, U and V by turns in the other.
                        if self.format == PixelFormat::Yuyv {
                            part(&from[..row], y, uv)
                        } else {
                            part(&from[..row], uv, y)
                        }
                    }
                    let height = (out.len() / out_stride as usize) as u32;
                    let image = YuvBiPlanarImage { y_plane, y_stride, uv_plane, uv_stride, width, height };
                    yuv::yuv_nv16_to_rgba(&image, out, out_stride, range, matrix, YuvConversionMode::Balanced)
                })
            }),
            PixelFormat::Nv12 => {
                let (uv_stride, uv_row) = (stride.next_multiple_of(2), row.next_multiple_of(2));
                let (uv_plane, uv_stride) = plane(chroma_start, uv_stride, chroma_top, chroma_rows, uv_row);
                let uv_stride = uv_stride as u32;
                let image = YuvBiPlanarImage { y_plane: luma, y_stride, uv_plane, uv_stride, width, height };
                yuv::yuv_nv12_to_rgba(&image, out, out_stride, range, matrix, YuvConversionMode::Balanced)
            }
            PixelFormat::I420 => {
                let (half, half_row) = (stride.div_ceil(2), row.div_ceil(2));
                let second = chroma_start + half * (self.height as usize).div_ceil(2);
                let (u_plane, u_stride) = plane(chroma_start, half, chroma_top, chroma_rows, half_row);
                let (v_plane, v_stride) = plane(second, half, chroma_top, chroma_rows, half_row);
                let (u_stride, v_stride) = (u_stride as u32, v_stride as u32);
                let image =
                    YuvPlanarImage { y_plane: luma, y_stride, u_plane, u_stride, v_plane, v_stride, width, height };
                yuv::yuv420_to_rgba(&image, out, out_stride, range, matrix)
            }
            // Refused above.
            PixelFormat::Mjpeg => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Codes between the float matrix and the library's, both rounded. Its coefficients have 13 bits behind the point, which
    /// over three products of at most 255 codes is less than a tenth of a code; the vector kernels round products before
    /// they are summed, to a few 64ths of a code. So a result may fall on the other side of a half, and no further.
    const FIXED_POINT: i32 = 1;

    /// A pixel by the definition of BT.601 or BT.709.
    fn reference(y: u8, u: u8, v: u8, matrix: ColorMatrix, range: ColorRange) -> [i32; 3] {
        let (kr, kb) = match matrix {
            ColorMatrix::Bt601 => (0.299, 0.114),
            ColorMatrix::Bt709 => (0.2126, 0.0722),
            ColorMatrix::Bt2020 => (0.2627, 0.0593),
        };
        let (y, u, v) = match range {
            ColorRange::Limited => {
                ((f64::from(y) - 16.0) / 219.0, (f64::from(u) - 128.0) / 224.0, (f64::from(v) - 128.0) / 224.0)
            }
            ColorRange::Full => (f64::from(y) / 255.0, (f64::from(u) - 128.0) / 255.0, (f64::from(v) - 128.0) / 255.0),
        };
        let (r, b) = (y + 2.0 * (1.0 - kr) * v, y + 2.0 * (1.0 - kb) * u);
        let g = (y - kr * r - kb * b) / (1.0 - kr - kb);
        [r, g, b].map(|c| (c.clamp(0.0, 1.0) * 255.0).round() as i32)
    }

    /// Y, U and V of the pixel, the same for the pixels that share chroma. All are codes that limited range uses; the
    /// library takes those below black for black.
    fn yuv_at(x: usize, y: usize) -> [u8; 3] {
        let legal = |number: usize, codes: usize| (16 + number % codes) as u8;
        [legal(x * 7 + y * 13, 220), legal(x / 2 * 31 + y / 2 * 5, 225), legal(x / 2 * 3 + y / 2 * 57, 225)]
    }

    fn frame(format: PixelFormat, width: u32, height: u32, padding: usize) -> Frame {
        let mut frame = Frame::default();
        frame.reset(format, width, height);
        frame.stride += padding;
        frame.data = vec![0; format.frame_bytes(frame.stride, height)];
        let (stride, half) = (frame.stride, frame.stride.div_ceil(2));
        let (w, h) = (width as usize, height as usize);
        for y in 0..h {
            for x in 0..w {
                let [luma, u, v] = yuv_at(x, y);
                let data = &mut frame.data;
                match format {
                    PixelFormat::Yuyv => {
                        data[y * stride + x * 2] = luma;
                        data[y * stride + x / 2 * 4 + 1] = u;
                        data[y * stride + x / 2 * 4 + 3] = v;
                    }
                    PixelFormat::Uyvy => {
                        data[y * stride + x * 2 + 1] = luma;
                        data[y * stride + x / 2 * 4] = u;
                        data[y * stride + x / 2 * 4 + 2] = v;
                    }
                    PixelFormat::Nv12 => {
                        let uv = stride * h + y / 2 * stride.next_multiple_of(2) + x / 2 * 2;
                        data[y * stride + x] = luma;
                        (data[uv], data[uv + 1]) = (u, v);
                    }
                    PixelFormat::I420 => {
                        let at = stride * h + y / 2 * half + x / 2;
                        data[y * stride + x] = luma;
                        data[at] = u;
                        data[at + half * h.div_ceil(2)] = v;
                    }
                    _ => unreachable!("not a format of this test"),
                }
            }
        }
        frame
    }

    #[test]
    fn every_yuv_format_follows_the_definition() {
        for format in [PixelFormat::Yuyv, PixelFormat::Uyvy, PixelFormat::Nv12, PixelFormat::I420] {
            for (width, height, padding) in [(64, 130, 0), (33, 67, 0), (50, 66, 14), (33, 66, 1)] {
                for matrix in [ColorMatrix::Bt601, ColorMatrix::Bt709] {
                    for range in [ColorRange::Limited, ColorRange::Full] {
                        let mut frame = Frame { matrix, range, ..frame(format, width, height, padding) };
                        let last = match (format, width % 2) {
                            (PixelFormat::I420, _) => padding / 2,
                            (PixelFormat::Nv12, 1) => padding - padding % 2,
                            _ => padding,
                        };
                        frame.data.truncate(frame.data.len() - last);
                        let mut rgba = Vec::new();
                        frame.to_rgba(&mut rgba).unwrap();
                        for (index, pixel) in rgba.chunks_exact(4).enumerate() {
                            let (x, y) = (index % width as usize, index / width as usize);
                            // In 4:2:2 rows have their own chroma; the pattern gives it to pairs of rows anyhow.
                            let [luma, u, v] = yuv_at(x, y);
                            let wanted = reference(luma, u, v, matrix, range);
                            for (code, wanted) in pixel.iter().zip(wanted) {
                                assert!(
                                    (i32::from(*code) - wanted).abs() <= FIXED_POINT,
                                    "{format} {width}×{height} {matrix:?} {range:?} at {x},{y}: {pixel:?}, {wanted:?}"
                                );
                            }
                            assert_eq!(pixel[3], u8::MAX);
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn byte_orders_are_honored() {
        for (format, bytes, wanted) in [
            (PixelFormat::Rgb, vec![1, 2, 3], [1, 2, 3, 255]),
            (PixelFormat::Bgr, vec![1, 2, 3], [3, 2, 1, 255]),
            (PixelFormat::Rgba, vec![1, 2, 3, 4], [1, 2, 3, 4]),
        ] {
            let mut frame = Frame::default();
            frame.reset(format, 1, 1);
            frame.data = bytes;
            let mut rgba = Vec::new();
            frame.to_rgba(&mut rgba).unwrap();
            assert_eq!(rgba, wanted);
        }
    }

    #[test]
    fn a_short_frame_is_damaged_and_not_a_panic() {
        for format in [PixelFormat::Rgb, PixelFormat::Gray, PixelFormat::Yuyv, PixelFormat::Nv12, PixelFormat::I420] {
            let mut frame = Frame::default();
            frame.reset(format, 16, 16);
            frame.data.truncate(frame.data.len() - 1);
            let error = frame.to_rgba(&mut Vec::new()).unwrap_err();
            assert!(matches!(error, CaptureError::Damaged { .. }), "{format}: {error}");
        }
    }
}
