//! `#[derive(Params)]`: a struct's fields as a static table, with access by index.

use crate::attributes;
use proc_macro2::TokenStream;
use quote::quote;
use syn::{Data, DeriveInput, Error, Fields, Result};

pub(crate) fn derive(input: &DeriveInput) -> Result<TokenStream> {
    let Data::Struct(data) = &input.data else {
        return Err(Error::new_spanned(input, "Params is for structs"));
    };
    let empty = syn::punctuated::Punctuated::new();
    let fields = match &data.fields {
        Fields::Named(named) => &named.named,
        Fields::Unit => &empty,
        Fields::Unnamed(_) => return Err(Error::new_spanned(input, "parameters have names")),
    };
    let name = &input.ident;
    let effect = attributes::effect(&input.attrs)?;
    let (mut table, mut defaults, mut idents) = (Vec::new(), Vec::new(), Vec::new());
    for field in fields {
        let ident = field.ident.as_ref().ok_or_else(|| Error::new_spanned(field, "parameters have names"))?;
        let attribute = attributes::param(&field.attrs)?;
        let text = ident.to_string();
        let text = text.trim_start_matches("r#").to_owned();
        let label = attribute.label.clone().unwrap_or_else(|| sentence_case(&text));
        let doc = attributes::doc(&field.attrs);
        if doc.is_empty() {
            return Err(Error::new_spanned(field, "a parameter needs a doc comment: it is shown to users"));
        }
        let range = |range: &Option<syn::Expr>| match range {
            Some(range) => quote!(::core::option::Option::Some(#range)),
            None => quote!(::core::option::Option::None),
        };
        let (soft, hard) = (range(&attribute.soft), range(&attribute.hard));
        let step = attribute.step.as_ref().map_or(quote!(0.0), |step| quote!(#step));
        let (unit, shown_if, kind) = (&attribute.unit, &attribute.shown_if, &field.ty);
        table.push(quote! {
            ::bowerbird::param::Field {
                name: #text,
                label: #label,
                doc: #doc,
                kind: <#kind as ::bowerbird::param::ParamType>::KIND,
                choices: <#kind as ::bowerbird::param::ParamType>::CHOICES,
                count: <#kind as ::bowerbird::param::ParamType>::COUNT,
                soft: #soft,
                hard: #hard,
                step: #step,
                unit: #unit,
                shown_if: #shown_if,
            }
        });
        defaults.push(
            attribute
                .default
                .map_or(quote!(::core::default::Default::default()), |d| quote!(::core::convert::From::from(#d))),
        );
        idents.push(ident);
    }
    let index = 0..idents.len();
    let index_mut = 0..idents.len();
    let (main, from_main) = match fields.first() {
        Some(first) => {
            let (ty, ident) = (&first.ty, &idents[0]);
            let rest = (idents.len() > 1).then(|| quote!(..::core::default::Default::default()));
            (quote!(#ty), quote!(Self { #ident: main, #rest }))
        }
        None => (
            quote!(()),
            quote!({
                let () = main;
                Self::default()
            }),
        ),
    };
    let doc = attributes::doc(&input.attrs);
    let (id, label, family, domain) = (&effect.id, &effect.label, &effect.family, &effect.domain);
    let domain = if domain.is_empty() { "any" } else { domain };
    let domain = syn::Ident::new(
        match domain {
            "L" => "LinearPremultiplied",
            "LS" => "LinearStraight",
            "D" => "DisplayStraight",
            "DP" => "DisplayPremultiplied",
            "any" => "Any",
            "data" => "Data",
            _ => return Err(Error::new_spanned(input, "domain is one of L, LS, D, DP, any, data")),
        },
        name.span(),
    );
    let (switchable, pixel_scale, changes_size) = (effect.switchable, effect.pixel_scale, effect.changes_size);
    let (inputs, class) = (&effect.inputs, &effect.class);
    let version = effect.version.map_or(quote!(1), |v| quote!(#v));
    Ok(quote! {
        impl ::core::default::Default for #name {
            fn default() -> Self {
                Self { #(#idents: #defaults),* }
            }
        }
        impl ::bowerbird::param::Params for #name {
            const INFO: &'static ::bowerbird::effect::Info = &::bowerbird::effect::Info {
                id: #id,
                label: #label,
                family: #family,
                doc: #doc,
                domain: ::bowerbird::effect::Domain::#domain,
                switchable: #switchable,
                pixel_scale: #pixel_scale,
                changes_size: #changes_size,
                inputs: &[#(#inputs),*],
                class: #class,
                version: #version,
                fields: &[#(#table),*],
            };
            type Main = #main;
            fn from_main(main: Self::Main) -> Self {
                #from_main
            }
            fn field(&self, index: usize) -> ::core::option::Option<&dyn ::bowerbird::param::Param> {
                match index {
                    #(#index => ::core::option::Option::Some(&self.#idents),)*
                    _ => ::core::option::Option::None,
                }
            }
            fn field_mut(&mut self, index: usize) -> ::core::option::Option<&mut dyn ::bowerbird::param::Param> {
                match index {
                    #(#index_mut => ::core::option::Option::Some(&mut self.#idents),)*
                    _ => ::core::option::Option::None,
                }
            }
        }
    })
}

/// `in_black` → `In black`.
fn sentence_case(name: &str) -> String {
    let mut out = name.replace('_', " ");
    if let Some(first) = out.get_mut(0..1) {
        first.make_ascii_uppercase();
    }
    out
}
