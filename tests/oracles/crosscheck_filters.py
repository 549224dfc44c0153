"""Filters held against SciPy, OpenCV, scikit-image and Pillow (section 26 says what each of them means)."""

import cv2
import numpy as np
from PIL import Image, ImageFilter
from scipy import ndimage
from skimage import morphology

import charts
import effects_rank
import effects_smooth
from measure import alone, near

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


CHECKS = (medians, morphologies, bilaterals)
