//! Opening: what was asked for at the start, recipes, files for parameters, and what is dropped on the window.

use crate::app::App;
use crate::banner::Weight;
use crate::document::Document;
use crate::options::Options;
use crate::store::Session;
use bowerbird::image::ReadOptions;
use bowerbird::recipe::Loader;
use bowerbird::{Image, Recipe, cube::Cube};
use bowerbird_capture::{SourceKind, SourceSpec};
use eframe::egui;
use serde_json::json;
use std::path::Path;

impl App {
    /// Opens what was asked for, else what was open the last time, else the chart that moves.
    pub(crate) fn open_first(&mut self, options: &Options, session: &Session) {
        if let Some(json) = &session.recipe
            && let Ok(recipe) = Recipe::from_json(json, &Loader::none())
        {
            self.document = Document::new(recipe);
        }
        let mut opened = false;
        if let Some(source) = &options.source {
            self.open_source(source);
            opened = self.source.spec.is_some();
        }
        if let Some(file) = &options.file {
            self.open_path(file);
            opened |= self.source.spec.is_some();
        }
        if let Some(recipe) = &options.recipe {
            self.open_recipe(recipe);
        }
        if !opened && let Some(source) = &session.source {
            let there = source.parse().is_ok_and(|spec: SourceSpec| match &spec.kind {
                SourceKind::Image(path) | SourceKind::Video(path) | SourceKind::Folder(path) => path.exists(),
                _ => true,
            });
            if there {
                self.open_source(source);
                opened = true;
            }
        }
        if !opened && options.source.is_none() {
            self.open_source("synthetic:zone");
        }
    }

    /// Opens a recipe as the look.
    pub(crate) fn open_recipe(&mut self, path: &Path) {
        match Recipe::load(path) {
            Ok(recipe) => {
                for warning in recipe.unknown().iter().chain(recipe.warnings()) {
                    self.banners.say(Weight::Warning, "recipe", &format!("{}: {warning}", path.display()));
                }
                let name = if recipe.name().is_empty() { "recipe" } else { recipe.name() };
                self.document.replace(&format!("Open “{name}”"), recipe.clone());
                self.stack.selected = None;
            }
            Err(error) => self.banners.trouble(&format!("{}: {error}", path.display())),
        }
    }

    /// Reads a file into the recipe's assets, and names it in a parameter.
    pub(crate) fn take_asset(&mut self, index: usize, field: &str, mask: Option<(String, usize)>, path: &Path) {
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let is_table = path.extension().is_some_and(|end| end.eq_ignore_ascii_case("cube"));
        let asset: Result<bowerbird::Asset, String> = if is_table {
            let read = std::fs::read_to_string(path).map_err(|error| error.to_string());
            read.and_then(|text| Cube::parse(&name, &text).map(Into::into).map_err(|error| error.to_string()))
        } else {
            Image::open_with(path, &ReadOptions::default()).map(Into::into).map_err(|error| error.cause().to_string())
        };
        let asset = match asset {
            Ok(asset) => asset,
            Err(reason) => return self.banners.trouble(&format!("{}: {reason}", path.display())),
        };
        let value = json!(name);
        let set = self.document.edit("Choose a file", |recipe| {
            let chain = recipe.chain_mut();
            chain.assets_mut().insert(name.clone(), asset);
            let step = match &mask {
                Some((mask, place)) => chain.masks_mut().get_mut(mask)?.get_mut(*place)?,
                None => chain.steps_mut().get_mut(index)?,
            };
            crate::stack::set(step.effect_mut()?, field, &value)
        });
        self.document.settle();
        if let Some(Err(reason)) = set {
            self.banners.trouble(&reason);
        }
    }

    /// Files that were dropped on the window.
    pub(crate) fn follow_drops(&mut self, context: &egui::Context) {
        let files = context.input(|input| input.raw.dropped_files.clone());
        for file in files {
            let path = file.path().to_owned();
            let table = path.extension().is_some_and(|end| end.eq_ignore_ascii_case("cube"));
            if table {
                // A table goes to the step that takes one, or makes one.
                let place = self
                    .document
                    .steps()
                    .iter()
                    .position(|step| step.effect().is_some_and(|effect| effect.info().id == "lut3d"));
                let place = place.unwrap_or_else(|| {
                    let effect = bowerbird::effects::find("lut3d");
                    effect.map_or(0, |effect| self.document.insert(effect, self.stack.selected))
                });
                self.take_asset(place, "file", None, &path);
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
