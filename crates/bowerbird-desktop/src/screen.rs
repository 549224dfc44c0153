//! The pictures on the screen: textures that the engine's thread fills, so that the interface only draws them.

use bowerbird::Image;
use bowerbird::image::Pixels;
use bowerbird_live::{Output, Shown};
use eframe::egui::{self, Color32, ColorImage, TextureHandle, TextureOptions};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// Much enlarged, pixels are squares; else they are interpolated, so that a coarse rendering is soft and not blocky.
const fn options(pixelated: bool) -> TextureOptions {
    TextureOptions {
        magnification: if pixelated { egui::TextureFilter::Nearest } else { egui::TextureFilter::Linear },
        minification: egui::TextureFilter::Linear,
        wrap_mode: egui::TextureWrapMode::ClampToEdge,
        mipmap_mode: None,
    }
}

/// A texture, and the picture in it: how it is enlarged may change without a new one.
struct Texture {
    handle: TextureHandle,
    image: Arc<ColorImage>,
}

impl Texture {
    fn new(context: &egui::Context, name: &str, image: ColorImage, options: TextureOptions) -> Self {
        let image = Arc::new(image);
        Self { handle: context.load_texture(name, Arc::clone(&image), options), image }
    }

    fn set(&mut self, image: ColorImage, options: TextureOptions) {
        self.image = Arc::new(image);
        self.handle.set(Arc::clone(&self.image), options);
    }
}

/// The two textures of the canvas: what goes in, and what comes out.
#[derive(Clone)]
pub(crate) struct Screen {
    context: egui::Context,
    textures: Arc<Mutex<Option<[Texture; 2]>>>,
    pixelated: Arc<AtomicBool>,
}

impl std::fmt::Debug for Screen {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Screen").finish_non_exhaustive()
    }
}

impl Screen {
    /// Nothing, until the first frame.
    pub(crate) fn new(context: &egui::Context) -> Self {
        Self { context: context.clone(), textures: Arc::default(), pixelated: Arc::default() }
    }

    /// What fills the textures, for the engine's thread.
    pub(crate) fn output(&self) -> Output {
        let screen = self.clone();
        // A source that is still the same picture is not filled again.
        let mut last: Option<Arc<Image>> = None;
        Box::new(move |shown: &Shown| {
            let result = color_image(&shown.result);
            let same = last.as_ref().is_some_and(|last| Arc::ptr_eq(last, &shown.source) && shown.still);
            let source = (!same).then(|| color_image(&shown.source));
            last = shown.still.then(|| Arc::clone(&shown.source));
            let options = options(screen.pixelated.load(Ordering::Relaxed));
            let mut textures = screen.textures.lock().unwrap_or_else(PoisonError::into_inner);
            match (&mut *textures, source) {
                (Some([before, after]), source) => {
                    after.set(result, options);
                    if let Some(source) = source {
                        before.set(source, options);
                    }
                }
                (None, source) => {
                    let before = source.unwrap_or_else(|| color_image(&shown.source));
                    *textures = Some([
                        Texture::new(&screen.context, "source", before, options),
                        Texture::new(&screen.context, "result", result, options),
                    ]);
                }
            }
            Ok(())
        })
    }

    /// Whether pixels are shown as squares.
    pub(crate) fn set_pixelated(&self, pixelated: bool) {
        let mut textures = self.textures.lock().unwrap_or_else(PoisonError::into_inner);
        if self.pixelated.swap(pixelated, Ordering::Relaxed) != pixelated {
            for Texture { handle, image } in textures.iter_mut().flatten() {
                handle.set(Arc::clone(image), options(pixelated));
            }
        }
    }

    /// The longest side that a texture may have.
    pub(crate) fn largest_side(&self) -> usize {
        self.context.input(|input| input.max_texture_side)
    }

    /// The textures of the source and of the result, if there was a frame.
    pub(crate) fn textures(&self) -> Option<[egui::TextureId; 2]> {
        let textures = self.textures.lock().unwrap_or_else(PoisonError::into_inner);
        textures.as_ref().map(|[before, after]| [before.handle.id(), after.handle.id()])
    }
}

/// A picture for egui: 8-bit codes, premultiplied where it has alpha.
pub(crate) fn color_image(image: &Image) -> ColorImage {
    let size = [image.width() as usize, image.height() as usize];
    let Pixels::U8(rgba) = image.pixels() else { return ColorImage::filled([1, 1], Color32::TRANSPARENT) };
    let pixels = rgba.as_chunks::<4>().0.iter().map(|[r, g, b, a]| {
        if *a == 255 { Color32::from_rgb(*r, *g, *b) } else { Color32::from_rgba_unmultiplied(*r, *g, *b, *a) }
    });
    ColorImage::new(size, pixels.collect())
}
