//! The scopes' panel. The plots are made beside the interface; it draws them, with their axes.

use crate::app::App;
use crate::screen::color_image;
use bowerbird::Image;
use bowerbird_live::scope::{Scope, plot};
use bowerbird_live::{Aside, LiveError, Shown, Waker};
use eframe::egui::{self, Align2, Color32, FontId, Pos2, Rect, Stroke, TextureHandle, TextureOptions, Ui, Vec2};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// The height of a panel in which a histogram stands above the effects.
const LEAST: f32 = 280.0;

/// How long a histogram of what moves stands beside other things: counting every frame takes time
/// from the loop.
const LEISURE: Duration = Duration::from_millis(100);

/// A frame, and the plots that are wanted of it.
type Question = (Arc<Shown>, Vec<Scope>);

/// The state of the scopes.
pub(crate) struct Scopes {
    worker: Aside<Question, (Scope, Image)>,
    textures: HashMap<Scope, TextureHandle>,
    wanted: Vec<Scope>,
    /// The picture that was asked about last.
    asked: Option<(Instant, u64, u32)>,
    /// When it was.
    asked_at: Instant,
    /// Whether all that is wanted is a histogram beside other things.
    leisurely: bool,
    /// Whether what was drawn is of the picture that is shown.
    pub(crate) current: bool,
}

impl std::fmt::Debug for Scopes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Scopes").finish_non_exhaustive()
    }
}

impl Scopes {
    /// A worker that plots.
    ///
    /// # Errors
    /// The system gives no thread.
    pub(crate) fn new(waker: Waker) -> Result<Self, LiveError> {
        let worker = Aside::start("scopes", waker, |(shown, scopes): Question, desk| {
            for scope in scopes {
                // Where the picture stays on the graphics device, it comes to the processor here, once.
                if let Ok(Ok(image)) = shown.result().map(|result| plot(scope, result)) {
                    desk.answer((scope, image));
                }
            }
        })?;
        Ok(Self {
            worker,
            textures: HashMap::new(),
            wanted: Vec::new(),
            asked: None,
            asked_at: Instant::now(),
            leisurely: false,
            current: false,
        })
    }

    /// The overlay of what clips, and asks for the next.
    pub(crate) fn clipping_texture(&mut self) -> Option<egui::TextureId> {
        self.wanted.push(Scope::Clipping);
        self.textures.get(&Scope::Clipping).map(TextureHandle::id)
    }

    /// Takes what was plotted, and asks for what was drawn. Once a frame, after drawing.
    pub(crate) fn turn(&mut self, context: &egui::Context, shown: Option<&Arc<Shown>>) {
        let busy = self.worker.busy();
        for (scope, image) in self.worker.answers() {
            let image = color_image(&image);
            match self.textures.get_mut(&scope) {
                Some(texture) => texture.set(image, TextureOptions::LINEAR),
                None => {
                    self.textures.insert(scope, context.load_texture("scope", image, TextureOptions::LINEAR));
                }
            }
        }
        let wanted = std::mem::take(&mut self.wanted);
        let needed = shown.filter(|_| !wanted.is_empty());
        self.current = needed.is_none();
        let leisurely = std::mem::take(&mut self.leisurely) && wanted == [Scope::Histogram];
        let rests = |shown: &&Arc<Shown>| leisurely && shown.still.is_none() && self.asked_at.elapsed() < LEISURE;
        let Some(shown) = needed.filter(|shown| !busy && !rests(shown)) else { return };
        let picture = shown.identity();
        self.current = self.asked == Some(picture) && wanted.iter().all(|scope| self.textures.contains_key(scope));
        if !self.current {
            (self.asked, self.asked_at) = (Some(picture), Instant::now());
            self.worker.ask((Arc::clone(shown), wanted));
        }
    }
}

