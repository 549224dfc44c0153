"""Folder 8 and what is built from it: bilateral."""

import math

import numpy as np

import color
import kernels
import margins
from registry import effect


def bilateral_once(img, sigma, reach):
    """One pass over a straight picture: weights by distance, color and alpha, in a square window (bilateral)."""
    if 2 * sigma != round(2 * sigma):
        margins.watch_floor("bilateral window", 2 * sigma)
    r = math.ceil(2 * sigma)
    c, total, weights = img[..., :3], np.zeros_like(img[..., :3]), np.zeros(img.shape[:2])
    for dy in range(-r, r + 1):
        for dx in range(-r, r + 1):
            q = kernels.shifted(img, dx, dy)
            apart = ((c - q[..., :3]) ** 2).sum(-1)
            w = q[..., 3] * np.exp(-(dx * dx + dy * dy) / (2 * sigma**2)) * np.exp(-apart / (2 * reach**2))
            total += w[..., None] * q[..., :3]
            weights += w
    seen = (weights > 0)[..., None]
    mean = np.where(seen, total / np.where(seen, weights[..., None], 1.0), c)
    return color.hide(color.with_alpha(mean, img[..., 3]))


@effect("bilateral", "D", {"sigma": 0.004, "range": 0.1}, lambda p: p.length("sigma") == 0, switchable=True)
def bilateral(img, p, cx):
    """Weighted mean of the window, alpha unchanged, border clamp (bilateral)."""
    return bilateral_once(img, p.length("sigma"), p.f("range"))
