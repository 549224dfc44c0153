//! The recipe itself.

use super::assets::Spec;
use super::{Loader, read, write};
use crate::chain::Chain;
use crate::error::Error;
use core::fmt;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::str::FromStr;

/// The newest version of recipe files that is read, and the one that is written.
pub(super) const VERSION: u64 = 1;

/// Something about a recipe that people should know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// Where in the recipe, as `steps[2].sigma`.
    pub path: String,
    /// What was found there, and what was done.
    pub message: String,
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path, self.message)
    }
}

/// A parsed recipe: a chain with a name, and all that its file says besides.
///
/// ```
/// use bowerbird::recipe::{Loader, Recipe};
/// let text = r#"{"version": 1, "name": "Warm", "steps": [{"effect": "exposure", "ev": 0.3}]}"#;
/// let recipe = Recipe::parse(text, &Loader::none())?;
/// assert_eq!(recipe.name(), "Warm");
/// assert_eq!(recipe.chain().steps().len(), 1);
/// # Ok::<(), bowerbird::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Recipe {
    pub(super) name: String,
    pub(super) chain: Chain,
    /// Where each asset came from.
    pub(super) specs: BTreeMap<String, Spec>,
    /// Fields of the file that are not understood or not interpreted.
    pub(super) kept: Map<String, Value>,
    pub(super) warnings: Vec<Warning>,
    pub(super) unknown: Vec<Warning>,
}

impl Recipe {
    /// Longest text in bytes, inline assets included: longer ones are neither read nor written.
    pub const LONGEST: u64 = 16 << 20;

    /// Reads a recipe file. Its assets may lie in the file's folder and below.
    ///
    /// # Errors
    /// As [`Recipe::parse`], and a file that cannot be read.
    pub fn load(path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref();
        let text = Self::read_text(path)?;
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        Self::parse(&text, &Loader::folder(folder))
    }

    /// Forgets which files its assets were read from: they are written into the recipe from now on, which can then be
    /// read anywhere.
    pub fn inline_assets(&mut self) {
        self.specs.clear();
    }

    /// The files that its assets were read from.
    pub fn files(&self) -> impl Iterator<Item = &Path> {
        self.specs.values().filter_map(|spec| spec.file.as_deref())
    }

    /// The text of a recipe file, for callers that add to it before [`Recipe::from_json`].
    ///
    /// # Errors
    /// A file that cannot be read, is no text, or is longer than 16 MiB.
    pub fn read_text(path: &Path) -> Result<String, Error> {
        let fail = |message: String| Error::recipe(path.display().to_string(), message);
        let mut bytes = Vec::new();
        let read = File::open(path).and_then(|file| file.take(Self::LONGEST + 1).read_to_end(&mut bytes));
        read.map_err(|cause| match cause.kind() {
            io::ErrorKind::NotFound => fail("no such file; check the name".into()),
            _ => fail(format!("cannot be read: {cause}")),
        })?;
        if bytes.len() as u64 > Self::LONGEST {
            return Err(fail("the file is longer than 16 MiB; keep pictures in files of their own".into()));
        }
        String::from_utf8(bytes).map_err(|_| fail("the file is not text in UTF-8".into()))
    }

    /// Reads a recipe from JSON text. The loader says which files it may use.
    ///
    /// # Errors
    /// Text that is not JSON; [`Error::Recipe`] with the path of a field whose value cannot be, names something that
    /// is not there, or contradicts another; an asset that cannot be used. Unknown names are no errors.
    pub fn parse(text: &str, loader: &Loader) -> Result<Self, Error> {
        Self::from_json(&Self::parse_json(text)?, loader)
    }

    /// The JSON of a recipe's text, before it is understood.
    ///
    /// # Errors
    /// Text that is longer than 16 MiB or not JSON, with line and column.
    pub fn parse_json(text: &str) -> Result<Value, Error> {
        if text.len() as u64 > Self::LONGEST {
            return Err(Error::Syntax("the text is longer than 16 MiB; keep pictures in files of their own".into()));
        }
        serde_json::from_str(text.trim_start_matches('\u{feff}'))
            .map_err(|cause| Error::Syntax(format!("this is not JSON: {cause}")))
    }

    /// Reads a recipe from JSON.
    ///
    /// # Errors
    /// As [`Recipe::parse`].
    pub fn from_json(json: &Value, loader: &Loader) -> Result<Self, Error> {
        read::recipe(json, loader)
    }

    /// A recipe of a chain. Its assets are written into the file.
    pub fn from_chain(name: impl Into<String>, chain: Chain) -> Self {
        Self { name: name.into(), chain, ..Self::default() }
    }

    /// The name on the screen; empty if the file gives none.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Gives it another name.
    pub fn set_name(&mut self, name: impl Into<String>) {
        self.name = name.into();
    }

    /// The chain.
    pub fn chain(&self) -> &Chain {
        &self.chain
    }

    /// The chain, to be changed.
    pub fn chain_mut(&mut self) -> &mut Chain {
        &mut self.chain
    }

    /// Values that were limited to their range, remarks of asset files, and the like.
    pub fn warnings(&self) -> &[Warning] {
        &self.warnings
    }

    /// Effects, parameters and fields that this version does not know. Their steps are kept and do not run.
    pub fn unknown(&self) -> &[Warning] {
        &self.unknown
    }

    /// Insists that everything in the recipe is understood.
    ///
    /// # Errors
    /// [`Error::Recipe`] for the first unknown name, with its path and, where one is near, the name that was meant.
    pub fn check(&self) -> Result<(), Error> {
        match self.unknown.first() {
            None => Ok(()),
            Some(Warning { path, message }) => Err(Error::recipe(path.as_str(), message.clone())),
        }
    }

    /// The recipe as JSON: parameters that are not at their defaults, and everything that was kept.
    pub fn to_json(&self) -> Value {
        write::recipe(self)
    }

    /// The recipe as text for people to read.
    pub fn to_string_pretty(&self) -> String {
        // `{:#}` of a JSON value cannot fail and ends without a line break.
        format!("{:#}\n", self.to_json())
    }

    /// Writes a recipe file, all or nothing.
    ///
    /// # Errors
    /// A folder that is not there or cannot be written to, or more text than would be read again, 16 MiB; the file is then as
    /// it was.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), Error> {
        let (path, text) = (path.as_ref(), self.to_string_pretty());
        if text.len() as u64 > Self::LONGEST {
            let message = "the recipe is longer than 16 MiB, with the pictures in it; make those smaller".to_owned();
            return Err(Error::recipe(path.display().to_string(), message));
        }
        write::save(path, text.as_bytes())
    }
}

impl From<Recipe> for Chain {
    fn from(recipe: Recipe) -> Self {
        recipe.chain
    }
}

impl FromStr for Recipe {
    type Err = Error;

    /// Reads a recipe that uses no files.
    fn from_str(text: &str) -> Result<Self, Error> {
        Self::parse(text, &Loader::none())
    }
}
