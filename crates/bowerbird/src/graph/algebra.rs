//! Algebra on the graph: neighboring operations that are matrices become one.
//!
//! Exposure, brightness, contrast, saturation, a channel mixer, sepia … are affine maps of the three colors, which
//! their recordings tell. Every such operation is run as a matrix, also alone, and a chain of them as the product of
//! their matrices. Since a lone matrix and a product go through the same arithmetic, and an operation that is
//! switched off contributes exactly the identity, a plan that keeps identity settings and one that drops them give the
//! same bits. Measured on the eight adjustments of `benches/look8.json`: five stages fewer.

use super::{Colors, Graph, NodeId, Op, Values};
use crate::effect::{Affine, PixelStage, PointOf};
use crate::ir::affine::{self, IDENTITY, Matrix, Term};
use std::sync::Arc;

/// One operation of a product.
#[derive(Clone, Debug)]
struct Member {
    stage: Arc<dyn PixelStage>,
    uniforms: (usize, usize),
    switch: Option<usize>,
}

/// A node that stands for a chain of matrices.
#[derive(Clone, Debug)]
pub(crate) struct Product {
    node: NodeId,
    members: Vec<Member>,
    /// Its input is opaque, so that factors of alpha are constants.
    opaque: bool,
}

impl Graph {
    /// Replaces the operations that are matrices.
    pub(super) fn multiply_matrices(&mut self, values: &mut Values) {
        let mut uses = vec![0usize; self.nodes.len()];
        uses[self.output] += 1;
        self.nodes.iter().flat_map(|node| &node.inputs).for_each(|input| uses[*input] += 1);
        let mut product_of: Vec<Option<usize>> = vec![None; self.nodes.len()];
        for id in 0..self.nodes.len() {
            let node = &self.nodes[id];
            let (Op::Pixel(stage), [input]) = (&node.op, node.inputs.as_slice()) else { continue };
            if !node.tables.is_empty() || !stage.program().is_affine() {
                continue;
            }
            let member = Member { stage: stage.clone(), uniforms: node.uniforms, switch: node.switch };
            // A value that something else reads too has to be there by itself.
            let before = product_of[*input].filter(|_| uses[*input] == 1);
            match before {
                Some(index) => {
                    let from = self.products[index].node;
                    self.nodes[id].inputs = self.nodes[from].inputs.clone();
                    self.nodes[id].name = format!("{}_{}", self.nodes[from].name, self.nodes[id].name);
                    self.nodes[id].steps = [self.nodes[from].steps.as_slice(), &self.nodes[id].steps].concat();
                    self.products[index].node = id;
                    self.products[index].members.push(member);
                    product_of[id] = Some(index);
                }
                None => {
                    let opaque = self.nodes[*input].tag.is_opaque();
                    self.products.push(Product { node: id, members: vec![member], opaque });
                    product_of[id] = Some(self.products.len() - 1);
                }
            }
        }
        for product in &self.products {
            let alpha = !product.opaque && product.members.iter().any(|member| member.stage.program().reads_alpha());
            let node = &mut self.nodes[product.node];
            let gray = node.colors == Colors::Gray;
            node.op = Op::Pixel(Arc::new(PointOf::<Affine, 15>::of((alpha, gray))));
            node.switch = Some(values.uniforms.len());
            node.uniforms = (values.uniforms.len() + 1, Affine::UNIFORMS);
            values.uniforms.resize(values.uniforms.len() + 1 + Affine::UNIFORMS, 0.0);
        }
        self.refresh_products(values);
    }

    /// Computes the products anew from the numbers of their members.
    pub(super) fn refresh_products(&self, values: &mut Values) {
        let mut terms = core::mem::take(&mut values.terms);
        for product in &self.products {
            let node = &self.nodes[product.node];
            let (matrix, on) = product.matrix(values, &mut terms);
            if let Some(switch) = node.switch {
                values.uniforms[switch] = if on { 1.0 } else { 0.0 };
            }
            let slots = &mut values.uniforms[node.uniforms.0..node.uniforms.0 + node.uniforms.1];
            for (slots, row) in slots.chunks_exact_mut(5).zip(matrix) {
                for (slot, factor) in slots.iter_mut().zip(row) {
                    *slot = factor as f32;
                }
                if product.opaque {
                    // What alpha 1 would add, rounded as it would be.
                    slots[4] += slots[3];
                    slots[3] = 0.0;
                }
            }
        }
        values.terms = terms;
    }
}

impl Product {
    /// The product of the members that are on, and whether any is.
    fn matrix(&self, values: &Values, terms: &mut Vec<Term>) -> (Matrix, bool) {
        let mut product = IDENTITY;
        let mut on = false;
        for member in &self.members {
            if member.switch.is_some_and(|switch| values.uniforms[switch] == 0.0) {
                continue;
            }
            let uniforms = &values.uniforms[member.uniforms.0..member.uniforms.0 + member.uniforms.1];
            if let Some(matrix) = member.stage.program().terms(uniforms, terms) {
                product = if on { affine::after(&matrix, &product) } else { matrix };
                on = true;
            }
        }
        (product, on)
    }
}
