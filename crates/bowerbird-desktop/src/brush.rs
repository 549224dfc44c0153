//! Masks painted on the picture.
//!
//! A painted mask is a picture among the recipe's assets and an `mask_image` over it, so it is saved with the recipe and
//! every front end renders it. It is painted at a thousand pixels or so, and stretched.

use crate::app::App;
use crate::theme;
use bowerbird::effects::MaskImage;
use bowerbird::param::Asset;
use bowerbird::{ChainStep, Image, image::Pixels};
use eframe::egui::{self, Color32, CursorIcon, Pos2, Rect, Response, Stroke, TextureHandle, Ui, Vec2};
use std::sync::Arc;

/// The longer side of a painted mask.
const SIDE: u32 = 1024;

/// Radii of a brush, in fractions of the picture's shorter side.
const SIZES: (f32, f32) = (0.005, 0.4);

/// A brush, and the mask it paints.
pub(crate) struct Brush {
    /// The mask's name, its asset's too.
    pub mask: String,
    /// Radius in fractions of the picture's shorter side.
    pub radius: f32,
    /// How soft the edge is, 0..1.
    pub softness: f32,
    /// Whether it takes away.
    pub erase: bool,
    /// Whether what is covered is shown in red.
    pub shows: bool,
    /// Luma of the mask.
    pixels: Vec<u8>,
    size: (u32, u32),
    /// The picture in the recipe that the pixels are of.
    image: Option<Arc<Image>>,
    last: Option<Vec2>,
    /// What is covered, and of which picture that was made.
    overlay: Option<(TextureHandle, Option<Arc<Image>>)>,
}

impl std::fmt::Debug for Brush {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Brush").field("mask", &self.mask).field("radius", &self.radius).finish_non_exhaustive()
    }
}

impl Brush {
    /// A brush on a mask, which is empty if it is new.
    fn new(mask: &str, picture: (u32, u32), old: Option<Arc<Image>>) -> Self {
        let longer = picture.0.max(picture.1).max(1);
        let scale = |side: u32| (u64::from(side) * u64::from(SIDE.min(longer)) / u64::from(longer)).max(1) as u32;
        let size = (scale(picture.0), scale(picture.1));
        let pixels = vec![0; size.0 as usize * size.1 as usize];
        let (mask, last) = (mask.to_owned(), None);
        let (radius, softness, erase, shows) = (0.06, 0.6, false, true);
        let (image, overlay) = (None, None);
        let mut brush = Self { mask, radius, softness, erase, shows, pixels, size, image, last, overlay };
        brush.follow(old);
        brush
    }

    /// Takes over what the mask is by now, as after a stroke was undone.
    fn follow(&mut self, image: Option<Arc<Image>>) {
        let same = self.image.as_ref().zip(image.as_ref()).is_some_and(|(a, b)| Arc::ptr_eq(a, b));
        if let Some(image) = image.filter(|_| !same) {
            if let Pixels::U8(rgba) = image.pixels() {
                self.size = image.size();
                self.pixels = rgba.as_chunks::<4>().0.iter().map(|pixel| pixel[0]).collect();
                self.last = None;
            }
            self.image = Some(image);
        }
    }

    /// Paints from one point to another, in fractions of the picture.
    fn stroke(&mut self, from: Vec2, to: Vec2) {
        let size = Vec2::new(self.size.0 as f32, self.size.1 as f32);
        let radius = (self.radius * size.min_elem()).max(0.5);
        let (from, to) = (from * size, to * size);
        let steps = ((to - from).length() / (radius * 0.2).max(0.5)).ceil().max(1.0) as u32;
        for step in 0..=steps {
            self.dab(from + (to - from) * (step as f32 / steps as f32), radius);
        }
    }

