//! Golden pictures: the default of every effect on one chart, from the scalar CPU. `BLESS=1` writes them.

use bowerbird::{Image, Simd, effects};
use bowerbird_tests::chart::{chart8, codes};
use bowerbird_tests::random::runnable;
use bowerbird_tests::{cpu, folder};

#[test]
fn defaults_match_their_goldens() {
    let engine = cpu(|options| options.simd = Simd::Scalar);
    let bless = std::env::var_os("BLESS").is_some();
    let picture = chart8(128, 96, true);
    let mut wrong = Vec::new();
    for effect in effects::all() {
        let id = effect.info().id;
        let found = engine.render(&runnable(effect), &picture).expect(id);
        let path = folder().join("golden").join(format!("{id}.png"));
        if bless {
            found.save(&path).expect("the golden is written");
        }
        let same = Image::open(&path).is_ok_and(|known| known.to_rgba8() == codes(&found));
        if !same {
            wrong.push(id);
            let panels = panels(&Image::open(&path).unwrap_or_else(|_| picture.clone()), &found);
            let diff = folder().join("golden").join(format!("{id}.diff.png"));
            panels.save(&diff).expect("the comparison is written");
        }
    }
    assert!(
        wrong.is_empty(),
        "{wrong:?} differ from their goldens; see tests/golden/*.diff.png, or bless with BLESS=1"
    );
}

/// What was expected, what was found, and the difference ten times enlarged, side by side.
fn panels(expected: &Image, found: &Image) -> Image {
    let (a, b) = (expected.to_rgba8(), found.to_rgba8());
    let row = 4 * found.width() as usize;
    let mut pixels = Vec::new();
    for (a, b) in a.chunks_exact(row).zip(b.chunks_exact(row)) {
        pixels.extend_from_slice(a);
        pixels.extend_from_slice(b);
        pixels.extend(
            a.iter()
                .zip(b)
                .enumerate()
                .map(|(i, (a, b))| if i % 4 == 3 { 255 } else { a.abs_diff(*b).saturating_mul(10) }),
        );
    }
    Image::from_rgba8(3 * found.width(), found.height(), pixels).expect("three panels")
}
