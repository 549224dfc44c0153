//! y4m, the uncompressed video that programs pipe to each other.
//!
//! A header line, then frames: a line and the planes. It has no times, so frame `n` is `n` periods after the first, and
//! says nothing of the matrix, so that of the picture's size is taken. 8 bits; deeper ones are refused by name. A stream
//! that ends within a frame is reported as damaged, and then ends.

use super::ahead::Reader;
use crate::camera::Rate;
use crate::{CaptureError, ColorMatrix, ColorRange, Frame, PixelFormat};
use core::time::Duration;
use std::io::{self, Read};
use yuv::{YuvPlanarImage, YuvStandardMatrix};

/// The longest header line.
const LINE: usize = 1024;

/// Columns and rows at the most.
const LARGEST: u32 = 16384;

/// The matrix that video of this size has when nothing says otherwise: high definition began with BT.709.
pub(crate) fn guess_matrix(width: u32, height: u32) -> ColorMatrix {
    if width >= 1280 || height > 576 { ColorMatrix::Bt709 } else { ColorMatrix::Bt601 }
}

/// How chroma is sampled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sampling {
    Gray,
    C420,
    C422,
    C444,
}

/// What the first line says.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Header {
    width: u32,
    height: u32,
    rate: Rate,
    sampling: Sampling,
    range: ColorRange,
}

impl Header {
    fn parse(line: &str) -> Result<Self, String> {
        let mut words = line.split(' ');
        if words.next() != Some("YUV4MPEG2") {
            return Err("it is not y4m: it does not begin with YUV4MPEG2".into());
        }
        let (mut width, mut height, mut rate) = (0, 0, Rate::new(25));
        let (mut sampling, mut range) = (Sampling::C420, ColorRange::Limited);
        for word in words.filter(|word| !word.is_empty()) {
            let mut letters = word.chars();
            let (key, value) = (letters.next(), letters.as_str());
            match key {
                Some('W') => width = value.parse().unwrap_or(0),
                Some('H') => height = value.parse().unwrap_or(0),
                Some('F') => {
                    let fraction = value.split_once(':').and_then(|(a, b)| Some((a.parse().ok()?, b.parse().ok()?)));
                    rate = fraction.and_then(|(a, b)| Rate::fraction(a, b)).unwrap_or(rate);
                }
                Some('C') => {
                    sampling = match value {
                        "420" | "420jpeg" | "420mpeg2" | "420paldv" => Sampling::C420,
                        "422" => Sampling::C422,
                        "444" => Sampling::C444,
                        "mono" => Sampling::Gray,
                        other => return Err(format!("its pixels are C{other}; C420, C422, C444 and Cmono are read")),
                    }
                }
                Some('X') if value == "COLORRANGE=FULL" => range = ColorRange::Full,
                _ => {}
            }
        }
        if width == 0 || height == 0 || width > LARGEST || height > LARGEST {
            return Err(format!("its size is {width}×{height}; up to {LARGEST}×{LARGEST} are read"));
        }
        Ok(Self { width, height, rate, sampling, range })
    }

    /// Bytes of a plane of chroma.
    fn chroma(&self) -> usize {
        let (width, height) = (self.width as usize, self.height as usize);
        match self.sampling {
            Sampling::Gray => 0,
            Sampling::C420 => width.div_ceil(2) * height.div_ceil(2),
            Sampling::C422 => width.div_ceil(2) * height,
            Sampling::C444 => width * height,
        }
    }
}

/// A y4m stream.
pub(super) struct Y4m<R> {
    name: String,
    input: R,
    header: Header,
    pub(super) matrix: ColorMatrix,
    number: u64,
    planes: Vec<u8>,
}

/// Reads up to the end of a line; `None` at the end of the stream.
fn line(input: &mut impl Read) -> Result<Option<String>, String> {
    let (mut bytes, mut byte) = (Vec::new(), [0]);
    while bytes.len() < LINE {
        match input.read(&mut byte) {
            Ok(0) if bytes.is_empty() => return Ok(None),
            Ok(0) => return Err("it ends within a line".into()),
            Ok(_) if byte[0] == b'\n' => return Ok(Some(String::from_utf8_lossy(&bytes).into_owned())),
            Ok(_) => bytes.push(byte[0]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error.to_string()),
        }
    }
    Err("it is not y4m: its line does not end".into())
}

impl<R: Read + Send> Y4m<R> {
    /// Reads the header of `input`, which people know by `name`.
    pub(super) fn new(name: &str, mut input: R) -> Result<Self, CaptureError> {
        let damaged = |reason: String| CaptureError::File { path: name.into(), reason };
        let first = line(&mut input).map_err(damaged)?.ok_or_else(|| damaged("it is empty".into()))?;
        let header = Header::parse(&first).map_err(damaged)?;
        let matrix = guess_matrix(header.width, header.height);
        Ok(Self { name: name.into(), input, header, matrix, number: 0, planes: Vec::new() })
    }

    pub(super) fn size(&self) -> (u32, u32, Rate) {
        (self.header.width, self.header.height, self.header.rate)
    }

