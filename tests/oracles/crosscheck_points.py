"""Point effects held against the vectors of section 29, Pillow, OpenCV, scikit-image, SciPy and the standard library."""

import colorsys

import cv2
import numpy as np
from PIL import Image, ImageOps
from scipy import ndimage
from skimage import exposure, filters

import charts
import color
import effects_auto
import effects_key
import effects_lut
import recipe
from measure import alone, near
from params import Params


def _pixel(rgb, domain="D", **step):
    """One opaque pixel through an effect."""
    entry = recipe.EFFECTS[step["effect"]]
    p = Params(entry.defaults, step, 1, 1)
    return entry.body(np.array([[[*rgb, 1.0]]], np.float64), p, recipe.Context(domain, (1, 1), {}))[0, 0, :3]


CDL = {"slope": [1.1, 1, 0.9], "offset": [0.02, 0, -0.01], "power": [0.9, 1, 1.2], "saturation": 1.3}
SPLIT = {"shadow_hue": 220, "shadow_amount": 0.5, "highlight_hue": 40, "highlight_amount": 0.25}
PRINTED = (
    ("sigmoid_contrast", (0.25,) * 3, {"contrast": 5}, (0.1731047870,) * 3, 5e-11),
    ("sigmoid_contrast", (0.25,) * 3, {"contrast": 3, "midpoint": 0.4}, (0.2519421908,) * 3, 5e-9),
    ("tonemap_hable", (0.18,) * 3, {}, (0.1283384486,) * 3, 5e-9),
    ("tonemap_aces", (0.18,) * 3, {}, (0.2668989204,) * 3, 5e-11),
    ("tonemap_aces", (0.5, 0.2, 0.1), {"fit": "hill"}, (0.365227, 0.128806, 0.053637), 6e-7),
    ("tonemap_reinhard", (0.5, 0.2, 0.1), {}, (0.404292, 0.161717, 0.080858), 6e-7),
    ("split_tone", (0.6, 0.4, 0.3), SPLIT, (0.569860, 0.402206, 0.366898), 6e-7),
    ("cdl", (0.6, 0.4, 0.3), CDL, (0.783557, 0.384799, 0.122972), 6e-7),
    ("black_white", (0.6, 0.4, 0.3), {}, (0.44,) * 3, 1e-7),
)


def printed():
    """Section 29, to half a unit of the last digit (parameters are f32)."""
    for effect, rgb, params, want, bound in PRINTED:
        near(f"{effect} printed", _pixel(rgb, effect=effect, **params), want, bound)
    key = np.array([0x00, 0xB1, 0x40]) / 255.0
    near("CbCr printed", effects_key.to_cbcr(key), (-0.142042, -0.326742), 6e-7)


def curves():
    """skimage adjust_sigmoid, rescaled; the inverse; Pillow solarize."""
    x = charts.in_domain("smooth", "D")
    ends = exposure.adjust_sigmoid(np.array([0.0, 1.0]), cutoff=0.375, gain=6)
    other = (exposure.adjust_sigmoid(x[..., :3], cutoff=0.375, gain=6) - ends[0]) / (ends[1] - ends[0])
    plus = {"effect": "sigmoid_contrast", "contrast": 6, "midpoint": 0.375}
    near("sigmoid_contrast skimage", alone(plus, "smooth")[..., :3], other, 1e-12)
    p = Params({"contrast": -6, "midpoint": 0.375}, {"effect": ""}, 1, 1)
    back = recipe.EFFECTS["sigmoid_contrast"].body(alone(plus, "smooth"), p, None)
    near("sigmoid_contrast and its inverse", back, x, 1e-12)
    codes = color.q8(charts.in_domain("small", "D")[..., :3]).astype(np.uint8)
    other = np.asarray(ImageOps.solarize(Image.fromarray(codes), 77))
    img = color.with_alpha(codes / 255.0, np.ones(codes.shape[:2]))
    p = Params({"threshold": 77 / 255.0}, {"effect": ""}, 1, 1)
    near("solarize pillow", color.q8(recipe.EFFECTS["solarize"].body(img, p, None)[..., :3]), other, 0.0)


