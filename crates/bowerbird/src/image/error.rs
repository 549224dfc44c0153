//! What can go wrong with a picture file, by cause.
//!
//! Every message is one line that says what happened and, where there is something to do, what. The path is added once,
//! by [`ImageError::File`], at the place that knows it; [`ImageError::cause`] looks through it.

use std::io;
use std::path::{Path, PathBuf};

use super::{Depth, FileFormat, ReadOptions};

/// Why a picture could not be made, read or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ImageError {
    /// Another error, with the file that it is about.
    #[error("{}: {cause}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What happened to it.
        cause: Box<ImageError>,
    },

    /// There is no such file.
    #[error("no such file; check the name")]
    NotFound,

    /// The path names a folder.
    #[error("this is a folder, not a picture file")]
    IsFolder,

    /// The folder to write into does not exist or is not a folder.
    #[error("{}", no_folder(folder))]
    NoFolder {
        /// The missing folder.
        folder: PathBuf,
    },

    /// The operating system refused.
    #[error("cannot {doing}: {}", plain(source))]
    Io {
        /// The step, such as `read the file`.
        doing: &'static str,
        /// The system's reason.
        source: io::Error,
    },

    /// Neither the content nor the name is that of a picture format read here.
    #[error("not a picture this program can read; it reads {}", FileFormat::names())]
    UnknownFormat,

    /// The output name does not say which format to write.
    #[error("the name does not tell the format to write; end it in {}", FileFormat::endings())]
    UnknownEnding,

    /// A known format, or a feature of one, that is not supported.
    #[error("{what} is not supported; convert the file to PNG or TIFF first")]
    Unsupported {
        /// The format or feature.
        what: String,
    },

    /// The content breaks the rules of its format or ends early.
    #[error("damaged or incomplete {format} file: {cause}")]
    Corrupt {
        /// The format that the content claims.
        format: FileFormat,
        /// What is wrong with it.
        cause: String,
    },

    /// More pixels than the limit.
    #[error("the picture has {width}x{height} pixels, above the limit of {limit} pixels; raise it with --max-pixels")]
    TooManyPixels {
        /// Width in pixels, as the header says.
        width: u32,
        /// Height in pixels, as the header says.
        height: u32,
        /// [`ReadOptions::max_pixels`](super::ReadOptions::max_pixels).
        limit: u64,
    },

    /// More bytes, in the file or decoded, than the limit.
    #[error("{what} needs {bytes} bytes or more, above the limit of {limit} bytes; raise it with --max-bytes")]
    TooManyBytes {
        /// `the file`, `the decoded picture` or `decoding`.
        what: &'static str,
        /// Least bytes needed.
        bytes: u64,
        /// [`ReadOptions::max_bytes`](super::ReadOptions::max_bytes).
        limit: u64,
    },

    /// A width or height of zero, or one that memory cannot address.
    #[error("a picture of {width}x{height} pixels cannot exist; both sides must be at least 1 and fit in memory")]
    BadDimensions {
        /// Width in pixels.
        width: u32,
        /// Height in pixels.
        height: u32,
    },

    /// The pixel vector does not have four values per pixel.
    #[error("{width}x{height} RGBA pixels are {expected} values, but {found} were given")]
    BadLength {
        /// Width in pixels.
        width: u32,
        /// Height in pixels.
        height: u32,
        /// `width * height * 4`.
        expected: usize,
        /// Length of the vector.
        found: usize,
    },

    /// The format has no room for what was asked.
    #[error("{format} cannot hold {what}; {instead}")]
    CannotHold {
        /// The format to be written.
        format: FileFormat,
        /// What does not fit.
        what: String,
        /// What would.
        instead: &'static str,
    },

    /// A quality outside 1 to 100.
    #[error("the quality is a number from 1 to 100, not {quality}")]
    BadQuality {
        /// The number given.
        quality: u8,
    },

    /// The encoder failed.
    #[error("cannot encode as {format}: {cause}")]
    Encode {
        /// The format to be written.
        format: FileFormat,
        /// The encoder's reason.
        cause: String,
    },
}

/// What the system said, without the name of a temporary file that nobody knows, and what to do about a full disk.
fn plain(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            return "the disk is full; free some room, or write to another one".into();
        }
        io::ErrorKind::FileTooLarge => {
            return "it is larger than the disk's file system or a limit (ulimit -f) allows".into();
        }
        _ => {}
    }
    let text = error.to_string();
    // The library for temporary files puts their names behind what the system said.
    match text.rsplit_once(" at path ") {
        Some((said, _)) if error.get_ref().is_some() => said.to_owned(),
        _ => text,
    }
}

impl ImageError {
    /// The error itself, without the file that it is about.
    #[must_use]
    pub fn cause(&self) -> &Self {
        match self {
            Self::File { cause, .. } => cause.cause(),
            other => other,
        }
    }

    /// The file that the error is about, if it is about one.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        match self {
            Self::File { path, .. } => Some(path),
            _ => None,
        }
    }

    pub(super) fn at(self, path: &Path) -> Self {
        Self::File { path: path.to_owned(), cause: Box::new(self) }
    }

    pub(super) fn corrupt(format: FileFormat, cause: impl ToString) -> Self {
        Self::Corrupt { format, cause: one_line(&cause.to_string()) }
    }

    /// A decoder that counts its own memory gave up.
    pub(super) fn memory(options: &ReadOptions) -> Self {
        let limit = options.max_bytes;
        Self::TooManyBytes { what: "decoding", bytes: limit.saturating_add(1), limit }
    }

    pub(super) fn encode(format: FileFormat, cause: impl ToString) -> Self {
        Self::Encode { format, cause: one_line(&cause.to_string()) }
    }

    pub(super) fn unsupported(what: impl Into<String>) -> Self {
        Self::Unsupported { what: what.into() }
    }

    pub(super) fn depth(format: FileFormat, depth: Depth) -> Self {
        Self::CannotHold {
            format,
            what: format!("{depth} pixels"),
            instead: match depth {
                Depth::U8 => "leave the depth out, or write PNG, JPEG, TIFF or WebP",
                Depth::U16 => "write PNG or TIFF, or choose another depth",
                Depth::F32 => "write TIFF, EXR or HDR, or choose another depth",
            },
        }
    }
}

/// Decoders put line breaks and debug output into their messages; ours stay on one line.
fn one_line(message: &str) -> String {
    message.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn no_folder(folder: &Path) -> String {
    if folder.exists() {
        format!("{} is a file, not a folder to write into", folder.display())
    } else {
        format!("the folder {} does not exist; make it first", folder.display())
    }
}
