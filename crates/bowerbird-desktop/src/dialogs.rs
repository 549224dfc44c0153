//! Dialogs for files, beside the interface.
//!
//! The system's dialog is asked for through its portal. Where there is none it says nothing and returns nothing, so a
//! field to type a path into stands on the screen as long as an answer is awaited; either will do.

use crate::app::App;
use crate::files::{FileJob, folder_of};
use crate::folders::Folders;
use crate::menu::within;
use crate::place::Place;
use bowerbird_live::{Aside, LiveError, Waker};
use eframe::egui::{self, Align2, Context, Key};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// What a file is wanted for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// A picture, video or recipe to open.
    Open,
    /// A folder of pictures to show.
    OpenFolder,
    /// A file for a parameter of a step, or of a step of a mask.
    Asset(Place),
    /// Where to export the picture.
    Export,
    /// The folder to export all pictures into, as files with this ending.
    ExportAll(&'static str),
    /// Where to save the recipe.
    SaveRecipe,
    /// A recipe to make a preset of.
    ImportPreset,
    /// Where to record.
    Record,
}

impl Purpose {
    fn title(&self) -> &'static str {
        match self {
            Self::Open => "Open a picture, video or recipe",
            Self::OpenFolder => "Open a folder of pictures",
            Self::Asset(_) => "Choose a file",
            Self::Export => "Export the picture",
            Self::ExportAll(_) => "Export all pictures into a folder",
            Self::SaveRecipe => "Save the recipe",
            Self::ImportPreset => "Import a recipe as a preset",
            Self::Record => "Record to",
        }
    }

    fn saves(&self) -> bool {
        matches!(self, Self::Export | Self::ExportAll(_) | Self::SaveRecipe | Self::Record)
    }
}

/// A question of the system's dialog.
#[derive(Debug)]
pub(crate) struct Question {
    number: u64,
    purpose: Purpose,
    suggested: PathBuf,
}

/// An answer: the path, unless it was canceled or there is no dialog.
#[derive(Debug)]
pub(crate) struct Answer {
    number: u64,
    purpose: Purpose,
    path: Option<PathBuf>,
    /// Whether somebody took the time to answer, so that there is a dialog.
    took_time: bool,
}

/// Where there is no dialog, the answer is nothing and comes sooner than this; nobody cancels one so fast.
const NOBODY: Duration = Duration::from_millis(700);

/// The state of the dialogs.
#[derive(Debug)]
pub(crate) struct Dialogs {
    worker: Aside<Question, Answer>,
    /// The number of the last question.
    number: u64,
    /// The question that the system's dialog is about, as long as it stands there.
    standing: Option<(u64, Purpose)>,
    /// The question whose answer is wanted, also once the field is closed.
    wanted: Option<u64>,
    asked: Option<Purpose>,
    typed: String,
    /// What stood in the field at first.
    offered: String,
    focus: bool,
    /// The path that was looked for last, and whether there is a file.
    seen: Option<(String, bool)>,
}

impl Dialogs {
    /// A worker that waits for the system's dialogs.
    ///
    /// # Errors
    /// The system gives no thread.
    pub(crate) fn new(waker: Waker) -> Result<Self, LiveError> {
        let worker = Aside::start("dialogs", waker, |question: Question, desk| {
            let begin = Instant::now();
            let path = choose(&question);
            let took_time = begin.elapsed() > NOBODY;
            desk.answer(Answer { number: question.number, purpose: question.purpose, path, took_time });
        })?;
        let worker = worker.detached();
        Ok(Self {
            worker,
            number: 0,
            standing: None,
            wanted: None,
            asked: None,
            typed: String::new(),
            offered: String::new(),
            focus: false,
            seen: None,
        })
    }

    /// Whether a path is asked for.
    pub(crate) fn is_open(&self) -> bool {
        self.asked.is_some()
    }

    /// Whether what is to be saved would replace a file; asked of the disk once for each path.
    fn replaces(&mut self, home: &Path) -> bool {
        let path = self.typed.trim();
        match &self.seen {
            Some((seen, exists)) if seen == path => *exists,
            _ => {
                let exists = from_home(path, home).is_file();
                self.seen = Some((path.to_owned(), exists));
                exists
            }
        }
    }

    /// Puts another path into the field.
    pub(crate) fn suggest(&mut self, path: &Path) {
        self.typed = path.display().to_string();
    }
}

/// A name that no file in the folder has.
pub(crate) fn free(folder: &Path, stem: &str, ending: &str) -> PathBuf {
    let stem = stem.replace(['/', '\\'], "_");
    let path = |number: u32| match number {
        1 => folder.join(format!("{stem}.{ending}")),
        _ => folder.join(format!("{stem}-{number}.{ending}")),
    };
    (1..10_000).map(path).find(|path| !path.exists()).unwrap_or_else(|| path(1))
}

/// A path as it was typed, where `~` is the folder of the user.
fn from_home(typed: &str, home: &Path) -> PathBuf {
    match typed.strip_prefix("~/") {
        Some(below) => home.join(below),
        None => PathBuf::from(typed),
    }
}

fn choose(question: &Question) -> Option<PathBuf> {
    let dialog = rfd::FileDialog::new().set_title(question.purpose.title());
    let suggested = Some(question.suggested.as_path());
    let folder = suggested.filter(|path| path.is_dir()).or(question.suggested.parent()).filter(|path| path.is_dir());
    let dialog = folder.map_or_else(|| dialog.clone(), |folder| dialog.clone().set_directory(folder));
    match question.purpose {
        Purpose::OpenFolder | Purpose::ExportAll(_) => dialog.pick_folder(),
        _ if question.purpose.saves() => {
            let name = question.suggested.file_name().unwrap_or_default().to_string_lossy();
            dialog.set_file_name(name).save_file()
        }
        _ => dialog.pick_file(),
    }
}

