//! What can go wrong with the loop itself; what goes wrong within it is a [`Notice`](crate::Notice).

use std::path::PathBuf;

/// Why the loop could not be started, or a session not be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LiveError {
    /// The operating system gives no thread.
    #[error("no thread to render on: {0}")]
    Thread(std::io::Error),
    /// The engine cannot be made or cannot render.
    #[error(transparent)]
    Engine(#[from] bowerbird::Error),
    /// A frame cannot be read.
    #[error(transparent)]
    Capture(#[from] bowerbird_capture::CaptureError),
    /// A session's file cannot be read or written.
    #[error("{path}: {reason}", path = path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
}
