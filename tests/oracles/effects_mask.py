"""Folder 18: mask_image, mask_luma, mask_shape. Results are mask planes: R = G = B = value, A = 1."""

import numpy as np

import color
import margins
import sampling
from registry import effect


def plane(value):
    """A mask plane (section 18)."""
    return color.with_alpha(np.repeat(value[..., None], 3, axis=-1), np.ones(value.shape))


MASK_IMAGE = {"image": None, "channel": "luma", "fit": "stretch", "invert": False}


@effect("mask_image", "data", MASK_IMAGE, gives_data=True)
def mask_image(img, p, cx):
    """A picture's stored values as a mask, brought to the frame (mask_image)."""
    stored = cx.stored(p["image"], p["fit"])  # premultiplied, resampled
    if p["channel"] == "alpha":
        v = stored[..., 3]
    elif p["channel"] == "luma":
        v = color.luma(stored)  # of premultiplied color: luma x alpha
    else:
        v = color.unpremultiply(stored)[..., "rgb".index(p["channel"])]
    v = np.clip(v, 0.0, 1.0)
    return plane(1.0 - v if p["invert"] else v)


@effect("mask_luma", "D", {"low": 0.5, "high": 1, "softness": 0.1, "invert": False}, gives_data=True)
def mask_luma(img, p, cx):
    """The luma_key matte times alpha (section 17, section 18)."""
    l, low, high, s = color.luma(img), p.f("low"), p.f("high"), p.f("softness")
    if s == 0:
        margins.watch("mask_luma", np.minimum(np.abs(l - low), np.abs(l - high)))
        matte = np.where((low <= l) & (l <= high), 1.0, 0.0)
    else:
        matte = color.smoothstep(low - s, low, l) * (1.0 - color.smoothstep(high, high + s, l))
    if p["invert"]:
        matte = 1.0 - matte
    return plane(matte * img[..., 3])


MASK_SHAPE = {
    "shape": "ellipse", "center": [0.5, 0.5], "size": [0.5, 0.5], "angle": 0, "corner": 0, "points": [],
    "feather": 0, "invert": False,
}  # fmt: skip


def _polygon_distance(x, y, points):
    """Distance to the nearest edge, negative inside by even-odd (mask_shape)."""
    nearest, inside = np.full(x.shape, np.inf), np.zeros(x.shape, bool)
    for (ax, ay), (bx, by) in zip(points, points[1:] + points[:1]):
        ex, ey = bx - ax, by - ay
        h = np.clip(((x - ax) * ex + (y - ay) * ey) / (ex * ex + ey * ey), 0.0, 1.0)
        nearest = np.minimum(nearest, np.hypot(x - ax - h * ex, y - ay - h * ey))
        low, high = min(ay, by), max(ay, by)
        if low < high:
            crosses = (low <= y) & (y < high) & (ax + (y - ay) / ey * ex > x)
            inside ^= crosses
    return np.where(inside, -nearest, nearest)


@effect("mask_shape", "data", MASK_SHAPE, gives_data=True)
def mask_shape(img, p, cx):
    """Rectangle, ellipse, polygon, linear or radial ramp (mask_shape)."""
    h, w = img.shape[:2]
    x, y = sampling.centers(w, h)
    shape = p["shape"]
    points = [p.position(q) for q in p["points"]]
    if shape == "linear":
        (ax, ay), (bx, by) = points
        value = np.clip(((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / ((bx - ax) ** 2 + (by - ay) ** 2), 0.0, 1.0)
        return plane(1.0 - value if p["invert"] else value)
    cx_px, cy_px = p.position(p["center"])
    px, py = sampling.rotate(-p.f("angle"), x - cx_px, y - cy_px)
    size = p.triple("size")
    hx, hy = size[0] * w / 2.0, size[1] * h / 2.0
    if shape == "rect":
        corner = min(p.length("corner"), hx, hy)
        qx, qy = np.abs(px) - hx + corner, np.abs(py) - hy + corner
        sd = np.hypot(np.maximum(qx, 0), np.maximum(qy, 0)) + np.minimum(np.maximum(qx, qy), 0.0) - corner
    elif shape == "polygon":
        sd = _polygon_distance(x, y, points)
    else:
        rho = np.hypot(px / hx, py / hy)
        g = np.hypot(px / hx**2, py / hy**2)
        sd = np.where(g == 0, -min(hx, hy), rho * (rho - 1.0) / np.where(g == 0, 1.0, g))
    if shape == "radial":
        value = 1.0 - color.smoothstep(0.0, 1.0, rho)
    else:
        t = np.clip(0.5 - sd / max(p.length("feather"), 1.0), 0.0, 1.0)
        value = t * t * (3.0 - 2.0 * t)
    return plane(1.0 - value if p["invert"] else value)
