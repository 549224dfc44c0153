//! What a device runs for a pass: one dispatch, or several for a convolution whose axes share the pass.
//!
//! | the convolution | runs as |
//! |---|---|
//! | of a radius up to 16 | one dispatch; both axes meet in the memory of a workgroup |
//! | a wide Gaussian | a pyramid: halved down to the coarsest level, blurred there, and grown back |
//! | a wide box, a Gaussian much wider along one axis | one dispatch an axis, with a picture between them |
//!
//! Which of them depends on numbers, so it is asked for each frame, and a number that changes it makes no new plan. What
//! lies between the dispatches of a pass is *scratch*: passes run one after another and share it. The levels of a
//! pyramid lie where those of the CPU do: sample (x, y) of level n is at pixel (x·2ⁿ, y·2ⁿ), and indices may be negative,
//! for the border policy extends the picture before it is halved.

use super::region::around;
use super::{Pass, Rect};
use crate::effect::Edge;
use crate::frame::Frame;
use crate::graph::{Axis, Blur, Convolve, Graph, Node, Op, Values};

/// What a dispatch of a convolution does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Kernel {
    /// Both axes, up to a radius.
    Both(usize),
    /// One axis.
    Line(Axis),
    /// The next coarser level of a pyramid.
    Halve,
    /// The next finer level.
    Grow,
}

impl Kernel {
    /// The radius of the largest convolution that runs through the memory of a workgroup: 16 rows of 48 sums and four
    /// rows of input take 15 KiB of the 16 that every device has.
    pub(crate) const MOST: usize = 16;

    /// The name in explanations.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Both(_) => "blur",
            Self::Line(Axis::X) => "across",
            Self::Line(Axis::Y) => "down",
            Self::Halve => "halve",
            Self::Grow => "grow",
        }
    }
}

/// Pixels, or samples of a level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Area {
    pub(crate) x: i32,
    pub(crate) y: i32,
    pub(crate) width: u32,
    pub(crate) height: u32,
}

impl From<Rect> for Area {
    fn from(rect: Rect) -> Self {
        Self { x: rect.x as i32, y: rect.y as i32, width: rect.width, height: rect.height }
    }
}

impl Area {
    pub(crate) fn pixels(self) -> u64 {
        u64::from(self.width) * u64::from(self.height)
    }

    /// The samples of the next level that are needed to interpolate these.
    fn coarser(self) -> Self {
        let along = |first: i32, count: u32| {
            let (low, high) = (first.div_euclid(2) - 1, (first + count as i32 - 1).div_euclid(2) + 1);
            (low, (high - low + 1) as u32)
        };
        let ((x, width), (y, height)) = (along(self.x, self.width), along(self.y, self.height));
        Self { x, y, width, height }
    }

    /// The samples of the level before that are needed to halve it to these.
    fn finer(self) -> Self {
        Self { x: 2 * self.x - 2, y: 2 * self.y - 2, width: 2 * self.width + 3, height: 2 * self.height + 3 }
    }

    /// Without the samples of a level that lie so far beyond the picture that all of them are the same, where the border
    /// is one color or none: whoever reads them reads the last that is left. At σ = 200 px on 3840×2160 that is 40 percent
    /// of the first level.
    fn bounded(self, level: usize, full: &Frame) -> Self {
        let along = |first: i32, count: u32, side: u32| {
            // Samples from here on read nothing but what lies beyond the picture.
            let beyond = (0..level).fold(side as i32, |end, _| (end + 3).div_euclid(2));
            let (low, high) = (first.max(-2), (first + count as i32 - 1).min(beyond));
            (low, (high - low + 1).max(1) as u32)
        };
        let ((x, width), (y, height)) =
            (along(self.x, self.width, full.width), along(self.y, self.height, full.height));
        Self { x, y, width, height }
    }

    fn grown(self, by: u32) -> Self {
        let (x, y) = (self.x - by as i32, self.y - by as i32);
        Self { x, y, width: self.width + 2 * by, height: self.height + 2 * by }
    }
}

/// A dispatch.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Part {
    /// What it does, or nothing for a pass that is one dispatch with a template of its own.
    pub(crate) kernel: Option<Kernel>,
    /// What it computes.
    pub(crate) area: Area,
    /// The scratch it reads and what that holds; without it the prologue and the pictures of the pass.
    pub(crate) from: Option<(usize, Area)>,
    /// The scratch it writes; without it, it runs the epilogue and writes what the pass does.
    pub(crate) to: Option<usize>,
}

impl Part {
    /// Whether it reads the input of the pass.
    pub(crate) fn begins(&self) -> bool {
        self.from.is_none()
    }

    /// Whether it writes the result of the pass.
    pub(crate) fn ends(&self) -> bool {
        self.to.is_none()
    }
}

/// The dispatches of a pass, in order, and the sizes of their scratch.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Parts {
    pub(crate) parts: Vec<Part>,
    pub(crate) scratch: Vec<(u32, u32)>,
}

