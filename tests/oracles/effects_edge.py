"""Folders 7 and 9: scharr, prewitt, laplacian, and what subtracts a blur: high_pass, dog."""

import numpy as np

import color
import kernels
import margins
import sampling
from effects_spatial import NEIGHBORS, gauss_color
from registry import effect

ACROSS = {"scharr": np.array([3, 10, 3]) / 16.0, "prewitt": np.array([1, 1, 1]) / 3.0}


def gradient(plane, name):
    """Gx, Gy: a difference along one axis, weighted across it, border clamp (section 9)."""
    weights = ACROSS[name]
    gx = sum(w * (kernels.shifted(plane, 1, k) - kernels.shifted(plane, -1, k)) for k, w in zip((-1, 0, 1), weights))
    gy = sum(w * (kernels.shifted(plane, k, 1) - kernels.shifted(plane, k, -1)) for k, w in zip((-1, 0, 1), weights))
    return gx, gy


def on_planes(img, p, cx, stencil):
    """A stencil on the luma plane, copied to R, G, B, or on each straight channel; alpha unchanged (section 9)."""
    if p["channel"] == "luma":
        rgb = np.repeat(stencil(color.luma_plane(img, cx.domain))[..., None], 3, axis=-1)
    else:
        shown = color.hide(img)
        rgb = np.stack([stencil(shown[..., k]) for k in range(3)], axis=-1)
    return color.with_alpha(rgb, img[..., 3])


def edges(img, p, cx, name):
    """Magnitude, component or direction (section 9)."""
    strength = p.f("strength")

    def stencil(plane):
        gx, gy = gradient(plane, name)
        if p["output"] == "magnitude":
            return strength * np.hypot(gx, gy)
        if p["output"] == "angle":
            angle = sampling.angle_of(gx, gy) / 360.0
            margins.watch_floor("gradient angle", angle)
            return angle
        return 0.5 + 0.5 * strength * (gx if p["output"] == "x" else gy)

    return on_planes(img, p, cx, stencil)


EDGES = {"strength": 1, "output": "magnitude", "channel": "luma"}


@effect("scharr", "D", EDGES, switchable=True)
def scharr(img, p, cx):
    """1/16 of 3, 10, 3 (section 9)."""
    return edges(img, p, cx, "scharr")


@effect("prewitt", "D", EDGES, switchable=True)
def prewitt(img, p, cx):
    """A third of 1, 1, 1 (section 9)."""
    return edges(img, p, cx, "prewitt")


@effect("laplacian", "D", {"neighbors": 4, "strength": 1, "output": "absolute", "channel": "luma"}, switchable=True)
def laplacian(img, p, cx):
    """Sum of the neighbors minus n times the center (section 9)."""
    around = [(dx, dy) for dx, dy in NEIGHBORS if p["neighbors"] == 8 or dx * dy == 0]

    def stencil(plane):
        value = sum(kernels.shifted(plane, dx, dy) for dx, dy in around) - len(around) * plane
        return p.f("strength") * np.abs(value) if p["output"] == "absolute" else 0.5 + 0.5 * p.f("strength") * value

    return on_planes(img, p, cx, stencil)


@effect("high_pass", "D", {"sigma": 0.004, "amount": 1}, switchable=True)
def high_pass(img, p, cx):
    """1/2 + amount (c - Bs) (section 7)."""
    detail = img[..., :3] - gauss_color(img, p.length("sigma"))
    return color.with_alpha(0.5 + p.f("amount") * detail, img[..., 3])


DOG = {"sigma": 0.001, "ratio": 1.6, "gain": 4, "offset": 0.5, "channel": "luma"}


def dog_sigmas(p):
    """The two lengths in pixels (dog)."""
    sigma = p.length("sigma")
    return [sigma, p.f("ratio") * sigma]


@effect("dog", "D", DOG, switchable=True)
def dog(img, p, cx):
    """offset + gain (GAUSS of sigma - GAUSS of ratio sigma): of the luma plane, or of straight color by GAUSSc (dog)."""
    if p["channel"] == "rgb":
        narrow, wide = (gauss_color(img, sigma) for sigma in dog_sigmas(p))
    else:
        plane = color.luma_plane(img, cx.domain)
        narrow, wide = (np.repeat(kernels.gauss(plane, sigma)[..., None], 3, axis=-1) for sigma in dog_sigmas(p))
    return color.with_alpha(p.f("offset") + p.f("gain") * (narrow - wide), img[..., 3])
