//! Saving files, all or nothing.
//!
//! The file is encoded in memory first, so an encoder's failure touches nothing. The bytes go into a temporary file in
//! the target's folder, which is renamed over the target; whatever happens before the rename, the temporary file is
//! removed and an older target stays whole. Nothing is flushed to the disk by force: a crash of the machine may lose
//! the file, never mix it.

use std::fs::{self, Permissions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::metadata::Block;
use super::{FileFormat, Image, ImageError, KeepMetadata, WriteOptions, encode};

impl Image {
    /// Writes a picture file in the format of its name's ending.
    ///
    /// # Errors
    /// [`ImageError::File`] with the path and the cause.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), ImageError> {
        self.save_with(path, &WriteOptions::default())
    }

    /// Writes a picture file.
    ///
    /// An existing file is replaced and keeps its permissions; a symbolic link keeps pointing to it.
    ///
    /// # Errors
    /// [`ImageError::File`] with the path and the cause. The target is then as it was.
    pub fn save_with(&self, path: impl AsRef<Path>, options: &WriteOptions) -> Result<(), ImageError> {
        let path = path.as_ref();
        let save = || {
            let format = options.format.or_else(|| FileFormat::of_name(path)).ok_or(ImageError::UnknownEnding)?;
            check_folder(path)?;
            let bytes = self.encode(format, options)?;
            replace(path, &bytes)
        };
        save().map_err(|error: ImageError| error.at(path))
    }

    /// Encodes a picture file in memory. [`WriteOptions::format`] is not looked at.
    ///
    /// Opaque pictures are written without alpha. A format that has no alpha gets the picture laid on white. Linear
    /// pictures are encoded for display, except in EXR and HDR, which are linear (and EXR premultiplied).
    ///
    /// # Errors
    /// [`ImageError::CannotHold`] for a depth or a size that the format has no room for, [`ImageError::BadQuality`],
    /// [`ImageError::Encode`].
    pub fn encode(&self, format: FileFormat, options: &WriteOptions) -> Result<Vec<u8>, ImageError> {
        encode::encode(self, format, options)
    }

    /// What of the picture a file of this format would not hold, besides its depth and the number of its colors, a
    /// sentence each; nothing that is stripped on purpose.
    #[must_use]
    pub fn losses(&self, format: FileFormat, options: &WriteOptions) -> Vec<String> {
        let mut losses = Vec::new();
        if !format.holds_alpha() && !self.is_opaque() {
            losses.push(format!("{format} has no transparency, so the picture is laid on white"));
        }
        let is_lost = |kind: &Block| {
            let block = self.metadata().block(*kind);
            block.is_some_and(|block| !format.holds_block(*kind, block.len()))
        };
        let lost: Vec<&str> = Block::ALL.into_iter().filter(is_lost).map(Block::name).collect();
        if options.metadata == KeepMetadata::Keep && !lost.is_empty() {
            losses.push(format!("{} metadata does not fit into the {format} file and is left out", lost.join(", ")));
        }
        losses
    }
}

/// The folder of a path; `.` for a bare name.
fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if folder.as_os_str().is_empty() => Path::new("."),
        Some(folder) => folder,
        None => path,
    }
}

/// Fails early, before the work of encoding.
fn check_folder(path: &Path) -> Result<(), ImageError> {
    let folder = folder_of(path);
    if folder.is_dir() { Ok(()) } else { Err(ImageError::NoFolder { folder: folder.to_owned() }) }
}

fn replace(path: &Path, bytes: &[u8]) -> Result<(), ImageError> {
    let failed = |source| ImageError::Io { doing: "write the file", source };
    let existing = match fs::metadata(path) {
        Ok(found) if found.is_dir() => return Err(ImageError::IsFolder),
        // A device or a pipe must not be replaced by a file; it takes the bytes directly.
        Ok(found) if !found.is_file() => return write_into(path, bytes).map_err(failed),
        // Windows replaces no file that is marked so, and says only that access is denied.
        Ok(found) if cfg!(windows) && found.permissions().readonly() => {
            return Err(failed(io::Error::other("it is read-only; allow it to be changed, or choose another name")));
        }
        Ok(found) => Some(found.permissions()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(failed(error)),
    };
    let target = if existing.is_some() { fs::canonicalize(path).map_err(failed)? } else { PathBuf::from(path) };

    let mut builder = tempfile::Builder::new();
    builder.prefix(".bowerbird-").suffix(".part");
    let normal = new_file_permissions();
    if let Some(normal) = &normal {
        builder.permissions(normal.clone());
    }
    let mut part = builder.tempfile_in(folder_of(&target)).map_err(failed)?;
    part.write_all(bytes).map_err(failed)?;
    if let Some(permissions) = existing {
        part.as_file().set_permissions(permissions).map_err(failed)?;
    }
    part.persist(&target).map_err(|error| failed(error.error))?;
    Ok(())
}

fn write_into(path: &Path, bytes: &[u8]) -> io::Result<()> {
    fs::OpenOptions::new().write(true).open(path)?.write_all(bytes)
}

/// What any program's new file gets: read and write for all, less the user's mask. Temporary files are private
/// otherwise.
#[cfg(unix)]
fn new_file_permissions() -> Option<Permissions> {
    use std::os::unix::fs::PermissionsExt;
    Some(Permissions::from_mode(0o666))
}

#[cfg(not(unix))]
fn new_file_permissions() -> Option<Permissions> {
    None
}
