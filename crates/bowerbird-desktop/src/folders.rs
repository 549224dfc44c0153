//! Where the user keeps pictures and films.
//!
//! On Linux `user-dirs.dirs` says so, in a few lines of which these are two. The libraries that read it bring code under a
//! license that is not among those of `deny.toml`; elsewhere the folders have the same names on every machine.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

/// The folders of the user, each one that is there.
#[derive(Clone, Debug, Default)]
pub(crate) struct Folders {
    /// For recipes and all that has no folder of its own.
    pub home: PathBuf,
    /// For pictures without a file.
    pub pictures: PathBuf,
    /// For recordings.
    pub films: PathBuf,
}

impl Folders {
    /// The folders of whoever runs this.
    pub(crate) fn of_user() -> Self {
        let home = env::home_dir().unwrap_or_default();
        let config = env::var_os("XDG_CONFIG_HOME").map_or_else(|| home.join(".config"), PathBuf::from);
        let said =
            if cfg!(target_os = "linux") { fs::read_to_string(config.join("user-dirs.dirs")).ok() } else { None };
        Self::of(home, &said.unwrap_or_default())
    }

    fn of(home: PathBuf, said: &str) -> Self {
        let films = if cfg!(target_os = "macos") { "Movies" } else { "Videos" };
        let find = |key: &str, name: &str| {
            let folder = said_folder(said, key, &home).unwrap_or_else(|| home.join(name));
            if folder.is_dir() { folder } else { home.clone() }
        };
        Self { pictures: find("XDG_PICTURES_DIR", "Pictures"), films: find("XDG_VIDEOS_DIR", films), home }
    }
}

/// A folder in lines such as `XDG_PICTURES_DIR="$HOME/Pictures"`; the last one counts, as in the shell that reads them.
fn said_folder(said: &str, key: &str, home: &Path) -> Option<PathBuf> {
    let mut values = said.lines().filter_map(|line| line.trim().strip_prefix(key)?.trim_start().strip_prefix('='));
    let value = values.next_back()?.trim().trim_matches('"').replace("\\\"", "\"").replace("\\\\", "\\");
    let folder = match value.strip_prefix("$HOME") {
        Some(below) => home.join(below.trim_start_matches('/')),
        None => PathBuf::from(value),
    };
    folder.is_absolute().then_some(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_users_folders_are_where_the_system_says_and_else_at_home() {
        let folder = tempfile::tempdir().unwrap();
        let home = folder.path().to_owned();
        ["Bilder", "Videos"].into_iter().for_each(|name| fs::create_dir(home.join(name)).unwrap());
        let of = |said: &str| Folders::of(home.clone(), said);
        let said =
            "# XDG_PICTURES_DIR=\"$HOME/Old\"\nXDG_PICTURES_DIR=\"$HOME/Old\"\nXDG_PICTURES_DIR=\"$HOME/Bilder\"\n";
        assert_eq!((of(said).pictures, of(said).films), (home.join("Bilder"), home.join("Videos")));
        let absolute = format!("XDG_PICTURES_DIR=\"{}\"", home.join("Videos").display());
        assert_eq!(of(&absolute).pictures, home.join("Videos"));
        for nowhere in ["", "XDG_PICTURES_DIR=\"$HOME/gone\"", "XDG_PICTURES_DIR=\"Bilder\"", "XDG_PICTURES_DIR"] {
            assert_eq!(of(nowhere).pictures, home, "{nowhere}");
        }
    }
}
