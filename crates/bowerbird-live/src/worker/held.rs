//! The newest frame, converted, and its reduced copy.
//!
//! Pictures are shared with the frames that are shown, never copied: of a picture that does not move there is one in
//! memory however often it is rendered. Memory comes back with the frames that nobody looks at any more.

use super::intake::{Arrived, Intake};
use crate::reduce::reduce;
use crate::shown::{Shown, nothing};
use bowerbird::Image;
use bowerbird::image::{ImageError, Pixels};
use bowerbird_capture::{CaptureError, Frame, PixelFormat};
use core::time::Duration;
use std::sync::Arc;
use std::time::Instant;

/// The newest frame.
pub(super) struct Held {
    /// All of its pixels.
    pub(super) full: Arc<Image>,
    /// Stands where a picture was taken from.
    blank: Arc<Image>,
    /// A reduced copy with its divisor.
    reduced: Option<(u32, Arc<Image>)>,
    /// The number of its source.
    pub(super) origin: u64,
    pub(super) sequence: u64,
    pub(super) time: Duration,
    pub(super) arrived: Instant,
    pub(super) still: Option<u64>,
    /// Whether the session that is recorded has this frame.
    pub(super) in_session: bool,
    /// The time that converting took, until it is accounted for.
    pub(super) converting: Duration,
    /// The same of what was converted beside the frame before.
    pub(super) beside: Duration,
}

impl Default for Held {
    fn default() -> Self {
        Self {
            full: Arc::new(nothing()),
            blank: Arc::new(nothing()),
            reduced: None,
            origin: 0,
            sequence: 0,
            time: Duration::ZERO,
            arrived: Instant::now(),
            still: None,
            in_session: false,
            converting: Duration::ZERO,
            beside: Duration::ZERO,
        }
    }
}

/// What may go wrong with a frame.
enum Wrong {
    Frame(CaptureError),
    Image(ImageError),
}

impl From<Wrong> for CaptureError {
    fn from(wrong: Wrong) -> Self {
        match wrong {
            Wrong::Frame(error) => error,
            Wrong::Image(error) => Self::Damaged { name: "the source".into(), reason: error.to_string() },
        }
    }
}

impl From<ImageError> for Wrong {
    fn from(error: ImageError) -> Self {
        Self::Image(error)
    }
}

impl Held {
    /// Takes over a frame that came in. Its bytes are left to whoever keeps them, else they may be what became the picture.
    ///
    /// # Errors
    /// What the frame cannot be converted for. If it was to be here, there is no picture any more.
    pub(super) fn take(
        &mut self,
        arrived: &mut Arrived,
        spares: &mut [Arc<Shown>],
        intake: &Intake,
        keep: bool,
    ) -> Result<(), CaptureError> {
        // Frames that nobody looks at any more let go of the picture.
        for shown in spares.iter_mut().filter_map(Arc::get_mut) {
            if Arc::ptr_eq(&shown.source, &self.full) {
                shown.source = Arc::clone(&self.blank);
            }
        }
        match arrived.picture.take() {
            Some(picture) => {
                let before = core::mem::replace(&mut self.full, picture?);
                let free = Some(before).filter(|before| Arc::strong_count(before) == 1);
                let free = free.or_else(|| reclaim(spares, &self.blank));
                free.into_iter().for_each(|free| intake.give_back_picture(free));
                self.beside = arrived.took;
            }
            None => self.convert(&mut arrived.frame, spares, keep)?,
        }
        if let Some((divisor, _)) = &mut self.reduced {
            *divisor = 0;
        }
        let frame = &arrived.frame;
        (self.sequence, self.time, self.arrived, self.still) = (frame.sequence, frame.time, frame.arrived, frame.still);
        self.in_session = false;
        Ok(())
    }

    /// The frame again, as it was converted.
    pub(super) fn as_frame(&self) -> Frame {
        let (width, height) = self.full.size();
        let mut frame = Frame::default();
        frame.reset(PixelFormat::Rgba, width, height);
        if let Pixels::U8(rgba) = self.full.pixels() {
            frame.data.clone_from(rgba);
        }
        (frame.sequence, frame.time, frame.arrived, frame.still) = (self.sequence, self.time, self.arrived, self.still);
        frame
    }

