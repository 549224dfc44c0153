//! `#[effect]` and `#[part]`: an `impl` of a class trait, made inlinable and complete.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::visit_mut::{self, VisitMut};
use syn::{Error, Expr, ExprCall, ExprMethodCall, FnArg, ImplItem, ImplItemFn, ItemImpl, Local, Result, parse_quote};

/// The functions that run once a pixel: these must inline, the others need not.
const PER_PIXEL: [&str; 2] = ["pixel", "source"];

/// Marks closures. One that is an argument takes the attribute as it is; one that is bound by `let` goes through
/// `inlined`, because attributes on other expressions are not stable.
struct Inline;

fn mark(expression: &mut Expr) {
    if let Expr::Closure(closure) = expression {
        closure.attrs.push(parse_quote!(#[inline(always)]));
    }
}

impl VisitMut for Inline {
    fn visit_expr_call_mut(&mut self, call: &mut ExprCall) {
        visit_mut::visit_expr_call_mut(self, call);
        call.args.iter_mut().for_each(mark);
    }
    fn visit_expr_method_call_mut(&mut self, call: &mut ExprMethodCall) {
        visit_mut::visit_expr_method_call_mut(self, call);
        call.args.iter_mut().for_each(mark);
    }
    fn visit_local_mut(&mut self, local: &mut Local) {
        visit_mut::visit_local_mut(self, local);
        if let Some(init) = &mut local.init
            && let Expr::Closure(closure) = &*init.expr
        {
            let closure = closure.clone();
            *init.expr = parse_quote!(::bowerbird::lane::inlined(#[inline(always)] #closure));
        }
    }
}

pub(crate) fn expand(mut item: ItemImpl, registered: bool) -> Result<TokenStream> {
    let Some((_, class, _)) = item.trait_.clone() else {
        return Err(Error::new_spanned(&item.self_ty, "use this on an implementation of Point, Warp, Stencil, …"));
    };
    let segment = class.segments.last().ok_or_else(|| Error::new_spanned(&class, "which class?"))?;
    let class_name = segment.ident.to_string();
    let ty = item.self_ty.clone();
    let has_variant = item.items.iter().any(|i| matches!(i, ImplItem::Type(t) if t.ident == "Variant"));
    for member in &mut item.items {
        let ImplItem::Fn(function) = member else { continue };
        if PER_PIXEL.contains(&function.sig.ident.to_string().as_str()) {
            stamp(function, has_variant);
        }
    }
    if class_name != "Composition" && !has_variant {
        item.items.insert(
            0,
            parse_quote!(
                type Variant = ();
            ),
        );
        item.items.push(parse_quote!(
            fn variant(&self, _: &::bowerbird::effect::Setup) -> Self::Variant {}
        ));
    }
    if !registered {
        return Ok(quote!(#item));
    }
    let lower = format_ident!("lower_{}", class_name.to_lowercase());
    let class_ident = format_ident!("{}", class_name);
    Ok(quote! {
        #item
        impl ::bowerbird::effect::Lower for #ty {
            const CLASS: ::bowerbird::effect::Class = ::bowerbird::effect::Class::#class_ident;
            fn lower(&self, step: &mut ::bowerbird::effect::Step<'_, '_>) {
                ::bowerbird::effect::#lower(self, step);
            }
            fn is_identity(&self) -> bool {
                <Self as #class>::identity(self)
            }
        }
    })
}

fn stamp(function: &mut ImplItemFn, has_variant: bool) {
    function.attrs.push(parse_quote!(#[inline(always)]));
    Inline.visit_block_mut(&mut function.block);
    if !has_variant {
        let unit: FnArg = parse_quote!((): ());
        function.sig.inputs.insert(0, unit);
    }
}
