//! Which channels of a value are worth computing and storing: the others follow from them.
//!
//! Luma, a mask, the strength of an edge are one plane, however many channels say so; two moments leave blue empty; alpha is 1
//! all over most photographs. Recordings tell: a color whose recording is that of another is the same to the bit.

use super::{Graph, Node, NodeId, Op};
use crate::effect::{TILE, Tile};
use crate::ir::{Op as Read, Program};

/// What is known of the three colors of all pixels of a value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Colors {
    /// Nothing.
    #[default]
    Any,
    /// Blue is 0.
    Pair,
    /// They are the same.
    Gray,
}

/// The channels of a value that are computed and stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Channels {
    pub(crate) colors: Colors,
    /// All alphas are 1.
    pub(crate) opaque: bool,
}

impl Channels {
    /// All four.
    pub(crate) const ALL: Self = Self { colors: Colors::Any, opaque: false };

    /// The channels, in order.
    pub(crate) fn list(self) -> &'static [usize] {
        match (self.colors, self.opaque) {
            (Colors::Any, false) => &[0, 1, 2, 3],
            (Colors::Any, true) => &[0, 1, 2],
            (Colors::Pair, false) => &[0, 1, 3],
            (Colors::Pair, true) => &[0, 1],
            (Colors::Gray, false) => &[0, 3],
            (Colors::Gray, true) => &[0],
        }
    }

    pub(crate) fn count(self) -> usize {
        self.list().len()
    }

    /// Where each of the four channels is found among those in the list; none where it is [`Self::CONSTANT`].
    pub(crate) fn places(self) -> [Option<usize>; 4] {
        core::array::from_fn(|channel| {
            let like = if self.colors == Colors::Gray && channel < 3 { 0 } else { channel };
            self.list().iter().position(|listed| *listed == like)
        })
    }

    /// What a channel is everywhere that is in no place.
    pub(crate) const CONSTANT: [f32; 4] = [0.0, 0.0, 0.0, 1.0];

    /// Writes the channels of a tile that are not in the list.
    pub(crate) fn complete(self, tile: &mut Tile, count: usize) {
        let count = count.min(TILE);
        let [r, g, b, a] = &mut tile.0;
        match self.colors {
            Colors::Any => {}
            Colors::Pair => b[..count].fill(Self::CONSTANT[2]),
            Colors::Gray => {
                g[..count].copy_from_slice(&r[..count]);
                b[..count].copy_from_slice(&r[..count]);
            }
        }
        if self.opaque {
            a[..count].fill(Self::CONSTANT[3]);
        }
    }
}

impl Graph {
    /// The channels of a node's result.
    pub(crate) fn channels(&self, node: NodeId) -> Channels {
        let node = &self.nodes[node];
        Channels { colors: node.colors, opaque: node.tag.is_opaque() }
    }

    /// The channels of it that are stored, should it be.
    pub(crate) fn stored_channels(&self, node: NodeId) -> Channels {
        self.stored.get(node).copied().unwrap_or(Channels::ALL)
    }

    /// Decides what is stored of each node: all colors of what the next frame reads, and alpha too where a kernel reads it that may
    /// leave the picture. A warp knows which of its taps do.
    pub(super) fn decide_stored(&mut self) {
        self.stored = (0..self.nodes.len()).map(|node| self.channels(node)).collect();
        for node in &self.kept {
            if let Some(stored) = self.stored.get_mut(*node) {
                *stored = Channels { opaque: stored.opaque, ..Channels::ALL };
            }
        }
        let needs_alpha =
            |reader: &&Node| reader.op.taps() && !matches!(reader.op, Op::Warp(_)) && !reader.tag.is_opaque();
        for reader in self.nodes.iter().filter(needs_alpha) {
            if let Some(input) = reader.inputs.first() {
                self.stored[*input].opaque = false;
            }
        }
    }

    /// What is known of the colors that an operation gives.
    pub(super) fn colors_of(&self, op: &Op, inputs: &[NodeId], switched: bool) -> Colors {
        let of = |place: usize| inputs.get(place).map_or(Colors::Any, |input| self.nodes[*input].colors);
        let first = of(0);
        let colors = match op {
            Op::Pixel(stage) => colors_of(stage.program(), [0, 1, 2].map(of)),
            Op::Stencil(stage, _) => colors_of(stage.program(), [first; 3]),
            // Each channel by itself, and all in the same way.
            Op::Warp(_) | Op::Convolve(_) | Op::Window(..) => first,
            Op::Source(_) | Op::Past(_) | Op::Curves | Op::Transform(_) | Op::Reduce(_) => Colors::Any,
        };
        // What is switched off hands on its input.
        if switched && first != colors { Colors::Any } else { colors }
    }
}

