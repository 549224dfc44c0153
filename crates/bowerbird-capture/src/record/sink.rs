//! What a recording is written to: AVI, y4m, or a pipe to `ffmpeg`.

use super::RecordOptions;
use crate::video::{AviWriter, Process, guess_matrix, program};
use crate::{CaptureError, ColorMatrix};
use jpeg_encoder::{ColorType, Encoder, SamplingFactor};
use std::fs::File;
use std::io::{self, BufWriter, Read, Write};
use std::path::Path;
use std::process::{ChildStderr, ChildStdin, Stdio};
use yuv::{BufferStoreMut, YuvChromaSubsampling, YuvConversionMode, YuvPlanarImageMut, YuvRange};

/// Where frames go. Dropping one that was not finished leaves a part of a file.
pub(super) enum Sink {
    Avi { writer: Box<AviWriter<BufWriter<File>>>, quality: u8, picture: Vec<u8> },
    Y4m { output: BufWriter<File>, planes: YuvPlanarImageMut<'static, u8>, matrix: ColorMatrix },
    Ffmpeg { input: ChildStdin, errors: Option<ChildStderr>, process: Process },
}

impl Sink {
    /// Begins a file at `path`, of the kind that the name `wanted` ends with.
    pub(super) fn new(path: &Path, wanted: &Path, options: &RecordOptions) -> Result<Self, CaptureError> {
        let kind = wanted.extension().and_then(|kind| kind.to_str()).unwrap_or_default().to_lowercase();
        let failed = |error: io::Error| CaptureError::File { path: wanted.to_owned(), reason: reason(&error) };
        let (width, height) = (options.width, options.height);
        match kind.as_str() {
            "avi" => {
                let output = BufWriter::new(File::create(path).map_err(failed)?);
                let writer = AviWriter::new(output, (width, height), options.rate).map_err(failed)?;
                Ok(Self::Avi { writer: Box::new(writer), quality: options.quality, picture: Vec::new() })
            }
            "y4m" => {
                let mut output = BufWriter::new(File::create(path).map_err(failed)?);
                let (frames, seconds) = (options.rate.frames, options.rate.seconds);
                writeln!(
                    output,
                    "YUV4MPEG2 W{width} H{height} F{frames}:{seconds} Ip A1:1 C420jpeg XYSCSS=420JPEG XCOLORRANGE=LIMITED"
                )
                .map_err(failed)?;
                let planes = YuvPlanarImageMut::alloc(width, height, YuvChromaSubsampling::Yuv420);
                Ok(Self::Y4m { output, planes, matrix: guess_matrix(width, height) })
            }
            "mp4" | "mkv" | "mov" => Self::ffmpeg(path, &kind, options),
            _ => Err(CaptureError::File {
                path: wanted.to_owned(),
                reason: "recordings end in .mp4, .mkv or .mov (with ffmpeg), .avi or .y4m".into(),
            }),
        }
    }

    fn ffmpeg(path: &Path, kind: &str, options: &RecordOptions) -> Result<Self, CaptureError> {
        let mut command = program("ffmpeg");
        let size = format!("{}x{}", options.width, options.height);
        let rate = format!("{}/{}", options.rate.frames, options.rate.seconds);
        command.stdin(Stdio::piped()).args(["-hide_banner", "-loglevel", "error", "-y", "-f", "rawvideo"]);
        command.args(["-pix_fmt", "rgba", "-s", &size, "-r", &rate, "-i", "pipe:0", "-an"]);
        // Chroma of two by two pixels needs even sides; odd ones get a black column or row.
        let filter = "pad=ceil(iw/2)*2:ceil(ih/2)*2,scale=out_color_matrix=bt709:out_range=tv";
        command.args(["-vf", filter, "-pix_fmt", "yuv420p", "-colorspace", "bt709", "-color_primaries", "bt709"]);
        command.args(["-color_trc", "bt709", "-color_range", "tv", "-c:v", "libx264", "-preset", "veryfast"]);
        // The scale of H.264 runs from 0, lossless, to 51: quality 90 is 19.
        let factor = (51 - u32::from(options.quality.min(100)) * 36 / 100).to_string();
        command.args(["-crf", &factor]);
        if kind != "mkv" {
            command.args(["-movflags", "+faststart"]);
        }
        let container = match kind {
            "mkv" => "matroska",
            other => other,
        };
        command.args(["-f", container]).arg(path);
        let (process, pipes) = Process::start(command)?;
        match pipes.input {
            Some(input) => Ok(Self::Ffmpeg { input, errors: pipes.errors, process }),
            None => Err(CaptureError::System { name: "ffmpeg".into(), reason: "it has no pipe".into() }),
        }
    }

    /// Writes a frame of RGBA, `times` times.
    pub(super) fn frame(&mut self, rgba: &[u8], options: &RecordOptions, times: u64) -> io::Result<()> {
        let (width, height) = (options.width, options.height);
        match self {
            Self::Avi { writer, quality, picture } => {
                picture.clear();
                let mut encoder = Encoder::new(&mut *picture, *quality);
                encoder.set_sampling_factor(SamplingFactor::F_2_2);
                // Both sides are below 16385.
                encoder
                    .encode(rgba, width as u16, height as u16, ColorType::Rgba)
                    .map_err(|error| io::Error::other(error.to_string()))?;
                writer.frame(picture)?;
                (1..times).try_for_each(|_| writer.frame(&[]))
            }
            Self::Y4m { output, planes, matrix } => {
                yuv::rgba_to_yuv420(
                    planes,
                    rgba,
                    width * 4,
                    YuvRange::Limited,
                    (*matrix).into(),
                    YuvConversionMode::Balanced,
                )
                .map_err(|error| io::Error::other(error.to_string()))?;
                for _ in 0..times {
                    output.write_all(b"FRAME\n")?;
                    for plane in [&planes.y_plane, &planes.u_plane, &planes.v_plane] {
                        output.write_all(BufferStoreMut::borrow(plane))?;
                    }
                }
                Ok(())
            }
            Self::Ffmpeg { input, .. } => (0..times).try_for_each(|_| input.write_all(rgba)),
        }
    }

    /// Completes the file.
    pub(super) fn finish(self) -> io::Result<()> {
        match self {
            Self::Avi { writer, .. } => writer.finish()?.into_inner().map_err(|error| error.into_error())?.sync_all(),
            Self::Y4m { output, .. } => output.into_inner().map_err(|error| error.into_error())?.sync_all(),
            Self::Ffmpeg { input, errors, process } => {
                drop(input);
                let mut said = String::new();
                if let Some(errors) = errors {
                    errors.take(1 << 12).read_to_string(&mut said)?;
                }
                let status = process.wait()?;
                let last = said.lines().next_back().unwrap_or("it ended with an error");
                if status.success() { Ok(()) } else { Err(io::Error::other(format!("ffmpeg: {last}"))) }
            }
        }
    }

    /// Gives up the file.
    pub(super) fn abandon(self) {
        if let Self::Ffmpeg { process, .. } = self {
            process.kill();
        }
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
