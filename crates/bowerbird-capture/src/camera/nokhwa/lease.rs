//! Which cameras are held by a thread of ours, so that one that hangs is not opened over and over.
//!
//! The thread holds the lease of its camera and returns it when it ends. While it hangs the camera is not opened again,
//! and no second thread comes to hang. A camera that is not listed was unplugged: its lease is void, for some libraries
//! never come back from a camera that is gone, and what is plugged in again is another one.

use crate::CaptureError;
use core::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The leases that are out: their numbers and cameras.
static OUT: Mutex<Vec<(u64, String)>> = Mutex::new(Vec::new());

fn out() -> MutexGuard<'static, Vec<(u64, String)>> {
    OUT.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The right to open a camera. Dropping it returns it.
#[derive(Debug)]
pub(super) struct Lease(u64);

impl Lease {
    /// Takes the lease of the camera `id`, which people know by `name`.
    ///
    /// # Errors
    ///
    /// [`CaptureError::System`] while another thread holds it.
    pub(super) fn take(id: &str, name: &str) -> Result<Self, CaptureError> {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let mut out = out();
        if out.iter().any(|(_, held)| held == id) {
            let reason = "this program has it open, or its driver does not answer; it is opened when that ends, or when it \
                          is plugged in again";
            return Err(CaptureError::System { name: name.into(), reason: reason.into() });
        }
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        out.push((number, id.into()));
        Ok(Self(number))
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        out().retain(|(number, _)| *number != self.0);
    }
}

/// Makes the leases of cameras void that are not there any more.
pub(super) fn keep(is_there: &dyn Fn(&str) -> bool) {
    out().retain(|(_, id)| is_there(id));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_camera_has_one_lease_until_it_is_returned_or_unplugged() {
        let first = Lease::take("a", "A").unwrap();
        let error = Lease::take("a", "A").unwrap_err();
        assert!(error.may_pass(), "{error}");
        let other = Lease::take("b", "B").unwrap();
        drop(first);
        let second = Lease::take("a", "A").unwrap();

        keep(&|id| id != "a");
        let third = Lease::take("a", "A").unwrap();
        drop(second);
        assert!(Lease::take("a", "A").is_err(), "a void lease that comes back returns no other");
        drop((third, other));
    }
}
