//! Every effect against an independent computation of its definition: `tests/oracles/` in Python and f64.

use bowerbird::image::{Alpha, Depth, Transfer};
use bowerbird::ir::Precision;
use bowerbird::recipe::Loader;
use bowerbird::{Chain, Engine, Image, Output, Recipe, lane};
use bowerbird_tests::chart::floats;
use bowerbird_tests::{NO_KERNEL, cpu, folder, gpu, structure, tolerance};
use serde_json::Value;

fn data(name: &str) -> Vec<f32> {
    let path = folder().join("data/oracles").join(name);
    let bytes = std::fs::read(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    bytes.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect()
}

/// A PNG of one pixel.
const ONE_PIXEL: &str =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

struct Case {
    name: String,
    chain: Chain,
    image: Image,
    expected: Vec<f32>,
    output: Output,
    tier: String,
    gain: f32,
    smooth: bool,
    is_data: bool,
    has_alpha: bool,
}

fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value[key].as_str().unwrap_or_default()
}

fn number(value: &Value, key: &str) -> u32 {
    value[key].as_u64().unwrap_or(0) as u32
}

/// The encoding that a domain code stands for.
fn encoding(domain: &str, has_alpha: bool) -> (Transfer, Alpha) {
    let transfer = if domain.starts_with('L') { Transfer::Linear } else { Transfer::Display };
    let alpha = match domain {
        _ if !has_alpha => Alpha::Opaque,
        "L" | "DP" => Alpha::Premultiplied,
        _ => Alpha::Straight,
    };
    (transfer, alpha)
}

fn case(value: &Value) -> Case {
    let name = text(value, "name").to_owned();
    let (domain, has_alpha) = (text(value, "domain"), value["alpha"] == true);
    let (transfer, alpha) = encoding(domain, has_alpha);
    let image = Image::from_rgba_f32(
        number(value, "width"),
        number(value, "height"),
        data(text(value, "input")),
        transfer,
        alpha,
    );
    let mut recipe = value["recipe"].clone();
    let layers = value["layers"].as_object().cloned().unwrap_or_default();
    if let Some(assets) = recipe["assets"].as_object_mut() {
        // Layers are given as raw floats, which are no picture file: a placeholder keeps their names.
        for name in layers.keys() {
            assets.insert(name.clone(), serde_json::json!({"data": ONE_PIXEL, "media": "image/png"}));
        }
    }
    let loader = Loader::folder(folder().join("data/oracles"));
    let recipe = Recipe::from_json(&recipe, &loader).unwrap_or_else(|e| panic!("{name}: {e}"));
    let mut chain = Chain::from(recipe);
    for (layer, spec) in &layers {
        let (transfer, alpha) = encoding(text(spec, "domain"), true);
        let pixels = data(text(spec, "file"));
        let image = Image::from_rgba_f32(number(spec, "width"), number(spec, "height"), pixels, transfer, alpha);
        chain = chain.asset(layer, image.expect("a valid layer"));
    }
    let straight = matches!(domain, "D" | "LS");
    Case {
        chain,
        image: image.expect("a valid input"),
        expected: data(text(value, "expected")),
        output: Output {
            depth: Some(Depth::F32),
            transfer,
            alpha: if straight { Alpha::Straight } else { Alpha::Premultiplied },
        },
        tier: text(value, "tier").to_owned(),
        gain: value["gain"].as_f64().unwrap_or(1.0).max(1.0) as f32,
        smooth: text(value, "chart") == "smooth",
        is_data: text(value, "compare") == "data",
        has_alpha,
        name,
    }
}

impl Case {
    /// A pixel as it is compared: stored color under no alpha is nothing; visible tiers compare what a display shows.
    fn compared(&self, pixel: &[f32], displayed: bool) -> [f32; 4] {
        let [r, g, b, a] = [pixel[0], pixel[1], pixel[2], pixel[3]];
        let hidden = a <= lane::color::LEAST_ALPHA && !self.is_data;
        let mut c = if hidden { [0.0; 3] } else { [r, g, b] };
        if !displayed {
            return [c[0], c[1], c[2], a];
        }
        let premultiplied = self.output.alpha == Alpha::Premultiplied && self.has_alpha;
        for v in &mut c {
            let straight = if premultiplied && !hidden { *v / a } else { *v };
            let shown = if self.output.transfer == Transfer::Linear { lane::color::encode(straight) } else { straight };
            *v = shown * a;
        }
        [c[0], c[1], c[2], a]
    }

