//! Which files a recipe may use.
//!
//! A recipe may come from a stranger, so a path in it is only a wish. It is resolved in the folders that the caller
//! allows, links included, and must end inside one of them.

use crate::image::ReadOptions;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf, Prefix};

/// The folders and files that a recipe's assets may come from.
#[derive(Clone, Debug, Default)]
pub struct Loader {
    folders: Vec<PathBuf>,
    files: Vec<PathBuf>,
    options: ReadOptions,
}

impl Loader {
    /// Allows no files: only inline assets.
    pub fn none() -> Self {
        Self::default()
    }

    /// Allows the files of a folder and of those below it. Paths in the recipe are relative to it.
    pub fn folder(path: impl Into<PathBuf>) -> Self {
        Self::none().and_folder(path)
    }

    /// Allows another folder; a path is tried in each, in order.
    #[must_use]
    pub fn and_folder(mut self, path: impl Into<PathBuf>) -> Self {
        self.folders.push(path.into());
        self
    }

    /// Allows one file, under exactly this path, because the user named it.
    #[must_use]
    pub fn and_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.files.push(path.into());
        self
    }

    /// Limits for reading pictures.
    #[must_use]
    pub fn with_options(mut self, options: ReadOptions) -> Self {
        self.options = options;
        self
    }

    pub(super) fn options(&self) -> &ReadOptions {
        &self.options
    }

    /// The file that a path of the recipe stands for.
    pub(super) fn resolve(&self, path: &str) -> Result<PathBuf, String> {
        let wish = Path::new(path);
        if path.is_empty() {
            return Err("the path is empty".into());
        }
        if self.files.iter().any(|file| file == wish) {
            return Ok(wish.to_owned());
        }
        if self.folders.is_empty() {
            return Err(format!("{path}: this recipe may not read files; put the data into it instead"));
        }
        let outside = || format!("{path}: the path leaves the folder of the recipe; copy the file there");
        if climbs(wish) {
            return Err(outside());
        }
        let mut refusal = format!("{path}: no such file");
        for folder in &self.folders {
            let Ok(root) = fs::canonicalize(folder) else { continue };
            let is_told = !names_a_place(wish) || plain(wish).starts_with(plain(&root));
            if is_elsewhere(wish) && !is_told {
                refusal = outside();
                continue;
            }
            match fs::canonicalize(root.join(wish)) {
                Ok(found) if !found.starts_with(&root) => refusal = outside(),
                Ok(found) if !found.is_file() => refusal = format!("{path}: this is not a file"),
                Ok(found) => return Ok(found),
                // Whether a file outside exists is not told.
                Err(_) if !is_told => refusal = outside(),
                Err(cause) if cause.kind() == io::ErrorKind::NotFound => {}
                Err(cause) => refusal = format!("{path}: cannot be read: {cause}"),
            }
        }
        Err(refusal)
    }

    /// The bytes of a file, within the limit on them.
    pub(super) fn bytes(&self, path: &Path) -> Result<Vec<u8>, String> {
        let cannot = |cause: io::Error| match cause.kind() {
            io::ErrorKind::NotFound => "no such file".to_owned(),
            _ => format!("cannot be read: {cause}"),
        };
        let limit = self.options.max_bytes;
        let mut bytes = Vec::new();
        let file = fs::File::open(path).map_err(cannot)?;
        file.take(limit.saturating_add(1)).read_to_end(&mut bytes).map_err(cannot)?;
        if bytes.len() as u64 > limit {
            return Err(format!("the file is larger than the limit of {limit} bytes; raise it with --max-bytes"));
        }
        Ok(bytes)
    }
}

/// Whether a relative path has more steps up than down at any point.
fn climbs(path: &Path) -> bool {
    let mut depth = 0i64;
    path.components().any(|part| {
        match part {
            Component::ParentDir => depth -= 1,
            Component::Normal(_) => depth += 1,
            _ => {}
        }
        depth < 0
    })
}

/// Whether a path says itself where it starts. On Windows `\looks` and `D:looks` do too, and are not absolute.
fn names_a_place(path: &Path) -> bool {
    path.has_root() || matches!(path.components().next(), Some(Component::Prefix(_)))
}

