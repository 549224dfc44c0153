//! Frames of the library: its bytes, checked, numbered and timed.

use super::cameras::cause;
use super::formats::{pixel_format, stride};
use super::lease::Lease;
use super::system::ROW_ALIGNMENT;
use crate::camera::CameraInfo;
use crate::camera::picture::Picture;
use crate::reader::Feed;
use crate::{CaptureError, Frame, Read};
use core::time::Duration;
use nokhwa::Buffer;
use nokhwa::utils::{CameraFormat, RequestedFormat, RequestedFormatType};
use std::time::Instant;

/// A camera that is open.
pub(super) trait Frames {
    /// The next frame; it may wait for ever.
    fn frame(&mut self) -> Result<Buffer, CaptureError>;
}

/// A camera of the library.
pub(super) struct Opened {
    camera: nokhwa::Camera,
    info: CameraInfo,
}

impl Frames for Opened {
    fn frame(&mut self) -> Result<Buffer, CaptureError> {
        self.camera.frame().map_err(|error| cause(&self.info, &error))
    }
}

/// Frames of a camera. The order of the fields is that of closing: the lease is returned last.
pub(super) struct Stream<F> {
    frames: F,
    name: String,
    picture: Picture,
    clock: Clock,
    number: u64,
    _lease: Lease,
}

impl Stream<Opened> {
    /// Opens the camera in this format, which is to give these pictures.
    pub(super) fn open(
        info: CameraInfo,
        format: CameraFormat,
        picture: Picture,
        lease: Lease,
    ) -> Result<Self, CaptureError> {
        let formats = [format.format()];
        let request = RequestedFormat::with_formats(RequestedFormatType::Exact(format), &formats);
        let camera = nokhwa::Camera::new(super::cameras::index(&info)?, request);
        let mut camera = camera.map_err(|error| cause(&info, &error))?;
        camera.open_stream().map_err(|error| cause(&info, &error))?;
        let name = info.name.clone();
        Ok(Self::new(Opened { camera, info }, name, picture, lease))
    }
}

impl<F: Frames> Stream<F> {
    fn new(frames: F, name: String, picture: Picture, lease: Lease) -> Self {
        Self { frames, name, picture, clock: Clock::default(), number: 0, _lease: lease }
    }
}

impl<F: Frames> Feed for Stream<F> {
    fn next(&mut self, frame: &mut Frame) -> Result<Read, CaptureError> {
        let buffer = self.frames.frame()?;
        let (resolution, format) = (buffer.resolution(), pixel_format(buffer.source_frame_format()));
        let (width, height) = (resolution.width(), resolution.height());
        let Picture { format: agreed, width: columns, height: rows, .. } = self.picture;
        if (width, height, format) != (columns, rows, agreed) {
            let format = format!("{width}×{height} {format}");
            return Err(CaptureError::Changed { name: self.name.clone(), format });
        }
        // It says nothing of frames that the camera lost; those that arrive damaged are missing in the numbers.
        frame.sequence = self.number;
        self.number += 1;
        if let Some(alignment) = ROW_ALIGNMENT {
            self.picture.stride = stride(buffer.buffer().len(), agreed.row_bytes(columns), rows, alignment);
        }
        self.picture.fill(frame, buffer.buffer(), &self.name)?;
        frame.time = self.clock.time(buffer.capture_timestamp(), frame.arrived);
        Ok(Read::Frame)
    }
}

/// A wall clock that is set moves by more than this; frames are not held up for so long.
const STEP: Duration = Duration::from_secs(1);

/// The times of frames since the first. The library's are those of the wall clock, which may be set meanwhile: where they
/// jump away from the time of arrival, they are reckoned anew.
#[derive(Default)]
struct Clock {
    /// When the first frame arrived.
    started: Option<Instant>,
    /// What the library's clock says when ours says 0.
    zero: Option<Duration>,
    last: Duration,
}

