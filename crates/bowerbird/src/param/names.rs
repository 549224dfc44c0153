//! Reading names as people write them: British spellings, and a suggestion for a slip of the finger.

/// The American spelling of a name in snake_case.
pub fn american(name: &str) -> String {
    const PAIRS: [(&str, &str); 6] = [
        ("grey", "gray"),
        ("colour", "color"),
        ("centre", "center"),
        ("posterise", "posterize"),
        ("solarise", "solarize"),
        ("equalise", "equalize"),
    ];
    PAIRS.iter().fold(name.to_owned(), |name, (from, to)| name.replace(from, to))
}

/// The known name nearest to `name`, whatever the case of both, if any is near enough to be what was meant.
pub fn suggest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let allowed = (name.chars().count() / 3).max(1);
    let name = name.to_lowercase();
    known.map(|k| (distance(&name, &k.to_lowercase()), k)).filter(|(d, _)| *d <= allowed).min().map(|(_, k)| k)
}

/// The optimal string alignment distance: insertions, deletions, substitutions and swaps of neighbors.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().take(64).collect(), b.chars().collect());
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i; b.len() + 1];
        for j in 1..=b.len() {
            let change = last[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            row[j] = change.min(last[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                row[j] = row[j].min(before[j - 2] + 1);
            }
        }
        before = core::mem::replace(&mut last, row);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_recognized_and_strangers_are_not() {
        let known = ["exposure", "sepia", "vignette", "gaussian_blur"];
        assert_eq!(suggest("exposrue", known.into_iter()), Some("exposure"));
        assert_eq!(suggest("vignete", known.into_iter()), Some("vignette"));
        assert_eq!(suggest("VIGNETTE", known.into_iter()), Some("vignette"));
        assert_eq!(suggest("gausian_blur", known.into_iter()), Some("gaussian_blur"));
        assert_eq!(suggest("unicorn", known.into_iter()), None);
    }

    #[test]
    fn british_spellings_are_read() {
        assert_eq!(american("greyscale"), "grayscale");
        assert_eq!(american("colour"), "color");
    }
}
