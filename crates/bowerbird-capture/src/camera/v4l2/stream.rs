//! Frames of a device: mapped buffers that are copied out of and given back at once.
//!
//! The copy costs half a millisecond at 1920×1080 and lets the driver have its buffers while a frame is looked at.

use super::color;
use super::device::{Device, four_cc, pixel_format};
use crate::camera::picture::Picture;
use crate::camera::{CameraInfo, CameraRequest, Choice, Rate};
use crate::decoded::Decoded;
use crate::{CaptureError, Frame, PixelFormat, Read, Source};
use core::time::Duration;
use linux_video::Stream;
use linux_video::types::{
    BufferFlag, BufferType, CaptureParm, ContentType, Field, Fract, In, Mmap, PixFormat, StreamParm, YcbcrEncoding,
};
use nix::poll::{PollFd, PollFlags, poll};
use std::io;
use std::os::fd::AsRawFd;
use std::time::Instant;

/// Buffers that the driver fills: one is copied, one is filled, two are spare for a late reader.
const BUFFERS: usize = 4;

/// How often the driver is asked whether its format is still the one that was set. Drivers tell of a change by an event that
/// linux-video cannot subscribe to, so they are asked: a call that takes microseconds.
const WATCH: Duration = Duration::from_millis(500);

/// Opens the camera in the mode nearest to the request.
pub(super) fn open(camera: &CameraInfo, request: &CameraRequest) -> Result<Box<dyn Source>, CaptureError> {
    let mut choice = request.choose(&camera.name, &camera.modes)?;
    let (device, picture) = set_mode(camera, &mut choice)?;
    let opened = Camera::start(device, picture, choice)?;
    let compressed = opened.picture.format == PixelFormat::Mjpeg;
    if compressed { Ok(Box::new(Decoded::new(Box::new(opened))?)) } else { Ok(Box::new(opened)) }
}

/// The pictures that the driver describes, if they can be shown.
fn picture_of(picture: &PixFormat) -> Option<Picture> {
    let format = pixel_format(picture.pixel_format() as u32)?;
    let (width, height) = (picture.width(), picture.height());
    if width == 0 || height == 0 || picture.size_image() == 0 {
        return None;
    }
    let space = picture.color_space() as u32;
    let encoding = picture.ycbcr_enc().map_or(YcbcrEncoding::Default as u32, |encoding| encoding as u32);
    // Drivers that leave the stride out have no padding.
    let stride = (picture.bytes_per_line() as usize).max(format.row_bytes(width));
    let (matrix, range) = (color::matrix(encoding, space), color::range(picture.quantization() as u32, space));
    Some(Picture { format, width, height, stride, matrix, range })
}

/// Opens the device and sets the mode; `choice` becomes what the driver takes.
fn set_mode(camera: &CameraInfo, choice: &mut Choice) -> Result<(Device, Picture), CaptureError> {
    let device = Device::open(&camera.path, &camera.name)?;
    let picture = set_format(&device, choice)?;
    set_rate(&device, choice);
    Ok((device, picture))
}

/// Sets the mode of a device that another library opens afterwards, and returns what its pictures are.
#[cfg(feature = "nokhwa")]
pub(in crate::camera) fn prepare(camera: &CameraInfo, choice: &mut Choice) -> Result<Picture, CaptureError> {
    set_mode(camera, choice).map(|(_, picture)| picture)
}

fn set_format(device: &Device, choice: &mut Choice) -> Result<Picture, CaptureError> {
    let none = |reason: &str| CaptureError::System { name: device.name.clone(), reason: reason.into() };
    let code = four_cc(choice.format).ok_or_else(|| none("it has no such format"))?;
    let mut format = device.inner.format(BufferType::VideoCapture).map_err(|error| device.failure(&error))?;
    let Some(picture) = format.try_mut::<PixFormat>() else { return Err(none("its driver gives no picture format")) };
    picture.set_width(choice.width).set_height(choice.height).set_pixel_format(code).set_field(Field::None);
    picture.set_bytes_per_line(0).set_size_image(0);
    device.inner.set_format(&mut format).map_err(|error| device.failure(&error))?;
    let picture = format
        .try_ref::<PixFormat>()
        .and_then(picture_of)
        .ok_or_else(|| none("its driver gives a picture format that cannot be shown"))?;
    if (picture.format, picture.width, picture.height) != (choice.format, choice.width, choice.height) {
        choice.reason = format!("the driver took this for {choice}");
        (choice.format, choice.width, choice.height) = (picture.format, picture.width, picture.height);
    }
    Ok(picture)
}

/// Asks for the rate, and notes the one that the driver takes. One that takes none keeps its own.
fn set_rate(device: &Device, choice: &mut Choice) {
    let mut parameters = CaptureParm::default();
    let mut time = Fract::default();
    time.set_numerator(choice.rate.seconds).set_denominator(choice.rate.frames);
    parameters.set_time_per_frame(time);
    let Some(mut parameters) = StreamParm::new(BufferType::VideoCapture, parameters) else { return };
    if device.inner.set_param(&mut parameters).is_err() && device.inner.get_param(&mut parameters).is_err() {
        return;
    }
    let taken = parameters.try_ref::<CaptureParm>().map(CaptureParm::time_per_frame);
    if let Some(rate) = taken.and_then(|time| Rate::fraction(time.denominator(), time.numerator())) {
        choice.rate = rate;
    }
}

