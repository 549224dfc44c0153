//! The code of a pass: loads and pixel-wise operations over a few registers.
//!
//! Operations work in place on their first argument. A register is reused as soon as its value is not needed any
//! more, so a chain of any length runs in one.

use super::Buffer;
use crate::graph::{Graph, NodeId, Op, Values};
use std::collections::{BTreeMap, BTreeSet};

/// The number of a register.
pub(crate) type Reg = usize;

/// One instruction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Inst {
    /// Loads the pixel from a picture.
    Load { from: Buffer, to: Reg },
    /// Takes the result of the pass's head.
    Head { to: Reg },
    /// Copies a register whose value is needed again.
    Copy { from: Reg, to: Reg },
    /// Runs an operation in place on `to`; `others` are its second and third arguments.
    Run { node: NodeId, to: Reg, others: [Reg; 2] },
}

/// Straight-line code whose result is in a register.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Code {
    pub(crate) insts: Vec<Inst>,
    pub(crate) result: Reg,
    pub(crate) registers: usize,
}

impl Code {
    /// The pictures that the code loads.
    pub(crate) fn buffers(&self) -> Vec<Buffer> {
        let set: BTreeSet<Buffer> = self
            .insts
            .iter()
            .filter_map(|inst| match inst {
                Inst::Load { from, .. } => Some(*from),
                _ => None,
            })
            .collect();
        set.into_iter().collect()
    }

    /// The operations that the code runs.
    pub(crate) fn nodes(&self) -> impl Iterator<Item = NodeId> + '_ {
        self.insts.iter().filter_map(|inst| match inst {
            Inst::Run { node, .. } => Some(*node),
            _ => None,
        })
    }

    /// The picture that the code hands on unchanged, if it does nothing else.
    pub(crate) fn plain_load(&self) -> Option<Buffer> {
        match self.insts.as_slice() {
            [Inst::Load { from, .. }] => Some(*from),
            _ => None,
        }
    }
}

impl Code {
    /// How many operations behind the load of an opaque picture that the code begins with look at one color at a time, with
    /// these numbers, and what they cost.
    pub(crate) fn separable(&self, graph: &Graph, values: &Values, scratch: &mut Vec<u8>) -> (usize, u32) {
        let [Inst::Load { to: register, .. }, rest @ ..] = self.insts.as_slice() else { return (0, 0) };
        let mut price = 0;
        let separable = rest.iter().take_while(|inst| match inst {
            Inst::Run { node, to, others } if to == register && others == &[*register; 2] => {
                let node = &graph.nodes[*node];
                let Op::Pixel(stage) = &node.op else { return false };
                let on = values.is_on(node);
                let fits =
                    !on || (node.tag.is_opaque() && stage.program().separates(values.uniforms_of(node), scratch));
                price += if on && fits { stage.program().cost() } else { 0 };
                fits
            }
            _ => false,
        });
        (separable.count(), price)
    }

    /// Whether the pass is its head alone.
    pub(crate) fn is_only_head(&self) -> bool {
        matches!(self.insts.as_slice(), [Inst::Head { to }] if *to == self.result)
    }
}

/// The code of a pass that is its head alone.
pub(super) fn only_head() -> Code {
    Code { insts: vec![Inst::Head { to: 0 }], result: 0, registers: 1 }
}

/// Compiles the expression of `root` down to stored values and the head of the pass.
pub(super) fn compile(graph: &Graph, root: NodeId, head: Option<NodeId>, is_stored: &dyn Fn(NodeId) -> bool) -> Code {
    let order = reach(graph, root, head, is_stored);
    let last_use: BTreeMap<NodeId, usize> = order
        .iter()
        .enumerate()
        .filter(|(_, node)| !is_leaf(graph, **node, head, is_stored))
        .flat_map(|(at, node)| graph.nodes[*node].inputs.iter().map(move |input| (*input, at)))
        .collect();
    let mut compiler = Compiler { code: Code::default(), free: Vec::new(), at: BTreeMap::new() };
    for (index, node) in order.iter().enumerate() {
        // Leaves are loaded when they are first needed.
        if is_leaf(graph, *node, head, is_stored) && order.len() > 1 {
            continue;
        }
        if order.len() == 1 && is_leaf(graph, *node, head, is_stored) {
            compiler.load(graph, *node, head);
            continue;
        }
        let inputs = graph.nodes[*node].inputs.clone();
        let registers: Vec<Reg> = inputs
            .iter()
            .map(|input| match compiler.at.get(input) {
                Some(register) => *register,
                None => compiler.load(graph, *input, head),
            })
            .collect();
        let dies = |input: NodeId| last_use.get(&input).is_none_or(|last| *last <= index);
        let first = inputs[0];
        let to = if dies(first) && !inputs[1..].contains(&first) {
            compiler.at.remove(&first);
            registers[0]
        } else {
            let to = compiler.take();
            compiler.code.insts.push(Inst::Copy { from: registers[0], to });
            to
        };
        let other = |k: usize| registers.get(k).copied().unwrap_or(to);
        compiler.code.insts.push(Inst::Run { node: *node, to, others: [other(1), other(2)] });
        for input in inputs {
            if dies(input)
                && let Some(register) = compiler.at.remove(&input)
            {
                compiler.free.push(register);
            }
        }
        compiler.at.insert(*node, to);
    }
    compiler.code.result = compiler.at.get(&root).copied().unwrap_or(0);
    compiler.code
}

fn is_leaf(graph: &Graph, node: NodeId, head: Option<NodeId>, is_stored: &dyn Fn(NodeId) -> bool) -> bool {
    head == Some(node) || is_stored(node) || matches!(graph.nodes[node].op, Op::Source(_) | Op::Past(_))
}

/// The nodes of an expression in an order in which each follows its inputs.
fn reach(graph: &Graph, root: NodeId, head: Option<NodeId>, is_stored: &dyn Fn(NodeId) -> bool) -> Vec<NodeId> {
    let mut seen = BTreeSet::new();
    let mut open = vec![root];
    while let Some(node) = open.pop() {
        if seen.insert(node) && !is_leaf(graph, node, head, is_stored) {
            open.extend(&graph.nodes[node].inputs);
        }
    }
    seen.into_iter().collect()
}

struct Compiler {
    code: Code,
    free: Vec<Reg>,
    at: BTreeMap<NodeId, Reg>,
}

impl Compiler {
    fn take(&mut self) -> Reg {
        self.free.pop().unwrap_or_else(|| {
            self.code.registers += 1;
            self.code.registers - 1
        })
    }

    fn load(&mut self, graph: &Graph, node: NodeId, head: Option<NodeId>) -> Reg {
        let to = self.take();
        self.code.insts.push(if head == Some(node) {
            Inst::Head { to }
        } else if let Op::Source(index) = graph.nodes[node].op {
            Inst::Load { from: Buffer::Picture(index), to }
        } else if let Op::Past(index) = graph.nodes[node].op {
            Inst::Load { from: Buffer::Past(index), to }
        } else {
            Inst::Load { from: Buffer::Stored(node), to }
        });
        self.at.insert(node, to);
        to
    }
}
