//! Regions of interest: what part of each buffer an output rectangle needs.

use super::{Buffer, Pass, Target};
use crate::cpu::reach_of_warp;
use crate::effect::Edge;
use crate::frame::Frame;
use crate::graph::{Axis, Blur, Graph, Op, Values};
use std::collections::BTreeMap;

/// A rectangle of rendered pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Rect {
    pub(crate) x: u32,
    pub(crate) y: u32,
    pub(crate) width: u32,
    pub(crate) height: u32,
}

impl Rect {
    pub(crate) fn whole(width: u32, height: u32) -> Self {
        Self { x: 0, y: 0, width, height }
    }

    pub(crate) fn area(self) -> usize {
        self.width as usize * self.height as usize
    }

    pub(crate) fn right(self) -> u32 {
        self.x + self.width
    }

    pub(crate) fn bottom(self) -> u32 {
        self.y + self.height
    }

    /// Half of it, above, while that is worth the halo.
    pub(crate) fn shorter(self) -> Option<Self> {
        const LEAST: u32 = 64;
        (self.height > LEAST).then(|| Self { height: self.height.div_ceil(2), ..self })
    }

    /// Half of it, on the left, while that is worth the halo.
    pub(crate) fn narrower(self) -> Option<Self> {
        const LEAST: u32 = 256;
        (self.width > LEAST).then(|| Self { width: self.width.div_ceil(2), ..self })
    }

    /// Both halves, cut across the longer side.
    pub(crate) fn halves(self) -> Option<[Self; 2]> {
        if self.width > self.height
            && let Some(left) = self.narrower()
        {
            return Some([left, Self { x: left.right(), width: self.width - left.width, ..self }]);
        }
        self.upper_and_lower()
    }

    /// Both halves, cut across the height.
    pub(crate) fn upper_and_lower(self) -> Option<[Self; 2]> {
        let upper = self.shorter()?;
        Some([upper, Self { y: upper.bottom(), height: self.height - upper.height, ..self }])
    }

    fn union(self, other: Self) -> Self {
        let (x, y) = (self.x.min(other.x), self.y.min(other.y));
        Self { x, y, width: self.right().max(other.right()) - x, height: self.bottom().max(other.bottom()) - y }
    }

    /// Grown by a halo on each axis and cut at the frame.
    fn grown(self, dx: u32, dy: u32, frame: Self) -> Self {
        let (x, y) = (self.x.saturating_sub(dx), self.y.saturating_sub(dy));
        let (right, bottom) = ((self.right() + dx).min(frame.width), (self.bottom() + dy).min(frame.height));
        Self { x, y, width: right - x, height: bottom - y }
    }
}

/// The tables that are wanted beside a rectangle of the output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wanted {
    None,
    /// All, of the whole picture.
    All,
    /// What a rectangle of the picture adds to the table of one pass, by its place among the passes.
    Part(usize, Rect),
}

impl Wanted {
    /// The rectangle of the picture that a pass is to count.
    pub(crate) fn rect_of(self, pass: usize, frame: Rect) -> Option<Rect> {
        match self {
            Self::None => None,
            Self::All => Some(frame),
            Self::Part(wanted, rect) => (wanted == pass).then_some(rect),
        }
    }
}

