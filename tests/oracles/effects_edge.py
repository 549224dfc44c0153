"""Folders 7 and 9, what subtracts a blur: high_pass, dog."""

import numpy as np

import color
import kernels
from effects_spatial import gauss_color
from registry import effect


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
