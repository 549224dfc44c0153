//! The recording: a small SSA program, made by running a pixel function with [`Rec`] as its lane.
//!
//! A recording is hash-consed as it is made, so common subexpressions are shared and constants fold for free. It
//! has two consumers: the WGSL printer for the GPU, and an interpreter over tiles that cross-checks the compiled
//! stages and runs effects that were not compiled in. It refuses to be a general compiler: no branches, no memory
//! writes; a loop over a list is unrolled by the effect that knows its length.

pub(crate) mod affine;
mod op;
pub(crate) mod range;
mod rec;
mod vm;
mod wgsl;

pub use op::{Binary, Compare, Op, Program, Unary, Value};
pub use rec::{Rec, RecMask, RecWord, record};
pub use vm::{Inputs, Machine};
pub use wgsl::{Precision, Writer, library, literal};
