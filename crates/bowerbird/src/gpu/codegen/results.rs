//! The result of a dispatch: which kind of texture or buffer it goes to, and how it is stored there.

use super::Generator;
use crate::gpu::shader::{Result, Setting};
use crate::graph::Graph;
use crate::ir::Precision;
use crate::plan::{Part, Pass, Target};
use core::fmt::Write;

/// What a dispatch writes.
pub(super) fn result_of(graph: &Graph, pass: &Pass, part: &Part, setting: &Setting<'_>) -> Result {
    let precision = setting.precision;
    let between = pass.head.as_ref().filter(|_| !part.ends());
    match (pass.target, precision) {
        _ if let Some(head) = between => {
            let coarse = precision == Precision::Fast && !graph.nodes[head.node].fine;
            if coarse { Result::Half } else { Result::Float }
        }
        (Target::Table(_), _) if pass.head.is_none() => Result::Counts,
        (Target::Table(_), _) => Result::Table,
        (Target::Output, _) if setting.codes => Result::Codes,
        (Target::Output, _) | (_, Precision::Precise) => Result::Float,
        (Target::Stored(node), Precision::Fast) if graph.nodes[node].fine => Result::Float,
        (Target::Stored(_), Precision::Fast) => Result::Half,
    }
}

impl Generator<'_> {
    /// How the result is written; codes are rounded here, half up, whatever the device would do.
    pub(super) fn store(&mut self, result: Result) {
        let value = match result {
            Result::Codes => "floor(clamp(c, vec4f(0.0), vec4f(1.0)) * 255.0 + 0.5) / 255.0",
            // A device may cut half floats off rather than round them, and over the levels of a pyramid that adds up to
            // half a code; they are rounded to the nearest here, and the store changes nothing. They end at 65504.
            Result::Half if !self.part.ends() => {
                self.out.push_str(
                    "fn to_half(c: vec4f) -> vec4f {\n    \
                     let bits = bitcast<vec4u>(clamp(c, vec4f(-65504.0), vec4f(65504.0)));\n    \
                     return bitcast<vec4f>((bits + 0xfffu + ((bits >> vec4u(13u)) & vec4u(1u))) & vec4u(0xffffe000u));\n}\n",
                );
                "to_half(c)"
            }
            Result::Half => "clamp(c, vec4f(-65504.0), vec4f(65504.0))",
            Result::Float => "c",
            Result::Counts | Result::Table => return,
        };
        self.out.push_str("fn store(p: vec2i, c: vec4f) {\n");
        let _ = writeln!(self.out, "    let value = {value};");
        let shown = match self.pass.target {
            Target::Output if self.part.ends() => "select(vec4f(0.0), value, value.a != 0.0)",
            _ => "value",
        };
        let _ = writeln!(self.out, "    textureStore(target_texture, p - region_origin(), {shown});\n}}");
    }
}