/// The rectangle of each buffer that is needed for `roi` of the output and for tables; buffers that nothing needs are left
/// out.
pub(crate) fn regions(
    graph: &Graph,
    values: &Values,
    passes: &[Pass],
    full: &Frame,
    roi: Option<Rect>,
    tables: Wanted,
) -> BTreeMap<Buffer, Rect> {
    let frame = Rect::whole(full.width, full.height);
    // What the next frame reads, it reads wherever it likes.
    let mut needed: BTreeMap<Buffer, Rect> = graph.kept.iter().map(|node| (Buffer::Stored(*node), frame)).collect();
    for (index, pass) in passes.iter().enumerate().rev() {
        let rect = match pass.target {
            Target::Output => roi,
            Target::Table(_) => tables.rect_of(index, frame),
            Target::Stored(node) => needed.get(&Buffer::Stored(node)).copied(),
        };
        let Some(rect) = rect else { continue };
        let (own, tapped) = pass.reads();
        let mut need = |buffer: Buffer, rect: Rect| {
            needed.entry(buffer).and_modify(|r| *r = r.union(rect)).or_insert(rect);
        };
        for buffer in own {
            need(buffer, rect);
        }
        if let Some(head) = &pass.head {
            let node = &graph.nodes[head.node];
            let grown = match (head.across, &node.op) {
                (Some(across), Op::Window(_, edge)) => {
                    let radius = |node: &crate::graph::Node| values.uniforms[node.uniforms.0] as u32;
                    around(rect, radius(&graph.nodes[across]), radius(node), *edge, frame)
                }
                (Some(across), Op::Convolve(convolve)) => {
                    let blur = Blur::of(&graph.nodes[across], node, values);
                    let ([x, y], [dx, dy]) = (blur.origin(rect.x, rect.y), blur.reach());
                    let rect = Rect { x, y, width: rect.right() - x, height: rect.bottom() - y };
                    around(rect, dx, dy, convolve.edge, frame)
                }
                _ => reach(node, values, rect, full),
            };
            for buffer in tapped {
                // A picture of a size of its own is there whole.
                let own = match buffer {
                    Buffer::Picture(index) => graph.own_size(index, [full.width, full.height]),
                    Buffer::Stored(_) | Buffer::Past(_) => None,
                };
                need(buffer, own.map_or(grown, |[width, height]| Rect::whole(width, height)));
            }
        }
    }
    needed
}

/// What a head reads to compute a rectangle.
fn reach(node: &crate::graph::Node, values: &Values, rect: Rect, full: &Frame) -> Rect {
    let frame = Rect::whole(full.width, full.height);
    match &node.op {
        // Where a part of a warp reads is found by asking it for the position of every pixel.
        Op::Warp(stage) if rect != frame => {
            let uniforms = &values.uniforms[node.uniforms.0..node.uniforms.0 + node.uniforms.1];
            let off = node.switch.is_some_and(|slot| values.uniforms[slot] == 0.0);
            if off { rect } else { reach_of_warp(&**stage, uniforms, rect, full) }
        }
        Op::Stencil(stage, edge) => {
            let radius = stage.radius() as u32;
            around(rect, radius, radius, *edge, frame)
        }
        Op::Convolve(convolve) => {
            let radius = values.uniforms.get(node.uniforms.0).map_or(0, |r| *r as u32);
            match convolve.axis {
                Axis::X => around(rect, radius, 0, convolve.edge, frame),
                Axis::Y => around(rect, 0, radius, convolve.edge, frame),
            }
        }
        Op::Window(window, edge) => {
            let [dx, dy] = window.reach(values.uniforms.get(node.uniforms.0).map_or(0, |r| *r as usize));
            around(rect, dx as u32, dy as u32, *edge, frame)
        }
        Op::Curves | Op::Reduce(_) => rect,
        // A whole warp, and a transform.
        _ => frame,
    }
}

/// A rectangle with all that a reach around it reads.
pub(super) fn around(rect: Rect, dx: u32, dy: u32, edge: Edge, frame: Rect) -> Rect {
    let crosses_x = rect.x < dx || rect.right() + dx > frame.width;
    let crosses_y = rect.y < dy || rect.bottom() + dy > frame.height;
    let mut out = rect.grown(dx, dy, frame);
    // Beyond the edge `wrap` reads the other side, and `reflect` may come back from far in a small picture.
    let far = |crosses: bool, reach: u32, extent: u32| match edge {
        Edge::Wrap => crosses && reach > 0,
        Edge::Reflect => crosses && reach >= extent,
        Edge::Clamp | Edge::Transparent => false,
    };
    if far(crosses_x, dx, frame.width) {
        (out.x, out.width) = (0, frame.width);
    }
    if far(crosses_y, dy, frame.height) {
        (out.y, out.height) = (0, frame.height);
    }
    out
}
