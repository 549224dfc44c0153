//! Video files through the programs `ffmpeg` and `ffprobe`.
//!
//! `ffmpeg` decodes into a pipe as y4m and says the time of every frame on its other output, so that files with a variable
//! rate keep theirs. The process is killed and waited for when the source is dropped, whatever it is doing.

use super::ahead::{Reader, Stop};
use super::y4m::{Y4m, guess_matrix};
use crate::{CaptureError, ColorMatrix, Frame};
use core::time::Duration;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

/// Times of frames that were said before the frames came. Pipes hold fewer frames than this.
const TIMES: usize = 1024;

/// How long a frame's time may come after the frame.
const PATIENCE: Duration = Duration::from_secs(2);

/// Windows' flag for a process whose console is not shown.
#[cfg(windows)]
const CREATE_NO_WINDOW: u32 = 0x0800_0000;

/// A program of the ffmpeg family that is to be run.
pub(crate) fn program(name: &str) -> Command {
    let mut command = Command::new(name);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    // Ctrl-C is for this program, which completes what it records and ends its processes.
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    // A console of its own that nobody sees: Ctrl-C does not reach it, and no window opens beside the app.
    #[cfg(windows)]
    std::os::windows::process::CommandExt::creation_flags(&mut command, CREATE_NO_WINDOW);
    command
}

/// A process that ends with this.
#[derive(Clone)]
pub(crate) struct Process(Arc<Mutex<Child>>);

/// The pipes of a process, as far as it has them.
pub(crate) struct Pipes {
    pub(crate) input: Option<ChildStdin>,
    pub(crate) output: Option<ChildStdout>,
    pub(crate) errors: Option<ChildStderr>,
}

impl Process {
    /// Runs the command.
    ///
    /// # Errors
    ///
    /// [`CaptureError::Missing`] when it is not installed.
    pub(crate) fn start(mut command: Command) -> Result<(Self, Pipes), CaptureError> {
        let what = command.get_program().to_string_lossy().into_owned();
        let mut child = command.spawn().map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => CaptureError::Missing {
                what: format!("the program `{what}`, which reads and writes most video formats,"),
                hint: "`sudo apt install ffmpeg`, `brew install ffmpeg` or `winget install ffmpeg` installs it".into(),
            },
            _ => CaptureError::System { name: what.clone(), reason: error.to_string() },
        })?;
        let pipes = Pipes { input: child.stdin.take(), output: child.stdout.take(), errors: child.stderr.take() };
        Ok((Self(Arc::new(Mutex::new(child))), pipes))
    }

    fn child(&self) -> std::sync::MutexGuard<'_, Child> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Ends the process, and waits until it has ended.
    pub(crate) fn kill(&self) {
        let mut child = self.child();
        // One that has ended already cannot be killed, and is waited for all the same.
        let _ = child.kill();
        let _ = child.wait();
    }

    /// Waits for the process to end by itself.
    pub(crate) fn wait(&self) -> std::io::Result<ExitStatus> {
        self.child().wait()
    }
}

/// What `ffprobe` says of the first video stream, as `key=value` lines.
fn probe(path: &Path) -> Result<String, CaptureError> {
    let mut command = program("ffprobe");
    command.stdout(Stdio::piped()).args(["-v", "error", "-select_streams", "v:0"]);
    command.args(["-show_entries", "stream=codec_name,color_space,width,height"]);
    command.args(["-of", "default=noprint_wrappers=1", "-i"]).arg(file(path));
    let (process, pipes) = Process::start(command)?;
    let (mut said, mut complaints) = (String::new(), String::new());
    // The little that is said fits into the pipes, so that one may be read after the other.
    let read = pipes.output.map(|output| output.take(1 << 16).read_to_string(&mut said));
    let errors = pipes.errors.map(|errors| errors.take(1 << 12).read_to_string(&mut complaints));
    process.kill();
    let failed = |reason: String| CaptureError::File { path: path.to_owned(), reason };
    if let Some(Err(error)) = read.or(errors) {
        return Err(failed(error.to_string()));
    }
    if said.is_empty() {
        return Err(failed(complaint(&complaints, path)));
    }
    Ok(said)
}

