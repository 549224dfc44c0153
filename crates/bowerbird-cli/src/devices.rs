//! `devices`: what this machine offers.

use crate::DONE;
use crate::args::DevicesArgs;
use crate::output::{print, print_json};
use core::fmt::Write;
use serde_json::{Value, json};
use std::process::ExitCode;

/// Why the list of cameras is empty.
const NO_CAMERAS: &str = "none: this build has no camera support yet";

/// Lists the adapters and the cameras.
pub(crate) fn run(args: &DevicesArgs) -> anyhow::Result<ExitCode> {
    let adapters = adapters()?;
    if args.json {
        return print_json(&json!({ "adapters": adapters, "cameras": [] }));
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
    let _ = writeln!(text, "\nCameras\n  {NO_CAMERAS}");
    print(&text).map(|()| DONE)
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
