//! Small pictures of files, made beside the interface.

use crate::screen::color_image;
use bowerbird::Image;
use bowerbird::image::ReadOptions;
use bowerbird_live::{Aside, Desk, LiveError, Waker, reduce};
use eframe::egui::ColorImage;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// The longest rest between two pictures.
const LONGEST_REST: Duration = Duration::from_millis(100);

/// Files to be made small.
#[derive(Debug)]
pub(crate) struct Request {
    /// The files, in the order in which they are wanted.
    pub files: Vec<PathBuf>,
    /// The least that the longer side should have, in pixels.
    pub side: u32,
}

/// A small picture, or nothing of a file that cannot be read.
#[derive(Debug)]
pub(crate) struct Small {
    pub file: PathBuf,
    pub image: Option<ColorImage>,
}

/// A worker that makes pictures small, in half of a processor's time: the picture on the canvas goes first.
///
/// # Errors
/// The system gives no thread.
pub(crate) fn worker(waker: Waker) -> Result<Aside<Request, Small>, LiveError> {
    Aside::start("filmstrip", waker, |Request { files, side }: Request, desk: &Desk<'_, Small>| {
        for file in files {
            if desk.should_leave() {
                return;
            }
            let begin = Instant::now();
            // A file that a decoder fails on must not cost the others their pictures.
            let image = catch_unwind(AssertUnwindSafe(|| small(&file, side))).ok().flatten();
            desk.answer(Small { file, image });
            desk.rest(begin.elapsed().min(LONGEST_REST));
        }
    })
}

fn small(file: &Path, side: u32) -> Option<ColorImage> {
    let image = Image::open_with(file, &ReadOptions::default()).ok()?;
    let (width, height) = image.size();
    let by = (width.max(height) / side.max(1)).max(1);
    let mut pixels = Vec::new();
    reduce(&image.to_rgba8(), (width, height), by, &mut pixels);
    let image = Image::from_rgba8(width.div_ceil(by), height.div_ceil(by), pixels).ok()?;
    Some(color_image(&image))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    #[test]
    fn files_are_made_small_in_order_and_what_is_no_picture_is_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let files = ["a.png", "b.png"].map(|name| folder.path().join(name));
        Image::from_rgba8(90, 40, vec![200; 4 * 90 * 40]).unwrap().save(&files[0]).unwrap();
        std::fs::write(&files[1], "no picture").unwrap();
        let worker = worker(Arc::new(|| {})).unwrap();
        worker.ask(Request { files: files.to_vec(), side: 30 });
        while worker.busy() {
            std::thread::yield_now();
        }
        let made: Vec<_> =
            worker.answers().into_iter().map(|small| (small.file, small.image.map(|i| i.size))).collect();
        assert_eq!(made, [(files[0].clone(), Some([30, 14])), (files[1].clone(), None)]);
    }
}
