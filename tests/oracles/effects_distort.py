"""Folder 11: bulge, pinch, ripple, wave, kaleidoscope, mirror. Each gives S(P); the rest is `sampling.warp`."""

import numpy as np

import color
import sampling
from registry import effect

WARP = {"sampling": "bilinear", "edge": "clamp", "supersample": 1}  # 1.7: the parameters of every warp
TIME = 0.0  # 1.10: t of a still picture


def direction(degrees):
    """dir of 1.3: y grows down."""
    a = np.radians(degrees)
    return np.cos(a), -np.sin(a)


def _dome(p, dx, dy):
    """q = (1 - (r/R)^2)^2 for r < R, else 0 (section 11)."""
    r, radius = np.hypot(dx, dy), p.length("radius")
    if radius == 0:
        return np.zeros_like(r)
    return np.where(r < radius, (1.0 - (r / radius) ** 2) ** 2, 0.0)


def radial_source(p, x, y, sign):
    """C + v (1 -+ amount q): bulge with the minus sign, pinch with the plus (section 11)."""
    cx, cy = p.position(p["center"])
    dx, dy = x - cx, y - cy
    k = 1.0 + sign * p.f("amount") * _dome(p, dx, dy)
    return cx + dx * k, cy + dy * k


RADIAL = {"center": [0.5, 0.5], "radius": 0.35, "amount": 0.5, **WARP}


@effect("bulge", "L", RADIAL, {"amount": 0}, switchable=True)
def bulge(img, p, cx):
    """The middle drawn larger (section 11)."""
    return sampling.warp(img, p, lambda x, y: radial_source(p, x, y, -1.0))


@effect("pinch", "L", RADIAL, {"amount": 0}, switchable=True)
def pinch(img, p, cx):
    """The middle drawn smaller (section 11)."""
    return sampling.warp(img, p, lambda x, y: radial_source(p, x, y, 1.0))


def _oscillation(p, along):
    """sin 2 pi (distance/wavelength - phase - speed t) (section 11)."""
    return np.sin(2 * np.pi * (along / p.length("wavelength") - p.f("phase") - p.f("speed") * TIME))


def ripple_source(p, x, y):
    """P + (v/r) A sin(...), A fading towards the radius if there is one; r = 0: P (section 11)."""
    cx, cy = p.position(p["center"])
    dx, dy = x - cx, y - cy
    r, radius = np.hypot(dx, dy), p.length("radius")
    amplitude = p.length("amplitude") * np.ones_like(r)
    if radius > 0:
        amplitude = amplitude * (1.0 - color.smoothstep(0.0, radius, r))
    push = amplitude * _oscillation(p, r) / np.where(r == 0, 1.0, r)
    return x + dx * push, y + dy * push


RIPPLE = {"center": [0.5, 0.5], "amplitude": 0.01, "wavelength": 0.08, "phase": 0, "speed": 0, "radius": 0, **WARP}


@effect("ripple", "L", RIPPLE, lambda p: p.length("amplitude") == 0, switchable=True)
def ripple(img, p, cx):
    """Rings around a center (section 11)."""
    return sampling.warp(img, p, lambda x, y: ripple_source(p, x, y))


def wave_source(p, x, y):
    """P + dir(angle + 90) A sin(...) of the way along dir(angle) from the middle (section 11)."""
    ux, uy = direction(p.f("angle"))
    nx, ny = direction(p.f("angle") + 90.0)
    along = (x - 0.5 * p.width) * ux + (y - 0.5 * p.height) * uy
    push = p.length("amplitude") * _oscillation(p, along)
    return x + nx * push, y + ny * push


WAVE = {"angle": 0, "amplitude": 0.01, "wavelength": 0.08, "phase": 0, "speed": 0, **WARP}


@effect("wave", "L", WAVE, lambda p: p.length("amplitude") == 0, switchable=True)
def wave(img, p, cx):
    """Straight waves that travel at an angle (section 11)."""
    return sampling.warp(img, p, lambda x, y: wave_source(p, x, y))


def kaleidoscope_source(p, x, y):
    """C + r dir(theta'), theta' folded into half a segment (section 11)."""
    cx, cy = p.position(p["center"])
    dx, dy = x - cx, y - cy
    segment = 360.0 / p["segments"]
    theta = np.mod(sampling.angle_of(dx, dy) - p.f("angle"), segment)
    ux, uy = direction(np.minimum(theta, segment - theta) + p.f("source_angle"))
    r = np.hypot(dx, dy)
    return cx + r * ux, cy + r * uy


KALEIDOSCOPE = {"center": [0.5, 0.5], "segments": 6, "angle": 0, "source_angle": 0, **WARP, "edge": "reflect"}


@effect("kaleidoscope", "L", KALEIDOSCOPE, switchable=True)
def kaleidoscope(img, p, cx):
    """One wedge, mirrored around (section 11)."""
    return sampling.warp(img, p, lambda x, y: kaleidoscope_source(p, x, y))


def mirror_source(p, x, y):
    """P on the side of n = dir(angle + 90), else its reflection (section 11)."""
    cx, cy = p.position(p["center"])
    nx, ny = direction(p.f("angle") + 90.0)
    d = np.minimum((x - cx) * nx + (y - cy) * ny, 0.0)
    return x - 2 * d * nx, y - 2 * d * ny


@effect("mirror", "L", {"center": [0.5, 0.5], "angle": 90, **WARP}, switchable=True)
def mirror(img, p, cx):
    """One half, and its reflection on the other side of a line (section 11)."""
    return sampling.warp(img, p, lambda x, y: mirror_source(p, x, y))
