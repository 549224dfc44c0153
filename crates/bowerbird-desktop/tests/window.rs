//! The program in a real window, on a display in memory.

use serde_json::Value;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

const PROGRAM: &str = env!("CARGO_BIN_EXE_bowerbird-desktop");

/// A display in memory; its server ends with it.
struct Display {
    server: Child,
    name: String,
}

impl Display {
    /// Starts a server on a display of its own choice. `None` where there is none and none is demanded.
    fn start() -> Option<Self> {
        let server = Command::new("Xvfb")
            .args(["-displayfd", "1", "-screen", "0", "1600x1000x24", "-nolisten", "tcp"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn();
        let mut server = match server {
            Ok(server) => server,
            Err(error) => {
                let required = std::env::var_os("BOWERBIRD_REQUIRE_DISPLAY").is_some();
                assert!(!required, "Xvfb: {error}");
                return None;
            }
        };
        let mut number = String::new();
        BufReader::new(server.stdout.take().unwrap()).read_line(&mut number).unwrap();
        Some(Self { server, name: format!(":{}", number.trim()) })
    }
}

impl Drop for Display {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

fn program(folder: &Path) -> Command {
    let mut command = Command::new(PROGRAM);
    command.env("XDG_CONFIG_HOME", folder).env("XDG_RUNTIME_DIR", folder).env_remove("WAYLAND_DISPLAY");
    command
}

#[test]
fn a_whole_run_in_a_window_reports_and_is_pictured() {
    let Some(display) = Display::start() else { return };
    let folder = tempfile::tempdir().unwrap();
    let recipe = folder.path().join("look.json");
    std::fs::write(
        &recipe,
        r##"{"version":1,"name":"Look","steps":[{"effect":"grayscale"},{"effect":"vignette","amount":0.6}]}"##,
    )
    .unwrap();
    let (report, screenshot) = (folder.path().join("report.json"), folder.path().join("window.png"));
    let output = program(folder.path())
        .env("DISPLAY", &display.name)
        .args(["--source", "synthetic:bars?size=640x360&rate=30", "--backend", "cpu", "--exit-after", "4"])
        .args(["--size", "1100x700", "--recipe"])
        .arg(&recipe)
        .arg("--report")
        .arg(&report)
        .arg("--screenshot")
        .arg(&screenshot)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));

    let report: Value = serde_json::from_slice(&std::fs::read(&report).unwrap()).unwrap();
    let number =
        |path: &str| report.pointer(path).and_then(Value::as_f64).unwrap_or_else(|| panic!("no {path}: {report}"));
    assert!(number("/frames_in") > 20.0 && number("/frames_out") > 10.0, "{report}");
    for path in [
        "/dropped",
        "/fps",
        "/latency_ms/p50",
        "/latency_ms/p99",
        "/ui_frame_ms/p50",
        "/ui_frame_ms/p99",
        "/ui_frame_ms/max",
        "/longest_ui_wait_ms",
        "/engine_ms/p50",
        "/engine_ms/p99",
    ] {
        assert!(number(path) >= 0.0, "{path}");
    }

    let window = bowerbird::Image::open(&screenshot).unwrap();
    assert_eq!(window.size(), (1100, 700));
    // In the middle of the canvas are the bars, without color; the button to export is blue.
    let rgba = window.to_rgba8();
    let at = |x: usize, y: usize| &rgba[4 * (1100 * y + x)..][..3];
    let gray = (100..600).step_by(25).map(|x| at(x, 300)).filter(|p| p[0].abs_diff(p[2]) < 6).count();
    assert_eq!(gray, 20, "the look is on the canvas");
    let levels: std::collections::BTreeSet<u8> = (100..600).step_by(25).map(|x| at(x, 300)[1] / 8).collect();
    assert!(levels.len() > 4, "bars of many levels are on the canvas: {levels:?}");
    let blue = (900..1100).any(|x| at(x, 20)[2] > 180 && at(x, 20)[0] < 110);
    assert!(blue, "the bar has its button");

    let session: Value =
        serde_json::from_slice(&std::fs::read(folder.path().join("bowerbird/session.json")).unwrap()).unwrap();
    assert_eq!(session["source"], "synthetic:bars?size=640x360&rate=30");
}

#[test]
fn on_the_gpu_the_window_draws_what_never_left_the_device() {
    let Some(display) = Display::start() else { return };
    let folder = tempfile::tempdir().unwrap();
    let recipe = folder.path().join("look.json");
    std::fs::write(&recipe, r#"{"version":1,"steps":[{"effect":"grayscale"},{"effect":"time_low_pass"}]}"#).unwrap();
    let (report, screenshot) = (folder.path().join("report.json"), folder.path().join("window.png"));
    let output = program(folder.path())
        .env("DISPLAY", &display.name)
        .args(["--source", "synthetic:bars?size=320x180&rate=10", "--backend", "gpu", "--exit-after", "5", "--fresh"])
        .args(["--size", "900x600", "--recipe"])
        .arg(&recipe)
        .arg("--report")
        .arg(&report)
        .arg("--screenshot")
        .arg(&screenshot)
        .output()
        .unwrap();
    if !output.status.success() && std::env::var_os("BOWERBIRD_REQUIRE_GPU").is_none() {
        println!("SKIPPED: {}", String::from_utf8_lossy(&output.stderr));
        return;
    }
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let report: Value = serde_json::from_slice(&std::fs::read(&report).unwrap()).unwrap();
    let number = |path: &str| report[path].as_u64().unwrap_or_else(|| panic!("no {path}: {report}"));
    assert!(report["backend"].as_str().unwrap().starts_with("gpu"), "{report}");
    assert!(number("frames_out") > 2, "{report}");
    // The pointer rests in the window, and of each frame the inspector looks at the pixel under it.
    assert!(number("bytes_read_back") <= 4 * (number("frames_out") + 8), "{report}");

    let window = bowerbird::Image::open(&screenshot).unwrap();
    let rgba = window.to_rgba8();
    let at = |x: usize, y: usize| &rgba[4 * (900 * y + x)..][..3];
    let levels: std::collections::BTreeSet<u8> = (60..540).step_by(20).map(|x| at(x, 260)[1] / 8).collect();
    let gray = (60..540).step_by(20).map(|x| at(x, 260)).filter(|p| p[0].abs_diff(p[2]) < 6).count();
    assert!(
        gray == 24 && levels.len() > 4,
        "bars of many levels, without color, are on the canvas: {gray}, {levels:?}"
    );
}

#[cfg(unix)]
#[test]
fn a_signal_ends_the_app_as_closing_its_window_does() {
    let Some(display) = Display::start() else { return };
    let folder = tempfile::tempdir().unwrap();
    let report = folder.path().join("report.json");
    let mut app = program(folder.path())
        .env("DISPLAY", &display.name)
        .args(["--source", "synthetic:bars?size=64x36&rate=10", "--backend", "cpu", "--report"])
        .arg(&report)
        .spawn()
        .unwrap();
    // It is kept for the first time when the app has run for a while.
    let begin = std::time::Instant::now();
    while !folder.path().join("bowerbird/session.json").exists() {
        assert!(begin.elapsed().as_secs() < 120 && app.try_wait().unwrap().is_none());
        std::thread::yield_now();
    }
    assert!(Command::new("kill").arg(app.id().to_string()).status().unwrap().success());
    assert!(app.wait().unwrap().success());
    assert!(report.exists());
}

#[test]
fn a_source_that_cannot_be_is_said_before_a_window_opens() {
    let folder = tempfile::tempdir().unwrap();
    let output = program(folder.path()).env_remove("DISPLAY").args(["--source", "webcam"]).output().unwrap();
    let message = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && message.contains("camera:N"), "{message}");
}

#[test]
fn a_recipe_that_cannot_be_read_is_said_before_a_window_opens() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("look.json");
    for (text, part) in [(None, "look.json"), (Some(r#"{"steps":[7]}"#), "steps[0]")] {
        if let Some(text) = text {
            std::fs::write(&path, text).unwrap();
        }
        for arguments in [&["--exit-after", "1"][..], &[]] {
            let output = program(folder.path())
                .env_remove("DISPLAY")
                .arg("--recipe")
                .arg(&path)
                .args(arguments)
                .output()
                .unwrap();
            let message = String::from_utf8_lossy(&output.stderr);
            assert!(!output.status.success() && message.contains(part), "{message}");
        }
    }
}

#[test]
fn without_a_display_it_says_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let output = program(folder.path()).env_remove("DISPLAY").output().unwrap();
    let message = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success());
    if cfg!(target_os = "linux") {
        assert!(message.contains("no display") && message.contains("bowerbird apply"), "{message}");
    }
}
