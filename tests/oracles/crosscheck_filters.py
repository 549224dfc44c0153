"""Filters held against SciPy, OpenCV, scikit-image and Pillow (section 26 says what each of them means)."""

import cv2
import numpy as np
from PIL import Image, ImageFilter
from scipy import ndimage, signal
from skimage import filters, morphology

import charts
import color
import effects_guided
import effects_local
import effects_rank
import effects_smooth
import effects_stylize
import effects_transform
import recipe
from measure import alone, near
from params import Params

EDGES = {"clamp": "nearest", "reflect": "mirror", "wrap": "wrap", "transparent": "constant"}


def medians():
    """SciPy, scikit-image and OpenCV on each premultiplied channel; Pillow on gray codes away from its border."""
    img = charts.in_domain("alpha", "DP")
    for r in (1, 2):
        ours = alone({"effect": "median", "radius": f"{r}px"}, "alpha")
        side = 2 * r + 1
        for k in range(4):
            other = ndimage.median_filter(img[..., k], size=side, mode="nearest")
            near(f"median {r} scipy", ours[..., k], other, 0.0)
            single = cv2.medianBlur(np.ascontiguousarray(img[..., k], np.float32), side)
            near(f"median {r} opencv", ours[..., k], single, 0.0)
    codes = np.round(charts.in_domain("opaque", "D")[..., 1] * 255).astype(np.uint8)
    other = np.asarray(Image.fromarray(codes).filter(ImageFilter.MedianFilter(5)))
    ours = np.sort(effects_rank.stack(codes, effects_rank.neighborhood(2, "square"), "clamp"), axis=0)[12]
    near("median pillow", ours[2:-2, 2:-2], other[2:-2, 2:-2], 0.0)


SCIPY_GRAY = {"dilate": (ndimage.grey_dilation,), "erode": (ndimage.grey_erosion,)}
SCIPY_GRAY["open"] = SCIPY_GRAY["erode"] + SCIPY_GRAY["dilate"]
SCIPY_GRAY["close"] = SCIPY_GRAY["dilate"] + SCIPY_GRAY["erode"]


def morphologies():
    """SciPy gray operators, every edge policy and both shapes; OpenCV where the border adds nothing."""
    img = charts.in_domain("alpha", "DP")
    for shape, footprint in (("square", np.ones((5, 5), bool)), ("disc", morphology.disk(2).astype(bool))):
        for name, stages in SCIPY_GRAY.items():
            for edge, mode in EDGES.items():
                step = {"effect": name, "radius": "2px", "shape": shape, "edge": edge}
                other = img
                for stage in stages:
                    other = stage(other, footprint=footprint[..., None], mode=mode, cval=0.0)
                near(f"{name} {shape} {edge} scipy", alone(step, "alpha"), other, 0.0)
            code = {"dilate": cv2.MORPH_DILATE, "erode": cv2.MORPH_ERODE, "open": cv2.MORPH_OPEN, "close": cv2.MORPH_CLOSE}[name]
            other = cv2.morphologyEx(np.ascontiguousarray(img), code, footprint.astype(np.uint8))
            near(f"{name} {shape} opencv", alone({"effect": name, "radius": "2px", "shape": shape}, "alpha"), other, 0.0)


def bilaterals():
    """OpenCV on gray, where its L1 color distance is ours but for a factor.

    OpenCV's window is a disc: a plain loop is held against it with a disc, and against ours with a square. skimage
    0.26 cannot serve: its table of distances starts at -4 for a window of 7, so its weights lie askew.
    """
    img = charts.in_domain("opaque", "D").copy()
    img[..., :3] = img[..., 1:2]
    sigma, reach = 1.5, 0.3
    gray = np.ascontiguousarray(img[..., 0])
    spread = reach / np.sqrt(3.0)  # three equal channels: the squared distance is three times that of one
    single = cv2.bilateralFilter(gray.astype(np.float32), 7, spread, sigma, borderType=cv2.BORDER_REPLICATE)
    near("bilateral opencv, both in a disc", _bilateral_loop(gray, sigma, spread, disc=True), single, 1e-5)
    ours = effects_smooth.bilateral_once(img, sigma, reach)[..., 0]
    near("bilateral, the same loop in a square", ours, _bilateral_loop(gray, sigma, spread), 1e-12)


def _bilateral_loop(gray, sigma, spread, disc=False):
    """The sum one pixel at a time, in a window of radius 3."""
    padded = np.pad(gray, 3, mode="edge")
    dy, dx = np.mgrid[-3:4, -3:4]
    space = np.exp(-(dx**2 + dy**2) / (2 * sigma**2)) * np.where(dx**2 + dy**2 <= (9 if disc else 18), 1.0, 0.0)
    out = np.empty_like(gray)
    for y, x in np.ndindex(gray.shape):
        window = padded[y : y + 7, x : x + 7]
        weight = space * np.exp(-((window - gray[y, x]) ** 2) / (2 * spread**2))
        out[y, x] = (weight * window).sum() / weight.sum()
    return out


