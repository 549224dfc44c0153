"""Folders 3 and 4, corrections measured from the picture: auto_levels, auto_gamma, auto_white."""

import math

import numpy as np

import color
import margins
from effects_tone import histogram
from registry import effect


def level_range(counts, clip):
    """lo and hi: the codes where more than clip N pixels have been passed from either end (auto_levels)."""
    share = clip * int(counts.sum())
    if share != round(share):
        margins.watch_floor("auto_levels clip", share)
    cut = math.floor(share)
    lo = int(np.argmax(np.cumsum(counts) > cut))
    hi = 255 - int(np.argmax(np.cumsum(counts[::-1]) > cut))
    return lo, hi


@effect("auto_levels", "D", {"clip": 0.005, "mode": "luma"})
def auto_levels(img, p, cx):
    """clamp((255 c - lo) / (hi - lo)), one pair from luma or one for each channel (auto_levels)."""
    out = img.copy()
    planes = [color.luma(img)] * 3 if p["mode"] == "luma" else [img[..., k] for k in range(3)]
    for k in range(3):
        counts = histogram(planes[k], img[..., 3])
        if counts.sum() == 0:
            continue
        lo, hi = level_range(counts, p.f("clip"))
        if hi > lo:
            out[..., k] = np.clip((255.0 * img[..., k] - lo) / (hi - lo), 0.0, 1.0)
    return out


@effect("auto_gamma", "D", {"target": 0.45, "amount": 1}, {"amount": 0})
def auto_gamma(img, p, cx):
    """spow(c, p^amount), p from the median of luma (auto_gamma)."""
    counts = histogram(color.luma(img), img[..., 3])
    if counts.sum() == 0:
        return img
    median = int(np.argmax(np.cumsum(counts) >= counts.sum() / 2))
    mu = np.clip(median / 255.0, 0.02, 0.98)
    power = np.clip(np.log(p.f("target")) / np.log(mu), 0.4, 2.5)
    return color.with_alpha(color.spow(img[..., :3], power ** p.f("amount")), img[..., 3])


@effect("auto_white", "LS", {"amount": 1}, {"amount": 0})
def auto_white(img, p, cx):
    """c_k g_k^amount, g_k = Y(means) / mean_k over well exposed pixels (auto_white)."""
    rgb = img[..., :3]
    shown = np.clip(color.enc(rgb), 0.0, 1.0) * 255.0 + 0.5
    seen = img[..., 3] >= 0.5
    margins.watch_floor("q8", shown[seen])
    codes = np.floor(shown)
    means = rgb[seen & (codes >= 5).all(-1) & (codes <= 250).all(-1)]
    if len(means) == 0 or (means.mean(0) == 0).any():
        return img
    means = means.mean(0)
    gains = np.clip((means @ color.LUMA) / means, 0.5, 2.0)
    return color.with_alpha(rgb * gains ** p.f("amount"), img[..., 3])
