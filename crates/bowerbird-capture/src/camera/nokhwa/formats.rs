//! Formats and modes in the library's words and in ours.

use super::system::KNOWN;
use crate::PixelFormat;
use crate::camera::{Choice, Mode, Rate, Rates, Sizes};
use nokhwa::utils::{CameraFormat, FrameFormat};

/// Our name of a format.
pub(super) fn pixel_format(format: FrameFormat) -> PixelFormat {
    match format {
        FrameFormat::MJPEG => PixelFormat::Mjpeg,
        FrameFormat::YUYV => PixelFormat::Yuyv,
        FrameFormat::NV12 => PixelFormat::Nv12,
        FrameFormat::GRAY => PixelFormat::Gray,
        FrameFormat::RAWRGB => PixelFormat::Rgb,
        FrameFormat::RAWBGR => PixelFormat::Bgr,
    }
}

/// The library's name of a format, if it gets its frames right on this system.
pub(super) fn frame_format(format: PixelFormat) -> Option<FrameFormat> {
    KNOWN.iter().copied().find(|known| pixel_format(*known) == format)
}

/// The library's words for a choice; it knows whole rates only.
pub(super) fn camera_format(choice: &Choice) -> Option<CameraFormat> {
    let format = frame_format(choice.format)?;
    (choice.rate.seconds == 1).then(|| CameraFormat::new_from(choice.width, choice.height, format, choice.rate.frames))
}

/// The modes in a list of the library, which repeats itself and is in no order: those of formats that are right on this
/// system, by format, size and rate, the fastest first.
pub(super) fn modes(listed: &[CameraFormat]) -> Vec<Mode> {
    let mut known: Vec<_> = listed
        .iter()
        .filter(|mode| mode.width() > 0 && mode.height() > 0 && mode.frame_rate() > 0)
        .filter_map(|mode| {
            let place = KNOWN.iter().position(|known| *known == mode.format())?;
            Some((place, mode.width(), mode.height(), core::cmp::Reverse(mode.frame_rate())))
        })
        .collect();
    known.sort_unstable();
    known.dedup();
    known
        .chunk_by(|a, b| (a.0, a.1, a.2) == (b.0, b.1, b.2))
        .map(|modes| {
            let (place, width, height, _) = modes[0];
            Mode {
                format: pixel_format(KNOWN[place]),
                sizes: Sizes::One(width, height),
                rates: Rates::List(modes.iter().map(|mode| Rate::new(mode.3.0)).collect()),
            }
        })
        .collect()
}

/// Bytes from one row to the next in a frame of `bytes` whose rows have `row` and may be padded to a multiple of
/// `alignment`. A frame that is not made of such rows is taken to have none padded.
pub(super) fn stride(bytes: usize, row: usize, height: u32, alignment: usize) -> usize {
    let padded = row.next_multiple_of(alignment);
    if bytes == padded * height as usize { padded } else { row }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn padded_rows_are_told_by_the_length_of_the_frame() {
        // 1552 pixels of YUYV have 3104 bytes, which is 48 and a half times 64.
        for (bytes, wanted) in [(3136 * 1552, 3136), (3104 * 1552, 3104), (3104 * 1552 + 4096, 3104), (0, 3104)] {
            assert_eq!(stride(bytes, 3104, 1552, 64), wanted, "{bytes}");
        }
    }
    use nokhwa::utils::frame_formats;

    #[test]
    fn formats_are_named_alike_both_ways_and_unknown_ones_not_at_all() {
        for format in frame_formats() {
            let back = frame_format(pixel_format(*format));
            assert_eq!(back, KNOWN.contains(format).then_some(*format), "{format}");
        }
        for format in [PixelFormat::Uyvy, PixelFormat::I420, PixelFormat::Rgba] {
            assert_eq!(frame_format(format), None, "{format}");
        }
    }

    #[test]
    fn modes_are_gathered_from_a_list_that_repeats_itself() {
        let listed = [
            (FrameFormat::YUYV, 640, 480, 15),
            (FrameFormat::MJPEG, 1280, 720, 30),
            (FrameFormat::YUYV, 640, 480, 30),
            (FrameFormat::YUYV, 320, 240, 30),
            (FrameFormat::YUYV, 640, 480, 15),
            (FrameFormat::YUYV, 640, 480, 0),
            (FrameFormat::YUYV, 0, 480, 30),
        ];
        let listed = listed.map(|(format, width, height, rate)| CameraFormat::new_from(width, height, format, rate));
        let mut words: Vec<_> = modes(&listed).iter().map(ToString::to_string).collect();
        words.sort();
        assert_eq!(words, ["1280×720 MJPEG at 30/s", "320×240 YUYV at 30/s", "640×480 YUYV at 30/s, 15/s"]);
        assert!(modes(&[]).is_empty());
    }

    #[test]
    fn a_choice_is_said_in_the_librarys_words_if_it_has_them() {
        let choice = |format, rate| Choice { format, width: 640, height: 480, rate, reason: String::new() };
        let whole = camera_format(&choice(PixelFormat::Yuyv, Rate::new(30)));
        assert_eq!(whole, Some(CameraFormat::new_from(640, 480, FrameFormat::YUYV, 30)));
        assert_eq!(camera_format(&choice(PixelFormat::Yuyv, Rate { frames: 30000, seconds: 1001 })), None);
        assert_eq!(camera_format(&choice(PixelFormat::Uyvy, Rate::new(30))), None);
    }
}
