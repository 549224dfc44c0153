//! The lane that records instead of computing.

use super::op::{Binary, Compare, Op, Program, Unary, Value};
use crate::lane::{Lane, Tables, Word};
use core::ops::{Add, BitAnd, BitOr, Div, Mul, Neg, Not, Sub};
use std::cell::RefCell;
use std::collections::HashMap;

thread_local! {
    /// The recording under way on this thread. A lane is `Copy` and an operator takes no context, so the arena has
    /// to be ambient; [`record`] swaps it in and out, so recordings nest and never see each other.
    static ARENA: RefCell<Arena> = RefCell::default();
}

#[derive(Default)]
struct Arena {
    ops: Vec<Op>,
    known: HashMap<Op, Value>,
}

fn push(op: Op) -> Value {
    ARENA.with_borrow_mut(|arena| {
        let op = fold(op, &arena.ops);
        match op {
            Ok(op) => *arena.known.entry(op).or_insert_with(|| {
                arena.ops.push(op);
                Value(arena.ops.len() as u32 - 1)
            }),
            Err(same) => same,
        }
    })
}

/// Folds an operation on constants, with the scalar lane's own arithmetic, or finds that it is another value.
fn fold(op: Op, ops: &[Op]) -> Result<Op, Value> {
    let float = |v: Value| match ops[v.0 as usize] {
        Op::Float(bits) => Some(f32::from_bits(bits)),
        _ => None,
    };
    let word = |v: Value| match ops[v.0 as usize] {
        Op::Word(bits) => Some(bits),
        _ => None,
    };
    let constant = |value: f32| if value.is_finite() { Ok(Op::Float(value.to_bits())) } else { Ok(op) };
    match op {
        Op::Binary(kind, a, b) => match (kind, float(a), float(b), word(a), word(b)) {
            (Binary::Add, Some(a), Some(b), ..) => constant(a + b),
            (Binary::Sub, Some(a), Some(b), ..) => constant(a - b),
            (Binary::Mul, Some(a), Some(b), ..) => constant(a * b),
            (Binary::Div, Some(a), Some(b), ..) => constant(a / b),
            (Binary::Mul, _, Some(1.0), ..) => Err(a),
            (Binary::AddWord, _, _, Some(a), Some(b)) => Ok(Op::Word(a.wrapping_add(b))),
            (Binary::MulWord, _, _, Some(a), Some(b)) => Ok(Op::Word(a.wrapping_mul(b))),
            _ => Ok(op),
        },
        Op::Unary(Unary::Neg, a) => float(a).map_or(Ok(op), |a| constant(-a)),
        Op::Unary(Unary::Bits, a) => Ok(float(a).map_or(op, |a| Op::Word(a.to_bits()))),
        Op::Unary(Unary::ToInt, a) => Ok(float(a).map_or(op, |a| Op::Word(Lane::to_int(a)))),
        Op::Select(_, yes, no) if yes == no => Err(yes),
        _ => Ok(op),
    }
}

/// Runs `body`, which computes with [`Rec`], and returns what it computed as a program.
pub fn record(body: impl FnOnce() -> Vec<Rec>) -> Program {
    let outer = ARENA.take();
    let outputs = body().into_iter().map(|rec| rec.0).collect();
    let arena = ARENA.replace(outer);
    Program { ops: arena.ops, outputs }
}

/// A float of the recording.
#[derive(Clone, Copy, Debug)]
pub struct Rec(pub(super) Value);

/// An integer of the recording.
#[derive(Clone, Copy, Debug)]
pub struct RecWord(pub(super) Value);

/// A mask of the recording.
#[derive(Clone, Copy, Debug)]
pub struct RecMask(pub(super) Value);

impl Rec {
    /// A leaf: an input channel, a uniform, a coordinate.
    pub fn leaf(op: Op) -> Self {
        Self(push(op))
    }
}

impl RecWord {
    /// A leaf that is an integer.
    pub fn leaf(op: Op) -> Self {
        Self(push(op))
    }
}

fn constant(value: f32) -> Value {
    push(Op::Float(value.to_bits()))
}

