//! The pictures on the screen: textures that the engine's thread fills, so that the interface only draws them; or, where
//! the engine renders on the window's device, the engine's own, which nobody fills.

use bowerbird::Image;
use bowerbird::gpu::SharedDevice;
use bowerbird::image::Pixels;
use bowerbird_live::{Output, Shown};
use eframe::egui::{self, Color32, ColorImage, TextureFilter, TextureHandle, TextureId, TextureOptions};
use eframe::egui_wgpu::RenderState;
use eframe::wgpu::{FilterMode, SamplerDescriptor};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// Much enlarged, pixels are squares; else they are interpolated, so that a coarse rendering is soft and not blocky.
const fn options(pixelated: bool) -> TextureOptions {
    TextureOptions {
        magnification: if pixelated { TextureFilter::Nearest } else { TextureFilter::Linear },
        minification: TextureFilter::Linear,
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

/// The textures that the engine's thread fills.
#[derive(Clone)]
struct Filled {
    context: egui::Context,
    /// What goes in, and what comes out, where they are wanted.
    textures: Arc<Mutex<[Option<Texture>; 2]>>,
    pixelated: Arc<AtomicBool>,
    /// Whether what goes in is drawn.
    compares: Arc<AtomicBool>,
}

/// What the canvas draws: textures that are filled, and those that come from a device that is shared with the window.
pub(crate) struct Screen {
    filled: Filled,
    window: Option<RenderState>,
    /// The texture that stands for the newest frame on the window's device.
    native: Option<TextureId>,
    /// Whether the newest frame is there.
    on_device: bool,
}

impl std::fmt::Debug for Screen {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Screen").finish_non_exhaustive()
    }
}

impl Screen {
    /// Nothing, until the first frame.
    pub(crate) fn new(context: &egui::Context) -> Self {
        let filled = Filled {
            context: context.clone(),
            textures: Arc::default(),
            pixelated: Arc::default(),
            compares: Arc::default(),
        };
        Self { filled, window: None, native: None, on_device: false }
    }

    /// The same in a window, whose device can be shared.
    pub(crate) fn of_window(context: &egui::Context, window: RenderState) -> Self {
        Self { window: Some(window), ..Self::new(context) }
    }

    /// The window's device, for the engine.
    pub(crate) fn device(&self) -> Option<SharedDevice> {
        let RenderState { adapter, device, queue, .. } = self.window.as_ref()?;
        Some(SharedDevice::new(adapter, device.clone(), queue.clone()))
    }

    /// What fills the textures, for the engine's thread.
    pub(crate) fn output(&self) -> Output {
        let Filled { context, textures, pixelated, compares } = self.filled.clone();
        // A source that is still the same picture is not filled again.
        let mut last: Option<Arc<Image>> = None;
        Box::new(move |shown: &Shown| {
            // On a shared device nothing is filled but what somebody compares with.
            let on_device = shown.picture().is_some();
            let wanted = !on_device || compares.load(Ordering::Relaxed);
            let same = last.as_ref().is_some_and(|last| Arc::ptr_eq(last, &shown.source) && shown.still.is_some());
            let before = (wanted && !same).then(|| color_image(&shown.source));
            let after = shown.pixels().filter(|_| !on_device).map(color_image);
            last = (wanted && shown.still.is_some()).then(|| Arc::clone(&shown.source));
            let options = options(pixelated.load(Ordering::Relaxed));
            let mut textures = textures.lock().unwrap_or_else(PoisonError::into_inner);
            let [source, result] = &mut *textures;
            // The result that was filled last stays, as long as the interface may still draw it.
            if !wanted {
                *source = None;
            }
            for (texture, name, image) in [(source, "source", before), (result, "result", after)] {
                match (texture, image) {
                    (Some(texture), Some(image)) => texture.set(image, options),
                    (texture @ None, Some(image)) => *texture = Some(Texture::new(&context, name, image, options)),
                    (_, None) => {}
                }
            }
            Ok(())
        })
    }

    /// Draws a frame from now on. What was drawn before may be given back afterwards.
    pub(crate) fn take(&mut self, shown: &Shown) {
        self.on_device = false;
        let (Some(window), Some(picture)) = (&self.window, shown.picture()) else { return };
        let options = options(self.filled.pixelated.load(Ordering::Relaxed));
        let filter = |filter| match filter {
            TextureFilter::Nearest => FilterMode::Nearest,
            TextureFilter::Linear => FilterMode::Linear,
        };
        let sampler = SamplerDescriptor {
            label: Some("picture"),
            mag_filter: filter(options.magnification),
            min_filter: filter(options.minification),
            ..SamplerDescriptor::default()
        };
        let (device, view) = (&window.device, picture.view());
        let mut renderer = window.renderer.write();
        match self.native {
            Some(id) => {
                renderer.update_egui_texture_from_wgpu_texture_with_sampler_options(device, view, sampler, id);
            }
            None => {
                self.native = Some(renderer.register_native_texture_with_sampler_options(device, view, sampler));
            }
        }
        self.on_device = true;
    }

    /// Whether pixels are shown as squares, of the frame that is drawn too.
    pub(crate) fn set_pixelated(&mut self, pixelated: bool, shown: &Shown) {
        if self.filled.pixelated.swap(pixelated, Ordering::Relaxed) == pixelated {
            return;
        }
        let mut textures = self.filled.textures.lock().unwrap_or_else(PoisonError::into_inner);
        for Texture { handle, image } in textures.iter_mut().flatten() {
            handle.set(Arc::clone(image), options(pixelated));
        }
        drop(textures);
        self.take(shown);
    }

    /// Whether the source is drawn too; whether a frame is needed for that which does not come by itself.
    pub(crate) fn set_compares(&self, compares: bool) -> bool {
        let before = self.filled.compares.swap(compares, Ordering::Relaxed);
        compares && !before && self.on_device
    }

    /// Whether what is to be drawn is there.
    pub(crate) fn settled(&self) -> bool {
        !self.filled.compares.load(Ordering::Relaxed) || self.before().is_some()
    }

    /// The longest side that a texture may have.
    pub(crate) fn largest_side(&self) -> usize {
        self.filled.context.input(|input| input.max_texture_side)
    }

    /// The texture of the source, if it is there.
    pub(crate) fn before(&self) -> Option<TextureId> {
        self.filled(0)
    }

    /// The texture of the result, if there was a frame.
    pub(crate) fn after(&self) -> Option<TextureId> {
        if self.on_device { self.native } else { self.filled(1) }
    }

    fn filled(&self, index: usize) -> Option<TextureId> {
        let textures = self.filled.textures.lock().unwrap_or_else(PoisonError::into_inner);
        textures[index].as_ref().map(|texture| texture.handle.id())
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
