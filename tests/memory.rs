//! The memory budget, by the operating system's own figure. A test binary of its own: the peak is the process's.

use bowerbird::effect::Edge;
use bowerbird::effects::{Affine, Equalize, GaussianBlur};
use bowerbird::image::Alpha;
use bowerbird::image::Transfer;
use bowerbird::param::{Angle, Length};
use bowerbird::{Chain, Engine, EngineOptions, Image, image::Pixels};

/// The memory that intermediate pictures may take.
const BUDGET: u64 = 256 << 20;

/// What a process grows by besides: stacks and scratch memory of threads, coordinates, the heap's own slack.
const BESIDES: u64 = 24 << 20;

/// A blur between points, and a warp, which alone would keep picture-sized planes of floats, then what counts all of that.
fn chain() -> Chain {
    Chain::new()
        .exposure(0.2)
        .then(GaussianBlur { sigma: Length::Pixels(40.0), ..GaussianBlur::default() })
        .then(Affine { angle: Angle(17.0), edge: Edge::Clamp, ..Affine::default() })
        .saturation(1.2)
        .then(Equalize::default())
}

fn engine(memory: u64) -> Engine {
    let options = EngineOptions { backend: bowerbird::Backend::Cpu, memory, ..EngineOptions::default() };
    Engine::new(options).expect("an engine")
}

/// Bytes of a line of `/proc/self/status`.
fn status(line: &str) -> u64 {
    let text = std::fs::read_to_string("/proc/self/status").expect("Linux tells");
    let value = text.lines().find_map(|found| found.strip_prefix(line)).expect("the line is there");
    1024 * value.split_whitespace().nth(1).and_then(|kib| kib.parse::<u64>().ok()).expect("a number of KiB")
}

/// Renders a square picture within the budget, checks by how much the process grew, and that another budget gives the
/// same bytes.
#[cfg(target_os = "linux")]
fn stays_within_the_budget(side: u32, other: u64) {
    let pixel = |index: u32| {
        let (x, y) = (index % side, index / side);
        [(x / 40) as u8, (y / 40) as u8, (x ^ y) as u8, 255]
    };
    let picture = Image::from_rgba8(side, side, (0..side * side).flat_map(pixel).collect()).expect("a picture");
    let blank = || {
        let pixels = Pixels::U8(vec![1; 4 * (side as usize).pow(2)]);
        Image::new(side, side, pixels, Transfer::Display, Alpha::Opaque).expect("a picture")
    };
    let (mut within, mut whole) = (blank(), blank());
    let before = status("VmRSS");
    // Forgets the peak of making the pictures.
    std::fs::write("/proc/self/clear_refs", "5").expect("Linux lets a process forget its peak");
    engine(BUDGET).render_into(&chain(), &picture, &mut within).expect("rendered");
    let grown = status("VmHWM") - before;
    println!("{} MiB beyond input and output", grown >> 20);
    assert!(grown <= BUDGET + BESIDES, "{} MiB beyond input and output", grown >> 20);
    engine(other).render_into(&chain(), &picture, &mut whole).expect("rendered");
    assert!(within.pixels() == whole.pixels(), "the tiles differ");
}

#[test]
#[cfg(target_os = "linux")]
fn a_hundred_megapixels_stay_within_the_budget_to_the_same_bytes() {
    stays_within_the_budget(10_000, u64::MAX);
}

#[test]
#[cfg(target_os = "linux")]
#[ignore = "takes 6 GB and minutes"]
fn four_hundred_megapixels_stay_within_the_budget_to_the_same_bytes() {
    stays_within_the_budget(20_000, 4 * BUDGET);
}
