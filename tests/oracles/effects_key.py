"""Folder 17: chroma_key, luma_key, color_key. Alpha is multiplied by the matte, color stays."""

import numpy as np

import color
import margins
from registry import effect

COMMON = {"invert": False, "show_matte": False}


def keyed(img, rgb, matte, p):
    """alpha times the matte, or the matte as opaque gray (section 17)."""
    if p["invert"]:
        matte = 1.0 - matte
    if p["show_matte"]:
        if (img[..., 3] <= color.ALPHA_FLOOR).any():
            raise ValueError("the matte of an invisible pixel, inverted, is left open by the catalogue")
        return color.with_alpha(np.repeat(matte[..., None], 3, axis=-1), np.ones(matte.shape))
    return color.with_alpha(rgb, img[..., 3] * matte)


def soft_distance(distance, p):
    """smoothstep(tolerance, tolerance + softness, distance) (section 17)."""
    t, s = p.f("tolerance"), p.f("softness")
    if s == 0:
        margins.watch("key tolerance", np.abs(distance - t))
    return color.smoothstep(t, t + s, distance)


def to_cbcr(rgb):
    """Cb = (B - luma) / 1.8556, Cr = (R - luma) / 1.5748 (1.8)."""
    l = color.luma(rgb)
    return np.stack([(rgb[..., 2] - l) / 1.8556, (rgb[..., 0] - l) / 1.5748], axis=-1)


def without_spill(rgb, key, spill):
    """The key's largest channel (ties G, B, R) limited towards the mean of the others (section 17)."""
    k = max((1, 2, 0), key=lambda channel: key[channel])
    i, j = (channel for channel in range(3) if channel != k)
    out = rgb.copy()
    out[..., k] -= spill * np.maximum(0.0, rgb[..., k] - (rgb[..., i] + rgb[..., j]) / 2.0)
    return out


CHROMA = {"color": "#00b140", "tolerance": 0.12, "softness": 0.08, "spill": 1, **COMMON}


@effect("chroma_key", "D", CHROMA)
def chroma_key(img, p, cx):
    """Distance of CbCr to that of the key, then spill (section 17)."""
    key = p.color("color")[:3]
    distance = np.hypot(*np.moveaxis(to_cbcr(img[..., :3]) - to_cbcr(key), -1, 0))
    return keyed(img, without_spill(img[..., :3], key, p.f("spill")), soft_distance(distance, p), p)


@effect("luma_key", "D", {"low": 0, "high": 1, "softness": 0.1, **COMMON})
def luma_key(img, p, cx):
    """A band of luma with soft ends (section 17)."""
    l, low, high, s = color.luma(img), p.f("low"), p.f("high"), p.f("softness")
    if s == 0:
        margins.watch("luma_key", np.minimum(np.abs(l - low), np.abs(l - high)))
        matte = np.where((low <= l) & (l <= high), 1.0, 0.0)
    else:
        matte = color.smoothstep(low - s, low, l) * (1.0 - color.smoothstep(high, high + s, l))
    return keyed(img, img[..., :3], matte, p)


@effect("color_key", "D", {"color": "#ffffff", "tolerance": 0.08, "softness": 0.05, **COMMON})
def color_key(img, p, cx):
    """Distance in OKLab to the key (section 17)."""
    lab, key = (color.to_oklab(color.dec(c)) for c in (img[..., :3], p.color("color")[:3]))
    distance = np.sqrt(((lab - key) ** 2).sum(-1))
    return keyed(img, img[..., :3], soft_distance(distance, p), p)
