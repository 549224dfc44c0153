//! Migrations: what an effect's older versions said, in the words of the newest.
//!
//! When a change of an effect alters what its parameters mean, its version grows and an entry here rewrites the step,
//! one version at a time. A recipe of any age so reads as if it were written today.

use serde_json::{Map, Value};

/// A rewriting of one step: of this effect, from this version to the next.
pub(super) struct Migration {
    /// The effect.
    pub(super) effect: &'static str,
    /// The version that the step is of.
    pub(super) from: u64,
    /// Rewrites the step's fields.
    pub(super) rewrite: fn(&mut Map<String, Value>),
}

/// All migrations. Every effect is still of version 1.
pub(super) const MIGRATIONS: &[Migration] = &[];

/// Brings a step of version `from` up to version `to`.
pub(super) fn migrate(table: &[Migration], effect: &str, step: &mut Map<String, Value>, from: u64, to: u64) {
    for version in from..to {
        for migration in table.iter().filter(|entry| entry.effect == effect && entry.from == version) {
            (migration.rewrite)(step);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_step_is_rewritten_one_version_after_the_other() {
        let table = [
            Migration {
                effect: "shine",
                from: 2,
                rewrite: |step| {
                    // Percent became a fraction.
                    let percent = step.get("amount").and_then(Value::as_f64).unwrap_or(0.0);
                    step.insert("amount".into(), json!(percent / 100.0));
                },
            },
            Migration {
                effect: "shine",
                from: 1,
                rewrite: |step| {
                    if let Some(value) = step.remove("strength") {
                        step.insert("amount".into(), value);
                    }
                },
            },
            Migration { effect: "dull", from: 1, rewrite: Map::clear },
        ];
        let step = |json: Value| json.as_object().cloned().expect("an object");
        let mut oldest = step(json!({"effect": "shine", "strength": 50}));
        migrate(&table, "shine", &mut oldest, 1, 3);
        assert_eq!(oldest, step(json!({"effect": "shine", "amount": 0.5})));
        let mut newer = step(json!({"effect": "shine", "amount": 50}));
        migrate(&table, "shine", &mut newer, 2, 3);
        assert_eq!(newer, step(json!({"effect": "shine", "amount": 0.5})));
        let mut newest = newer.clone();
        migrate(&table, "shine", &mut newest, 3, 3);
        assert_eq!(newest, newer);
    }
}