def _plain_guided(p, guide, r, epsilon):
    """The guided filter of the paper on opaque planes, by SciPy's box."""

    def mean(x):
        return ndimage.uniform_filter(x, size=2 * r + 1, mode="nearest")

    a = (mean(guide * p) - mean(guide) * mean(p)) / (mean(guide * guide) - mean(guide) ** 2 + epsilon)
    b = mean(p) - a * mean(guide)
    return mean(a) * guide + mean(b)


def guided_filters():
    """The paper's form by SciPy; constants stay; where alpha is 0 the color cannot matter."""
    img = charts.in_domain("opaque", "D")
    l = color.luma(img)
    ours = alone({"effect": "guided", "radius": "3px", "epsilon": 0.02}, "opaque")
    for k in range(3):
        near("guided scipy", ours[..., k], _plain_guided(img[..., k], l, 3, 0.02), 1e-7)
    ours = alone({"effect": "clarity", "radius": "3px", "amount": 0.8}, "opaque")
    term = 0.8 * 4 * l * (1 - l) * (l - _plain_guided(l, l, 3, 0.01))
    near("clarity scipy", ours[..., :3], img[..., :3] + term[..., None], 1e-7)

    alpha = charts.in_domain("alpha", "D")[..., 3]
    flat = np.full(alpha.shape, 0.4)
    seen = effects_guided.weighted_box(flat, alpha, 2.5) > 0
    smooth = effects_guided.guided_filter(flat, flat, alpha, 2.5, 0.01)
    near("guided keeps a constant", smooth[seen & (alpha > 0)], flat[seen & (alpha > 0)], 1e-10)


def highlights():
    """On flat gray the response is the curve of the entry, and it is monotone for every setting."""
    v = np.linspace(0.0, 1.0, 257)
    light = color.dec(v)
    for shadows in (-1, 0, 1):
        for high in (-1, 0, 1):
            p = Params(effects_guided.HIGHLIGHTS, {"effect": "", "shadows": shadows, "highlights": high, "radius": 0}, 257, 1)
            row = color.with_alpha(np.repeat(light[None, :, None], 3, -1), np.ones((1, 257)))
            out = recipe.EFFECTS["highlights_shadows"].body(row, p, recipe.Context("L", (257, 1), {}))[0, :, 0]
            t, u = np.clip(v / 0.55, 0, 1), np.clip((v - 0.45) / 0.55, 0, 1)
            curve = light * 2 ** (1.5 * (shadows * (1 - t * t * (3 - 2 * t)) + high * u * u * (3 - 2 * u)))
            near("highlights_shadows on flat gray", out, curve, 1e-12)
            if (np.diff(out) < 0).any():
                raise AssertionError("highlights_shadows is not monotone")


def differences():
    """SciPy Gaussians under high_pass and dog, opaque."""
    img = charts.in_domain("opaque", "D")

    def blur(x, sigma):
        r = int(np.ceil(4 * sigma))
        return ndimage.gaussian_filter(x, (sigma, sigma, 0)[: x.ndim], radius=(r, r, 0)[: x.ndim], mode="nearest")

    ours = alone({"effect": "high_pass", "sigma": "1.3px", "amount": 2}, "opaque")
    near("high_pass scipy", ours[..., :3], 0.5 + 2 * (img - blur(img, 1.3))[..., :3])
    step = {"effect": "dog", "sigma": "0.8px", "gain": 1}
    wide = 1.6 * 0.8
    l = color.luma(img)
    near("dog luma scipy", alone(step, "opaque")[..., 0], 0.5 + blur(l, 0.8) - blur(l, wide))
    ours = alone({**step, "channel": "rgb"}, "opaque")[..., :3]
    near("dog rgb scipy", ours, 0.5 + (blur(img, 0.8) - blur(img, wide))[..., :3])
    single = filters.difference_of_gaussians(l, 0.8, wide, mode="nearest", truncate=5.0)
    near("dog luma skimage", alone(step, "opaque")[..., 0], 0.5 + single, 1e-3)


def sketches():
    """OpenCV's recipe for a sketch, divide(gray, 1 - blur(1 - gray)), in f64 on an opaque picture."""
    l = color.luma(charts.in_domain("smooth", "D"))
    blurred = cv2.GaussianBlur(1.0 - l, (11, 11), 1.2, sigmaY=1.2, borderType=cv2.BORDER_REPLICATE)
    other = np.minimum(cv2.divide(l, 1.0 - blurred), 1.0) ** 2
    ours = alone({"effect": "pencil_sketch", "sigma": "1.2px", "darkness": 2}, "smooth")
    near("pencil_sketch opencv", ours[..., 0], other)


