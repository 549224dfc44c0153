//! The kernels of the CPU backend one by one, and one chain on every set of instructions.
//!
//! `cargo bench -p bowerbird-benches --bench kernels`
//!
//! All run on one thread. The chain guards inlining: a call that loses the instructions of its caller costs a multiple,
//! and then AVX2 is no faster than the baseline.

use bowerbird::effects::{Affine, Bilateral, Clahe, Clarity, Dilate, Equalize, GaussianBlur, Median, Sobel, Swirl};
use bowerbird::image::Transfer;
use bowerbird::param::{Angle, Length};
use bowerbird::{Backend, Chain, Engine, EngineOptions, Image, Simd};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use std::hint::black_box;
use std::time::{Duration, Instant};

const WIDTH: u32 = 1920;
const HEIGHT: u32 = 1080;

fn picture() -> Image {
    let pixel = |index: u32| {
        let noise = index.wrapping_mul(0x9e37_79b9).rotate_left(13).wrapping_mul(0x85eb_ca6b);
        let [r, g, b, _] = noise.to_le_bytes();
        [r, g, b, 255]
    };
    Image::from_rgba8(WIDTH, HEIGHT, (0..WIDTH * HEIGHT).flat_map(pixel).collect()).expect("a valid picture")
}

fn engine(simd: Simd) -> Engine {
    let options = EngineOptions { backend: Backend::Cpu, threads: 1, simd, ..EngineOptions::default() };
    Engine::new(options).expect("one thread")
}

fn blur(pixels: f64) -> Chain {
    Chain::new()
        .then(GaussianBlur { sigma: Length::Pixels(pixels), ..GaussianBlur::default() })
        .with_space(Transfer::Display)
}

fn points() -> Chain {
    Chain::new().exposure(0.4).contrast(1.2).saturation(1.3).hue_rotate(20.0).gamma(1.1).vignette(0.5)
}

fn kernels(c: &mut Criterion) {
    let (engine, photo) = (engine(Simd::Best), picture());
    let mut target = photo.clone();
    let mut group = c.benchmark_group("kernels, 1 thread, 1920x1080");
    group.throughput(Throughput::Elements(u64::from(WIDTH) * u64::from(HEIGHT))).sample_size(20);
    let cases = [
        ("gaussian_blur, sigma 2", blur(2.0)),
        ("gaussian_blur, sigma 8", blur(8.0)),
        ("sobel", Sobel::default().into()),
        ("swirl", Swirl::default().into()),
        ("affine", Affine { angle: Angle(17.0), ..Affine::default() }.into()),
        ("median, radius 2", Median { radius: Length::Pixels(2.0) }.into()),
        ("median, radius 10", Median { radius: Length::Pixels(10.0) }.into()),
        ("dilate, radius 4", Dilate { radius: Length::Pixels(4.0), ..Dilate::default() }.into()),
        ("bilateral, sigma 2", Bilateral { sigma: Length::Pixels(2.0), ..Bilateral::default() }.into()),
        ("clarity", Clarity { amount: 0.5, ..Clarity::default() }.into()),
        ("clahe", Clahe::default().into()),
        ("equalize", Equalize::default().into()),
    ];
    for (name, chain) in &cases {
        group.bench_function(*name, |bencher| {
            bencher.iter(|| engine.render_into(chain, black_box(&photo), &mut target).expect("rendered"));
        });
    }
    group.finish();
}

fn instructions(c: &mut Criterion) {
    let photo = picture();
    let mut target = photo.clone();
    let chain = points();
    let mut group = c.benchmark_group("six point effects, 1 thread, 1920x1080");
    group.throughput(Throughput::Elements(u64::from(WIDTH) * u64::from(HEIGHT))).sample_size(20);
    let mut least = Vec::new();
    for (name, simd) in [("best", Simd::Best), ("baseline", Simd::Baseline), ("scalar", Simd::Scalar)] {
        let engine = engine(simd);
        let mut render = || engine.render_into(&chain, black_box(&photo), &mut target).expect("rendered");
        group.bench_function(name, |bencher| bencher.iter(&mut render));
        least.push((0..5).map(|_| timed(&mut render)).min().unwrap_or_default().as_secs_f64());
    }
    group.finish();
    if let [best, baseline, scalar] = least[..] {
        println!(
            "against the best instructions: baseline {:.2} times, scalar {:.2} times",
            baseline / best,
            scalar / best
        );
    }
}

fn timed(work: impl FnOnce()) -> Duration {
    let start = Instant::now();
    work();
    start.elapsed()
}

criterion_group!(benches, kernels, instructions);
criterion_main!(benches);
