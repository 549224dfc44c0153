//! The catalogue as JSON, and the schema of recipes: both made from the registry, so they cannot disagree with it.

use super::{Field, Gradient, Kind, Param};
use crate::effect::Effect;
use crate::effects;
use crate::effects::combine::Combine;
use crate::effects::composite::blend::BlendMode;
use crate::param::Choice;
use serde_json::{Map, Value, json};

/// One effect as the catalogue lists it.
///
/// What does not apply is `null`: the ranges of a switch, the choices of a number.
pub fn effect_json(effect: &dyn Effect) -> Value {
    let info = effect.info();
    let params: Vec<Value> = effect.fields().map(|(field, default)| param_json(field, default)).collect();
    json!({
        "id": info.id,
        "label": info.label,
        "family": info.family,
        "class": effect.class_name(),
        "domain": info.domain.code(),
        "doc": info.doc,
        "inputs": info.inputs,
        "space": info.switchable,
        "changes_size": info.changes_size,
        "pixel_scale": info.pixel_scale,
        "params": params,
    })
}

fn param_json(field: &Field, default: &dyn Param) -> Value {
    let text = |text: &str| if text.is_empty() { Value::Null } else { json!(text) };
    let range =
        |range: Option<(f64, f64)>| range.map_or(Value::Null, |(low, high)| json!([low.to_json(), high.to_json()]));
    json!({
        "name": field.name,
        "label": field.label,
        "type": field.kind.code(),
        "default": default.to_json(),
        "soft": range(field.soft),
        "hard": range(field.hard),
        "unit": text(field.unit),
        "choices": if field.choices.is_empty() { Value::Null } else { json!(field.choices) },
        "count": field.count,
        "shown_if": text(field.shown_if),
        "doc": field.doc,
    })
}

/// The whole catalogue: `{"effects": […]}`, in the order of the registry.
pub fn catalogue_json() -> Value {
    let effects: Vec<Value> = effects::all().map(|effect| effect_json(&*effect)).collect();
    json!({ "effects": effects })
}

/// The JSON Schema (draft 2020-12) of a recipe, for editors and for checks outside of this program.
///
/// It is stricter than reading: what reading keeps, limits or spells anew, the schema refuses.
pub fn recipe_schema() -> Value {
    let mut definitions = Map::new();
    let mut cases = Vec::new();
    for effect in effects::all() {
        let id = effect.info().id;
        definitions.insert(format!("effect_{id}"), effect_schema(&*effect));
        cases.push(json!({
            "if": { "properties": { "effect": { "const": id } } },
            "then": { "$ref": format!("#/$defs/effect_{id}") },
        }));
    }
    let ids: Vec<&str> = effects::all().map(|effect| effect.info().id).collect();
    definitions.insert(
        "fields".into(),
        json!({
            "type": "object",
            "required": ["effect"],
            "properties": universal_schema(&ids),
            "allOf": cases,
        }),
    );
    definitions.insert("step".into(), json!({ "$ref": "#/$defs/fields", "unevaluatedProperties": false }));
    definitions.insert(
        "entry".into(),
        json!({
            "$ref": "#/$defs/fields",
            "properties": {
                "combine": {
                    "description": "How this entry meets those before it.",
                    "enum": Combine::NAMES, "default": "replace",
                },
            },
            "unevaluatedProperties": false,
        }),
    );
    definitions.insert("asset".into(), json!({
        "anyOf": [
            { "type": "string", "description": "The path of a file beside the recipe." },
            {
                "type": "object",
                "required": ["data"],
                "properties": {
                    "data": { "type": "string", "contentEncoding": "base64" },
                    "media": { "type": "string", "description": "The media type, as image/png or application/x-cube." },
                },
            },
        ],
    }));
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Bowerbird recipe",
        "description": "A chain of image effects.",
        "type": "object",
        "required": ["steps"],
        "properties": {
            "$schema": { "type": "string" },
            "version": { "description": "The version of the file format.", "const": 1 },
            "name": { "description": "The name on the screen.", "type": "string" },
            "note": { "description": "Free text.", "type": "string" },
            "description": { "description": "Free text.", "type": "string" },
            "steps": {
                "description": "The effects, in order.",
                "type": "array", "maxItems": 1000,
                "items": { "$ref": "#/$defs/step" },
            },
            "masks": {
                "description": "Masks by name: one entry, or several that are folded in order.",
                "type": "object",
                "additionalProperties": {
                    "anyOf": [
                        { "$ref": "#/$defs/entry" },
                        { "type": "array", "minItems": 1, "maxItems": 1000, "items": { "$ref": "#/$defs/entry" } },
                    ],
                },
            },
            "assets": {
                "description": "Files by name.",
                "type": "object",
                "additionalProperties": { "$ref": "#/$defs/asset" },
            },
        },
        "additionalProperties": false,
        "$defs": definitions,
    })
}

