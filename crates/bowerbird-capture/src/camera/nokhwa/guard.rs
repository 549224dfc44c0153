//! Calls of the library that may hang or panic, on a thread of their own.

use crate::reader::panicked;
use crate::{CaptureError, Mailbox};
use core::sync::atomic::{AtomicUsize, Ordering};
use core::time::Duration;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread;

/// Calls that may be under way at a time. A program asks from two or three threads; more of them are calls that hang.
const MOST: usize = 8;

/// Counts itself among the calls of a counter as long as it lives.
struct UnderWay(&'static AtomicUsize);

impl UnderWay {
    /// One more call, if it is not one too many.
    fn start(counter: &'static AtomicUsize) -> Option<Self> {
        let more = |calls| (calls < MOST).then_some(calls + 1);
        counter.fetch_update(Ordering::AcqRel, Ordering::Acquire, more).is_ok().then_some(Self(counter))
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

/// What `call` returns about the camera `name`, if it does within `limit`. If not it is left behind, on a thread named
/// after the library, and its result is dropped there.
///
/// # Errors
///
/// Those of the call; [`CaptureError::Stalled`] when it takes too long or [`MOST`] do, [`CaptureError::System`] when it
/// panics.
pub(super) fn guarded<T: Send + 'static>(
    name: &str,
    limit: Duration,
    call: impl FnOnce() -> Result<T, CaptureError> + Send + 'static,
) -> Result<T, CaptureError> {
    static CALLS: AtomicUsize = AtomicUsize::new(0);
    let stalled = CaptureError::Stalled { name: name.into(), seconds: limit.as_secs_f64().ceil() as u64 };
    let Some(under_way) = UnderWay::start(&CALLS) else { return Err(stalled) };
    let answer = Arc::new(Mailbox::new());
    let (theirs, theirs_name) = (Arc::clone(&answer), name.to_owned());
    let run = move || {
        let _under_way = under_way;
        let result = catch_unwind(AssertUnwindSafe(call));
        theirs.put(result.unwrap_or_else(|payload| Err(panicked(&theirs_name, &*payload))));
    };
    thread::Builder::new()
        .name("nokhwa call".into())
        .spawn(run)
        .map_err(|error| CaptureError::System { name: name.into(), reason: error.to_string() })?;
    answer.wait(limit).unwrap_or(Err(stalled))
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

    #[test]
    fn calls_that_hang_do_not_pile_up() {
        static CALLS: AtomicUsize = AtomicUsize::new(0);
        let mut calls: Vec<_> = (0..MOST).map(|_| UnderWay::start(&CALLS).unwrap()).collect();
        assert!(UnderWay::start(&CALLS).is_none());
        calls.pop();
        assert!(UnderWay::start(&CALLS).is_some());
    }
}
