//! A rendered frame.

use crate::live::lock;
use bowerbird::{DevicePicture, Error, Image};
use core::time::Duration;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Instant;

/// A rendered frame, and the frame it was made from.
#[derive(Debug)]
pub struct Shown {
    /// What went in, at the scale that was rendered.
    pub source: Arc<Image>,
    /// What came out, where that is in a texture.
    picture: Option<DevicePicture>,
    /// The pixels of what came out, once they are on the processor.
    pixels: OnceLock<Image>,
    /// Memory for them.
    memory: Mutex<Option<Image>>,
    /// Columns and rows of the frame as the source gave it.
    pub full: (u32, u32),
    /// Columns and rows that the result would have at full size.
    pub full_result: (u32, u32),
    /// One of how many columns and rows was rendered; 1 is all.
    pub divisor: u32,
    /// The number of the intent that it follows.
    pub revision: u64,
    /// The number of its source, from [`Live::set_source`](crate::Live::set_source).
    pub origin: u64,
    /// The frame's number.
    pub sequence: u64,
    /// The frame's time, since its source began.
    pub time: Duration,
    /// When the frame came in.
    pub arrived: Instant,
    /// How long converting, reducing and rendering took.
    pub took: Duration,
    /// Whether it is another frame than the one before, and not the same with another intent.
    pub fresh: bool,
    /// The number of the picture, unique in the program, if it is one that does not move.
    pub still: Option<u64>,
    /// Whether it is coarser than can be seen, and the same follows in full when nothing has changed for a moment.
    pub coarse: bool,
}

impl Default for Shown {
    /// One transparent pixel, as a place for a frame.
    fn default() -> Self {
        Self {
            source: Arc::new(nothing()),
            picture: None,
            pixels: OnceLock::from(nothing()),
            memory: Mutex::default(),
            full: (1, 1),
            full_result: (1, 1),
            divisor: 1,
            revision: 0,
            origin: 0,
            sequence: 0,
            time: Duration::ZERO,
            arrived: Instant::now(),
            took: Duration::ZERO,
            fresh: false,
            still: None,
            coarse: false,
        }
    }
}

impl Shown {
    /// What tells it from others of its loop, of which a later one may lie in the same memory: when its frame came in, the
    /// intent that it follows, and its divisor.
    pub fn identity(&self) -> (Instant, u64, u32) {
        (self.arrived, self.revision, self.divisor)
    }

    /// The pixels of what came out. Those of a picture on a graphics device are brought to the processor by the first who
    /// asks, who waits for it; ask on a thread that may wait.
    ///
    /// # Errors
    /// The device was lost before.
    pub fn result(&self) -> Result<&Image, Error> {
        let mut memory = lock(&self.memory);
        if let (None, Some(picture)) = (self.pixels.get(), &self.picture) {
            let mut image = memory.take().unwrap_or_else(nothing);
            picture.read_into(&mut image)?;
            return Ok(self.pixels.get_or_init(|| image));
        }
        Ok(self.pixels.get_or_init(nothing))
    }

    /// The pixels of what came out, if they are on the processor.
    pub fn pixels(&self) -> Option<&Image> {
        self.pixels.get()
    }

    /// What came out, where it stays on a graphics device: a window on the same device can draw it.
    pub fn picture(&self) -> Option<&DevicePicture> {
        self.picture.as_ref()
    }

    /// Columns and rows of what came out.
    pub fn size(&self) -> (u32, u32) {
        self.picture.as_ref().map_or_else(|| self.pixels.get().map_or((1, 1), Image::size), DevicePicture::size)
    }

    /// Whether what came out is known to be opaque.
    pub fn is_opaque(&self) -> bool {
        let pixels = || self.pixels.get().is_some_and(Image::is_opaque);
        self.picture.as_ref().map_or_else(pixels, DevicePicture::is_opaque)
    }

    /// The memory of the pixels, to be filled and given to [`set_pixels`](Self::set_pixels).
    pub(crate) fn take_memory(&mut self) -> Image {
        self.picture = None;
        self.pixels.take().or_else(|| lock(&self.memory).take()).unwrap_or_else(nothing)
    }

    /// What came out, on the processor.
    pub(crate) fn set_pixels(&mut self, image: Image) {
        self.picture = None;
        self.pixels = OnceLock::from(image);
    }

    /// What came out, on a device.
    pub(crate) fn set_picture(&mut self, picture: DevicePicture) {
        let memory = self.take_memory();
        *lock(&self.memory) = Some(memory);
        self.picture = Some(picture);
    }

    /// Gives a picture's texture back.
    pub(crate) fn let_go(&mut self) {
        if self.picture.is_some() {
            let memory = self.take_memory();
            *lock(&self.memory) = Some(memory);
        }
    }
}

/// A picture of one transparent pixel.
pub(crate) fn nothing() -> Image {
    Image::from_rgba8(1, 1, vec![0; 4]).unwrap_or_else(|_| unreachable!("one pixel is a picture"))
}
