//! Recordings printed as WGSL.
//!
//! One named function an operation, so that a dump or a GPU capture reads like the recipe. In precise mode the
//! transcendental functions are printed too, by recording the very polynomials that the CPU runs.

use super::op::{Binary, Compare, Op, Program, Unary, Value};
use super::rec::{Rec, record};
use crate::lane::math;
use core::fmt::Write;

/// How close the GPU stays to the CPU.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Precision {
    /// Built-in functions and 16-bit float textures: within one 8-bit level.
    #[default]
    Fast,
    /// Our polynomials and 32-bit float textures: within a few units of the last place.
    Precise,
}

/// A float literal that WGSL reads back to the same bits.
pub fn literal(value: f32) -> String {
    let text = format!("{value:?}");
    match text.as_str() {
        "inf" | "-inf" | "NaN" => format!("bitcast<f32>({}u)", value.to_bits()),
        _ => format!("{text}f"),
    }
}

/// The functions that programs call: built-in in fast mode, our polynomials in precise mode.
pub fn library(precision: Precision) -> String {
    let mut out = String::new();
    type Function = (&'static str, fn(Rec, Rec) -> Rec, usize, &'static str);
    let functions: [Function; 8] = [
        ("bb_exp2", |x, _| math::exp2(x), 1, "exp2(clamp(a, -126.0, 127.499))"),
        ("bb_log2", |x, _| math::log2(x), 1, "log2(a)"),
        (
            "bb_pow",
            math::pow,
            2,
            "select(select(select(1.0, 3.4028235e38, b < 0.0), 0.0, b > 0.0), pow(a, b), a > 0.0)",
        ),
        ("bb_pow_5_12", |x, _| math::pow_5_12(x), 1, "select(0.0, pow(a, 5.0 / 12.0), a > 0.0)"),
        ("bb_pow_12_5", |x, _| math::pow_12_5(x), 1, "select(0.0, pow(min(a, 1e15), 2.4), a > 0.0)"),
        ("bb_sin", |x, _| math::sin(x), 1, "sin(a)"),
        ("bb_cos", |x, _| math::cos(x), 1, "cos(a)"),
        // A built-in atan2 may be undefined where x is 0, so this one is ours in both modes.
        ("bb_atan2", math::atan2, 2, ""),
    ];
    for (name, body, arguments, builtin) in functions {
        let signature = if arguments == 1 { "a: f32" } else { "a: f32, b: f32" };
        let _ = writeln!(out, "fn {name}({signature}) -> f32 {{");
        if precision == Precision::Fast && !builtin.is_empty() {
            let _ = writeln!(out, "    return {builtin};");
        } else {
            let program = record(|| vec![body(Rec::leaf(Op::Input(0, 0)), Rec::leaf(Op::Input(0, 1)))]);
            let mut writer =
                Writer { input: &|_, channel| if channel == 0 { "a".into() } else { "b".into() }, ..Writer::plain() };
            writer.body(&program, &mut out);
            let _ = writeln!(out, "    return {};", writer.name(&program, program.outputs[0]));
        }
        out.push_str("}\n");
    }
    out
}

/// Prints the body of a program; the closures name its leaves.
pub struct Writer<'a> {
    /// How channel `c` of pixel argument `i` is written.
    pub input: &'a dyn Fn(u8, u8) -> String,
    /// How uniform `n` is written.
    pub uniform: &'a dyn Fn(u16) -> String,
    /// How entry `index` (an expression) of table `t` is written.
    pub table: &'a dyn Fn(u8, &str) -> String,
    /// How channel `c` of the neighbor at (dx, dy) is written.
    pub tap: &'a dyn Fn(i8, i8, u8) -> String,
}

impl core::fmt::Debug for Writer<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Writer")
    }
}