/// What is known of the colors of a pixel function's result, from what is known of its inputs.
fn colors_of(program: &Program, inputs: [Colors; 3]) -> Colors {
    let of = |colors: Option<[Read; 3]>| match colors {
        Some([r, g, b]) if r == g && g == b => Colors::Gray,
        Some([.., ZERO]) => Colors::Pair,
        _ => Colors::Any,
    };
    if inputs == [Colors::Any; 3] {
        // Equal operations are one in a recording.
        return of(program.outputs.get(..3).map(|colors| [0, 1, 2].map(|c| program.ops[colors[c].0 as usize])));
    }
    // A matrix adds up what depends on all three colors in another order for each.
    let inputs = if program.is_affine() && !program.is_separate() { [Colors::Any; 3] } else { inputs };
    let known = |op| {
        let (input, channel) = match op {
            Read::Input(input, channel) => (input, channel),
            Read::Tap(.., channel) => (0, channel),
            _ => return op,
        };
        match (inputs.get(usize::from(input)), op) {
            (Some(Colors::Gray), Read::Input(input, 0..3)) => Read::Input(input, 0),
            (Some(Colors::Gray), Read::Tap(dx, dy, 0..3)) => Read::Tap(dx, dy, 0),
            (Some(Colors::Pair), _) if channel == 2 => ZERO,
            _ => op,
        }
    };
    of(program.colors(known))
}

/// The recording of 0.
const ZERO: Read = Read::Float(0);

#[cfg(test)]
mod tests {
    use super::{Channels, Colors, colors_of};
    use crate::ir::{Op, Program, Rec, record};
    use core::ops::Mul;

    fn recorded(body: impl FnOnce([Rec; 4]) -> [Rec; 4]) -> Program {
        record(|| body([0, 1, 2, 3].map(|c| Rec::leaf(Op::Input(0, c)))).to_vec())
    }

    #[test]
    fn recordings_tell_which_colors_are_the_same() {
        use crate::lane::Lane;
        let any = [Colors::Any; 3];
        let gray = [Colors::Gray; 3];
        let scaled = recorded(|[r, g, b, a]| [r, g, b, a].map(|c| c.mul(0.5) * a));
        assert_eq!(colors_of(&scaled, any), Colors::Any);
        assert_eq!(colors_of(&scaled, gray), Colors::Gray);
        let luma = recorded(|[r, g, b, a]| {
            let sum = r + g + b;
            [sum, sum, sum, a]
        });
        assert_eq!(colors_of(&luma, any), Colors::Gray);
        let moments = recorded(|[r, _, _, a]| [r, r * r, r.lit(0.0), a]);
        assert_eq!(colors_of(&moments, any), Colors::Pair);
        let kept = recorded(|c| c);
        assert_eq!(colors_of(&kept, [Colors::Pair; 3]), Colors::Pair);
        let saturated = recorded(|[r, g, b, a]| {
            let luma = r.mul(0.2) + g.mul(0.7) + b.mul(0.1);
            [r + luma, g + luma, b + luma, a]
        });
        assert_eq!(colors_of(&saturated, gray), Colors::Any, "a matrix rounds each row by itself");
        let tinted = recorded(|[r, g, b, a]| [r, g.mul(0.9), b, a]);
        assert_eq!(colors_of(&tinted, gray), Colors::Any);
    }

    #[test]
    fn every_channel_is_in_a_place_or_constant() {
        for colors in [Colors::Any, Colors::Pair, Colors::Gray] {
            for opaque in [false, true] {
                let channels = Channels { colors, opaque };
                let constants = channels.places().iter().filter(|place| place.is_none()).count();
                assert_eq!(constants, usize::from(colors == Colors::Pair) + usize::from(opaque), "{channels:?}");
                assert!(channels.places().into_iter().flatten().all(|place| place < channels.count()));
            }
        }
    }
}
