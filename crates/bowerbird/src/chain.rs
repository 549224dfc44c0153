//! Chains: a list of steps with their masks and assets, as programs build and change it.

use crate::cube::Cube;
use crate::effect::Effect;
use crate::effects::combine::Combine;
use crate::effects::composite::blend::BlendMode;
use crate::error::Error;
use crate::graph::is_mixing;
use crate::image::{Image, Transfer};
use core::hash::{Hash, Hasher};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// One step: an effect and the fields that every step has.
#[derive(Debug)]
pub struct ChainStep {
    pub(crate) effect: Option<Box<dyn Effect>>,
    pub(crate) enabled: bool,
    pub(crate) opacity: f64,
    pub(crate) blend: BlendMode,
    pub(crate) mask: Option<String>,
    pub(crate) space: Option<Transfer>,
    pub(crate) id: Option<String>,
    pub(crate) inputs: BTreeMap<String, String>,
    pub(crate) combine: Combine,
    /// Free text of the recipe's author.
    pub(crate) note: Option<String>,
    /// What was in the recipe and is not understood: a whole step of an unknown effect, or stray fields. It is
    /// written back as it was.
    pub(crate) kept: Map<String, Value>,
    /// Whether the step cannot run as its recipe means it, because something of it or of its mask is not understood.
    pub(crate) blocked: bool,
}

impl Clone for ChainStep {
    fn clone(&self) -> Self {
        Self {
            effect: self.effect.as_ref().map(|effect| effect.boxed()),
            enabled: self.enabled,
            opacity: self.opacity,
            blend: self.blend,
            mask: self.mask.clone(),
            space: self.space,
            id: self.id.clone(),
            inputs: self.inputs.clone(),
            combine: self.combine,
            note: self.note.clone(),
            kept: self.kept.clone(),
            blocked: self.blocked,
        }
    }
}

impl ChainStep {
    /// A step that runs an effect as it is.
    pub fn new(effect: impl Effect + 'static) -> Self {
        Self::boxed(Some(Box::new(effect)))
    }

    pub(crate) fn boxed(effect: Option<Box<dyn Effect>>) -> Self {
        Self {
            effect,
            enabled: true,
            opacity: 1.0,
            blend: BlendMode::Normal,
            mask: None,
            space: None,
            id: None,
            inputs: BTreeMap::new(),
            combine: Combine::Replace,
            note: None,
            kept: Map::new(),
            blocked: false,
        }
    }

    /// The effect, unless it is one that this version does not know.
    pub fn effect(&self) -> Option<&dyn Effect> {
        self.effect.as_deref()
    }

    /// The effect, to be changed.
    pub fn effect_mut(&mut self) -> Option<&mut (dyn Effect + 'static)> {
        self.effect.as_deref_mut()
    }

    /// Whether the step runs: it is enabled, and this version knows its effect and all that the recipe says of it.
    pub fn is_active(&self) -> bool {
        self.enabled && self.effect.is_some() && !self.blocked
    }

    /// Switches the step on or off.
    pub fn set_enabled(&mut self, enabled: bool) {
        self.enabled = enabled;
    }

    /// The weight of the effect, 0..1.
    pub fn opacity(&self) -> f64 {
        self.opacity
    }

    /// Sets the weight of the effect, limited to 0..1.
    pub fn set_opacity(&mut self, opacity: f64) {
        self.opacity = if opacity.is_finite() { opacity.clamp(0.0, 1.0) } else { 1.0 };
    }

    /// How the effect's color is laid over the input's.
    pub fn blend(&self) -> BlendMode {
        self.blend
    }

    /// Sets how the effect's color is laid over the input's.
    pub fn set_blend(&mut self, mode: BlendMode) {
        self.blend = mode;
    }

    /// Whether the step is switched on; it may still be one that cannot run, see [`ChainStep::is_active`].
    pub fn is_enabled(&self) -> bool {
        self.enabled
    }

    /// Sets or removes the mask, by its name in the chain.
    pub fn set_mask(&mut self, name: Option<String>) {
        self.mask = name;
    }

    /// Sets the transfer space, where the effect offers both.
    pub fn set_space(&mut self, space: Option<Transfer>) {
        if self.effect().is_some_and(|effect| effect.info().switchable) {
            self.space = space;
        }
    }

    /// The fields of a step of an unknown effect, and those that are not understood.
    pub fn kept(&self) -> &Map<String, Value> {
        &self.kept
    }

    /// The name of the mask, if any.
    pub fn mask(&self) -> Option<&str> {
        self.mask.as_deref()
    }

    /// The transfer space the recipe asked for.
    pub fn space(&self) -> Option<Transfer> {
        self.space
    }

    /// The step's name.
    pub fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    /// What the named input was bound to.
    pub fn input_name(&self, input: &str) -> Option<&str> {
        self.inputs.get(input).map(String::as_str)
    }

    /// Free text of the recipe's author.
    pub fn note(&self) -> Option<&str> {
        self.note.as_deref()
    }

