//! The app: everything it holds, and what happens in one frame of the interface.
//!
//! A frame takes what the loop has published, draws, and sends what is wanted if that changed. Nothing in it waits: what
//! takes time (rendering, thumbnails, scopes, files, cameras, dialogs) is done on threads that are asked and answer.

use crate::banner::{Banners, Weight};
use crate::canvas::{Canvas, Compare, Zoom};
use crate::catalogue::Catalogue;
use crate::dialogs::{Dialogs, Purpose};
use crate::document::Document;
use crate::export::Export;
use crate::icon::Icon;
use crate::meter::Meter;
use crate::options::{Options, ThemeName};
use crate::performance::Trace;
use crate::scopes::Scopes;
use crate::screen::Screen;
use crate::sheet::{Kindred, Sheet};
use crate::source::Source;
use crate::stack::Stack;
use crate::store::{Session, Store};
use crate::strip::{self, Strip};
use crate::theme;
use crate::thumbs::Thumbs;
use crate::widgets::name;
use bowerbird::image::ReadOptions;
use bowerbird::recipe::Loader;
use bowerbird::{EngineOptions, Image, Recipe, cube::Cube};
use bowerbird_capture::Event;
use bowerbird_live::{Aside, Intent, Live, LiveOptions, Notice, Report, SessionWriter, Shown, Waker, gallery};
use eframe::egui::{self, Align, Layout, Panel, Rect, RichText, Ui};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// The panel at the right.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Tab {
    #[default]
    Effects,
    Scopes,
    Source,
    Performance,
}

impl Tab {
    const ALL: [Self; 4] = [Self::Effects, Self::Scopes, Self::Source, Self::Performance];

    fn label(self) -> &'static str {
        match self {
            Self::Effects => "Effects",
            Self::Scopes => "Scopes",
            Self::Source => "Source",
            Self::Performance => "Performance",
        }
    }
}

/// How long after a change the session is kept.
const KEEP_AFTER: Duration = Duration::from_secs(2);

/// What was last asked of the loop.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Sent {
    revision: u64,
    view: Option<(u32, u32)>,
    running: bool,
    explain: bool,
}

/// The app.
#[derive(Debug)]
pub struct App {
    pub(crate) live: Live,
    pub(crate) meter: Meter,
    pub(crate) screen: Screen,
    pub(crate) document: Document,
    pub(crate) store: Store,
    pub(crate) strip: Strip,
    pub(crate) thumbs: Thumbs,
    pub(crate) canvas: Canvas,
    pub(crate) stack: Stack,
    pub(crate) catalogue: Catalogue,
    pub(crate) sheet: Sheet,
    pub(crate) scopes: Scopes,
    pub(crate) source: Source,
    pub(crate) banners: Banners,
    pub(crate) dialogs: Dialogs,
    pub(crate) export: Export,
    pub(crate) trace: Trace,
    pub(crate) shown: Option<Arc<Shown>>,
    pub(crate) report: Report,
    /// Whether frames are taken.
    pub(crate) running: bool,
    /// Whether the sheet of keys is open.
    pub(crate) help: bool,
    /// Whether the system's dialogs are asked; tests have none.
    pub(crate) system_dialogs: bool,
    /// Files opened lately.
    pub(crate) recent: Vec<String>,
    /// An export that waits for a frame in full.
    pub(crate) full_frame_for: Option<PathBuf>,
    tab: Tab,
    theme: ThemeName,
    sent: Option<Sent>,
    keeper: Aside<(Store, Session), String>,
    keep_at: Option<Instant>,
    kept_revision: u64,
    window: Option<(f32, f32)>,
    began: Instant,
    /// Whether the session is kept.
    keeps: bool,
}

