//! Chains that change the size of the picture: cut into segments of one size, with a reshaping between two of them.
//!
//! Each segment is a chain with a plan of its own, kept like any other. Between segments the picture is in floats and
//! linear light, so nothing is rounded; where nothing was done to it yet, it is the picture as it came. A later segment
//! that reads `source` reads the picture before the first step, fitted to the new frame.

use super::{Engine, Output};
use crate::chain::{Chain, ChainStep};
use crate::effect::{Domain, Tag};
use crate::error::Error;
use crate::frame::Frame;
use crate::image::{Alpha, Image, Spare, Transfer};
use crate::plan::{Explanation, PassExplanation};
use crate::reshape::{BETWEEN, Reshape};
use crate::resize::Encoding;
use std::borrow::Cow;

/// The name under which a later segment finds the picture before the first step; no recipe can say it.
const SOURCE: &str = "\0source";

/// What a picture is between two segments, unless it is a mask.
const WAITING: Output = Output { depth: Some(BETWEEN), transfer: Transfer::Linear, alpha: Alpha::Premultiplied };

impl Chain {
    /// Whether a step moves pixels to another grid, so that the chain is rendered in segments.
    pub(crate) fn reshapes(&self) -> bool {
        self.steps().iter().any(reshapes)
    }

    /// The size of the result for a picture of a size.
    ///
    /// # Errors
    /// A step whose parameters mean nothing for the size that reaches it.
    pub fn output_size(&self, (width, height): (u32, u32)) -> Result<(u32, u32), Error> {
        self.output_frame(&Frame::still(width, height)).map(|frame| (frame.width, frame.height))
    }

    /// The frame of the result for a frame, which may be a reduced one.
    ///
    /// # Errors
    /// As [`Chain::output_size`].
    pub fn output_frame(&self, frame: &Frame) -> Result<Frame, Error> {
        let mut frame = *frame;
        for (index, step) in self.steps().iter().enumerate() {
            if let Some(reshape) = reshape(index, step, [frame.full_width, frame.full_height])? {
                frame = reshaped(&frame, reshape);
            }
        }
        Ok(frame)
    }
}

/// The frame behind a reshaping.
pub(super) fn reshaped(frame: &Frame, reshape: Reshape) -> Frame {
    let [full_width, full_height] = reshape.size([frame.full_width, frame.full_height]);
    Frame { full_width, full_height, ..*frame }.scaled(frame.ratio.0, frame.ratio.1)
}

/// Whether an active step is a reshaping; its parameters decide only to which.
fn reshapes(step: &ChainStep) -> bool {
    step.is_active() && step.effect().is_some_and(|effect| effect.reshape([1, 1]).map_or(true, |found| found.is_some()))
}

/// What a step does to the grid of pixels of a picture of a size.
pub(super) fn reshape(index: usize, step: &ChainStep, size: [u32; 2]) -> Result<Option<Reshape>, Error> {
    let Some(effect) = step.effect().filter(|_| step.is_active()) else { return Ok(None) };
    effect.reshape(size).map_err(|message| Error::recipe(format!("steps[{index}]"), message))
}

/// A part of a chain, and the reshaping behind it, with its space.
pub(super) struct Segment {
    pub(super) chain: Chain,
    pub(super) then: Option<(usize, Transfer)>,
    /// The result is a mask, which is never converted; what the next step that has a space takes it for, if there is one.
    mask: Option<Option<Transfer>>,
}

impl Segment {
    /// Whether there is nothing to render.
    pub(super) fn is_empty(&self) -> bool {
        !self.chain.steps().iter().any(ChainStep::is_active)
    }

    /// What the picture is until the reshaping in `space` is done, and the space of that: of a mask, one that nobody
    /// converts it from.
    pub(super) fn waiting(&self, space: Transfer, output: &Output) -> (Output, Transfer) {
        match self.mask {
            None => (WAITING, space),
            Some(taken_for) => {
                let transfer = taken_for.unwrap_or(output.transfer);
                (Output { transfer, ..WAITING }, transfer)
            }
        }
    }

    /// Whether a step reads the picture before the first.
    #[cfg(feature = "gpu")]
    pub(super) fn reads_source(&self) -> bool {
        self.chain.assets().contains(SOURCE)
    }
}

impl Engine {
    /// Renders a chain that changes the size of the picture. The result may lie in the memory of `spare`.
    pub(super) fn render_segments(
        &self,
        chain: &Chain,
        image: &Image,
        frame: &Frame,
        output: &Output,
        spare: &mut Spare,
    ) -> Result<Image, Error> {
        let depth = output.depth.unwrap_or_else(|| image.depth());
        let mut current = Cow::Borrowed(image);
        let mut frame = *frame;
        let segments = segments(chain, image)?;
        // How the last reshaping leaves the picture, where nothing follows it.
        let ends = segments.last().is_some_and(Segment::is_empty);
        let last = ends.then_some(Encoding { depth, transfer: output.transfer, alpha: output.alpha });
        let (count, mut encoded) = (segments.len(), false);
        for (at, segment) in segments.into_iter().enumerate() {
            let Some((index, space)) = segment.then else {
                // Colors under no alpha are hidden by a rendering, an empty one too.
                let as_it_is = ends
                    && current.depth() == depth
                    && current.transfer() == output.transfer
                    && (current.is_opaque() || encoded);
                if as_it_is {
                    return Ok(current.into_owned());
                }
                let output = Output { depth: Some(depth), ..*output };
                return self.render_frame_in(&segment.chain, &current, &frame, &output, spare);
            };
            let (waiting, space) = segment.waiting(space, output);
            if !segment.is_empty() {
                current = Cow::Owned(self.render_frame(&segment.chain, &current, &frame, &waiting)?);
            }
            let full = [frame.full_width, frame.full_height];
            let Some(reshape) = reshape(index, &chain.steps()[index], full)? else { continue };
            let next = reshaped(&frame, reshape);
            let reshape = reshape.at_scale(&frame, &next);
            let last = last.as_ref().filter(|_| at + 2 == count);
            encoded = last.is_some() && reshape.resamples([current.width(), current.height()]);
            let mut nothing = Spare::default();
            let spare = if last.is_some() { &mut *spare } else { &mut nothing };
            current = Cow::Owned(self.machine.install(|| reshape.apply(&current, space, last, spare))?);
            frame = next;
        }
        Ok(current.into_owned())
    }

