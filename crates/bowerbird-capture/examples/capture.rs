//! Lists the cameras, or captures frames of any source and says what happens to it.
//!
//! ```text
//! cargo run -p bowerbird-capture --example capture                      # which cameras there are
//! cargo run -p bowerbird-capture --example capture -- camera:0 100      # 100 frames of the first
//! ```

use bowerbird_capture::{Capture, CaptureError, SourceSpec, cameras, controls};
use std::time::{Duration, Instant};

/// The source counts as lost when nothing comes for so long.
const PATIENCE: Duration = Duration::from_secs(12);

fn main() -> Result<(), CaptureError> {
    let mut arguments = std::env::args().skip(1);
    let Some(source) = arguments.next() else { return list() };
    let mut left: u64 = arguments.next().and_then(|count| count.parse().ok()).unwrap_or(30);
    let spec: SourceSpec = source.parse()?;
    let nothing = |_: &std::path::Path, _: &mut bowerbird_capture::Frame| {
        Err(CaptureError::Missing { what: "a decoder of pictures".into(), hint: "this example has none".into() })
    };
    let capture = Capture::start(spec.open(Box::new(nothing)))?;
    let mut rgba = Vec::new();
    let mut heard = Instant::now();
    while left > 0 && !capture.ended() && heard.elapsed() < PATIENCE {
        if let Some(frame) = capture.wait(Duration::from_millis(100)) {
            heard = Instant::now();
            left -= 1;
            frame.to_rgba(&mut rgba)?;
            // FNV-1a, enough to see whether pictures are alike.
            let sum = rgba
                .iter()
                .fold(0xcbf2_9ce4_8422_2325_u64, |sum, byte| (sum ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3));
            let (number, time, format) = (frame.sequence, frame.time, frame.format);
            println!("frame {number} at {time:?}: {}×{} {format}, sum {sum:016x}", frame.width, frame.height);
            capture.give_back(frame);
        }
        capture.events().iter().for_each(|event| println!("{event:?}"));
    }
    capture.events().iter().for_each(|event| println!("{event:?}"));
    println!("{:?}", capture.counters());
    Ok(())
}

fn list() -> Result<(), CaptureError> {
    for camera in cameras() {
        println!("{}: {} at {} ({}, {})", camera.index, camera.name, camera.path.display(), camera.driver, camera.id);
        camera.problem.iter().for_each(|problem| println!("  {problem}"));
        camera.modes.iter().for_each(|mode| println!("  {mode}"));
        for control in controls(&camera.path)? {
            let (min, max, step) = (control.min, control.max, control.step);
            println!("  {:#010x} {}: {} of {min} to {max} by {step}", control.id, control.name, control.value);
            control.items.iter().for_each(|item| println!("    {} {}", item.value, item.label));
        }
    }
    Ok(())
}
