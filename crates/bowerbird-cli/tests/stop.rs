//! The program when it is told to stop, or that a file is too large.
#![cfg(unix)]

use bowerbird::Image;
use std::fs;
use std::io::{Read, Write};
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const PROGRAM: &str = env!("CARGO_BIN_EXE_bowerbird");

fn noise(side: u32) -> Image {
    let mut state = 1u32;
    let bytes = (0..side * side * 4).map(|_| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    });
    Image::from_rgba8(side, side, bytes.collect()).unwrap()
}

/// Starts `apply` in a folder on the processor, with a pipe as `/dev/stdin`.
fn apply(folder: &Path, words: &[&str]) -> Child {
    let mut command = Command::new(PROGRAM);
    command.current_dir(folder).arg("apply").args(words).args(["--backend", "cpu"]);
    command.stdin(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

fn signal(program: &Child, name: &str) {
    let id = program.id().to_string();
    assert!(Command::new("kill").args([format!("-{name}"), id]).status().unwrap().success());
}

/// Its exit status and what it said; the pipe stays open until then.
fn end(mut program: Child) -> (Option<i32>, String) {
    let _open = program.stdin.take();
    let mut said = String::new();
    program.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    let status = program.wait().unwrap();
    assert_eq!(status.signal(), None, "{said}");
    (status.code(), said)
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn what_is_written_stays_and_a_reader_that_waits_is_left() {
    for (name, status) in [("INT", 130), ("TERM", 143)] {
        let folder = tempfile::tempdir().unwrap();
        noise(8).save(folder.path().join("a.png")).unwrap();
        let program = apply(folder.path(), &["a.png", "/dev/stdin", "-e", "invert", "-o", "out"]);
        let (written, begin) = (folder.path().join("out/a.png"), Instant::now());
        while !written.exists() {
            assert!(begin.elapsed() < Duration::from_secs(60));
            std::thread::yield_now();
        }
        signal(&program, name);
        let (code, said) = end(program);
        assert_eq!(code, Some(status), "{said}");
        assert!(said.contains("stopped: 1 of 2 written"), "{said}");
        assert_eq!(names(&folder.path().join("out")), ["a.png"], "no temporary file stays");
        Image::open(written).unwrap();
    }
}

#[test]
fn a_long_rendering_is_given_up_and_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    noise(1200).save(folder.path().join("in.png")).unwrap();
    let bytes = fs::read(folder.path().join("in.png")).unwrap();
    // Half a minute and more.
    let long = ["-e", "median radius=60px"].repeat(40);
    let mut program = apply(folder.path(), &[&["/dev/stdin", "-o", "out.png"], &long[..]].concat());
    // All of it was read when the pipe has taken it, but for what a pipe holds.
    program.stdin.as_mut().unwrap().write_all(&bytes).unwrap();
    drop(program.stdin.take());
    signal(&program, "INT");
    let (code, said) = end(program);
    assert_eq!((code, said.as_str()), (Some(130), "error: stopped: 0 of 1 written\n"));
    assert_eq!(names(folder.path()), ["in.png"]);
}

#[test]
fn what_the_caller_ignores_is_ignored() {
    let folder = tempfile::tempdir().unwrap();
    noise(8).save(folder.path().join("a.png")).unwrap();
    let bytes = fs::read(folder.path().join("a.png")).unwrap();
    if !Path::new("/proc/self/status").exists() {
        return;
    }
    let mut program = Command::new("sh");
    program.args(["-c", "trap '' HUP; exec \"$0\" apply a.png /dev/stdin -e invert --backend cpu -o out", PROGRAM]);
    program.current_dir(folder.path()).stdin(Stdio::piped()).stderr(Stdio::piped());
    let mut program = program.spawn().unwrap();
    let begin = Instant::now();
    while !folder.path().join("out/a.png").exists() {
        assert!(begin.elapsed() < Duration::from_secs(60));
        std::thread::yield_now();
    }
    signal(&program, "HUP");
    program.stdin.take().unwrap().write_all(&bytes).unwrap();
    let (code, said) = end(program);
    assert_eq!((code, said.as_str()), (Some(0), ""));
    assert_eq!(names(&folder.path().join("out")), ["a.png", "stdin.png"]);
}

#[test]
fn a_file_beyond_the_limit_is_an_error_and_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    noise(64).save(folder.path().join("a.png")).unwrap();
    let line = "ulimit -f 1; exec \"$0\" apply a.png -e invert --backend cpu -o b.png";
    let output = Command::new("sh").args(["-c", line, PROGRAM]).current_dir(folder.path()).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("b.png") && said.contains("ulimit"), "{said}");
    assert_eq!(names(folder.path()), ["a.png"]);
}

#[test]
fn the_app_takes_the_place_of_the_program_so_that_signals_are_its_own() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let (program, app) = (folder.path().join("bowerbird"), folder.path().join("bowerbird-desktop"));
    fs::copy(PROGRAM, &program).unwrap();
    fs::write(&app, "#!/bin/sh\necho $$ $1\n").unwrap();
    fs::set_permissions(&app, fs::Permissions::from_mode(0o755)).unwrap();
    let program = Command::new(program).args(["live", "--fresh"]).stdout(Stdio::piped()).spawn().unwrap();
    let id = program.id();
    let output = program.wait_with_output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stdout), format!("{id} --fresh\n"));
}
