"""What the peers do for each workload of `bowerbird bench --suite`: the same operation, with their own means."""

from functools import partial

import cv2

import blurs
import camera
import files
import looks
import points
import stylize
import warps
import windows
from bench import SUITE, Bench, Workload

__all__ = ["EXTRA", "SUITE", "WORKLOADS", "Bench", "Workload"]

# Functions that take the `Bench` and prepare the workload.
WORKLOADS = {
    "look8": looks.look8,
    "gaussian_2": partial(blurs.gaussian, sigma=2, targets={"libvips": 1.2, "OpenCV": 1.2}),
    "gaussian_8": partial(blurs.gaussian, sigma=8, targets={"libvips": 2.0, "OpenCV": 2.0}),
    "gaussian_50": partial(blurs.gaussian, sigma=50, targets={"OpenCV stack blur": 2.5}),
    "unsharp_2": blurs.unsharp,
    "bilateral": windows.bilateral,
    "median_2": partial(windows.median, radius=2, target=1.5),
    "median_10": partial(windows.median, radius=10, target=5.0),
    "dilate_4": windows.dilate,
    "sobel": windows.sobel,
    "lut3d": points.lut3d,
    "rotate_bilinear": partial(warps.rotate, filter=cv2.INTER_LINEAR, order=1, targets={"OpenCV": 1.0}),
    "rotate_bicubic": partial(warps.rotate, filter=cv2.INTER_CUBIC, order=None, targets={"OpenCV": 2.5}),
    "wave": warps.wave,
    "resize_half": warps.resize_half,
    "sticker": warps.sticker,
    "histogram": points.histogram,
    "equalize": points.equalize,
    "clahe": points.clahe,
    "domain_transform": stylize.domain_transform,
    "clarity": stylize.clarity,
    "toon": stylize.toon,
    "pencil_sketch": stylize.pencil_sketch,
    "yuyv": camera.yuyv,
    "nv12": camera.nv12,
    "mixed10": looks.mixed10,
}

# Workloads of whole processes, which `bowerbird bench` does not know.
EXTRA = {"jpeg_look8": files.jpeg_look8}