impl App {
    /// Asks for a file.
    pub(crate) fn ask_for_file(&mut self, purpose: Purpose) {
        let suggested = self.suggest(&purpose);
        self.dialogs.typed = if purpose.saves() { suggested.display().to_string() } else { String::new() };
        self.dialogs.offered.clone_from(&self.dialogs.typed);
        self.dialogs.asked = Some(purpose.clone());
        self.dialogs.focus = true;
        // The dialog may be standing there still.
        let standing = self.dialogs.standing.as_ref().filter(|(_, standing)| *standing == purpose);
        self.dialogs.wanted = standing.map(|(number, _)| *number);
        if self.system_dialogs && self.dialogs.wanted.is_none() {
            self.dialogs.number += 1;
            let number = self.dialogs.number;
            (self.dialogs.standing, self.dialogs.wanted) = (Some((number, purpose.clone())), Some(number));
            self.dialogs.worker.ask(Question { number, purpose, suggested });
        }
    }

    /// Shows the field for a path, and follows what was chosen.
    pub(crate) fn follow_dialogs(&mut self, context: &Context) {
        for answer in self.dialogs.worker.answers() {
            self.dialogs.standing.take_if(|(number, _)| *number == answer.number);
            if self.dialogs.wanted.take_if(|number| *number == answer.number).is_none() {
                continue;
            }
            let asked = self.dialogs.asked.take_if(|asked| *asked == answer.purpose);
            match answer.path {
                // Also where the field was closed and the dialog stood on.
                Some(path) => self.chosen(answer.purpose, &path),
                // Canceled there, and not by somebody who types here meanwhile.
                None if answer.took_time && self.dialogs.typed == self.dialogs.offered => {}
                None => self.dialogs.asked = asked,
            }
        }
        let Some(purpose) = self.dialogs.asked.clone() else { return };
        let (mut open, mut done) = (true, false);
        let replaces = purpose.saves() && self.dialogs.replaces(&self.folders.home);
        egui::Window::new(purpose.title())
            .open(&mut open)
            .anchor(Align2::CENTER_CENTER, egui::Vec2::ZERO)
            .collapsible(false)
            .resizable(false)
            .show(context, |ui| {
                within(ui, 440.0, |ui| {
                    ui.label(if purpose.saves() {
                        "Choose in the system's dialog, or type a path."
                    } else {
                        "Choose in the system's dialog, type a path, or drop a file on the window."
                    });
                    ui.add_space(4.0);
                    let field = egui::TextEdit::singleline(&mut self.dialogs.typed).hint_text("Path");
                    let response = ui.add(field.desired_width(f32::INFINITY));
                    crate::widgets::name(&response, "Path");
                    if std::mem::take(&mut self.dialogs.focus) {
                        response.request_focus();
                    }
                    let enter = response.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
                    ui.add_space(4.0);
                    ui.horizontal(|ui| {
                        let ready = !self.dialogs.typed.trim().is_empty();
                        let word = match purpose.saves() {
                            true if replaces => "Replace",
                            true => "Save",
                            false => "Open",
                        };
                        done = ui.add_enabled(ready, egui::Button::new(word)).clicked() || (enter && ready);
                        if ui.button("Cancel").clicked() {
                            self.dialogs.asked = None;
                        }
                        if replaces {
                            let color = crate::theme::written(crate::theme::WARN, ui.visuals().dark_mode);
                            ui.label(egui::RichText::new("There is a file of that name.").color(color));
                        }
                    });
                })
            });
        if done {
            let path = from_home(self.dialogs.typed.trim(), &self.folders.home);
            (self.dialogs.asked, self.dialogs.wanted) = (None, None);
            self.chosen(purpose, &path);
        } else if !open || context.input(|input| input.key_pressed(Key::Escape)) {
            self.dialogs.asked = None;
        }
    }

    fn suggest(&self, purpose: &Purpose) -> PathBuf {
        let Folders { home, films, .. } = &self.folders;
        match purpose {
            Purpose::Export => self.export_path("png"),
            Purpose::ExportAll(_) => self.export_folder(),
            Purpose::SaveRecipe => {
                let name = self.document.recipe().name();
                free(home, if name.is_empty() { "look" } else { name }, "json")
            }
            Purpose::Record => free(films, "bowerbird", if crate::export::has_ffmpeg() { "mp4" } else { "avi" }),
            Purpose::ImportPreset => home.clone(),
            Purpose::Open | Purpose::OpenFolder | Purpose::Asset(_) => {
                let beside = self.current_picture().map(|picture| folder_of(&picture).to_owned());
                beside.unwrap_or_else(|| self.folders.pictures.clone())
            }
        }
    }

    /// Takes a file that was dropped while one is asked for; whether one was.
    pub(crate) fn answer_dialog(&mut self, path: &Path) -> bool {
        let Some(purpose) = self.dialogs.asked.take_if(|purpose| !purpose.saves()) else { return false };
        self.dialogs.wanted = None;
        self.chosen(purpose, path);
        true
    }

    fn chosen(&mut self, purpose: Purpose, path: &Path) {
        match purpose {
            Purpose::Open => self.open_path(path),
            Purpose::OpenFolder => self.browse(path),
            Purpose::Asset(place) => self.take_asset(place, path),
            Purpose::Export => self.start_export(path, self.export.longest()),
            Purpose::ExportAll(ending) => self.start_export_of_all(path, ending),
            Purpose::SaveRecipe => self.save_recipe(path),
            Purpose::ImportPreset => self.file(FileJob::ImportPreset(path.to_owned())),
            Purpose::Record => self.start_recording(path),
        }
    }
}