/// Why there is no video in a file, by what `ffprobe` said.
fn complaint(said: &str, path: &Path) -> String {
    if std::fs::metadata(path).is_ok_and(|file| file.len() == 0) {
        return "the file is empty".into();
    }
    let last = said.lines().next_back().unwrap_or("it has no video in it");
    let last = last.strip_prefix(&format!("file:{}: ", path.display())).unwrap_or(last);
    match last {
        "Invalid data found when processing input" => "it is damaged, or of no kind that ffmpeg knows".into(),
        other => other.into(),
    }
}

/// The path as an argument that is no option and no address of a protocol.
fn file(path: &Path) -> std::ffi::OsString {
    let mut text = std::ffi::OsString::from("file:");
    text.push(path);
    text
}

/// The matrix that a stream says it has, or that its size suggests.
fn matrix(said: &str) -> ColorMatrix {
    let value = |key: &str| said.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix('='));
    match value("color_space") {
        Some("bt709") => ColorMatrix::Bt709,
        Some("bt2020nc" | "bt2020c") => ColorMatrix::Bt2020,
        // RGB becomes what the converter of ffmpeg makes of it.
        Some("smpte170m" | "bt470bg" | "fcc" | "gbr") => ColorMatrix::Bt601,
        _ => {
            let number = |key: &str| value(key).and_then(|text| text.parse().ok()).unwrap_or(0);
            guess_matrix(number("width"), number("height"))
        }
    }
}

/// A file that ffmpeg decodes.
pub(super) struct Ffmpeg {
    frames: Y4m<BufReader<ChildStdout>>,
    times: Receiver<Duration>,
    process: Process,
}

impl Ffmpeg {
    /// Starts decoding the file at `path`, which people know by `name`.
    pub(super) fn new(path: &Path, name: &str) -> Result<Self, CaptureError> {
        let said = probe(path)?;
        let mut command = program("ffmpeg");
        command.stdout(Stdio::piped()).args(["-hide_banner", "-nostdin", "-nostats", "-loglevel", "info", "-i"]);
        command.arg(file(path)).args(["-map", "0:v:0", "-vf", "showinfo=checksum=0", "-fps_mode", "passthrough"]);
        command.args(["-pix_fmt", "yuv420p", "-color_range", "tv", "-f", "yuv4mpegpipe", "pipe:1"]);
        let (process, pipes) = Process::start(command)?;
        let failed = |reason: &str| CaptureError::File { path: path.to_owned(), reason: reason.into() };
        let (Some(output), Some(errors)) = (pipes.output, pipes.errors) else {
            process.kill();
            return Err(failed("it has no pipe"));
        };
        let (said_in, times) = sync_channel(TIMES);
        let listen = move || {
            for line in BufReader::new(errors).split(b'\n').map_while(Result::ok) {
                // When nobody wants times any more, the rest is read, so that the process is not held up.
                if let Some(time) = shown(&String::from_utf8_lossy(&line)) {
                    let _ = said_in.send(time);
                }
            }
        };
        let listener = thread::Builder::new().name("video-times".into()).spawn(listen);
        let frames = Y4m::new(name, BufReader::new(output));
        match (listener, frames) {
            (Ok(_), Ok(mut frames)) => {
                frames.matrix = matrix(&said);
                Ok(Self { frames, times, process })
            }
            _ => {
                process.kill();
                Err(failed("ffmpeg cannot decode it"))
            }
        }
    }
}

/// The time of a frame in a line of the filter `showinfo`.
fn shown(line: &str) -> Option<Duration> {
    let (_, rest) = line.split_once("Parsed_showinfo").and(line.split_once("pts_time:"))?;
    let seconds: f64 = rest.split_whitespace().next()?.parse().ok()?;
    Some(Duration::try_from_secs_f64(seconds).unwrap_or(Duration::ZERO))
}

