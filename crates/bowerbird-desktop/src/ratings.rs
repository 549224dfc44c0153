//! Stars of pictures, kept beside the session: nothing is written into pictures or beside them.
//!
//! A picture is known by its path, so one that is moved or renamed has no stars any more.

use crate::store::{Store, write_whole};
use anyhow::{Context, anyhow};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::{Path, absolute};

/// The most stars.
pub(crate) const MOST: u8 = 5;

/// The stars of all pictures that have any.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Ratings(BTreeMap<String, u8>);

impl Ratings {
    /// Those that were kept.
    ///
    /// # Errors
    /// A file that cannot be read: it is not written over.
    pub(crate) fn load(store: &Store) -> anyhow::Result<Self> {
        let Some(file) = store.ratings() else { return Ok(Self::default()) };
        match std::fs::read(&file) {
            Ok(text) => serde_json::from_slice(&text).map_err(|error| {
                anyhow!("the ratings in {} cannot be read ({error}); mend the file or remove it", file.display())
            }),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(error).with_context(|| format!("cannot read {}", file.display())),
        }
    }

    /// Keeps them.
    ///
    /// # Errors
    /// A folder that cannot be written to.
    pub(crate) fn save(&self, store: &Store) -> anyhow::Result<()> {
        let file = store.ratings().context("there is no folder to keep ratings in")?;
        let folder = crate::files::folder_of(&file);
        std::fs::create_dir_all(folder).with_context(|| format!("cannot make the folder {}", folder.display()))?;
        write_whole(&file, &serde_json::to_vec_pretty(self)?)
    }

    /// The stars of a picture.
    pub(crate) fn of(&self, picture: &Path) -> u8 {
        self.0.get(&whole(picture)).copied().unwrap_or(0).min(MOST)
    }

    /// Gives a picture stars, or none.
    pub(crate) fn set(&mut self, picture: &Path, stars: u8) {
        match stars.min(MOST) {
            0 => self.0.remove(&whole(picture)),
            stars => self.0.insert(whole(picture), stars),
        };
    }
}

/// The path from the root: the same picture may be opened from another folder the next time.
fn whole(picture: &Path) -> String {
    absolute(picture).unwrap_or_else(|_| picture.to_owned()).to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_are_kept_and_a_damaged_file_is_not_written_over() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::at(folder.path().join("config"));
        let mut ratings = Ratings::load(&store).unwrap();
        let picture = Path::new("holiday/a.png");
        ratings.set(picture, 9);
        ratings.set(Path::new("b.png"), 2);
        ratings.set(Path::new("b.png"), 0);
        ratings.save(&store).unwrap();
        let again = Ratings::load(&store).unwrap();
        assert_eq!((again.of(picture), again.of(&absolute(picture).unwrap()), again.of(Path::new("b.png"))), (5, 5, 0));
        assert_eq!(again.0.len(), 1);
        std::fs::write(store.ratings().unwrap(), "{").unwrap();
        let said = Ratings::load(&store).unwrap_err().to_string();
        assert!(said.contains("ratings.json") && said.contains("remove it"), "{said}");
    }
}
