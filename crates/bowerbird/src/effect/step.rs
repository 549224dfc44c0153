//! A step being lowered: what an effect sees of the graph.

use super::classes::{Composite, Edge, Point, Setup, Stencil, Warp};
use super::stage::{CompositeOf, PointOf, StencilOf, WarpOf};
use super::{Domain, Info, PixelStage, StencilStage, Tag, WarpStage, Weights};
use crate::chain::ChainStep;
use crate::error::Error;
use crate::frame::Frame;
use crate::graph::{
    Axis, Convolve, Extreme, Lowering, Neighbors, NodeId, Numbers, Op, Reduce, Tiles, Transform, Window,
};
use crate::image::{Alpha, Image};
use crate::image_fit::Fit;
use crate::lane::MOST_TABLES;
use crate::param::{Field, Kind};
use core::hash::{Hash, Hasher};
use std::collections::HashMap;
use std::hash::DefaultHasher;
use std::sync::Arc;

/// A value of the graph: a picture that is not computed yet.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Val {
    pub(crate) node: NodeId,
    pub(crate) tag: Tag,
}

/// A table of the graph.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Table(pub(crate) usize);

/// The step that an effect lowers itself into.
#[derive(Debug)]
pub struct Step<'l, 'a> {
    pub(super) lowering: &'l mut Lowering<'a>,
    info: &'static Info,
    tag: Tag,
    image: Val,
    source: Val,
    spec: &'l ChainStep,
    known: &'l HashMap<&'l str, Val>,
    identity: bool,
    /// The tables bound for the next operation, and how many there are.
    tables: ([usize; MOST_TABLES], usize),
    result: Option<Val>,
}

impl<'l, 'a> Step<'l, 'a> {
    #[expect(clippy::too_many_arguments, reason = "one constructor of one record")]
    pub(crate) fn new(
        lowering: &'l mut Lowering<'a>,
        info: &'static Info,
        tag: Tag,
        image: Val,
        source: Val,
        spec: &'l ChainStep,
        known: &'l HashMap<&'l str, Val>,
        identity: bool,
    ) -> Self {
        Self { lowering, info, tag, image, source, spec, known, identity, tables: ([0; MOST_TABLES], 0), result: None }
    }

    /// The frame being rendered.
    pub fn frame(&self) -> Frame {
        self.lowering.frame
    }

    /// The frame and the transfer that a value is in.
    pub fn setup(&self, value: Val) -> Setup {
        Setup {
            frame: self.lowering.frame,
            transfer: if self.lowering.building() { value.tag.transfer } else { self.tag.transfer },
        }
    }

    /// The primary input, in the step's domain.
    pub fn image(&self) -> Val {
        self.image
    }

    /// Another input of the step, in its domain and at the size of the frame.
    pub fn input(&mut self, name: &str, fit: Fit) -> Val {
        let Some(target) = self.spec.input_name(name) else {
            let id = self.info.id;
            let message = format!(
                "{id} needs a second picture; name it with \"in\": {{\"{name}\": …}}, where the effect is typed with in.{name}=FILE"
            );
            self.lowering.fail(Error::recipe(format!("steps[{}].in.{name}", self.lowering.step_index()), message));
            return self.image;
        };
        let value = self.lowering.named(target, self.source, self.known, fit);
        self.lowering.convert(value, self.tag)
    }

    /// A picture from the recipe's assets as data, at the size of the frame.
    pub fn asset_data(&mut self, name: &str, fit: Fit) -> Val {
        match self.lowering.assets.image(name) {
            Ok(image) => self.lowering.layer(&image, fit, false),
            Err(cause) => {
                self.misses(name, cause);
                self.image
            }
        }
    }

    /// A picture from the recipe's assets in the step's domain and at a size of its own, for a warp to place. `prepare`
    /// makes it from the asset, when the graph is built.
    pub(crate) fn asset_to_place(
        &mut self,
        name: &str,
        prepare: impl FnOnce(&Image, Tag) -> Result<Image, Error>,
    ) -> Val {
        let tag = self.tag;
        if !self.lowering.building() {
            return Val { node: 0, tag };
        }
        match self.lowering.assets.image(name).and_then(|image| prepare(&image, tag)) {
            Ok(image) => self.lowering.placed(Arc::new(image), tag),
            Err(cause) => {
                self.misses(name, cause);
                self.image
            }
        }
    }

    /// The size of a picture from the recipe's assets; a missing one is told of elsewhere.
    pub(crate) fn asset_size(&self, name: &str) -> [u32; 2] {
        self.lowering.assets.image(name).map_or([1, 1], |image| [image.width(), image.height()])
    }

