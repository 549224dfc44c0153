//! Parts of a picture, which are rendered one after another: what each needs.

use crate::frame::Frame;
use crate::graph::{Graph, Values};
use crate::plan::{Buffer, Pass, Rect, Slots, Target, Wanted, assign, regions};
use std::collections::BTreeMap;

/// The buffers that a rectangle of the output needs.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) regions: BTreeMap<Buffer, Rect>,
    /// The passes that run, in order.
    pub(super) order: Vec<usize>,
    pub(super) slots: Slots,
    /// The rectangle of the output, if it is wanted.
    pub(super) roi: Option<Rect>,
    /// The tables that are filled.
    pub(super) tables: Wanted,
}

impl Part {
    pub(super) fn new(
        graph: &Graph,
        values: &Values,
        passes: &[Pass],
        frame: &Frame,
        roi: Option<Rect>,
        tables: Wanted,
    ) -> Self {
        let regions = regions(graph, values, passes, frame, roi, tables);
        let whole = Rect::whole(frame.width, frame.height);
        let runs = |index: &usize| match passes[*index].target {
            Target::Output => roi.is_some(),
            Target::Table(_) => tables.rect_of(*index, whole).is_some(),
            Target::Stored(node) => regions.contains_key(&Buffer::Stored(node)),
        };
        let order: Vec<usize> = (0..passes.len()).filter(runs).collect();
        let running: Vec<&Pass> = order.iter().map(|index| &passes[*index]).collect();
        let slots = assign(graph, &running, &regions);
        Self { regions, order, slots, roi, tables }
    }
}

/// A rectangle in tiles, row by row.
pub(super) fn tiles(frame: Rect, (width, height): (u32, u32)) -> impl Iterator<Item = Rect> {
    let (width, height) = (width.max(1), height.max(1));
    let rows = (0..frame.height).step_by(height as usize);
    rows.flat_map(move |y| (0..frame.width).step_by(width as usize).map(move |x| (x, y))).map(move |(x, y)| Rect {
        x,
        y,
        width: width.min(frame.width - x),
        height: height.min(frame.height - y),
    })
}
