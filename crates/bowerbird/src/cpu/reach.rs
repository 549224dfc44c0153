//! What part of its input a part of a warp reads.
//!
//! The positions themselves are computed, as the walk will compute them, and their extremes taken: exact for any warp,
//! at about a tenth of the price of the walk. Only parts ask; a whole picture is taken to need all of its input.

use super::Coordinates;
use super::border::border;
use crate::effect::{Edge, Filter, Isa, TILE, WarpStage};
use crate::frame::Frame;
use crate::plan::Rect;
use fearless_simd::Level;

/// The rectangle that the taps of all positions lie in.
pub(crate) fn reach_of_warp(stage: &dyn WarpStage, uniforms: &[f32], rect: Rect, frame: &Frame) -> Rect {
    let coordinates = Coordinates::new(frame);
    let mut positions = Box::new([[0.0f32; TILE]; 2]);
    let mut ends = [[f32::INFINITY, f32::NEG_INFINITY]; 2];
    let sampler = stage.sampler();
    for y in rect.y..rect.bottom() {
        for x in (rect.x..rect.right()).step_by(TILE) {
            let count = TILE.min((rect.right() - x) as usize);
            let span = coordinates.span(frame, x as usize, y as usize, count);
            for shift in sampler.shifts(frame) {
                stage.run(Isa::Simd(Level::new()), &span, shift, uniforms, &mut positions);
                for (axis, [low, high]) in positions.iter().zip(&mut ends) {
                    for v in &axis[..count] {
                        (*low, *high) = (low.min(*v), high.max(*v));
                    }
                }
            }
        }
    }
    let before = match sampler.filter {
        Filter::Nearest => 0,
        Filter::Bilinear => 1,
        Filter::Bicubic => 2,
    };
    let scale = frame.scale() as f32;
    let along = |[low, high]: [f32; 2], count: u32| {
        let (first, last) = ((low * scale).floor() as i64 - before, (high * scale).floor() as i64 + before + 1);
        let beyond = first < 0 || last >= i64::from(count);
        match sampler.edge {
            // The other side, or a place that comes back from it.
            Edge::Wrap | Edge::Reflect if beyond => (0, count),
            _ => {
                let inside = |v: i64| border(Edge::Clamp, v, i64::from(count)).unwrap_or(0) as u32;
                (inside(first), inside(last) - inside(first) + 1)
            }
        }
    };
    let ((x, width), (y, height)) = (along(ends[0], frame.width), along(ends[1], frame.height));
    Rect { x, y, width, height }
}
