//! `bench`: how long a chain takes, in memory.

use crate::args::{BenchArgs, Size};
use crate::output::{complain, print, print_json, warn};
use crate::scale::scaled;
use crate::{DONE, look, some_failed};
use bowerbird::image::{Alpha, Depth, Pixels, Transfer};
use bowerbird::{Chain, Engine, Error, Image, Output};
use serde_json::json;
use std::process::ExitCode;
use std::time::Instant;

/// Times a chain.
pub(crate) fn run(args: &BenchArgs) -> anyhow::Result<ExitCode> {
    let chain = look::chain(&args.recipe, &args.read, false)?;
    let engine = Engine::new(args.engine.options())?;
    look::try_out(&engine, &chain)?;
    match measure(args, &engine, &chain) {
        Ok((size, times)) => report(args, &engine, size, times),
        Err(error) => {
            complain(&error.to_string());
            Ok(some_failed())
        }
    }
}

/// The times of all runs in milliseconds, sorted, and the size of the picture.
fn measure(args: &BenchArgs, engine: &Engine, chain: &Chain) -> Result<((u32, u32), Vec<f64>), Error> {
    let image = Image::open_with(&args.input, &args.read.options())?;
    let image = match args.size {
        Some(size) if image.size() != (size.width, size.height) => stretched(&image, size)?,
        _ => image,
    };
    let (width, height) = image.size();
    let count = 4 * width as usize * height as usize;
    let pixels = match image.depth() {
        Depth::U8 => Pixels::U8(vec![0; count]),
        Depth::U16 => Pixels::U16(vec![0; count]),
        Depth::F32 => Pixels::F32(vec![0.0; count]),
    };
    let mut target = Image::new(width, height, pixels, Transfer::Display, Alpha::Straight)?;
    engine.render_into(chain, &image, &mut target)?;
    let mut times = Vec::with_capacity(args.runs as usize);
    for _ in 0..args.runs {
        let start = Instant::now();
        engine.render_into(chain, &image, &mut target)?;
        times.push(start.elapsed().as_secs_f64() * 1e3);
    }
    times.sort_by(f64::total_cmp);
    engine.take_messages().iter().for_each(|message| warn(message));
    Ok((image.size(), times))
}

/// The picture at another size, in its own depth, so that the rendering starts from what a file would give.
fn stretched(image: &Image, size: Size) -> Result<Image, Error> {
    let output = Output { depth: Some(image.depth()), ..Output::default() };
    Engine::cpu()?.render_to(&Chain::new(), &scaled(image, size)?, &output)
}

fn report(args: &BenchArgs, engine: &Engine, size: (u32, u32), times: Vec<f64>) -> anyhow::Result<ExitCode> {
    let middle = times.len() / 2;
    let median = if times.len() % 2 == 1 { times[middle] } else { f64::midpoint(times[middle - 1], times[middle]) };
    let (min, max) = (times.first().copied().unwrap_or(median), times.last().copied().unwrap_or(median));
    if args.json {
        return print_json(&json!({
            "ms": { "min": min, "median": median, "max": max },
            "runs": times.len(),
            "size": [size.0, size.1],
            "backend": if engine.uses_gpu() { "gpu" } else { "cpu" },
            "device": engine.backend_name(),
            "threads": engine.threads(),
        }));
    }
    let megapixels = f64::from(size.0) * f64::from(size.1) / 1e6;
    print(&format!(
        "{median:.2} ms median, {min:.2} to {max:.2} in {} runs\n{}×{} on {}, {} threads, {:.0} megapixels a second\n",
        times.len(),
        size.0,
        size.1,
        engine.backend_name(),
        engine.threads(),
        megapixels * 1e3 / median.max(1e-6),
    ))
    .map(|()| DONE)
}
