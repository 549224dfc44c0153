//! `list` and `show`: the catalogue for people and for programs.

use crate::DONE;
use crate::args::{ListArgs, ShowArgs};
use crate::output::{print, print_json};
use bowerbird::effect::{Domain, Effect};
use bowerbird::effects;
use bowerbird::param::{Field, Kind, Param, catalogue_json, effect_json, suggest};
use core::fmt::Write;
use serde_json::{Map, Value, json};
use std::process::ExitCode;

/// Lists every effect.
pub(crate) fn list(args: &ListArgs) -> anyhow::Result<ExitCode> {
    if args.json {
        return print_json(&catalogue_json());
    }
    let width = effects::all().map(|effect| effect.info().id.len()).max().unwrap_or(0);
    let mut text = String::new();
    let mut family = "";
    for effect in effects::all() {
        let info = effect.info();
        if info.family != family {
            let gap = if family.is_empty() { "" } else { "\n" };
            let _ = writeln!(text, "{gap}{}", info.family);
            family = info.family;
        }
        let _ = writeln!(text, "  {:width$}  {}", info.id, first_line(info.doc));
    }
    text.push_str("\n`bowerbird show EFFECT` describes one of them.\n");
    print(&text).map(|()| DONE)
}

/// Describes one effect.
pub(crate) fn show(args: &ShowArgs) -> anyhow::Result<ExitCode> {
    let Some(effect) = effects::find(&args.effect) else {
        let ids: Vec<&str> = effects::all().map(|effect| effect.info().id).collect();
        let hint = suggest(&args.effect, ids.into_iter())
            .map_or_else(|| "`bowerbird list` lists all".to_owned(), |near| format!("did you mean '{near}'?"));
        anyhow::bail!("there is no effect '{}'; {hint}", args.effect);
    };
    if args.json {
        return print_json(&effect_json(&*effect));
    }
    print(&described(&*effect)).map(|()| DONE)
}

fn described(effect: &dyn Effect) -> String {
    let info = effect.info();
    let mut text =
        format!("{} — {} ({}, {})\n\n{}\n\n", info.id, info.label, info.family, effect.class_name(), info.doc);
    let choice = if info.switchable { "; \"space\" may be linear or display" } else { "" };
    let _ = writeln!(text, "Runs on {} ({}){choice}.", in_words(info.domain), info.domain.code());
    if !info.inputs.is_empty() {
        let _ = writeln!(text, "Other inputs: {} (as in.{}=PATH).", info.inputs.join(", "), info.inputs[0]);
    }
    if info.pixel_scale {
        text.push_str("Works on single pixels, so a reduced preview looks different.\n");
    }
    if info.changes_size {
        text.push_str("Changes the size of the picture.\n");
    }
    if effect.fields().next().is_some() {
        text.push_str("\nParameters\n");
    }
    for (field, default) in effect.fields() {
        let _ = writeln!(text, "  {}  {}", field.name, facts(field, default));
        for line in field.doc.lines() {
            let _ = writeln!(text, "      {line}");
        }
    }
    let (step, typed) = example(effect);
    let _ = write!(
        text,
        "\nIn a recipe\n  {step}\n\nOn the command line\n  bowerbird apply in.jpg -o out.jpg -e '{typed}'\n"
    );
    text
}

fn in_words(domain: Domain) -> &'static str {
    match domain {
        Domain::LinearPremultiplied => "linear light, premultiplied",
        Domain::LinearStraight => "linear light, straight alpha",
        Domain::DisplayStraight => "display values, straight alpha",
        Domain::DisplayPremultiplied => "display values, premultiplied",
        Domain::Any => "whatever the step before left",
        Domain::Data => "data, which is never converted",
    }
}

/// Kind, default and range in a line.
fn facts(field: &Field, default: &dyn Param) -> String {
    let kind = match field.kind {
        Kind::Number if field.count > 1 => format!("{} numbers", field.count),
        Kind::Number => "number".into(),
        Kind::Integer => "whole number".into(),
        Kind::Bool => "true or false".into(),
        Kind::Choice => field.choices.join(" | "),
        Kind::Length => "length: fraction of the short side, or \"8px\"".into(),
        Kind::Position => "[x, y] as fractions of the picture".into(),
        Kind::Positions => "list of [x, y]".into(),
        Kind::Angle => "angle in degrees".into(),
        Kind::Hue => "degrees on the color wheel".into(),
        Kind::Seed => "seed: whole number".into(),
        Kind::Color => "\"#rrggbb\" or \"#rrggbbaa\"".into(),
        Kind::Curve => "list of [x, y] points".into(),
        Kind::Gradient => "list of {\"at\": 0..1, \"color\": \"#rrggbb[aa]\"}".into(),
        Kind::Asset => "file".into(),
        Kind::Text => "text".into(),
    };
    let mut text = kind;
    if field.kind != Kind::Asset {
        let _ = write!(text, ", default {}", default.to_json());
    }
    let unit = if field.unit.is_empty() { String::new() } else { format!(" {}", field.unit) };
    match (field.soft, field.hard) {
        (Some(soft), Some(hard)) if soft != hard => {
            let _ = write!(text, ", usually {}..{}, within {}..{}{unit}", soft.0, soft.1, hard.0, hard.1);
        }
        (Some((low, high)), _) | (None, Some((low, high))) => {
            let _ = write!(text, ", {low}..{high}{unit}");
        }
        (None, None) => text.push_str(&unit),
    }
    if let Some((name, value)) = field.shown_if.split_once('=') {
        let _ = write!(text, " (where {name} is {})", value.replace('|', " or "));
    }
    text
}

/// A step that shows something, as JSON and as typed.
fn example(effect: &dyn Effect) -> (Value, String) {
    let info = effect.info();
    let mut step = Map::new();
    step.insert("effect".into(), json!(info.id));
    let mut typed = info.id.to_owned();
    for ((field, default), place) in effect.fields().zip(0..) {
        let value = match (field.kind, field.soft) {
            (Kind::Asset, _) => json!(if info.family == "lut" { "film.cube" } else { "picture.png" }),
            (Kind::Number | Kind::Length | Kind::Angle | Kind::Hue, Some((_, high)))
                if place == 0 && field.count == 1 =>
            {
                let default = default.to_json().as_f64().unwrap_or(0.0);
                json!(((default + high) / 2.0 * 1000.0).round() / 1000.0)
            }
            _ => continue,
        };
        let shown = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let _ = write!(typed, " {}={shown}", field.name);
        let in_recipe = if field.kind == Kind::Asset { json!("NAME") } else { value };
        step.insert(field.name.into(), in_recipe);
    }
    if !info.inputs.is_empty() {
        let inputs: Map<String, Value> = info.inputs.iter().map(|input| ((*input).to_owned(), json!("NAME"))).collect();
        step.insert("in".into(), inputs.into());
        info.inputs.iter().for_each(|input| {
            let _ = write!(typed, " in.{input}=picture.png");
        });
    }
    (step.into(), typed)
}

fn first_line(doc: &str) -> &str {
    doc.lines().next().unwrap_or("")
}
