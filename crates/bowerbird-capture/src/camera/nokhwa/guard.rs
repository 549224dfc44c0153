//! Calls of the library that may hang or panic, on a thread of their own.

use crate::reader::panicked;
use crate::{CaptureError, Mailbox};
use core::time::Duration;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread;

/// What `call` returns about the camera `name`, if it does within `limit`. If not it is left behind, on a thread named
/// after the library, and its result is dropped there.
///
/// # Errors
///
/// Those of the call; [`CaptureError::Stalled`] when it takes too long, [`CaptureError::System`] when it panics.
pub(super) fn guarded<T: Send + 'static>(
    name: &str,
    limit: Duration,
    call: impl FnOnce() -> Result<T, CaptureError> + Send + 'static,
) -> Result<T, CaptureError> {
    let answer = Arc::new(Mailbox::new());
    let (theirs, theirs_name) = (Arc::clone(&answer), name.to_owned());
    let run = move || {
        let result = catch_unwind(AssertUnwindSafe(call));
        theirs.put(result.unwrap_or_else(|payload| Err(panicked(&theirs_name, &*payload))));
    };
    thread::Builder::new()
        .name("nokhwa call".into())
        .spawn(run)
        .map_err(|error| CaptureError::System { name: name.into(), reason: error.to_string() })?;
    answer
        .wait(limit)
        .unwrap_or_else(|| Err(CaptureError::Stalled { name: name.into(), seconds: limit.as_secs_f64().ceil() as u64 }))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Longer than a call here takes; reached only when a test fails.
    const LONG: Duration = Duration::from_secs(60);

    #[test]
    fn calls_that_panic_or_hang_are_errors() {
        assert_eq!(guarded("a camera", LONG, || Ok(7)), Ok(7));
        let error = guarded("a camera", LONG, || -> Result<(), _> { panic!("no such device") }).unwrap_err();
        assert!(error.to_string().contains("no such device"), "{error}");

        let gate = Arc::new(Mailbox::<()>::new());
        let theirs = Arc::clone(&gate);
        let hanging = move || Ok(theirs.wait(LONG));
        let error = guarded("a camera", Duration::from_millis(1), hanging).unwrap_err();
        assert_eq!(error, CaptureError::Stalled { name: "a camera".into(), seconds: 1 });
        gate.close();
    }
}