def toons():
    """Lightness steps rise without a jump and keep the bin edges; the lines are SciPy's Gaussians."""
    t = np.linspace(0.0, 0.9999, 40001)
    steps = effects_stylize.toon_lightness(t, 8, 4.0)
    if (np.diff(steps) < 0).any() or np.diff(steps).max() > 1e-4:
        raise AssertionError("toon steps jump")
    near("toon bin edges", effects_stylize.toon_lightness(np.arange(8) / 8.0, 8, 4.0), np.arange(8) / 8.0, 1e-12)
    l = color.luma(charts.in_domain("opaque", "D"))
    narrow, wide = (ndimage.gaussian_filter(l, s, radius=int(np.ceil(4 * s)), mode="nearest") for s in (0.9, 1.44))
    other = 1.0 + np.minimum(np.tanh(60 * (narrow - 0.98 * wide)), 0.0)
    near("toon lines scipy", effects_stylize.toon_lines(l, 0.9, 60.0), other, 1e-5)


def _clahe(codes, tiles, clip):
    """Our effect on gray codes."""
    h, w = codes.shape
    img = color.with_alpha(np.repeat(codes[..., None] / 255.0, 3, -1), np.ones((h, w)))
    p = Params({"tiles": tiles, "clip": clip}, {"effect": ""}, w, h)
    return recipe.EFFECTS["clahe"].body(img, p, recipe.Context("D", (w, h), {}))[..., 0]


def local_curves():
    """OpenCV createCLAHE on gray with divisible sizes: its tables are ours, but it interpolates from x, not x + 1/2."""
    codes = color.q8(color.luma(charts.in_domain("smooth", "D"))).astype(np.uint8)
    h, w = codes.shape
    for clip in (1.0, 2.0, 20.0):
        other = cv2.createCLAHE(clip, (5, 3)).apply(codes) / 255.0
        tables, _, _ = effects_local.curves_of(codes / 255.0, (5, 3), clip)
        near("clahe opencv, at its positions", _clahe_at(tables, codes, w / 5, h / 3, 0.0), other, 1 / 255)
        near("clahe, one pixel at a time", _clahe(codes, (5, 3), clip), _clahe_at(tables, codes, w / 5, h / 3, 0.5), 1e-12)
    large = np.kron(codes, np.ones((8, 8), np.uint8))
    near("clahe opencv", _clahe(large, (5, 3), 2.0), cv2.createCLAHE(2.0, (5, 3)).apply(large) / 255.0, 3 / 255)


def _clahe_at(tables, codes, tile_w, tile_h, offset):
    """The bilinear mean of four tables, one pixel at a time."""
    out = np.empty(codes.shape)
    for y, x in np.ndindex(codes.shape):
        u, v = (x + offset) / tile_w - 0.5, (y + offset) / tile_h - 0.5
        i, j = int(np.floor(u)), int(np.floor(v))
        total = 0.0
        for dj, wy in ((0, 1 - (v - j)), (1, v - j)):
            for di, wx in ((0, 1 - (u - i)), (1, u - i)):
                row, column = np.clip(j + dj, 0, len(tables) - 1), np.clip(i + di, 0, tables.shape[1] - 1)
                total += wx * wy * tables[row, column, codes[y, x]]
        out[y, x] = total
    return out


def transforms():
    """Line filters: rf is SciPy's first-order filter on a flat line, nc its box, ic a fine sum of its curve."""
    source = np.random.default_rng(4)
    line = source.uniform(0, 1, (1, 40, 1))
    ones = np.ones((1, 39))
    a = np.exp(-np.sqrt(2.0) / 2.5)

    def once(x):
        return signal.lfilter([1 - a], [1, -a], x, zi=[a * x[0]])[0]

    other = once(once(line[0, :, 0])[::-1])[::-1]
    near("domain_transform rf scipy", effects_transform.recursive(line, ones, 2.5)[0, :, 0], other, 1e-12)
    inner = effects_transform.normalized(line, ones, 2.0)[0, 3:-3, 0]  # r = 3.46
    near("domain_transform nc scipy", inner, ndimage.uniform_filter1d(line[0, :, 0], 7)[3:-3], 1e-12)

    d = source.uniform(1, 4, (1, 39))
    ct = np.concatenate([[0.0], np.cumsum(d[0])])
    r = 2.5 * np.sqrt(3.0)
    steps = (np.arange(100_000) + 0.5) / 100_000 * 2 * r - r
    other = [np.interp(c + steps, ct, line[0, :, 0]).mean() for c in ct]
    near("domain_transform ic numpy", effects_transform.interpolated(line, d, 2.5)[0, :, 0], other, 1e-7)


CHECKS = (medians, morphologies, bilaterals, guided_filters, highlights, differences, sketches, toons, local_curves, transforms)
