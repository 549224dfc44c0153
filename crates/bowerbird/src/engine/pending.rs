//! Renderings that the caller does not wait for.
//!
//! The upload, the passes and the readback of a picture run on a thread of its own, so whoever asked may draw its window,
//! read a camera or decode the next picture meanwhile. An engine still renders one picture at a time: what is submitted
//! takes its turn, in no promised order. Nothing is queued beyond what the caller submits, and nothing is cancelled: a
//! [`Pending`] that is dropped is rendered for nothing.

use super::Engine;
use crate::chain::Chain;
use crate::error::Error;
use crate::image::Image;
use std::sync::Arc;
use std::thread::{Builder, JoinHandle};

/// A picture that is being rendered.
#[derive(Debug)]
pub struct Pending {
    worker: Option<JoinHandle<Result<Image, Error>>>,
}

impl Engine {
    /// Begins to render a picture at full size and returns at once.
    ///
    /// # Errors
    /// The operating system refuses a thread. What [`Engine::render`] would report comes from the [`Pending`].
    pub fn submit(self: &Arc<Self>, chain: Chain, image: impl Into<Arc<Image>>) -> Result<Pending, Error> {
        let (engine, image) = (Arc::clone(self), image.into());
        let worker = Builder::new()
            .name("pending".into())
            .spawn(move || engine.render(&chain, &image))
            .map_err(|error| Error::Invalid(format!("no thread to render on: {error}")))?;
        Ok(Pending { worker: Some(worker) })
    }
}

impl Pending {
    /// The result if it is there; it is handed out once.
    ///
    /// # Errors
    /// As [`Engine::render`].
    pub fn poll(&mut self) -> Option<Result<Image, Error>> {
        let worker = self.worker.take_if(|worker| worker.is_finished())?;
        Some(finish(worker))
    }

    /// Waits for the result.
    ///
    /// # Errors
    /// As [`Engine::render`]; the result was handed out before.
    pub fn wait(mut self) -> Result<Image, Error> {
        match self.worker.take() {
            Some(worker) => finish(worker),
            None => Err(Error::Invalid("the picture was handed out before".into())),
        }
    }
}

fn finish(worker: JoinHandle<Result<Image, Error>>) -> Result<Image, Error> {
    worker.join().unwrap_or_else(|_| Err(Error::Invalid("the rendering failed inside the engine".into())))
}
