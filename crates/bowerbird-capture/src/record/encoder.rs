//! Recording by `ffmpeg`.
//!
//! MP4 has its table of contents at the end, so that a file whose writing was broken off is worth nothing. It is written in
//! fragments of a second, each with a table of its own: what was written until then always plays. When the recording is
//! whole, it is copied into the ordinary form, with the table first, which every program seeks in. Matroska plays as far as
//! it was written by itself.

use super::RecordOptions;
use crate::CaptureError;
use crate::video::{Process, plays, program};
use std::ffi::OsString;
use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{ChildStderr, ChildStdin, Stdio};

/// An `ffmpeg` that takes frames and writes a file.
pub(super) struct Encoder {
    input: Option<ChildStdin>,
    errors: Option<ChildStderr>,
    process: Process,
    /// What `ffmpeg` calls the kind of the file.
    container: &'static str,
    path: PathBuf,
}

impl Encoder {
    /// Begins a file at `path`, of the kind that a name with this ending has, if it is one of `ffmpeg`'s.
    pub(super) fn new(path: &Path, ending: &str, options: &RecordOptions) -> Option<Result<Self, CaptureError>> {
        let container = match ending {
            "mkv" => "matroska",
            "mp4" => "mp4",
            "mov" => "mov",
            _ => return None,
        };
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
        if container != "matroska" {
            command.args(["-movflags", "+empty_moov+default_base_moof", "-frag_duration", "1000000"]);
        }
        command.args(["-f", container]).arg(path);
        let started = Process::start(command);
        Some(started.map(|(process, pipes)| Self {
            input: pipes.input,
            errors: pipes.errors,
            process,
            container,
            path: path.to_owned(),
        }))
    }

    /// Hands over a frame.
    pub(super) fn frame(&mut self, rgba: &[u8]) -> io::Result<()> {
        self.input.as_mut().map_or(Err(io::ErrorKind::BrokenPipe.into()), |input| input.write_all(rgba))
    }

    /// Waits until all of it is written, and gives it the form that programs like best.
    pub(super) fn finish(&mut self) -> io::Result<()> {
        self.input = None;
        let said = self.errors.take().map_or(Ok(String::new()), said)?;
        if !self.process.wait()?.success() {
            return Err(blamed(&said));
        }
        if self.container != "matroska" {
            self.put_contents_first();
        }
        Ok(())
    }

    /// Whether what was written until an error plays.
    pub(super) fn salvage(&mut self) -> bool {
        self.process.kill();
        plays(&self.path)
    }

    /// Ends `ffmpeg` without a file.
    pub(super) fn abandon(&self) {
        self.process.kill();
    }

    /// Copies the fragments into a file with one table of contents, in their place. Where that cannot be, as on a disk with
    /// no room for both, they stay.
    fn put_contents_first(&self) {
        let mut name = self.path.clone().into_os_string();
        name.push(".whole");
        let mut from = OsString::from("file:");
        from.push(&self.path);
        let mut command = program("ffmpeg");
        command.args(["-hide_banner", "-loglevel", "error", "-y", "-i"]).arg(from);
        command.args(["-c", "copy", "-movflags", "+faststart", "-f", self.container]).arg(&name);
        let copied = Process::start(command).is_ok_and(|(process, pipes)| {
            let complained = pipes.errors.is_some_and(|errors| said(errors).is_ok_and(|said| !said.is_empty()));
            process.wait().is_ok_and(|status| status.success()) && !complained
        });
        if !copied || fs::rename(&name, &self.path).is_err() {
            // It may not be there.
            let _ = fs::remove_file(&name);
        }
    }
}

/// What a process complains of, to its end.
fn said(mut errors: ChildStderr) -> io::Result<String> {
    let mut said = String::new();
    (&mut errors).take(1 << 12).read_to_string(&mut said)?;
    // A pipe that nobody reads would hold it up.
    io::copy(&mut errors, &mut io::sink())?;
    Ok(said)
}

/// The error in what `ffmpeg` said.
fn blamed(said: &str) -> io::Error {
    if said.contains("No space left on device") {
        return io::ErrorKind::StorageFull.into();
    }
    io::Error::other(format!("ffmpeg: {}", said.lines().next_back().unwrap_or("it ended with an error")))
}
