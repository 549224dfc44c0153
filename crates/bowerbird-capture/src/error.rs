//! What can go wrong with a source, by cause, each with what to do about it.

use std::path::{Path, PathBuf};

/// Why a source could not be opened, or no longer delivers.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CaptureError {
    /// There is no such source.
    #[error("{name} was not found: {hint}")]
    NotFound {
        /// What was asked for.
        name: String,
        /// What to do.
        hint: String,
    },
    /// Another program uses the device.
    #[error("{name} is in use by another program: close it there, and it is taken as soon as it is free")]
    Busy {
        /// The device.
        name: String,
    },
    /// The user may not open the device.
    #[error("no permission to open {name}: {hint}")]
    Denied {
        /// The device or file.
        name: String,
        /// What to do.
        hint: String,
    },
    /// The device is gone.
    #[error("{name} was unplugged: it resumes by itself when it is plugged in again")]
    Unplugged {
        /// The device.
        name: String,
    },
    /// The device is there and delivers nothing.
    #[error("{name} has sent no picture for {seconds} s: unplug it and plug it in again if this stays")]
    Stalled {
        /// The device.
        name: String,
        /// For how long.
        seconds: u64,
    },
    /// The device sends something else than was agreed on: the signal at its input changed, or another program set it.
    #[error("{name} changed its format to {format}: it is opened again")]
    Changed {
        /// The device.
        name: String,
        /// What it sends now.
        format: String,
    },
    /// The source has no mode like the one asked for.
    #[error("{name} offers no mode {wanted}; it offers {offered}")]
    NoMode {
        /// The device.
        name: String,
        /// The mode asked for.
        wanted: String,
        /// The modes there are.
        offered: String,
    },
    /// A picture or frame that cannot be understood.
    #[error("a damaged frame from {name}: {reason}")]
    Damaged {
        /// The source.
        name: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A file that cannot be read.
    #[error("{path}: {reason}", path = path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// A recording that ended before it was asked to, of which a file was kept.
    #[error("{reason}; what was recorded until then is in {path}", path = path.display())]
    Shortened {
        /// The file, which is whole.
        path: PathBuf,
        /// Why it ended, and what to do.
        reason: String,
    },
    /// Something this build or machine lacks.
    #[error("{what}: {hint}")]
    Missing {
        /// What is lacking.
        what: String,
        /// What to do.
        hint: String,
    },
    /// The operating system refused, for a reason of its own.
    #[error("{name}: {reason}")]
    System {
        /// The source.
        name: String,
        /// What the system said.
        reason: String,
    },
}

impl CaptureError {
    /// What the system said of a file or folder, in plain words.
    pub(crate) fn of_file(path: &Path, error: &std::io::Error) -> Self {
        let reason = match error.kind() {
            std::io::ErrorKind::NotFound => "it is not there; check the name".into(),
            std::io::ErrorKind::PermissionDenied => "you may not read it".into(),
            std::io::ErrorKind::IsADirectory => "it is a folder".into(),
            _ => error.to_string(),
        };
        Self::File { path: path.to_owned(), reason }
    }

    /// Whether waiting and opening the source again may help.
    pub fn may_pass(&self) -> bool {
        matches!(
            self,
            Self::Busy { .. }
                | Self::Unplugged { .. }
                | Self::Stalled { .. }
                | Self::Changed { .. }
                | Self::System { .. }
        )
    }
}
