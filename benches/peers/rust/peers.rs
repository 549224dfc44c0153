//! Bowerbird beside the Rust libraries that people would use instead, on the same 8-bit picture in display values.
//!
//! `cargo bench --manifest-path benches/peers/rust/Cargo.toml`
//!
//! They do one operation a call. Bowerbird is timed on one thread and on all; libblur, fast_image_resize and parts of
//! imageproc use all, image and photon-rs one. Same purpose, not always the same result: photon-rs blurs with boxes,
//! image's unsharp mask works on bytes. `run` beside this file keeps what came out.

use bowerbird::effect::Filter;
use bowerbird::effects::{Affine, GaussianBlur, Median, Resize, UnsharpMask};
use bowerbird::image::Transfer;
use bowerbird::param::{Angle, Length};
use bowerbird::resize::ResizeFilter;
use bowerbird::{Backend, Chain, Engine, EngineOptions, Image};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use fast_image_resize as fir;
use image::{Rgba, RgbaImage, imageops};
use imageproc::geometric_transformations::{Border, Interpolation, rotate_about_center};
use libblur::{BlurImage, BlurImageMut, FastBlurChannels, ThreadingPolicy};
use photon_rs::PhotonImage;
use std::hint::black_box;

const WIDTH: u32 = 1920;
const HEIGHT: u32 = 1080;

/// Gradients under a noise that no predictor guesses.
fn pixels() -> Vec<u8> {
    let pixel = |index: u32| {
        let noise = (index.wrapping_mul(0x9e37_79b9).rotate_left(13).wrapping_mul(0x85eb_ca6b) >> 27) as u8;
        let code = |place: u32, side: u32| (u64::from(place) * 223 / u64::from(side)) as u8 + noise;
        [code(index % WIDTH, WIDTH), code(index / WIDTH, HEIGHT), 100 + noise, 255]
    };
    (0..WIDTH * HEIGHT).flat_map(pixel).collect()
}

fn engine(threads: usize) -> Engine {
    let options = EngineOptions { backend: Backend::Cpu, threads, ..EngineOptions::default() };
    Engine::new(options).expect("threads start")
}

fn beside(c: &mut Criterion, name: &str, chain: &Chain, peers: &mut [(&str, &mut dyn FnMut())]) {
    let photo = Image::from_rgba8(WIDTH, HEIGHT, pixels()).expect("a valid picture");
    let (width, height) = chain.output_size(photo.size()).expect("a size");
    let blank = vec![255; 4 * width as usize * height as usize];
    let mut target = Image::from_rgba8(width, height, blank).expect("a valid picture");
    let mut group = c.benchmark_group(name);
    group.throughput(Throughput::Elements(u64::from(WIDTH) * u64::from(HEIGHT))).sample_size(10);
    for (threads, label) in [(1, "bowerbird, 1 thread"), (0, "bowerbird")] {
        let engine = engine(threads);
        group.bench_function(label, |bencher| {
            bencher.iter(|| engine.render_into(chain, black_box(&photo), &mut target).expect("rendered"));
        });
    }
    for (name, work) in peers {
        group.bench_function(*name, |bencher| bencher.iter(&mut **work));
    }
    group.finish();
}

