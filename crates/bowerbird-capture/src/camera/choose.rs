//! Which mode of a camera is taken, and why.
//!
//! The choice is a pure function of what the camera offers and what was asked for, and says its reason in words. Size comes
//! before rate, rate before format: a wrong size shows at once, a wrong format hardly ever.

use super::{CameraInfo, Mode, Rate, Rates};
use crate::{CaptureError, PixelFormat};
use core::fmt;
use std::path::PathBuf;

/// How a camera is named.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum DeviceName {
    /// Its place in the list of cameras, from 0.
    Index(usize),
    /// Its device file.
    Path(PathBuf),
    /// Its name or a part of it, in any case; or its [`CameraInfo::id`].
    Name(String),
}

impl fmt::Display for DeviceName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Index(index) => write!(f, "{index}"),
            Self::Path(path) => write!(f, "{}", path.display()),
            Self::Name(name) => f.write_str(name),
        }
    }
}

impl From<&str> for DeviceName {
    /// A number is a place in the list, a text with a leading slash a device file, anything else a name.
    fn from(text: &str) -> Self {
        match text.parse() {
            Ok(index) => Self::Index(index),
            Err(_) if text.starts_with('/') => Self::Path(text.into()),
            Err(_) => Self::Name(text.into()),
        }
    }
}

/// Which library talks to the camera.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Backend {
    /// V4L2 on Linux, nokhwa on macOS and Windows.
    #[default]
    Native,
    /// The portable library nokhwa, on Linux too if the feature `nokhwa` is built in. There it hands on rates of whole
    /// numbers only, and cannot tell a frame that arrived in part.
    Nokhwa,
}

/// A camera and a mode, as far as it matters; the rest is chosen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CameraRequest {
    /// Which camera; the first by default.
    pub device: Option<DeviceName>,
    /// Columns and rows; by default the largest up to 1280×720 that comes 30 times a second or nearly so.
    pub size: Option<(u32, u32)>,
    /// Frames a second; by default 30, or what comes next above.
    pub rate: Option<Rate>,
    /// How pixels arrive; by default uncompressed if that costs neither size nor rate.
    pub format: Option<PixelFormat>,
    /// Which library talks to it.
    pub backend: Backend,
}

/// A mode that was chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// How pixels arrive.
    pub format: PixelFormat,
    /// Columns.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// Frames a second.
    pub rate: Rate,
    /// Why it was taken, in words for people.
    pub reason: String,
}

impl fmt::Display for Choice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}×{} {} at {}", self.width, self.height, self.format, self.rate)
    }
}

/// The size that is enough when none is asked for.
const ENOUGH: (u32, u32) = (1280, 720);

/// The rate that is meant when none is asked for.
const USUAL: Rate = Rate::new(30);

/// Frames a second that still pass for motion: film's.
const FLUENT: f64 = 23.9;

/// How unlike two sizes are: the sum of the logarithms of the ratios of their sides.
fn unlike(a: (u32, u32), b: (u32, u32)) -> f64 {
    let ratio = |a: u32, b: u32| (f64::from(a.max(1)) / f64::from(b.max(1))).ln().abs();
    ratio(a.0, b.0) + ratio(a.1, b.1)
}

/// How unlike two rates are: the logarithm of their ratio.
fn off(a: Rate, b: Rate) -> f64 {
    (a.per_second() / b.per_second()).ln().abs()
}

/// The rates a mode is a candidate with.
fn rates(mode: &Mode, request: &CameraRequest) -> Vec<Rate> {
    match &mode.rates {
        Rates::List(rates) if !rates.is_empty() => rates.clone(),
        rates => vec![rates.nearest(request.rate.unwrap_or(USUAL))],
    }
}

