//! The program that runs inside the camera machine: a table of cases, each a statement about cameras.
//!
//!   guest [--list] [WORD…]    runs the cases whose names contain one of the words, or all
//!   guest --is-refused PATH   part of one of them, which that runs as somebody else
//!
//! For each case it prints `ok NAME (SECONDS)` or `FAILED NAME: REASON`, and at the end it exits with 1 if one failed.
//! Cases run one after the other, in the order of the table; each starts the cameras it needs and leaves none behind.
//!
//! A new case is a function in a module of `cases` and a line in that module's table.

#![forbid(unsafe_code)]

mod cases;
mod fake_camera;
mod node;
mod poll;
mod v4l2_ctl;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

/// A case: its name, and what fails with the reason.
struct Case {
    name: &'static str,
    run: fn() -> anyhow::Result<()>,
}

/// A row of a table.
const fn case(name: &'static str, run: fn() -> anyhow::Result<()>) -> Case {
    Case { name, run }
}

/// Runs a case; assertions in it count as failures too.
fn outcome(case: &Case) -> anyhow::Result<()> {
    catch_unwind(AssertUnwindSafe(case.run)).unwrap_or_else(|payload| {
        let text = payload.downcast_ref::<String>().map(String::as_str);
        let text = text.or_else(|| payload.downcast_ref::<&str>().copied());
        Err(anyhow::anyhow!("{}", text.unwrap_or("panicked").to_owned()))
    })
}

fn main() -> ExitCode {
    let mut words: Vec<String> = std::env::args().skip(1).collect();
    if let [option, path] = words.as_slice()
        && option == cases::faults::REFUSED
    {
        return match cases::faults::is_refused(Path::new(path)) {
            Ok(()) => ExitCode::SUCCESS,
            Err(cause) => {
                println!("{cause:#}");
                ExitCode::FAILURE
            }
        };
    }
    let list = words.iter().any(|word| word == "--list");
    words.retain(|word| word != "--list");
    let chosen: Vec<&Case> = cases::TABLES
        .iter()
        .flat_map(|table| table.iter())
        .filter(|case| words.is_empty() || words.iter().any(|word| case.name.contains(word)))
        .collect();
    if chosen.is_empty() {
        println!("FAILED: no case is named like that; --list names them");
        return ExitCode::FAILURE;
    }
    let mut failed = 0;
    for case in &chosen {
        if list {
            println!("{}", case.name);
            continue;
        }
        let start = Instant::now();
        match outcome(case) {
            Ok(()) => println!("ok {} ({:.1})", case.name, start.elapsed().as_secs_f64()),
            Err(cause) => {
                failed += 1;
                println!("FAILED {}: {cause:#}", case.name);
            }
        }
    }
    if !list {
        println!("{} cases, {failed} failed", chosen.len());
    }
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
