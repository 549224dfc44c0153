//! What can go wrong, by cause, and what to do about it.

use crate::image::ImageError;

/// An error of the engine.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A picture could not be read or written.
    #[error(transparent)]
    Image(#[from] ImageError),
    /// A recipe says something that cannot be done.
    #[error("recipe: {path}: {message}")]
    Recipe {
        /// Where in the recipe, as `steps[2].sigma`.
        path: String,
        /// What is wrong, and what would be right.
        message: String,
    },
    /// A recipe is not JSON.
    #[error("recipe: {0}")]
    Syntax(String),
    /// A file that a recipe names could not be used.
    #[error("asset '{name}': {message}")]
    Asset {
        /// The name of the asset.
        name: String,
        /// What is wrong with it.
        message: String,
    },
    /// The GPU cannot be used.
    #[error("GPU: {0}")]
    Gpu(String),
    /// A picture does not fit the memory that was allowed.
    #[error("{needed} bytes are needed and {allowed} are allowed; raise the limit with --memory or render smaller")]
    Memory {
        /// What the job needs.
        needed: u64,
        /// What was allowed.
        allowed: u64,
    },
    /// The rendering was given up, because nobody wants it any more.
    #[error("the rendering was canceled")]
    Canceled,
    /// A request that makes no sense.
    #[error("{0}")]
    Invalid(String),
}

impl Error {
    pub(crate) fn recipe(path: impl Into<String>, message: String) -> Self {
        Self::Recipe { path: path.into(), message }
    }

    pub(crate) fn asset(name: &str, message: impl Into<String>) -> Self {
        Self::Asset { name: name.to_owned(), message: message.into() }
    }
}