    pub(crate) fn combine(&self) -> Combine {
        self.combine
    }

    pub(crate) fn is_mixed(&self) -> bool {
        is_mixing(self.opacity, self.blend, self.mask.is_some())
    }

    /// Feeds whatever alters the plan to a hash.
    fn structure(&self, hash: &mut dyn Hasher) {
        hash.write_u8(u8::from(self.is_active()));
        hash.write_u8(self.blend as u8);
        hash.write_u8(self.combine as u8);
        hash.write_u8(self.space.map_or(0, |space| 1 + space as u8));
        for name in [&self.mask, &self.id] {
            hash.write_u8(u8::from(name.is_some()));
            hash_name(name.as_deref().unwrap_or_default(), hash);
        }
        hash.write_usize(self.inputs.len());
        for (input, target) in &self.inputs {
            hash_name(input, hash);
            hash_name(target, hash);
        }
        if let Some(effect) = self.effect() {
            effect.structure(hash);
        }
    }

    /// Feeds every number to a hash.
    pub(crate) fn digest(&self, hash: &mut dyn Hasher) {
        hash.write_u64(self.opacity.to_bits());
        if let Some(effect) = self.effect() {
            effect.digest(hash);
        }
    }
}

/// Feeds a name to a hash, so that no two lists of names feed it the same.
fn hash_name(name: &str, hash: &mut dyn Hasher) {
    hash.write_usize(name.len());
    hash.write(name.as_bytes());
}

impl From<Box<dyn Effect>> for ChainStep {
    fn from(effect: Box<dyn Effect>) -> Self {
        Self::boxed(Some(effect))
    }
}

/// A file that a chain uses, already read.
#[derive(Clone, Debug)]
pub enum Asset {
    /// A picture.
    Image(Arc<Image>),
    /// A color lookup table.
    Cube(Arc<Cube>),
}

impl From<Image> for Asset {
    fn from(image: Image) -> Self {
        Self::Image(Arc::new(image))
    }
}

impl From<Arc<Image>> for Asset {
    fn from(image: Arc<Image>) -> Self {
        Self::Image(image)
    }
}

impl From<Cube> for Asset {
    fn from(cube: Cube) -> Self {
        Self::Cube(Arc::new(cube))
    }
}

/// The assets of a chain by name. Each insertion is a new version, so that a plan never shows an old picture.
#[derive(Clone, Debug, Default)]
pub struct Assets {
    entries: BTreeMap<String, (u64, Asset)>,
}

impl Assets {
    /// Adds or replaces an asset.
    pub fn insert(&mut self, name: impl Into<String>, asset: impl Into<Asset>) {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        self.entries.insert(name.into(), (NEXT.fetch_add(1, Ordering::Relaxed), asset.into()));
    }

    /// Removes an asset; whether there was one.
    pub fn remove(&mut self, name: &str) -> bool {
        self.entries.remove(name).is_some()
    }

    /// Whether there is an asset of that name.
    pub fn contains(&self, name: &str) -> bool {
        self.entries.contains_key(name)
    }

    /// The names.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.entries.keys().map(String::as_str)
    }

    /// The assets in the order of their names, each with its version.
    pub(crate) fn entries(&self) -> impl Iterator<Item = (&str, u64, &Asset)> {
        self.entries.iter().map(|(name, (version, asset))| (name.as_str(), *version, asset))
    }

    /// The asset of that name.
    pub fn find(&self, name: &str) -> Option<&Asset> {
        self.entries.get(name).map(|(_, asset)| asset)
    }

    /// The picture of that name.
    pub fn picture(&self, name: &str) -> Option<Arc<Image>> {
        match self.entries.get(name) {
            Some((_, Asset::Image(image))) => Some(image.clone()),
            _ => None,
        }
    }

    fn get(&self, name: &str) -> Result<&Asset, Error> {
        self.entries.get(name).map(|(_, asset)| asset).ok_or_else(|| {
            let near = crate::param::suggest(name, self.names());
            let hint = near.map_or_else(String::new, |near| format!("; did you mean '{near}'?"));
            Error::asset(name, format!("no step and no asset has that name{hint}"))
        })
    }

    pub(crate) fn image(&self, name: &str) -> Result<Arc<Image>, Error> {
        match self.get(name)? {
            Asset::Image(image) => Ok(image.clone()),
            Asset::Cube(_) => Err(Error::asset(name, "a picture is needed here, and this is a color table")),
        }
    }

    pub(crate) fn cube(&self, name: &str) -> Result<Arc<Cube>, Error> {
        match self.get(name)? {
            Asset::Cube(cube) => Ok(cube.clone()),
            Asset::Image(_) => Err(Error::asset(name, "a .cube table is needed here, and this is a picture")),
        }
    }
}

