//! Where the uniforms and tables of operations lie, and how a shader names them.

use super::Generator;
use crate::gpu::shader::HEADER;
use crate::graph::{Graph, NodeId, Op, TableId};

/// Where each table starts in the one buffer that holds them all, and how many entries that has.
pub(in crate::gpu) fn table_places(graph: &Graph) -> (Vec<usize>, usize) {
    let mut next = 0;
    let places = graph
        .tables
        .iter()
        .map(|table| {
            let place = next;
            next += table.length;
            place
        })
        .collect();
    (places, next)
}

impl Generator<'_> {
    /// The operations whose uniforms the pass reads: those it runs, and the reduction it is.
    pub(super) fn operations(&self) -> Vec<NodeId> {
        let mut nodes = match self.part.kernel {
            Some(kernel) => self.part_operations(kernel),
            None => [self.pass.nodes(), vec![self.pass.root]].concat(),
        };
        nodes.sort_unstable();
        nodes.dedup();
        nodes
    }

    pub(super) fn place_uniforms(&mut self) {
        for id in self.operations() {
            let node = self.node(id);
            // The switch, where there is one, stands before the rest.
            let count = node.uniforms.1 + usize::from(node.switch.is_some());
            self.uniforms.insert(id, self.uniform_count);
            self.uniform_count += count;
        }
    }

    pub(super) fn reads_tables(&self) -> bool {
        let reads = |id: &NodeId| !self.node(*id).tables.is_empty() && !matches!(self.node(*id).op, Op::Reduce(_));
        self.operations().iter().any(reads)
    }

    pub(super) fn uniform(&self, id: NodeId, slot: usize) -> String {
        let switch = usize::from(self.node(id).switch.is_some());
        let flat = self.uniforms.get(&id).copied().unwrap_or(0) + switch + slot;
        self.uniform_at(flat)
    }

    fn uniform_at(&self, flat: usize) -> String {
        format!("u[{}].{}", self.header() + flat / 4, ["x", "y", "z", "w"][flat % 4])
    }

    /// Vectors of the uniform buffer before those of the operations.
    pub(super) fn header(&self) -> usize {
        HEADER + self.pictures.len() + usize::from(self.part.from.is_some())
    }

    /// The condition under which an operation runs, if it has a switch.
    pub(super) fn switch(&self, id: NodeId) -> Option<String> {
        self.node(id).switch?;
        Some(format!("{} != 0.0", self.uniform_at(self.uniforms.get(&id).copied().unwrap_or(0))))
    }

    /// An entry of a table; beyond its end, the last one.
    pub(super) fn table_entry(&self, id: TableId, index: &str) -> String {
        let (first, length) = (self.places[id], self.graph.tables[id].length);
        format!("table({first}u, {}u, {index})", length.max(1) - 1)
    }
}
