//! Reading doc comments and the `#[effect]` and `#[param]` attributes.

use syn::{Attribute, Expr, ExprLit, Lit, LitStr, Meta, Result};

/// The doc comment as one line of prose per paragraph.
pub(crate) fn doc(attributes: &[Attribute]) -> String {
    let mut text = String::new();
    for attribute in attributes {
        let Meta::NameValue(pair) = &attribute.meta else { continue };
        if !pair.path.is_ident("doc") {
            continue;
        }
        if let Expr::Lit(ExprLit { lit: Lit::Str(line), .. }) = &pair.value {
            let line = line.value();
            let line = line.trim();
            if line.is_empty() {
                text.push('\n');
            } else {
                if !text.is_empty() && !text.ends_with('\n') {
                    text.push(' ');
                }
                text.push_str(line);
            }
        }
    }
    text.trim().to_owned()
}

/// `#[effect(…)]` on the struct.
#[derive(Default)]
pub(crate) struct EffectAttribute {
    pub(crate) id: String,
    pub(crate) label: String,
    pub(crate) family: String,
    pub(crate) domain: String,
    pub(crate) class: String,
    pub(crate) switchable: bool,
    pub(crate) pixel_scale: bool,
    pub(crate) changes_size: bool,
    pub(crate) inputs: Vec<String>,
    pub(crate) version: Option<syn::LitInt>,
}

pub(crate) fn effect(attributes: &[Attribute]) -> Result<EffectAttribute> {
    let mut out = EffectAttribute::default();
    for attribute in attributes.iter().filter(|a| a.path().is_ident("effect")) {
        attribute.parse_nested_meta(|meta| {
            let name = meta.path.get_ident().map(ToString::to_string).unwrap_or_default();
            let text = |meta: &syn::meta::ParseNestedMeta<'_>| -> Result<String> {
                Ok(meta.value()?.parse::<LitStr>()?.value())
            };
            match name.as_str() {
                "id" => out.id = text(&meta)?,
                "label" => out.label = text(&meta)?,
                "family" => out.family = text(&meta)?,
                "domain" => out.domain = text(&meta)?,
                "class" => out.class = text(&meta)?,
                "version" => out.version = Some(meta.value()?.parse()?),
                "switchable" => out.switchable = true,
                "pixel_scale" => out.pixel_scale = true,
                "changes_size" => out.changes_size = true,
                "inputs" => {
                    let list;
                    syn::parenthesized!(list in meta.input);
                    let names = list.parse_terminated(<LitStr as syn::parse::Parse>::parse, syn::Token![,])?;
                    out.inputs = names.iter().map(LitStr::value).collect();
                }
                other => return Err(meta.error(format!("unknown effect attribute `{other}`"))),
            }
            Ok(())
        })?;
    }
    Ok(out)
}

/// `#[param(…)]` on a field.
#[derive(Default)]
pub(crate) struct ParamAttribute {
    pub(crate) default: Option<Expr>,
    pub(crate) soft: Option<Expr>,
    pub(crate) hard: Option<Expr>,
    pub(crate) step: Option<Expr>,
    pub(crate) unit: String,
    pub(crate) label: Option<String>,
    pub(crate) shown_if: String,
}

pub(crate) fn param(attributes: &[Attribute]) -> Result<ParamAttribute> {
    let mut out = ParamAttribute::default();
    for attribute in attributes.iter().filter(|a| a.path().is_ident("param")) {
        attribute.parse_nested_meta(|meta| {
            let name = meta.path.get_ident().map(ToString::to_string).unwrap_or_default();
            match name.as_str() {
                "default" => out.default = Some(meta.value()?.parse()?),
                "soft" => out.soft = Some(meta.value()?.parse()?),
                "hard" => out.hard = Some(meta.value()?.parse()?),
                "range" => {
                    let range: Expr = meta.value()?.parse()?;
                    out.soft = Some(range.clone());
                    out.hard = Some(range);
                }
                "step" => out.step = Some(meta.value()?.parse()?),
                "unit" => out.unit = meta.value()?.parse::<LitStr>()?.value(),
                "label" => out.label = Some(meta.value()?.parse::<LitStr>()?.value()),
                "shown_if" => out.shown_if = meta.value()?.parse::<LitStr>()?.value(),
                other => return Err(meta.error(format!("unknown parameter attribute `{other}`"))),
            }
            Ok(())
        })?;
    }
    Ok(out)
}