impl CameraRequest {
    /// The mode among `modes` that comes nearest to what is asked for, with the reason.
    ///
    /// # Errors
    ///
    /// [`CaptureError::NoMode`] when the camera has no mode at all, or not the format.
    pub fn choose(&self, name: &str, modes: &[Mode]) -> Result<Choice, CaptureError> {
        let target = self.size.unwrap_or(ENOUGH);
        let mut candidates: Vec<_> = modes
            .iter()
            .filter(|mode| self.format.is_none_or(|format| format == mode.format))
            .flat_map(|mode| {
                let (width, height) = mode.sizes.nearest(target);
                rates(mode, self).into_iter().map(move |rate| (mode.format, (width, height), rate))
            })
            .collect();
        let least = |key: &dyn Fn((u32, u32), Rate) -> f64, candidates: &mut Vec<(PixelFormat, (u32, u32), Rate)>| {
            let best = candidates.iter().map(|(_, size, rate)| key(*size, *rate)).min_by(f64::total_cmp);
            candidates.retain(|(_, size, rate)| best.is_some_and(|best| key(*size, *rate) <= best + 1e-6));
        };
        let area = |size: (u32, u32)| f64::from(size.0) * f64::from(size.1);

        if self.size.is_some() {
            least(&|size, _| unlike(size, target), &mut candidates);
        } else {
            let wanted = self.rate.map_or(FLUENT, |rate| rate.per_second() * 0.95);
            let small = |size: (u32, u32)| size.0 <= ENOUGH.0 && size.1 <= ENOUGH.1;
            // Those that are small and fluent, or else small, or else whatever there is, smallest first.
            if candidates.iter().any(|(_, size, rate)| small(*size) && rate.per_second() >= wanted) {
                candidates.retain(|(_, size, rate)| small(*size) && rate.per_second() >= wanted);
                least(&|size, _| -area(size), &mut candidates);
            } else if candidates.iter().any(|(_, size, _)| small(*size)) {
                candidates.retain(|(_, size, _)| small(*size));
                least(&|_, rate| -rate.per_second(), &mut candidates);
                least(&|size, _| -area(size), &mut candidates);
            } else {
                least(&|size, _| area(size), &mut candidates);
            }
        }
        match self.rate {
            Some(wanted) => least(&|_, rate| off(rate, wanted), &mut candidates),
            // 30 or what comes next above it, or else the most there is.
            None => least(
                &|_, rate| {
                    let rate = rate.per_second();
                    if rate >= USUAL.per_second() * 0.98 { (rate - USUAL.per_second()).abs() } else { 1e6 - rate }
                },
                &mut candidates,
            ),
        }
        let Some((format, (width, height), rate)) =
            candidates.into_iter().min_by_key(|(format, ..)| PixelFormat::ALL.iter().position(|other| other == format))
        else {
            return Err(self.no_mode(name, modes));
        };
        let reason = self.reason(format, (width, height), rate);
        Ok(Choice { format, width, height, rate, reason })
    }

    fn reason(&self, format: PixelFormat, size: (u32, u32), rate: Rate) -> String {
        let mut parts = Vec::new();
        match self.size {
            Some(wanted) if wanted == size => parts.push("the size asked for".into()),
            Some(wanted) => parts.push(format!("the size nearest to {}×{}", wanted.0, wanted.1)),
            None if size.0 > ENOUGH.0 || size.1 > ENOUGH.1 => parts.push("its smallest size".into()),
            None if rate.per_second() < FLUENT => parts.push(format!("the fastest up to {}×{}", ENOUGH.0, ENOUGH.1)),
            None => parts.push(format!("the largest up to {}×{} that is fluent", ENOUGH.0, ENOUGH.1)),
        }
        match self.rate {
            Some(wanted) if off(wanted, rate) < 1e-6 => parts.push("the rate asked for".into()),
            Some(wanted) => parts.push(format!("the rate nearest to {wanted}")),
            None => {}
        }
        parts.push(match (self.format, format) {
            (Some(_), _) => "the format asked for".into(),
            (None, PixelFormat::Mjpeg) => "compressed, because no other format has this size and rate".into(),
            (None, _) => format!("{format} needs no decoding"),
        });
        parts.join("; ")
    }

