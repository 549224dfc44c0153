"""Folder 3, tone mapping: tonemap_reinhard, tonemap_hable, tonemap_aces. Linear straight light in and out."""

import numpy as np

import color
from registry import effect


def _exposed(img, p):
    """2^ev max(c, 0)."""
    return 2.0 ** p.f("ev") * np.maximum(img[..., :3], 0.0)


@effect("tonemap_reinhard", "LS", {"auto": False, "key": 0.18, "ev": 0, "white": 4})
def tonemap_reinhard(img, p, cx):
    """Luminance through L (1 + L/white^2) / (1 + L), colors follow it (tonemap_reinhard)."""
    c = np.maximum(img[..., :3], 0.0)
    lw, scale = color.luma(c), 2.0 ** p.f("ev")
    if p["auto"]:
        seen = lw[img[..., 3] >= 0.5]
        if seen.size == 0:  # 1.12: a reduction without pixels makes the effect the identity
            return img
        scale = scale * p.f("key") / np.exp(np.log(1e-6 + seen).mean())
    l, white = scale * lw, p.f("white")
    rise = 1.0 + l / white**2 if white > 0 else 1.0
    ratio = l * rise / (1.0 + l) / np.where(lw == 0, 1.0, lw)
    return color.with_alpha(np.where((lw == 0)[..., None], 0.0, c * ratio[..., None]), img[..., 3])


def hable_curve(x):
    """f of the entry (tonemap_hable)."""
    return (x * (0.15 * x + 0.05) + 0.004) / (x * (0.15 * x + 0.5) + 0.06) - 0.02 / 0.30


@effect("tonemap_hable", "LS", {"ev": 1, "white": 11.2})
def tonemap_hable(img, p, cx):
    """f(2^ev max(c, 0)) / f(white), per channel (tonemap_hable)."""
    return color.with_alpha(hable_curve(_exposed(img, p)) / hable_curve(p.f("white")), img[..., 3])


HILL_IN = np.array([[0.59719, 0.35458, 0.04823], [0.07600, 0.90834, 0.01566], [0.02840, 0.13383, 0.83777]])
HILL_OUT = np.array([[1.60475, -0.53108, -0.07367], [-0.10208, 1.10813, -0.00605], [-0.00327, -0.07276, 1.07602]])


def hill_curve(v):
    """The rational fit between the two matrices (tonemap_aces)."""
    return (v * (v + 0.0245786) - 0.000090537) / (v * (0.983729 * v + 0.4329510) + 0.238081)


@effect("tonemap_aces", "LS", {"fit": "narkowicz", "ev": 0})
def tonemap_aces(img, p, cx):
    """Narkowicz's curve per channel, or Hill's curve between two matrices, clamped (tonemap_aces)."""
    x = _exposed(img, p)
    if p["fit"] == "narkowicz":
        out = x * (2.51 * x + 0.03) / (x * (2.43 * x + 0.59) + 0.14)
    else:
        out = hill_curve(x @ HILL_IN.T) @ HILL_OUT.T
    return color.with_alpha(np.clip(out, 0.0, 1.0), img[..., 3])
