//! What the tests drive the app with.

use bowerbird::{Chain, Image, Recipe};
use bowerbird_desktop::{App, Cameras, Options, Store, SystemCameras, ThemeName};
use eframe::egui::{self, Event, Key, Modifiers, PointerButton, Vec2};
use eframe::egui_wgpu::RenderState;
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use egui_kittest::wgpu::WgpuTestRenderer;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// Longer than anything here takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(120);

/// Pixels that may differ between two software rasterizers: edges of glyphs.
const STRAY_PIXELS: usize = 400;

/// Codes by which a pixel may differ without counting as stray: blending is rounded in more ways than one.
const STRAY_CODES: u8 = 12;

/// Compares what is drawn with the picture of a name; `BLESS=1` writes it instead. Where they differ, three panels beside
/// it show what was expected, what was drawn, and where they differ.
pub(crate) fn compare(harness: &mut Harness<'_, Bench>, name: &str) {
    let drawn = harness.render().expect("a renderer");
    let (width, height) = drawn.dimensions();
    let drawn = Image::from_rgba8(width, height, drawn.into_raw()).unwrap();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/snapshots");
    let path = folder.join(format!("{name}.png"));
    if std::env::var_os("BLESS").is_some() {
        std::fs::create_dir_all(&folder).unwrap();
        drawn.save(&path).unwrap();
        return;
    }
    let expected = Image::open(&path).unwrap_or_else(|error| panic!("{error}; BLESS=1 writes it"));
    assert_eq!(expected.size(), drawn.size(), "{name}");
    let (a, b) = (expected.to_rgba8(), drawn.to_rgba8());
    let differs: Vec<bool> = a
        .chunks_exact(4)
        .zip(b.chunks_exact(4))
        .map(|(a, b)| (0..3).any(|c| a[c].abs_diff(b[c]) > STRAY_CODES))
        .collect();
    let strays = differs.iter().filter(|differs| **differs).count();
    if strays <= STRAY_PIXELS {
        return;
    }
    let mut panels = Vec::with_capacity(3 * a.len());
    let row = 4 * width as usize;
    for y in 0..height as usize {
        panels.extend_from_slice(&a[y * row..(y + 1) * row]);
        panels.extend_from_slice(&b[y * row..(y + 1) * row]);
        let marks = &differs[y * width as usize..(y + 1) * width as usize];
        panels.extend(marks.iter().flat_map(|differs| if *differs { [255, 0, 0, 255] } else { [0, 0, 0, 255] }));
    }
    let diff = folder.join(format!("{name}.diff.png"));
    Image::from_rgba8(3 * width, height, panels).unwrap().save(&diff).unwrap();
    panic!("{name}: {strays} pixels differ; see {}. BLESS=1 takes the new picture", diff.display());
}

pub(crate) struct Bench {
    pub(crate) app: Option<App>,
    pub(crate) options: Options,
    pub(crate) store: Store,
    /// The device that the app shares, if any.
    window: Option<RenderState>,
    /// The cameras there are.
    cameras: Arc<dyn Cameras>,
}

impl Bench {
    pub(crate) fn new(options: Options, store: Store) -> Self {
        Self { app: None, options, store, window: None, cameras: Arc::new(SystemCameras) }
    }
}

pub(crate) struct Rig {
    pub(crate) harness: Harness<'static, Bench>,
    pub(crate) folder: TempDir,
}

pub(crate) fn asset(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets").join(path)
}

/// A picture that packs well: a disc on stripes of color.
pub(crate) fn chart(folder: &Path) -> PathBuf {
    let (width, height) = (600_u32, 400_u32);
    let stripes = [[200, 60, 40], [210, 160, 60], [70, 150, 80], [50, 100, 170], [120, 80, 150], [180, 180, 180]];
    let pixels = (0..width * height).flat_map(|index| {
        let (x, y) = (index % width, index / width);
        let [r, g, b]: [u8; 3] = stripes[(x / 100) as usize];
        let shade = |v: u8| (u32::from(v) * (300 - y / 2) / 300) as u8;
        let inside = x.abs_diff(300).pow(2) + y.abs_diff(200).pow(2) < 120 * 120;
        if inside { [240, 236, 224, 255] } else { [shade(r), shade(g), shade(b), 255] }
    });
    let path = folder.join("chart.png");
    Image::from_rgba8(width, height, pixels.collect()).unwrap().save(&path).unwrap();
    path
}

pub(crate) fn recipe_file(folder: &Path, chain: Chain) -> PathBuf {
    let path = folder.join("recipe.json");
    Recipe::from_chain("Test", chain).save(&path).unwrap();
    path
}

impl Rig {
    pub(crate) fn new(change: impl FnOnce(&mut Options, &Path)) -> Self {
        Self::sized(Vec2::new(1280.0, 720.0), 1.0, change)
    }

