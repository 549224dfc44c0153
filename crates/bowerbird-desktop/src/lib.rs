//! Bowerbird's desktop app, apart from its window: [`App::show`] draws it into any egui interface, which is what the
//! program and the tests do.
//!
//! The interface never waits. Rendering, thumbnails, scopes, files, cameras and the system's dialogs have threads of
//! their own, that are asked and answer ([`bowerbird_live::Aside`]); the picture comes from [`bowerbird_live::Live`].

mod app;
mod around;
mod banner;
mod bar;
mod brush;
mod cameras;
mod canvas;
mod catalogue;
mod clipboard;
mod curve;
mod dialogs;
mod document;
mod export;
mod files;
mod filmstrip;
mod folders;
mod frame;
mod gradient;
mod handles;
mod icon;
mod inspector;
mod level;
mod menu;
mod meter;
mod mixing;
mod news;
mod open;
mod options;
mod panels;
mod performance;
mod place;
mod placing;
mod ratings;
mod run;
mod scopes;
mod screen;
mod sheet;
mod shortcuts;
mod signals;
mod source;
mod stack;
mod store;
mod strip;
mod theme;
mod thumbs;
#[cfg(target_os = "linux")]
mod virtual_camera;
mod widgets;

pub use app::App;
pub use cameras::{Cameras, SystemCameras};
pub use options::{BackendName, Options, ThemeName};
pub use run::run;
pub use store::{Session, Store};
