//! What the tests share: charts, tolerances, random parameters, engines.

pub mod chart;
pub mod random;
pub mod structure;
pub mod tolerance;

use bowerbird::{Backend, Engine, EngineOptions};
use std::path::PathBuf;

/// What an engine says when an effect has no kernel for the GPU and is rendered on the CPU.
pub const NO_KERNEL: &str = "has no kernel for the GPU";

/// The folder of the tests.
pub fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// An engine on the CPU with changed options.
pub fn cpu(change: impl FnOnce(&mut EngineOptions)) -> Engine {
    let mut options = EngineOptions { backend: Backend::Cpu, threads: 2, ..EngineOptions::default() };
    change(&mut options);
    Engine::new(options).expect("threads start")
}

/// An engine on the GPU, or nothing and a word about it where the machine has no driver at all.
///
/// With `BOWERBIRD_REQUIRE_GPU` set, as the test command does once it has installed a driver, that is a failure.
pub fn gpu(change: impl FnOnce(&mut EngineOptions)) -> Option<Engine> {
    let mut options = EngineOptions { backend: Backend::Gpu, threads: 2, ..EngineOptions::default() };
    change(&mut options);
    match Engine::new(options) {
        Ok(engine) => Some(engine),
        Err(cause) => {
            assert!(std::env::var_os("BOWERBIRD_REQUIRE_GPU").is_none(), "{cause}");
            println!("SKIPPED: {cause}");
            None
        }
    }
}
