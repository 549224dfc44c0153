"""The picture in the layouts that the libraries want, and what a workload is.

Whatever a user would prepare once (tables, maps, schedules) is prepared outside the timed calls.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Callable

import cv2
import numpy as np
import pyvips
from PIL import Image

LUMA = np.array([0.2126, 0.7152, 0.0722], np.float32)
SUITE = json.loads((Path(__file__).parents[2] / "crates/bowerbird-cli/src/bench/suite.json").read_text())


@dataclass
class Workload:
    """The peers of one workload: functions that return their picture, H × W × (3 or 4) bytes, or nothing."""

    peers: dict[str, Callable]
    # The least ratio of a peer's time to Bowerbird's that is aimed at.
    targets: dict[str, float]
    # Who computes the same operation: a peer's name or a function, in float64; with the least PSNR in dB.
    reference: str | Callable | None = None
    agreement: float = 0.0
    # The reference covers only a window of the result: (top, left, height, width).
    window: tuple | None = None
    note: str = ""
    # What the reference is called in the table.
    named: str = "float64"
    # (height, width) of the result, where it is not the picture's.
    size: tuple | None = None
    # What `bowerbird bench --output` writes: a picture or a report.
    output: str = "png"
    # How like the reference's answer a report is, in dB.
    likeness: Callable | None = None
    # What is timed in place of `bowerbird bench`; it returns the path of its picture.
    own: Callable | None = None
    # For a workload that `bowerbird bench` does not know.
    label: str = ""


def steps(name):
    return next(workload for workload in SUITE if workload["id"] == name)["steps"]


def codes(values):
    return (np.clip(values, 0, 1) * 255 + 0.5).astype(np.uint8)


def rounded(value):
    return int(np.floor(value + 0.5))


class Bench:
    """The picture; the program and a folder are for workloads that run whole processes."""

    def __init__(self, rgb, threads, program="bowerbird", folder="."):
        self.rgb = np.ascontiguousarray(rgb)
        self.height, self.width = rgb.shape[:2]
        self.rgba = cv2.cvtColor(self.rgb, cv2.COLOR_RGB2RGBA)
        self.pillow = Image.fromarray(self.rgb)
        self.threads, self.program, self.folder = threads, program, Path(folder)

    def vips(self, array=None):
        array = self.rgb if array is None else array
        bands = 1 if array.ndim == 2 else array.shape[2]
        kind = "float" if array.dtype == np.float32 else "uchar"
        return pyvips.Image.new_from_memory(array.tobytes(), array.shape[1], array.shape[0], bands, kind)

    @staticmethod
    def from_vips(image):
        return np.frombuffer(image.write_to_memory(), np.uint8).reshape(image.height, image.width, image.bands)

    @staticmethod
    def middle(height, width):
        """The window in the middle of a picture of that size: (top, left, height, width)."""
        rows, columns = min(384, height), min(512, width)
        return (height - rows) // 2, (width - columns) // 2, rows, columns

    def window(self, margin):
        """The middle of the picture, and how much more of it the reference reads on each side."""
        top, left, height, width = self.middle(self.height, self.width)
        bounds = lambda at, length, most: (max(at - margin, 0), min(at + length + margin, most))
        rows, columns = bounds(top, height, self.height), bounds(left, width, self.width)
        crop = self.rgb[rows[0] : rows[1], columns[0] : columns[1]].astype(np.float64)
        inner = (slice(top - rows[0], top - rows[0] + height), slice(left - columns[0], left - columns[0] + width))
        return (top, left, height, width), crop, inner

    def positions(self):
        y, x = np.mgrid[0 : self.height, 0 : self.width].astype(np.float32)
        return x, y

    def vignette(self, amount):
        x, y = self.positions()
        u, v = (x + 0.5) / self.width * 2 - 1, (y + 0.5) / self.height * 2 - 1
        t = np.clip((np.sqrt((u * u + v * v) / 2) - 0.4) / 0.6, 0, 1)
        return (1 - amount * t * t * (3 - 2 * t)).astype(np.float32)
