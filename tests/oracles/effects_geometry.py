"""Folder 12: crop, resize, flip, rotate90.

The copies are `any` effects: on a picture with alpha they run display encoded and premultiplied (1.5), and on an opaque
one the transfer makes no difference, so DP serves for both.
"""

import math

import numpy as np

import margins
import resampling
from registry import effect


def rounded(name, v):
    """round of 1.8; a value that is exactly between two integers is no coin toss, one that is nearly so is."""
    v = v + 0.5
    if v != round(v):
        margins.watch_floor(name, v)
    return math.floor(v)


CROP = {"rect": [0, 0, 1, 1], "aspect": "", "anchor": [0.5, 0.5]}


def _aspect_box(p):
    """left, top, width, height of the largest rectangle of a ratio (crop)."""
    w, h = p.width, p.height
    if p["aspect"] == "original":
        return 0, 0, w, h
    across, down = (float(part) for part in p["aspect"].split(":"))
    a = across / down
    cw, ch = rounded("crop width", min(w, h * a)), rounded("crop height", min(h, w / a))
    ax, ay = p.triple("anchor")
    return rounded("crop left", (w - cw) * ax), rounded("crop top", (h - ch) * ay), cw, ch


def _side(start, length, n):
    """First and end of one axis, limited to the frame (crop)."""
    first = rounded("crop first", start * n)
    end = max(first + 1, rounded("crop end", (start + length) * n))
    return max(0, first), min(n, end)


@effect("crop", "DP", CROP, {"rect": [0, 0, 1, 1], "aspect": ""}, reframes=True)
def crop(img, p, cx):
    """A copy of a rectangle; a ratio overrides the fractions (crop)."""
    if p["aspect"]:
        left, top, w, h = _aspect_box(p)
        return img[top : top + h, left : left + w]
    x, y, w, h = p.triple("rect")
    (x0, x1), (y0, y1) = _side(x, w, p.width), _side(y, h, p.height)
    return img[y0:y1, x0:x1]


def new_size(p):
    """Width and height that are asked for; 0 is the other by the ratio (resize)."""
    w, h, scale = p["width"], p["height"], p.f("scale")
    if w and h:
        return w, h
    if w:
        return w, max(1, rounded("height", p.height * w / p.width))
    if h:
        return max(1, rounded("width", p.width * h / p.height)), h
    return tuple(max(1, rounded("side", n * scale)) for n in (p.width, p.height))


RESIZE = {"width": 0, "height": 0, "scale": 1, "filter": "lanczos3"}


@effect("resize", "L", RESIZE, lambda p: new_size(p) == (p.width, p.height), switchable=True, reframes=True)
def resize(img, p, cx):
    """Weighted means along rows, then columns (resize)."""
    return resampling.resized(img, *new_size(p), p["filter"])


@effect("flip", "DP", {"axis": "horizontal"})
def flip(img, p, cx):
    """x -> W-1-x, y -> H-1-y, or both (flip)."""
    axes = {"horizontal": (1,), "vertical": (0,), "both": (0, 1)}[p["axis"]]
    return np.flip(img, axes)


@effect("rotate90", "DP", {"turns": 1}, {"turns": 0}, reframes=True)
def rotate90(img, p, cx):
    """One turn moves the pixel (x, y) to (y, W-1-x) (rotate90)."""
    for _ in range(p["turns"]):
        h, w = img.shape[:2]
        turned = np.empty((w, h, 4))
        y, x = np.mgrid[0:h, 0:w]
        turned[w - 1 - x, y] = img
        img = turned
    return img