/// Both axes of the convolution that a pass runs, and the policy at the border.
pub(crate) fn pair<'g>(graph: &'g Graph, pass: &Pass) -> Option<(&'g Node, &'g Node, Convolve)> {
    let head = pass.head.as_ref()?;
    let (across, down) = (&graph.nodes[head.across?], &graph.nodes[head.node]);
    match down.op {
        Op::Convolve(convolve) => Some((across, down, convolve)),
        _ => None,
    }
}

/// The largest radius along x and y that the plan of a convolution allows for.
pub(super) fn capacities(across: &Node, down: &Node) -> [usize; 2] {
    [across, down].map(|node| if let Op::Convolve(convolve) = &node.op { convolve.capacity } else { 0 })
}

/// The dispatches that compute `rect` of the result of a pass.
pub(crate) fn parts(graph: &Graph, values: &Values, pass: &Pass, rect: Rect, full: &Frame) -> Parts {
    let area = Area::from(rect);
    let single = |kernel| Parts { parts: vec![Part { kernel, area, from: None, to: None }], scratch: Vec::new() };
    let Some((across, down, convolve)) = pair(graph, pass) else { return single(None) };
    let most = capacities(across, down).into_iter().max().unwrap_or(0);
    if most <= Kernel::MOST {
        return single(Some(Kernel::Both(most)));
    }
    let blur = Blur::of(across, down, values);
    let fits = blur.coarse_radii().iter().all(|radius| *radius <= Kernel::MOST);
    match blur.octaves {
        0 if fits && !convolve.is_box => single(Some(Kernel::Both(Kernel::MOST))),
        octaves if fits && !convolve.is_box => pyramid(area, octaves, convolve.edge, full),
        _ => {
            let reach = values.uniforms.get(down.uniforms.0).map_or(0, |radius| *radius as u32);
            let between = around(rect, 0, reach, convolve.edge, Rect::whole(full.width, full.height)).into();
            let line = |axis, area, from, to| Part { kernel: Some(Kernel::Line(axis)), area, from, to };
            Parts {
                parts: vec![line(Axis::X, between, None, Some(0)), line(Axis::Y, area, Some((0, between)), None)],
                scratch: vec![(between.width, between.height)],
            }
        }
    }
}

/// Scratch `n` holds level n + 1 on its way down and then up; the last holds the coarsest one on its way up.
fn pyramid(area: Area, octaves: usize, edge: Edge, full: &Frame) -> Parts {
    let wanted = |level: usize| (0..level).fold(area, |area, _| area.coarser());
    let bounded = |area: Area, level: usize| match edge {
        Edge::Clamp | Edge::Transparent => area.bounded(level, full),
        Edge::Reflect | Edge::Wrap => area,
    };
    // The widest margin that the Gaussian may need, so that sizes do not change with σ.
    let coarsest = wanted(octaves).grown(Kernel::MOST as u32);
    let input = |level: usize| {
        let last = bounded(coarsest, octaves);
        (level..octaves).rev().fold(last, |area, level| bounded(area.finer(), level))
    };
    let up = |level: usize| if level == octaves { octaves } else { level - 1 };
    let size = |area: Area| (area.width, area.height);
    let scratch = (1..=octaves).map(input).chain([wanted(octaves)]).map(size).collect();
    let halve = |level: usize| Part {
        kernel: Some(Kernel::Halve),
        area: input(level),
        from: (level > 1).then(|| (level - 2, input(level - 1))),
        to: Some(level - 1),
    };
    let blur = Part {
        kernel: Some(Kernel::Both(Kernel::MOST)),
        area: wanted(octaves),
        from: Some((octaves - 1, input(octaves))),
        to: Some(octaves),
    };
    let grow = |level: usize| Part {
        kernel: Some(Kernel::Grow),
        area: wanted(level),
        from: Some((up(level + 1), wanted(level + 1))),
        to: (level > 0).then(|| up(level)),
    };
    Parts { parts: (1..=octaves).map(halve).chain([blur]).chain((0..octaves).rev().map(grow)).collect(), scratch }
}

/// A picture or level between the dispatches of a pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Scratch {
    pub(crate) size: (u32, u32),
    /// Whether it is in 32-bit floats everywhere.
    pub(crate) fine: bool,
}

/// All scratch of some passes, and which of it each of them uses: passes share what has one size and format.
pub(crate) fn share<'p>(passes: impl Iterator<Item = (&'p Parts, bool)>) -> (Vec<Scratch>, Vec<Vec<usize>>) {
    let mut all: Vec<Scratch> = Vec::new();
    let uses = passes.map(|(parts, fine)| {
        let mut mine: Vec<usize> = Vec::new();
        for size in &parts.scratch {
            let wanted = Scratch { size: *size, fine };
            let free = (0..all.len()).find(|place| all[*place] == wanted && !mine.contains(place));
            mine.push(free.unwrap_or_else(|| {
                all.push(wanted);
                all.len() - 1
            }));
        }
        mine
    });
    let uses = uses.collect();
    (all, uses)
}