    fn is_near(&self, found: f32, expected: f32) -> bool {
        match self.tier.as_str() {
            "T0" => found == expected,
            "T1" => tolerance::near(found, expected, tolerance::POINT),
            "T1t" => {
                let (absolute, ulps) = tolerance::CHAIN;
                tolerance::near(found, expected, (absolute * self.gain, ulps * self.gain))
            }
            "T1w" => {
                (found - expected).abs() <= if self.smooth { tolerance::WARP_SMOOTH } else { tolerance::WARP_EDGE }
            }
            "BLUR" => (found - expected).abs() <= tolerance::HALF_STEP * self.gain,
            "T2" | "T2d" => (found - expected).abs() <= tolerance::HALF_STEP,
            other => panic!("{}: there is no tier {other}", self.name),
        }
    }

    /// What is wrong with the engine's result, if anything.
    fn fault(&self, engine: &Engine) -> Option<String> {
        let result = match engine.render_to(&self.chain, &self.image, &self.output) {
            Ok(result) => result,
            Err(error) => return Some(format!("{}: {error}", self.name)),
        };
        if let Some(message) = engine.take_messages().iter().find(|message| !message.contains(NO_KERNEL)) {
            return Some(format!("{}: {message}", self.name));
        }
        let displayed = matches!(self.tier.as_str(), "T2" | "T2d" | "T3" | "BLUR") && !self.is_data;
        if self.tier == "T3" {
            return self.structural_fault(floats(&result));
        }
        let mut wrong = Vec::new();
        for (index, (found, expected)) in floats(&result).chunks_exact(4).zip(self.expected.chunks_exact(4)).enumerate()
        {
            let (a, b) = (self.compared(found, displayed), self.compared(expected, displayed));
            if !a.iter().zip(b).all(|(a, b)| self.is_near(*a, b)) {
                wrong.push((index, a, b));
            }
        }
        let pixels = self.expected.len() / 4;
        let allowed = if self.tier == "T2d" { (pixels as f64 * tolerance::FLIPS) as usize } else { 0 };
        let (index, found, expected) = *wrong.first().filter(|_| wrong.len() > allowed)?;
        let width = self.image.width() as usize;
        Some(format!(
            "{} [{}]: {} of {pixels} pixels; at ({}, {}) {found:?} instead of {expected:?}",
            self.name,
            self.tier,
            wrong.len(),
            index % width,
            index / width
        ))
    }
}

impl Case {
    /// What is wrong with a result that only has to look like what is expected.
    fn structural_fault(&self, found: &[f32]) -> Option<String> {
        let colors = |pixels: &[f32]| -> Vec<[f32; 3]> {
            pixels.chunks_exact(4).map(|pixel| self.compared(pixel, true)).map(|[r, g, b, _]| [r, g, b]).collect()
        };
        let (found, expected) = (colors(found), colors(&self.expected));
        let width = self.image.width() as usize;
        let [a, b] = [&found, &expected].map(|pixels| structure::Picture { pixels, width });
        let (alike, apart) = (structure::ssim(a, b), structure::color_difference(a, b));
        let is_near = alike >= tolerance::STRUCTURE.0 && apart <= tolerance::STRUCTURE.1;
        (!is_near).then(|| format!("{} [T3]: similarity {alike:.4}, color difference {apart:.2}", self.name))
    }
}

fn all_cases() -> Vec<Case> {
    let path = folder().join("data/oracles/cases.json");
    let cases: Value = serde_json::from_str(&std::fs::read_to_string(path).expect("the list of cases")).expect("JSON");
    let cases: Vec<Case> = cases["cases"].as_array().expect("a list").iter().map(case).collect();
    assert!(cases.len() > 300, "only {} cases were read", cases.len());
    cases
}

fn check(engine: &Engine) {
    let faults: Vec<String> = all_cases().iter().filter_map(|case| case.fault(engine)).collect();
    assert!(faults.is_empty(), "{} cases on {}:\n{}", faults.len(), engine.backend_name(), faults.join("\n"));
}

#[test]
fn the_cpu_agrees_with_the_oracles() {
    check(&cpu(|options| options.drop_identity = true));
}

#[test]
fn live_plans_agree_with_the_oracles() {
    check(&cpu(|options| options.drop_identity = false));
}

#[test]
fn the_gpu_in_precise_mode_agrees_with_the_oracles() {
    if let Some(engine) = gpu(|options| options.precision = Some(Precision::Precise)) {
        check(&engine);
    }
}

#[test]
fn every_effect_has_an_oracle() {
    let cases = all_cases();
    let over_time = super::clips::covered();
    let covered = |id: &str| {
        over_time.iter().any(|other| other == id)
            || cases.iter().any(|case| {
                let steps = case.chain.steps().iter().chain(case.chain.masks().values().flatten());
                steps.filter_map(|step| step.effect()).any(|effect| effect.info().id == id)
            })
    };
    let missing: Vec<&str> = bowerbird::effects::all().map(|e| e.info().id).filter(|id| !covered(id)).collect();
    assert!(missing.is_empty(), "no oracle for {missing:?}");
}