impl Clock {
    fn time(&mut self, taken: Option<Duration>, arrived: Instant) -> Duration {
        let elapsed = arrived.saturating_duration_since(*self.started.get_or_insert(arrived));
        let time = match taken {
            None => elapsed,
            Some(taken) => {
                let zero = *self.zero.get_or_insert(taken);
                match taken.checked_sub(zero) {
                    Some(time) if time.abs_diff(elapsed) <= STEP => time,
                    _ => {
                        self.zero = Some(taken.saturating_sub(elapsed));
                        elapsed
                    }
                }
            }
        };
        self.last = time.max(self.last);
        self.last
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decoded::Decoded;
    use crate::{Capture, ColorMatrix, ColorRange, Event, Mailbox, PixelFormat, Source};
    use nokhwa::utils::{FrameFormat, Resolution};
    use std::sync::Arc;

    /// Longer than anything here takes; reached only when a test fails.
    const LONG: Duration = Duration::from_secs(60);

    const PICTURE: Picture = Picture {
        format: PixelFormat::Yuyv,
        width: 4,
        height: 2,
        stride: 8,
        matrix: ColorMatrix::Bt601,
        range: ColorRange::Full,
    };

    fn buffer(bytes: usize, format: FrameFormat, width: u32) -> Buffer {
        Buffer::new(Resolution::new(width, PICTURE.height), &vec![9; bytes], format)
    }

    /// Gives frames as its closure makes them, by their numbers.
    struct Fake<F>(F, u64);

    impl<F: FnMut(u64) -> Result<Buffer, CaptureError>> Frames for Fake<F> {
        fn frame(&mut self) -> Result<Buffer, CaptureError> {
            self.1 += 1;
            (self.0)(self.1 - 1)
        }
    }

    fn stream<F: FnMut(u64) -> Result<Buffer, CaptureError>>(id: &str, make: F) -> Stream<Fake<F>> {
        Stream::new(Fake(make, 0), "fake".into(), PICTURE, Lease::take(id, "fake").unwrap())
    }

    #[test]
    fn short_frames_are_damaged_and_the_next_has_the_next_number() {
        let mut stream = stream("short", |number| Ok(buffer(if number == 1 { 15 } else { 16 }, FrameFormat::YUYV, 4)));
        let mut frame = Frame::default();
        assert_eq!(stream.next(&mut frame), Ok(Read::Frame));
        assert_eq!((frame.sequence, frame.data.len(), frame.range), (0, 16, ColorRange::Full));
        assert!(matches!(stream.next(&mut frame), Err(CaptureError::Damaged { .. })));
        assert_eq!(stream.next(&mut frame), Ok(Read::Frame));
        assert_eq!(frame.sequence, 2);
    }

    #[test]
    fn another_size_or_format_is_a_change() {
        for (format, width, wanted) in [(FrameFormat::YUYV, 8, "8×2 YUYV"), (FrameFormat::NV12, 4, "4×2 NV12")] {
            let mut stream = stream(wanted, move |_| Ok(buffer(64, format, width)));
            let error = stream.next(&mut Frame::default()).unwrap_err();
            assert_eq!(error, CaptureError::Changed { name: "fake".into(), format: wanted.into() });
        }
    }

    /// Runs a fake camera as a program does, with the name of its lease.
    fn capture<F>(id: &'static str, make: F) -> Capture
    where
        F: FnMut(u64) -> Result<Buffer, CaptureError> + Clone + Send + 'static,
    {
        Capture::start(Box::new(move || {
            let (make, lease) = (make.clone(), Lease::take(id, "fake")?);
            let open = move || Ok(Stream::new(Fake(make, 0), "fake".into(), PICTURE, lease));
            let source = Decoded::opening("nokhwa", "fake".into(), "fake".into(), super::super::OPENING, open)?;
            Ok(Box::new(source) as Box<dyn Source>)
        }))
        .unwrap()
    }

    /// Waits for an event of this kind; frames are taken meanwhile.
    fn wait_for(capture: &Capture, wanted: impl Fn(&Event) -> bool) -> Event {
        let start = Instant::now();
        while start.elapsed() < LONG {
            capture.wait(Duration::from_millis(20));
            if let Some(event) = capture.events().into_iter().find(|event| wanted(event)) {
                return event;
            }
        }
        unreachable!("it never happens")
    }

    #[test]
    fn a_camera_that_hangs_is_told_of_and_left_and_is_free_again_when_it_comes_back() {
        let gate = Arc::new(Mailbox::<()>::new());
        let theirs = Arc::clone(&gate);
        let capture = capture("hangs", move |number| {
            if number == 3 {
                theirs.wait(LONG);
            }
            Ok(buffer(16, FrameFormat::YUYV, 4))
        });
        wait_for(&capture, |event| matches!(event, Event::Started(_)));
        wait_for(&capture, |event| matches!(event, Event::Trouble(CaptureError::Stalled { .. })));
        drop(capture);
        assert!(Lease::take("hangs", "fake").is_err(), "its thread still holds it");
        gate.close();
        let start = Instant::now();
        while Lease::take("hangs", "fake").is_err() {
            assert!(start.elapsed() < LONG, "its thread did not end");
            std::thread::yield_now();
        }
    }

    #[test]
    fn a_camera_that_hangs_while_it_is_opened_is_told_of() {
        let gate = Arc::new(Mailbox::<()>::new());
        let theirs = Arc::clone(&gate);
        let opener = move || {
            let theirs = Arc::clone(&theirs);
            let open = move || {
                theirs.wait(LONG);
                Ok(Box::new(crate::Synthetic::new(crate::Chart::ColorBars, 8, 8, 30.0)) as Box<dyn Source>)
            };
            let source = Decoded::opening("nokhwa", "fake".into(), "fake".into(), super::super::OPENING, open)?;
            Ok(Box::new(source) as Box<dyn Source>)
        };
        let capture = Capture::start(Box::new(opener)).unwrap();
        wait_for(&capture, |event| matches!(event, Event::Trouble(CaptureError::Stalled { .. })));
        gate.close();
        wait_for(&capture, |event| matches!(event, Event::Started(_) | Event::Resumed(_)));
    }

    #[test]
    fn a_library_that_panics_is_trouble_and_the_camera_is_opened_again() {
        let capture = capture("panics", |number| {
            assert!(number < 2, "the library's fault");
            Ok(buffer(16, FrameFormat::YUYV, 4))
        });
        let event = wait_for(&capture, |event| matches!(event, Event::Trouble(_)));
        let Event::Trouble(error) = event else { unreachable!("it was looked for") };
        assert!(error.to_string().contains("the library's fault"), "{error}");
        wait_for(&capture, |event| matches!(event, Event::Resumed(_)));
    }

    #[test]
    fn times_follow_the_library_unless_its_clock_is_set() {
        let (mut clock, start) = (Clock::default(), Instant::now());
        let millis = Duration::from_millis;
        let wall = Duration::from_secs(1_000_000_000);
        // What the library says, when it arrives, and what that makes.
        for (taken, arrived, time) in [
            (Some(wall), 0, 0),
            (Some(wall + millis(33)), 40, 33),
            // The clock is set ahead by an hour, then back.
            (Some(wall + millis(3_600_066)), 70, 70),
            (Some(wall + millis(3_600_099)), 101, 103),
            (Some(wall + millis(132)), 135, 135),
            // Out of order; then no time at all.
            (Some(wall + millis(120)), 136, 135),
            (None, 170, 170),
        ] {
            assert_eq!(clock.time(taken, start + millis(arrived)), millis(time), "{taken:?}");
        }
    }
}