macro_rules! arithmetic {
    ($($operator:ident $function:ident),*) => {$(
        impl $operator for Rec {
            type Output = Self;
            fn $function(self, other: Self) -> Self {
                Self(push(Op::Binary(Binary::$operator, self.0, other.0)))
            }
        }
        impl $operator<f32> for Rec {
            type Output = Self;
            fn $function(self, other: f32) -> Self {
                Self(push(Op::Binary(Binary::$operator, self.0, constant(other))))
            }
        }
    )*};
}
arithmetic!(Add add, Sub sub, Mul mul, Div div);

impl Neg for Rec {
    type Output = Self;
    fn neg(self) -> Self {
        Self(push(Op::Unary(Unary::Neg, self.0)))
    }
}

impl BitAnd for RecMask {
    type Output = Self;
    fn bitand(self, other: Self) -> Self {
        Self(push(Op::Binary(Binary::And, self.0, other.0)))
    }
}

impl BitOr for RecMask {
    type Output = Self;
    fn bitor(self, other: Self) -> Self {
        Self(push(Op::Binary(Binary::Or, self.0, other.0)))
    }
}

impl Not for RecMask {
    type Output = Self;
    fn not(self) -> Self {
        Self(push(Op::Unary(Unary::Not, self.0)))
    }
}

impl Word for RecWord {
    type Float = Rec;
    fn lit(self, value: u32) -> Self {
        Self(push(Op::Word(value)))
    }
    fn add(self, other: Self) -> Self {
        Self(push(Op::Binary(Binary::AddWord, self.0, other.0)))
    }
    fn mul(self, other: Self) -> Self {
        Self(push(Op::Binary(Binary::MulWord, self.0, other.0)))
    }
    fn and(self, other: Self) -> Self {
        Self(push(Op::Binary(Binary::AndWord, self.0, other.0)))
    }
    fn xor(self, other: Self) -> Self {
        Self(push(Op::Binary(Binary::XorWord, self.0, other.0)))
    }
    fn shl(self, bits: u32) -> Self {
        Self(push(Op::Shift(true, self.0, bits as u8)))
    }
    fn shr(self, bits: u32) -> Self {
        Self(push(Op::Shift(false, self.0, bits as u8)))
    }
    fn to_float(self) -> Rec {
        Rec(push(Op::Unary(Unary::FromUnsigned, self.0)))
    }
    fn to_float_signed(self) -> Rec {
        Rec(push(Op::Unary(Unary::FromSigned, self.0)))
    }
    fn bits_to_float(self) -> Rec {
        Rec(push(Op::Unary(Unary::FromBits, self.0)))
    }
}

macro_rules! unary {
    ($($function:ident $op:ident),*) => {$(
        fn $function(self) -> Self {
            Self(push(Op::Unary(Unary::$op, self.0)))
        }
    )*};
}

macro_rules! binary {
    ($($function:ident $op:ident),*) => {$(
        fn $function(self, other: Self) -> Self {
            Self(push(Op::Binary(Binary::$op, self.0, other.0)))
        }
    )*};
}

macro_rules! compare {
    ($($function:ident $op:ident),*) => {$(
        fn $function(self, other: Self) -> RecMask {
            RecMask(push(Op::Compare(Compare::$op, self.0, other.0)))
        }
    )*};
}

impl Lane for Rec {
    type Mask = RecMask;
    type Word = RecWord;

    fn lit(self, value: f32) -> Self {
        Self(constant(value))
    }
    unary!(floor Floor, sqrt Sqrt, abs Abs, exp2 Exp2, log2 Log2, sin Sin, cos Cos, pow_5_12 Pow5Over12,
        pow_12_5 Pow12Over5);
    binary!(min Min, max Max, pow Pow, atan2 Atan2);
    compare!(lt Less, le LessEqual, same Equal);
    fn pick(mask: RecMask, yes: Self, no: Self) -> Self {
        Self(push(Op::Select(mask.0, yes.0, no.0)))
    }
    fn to_bits(self) -> RecWord {
        RecWord(push(Op::Unary(Unary::Bits, self.0)))
    }
    fn to_int(self) -> RecWord {
        RecWord(push(Op::Unary(Unary::ToInt, self.0)))
    }
    fn lookup(_: &Tables<'_>, table: usize, index: RecWord) -> Self {
        Self(push(Op::Table(table as u8, index.0)))
    }
}
