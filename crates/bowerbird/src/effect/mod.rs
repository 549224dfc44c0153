//! What an effect is.
//!
//! An author writes a struct of parameters and one of the class traits ([`Point`], [`Composite`], [`Stencil`],
//! [`Warp`], [`Composition`]); the derive and the `effect` attribute make it an [`Effect`], the object that recipes,
//! chains and the planner handle. The one decision here: an effect *lowers* itself into the graph, and the very
//! same code, run again with the graph already there, only refills the uniforms. So a slider costs no planning, and
//! preparation can never disagree with planning.

mod classes;
mod kept;
mod parts;
mod stage;
mod step;
mod weights;

pub use classes::{
    Composite, Composition, Edge, Filter, Point, Sampler, Setup, Stencil, Taps, Warp, lower_composite,
    lower_composition, lower_point, lower_stencil, lower_warp,
};
pub(crate) use parts::{Affine, Conversion, Hide, Mix};
pub(crate) use stage::{CompositeOf, MixStage, PointOf};
pub(crate) use stage::{Converts, Isa, NOTHING, PixelStage, Scratch, Span, StencilStage, TILE, Tile, WarpStage};
pub(crate) use step::ReduceRequest;
pub use step::{Step, Table, Val};
pub use weights::Weights;

use crate::image::{Alpha, Transfer};
use crate::param::{Field, Param, Params};
use crate::reshape::Reshape;
use core::fmt::Debug;
use core::hash::Hasher;

/// The class of an effect: what of its input one output pixel depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Class {
    /// Its own pixel.
    Point,
    /// The same pixel of two pictures.
    Composite,
    /// A pixel at a computed position.
    Warp,
    /// A small fixed neighborhood.
    Stencil,
    /// Anything, by hand-written code.
    Kernel,
    /// A small graph of the others.
    Composition,
    /// A drawing.
    Raster,
}

impl Class {
    /// The name in the catalogue.
    pub fn name(self) -> &'static str {
        match self {
            Self::Point => "point",
            Self::Composite => "composite",
            Self::Warp => "warp",
            Self::Stencil => "stencil",
            Self::Kernel => "kernel",
            Self::Composition => "composition",
            Self::Raster => "raster",
        }
    }
}

/// The space an effect computes in, with the codes of the catalogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Domain {
    /// L: linear light, premultiplied.
    LinearPremultiplied,
    /// LS: linear light, straight.
    LinearStraight,
    /// D: display encoded, straight.
    DisplayStraight,
    /// DP: display encoded, then premultiplied.
    DisplayPremultiplied,
    /// The result does not depend on the transfer.
    Any,
    /// A mask or map: no transfer is ever applied.
    Data,
}

impl Domain {
    /// The code in the catalogue.
    pub fn code(self) -> &'static str {
        match self {
            Self::LinearPremultiplied => "L",
            Self::LinearStraight => "LS",
            Self::DisplayStraight => "D",
            Self::DisplayPremultiplied => "DP",
            Self::Any => "any",
            Self::Data => "data",
        }
    }

    /// The tag of values in this domain, given what the previous step left for `Any`.
    pub(crate) fn tag(self, before: Tag) -> Tag {
        let (transfer, alpha) = match self {
            Self::LinearPremultiplied => (Some(Transfer::Linear), Alpha::Premultiplied),
            Self::LinearStraight => (Some(Transfer::Linear), Alpha::Straight),
            Self::DisplayStraight => (Some(Transfer::Display), Alpha::Straight),
            Self::DisplayPremultiplied => (Some(Transfer::Display), Alpha::Premultiplied),
            Self::Any => (before.transfer, Alpha::Premultiplied),
            Self::Data => (None, Alpha::Premultiplied),
        };
        Tag { transfer, alpha }
    }

    /// The domain with the transfer a recipe asked for; the alpha association stays.
    pub(crate) fn in_space(self, space: Transfer) -> Self {
        match (self, space) {
            (Self::LinearPremultiplied | Self::DisplayPremultiplied, Transfer::Linear) => Self::LinearPremultiplied,
            (Self::LinearPremultiplied | Self::DisplayPremultiplied, Transfer::Display) => Self::DisplayPremultiplied,
            (Self::LinearStraight | Self::DisplayStraight, Transfer::Linear) => Self::LinearStraight,
            (Self::LinearStraight | Self::DisplayStraight, Transfer::Display) => Self::DisplayStraight,
            (other, _) => other,
        }
    }
}

/// How a value of the graph is encoded: its transfer (none for data) and its alpha.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Tag {
    /// `None` for masks and maps.
    pub transfer: Option<Transfer>,
    /// What alpha means.
    pub alpha: Alpha,
}

impl Tag {
    /// Whether straight and premultiplied are the same here.
    pub fn is_opaque(self) -> bool {
        self.alpha == Alpha::Opaque
    }

    /// This tag for values whose alpha is known to be 1.
    #[must_use]
    pub fn opaque(self) -> Self {
        Self { alpha: Alpha::Opaque, ..self }
    }
}

