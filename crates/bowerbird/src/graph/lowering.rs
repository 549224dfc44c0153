//! Turning a chain into a graph, and a changed chain into new numbers for the same graph.
//!
//! Both are one walk over the steps (`steps`), in two modes. Building makes operations and notes in a [`Memory`] what
//! it relied on; refilling makes the same calls and only writes their uniforms and tables.

mod encoding;
mod inputs;
mod masks;
mod memory;
mod operations;
mod steps;

pub(crate) use memory::Memory;
pub(crate) use operations::Numbers;
pub(crate) use steps::is_mixing;

use super::{Graph, Moment, NodeId, Values};
use crate::chain::{Assets, Chain};
use crate::effect::{Setup, Tag, Val};
use crate::error::Error;
use crate::frame::Frame;
use core::hash::{Hash, Hasher};
use memory::Cursor;
use std::collections::HashMap;

/// What a graph is made for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Request {
    pub(crate) frame: Frame,
    pub(crate) source: Tag,
    pub(crate) output: Tag,
    /// Whether steps at their identity setting are left out, as one-shot commands want; a live plan keeps them, so
    /// that a slider dragged through zero replans nothing.
    pub(crate) drop_identity: bool,
    /// When the frame is, beside the one before.
    pub(crate) moment: Moment,
    /// Whether every operation runs as its effect states it: without algebra.
    pub(crate) literal: bool,
}

impl Hash for Request {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.frame.hash_size(state);
        self.source.hash(state);
        self.output.hash(state);
        self.drop_identity.hash(state);
        self.literal.hash(state);
    }
}

/// A lowering under way.
#[derive(Debug)]
pub(crate) struct Lowering<'a> {
    pub(crate) frame: Frame,
    pub(crate) moment: Moment,
    pub(crate) graph: &'a mut Graph,
    pub(crate) values: &'a mut Values,
    pub(crate) assets: &'a Assets,
    building: bool,
    memory: &'a mut Memory,
    cursor: Cursor,
    stale: bool,
    error: Option<Error>,
    step: usize,
    /// Whether operations added now keep 32-bit floats; see [`crate::effect::Step::store_finely`].
    pub(crate) fine: bool,
    converted: HashMap<(NodeId, Tag), Val>,
    origin: HashMap<NodeId, Val>,
}

impl<'a> Lowering<'a> {
    /// Builds the graph of a chain.
    ///
    /// # Errors
    /// A missing asset, an unknown name of a step, an input that is not there.
    pub(crate) fn build(chain: &'a Chain, request: &Request) -> Result<(Graph, Values, Memory), Error> {
        let (mut graph, mut values, mut memory) = (Graph::default(), Values::default(), Memory::default());
        let mut lowering = Lowering::new(chain, request, &mut graph, &mut values, &mut memory, true);
        let output = lowering.chain(chain, request);
        let (error, end) = (lowering.error.take(), lowering.cursor);
        if let Some(error) = error {
            return Err(error);
        }
        graph.output = output.node;
        memory.end = end;
        if !request.literal {
            graph.multiply_matrices(&mut values);
        }
        graph.decide_stored();
        Ok((graph, values, memory))
    }

    /// Refills the numbers of a graph from a chain of the same structure. `false`: the graph does not fit any more.
    pub(crate) fn refill(
        chain: &'a Chain,
        request: &Request,
        graph: &'a mut Graph,
        values: &'a mut Values,
        memory: &'a mut Memory,
    ) -> bool {
        let mut lowering = Lowering::new(chain, request, graph, values, memory, false);
        lowering.chain(chain, request);
        let fits = !lowering.stale && lowering.error.is_none();
        graph.refresh_products(values);
        fits
    }

    fn new(
        chain: &'a Chain,
        request: &Request,
        graph: &'a mut Graph,
        values: &'a mut Values,
        memory: &'a mut Memory,
        building: bool,
    ) -> Self {
        Self {
            frame: request.frame,
            moment: request.moment,
            graph,
            values,
            assets: chain.assets(),
            building,
            memory,
            cursor: Cursor::default(),
            stale: false,
            error: None,
            step: 0,
            fine: false,
            converted: HashMap::new(),
            origin: HashMap::new(),
        }
    }

    /// Whether nodes are being made; otherwise only numbers are refilled.
    pub(crate) fn building(&self) -> bool {
        self.building
    }

    /// Notes the first error; lowering goes on with what it has.
    pub(crate) fn fail(&mut self, error: Error) {
        self.error.get_or_insert(error);
    }

    /// The number of the step being lowered, for messages.
    pub(crate) fn step_index(&self) -> usize {
        self.step
    }

    fn setup(&self, tag: Tag) -> Setup {
        Setup { frame: self.frame, transfer: tag.transfer }
    }
}
