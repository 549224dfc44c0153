"""Samplers and the parts common to every warp (effects.md 1.2, 1.3, 1.7)."""

import numpy as np

import kernels
import margins


def centers(width, height):
    """Pixel centers (i + 1/2, j + 1/2) as two planes (1.2)."""
    return np.meshgrid(np.arange(width) + 0.5, np.arange(height) + 0.5)


def rotate(degrees, dx, dy):
    """rot of 1.3: counter-clockwise on the screen, y grows down."""
    a = np.radians(degrees)
    c, s = np.cos(a), np.sin(a)
    return dx * c + dy * s, -dx * s + dy * c


def angle_of(dx, dy):
    """atan2(-dy, dx) in degrees, 0..360 (1.3)."""
    return np.mod(np.degrees(np.arctan2(-dy, dx)), 360.0)


def keys_weights(f):
    """Keys cubic, a = -1/2, for the taps i-1 .. i+2 (1.7)."""
    a = -0.5
    out = []
    for k in (-1, 0, 1, 2):
        t = np.abs(f - k)
        near = ((a + 2) * t - (a + 3)) * t * t + 1
        far = ((a * t - 5 * a) * t + 8 * a) * t - 4 * a
        out.append(np.where(t <= 1, near, np.where(t < 2, far, 0.0)))
    return out


def sample(img, x, y, sampling, edge):
    """Read premultiplied values at pixel positions (1.7)."""
    h, w = img.shape[:2]
    if sampling == "nearest":
        margins.watch_floor("nearest x", x)
        margins.watch_floor("nearest y", y)
        ix, iy = np.floor(x).astype(int), np.floor(y).astype(int)
        taps_x, taps_y = [(ix, 1.0)], [(iy, 1.0)]
    else:
        u, v = x - 0.5, y - 0.5
        i, j = np.floor(u).astype(int), np.floor(v).astype(int)
        if sampling == "bilinear":
            wx, wy, first = [1 - (u - i), u - i], [1 - (v - j), v - j], 0
        elif sampling == "bicubic":
            wx, wy, first = keys_weights(u - i), keys_weights(v - j), -1
        else:
            raise ValueError(sampling)
        taps_x = [(i + first + k, weight) for k, weight in enumerate(wx)]
        taps_y = [(j + first + k, weight) for k, weight in enumerate(wy)]
    out = np.zeros(x.shape + (img.shape[2],))
    for row, weight_y in taps_y:
        jy, inside_y = kernels.border(row, h, edge)
        for column, weight_x in taps_x:
            jx, inside_x = kernels.border(column, w, edge)
            out += (weight_x * inside_x * weight_y * inside_y)[..., None] * img[jy, jx]
    return out


def warp(img, p, source):
    """Mean over the sub-positions of the sampled picture; source(x, y) is S(P) (1.7)."""
    h, w = img.shape[:2]
    n = p["supersample"]
    x, y = centers(w, h)
    out = np.zeros_like(img)
    for ky in range(n):
        for kx in range(n):
            sx, sy = source(x + (kx + 0.5) / n - 0.5, y + (ky + 0.5) / n - 0.5)
            out += sample(img, sx, sy, p["sampling"], p["edge"])
    out /= n * n
    if p["sampling"] == "bicubic":  # 1.5: alpha is clamped after negative weights
        out[..., 3] = np.clip(out[..., 3], 0.0, 1.0)
    return out
