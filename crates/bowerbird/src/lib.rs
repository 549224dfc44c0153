//! Bowerbird: an image-effects engine whose effects are written once and run fused on the CPU and the GPU.
//!
//! ```no_run
//! use bowerbird::{Chain, Engine, Image};
//!
//! let photo = Image::open("portrait.jpg")?;
//! let look = Chain::new().exposure(0.35).sepia(0.8).vignette(0.4);
//! let print = Engine::auto()?.render(&look, &photo)?;
//! print.save("portrait-sepia.png")?;
//! # Ok::<(), bowerbird::Error>(())
//! ```
//!
//! A [`Chain`] is a list of steps; a [`Recipe`] is a chain as JSON. An [`Engine`] turns a chain into a plan of as few
//! passes as it can ([`Engine::explain`] prints it), keeps the plan, and renders pictures with it. The architecture
//! is told in `crates/README.md`.

extern crate self as bowerbird;

pub mod analyze;
mod chain;
mod cpu;
pub mod cube;
pub mod effect;
pub mod effects;
mod engine;
mod error;
mod fixed;
mod frame;
#[cfg(feature = "gpu")]
pub mod gpu;
mod graph;
pub mod image;
pub mod image_fit;
mod image_rows;
pub mod ir;
pub mod lane;
mod matrix;
mod motion;
pub mod param;
mod plan;
pub mod recipe;
pub mod reshape;
pub mod resize;
pub mod spline;

pub use bowerbird_derive::{Choice, Params, effect};
pub use chain::{Asset, Assets, Chain, ChainStep};
pub use engine::{Backend, Cancel, DevicePicture, Engine, EngineOptions, OnDevice, Output, Pending, Simd, Stats};
pub use error::Error;
pub use frame::Frame;
pub use image::{Image, ImageError};
pub use motion::Motion;
pub use plan::{Explanation, PartExplanation, PassExplanation, StepTime};
pub use recipe::Recipe;