    fn dab(&mut self, center: Vec2, radius: f32) {
        let (width, height) = (self.size.0 as usize, self.size.1 as usize);
        let range = |at: f32, most: usize| {
            ((at - radius).floor().max(0.0) as usize)..((at + radius).ceil().max(0.0) as usize + 1).min(most)
        };
        for y in range(center.y, height) {
            for x in range(center.x, width) {
                let distance = (Vec2::new(x as f32 + 0.5, y as f32 + 0.5) - center).length() / radius;
                let hard = 1.0 - self.softness.clamp(0.0, 0.99);
                let t = ((1.0 - distance) / (1.0 - hard)).clamp(0.0, 1.0);
                let cover = (t * t * (3.0 - 2.0 * t) * 255.0) as u8;
                let pixel = &mut self.pixels[y * width + x];
                *pixel = if self.erase { (*pixel).min(255 - cover) } else { (*pixel).max(cover) };
            }
        }
    }

    /// Makes it larger or smaller.
    pub(crate) fn resize(&mut self, factor: f32) {
        self.radius = (self.radius * factor).clamp(SIZES.0, SIZES.1);
    }

    /// What is covered, in red, as a texture.
    fn overlay(&mut self, context: &egui::Context) -> egui::TextureId {
        let current = |made: &Option<Arc<Image>>| match (made, &self.image) {
            (Some(a), Some(b)) => Arc::ptr_eq(a, b),
            (None, None) => true,
            _ => false,
        };
        if let Some((texture, made)) = &self.overlay
            && current(made)
        {
            return texture.id();
        }
        let red = |cover: &u8| Color32::from_rgba_unmultiplied(0xff, 0x20, 0x20, (u16::from(*cover) * 2 / 5) as u8);
        let size = [self.size.0 as usize, self.size.1 as usize];
        let image = egui::ColorImage::new(size, self.pixels.iter().map(red).collect());
        let made = self.image.clone();
        if let Some((texture, of)) = &mut self.overlay {
            texture.set(image, egui::TextureOptions::LINEAR);
            *of = made;
            return texture.id();
        }
        let texture = context.load_texture("mask", image, egui::TextureOptions::LINEAR);
        self.overlay.insert((texture, made)).0.id()
    }

    /// The mask as a picture, which is the recipe's from now on.
    fn paint(&mut self) -> Option<Arc<Image>> {
        let rgba = self.pixels.iter().flat_map(|v| [*v, *v, *v, 255]).collect();
        self.image = Image::from_rgba8(self.size.0, self.size.1, rgba).ok().map(Arc::new);
        self.image.clone()
    }
}

impl App {
    /// Gives a step a painted mask, and takes the brush.
    pub(crate) fn paint_on(&mut self, index: usize) {
        let Some(shown) = &self.shown else { return };
        let picture = shown.full_result;
        let Some(step) = self.document.steps().get(index) else { return };
        let chain = self.document.recipe().chain();
        let painted = step.mask().filter(|name| {
            chain.mask(name).is_some_and(|steps| {
                steps.len() == 1 && steps[0].effect().is_some_and(|effect| effect.info().id == "mask_image")
            })
        });
        let name = painted.map_or_else(
            || {
                let free = (1..).map(|n| format!("painted_{n}"));
                let mut free = free.filter(|name| chain.mask(name).is_none() && !chain.assets().contains(name));
                free.next().unwrap_or_default()
            },
            str::to_owned,
        );
        let old = chain.assets().picture(&name);
        let mut brush = Brush::new(&name, picture, old);
        if painted.is_none()
            && let Some(image) = brush.paint()
        {
            self.document.edit("Paint a mask", |recipe| {
                let chain = recipe.chain_mut();
                chain.assets_mut().insert(name.clone(), image);
                let mask = MaskImage { image: Asset(name.clone()), ..MaskImage::default() };
                chain.masks_mut().insert(name.clone(), vec![ChainStep::new(mask)]);
                chain.steps_mut()[index].set_mask(Some(name.clone()));
            });
            self.document.settle();
        }
        self.canvas.pick(None);
        self.canvas.brush = Some(brush);
    }

