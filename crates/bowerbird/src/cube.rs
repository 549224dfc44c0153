//! Color lookup tables in the Adobe Cube LUT 1.0 form.
//!
//! A file may hold a 1D table, a 3D one, or both: then the 1D table is a shaper that runs first.

use crate::error::Error;

/// A table of one dimension, red, green and blue interleaved.
#[derive(Clone, Debug, PartialEq)]
pub struct Lut1d {
    /// Entries a channel, 2..65536.
    pub size: usize,
    /// `3·size` values.
    pub values: Vec<f32>,
    /// The inputs of the first and the last entry.
    pub domain: [[f64; 3]; 2],
}

/// A table of three dimensions, red fastest.
#[derive(Clone, Debug, PartialEq)]
pub struct Lut3d {
    /// Entries an axis, 2..256.
    pub size: usize,
    /// `3·size³` values.
    pub values: Vec<f32>,
    /// The inputs of the first and the last entry of each axis.
    pub domain: [[f64; 3]; 2],
}

/// A parsed .cube file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cube {
    /// The title, if the file has one.
    pub title: Option<String>,
    /// The 1D table or shaper.
    pub shaper: Option<Lut1d>,
    /// The 3D table.
    pub cube: Option<Lut3d>,
    /// Unknown keywords and the like, each naming its line.
    pub warnings: Vec<String>,
}

#[derive(Default)]
struct Header {
    size_1d: Option<usize>,
    size_3d: Option<usize>,
    domain: [[f64; 3]; 2],
    range_1d: Option<[f64; 2]>,
    range_3d: Option<[f64; 2]>,
}

impl Cube {
    /// Reads the text of a .cube file.
    ///
    /// # Errors
    /// A wrong count, a number that is none, an empty range; the message names the line.
    pub fn parse(name: &str, text: &str) -> Result<Self, Error> {
        let mut out = Self::default();
        let mut header = Header { domain: [[0.0; 3], [1.0; 3]], ..Header::default() };
        let mut values: Vec<f32> = Vec::new();
        let mut last = 0;
        for (index, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
            let line = uncommented(line).trim();
            let Some(word) = line.split_ascii_whitespace().next() else { continue };
            last = index + 1;
            let fail = |message: String| Error::asset(name, format!("line {}: {message}", index + 1));
            let starts_number = word.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '+' | '.'));
            // "nan" and "inf" are numbers too, though none that a table may hold.
            if starts_number || word.parse::<f64>().is_ok() {
                let row = numbers::<3>(line).map_err(fail)?;
                values.extend(row.map(|v| v as f32));
            } else if !header.keyword(line, &mut out).map_err(fail)? {
                out.warnings.push(format!("line {}: unknown keyword '{word}'", index + 1));
            }
        }
        header.tables(values, &mut out).map_err(|message| Error::asset(name, format!("line {last}: {message}")))?;
        Ok(out)
    }
}

/// A line without its comment. A title may hold any character.
fn uncommented(line: &str) -> &str {
    if line.trim_start().starts_with("TITLE") { line } else { line.split('#').next().unwrap_or(line) }
}

/// `N` numbers of a line.
fn numbers<const N: usize>(line: &str) -> Result<[f64; N], String> {
    let mut out = [0.0; N];
    let mut words = line.split_ascii_whitespace();
    for slot in &mut out {
        let word = words.next().ok_or_else(|| format!("expected {N} numbers"))?;
        let value: f64 = word.parse().map_err(|_| format!("'{word}' is not a number"))?;
        if !(value as f32).is_finite() {
            return Err(format!("'{word}' is not a finite number"));
        }
        *slot = value;
    }
    if words.next().is_some() {
        return Err(format!("expected {N} numbers, found more"));
    }
    Ok(out)
}

