//! Sharing memory between buffers: a slot is free again after its last reader.

use super::{Buffer, Pass, Rect, Target};
use crate::graph::{Graph, NodeId};
use std::collections::BTreeMap;

/// Which slot holds which stored node, and how much each slot must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Slots {
    pub(crate) of: BTreeMap<NodeId, usize>,
    /// Pixels, where a buffer has all four channels.
    pub(crate) pixels: Vec<usize>,
    /// Samples, where a buffer has only those that do not follow from others.
    pub(crate) samples: Vec<usize>,
    /// Which slots are in 32-bit floats everywhere; only such nodes share them.
    pub(crate) fine: Vec<bool>,
}

/// Assigns slots to the stored buffers of the passes that run, in order.
pub(crate) fn assign(graph: &Graph, passes: &[&Pass], regions: &BTreeMap<Buffer, Rect>) -> Slots {
    let mut last_read: BTreeMap<NodeId, usize> = BTreeMap::new();
    for (index, pass) in passes.iter().enumerate() {
        let (own, tapped) = pass.reads();
        for buffer in own.into_iter().chain(tapped) {
            if let Buffer::Stored(node) = buffer {
                last_read.insert(node, index);
            }
        }
    }
    // What the next frame reads is needed to the end.
    last_read.extend(graph.kept.iter().map(|node| (*node, passes.len())));
    let mut slots = Slots::default();
    let mut free: Vec<usize> = Vec::new();
    for (index, pass) in passes.iter().enumerate() {
        if let Target::Stored(node) = pass.target {
            let pixels = regions.get(&Buffer::Stored(node)).map_or(0, |rect| rect.area());
            let fine = graph.nodes[node].fine;
            let slot = match free.iter().rposition(|slot| slots.fine[*slot] == fine) {
                Some(place) => free.remove(place),
                None => {
                    slots.pixels.push(0);
                    slots.samples.push(0);
                    slots.fine.push(fine);
                    slots.pixels.len() - 1
                }
            };
            slots.pixels[slot] = slots.pixels[slot].max(pixels);
            slots.samples[slot] = slots.samples[slot].max(pixels * graph.stored_channels(node).count());
            slots.of.insert(node, slot);
        }
        for (node, last) in &last_read {
            if *last == index
                && let Some(slot) = slots.of.get(node)
                && !free.contains(slot)
            {
                free.push(*slot);
            }
        }
    }
    slots
}