    /// Paints where the pointer is dragged, and shows the brush.
    pub(crate) fn paint_mask(&mut self, ui: &Ui, response: &Response, canvas: Rect, picture: Rect) {
        let Some(brush) = &mut self.canvas.brush else { return };
        let chain = self.document.recipe().chain();
        // Undoing, a look or deleting the step may have taken the mask away.
        if !chain.steps().iter().any(|step| step.mask() == Some(&brush.mask)) {
            self.canvas.brush = None;
            return;
        }
        brush.follow(chain.assets().picture(&brush.mask));
        let space = ui.input(|input| input.key_down(egui::Key::Space));
        let at = |pos: Pos2| (pos - picture.min) / picture.size();
        let mut painted = None;
        if !space
            && response.is_pointer_button_down_on()
            && let Some(pos) = response.interact_pointer_pos()
        {
            let point = at(pos);
            let from = brush.last.unwrap_or(point);
            brush.stroke(from, point);
            brush.last = Some(point);
            painted = brush.paint().map(|image| (brush.mask.clone(), image));
        } else {
            brush.last = None;
        }
        let painter = ui.painter_at(canvas);
        if brush.shows {
            let whole = Rect::from_min_max(Pos2::ZERO, Pos2::new(1.0, 1.0));
            painter.image(brush.overlay(ui.ctx()), picture, whole, Color32::WHITE);
        }
        if let Some(pos) = response.hover_pos() {
            ui.ctx().set_cursor_icon(CursorIcon::None);
            let radius = brush.radius * picture.size().min_elem();
            let color = if brush.erase { theme::BAD } else { Color32::WHITE };
            painter.circle_stroke(pos, radius, Stroke::new(2.5, Color32::from_black_alpha(130)));
            painter.circle_stroke(pos, radius, Stroke::new(1.2, color));
            painter.circle_stroke(pos, radius * (1.0 - brush.softness), Stroke::new(0.6, color));
        }
        if let Some((name, image)) = painted {
            self.document.edit("Paint a mask", |recipe| recipe.chain_mut().assets_mut().insert(name, image));
        }
    }

    /// The brush's controls, in a bar over the canvas.
    pub(crate) fn show_brush_bar(&mut self, ui: &mut Ui) {
        let Some(brush) = &mut self.canvas.brush else { return };
        let mut done = false;
        ui.set_min_width(ui.available_width());
        ui.horizontal_wrapped(|ui| {
            ui.strong("Painting a mask");
            ui.separator();
            ui.spacing_mut().slider_width = 90.0;
            ui.label("Size");
            let radius =
                ui.add(egui::Slider::new(&mut brush.radius, SIZES.0..=SIZES.1).logarithmic(true).show_value(false));
            crate::widgets::name(&radius, "Brush size");
            ui.label("Softness");
            let softness = ui.add(egui::Slider::new(&mut brush.softness, 0.0..=1.0).show_value(false));
            crate::widgets::name(&softness, "Brush softness");
            ui.checkbox(&mut brush.erase, "Erase");
            ui.checkbox(&mut brush.shows, "Show the mask").on_hover_text("In red, where the effect is");
            done = ui.button("Done").on_hover_text("Enter, or Esc").clicked();
        });
        if done {
            self.canvas.brush = None;
            self.document.settle();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stroke_covers_its_way_and_erasing_takes_it_back() {
        let mut brush = Brush::new("m", (200, 100), None);
        assert_eq!(brush.size, (200, 100));
        (brush.radius, brush.softness) = (0.1, 0.0);
        brush.stroke(Vec2::new(0.25, 0.5), Vec2::new(0.75, 0.5));
        let value = |brush: &Brush, x: usize, y: usize| brush.pixels[y * 200 + x];
        assert_eq!([value(&brush, 50, 50), value(&brush, 100, 50), value(&brush, 100, 20)], [255, 255, 0]);
        brush.erase = true;
        brush.stroke(Vec2::new(0.5, 0.5), Vec2::new(0.5, 0.5));
        assert_eq!([value(&brush, 50, 50), value(&brush, 100, 50)], [255, 0]);
    }

    #[test]
    fn strokes_beyond_the_picture_are_harmless() {
        let mut brush = Brush::new("m", (3, 5000), None);
        assert_eq!(brush.size, (1, 1024));
        brush.stroke(Vec2::new(-3.0, -3.0), Vec2::new(4.0, 9.0));
    }
}
