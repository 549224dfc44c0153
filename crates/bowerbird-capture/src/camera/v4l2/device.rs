//! An open device: errors by cause, and the modes it offers.

use crate::camera::{Mode, Rate, Rates, Sizes};
use crate::{CaptureError, PixelFormat};
use linux_video::types::{
    Area, BufferType, FourCc, FrmIvalStepwise, FrmIvalType, FrmSizeStepwise, FrmSizeType, PixFormat,
};
use nix::errno::Errno;
use nix::fcntl::{FcntlArg, OFlag, fcntl};
use std::io;
use std::os::fd::AsRawFd;
use std::path::{Path, PathBuf};

/// Formats in a list and sizes of a format that are looked at; a driver that lists more is not believed.
const MOST: usize = 256;

/// The kernel's name of a format.
pub(super) fn four_cc(format: PixelFormat) -> Option<FourCc> {
    Some(match format {
        PixelFormat::Rgb => FourCc::Rgb24,
        PixelFormat::Bgr => FourCc::Bgr24,
        PixelFormat::Gray => FourCc::Grey,
        PixelFormat::Yuyv => FourCc::Yuyv,
        PixelFormat::Uyvy => FourCc::Uyvy,
        PixelFormat::Nv12 => FourCc::Nv12,
        PixelFormat::I420 => FourCc::Yuv420,
        PixelFormat::Mjpeg => FourCc::Mjpeg,
        PixelFormat::Rgba => return None,
    })
}

/// The format that the kernel means, if it can be shown here.
pub(super) fn pixel_format(code: u32) -> Option<PixelFormat> {
    if code == FourCc::Jpeg as u32 {
        return Some(PixelFormat::Mjpeg);
    }
    PixelFormat::ALL.into_iter().find(|format| four_cc(*format).is_some_and(|known| known as u32 == code))
}

/// A device that is open and never blocks.
pub(super) struct Device {
    pub(super) inner: linux_video::Device,
    pub(super) name: String,
    pub(super) path: PathBuf,
}

impl Device {
    /// Opens the node at `path`, which people know by `name`.
    pub(super) fn open(path: &Path, name: &str) -> Result<Self, CaptureError> {
        let inner = linux_video::Device::open(path).map_err(|error| failure(name, path, &error))?;
        fcntl(inner.as_raw_fd(), FcntlArg::F_SETFL(OFlag::O_RDWR | OFlag::O_NONBLOCK))
            .map_err(|error| failure(name, path, &error.into()))?;
        Ok(Self { inner, name: name.into(), path: path.into() })
    }

    /// The error by its cause.
    pub(super) fn failure(&self, error: &io::Error) -> CaptureError {
        failure(&self.name, &self.path, error)
    }

    /// What the device offers, of what can be shown here.
    pub(super) fn modes(&self) -> Vec<Mode> {
        let mut modes = Vec::new();
        let formats = self.inner.formats(BufferType::VideoCapture).take(MOST).map_while(Result::ok);
        for code in formats.map(|description| description.pixel_format()) {
            let Some(format) = pixel_format(code as u32) else { continue };
            let before = modes.len();
            for sizes in self.sizes(code) {
                let (width, height) = sizes.largest();
                modes.push(Mode { format, sizes, rates: self.rates(code, width, height) });
            }
            // A driver that lists no sizes has the one that is set.
            if modes.len() == before {
                let set = self.format().ok().map(|format| (format.width(), format.height()));
                if let Some((width, height)) = set.filter(|(width, height)| *width > 0 && *height > 0) {
                    let rates = self.rates(code, width, height);
                    modes.push(Mode { format, sizes: Sizes::One(width, height), rates });
                }
            }
        }
        modes
    }

    fn sizes(&self, code: FourCc) -> Vec<Sizes> {
        let mut all = Vec::new();
        for size in self.inner.sizes(code).take(MOST).map_while(Result::ok) {
            let kind = size.type_() as u32;
            if kind == FrmSizeType::Discrete as u32 {
                if let Some(size) = size.try_ref::<Area>() {
                    all.push(Sizes::One(size.width(), size.height()));
                }
                continue;
            }
            // A range is the only entry of its list.
            let range = if kind == FrmSizeType::Stepwise as u32 {
                size.try_ref::<FrmSizeStepwise>().map(|range| Sizes::Range {
                    min: (range.min_width(), range.min_height()),
                    max: (range.max_width(), range.max_height()),
                    step: (range.step_width().max(1), range.step_height().max(1)),
                })
            } else {
                self.limits(code)
            };
            all.extend(range);
            break;
        }
        all
    }