impl Reader for Ffmpeg {
    fn describe(&self) -> String {
        self.frames.describe()
    }

    fn next(&mut self, frame: &mut Frame) -> Result<bool, CaptureError> {
        if !self.frames.next(frame)? {
            return Ok(false);
        }
        if let Ok(time) = self.times.recv_timeout(PATIENCE) {
            frame.time = time;
        }
        Ok(true)
    }

    fn stop(&self) -> Stop {
        let process = self.process.clone();
        Stop::By(Box::new(move || process.kill()))
    }
}

impl Drop for Ffmpeg {
    fn drop(&mut self) {
        self.process.kill();
    }
}

/// Whether a picture can be had from the file at `path`.
pub(crate) fn plays(path: &Path) -> bool {
    Ffmpeg::new(path, "").and_then(|mut video| video.next(&mut Frame::default())) == Ok(true)
}

/// Whether ffmpeg is there for tests, which leave it out where it is not; with `BOWERBIRD_REQUIRE_FFMPEG` set, that is a
/// failure.
#[cfg(test)]
pub(crate) fn ffmpeg_to_test_with() -> bool {
    let there = Command::new("ffmpeg").arg("-version").output().is_ok();
    assert!(there || std::env::var_os("BOWERBIRD_REQUIRE_FFMPEG").is_none(), "ffmpeg is not installed");
    there
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_keep_the_times_of_a_variable_rate() {
        if !ffmpeg_to_test_with() {
            return;
        }
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("variable.mkv");
        let mut command = program("ffmpeg");
        command.args(["-v", "error", "-f", "lavfi", "-i", "testsrc=size=64x48:rate=10:duration=0.6"]);
        // Frame n comes n² tenths of a second after the first.
        command.args(["-vf", "settb=1/10,setpts=N*N", "-fps_mode", "passthrough", "-c:v", "ffv1"]).arg(&path);
        assert!(command.status().unwrap().success());

        let mut reader = Ffmpeg::new(&path, "variable").unwrap();
        let (mut frame, mut times) = (Frame::default(), Vec::new());
        while reader.next(&mut frame).unwrap() {
            times.push(frame.time.as_millis());
        }
        assert_eq!(times, [0, 100, 400, 900, 1600, 2500]);
    }

    #[test]
    fn times_are_read_from_showinfo() {
        let line = "[Parsed_showinfo_0 @ 0x55] n:   2 pts:   1536 pts_time:0.1 duration: 512 fmt:yuv420p";
        assert_eq!(shown(line), Some(Duration::from_millis(100)));
        assert_eq!(shown("pts_time:3"), None);
    }

    #[test]
    fn the_matrix_is_the_one_said_or_guessed() {
        assert_eq!(matrix("color_space=bt2020nc\nwidth=64"), ColorMatrix::Bt2020);
        assert_eq!(matrix("color_space=unknown\nwidth=1920\nheight=1080"), ColorMatrix::Bt709);
        assert_eq!(matrix("width=640\nheight=480"), ColorMatrix::Bt601);
    }

    #[test]
    fn what_is_wrong_with_a_file_is_said_in_plain_words() {
        if !ffmpeg_to_test_with() {
            return;
        }
        let folder = tempfile::tempdir().unwrap();
        for (bytes, words) in [(&b""[..], "is empty"), (&[7; 999], "is damaged"), (b"one line of text", "is damaged")] {
            let path = folder.path().join("film.mp4");
            std::fs::write(&path, bytes).unwrap();
            let error = Ffmpeg::new(&path, "film").err().unwrap().to_string();
            assert!(error.contains(words) && error.matches("film.mp4").count() == 1, "{error}");
        }
    }

    #[test]
    fn a_program_that_is_not_installed_is_named_with_what_installs_it() {
        let error = Process::start(program("no-such-ffmpeg")).err().unwrap();
        assert!(error.to_string().contains("apt install ffmpeg"), "{error}");
    }
}
