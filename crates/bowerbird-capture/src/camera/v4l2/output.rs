//! A virtual camera: pictures written to a v4l2loopback device, which other programs see as a camera.
//!
//! Pictures go out as YUYV in BT.601 and limited range, which every program takes. The module has to be loaded by the
//! user; without it there is no device, and the error has the line that loads it.

use super::device::{Device, failure};
use super::list;
use crate::CaptureError;
use crate::camera::Rate;
use linux_video::types::{
    BufferType, CapabilityFlag, ColorSpace, Field, FourCc, Fract, OutputParm, PixFormat, StreamParm,
};
use nix::errno::Errno;
use nix::unistd::write;
use std::os::fd::AsRawFd;
use std::path::{Path, PathBuf};
use yuv::{YuvBiPlanarImageMut, YuvChromaSubsampling, YuvConversionMode, YuvRange, YuvStandardMatrix};

/// What loads the module.
const LOAD: &str = "sudo modprobe v4l2loopback exclusive_caps=1 card_label=Bowerbird";

/// A device that a virtual camera can be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VirtualCameraInfo {
    /// The name that other programs show.
    pub name: String,
    /// Its device file.
    pub path: PathBuf,
}

/// The devices of v4l2loopback that can be fed.
pub fn virtual_cameras() -> Vec<VirtualCameraInfo> {
    list::nodes().filter_map(|path| loopback(&path)).filter_map(|(info, able)| able.then_some(info)).collect()
}

/// The device at `path`, if it is one of v4l2loopback, and whether it can be fed now.
fn loopback(path: &Path) -> Option<(VirtualCameraInfo, bool)> {
    let capability = Device::open(path, "").ok()?.inner.capabilities().ok()?;
    let able = capability.device_capabilities().contains(CapabilityFlag::VideoOutput);
    (capability.driver() == "v4l2 loopback")
        .then(|| (VirtualCameraInfo { name: capability.card().into(), path: path.into() }, able))
}

/// The device that can be fed, or why there is none. One that is a camera only while it is fed (`exclusive_caps=1`) is
/// neither as long as programs go on watching it that saw its pictures end.
fn able(found: Vec<(VirtualCameraInfo, bool)>, path: Option<&Path>) -> Result<VirtualCameraInfo, CaptureError> {
    let watched = found.first().map(|(info, _)| info.name.clone());
    if let Some((info, _)) = found.into_iter().find(|(_, able)| *able) {
        return Ok(info);
    }
    Err(match watched {
        Some(name) => CaptureError::System {
            name,
            reason: "it cannot be fed now: close the programs that watch it, or feed it, and start it again".into(),
        },
        None => CaptureError::Missing {
            what: path.map_or("a virtual camera".into(), |path| format!("a virtual camera at {}", path.display())),
            hint: format!("install v4l2loopback and load it with `{LOAD}`"),
        },
    })
}

/// A virtual camera that is open.
pub struct VirtualCamera {
    device: Device,
    width: u32,
    height: u32,
    planes: YuvBiPlanarImageMut<'static, u8>,
    packed: Vec<u8>,
}

