//! What values a program may have: an abstract run over intervals.
//!
//! Bounds are those of exact arithmetic; floats may round a little past them. They are not tight, only safe: a value that
//! is used twice counts as two, but for squares and for going from one value towards another.

use super::op::{Binary, Compare, Op, Program, Unary, Value};

/// The least and the greatest that a value may be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Range {
    pub(crate) low: f64,
    pub(crate) high: f64,
}

impl Range {
    /// Nothing is known.
    pub(crate) const ANY: Self = Self { low: f64::NEG_INFINITY, high: f64::INFINITY };
    /// From 0 to 1.
    pub(crate) const UNIT: Self = Self { low: 0.0, high: 1.0 };
    /// Nothing but 0.
    pub(crate) const ZERO: Self = Self::only(0.0);
    /// Any word.
    const WORD: Self = Self { low: 0.0, high: u32::MAX as f64 };

    const fn only(value: f64) -> Self {
        Self { low: value, high: value }
    }

    /// From the least to the greatest of some numbers; nothing is known where one is none.
    pub(crate) fn of(values: impl IntoIterator<Item = f64>) -> Self {
        values.into_iter().map(Self::only).reduce(Self::or).unwrap_or(Self::ANY)
    }

    /// What is in either.
    pub(crate) fn or(self, other: Self) -> Self {
        let bounds = [self.low, self.high, other.low, other.high];
        if bounds.iter().any(|bound| bound.is_nan()) {
            return Self::ANY;
        }
        Self { low: self.low.min(other.low), high: self.high.max(other.high) }
    }

    /// Whether it is bounded on both sides.
    fn is_bounded(self) -> bool {
        self.low.is_finite() && self.high.is_finite()
    }

    /// How far the greatest is from the least.
    pub(crate) fn width(self) -> f64 {
        self.high - self.low
    }

    /// Grown on both sides by a part of its width.
    pub(crate) fn grown(self, part: f64) -> Self {
        let by = part * self.width();
        Self::of([self.low - by, self.high + by])
    }

    fn number(self) -> Option<f64> {
        (self.low == self.high).then_some(self.low)
    }

    /// What a function that never falls makes of it.
    fn through(self, rising: impl Fn(f64) -> f64) -> Self {
        Self::of([rising(self.low), rising(self.high)])
    }
}

/// What is known of a value of the program.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Known {
    /// A float or a word within bounds.
    Within(Range),
    /// A truth value, if it is known.
    Truth(Option<bool>),
}

/// What a program reads.
pub(crate) struct Sources<'a> {
    /// The channels of the pictures.
    pub(crate) inputs: &'a [[Range; 4]],
    pub(crate) uniforms: &'a [f32],
    /// The entries of each table.
    pub(crate) table: &'a dyn Fn(usize) -> Range,
}

impl Program {
    /// The ranges of the four channels that a pixel function gives. `scratch` is only memory.
    pub(crate) fn ranges(&self, sources: &Sources<'_>, scratch: &mut Vec<Known>) -> [Range; 4] {
        scratch.clear();
        for op in &self.ops {
            let known = self.known(*op, sources, scratch);
            scratch.push(known);
        }
        core::array::from_fn(|channel| match self.outputs.get(channel).map(|value| scratch[value.0 as usize]) {
            Some(Known::Within(range)) => range,
            _ => Range::ANY,
        })
    }

    fn known(&self, op: Op, sources: &Sources<'_>, before: &[Known]) -> Known {
        let of = |value: Value| match before[value.0 as usize] {
            Known::Within(range) => range,
            Known::Truth(_) => Range::ANY,
        };
        let truth = |value: Value| match before[value.0 as usize] {
            Known::Truth(truth) => truth,
            Known::Within(_) => None,
        };
        let channel = |input: u8, channel: u8| {
            let channels = sources.inputs.get(usize::from(input));
            channels.and_then(|channels| channels.get(usize::from(channel))).copied().unwrap_or(Range::ANY)
        };
        Known::Within(match op {
            Op::Float(bits) => Range::of([f64::from(f32::from_bits(bits))]),
            Op::Word(word) => Range::only(word.into()),
            Op::Uniform(slot) => {
                sources.uniforms.get(usize::from(slot)).map_or(Range::ANY, |value| Range::of([f64::from(*value)]))
            }
            Op::Input(input, c) => channel(input, c),
            Op::Tap(.., c) => channel(0, c),
            Op::X | Op::Y => Range::ANY,
            Op::Column | Op::Row => Range::WORD,
            Op::Table(table, _) => (sources.table)(table.into()),
            Op::Shift(false, a, bits) => {
                let shifted = |word: f64| (word / 2f64.powi(bits.into())).floor();
                of(a).through(shifted)
            }
            Op::Shift(true, ..) => Range::WORD,
            Op::Unary(Unary::Not, a) => return Known::Truth(truth(a).map(|truth| !truth)),
            Op::Unary(kind, a) => unary(kind, of(a)),
            Op::Binary(Binary::And, a, b) => {
                return Known::Truth(match (truth(a), truth(b)) {
                    (Some(false), _) | (_, Some(false)) => Some(false),
                    (Some(true), Some(true)) => Some(true),
                    _ => None,
                });
            }
            Op::Binary(Binary::Or, a, b) => {
                return Known::Truth(match (truth(a), truth(b)) {
                    (Some(true), _) | (_, Some(true)) => Some(true),
                    (Some(false), Some(false)) => Some(false),
                    _ => None,
                });
            }
            Op::Binary(Binary::Mul, a, b) if a == b => {
                let (low, high) = (of(a).low.abs(), of(a).high.abs());
                let least = if of(a).low <= 0.0 && of(a).high >= 0.0 { 0.0 } else { low.min(high) };
                Range::of([least * least, low.max(high).powi(2)])
            }
            Op::Binary(Binary::Add, a, b) => {
                self.between(a, b, &of).or_else(|| self.between(b, a, &of)).unwrap_or_else(|| add(of(a), of(b)))
            }
            Op::Binary(kind, a, b) => binary(kind, of(a), of(b)),
            Op::Compare(kind, a, b) => return Known::Truth(compare(kind, of(a), of(b))),
            Op::Select(mask, yes, no) => {
                // Truth values are chosen, too.
                if let (Known::Truth(yes), Known::Truth(no)) = (before[yes.0 as usize], before[no.0 as usize]) {
                    return Known::Truth(match truth(mask) {
                        Some(true) => yes,
                        Some(false) => no,
                        None => yes.filter(|_| yes == no),
                    });
                }
                match truth(mask) {
                    Some(true) => of(yes),
                    Some(false) => of(no),
                    None => of(yes).or(of(no)),
                }
            }
        })
    }

