//! Sources by their names, as they are written on command lines and kept in sessions.

use crate::camera::{Backend, CameraRequest, DeviceName, Rate, camera_opener};
use crate::{CaptureError, Chart, Decode, Frame, Opener, Pace, PixelFormat, Source, Stills, Synthetic, Video};
use core::fmt;
use core::str::FromStr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// Rate of pictures and charts when none is given.
const RATE: Rate = Rate::new(60);

/// Rate of still pictures when none is given: enough for effects that move.
const STILL_RATE: Rate = Rate::new(30);

/// Seconds that a picture of a folder is shown.
const SECONDS: f64 = 3.0;

/// What kind of source, and which.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SourceKind {
    /// A camera; the first where none is named.
    Camera(Option<DeviceName>),
    /// A video file.
    Video(PathBuf),
    /// A picture.
    Image(PathBuf),
    /// The pictures of a folder.
    Folder(PathBuf),
    /// A chart.
    Synthetic(Chart),
    /// y4m from standard input.
    Stdin,
}

/// A source by its name: `camera:0`, `camera:/dev/video2?size=1280x720&rate=30&format=MJPEG`, `video:clip.mp4`,
/// `image:cat.jpg`, `folder:holiday`, `synthetic:bars?size=640x360`, `y4m:-`.
///
/// `camera:0?backend=nokhwa` takes the same camera through nokhwa: always so on macOS and Windows, and on Linux in builds
/// with the feature `nokhwa`. Others say how to have it when the camera is opened.
///
/// ```
/// use bowerbird_capture::SourceSpec;
///
/// let spec: SourceSpec = "synthetic:bars?size=640x360&rate=25".parse()?;
/// assert_eq!(spec.size, Some((640, 360)));
/// assert_eq!(spec.to_string(), "synthetic:bars?size=640x360&rate=25");
/// # Ok::<(), bowerbird_capture::CaptureError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceSpec {
    /// What it is.
    pub kind: SourceKind,
    /// Columns and rows; of cameras and charts.
    pub size: Option<(u32, u32)>,
    /// Frames a second; of cameras, charts and pictures.
    pub rate: Option<Rate>,
    /// How pixels arrive; of cameras.
    pub format: Option<PixelFormat>,
    /// Which library talks to a camera.
    pub backend: Backend,
    /// How fast videos are handed out.
    pub pace: Pace,
}

impl From<SourceKind> for SourceSpec {
    fn from(kind: SourceKind) -> Self {
        Self { kind, size: None, rate: None, format: None, backend: Backend::Native, pace: Pace::Real }
    }
}

fn wrong(text: &str, hint: String) -> CaptureError {
    CaptureError::NotFound { name: format!("the source “{text}”"), hint }
}

impl FromStr for SourceSpec {
    type Err = CaptureError;

    fn from_str(text: &str) -> Result<Self, CaptureError> {
        let (kind, rest) = text.split_once(':').unwrap_or((text, ""));
        // A file's name may have a question mark in it; options are only what looks like them.
        let options = rest.rsplit_once('?').filter(|(_, options)| options.contains('='));
        let (kind, options) = match (kind, options) {
            (_, None) => (kind, ""),
            (kind, Some((_, options))) => (kind, options),
        };
        let (kind, in_kind) = kind.split_once('?').unwrap_or((kind, ""));
        let options = if options.is_empty() { in_kind } else { options };
        let rest =
            rest.strip_suffix(options).filter(|_| !options.is_empty()).map_or(rest, |rest| rest.trim_end_matches('?'));
        let needs = |what: &str| wrong(text, format!("write {kind}:{what}"));
        let path = |what: &str| if rest.is_empty() { Err(needs(what)) } else { Ok(PathBuf::from(rest)) };
        let kind = match kind {
            "camera" => SourceKind::Camera((!rest.is_empty()).then(|| rest.into())),
            "video" => SourceKind::Video(path("PATH")?),
            "image" => SourceKind::Image(path("PATH")?),
            "folder" => SourceKind::Folder(path("PATH")?),
            "synthetic" if rest.is_empty() => SourceKind::Synthetic(Chart::default()),
            "synthetic" => SourceKind::Synthetic(rest.parse()?),
            "y4m" if rest == "-" => SourceKind::Stdin,
            "y4m" => SourceKind::Video(path("-, or y4m:PATH")?),
            _ => {
                let kinds = "camera:N, camera:NAME, video:PATH, image:PATH, folder:PATH, synthetic:CHART or y4m:-";
                return Err(wrong(text, format!("write {kinds}")));
            }
        };
        let mut spec = Self::from(kind);
        for option in options.split('&').filter(|option| !option.is_empty()) {
            spec.set(text, option)?;
        }
        Ok(spec)
    }
}

impl SourceSpec {
    fn set(&mut self, text: &str, option: &str) -> Result<(), CaptureError> {
        let (key, value) = option.split_once('=').unwrap_or((option, ""));
        match key {
            "size" => {
                let sides = value.split_once(['x', '×']).and_then(|(a, b)| Some((a.parse().ok()?, b.parse().ok()?)));
                let size = sides.filter(|(width, height)| (1..=16384).contains(width) && (1..=16384).contains(height));
                self.size = Some(size.ok_or_else(|| wrong(text, "write size=1280x720, sides from 1 to 16384".into()))?);
            }
            "rate" => self.rate = Some(value.parse()?),
            "format" => {
                let format = PixelFormat::ALL.into_iter().find(|format| format.name().eq_ignore_ascii_case(value));
                let names = PixelFormat::ALL.map(PixelFormat::name).join(", ");
                self.format = Some(format.ok_or_else(|| wrong(text, format!("the formats are {names}")))?);
            }
            "backend" => {
                self.backend = match value {
                    "native" => Backend::Native,
                    "nokhwa" => Backend::Nokhwa,
                    _ => return Err(wrong(text, "the backends are native and nokhwa".into())),
                };
            }
            "pace" => {
                self.pace = match value {
                    "real" => Pace::Real,
                    "free" => Pace::Free,
                    _ => return Err(wrong(text, "the paces are real and free".into())),
                };
            }
            _ => return Err(wrong(text, "the options are size, rate, format, backend and pace".into())),
        }
        Ok(())
    }

