//! What an effect keeps for the next frame, as values of its graph.

use super::parts::HandOn;
use super::step::{Step, Val};
use crate::graph::{Moment, Numbers, Op};

impl Step<'_, '_> {
    /// What a value was in the frame before, as [`Step::keep`] kept it. In the first frame there is none, and what reads
    /// it must not show it; see [`Step::moment`].
    pub(crate) fn past(&mut self, like: Val) -> Val {
        if self.lowering.building() {
            self.lowering.graph.kept.push(usize::MAX);
        }
        let index = self.lowering.graph.kept.len().wrapping_sub(1);
        let name = || format!("past_{index}");
        self.lowering.operation(|| (Op::Past(index), name()), &[], like.tag, Numbers::default())
    }

    /// Keeps a value for the next frame, in the place of the last [`Step::past`]; the value to go on with.
    pub(crate) fn keep(&mut self, value: Val) -> Val {
        if self.lowering.building()
            && let Some(kept) = self.lowering.graph.kept.last_mut()
        {
            *kept = value.node;
            // What is summed up over many frames would lose what half floats do not hold.
            self.lowering.graph.nodes[value.node].fine = true;
        }
        self.hand_on(value)
    }

    /// Lets the engine report on motion: what was kept last has in green how much each pixel moved, 0..1.
    pub(crate) fn report_motion(&mut self) {
        if self.lowering.building() {
            let step = self.lowering.step_index();
            let kept = self.lowering.graph.kept.len().wrapping_sub(1);
            self.lowering.graph.motion.push((step, kept));
        }
    }

    /// The value once more: the result of a plan is written for its reader, so what is kept, or read beside it, must be
    /// another value.
    pub(crate) fn hand_on(&mut self, value: Val) -> Val {
        self.point(&HandOn, value)
    }

    /// When the frame is, beside the one before.
    pub(crate) fn moment(&self) -> Moment {
        self.lowering.moment
    }
}