    /// Puts the planes into `frame`: as they are, or, for what is no frame's format, as RGBA.
    fn deliver(&mut self, frame: &mut Frame) -> Result<(), CaptureError> {
        let Header { width, height, sampling, range, .. } = self.header;
        let format = match sampling {
            Sampling::Gray => PixelFormat::Gray,
            Sampling::C420 => PixelFormat::I420,
            Sampling::C422 | Sampling::C444 => PixelFormat::Rgba,
        };
        frame.reset(format, width, height);
        (frame.matrix, frame.range) = (self.matrix, range);
        if format != PixelFormat::Rgba {
            core::mem::swap(&mut frame.data, &mut self.planes);
            return Ok(());
        }
        let (y_plane, chroma) = self.planes.split_at(width as usize * height as usize);
        let (u_plane, v_plane) = chroma.split_at(self.header.chroma());
        let stride = if sampling == Sampling::C422 { width.div_ceil(2) } else { width };
        let (y_stride, u_stride, v_stride) = (width, stride, stride);
        let image = YuvPlanarImage { y_plane, y_stride, u_plane, u_stride, v_plane, v_stride, width, height };
        let convert = if sampling == Sampling::C422 { yuv::yuv422_to_rgba } else { yuv::yuv444_to_rgba };
        convert(&image, &mut frame.data, width * 4, range.into(), YuvStandardMatrix::from(self.matrix))
            .map_err(|error| CaptureError::Damaged { name: self.name.clone(), reason: error.to_string() })
    }
}

impl<R: Read + Send> Reader for Y4m<R> {
    fn describe(&self) -> String {
        let (width, height, rate) = self.size();
        format!("{}, {width}×{height} at {rate}", self.name)
    }

    fn next(&mut self, frame: &mut Frame) -> Result<bool, CaptureError> {
        let damaged = |name: &str, reason: String| CaptureError::Damaged { name: name.into(), reason };
        match line(&mut self.input) {
            Ok(None) => return Ok(false),
            Ok(Some(line)) if line == "FRAME" || line.starts_with("FRAME ") => {}
            // Where the next frame begins is not to be known then.
            Ok(Some(_)) => {
                return Err(CaptureError::File {
                    path: (&self.name).into(),
                    reason: "a frame does not begin with FRAME".into(),
                });
            }
            Err(reason) => return Err(damaged(&self.name, reason)),
        }
        let wanted = self.header.width as usize * self.header.height as usize + 2 * self.header.chroma();
        self.planes.clear();
        self.planes.reserve(wanted);
        match self.input.by_ref().take(wanted as u64).read_to_end(&mut self.planes) {
            Ok(got) if got == wanted => {}
            Ok(got) => {
                let reason = format!("the stream ends within frame {}: {got} of {wanted} bytes", self.number);
                return Err(damaged(&self.name, reason));
            }
            Err(error) => return Err(CaptureError::System { name: self.name.clone(), reason: error.to_string() }),
        }
        self.deliver(frame)?;
        let period = 1.0 / self.header.rate.per_second();
        frame.time = Duration::try_from_secs_f64(self.number as f64 * period).unwrap_or(Duration::MAX);
        frame.sequence = self.number;
        self.number += 1;
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_all(bytes: &[u8]) -> (Vec<Frame>, Option<CaptureError>) {
        let mut stream = match Y4m::new("a test", bytes) {
            Ok(stream) => stream,
            Err(error) => return (Vec::new(), Some(error)),
        };
        let mut frames = Vec::new();
        loop {
            let mut frame = Frame::default();
            match stream.next(&mut frame) {
                Ok(true) => frames.push(frame),
                Ok(false) => return (frames, None),
                Err(error) => return (frames, Some(error)),
            }
        }
    }

    #[test]
    fn frames_have_their_planes_and_times() {
        let (frames, error) =
            read_all(b"YUV4MPEG2 W3 H2 F30000:1001 Ip A1:1 C420jpeg\nFRAME\nabcdefUUVVFRAME Ip\nghijklUUVV");
        assert_eq!((frames.len(), error), (2, None));
        assert_eq!((frames[0].format, &frames[0].data[..]), (PixelFormat::I420, &b"abcdefUUVV"[..]));
        assert_eq!(frames[1].time, Duration::from_secs_f64(1001.0 / 30000.0));
        assert_eq!(frames[1].range, ColorRange::Limited);
    }

    #[test]
    fn gray_and_full_chroma_are_read() {
        let (frames, _) = read_all(b"YUV4MPEG2 W2 H1 F1:1 Cmono XCOLORRANGE=FULL\nFRAME\nab");
        assert_eq!((frames[0].format, frames[0].range), (PixelFormat::Gray, ColorRange::Full));
        let (frames, _) = read_all(b"YUV4MPEG2 W2 H1 F1:1 C444\nFRAME\n\xEB\x10\x80\x80\x80\x80");
        assert_eq!(
            (frames[0].format, &frames[0].data[..]),
            (PixelFormat::Rgba, &[255, 255, 255, 255, 0, 0, 0, 255][..])
        );
    }

    #[test]
    fn a_truncated_last_frame_is_reported() {
        let (frames, error) = read_all(b"YUV4MPEG2 W2 H2 F1:1\nFRAME\nabcdUVFRAME\nabc");
        assert_eq!(frames.len(), 1);
        assert!(error.unwrap().to_string().contains("ends within frame 1: 3 of 6 bytes"));
    }

    #[test]
    fn bad_headers_are_errors() {
        for (bytes, wanted) in [
            (&b""[..], "empty"),
            (b"RIFF....\n", "YUV4MPEG2"),
            (b"YUV4MPEG2 W2\n", "2×0"),
            (b"YUV4MPEG2 W99999 H2\n", "99999×2"),
            (b"YUV4MPEG2 W2 H2 C420p10\n", "C420p10"),
        ] {
            let error = read_all(bytes).1.unwrap().to_string();
            assert!(error.contains(wanted), "{error}");
        }
    }
}