fn peers(c: &mut Criterion) {
    let photo = RgbaImage::from_raw(WIDTH, HEIGHT, pixels()).expect("a valid picture");
    for sigma in [2.0f64, 8.0, 50.0] {
        let chain = Chain::new()
            .then(GaussianBlur { sigma: Length::Pixels(sigma), ..GaussianBlur::default() })
            .with_space(Transfer::Display);
        let mut exact = || drop(black_box(imageops::blur(&photo, sigma as f32)));
        let mut boxes = || drop(black_box(imageops::fast_blur(&photo, sigma as f32)));
        let source = BlurImage::borrow(photo.as_raw(), WIDTH, HEIGHT, FastBlurChannels::Channels4);
        let mut blurred = BlurImageMut::alloc(WIDTH, HEIGHT, FastBlurChannels::Channels4);
        let mut libblur = || {
            let params = libblur::GaussianBlurParams::new_from_sigma(sigma);
            let edge = libblur::EdgeMode2D::new(libblur::EdgeMode::Clamp);
            let (threads, mode) = (ThreadingPolicy::Adaptive, libblur::ConvolutionMode::FixedPoint);
            libblur::gaussian_blur(&source, &mut blurred, params, edge, threads, mode).expect("sizes agree");
        };
        let mut stacked = photo.as_raw().clone();
        let mut stack = || {
            let mut image = BlurImageMut::borrow(&mut stacked, WIDTH, HEIGHT, FastBlurChannels::Channels4);
            let radius = libblur::AnisotropicRadius::new((2.0 * sigma) as u32);
            libblur::stack_blur(&mut image, radius, ThreadingPolicy::Adaptive).expect("a layout that is known");
        };
        let mut imageproc = || drop(black_box(imageproc::filter::gaussian_blur_f32(&photo, sigma as f32)));
        let mut photon = || {
            let mut image = PhotonImage::new(photo.as_raw().clone(), WIDTH, HEIGHT);
            photon_rs::conv::gaussian_blur(&mut image, sigma as i32);
            black_box(image);
        };
        let mut peers: Vec<(&str, &mut dyn FnMut())> =
            vec![("image, three boxes", &mut boxes), ("libblur, stack blur", &mut stack), ("photon-rs", &mut photon)];
        // Its sum grows with sigma: seconds a run from here on.
        if sigma < 10.0 {
            peers.push(("image", &mut exact));
            peers.push(("imageproc", &mut imageproc));
            peers.push(("libblur", &mut libblur));
        }
        beside(c, &format!("Gaussian blur, sigma {sigma}"), &chain, &mut peers);
    }

    let sharp = Chain::new().then(UnsharpMask { sigma: Length::Pixels(2.0), amount: 1.0, threshold: 0.0 });
    beside(
        c,
        "unsharp mask, sigma 2",
        &sharp,
        &mut [("image", &mut || {
            black_box(imageops::unsharpen(&photo, 2.0, 0));
        })],
    );

    let half = Chain::new()
        .then(Resize { scale: 0.5, filter: ResizeFilter::Lanczos3, ..Resize::default() })
        .with_space(Transfer::Display);
    beside(
        c,
        "resize to half, Lanczos 3",
        &half,
        &mut [
            ("image", &mut || {
                black_box(imageops::resize(&photo, WIDTH / 2, HEIGHT / 2, imageops::FilterType::Lanczos3));
            }),
            ("fast_image_resize", &mut || {
                let mut small = fir::images::Image::new(WIDTH / 2, HEIGHT / 2, fir::PixelType::U8x4);
                let bytes = photo.as_raw();
                let photo = fir::images::ImageRef::new(WIDTH, HEIGHT, bytes, fir::PixelType::U8x4).expect("its size");
                let options = fir::ResizeOptions::new()
                    .resize_alg(fir::ResizeAlg::Convolution(fir::FilterType::Lanczos3))
                    .use_alpha(false);
                fir::Resizer::new().resize(&photo, &mut small, &options).expect("the same kind of pixels");
                black_box(small);
            }),
        ],
    );

    let rotated = Chain::new()
        .then(Affine { angle: Angle(17.0), sampling: Filter::Bilinear, ..Affine::default() })
        .with_space(Transfer::Display);
    beside(
        c,
        "rotation by 17 degrees, bilinear",
        &rotated,
        &mut [("imageproc", &mut || {
            let border = Border::Constant(Rgba([0, 0, 0, 0]));
            black_box(rotate_about_center(&photo, 17f32.to_radians(), Interpolation::Bilinear, border));
        })],
    );

    for radius in [2u32, 10] {
        let median: Chain = Median { radius: Length::Pixels(f64::from(radius)) }.into();
        beside(
            c,
            &format!("median, radius {radius}"),
            &median,
            &mut [("imageproc", &mut || drop(black_box(imageproc::filter::median_filter(&photo, radius, radius))))],
        );
    }

    let turned = Chain::new().contrast(1.2).hue_rotate(20.0).invert(1.0);
    beside(
        c,
        "contrast, hue and negative",
        &turned,
        &mut [
            ("image", &mut || {
                let mut out = imageops::huerotate(&imageops::contrast(&photo, 20.0), 20);
                imageops::invert(&mut out);
                black_box(out);
            }),
            ("photon-rs", &mut || {
                let mut out = PhotonImage::new(photo.as_raw().clone(), WIDTH, HEIGHT);
                photon_rs::effects::adjust_contrast(&mut out, 20.0);
                photon_rs::colour_spaces::hue_rotate_hsl(&mut out, 20.0);
                photon_rs::channels::invert(&mut out);
                black_box(out);
            }),
        ],
    );
}

criterion_group!(benches, peers);
criterion_main!(benches);
