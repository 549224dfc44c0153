//! Thumbnails: a frame under many chains, in idle time.

use crate::aside::{Aside, Desk};
use crate::live::Waker;
use crate::reduce::reduce;
use crate::{LiveError, Shown};
use bowerbird::image::Pixels;
use bowerbird::{Backend, Chain, Engine, EngineOptions, Frame, Image, Output};
use core::time::Duration;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Instant;

/// A worker that makes thumbnails.
pub type Gallery = Aside<GalleryRequest, Thumbnail>;

/// The longest rest between two thumbnails.
const LONGEST_REST: Duration = Duration::from_millis(100);

/// A frame, and the chains it is to be seen under.
#[derive(Clone, Debug)]
pub struct GalleryRequest {
    /// A number of the caller's, handed back with every thumbnail.
    pub generation: u64,
    /// The frame; its source is rendered.
    pub shown: Arc<Shown>,
    /// Columns that a thumbnail should have, no fewer.
    pub width: u32,
    /// The chains by keys of the caller's.
    pub items: Vec<(u64, Arc<Chain>)>,
    /// Whether to take no more than half of a processor's time.
    pub idle: bool,
}

/// A small picture.
#[derive(Debug)]
pub struct Thumbnail {
    /// The number of the request.
    pub generation: u64,
    /// The key of the chain.
    pub key: u64,
    /// The picture, or why there is none.
    pub image: Result<Image, String>,
}

/// Starts a worker that makes thumbnails on one thread of the CPU.
///
/// # Errors
/// [`LiveError::Thread`] when the system gives no thread.
pub fn gallery(waker: Waker) -> Result<Gallery, LiveError> {
    let engine = Engine::new(EngineOptions { backend: Backend::Cpu, threads: 1, ..EngineOptions::default() })?;
    Aside::start("gallery", waker, move |request: GalleryRequest, desk: &Desk<'_, Thumbnail>| {
        let small = small(&request);
        for (key, chain) in &request.items {
            if desk.should_leave() {
                return;
            }
            let begin = Instant::now();
            let image = match &small {
                Ok((source, frame)) => {
                    // One effect that panics must not cost the others their thumbnails.
                    let render = || engine.render_frame(chain, source, frame, &Output::default());
                    let outcome = catch_unwind(AssertUnwindSafe(render));
                    outcome.map_or_else(|_| Err("it failed".into()), |image| image.map_err(|error| error.to_string()))
                }
                Err(error) => Err(error.clone()),
            };
            desk.answer(Thumbnail { generation: request.generation, key: *key, image });
            if request.idle {
                desk.rest(begin.elapsed().min(LONGEST_REST));
            }
        }
    })
}

/// The frame's source at the size of thumbnails.
fn small(request: &GalleryRequest) -> Result<(Image, Frame), String> {
    let shown = &request.shown;
    let (width, height) = shown.source.size();
    let by = (width / request.width.max(1)).max(1);
    let Pixels::U8(rgba) = shown.source.pixels() else { return Err("the frame is not in 8 bits".into()) };
    let mut pixels = Vec::new();
    reduce(rgba, (width, height), by, &mut pixels);
    let image = Image::from_rgba8(width.div_ceil(by), height.div_ceil(by), pixels).map_err(|e| e.to_string())?;
    // ⌈⌈w/a⌉/b⌉ = ⌈w/ab⌉, so it is a frame of the full picture at that scale.
    let frame = Frame::still(shown.full.0, shown.full.1).scaled(1, shown.divisor * by);
    Ok((image, frame))
}