/// Whether a path starts at another machine or a device, as `\\server\share` on Windows. Asking there whether a file exists
/// sends the user's name and a hash of the password, so it is not even asked.
fn is_elsewhere(path: &Path) -> bool {
    let Some(Component::Prefix(start)) = path.components().next() else { return false };
    !matches!(start.kind(), Prefix::Disk(_) | Prefix::VerbatimDisk(_))
}

/// A path as people write it: on Windows, without the `\\?\` of canonical paths.
fn plain(path: &Path) -> PathBuf {
    let mut parts = path.components();
    let Some(Component::Prefix(start)) = parts.next() else { return path.to_owned() };
    let mut plain = match start.kind() {
        Prefix::VerbatimDisk(letter) => PathBuf::from(format!("{}:", char::from(letter))),
        Prefix::VerbatimUNC(server, share) => {
            let mut start = OsString::from(r"\\");
            start.extend([server, OsStr::new(r"\"), share]);
            start.into()
        }
        _ => return path.to_owned(),
    };
    plain.push(parts.as_path());
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_found_in_the_folder_and_nowhere_else() {
        let root = tempfile::tempdir().expect("folder");
        let folder = root.path().join("looks");
        fs::create_dir_all(folder.join("deep")).expect("folders");
        for name in ["secret.cube", "looks/a.cube", "looks/deep/b.cube"] {
            fs::write(root.path().join(name), "x").expect("file");
        }
        let loader = Loader::folder(&folder);
        for good in ["a.cube", "./a.cube", "deep/b.cube", "deep/../a.cube"] {
            assert!(loader.resolve(good).is_ok(), "{good}: {:?}", loader.resolve(good));
        }
        let absolute = root.path().join("secret.cube").display().to_string();
        let missing = root.path().join("nothing.cube").display().to_string();
        for bad in ["../secret.cube", "deep/../../secret.cube", "../nothing.cube", &absolute, &missing] {
            let cause = loader.resolve(bad).expect_err(bad);
            assert!(cause.contains("leaves the folder"), "{cause}");
        }
        assert!(loader.resolve("c.cube").expect_err("missing").contains("no such file"));
        assert!(loader.resolve("deep").expect_err("a folder").contains("not a file"));
        assert!(Loader::none().resolve("a.cube").expect_err("none").contains("may not read files"));
        assert!(Loader::folder(&folder).and_file(&absolute).resolve(&absolute).is_ok());
    }

    #[test]
    fn a_file_of_the_folder_may_be_missing_under_its_whole_path() {
        let root = tempfile::tempdir().expect("folder");
        let folder = fs::canonicalize(root.path()).expect("folder");
        fs::write(folder.join("a.cube"), "x").expect("file");
        let resolve = |name: &str| Loader::folder(&folder).resolve(&plain(&folder.join(name)).display().to_string());
        assert!(resolve("a.cube").is_ok());
        assert!(resolve("b.cube").expect_err("missing").contains("no such file"));
    }

    #[cfg(windows)]
    #[test]
    fn other_places_are_not_looked_at() {
        let root = tempfile::tempdir().expect("folder");
        let loader = Loader::folder(root.path());
        let paths = [
            r"\\server\share\a.cube",
            "//server/share/a.cube",
            r"\\?\UNC\server\share\a.cube",
            r"\\.\pipe\a",
            r"\\?\GLOBALROOT\a",
        ];
        assert!(paths.iter().all(|path| is_elsewhere(Path::new(path))));
        for path in
            paths.into_iter().chain([r"\windows\win.ini", r"\nothing.cube", "/nothing.cube", "Q:a.cube", r"Q:\a.cube"])
        {
            let cause = loader.resolve(path).expect_err(path);
            assert!(cause.contains("leaves the folder"), "{cause}");
        }
        for (canonical, usual) in [(r"\\?\C:\looks\a", r"C:\looks\a"), (r"\\?\UNC\host\looks\a", r"\\host\looks\a")] {
            assert_eq!(plain(Path::new(canonical)), Path::new(usual));
            assert_eq!(plain(Path::new(usual)), Path::new(usual));
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_link_does_not_lead_out() {
        let root = tempfile::tempdir().expect("folder");
        let folder = root.path().join("looks");
        fs::create_dir(&folder).expect("folder");
        fs::write(root.path().join("secret.png"), "x").expect("file");
        std::os::unix::fs::symlink("../secret.png", folder.join("link.png")).expect("link");
        assert!(Loader::folder(&folder).resolve("link.png").expect_err("link").contains("leaves the folder"));
    }
}
