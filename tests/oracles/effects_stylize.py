"""Folder 13: pencil_sketch and toon."""

import numpy as np

import color
import kernels
from effects_composite import blend_function
from effects_smooth import bilateral_once
from registry import effect


@effect("pencil_sketch", "D", {"sigma": 0.008, "darkness": 1})
def pencil_sketch(img, p, cx):
    """color_dodge of luma with its blurred negative, to the power of darkness (pencil_sketch).

    l is a plane (1.5): it holds 0 where nothing is visible, so its negative holds 1 there.
    """
    l = color.luma_plane(img, cx.domain)
    b = kernels.gauss(1.0 - l, p.length("sigma"))
    v = blend_function("color_dodge", l, b) ** p.f("darkness")
    return color.with_alpha(np.repeat(v[..., None], 3, axis=-1), img[..., 3])


def toon_lightness(l, levels, sharpness):
    """L' of step 2: soft steps of lightness, continuous across the bins (toon)."""
    l = np.clip(l, 0.0, 1.0 - 2.0**-20)
    width = 1.0 / levels
    middle = (np.floor(l / width) + 0.5) * width
    return middle + (width / 2) * np.tanh(sharpness * (l - middle) / width) / np.tanh(sharpness / 2)


def toon_lines(plane, sigma, slope):
    """e of step 3: dark where the narrow blur falls below the wide one (toon)."""
    d = kernels.gauss(plane, sigma) - 0.98 * kernels.gauss(plane, 1.6 * sigma)
    return np.where(d > 0, 1.0, 1.0 + np.tanh(slope * d))


TOON = {
    "sigma": 0.004, "range": 0.1, "passes": 2, "levels": 8, "sharpness": 4, "edges": 1, "edge_sigma": 0.0014, "edge_slope": 60,
}  # fmt: skip


@effect("toon", "D", TOON)
def toon(img, p, cx):
    """Bilateral passes, steps of OKLab lightness, dark lines (toon)."""
    smooth = img
    for _ in range(p["passes"] if p.length("sigma") > 0 else 0):
        smooth = bilateral_once(smooth, p.length("sigma"), p.f("range"))
    lab = color.to_oklab(color.dec(smooth[..., :3]))
    steps = toon_lightness(lab[..., :1], p["levels"], p.f("sharpness"))
    rgb = color.enc(color.from_oklab(np.concatenate([steps, lab[..., 1:]], axis=-1)))
    lines = toon_lines(color.luma_plane(smooth, cx.domain), p.length("edge_sigma"), p.f("edge_slope"))
    shade = 1.0 + p.f("edges") * (lines - 1.0)
    return color.with_alpha(rgb * shade[..., None], img[..., 3])
