//! The app: everything it holds, and what happens in one frame of the interface.
//!
//! A frame takes what the loop has published, draws, and sends what is wanted if that changed. Nothing in it waits: what
//! takes time (rendering, thumbnails, scopes, files, cameras, dialogs) is done on threads that are asked and answer.

mod keep;
mod leave;
mod send;

use crate::banner::{Banners, Weight};
use crate::cameras::{Cameras, SystemCameras};
use crate::canvas::{Canvas, Compare};
use crate::catalogue::Catalogue;
use crate::dialogs::Dialogs;
use crate::document::Document;
use crate::export::Export;
use crate::files::Files;
use crate::filmstrip::Filmstrip;
use crate::folders::Folders;
use crate::inspector::Probe;
use crate::meter::Meter;
use crate::open::{Load, Loaded, loader};
use crate::options::{BackendName, Options, ThemeName};
use crate::panels::{Panels, Tab};
use crate::performance::Trace;
use crate::scopes::Scopes;
use crate::screen::Screen;
use crate::sheet::Sheet;
use crate::source::Source;
use crate::stack::Stack;
use crate::store::{Session, Store};
use crate::strip::Strip;
use crate::theme;
use crate::thumbs::Thumbs;
use bowerbird::{EngineOptions, Recipe};
use bowerbird_live::{Aside, Desk, Live, LiveOptions, Report, SessionWriter, Shown, Waker, gallery};
use eframe::egui::{self, Panel, Rect, Ui};
use eframe::egui_wgpu::RenderState;
use send::Sent;
use serde_json::Value;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How long the pixel under the pointer may wait for the next frame.
const UNHURRIED: Duration = Duration::from_millis(60);

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
    pub(crate) probe: Probe,
    pub(crate) source: Source,
    pub(crate) banners: Banners,
    pub(crate) dialogs: Dialogs,
    pub(crate) export: Export,
    pub(crate) files: Files,
    pub(crate) filmstrip: Filmstrip,
    pub(crate) folders: Folders,
    pub(crate) trace: Trace,
    pub(crate) shown: Option<Arc<Shown>>,
    pub(crate) report: Report,
    /// Whether frames are taken.
    pub(crate) running: bool,
    /// Whether the window is to fill the screen, or no longer to.
    pub(crate) turns_full_screen: bool,
    /// Whether the sheet of keys is open.
    pub(crate) help: bool,
    /// Whether the system's dialogs are asked; tests have none.
    pub(crate) system_dialogs: bool,
    /// Files opened lately.
    pub(crate) recent: Vec<String>,
    /// An export that waits for a frame in full.
    pub(crate) full_frame_for: Option<(PathBuf, Option<u32>)>,
    pub(crate) tab: Tab,
    pub(crate) panels: Panels,
    pub(crate) theme: ThemeName,
    sent: Option<Sent>,
    pub(crate) loader: Aside<Load, Loaded>,
    pub(crate) keeper: Aside<(Store, Session, Recipe), String>,
    keep_at: Option<Instant>,
    window: Option<(f32, f32)>,
    began: Instant,
    /// Whether the window closes when nothing is being written any more.
    pub(crate) leaving: bool,
    /// What the window's title says.
    title: String,
    /// Whether the session is kept.
    keeps: bool,
}

impl App {
    /// The app, with a loop of its own.
    ///
    /// # Errors
    /// The engine cannot be made, or the system gives no threads.
    pub fn new(context: &egui::Context, options: &Options, store: Store) -> anyhow::Result<Self> {
        Self::with_cameras(context, options, store, Arc::new(SystemCameras))
    }