impl App {
    /// The app, with a loop of its own.
    ///
    /// # Errors
    /// The engine cannot be made, or the system gives no threads.
    pub fn new(context: &egui::Context, options: &Options, store: Store) -> anyhow::Result<Self> {
        let session = if options.fresh { Session::default() } else { store.session() };
        let theme = options.theme.unwrap_or(session.theme);
        theme::apply(context, theme);
        if let Some(zoom) = options.zoom {
            context.set_zoom_factor(zoom.clamp(0.5, 4.0));
        }
        let waker: Waker = {
            let context = context.clone();
            Arc::new(move || context.request_repaint())
        };
        let engine =
            EngineOptions { backend: options.backend.into(), threads: options.threads, ..EngineOptions::default() };
        let live = Live::start(LiveOptions { engine, waker: Arc::clone(&waker), ..LiveOptions::default() })?;
        if let Some(path) = &options.record_session {
            live.record_session(Some(SessionWriter::create(path)?));
        }
        let screen = Screen::new(context);
        live.set_output("screen", Some(screen.output()));
        let keeper = Aside::start("keeper", Arc::clone(&waker), |(store, session): (Store, Session), desk| {
            if let Err(error) = store.save_session(&session) {
                desk.answer(format!("the session could not be kept: {error:#}"));
            }
        })?;
        let mut app = Self {
            live,
            meter: Meter::default(),
            screen,
            document: Document::default(),
            strip: Strip::new(Vec::new()),
            thumbs: Thumbs::new(gallery(Arc::clone(&waker))?),
            canvas: Canvas::default(),
            stack: Stack::default(),
            catalogue: Catalogue::default(),
            sheet: Sheet::default(),
            scopes: Scopes::new(Arc::clone(&waker))?,
            source: Source::new(Arc::clone(&waker))?,
            banners: Banners::default(),
            dialogs: Dialogs::new(Arc::clone(&waker))?,
            export: Export::new(waker)?,
            trace: Trace::default(),
            shown: None,
            report: Report::default(),
            running: true,
            help: false,
            system_dialogs: !cfg!(test),
            recent: session.recent.clone(),
            full_frame_for: None,
            tab: Tab::ALL.into_iter().find(|tab| tab.label() == session.panel).unwrap_or_default(),
            theme,
            sent: None,
            keeper,
            keep_at: None,
            kept_revision: 0,
            window: session.window,
            began: Instant::now(),
            keeps: !options.fresh,
            store,
        };
        app.reload_looks();
        app.open_first(options, &session);
        Ok(app)
    }

    /// Without the system's dialogs, for tests.
    #[must_use]
    pub fn without_system_dialogs(mut self) -> Self {
        self.system_dialogs = false;
        self
    }

