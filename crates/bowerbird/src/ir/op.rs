//! The operations of a recording.

use core::hash::{Hash, Hasher};
use std::collections::HashMap;

/// The index of an operation in its program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Value(pub u32);

/// One operand: the float functions, the integer conversions, and logical not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each is named after the lane operation that it records")]
pub enum Unary {
    Neg,
    Abs,
    Floor,
    Sqrt,
    Exp2,
    Log2,
    Sin,
    Cos,
    Pow5Over12,
    Pow12Over5,
    Bits,
    FromBits,
    ToInt,
    FromUnsigned,
    FromSigned,
    Not,
}

/// Two operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each is named after the lane operation that it records")]
pub enum Binary {
    Add,
    Sub,
    Mul,
    Div,
    Min,
    Max,
    Pow,
    Atan2,
    AddWord,
    MulWord,
    AndWord,
    XorWord,
    And,
    Or,
}

/// Float comparisons.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each is named after the lane operation that it records")]
pub enum Compare {
    Less,
    LessEqual,
    Equal,
}

/// One operation. Floats are kept by their bits, so that operations can be hashed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Op {
    /// A float constant.
    Float(u32),
    /// An integer constant.
    Word(u32),
    /// Uniform number `.0` of the operation.
    Uniform(u16),
    /// Channel `.1` of pixel argument `.0`.
    Input(u8, u8),
    /// The pixel center's x, y.
    X,
    /// The pixel center's y.
    Y,
    /// The image-space integer column.
    Column,
    /// The image-space integer row.
    Row,
    /// An operation on one value.
    Unary(Unary, Value),
    /// An operation on two values.
    Binary(Binary, Value, Value),
    /// A shift of a word by a constant; left when `true`.
    Shift(bool, Value, u8),
    /// A comparison of floats.
    Compare(Compare, Value, Value),
    /// Where the mask holds the first, else the second.
    Select(Value, Value, Value),
    /// An entry of a table.
    Table(u8, Value),
    /// Channel `.2` of the neighbor at offset (`.0`, `.1`).
    Tap(i8, i8, u8),
}

impl Op {
    /// The values that the operation reads.
    pub fn operands(self) -> impl Iterator<Item = Value> {
        let three = match self {
            Self::Unary(_, a) | Self::Shift(_, a, _) | Self::Table(_, a) => [Some(a), None, None],
            Self::Binary(_, a, b) | Self::Compare(_, a, b) => [Some(a), Some(b), None],
            Self::Select(m, a, b) => [Some(m), Some(a), Some(b)],
            _ => [None; 3],
        };
        three.into_iter().flatten()
    }

    /// The same operation on other values.
    fn map(self, value: impl Fn(Value) -> Value) -> Self {
        match self {
            Self::Unary(kind, a) => Self::Unary(kind, value(a)),
            Self::Shift(left, a, bits) => Self::Shift(left, value(a), bits),
            Self::Table(table, a) => Self::Table(table, value(a)),
            Self::Binary(kind, a, b) => Self::Binary(kind, value(a), value(b)),
            Self::Compare(kind, a, b) => Self::Compare(kind, value(a), value(b)),
            Self::Select(mask, a, b) => Self::Select(value(mask), value(a), value(b)),
            leaf => leaf,
        }
    }

    /// Whether the result is a mask, a word, or (neither) a float.
    pub fn is_mask(self) -> bool {
        matches!(self, Self::Compare(..) | Self::Unary(Unary::Not, _) | Self::Binary(Binary::And | Binary::Or, ..))
    }

    /// Whether the result is an integer.
    pub fn is_word(self) -> bool {
        matches!(
            self,
            Self::Word(_)
                | Self::Column
                | Self::Row
                | Self::Shift(..)
                | Self::Unary(Unary::Bits | Unary::ToInt, _)
                | Self::Binary(Binary::AddWord | Binary::MulWord | Binary::AndWord | Binary::XorWord, ..)
        )
    }

