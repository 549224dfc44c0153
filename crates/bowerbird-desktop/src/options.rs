//! What can be asked for when the app is started; everything else is on the screen.

use bowerbird::Backend;
use clap::{Parser, ValueEnum};
use std::path::PathBuf;

/// What renders.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, ValueEnum)]
pub enum BackendName {
    /// A real graphics card where there is one, else the processor.
    #[default]
    Auto,
    /// The processor.
    Cpu,
    /// The graphics card, even a software one.
    Gpu,
}

impl From<BackendName> for Backend {
    fn from(name: BackendName) -> Self {
        match name {
            BackendName::Auto => Self::Auto,
            BackendName::Cpu => Self::Cpu,
            BackendName::Gpu => Self::Gpu,
        }
    }
}

/// Light or dark.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, ValueEnum, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ThemeName {
    /// Dark, which leaves the picture the brightest thing on the screen.
    #[default]
    Dark,
    /// Light.
    Light,
}

/// Bowerbird's desktop app: a camera, film or picture through a look, every parameter under your hand.
///
/// Without options it opens where it was left. With --exit-after, --report and --screenshot it runs by itself, to be
/// measured or pictured.
#[derive(Clone, Debug, Default, Parser)]
#[command(name = "bowerbird live", bin_name = "bowerbird live", version, about, max_term_width = 100)]
pub struct Options {
    /// Where frames come from: camera:N, camera:NAME, video:PATH, image:PATH, folder:PATH, synthetic[:zone|bars|timestamp],
    /// y4m:-; with ?size=1280x720&rate=30&format=MJPEG behind it where that applies, and ?backend=nokhwa for a camera
    /// through that library in place of V4L2, if it is built in
    #[arg(long, value_name = "SOURCE")]
    pub source: Option<String>,
    /// A picture, video, folder or recipe to open
    #[arg(value_name = "FILE")]
    pub file: Option<PathBuf>,
    /// The recipe to begin with
    #[arg(long, short, value_name = "PATH")]
    pub recipe: Option<PathBuf>,
    /// What renders
    #[arg(long, value_name = "BACKEND", default_value = "auto")]
    pub backend: BackendName,
    /// Threads of the processor; 0 is one a core
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub threads: usize,
    /// The window's size in points
    #[arg(long, value_name = "WxH", value_parser = size)]
    pub size: Option<(f32, f32)>,
    /// Size of text and controls; 1 is the display's own
    #[arg(long, value_name = "FACTOR", value_parser = zoom)]
    pub zoom: Option<f32>,
    /// Light or dark; that of the last time when left out
    #[arg(long, value_name = "THEME")]
    pub theme: Option<ThemeName>,
    /// Begins anew, and keeps nothing of this session
    #[arg(long)]
    pub fresh: bool,
    /// Records what comes in and what is asked for, to be rendered again to the same bytes
    #[arg(long, value_name = "PATH")]
    pub record_session: Option<PathBuf>,
    /// Ends after so many seconds
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    pub exit_after: Option<f64>,
    /// Writes frame counts, latencies and interface times as JSON at the end
    #[arg(long, value_name = "PATH.json")]
    pub report: Option<PathBuf>,
    /// Writes a picture of the window at the end
    #[arg(long, value_name = "PATH.png")]
    pub screenshot: Option<PathBuf>,
}

fn zoom(text: &str) -> Result<f32, String> {
    let factor = text.parse().ok().filter(|factor| (0.5..=4.0).contains(factor));
    factor.ok_or_else(|| "write a number from 0.5 to 4".into())
}

fn seconds(text: &str) -> Result<f64, String> {
    let seconds = text.parse().ok().filter(|seconds: &f64| seconds.is_finite() && *seconds >= 0.0);
    seconds.ok_or_else(|| "write a number of seconds, as 5 or 0.5".into())
}

fn size(text: &str) -> Result<(f32, f32), String> {
    let sides = text.split_once(['x', '×']).and_then(|(a, b)| Some((a.parse().ok()?, b.parse().ok()?)));
    sides
        .filter(|(width, height): &(f32, f32)| (320.0..=16384.0).contains(width) && (240.0..=16384.0).contains(height))
        .ok_or_else(|| "write 1280x720; a window is at least 320x240".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_make_no_window_are_said_to_be_wrong() {
        for wrong in
            [["--zoom", "nan"], ["--zoom", "0"], ["--exit-after", "nan"], ["--exit-after", "inf"], ["--size", "9x9"]]
        {
            let error = Options::try_parse_from([&["bowerbird-desktop"], &wrong[..]].concat()).unwrap_err().to_string();
            assert!(error.contains(wrong[0]) && error.contains(": "), "{error}");
        }
        let options = Options::try_parse_from(["bowerbird-desktop", "--zoom", "2", "--exit-after", "0.5"]).unwrap();
        assert_eq!((options.zoom, options.exit_after), (Some(2.0), Some(0.5)));
    }
}
