//! Thumbnails: textures by key, made in idle time for what is in sight.
//!
//! Whoever draws asks with [`Thumbs::show`]. What was asked for in a frame and is older than the picture is made next;
//! what is out of sight is not made at all.

use crate::icon::Icon;
use crate::screen::color_image;
use bowerbird::Chain;
use bowerbird_live::{Gallery, GalleryRequest, Shown};
use eframe::egui::{self, Color32, Pos2, Rect, TextureHandle, TextureOptions};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// What a thumbnail is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Key {
    /// A look of the strip.
    Look(u16),
    /// An effect of the catalogue.
    Effect(u16),
    /// A cell of the sheet.
    Cell(u16),
}

impl Key {
    fn number(self) -> u64 {
        match self {
            Self::Look(index) => u64::from(index),
            Self::Effect(index) => 1 << 32 | u64::from(index),
            Self::Cell(index) => 2 << 32 | u64::from(index),
        }
    }

    fn from_number(number: u64) -> Self {
        let index = number as u16;
        match number >> 32 {
            0 => Self::Look(index),
            1 => Self::Effect(index),
            _ => Self::Cell(index),
        }
    }
}

/// How often thumbnails of a moving picture are made anew.
const PERIOD: Duration = Duration::from_millis(900);

struct Entry {
    texture: Option<TextureHandle>,
    /// Which chain and picture it shows: the chain's address, the picture's number.
    of: Option<(usize, u64)>,
    asked: Option<(usize, u64)>,
    problem: Option<String>,
    /// Kept so that its address is not another chain's.
    chain: Arc<Chain>,
}

/// What tells the pictures that thumbnails are made of apart; a moving one is the same for a while.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Seen {
    still: Option<u64>,
    /// A picture that does not move comes finer when nothing is being changed.
    divisor: Option<u32>,
    size: (u32, u32),
}

/// All thumbnails.
pub(crate) struct Thumbs {
    gallery: Gallery,
    entries: HashMap<Key, Entry>,
    wanted: Vec<(Key, Arc<Chain>, u32)>,
    picture: u64,
    since: Option<Instant>,
    last: Option<Seen>,
    /// Whether something in sight is old and not asked for yet.
    more: bool,
}

impl std::fmt::Debug for Thumbs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Thumbs").field("entries", &self.entries.len()).finish_non_exhaustive()
    }
}

impl Thumbs {
    /// No thumbnails.
    pub(crate) fn new(gallery: Gallery) -> Self {
        Self { gallery, entries: HashMap::new(), wanted: Vec::new(), picture: 0, since: None, last: None, more: false }
    }

    /// Draws a thumbnail into a rectangle, filling it, and asks for it.
    pub(crate) fn show(&mut self, ui: &egui::Ui, rect: Rect, key: Key, chain: &Arc<Chain>) {
        let pixels = (rect.width().max(rect.height()) * ui.pixels_per_point()) as u32;
        self.wanted.push((key, Arc::clone(chain), pixels));
        let painter = ui.painter_at(rect);
        painter.rect_filled(rect, 4.0, ui.visuals().extreme_bg_color);
        let entry = self.entries.get(&key);
        let problem = entry.is_some_and(|entry| entry.problem.is_some());
        if let Some(texture) = entry.and_then(|entry| entry.texture.as_ref()) {
            let size = texture.size_vec2();
            // The part in the middle that has the rectangle's shape.
            let part = (rect.size() / size) / (rect.size() / size).max_elem();
            let uv = Rect::from_center_size(Pos2::new(0.5, 0.5), part);
            let image = egui::Shape::Rect(
                egui::epaint::RectShape::filled(rect, 4.0, Color32::WHITE).with_texture(texture.id(), uv),
            );
            painter.add(image);
        } else if problem {
            let color = ui.visuals().weak_text_color();
            painter.text(
                rect.center(),
                egui::Align2::CENTER_CENTER,
                "no preview",
                egui::FontId::proportional(11.0),
                color,
            );
        } else {
            Icon::Picture.paint(&painter, rect, ui.visuals().weak_text_color().gamma_multiply(0.6));
        }
    }

    /// Forgets the thumbnails of a kind, as when a list is another one.
    pub(crate) fn forget(&mut self, kind: impl Fn(&Key) -> bool) {
        self.entries.retain(|key, _| !kind(key));
    }

    /// Takes what was made, and asks for what was drawn and is old. Once a frame, after drawing.
    pub(crate) fn turn(&mut self, context: &egui::Context, shown: Option<&Arc<Shown>>) {
        for thumbnail in self.gallery.answers() {
            let Some(entry) = self.entries.get_mut(&Key::from_number(thumbnail.key)) else { continue };
            entry.of = entry.asked;
            match thumbnail.image {
                Ok(image) => {
                    let image = color_image(&image);
                    entry.problem = None;
                    match &mut entry.texture {
                        Some(texture) => texture.set(image, TextureOptions::LINEAR),
                        None => entry.texture = Some(context.load_texture("thumbnail", image, TextureOptions::LINEAR)),
                    }
                }
                Err(problem) => (entry.problem, entry.texture) = (Some(problem), None),
            }
        }
        let wanted = std::mem::take(&mut self.wanted);
        let Some(shown) = shown.filter(|_| !wanted.is_empty()) else { return };
        let now = Instant::now();
        let seen = Seen { still: shown.still, divisor: shown.still.map(|_| shown.divisor), size: shown.full };
        let is_new = self.last != Some(seen);
        let old = shown.still.is_none() && self.since.is_none_or(|since| now.duration_since(since) > PERIOD);
        if is_new || old {
            self.picture += 1;
            self.since = Some(now);
            self.last = Some(seen);
        }
        if self.gallery.busy() {
            return;
        }
        let (mut items, mut never_seen) = (Vec::new(), 0);
        self.more = false;
        // One size a request, so that a thumbnail is the same whatever else is in sight.
        let mut width = None;
        for (key, chain, pixels) in wanted {
            let of = (Arc::as_ptr(&chain) as usize, self.picture);
            let entry = self.entries.entry(key).or_insert_with(|| Entry {
                texture: None,
                of: None,
                asked: None,
                problem: None,
                chain: Arc::clone(&chain),
            });
            let old = entry.of != Some(of);
            self.more |= old && width.is_some_and(|width| width != pixels);
            if old && width.is_none_or(|width| width == pixels) {
                entry.asked = Some(of);
                entry.chain = Arc::clone(&chain);
                // What was never seen comes first, in the order in which it is drawn.
                let unseen = entry.texture.is_none();
                items.insert(if unseen { never_seen } else { items.len() }, (key.number(), chain));
                never_seen += usize::from(unseen);
                width = Some(pixels);
            }
        }
        if !items.is_empty() {
            let width = width.unwrap_or_default();
            let request =
                GalleryRequest { generation: self.picture, shown: Arc::clone(shown), width, items, idle: true };
            self.gallery.ask(request);
        }
    }

    /// Whether everything that was asked for is made.
    pub(crate) fn settled(&self) -> bool {
        !self.gallery.busy() && !self.more
    }
}
