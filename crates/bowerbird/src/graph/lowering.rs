//! Turning a chain into a graph, and a changed chain into new numbers for the same graph.

use super::{Graph, Moment, Node, NodeId, Op, TableId, TableSlot, Values};
use crate::chain::{Assets, Chain, ChainStep};
use crate::effect::{
    Class, CompositeOf, Conversion, Converts, Hide, Mix, MixStage, PixelStage, PointOf, Setup, Step, Tag, Val,
};
use crate::effects::combine::Combine;
use crate::effects::composite::blend::BlendMode;
use crate::error::Error;
use crate::frame::Frame;
use crate::image::{Alpha, Image, Transfer};
use crate::image_fit::{Fit, fit_layer};
use core::hash::{Hash, Hasher};
use std::collections::HashMap;
use std::hash::DefaultHasher;
use std::sync::Arc;

/// What a graph is made for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Request {
    pub(crate) frame: Frame,
    pub(crate) source: Tag,
    pub(crate) output: Tag,
    /// Whether steps at their identity setting are left out, as one-shot commands want; a live plan keeps them, so
    /// that a slider dragged through zero replans nothing.
    pub(crate) drop_identity: bool,
    /// When the frame is, beside the one before.
    pub(crate) moment: Moment,
    /// Whether every operation runs as its effect states it: without algebra.
    pub(crate) literal: bool,
}

/// Where the cursors stood when a step began, so that an unchanged step is skipped.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Cursor {
    uniform: usize,
    table: usize,
    fact: usize,
}

/// What is remembered of a lowered chain, to refill it.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    facts: Vec<u64>,
    steps: Vec<(u64, Cursor)>,
    end: Cursor,
}

/// The numbers of an operation: its switch, its uniforms and its tables.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Numbers<'n> {
    /// Whether the operation is on; `None` for one that cannot be switched off.
    pub(crate) switch: Option<bool>,
    pub(crate) uniforms: &'n [f64],
    pub(crate) tables: &'n [TableId],
}

/// A lowering under way.
#[derive(Debug)]
pub(crate) struct Lowering<'a> {
    pub(crate) frame: Frame,
    pub(crate) moment: Moment,
    pub(crate) graph: &'a mut Graph,
    pub(crate) values: &'a mut Values,
    pub(crate) assets: &'a Assets,
    building: bool,
    memory: &'a mut Memory,
    cursor: Cursor,
    stale: bool,
    error: Option<Error>,
    step: usize,
    /// Whether operations added now keep 32-bit floats; see [`Step::store_finely`].
    pub(crate) fine: bool,
    converted: HashMap<(NodeId, Tag), Val>,
    origin: HashMap<NodeId, Val>,
}

impl<'a> Lowering<'a> {
    /// Builds the graph of a chain.
    ///
    /// # Errors
    /// A missing asset, an unknown name of a step, an input that is not there.
    pub(crate) fn build(chain: &'a Chain, request: &Request) -> Result<(Graph, Values, Memory), Error> {
        let (mut graph, mut values, mut memory) = (Graph::default(), Values::default(), Memory::default());
        let mut lowering = Lowering::new(chain, request, &mut graph, &mut values, &mut memory, true);
        let output = lowering.chain(chain, request);
        let (error, end) = (lowering.error.take(), lowering.cursor);
        if let Some(error) = error {
            return Err(error);
        }
        graph.output = output.node;
        memory.end = end;
        if !request.literal {
            graph.multiply_matrices(&mut values);
        }
        graph.decide_stored();
        Ok((graph, values, memory))
    }

    /// Refills the numbers of a graph from a chain of the same structure. `false`: the graph does not fit any more.
    pub(crate) fn refill(
        chain: &'a Chain,
        request: &Request,
        graph: &'a mut Graph,
        values: &'a mut Values,
        memory: &'a mut Memory,
    ) -> bool {
        let mut lowering = Lowering::new(chain, request, graph, values, memory, false);
        lowering.chain(chain, request);
        let fits = !lowering.stale && lowering.error.is_none();
        graph.refresh_products(values);
        fits
    }

    fn new(
        chain: &'a Chain,
        request: &Request,
        graph: &'a mut Graph,
        values: &'a mut Values,
        memory: &'a mut Memory,
        building: bool,
    ) -> Self {
        Self {
            frame: request.frame,
            moment: request.moment,
            graph,
            values,
            assets: chain.assets(),
            building,
            memory,
            cursor: Cursor::default(),
            stale: false,
            error: None,
            step: 0,
            fine: false,
            converted: HashMap::new(),
            origin: HashMap::new(),
        }
    }

