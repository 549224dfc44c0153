//! The window: opening it, ending by itself, the report and the screenshot.

use crate::app::App;
use crate::options::Options;
use crate::signals::Signals;
use crate::store::{self, Store, write_whole};
use anyhow::{Context, anyhow, bail};
use bowerbird::Image;
use bowerbird::image::{FileFormat, WriteOptions};
use bowerbird_capture::SourceSpec;
use eframe::egui;
use eframe::egui_wgpu::{WgpuConfiguration, WgpuSetupCreateNew};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Size of the window when nothing else is known.
const SIZE: (f32, f32) = (1280.0, 800.0);

/// How long a screenshot is waited for.
const SCREENSHOT: Duration = Duration::from_secs(20);

/// Opens the window and runs the app until it is closed.
///
/// # Errors
/// A source or a recipe that cannot be read; no display; no graphics; a report or screenshot that cannot be written.
pub fn run(options: &Options) -> anyhow::Result<()> {
    // What was written wrongly is said before a window is opened.
    if let Some(source) = &options.source {
        source.parse::<SourceSpec>()?;
    }
    if let Some(recipe) = &options.recipe {
        store::load(recipe)?;
    }
    if cfg!(target_os = "linux") && !["DISPLAY", "WAYLAND_DISPLAY"].iter().any(|name| set(name)) {
        bail!(
            "there is no display to open a window on (DISPLAY and WAYLAND_DISPLAY are not set); \
             `bowerbird apply INPUT -r RECIPE -o OUTPUT` renders without one"
        );
    }
    let store = Store::of_user();
    let size = options.size.or(if options.fresh { None } else { store.session().window }).unwrap_or(SIZE);
    let native = eframe::NativeOptions {
        viewport: egui::ViewportBuilder::default()
            .with_title("Bowerbird")
            .with_app_id("bowerbird")
            .with_inner_size([size.0, size.1])
            .with_min_inner_size([320.0, 240.0])
            .with_drag_and_drop(true),
        persist_window: false,
        wgpu_options: graphics(),
        ..eframe::NativeOptions::default()
    };
    let failure = Arc::new(Mutex::new(None));
    let theirs = Arc::clone(&failure);
    let settings = options.clone();
    let outcome = eframe::run_native(
        "bowerbird",
        native,
        Box::new(move |creation| {
            let context = &creation.egui_ctx;
            let app = match &creation.wgpu_render_state {
                Some(window) => App::in_window(context, &settings, store, window.clone())?,
                None => App::new(context, &settings, store)?,
            };
            let signals = Signals::follow(context)?;
            Ok(Box::new(Window::new(app, settings, signals, theirs)))
        }),
    );
    outcome.map_err(|error| {
        anyhow!(
            "the window could not be opened: {error}; another driver may do better, as with WGPU_BACKEND set to \
             vulkan, dx12, metal or gl, and `bowerbird apply` renders without a window"
        )
    })?;
    let failure = failure.lock().unwrap_or_else(PoisonError::into_inner).take();
    failure.map_or(Ok(()), Err)
}

/// How the window's graphics device is opened: with what the engine profits from, too.
fn graphics() -> WgpuConfiguration {
    let mut setup = WgpuSetupCreateNew::without_display_handle();
    let theirs = Arc::clone(&setup.device_descriptor);
    setup.device_descriptor =
        Arc::new(move |adapter| bowerbird::gpu::wanted_device(adapter, &theirs(adapter).required_limits));
    WgpuConfiguration { wgpu_setup: setup.into(), ..eframe::NativeOptions::default().wgpu_options }
}

fn set(name: &str) -> bool {
    std::env::var_os(name).is_some_and(|value| !value.is_empty())
}

/// The app in its window.
struct Window {
    app: App,
    options: Options,
    signals: Signals,
    began: Instant,
    /// When a screenshot was asked for.
    asked: Option<Instant>,
    picture: Arc<Mutex<Option<Arc<egui::ColorImage>>>>,
    ended: bool,
    failure: Arc<Mutex<Option<anyhow::Error>>>,
}

impl Window {
    fn new(app: App, options: Options, signals: Signals, failure: Arc<Mutex<Option<anyhow::Error>>>) -> Self {
        let began = Instant::now();
        Self { app, options, signals, began, asked: None, picture: Arc::default(), ended: false, failure }
    }

    /// Ends by itself, when that was asked for.
    fn follow_clock(&mut self, context: &egui::Context) {
        let Some(seconds) = self.options.exit_after else { return };
        let end = self.began + Duration::try_from_secs_f64(seconds.max(0.0)).unwrap_or(Duration::MAX / 4);
        let now = Instant::now();
        if now < end {
            context.request_repaint_after(end - now);
            return;
        }
        if self.ended {
            return;
        }
        let Some(path) = self.options.screenshot.clone() else { return self.end(context) };
        let asked = *self.asked.get_or_insert_with(|| {
            let picture = Arc::clone(&self.picture);
            let context = context.clone();
            let repaint = context.clone();
            let callback = egui::ScreenshotCallback::new(move |image| {
                *picture.lock().unwrap_or_else(PoisonError::into_inner) = Some(image);
                repaint.request_repaint();
            });
            context.send_viewport_cmd(egui::ViewportCommand::Screenshot(callback));
            now
        });
        context.request_repaint();
        let picture = self.picture.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(picture) = picture {
            if let Err(error) = save(&picture, &path) {
                self.fail(error);
            }
            self.end(context);
        } else if asked.elapsed() > SCREENSHOT {
            self.fail(anyhow!("the window gave no screenshot"));
            self.end(context);
        }
    }

    /// Closes the window when it is told to and what is being written is written.
    fn follow_end(&mut self, context: &egui::Context) {
        if self.signals.came() {
            // Whoever sends a signal does not wait for pictures; nor does it wait for an answer.
            self.app.give_up_exports();
            context.send_viewport_cmd(egui::ViewportCommand::Close);
        } else if context.input(|input| input.viewport().close_requested()) {
            if !self.app.leave() {
                context.send_viewport_cmd(egui::ViewportCommand::CancelClose);
            }
        } else if self.app.may_leave() {
            context.send_viewport_cmd(egui::ViewportCommand::Close);
        }
    }

    fn fail(&self, error: anyhow::Error) {
        self.failure.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
    }

    fn end(&mut self, context: &egui::Context) {
        self.ended = true;
        context.send_viewport_cmd(egui::ViewportCommand::Close);
    }
}

fn save(picture: &egui::ColorImage, path: &Path) -> anyhow::Result<()> {
    let [width, height] = picture.size;
    let pixels = picture.pixels.iter().flat_map(|pixel| [pixel.r(), pixel.g(), pixel.b(), 255]).collect();
    let image = Image::from_rgba8(width as u32, height as u32, pixels)?;
    let bytes = image.encode(FileFormat::Png, &WriteOptions::default())?;
    write_whole(path, &bytes)
}

impl eframe::App for Window {
    fn ui(&mut self, ui: &mut egui::Ui, _: &mut eframe::Frame) {
        let context = ui.ctx().clone();
        self.app.show(ui);
        self.follow_clock(&context);
        self.follow_end(&context);
    }

    fn on_exit(&mut self) {
        if let Some(path) = &self.options.report {
            let text = format!("{:#}\n", self.app.figures());
            if let Err(error) = write_whole(path, text.as_bytes()).context("the report") {
                self.fail(error);
            }
        }
        self.app.finish();
    }
}
