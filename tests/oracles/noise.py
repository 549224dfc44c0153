"""The one integer hash and what is drawn from it (effects.md 1.9). All u32, wrapping."""

import numpy as np

_MASK = np.uint64(0xFFFFFFFF)
_GAUSS_SCALE = np.array([0x3B800040], np.uint32).view(np.float32)[0]


def _u32(v):
    """Two's complement u32 held in u64, so that products never lose bits."""
    return np.asarray(v).astype(np.int64).astype(np.uint64) & _MASK


def _mad(a, b, c):
    return (a * b + c) & _MASK


def pcg(v):
    """The 32-bit output permutation (1.9)."""
    s = _mad(_u32(v), np.uint64(747796405), np.uint64(2891336453))
    w = (((s >> ((s >> np.uint64(28)) + np.uint64(4))) ^ s) * np.uint64(277803737)) & _MASK
    return (w >> np.uint64(22)) ^ w


def pcg3d(x, y, z):
    """Jarzynski & Olano 2020, three words in, three out (1.9)."""
    a, c = np.uint64(1664525), np.uint64(1013904223)
    x, y, z = (_mad(_u32(v), a, c) for v in (x, y, z))
    x = _mad(y, z, x)
    y = _mad(z, x, y)
    z = _mad(x, y, z)
    x, y, z = (v ^ (v >> np.uint64(16)) for v in (x, y, z))
    x = _mad(y, z, x)
    y = _mad(z, x, y)
    z = _mad(x, y, z)
    return x, y, z


def key(seed, frame, salt):
    """pcg(seed + pcg(frame + pcg(salt))) (1.9)."""
    inner = (_u32(frame) + pcg(salt)) & _MASK
    return pcg((_u32(seed) + pcg(inner)) & _MASK)


def rnd(ix, iy, seed, frame, salt):
    """Three words for an image-space integer coordinate (1.9)."""
    return pcg3d(ix, iy, key(seed, frame, salt))


def u01(h):
    """(h >> 8) * 2^-24, in [0, 1) (1.9)."""
    return (h >> np.uint64(8)).astype(np.float64) * 2.0**-24


def byte_sum(words):
    """Sum of the twelve bytes of three words (1.9)."""
    total = 0
    for word in words:
        for shift in (0, 8, 16, 24):
            total = total + ((word >> np.uint64(shift)) & np.uint64(255)).astype(np.int64)
    return total


def gauss(words):
    """(S - 1530) * k as one f32 product, widened to f64 (1.9)."""
    centred = (byte_sum(words) - 1530).astype(np.float32)
    return (centred * _GAUSS_SCALE).astype(np.float64)