    /// Whether nodes are being made; otherwise only numbers are refilled.
    pub(crate) fn building(&self) -> bool {
        self.building
    }

    /// Notes the first error; lowering goes on with what it has.
    pub(crate) fn fail(&mut self, error: Error) {
        self.error.get_or_insert(error);
    }

    /// A fact that the graph was built on; another value of it makes the graph stale.
    pub(crate) fn fact(&mut self, value: u64) -> u64 {
        self.fact_that(value, |built, now| built == now)
    }

    /// A capacity that the graph was built with; only more than that makes it stale. Returns what was built.
    pub(crate) fn at_most(&mut self, value: u64) -> u64 {
        self.fact_that(value, |built, now| now <= built)
    }

    fn fact_that(&mut self, value: u64, fits: impl Fn(u64, u64) -> bool) -> u64 {
        let index = self.cursor.fact;
        self.cursor.fact += 1;
        if self.building {
            self.memory.facts.push(value);
            return value;
        }
        match self.memory.facts.get(index) {
            Some(built) if fits(*built, value) => *built,
            _ => {
                self.stale = true;
                value
            }
        }
    }

    fn chain(&mut self, chain: &Chain, request: &Request) -> Val {
        let source = self.source(request.source);
        let mut current = source;
        let mut known: HashMap<&str, Val> = HashMap::new();
        for (index, step) in chain.steps().iter().enumerate() {
            self.step = index;
            self.fine = false;
            if self.skip(chain, index, step) {
                continue;
            }
            let primary = match step.input_name("image") {
                None => current,
                Some(name) => self.named(name, source, &known, Fit::Cover),
            };
            let result =
                if step.is_active() { self.step(chain, step, primary, source, &known, request) } else { primary };
            current = result;
            if let Some(id) = step.id()
                && self.building
            {
                known.insert(id, result);
            }
        }
        self.step = usize::MAX;
        self.convert(current, request.output)
    }

    /// Skips a step whose numbers are those already in the graph.
    fn skip(&mut self, chain: &Chain, index: usize, step: &ChainStep) -> bool {
        let mut hasher = DefaultHasher::new();
        step.digest(&mut hasher);
        // A mask is lowered with the step that it belongs to.
        let mask = step.mask().and_then(|name| chain.mask(name)).unwrap_or_default();
        mask.iter().for_each(|entry| entry.digest(&mut hasher));
        self.frame.hash(&mut hasher);
        // The same frame once more is no time after itself.
        hasher.write_u64(self.moment.elapsed.to_bits());
        hasher.write_u8(u8::from(self.moment.first));
        let digest = hasher.finish();
        if self.building {
            self.memory.steps.push((digest, self.cursor));
            return false;
        }
        let Some(remembered) = self.memory.steps.get_mut(index) else {
            self.stale = true;
            return true;
        };
        if remembered.0 == digest {
            let next = self.memory.steps.get(index + 1).map_or(self.memory.end, |s| s.1);
            self.cursor = next;
            return true;
        }
        remembered.0 = digest;
        false
    }

    fn step(
        &mut self,
        chain: &Chain,
        spec: &ChainStep,
        primary: Val,
        source: Val,
        known: &HashMap<&str, Val>,
        request: &Request,
    ) -> Val {
        let Some(effect) = spec.effect() else { return primary };
        // What changes nothing by itself still multiplies or screens the picture with itself.
        let identity = request.drop_identity
            && effect.is_identity()
            && !effect.info().changes_size
            && spec.blend() == BlendMode::Normal;
        if self.fact(u64::from(identity)) == 1 {
            return primary;
        }
        let mixing = self.at_most(u64::from(spec.is_mixed())) == 1;
        let domain = spec.space().map_or(effect.info().domain, |space| effect.info().domain.in_space(space));
        let mut tag = domain.tag(primary.tag);
        if domain == crate::effect::Domain::Any && (mixing || !primary.tag.is_opaque()) {
            tag.transfer = Some(Transfer::Display);
        }
        let mut image = self.convert(primary, tag);
        if !matches!(effect.class(), Class::Point | Class::Composite | Class::Raster) {
            image = self.hidden(image);
        }
        let mut step = Step::new(self, effect.info(), tag, image, source, spec, known, effect.is_identity());
        effect.lower(&mut step);
        let result = step.result();
        if !mixing {
            return result;
        }
        let output = self.convert(result, tag);
        // A mask as a step is an opaque plane, and the picture that it is mixed with need not be opaque.
        let is_plane = tag.transfer.is_none() && primary.tag.transfer.is_some() && !primary.tag.is_opaque();
        let (image, tag) = if is_plane {
            let tag = Tag { alpha: Alpha::Premultiplied, ..primary.tag };
            let picture = self.convert(primary, tag);
            let tag = Tag { transfer: None, ..tag };
            (Val { tag, ..picture }, tag)
        } else {
            (image, tag)
        };
        let mask = spec.mask().map(|name| self.mask(chain, name, primary, source, known));
        let opaque = image.tag.is_opaque() && output.tag.is_opaque();
        let premultiplied = opaque || tag.alpha == Alpha::Premultiplied;
        let mix = Mix { mode: spec.blend(), masked: mask.is_some(), premultiplied };
        let mut inputs = [image.node, output.node, 0];
        let count = if let Some(mask) = mask {
            inputs[2] = mask.node;
            3
        } else {
            2
        };
        let tag = if opaque { tag.opaque() } else { tag };
        let numbers = Numbers { uniforms: &[spec.opacity()], ..Numbers::default() };
        let mixed = self.pixel_node(|| Arc::new(MixStage::new(mix)), &inputs[..count], tag, numbers);
        if is_plane {
            // What comes next takes data as it is.
            return self.convert(mixed, Tag { alpha: Alpha::Straight, ..tag });
        }
        mixed
    }

