//! What is kept between runs: presets, and where the last session was left.
//!
//! Presets are recipe files in a folder of the user's, the same files that every other front end reads. Everything is
//! written whole or not at all.

use crate::options::ThemeName;
use crate::panels::Layout;
use anyhow::{Context, bail};
use bowerbird::Recipe;
use bowerbird_assets::LOOKS;
use serde::{Deserialize, Serialize};
use std::io::Write;
use std::path::{Path, PathBuf};

/// The file of the session.
const SESSION: &str = "session.json";

/// A look to choose.
#[derive(Clone, Debug)]
pub struct Look {
    /// The name on the screen.
    pub name: String,
    /// The recipe.
    pub recipe: Recipe,
    /// The file, of a preset.
    pub path: Option<PathBuf>,
}

/// Where the session was left.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Session {
    /// The source by its name.
    pub source: Option<String>,
    /// The look.
    pub recipe: Option<serde_json::Value>,
    /// Light or dark.
    pub theme: ThemeName,
    /// The panel at the right.
    pub panel: String,
    /// Which panels are there.
    pub layout: Layout,
    /// Columns and rows of the window, in points.
    pub window: Option<(f32, f32)>,
    /// Files opened lately, the last one first.
    pub recent: Vec<String>,
}

/// The folder that everything is kept in; without one nothing is kept.
#[derive(Clone, Debug, Default)]
pub struct Store {
    folder: Option<PathBuf>,
}

/// Reads a recipe file. Its files are the recipe's own from then on: it may be kept where they are not found.
pub(crate) fn load(path: &Path) -> Result<Recipe, bowerbird::Error> {
    let mut recipe = Recipe::load(path)?;
    recipe.inline_assets();
    Ok(recipe)
}

impl Store {
    /// The user's own: `$XDG_CONFIG_HOME/bowerbird` or what the system has in its place.
    pub fn of_user() -> Self {
        let var = |name| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        let folder = if cfg!(target_os = "windows") {
            var("APPDATA")
        } else if cfg!(target_os = "macos") {
            var("HOME").map(|home| home.join("Library/Application Support"))
        } else {
            var("XDG_CONFIG_HOME").or_else(|| var("HOME").map(|home| home.join(".config")))
        };
        Self { folder: folder.map(|folder| folder.join("bowerbird")) }
    }

    /// A folder of the caller's.
    pub fn at(folder: impl Into<PathBuf>) -> Self {
        Self { folder: Some(folder.into()) }
    }

    /// The file of the stars of pictures.
    pub(crate) fn ratings(&self) -> Option<PathBuf> {
        self.folder.as_ref().map(|folder| folder.join("ratings.json"))
    }

    fn presets(&self) -> Option<PathBuf> {
        self.folder.as_ref().map(|folder| folder.join("presets"))
    }

    /// All looks: those that come with the program, then the presets by name. Files that cannot be read are named in the
    /// second list.
    pub fn looks(&self) -> (Vec<Look>, Vec<String>) {
        let built_in = LOOKS.iter().filter_map(|text| text.parse::<Recipe>().ok());
        let mut looks: Vec<Look> =
            built_in.map(|recipe| Look { name: recipe.name().to_owned(), recipe, path: None }).collect();
        let mut problems = Vec::new();
        let entries = self.presets().and_then(|folder| std::fs::read_dir(folder).ok());
        let mut files: Vec<PathBuf> =
            entries.into_iter().flatten().filter_map(|entry| entry.ok().map(|entry| entry.path())).collect();
        files.retain(|file| file.extension().is_some_and(|end| end == "json"));
        files.sort();
        for path in files {
            match load(&path) {
                Ok(recipe) => {
                    let stem = || path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
                    let name = if recipe.name().is_empty() { stem() } else { recipe.name().to_owned() };
                    looks.push(Look { name, recipe, path: Some(path) });
                }
                Err(error) => problems.push(format!("the preset {} cannot be read: {error}", path.display())),
            }
        }
        (looks, problems)
    }

