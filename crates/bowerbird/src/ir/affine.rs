//! Finding out that a program is a matrix: an abstract run over affine forms.
//!
//! A value is a number (it depends on uniforms and constants only), an affine form of the pixel's four channels, or
//! neither. Whether a program is affine depends on its operations alone and never on the numbers, so a plan that
//! relies on it holds for every setting.

use super::op::{Binary, Compare, Op, Program, Unary, Value};

/// Factors of red, green, blue, alpha and 1.
pub(crate) type Form = [f64; 5];

/// The three colors of a pixel as affine forms of its channels, row by row.
pub(crate) type Matrix = [Form; 3];

/// The matrix that changes nothing.
pub(crate) const IDENTITY: Matrix = [[1.0, 0.0, 0.0, 0.0, 0.0], [0.0, 1.0, 0.0, 0.0, 0.0], [0.0, 0.0, 1.0, 0.0, 0.0]];

/// What is known of a value of the program.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Term {
    /// A number, whatever the pixel.
    Number(f64),
    /// A truth value, whatever the pixel.
    Truth(bool),
    /// An affine form of the pixel.
    Form(Form),
    /// Anything else.
    Other,
}

impl Program {
    /// Whether the colors are an affine function of the pixel and alpha is handed on: the matrix may then stand for
    /// the program.
    pub(crate) fn is_affine(&self) -> bool {
        // Any numbers will do: the kind of a term does not depend on them.
        self.terms(&[], &mut Vec::new()).is_some()
    }

    /// Whether alpha enters a color.
    pub(crate) fn reads_alpha(&self) -> bool {
        let reaches = self.reaching(&self.outputs[..self.outputs.len().min(3)]);
        self.ops.iter().zip(&reaches).any(|(op, reaches)| *reaches && *op == Op::Input(0, 3))
    }

    /// The matrix of an affine program with these uniforms; nothing if it is not affine. `scratch` is only memory.
    pub(crate) fn terms(&self, uniforms: &[f32], scratch: &mut Vec<Term>) -> Option<Matrix> {
        scratch.clear();
        for op in &self.ops {
            let term = term(*op, uniforms, scratch);
            scratch.push(term);
        }
        let [red, green, blue, alpha] = self.outputs.as_slice() else { return None };
        if self.ops[alpha.0 as usize] != Op::Input(0, 3) {
            return None;
        }
        let mut matrix = IDENTITY;
        for (row, value) in matrix.iter_mut().zip([red, green, blue]) {
            *row = match scratch[value.0 as usize] {
                Term::Form(form) => form,
                Term::Number(number) => [0.0, 0.0, 0.0, 0.0, number],
                Term::Truth(_) | Term::Other => return None,
            };
        }
        Some(matrix)
    }
}

/// `second` after `first`.
pub(crate) fn after(second: &Matrix, first: &Matrix) -> Matrix {
    second.map(|row| {
        core::array::from_fn(|column| {
            let through: f64 = (0..3).map(|k| row[k] * first[k][column]).sum();
            if column < 3 { through } else { through + row[column] }
        })
    })
}

fn term(op: Op, uniforms: &[f32], terms: &[Term]) -> Term {
    let of = |value: Value| terms[value.0 as usize];
    match op {
        Op::Float(bits) => Term::Number(f32::from_bits(bits).into()),
        Op::Uniform(slot) => Term::Number(uniforms.get(slot as usize).map_or(1.0, |v| f64::from(*v))),
        Op::Input(0, channel) => {
            let mut form = [0.0; 5];
            form[channel as usize] = 1.0;
            Term::Form(form)
        }
        Op::Unary(kind, a) => unary(kind, of(a)),
        Op::Binary(kind, a, b) => binary(kind, of(a), of(b)),
        Op::Compare(kind, a, b) => match (of(a), of(b)) {
            (Term::Number(a), Term::Number(b)) => Term::Truth(match kind {
                Compare::Less => a < b,
                Compare::LessEqual => a <= b,
                Compare::Equal => a == b,
            }),
            _ => Term::Other,
        },
        Op::Select(mask, yes, no) => select(of(mask), of(yes), of(no)),
        _ => Term::Other,
    }
}

/// Both branches must be of one kind, lest the numbers decide whether the program is affine.
fn select(mask: Term, yes: Term, no: Term) -> Term {
    let form = |number: f64| Term::Form([0.0, 0.0, 0.0, 0.0, number]);
    let (yes, no) = match (yes, no) {
        (Term::Form(_), Term::Number(number)) => (yes, form(number)),
        (Term::Number(number), Term::Form(_)) => (form(number), no),
        (Term::Form(_), Term::Form(_)) | (Term::Number(_), Term::Number(_)) => (yes, no),
        _ => return Term::Other,
    };
    match mask {
        Term::Truth(true) => yes,
        Term::Truth(false) => no,
        _ => Term::Other,
    }
}

