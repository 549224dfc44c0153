"""Filters held against SciPy, OpenCV, scikit-image and Pillow (section 26 says what each of them means)."""

import cv2
import numpy as np
from PIL import Image, ImageFilter
from scipy import ndimage
from skimage import morphology

import charts
import effects_rank
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


CHECKS = (medians, morphologies)
