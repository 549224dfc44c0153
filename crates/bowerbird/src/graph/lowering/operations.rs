//! Operations with their uniforms and tables: added to the graph when it is built, written over when it is refilled.

use super::Lowering;
use crate::effect::{PixelStage, Tag, Val};
use crate::graph::{Node, NodeId, Op, TableId, TableSlot};
use std::sync::Arc;

/// The numbers of an operation: its switch, its uniforms and its tables.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Numbers<'n> {
    /// Whether the operation is on; `None` for one that cannot be switched off.
    pub(crate) switch: Option<bool>,
    pub(crate) uniforms: &'n [f64],
    pub(crate) tables: &'n [TableId],
}

impl Lowering<'_> {
    /// Adds a pixel-wise operation, or refills its uniforms.
    pub(crate) fn pixel_node(
        &mut self,
        stage: impl FnOnce() -> Arc<dyn PixelStage>,
        inputs: &[NodeId],
        tag: Tag,
        numbers: Numbers<'_>,
    ) -> Val {
        let op = || {
            let stage = stage();
            let name = stage.name();
            (Op::Pixel(stage), name)
        };
        self.operation(op, inputs, tag, numbers)
    }

    /// Adds an operation with its uniforms, or refills them. `op`, the operation and its name, is only made when the
    /// graph is being built, so refilling allocates nothing.
    pub(crate) fn operation(
        &mut self,
        op: impl FnOnce() -> (Op, String),
        inputs: &[NodeId],
        tag: Tag,
        numbers: Numbers<'_>,
    ) -> Val {
        let switch = numbers.switch.map(|active| self.push_uniform(if active { 1.0 } else { 0.0 }));
        let start = self.cursor.uniform;
        for value in numbers.uniforms {
            self.push_uniform(*value as f32);
        }
        if !self.building {
            return Val { node: 0, tag };
        }
        let (op, name) = op();
        let uniforms = (start, numbers.uniforms.len());
        let (inputs, tables) = (inputs.to_vec(), numbers.tables.to_vec());
        let steps = if self.step == usize::MAX { Vec::new() } else { vec![self.step] };
        let colors = self.graph.colors_of(&op, &inputs, switch.is_some());
        let fine = self.fine;
        self.graph.nodes.push(Node { op, inputs, tag, colors, name, steps, uniforms, switch, tables, fine });
        Val { node: self.graph.nodes.len() - 1, tag }
    }

    fn push_uniform(&mut self, value: f32) -> usize {
        let index = self.cursor.uniform;
        self.cursor.uniform += 1;
        if self.building {
            self.values.uniforms.push(value);
        } else if let Some(slot) = self.values.uniforms.get_mut(index) {
            *slot = value;
        } else {
            self.stale = true;
        }
        index
    }

    /// Adds a table and fills it, or refills it.
    pub(crate) fn table(&mut self, length: usize, fill: impl FnOnce(&mut [f32])) -> TableId {
        let index = self.reserve_table(length, None);
        if let Some(table) = self.values.tables.get_mut(index) {
            if table.len() == length {
                fill(table);
                self.values.table_versions[index] += 1;
            } else {
                self.stale = true;
            }
        }
        index
    }

    /// Adds a table that a reduction fills.
    pub(crate) fn reserve_table(&mut self, length: usize, filled_by: Option<NodeId>) -> TableId {
        let index = self.cursor.table;
        self.cursor.table += 1;
        if self.building {
            self.graph.tables.push(TableSlot { length, filled_by });
            self.values.tables.push(vec![0.0; length]);
            self.values.table_versions.push(0);
        } else if index >= self.values.tables.len() {
            self.stale = true;
        }
        index
    }
}
