"""Folder 20: sticker, with a raster picture."""

import resampling
import sampling
from registry import effect

STICKER = {"image": None, "center": [0.5, 0.5], "size": 0.3, "angle": 0, "flip": False}


def reduced(art, k):
    """The picture at k < 1 of its size, by mitchell.

    Only scales that make whole pixels are accepted: elsewhere the catalogue leaves the rounding open, and the data must
    not decide it.
    """
    h, w = art.shape[:2]
    if k * w != round(k * w) or k * h != round(k * h):
        raise ValueError(f"a sticker of {w}x{h} at {k} is not on the pixel grid")
    return resampling.resized(art, round(k * w), round(k * h), "mitchell")


@effect("sticker", "L", STICKER, switchable=True)
def sticker(img, p, cx):
    """A picture, flipped, scaled, turned, and laid over; all in the step's own domain, premultiplied (sticker)."""
    art = cx.assets[p["image"]].to(cx.domain)
    k = p.length("size") / art.shape[0]
    if k < 1:
        art, k = reduced(art, k), 1.0
    h, w = art.shape[:2]
    x, y = sampling.centers(p.width, p.height)
    cx0, cy0 = p.position(p["center"])
    dx, dy = sampling.rotate(-p.f("angle"), x - cx0, y - cy0)
    side = -1.0 if p["flip"] else 1.0
    drawn = sampling.sample(art, w / 2 + side * dx / k, h / 2 + dy / k, "bilinear", "transparent")
    return drawn + (1.0 - drawn[..., 3:]) * img
