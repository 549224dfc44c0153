//! Waiting for a condition with a deadline: the only way in which a case waits.

use anyhow::bail;
use std::thread;
use std::time::{Duration, Instant};

/// Enough for anything the machine does, on a busy host; reached only when a case fails.
pub(crate) const LONG: Duration = Duration::from_secs(20);
/// Between two looks.
const PAUSE: Duration = Duration::from_millis(20);

/// Looks until there is something to see, and fails after the deadline with what was waited for.
pub(crate) fn until<T>(what: &str, mut look: impl FnMut() -> anyhow::Result<Option<T>>) -> anyhow::Result<T> {
    let deadline = Instant::now() + LONG;
    loop {
        if let Some(seen) = look()? {
            return Ok(seen);
        }
        if Instant::now() > deadline {
            bail!("waited {} s in vain for {what}", LONG.as_secs());
        }
        thread::sleep(PAUSE);
    }
}

/// Watches a value until it has been the same for a while, and returns it.
pub(crate) fn until_still<T: PartialEq + Copy>(
    what: &str,
    a_while: Duration,
    mut look: impl FnMut() -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    let (mut last, mut since) = (look()?, Instant::now());
    until(what, || {
        let now = look()?;
        if now != last {
            (last, since) = (now, Instant::now());
        }
        Ok((since.elapsed() >= a_while).then_some(last))
    })
}