def hues():
    """HSL against colorsys, both ways; split_tone keeps luma; hue_bands leaves gray alone and turns a pure hue."""
    rgb = charts.in_domain("small", "D")[..., :3]
    for c in rgb.reshape(-1, 3)[::7]:
        h, s, l = color.rgb_to_hsl(c)
        other_h, other_l, other_s = colorsys.rgb_to_hls(*c)
        apart = abs(float(h) / 360.0 - other_h) % 1.0  # the hue 0 may come out as 1
        near("hsl colorsys", (min(apart, 1.0 - apart), s, l), (0.0, other_s, other_l), 1e-12)
        near("hsl there and back", color.hsl_to_rgb(h, s, l), c, 1e-12)
    ours = alone({"effect": "split_tone", "shadow_amount": 1, "highlight_amount": -0.7, "balance": 0.3}, "small")
    near("split_tone keeps luma", color.luma(ours), color.luma(rgb), 1e-12)
    near("hue_bands keeps gray", _pixel((0.3,) * 3, effect="hue_bands", red=[1, 1, 1]), (0.3,) * 3, 0.0)
    near("hue_bands turns red by 30", _pixel((1, 0, 0), effect="hue_bands", red=[1, 0, 0]), (1, 0.5, 0), 1e-12)


def grades():
    """lift moves black alone, gain white alone; ends of duotone and whites_blacks by numpy's interp; cdl by plain steps."""
    black, white = (_pixel((v,) * 3, effect="lift_gamma_gain", lift=0.25, gain=1) for v in (0.0, 1.0))
    near("lift_gamma_gain lift", (*black, *white), (0.25,) * 3 + (1.0,) * 3, 1e-12)
    near("lift_gamma_gain gain", _pixel((0.0, 0.5, 1.0), effect="lift_gamma_gain", gain=1.5), (0, 0.75, 1.5), 1e-12)
    img = charts.in_domain("smooth", "D")
    ours = alone({"effect": "whites_blacks", "whites": 0.5, "blacks": 0.5}, "smooth")[..., :3]
    near("whites_blacks", ours, 0.125 + (img[..., :3] / 0.875) * 0.875, 1e-12)
    ours = alone({"effect": "duotone", "dark": "#ff0000", "light": "#00ff00"}, "smooth")
    l = color.luma(img)
    near("duotone", ours[..., :3], np.stack([1 - l, l, 0 * l], -1), 1e-12)


def tables():
    """numpy interp for lut1d and an opaque gradient; OpenCV's LUT for whole codes."""
    table, _ = effects_lut.read_cube(charts.cube_files()["luts/film12.cube"])
    rgb = charts.in_domain("small", "D")[..., :3]
    ours = effects_lut.apply_1d(rgb, *table)
    for k in range(3):
        near("lut1d numpy", ours[..., k], np.interp(rgb[..., k], np.linspace(0, 1, 12), table[0][:, k]), 1e-12)
    stops = [{"at": 0.25, "color": "#102030"}, {"at": 0.5, "color": "#ff8000"}, {"at": 0.875, "color": "#ffffff"}]
    ramp = np.arange(256) / 255.0
    ours = effects_lut.gradient(ramp, stops, "display")
    channels = np.array([[0x10, 0x20, 0x30], [255, 128, 0], [255, 255, 255]]) / 255.0
    other = np.stack([np.interp(ramp, [0.25, 0.5, 0.875], channels[:, k]) for k in range(3)], -1)
    near("gradient_map numpy", ours[:, :3], other, 1e-12)
    clear = [{"at": 0, "color": "#ff000000"}, {"at": 1, "color": "#0000ffff"}]
    near("gradient_map premultiplied", effects_lut.gradient(np.array([0.5]), clear, "display"), [[0, 0, 0.5, 0.5]], 1e-12)