    /// Saves a look as a preset of a name; one of the same name is replaced.
    ///
    /// # Errors
    /// A name of nothing but spaces, a folder that cannot be written to.
    pub fn save_preset(&self, name: &str, recipe: &Recipe) -> anyhow::Result<PathBuf> {
        let Some(folder) = self.presets() else { bail!("there is no folder for presets; export the recipe instead") };
        let name = name.trim();
        if name.is_empty() {
            bail!("a preset needs a name");
        }
        std::fs::create_dir_all(&folder).with_context(|| format!("cannot make the folder {}", folder.display()))?;
        let path = self.preset(name).unwrap_or_else(|| free(&folder, name));
        let mut recipe = recipe.clone();
        recipe.set_name(name);
        recipe.save(&path)?;
        Ok(path)
    }

    /// The file of the preset of a name.
    fn preset(&self, name: &str) -> Option<PathBuf> {
        self.looks().0.into_iter().find_map(|look| look.path.filter(|_| look.name == name))
    }

    /// Gives a preset another name.
    ///
    /// # Errors
    /// As [`Store::save_preset`]; a name that another preset has.
    pub fn rename_preset(&self, path: &Path, name: &str) -> anyhow::Result<()> {
        if self.preset(name.trim()).is_some_and(|other| other != path) {
            bail!("there is a preset “{}” already; choose another name, or delete that one", name.trim());
        }
        let recipe = load(path)?;
        let new = self.save_preset(name, &recipe)?;
        if new != path {
            std::fs::remove_file(path).with_context(|| format!("cannot remove {}", path.display()))?;
        }
        Ok(())
    }

    /// Removes a preset.
    ///
    /// # Errors
    /// A file that cannot be removed.
    pub fn delete_preset(&self, path: &Path) -> anyhow::Result<()> {
        std::fs::remove_file(path).with_context(|| format!("cannot remove {}", path.display()))
    }

    /// Where the last session was left; a new one where there was none, or it cannot be read.
    pub fn session(&self) -> Session {
        self.read_session().ok().flatten().unwrap_or_default()
    }

    fn read_session(&self) -> Result<Option<Session>, serde_json::Error> {
        let text = self.folder.as_ref().and_then(|folder| std::fs::read(folder.join(SESSION)).ok());
        text.map(|text| serde_json::from_slice(&text)).transpose()
    }

    /// Puts a session aside that cannot be read, before it is written over; what is said of it.
    pub(crate) fn rescue_session(&self) -> Option<String> {
        let error = self.read_session().err()?;
        Some(self.set_session_aside(&format!("the last session cannot be read ({error}): this is a new one")))
    }

    /// Puts the session's file aside; what was said, and where the file is.
    pub(crate) fn set_session_aside(&self, said: &str) -> String {
        let Some(file) = self.folder.as_ref().map(|folder| folder.join(SESSION)) else { return said.to_owned() };
        let aside = file.with_extension("damaged.json");
        match std::fs::rename(&file, &aside) {
            Ok(()) => format!("{said}; it was kept as {}", aside.display()),
            Err(error) => format!("{said} ({error})"),
        }
    }

    /// Keeps where the session is.
    ///
    /// # Errors
    /// A folder that cannot be written to.
    pub fn save_session(&self, session: &Session) -> anyhow::Result<()> {
        let Some(folder) = &self.folder else { return Ok(()) };
        std::fs::create_dir_all(folder).with_context(|| format!("cannot make the folder {}", folder.display()))?;
        write_whole(&folder.join(SESSION), &serde_json::to_vec_pretty(session)?)
    }
}

/// A file for a preset of a name that has none: the name as far as every system takes it, and a number where another preset
/// has that.
fn free(folder: &Path, name: &str) -> PathBuf {
    let plain = name.to_lowercase().replace(|letter: char| !letter.is_alphanumeric(), "_");
    // In bytes: a name may be long, and letters too.
    let ends = plain.char_indices().map(|(at, letter)| at + letter.len_utf8());
    let stem = &plain[..ends.take_while(|end| *end <= LONGEST_NAME).last().unwrap_or(0)];
    let stem = if stem.chars().any(char::is_alphanumeric) { stem } else { "preset" };
    // Windows takes `con.json` for a device.
    let device = matches!(stem, "con" | "prn" | "aux" | "nul")
        || stem.len() == 4 && (stem.starts_with("com") || stem.starts_with("lpt"));
    let path = |number: u32| match number {
        1 if !device => folder.join(format!("{stem}.json")),
        _ => folder.join(format!("{stem}-{number}.json")),
    };
    (1..).map(path).find(|path| !path.exists()).unwrap_or_else(|| path(1))
}