    fn convert(&mut self, frame: &mut Frame, spares: &mut [Arc<Shown>], keep: bool) -> Result<(), CaptureError> {
        let begin = Instant::now();
        if Arc::get_mut(&mut self.full).is_none() {
            self.full = reclaim(spares, &self.blank).unwrap_or_else(|| Arc::new(nothing()));
        }
        if let Some(image) = Arc::get_mut(&mut self.full) {
            if keep { refill(image, frame)? } else { refill_by(image, frame)? }
        }
        self.converting = begin.elapsed();
        Ok(())
    }

    /// The picture at a scale, if that is the one it was last made at.
    pub(super) fn at(&self, divisor: u32) -> Option<&Image> {
        if divisor <= 1 {
            return Some(&self.full);
        }
        self.reduced.as_ref().filter(|(has, _)| *has == divisor).map(|(_, image)| &**image)
    }

    /// Makes the picture, reduced, the source of a frame to be shown.
    pub(super) fn reduce(&mut self, divisor: u32, shown: &mut Shown) {
        if divisor <= 1 {
            shown.source = Arc::clone(&self.full);
            return;
        }
        match &mut self.reduced {
            Some((has, reduced)) if *has == divisor => {
                shown.source = Arc::clone(reduced);
                return;
            }
            _ => {}
        }
        let mut target = Arc::clone(&shown.source);
        // Only this frame may hold it, and it must not be what it is made from.
        shown.source = Arc::clone(&self.full);
        if Arc::get_mut(&mut target).is_none() {
            let old = self.reduced.take().map(|(_, old)| old);
            target = old.filter(|old| Arc::strong_count(old) == 1).unwrap_or_else(|| Arc::new(nothing()));
        }
        let (width, height) = self.full.size();
        let Pixels::U8(rgba) = self.full.pixels() else { return };
        if let Some(image) = Arc::get_mut(&mut target) {
            let filled: Result<(), ImageError> =
                image.refill_rgba8(width.div_ceil(divisor), height.div_ceil(divisor), |samples| {
                    reduce(rgba, (width, height), divisor, samples);
                    Ok(())
                });
            if filled.is_ok() {
                shown.source = Arc::clone(&target);
                self.reduced = Some((divisor, target));
            }
        }
    }
}

/// Fills a picture with the pixels of a frame.
pub(super) fn refill(image: &mut Image, frame: &Frame) -> Result<(), CaptureError> {
    let filled = image.refill_rgba8(frame.width, frame.height, |samples| frame.to_rgba(samples).map_err(Wrong::Frame));
    filled.map_err(CaptureError::from)
}

/// The same, by exchanging memory where the frame's bytes are the pixels already: 1 ms less at 1920×1080.
fn refill_by(image: &mut Image, frame: &mut Frame) -> Result<(), CaptureError> {
    let (format, row) = (PixelFormat::Rgba, PixelFormat::Rgba.row_bytes(frame.width));
    let whole = frame.data.len() == format.frame_bytes(row, frame.height) && !frame.data.is_empty();
    if frame.format != format || frame.stride != row || !whole {
        return refill(image, frame);
    }
    let filled: Result<(), ImageError> = image.refill_rgba8(frame.width, frame.height, |samples| {
        core::mem::swap(samples, &mut frame.data);
        Ok(())
    });
    filled.map_err(|error| Wrong::Image(error).into())
}

/// The memory of a source that only a frame holds which nobody looks at.
fn reclaim(spares: &mut [Arc<Shown>], blank: &Arc<Image>) -> Option<Arc<Image>> {
    spares.iter_mut().find_map(|spare| {
        let shown = Arc::get_mut(spare)?;
        Arc::get_mut(&mut shown.source)?;
        Some(core::mem::replace(&mut shown.source, Arc::clone(blank)))
    })
}