/// Everything that is known of an effect before it has parameters.
#[derive(Debug)]
pub struct Info {
    /// The name in recipes.
    pub id: &'static str,
    /// The name on the screen.
    pub label: &'static str,
    /// The folder of the catalogue.
    pub family: &'static str,
    /// What it does, in a sentence.
    pub doc: &'static str,
    /// The space it computes in.
    pub domain: Domain,
    /// Whether a recipe may choose the transfer (`space`).
    pub switchable: bool,
    /// Whether it works on fixed neighbors of the grid it runs on, so that previews differ.
    pub pixel_scale: bool,
    /// Whether it changes the size of the frame.
    pub changes_size: bool,
    /// The names of its inputs besides the primary one.
    pub inputs: &'static [&'static str],
    /// The class in the catalogue, where it is not that of the trait.
    pub class: &'static str,
    /// The version of its definition.
    pub version: u32,
    /// Its parameters.
    pub fields: &'static [Field],
}

/// The part of [`Effect`] that the `effect` attribute writes.
pub trait Lower {
    /// The class.
    const CLASS: Class;
    /// Adds the effect to the graph, or refills its uniforms.
    fn lower(&self, step: &mut Step<'_, '_>);
    /// Whether these parameters change nothing, for any picture.
    fn is_identity(&self) -> bool;
    /// What it does to the grid of pixels of a picture of this size, where it changes that.
    ///
    /// # Errors
    /// Parameters that mean nothing for this size.
    fn reshape(&self, _size: [u32; 2]) -> Result<Option<Reshape>, String> {
        Ok(None)
    }
}

/// An effect with its parameters, as chains and the planner see it.
pub trait Effect: Debug + Send + Sync {
    /// Its description.
    fn info(&self) -> &'static Info;
    /// Its class.
    fn class(&self) -> Class;
    /// Parameter number `index`.
    fn field(&self, index: usize) -> Option<&dyn Param>;
    /// Parameter number `index`, to be changed.
    fn field_mut(&mut self, index: usize) -> Option<&mut dyn Param>;
    /// Adds the effect to the graph, or refills its uniforms.
    fn lower(&self, step: &mut Step<'_, '_>);
    /// Whether these parameters change nothing, for any picture.
    fn is_identity(&self) -> bool;
    /// What it does to the grid of pixels of a picture of this size, where it changes that.
    ///
    /// # Errors
    /// Parameters that mean nothing for this size.
    fn reshape(&self, size: [u32; 2]) -> Result<Option<Reshape>, String>;
    /// A copy.
    fn boxed(&self) -> Box<dyn Effect>;
    /// An effect of the same kind with default parameters.
    fn fresh(&self) -> Box<dyn Effect>;
}

impl<T: Params + Lower> Effect for T {
    fn info(&self) -> &'static Info {
        T::INFO
    }
    fn class(&self) -> Class {
        T::CLASS
    }
    fn field(&self, index: usize) -> Option<&dyn Param> {
        Params::field(self, index)
    }
    fn field_mut(&mut self, index: usize) -> Option<&mut dyn Param> {
        Params::field_mut(self, index)
    }
    fn lower(&self, step: &mut Step<'_, '_>) {
        Lower::lower(self, step);
    }
    fn is_identity(&self) -> bool {
        Lower::is_identity(self)
    }
    fn reshape(&self, size: [u32; 2]) -> Result<Option<Reshape>, String> {
        Lower::reshape(self, size)
    }
    fn boxed(&self) -> Box<dyn Effect> {
        Box::new(self.clone())
    }
    fn fresh(&self) -> Box<dyn Effect> {
        Box::new(T::default())
    }
}

impl dyn Effect + '_ {
    /// The class in the catalogue.
    pub fn class_name(&self) -> &'static str {
        match self.info().class {
            "" => self.class().name(),
            class => class,
        }
    }

    /// The parameters with their descriptions.
    pub fn fields(&self) -> impl Iterator<Item = (&'static Field, &dyn Param)> {
        self.info().fields.iter().enumerate().filter_map(|(index, field)| Some((field, self.field(index)?)))
    }

    /// The parameter of a name, with its description, to be changed.
    pub fn named_mut(&mut self, name: &str) -> Option<(&'static Field, &mut dyn Param)> {
        let index = self.info().fields.iter().position(|field| field.name == name)?;
        let field = &self.info().fields[index];
        Some((field, self.field_mut(index)?))
    }

    /// Feeds whatever alters the plan to a hash.
    pub(crate) fn structure(&self, hash: &mut dyn Hasher) {
        hash.write(self.info().id.as_bytes());
        self.fields().for_each(|(_, param)| param.structure(hash));
    }

    /// Feeds every value to a hash.
    pub(crate) fn digest(&self, hash: &mut dyn Hasher) {
        self.fields().for_each(|(_, param)| param.digest(hash));
    }
}
