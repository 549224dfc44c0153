//! An effect of your own: written once, outside the engine, and run by both backends, fused with the catalogue's.
//!
//! `cargo run --release -p bowerbird-examples --example custom_effect`

use bowerbird::effect::{Point, Setup};
use bowerbird::lane::{At, Lane, Rgba};
use bowerbird::param::Length;
use bowerbird::{Chain, Engine, Image, Params, effect};
use std::error::Error;
use std::f64::consts::TAU;

/// Darkens the gaps between the lines of an old screen.
#[derive(Clone, Debug, PartialEq, Params)]
#[effect(id = "scan_lines", label = "Scan lines", family = "stylize", domain = "D")]
struct ScanLines {
    /// How dark the gaps are; 0 changes nothing.
    #[param(default = 0.6, range = (0.0, 1.0))]
    amount: f64,
    /// The distance from line to line.
    #[param(default = 0.012, soft = (0.004, 0.05), hard = (0.0, 0.5))]
    pitch: Length,
}

#[effect]
impl Point<2> for ScanLines {
    fn identity(&self) -> bool {
        self.amount == 0.0
    }
    fn prepare(&self, setup: &Setup) -> [f64; 2] {
        [TAU / self.pitch.full(setup).max(2.0), self.amount / 2.0]
    }
    fn pixel<L: Lane>([frequency, half]: [L; 2], c: Rgba<L>, at: &At<'_, L>) -> Rgba<L> {
        let gap = half + half * (at.y * frequency).cos();
        c.rgb(|v| v - v * gap)
    }
}

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

fn main() -> Result<(), Box<dyn Error>> {
    let photo = Image::open(format!("{ROOT}/assets/photos/chelsea.png"))?;
    let look = Chain::new().exposure(0.3).saturation(0.7).then(ScanLines::default()).vignette(0.5);

    let cpu = Engine::cpu()?;
    print!("{}", cpu.explain(&look, photo.size())?);
    let print = cpu.render(&look, &photo)?;
    std::fs::create_dir_all(format!("{ROOT}/out"))?;
    print.save(format!("{ROOT}/out/custom_effect.png"))?;

    match Engine::gpu() {
        Ok(gpu) => {
            let other = gpu.render(&look, &photo)?;
            gpu.take_messages().iter().for_each(|message| println!("note: {message}"));
            let differences = print.to_rgba8().into_iter().zip(other.to_rgba8()).map(|(a, b)| a.abs_diff(b));
            println!(
                "largest difference between cpu and {}: {}/255",
                gpu.backend_name(),
                differences.max().unwrap_or(0)
            );
        }
        Err(cause) => println!("only the CPU rendered: {cause}"),
    }
    Ok(())
}