    /// Opens what was asked for, else what was open the last time, else the chart that moves.
    fn open_first(&mut self, options: &Options, session: &Session) {
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
            let there = source.parse().is_ok_and(|spec: bowerbird_capture::SourceSpec| match &spec.kind {
                bowerbird_capture::SourceKind::Image(path)
                | bowerbird_capture::SourceKind::Video(path)
                | bowerbird_capture::SourceKind::Folder(path) => path.exists(),
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

    /// Shows the panel of the effects.
    pub(crate) fn show_effects(&mut self) {
        self.tab = Tab::Effects;
    }

    /// The look as it is.
    pub fn recipe(&self) -> &Recipe {
        self.document.recipe()
    }

    /// Switches a way to compare on or off.
    pub(crate) fn toggle_compare(&mut self, compare: Compare) {
        self.canvas.compare = if self.canvas.compare == compare { Compare::Off } else { compare };
    }

    /// Light or dark.
    pub(crate) fn toggle_theme(&mut self) {
        self.theme = match self.theme {
            ThemeName::Dark => ThemeName::Light,
            ThemeName::Light => ThemeName::Dark,
        };
        self.keep_soon();
    }

    /// One frame of the interface.
    pub fn show(&mut self, ui: &mut Ui) {
        let begin = Instant::now();
        let context = ui.ctx().clone();
        self.take_news(&context);
        theme::apply_choice(&context, self.theme);
        self.follow_keys(&context);
        self.follow_drops(&context);

        Panel::top("bar").exact_size(40.0).show(ui, |ui| self.show_bar(ui));
        Panel::bottom("strip").exact_size(strip::HEIGHT).show(ui, |ui| {
            ui.add_space(4.0);
            self.show_strip(ui);
        });
        Panel::right("panel").default_size(320.0).size_range(280.0..=460.0).resizable(true).show(ui, |ui| {
            self.show_tabs(ui);
        });
        let middle = egui::CentralPanel::no_frame().show(ui, |ui| {
            self.banners.show(ui);
            if self.canvas.brush.is_some() {
                let frame =
                    egui::Frame::new().fill(ui.visuals().panel_fill).inner_margin(egui::Margin::symmetric(8, 6));
                frame.show(ui, |ui| self.show_brush_bar(ui));
            }
            ui.spacing_mut().item_spacing.y = 0.0;
            match self.sheet.shown {
                Some(kind) => self.show_sheet(ui, kind),
                None => self.show_canvas(ui),
            }
        });
        let area: Rect = middle.response.rect;
        self.show_catalogue(&context, area);
        self.banners.show_notes(&context, area);
        self.follow_dialogs(&context);
        self.follow_exports(&context);
        self.show_naming(&context);
        self.show_help(&context);

        // A gesture ends when nothing is held any more.
        if self.document.is_unsettled() && !context.input(|input| input.pointer.any_down()) {
            self.document.settle();
        }
        let shown = self.shown.clone();
        self.thumbs.turn(&context, shown.as_ref());
        self.scopes.turn(&context, shown.as_ref());
        self.send();
        self.keep(&context);
        self.meter.frame(begin.elapsed());
    }

    /// Takes what the loop has for us.
    fn take_news(&mut self, context: &egui::Context) {
        if let Some(shown) = self.meter.wait(|| self.live.take()) {
            if shown.fresh {
                self.meter.shown(shown.arrived.elapsed());
            }
            self.trace.push(shown.took.as_secs_f32() * 1e3);
            if let Some(old) = self.shown.replace(shown) {
                self.meter.wait(|| self.live.give_back(old));
            }
        }
        self.report = self.meter.wait(|| self.live.report());
        for notice in self.meter.wait(|| self.live.notices()) {
            self.take_notice(notice);
        }
        for problem in self.keeper.answers() {
            self.banners.say(Weight::Warning, "keeper", &problem);
        }
        // Figures change though nothing is drawn.
        if self.tab == Tab::Performance {
            context.request_repaint_after(Duration::from_millis(500));
        }
    }

    fn take_notice(&mut self, notice: Notice) {
        match notice {
            Notice::Source(Event::Started(_) | Event::Resumed(_)) => self.banners.clear("source"),
            Notice::Source(Event::Trouble(error) | Event::Damaged(error)) => {
                self.banners.say(Weight::Warning, "source", &sentence(&error.to_string()));
            }
            Notice::Source(Event::Failed(error)) => {
                self.banners.say(Weight::Trouble, "source", &sentence(&error.to_string()));
            }
            Notice::Source(Event::Ended) => self.banners.note("The film is at its end."),
            Notice::Source(_) => {}
            Notice::Bypassed { step, effect, message } => {
                self.stack.bypassed.insert(step, message.clone());
                self.banners.say(Weight::Warning, "effect", &format!("{effect} was left out: {message}"));
            }
            Notice::Backend(message) => self.banners.say(Weight::Warning, "backend", &sentence(&message)),
            Notice::Recording(message) => self.banners.note(&format!("Recorded {message}")),
            Notice::Failed(message) => {
                if message.starts_with("virtual camera") {
                    self.source.virtual_camera = false;
                }
                self.banners.trouble(&sentence(&message));
            }
            _ => {}
        }
    }

    /// Files that were dropped on the window.
    fn follow_drops(&mut self, context: &egui::Context) {
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

    fn show_bar(&mut self, ui: &mut Ui) {
        ui.horizontal_centered(|ui| {
            ui.menu_button("File", |ui| self.show_file_menu(ui));
            ui.separator();
            let undo = self.document.undoable().map(|what| format!("Undo: {what}"));
            let button = ui.add_enabled(undo.is_some(), egui::Button::new("Undo"));
            if button.on_hover_text(undo.unwrap_or_else(|| "Nothing to undo".into())).clicked() {
                self.document.undo();
            }
            let redo = self.document.redoable().map(|what| format!("Redo: {what}"));
            let button = ui.add_enabled(redo.is_some(), egui::Button::new("Redo"));
            if button.on_hover_text(redo.unwrap_or_else(|| "Nothing to redo".into())).clicked() {
                self.document.redo();
            }
            ui.separator();
            let split = ui.selectable_label(self.canvas.compare == Compare::Split, "Split");
            if split.on_hover_text("Before and after across a line (C)").clicked() {
                self.toggle_compare(Compare::Split);
            }
            let side = ui.selectable_label(self.canvas.compare == Compare::Side, "Side by side");
            if side.on_hover_text("Before and after beside each other (V)").clicked() {
                self.toggle_compare(Compare::Side);
            }
            let looks = ui.selectable_label(self.sheet.shown == Some(Kindred::Looks), "All looks");
            if looks.on_hover_text("The picture under every look at once").clicked() {
                self.toggle_sheet(Kindred::Looks);
            }
            let grid = ui.selectable_label(self.sheet.shown == Some(Kindred::Parameters), "Variations");
            if grid.on_hover_text("Two parameters spread over a grid").clicked() {
                self.toggle_sheet(Kindred::Parameters);
            }
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| self.show_bar_end(ui));
        });
    }

    /// The right end of the bar, from right to left.
    fn show_bar_end(&mut self, ui: &mut Ui) {
        let help = ui.button("?");
        name(&help, "Keyboard shortcuts");
        if help.clicked() {
            self.help = !self.help;
        }
        let exporting = self.export.busy();
        let word = if exporting { "Exporting…" } else { "Export" };
        let export = egui::Button::new(RichText::new(word).strong().color(egui::Color32::WHITE))
            .fill(theme::ACCENT.gamma_multiply(0.85));
        if ui.add(export).on_hover_text("Full resolution, to a file").clicked() {
            self.export.open = true;
        }
        let moving = self.shown.as_ref().is_some_and(|shown| !shown.still);
        if moving || self.report.recording {
            let recording = self.report.recording;
            let (icon, label) =
                if recording { (Icon::Stop, "Stop recording (R)") } else { (Icon::Record, "Record (R)") };
            if icon.button(ui, label, Some(theme::RECORDING)).clicked() {
                self.toggle_recording();
            }
            let (icon, label) = if self.running {
                (Icon::Pause, "Keep this frame, and go on working on it (P)")
            } else {
                (Icon::Play, "Take frames again (P)")
            };
            if icon.button(ui, label, None).clicked() {
                self.running = !self.running;
            }
        }
        ui.separator();
        self.show_zoom(ui);
        if ui.available_width() > 120.0 {
            let fps = if moving { format!("{:.0}/s", self.report.fps_out) } else { String::new() };
            ui.add(egui::Label::new(RichText::new(fps).monospace().weak()));
        }
    }

    fn show_zoom(&mut self, ui: &mut Ui) {
        let text = match self.canvas.zoom {
            Zoom::Fit => format!("Fit · {:.0}%", self.canvas.scale * 100.0),
            Zoom::Fill => format!("Fill · {:.0}%", self.canvas.scale * 100.0),
            Zoom::Scale(scale) => format!("{:.0}%", scale * 100.0),
        };
        let menu = ui.menu_button(text, |ui| {
            for (label, zoom) in [
                ("Fit (F)", Zoom::Fit),
                ("Fill (G)", Zoom::Fill),
                ("50%", Zoom::Scale(0.5)),
                ("100% (1)", Zoom::Scale(1.0)),
                ("200%", Zoom::Scale(2.0)),
                ("400%", Zoom::Scale(4.0)),
            ] {
                if ui.selectable_label(self.canvas.zoom == zoom, label).clicked() {
                    self.canvas.zoom = zoom;
                    ui.close();
                }
            }
        });
        name(&menu.response, "Zoom");
    }

    fn show_file_menu(&mut self, ui: &mut Ui) {
        ui.set_min_width(210.0);
        let mut purpose = None;
        for (label, wanted) in [
            ("Open picture, video or recipe…", Purpose::Open),
            ("Open folder…", Purpose::OpenFolder),
            ("Save recipe as…", Purpose::SaveRecipe),
        ] {
            if ui.button(label).clicked() {
                purpose = Some(wanted);
                ui.close();
            }
        }
        if ui.button("Export picture…").clicked() {
            self.export.open = true;
            ui.close();
        }
        if ui.button("Snapshot").clicked() {
            self.snapshot();
            ui.close();
        }
        ui.separator();
        if ui.button(if self.theme == ThemeName::Dark { "Light theme" } else { "Dark theme" }).clicked() {
            self.toggle_theme();
            ui.close();
        }
        if ui.button("Keyboard shortcuts").clicked() {
            self.help = true;
            ui.close();
        }
        ui.separator();
        if ui.button("Quit").clicked() {
            ui.ctx().send_viewport_cmd(egui::ViewportCommand::Close);
        }
        if let Some(purpose) = purpose {
            self.ask_for_file(purpose);
        }
    }

    fn show_tabs(&mut self, ui: &mut Ui) {
        ui.add_space(6.0);
        ui.horizontal(|ui| {
            for tab in Tab::ALL {
                if ui.selectable_label(self.tab == tab, tab.label()).clicked() {
                    self.tab = tab;
                    self.keep_soon();
                }
            }
        });
        ui.separator();
        match self.tab {
            Tab::Effects => self.show_stack(ui),
            Tab::Scopes => self.show_scopes(ui),
            Tab::Source => self.show_source(ui),
            Tab::Performance => self.show_performance(ui),
        }
    }

    /// Says what is wanted, if that is something else than before.
    fn send(&mut self) {
        let full = self.full_frame_for.is_some();
        let view = self.shown.as_ref().filter(|_| !full).map(|shown| {
            let (width, height) = shown.full_result;
            // No larger than a texture may be.
            let most = u32::try_from(self.screen.largest_side()).unwrap_or(u32::MAX).max(1);
            let least = width.max(height).div_ceil(most).max(1);
            let view = self.canvas.view;
            (view.0.min(width / least).max(1), view.1.min(height / least).max(1))
        });
        let wanted = Sent {
            revision: self.document.revision(),
            view,
            running: self.running,
            explain: self.tab == Tab::Performance,
        };
        if self.sent == Some(wanted) {
            return;
        }
        if self.sent.is_none_or(|sent| sent.revision != wanted.revision) {
            self.stack.bypassed.clear();
            self.banners.clear("effect");
            self.keep_soon();
        }
        self.sent = Some(wanted);
        let intent = Intent {
            chain: self.document.chain(),
            revision: wanted.revision,
            view,
            running: self.running,
            adaptive: !full,
            explain: wanted.explain,
        };
        self.meter.wait(|| self.live.send(intent));
    }

    fn keep_soon(&mut self) {
        self.keep_at = Some(Instant::now() + KEEP_AFTER);
    }

    /// Keeps the session when it is time.
    fn keep(&mut self, context: &egui::Context) {
        let size = context.content_rect().size();
        self.window = Some((size.x, size.y));
        let Some(at) = self.keep_at else { return };
        let now = Instant::now();
        if now < at {
            context.request_repaint_after(at - now);
            return;
        }
        self.keep_at = None;
        if self.keeps {
            let session = self.session();
            self.keeper.ask((self.store.clone(), session));
        }
    }

    fn session(&mut self) -> Session {
        self.kept_revision = self.document.revision();
        Session {
            source: self.source.spec.as_ref().map(ToString::to_string).filter(|text| text != "y4m:-"),
            recipe: Some(self.document.recipe().to_json()),
            theme: self.theme,
            panel: self.tab.label().to_owned(),
            window: self.window,
            recent: self.recent.clone(),
        }
    }

    /// Keeps the session at the end.
    pub fn finish(&mut self) {
        if self.keeps {
            let session = self.session();
            // There is nobody left to tell.
            let _ = self.store.save_session(&session);
        }
    }

    /// The figures since the start.
    pub fn figures(&self) -> Value {
        self.meter.report(&self.live.report(), self.began.elapsed().as_secs_f64())
    }

    /// Whether there is a picture, and everything in sight was made from it.
    pub fn settled(&self) -> bool {
        let current = self.shown.as_ref().is_some_and(|shown| shown.revision == self.document.revision());
        current && self.thumbs.settled() && !self.export.busy() && !self.source.busy()
    }

    /// What stands in banners.
    pub fn problems(&self) -> Vec<String> {
        self.banners.standing().map(str::to_owned).collect()
    }
}

/// A message as a sentence.
fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().collect::<String>() + letters.as_str())
}