    /// The range of a format in which every size is possible: linux-video does not read it, so the device is asked what it
    /// would make of a size that is too small and of one that is too large.
    fn limits(&self, code: FourCc) -> Option<Sizes> {
        let tried = |side: u32| {
            let mut format = self.inner.format(BufferType::VideoCapture).ok()?;
            let picture = format.try_mut::<PixFormat>()?;
            picture.set_pixel_format(code).set_width(side).set_height(side).set_bytes_per_line(0).set_size_image(0);
            self.inner.try_format(&mut format).ok()?;
            format.try_ref::<PixFormat>().map(|format| (format.width(), format.height()))
        };
        let (min, max) = (tried(1)?, tried(1 << 15)?);
        (min.0 > 0 && min.1 > 0 && max.0 >= min.0 && max.1 >= min.1).then_some(Sizes::Range { min, max, step: (1, 1) })
    }

    pub(super) fn rates(&self, code: FourCc, width: u32, height: u32) -> Rates {
        let mut all = Vec::new();
        for interval in self.inner.intervals(code, width, height).take(MOST).map_while(Result::ok) {
            let kind = interval.type_() as u32;
            if kind == FrmIvalType::Discrete as u32 {
                let interval = interval.try_ref::<linux_video::types::Fract>();
                all.extend(interval.and_then(|time| Rate::fraction(time.denominator(), time.numerator())));
                continue;
            }
            // The times of a range of which every value is possible are not read by linux-video.
            return interval
                .try_ref::<FrmIvalStepwise>()
                .filter(|_| kind == FrmIvalType::Stepwise as u32)
                .and_then(|range| {
                    let rate = |time: linux_video::types::Fract| Rate::fraction(time.denominator(), time.numerator());
                    Some(Rates::Range { slowest: rate(range.max())?, fastest: rate(range.min())? })
                })
                .unwrap_or(Rates::Unknown);
        }
        if all.is_empty() { Rates::Unknown } else { Rates::List(all) }
    }

    /// The format that is set.
    pub(super) fn format(&self) -> Result<PixFormat, CaptureError> {
        let format = self.inner.format(BufferType::VideoCapture).map_err(|error| self.failure(&error))?;
        format.try_ref::<PixFormat>().copied().ok_or_else(|| CaptureError::System {
            name: self.name.clone(),
            reason: "its driver gives no picture format".into(),
        })
    }
}

/// The error by its cause, with what to do about it.
pub(in crate::camera) fn failure(name: &str, path: &Path, error: &io::Error) -> CaptureError {
    let name = name.to_owned();
    let system = |reason: String| CaptureError::System { name: name.clone(), reason };
    match error.raw_os_error().map(Errno::from_i32) {
        Some(Errno::ENOENT) => CaptureError::NotFound {
            name,
            hint: "there is no such device; `bowerbird devices` lists those there are".into(),
        },
        Some(Errno::EACCES | Errno::EPERM) => CaptureError::Denied {
            name,
            hint: format!(
                "add yourself to the group that owns {} (on most systems `sudo usermod -aG video $USER`) and log in again",
                path.display()
            ),
        },
        Some(Errno::EBUSY) => CaptureError::Busy { name },
        Some(Errno::ENODEV | Errno::ENXIO | Errno::ESHUTDOWN) => CaptureError::Unplugged { name },
        // A driver that loses its device fails like any other; then the node is gone.
        _ if !path.exists() => CaptureError::Unplugged { name },
        Some(Errno::ENOSPC) => {
            system("the USB bus has no room for this mode: take a smaller or slower one, or another socket".into())
        }
        Some(Errno::EPIPE | Errno::ENOLINK) => system("it has no signal".into()),
        _ => system(error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_have_their_cause() {
        let failure = |code: Errno, path: &str| failure("camera", Path::new(path), &io::Error::from(code));
        assert!(matches!(failure(Errno::ENOENT, "/dev/null"), CaptureError::NotFound { .. }));
        assert!(matches!(failure(Errno::EACCES, "/dev/null"), CaptureError::Denied { .. }));
        assert!(matches!(failure(Errno::EBUSY, "/dev/null"), CaptureError::Busy { .. }));
        assert!(matches!(failure(Errno::ENODEV, "/dev/null"), CaptureError::Unplugged { .. }));
        assert!(matches!(failure(Errno::EIO, "/dev/no such node"), CaptureError::Unplugged { .. }));
        assert!(matches!(failure(Errno::EIO, "/dev/null"), CaptureError::System { .. }));
    }

    #[test]
    fn formats_have_their_codes() {
        for format in [PixelFormat::Yuyv, PixelFormat::Nv12, PixelFormat::I420, PixelFormat::Gray, PixelFormat::Mjpeg] {
            assert_eq!(pixel_format(four_cc(format).unwrap() as u32), Some(format));
        }
        assert_eq!(pixel_format(FourCc::Jpeg as u32), Some(PixelFormat::Mjpeg));
        assert_eq!(pixel_format(0), None);
    }

    #[test]
    fn a_file_that_is_no_device_and_no_file_are_errors() {
        assert!(matches!(Device::open(Path::new("/dev/no such node"), "x"), Err(CaptureError::NotFound { .. })));
        assert!(Device::open(Path::new("/etc/passwd"), "x").is_err());
    }
}