/// The fields that every step may have.
fn universal_schema(ids: &[&str]) -> Value {
    json!({
        "effect": { "description": "The effect.", "enum": ids },
        "v": { "description": "The version of the effect.", "type": "integer", "minimum": 1 },
        "id": { "description": "A name, by which other steps refer to this one.", "type": "string", "minLength": 1 },
        "enabled": { "description": "Whether the step runs.", "type": "boolean", "default": true },
        "opacity": {
            "description": "The weight of the effect.",
            "type": "number", "minimum": 0, "maximum": 1, "default": 1,
        },
        "blend": {
            "description": "How the result is laid over the input.",
            "enum": BlendMode::NAMES, "default": "normal",
        },
        "mask": { "description": "A mask of the recipe, which weighs the effect pixel by pixel.", "type": "string" },
        "note": { "description": "Free text.", "type": "string" },
        "in": {
            "description": "Inputs by name: the id of an earlier step, an asset, \"source\", or \"prev:\" and an id.",
            "type": "object",
        },
    })
}

/// The fields of one effect.
fn effect_schema(effect: &dyn Effect) -> Value {
    let info = effect.info();
    let mut properties = Map::new();
    for ((field, default), index) in effect.fields().zip(0..) {
        let mut schema = param_schema(effect, index, field);
        if let Some(schema) = schema.as_object_mut() {
            schema.insert("title".into(), json!(field.label));
            schema.insert("description".into(), json!(field.doc));
            schema.insert("default".into(), default.to_json());
        }
        properties.insert(field.name.into(), schema);
    }
    if info.switchable {
        properties.insert(
            "space".into(),
            json!({ "description": "The values to compute on.", "enum": ["linear", "display"] }),
        );
    }
    let inputs: Map<String, Value> = core::iter::once(&"image")
        .chain(info.inputs)
        .map(|input| ((*input).to_owned(), json!({ "type": "string" })))
        .collect();
    properties.insert("in".into(), json!({ "type": "object", "properties": inputs, "additionalProperties": false }));
    if info.changes_size {
        properties.insert("opacity".into(), json!({ "const": 1 }));
        properties.insert("blend".into(), json!({ "const": "normal" }));
        properties.insert("mask".into(), Value::Bool(false));
    }
    json!({ "title": info.label, "description": info.doc, "properties": properties })
}

