//! `#[derive(Choice)]`: an enum as a list of names.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Data, DeriveInput, Error, Fields, Result};

pub(crate) fn derive(input: &DeriveInput) -> Result<TokenStream> {
    let Data::Enum(data) = &input.data else {
        return Err(Error::new_spanned(input, "Choice is for enums"));
    };
    let mut default = 0;
    let (mut names, mut variants) = (Vec::new(), Vec::new());
    for (index, variant) in data.variants.iter().enumerate() {
        if !matches!(variant.fields, Fields::Unit) {
            return Err(Error::new_spanned(variant, "a choice carries no data"));
        }
        if variant.attrs.iter().any(|a| a.path().is_ident("default")) {
            default = index;
        }
        names.push(snake_case(&variant.ident.to_string()));
        variants.push(&variant.ident);
    }
    let name = &input.ident;
    let first = variants.get(default).ok_or_else(|| Error::new_spanned(input, "a choice needs variants"))?;
    Ok(quote! {
        impl ::bowerbird::param::Choice for #name {
            const NAMES: &'static [&'static str] = &[#(#names),*];
            const ALL: &'static [Self] = &[#(Self::#variants),*];
            fn index(self) -> usize {
                self as usize
            }
        }
        impl ::core::default::Default for #name {
            fn default() -> Self {
                Self::#first
            }
        }
    })
}

/// `SourceOver` → `source_over`, `Luma601` → `luma601`.
pub(crate) fn snake_case(name: &str) -> String {
    let mut out = String::new();
    for (index, letter) in name.chars().enumerate() {
        if letter.is_ascii_uppercase() && index > 0 {
            out.push('_');
        }
        out.push(letter.to_ascii_lowercase());
    }
    out
}
