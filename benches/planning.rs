//! What comes before the first pixel: making the plan of a chain, and following a parameter that changed.
//!
//! `cargo bench -p bowerbird-benches --bench planning`
//!
//! The picture has a few pixels only, so that rendering it takes next to nothing; its time stands beside the others.

use bowerbird::{Backend, Chain, Engine, EngineOptions, Image};
use criterion::{Criterion, criterion_group, criterion_main};
use std::hint::black_box;

const STEPS: usize = 30;

/// Points, blurs, warps and a blend, in turns.
fn chain(ev: f64) -> Chain {
    let mut chain = Chain::new().exposure(ev);
    for step in 1..STEPS {
        chain = match step % 10 {
            0 => chain.gaussian_blur(0.01),
            3 => chain.swirl([0.4, 0.5]),
            5 => chain.unsharp_mask(0.5),
            7 => chain.vignette(0.3),
            8 => chain.sepia(0.4).with_opacity(0.5),
            1 => chain.saturation(1.1),
            2 => chain.hue_rotate(5.0),
            4 => chain.gamma(1.1),
            6 => chain.temperature(5500.0),
            _ => chain.contrast(1.05),
        };
    }
    chain
}

fn planning(c: &mut Criterion) {
    let options = EngineOptions { backend: Backend::Cpu, threads: 1, ..EngineOptions::default() };
    let engine = Engine::new(options).expect("one thread");
    let photo = Image::from_rgba8(8, 8, vec![90; 4 * 64]).expect("a valid picture");
    let mut target = photo.clone();
    let (first, second) = (chain(0.1), chain(0.2));
    assert_eq!(first.steps().len(), STEPS, "a chain of the size that is said");
    let mut group = c.benchmark_group("30 steps, 8x8 pixels, 1 thread");
    group.bench_function("a new plan", |bencher| {
        bencher.iter(|| {
            engine.forget();
            black_box(engine.explain(&first, (3840, 2160)).expect("planned"))
        });
    });
    group.bench_function("the same again", |bencher| {
        bencher.iter(|| engine.render_into(&first, &photo, &mut target).expect("rendered"));
    });
    let mut turn = false;
    group.bench_function("a parameter changed", |bencher| {
        bencher.iter(|| {
            turn = !turn;
            engine.render_into(if turn { &second } else { &first }, &photo, &mut target).expect("rendered");
        });
    });
    group.finish();
}

criterion_group!(benches, planning);
criterion_main!(benches);