/// A chain of effects: what the engine renders.
///
/// ```
/// use bowerbird::Chain;
/// let look = Chain::new().exposure(0.35).sepia(0.8).vignette(0.4);
/// assert_eq!(look.steps().len(), 3);
/// ```
#[derive(Clone, Debug, Default)]
pub struct Chain {
    steps: Vec<ChainStep>,
    masks: BTreeMap<String, Vec<ChainStep>>,
    assets: Assets,
}

impl Chain {
    /// An empty chain, which changes nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an effect, one of the catalogue or your own.
    #[must_use]
    pub fn then(mut self, effect: impl Effect + 'static) -> Self {
        self.steps.push(ChainStep::new(effect));
        self
    }

    /// Adds a step.
    pub fn push(&mut self, step: ChainStep) {
        self.steps.push(step);
    }

    /// The steps, in order.
    pub fn steps(&self) -> &[ChainStep] {
        &self.steps
    }

    /// The steps, to be changed.
    pub fn steps_mut(&mut self) -> &mut Vec<ChainStep> {
        &mut self.steps
    }

    /// Changes the last step; on an empty chain nothing happens.
    fn last(mut self, change: impl FnOnce(&mut ChainStep)) -> Self {
        if let Some(step) = self.steps.last_mut() {
            change(step);
        }
        self
    }

    /// Weighs the last step by `opacity`, 0..1.
    #[must_use]
    pub fn with_opacity(self, opacity: f64) -> Self {
        self.last(|step| step.set_opacity(opacity))
    }

    /// Lays the last step's color over its input with a blend mode.
    #[must_use]
    pub fn with_blend(self, mode: BlendMode) -> Self {
        self.last(|step| step.blend = mode)
    }

    /// Weighs the last step by a mask of this chain, pixel by pixel.
    #[must_use]
    pub fn with_mask(self, name: &str) -> Self {
        self.last(|step| step.mask = Some(name.to_owned()))
    }

    /// Runs the last step in linear light or on display values, where its effect offers both.
    #[must_use]
    pub fn with_space(self, space: Transfer) -> Self {
        self.last(|step| {
            step.space = step.effect().is_some_and(|e| e.info().switchable).then_some(space).or(step.space)
        })
    }

    /// Names the last step, so that later ones can read it.
    #[must_use]
    pub fn with_id(self, id: &str) -> Self {
        self.last(|step| step.id = Some(id.to_owned()))
    }

    /// Binds an input of the last step to an earlier step, an asset, or `"source"`.
    #[must_use]
    pub fn with_input(self, input: &str, target: &str) -> Self {
        self.last(|step| {
            step.inputs.insert(input.to_owned(), target.to_owned());
        })
    }

    /// Adds an asset.
    #[must_use]
    pub fn asset(mut self, name: &str, asset: impl Into<Asset>) -> Self {
        self.assets.insert(name, asset);
        self
    }

    /// Adds a mask made of steps; see the `mask` effects of the catalogue.
    #[must_use]
    pub fn with_mask_steps(mut self, name: &str, steps: Vec<ChainStep>) -> Self {
        self.masks.insert(name.to_owned(), steps);
        self
    }

    /// Other steps with the same masks and assets.
    pub(crate) fn with_steps(&self, steps: Vec<ChainStep>) -> Self {
        Self { steps, masks: self.masks.clone(), assets: self.assets.clone() }
    }

    /// The steps of a mask.
    pub fn mask(&self, name: &str) -> Option<&[ChainStep]> {
        self.masks.get(name).map(Vec::as_slice)
    }

    /// The masks by name.
    pub fn masks(&self) -> &BTreeMap<String, Vec<ChainStep>> {
        &self.masks
    }

    /// The masks by name, to be changed.
    pub fn masks_mut(&mut self) -> &mut BTreeMap<String, Vec<ChainStep>> {
        &mut self.masks
    }

    /// The assets.
    pub fn assets(&self) -> &Assets {
        &self.assets
    }

    /// The assets, to be changed.
    pub fn assets_mut(&mut self) -> &mut Assets {
        &mut self.assets
    }

    /// Feeds whatever alters the plan to a hash.
    pub(crate) fn structure(&self, hash: &mut dyn Hasher) {
        hash.write_usize(self.steps.len());
        self.steps.iter().for_each(|step| step.structure(hash));
        for (name, steps) in &self.masks {
            hash_name(name, hash);
            hash.write_usize(steps.len());
            steps.iter().for_each(|step| step.structure(hash));
        }
        for (name, (version, _)) in &self.assets.entries {
            hash_name(name, hash);
            hash.write_u64(*version);
        }
    }
}

impl<E: Effect + 'static> From<E> for Chain {
    fn from(effect: E) -> Self {
        Self::new().then(effect)
    }
}

impl FromIterator<ChainStep> for Chain {
    fn from_iter<I: IntoIterator<Item = ChainStep>>(steps: I) -> Self {
        Self { steps: steps.into_iter().collect(), ..Self::default() }
    }
}

impl Hash for ChainStep {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.structure(state);
        self.digest(state);
    }
}
