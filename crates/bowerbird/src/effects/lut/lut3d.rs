//! Color cubes from .cube files.

use crate::cube::Cube;
use crate::effect::{Composition, Point, Setup, Step, Val};
use crate::lane::{At, Lane, Rgba, Word};
use crate::param::Asset;
use bowerbird_derive::{Choice, Params, effect, part};
use std::sync::Arc;

/// How colors between the entries of the cube are found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Choice)]
pub enum Interpolation {
    /// Along the edges of the tetrahedron that holds the color: keeps grays gray (Kasson et al. 1995).
    Tetrahedral,
    /// Between the eight corners.
    Trilinear,
}

/// Grades the picture with a 3D lookup table; source: Cube LUT 1.0.
#[derive(Clone, Debug, PartialEq, Params)]
#[effect(id = "lut3d", label = "3D LUT", family = "lut", domain = "D", switchable, class = "point")]
pub struct Lut3d {
    /// The .cube file; a 1D table in it is applied first.
    pub file: Asset,
    /// How colors between the entries are found.
    pub interpolation: Interpolation,
}

#[effect]
impl Composition for Lut3d {
    fn build(&self, step: &mut Step<'_, '_>, image: Val) -> Val {
        let Some(cube) = step.cube(&self.file.0) else { return image };
        step.point(&LutStage { cube, interpolation: self.interpolation }, image)
    }
}

/// A parsed cube as a point operation.
struct LutStage {
    cube: Arc<Cube>,
    interpolation: Interpolation,
}

/// Uniforms: for the shaper and for the cube, minimum and 1/(maximum − minimum) of each channel and the last index.
#[part]
impl Point<14> for LutStage {
    /// The interpolation, whether there is a shaper, whether there is a cube.
    type Variant = (Interpolation, bool, bool);
    fn variant(&self, _: &Setup) -> Self::Variant {
        (self.interpolation, self.cube.shaper.is_some(), self.cube.cube.is_some())
    }
    fn prepare(&self, _: &Setup) -> [f64; 14] {
        let mut out = [0.0; 14];
        let parts = [
            self.cube.shaper.as_ref().map(|s| (s.domain, s.size)),
            self.cube.cube.as_ref().map(|c| (c.domain, c.size)),
        ];
        for (part, out) in parts.into_iter().zip(out.chunks_exact_mut(7)) {
            let Some((domain, size)) = part else { continue };
            for channel in 0..3 {
                out[channel] = domain[0][channel];
                out[3 + channel] = 1.0 / (domain[1][channel] - domain[0][channel]);
            }
            out[6] = (size - 1) as f64;
        }
        out
    }
    fn tables(&self, step: &mut Step<'_, '_>) {
        let values = [self.cube.shaper.as_ref().map(|s| &s.values), self.cube.cube.as_ref().map(|c| &c.values)];
        for values in values.into_iter().flatten() {
            step.table(values.len(), |table| table.copy_from_slice(values));
        }
    }
    fn pixel<L: Lane>((interpolation, shaper, cube): Self::Variant, u: [L; 14], c: Rgba<L>, at: &At<'_, L>) -> Rgba<L> {
        let c = if shaper { shape(&u, c, at) } else { c };
        if !cube {
            return c;
        }
        let table = usize::from(shaper);
        let last = u[13];
        let place = |v: L, low: L, scale: L| {
            let position = ((v - low) * scale).clamp01() * last;
            let cell = position.floor().min(last - 1.0);
            (cell.to_int(), position - cell)
        };
        let (r, fr) = place(c.r, u[7], u[10]);
        let (g, fg) = place(c.g, u[8], u[11]);
        let (b, fb) = place(c.b, u[9], u[12]);
        let size = last.to_int().add(r.lit(1));
        let steps = [r.lit(3), size.mul(r.lit(3)), size.mul(size).mul(r.lit(3))];
        let base = r.mul(steps[0]).add(g.mul(steps[1])).add(b.mul(steps[2]));
        let corner = |offset: L::Word| {
            let [r, g, b] = at.table_triple(table, base.add(offset));
            Rgba { r, g, b, a: c.a }
        };
        match interpolation {
            Interpolation::Tetrahedral => tetrahedral([fr, fg, fb], steps, corner),
            Interpolation::Trilinear => {
                let mix = |low: Rgba<L>, high: Rgba<L>, f: L| low.rgb_with(high, |a, b| a.lerp(b, f));
                let edge = |offset: L::Word| mix(corner(offset), corner(offset.add(steps[0])), fr);
                let face = |offset: L::Word| mix(edge(offset), edge(offset.add(steps[1])), fg);
                mix(face(r.lit(0)), face(steps[2]), fb)
            }
        }
    }
}

/// The shaper: linear between the entries of its 1D table.
#[inline(always)]
fn shape<L: Lane>(u: &[L; 14], c: Rgba<L>, at: &At<'_, L>) -> Rgba<L> {
    let last = u[6];
    let apply = crate::lane::inlined(#[inline(always)] |v: L, channel: usize| {
        let position = ((v - u[channel]) * u[3 + channel]).clamp01() * last;
        let cell = position.floor().min(last - 1.0);
        let index = cell.to_int();
        let index = index.mul(index.lit(3)).add(index.lit(channel as u32));
        at.table(0, index).lerp(at.table(0, index.add(index.lit(3))), position - cell)
    });
    Rgba { r: apply(c.r, 0), g: apply(c.g, 1), b: apply(c.b, 2), a: c.a }
}

/// From the low corner along the axes in descending order of their fraction; ties in the order r, g, b.
#[inline(always)]
fn tetrahedral<L: Lane>(f: [L; 3], steps: [L::Word; 3], corner: impl Fn(L::Word) -> Rgba<L>) -> Rgba<L> {
    let zero = steps[0].lit(0);
    let pick = crate::lane::inlined(#[inline(always)] |mask: L::Mask, yes: L::Word, no: L::Word| {
        let (yes, no) = (yes.to_float(), no.to_float());
        L::pick(mask, yes, no).to_int()
    });
    let [r, g, b] = f;
    let (rg, rb, gb) = (r.ge(g), r.ge(b), g.ge(b));
    // The axis of the largest and of the smallest fraction; the middle one is the rest.
    let r_first = rg & rb;
    let g_first = !rg & gb;
    let first = pick(r_first, steps[0], pick(g_first, steps[1], steps[2]));
    let b_last = rb & gb;
    let g_last = rg & !gb;
    let last = pick(b_last, steps[2], pick(g_last, steps[1], steps[0]));
    let all = steps[0].add(steps[1]).add(steps[2]);
    let second = all.add(last.xor(zero.lit(u32::MAX)).add(zero.lit(1)));
    let most = r.max(g).max(b);
    let least = r.min(g).min(b);
    let middle = r.max(g).min(r.min(g).max(b));
    let (v0, v1, v2, v3) = (corner(zero), corner(first), corner(second), corner(all));
    let one = v0.rgb_with(v1, #[inline(always)] |a, b| (b - a) * most);
    let two = v1.rgb_with(v2, #[inline(always)] |a, b| (b - a) * middle);
    let three = v2.rgb_with(v3, #[inline(always)] |a, b| (b - a) * least);
    Rgba { r: v0.r + one.r + two.r + three.r, g: v0.g + one.g + two.g + three.g, b: v0.b + one.b + two.b + three.b, a: v0.a }
}
