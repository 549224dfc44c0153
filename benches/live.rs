//! The live loop, measured: `cargo bench -p bowerbird-benches --bench live`.
//!
//! Four questions. Does a look of six effects keep up with 1920×1080 at 60/s, and how late is a frame? In which frame is a
//! change of a parameter seen? How long does the interface wait for anything, even under a graph that takes half a
//! second a frame? And does the memory stay as it is over a hundred thousand frames?

use bowerbird::{Backend, Chain, EngineOptions};
use bowerbird_capture::{CaptureError, Chart, Frame, Opener, PixelFormat, Read, Source, Synthetic};
use bowerbird_live::{Intent, Live, LiveOptions, Quantiles, Shown};
use clap::Parser;
use serde_json::{Value, json};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use std::alloc::System;
use std::sync::Arc;
use std::time::{Duration, Instant};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// Measures the live loop on the CPU.
#[derive(Parser)]
struct Options {
    /// Seconds that each measurement takes
    #[arg(long, default_value_t = 10.0)]
    seconds: f64,
    /// Frames of the long run
    #[arg(long, default_value_t = 100_000)]
    frames: u64,
    /// Prints JSON
    #[arg(long)]
    json: bool,
    /// What `cargo bench` adds
    #[arg(long, hide = true)]
    bench: bool,
}

fn live() -> Live {
    let engine = EngineOptions { backend: Backend::Cpu, ..EngineOptions::default() };
    Live::start(LiveOptions { engine, ..LiveOptions::default() }).expect("threads")
}

fn zone(width: u32, height: u32, rate: f64) -> Opener {
    Box::new(move || Ok(Box::new(Synthetic::new(Chart::ZonePlate, width, height, rate)) as Box<dyn Source>))
}

/// A camera's YUYV at a rate: two pictures by turns, so that next to nothing but converting them takes time.
struct Camera {
    pictures: [Vec<u8>; 2],
    size: (u32, u32),
    period: Duration,
    start: Instant,
    number: u32,
}

impl Source for Camera {
    fn describe(&self) -> String {
        "a camera".into()
    }

    fn read(&mut self, frame: &mut Frame, timeout: Duration) -> Result<Read, CaptureError> {
        let due = self.start + self.period * self.number;
        let wait = due.saturating_duration_since(Instant::now());
        std::thread::park_timeout(wait.min(timeout));
        if Instant::now() < due {
            return Ok(Read::Nothing);
        }
        // A late reader gets the newest, as of a camera.
        self.number = self.number.max((self.start.elapsed().as_secs_f64() / self.period.as_secs_f64()) as u32);
        frame.reset(PixelFormat::Yuyv, self.size.0, self.size.1);
        frame.data.copy_from_slice(&self.pictures[self.number as usize % 2]);
        (frame.sequence, frame.time) = (self.number.into(), self.period * self.number);
        frame.arrived = Instant::now();
        self.number += 1;
        Ok(Read::Frame)
    }
}

fn camera(width: u32, height: u32, rate: f64) -> Opener {
    let bytes = PixelFormat::Yuyv.frame_bytes(PixelFormat::Yuyv.row_bytes(width), height);
    let pictures = [1, 3].map(|step| (0..bytes).map(|at| 16 + (at * step / 64 % 220) as u8).collect());
    Box::new(move || {
        let period = Duration::from_secs_f64(1.0 / rate);
        let (pictures, start) = (pictures.clone(), Instant::now());
        Ok(Box::new(Camera { pictures, size: (width, height), period, start, number: 0 }) as Box<dyn Source>)
    })
}

fn intent(chain: Chain, revision: u64) -> Intent {
    Intent { chain: Arc::new(chain), revision, adaptive: false, ..Intent::default() }
}

/// Six adjustments on display values, the last one a number of ours.
fn look(amount: f64) -> Chain {
    Chain::new().brightness(0.1).contrast(0.2).vibrance(0.3).sepia(0.25).grain(0.2).saturation(amount)
}

/// Six adjustments of which two are in linear light, with display values between them.
fn look_in_light() -> Chain {
    Chain::new().exposure(0.3).contrast(0.2).vibrance(0.3).sepia(0.25).vignette(0.4).saturation(0.1)
}

/// Waits for frames until the time is up, and hands each to `each`.
fn watch(live: &Live, seconds: f64, mut each: impl FnMut(&Arc<Shown>)) {
    let end = Instant::now() + Duration::from_secs_f64(seconds);
    while Instant::now() < end {
        if let Some(shown) = live.wait(Duration::from_millis(100)) {
            each(&shown);
            live.give_back(shown);
        }
    }
}

fn ms(duration: Duration) -> f64 {
    (duration.as_secs_f64() * 1e6).round() / 1e3
}

