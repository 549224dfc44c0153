//! The operations of a recording.

use core::hash::{Hash, Hasher};

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
        let mut live = vec![false; self.ops.len()];
        for output in &self.outputs {
            live[output.0 as usize] = true;
        }
        for index in (0..self.ops.len()).rev() {
            if live[index] {
                for operand in self.ops[index].operands() {
                    live[operand.0 as usize] = true;
                }
            }
        }
        live
    }
}

impl Hash for Program {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.ops.hash(state);
        self.outputs.hash(state);
    }
}
