//! Compressed frames decoded beside the thread that reads them.
//!
//! The camera is read on a thread of its own, which hands over the newest picture through one slot; whoever reads this
//! source decodes it. So a slow decoder never keeps the camera waiting, it shows fewer pictures, and the numbers of the
//! frames tell how many were left out.

use crate::jpeg::Decoder;
use crate::{CaptureError, Frame, Mailbox, PixelFormat, Read, Source};
use core::sync::atomic::{AtomicBool, Ordering};
use core::time::Duration;
use std::sync::Arc;
use std::thread::{self, JoinHandle};

/// The longest wait of the reading thread without a look at whether to stop.
const POLL: Duration = Duration::from_millis(100);

/// What the reading thread hands over.
enum Arrival {
    Frame(Frame),
    Damaged(CaptureError),
    /// The source is through; it says so, or why.
    Last(Result<Read, CaptureError>),
}

#[derive(Default)]
struct Shared {
    newest: Mailbox<Arrival>,
    spare: Mailbox<Frame>,
    stop: AtomicBool,
}

/// A source whose compressed frames are decoded to RGBA; other frames pass as they are.
pub struct Decoded {
    description: String,
    name: String,
    is_device: bool,
    shared: Arc<Shared>,
    reader: Option<JoinHandle<()>>,
    decoder: Decoder,
}

impl Decoded {
    /// Starts reading `source`.
    ///
    /// # Errors
    ///
    /// [`CaptureError::System`] when the system gives no thread.
    pub fn new(mut source: Box<dyn Source>) -> Result<Self, CaptureError> {
        let (description, name, is_device) = (source.describe(), source.name(), source.is_device());
        let shared = Arc::new(Shared::default());
        let theirs = Arc::clone(&shared);
        let reader = thread::Builder::new()
            .name("camera".into())
            .spawn(move || read_all(source.as_mut(), &theirs))
            .map_err(|error| CaptureError::System { name: "the camera thread".into(), reason: error.to_string() })?;
        Ok(Self { description, name, is_device, shared, reader: Some(reader), decoder: Decoder::default() })
    }
}

/// Hands over what the source delivers until it is through or this is stopped.
fn read_all(source: &mut dyn Source, shared: &Shared) {
    let mut frame = Frame::default();
    while !shared.stop.load(Ordering::Acquire) {
        let arrival = match source.read(&mut frame, POLL) {
            Ok(Read::Nothing) => continue,
            Ok(Read::Frame) => Arrival::Frame(core::mem::take(&mut frame)),
            Err(error @ CaptureError::Damaged { .. }) => Arrival::Damaged(error),
            last => Arrival::Last(last),
        };
        let through = matches!(arrival, Arrival::Last(_));
        if let Some(Arrival::Frame(untaken)) = shared.newest.put(arrival) {
            frame = untaken;
        } else if let Some(spare) = shared.spare.take() {
            frame = spare;
        }
        if through {
            break;
        }
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

    fn read(&mut self, frame: &mut Frame, timeout: Duration) -> Result<Read, CaptureError> {
        match self.shared.newest.wait(timeout) {
            None if self.reader.as_ref().is_some_and(JoinHandle::is_finished) && self.shared.newest.is_empty() => {
                // Only a driver that panicked ends without a word.
                Err(CaptureError::System { name: self.name.clone(), reason: "its driver failed".into() })
            }
            None => Ok(Read::Nothing),
            Some(Arrival::Last(last)) => {
                // A reader that asks again after the end gets the end again.
                if last == Ok(Read::End) {
                    drop(self.shared.newest.put(Arrival::Last(Ok(Read::End))));
                }
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
                drop(self.shared.spare.put(arrived));
                done.map(|()| Read::Frame)
            }
        }
    }
}

impl Drop for Decoded {
    /// Stops the reading thread and joins it.
    fn drop(&mut self) {
        self.shared.stop.store(true, Ordering::Release);
        if let Some(reader) = self.reader.take() {
            reader.thread().unpark();
            // If it panicked, that was said.
            let _ = reader.join();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jpeg_encoder::{ColorType, Encoder};
    use std::collections::VecDeque;

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