    /// The app with cameras of the caller's in place of the system's.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn with_cameras(
        context: &egui::Context,
        options: &Options,
        store: Store,
        cameras: Arc<dyn Cameras>,
    ) -> anyhow::Result<Self> {
        Self::make(context, options, store, Screen::new(context), cameras)
    }

    /// The app in a window, on whose graphics device pictures are rendered and drawn without a copy.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn in_window(
        context: &egui::Context,
        options: &Options,
        store: Store,
        window: RenderState,
    ) -> anyhow::Result<Self> {
        Self::make(context, options, store, Screen::of_window(context, window), Arc::new(SystemCameras))
    }

    fn make(
        context: &egui::Context,
        options: &Options,
        store: Store,
        screen: Screen,
        cameras: Arc<dyn Cameras>,
    ) -> anyhow::Result<Self> {
        let damaged = if options.fresh { None } else { store.rescue_session() };
        let session = if options.fresh { Session::default() } else { store.session() };
        let theme = options.theme.unwrap_or(session.theme);
        theme::apply(context, theme);
        if let Some(zoom) = options.zoom {
            context.set_zoom_factor(zoom);
        }
        let waker: Waker = {
            let context = context.clone();
            Arc::new(move || context.request_repaint())
        };
        // Drawn with the next frame where one comes: a window's frame of its own would hold up the device.
        let unhurried: Waker = {
            let context = context.clone();
            Arc::new(move || context.request_repaint_after(UNHURRIED))
        };
        let engine = EngineOptions {
            backend: options.backend.into(),
            threads: options.threads,
            // Whoever shares a device hears of its errors.
            device: if options.backend == BackendName::Cpu { None } else { screen.device() },
            ..EngineOptions::default()
        };
        let live = Live::start(LiveOptions { engine, waker: Arc::clone(&waker), ..LiveOptions::default() })?;
        if let Some(path) = &options.record_session {
            live.record_session(Some(SessionWriter::create(path)?));
        }
        live.set_output("screen", Some(screen.output()));
        let keep = |(store, mut session, recipe): (Store, Session, Recipe), desk: &Desk<'_, String>| {
            // Painted masks are encoded here, beside the interface.
            session.recipe = Some(recipe.to_json());
            if let Err(error) = store.save_session(&session) {
                desk.answer(format!("the session could not be kept: {error:#}"));
            }
        };
        let keeper = Aside::start("keeper", Arc::clone(&waker), keep)?;
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
            probe: Probe::new(unhurried)?,
            source: Source::new(Arc::clone(&waker), cameras)?,
            banners: Banners::default(),
            dialogs: Dialogs::new(Arc::clone(&waker))?,
            export: Export::new(Arc::clone(&waker))?,
            files: Files::new(Arc::clone(&waker))?,
            filmstrip: Filmstrip::new(Arc::clone(&waker))?,
            folders: Folders::of_user(),
            trace: Trace::default(),
            shown: None,
            report: Report::default(),
            running: true,
            turns_full_screen: false,
            help: false,
            system_dialogs: !cfg!(test),
            recent: session.recent.clone(),
            full_frame_for: None,
            tab: Tab::ALL.into_iter().find(|tab| tab.label() == session.panel).unwrap_or_default(),
            panels: session.layout.into(),
            theme,
            sent: None,
            loader: loader(waker)?,
            keeper,
            keep_at: None,
            window: session.window,
            began: Instant::now(),
            leaving: false,
            title: String::new(),
            keeps: !options.fresh,
            store,
        };
        let looks = app.store.looks();
        app.take_looks(looks);
        if let Some(text) = damaged {
            app.banners.say(Weight::Warning, "session", &text);
        }
        app.open_first(options, &session);
        Ok(app)
    }

    /// Without the system's dialogs, for tests.
    #[must_use]
    pub fn without_system_dialogs(mut self) -> Self {
        self.system_dialogs = false;
        self
    }

    /// The look as it is.
    pub fn recipe(&self) -> &Recipe {
        self.document.recipe()
    }

    /// Switches a way to compare on or off.
    pub(crate) fn toggle_compare(&mut self, compare: Compare) {
        // Over a sheet it is not seen, and is what is wanted in its place.
        let covered = self.sheet.shown.take().is_some();
        self.canvas.compare = if self.canvas.compare == compare && !covered { Compare::Off } else { compare };
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
        self.name_window(&context);
        if std::mem::take(&mut self.turns_full_screen) {
            let full = context.input(|input| input.viewport().fullscreen.unwrap_or(false));
            context.send_viewport_cmd(egui::ViewportCommand::Fullscreen(!full));
        }
        if context.input(|input| input.pointer.any_pressed()) {
            self.document.settle();
        }
        self.follow_keys(&context);
        self.follow_clipboard(&context);
        self.follow_drops(&context);

        Panel::top("bar").exact_size(40.0).show(ui, |ui| self.show_bar(ui));
        self.show_panels(ui);
        let middle = egui::CentralPanel::no_frame().show(ui, |ui| {
            // What stands above the canvas touches it.
            ui.spacing_mut().item_spacing.y = 0.0;
            if self.banners.show(ui) {
                self.open_again();
            }
            if self.canvas.brush.is_some() {
                let frame =
                    egui::Frame::new().fill(ui.visuals().panel_fill).inner_margin(egui::Margin::symmetric(8, 6));
                frame.show(ui, |ui| self.show_brush_bar(ui));
            } else if self.canvas.picking.is_some() {
                let frame =
                    egui::Frame::new().fill(ui.visuals().panel_fill).inner_margin(egui::Margin::symmetric(8, 6));
                frame.show(ui, |ui| self.show_placing_bar(ui));
            }
            match self.sheet.shown {
                Some(kind) => self.show_sheet(ui, kind),
                None => self.show_canvas(ui),
            }
        });
        let area: Rect = middle.response.rect;
        self.show_catalogue(&context, area);
        self.banners.show_notes(&context, area);
        self.follow_dialogs(&context);
        self.follow_exports(&context, area);
        self.follow_files(&context);
        self.follow_folder(&context);
        self.show_naming(&context);
        self.show_help(&context);
        self.show_leaving(&context);

        // A gesture of the pointer ends when nothing is held any more, one of keys or the wheel when they rest.
        let (held, released) = context.input(|input| (input.pointer.any_down(), input.pointer.any_released()));
        if released && !held {
            self.document.settle();
        } else if !held && let Some(left) = self.document.settle_when_quiet() {
            context.request_repaint_after(left);
        }
        let shown = self.shown.clone();
        self.thumbs.turn(&context, shown.as_ref());
        self.scopes.turn(&context, shown.as_ref());
        self.send();
        self.keep(&context);
        self.meter.frame(begin.elapsed());
    }

    /// Names the window after what is open.
    fn name_window(&mut self, context: &egui::Context) {
        let name = self.source.name_of_seen();
        if name != self.title {
            let title = if name.is_empty() { "Bowerbird".to_owned() } else { format!("{name} – Bowerbird") };
            context.send_viewport_cmd(egui::ViewportCommand::Title(title));
            self.title = name;
        }
    }

    /// The figures since the start.
    pub fn figures(&self) -> Value {
        self.meter.report(&self.live.report(), self.began.elapsed().as_secs_f64())
    }

    /// Whether there is a picture, and everything in sight was made from it.
    pub fn settled(&self) -> bool {
        let current = |shown: &Arc<Shown>| {
            shown.revision == self.document.revision()
                && !shown.coarse
                && self.is_sharp(shown)
                && (self.scopes.current || shown.still.is_none())
        };
        self.shown.as_ref().is_some_and(current)
            && self.screen.settled()
            && !self.loader.busy()
            && self.thumbs.settled()
            && !self.export.busy()
            && !self.files.busy()
            && !self.source.busy()
            && (!self.source.awaits_picture() || self.report.ended)
            && self.filmstrip.settled()
    }

    /// What stands in banners.
    pub fn problems(&self) -> Vec<String> {
        self.banners.standing().map(str::to_owned).collect()
    }
}