    pub(crate) fn sized(size: Vec2, scale: f32, change: impl FnOnce(&mut Options, &Path)) -> Self {
        Self::build(size, scale, None, Arc::new(SystemCameras), change)
    }

    /// With cameras of the test's.
    pub(crate) fn with_cameras(cameras: Arc<dyn Cameras>, change: impl FnOnce(&mut Options, &Path)) -> Self {
        Self::build(Vec2::new(1280.0, 720.0), 1.0, None, cameras, change)
    }

    /// As in a window whose device the engine shares.
    pub(crate) fn on(window: RenderState, change: impl FnOnce(&mut Options, &Path)) -> Self {
        Self::build(Vec2::new(1280.0, 720.0), 1.0, Some(window), Arc::new(SystemCameras), change)
    }

    fn build(
        size: Vec2,
        scale: f32,
        window: Option<RenderState>,
        cameras: Arc<dyn Cameras>,
        change: impl FnOnce(&mut Options, &Path),
    ) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut options = Options {
            backend: bowerbird_desktop::BackendName::Cpu,
            file: Some(chart(folder.path())),
            theme: Some(ThemeName::Dark),
            ..Options::default()
        };
        change(&mut options, folder.path());
        let store = Store::at(folder.path().join("config"));
        let renderer = window.clone().map(WgpuTestRenderer::from_render_state);
        let bench = Bench { window, cameras, ..Bench::new(options, store) };
        let builder = Harness::builder();
        let builder = match renderer {
            Some(renderer) => builder.renderer(renderer),
            None => builder,
        };
        let harness = builder
            .with_size(size)
            .with_pixels_per_point(scale)
            .with_os(egui::os::OperatingSystem::Nix)
            .with_wait_for_pending_images(false)
            .build_ui_state(
                |ui, bench: &mut Bench| {
                    let app = bench.app.get_or_insert_with(|| {
                        let (options, store) = (&bench.options, bench.store.clone());
                        let app = match &bench.window {
                            Some(window) => App::in_window(ui.ctx(), options, store, window.clone()),
                            None => App::with_cameras(ui.ctx(), options, store, Arc::clone(&bench.cameras)),
                        };
                        app.unwrap().without_system_dialogs()
                    });
                    app.show(ui);
                },
                bench,
            );
        let mut rig = Self { harness, folder };
        rig.settle();
        rig
    }

    pub(crate) fn app(&self) -> &App {
        self.harness.state().app.as_ref().unwrap()
    }

    /// Draws until something holds.
    pub(crate) fn until(&mut self, what: &str, holds: impl Fn(&Self) -> bool) {
        let begin = Instant::now();
        loop {
            self.harness.step();
            if holds(self) {
                return;
            }
            assert!(begin.elapsed() < PATIENCE, "{what} did not come to be; {:?}", self.app().problems());
            std::thread::park_timeout(Duration::from_millis(2));
        }
    }

    /// Draws until everything in sight is made from what is asked for.
    pub(crate) fn settle(&mut self) {
        self.until("a settled picture", |rig| rig.app().settled());
        self.harness.run_steps(3);
        self.until("a settled picture", |rig| rig.app().settled());
        self.harness.run_steps(2);
    }

    pub(crate) fn click(&mut self, label: &str) {
        self.harness.get_by_label(label).click();
        self.harness.run_steps(4);
    }

    pub(crate) fn press(&mut self, key: Key) {
        self.harness.key_press(key);
        self.harness.run_steps(4);
    }

    /// Presses and releases a button of the pointer somewhere.
    pub(crate) fn click_at(&mut self, pos: egui::Pos2, button: PointerButton) {
        for pressed in [true, false] {
            self.harness.event(Event::PointerMoved(pos));
            self.harness.event(Event::PointerButton { pos, button, pressed, modifiers: Modifiers::NONE });
            self.harness.run_steps(2);
        }
        self.harness.run_steps(2);
    }

    /// Drags the pointer from one place to another, in steps.
    pub(crate) fn drag(&mut self, from: egui::Pos2, by: Vec2) {
        self.harness.drag_at(from);
        self.harness.run_steps(2);
        for part in 1..=4 {
            self.harness.hover_at(from + by * (part as f32 / 4.0));
            self.harness.run_steps(2);
        }
        self.harness.drop_at(from + by);
        self.harness.run_steps(3);
    }

    pub(crate) fn ids(&self) -> Vec<&'static str> {
        let steps = self.app().recipe().chain().steps().iter();
        steps.filter_map(|step| Some(step.effect()?.info().id)).collect()
    }

    pub(crate) fn value(&self, step: usize, name: &str) -> serde_json::Value {
        let effect = self.app().recipe().chain().steps()[step].effect().unwrap();
        effect.fields().find(|(field, _)| field.name == name).unwrap().1.to_json()
    }

    pub(crate) fn picture(&mut self, name: &str) {
        self.harness.remove_cursor();
        self.settle();
        compare(&mut self.harness, name);
    }
}
