//! What can go wrong between us and a driver, by cause, with what the caller can do next.
//!
//! `Clone`, because a failed pipeline is remembered and its error is handed to every asker.

use std::time::Duration;

/// An error of the GPU runtime. `label` is the caller's name for the thing concerned.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum GpuError {
    /// No adapter fits the options.
    #[error("no usable GPU adapter: {reason}; use the CPU backend, or install a Vulkan, Metal or DirectX 12 driver")]
    NoAdapter {
        /// What was looked for and what was there.
        reason: String,
    },
    /// An adapter exists but gave no device.
    #[error("the GPU `{adapter}` could not be opened: {message}")]
    Open {
        /// The adapter's name.
        adapter: String,
        /// The driver's words.
        message: String,
    },
    /// The device is gone for good; open a new [`Gpu`](super::Gpu) or use the CPU.
    #[error("the GPU device was lost: {reason}")]
    Lost {
        /// Why, as far as anybody said.
        reason: String,
    },
    /// The driver had no memory left, even after the pool was emptied.
    #[error("the GPU ran out of memory for `{label}`; use smaller tiles or a smaller picture")]
    OutOfMemory {
        /// What the memory was for.
        label: String,
    },
    /// The need does not fit into the memory budget beside what is in use.
    #[error(
        "`{label}` needs {needed} bytes, and {live} of the budget of {budget} are in use; raise the memory budget or use tiles"
    )]
    OverBudget {
        /// What the memory was for.
        label: String,
        /// Bytes asked for.
        needed: u64,
        /// Bytes leased at that moment.
        live: u64,
        /// The budget.
        budget: u64,
    },
    /// A size is beyond a limit of this device, whatever the budget.
    #[error("`{label}`: {what} of {needed} is over this device's limit of {limit}; use tiles")]
    TooLarge {
        /// What was asked for.
        label: String,
        /// Which limit.
        what: &'static str,
        /// The size asked for.
        needed: u64,
        /// The limit.
        limit: u64,
    },
    /// A shader does not compile or does not agree with its declared bindings.
    #[error("shader `{label}` was rejected: {message}")]
    Shader {
        /// The pipeline's label.
        label: String,
        /// naga's or the driver's message, with line and column where known.
        message: String,
    },
    /// The resources given to `bind`, or a bind group given to a dispatch, do not fit the pipeline.
    #[error("`{label}` is bound wrongly: {message}")]
    Binding {
        /// The bind group's or dispatch's label.
        label: String,
        /// Which binding, and how it differs.
        message: String,
    },
    /// A call whose arguments contradict each other: a caller's mistake.
    #[error("`{label}` is used wrongly: {message}")]
    Usage {
        /// The thing concerned.
        label: String,
        /// The contradiction.
        message: String,
    },
    /// The thing is in use: a read-back buffer that is still mapped, or a full compile queue. Try again later.
    #[error("`{label}` is busy: {message}")]
    Busy {
        /// The thing concerned.
        label: String,
        /// Who holds it.
        message: String,
    },
    /// The device did not finish in time. The work may still finish; nothing was freed.
    #[error("the GPU did not finish `{label}` within {after:?}")]
    TimedOut {
        /// What was waited for.
        label: String,
        /// How long.
        after: Duration,
    },
    /// Any other complaint of wgpu or of the driver.
    #[error("the GPU rejected `{label}`: {message}")]
    Device {
        /// The call concerned.
        label: String,
        /// wgpu's message.
        message: String,
    },
}

impl GpuError {
    /// Whether the device is gone, so that every later call fails too.
    #[must_use]
    pub fn is_lost(&self) -> bool {
        matches!(self, Self::Lost { .. })
    }

    pub(super) fn usage(label: &str, message: impl Into<String>) -> Self {
        Self::Usage { label: label.to_owned(), message: message.into() }
    }

    pub(super) fn binding(label: &str, message: impl Into<String>) -> Self {
        Self::Binding { label: label.to_owned(), message: message.into() }
    }
}