    /// Evaluates a mask of the recipe on a picture: its entries in order, each folded into those before.
    fn mask(&mut self, chain: &Chain, name: &str, primary: Val, source: Val, known: &HashMap<&str, Val>) -> Val {
        let Some(entries) = chain.mask(name) else {
            self.fail(Error::recipe(format!("masks.{name}"), "there is no mask of that name in the recipe".into()));
            return primary;
        };
        let data = Tag { transfer: None, alpha: Alpha::Opaque };
        let mut plane: Option<Val> = None;
        for entry in entries.iter().filter(|entry| entry.is_active()) {
            let Some(effect) = entry.effect() else { continue };
            let info = effect.info();
            // A mask looks at the step's input unless the entry names another picture.
            let seen = match entry.input_name("image") {
                Some(name) => self.named(name, source, known, Fit::Cover),
                None => primary,
            };
            let value = if info.family == "mask" {
                let tag = info.domain.tag(seen.tag);
                let image = self.convert(seen, tag);
                let mut step = Step::new(self, info, tag, image, source, entry, known, false);
                effect.lower(&mut step);
                step.result()
            } else {
                // Other effects see the plane as it is: data, never converted.
                let image = Val { tag: data, ..plane.unwrap_or(primary) };
                let mut step = Step::new(self, info, data, image, source, entry, known, effect.is_identity());
                effect.lower(&mut step);
                Val { tag: data, ..step.result() }
            };
            plane = Some(match plane {
                Some(before) if entry.combine() != Combine::Replace => {
                    let setup = self.setup(data);
                    let stage = || -> Arc<dyn PixelStage> { Arc::new(CompositeOf::new(&entry.combine(), &setup)) };
                    self.pixel_node(stage, &[before.node, value.node], data, Numbers::default())
                }
                _ => value,
            });
        }
        plane.unwrap_or_else(|| {
            self.fail(Error::recipe(format!("masks.{name}"), "the mask has no entries that can run".into()));
            primary
        })
    }

    /// The value that an `in` entry names: the source, an earlier step, or an asset.
    pub(crate) fn named(&mut self, name: &str, source: Val, known: &HashMap<&str, Val>, fit: Fit) -> Val {
        // The previous frame's result, after a reset and so for every still, is the source.
        if name == "source" || name.starts_with("prev:") {
            return source;
        }
        if let Some(value) = known.get(name) {
            return *value;
        }
        if !self.building {
            return source;
        }
        match self.assets.image(name) {
            Ok(image) => self.layer(&image, fit, true),
            Err(cause) => {
                self.fail(cause);
                source
            }
        }
    }

    /// A second picture, brought to the size of the frame; `false` keeps its values as data.
    pub(crate) fn layer(&mut self, image: &Arc<Image>, fit: Fit, is_color: bool) -> Val {
        if !self.building {
            return Val { node: 0, tag: Tag { transfer: None, alpha: Alpha::Opaque } };
        }
        let image = fit_layer(image, self.frame.width, self.frame.height, self.frame.scale(), fit, is_color);
        let tag = Tag { transfer: is_color.then(|| image.transfer()), alpha: image.alpha() };
        self.graph.layers.push(image);
        let index = self.graph.layers.len();
        self.opened(index, tag)
    }

