//! The pixel under the pointer.
//!
//! Where the picture stays on the graphics device, the one pixel is fetched beside the interface, and what is shown is the
//! newest that came.

use crate::app::App;
use bowerbird::image::Pixels;
use bowerbird_live::{Aside, LiveError, Shown, Waker};
use eframe::egui::{Color32, FontId, Pos2, Rect, Response, Ui, Vec2};
use std::sync::Arc;
use std::time::Instant;

/// A frame, and a column and a row of it.
type Question = (Arc<Shown>, (u32, u32));

/// Of which rendering (when its frame came in, its intent and its scale), and where. The memory of a frame is used again,
/// so its address would not tell.
type Asked = ((Instant, u64, u32), (u32, u32));

/// Fetches pixels.
#[derive(Debug)]
pub(crate) struct Probe {
    worker: Aside<Question, [u8; 4]>,
    asked: Option<Asked>,
    newest: Option<[u8; 4]>,
}

impl Probe {
    /// A worker that fetches.
    ///
    /// # Errors
    /// The system gives no thread.
    pub(crate) fn new(waker: Waker) -> Result<Self, LiveError> {
        let worker = Aside::start("probe", waker, |(shown, (x, y)): Question, desk| {
            // Of a device that was lost there is none; the next frame is the processor's.
            if let Some(Ok(pixel)) = shown.picture().map(|picture| picture.texel(x, y)) {
                desk.answer(pixel);
            }
        })?;
        Ok(Self { worker, asked: None, newest: None })
    }

    /// The pixel of a result, at fractions of its sides.
    fn look(&mut self, shown: &Arc<Shown>, at: Vec2) -> Option<[u8; 4]> {
        if let Some(image) = shown.pixels() {
            return pixel(image, at);
        }
        self.newest = self.worker.answers().pop().or(self.newest);
        let place = place(shown.size(), at);
        let question = (shown.identity(), place);
        if self.asked != Some(question) && !self.worker.busy() {
            self.asked = Some(question);
            self.worker.ask((Arc::clone(shown), place));
        }
        self.newest
    }
}

/// The column and row at fractions of a picture's sides.
fn place((width, height): (u32, u32), at: Vec2) -> (u32, u32) {
    let along = |part: f32, side: u32| ((part * side as f32) as u32).min(side.saturating_sub(1));
    (along(at.x, width), along(at.y, height))
}

fn pixel(image: &bowerbird::Image, at: Vec2) -> Option<[u8; 4]> {
    let Pixels::U8(rgba) = image.pixels() else { return None };
    let (x, y) = place(image.size(), at);
    let index = y as usize * image.width() as usize + x as usize;
    rgba.as_chunks::<4>().0.get(index).copied()
}

impl App {
    /// The values under the pointer, in a corner.
    pub(crate) fn show_inspector(&mut self, ui: &Ui, response: &Response, canvas: Rect, picture: Rect) {
        let Some(shown) = self.shown.clone() else { return };
        let Some(at) = response.hover_pos().filter(|pos| picture.contains(*pos)) else { return };
        let at = (at - picture.min) / picture.size();
        let (Some(after), Some(before)) = (self.probe.look(&shown, at), pixel(&shown.source, at)) else { return };
        let x = (at.x * shown.full_result.0 as f32) as u32;
        let y = (at.y * shown.full_result.1 as f32) as u32;
        let rgb = |[r, g, b, _]: [u8; 4]| format!("{r:>3} {g:>3} {b:>3}");
        let text = format!("{x:>5}, {y:<5}  {} → {}", rgb(before), rgb(after));
        let painter = ui.painter_at(canvas);
        let font = FontId::monospace(11.0);
        let galley = painter.layout_no_wrap(text, font, Color32::from_gray(0xe4));
        let pad = Vec2::new(8.0, 4.0);
        let swatch = Vec2::splat(14.0);
        let size = galley.size() + 2.0 * pad + Vec2::new(2.0 * swatch.x + 8.0, 0.0);
        let rect = Rect::from_min_size(Pos2::new(canvas.left() + 8.0, canvas.top() + 8.0), size);
        painter.rect_filled(rect, 4.0, Color32::from_black_alpha(190));
        let text_at = Pos2::new(rect.left() + pad.x + 2.0 * swatch.x + 8.0, rect.center().y - 0.5 * galley.size().y);
        painter.galley(text_at, galley, Color32::WHITE);
        for (index, [r, g, b, _]) in [before, after].into_iter().enumerate() {
            let corner = Pos2::new(rect.left() + pad.x + index as f32 * swatch.x, rect.center().y - 0.5 * swatch.y);
            painter.rect_filled(Rect::from_min_size(corner, swatch), 0.0, Color32::from_rgb(r, g, b));
        }
    }
}
