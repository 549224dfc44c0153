//! The interpreter: a program run over a tile, one operation at a time.
//!
//! It computes with the scalar lane, so its bits are those of the compiled stages by construction of the lane, and
//! a difference between the two means that the recording is wrong. It is a judge, not a runner: some ten times
//! slower than compiled code.

use super::op::{Binary, Compare, Op, Program, Unary, Value};
use crate::lane::{Lane, Tables, Word};

/// A program with registers for a tile of pixels.
#[derive(Debug)]
pub struct Machine<'p> {
    program: &'p Program,
    registers: Vec<Vec<u32>>,
}

/// What a program reads besides its operations.
#[derive(Clone, Copy)]
pub struct Inputs<'a> {
    /// Channel `c` of pixel argument `i` is `pixels[4·i + c]`, one value a pixel.
    pub pixels: &'a [&'a [f32]],
    /// The uniforms of the operation.
    pub uniforms: &'a [f32],
    /// The tables of the operation.
    pub tables: Tables<'a>,
    /// Full-size center coordinates, one a pixel.
    pub x: &'a [f32],
    /// As `x`.
    pub y: &'a [f32],
    /// Image-space integer coordinates, one a pixel.
    pub column: &'a [u32],
    /// As `column`.
    pub row: &'a [u32],
    /// Reads channel `c` of the neighbor at (dx, dy) of pixel `i`.
    pub tap: &'a dyn Fn(usize, i8, i8, u8) -> f32,
}

impl core::fmt::Debug for Inputs<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Inputs").field("uniforms", &self.uniforms).finish_non_exhaustive()
    }
}

impl<'p> Machine<'p> {
    /// A machine for tiles of up to `pixels` pixels.
    pub fn new(program: &'p Program, pixels: usize) -> Self {
        Self { program, registers: vec![vec![0; pixels]; program.ops.len()] }
    }

    /// Runs the program on the first `count` pixels and returns output `output` of each.
    pub fn run(&mut self, inputs: &Inputs<'_>, count: usize) -> Vec<Vec<f32>> {
        for index in 0..self.program.ops.len() {
            let mut out = core::mem::take(&mut self.registers[index]);
            let op = self.program.ops[index];
            for (pixel, slot) in out.iter_mut().take(count).enumerate() {
                *slot = self.step(op, inputs, pixel);
            }
            self.registers[index] = out;
        }
        let result =
            |value: &Value| self.registers[value.0 as usize][..count].iter().map(|b| f32::from_bits(*b)).collect();
        self.program.outputs.iter().map(result).collect()
    }

    fn step(&self, op: Op, inputs: &Inputs<'_>, pixel: usize) -> u32 {
        let word = |v: Value| self.registers[v.0 as usize][pixel];
        let float = |v: Value| f32::from_bits(word(v));
        match op {
            Op::Float(bits) | Op::Word(bits) => bits,
            Op::Uniform(slot) => inputs.uniforms[slot as usize].to_bits(),
            Op::Input(argument, channel) => inputs.pixels[4 * argument as usize + channel as usize][pixel].to_bits(),
            Op::X => inputs.x[pixel].to_bits(),
            Op::Y => inputs.y[pixel].to_bits(),
            Op::Column => inputs.column[pixel],
            Op::Row => inputs.row[pixel],
            Op::Unary(kind, a) => unary(kind, word(a)),
            Op::Binary(kind, a, b) => binary(kind, word(a), word(b)),
            Op::Shift(left, a, bits) => {
                if left {
                    word(a) << bits
                } else {
                    word(a) >> bits
                }
            }
            Op::Compare(kind, a, b) => u32::from(match kind {
                Compare::Less => float(a) < float(b),
                Compare::LessEqual => float(a) <= float(b),
                Compare::Equal => float(a) == float(b),
            }),
            Op::Select(mask, yes, no) => {
                if word(mask) != 0 {
                    word(yes)
                } else {
                    word(no)
                }
            }
            Op::Table(table, index) => inputs.tables.entry(table as usize, word(index)).to_bits(),
            Op::Tap(dx, dy, channel) => (inputs.tap)(pixel, dx, dy, channel).to_bits(),
        }
    }
}

fn unary(kind: Unary, a: u32) -> u32 {
    let x = f32::from_bits(a);
    match kind {
        Unary::Neg => (-x).to_bits(),
        Unary::Abs => Lane::abs(x).to_bits(),
        Unary::Floor => Lane::floor(x).to_bits(),
        Unary::Sqrt => Lane::sqrt(x).to_bits(),
        Unary::Exp2 => Lane::exp2(x).to_bits(),
        Unary::Log2 => Lane::log2(x).to_bits(),
        Unary::Pow5Over12 => x.pow_5_12().to_bits(),
        Unary::Pow12Over5 => x.pow_12_5().to_bits(),
        Unary::Sin => Lane::sin(x).to_bits(),
        Unary::Cos => Lane::cos(x).to_bits(),
        Unary::Bits | Unary::FromBits => a,
        Unary::ToInt => Lane::to_int(x),
        Unary::FromUnsigned => a.to_float().to_bits(),
        Unary::FromSigned => a.to_float_signed().to_bits(),
        Unary::Not => u32::from(a == 0),
    }
}

fn binary(kind: Binary, a: u32, b: u32) -> u32 {
    let (x, y) = (f32::from_bits(a), f32::from_bits(b));
    match kind {
        Binary::Add => (x + y).to_bits(),
        Binary::Sub => (x - y).to_bits(),
        Binary::Mul => (x * y).to_bits(),
        Binary::Div => (x / y).to_bits(),
        Binary::Min => Lane::min(x, y).to_bits(),
        Binary::Max => Lane::max(x, y).to_bits(),
        Binary::Pow => Lane::pow(x, y).to_bits(),
        Binary::Atan2 => Lane::atan2(x, y).to_bits(),
        Binary::AddWord => a.wrapping_add(b),
        Binary::MulWord => a.wrapping_mul(b),
        Binary::AndWord => a & b,
        Binary::XorWord => a ^ b,
        Binary::And => a & b,
        Binary::Or => a | b,
    }
}
