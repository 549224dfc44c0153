//! A look of eight point adjustments on an 8-bit picture of 3840×2160, on two threads of the CPU.
//!
//! `cargo bench -p bowerbird-benches --bench look8`
//!
//! What is timed is `render_into` on a warm plan: no decoding, no planning, no allocation.

use bowerbird::recipe::{Loader, Recipe};
use bowerbird::{Backend, Engine, EngineOptions, Image};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use std::hint::black_box;

const WIDTH: u32 = 3840;
const HEIGHT: u32 = 2160;

/// Smooth gradients under a noise that no predictor guesses.
fn picture() -> Result<Image, bowerbird::ImageError> {
    let pixel = |index: u32| {
        let (x, y) = (index % WIDTH, index / WIDTH);
        let noise = index.wrapping_mul(0x9e37_79b9).rotate_left(13).wrapping_mul(0x85eb_ca6b) >> 27;
        let code = |light: u32| (light * 223 / WIDTH + noise) as u8;
        [code(x), code(WIDTH - 1 - x), code(y), 255]
    };
    Image::from_rgba8(WIDTH, HEIGHT, (0..WIDTH * HEIGHT).flat_map(pixel).collect())
}

fn look8(c: &mut Criterion) {
    let options = EngineOptions { backend: Backend::Cpu, threads: 2, ..EngineOptions::default() };
    let engine = Engine::new(options).expect("two threads");
    let recipe = Recipe::parse(include_str!("look8.json"), &Loader::none()).expect("a valid recipe");
    recipe.check().expect("effects of the catalogue");
    let photo = picture().expect("a valid picture");
    let mut target = photo.clone();
    let mut group = c.benchmark_group("look8");
    group.throughput(Throughput::Elements(u64::from(WIDTH) * u64::from(HEIGHT))).sample_size(20);
    group.bench_function("cpu, 2 threads, 3840x2160", |bencher| {
        bencher.iter(|| engine.render_into(recipe.chain(), black_box(&photo), &mut target).expect("rendered"));
    });
    group.finish();
}

criterion_group!(benches, look8);
criterion_main!(benches);