    /// A second picture of a size of its own, which only a warp may read.
    pub(crate) fn placed(&mut self, image: Arc<Image>, tag: Tag) -> Val {
        self.graph.layers.push(image);
        let index = self.graph.layers.len();
        self.opened(index, tag)
    }

    fn source(&mut self, tag: Tag) -> Val {
        self.opened(0, tag)
    }

    /// A picture from outside; color that no alpha shows is hidden at once.
    fn opened(&mut self, index: usize, tag: Tag) -> Val {
        let name = || if index == 0 { "source".to_owned() } else { format!("layer_{index}") };
        let val = self.operation(|| (Op::Source(index), name()), &[], tag, Numbers::default());
        self.hidden(val)
    }

    /// The same without the colors that no alpha shows, which a step before may have brightened: what reads neighbors
    /// reads none of them.
    fn hidden(&mut self, val: Val) -> Val {
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

    fn setup(&self, tag: Tag) -> Setup {
        Setup { frame: self.frame, transfer: tag.transfer }
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

    /// Adds a pixel-wise operation, or refills its uniforms.
    pub(crate) fn pixel_node(
        &mut self,
        stage: impl FnOnce() -> Arc<dyn PixelStage>,
        inputs: &[NodeId],
        tag: Tag,
        numbers: Numbers<'_>,
    ) -> Val {
        let op = || {
            let stage = stage();
            let name = stage.name();
            (Op::Pixel(stage), name)
        };
        self.operation(op, inputs, tag, numbers)
    }

    /// Adds an operation with its uniforms, or refills them. `op`, the operation and its name, is only made when the
    /// graph is being built, so refilling allocates nothing.
    pub(crate) fn operation(
        &mut self,
        op: impl FnOnce() -> (Op, String),
        inputs: &[NodeId],
        tag: Tag,
        numbers: Numbers<'_>,
    ) -> Val {
        let switch = numbers.switch.map(|active| self.push_uniform(if active { 1.0 } else { 0.0 }));
        let start = self.cursor.uniform;
        for value in numbers.uniforms {
            self.push_uniform(*value as f32);
        }
        if !self.building {
            return Val { node: 0, tag };
        }
        let (op, name) = op();
        let uniforms = (start, numbers.uniforms.len());
        let (inputs, tables) = (inputs.to_vec(), numbers.tables.to_vec());
        let steps = if self.step == usize::MAX { Vec::new() } else { vec![self.step] };
        let colors = self.graph.colors_of(&op, &inputs, switch.is_some());
        let fine = self.fine;
        self.graph.nodes.push(Node { op, inputs, tag, colors, name, steps, uniforms, switch, tables, fine });
        Val { node: self.graph.nodes.len() - 1, tag }
    }

    fn push_uniform(&mut self, value: f32) -> usize {
        let index = self.cursor.uniform;
        self.cursor.uniform += 1;
        if self.building {
            self.values.uniforms.push(value);
        } else if let Some(slot) = self.values.uniforms.get_mut(index) {
            *slot = value;
        } else {
            self.stale = true;
        }
        index
    }

    /// Adds a table and fills it, or refills it.
    pub(crate) fn table(&mut self, length: usize, fill: impl FnOnce(&mut [f32])) -> TableId {
        let index = self.reserve_table(length, None);
        if let Some(table) = self.values.tables.get_mut(index) {
            if table.len() == length {
                fill(table);
                self.values.table_versions[index] += 1;
            } else {
                self.stale = true;
            }
        }
        index
    }

    /// Adds a table that a reduction fills.
    pub(crate) fn reserve_table(&mut self, length: usize, filled_by: Option<NodeId>) -> TableId {
        let index = self.cursor.table;
        self.cursor.table += 1;
        if self.building {
            self.graph.tables.push(TableSlot { length, filled_by });
            self.values.tables.push(vec![0.0; length]);
            self.values.table_versions.push(0);
        } else if index >= self.values.tables.len() {
            self.stale = true;
        }
        index
    }

    /// The number of the step being lowered, for messages.
    pub(crate) fn step_index(&self) -> usize {
        self.step
    }
}

impl Hash for Request {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.frame.hash_size(state);
        self.source.hash(state);
        self.output.hash(state);
        self.drop_identity.hash(state);
        self.literal.hash(state);
    }
}

/// Whether a blend mode needs the input as well as the output.
pub(crate) fn is_mixing(opacity: f64, blend: BlendMode, mask: bool) -> bool {
    opacity != 1.0 || blend != BlendMode::Normal || mask
}