impl VirtualCamera {
    /// Opens the device at `path`, or the first that can be fed, for pictures of `width` by `height` pixels; the width is even.
    ///
    /// # Errors
    ///
    /// [`CaptureError::Missing`] when no device is there, with the line that makes one; [`CaptureError::Busy`] when another
    /// program feeds it; [`CaptureError::System`] for a size that the device does not take, or while it cannot be fed.
    pub fn open(path: Option<&Path>, width: u32, height: u32, rate: Rate) -> Result<Self, CaptureError> {
        let found = match path {
            Some(path) => loopback(path).into_iter().collect(),
            None => list::nodes().filter_map(|path| loopback(&path)).collect(),
        };
        let info = able(found, path)?;
        let device = Device::open(&info.path, &info.name)?;
        let refused = |reason: String| CaptureError::System { name: info.name.clone(), reason };
        if width == 0 || height == 0 || width % 2 == 1 || width > 16384 || height > 16384 {
            return Err(refused(format!("it takes no pictures of {width}×{height}: the width must be even")));
        }
        let mut picture = PixFormat::from(FourCc::Yuyv);
        picture.set_width(width).set_height(height).set_field(Field::None).set_color_space(ColorSpace::Srgb);
        picture.set_bytes_per_line(width * 2).set_size_image(width * height * 2);
        let mut format = linux_video::types::Format::new(BufferType::VideoOutput, picture)
            .ok_or_else(|| refused("it takes no pictures".into()))?;
        device.inner.set_format(&mut format).map_err(|error| device.failure(&error))?;
        let taken =
            format.try_ref::<PixFormat>().map(|taken| (taken.width(), taken.height(), taken.pixel_format() as u32));
        if taken != Some((width, height, FourCc::Yuyv as u32)) {
            return Err(refused(format!("it does not take {width}×{height} YUYV; another program has set its format")));
        }
        let mut time = Fract::default();
        time.set_numerator(rate.seconds).set_denominator(rate.frames);
        let mut parameters = OutputParm::default();
        parameters.set_time_per_frame(time);
        if let Some(mut parameters) = StreamParm::new(BufferType::VideoOutput, parameters) {
            // A device without a rate takes pictures as they come.
            let _ = device.inner.set_param(&mut parameters);
        }
        let planes = YuvBiPlanarImageMut::alloc(width, height, YuvChromaSubsampling::Yuv422);
        Ok(Self { device, width, height, planes, packed: Vec::new() })
    }

    /// What it is called.
    pub fn name(&self) -> &str {
        &self.device.name
    }

    /// Its device file.
    pub fn path(&self) -> &Path {
        &self.device.path
    }

    /// Shows a picture of RGBA, `width · height · 4` bytes. Never waits for those who watch.
    ///
    /// # Errors
    ///
    /// [`CaptureError::Damaged`] for too few bytes, or what the driver says.
    pub fn write(&mut self, rgba: &[u8]) -> Result<(), CaptureError> {
        let damaged = |reason: String| CaptureError::Damaged { name: self.device.name.clone(), reason };
        if rgba.len() != self.width as usize * self.height as usize * 4 {
            return Err(damaged(format!("{} bytes are no picture of {}×{}", rgba.len(), self.width, self.height)));
        }
        let (range, matrix) = (YuvRange::Limited, YuvStandardMatrix::Bt601);
        yuv::rgba_to_yuv_nv16(&mut self.planes, rgba, self.width * 4, range, matrix, YuvConversionMode::Balanced)
            .map_err(|error| damaged(error.to_string()))?;
        interleave(self.planes.y_plane.borrow(), self.planes.uv_plane.borrow(), &mut self.packed);
        match write(self.device.inner.as_raw_fd(), &self.packed) {
            // It holds enough pictures that nobody has looked at; this one is left out.
            Ok(_) | Err(Errno::EAGAIN) => Ok(()),
            Err(error) => Err(failure(&self.device.name, &self.device.path, &error.into())),
        }
    }
}

/// Luma, and U and V by turns, to Y0 U Y1 V.
fn interleave(y: &[u8], uv: &[u8], packed: &mut Vec<u8>) {
    packed.resize(y.len() * 2, 0);
    for ((pair, y), uv) in packed.chunks_exact_mut(2).zip(y).zip(uv) {
        pair.copy_from_slice(&[*y, *uv]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pixels_are_interleaved() {
        let mut packed = Vec::new();
        interleave(&[1, 2, 3, 4], &[10, 20, 30, 40], &mut packed);
        assert_eq!(packed, [1, 10, 2, 20, 3, 30, 4, 40]);
    }

    #[test]
    fn a_device_that_is_watched_is_told_from_none() {
        let device = |name: &str| VirtualCameraInfo { name: name.into(), path: "/dev/video9".into() };
        let found = vec![(device("watched"), false), (device("free"), true)];
        assert_eq!(able(found, None).unwrap(), device("free"));
        let error = able(vec![(device("watched"), false)], None).unwrap_err().to_string();
        assert!(error.starts_with("watched") && error.contains("close the programs that watch it"), "{error}");
        assert!(matches!(able(Vec::new(), None), Err(CaptureError::Missing { .. })));
    }

    #[test]
    fn without_a_device_the_error_has_the_line_that_makes_one() {
        let error = VirtualCamera::open(Some(Path::new("/dev/null")), 64, 48, Rate::new(30)).err().unwrap();
        assert!(error.to_string().contains("modprobe v4l2loopback"), "{error}");
    }
}