impl Writer<'_> {
    /// A writer for programs without leaves of their own.
    pub fn plain() -> Self {
        Self {
            input: &|argument, channel| format!("c{argument}[{channel}]"),
            uniform: &|slot| format!("u[{slot}]"),
            table: &|table, index| format!("table_{table}({index})"),
            tap: &|dx, dy, channel| format!("tap({dx}, {dy})[{channel}]"),
        }
    }

    /// The expression that stands for a value: constants and leaves inline, the rest by name.
    pub fn name(&self, program: &Program, value: Value) -> String {
        match program.ops[value.0 as usize] {
            Op::Float(bits) => literal(f32::from_bits(bits)),
            Op::Word(bits) => format!("{bits}u"),
            Op::Uniform(slot) => (self.uniform)(slot),
            Op::Input(argument, channel) => (self.input)(argument, channel),
            Op::X => "at.x".into(),
            Op::Y => "at.y".into(),
            Op::Column => "cell.x".into(),
            Op::Row => "cell.y".into(),
            _ => format!("v{}", value.0),
        }
    }

    /// Prints every live operation as a `let`.
    pub fn body(&mut self, program: &Program, out: &mut String) {
        let live = program.live();
        for (index, op) in program.ops.iter().enumerate() {
            let value = Value(index as u32);
            let text = if live[index] { self.expression(program, *op) } else { None };
            if let Some(text) = text {
                let _ = writeln!(out, "    let v{} = {text};", value.0);
            }
        }
    }

    fn expression(&self, program: &Program, op: Op) -> Option<String> {
        let n = |v: Value| self.name(program, v);
        Some(match op {
            Op::Float(_) | Op::Word(_) | Op::Uniform(_) | Op::Input(..) | Op::X | Op::Y | Op::Column | Op::Row => {
                return None;
            }
            Op::Unary(kind, a) => {
                let a = n(a);
                match kind {
                    Unary::Neg => format!("-({a})"),
                    Unary::Abs => format!("abs({a})"),
                    Unary::Floor => format!("floor({a})"),
                    Unary::Sqrt => format!("sqrt({a})"),
                    Unary::Exp2 => format!("bb_exp2({a})"),
                    Unary::Log2 => format!("bb_log2({a})"),
                    Unary::Pow5Over12 => format!("bb_pow_5_12({a})"),
                    Unary::Pow12Over5 => format!("bb_pow_12_5({a})"),
                    Unary::Sin => format!("bb_sin({a})"),
                    Unary::Cos => format!("bb_cos({a})"),
                    Unary::Bits => format!("bitcast<u32>({a})"),
                    Unary::FromBits => format!("bitcast<f32>({a})"),
                    Unary::ToInt => format!("bitcast<u32>(i32({a}))"),
                    Unary::FromUnsigned => format!("f32({a})"),
                    Unary::FromSigned => format!("f32(bitcast<i32>({a}))"),
                    Unary::Not => format!("!({a})"),
                }
            }
            Op::Binary(kind, a, b) => {
                let (a, b) = (n(a), n(b));
                match kind {
                    Binary::Add | Binary::AddWord => format!("{a} + {b}"),
                    Binary::Sub => format!("{a} - {b}"),
                    Binary::Mul | Binary::MulWord => format!("{a} * {b}"),
                    Binary::Div => format!("{a} / {b}"),
                    Binary::Min => format!("min({a}, {b})"),
                    Binary::Max => format!("max({a}, {b})"),
                    Binary::Pow => format!("bb_pow({a}, {b})"),
                    Binary::Atan2 => format!("bb_atan2({a}, {b})"),
                    Binary::AndWord | Binary::And => format!("{a} & {b}"),
                    Binary::XorWord => format!("{a} ^ {b}"),
                    Binary::Or => format!("{a} | {b}"),
                }
            }
            Op::Shift(left, a, bits) => format!("{} {} {bits}u", n(a), if left { "<<" } else { ">>" }),
            Op::Compare(kind, a, b) => {
                let sign = match kind {
                    Compare::Less => "<",
                    Compare::LessEqual => "<=",
                    Compare::Equal => "==",
                };
                format!("{} {sign} {}", n(a), n(b))
            }
            Op::Select(mask, yes, no) => format!("select({}, {}, {})", n(no), n(yes), n(mask)),
            Op::Table(table, index) => (self.table)(table, &n(index)),
            Op::Tap(dx, dy, channel) => (self.tap)(dx, dy, channel),
        })
    }
}
