//! Bowerbird beside the Rust library that most people would use instead, on the same 8-bit picture in display values.
//!
//! `cargo bench -p bowerbird-benches --bench rust_peers`
//!
//! `image` does one operation a call, on one thread, so Bowerbird is timed on one and on all.

use bowerbird::effects::{GaussianBlur, Resize, UnsharpMask};
use bowerbird::image::Transfer;
use bowerbird::param::Length;
use bowerbird::resize::ResizeFilter;
use bowerbird::{Backend, Chain, Engine, EngineOptions, Image};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use image::{RgbaImage, imageops};
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
        let mut peers: Vec<(&str, &mut dyn FnMut())> = vec![("image, three boxes", &mut boxes)];
        // Its sum grows with sigma: seconds a run from here on.
        if sigma < 10.0 {
            peers.push(("image", &mut exact));
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
        &mut [("image", &mut || {
            black_box(imageops::resize(&photo, WIDTH / 2, HEIGHT / 2, imageops::FilterType::Lanczos3));
        })],
    );

    let turned = Chain::new().contrast(1.2).hue_rotate(20.0).invert(1.0);
    beside(
        c,
        "contrast, hue and negative",
        &turned,
        &mut [("image", &mut || {
            let mut out = imageops::huerotate(&imageops::contrast(&photo, 20.0), 20);
            imageops::invert(&mut out);
            black_box(out);
        })],
    );
}

criterion_group!(benches, peers);
criterion_main!(benches);