fn throughput(source: Opener, look: Chain, seconds: f64) -> Value {
    let live = live();
    live.set_source(source);
    live.send(intent(look, 1));
    // The first frames plan.
    watch(&live, 0.5, |_| {});
    let before = live.report();
    let mut latency = Quantiles::default();
    let begin = Instant::now();
    let mut frames = 0_u32;
    watch(&live, seconds, |shown| {
        latency.add(shown.arrived.elapsed());
        frames += 1;
    });
    let took = begin.elapsed().as_secs_f64();
    let after = live.report();
    json!({
        "fps": (f64::from(frames) / took * 10.0).round() / 10.0,
        "dropped": after.dropped - before.dropped,
        "latency_ms": { "p50": ms(latency.at(0.5)), "p99": ms(latency.at(0.99)), "max": ms(latency.max()) },
        "engine_ms": { "p50": after.engine.p50, "p99": after.engine.p99 },
    })
}

fn response(seconds: f64) -> Value {
    let live = live();
    live.set_source(zone(1920, 1080, 60.0));
    live.send(intent(look(0.0), 1));
    watch(&live, 0.5, |_| {});
    let mut later = Vec::new();
    let end = Instant::now() + Duration::from_secs_f64(seconds);
    let mut revision = 1;
    while Instant::now() < end {
        revision += 1;
        live.send(intent(look((revision % 10) as f64 / 10.0), revision));
        // Frames that were published before one with the change.
        let mut others = 0;
        while let Some(shown) = live.wait(Duration::from_secs(5)) {
            let seen = shown.revision >= revision;
            live.give_back(shown);
            if seen {
                break;
            }
            others += 1;
        }
        later.push(others);
    }
    let at_once = later.iter().filter(|others| **others == 0).count();
    json!({ "changes": later.len(), "in_the_next_frame": at_once, "frames_later_at_most": later.iter().max() })
}

fn waits(seconds: f64) -> Value {
    let live = live();
    live.set_source(zone(1920, 1080, 60.0));
    let slow = Chain::new().median(0.005).bilateral(0.006).median(0.005).bilateral(0.006);
    live.send(intent(slow.clone(), 1));
    let mut calls = Quantiles::default();
    let mut longest_frame = Duration::ZERO;
    let end = Instant::now() + Duration::from_secs_f64(seconds);
    let mut revision = 1;
    while Instant::now() < end {
        revision += 1;
        let intent = intent(slow.clone(), revision);
        let begin = Instant::now();
        live.send(intent);
        let shown = live.take();
        live.report();
        live.notices();
        calls.add(begin.elapsed());
        if let Some(shown) = shown {
            longest_frame = longest_frame.max(shown.took);
            live.give_back(shown);
        }
        std::thread::park_timeout(Duration::from_millis(16));
    }
    json!({
        "frame_ms": ms(longest_frame),
        "wait_ms": { "p50": ms(calls.at(0.5)), "p99": ms(calls.at(0.99)), "max": ms(calls.max()) },
    })
}

/// Bytes of memory that the system says the process has.
fn resident() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    line.split_whitespace().nth(1)?.parse::<u64>().ok().map(|kib| kib * 1024)
}

fn long_run(source: Opener, frames: u64) -> Value {
    let live = live();
    live.set_source(source);
    live.send(intent(look(0.1), 1));
    let until = |count: u64| {
        let mut seen = 0;
        while seen < count {
            if let Some(shown) = live.wait(Duration::from_millis(100)) {
                seen += 1;
                live.give_back(shown);
            }
        }
    };
    until(1000);
    let (before, region) = (resident(), Region::new(ALLOCATOR));
    let (begin, rendered) = (Instant::now(), live.report().frames_out);
    until(frames);
    let frames = live.report().frames_out - rendered;
    let took = begin.elapsed().as_secs_f64();
    let change = region.change();
    json!({
        "frames": frames,
        "per_second": (frames as f64 / took).round(),
        "allocations_a_frame": change.allocations as f64 / frames as f64,
        "bytes_kept": change.bytes_allocated as i64 - change.bytes_deallocated as i64,
        "resident_grew": resident().zip(before).map(|(after, before)| after as i64 - before as i64),
    })
}

fn main() {
    let options = Options::parse();
    let all = json!({
        "look of six effects, 1920x1080 at 60/s": throughput(zone(1920, 1080, 60.0), look(0.1), options.seconds),
        "the same, two of them in linear light": throughput(zone(1920, 1080, 60.0), look_in_light(), options.seconds),
        "six effects on a camera's YUYV at 60/s": throughput(camera(1920, 1080, 60.0), look(0.1), options.seconds),
        "six effects on a camera's YUYV at 120/s": throughput(camera(1920, 1080, 120.0), look(0.1), options.seconds),
        "a change of a parameter": response(options.seconds / 2.0),
        "waiting under a slow graph": waits(options.seconds),
        "160x90 at 2000/s": long_run(zone(160, 90, 2000.0), options.frames),
        "160x90 at 2000/s, of a camera's YUYV": long_run(camera(160, 90, 2000.0), options.frames / 4),
    });
    if options.json {
        println!("{all:#}");
        return;
    }
    for (name, figures) in all.as_object().into_iter().flatten() {
        println!("{name}");
        for (what, value) in figures.as_object().into_iter().flatten() {
            println!("    {:<22} {value}", what.replace('_', " "));
        }
    }
}