/// A camera that streams.
struct Camera {
    stream: Stream<In, Mmap>,
    device: Device,
    picture: Picture,
    choice: Choice,
    /// What the driver says of its format while it streams, which some say otherwise than when it is set; and when it was
    /// asked last.
    said: Option<Picture>,
    asked: Instant,
    /// The driver's time of the first frame.
    first: Option<Duration>,
    started: Instant,
    /// The driver's number of the last frame, which wraps at 32 bits, and ours, which does not.
    number: Option<(u32, u64)>,
}

impl Camera {
    fn start(device: Device, picture: Picture, choice: Choice) -> Result<Self, CaptureError> {
        let stream = device.inner.stream(ContentType::Video, BUFFERS).map_err(|error| device.failure(&error))?;
        let said = device.format().ok().as_ref().and_then(picture_of);
        let now = Instant::now();
        Ok(Self { stream, device, picture, choice, said, asked: now, first: None, started: now, number: None })
    }

    /// Waits until there is a frame, or the driver has something to say; false when the time is up.
    fn wait(&self, deadline: Instant) -> Result<bool, CaptureError> {
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            let milliseconds = i32::try_from(left.as_micros().div_ceil(1000)).unwrap_or(i32::MAX);
            let mut polled = [PollFd::new(self.device.inner.as_raw_fd(), PollFlags::POLLIN)];
            match poll(&mut polled, milliseconds) {
                Err(nix::errno::Errno::EINTR) => continue,
                Err(error) => return Err(self.device.failure(&error.into())),
                Ok(0) => return Ok(false),
                Ok(_) => {}
            }
            let events = polled[0].revents().unwrap_or(PollFlags::POLLIN);
            if events.intersects(PollFlags::POLLERR | PollFlags::POLLHUP | PollFlags::POLLNVAL)
                && !events.contains(PollFlags::POLLIN)
            {
                return Err(self.stopped());
            }
            return Ok(true);
        }
    }

    /// Why the stream is no more: the device is gone, or the driver stopped it.
    fn stopped(&self) -> CaptureError {
        match self.device.inner.capabilities() {
            Err(error) => self.device.failure(&error),
            Ok(_) => self.changed().unwrap_or_else(|| CaptureError::System {
                name: self.device.name.clone(),
                reason: "its driver stopped the stream".into(),
            }),
        }
    }

    /// Asks the driver now and then whether its format is still the same.
    fn watch(&mut self) -> Result<(), CaptureError> {
        if self.asked.elapsed() < WATCH {
            return Ok(());
        }
        self.asked = Instant::now();
        self.changed().map_or(Ok(()), Err)
    }

    /// The error of a device whose format is no longer the one that it began with.
    fn changed(&self) -> Option<CaptureError> {
        let now = self.device.format().ok()?;
        let picture = picture_of(&now);
        (picture != self.said).then(|| CaptureError::Changed {
            name: self.device.name.clone(),
            format: picture.map_or_else(|| "none that can be shown".into(), |picture| picture.to_string()),
        })
    }

    fn number(&mut self, sequence: u32) -> u64 {
        let number = match self.number {
            None => u64::from(sequence),
            Some((last, number)) => number + u64::from(sequence.wrapping_sub(last)),
        };
        self.number = Some((sequence, number));
        number
    }

    /// Fills `frame` with what a buffer holds.
    fn fill(&mut self, frame: &mut Frame, bytes: &[u8], taken: Duration) -> Result<(), CaptureError> {
        let most = self.picture.most();
        if most > 0
            && !bytes.is_empty()
            && bytes.len() != most
            && let Some(changed) = self.changed()
        {
            return Err(changed);
        }
        self.picture.fill(frame, bytes, &self.device.name)?;
        let first = *self.first.get_or_insert(taken);
        // Drivers without a clock say 0.
        frame.time = if taken.is_zero() { self.started.elapsed() } else { taken.saturating_sub(first) };
        Ok(())
    }
}

impl Source for Camera {
    fn describe(&self) -> String {
        format!("{}, {} ({})", self.device.name, self.choice, self.choice.reason)
    }

    fn name(&self) -> String {
        self.device.name.clone()
    }

    fn is_device(&self) -> bool {
        true
    }

    fn size(&self) -> Option<(u32, u32)> {
        Some((self.picture.width, self.picture.height))
    }

    fn read(&mut self, frame: &mut Frame, timeout: Duration) -> Result<Read, CaptureError> {
        let deadline = Instant::now() + timeout;
        self.watch()?;
        loop {
            let buffer = match self.stream.next() {
                Ok(buffer) => buffer,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    if self.wait(deadline)? {
                        continue;
                    }
                    return Ok(Read::Nothing);
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) if error.raw_os_error() == Some(nix::errno::Errno::EIO as i32) => return Err(self.stopped()),
                Err(error) => return Err(self.device.failure(&error)),
            };
            let held = buffer.lock();
            frame.sequence = self.number(held.sequence());
            if held.flags().contains(BufferFlag::Error) {
                let reason = "its driver marks it as damaged".into();
                return Err(CaptureError::Damaged { name: self.device.name.clone(), reason });
            }
            self.fill(frame, held.as_ref(), held.timestamp())?;
            return Ok(Read::Frame);
        }
    }
}
