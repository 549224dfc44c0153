//! `bench`: how long a chain takes, in memory.

mod suite;

use crate::args::{BenchArgs, EngineArgs, ReadArgs, Size};
use crate::output::{complain, print, print_json, warn};
use crate::scale::scaled;
use crate::{DONE, look, some_failed};
use bowerbird::image::{Alpha, Depth, Pixels, Transfer};
use bowerbird::{Chain, Engine, EngineOptions, Error, Image, Output};
use serde_json::{Value, json};
use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};

/// Times a chain, or the suite.
pub(crate) fn run(args: &BenchArgs) -> anyhow::Result<ExitCode> {
    let engine = EngineArgs::open(EngineOptions { simd: args.simd.into(), ..args.engine.options() })?;
    if args.suite {
        return suite::run(args, &engine);
    }
    let chain = look::chain(&args.recipe, &args.read, false)?;
    look::try_out(&engine, &chain)?;
    let Some(input) = &args.input else { anyhow::bail!("name a picture with --input, or time the --suite") };
    let rendered = picture(input, args.size, &args.read).and_then(|image| {
        let times = measure(&engine, &chain, &image, args.runs)?;
        if let Some(path) = &args.output {
            engine.render(&chain, &image)?.save(path)?;
        }
        Ok((image.size(), times))
    });
    match rendered {
        Ok((size, times)) => {
            engine.take_messages().iter().for_each(|message| warn(message));
            report(args, &engine, size, &times)
        }
        Err(error) => {
            complain(&error.to_string());
            Ok(some_failed())
        }
    }
}

/// The times of all runs in milliseconds.
#[derive(Clone, Copy, Debug)]
struct Times {
    min: f64,
    median: f64,
    max: f64,
}

impl Times {
    fn of(mut times: Vec<f64>) -> Self {
        times.sort_by(f64::total_cmp);
        let middle = times.len() / 2;
        let median = if times.len() % 2 == 1 { times[middle] } else { f64::midpoint(times[middle - 1], times[middle]) };
        let (min, max) = (times.first().copied().unwrap_or(median), times.last().copied().unwrap_or(median));
        Self { min, median, max }
    }

    fn json(self) -> Value {
        json!({ "min": self.min, "median": self.median, "max": self.max })
    }
}

/// A picture from a file, at the size that is asked for.
pub(crate) fn picture(path: &Path, size: Option<Size>, read: &ReadArgs) -> Result<Image, Error> {
    let image = Image::open_with(path, &read.options())?;
    match size {
        Some(size) if u64::from(size.width) * u64::from(size.height) > read.max_pixels => {
            let Size { width, height } = size;
            let most = read.max_pixels;
            let message =
                format!("--size {width}x{height} is more than {most} pixels; raise the limit with --max-pixels");
            Err(Error::Invalid(message))
        }
        Some(size) if image.size() != (size.width, size.height) => stretched(&image, size),
        _ => Ok(image),
    }
}

/// Renders a picture again and again.
fn measure(engine: &Engine, chain: &Chain, image: &Image, runs: u32) -> Result<Times, Error> {
    let (width, height) = chain.output_size(image.size())?;
    let count = 4 * width as usize * height as usize;
    let pixels = match image.depth() {
        Depth::U8 => Pixels::U8(vec![0; count]),
        Depth::U16 => Pixels::U16(vec![0; count]),
        Depth::F32 => Pixels::F32(vec![0.0; count]),
    };
    let mut target = Image::new(width, height, pixels, Transfer::Display, Alpha::Straight)?;
    timed(runs, || engine.render_into(chain, image, &mut target))
}

/// How long work is run before it is timed: until memory is there and the processor has its clock, which takes short work a
/// dozen runs (frames of a camera to RGBA: 3.3 ms at first, then 1.4).
const WARM_UP: Duration = Duration::from_millis(100);

/// Runs work again and again, after it has run for a while, or once if it takes longer.
fn timed(runs: u32, mut work: impl FnMut() -> Result<(), Error>) -> Result<Times, Error> {
    let begin = Instant::now();
    while begin.elapsed() < WARM_UP {
        work()?;
    }
    let mut times = Vec::with_capacity(runs as usize);
    for _ in 0..runs {
        let start = Instant::now();
        work()?;
        times.push(start.elapsed().as_secs_f64() * 1e3);
    }
    Ok(Times::of(times))
}

/// The picture at another size, in its own depth, so that the rendering starts from what a file would give.
fn stretched(image: &Image, size: Size) -> Result<Image, Error> {
    let output = Output { depth: Some(image.depth()), ..Output::default() };
    Engine::cpu()?.render_to(&Chain::new(), &scaled(image, size)?, &output)
}

fn report(args: &BenchArgs, engine: &Engine, size: (u32, u32), times: &Times) -> anyhow::Result<ExitCode> {
    if args.json {
        return print_json(&json!({
            "ms": times.json(),
            "runs": args.runs,
            "size": [size.0, size.1],
            "backend": if engine.uses_gpu() { "gpu" } else { "cpu" },
            "device": engine.backend_name(),
            "threads": engine.threads(),
        }));
    }
    let megapixels = f64::from(size.0) * f64::from(size.1) / 1e6;
    let Times { min, median, max } = times;
    print(&format!(
        "{median:.2} ms median, {min:.2} to {max:.2} in {} runs\n{}×{} on {}, {} threads, {:.0} megapixels a second\n",
        args.runs,
        size.0,
        size.1,
        engine.backend_name(),
        engine.threads(),
        megapixels * 1e3 / median.max(1e-6),
    ))
    .map(|()| DONE)
}