/// Where pure colors at 75 % are in a vectorscope: name, Cb and Cr in 8-bit codes, ITU-R BT.709.
fn targets() -> [(&'static str, f32, f32); 6] {
    [
        ("R", 1.0, 0.0, 0.0),
        ("Y", 1.0, 1.0, 0.0),
        ("G", 0.0, 1.0, 0.0),
        ("C", 0.0, 1.0, 1.0),
        ("B", 0.0, 0.0, 1.0),
        ("M", 1.0, 0.0, 1.0),
    ]
    .map(|(name, r, g, b)| {
        let y = 0.2126 * r + 0.7152 * g + 0.0722 * b;
        (name, 0.75 * (b - y) / 1.8556, 0.75 * (r - y) / 1.5748)
    })
}

impl App {
    /// Shows the scopes.
    pub(crate) fn show_scopes(&mut self, ui: &mut Ui) {
        egui::ScrollArea::vertical().auto_shrink([false, false]).show(ui, |ui| {
            ui.checkbox(&mut self.canvas.clipping, "Mark what clips on the picture (O)");
            for scope in [Scope::Histogram, Scope::Waveform, Scope::Parade, Scope::Vectorscope] {
                ui.add_space(4.0);
                ui.label(egui::RichText::new(scope.label()).small().strong());
                let height = match scope {
                    Scope::Vectorscope => (ui.available_width() - 4.0).min(230.0),
                    Scope::Histogram => 110.0,
                    _ => 130.0,
                };
                self.show_scope(ui, scope, height);
            }
        });
    }

    /// Shows a histogram above the effects, if it is wanted and they keep most of the room.
    pub(crate) fn show_histogram(&mut self, ui: &mut Ui) {
        if self.shows_histogram() && ui.available_height() > LEAST {
            self.scopes.leisurely = true;
            self.show_scope(ui, Scope::Histogram, 64.0);
        }
    }

    fn show_scope(&mut self, ui: &mut Ui, scope: Scope, height: f32) {
        self.scopes.wanted.push(scope);
        let width = ui.available_width() - 4.0;
        let (rect, response) = ui.allocate_exact_size(Vec2::new(width, height), egui::Sense::hover());
        crate::widgets::name(&response, scope.label());
        let painter = ui.painter_at(rect);
        painter.rect_filled(rect, 4.0, Color32::from_gray(0x10));
        let plot = if scope == Scope::Vectorscope {
            Rect::from_center_size(rect.center(), Vec2::splat(height - 8.0))
        } else {
            rect.shrink2(Vec2::new(4.0, 4.0))
        };
        let line = Stroke::new(1.0, Color32::from_gray(0x2c));
        if scope == Scope::Vectorscope {
            painter.hline(plot.x_range(), plot.center().y, line);
            painter.vline(plot.center().x, plot.y_range(), line);
            painter.circle_stroke(plot.center(), 0.375 * plot.width(), line);
        } else {
            for part in 0..=4 {
                let y = plot.top() + part as f32 / 4.0 * plot.height();
                painter.hline(plot.x_range(), y, line);
            }
        }
        if let Some(texture) = self.scopes.textures.get(&scope) {
            let whole = Rect::from_min_max(Pos2::ZERO, Pos2::new(1.0, 1.0));
            painter.image(texture.id(), plot, whole, Color32::WHITE);
        }
        let font = FontId::proportional(9.0);
        let gray = Color32::from_gray(0x90);
        match scope {
            Scope::Vectorscope => {
                for (name, cb, cr) in targets() {
                    let place = plot.center() + Vec2::new(cb, -cr) * plot.width();
                    painter.rect_stroke(
                        Rect::from_center_size(place, Vec2::splat(8.0)),
                        0.0,
                        Stroke::new(1.0, Color32::from_gray(0x70)),
                        egui::StrokeKind::Middle,
                    );
                    let out = (place - plot.center()).normalized() * 11.0;
                    painter.text(place + out, Align2::CENTER_CENTER, name, font.clone(), gray);
                }
            }
            Scope::Waveform | Scope::Parade => {
                for (part, text) in [(0.0, "100"), (0.5, "50"), (1.0, "0")] {
                    let align = if part == 1.0 { Align2::LEFT_BOTTOM } else { Align2::LEFT_TOP };
                    let place = Pos2::new(plot.left() + 2.0, plot.top() + part * plot.height());
                    painter.text(place, align, text, font.clone(), gray);
                }
            }
            _ => {}
        }
    }
}