fn param_schema(effect: &dyn Effect, index: usize, field: &Field) -> Value {
    // A parameter knows best which forms it takes, so a copy of it is asked.
    let accepts = |value: &Value| effect.fresh().field_mut(index).is_some_and(|param| param.set(value).is_ok());
    let mut number = json!({ "type": if field.kind == Kind::Integer { "integer" } else { "number" } });
    if let (Some((low, high)), Some(schema)) = (field.hard, number.as_object_mut()) {
        schema.insert("minimum".into(), low.to_json());
        schema.insert("maximum".into(), high.to_json());
    }
    let row = |count: usize| json!({ "type": "array", "items": number, "minItems": count, "maxItems": count });
    let point = json!({ "type": "array", "items": { "type": "number" }, "minItems": 2, "maxItems": 2 });
    let color = json!({ "type": "string", "pattern": "^#([0-9a-fA-F]{6}|[0-9a-fA-F]{8})$" });
    match field.kind {
        Kind::Number | Kind::Angle | Kind::Hue | Kind::Integer if field.count == 1 => number,
        Kind::Number | Kind::Angle | Kind::Hue | Kind::Integer if accepts(&json!(1)) => {
            json!({ "anyOf": [number, row(field.count)] })
        }
        Kind::Number | Kind::Angle | Kind::Hue | Kind::Integer => row(field.count),
        Kind::Bool => json!({ "type": "boolean" }),
        Kind::Choice => json!({ "enum": field.choices }),
        Kind::Length => {
            let pixels = json!({ "type": "string", "pattern": "^ *[-+]?([0-9]+\\.?[0-9]*|\\.[0-9]+) *px *$" });
            let mut forms = vec![number, pixels];
            if accepts(&Value::Null) {
                forms.push(json!({ "type": "null" }));
            }
            json!({ "anyOf": forms })
        }
        Kind::Position => row(2),
        Kind::Positions => json!({ "type": "array", "items": point, "maxItems": 64 }),
        Kind::Seed => json!({ "type": "integer", "minimum": 0, "maximum": u32::MAX }),
        Kind::Color => color,
        Kind::Curve => json!({ "type": "array", "items": point, "minItems": 2, "maxItems": 32 }),
        Kind::Gradient => {
            let at = json!({ "type": "number", "minimum": 0, "maximum": 1 });
            let stop = json!({
                "type": "object", "properties": { "at": at, "color": color },
                "required": ["at", "color"], "additionalProperties": false,
            });
            json!({ "type": "array", "items": stop, "minItems": 2, "maxItems": Gradient::MOST_STOPS })
        }
        Kind::Asset | Kind::Text => json!({ "type": "string" }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_catalogue_lists_every_effect_with_the_promised_keys() {
        let catalogue = catalogue_json();
        let listed = catalogue["effects"].as_array().expect("a list");
        assert_eq!(listed.len(), effects::all().count());
        let keys = [
            "id",
            "label",
            "family",
            "class",
            "domain",
            "doc",
            "inputs",
            "space",
            "changes_size",
            "pixel_scale",
            "params",
        ];
        let of_param =
            ["name", "label", "type", "default", "soft", "hard", "unit", "choices", "count", "shown_if", "doc"];
        for effect in listed {
            let found: Vec<&str> = effect.as_object().expect("an object").keys().map(String::as_str).collect();
            assert_eq!(found, keys);
            for param in effect["params"].as_array().expect("a list") {
                let found: Vec<&str> = param.as_object().expect("an object").keys().map(String::as_str).collect();
                assert_eq!(found, of_param);
            }
        }
    }

    #[test]
    fn the_schema_has_a_case_for_every_effect_and_no_open_end() {
        let schema = recipe_schema();
        assert_eq!(schema["$defs"]["fields"]["allOf"].as_array().map(Vec::len), Some(effects::all().count()));
        for effect in effects::all() {
            let properties = &schema["$defs"][format!("effect_{}", effect.info().id)]["properties"];
            for (field, default) in effect.fields() {
                let (name, schema) = (format!("{}.{}", effect.info().id, field.name), &properties[field.name]);
                assert!(schema.is_object(), "{name}");
                // A list where the default is one.
                if default.to_json().is_array() {
                    let forms = schema["anyOf"].as_array().map_or(core::slice::from_ref(schema), Vec::as_slice);
                    assert!(forms.iter().any(|form| form["type"] == "array"), "{name}: {schema}");
                }
            }
        }
        assert_eq!(schema["$defs"]["step"]["unevaluatedProperties"], false);
    }
}