def measured():
    """Pillow autocontrast has the same ends; numpy's median; gray world makes the means of a picture equal."""
    codes = color.q8(color.luma(charts.in_domain("smooth", "D"))).astype(np.uint8)
    for percent in (1, 3):
        lo, hi = effects_auto.level_range(np.bincount(codes.ravel(), minlength=256), percent / 100)
        other = np.asarray(ImageOps.autocontrast(Image.fromarray(codes), cutoff=percent)) / 255.0
        near("auto_levels pillow", np.clip((codes.astype(float) - lo) / (hi - lo), 0, 1), other, 1 / 255)
    img = charts.in_domain("smooth", "D")
    median = np.quantile(color.q8(color.luma(img)), 0.5, method="inverted_cdf")
    power = np.clip(np.log(np.float64(np.float32(0.45))) / np.log(median / 255.0), 0.4, 2.5)
    near("auto_gamma numpy", alone({"effect": "auto_gamma"}, "smooth")[..., :3], img[..., :3] ** power, 1e-12)
    means = alone({"effect": "auto_white"}, "smooth")[..., :3].mean((0, 1))
    near("auto_white means", means, np.full(3, charts.in_domain("smooth", "LS")[..., :3].mean((0, 1)) @ color.LUMA), 1e-12)
    light = color.luma(np.maximum(charts.in_domain("smooth", "LS"), 0))
    scale = 0.18 / np.exp(np.log(light + 1e-6).mean())
    ratio = scale * (1 + scale * light / 16) / (1 + scale * light)
    ours = alone({"effect": "tonemap_reinhard", "auto": True}, "smooth")
    near("tonemap_reinhard auto", color.luma(ours), ratio * light, 1e-7)


def keys():
    """OpenCV inRange for a hard band; a matte of 0 on the key itself; the spill of a pure key color is gone."""
    codes = charts.in_domain("small", "D")
    ours = alone({"effect": "luma_key", "low": 0.3, "high": 0.7, "softness": 0}, "small")[..., 3]
    near("luma_key opencv", ours, cv2.inRange(color.luma(codes), 0.3, 0.7) / 255.0, 0.0)
    img = np.array([[[0.0, 0xB1 / 255, 0x40 / 255, 1.0]]])
    for effect in ("chroma_key", "color_key"):
        entry = recipe.EFFECTS[effect]
        out = entry.body(img, Params(entry.defaults, {"effect": effect, "color": "#00b140"}, 1, 1), None)
        near(f"{effect} removes its key", out[..., 3], [[0.0]], 0.0)
    near("chroma_key spill", effects_key.without_spill(img[..., :3], img[0, 0, :3], 1.0)[0, 0, 1], 0x20 / 255, 1e-12)


def gradients():
    """SciPy, OpenCV and scikit-image for scharr, prewitt and laplacian, after the stated division."""
    img = charts.in_domain("opaque", "D")
    l = color.luma(img)
    across = {"scharr": [3 / 16, 10 / 16, 3 / 16], "prewitt": [1 / 3] * 3}
    for name, weights in across.items():
        gx = alone({"effect": name, "output": "x", "strength": 2}, "opaque")[..., 0] - 0.5
        gy = alone({"effect": name, "output": "y", "strength": 2}, "opaque")[..., 0] - 0.5
        difference = ndimage.correlate1d(l, [-1, 0, 1], axis=1, mode="nearest")
        near(f"{name} scipy", gx, ndimage.correlate1d(difference, weights, axis=0, mode="nearest"), 1e-12)
        magnitude = getattr(filters, name)(l, mode="nearest") * np.sqrt(2.0)
        near(f"{name} skimage", np.hypot(gx, gy), magnitude, 1e-12)
    other = cv2.Scharr(l, cv2.CV_64F, 1, 0, borderType=cv2.BORDER_REPLICATE) / 16.0
    near("scharr opencv", alone({"effect": "scharr", "output": "x", "strength": 2}, "opaque")[..., 0] - 0.5, other, 1e-12)
    near("laplacian scipy", alone({"effect": "laplacian"}, "opaque")[..., 0], np.abs(ndimage.laplace(l, mode="nearest")), 1e-12)
    eight = alone({"effect": "laplacian", "neighbors": 8}, "opaque")[..., 0]
    kernel = np.array([[1, 1, 1], [1, -8, 1], [1, 1, 1]], float)
    near("laplacian opencv", eight, np.abs(cv2.filter2D(l, cv2.CV_64F, kernel, borderType=cv2.BORDER_REPLICATE)), 1e-12)


CHECKS = (printed, curves, hues, grades, tables, measured, keys, gradients)