    /// The range of from + (to − from)·t with a t of 0 to 1, if `from` + `way` is that.
    fn between(&self, from: Value, way: Value, of: &impl Fn(Value) -> Range) -> Option<Range> {
        let Op::Binary(Binary::Mul, a, b) = self.ops[way.0 as usize] else { return None };
        [(a, b), (b, a)].into_iter().find_map(|(difference, t)| {
            let Op::Binary(Binary::Sub, to, start) = self.ops[difference.0 as usize] else { return None };
            let is_part = of(t).low >= 0.0 && of(t).high <= 1.0;
            (start == from && is_part).then(|| of(from).or(of(to)))
        })
    }
}

fn unary(kind: Unary, a: Range) -> Range {
    match kind {
        Unary::Neg => Range::of([-a.low, -a.high]),
        Unary::Abs => {
            let least = if a.low <= 0.0 && a.high >= 0.0 { 0.0 } else { a.low.abs().min(a.high.abs()) };
            Range::of([least, a.low.abs().max(a.high.abs())])
        }
        Unary::Floor => a.through(f64::floor),
        Unary::Sqrt => a.through(f64::sqrt),
        Unary::Exp2 => a.through(f64::exp2),
        Unary::Log2 if a.low > 0.0 => a.through(f64::log2),
        Unary::Sin | Unary::Cos => Range::of([-1.0, 1.0]),
        Unary::Pow5Over12 => a.through(|v| v.max(0.0).powf(5.0 / 12.0)),
        Unary::Pow12Over5 => a.through(|v| v.max(0.0).powf(12.0 / 5.0)),
        Unary::FromUnsigned => a,
        Unary::Bits | Unary::ToInt => Range::WORD,
        Unary::Log2 | Unary::FromBits | Unary::FromSigned | Unary::Not => Range::ANY,
    }
}

fn add(a: Range, b: Range) -> Range {
    Range::of([a.low + b.low, a.high + b.high])
}

fn binary(kind: Binary, a: Range, b: Range) -> Range {
    let corners =
        |f: fn(f64, f64) -> f64| Range::of([f(a.low, b.low), f(a.low, b.high), f(a.high, b.low), f(a.high, b.high)]);
    match kind {
        Binary::Add => add(a, b),
        Binary::Sub => Range::of([a.low - b.high, a.high - b.low]),
        // Nothing times what is not bounded is anything.
        Binary::Mul => corners(|a, b| a * b),
        Binary::Div if b.low > 0.0 || b.high < 0.0 => corners(|a, b| a / b),
        Binary::Min => Range { low: a.low.min(b.low), high: a.high.min(b.high) },
        Binary::Max => Range { low: a.low.max(b.low), high: a.high.max(b.high) },
        Binary::Pow => match b.number() {
            Some(p) if p > 0.0 => a.through(|v| v.max(0.0).powf(p)),
            _ => Range::ANY,
        },
        Binary::Atan2 => Range::of([-core::f64::consts::PI, core::f64::consts::PI]),
        // No bit is set that is set in neither.
        Binary::AndWord => Range { low: 0.0, high: a.high.min(b.high) },
        Binary::AddWord | Binary::MulWord | Binary::XorWord => Range::WORD,
        Binary::Div | Binary::And | Binary::Or => Range::ANY,
    }
}

fn compare(kind: Compare, a: Range, b: Range) -> Option<bool> {
    // What may be no number at all compares as it likes.
    if !a.is_bounded() || !b.is_bounded() {
        return None;
    }
    match kind {
        Compare::Less if a.high < b.low => Some(true),
        Compare::Less if a.low >= b.high => Some(false),
        Compare::LessEqual if a.high <= b.low => Some(true),
        Compare::LessEqual if a.low > b.high => Some(false),
        Compare::Equal if a.number().is_some() && a.number() == b.number() => Some(true),
        Compare::Equal if a.high < b.low || a.low > b.high => Some(false),
        _ => None,
    }
}
