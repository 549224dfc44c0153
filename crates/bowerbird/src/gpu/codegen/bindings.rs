//! The bindings of a shader, and the functions that read them.

use super::Generator;
use crate::gpu::shader::{HEADER, Result};
use core::fmt::Write;

impl Generator<'_> {
    pub(super) fn bindings(&self, result: Result, reads_tables: bool, tapped: Option<usize>) -> String {
        let mut out = String::new();
        let vectors = self.header() + self.uniform_count.div_ceil(4) + self.weights();
        let mut binding = 0;
        let mut bind = |text: String| {
            let _ = writeln!(out, "@group(0) @binding({binding}) {text}");
            binding += 1;
        };
        bind(format!("var<uniform> u: array<vec4f, {vectors}>;"));
        if reads_tables {
            bind("var<storage, read> tables: array<f32>;".into());
        }
        for index in 0..self.pictures.len() {
            bind(format!("var picture_{index}: texture_2d<f32>;"));
        }
        if self.part.from.is_some() {
            bind("var scratch: texture_2d<f32>;".into());
        }
        bind(match result {
            Result::Counts => "var<storage, read_write> counts: array<atomic<u32>>;".into(),
            Result::Table => "var<storage, read_write> tables: array<f32>;".into(),
            texture => format!("var target_texture: texture_storage_2d<{}, write>;", texture.texel()),
        });
        if reads_tables {
            out.push_str(
                "fn table(first: u32, last: u32, index: u32) -> f32 {\n    return tables[first + min(index, last)];\n}\n",
            );
        }
        out.push_str("fn region_origin() -> vec2i {\n    return vec2i(u[0].xy);\n}\n");
        out.push_str("fn region_size() -> vec2u {\n    return vec2u(u[0].zw);\n}\n");
        out.push_str("fn frame_size() -> vec2i {\n    return vec2i(u[1].xy);\n}\n");
        out.push_str("fn scale() -> f32 {\n    return u[1].z / u[1].w;\n}\n");
        if let Some(index) = tapped {
            let _ = writeln!(out, "fn input_origin() -> vec2i {{\n    return vec2i(u[{}].xy);\n}}", HEADER + index);
            let _ = writeln!(out, "fn input_size() -> vec2i {{\n    return vec2i(u[{}].zw);\n}}", HEADER + index);
        }
        for index in 0..self.pictures.len() {
            let _ = writeln!(
                out,
                "fn load_{index}(p: vec2i) -> vec4f {{\n    return textureLoad(picture_{index}, p - vec2i(u[{}].xy), 0);\n}}",
                HEADER + index
            );
        }
        out
    }
}
