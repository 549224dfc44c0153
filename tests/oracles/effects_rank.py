"""Folder 8, median, and folder 10, morphology: dilate, erode, open, close.

These are `any` effects: on a picture with alpha they run display encoded and premultiplied (1.5), and on an opaque one
the transfer makes no difference, so DP serves for both.
"""

import math

import numpy as np

import kernels
import margins
from registry import effect


def whole_radius(p):
    """round(r_px) (sections 8 and 10; round of 1.8)."""
    v = p.length("radius") + 0.5
    margins.watch_floor("radius", v)
    return math.floor(v)


def _no_radius(p):
    return whole_radius(p) == 0


def neighborhood(r, shape):
    """Offsets of {|dx|, |dy| <= r} or {dx^2 + dy^2 <= r^2} (section 10)."""
    reach = range(-r, r + 1)
    return [(dx, dy) for dy in reach for dx in reach if shape == "square" or dx * dx + dy * dy <= r * r]


def stack(img, offsets, edge):
    """The picture read at each offset, along a new first axis."""
    return np.stack([kernels.shifted(img, dx, dy, edge) for dx, dy in offsets])


@effect("median", "DP", {"radius": "1px"}, _no_radius)
def median(img, p, cx):
    """Middle value of the square window, each channel and alpha, border clamp (section 8)."""
    values = stack(img, neighborhood(whole_radius(p), "square"), "clamp")
    return np.sort(values, axis=0)[len(values) // 2]


def dilated(img, p):
    """max over the neighborhood (section 10)."""
    return stack(img, neighborhood(whole_radius(p), p["shape"]), p["edge"]).max(axis=0)


def eroded(img, p):
    """min over the neighborhood (section 10)."""
    return stack(img, neighborhood(whole_radius(p), p["shape"]), p["edge"]).min(axis=0)


MORPHOLOGY = {"radius": 0.003, "shape": "square", "edge": "clamp"}


@effect("dilate", "DP", MORPHOLOGY, _no_radius)
def dilate(img, p, cx):
    """The largest value around (section 10)."""
    return dilated(img, p)


@effect("erode", "DP", MORPHOLOGY, _no_radius)
def erode(img, p, cx):
    """The smallest value around (section 10)."""
    return eroded(img, p)


@effect("open", "DP", MORPHOLOGY, _no_radius)
def opening(img, p, cx):
    """dilate(erode); the border policy acts in both stages (section 10)."""
    return dilated(eroded(img, p), p)


@effect("close", "DP", MORPHOLOGY, _no_radius)
def closing(img, p, cx):
    """erode(dilate); the border policy acts in both stages (section 10)."""
    return eroded(dilated(img, p), p)