    /// A rough price in simple operations, by which the planner weighs recomputing against storing.
    fn cost(self) -> u32 {
        match self {
            Self::Float(_) | Self::Word(_) | Self::Uniform(_) | Self::Input(..) => 0,
            Self::Unary(Unary::Exp2 | Unary::Log2 | Unary::Sin | Unary::Cos, _) => 15,
            Self::Unary(Unary::Pow5Over12 | Unary::Pow12Over5, _) => 20,
            Self::Binary(Binary::Pow | Binary::Atan2, ..) => 35,
            Self::Binary(Binary::Div, ..) | Self::Unary(Unary::Sqrt, _) => 4,
            Self::Table(..) => 8,
            _ => 1,
        }
    }
}

/// A finished recording: operations in order, each reading only earlier ones.
#[derive(Clone, Debug, Default)]
pub struct Program {
    /// The operations.
    pub ops: Vec<Op>,
    /// The results: red, green, blue, alpha of a pixel, or the coordinates of a warp.
    pub outputs: Vec<Value>,
}

impl Program {
    /// A rough price of one pixel in simple operations.
    pub fn cost(&self) -> u32 {
        self.ops.iter().map(|op| op.cost()).sum()
    }

    /// The operations that reach an output; the rest need not be printed.
    pub fn live(&self) -> Vec<bool> {
        self.reaching(&self.outputs)
    }

    /// The operations that reach some of the values.
    pub(super) fn reaching(&self, values: &[Value]) -> Vec<bool> {
        let mut live = vec![false; self.ops.len()];
        values.iter().for_each(|value| live[value.0 as usize] = true);
        for index in (0..self.ops.len()).rev() {
            if live[index] {
                self.ops[index].operands().for_each(|operand| live[operand.0 as usize] = true);
            }
        }
        live
    }

    /// Whether each color depends on no other color.
    pub(crate) fn is_separate(&self) -> bool {
        self.outputs.iter().take(3).zip(0..).all(|(output, own)| {
            let live = self.reaching(&[*output]);
            let is_other = |op: &Op| matches!(op, Op::Input(_, c) | Op::Tap(.., c) if *c < 3 && *c != own);
            !self.ops.iter().zip(live).any(|(op, live)| live && is_other(op))
        })
    }

    /// Whether each color of the first picture depends, with these uniforms, on nothing but itself and alpha: not on other
    /// colors, other pictures or the place.
    pub(crate) fn separates(&self, uniforms: &[f32], scratch: &mut Vec<u8>) -> bool {
        const ELSE: u8 = 1 << 3;
        scratch.clear();
        let is_zero = |value: Value| match self.ops[value.0 as usize] {
            Op::Uniform(slot) => uniforms.get(usize::from(slot)) == Some(&0.0),
            _ => false,
        };
        for op in &self.ops {
            let own = match *op {
                Op::Input(0, channel) => (1 << channel) & (ELSE - 1),
                Op::Input(..) | Op::Tap(..) | Op::X | Op::Y | Op::Column | Op::Row => ELSE,
                // A picture of codes holds no infinity.
                Op::Binary(Binary::Mul, a, b) if is_zero(a) || is_zero(b) => 0,
                op => op.operands().fold(0, |all, operand| all | scratch[operand.0 as usize]),
            };
            scratch.push(own);
        }
        self.outputs.iter().take(3).zip(0..).all(|(output, color)| scratch[output.0 as usize] & !(1 << color) == 0)
    }

    /// The operations that give the three colors once `known` has replaced what is read by what it is known to be: equal
    /// ones compute the same.
    pub(crate) fn colors(&self, known: impl Fn(Op) -> Op) -> Option<[Op; 3]> {
        let mut first: HashMap<Op, Value> = HashMap::new();
        let mut stands: Vec<(Op, Value)> = Vec::with_capacity(self.ops.len());
        for (index, op) in self.ops.iter().enumerate() {
            let op = known(op.map(|value| stands[value.0 as usize].1));
            let value = *first.entry(op).or_insert(Value(index as u32));
            stands.push((op, value));
        }
        let color = |output: &Value| stands[output.0 as usize].0;
        self.outputs.get(..3).map(|colors| [0, 1, 2].map(|c| color(&colors[c])))
    }
}

impl Hash for Program {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.ops.hash(state);
        self.outputs.hash(state);
    }
}