    fn no_mode(&self, name: &str, modes: &[Mode]) -> CaptureError {
        let wanted = self.format.map_or("that can be shown here".into(), |format| format!("in {format}"));
        let mut formats: Vec<_> = modes.iter().map(|mode| mode.format.name()).collect();
        formats.dedup();
        let offered = if formats.is_empty() { "none".into() } else { formats.join(", ") };
        CaptureError::NoMode { name: name.into(), wanted, offered }
    }

    /// The camera among `cameras` that is meant.
    ///
    /// # Errors
    ///
    /// [`CaptureError::NotFound`], with the cameras there are.
    pub fn pick<'a>(&self, cameras: &'a [CameraInfo]) -> Result<&'a CameraInfo, CaptureError> {
        let found = match &self.device {
            None => cameras.iter().find(|camera| camera.problem.is_none()).or(cameras.first()),
            Some(DeviceName::Index(index)) => cameras.get(*index),
            Some(DeviceName::Path(path)) => cameras.iter().find(|camera| camera.path == *path),
            Some(DeviceName::Name(name)) => {
                let lower = name.to_lowercase();
                let by = |test: &dyn Fn(&CameraInfo) -> bool| cameras.iter().find(|camera| test(camera));
                by(&|camera| camera.id == *name)
                    .or_else(|| by(&|camera| camera.name.to_lowercase() == lower))
                    .or_else(|| by(&|camera| camera.name.to_lowercase().contains(&lower)))
            }
        };
        found.ok_or_else(|| {
            let name = match &self.device {
                None => "a camera".into(),
                Some(device) => format!("the camera “{device}”"),
            };
            let hint = if cameras.is_empty() {
                "no camera is connected; plug one in, or choose a file or a chart".into()
            } else {
                let names: Vec<_> =
                    cameras.iter().map(|camera| format!("{} ({})", camera.index, camera.name)).collect();
                format!("there are {}", names.join(", "))
            };
            CaptureError::NotFound { name, hint }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::camera::Sizes;

    fn mode(format: PixelFormat, width: u32, height: u32, rates: &[u32]) -> Mode {
        let rates = Rates::List(rates.iter().copied().map(Rate::new).collect());
        Mode { format, sizes: Sizes::One(width, height), rates }
    }

    /// A common USB camera: uncompressed is slow at high definition.
    fn webcam() -> Vec<Mode> {
        vec![
            mode(PixelFormat::Yuyv, 640, 480, &[30, 15]),
            mode(PixelFormat::Yuyv, 1280, 720, &[10]),
            mode(PixelFormat::Mjpeg, 640, 480, &[30]),
            mode(PixelFormat::Mjpeg, 1280, 720, &[60, 30]),
            mode(PixelFormat::Mjpeg, 1920, 1080, &[30]),
        ]
    }

    fn chosen(request: CameraRequest, modes: &[Mode]) -> String {
        request.choose("camera", modes).unwrap().to_string()
    }

    #[test]
    fn modes_are_chosen_by_size_then_rate_then_format() {
        let any = CameraRequest::default;
        let cases = [
            (any(), "1280×720 MJPEG at 30/s"),
            (CameraRequest { size: Some((640, 480)), ..any() }, "640×480 YUYV at 30/s"),
            (CameraRequest { size: Some((700, 500)), ..any() }, "640×480 YUYV at 30/s"),
            (CameraRequest { rate: Some(Rate::new(60)), ..any() }, "1280×720 MJPEG at 60/s"),
            (CameraRequest { rate: Some(Rate::new(15)), ..any() }, "1280×720 MJPEG at 30/s"),
            (CameraRequest { format: Some(PixelFormat::Yuyv), ..any() }, "640×480 YUYV at 30/s"),
            (CameraRequest { size: Some((1280, 720)), rate: Some(Rate::new(10)), ..any() }, "1280×720 YUYV at 10/s"),
            (CameraRequest { size: Some((4000, 3000)), ..any() }, "1920×1080 MJPEG at 30/s"),
        ];
        for (request, wanted) in cases {
            assert_eq!(chosen(request.clone(), &webcam()), wanted, "{request:?}");
        }
    }

    #[test]
    fn fractions_are_told_apart_and_the_usual_rate_is_thirty() {
        let rates = [Rate { frames: 30000, seconds: 1001 }, Rate::new(30), Rate::new(60)];
        let sizes = Sizes::One(640, 480);
        let modes = [Mode { format: PixelFormat::Yuyv, sizes, rates: Rates::List(rates.into()) }];
        assert_eq!(chosen(CameraRequest::default(), &modes), "640×480 YUYV at 30/s");
        let request = CameraRequest { rate: Some(rates[0]), ..CameraRequest::default() };
        assert_eq!(chosen(request, &modes), "640×480 YUYV at 29.97/s");
    }

    #[test]
    fn ranges_give_the_size_and_rate_asked_for() {
        let sizes = Sizes::Range { min: (48, 32), max: (8192, 8192), step: (1, 1) };
        let modes = [Mode { format: PixelFormat::Yuyv, sizes, rates: Rates::Unknown }];
        assert_eq!(chosen(CameraRequest::default(), &modes), "1280×720 YUYV at 30/s");
        let request = CameraRequest { size: Some((123, 45)), rate: Some(Rate::new(7)), ..CameraRequest::default() };
        assert_eq!(chosen(request, &modes), "123×45 YUYV at 7/s");
    }

    #[test]
    fn slow_and_large_cameras_get_what_they_have() {
        let slow = [mode(PixelFormat::Yuyv, 320, 240, &[15]), mode(PixelFormat::Yuyv, 1280, 720, &[5])];
        assert_eq!(chosen(CameraRequest::default(), &slow), "320×240 YUYV at 15/s");
        let large = [mode(PixelFormat::Nv12, 3840, 2160, &[30]), mode(PixelFormat::Nv12, 1920, 1080, &[30])];
        assert_eq!(chosen(CameraRequest::default(), &large), "1920×1080 NV12 at 30/s");
    }

    #[test]
    fn the_reason_is_said() {
        let choice = CameraRequest { size: Some((700, 500)), ..CameraRequest::default() }.choose("camera", &webcam());
        assert_eq!(choice.unwrap().reason, "the size nearest to 700×500; YUYV needs no decoding");
    }

    #[test]
    fn a_format_the_camera_lacks_is_an_error_that_names_the_others() {
        let request = CameraRequest { format: Some(PixelFormat::Nv12), ..CameraRequest::default() };
        let error = request.choose("the camera", &webcam()).unwrap_err().to_string();
        assert_eq!(error, "the camera offers no mode in NV12; it offers YUYV, MJPEG");
        assert!(request.choose("the camera", &[]).is_err());
    }

    #[test]
    fn cameras_are_found_by_index_path_name_and_id() {
        let camera = |index: usize, name: &str| CameraInfo {
            index,
            name: name.into(),
            path: format!("/dev/video{}", index * 2).into(),
            id: format!("usb:{index}"),
            ..CameraInfo::default()
        };
        let cameras = [camera(0, "Front Camera"), camera(1, "HD Webcam")];
        for (text, index) in [("1", 1), ("/dev/video2", 1), ("webcam", 1), ("front camera", 0), ("usb:1", 1)] {
            let request = CameraRequest { device: Some(text.into()), ..CameraRequest::default() };
            assert_eq!(request.pick(&cameras).unwrap().index, index, "{text}");
        }
        let request = CameraRequest { device: Some("2".into()), ..CameraRequest::default() };
        let error = request.pick(&cameras).unwrap_err().to_string();
        assert!(error.contains("0 (Front Camera), 1 (HD Webcam)"), "{error}");
        assert!(request.pick(&[]).unwrap_err().to_string().contains("no camera is connected"));
    }
}