    /// What a camera is asked for.
    pub fn camera(&self) -> Option<CameraRequest> {
        let SourceKind::Camera(device) = &self.kind else { return None };
        let (size, rate, format, backend) = (self.size, self.rate, self.format, self.backend);
        Some(CameraRequest { device: device.clone(), size, rate, format, backend })
    }

    /// What opens it, for [`Capture`](crate::Capture); `decode` reads the files of pictures.
    pub fn open(&self, decode: Decode) -> Opener {
        if let Some(request) = self.camera() {
            return camera_opener(request);
        }
        // Each opening needs a decoder, and there is the one.
        let decode = Arc::new(Mutex::new(decode));
        let spec = self.clone();
        Box::new(move || {
            let decode = Arc::clone(&decode);
            let shared = move |path: &Path, frame: &mut Frame| {
                (decode.lock().unwrap_or_else(PoisonError::into_inner))(path, frame)
            };
            spec.open_file(Box::new(shared))
        })
    }

    fn open_file(&self, decode: Decode) -> Result<Box<dyn Source>, CaptureError> {
        let still = self.rate.unwrap_or(STILL_RATE).per_second();
        Ok(match &self.kind {
            SourceKind::Camera(_) => crate::camera::open_camera(&self.camera().unwrap_or_default())?,
            SourceKind::Video(path) => Box::new(Video::open(path, self.pace)?),
            SourceKind::Image(path) => Box::new(Stills::image(path, still, decode)),
            SourceKind::Folder(path) => Box::new(Stills::folder(path, still, SECONDS, decode)?),
            SourceKind::Stdin => Box::new(Video::y4m("standard input", std::io::stdin(), self.pace)?),
            SourceKind::Synthetic(chart) => {
                let (width, height) = self.size.unwrap_or((1280, 720));
                let rate = if self.pace == Pace::Free { 0.0 } else { self.rate.unwrap_or(RATE).per_second() };
                Box::new(Synthetic::new(*chart, width, height, rate))
            }
        })
    }
}

impl fmt::Display for SourceSpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            SourceKind::Camera(None) => f.write_str("camera:")?,
            SourceKind::Camera(Some(device)) => write!(f, "camera:{device}")?,
            SourceKind::Video(path) => write!(f, "video:{}", path.display())?,
            SourceKind::Image(path) => write!(f, "image:{}", path.display())?,
            SourceKind::Folder(path) => write!(f, "folder:{}", path.display())?,
            SourceKind::Synthetic(chart) => write!(f, "synthetic:{chart}")?,
            SourceKind::Stdin => f.write_str("y4m:-")?,
        }
        let mut options = Vec::new();
        options.extend(self.size.map(|(width, height)| format!("size={width}x{height}")));
        options.extend(self.rate.map(|rate| match rate.seconds {
            1 => format!("rate={}", rate.frames),
            seconds => format!("rate={}/{seconds}", rate.frames),
        }));
        options.extend(self.format.map(|format| format!("format={format}")));
        options.extend((self.backend == Backend::Nokhwa).then(|| "backend=nokhwa".into()));
        options.extend((self.pace == Pace::Free).then(|| "pace=free".into()));
        if options.is_empty() { Ok(()) } else { write!(f, "?{}", options.join("&")) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_and_written_alike() {
        for text in [
            "camera:",
            "camera:0",
            "camera:/dev/video2?size=1280x720&rate=30000/1001&format=MJPEG",
            "camera:HD Webcam?backend=nokhwa",
            "video:a clip.mp4",
            "video:what?.avi?pace=free",
            "image:/tmp/a:b.png?rate=10",
            "folder:holiday",
            "synthetic:bars?size=640x360&rate=25",
            "y4m:-",
        ] {
            assert_eq!(text.parse::<SourceSpec>().unwrap().to_string(), text);
        }
        assert_eq!("synthetic".parse::<SourceSpec>().unwrap().to_string(), "synthetic:zone");
        assert_eq!("camera?rate=29.97".parse::<SourceSpec>().unwrap().to_string(), "camera:?rate=30000/1001");
        assert_eq!("video:what?.avi".parse::<SourceSpec>().unwrap().kind, SourceKind::Video("what?.avi".into()));
    }

    #[test]
    fn mistakes_say_what_to_write() {
        for (text, wanted) in [
            ("webcam", "camera:N"),
            ("", "camera:N"),
            ("video:", "video:PATH"),
            ("synthetic:zoned", "zone, bars"),
            ("camera:0?size=big", "size=1280x720"),
            ("camera:0?size=0x720", "from 1"),
            ("camera:0?format=JPG", "MJPEG"),
            ("camera:0?rate=fast", "29.97"),
            ("camera:0?zoom=2", "the options are"),
        ] {
            let error = text.parse::<SourceSpec>().unwrap_err().to_string();
            assert!(error.contains(wanted), "{text}: {error}");
        }
    }
}
