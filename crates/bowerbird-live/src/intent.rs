//! What is wanted of the picture.

use bowerbird::Chain;
use std::sync::Arc;

/// All that is wanted of the picture at a moment. The newest one holds, whatever became of those before.
#[derive(Clone, Debug)]
pub struct Intent {
    /// The effects.
    pub chain: Arc<Chain>,
    /// A number of the caller's, handed back in [`Shown`](crate::Shown): by it an interface tells whether what it sees
    /// is what it asked for.
    pub revision: u64,
    /// The pixels that the picture takes on the screen; no more than these are rendered. `None` renders all.
    pub view: Option<(u32, u32)>,
    /// Whether new frames are taken; without, the last frame stays and effects still change on it.
    pub running: bool,
    /// Whether the render scale may drop below what the view needs in order to keep up with the source.
    pub adaptive: bool,
    /// Whether reports explain the plan.
    pub explain: bool,
}

impl Default for Intent {
    /// The source as it is, at full size.
    fn default() -> Self {
        Self { chain: Arc::new(Chain::new()), revision: 0, view: None, running: true, adaptive: true, explain: false }
    }
}
