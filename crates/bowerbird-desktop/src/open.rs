//! Opening: what was asked for at the start, recipes, files for parameters, and what is dropped on the window.

use crate::app::App;
use crate::banner::Weight;
use crate::document::Document;
use crate::options::Options;
use crate::place::{self, Owner, Place};
use crate::source::is_film;
use crate::store::{self, Session};
use bowerbird::image::{FileFormat, ReadOptions};
use bowerbird::recipe::Loader;
use bowerbird::{Asset, Image, Recipe, cube::Cube};
use bowerbird_capture::{SourceKind, SourceSpec};
use bowerbird_live::{Aside, LiveError, Waker};
use eframe::egui;
use serde_json::json;
use std::path::{Path, PathBuf};

/// A file to be read beside the interface.
#[derive(Debug)]
pub(crate) enum Load {
    /// A recipe, to become the look.
    Recipe(PathBuf),
    /// A picture or table, for a parameter.
    Asset(PathBuf, Place),
}

/// What was read.
#[derive(Debug)]
pub(crate) enum Loaded {
    /// A recipe.
    Recipe(PathBuf, Result<Recipe, String>),
    /// An asset.
    Asset(PathBuf, Place, Result<Asset, String>),
}

/// A worker that reads files: a large picture takes its time.
///
/// # Errors
/// The system gives no thread.
pub(crate) fn loader(waker: Waker) -> Result<Aside<Load, Loaded>, LiveError> {
    Aside::start("loader", waker, |load: Load, desk| {
        desk.answer(match load {
            Load::Recipe(path) => {
                let recipe = store::load(&path).map_err(|error| error.to_string());
                Loaded::Recipe(path, recipe)
            }
            Load::Asset(path, place) => {
                let asset = read_asset(&path);
                Loaded::Asset(path, place, asset)
            }
        });
    })
}

