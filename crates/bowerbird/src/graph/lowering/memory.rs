//! What a graph was built on: facts, capacities, and the digest of each step, by which a change of the chain is told
//! to fit, or not to matter.

use super::Lowering;
use crate::chain::{Chain, ChainStep};
use core::hash::{Hash, Hasher};
use std::hash::DefaultHasher;

/// Where the cursors stood when a step began, so that an unchanged step is skipped.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Cursor {
    pub(super) uniform: usize,
    pub(super) table: usize,
    fact: usize,
}

/// What is remembered of a lowered chain, to refill it.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    facts: Vec<u64>,
    steps: Vec<(u64, Cursor)>,
    pub(super) end: Cursor,
}

impl Lowering<'_> {
    /// A fact that the graph was built on; another value of it makes the graph stale.
    pub(crate) fn fact(&mut self, value: u64) -> u64 {
        self.fact_that(value, |built, now| built == now)
    }

    /// A capacity that the graph was built with; only more than that makes it stale. Returns what was built.
    pub(crate) fn at_most(&mut self, value: u64) -> u64 {
        self.fact_that(value, |built, now| now <= built)
    }

    fn fact_that(&mut self, value: u64, fits: impl Fn(u64, u64) -> bool) -> u64 {
        let index = self.cursor.fact;
        self.cursor.fact += 1;
        if self.building {
            self.memory.facts.push(value);
            return value;
        }
        match self.memory.facts.get(index) {
            Some(built) if fits(*built, value) => *built,
            _ => {
                self.stale = true;
                value
            }
        }
    }

    /// Skips a step whose numbers are those already in the graph.
    pub(super) fn skip(&mut self, chain: &Chain, index: usize, step: &ChainStep) -> bool {
        let mut hasher = DefaultHasher::new();
        step.digest(&mut hasher);
        // A mask is lowered with the step that it belongs to.
        let mask = step.mask().and_then(|name| chain.mask(name)).unwrap_or_default();
        mask.iter().for_each(|entry| entry.digest(&mut hasher));
        self.frame.hash(&mut hasher);
        // The same frame once more is no time after itself.
        hasher.write_u64(self.moment.elapsed.to_bits());
        hasher.write_u8(u8::from(self.moment.first));
        let digest = hasher.finish();
        if self.building {
            self.memory.steps.push((digest, self.cursor));
            return false;
        }
        let Some(remembered) = self.memory.steps.get_mut(index) else {
            self.stale = true;
            return true;
        };
        if remembered.0 == digest {
            let next = self.memory.steps.get(index + 1).map_or(self.memory.end, |s| s.1);
            self.cursor = next;
            return true;
        }
        remembered.0 = digest;
        false
    }
}
