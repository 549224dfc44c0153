//! Rendering that survives its effects: what fails is found, left out and reported.

use super::Worker;
use crate::report::Notice;
use crate::shown::Shown;
use bowerbird::image::ImageError;
use bowerbird::{Chain, Engine, Error, Frame, Image, OnDevice};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// What became of a frame.
pub(super) enum Rendered {
    /// It is there, and follows the intent of this number.
    At(u64),
    /// What it needs is being compiled.
    Compiling,
    /// Something else was wanted before it was done.
    GivenUp,
}

/// What is said of an effect that panicked.
const UNFORESEEN: &str = "it failed in an unforeseen way";

/// Renders into a frame, whose result is made to fit; `false` while what it needs is being compiled, unless that is to be
/// waited for. On a device that is shared with a window the result stays there.
fn attempt(engine: &Engine, chain: &Chain, frame: &Frame, shown: &mut Shown, wait: bool) -> Result<bool, Error> {
    if engine.shares_device() {
        match engine.render_frame_on_device(chain, &shown.source, frame, wait)? {
            OnDevice::Rendered(picture) => {
                shown.set_picture(picture);
                return Ok(true);
            }
            OnDevice::Compiling => return Ok(false),
            OnDevice::Elsewhere => {}
        }
    }
    let size = chain.output_frame(frame)?;
    let mut result = shown.take_memory();
    let outcome = render_into(engine, chain, frame, (size.width, size.height), &shown.source, &mut result);
    shown.set_pixels(result);
    outcome.map(|()| true)
}

fn render_into(
    engine: &Engine,
    chain: &Chain,
    frame: &Frame,
    (width, height): (u32, u32),
    source: &Image,
    result: &mut Image,
) -> Result<(), Error> {
    // A result is straight, so that it fits whatever the chain makes of alpha.
    if result.size() != (width, height) || result.is_opaque() {
        result.refill_rgba8(width, height, |samples| {
            samples.clear();
            samples.resize(4 * width as usize * height as usize, 0);
            Ok::<(), ImageError>(())
        })?;
    }
    engine.render_frame_into(chain, source, frame, result)
}

/// The same, with panics as errors; `None` is a panic.
fn guarded(
    engine: &Engine,
    chain: &Chain,
    frame: &Frame,
    shown: &mut Shown,
    wait: bool,
) -> Option<Result<bool, Error>> {
    catch_unwind(AssertUnwindSafe(|| attempt(engine, chain, frame, shown, wait))).ok()
}

impl Worker {
    /// Renders the working chain on a frame's source. Steps that fail are switched off until the chain changes. While the
    /// chain's pipelines compile, the chain before it is rendered; where there is none, nothing.
    pub(super) fn render(&mut self, frame: &Frame, shown: &mut Shown) -> Rendered {
        // What is written to a file has every frame.
        let wait = self.recording.is_some() || self.session.is_some();
        loop {
            let error = match guarded(&self.engine, &self.chain, frame, shown, wait) {
                Some(Ok(true)) => {
                    (self.ready, self.standby) = (true, None);
                    return Rendered::At(self.intent.revision);
                }
                Some(Ok(false)) => {
                    let Some((chain, revision)) = &self.standby else { return Rendered::Compiling };
                    let outcome = guarded(&self.engine, chain, frame, shown, false);
                    return if matches!(outcome, Some(Ok(true))) {
                        Rendered::At(*revision)
                    } else {
                        Rendered::Compiling
                    };
                }
                Some(Err(Error::Canceled)) => return Rendered::GivenUp,
                Some(Err(error)) => Some(error),
                None => {
                    self.renew_engine();
                    None
                }
            };
            // Who is to blame is found out before anything else.
            self.shared.watch.set(None);
            let (step, message) = self.culprit(frame, shown, error);
            let Some(step) = step else {
                // Nothing in particular is to blame, so nothing is done to the picture.
                self.say(Notice::Failed(message));
                self.chain = Chain::new();
                if !matches!(guarded(&self.engine, &self.chain, frame, shown, true), Some(Ok(true))) {
                    shown.set_pixels((*shown.source).clone());
                }
                return Rendered::At(self.intent.revision);
            };
            let label = self.chain.steps()[step].effect().map_or("", |effect| effect.info().label);
            self.say(Notice::Bypassed { step, effect: label.into(), message });
            self.chain.steps_mut()[step].set_enabled(false);
        }
    }

    /// Which step made a rendering fail, and why.
    fn culprit(&mut self, frame: &Frame, shown: &mut Shown, error: Option<Error>) -> (Option<usize>, String) {
        let message = error.as_ref().map_or_else(|| UNFORESEEN.to_owned(), Error::to_string);
        if let Some(Error::Recipe { path, message }) = &error
            && let Some(step) = step_of(path)
            && self.chain.steps().get(step).is_some_and(bowerbird::ChainStep::is_active)
        {
            return (Some(step), message.clone());
        }
        let count = self.chain.steps().len();
        let active: Vec<usize> = (0..count).filter(|step| self.chain.steps()[*step].is_active()).collect();
        let size = (frame.full_width, frame.full_height);
        // Planning tells most faults and takes no time; rendering tells the rest.
        for render in [false, true] {
            for step in &active {
                let mut alone = self.chain.clone();
                for (index, other) in alone.steps_mut().iter_mut().enumerate() {
                    other.set_enabled(index == *step);
                }
                let outcome = if render {
                    guarded(&self.engine, &alone, frame, shown, true)
                } else {
                    catch_unwind(AssertUnwindSafe(|| self.engine.explain(&alone, size).map(|_| true))).ok()
                };
                match outcome {
                    Some(Ok(_)) => {}
                    Some(Err(error)) => return (Some(*step), error.to_string()),
                    None => {
                        self.renew_engine();
                        return (Some(*step), UNFORESEEN.to_owned());
                    }
                }
            }
        }
        (None, message)
    }

    /// After a panic, what the engine holds may be half of something.
    pub(super) fn renew_engine(&mut self) {
        match self.shared.engine(&self.options.engine) {
            Ok(engine) => self.engine = engine,
            Err(error) => self.say(Notice::Backend(format!("the engine could not be made anew: {error}"))),
        }
    }
}

/// The number in `steps[2].sigma`.
fn step_of(path: &str) -> Option<usize> {
    path.strip_prefix("steps[")?.split(']').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::step_of;

    #[test]
    fn paths_name_their_step() {
        for (path, step) in
            [("steps[2].sigma", Some(2)), ("steps[10]", Some(10)), ("masks.a", None), ("steps[x]", None)]
        {
            assert_eq!(step_of(path), step, "{path}");
        }
    }
}