fn stem(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

/// Whether something is likely to be opened, by its name.
fn may_be_opened(path: &Path) -> bool {
    let ending = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
    path.is_dir() || is_film(path) || FileFormat::is_read(path) || ["json", "cube"].contains(&&*ending)
}

fn read_asset(path: &Path) -> Result<Asset, String> {
    if path.extension().is_some_and(|end| end.eq_ignore_ascii_case("cube")) {
        let text = std::fs::read_to_string(path).map_err(|error| error.to_string())?;
        return Cube::parse(&stem(path), &text).map(Into::into).map_err(|error| error.to_string());
    }
    Image::open_with(path, &ReadOptions::default()).map(Into::into).map_err(|error| error.cause().to_string())
}

impl App {
    /// Opens what was asked for, else what was open the last time, else the chart that moves.
    pub(crate) fn open_first(&mut self, options: &Options, session: &Session) {
        match session.recipe.as_ref().map(|json| Recipe::from_json(json, &Loader::none())) {
            Some(Ok(recipe)) => self.document = Document::new(recipe),
            Some(Err(error)) => {
                let said = format!("the look of the last session cannot be read ({error}): this is a new one");
                self.banners.say(Weight::Warning, "session", &self.store.set_session_aside(&said));
            }
            None => {}
        }
        let mut opened = false;
        if let Some(source) = &options.source {
            self.open_source(source);
            opened = self.source.spec.is_some();
        }
        if let Some(file) = &options.file {
            self.open_path(file);
            opened |= self.source.spec.is_some() || file.is_dir();
        }
        if let Some(path) = &options.recipe {
            // Nothing is on the screen yet that could stand still.
            self.take_recipe(path, store::load(path).map_err(|error| error.to_string()));
        }
        if !opened && let Some(source) = &session.source {
            let gone = source.parse().ok().and_then(|spec: SourceSpec| match spec.kind {
                SourceKind::Image(path) | SourceKind::Video(path) | SourceKind::Folder(path) => {
                    (!path.exists()).then_some(path)
                }
                _ => None,
            });
            if let Some(path) = gone {
                let said = format!("{} was open the last time, and is not there any more", path.display());
                self.banners.say(Weight::Warning, "session", &said);
            } else {
                self.open_source(source);
                opened = self.source.spec.is_some();
            }
        }
        if !opened && options.source.is_none() {
            self.open_source("synthetic:zone");
        }
    }

    /// Opens a recipe as the look, when it is read.
    pub(crate) fn open_recipe(&mut self, path: &Path) {
        self.loader.ask(Load::Recipe(path.to_owned()));
    }

    fn take_recipe(&mut self, path: &Path, recipe: Result<Recipe, String>) {
        match recipe {
            Ok(recipe) => {
                for warning in recipe.unknown().iter().chain(recipe.warnings()) {
                    self.banners.say(Weight::Warning, "recipe", &format!("{}: {warning}", path.display()));
                }
                let name = if recipe.name().is_empty() { "recipe".to_owned() } else { recipe.name().to_owned() };
                self.document.replace(&format!("Open “{name}”"), recipe);
                self.stack.selected = None;
            }
            Err(error) => self.banners.trouble(&format!("{}: {error}", path.display())),
        }
    }

    /// Reads a file into the recipe's assets, and names it in a parameter.
    pub(crate) fn take_asset(&mut self, place: Place, path: &Path) {
        self.loader.ask(Load::Asset(path.to_owned(), place));
    }

    fn place_asset(&mut self, path: &Path, place: &Place, asset: Result<Asset, String>) {
        let asset = match asset {
            Ok(asset) => asset,
            Err(reason) => return self.banners.trouble(&format!("{}: {reason}", path.display())),
        };
        // The step may have moved meanwhile, or be gone.
        let Some(index) = self.document.place_of(place.owner.step) else { return };
        let of = |effect: &dyn bowerbird::effect::Effect| {
            effect.fields().any(|(field, value)| field.name == place.field && value.to_json() == "")
        };
        let was_empty = self.document.effect_of(&place.owner).is_some_and(of);
        // Another file of the same name is another asset.
        let assets = self.document.recipe().chain().assets();
        let stem = stem(path);
        let mut names = (1..).map(|n| if n == 1 { stem.clone() } else { format!("{stem}_{n}") });
        let Some(name) = names.find(|name| !assets.contains(name)) else { return };
        let value = json!(name);
        let set = self.document.edit("Choose a file", |recipe| {
            recipe.chain_mut().assets_mut().insert(name.clone(), asset);
            place::set(place.owner.effect_mut(recipe, index)?, place.field, &value)
        });
        self.document.settle();
        if let Some(Err(reason)) = set {
            self.banners.trouble(&reason);
        } else if was_empty {
            self.place_first(&place.owner);
        }
    }

    /// Takes what was read.
    pub(crate) fn follow_loading(&mut self) {
        for loaded in self.loader.answers() {
            match loaded {
                Loaded::Recipe(path, recipe) => self.take_recipe(&path, recipe),
                Loaded::Asset(path, place, asset) => self.place_asset(&path, &place, asset),
            }
        }
    }

    /// Has a table taken by the step that is chosen, if it takes one; else by the first that has none yet, else by the first,
    /// else by a new one.
    fn take_table(&mut self, path: &Path) {
        let steps = self.document.steps();
        let takes = |index: &usize| steps[*index].effect().is_some_and(|effect| effect.info().id == "lut3d");
        let is_empty = |index: &usize| {
            let effect = steps[*index].effect();
            effect.is_some_and(|effect| {
                effect.fields().any(|(field, value)| field.name == "file" && value.to_json() == "")
            })
        };
        let chosen = self.stack.selected.and_then(|key| self.document.place_of(key)).filter(takes);
        let all = || (0..steps.len()).filter(takes);
        let there = chosen.or_else(|| all().find(is_empty)).or_else(|| all().next());
        let there = there.map(|index| self.document.states()[index].key);
        let made = || bowerbird::effects::find("lut3d").map(|lut| self.document.insert(lut, self.stack.selected));
        if let Some(step) = there.or_else(made) {
            (self.stack.selected, self.stack.revealed) = (Some(step), Some(step));
            self.take_asset(Place { owner: Owner::step(step), field: "file" }, path);
        }
    }

    /// Files that were dropped on the window.
    pub(crate) fn follow_drops(&mut self, context: &egui::Context) {
        let files = context.input(|input| input.raw.dropped_files.clone());
        if files.len() > 1 {
            self.banners.note(&format!("One is opened at a time: the first of {} that can be", files.len()));
        }
        if let Some(file) = files.iter().find(|file| may_be_opened(file.path())).or(files.first()) {
            let path = file.path().to_owned();
            if self.answer_dialog(&path) {
                return;
            }
            let table = path.extension().is_some_and(|end| end.eq_ignore_ascii_case("cube"));
            if table {
                self.take_table(&path);
            } else {
                self.open_path(&path);
            }
        }
        let hovering = context.input(|input| !input.raw.hovered_files.is_empty());
        if hovering {
            let painter = context.layer_painter(egui::LayerId::new(egui::Order::Foreground, egui::Id::unique("drop")));
            let rect = context.content_rect();
            painter.rect_filled(rect, 0.0, egui::Color32::from_black_alpha(150));
            let font = egui::FontId::proportional(22.0);
            painter.text(rect.center(), egui::Align2::CENTER_CENTER, "Drop to open", font, egui::Color32::WHITE);
        }
    }
}
