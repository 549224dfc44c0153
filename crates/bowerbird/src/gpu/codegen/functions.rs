//! The functions of a shader: coordinates, one an operation, and the straight-line code of a pass around its head.

use super::Generator;
use crate::frame::Frame;
use crate::gpu::shader::{Result, Setting};
use crate::graph::{NodeId, Op, TableId};
use crate::ir::{Program, Writer};
use crate::plan::{Code, Inst, Target};
use core::fmt::Write;

impl Generator<'_> {
    /// Coordinates, the operations, and the code of the pass.
    pub(super) fn functions(&mut self, setting: &Setting<'_>, result: Result) {
        self.coordinates(setting.frame);
        let (pass, part) = (self.pass, self.part);
        for id in self.operations() {
            if let Op::Pixel(stage) = &self.node(id).op {
                let stage = stage.clone();
                self.pixel_function(id, stage.program());
            }
        }
        if let Some(head) = &pass.head {
            if part.begins() {
                self.code("prologue", "p: vec2i", &head.input);
            }
            match part.kernel {
                Some(kernel) => self.part_of_convolution(head, kernel, setting.memory),
                None => self.head(head.node, setting.frame),
            }
        }
        if !part.ends() {
            self.out.push_str("fn epilogue(head: vec4f, p: vec2i) -> vec4f {\n    return head;\n}\n");
        } else if !matches!(pass.target, Target::Table(_)) || pass.head.is_none() {
            self.code("epilogue", "head: vec4f, p: vec2i", &pass.body);
        }
        self.store(result);
    }

    /// Where a pixel lies in the full-size picture: its position, and its cell for noise.
    fn coordinates(&mut self, frame: &Frame) {
        if frame.ratio.0 == frame.ratio.1 {
            self.out.push_str("fn position(p: vec2i) -> vec2f {\n    return vec2f(p) + 0.5;\n}\n");
            self.out.push_str("fn cell_of_pixel(p: vec2i) -> vec2u {\n    return bitcast<vec2u>(p);\n}\n");
        } else {
            let (num, den) = frame.ratio;
            self.out.push_str("fn position(p: vec2i) -> vec2f {\n    return (vec2f(p) + 0.5) * u[1].w / u[1].z;\n}\n");
            let _ = writeln!(
                self.out,
                "fn cell_of_pixel(p: vec2i) -> vec2u {{\n    return (2u * bitcast<vec2u>(p) + 1u) * {den}u / {}u;\n}}",
                2 * num
            );
        }
    }

    fn writer<'w>(&self, table: &'w dyn Fn(u8, &str) -> String, uniform: &'w dyn Fn(u16) -> String) -> Writer<'w> {
        Writer {
            input: &|argument, channel| format!("c{argument}.{}", ["x", "y", "z", "w"][channel as usize]),
            tap: &|dx, dy, channel| format!("tap({dx}, {dy}).{}", ["x", "y", "z", "w"][channel as usize]),
            uniform,
            table,
        }
    }

    /// The body of a recorded operation and the names of its results.
    pub(super) fn recorded(&self, id: NodeId, program: &Program) -> (String, Vec<String>) {
        let tables: Vec<TableId> = self.node(id).tables.clone();
        let table = |table: u8, index: &str| {
            let id = tables.get(table as usize).copied().unwrap_or(0);
            self.table_entry(id, index)
        };
        let uniform = |slot: u16| self.uniform(id, slot as usize);
        let mut writer = self.writer(&table, &uniform);
        let mut body = String::new();
        writer.body(program, &mut body);
        let results = program.outputs.iter().map(|value| writer.name(program, *value)).collect();
        (body, results)
    }

    fn function_name(&self, id: NodeId) -> String {
        format!("{}_{id}", self.node(id).name)
    }

    fn pixel_function(&mut self, id: NodeId, program: &Program) {
        let (body, results) = self.recorded(id, program);
        let name = self.function_name(id);
        let _ = writeln!(self.out, "fn {name}(c0: vec4f, c1: vec4f, c2: vec4f, at: vec2f, cell: vec2u) -> vec4f {{");
        self.out.push_str(&body);
        let _ = writeln!(self.out, "    return vec4f({});\n}}", results.join(", "));
    }

    /// Straight-line code as a function of a pixel.
    fn code(&mut self, name: &str, arguments: &str, code: &Code) {
        let _ = writeln!(self.out, "fn {name}({arguments}) -> vec4f {{");
        self.out.push_str("    let at = position(p);\n    let cell = cell_of_pixel(p);\n");
        for register in 0..code.registers {
            let _ = writeln!(self.out, "    var r{register} = vec4f(0.0);");
        }
        for inst in &code.insts {
            let line = match inst {
                Inst::Load { from, to } => {
                    let index = self.pictures.iter().position(|p| p == from).unwrap_or(0);
                    format!("r{to} = load_{index}(p);")
                }
                Inst::Head { to } => format!("r{to} = head;"),
                Inst::Copy { from, to } => format!("r{to} = r{from};"),
                Inst::Run { node, to, others } => {
                    let call = format!(
                        "r{to} = {}(r{to}, r{}, r{}, at, cell);",
                        self.function_name(*node),
                        others[0],
                        others[1]
                    );
                    match self.switch(*node) {
                        Some(condition) => format!("if ({condition}) {{ {call} }}"),
                        None => call,
                    }
                }
            };
            let _ = writeln!(self.out, "    {line}");
        }
        let _ = writeln!(self.out, "    return r{};\n}}", code.result);
    }
}
