//! Opening files.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

use super::{FileFormat, Image, ImageError, ReadOptions, decode};

impl Image {
    /// Reads a picture file: the first frame, upright, in sRGB.
    ///
    /// # Errors
    /// [`ImageError::File`] with the path and the cause.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, ImageError> {
        Self::open_with(path, &ReadOptions::default())
    }

    /// Reads a picture file within the given limits.
    ///
    /// The format is that of the content; only when the content has no known signature is the ending of the name tried.
    ///
    /// # Errors
    /// [`ImageError::File`] with the path and the cause.
    pub fn open_with(path: impl AsRef<Path>, options: &ReadOptions) -> Result<Self, ImageError> {
        let path = path.as_ref();
        let read = || {
            let bytes = read_file(path, options)?;
            let format = match (FileFormat::of_content(&bytes), FileFormat::of_name(path)) {
                (Err(ImageError::UnknownFormat), Some(format)) => format,
                (of_content, _) => of_content?,
            };
            decode::decode(&bytes, format, options)
        };
        read().map_err(|error: ImageError| error.at(path))
    }

    /// Decodes the bytes of a picture file.
    ///
    /// # Errors
    /// [`ImageError::UnknownFormat`], [`ImageError::Unsupported`], [`ImageError::Corrupt`],
    /// [`ImageError::TooManyPixels`] or [`ImageError::TooManyBytes`].
    pub fn decode(bytes: &[u8], options: &ReadOptions) -> Result<Self, ImageError> {
        options.admit_file(bytes.len() as u64)?;
        decode::decode(bytes, FileFormat::of_content(bytes)?, options)
    }
}

fn read_file(path: &Path, options: &ReadOptions) -> Result<Vec<u8>, ImageError> {
    let io = |doing| move |source| io_error(doing, source);
    let found = fs::metadata(path).map_err(io("read the file"))?;
    if found.is_dir() {
        return Err(ImageError::IsFolder);
    }
    options.admit_file(found.len())?;
    let file = File::open(path).map_err(io("open the file"))?;
    let mut bytes = Vec::with_capacity(usize::try_from(found.len()).unwrap_or(0));
    // A pipe has no length, and a file may grow: the limit holds for what is read.
    let limit = options.max_bytes.saturating_add(1);
    file.take(limit).read_to_end(&mut bytes).map_err(io("read the file"))?;
    options.admit_file(bytes.len() as u64)?;
    Ok(bytes)
}

pub(super) fn io_error(doing: &'static str, source: io::Error) -> ImageError {
    match source.kind() {
        io::ErrorKind::NotFound => ImageError::NotFound,
        io::ErrorKind::IsADirectory => ImageError::IsFolder,
        _ => ImageError::Io { doing, source },
    }
}