    /// Explains a chain that changes the size: the passes of all segments, and the reshapings between them.
    pub(super) fn explain_segments(&self, chain: &Chain, size: (u32, u32)) -> Result<Explanation, Error> {
        let nothing = Image::from_rgba8(1, 1, vec![0, 0, 0, 255])?;
        let mut all: Option<Explanation> = None;
        let mut now = [size.0.max(1), size.1.max(1)];
        for segment in segments(chain, &nothing)? {
            let last = segment.then.is_none();
            if !segment.is_empty() || (last && all.is_none()) {
                let one = self.explain(&segment.chain, (now[0], now[1]))?;
                match &mut all {
                    None => all = Some(one),
                    Some(all) => {
                        all.passes.extend(one.passes);
                        all.slots.extend(one.slots);
                        all.bytes_total += one.bytes_total;
                        all.notes.extend(one.notes);
                    }
                }
            }
            let Some((index, _)) = segment.then else { continue };
            let step = &chain.steps()[index];
            let Some(reshape) = reshape(index, step, now)? else { continue };
            let to = reshape.size(now);
            let bytes = |[w, h]: [u32; 2]| 16 * u64::from(w) * u64::from(h);
            let pass = PassExplanation {
                kind: "reshape",
                effects: step.effect().map(|effect| effect.info().id.to_owned()).into_iter().collect(),
                reads: vec!["picture".into()],
                writes: "picture".into(),
                rect: [0, 0, to[0], to[1]],
                bytes_read: bytes(now),
                bytes_written: bytes(to),
                why_cut: "the size of the picture changes".into(),
                parts: Vec::new(),
                ms: None,
            };
            let empty = || Explanation {
                backend: self.backend_name(),
                size: to,
                passes: Vec::new(),
                slots: Vec::new(),
                bytes_total: 0,
                steps: Vec::new(),
                bytes_read_back: None,
                notes: Vec::new(),
            };
            let all = all.get_or_insert_with(empty);
            all.bytes_total += pass.bytes_read + pass.bytes_written;
            all.passes.push(pass);
            all.size = to;
            now = to;
        }
        all.ok_or_else(|| Error::Invalid("the chain has no steps".into()))
    }
}

/// A chain cut behind each step that moves pixels to another grid.
pub(super) fn segments(chain: &Chain, source: &Image) -> Result<Vec<Segment>, Error> {
    let mut found = Vec::new();
    let mut rest = chain.with_steps(Vec::new());
    let mut gone: Vec<&str> = Vec::new();
    let mut names: Vec<&str> = Vec::new();
    // The step that left what this segment begins with.
    let mut reshaped = None;
    let mut is_mask = false;
    for (index, step) in chain.steps().iter().enumerate() {
        if reshapes(step) {
            let space = step.space().unwrap_or(Transfer::Linear);
            let mask = is_mask.then(|| chain.steps()[index + 1..].iter().find_map(transfer_of));
            found.push(Segment { chain: rest, then: Some((index, space)), mask });
            rest = chain.with_steps(Vec::new());
            gone.append(&mut names);
            gone.extend(core::mem::replace(&mut reshaped, step.id()));
            continue;
        }
        is_mask = match step.effect().filter(|_| step.is_active()).map(|effect| effect.info()) {
            Some(info) if info.domain == Domain::Data || info.family == "mask" => true,
            Some(info) => is_mask && info.domain == Domain::Any,
            None => is_mask,
        };
        let mut step = step.clone();
        for (input, target) in &mut step.inputs {
            if found.is_empty() {
                break;
            }
            if target == "source" {
                SOURCE.clone_into(target);
                // A new asset is a new plan, so it is there only where something reads it.
                if !rest.assets().contains(SOURCE) {
                    rest.assets_mut().insert(SOURCE, source.clone());
                }
            } else if reshaped == Some(target.as_str()) {
                "source".clone_into(target);
            } else if gone.contains(&target.as_str()) {
                let message = format!("'{target}' is from before a change of size; read it in a step before that");
                return Err(Error::recipe(format!("steps[{index}].in.{input}"), message));
            }
        }
        rest.push(step);
        names.extend(chain.steps()[index].id());
    }
    found.push(Segment { chain: rest, then: None, mask: None });
    Ok(found)
}

/// The transfer of the space that an active step works in, if it has one and keeps the grid.
fn transfer_of(step: &ChainStep) -> Option<Transfer> {
    let effect = step.effect().filter(|_| step.is_active() && !reshapes(step))?;
    let domain = effect.info().domain;
    let domain = step.space().map_or(domain, |space| domain.in_space(space));
    (domain != Domain::Any).then(|| domain.tag(Tag { transfer: None, alpha: Alpha::Opaque }).transfer)?
}
