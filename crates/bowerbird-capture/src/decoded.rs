//! Compressed frames decoded beside the thread that reads them.
//!
//! The camera is read on a thread of its own, a [`Reader`]; whoever reads this source decodes the pictures. So a slow
//! decoder never keeps the camera waiting, it shows fewer pictures, and the numbers of the frames tell how many were left
//! out.

use crate::jpeg::Decoder;
use crate::reader::{Arrival, Feed, Reader};
use crate::{CaptureError, Frame, PixelFormat, Read, Source};
use core::time::Duration;

/// A source whose compressed frames are decoded to RGBA; other frames pass as they are.
pub struct Decoded {
    description: String,
    name: String,
    is_device: bool,
    size: Option<(u32, u32)>,
    reader: Reader,
    /// What came while the source was opened.
    first: Option<Arrival>,
    decoder: Decoder,
}

impl Decoded {
    /// Starts reading `source`.
    ///
    /// # Errors
    ///
    /// [`CaptureError::System`] when the system gives no thread.
    pub fn new(source: Box<dyn Source>) -> Result<Self, CaptureError> {
        let (description, name) = (source.describe(), source.name());
        let (is_device, size) = (source.is_device(), source.size());
        let reader = Reader::start("camera", &name, move || Ok(source))?;
        Ok(Self { description, name, is_device, size, reader, first: None, decoder: Decoder::default() })
    }

    /// Opens a device on the thread `thread` and starts reading it. It is waited for as long as `patience`; one that takes
    /// longer is opened while this is read, which then says what comes of it.
    ///
    /// # Errors
    ///
    /// That of opening, if it comes in time.
    #[cfg_attr(
        target_os = "linux",
        cfg_attr(not(feature = "nokhwa"), expect(dead_code, reason = "V4L2 does not hang"))
    )]
    pub(crate) fn opening<F: Feed>(
        thread: &str,
        name: String,
        description: String,
        patience: Duration,
        open: impl FnOnce() -> Result<F, CaptureError> + Send + 'static,
    ) -> Result<Self, CaptureError> {
        let reader = Reader::start(thread, &name, open)?;
        let first = match reader.wait(patience) {
            Some(Arrival::Last(Err(error))) => return Err(error),
            first => first,
        };
        Ok(Self { description, name, is_device: true, size: None, reader, first, decoder: Decoder::default() })
    }
}

impl Source for Decoded {
    fn describe(&self) -> String {
        self.description.clone()
    }

    fn name(&self) -> String {
        self.name.clone()
    }

    fn is_device(&self) -> bool {
        self.is_device
    }

    fn size(&self) -> Option<(u32, u32)> {
        self.size
    }

    fn read(&mut self, frame: &mut Frame, timeout: Duration) -> Result<Read, CaptureError> {
        match self.first.take().or_else(|| self.reader.wait(timeout)) {
            None if self.reader.is_through() => {
                Err(CaptureError::System { name: self.name.clone(), reason: "it has ended".into() })
            }
            None => Ok(Read::Nothing),
            Some(Arrival::Last(last)) => {
                // A reader that asks again after the end gets the end again.
                self.first = (last == Ok(Read::End)).then_some(Arrival::Last(Ok(Read::End)));
                last
            }
            Some(Arrival::Damaged(error)) => Err(error),
            Some(Arrival::Frame(mut arrived)) => {
                let done = if arrived.format == PixelFormat::Mjpeg {
                    (frame.time, frame.arrived, frame.sequence) = (arrived.time, arrived.arrived, arrived.sequence);
                    self.decoder.decode(&arrived.data, frame, &self.name)
                } else {
                    core::mem::swap(frame, &mut arrived);
                    Ok(())
                };
                self.reader.give_back(arrived);
                done.map(|()| Read::Frame)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Mailbox;
    use jpeg_encoder::{ColorType, Encoder};
    use std::collections::VecDeque;
    use std::sync::Arc;

    /// Delivers these pictures, each only after the one before was taken, so that none is left out.
    struct Pictures(VecDeque<Vec<u8>>, Arc<Mailbox<()>>, u64);

    impl Source for Pictures {
        fn describe(&self) -> String {
            "pictures".into()
        }

        fn read(&mut self, frame: &mut Frame, timeout: Duration) -> Result<Read, CaptureError> {
            if self.1.wait(timeout).is_none() {
                return Ok(Read::Nothing);
            }
            let Some(picture) = self.0.pop_front() else { return Ok(Read::End) };
            frame.reset(PixelFormat::Mjpeg, 16, 16);
            frame.data = picture;
            frame.sequence = self.2;
            self.2 += 1;
            Ok(Read::Frame)
        }
    }

    fn picture(gray: u8) -> Vec<u8> {
        let mut bytes = Vec::new();
        Encoder::new(&mut bytes, 95).encode(&[gray; 256], 16, 16, ColorType::Luma).unwrap();
        bytes
    }

    #[test]
    fn pictures_are_decoded_damage_is_said_and_the_end_is_the_end() {
        let go = Arc::new(Mailbox::new());
        let (first, mut second) = (picture(10), picture(20));
        second.truncate(second.len() / 2);
        let pictures = Pictures([first, second, picture(30)].into(), Arc::clone(&go), 0);
        let mut source = Decoded::new(Box::new(pictures)).unwrap();
        let mut frame = Frame::default();
        let mut next = || {
            go.put(());
            source.read(&mut frame, Duration::from_secs(30)).map(|read| (read, frame.sequence, frame.data[0]))
        };
        assert_eq!(next(), Ok((Read::Frame, 0, 10)));
        assert!(matches!(next(), Err(CaptureError::Damaged { .. })));
        assert_eq!(next(), Ok((Read::Frame, 2, 30)));
        assert_eq!(next().map(|(read, ..)| read), Ok(Read::End));
        assert_eq!(next().map(|(read, ..)| read), Ok(Read::End));
    }
}