    /// Notes that an asset cannot be used. One that was never named is told by the step that needs it.
    fn misses(&mut self, name: &str, cause: Error) {
        let field = self.info.fields.iter().find(|field| field.kind == Kind::Asset);
        let error = match field {
            // The effect may be an entry of the step's mask.
            Some(Field { name: field, .. }) if name.is_empty() => Error::recipe(
                format!("steps[{}]", self.lowering.step_index()),
                format!("no file was chosen for '{field}' of {}", self.info.id),
            ),
            _ => cause,
        };
        self.lowering.fail(error);
    }

    /// The color cube of an asset.
    pub fn cube(&mut self, name: &str) -> Option<Arc<crate::cube::Cube>> {
        match self.lowering.assets.cube(name) {
            Ok(cube) => Some(cube),
            Err(cause) => {
                self.misses(name, cause);
                None
            }
        }
    }

    /// Adds a table of `length` entries for the next point operation. `fill` runs again whenever the step changes.
    pub fn table(&mut self, length: usize, fill: impl FnOnce(&mut [f32])) {
        let table = self.lowering.table(length, fill);
        self.bind(Table(table));
    }

    /// What the step adds from here on is stored in 32-bit floats on the GPU, also in its fast mode: for planes that go
    /// into a gain above 4, where the steps of 16-bit floats would show.
    pub fn store_finely(&mut self) {
        self.lowering.fine = true;
    }

    /// Gives the next point operation a table that a reduction fills.
    pub fn bind(&mut self, table: Table) {
        let (tables, count) = &mut self.tables;
        if let Some(slot) = tables.get_mut(*count) {
            *slot = table.0;
            *count += 1;
        } else {
            let message = format!("an operation reads at most {MOST_TABLES} tables");
            self.lowering.fail(Error::recipe(format!("steps[{}]", self.lowering.step_index()), message));
        }
    }

    /// Adds a point operation.
    pub fn point<E: Point<N>, const N: usize>(&mut self, effect: &E, image: Val) -> Val {
        self.add_point(effect, image, None)
    }

    /// Adds a point operation that an identity setting switches off.
    pub fn switched_point<E: Point<N>, const N: usize>(&mut self, effect: &E, image: Val) -> Val {
        self.add_point(effect, image, Some(!self.identity))
    }

    /// Adds a point operation that runs when `on`; otherwise its input is handed on.
    pub fn point_if<E: Point<N>, const N: usize>(&mut self, on: bool, effect: &E, image: Val) -> Val {
        self.add_point(effect, image, Some(on))
    }

    fn add_point<E: Point<N>, const N: usize>(&mut self, effect: &E, image: Val, switch: Option<bool>) -> Val {
        effect.tables(self);
        let (tables, count) = core::mem::replace(&mut self.tables, ([0; MOST_TABLES], 0));
        let setup = self.setup(image);
        let uniforms = effect.prepare(&setup);
        self.decide(&effect.variant(&setup));
        let keeps = self.lowering.fact(u64::from(effect.keeps_opaque())) == 1;
        let tag = self.with_alpha(image.tag, keeps);
        let numbers = Numbers { switch, uniforms: &uniforms, tables: &tables[..count] };
        self.lowering.pixel_node(|| Arc::new(PointOf::new(effect, &setup)), &[image.node], tag, numbers)
    }

    /// Adds an operation on two pictures.
    pub fn composite<E: Composite<N>, const N: usize>(&mut self, effect: &E, a: Val, b: Val) -> Val {
        self.add_composite(effect, a, b, None)
    }

    /// Adds an operation on two pictures that an identity setting switches off.
    pub fn switched_composite<E: Composite<N>, const N: usize>(&mut self, effect: &E, a: Val, b: Val) -> Val {
        self.add_composite(effect, a, b, Some(!self.identity))
    }

    fn add_composite<E: Composite<N>, const N: usize>(
        &mut self,
        effect: &E,
        a: Val,
        b: Val,
        switch: Option<bool>,
    ) -> Val {
        let setup = self.setup(a);
        let uniforms = effect.prepare(&setup);
        self.decide(&effect.variant(&setup));
        let tag = self.with_alpha(a.tag, effect.keeps_opaque());
        let numbers = Numbers { switch, uniforms: &uniforms, tables: &[] };
        let stage = || -> Arc<dyn PixelStage> { Arc::new(CompositeOf::new(effect, &setup)) };
        self.lowering.pixel_node(stage, &[a.node, b.node], tag, numbers)
    }

