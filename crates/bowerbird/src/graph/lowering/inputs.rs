//! What steps read: the source, earlier steps by their names, and second pictures.

use super::{Lowering, Numbers};
use crate::effect::{Tag, Val};
use crate::graph::Op;
use crate::image::{Alpha, Image};
use crate::image_fit::{Fit, fit_layer};
use std::collections::HashMap;
use std::sync::Arc;

impl Lowering<'_> {
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

    pub(super) fn source(&mut self, tag: Tag) -> Val {
        self.opened(0, tag)
    }

    /// A picture from outside; color that no alpha shows is hidden at once.
    fn opened(&mut self, index: usize, tag: Tag) -> Val {
        let name = || if index == 0 { "source".to_owned() } else { format!("layer_{index}") };
        let val = self.operation(|| (Op::Source(index), name()), &[], tag, Numbers::default());
        self.hidden(val)
    }
}
