//! Memory that is kept from frame to frame.

use bytemuck::Pod;
use core::ops::{Deref, DerefMut};

/// Makes memory at least as long; what was in it is lost where it grows.
///
/// The memory is new then, and zeros as the system hands them out: page by page, to the threads that write it. One
/// thread that writes zeros beforehand took a sixth of the time of a whole process (ten mixed effects, 3840×2160).
pub(super) fn at_least<T: Copy + Default>(memory: &mut Vec<T>, size: usize) {
    if memory.len() < size {
        // Never both at a time.
        *memory = Vec::new();
        *memory = vec![T::default(); size];
    }
}

/// The planes of a picture, or nothing yet.
///
/// On Linux what is large lies on huge pages, if the system has some for those who ask: a first rendering stops once
/// for 2 MiB where it stopped for every 4 KiB, and later ones look fewer addresses up. Ten mixed effects, 3840×2160: a
/// whole process 282 to 244 ms, a rendering later on 111 to 106.
#[derive(Debug)]
pub(crate) enum Planes<T: Pod = f32> {
    Vec(Vec<T>),
    #[cfg(target_os = "linux")]
    Huge(memmap2::MmapMut),
}

/// Bytes from which on planes lie on huge pages, of which they fill a few.
#[cfg(target_os = "linux")]
const LEAST_HUGE: usize = 4 << 20;

impl<T: Pod> Planes<T> {
    fn zeros(size: usize) -> Self {
        #[cfg(target_os = "linux")]
        if size_of::<T>() * size >= LEAST_HUGE
            && let Ok(map) = memmap2::MmapMut::map_anon(size_of::<T>() * size)
        {
            // Where there are none it is memory like any other.
            let _ = map.advise(memmap2::Advice::HugePage);
            return Self::Huge(map);
        }
        Self::Vec(vec![T::zeroed(); size])
    }

    /// Makes them at least as long; what was in them is lost where they grow.
    pub(crate) fn at_least(&mut self, size: usize) {
        if self.len() < size {
            // Never both at a time.
            *self = Self::default();
            *self = Self::zeros(size);
        }
    }
}

impl<T: Pod> Default for Planes<T> {
    fn default() -> Self {
        Self::Vec(Vec::new())
    }
}

impl<T: Pod> Deref for Planes<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        match self {
            Self::Vec(values) => values,
            #[cfg(target_os = "linux")]
            Self::Huge(map) => bytemuck::cast_slice(map),
        }
    }
}

impl<T: Pod> DerefMut for Planes<T> {
    fn deref_mut(&mut self) -> &mut [T] {
        match self {
            Self::Vec(values) => values,
            #[cfg(target_os = "linux")]
            Self::Huge(map) => bytemuck::cast_slice_mut(map),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn planes_grow_to_zeros_of_any_size() {
        let mut planes = Planes::<[f32; 8]>::default();
        for size in [3, 1 << 18, (1 << 18) + 7] {
            planes.at_least(size);
            assert!(planes.len() == size && planes.iter().all(|eight| *eight == [0.0; 8]), "{size}");
            planes.fill([1.0; 8]);
        }
        // What is there already stays.
        planes.at_least(5);
        assert!(planes.len() == (1 << 18) + 7 && planes.iter().all(|eight| *eight == [1.0; 8]));
    }
}
