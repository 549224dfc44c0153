//! Seeded parameters for any effect, from its own description.

use bowerbird::effect::Effect;
use bowerbird::effects;
use bowerbird::param::Kind;
use bowerbird::{Asset, Chain, ChainStep, cube::Cube};
use serde_json::{Value, json};

/// A small generator of numbers: the same for the same seed, everywhere.
#[derive(Debug)]
pub struct Random(u64);

impl Random {
    /// A generator of a seed.
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    /// A number in 0..1.
    pub fn unit(&mut self) -> f64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as f64 / (1u64 << 53) as f64
    }

    fn between(&mut self, (low, high): (f64, f64)) -> f64 {
        // Few digits, so that a failing case can be typed again.
        ((low + (high - low) * self.unit()) * 1000.0).round() / 1000.0
    }
}

/// The sides of a resized picture would be thousands of pixels otherwise; no other integer goes so far.
const MOST_INTEGER: f64 = 96.0;

/// Sets every parameter of an effect at random within its soft range.
pub fn vary(effect: &mut dyn Effect, random: &mut Random) {
    for index in 0..effect.info().fields.len() {
        let field = &effect.info().fields[index];
        let soft = field.soft.or(field.hard).unwrap_or((0.0, 1.0));
        let value = match field.kind {
            Kind::Number if field.count == 1 => json!(random.between(soft)),
            Kind::Number if field.count == 20 => {
                let mut matrix: Vec<f64> = (0..20).map(|_| random.between((-0.4, 0.6))).collect();
                (matrix[15], matrix[16], matrix[17], matrix[18], matrix[19]) = (0.0, 0.0, 0.0, 1.0, 0.0);
                json!(matrix)
            }
            Kind::Number => (0..field.count).map(|_| random.between(soft)).collect::<Value>(),
            Kind::Integer => json!(random.between((soft.0, soft.1.min(MOST_INTEGER))).round() as i64),
            Kind::Bool => json!(random.unit() > 0.5),
            Kind::Choice => json!(field.choices[(random.unit() * field.choices.len() as f64) as usize]),
            Kind::Length => json!(random.between(soft)),
            Kind::Position => json!([random.between((0.2, 0.8)), random.between((0.2, 0.8))]),
            Kind::Positions => {
                (0..4).map(|_| json!([random.between((0.0, 1.0)), random.between((0.0, 1.0))])).collect()
            }
            Kind::Angle | Kind::Hue => json!(random.between(field.soft.unwrap_or((-180.0, 180.0)))),
            Kind::Seed => json!((random.unit() * 1000.0) as u32),
            Kind::Color => json!(format!("#{:06x}", (random.unit() * f64::from(0xff_ffff)) as u32)),
            Kind::Curve => json!([[0.0, random.between((0.0, 0.2))], [0.4, random.between((0.3, 0.6))], [1.0, 0.95]]),
            Kind::Gradient => gradient(random),
            Kind::Asset | Kind::Text => continue,
        };
        let name = field.name;
        let field = effect.field_mut(index).expect("the field of its own table");
        field.set(&value).unwrap_or_else(|cause| panic!("{name} = {value}: {cause}"));
    }
}

/// Two to nine stops, some translucent, some at a position with the one before.
fn gradient(random: &mut Random) -> Value {
    let count = 2 + (random.unit() * 8.0) as usize;
    let mut at = vec![0.0; count];
    at.fill_with(|| random.between((0.0, 1.0)));
    at.sort_by(f64::total_cmp);
    if count > 3 {
        at[2] = at[1];
    }
    let translucent = random.unit() > 0.5;
    let stop = |at: f64| {
        let color = (random.unit() * f64::from(0xff_ffff)) as u32;
        let alpha = if translucent { (random.unit() * 255.0) as u8 } else { u8::MAX };
        json!({ "at": at, "color": format!("#{color:06x}{alpha:02x}") })
    };
    at.into_iter().map(stop).collect()
}

/// An effect as a chain that can run: with the assets and the layer that it needs.
pub fn runnable(mut effect: Box<dyn Effect>) -> Chain {
    if let Some(index) = effect.info().fields.iter().position(|field| field.kind == Kind::Asset) {
        let name = if effect.info().id == "lut3d" { "cube" } else { "picture" };
        effect.field_mut(index).expect("its own field").set(&json!(name)).expect("a name");
    }
    let inputs = effect.info().inputs;
    let mut chain: Chain = std::iter::once(ChainStep::from(effect)).collect();
    for input in inputs {
        chain = chain.with_input(input, "picture");
    }
    chain.asset("cube", cube()).asset("picture", Asset::from(super::chart::chart8(31, 45, true)))
}

/// Every effect of the catalogue with its defaults and with three random sets of parameters.
pub fn cases() -> Vec<(String, Chain)> {
    let mut out = Vec::new();
    for effect in effects::all() {
        let id = effect.info().id;
        out.push((format!("{id} (default)"), runnable(effect.fresh())));
        for set in 1..=3u64 {
            let mut effect = effect.fresh();
            // By name, so that an effect keeps its sets when another comes before it in the catalogue.
            let seed = id.bytes().fold(set, |seed, byte| seed.wrapping_mul(31).wrapping_add(byte.into()));
            vary(&mut *effect, &mut Random::new(seed));
            out.push((format!("{id} (random {set})"), runnable(effect)));
        }
    }
    out
}

/// A bent cube of 5 entries an axis.
pub fn cube() -> Cube {
    let mut text = String::from("LUT_3D_SIZE 5\n");
    for b in 0..5 {
        for g in 0..5 {
            for r in 0..5 {
                let bend = |v: i32, o: i32| (f64::from(v) / 4.0).powf(0.8) * 0.9 + 0.02 * f64::from(o);
                text.push_str(&format!("{} {} {}\n", bend(r, g), bend(g, b), bend(b, r)));
            }
        }
    }
    Cube::parse("test", &text).expect("a valid cube")
}