impl Header {
    /// Takes a line that starts with a keyword; `false` if it is none of the known.
    fn keyword(&mut self, line: &str, out: &mut Cube) -> Result<bool, String> {
        let (word, rest) = line.split_once(|c: char| c.is_ascii_whitespace()).unwrap_or((line, ""));
        let size = |low: usize, high: usize| -> Result<usize, String> {
            let size: usize = rest.trim().parse().map_err(|_| format!("'{}' is not a size", rest.trim()))?;
            if (low..=high).contains(&size) {
                Ok(size)
            } else {
                Err(format!("a size of {size} is not in {low}..{high}"))
            }
        };
        match word {
            "TITLE" => out.title = Some(rest.trim().trim_matches('"').to_owned()),
            "LUT_1D_SIZE" => self.size_1d = Some(size(2, 65536)?),
            "LUT_3D_SIZE" => self.size_3d = Some(size(2, 256)?),
            "DOMAIN_MIN" => self.domain[0] = numbers::<3>(rest)?,
            "DOMAIN_MAX" => self.domain[1] = numbers::<3>(rest)?,
            "LUT_1D_INPUT_RANGE" => self.range_1d = Some(numbers::<2>(rest)?),
            "LUT_3D_INPUT_RANGE" => self.range_3d = Some(numbers::<2>(rest)?),
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn tables(self, mut values: Vec<f32>, out: &mut Cube) -> Result<(), String> {
        let counts = (self.size_1d.unwrap_or(0), self.size_3d.map_or(0, |n| n * n * n));
        if counts == (0, 0) {
            return Err("neither LUT_1D_SIZE nor LUT_3D_SIZE is given".into());
        }
        let expected = counts.0 + counts.1;
        if values.len() != 3 * expected {
            return Err(format!("expected {expected} rows of numbers, found {}", values.len() / 3));
        }
        let domain = |range: Option<[f64; 2]>| -> Result<[[f64; 3]; 2], String> {
            let domain = range.map_or(self.domain, |[low, high]| [[low; 3], [high; 3]]);
            if domain[0].iter().zip(domain[1]).any(|(low, high)| *low >= high) {
                return Err("the domain is empty: its minimum is not below its maximum".into());
            }
            Ok(domain)
        };
        let cube_values = values.split_off(3 * counts.0);
        if let Some(size) = self.size_1d {
            out.shaper = Some(Lut1d { size, values, domain: domain(self.range_1d)? });
        }
        if let Some(size) = self.size_3d {
            out.cube = Some(Lut3d { size, values: cube_values, domain: domain(self.range_3d)? });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_cube_with_a_shaper_is_read() {
        let mut text = String::from(
            "# made up\r\nTITLE \"Test\"\nLUT_1D_SIZE 2 # a shaper\nLUT_3D_SIZE 2\nSPARKLE 3\n\n0 0 0\n1 1 1\n",
        );
        for index in 0..8 {
            text.push_str(&format!("{} {} {}\n", index & 1, index >> 1 & 1, 1e0 * f64::from(index >> 2)));
        }
        let cube = Cube::parse("test", &text).expect("valid");
        assert_eq!(cube.title.as_deref(), Some("Test"));
        assert_eq!(cube.shaper.map(|s| s.values.len()), Some(6));
        assert_eq!(cube.cube.map(|c| c.values[3]), Some(1.0));
        assert_eq!(cube.warnings, ["line 5: unknown keyword 'SPARKLE'"]);
    }

    #[test]
    fn mistakes_name_their_line() {
        for (text, line) in [
            ("LUT_3D_SIZE 2\n0 0 0\n", "line 2"),
            ("LUT_1D_SIZE 2\n0 0 0\n0 nan 0\n", "line 3"),
            ("LUT_3D_SIZE 900\n", "line 1"),
            ("LUT_1D_SIZE 2\nnan 0 0\n1 1 1\n", "line 2: 'nan' is not a finite number"),
            ("TITLE \"empty\"\n", "line 1"),
            ("LUT_1D_SIZE 2\nDOMAIN_MIN 1 1 1\n0 0 0\n1 1 1\n", "line 4"),
        ] {
            let error = Cube::parse("x.cube", text).expect_err(text).to_string();
            assert!(error.contains(line) && error.contains("x.cube"), "{error}");
        }
    }
}