fn unary(kind: Unary, a: Term) -> Term {
    match (kind, a) {
        (Unary::Neg, Term::Form(form)) => Term::Form(form.map(|v| -v)),
        (Unary::Neg, Term::Number(a)) => Term::Number(-a),
        (Unary::Abs, Term::Number(a)) => Term::Number(a.abs()),
        (Unary::Sqrt, Term::Number(a)) => Term::Number(a.sqrt()),
        (Unary::Not, Term::Truth(a)) => Term::Truth(!a),
        _ => Term::Other,
    }
}

fn binary(kind: Binary, a: Term, b: Term) -> Term {
    match (kind, a, b) {
        (Binary::Add, Term::Number(a), Term::Number(b)) => Term::Number(a + b),
        (Binary::Sub, Term::Number(a), Term::Number(b)) => Term::Number(a - b),
        (Binary::Mul, Term::Number(a), Term::Number(b)) => Term::Number(a * b),
        (Binary::Div, Term::Number(a), Term::Number(b)) => Term::Number(a / b),
        (Binary::Min, Term::Number(a), Term::Number(b)) => Term::Number(a.min(b)),
        (Binary::Max, Term::Number(a), Term::Number(b)) => Term::Number(a.max(b)),
        (Binary::And, Term::Truth(a), Term::Truth(b)) => Term::Truth(a && b),
        (Binary::Or, Term::Truth(a), Term::Truth(b)) => Term::Truth(a || b),
        (Binary::Add, Term::Form(a), Term::Form(b)) => Term::Form(core::array::from_fn(|k| a[k] + b[k])),
        (Binary::Sub, Term::Form(a), Term::Form(b)) => Term::Form(core::array::from_fn(|k| a[k] - b[k])),
        (Binary::Add, Term::Form(form), Term::Number(number))
        | (Binary::Add, Term::Number(number), Term::Form(form)) => Term::Form(plus(form, number)),
        (Binary::Sub, Term::Form(form), Term::Number(number)) => Term::Form(plus(form, -number)),
        (Binary::Sub, Term::Number(number), Term::Form(form)) => Term::Form(plus(form.map(|v| -v), number)),
        (Binary::Mul, Term::Form(form), Term::Number(number))
        | (Binary::Mul, Term::Number(number), Term::Form(form)) => Term::Form(form.map(|v| v * number)),
        (Binary::Div, Term::Form(form), Term::Number(number)) => Term::Form(form.map(|v| v / number)),
        _ => Term::Other,
    }
}

fn plus(mut form: Form, number: f64) -> Form {
    form[4] += number;
    form
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ir::{Rec, record};
    use crate::lane::Lane;

    fn input(channel: u8) -> Rec {
        Rec::leaf(Op::Input(0, channel))
    }

    #[test]
    fn a_chain_of_sums_and_products_is_a_matrix() {
        let amount = || Rec::leaf(Op::Uniform(0));
        let program = record(|| {
            let gray = input(0) * 0.25 + input(1) * 0.5 + input(2) * 0.25;
            let color = |c| gray + (input(c) - gray) * amount();
            vec![color(0), color(1) - input(3), color(2) / 2.0, input(3)]
        });
        assert!(program.is_affine() && program.reads_alpha());
        let matrix = program.terms(&[3.0], &mut Vec::new()).unwrap();
        assert_eq!(matrix[0], [2.5, -1.0, -0.5, 0.0, 0.0]);
        assert_eq!(matrix[1], [-0.5, 2.0, -0.5, -1.0, 0.0]);
        assert_eq!(matrix[2], [-0.25, -0.5, 1.25, 0.0, 0.0]);
    }

    #[test]
    fn limits_products_of_channels_and_changed_alpha_are_not_affine() {
        let keeps = |color: fn() -> Rec| record(|| vec![color(), color(), color(), input(3)]);
        assert!(!keeps(|| input(0).clamp01()).is_affine());
        assert!(!keeps(|| input(0) * input(1)).is_affine());
        let faded = record(|| vec![input(0), input(1), input(2), input(3) * 0.5]);
        assert!(!faded.is_affine());
    }

    #[test]
    fn composition_applies_the_first_first() {
        let double = IDENTITY.map(|row| row.map(|v| 2.0 * v));
        let mut lift = IDENTITY;
        lift[0][4] = 1.0;
        assert_eq!(after(&double, &lift)[0], [2.0, 0.0, 0.0, 0.0, 2.0]);
        assert_eq!(after(&lift, &double)[0], [2.0, 0.0, 0.0, 0.0, 1.0]);
    }
}
