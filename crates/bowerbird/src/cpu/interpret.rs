//! Running the recordings of stages instead of the stages, to cross-check them.
//!
//! The interpreter gathers its inputs for a whole tile and allocates as it likes: it is a judge, not a runner.

use crate::effect::{PixelStage, Scratch, Span, StencilStage, TILE, Tile, WarpStage};
use crate::ir::{Inputs, Machine, Program};
use crate::lane::Tables;

/// A pixel-wise stage on a tile.
pub(super) fn pixel(
    stage: &dyn PixelStage,
    span: &Span<'_>,
    uniforms: &[f32],
    tables: Tables<'_>,
    tile: &mut Tile,
    others: [&Tile; 2],
) {
    let pixels: Vec<&[f32]> = [&*tile, others[0], others[1]].iter().flat_map(|t| t.0.iter().map(|p| &p[..])).collect();
    let out = run(stage.program(), span, [0.0; 2], uniforms, tables, &pixels, &|_, _, _, _| 0.0);
    for (plane, values) in tile.0.iter_mut().zip(out) {
        plane[..span.count].copy_from_slice(&values);
    }
}

/// A stencil on a tile.
pub(super) fn stencil(
    stage: &dyn StencilStage,
    span: &Span<'_>,
    uniforms: &[f32],
    scratch: &Scratch<'_>,
    tile: &mut Tile,
) {
    let tap = |index: usize, dx: i8, dy: i8, channel: u8| {
        let c = scratch.pixel(index, dx.into(), dy.into());
        [c.r, c.g, c.b, c.a][channel as usize]
    };
    let out = run(stage.program(), span, [0.0; 2], uniforms, Tables::default(), &[], &tap);
    for (plane, values) in tile.0.iter_mut().zip(out) {
        plane[..span.count].copy_from_slice(&values);
    }
}

/// The positions of a warp for a tile.
pub(super) fn warp(
    stage: &dyn WarpStage,
    span: &Span<'_>,
    shift: [f32; 2],
    uniforms: &[f32],
    out: &mut [[f32; TILE]; 2],
) {
    let found = run(stage.program(), span, shift, uniforms, Tables::default(), &[], &|_, _, _, _| 0.0);
    for (plane, values) in out.iter_mut().zip(found) {
        plane[..span.count].copy_from_slice(&values);
    }
}

fn run(
    program: &Program,
    span: &Span<'_>,
    shift: [f32; 2],
    uniforms: &[f32],
    tables: Tables<'_>,
    pixels: &[&[f32]],
    tap: &dyn Fn(usize, i8, i8, u8) -> f32,
) -> Vec<Vec<f32>> {
    let x: Vec<f32> = span.x[..span.count].iter().map(|x| x + shift[0]).collect();
    let (y, row) = (vec![span.y + shift[1]; span.count], vec![span.row; span.count]);
    let inputs = Inputs { pixels, uniforms, tables, x: &x, y: &y, column: &span.column[..span.count], row: &row, tap };
    Machine::new(program, span.count).run(&inputs, span.count)
}
