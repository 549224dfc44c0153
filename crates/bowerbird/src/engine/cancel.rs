//! Giving up a rendering that is not wanted any more.

use core::fmt;
use std::sync::Arc;

/// Says whether a rendering that is going on is still wanted; the default is that it is.
///
/// On the CPU it is asked from all threads between bands of rows, some thousand times a second, so it must answer at once. A
/// rendering that is given up ends with [`Error::Canceled`](crate::Error::Canceled) within a few milliseconds, most of them;
/// its target holds nothing of use, and what effects over time keep is as it was. On the GPU it is asked before a frame or a
/// tile of one, and between the submissions of a long one: passes that take more than 8 ms together, once they were
/// timed.
///
/// ```
/// use bowerbird::{Cancel, Chain, Engine, EngineOptions, Error, Image};
///
/// let options = EngineOptions { cancel: Cancel::when(|| true), ..EngineOptions::default() };
/// let image = Image::from_rgba8(1, 1, vec![255; 4])?;
/// let outcome = Engine::new(options)?.render(&Chain::new().invert(1.0), &image);
/// assert!(matches!(outcome, Err(Error::Canceled)));
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Default)]
pub struct Cancel(Option<Arc<dyn Fn() -> bool + Send + Sync>>);

impl Cancel {
    /// Gives renderings up when this says so.
    pub fn when(unwanted: impl Fn() -> bool + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(unwanted)))
    }

    /// Whether a rendering may be given up at all.
    #[cfg(feature = "gpu")]
    pub(crate) fn is_some(&self) -> bool {
        self.0.is_some()
    }

    /// Whether what is being rendered is not wanted.
    pub(crate) fn is_due(&self) -> bool {
        self.0.as_ref().is_some_and(|unwanted| unwanted())
    }
}

impl fmt::Debug for Cancel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Cancel").field(&self.0.is_some()).finish()
    }
}