    /// Adds a stencil.
    pub fn stencil<E: Stencil<N>, const N: usize>(&mut self, effect: &E, image: Val) -> Val {
        let setup = self.setup(image);
        let uniforms = effect.prepare(&setup);
        self.decide(&effect.variant(&setup));
        let op = || {
            let stage = Arc::new(StencilOf::new(effect, &setup));
            let name = StencilStage::name(&*stage);
            (Op::Stencil(stage, effect.edge()), name)
        };
        let numbers = Numbers { switch: Some(!self.identity), uniforms: &uniforms, tables: &[] };
        self.lowering.operation(op, &[image.node], image.tag, numbers)
    }

    /// Adds a warp.
    pub fn warp<E: Warp<N>, const N: usize>(&mut self, effect: &E, image: Val) -> Val {
        let setup = self.setup(image);
        let uniforms = effect.prepare(&setup);
        self.decide(&effect.variant(&setup));
        let sampler = effect.sampler();
        self.decide(&sampler);
        let tag = self.with_alpha(image.tag, sampler.edge != Edge::Transparent);
        let op = || {
            let stage = Arc::new(WarpOf::new(effect, &setup));
            let name = WarpStage::name(&*stage);
            (Op::Warp(stage), name)
        };
        let numbers = Numbers { switch: Some(!self.identity), uniforms: &uniforms, tables: &[] };
        self.lowering.operation(op, &[image.node], tag, numbers)
    }

    /// Adds a separable symmetric convolution with its weights along each axis.
    pub fn convolve(&mut self, image: Val, x: Weights, y: Weights, edge: Edge) -> Val {
        let tag = self.with_alpha(image.tag, edge != Edge::Transparent);
        let is_cut = Weights::may_be_cut(&[x, y], image.tag.transfer, self.lowering.fine);
        let radius = |weights: Weights| if is_cut { weights.cut_radius() } else { weights.radius() };
        let across = self.convolve_axis(image, Axis::X, (x, radius(x)), edge, tag);
        self.convolve_axis(across, Axis::Y, (y, radius(y)), edge, tag)
    }

    fn convolve_axis(
        &mut self,
        image: Val,
        axis: Axis,
        (weights, radius): (Weights, usize),
        edge: Edge,
        tag: Tag,
    ) -> Val {
        // Capacities are powers of two, so that a dragged radius replans a dozen times over its whole range.
        let capacity = self.lowering.at_most(radius.max(4).next_power_of_two() as u64) as usize;
        let table = self.lowering.table(capacity + 1, |table| weights.fill(radius, table));
        let op = || {
            let name = if axis == Axis::X { "convolve_x" } else { "convolve_y" };
            let is_box = matches!(weights, Weights::Box { .. });
            (Op::Convolve(Convolve { axis, edge, is_box, capacity }), name.to_owned())
        };
        let numbers = Numbers { switch: None, uniforms: &[radius as f64, weights.size()], tables: &[table] };
        self.lowering.operation(op, &[image.node], tag, numbers)
    }

    /// Adds an operation on the window of `radius` pixels around each.
    pub(crate) fn window(&mut self, image: Val, window: Window, edge: Edge, uniforms: &[f64]) -> Val {
        let tag = self.with_alpha(image.tag, edge != Edge::Transparent);
        let op = || (Op::Window(window, edge), window.name().to_owned());
        self.lowering.operation(op, &[image.node], tag, Numbers { switch: None, uniforms, tables: &[] })
    }

    /// Adds the mean of neighbors, each weighted by its distance and by how like the pixel's color its own is: `range` is
    /// the standard deviation of that.
    pub(crate) fn bilateral(&mut self, image: Val, neighbors: Neighbors, edge: Edge, range: f64) -> Val {
        let mut count = 0;
        let table = self.lowering.table(Neighbors::MOST * Neighbors::ENTRIES, |table| count = neighbors.fill(table));
        let falloff = -0.5 * core::f64::consts::LOG2_E / (range * range).max(1e-12);
        let numbers = Numbers {
            switch: None,
            uniforms: &[f64::from(neighbors.radius()), count as f64, falloff, neighbors.sigma()],
            tables: &[table],
        };
        let tag = self.with_alpha(image.tag, edge != Edge::Transparent);
        let window = Window::Bilateral;
        self.lowering.operation(|| (Op::Window(window, edge), window.name().to_owned()), &[image.node], tag, numbers)
    }

    /// Adds the luma of a picture taken through the curves of the tiles around each pixel.
    pub(crate) fn curves(&mut self, image: Val, table: Table, uniforms: &[f64; Tiles::UNIFORMS]) -> Val {
        let numbers = Numbers { switch: None, uniforms, tables: &[table.0] };
        self.lowering.operation(|| (Op::Curves, "local_curves".to_owned()), &[image.node], image.tag, numbers)
    }

