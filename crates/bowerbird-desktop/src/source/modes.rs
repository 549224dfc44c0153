//! The modes of a camera as three lists: sizes, formats and rates. Each holds what the camera offers with what is chosen in
//! the others.
//!
//! Drivers that take any size or any rate have no list; of those the usual ones are offered.

use bowerbird_capture::{Mode, PixelFormat, Rate, Rates, Sizes, SourceSpec};

/// Sizes that are offered of a range.
const USUAL_SIZES: [(u32, u32); 8] =
    [(320, 240), (640, 360), (640, 480), (800, 600), (1280, 720), (1920, 1080), (2560, 1440), (3840, 2160)];

/// Rates that are offered of a range.
const USUAL_RATES: [u32; 9] = [5, 10, 15, 24, 25, 30, 50, 60, 120];

/// Whether a mode has a size.
fn has_size(mode: &Mode, size: (u32, u32)) -> bool {
    mode.sizes.nearest(size) == size
}

/// The modes that are left by what is chosen.
fn left(
    modes: &[Mode],
    size: Option<(u32, u32)>,
    format: Option<PixelFormat>,
) -> impl Iterator<Item = &Mode> + use<'_> {
    modes.iter().filter(move |mode| {
        format.is_none_or(|format| format == mode.format) && size.is_none_or(|size| has_size(mode, size))
    })
}

/// The sizes in a format, smallest first.
pub(super) fn sizes(modes: &[Mode], format: Option<PixelFormat>) -> Vec<(u32, u32)> {
    let mut all = Vec::new();
    for mode in left(modes, None, format) {
        match mode.sizes {
            Sizes::One(width, height) => all.push((width, height)),
            Sizes::Range { .. } => {
                let usual = USUAL_SIZES.into_iter().filter(|size| has_size(mode, *size));
                let before = all.len();
                all.extend(usual);
                if all.len() == before {
                    all.push(mode.sizes.largest());
                }
            }
        }
    }
    all.sort_unstable_by_key(|(width, height)| (u64::from(*width) * u64::from(*height), *width));
    all.dedup();
    all
}

/// The formats of a size, in the order in which they are preferred.
pub(super) fn formats(modes: &[Mode], size: Option<(u32, u32)>) -> Vec<PixelFormat> {
    let offered = |format: &PixelFormat| left(modes, size, Some(*format)).next().is_some();
    PixelFormat::ALL.into_iter().filter(offered).collect()
}

/// The rates of a size in a format, fastest first.
pub(super) fn rates(modes: &[Mode], size: Option<(u32, u32)>, format: Option<PixelFormat>) -> Vec<Rate> {
    let mut all = Vec::new();
    for mode in left(modes, size, format) {
        match &mode.rates {
            Rates::List(rates) => all.extend(rates),
            Rates::Range { fastest, .. } => {
                all.extend(USUAL_RATES.map(Rate::new).into_iter().filter(|rate| mode.rates.nearest(*rate) == *rate));
                all.push(*fastest);
            }
            Rates::Unknown => {}
        }
    }
    all.sort_unstable_by(|a, b| b.per_second().total_cmp(&a.per_second()));
    all.dedup();
    all
}

/// A source without what the camera does not offer together with its size, or else with its format.
pub(super) fn within(mut spec: SourceSpec, modes: &[Mode]) -> SourceSpec {
    spec.format = spec.format.filter(|format| formats(modes, spec.size).contains(format));
    spec.rate = spec.rate.filter(|rate| rates(modes, spec.size, spec.format).contains(rate));
    spec
}

#[cfg(test)]
mod tests {
    use super::*;
    use bowerbird_capture::SourceKind;

    fn webcam() -> Vec<Mode> {
        let mode = |format, width, height, rates: &[u32]| Mode {
            format,
            sizes: Sizes::One(width, height),
            rates: Rates::List(rates.iter().copied().map(Rate::new).collect()),
        };
        vec![
            mode(PixelFormat::Mjpeg, 1280, 720, &[30, 60]),
            mode(PixelFormat::Yuyv, 640, 480, &[15, 30]),
            mode(PixelFormat::Mjpeg, 640, 480, &[30]),
        ]
    }

    #[test]
    fn each_list_has_what_goes_with_the_others() {
        let modes = webcam();
        let (large, small) = (Some((1280, 720)), Some((640, 480)));
        assert_eq!(sizes(&modes, None), [(640, 480), (1280, 720)]);
        assert_eq!(sizes(&modes, Some(PixelFormat::Yuyv)), [(640, 480)]);
        assert_eq!(formats(&modes, small), [PixelFormat::Yuyv, PixelFormat::Mjpeg]);
        assert_eq!(formats(&modes, large), [PixelFormat::Mjpeg]);
        assert_eq!(rates(&modes, None, None), [60, 30, 15].map(Rate::new));
        assert_eq!(rates(&modes, small, Some(PixelFormat::Yuyv)), [30, 15].map(Rate::new));
    }

    #[test]
    fn what_is_chosen_is_dropped_when_the_size_does_not_have_it() {
        let camera = SourceSpec::from(SourceKind::Camera(None));
        let spec = SourceSpec {
            size: Some((1280, 720)),
            format: Some(PixelFormat::Yuyv),
            rate: Some(Rate::new(15)),
            ..camera.clone()
        };
        let wanted = SourceSpec { size: Some((1280, 720)), ..camera };
        assert_eq!(within(spec.clone(), &webcam()), wanted);
        let small = SourceSpec { size: Some((640, 480)), ..spec };
        assert_eq!(within(small.clone(), &webcam()), small);
    }

    #[test]
    fn of_ranges_the_usual_sizes_and_rates_are_offered() {
        let range = |min, max| Sizes::Range { min, max, step: (2, 2) };
        let rates_of = Rates::Range { slowest: Rate::new(1), fastest: Rate::new(28) };
        let modes = [Mode { format: PixelFormat::Yuyv, sizes: range((16, 16), (1300, 1300)), rates: rates_of }];
        assert_eq!(sizes(&modes, None), [(320, 240), (640, 360), (640, 480), (800, 600), (1280, 720)]);
        assert_eq!(rates(&modes, Some((640, 480)), None), [28, 25, 24, 15, 10, 5].map(Rate::new));
        let tiny = [Mode { format: PixelFormat::Yuyv, sizes: range((16, 16), (100, 50)), rates: Rates::Unknown }];
        assert_eq!((sizes(&tiny, None), rates(&tiny, None, None)), (vec![(100, 50)], Vec::new()));
    }
}
