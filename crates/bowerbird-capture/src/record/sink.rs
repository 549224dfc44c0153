//! What a recording is written to: AVI, y4m, or a pipe to `ffmpeg`.

use super::RecordOptions;
use super::encoder::Encoder;
use super::output::Output;
use crate::video::{AviWriter, guess_matrix};
use crate::{CaptureError, ColorMatrix};
use jpeg_encoder::{ColorType, SamplingFactor};
use std::io::{self, SeekFrom};
use std::path::Path;
use yuv::{BufferStoreMut, YuvChromaSubsampling, YuvConversionMode, YuvPlanarImageMut, YuvRange};

/// How often a file is shortened on a full disk before it is given up: one that copies what is written over, as Btrfs
/// does, needs more room than what is taken back.
const ATTEMPTS: usize = 8;

/// Where frames go. Dropping one that was not finished leaves a part of a file.
pub(super) enum Sink {
    Avi { writer: Box<AviWriter<Box<dyn Output>>>, quality: u8, picture: Vec<u8> },
    Y4m(Y4m),
    Ffmpeg(Encoder),
}

/// A file of uncompressed frames.
pub(super) struct Y4m {
    output: Box<dyn Output>,
    planes: YuvPlanarImageMut<'static, u8>,
    matrix: ColorMatrix,
    /// Frames that are whole, and where the last of them ends.
    frames: u64,
    end: u64,
}

impl Sink {
    /// Begins a file at `path`, of the kind that the name `wanted` ends with, made by `create` unless that is `ffmpeg`'s.
    pub(super) fn new(
        path: &Path,
        wanted: &Path,
        options: &RecordOptions,
        create: impl FnOnce(&Path) -> io::Result<Box<dyn Output>>,
    ) -> Result<Self, CaptureError> {
        let kind = wanted.extension().and_then(|kind| kind.to_str()).unwrap_or_default().to_lowercase();
        if let Some(encoder) = Encoder::new(path, &kind, options) {
            return encoder.map(Self::Ffmpeg);
        }
        let failed = |error: io::Error| CaptureError::File { path: wanted.to_owned(), reason: reason(&error) };
        match kind.as_str() {
            "avi" => {
                let size = (options.width, options.height);
                let writer =
                    create(path).and_then(|output| AviWriter::new(output, size, options.rate)).map_err(failed)?;
                Ok(Self::Avi { writer: Box::new(writer), quality: options.quality, picture: Vec::new() })
            }
            "y4m" => create(path).and_then(|output| Y4m::new(output, options)).map(Self::Y4m).map_err(failed),
            _ => Err(CaptureError::File {
                path: wanted.to_owned(),
                reason: "recordings end in .mp4, .mkv or .mov (with ffmpeg), .avi or .y4m".into(),
            }),
        }
    }

    /// Writes a frame of RGBA, `times` times.
    pub(super) fn frame(&mut self, rgba: &[u8], options: &RecordOptions, times: u64) -> io::Result<()> {
        let (width, height) = (options.width, options.height);
        match self {
            Self::Avi { writer, quality, picture } => {
                picture.clear();
                let mut encoder = jpeg_encoder::Encoder::new(&mut *picture, *quality);
                encoder.set_sampling_factor(SamplingFactor::F_2_2);
                // Both sides are below 16385.
                encoder
                    .encode(rgba, width as u16, height as u16, ColorType::Rgba)
                    .map_err(|error| io::Error::other(error.to_string()))?;
                writer.frame(picture)?;
                (1..times).try_for_each(|_| writer.frame(&[]))
            }
            Self::Y4m(y4m) => y4m.frame(rgba, width, times),
            Self::Ffmpeg(encoder) => (0..times).try_for_each(|_| encoder.frame(rgba)),
        }
    }

    /// Completes the file.
    pub(super) fn finish(&mut self) -> io::Result<()> {
        match self {
            Self::Avi { writer, .. } => {
                writer.finish()?;
                writer.output().sync()
            }
            Self::Y4m(Y4m { output, .. }) => output.sync(),
            Self::Ffmpeg(encoder) => encoder.finish(),
        }
    }

    /// Makes what was written until an error a file that plays; how many frames are in it, where that is known, or `None` if
    /// nothing could be kept.
    pub(super) fn salvage(&mut self) -> Option<Option<u64>> {
        match self {
            Self::Avi { writer, .. } => {
                let mut room = writer.output().seek(SeekFrom::End(0)).ok()?;
                for _ in 0..ATTEMPTS {
                    let end = writer.shorten(room);
                    if writer.frames() == 0 {
                        return None;
                    }
                    writer.output().cut(end).ok()?;
                    if writer.finish().and_then(|()| writer.output().sync()).is_ok() {
                        return Some(Some(writer.frames()));
                    }
                    room -= room / 16;
                }
                None
            }
            Self::Y4m(Y4m { output, frames, end, .. }) => {
                let cut = output.cut(*end).and_then(|()| output.sync());
                (cut.is_ok() && *frames > 0).then_some(Some(*frames))
            }
            Self::Ffmpeg(encoder) => encoder.salvage().then_some(None),
        }
    }

    /// What is behind an error: what `ffmpeg` says tells more than that its pipe broke.
    pub(super) fn blame(&mut self, error: io::Error) -> io::Error {
        match self {
            Self::Ffmpeg(encoder) => encoder.finish().err().unwrap_or(error),
            _ => error,
        }
    }

    /// Gives up the file.
    pub(super) fn abandon(&self) {
        if let Self::Ffmpeg(encoder) = self {
            encoder.abandon();
        }
    }
}

impl Y4m {
    fn new(mut output: Box<dyn Output>, options: &RecordOptions) -> io::Result<Self> {
        let RecordOptions { width, height, rate, .. } = *options;
        let head = format!(
            "YUV4MPEG2 W{width} H{height} F{}:{} Ip A1:1 C420jpeg XYSCSS=420JPEG XCOLORRANGE=LIMITED\n",
            rate.frames, rate.seconds
        );
        output.write_all(head.as_bytes())?;
        let planes = YuvPlanarImageMut::alloc(width, height, YuvChromaSubsampling::Yuv420);
        Ok(Self { output, planes, matrix: guess_matrix(width, height), frames: 0, end: head.len() as u64 })
    }

    fn frame(&mut self, rgba: &[u8], width: u32, times: u64) -> io::Result<()> {
        let (planes, matrix) = (&mut self.planes, self.matrix.into());
        yuv::rgba_to_yuv420(planes, rgba, width * 4, YuvRange::Limited, matrix, YuvConversionMode::Balanced)
            .map_err(|error| io::Error::other(error.to_string()))?;
        for _ in 0..times {
            let planes = [&planes.y_plane, &planes.u_plane, &planes.v_plane].map(BufferStoreMut::borrow);
            for bytes in [&b"FRAME\n"[..], planes[0], planes[1], planes[2]] {
                self.output.write_all(bytes)?;
            }
            self.frames += 1;
            self.end += 6 + planes.iter().map(|plane| plane.len() as u64).sum::<u64>();
        }
        Ok(())
    }
}

/// The error in words, with what to do.
pub(super) fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            "the disk is full: free some room, or record to another one".into()
        }
        io::ErrorKind::FileTooLarge => {
            "it is as large as the disk's file system, or AVI (4 TiB), allows: record in parts, or to another disk"
                .into()
        }
        io::ErrorKind::BrokenPipe => "ffmpeg stopped taking frames; its disk may be full".into(),
        _ => error.to_string(),
    }
}
