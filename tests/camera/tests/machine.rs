//! Boots the camera machine and runs the cases of the program `guest` in it.
//!
//! `BOWERBIRD_CAMERA_CASES` holds words that choose cases by name; `BOWERBIRD_CAMERA_LOG` names a file that everything
//! the machine prints goes into. Where the machine cannot be set up the test is skipped with a line that says why; with
//! `BOWERBIRD_REQUIRE_CAMERAS` set, as the test command does once it has installed what it takes, that is a failure.

#![forbid(unsafe_code)]

use bowerbird_camera_tests::pictures;
use std::env::{var, var_os};
use std::fs;
use std::process::Command;

/// The status of `machine.sh` if the machine cannot be set up.
const NOT_SET_UP: i32 = 125;

#[test]
fn the_cases_hold_in_the_machine() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    pictures::write(folder.path()).expect("writes pictures");
    let words = var("BOWERBIRD_CAMERA_CASES").unwrap_or_default();
    let output = Command::new(concat!(env!("CARGO_MANIFEST_DIR"), "/machine.sh"))
        .args(["--with", env!("CARGO_BIN_EXE_fakeuvc")])
        .arg("--data")
        .arg(format!("{}=/pictures", folder.path().display()))
        .arg(env!("CARGO_BIN_EXE_guest"))
        .args(words.split_whitespace())
        .output()
        .expect("machine.sh needs bash");
    let printed = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    if let Some(log) = var_os("BOWERBIRD_CAMERA_LOG") {
        fs::write(&log, format!("{printed}{errors}")).unwrap_or_else(|cause| panic!("{}: {cause}", log.display()));
    }
    if output.status.code() == Some(NOT_SET_UP) {
        assert!(var_os("BOWERBIRD_REQUIRE_CAMERAS").is_none(), "{errors}");
        println!("SKIPPED: {errors}");
        return;
    }
    println!("{printed}{errors}");
    // The status speaks for the cases; the line shows that there were some.
    assert!(output.status.success(), "the machine's status is {}", output.status);
    assert!(printed.lines().any(|line| line.starts_with("ok ")), "no case ran");
}