/// Bytes of the name of a preset's file.
const LONGEST_NAME: usize = 120;

/// Writes a file whole or not at all.
///
/// # Errors
/// A folder that cannot be written to.
pub(crate) fn write_whole(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let write = || {
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        file.write_all(bytes)?;
        file.persist(path).map_err(|error| error.error)?;
        Ok::<(), std::io::Error>(())
    };
    write().with_context(|| format!("cannot write {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use bowerbird::Chain;

    #[test]
    fn the_looks_that_come_with_the_program_are_understood() {
        let (looks, problems) = Store::default().looks();
        assert_eq!((looks.len(), problems.len()), (LOOKS.len(), 0));
        for look in looks {
            look.recipe.check().unwrap();
            assert!(!look.name.is_empty());
        }
    }

    #[test]
    fn presets_are_saved_renamed_and_deleted() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::at(folder.path());
        let recipe = Recipe::from_chain("", Chain::new().sepia(0.5));
        let path = store.save_preset("My Look / 2", &recipe).unwrap();
        assert_eq!(path.file_name().unwrap(), "my_look___2.json");
        let named = |name: &str| store.looks().0.into_iter().find(|look| look.name == name && look.path.is_some());
        assert_eq!(named("My Look / 2").unwrap().recipe.chain().steps().len(), 1);
        store.rename_preset(&path, "Other").unwrap();
        assert!(named("My Look / 2").is_none());
        store.delete_preset(&named("Other").unwrap().path.unwrap()).unwrap();
        assert!(named("Other").is_none());
        assert!(store.save_preset("  ", &recipe).is_err());
    }

    #[test]
    fn presets_of_names_that_are_alike_or_odd_have_files_of_their_own() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::at(folder.path());
        let look = |amount: f64| Recipe::from_chain("", Chain::new().sepia(amount));
        let long = "ß".repeat(300);
        let names = ["Film / 1", "Film: 1", "film / 1", "🎞", "../../x", "con", "", "ÄÖ", "äö", long.as_str(), "夜景"];
        for (index, name) in names.into_iter().enumerate() {
            assert_eq!(store.save_preset(name, &look(0.05 * index as f64)).is_ok(), !name.is_empty(), "{name}");
        }
        let presets = || store.looks().0.into_iter().filter(|look| look.path.is_some());
        assert_eq!(presets().count(), names.len() - 1);
        assert!(presets().all(|look| look.path.unwrap().parent() == Some(&folder.path().join("presets"))));
        // The same name is the same preset, and no other preset is written over.
        let path = store.save_preset("Film: 1", &look(0.9)).unwrap();
        assert_eq!(presets().count(), names.len() - 1);
        let error = store.rename_preset(&path, " 🎞 ").unwrap_err().to_string();
        assert!(error.contains("🎞"), "{error}");
        assert_eq!(presets().count(), names.len() - 1);
        store.rename_preset(&path, "Film: 2").unwrap();
        store.rename_preset(&store.preset("Film: 2").unwrap(), "Film: 2").unwrap();
        assert_eq!(presets().count(), names.len() - 1);
    }

    #[test]
    fn a_damaged_preset_is_named_and_the_others_stay() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::at(folder.path());
        store.save_preset("Good", &Recipe::from_chain("", Chain::new())).unwrap();
        std::fs::write(folder.path().join("presets/bad.json"), "{").unwrap();
        let (looks, problems) = store.looks();
        assert_eq!(looks.len(), LOOKS.len() + 1);
        assert!(problems[0].contains("bad.json"), "{problems:?}");
    }

    #[test]
    fn a_session_comes_back_and_a_damaged_one_is_a_new_one() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::at(folder.path());
        let session = Session { source: Some("synthetic:bars".into()), ..Session::default() };
        store.save_session(&session).unwrap();
        assert_eq!(store.session().source, session.source);
        assert_eq!(store.rescue_session(), None);
        std::fs::write(folder.path().join("session.json"), "nonsense").unwrap();
        assert_eq!(store.session().source, None);
        let said = store.rescue_session().unwrap();
        assert!(said.contains("session.damaged.json"), "{said}");
        assert_eq!(std::fs::read(folder.path().join("session.damaged.json")).unwrap(), b"nonsense");
    }
}
