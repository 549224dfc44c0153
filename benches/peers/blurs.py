"""Gaussian blur and what is made of it."""

import cv2
import numpy as np
import scipy.ndimage
from PIL import ImageFilter

from bench import Workload


def gaussian(bench, sigma, targets):
    window, crop, inner = bench.window(4 * sigma + 1)

    def exact():
        blurred = scipy.ndimage.gaussian_filter(crop, (sigma, sigma, 0), mode="nearest", truncate=4)
        return (blurred[inner] + 0.5).astype(np.uint8)

    peers = {
        "OpenCV": lambda: cv2.GaussianBlur(bench.rgba, (0, 0), sigma),
        "libvips": lambda: bench.from_vips(bench.vips().gaussblur(sigma, precision="integer")),
        "Pillow": lambda: np.asarray(bench.pillow.filter(ImageFilter.GaussianBlur(sigma))),
    }
    if sigma >= 50:
        peers["OpenCV stack blur"] = lambda: cv2.stackBlur(bench.rgba, (int(sigma * 2.5) * 2 + 1,) * 2)
    # libvips cuts the kernel where a weight falls under 0.2; Pillow's and stack blur are approximations.
    return Workload(peers, targets, exact, 45.0, window)


def unsharp(bench):
    window, crop, inner = bench.window(9)

    def exact():
        blurred = scipy.ndimage.gaussian_filter(crop, (2, 2, 0), mode="nearest", truncate=4)
        return np.clip(crop + 0.8 * (crop - blurred) + 0.5, 0, 255).astype(np.uint8)[inner]

    def opencv():
        return cv2.addWeighted(bench.rgba, 1.8, cv2.GaussianBlur(bench.rgba, (0, 0), 2), -0.8, 0)

    image = bench.vips()
    peers = {"OpenCV": opencv, "libvips": lambda: bench.from_vips(image.sharpen(sigma=2))}
    return Workload(peers, {"OpenCV": 2.0}, exact, 45.0, window, "libvips sharpens L of CIELAB")
