//! Two photographs, a mask and a blend: a chain that is a graph, built in code and read from a recipe.
//!
//! `cargo run --release -p bowerbird-examples --example graph`

use bowerbird::effects::composite::blend::{Blend, BlendMode};
use bowerbird::effects::mask::mask_shape::{MaskShape, Shape};
use bowerbird::{Chain, ChainStep, Engine, Image, Recipe};
use std::error::Error;

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

/// Stars around the portrait, which keeps its light in the middle.
fn built(sky: Image) -> Chain {
    let around = MaskShape { shape: Shape::Radial, size: [1.5, 1.5], invert: true, ..MaskShape::default() };
    let soft = Blend { mode: BlendMode::SoftLight, ..Blend::default() };
    let stars = Blend { mode: BlendMode::Screen, ..Blend::default() };
    Chain::new()
        .asset("sky", sky)
        .with_mask_steps("around", vec![ChainStep::new(around)])
        // A second branch: the blurred picture is named, and the step after it starts again from the source.
        .gaussian_blur(0.02)
        .with_id("blurred")
        .then(soft)
        .with_input("image", "source")
        .with_input("layer", "blurred")
        .exposure(-2.0)
        .with_mask("around")
        .then(stars)
        .with_input("layer", "sky")
        .with_mask("around")
}

fn main() -> Result<(), Box<dyn Error>> {
    let portrait = Image::open(format!("{ROOT}/assets/photos/astronaut.png"))?;
    let sky = Image::open(format!("{ROOT}/assets/photos/hubble_deep_field.jpg"))?;
    let graph = built(sky);

    let engine = Engine::cpu()?;
    print!("{}", engine.explain(&graph, portrait.size())?);
    let print = engine.render(&graph, &portrait)?;
    std::fs::create_dir_all(format!("{ROOT}/out"))?;
    print.save(format!("{ROOT}/out/graph.png"))?;

    // The same graph as a file; its assets are looked for beside it.
    let recipe = Recipe::load(format!("{ROOT}/assets/graph.json"))?;
    let same = engine.render(recipe.chain(), &portrait)?.pixels() == print.pixels();
    println!("'{}' from its file gives {} picture", recipe.name(), if same { "the same" } else { "another" });
    Ok(())
}