    /// Adds a smoothing along all lines of the picture; the numbers are σ in pixels and the range of colors.
    pub(crate) fn transform(&mut self, image: Val, transform: Transform, uniforms: [f64; 2]) -> Val {
        let op = || (Op::Transform(transform), "domain_transform".to_owned());
        let numbers = Numbers { switch: None, uniforms: &uniforms, tables: &[] };
        self.lowering.operation(op, &[image.node], image.tag, numbers)
    }

    /// Adds the extreme of a square, one axis after the other.
    pub(crate) fn extreme_of_square(&mut self, image: Val, extreme: Extreme, edge: Edge, radius: f64) -> Val {
        let across = self.window(image, Window::Line(extreme, Axis::X), edge, &[radius]);
        self.window(across, Window::Line(extreme, Axis::Y), edge, &[radius])
    }

    /// Notes what the graph is built on: a variant is part of the plan even where a number decides it. Another value
    /// at the same place makes a new plan.
    pub fn decide(&mut self, decision: &impl Hash) {
        let mut hasher = DefaultHasher::new();
        decision.hash(&mut hasher);
        self.lowering.fact(hasher.finish());
    }

    /// Adds a reduction over a picture and returns the table it fills.
    pub(crate) fn reduce(&mut self, reduce: ReduceRequest, image: Val) -> Table {
        let (reduce, uniforms): (Reduce, &[f64]) = match &reduce {
            ReduceRequest::Histogram(finish) => (Reduce::Histogram(*finish), &[]),
            ReduceRequest::Cells { shape, cells, uniforms } => {
                let capacity = self.lowering.at_most(cells.next_power_of_two() as u64) as usize;
                (Reduce::Cells { shape: *shape, capacity }, uniforms)
            }
            ReduceRequest::Tiles { tiles, uniforms } => {
                let capacity = self.lowering.at_most(tiles.next_power_of_two() as u64) as usize;
                (Reduce::Tiles { capacity }, uniforms)
            }
        };
        if self.lowering.building()
            && !matches!(reduce, Reduce::Cells { .. })
            && let Some(counted) = self.lowering.graph.nodes.get_mut(image.node)
        {
            // What is rounded is counted as another level, and a curve makes much of that.
            counted.fine = true;
        }
        let next = self.lowering.graph.nodes.len();
        let table = self.lowering.reserve_table(reduce.entries(), Some(next));
        let tag = Tag { transfer: None, alpha: Alpha::Opaque };
        let numbers = Numbers { switch: None, uniforms, tables: &[table] };
        self.lowering.operation(|| (Op::Reduce(reduce), reduce.name().to_owned()), &[image.node], tag, numbers);
        Table(table)
    }

    /// The value in another domain.
    pub(crate) fn in_domain(&mut self, value: Val, domain: Domain) -> Val {
        let tag = domain.tag(value.tag);
        self.lowering.convert(value, tag)
    }

    /// The value encoded as another is.
    pub(crate) fn with_tag_of(&mut self, value: Val, other: Val) -> Val {
        self.lowering.convert(value, other.tag)
    }

    /// The value with straight or premultiplied alpha, in the same transfer.
    pub fn with_association(&mut self, value: Val, alpha: Alpha) -> Val {
        let tag = Tag { alpha, ..value.tag };
        self.lowering.convert(value, tag)
    }

    /// Declares the result of the step.
    pub fn finish(&mut self, value: Val) {
        self.result = Some(value);
    }

    pub(crate) fn result(&self) -> Val {
        let value = self.result.unwrap_or(self.image);
        if self.info.family == "mask" && self.info.id != "mask_apply" {
            return Val { tag: Tag { transfer: None, alpha: Alpha::Opaque }, ..value };
        }
        value
    }

    /// The tag of a result whose opaqueness may be lost.
    fn with_alpha(&self, input: Tag, keeps: bool) -> Tag {
        if input.is_opaque() && !keeps { Tag { alpha: self.tag.alpha, ..input } } else { input }
    }
}

/// A reduction, as effects ask for it.
#[derive(Clone, Debug)]
pub(crate) enum ReduceRequest {
    Histogram(crate::graph::Finish),
    Cells { shape: crate::graph::CellShape, cells: usize, uniforms: [f64; crate::effects::stylize::pixelate::LATTICE] },
    Tiles { tiles: usize, uniforms: [f64; Tiles::UNIFORMS] },
}
