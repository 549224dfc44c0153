//! What stands between values of different tags: conversions of transfer and alpha, none made twice, and black in the
//! place of colors that no alpha shows.

use super::{Lowering, Numbers};
use crate::effect::{Conversion, Converts, Hide, PixelStage, PointOf, Tag, Val};
use crate::graph::Op;
use crate::image::Alpha;
use std::sync::Arc;

impl Lowering<'_> {
    /// The same value in another encoding: point operations, none where it is already so, the origin where it came
    /// from there.
    pub(crate) fn convert(&mut self, value: Val, want: Tag) -> Val {
        if !self.building {
            return Val { tag: want, ..value };
        }
        let want = if value.tag.is_opaque() { want.opaque() } else { want };
        if value.tag == want {
            return value;
        }
        if value.tag.transfer.is_none() != want.transfer.is_none() {
            return Val { tag: want, ..value };
        }
        if let Some(done) = self.converted.get(&(value.node, want)) {
            return *done;
        }
        let mut origin = value;
        while let Some(before) = self.origin.get(&origin.node) {
            if before.tag == want {
                return *before;
            }
            origin = *before;
        }
        let mut now = value;
        while let Some((conversion, tag)) = Conversion::first(now.tag, want) {
            now = self.conversion(conversion.stage(), now, tag);
        }
        self.converted.insert((value.node, want), now);
        now
    }

    fn conversion(&mut self, stage: Arc<dyn PixelStage>, from: Val, tag: Tag) -> Val {
        if let Some(done) = self.converted.get(&(from.node, tag)) {
            return *done;
        }
        let to = self.pixel_node(|| stage, &[from.node], tag, Numbers::default());
        self.converted.insert((from.node, tag), to);
        self.origin.insert(to.node, from);
        to
    }

    /// The same without the colors that no alpha shows, which a step before may have brightened: what reads neighbors
    /// reads none of them.
    pub(super) fn hidden(&mut self, val: Val) -> Val {
        let is_hidden = |node: usize| {
            let node = self.graph.nodes.get(node);
            node.is_some_and(|node| matches!(&node.op, Op::Pixel(stage) if stage.conversion() == Some(Converts::Alpha)))
        };
        if val.tag.alpha != Alpha::Straight || (self.building && is_hidden(val.node)) {
            return val;
        }
        let setup = self.setup(val.tag);
        let hide = || -> Arc<dyn PixelStage> { Arc::new(PointOf::new(&Hide, &setup)) };
        self.pixel_node(hide, &[val.node], val.tag, Numbers::default())
    }
}
