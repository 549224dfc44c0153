//! One binary of tests, because each links the whole engine.

mod canceled;
mod clips;
mod codes;
mod device;
mod explain;
mod files;
mod golden;
mod gpu;
mod laws;
mod oracles;
mod recipes;
mod rewrites;
mod symmetry;
