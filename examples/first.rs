//! The first lines of the README, with paths of your choice.
//!
//! `cargo run --release -p bowerbird-examples --example first [PHOTO [PRINT]]`

use bowerbird::{Chain, Engine, Image};
use std::error::Error;

/// Where the examples find the project's photographs and leave their results.
const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

fn main() -> Result<(), Box<dyn Error>> {
    let mut paths = std::env::args().skip(1);
    let input = paths.next().unwrap_or_else(|| format!("{ROOT}/assets/photos/astronaut.png"));
    let output = match paths.next() {
        Some(path) => path,
        None => {
            std::fs::create_dir_all(format!("{ROOT}/out"))?;
            format!("{ROOT}/out/first.png")
        }
    };

    let photo = Image::open(input)?;
    let look = Chain::new().exposure(0.35).sepia(0.8).vignette(0.4);
    let engine = Engine::auto()?;
    let print = engine.render(&look, &photo)?;
    print.save(&output)?;

    println!("{}, rendered by {}", std::fs::canonicalize(&output)?.display(), engine.backend_name());
    Ok(())
}
