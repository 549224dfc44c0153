//! `devices`: what this machine offers.

use crate::DONE;
use crate::args::DevicesArgs;
use crate::output::{print, print_json};
use bowerbird_capture::{CameraInfo, Mode, Rate, Rates, Sizes, cameras};
use core::fmt::Write;
use serde_json::{Value, json};
use std::process::ExitCode;

/// Lists the adapters and the cameras.
pub(crate) fn run(args: &DevicesArgs) -> anyhow::Result<ExitCode> {
    let adapters = adapters()?;
    let cameras = cameras();
    if args.json {
        let cameras: Vec<Value> = cameras.iter().map(camera_json).collect();
        return print_json(&json!({ "adapters": adapters, "cameras": cameras }));
    }
    let mut text = String::from("Graphics adapters\n");
    let listed = adapters.as_array().map_or(&[][..], Vec::as_slice);
    for adapter in listed {
        let field = |name: &str| adapter[name].as_str().unwrap_or("");
        let _ = writeln!(text, "  {} ({}, {}; {})", field("name"), field("kind"), field("backend"), field("driver"));
        let _ = writeln!(text, "      textures up to {0}×{0}", adapter["max_texture"]);
    }
    if listed.is_empty() {
        let why = if cfg!(feature = "gpu") {
            "no driver offers one that can compute"
        } else {
            "this build renders on the processor only"
        };
        let _ = writeln!(text, "  none: {why}");
    }
    text.push_str("\nCameras\n");
    for camera in &cameras {
        let _ = writeln!(text, "  {}: {} ({}, {})", camera.index, camera.name, camera.path.display(), camera.driver);
        if let Some(problem) = &camera.problem {
            let _ = writeln!(text, "      {problem}");
        }
        for mode in &camera.modes {
            let _ = writeln!(text, "      {mode}");
        }
    }
    if cameras.is_empty() {
        let _ = writeln!(text, "  none: {}", no_cameras());
    }
    print(&text).map(|()| DONE)
}

/// Why the list is empty, and what helps.
fn no_cameras() -> &'static str {
    if cfg!(target_os = "linux") {
        "plug one in; it appears as /dev/video0, and `ls /dev/video*` shows whether the system knows it"
    } else if cfg!(any(target_os = "macos", target_os = "windows")) {
        "plug one in, and allow programs to use cameras in the system's privacy settings"
    } else {
        "this build finds cameras on Linux, macOS and Windows only"
    }
}

fn camera_json(camera: &CameraInfo) -> Value {
    let rate = |rate: &Rate| json!([rate.frames, rate.seconds]);
    let mode = |mode: &Mode| {
        let size = match mode.sizes {
            Sizes::One(width, height) => json!({ "width": width, "height": height }),
            Sizes::Range { min, max, step } => json!({ "min": min, "max": max, "step": step }),
        };
        let rates = match &mode.rates {
            Rates::List(rates) => rates.iter().map(rate).collect(),
            Rates::Range { slowest, fastest } => json!({ "slowest": rate(slowest), "fastest": rate(fastest) }),
            Rates::Unknown => Value::Null,
        };
        json!({ "format": mode.format.name(), "size": size, "rates": rates })
    };
    json!({
        "index": camera.index, "name": camera.name, "path": camera.path, "driver": camera.driver, "id": camera.id,
        "modes": camera.modes.iter().map(mode).collect::<Vec<_>>(),
        "problem": camera.problem.as_ref().map(ToString::to_string),
    })
}

#[cfg(feature = "gpu")]
fn adapters() -> anyhow::Result<Value> {
    Ok(serde_json::to_value(bowerbird::gpu::adapters())?)
}

#[cfg(not(feature = "gpu"))]
#[expect(clippy::unnecessary_wraps, reason = "the other build can fail")]
fn adapters() -> anyhow::Result<Value> {
    Ok(json!([]))
}
