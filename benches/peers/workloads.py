"""What the peers do for each workload of `bowerbird bench --suite`: the same operation, with their own means.

A `Bench` holds the picture in the layouts that the libraries want; whatever a user would prepare once (tables, maps,
schedules) is prepared outside the timed call.
"""

import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Callable

import cv2
import numpy as np
import pyvips
import scipy.ndimage
from PIL import Image, ImageChops, ImageEnhance, ImageFilter

LUMA = np.array([0.2126, 0.7152, 0.0722], np.float32)
SUITE = json.loads((Path(__file__).parents[2] / "crates/bowerbird-cli/src/bench/suite.json").read_text())


@dataclass
class Workload:
    """The peers of one workload: functions that return their picture, H × W × (3 or 4) bytes, or nothing."""

    peers: dict[str, Callable]
    # The least ratio of the best of `rivals` to Bowerbird that is aimed at, by peer.
    targets: dict[str, float]
    # Who computes the same operation: a peer's name or a function in float64; with the least PSNR in dB.
    reference: str | Callable | None = None
    agreement: float = 0.0
    # The reference covers only a window: (top, left, height, width).
    window: tuple | None = None
    note: str = ""
    setup: dict = field(default_factory=dict)


def steps(name):
    return next(workload for workload in SUITE if workload["id"] == name)["steps"]


def codes(values):
    return (np.clip(values, 0, 1) * 255 + 0.5).astype(np.uint8)


class Bench:
    """The picture, and the peers' work on it."""

    def __init__(self, rgb, threads):
        self.rgb = np.ascontiguousarray(rgb)
        self.height, self.width = rgb.shape[:2]
        self.rgba = cv2.cvtColor(self.rgb, cv2.COLOR_RGB2RGBA)
        self.pillow = Image.fromarray(self.rgb)
        self.threads = threads

    def vips(self, array=None):
        array = self.rgb if array is None else array
        bands = 1 if array.ndim == 2 else array.shape[2]
        kind = "float" if array.dtype == np.float32 else "uchar"
        return pyvips.Image.new_from_memory(array.tobytes(), array.shape[1], array.shape[0], bands, kind)

    @staticmethod
    def from_vips(image):
        return np.frombuffer(image.write_to_memory(), np.uint8).reshape(image.height, image.width, image.bands)

    def window(self, margin):
        """The middle of the picture, and how much more of it the reference reads on each side."""
        height, width = min(384, self.height), min(512, self.width)
        top, left = (self.height - height) // 2, (self.width - width) // 2
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

    def all(self):
        return {
            "look8": self.look8(),
            "gaussian_2": self.gaussian(2, {"libvips": 1.2, "OpenCV": 1.2}),
            "gaussian_8": self.gaussian(8, {"libvips": 2.0, "OpenCV": 2.0}),
            "gaussian_50": self.gaussian(50, {"OpenCV stack blur": 2.5}),
            "unsharp_2": self.unsharp(),
            "bilateral": self.bilateral(),
            "median_2": self.median(2, 1.5),
            "median_10": self.median(10, 5.0),
            "dilate_4": self.dilate(),
            "sobel": self.sobel(),
            "lut3d": self.lut3d(),
            "rotate_bilinear": self.rotate(cv2.INTER_LINEAR, 1, {"OpenCV": 1.0}),
            "rotate_bicubic": self.rotate(cv2.INTER_CUBIC, None, {"OpenCV": 2.5}),
            "wave": self.wave(),
            "equalize": self.equalize(),
            "pencil_sketch": self.pencil_sketch(),
            "mixed10": self.mixed10(),
        }

    def look8(self):
        look = steps("look8")
        x = np.arange(256) / 255
        brighten = codes(x * look[0]["scale"])
        contrast = codes((x - 0.5) * look[1]["amount"] + 0.5)
        mixer = np.array(look[2]["matrix"], np.float32).reshape(4, 5)[:, :4].copy()
        saturation = np.eye(4, dtype=np.float32)
        amount = look[3]["amount"]
        saturation[:3, :3] = np.eye(3) * amount + (1 - amount) * LUMA[None, :]
        # Tables can hold any curve, so the peers get Bowerbird's: a natural cubic spline through the points.
        from scipy.interpolate import CubicSpline

        points = np.array(look[4]["rgb"])
        curve = codes(CubicSpline(*points.T, bc_type="natural")(x))
        low, high = look[5]["out_black"], look[5]["out_white"]
        levels = codes(low + (high - low) * x)
        shade = self.vignette(look[7]["amount"])
        shade8 = np.repeat(codes(shade)[..., None], 4, 2)
        shade8[..., 3] = 255

        def opencv():
            y = cv2.transform(cv2.LUT(cv2.LUT(self.rgba, brighten), contrast), mixer)
            y = cv2.LUT(cv2.LUT(cv2.transform(y, saturation), curve), levels)
            return cv2.multiply(cv2.transform(y, mixer), shade8, scale=1 / 255)

        together = saturation @ mixer

        def opencv_by_hand():
            y = cv2.transform(cv2.LUT(self.rgba, contrast[brighten]), together)
            y = cv2.transform(cv2.LUT(y, levels[curve]), mixer)
            return cv2.multiply(y, shade8, scale=1 / 255)

        image, mask = self.vips(), self.vips(shade)
        matrix = lambda m: pyvips.Image.new_from_array(m[:3, :3].tolist())
        table = lambda t: pyvips.Image.new_from_memory(t.tobytes(), 256, 1, 1, "uchar")

        def libvips():
            y = image.maplut(table(brighten)).maplut(table(contrast)).recomb(matrix(mixer)).recomb(matrix(saturation))
            y = y.cast("uchar").maplut(table(curve)).linear([high - low], [255 * low]).recomb(matrix(mixer)) * mask
            return self.from_vips(y.cast("uchar"))

        def pillow():
            y = ImageEnhance.Contrast(self.pillow.point(list(brighten) * 3)).enhance(look[1]["amount"])
            rows = lambda m: tuple(value for row in m[:3] for value in (*row[:3], 0))
            y = ImageEnhance.Color(y.convert("RGB", rows(mixer))).enhance(amount)
            y = y.point(list(curve) * 3).point(list(levels) * 3).convert("RGB", rows(mixer))
            return np.asarray(ImageChops.multiply(y, Image.fromarray(np.ascontiguousarray(shade8[..., :3]))))

        def exact():
            y = self.rgb / 255 * look[0]["scale"]
            y = (y - 0.5) * look[1]["amount"] + 0.5
            y = y @ mixer[:3, :3].T.astype(np.float64) @ saturation[:3, :3].T.astype(np.float64)
            inside = np.clip(y, points[0, 0], points[-1, 0])
            y = CubicSpline(*points.T, bc_type="natural")(inside)
            y = low + (high - low) * y
            return codes(np.clip(y @ mixer[:3, :3].T, 0, None) * shade[..., None])

        peers = {"OpenCV": opencv, "OpenCV by hand": opencv_by_hand, "libvips": libvips, "Pillow": pillow}
        halide = self.halide_look(look, mixer, saturation, low, high)
        if halide:
            peers["Halide"] = halide
        targets = {"OpenCV": 15.0, "Halide": 2.0}
        return Workload(peers, targets, exact, 38.0, note="the reference clamps nothing between its steps")

    def halide_look(self, look, mixer, saturation, low, high):
        """One fused, vectorized, parallel pipeline in float: what a compiler does when it is told everything.

        The curve is a power rather than a spline, which costs it less than a table would.
        """
        os.environ.setdefault("HL_NUM_THREADS", str(self.threads))
        try:
            import halide as hl
        except ImportError:
            return None
        # Halide names dimensions from the innermost: channel, x, y.
        source, out = hl.Buffer(self.rgba), np.empty_like(self.rgba)
        target = hl.Buffer(out)
        x, y, c, inner = hl.Var("x"), hl.Var("y"), hl.Var("c"), hl.Var("inner")
        extents = [target.dim(index).extent() for index in range(3)]
        names = [{4: c, self.width: x, self.height: y}[extent] for extent in extents]

        def at(channel):
            return source[tuple(channel if name is c else name for name in names)]

        clamped = lambda values: [hl.clamp(v, 0.0, 1.0) for v in values]
        times = lambda m, v: [sum((hl.f32(float(m[i][j])) * v[j] for j in (1, 2)), hl.f32(float(m[i][0])) * v[0]) for i in range(3)]
        scale, contrast = hl.f32(look[0]["scale"]), hl.f32(look[1]["amount"])
        v = clamped([hl.cast(hl.Float(32), at(i)) / 255.0 * scale for i in range(3)])
        v = clamped([(value - 0.5) * contrast + 0.5 for value in v])
        v = clamped(times(saturation, clamped(times(mixer, v))))
        v = clamped([hl.fast_pow(value, hl.f32(0.9)) for value in v])
        v = clamped([value * hl.f32(high - low) + hl.f32(low) for value in v])
        v = clamped(times(mixer, v))
        dx, dy = hl.cast(hl.Float(32), x) / self.width - 0.5, hl.cast(hl.Float(32), y) / self.height - 0.5
        shade = 1.0 - (dx * dx + dy * dy)
        rounded = [hl.cast(hl.UInt(8), value * shade * 255.0 + 0.5) for value in v]
        look_func = hl.Func("look")
        look_func[tuple(names)] = hl.mux(c, [*rounded, at(3)])
        look_func.bound(c, 0, 4).reorder(c, x, y).unroll(c).vectorize(x, 16).split(y, y, inner, 32).parallel(y)

        def run():
            look_func.realize(target)

        return run

    def gaussian(self, sigma, targets):
        window, crop, inner = self.window(4 * sigma + 1)

        def exact():
            blurred = scipy.ndimage.gaussian_filter(crop, (sigma, sigma, 0), mode="nearest", truncate=4)
            return (blurred[inner] + 0.5).astype(np.uint8)

        peers = {
            "OpenCV": lambda: cv2.GaussianBlur(self.rgba, (0, 0), sigma),
            "libvips": lambda: self.from_vips(self.vips().gaussblur(sigma, precision="integer")),
            "Pillow": lambda: np.asarray(self.pillow.filter(ImageFilter.GaussianBlur(sigma))),
        }
        if sigma >= 50:
            peers["OpenCV stack blur"] = lambda: cv2.stackBlur(self.rgba, (int(sigma * 2.5) * 2 + 1,) * 2)
        # libvips cuts the kernel where a weight falls under 0.2; Pillow's and stack blur are approximations.
        return Workload(peers, targets, exact, 45.0, window)

    def unsharp(self):
        window, crop, inner = self.window(9)

        def exact():
            blurred = scipy.ndimage.gaussian_filter(crop, (2, 2, 0), mode="nearest", truncate=4)
            return np.clip(crop + 0.8 * (crop - blurred) + 0.5, 0, 255).astype(np.uint8)[inner]

        def opencv():
            return cv2.addWeighted(self.rgba, 1.8, cv2.GaussianBlur(self.rgba, (0, 0), 2), -0.8, 0)

        image = self.vips()
        peers = {"OpenCV": opencv, "libvips": lambda: self.from_vips(image.sharpen(sigma=2))}
        return Workload(peers, {"OpenCV": 2.0}, exact, 45.0, window, "libvips sharpens L of CIELAB")

    def bilateral(self):
        step = steps("bilateral")[0]
        sigma, deviation = 2, step["range"] * 255
        window, crop, inner = self.window(4)

        def exact():
            sums, total = np.zeros_like(crop), np.zeros(crop.shape[:2] + (1,))
            for dy in range(-4, 5):
                for dx in range(-4, 5):
                    other = np.roll(crop, (-dy, -dx), (0, 1))
                    difference = ((other - crop) ** 2).sum(2, keepdims=True)
                    weight = np.exp(-(dx * dx + dy * dy) / (2 * sigma**2) - difference / (2 * deviation**2))
                    sums, total = sums + weight * other, total + weight
            return (sums / total + 0.5).astype(np.uint8)[inner]

        opencv = lambda: cv2.bilateralFilter(self.rgb, 9, deviation, sigma)
        return Workload({"OpenCV": opencv}, {"OpenCV": 5.0}, exact, 45.0, window, "OpenCV: sum of absolute differences")

    def median(self, radius, target):
        opencv = lambda: cv2.medianBlur(self.rgba, 2 * radius + 1)
        return Workload({"OpenCV": opencv}, {"OpenCV": target}, "OpenCV", 99.0)

    def dilate(self):
        opencv = lambda: cv2.dilate(self.rgba, np.ones((9, 9), np.uint8))
        return Workload({"OpenCV": opencv}, {"OpenCV": 1.0}, "OpenCV", 99.0)

    def sobel(self):
        gray = np.ascontiguousarray(self.rgb[..., 0])

        def opencv():
            across, down = cv2.Sobel(gray, cv2.CV_32F, 1, 0), cv2.Sobel(gray, cv2.CV_32F, 0, 1)
            return cv2.magnitude(across, down)

        def exact():
            luma = self.rgb @ LUMA.astype(np.float64)
            across, down = (scipy.ndimage.sobel(luma, axis, mode="nearest") / 4 for axis in (1, 0))
            return np.repeat(np.clip(np.hypot(across, down) + 0.5, 0, 255).astype(np.uint8)[..., None], 3, 2)

        return Workload({"OpenCV": opencv}, {"OpenCV": 3.0}, exact, 45.0, note="OpenCV: one channel, float result")

    def lut3d(self):
        side = 33
        table = np.mgrid[0 : 1 : side * 1j, 0 : 1 : side * 1j, 0 : 1 : side * 1j].transpose(3, 2, 1, 0)
        cube = ImageFilter.Color3DLUT(side, (table.reshape(-1, 3) ** 0.9).ravel().tolist())
        peers = {"Pillow": lambda: np.asarray(self.pillow.filter(cube))}
        return Workload(peers, {"Pillow": 8.0}, "Pillow", 45.0, note="Pillow: trilinear")

    def rotate(self, filter, order, targets):
        matrix = cv2.getRotationMatrix2D(((self.width - 1) / 2, (self.height - 1) / 2), 17, 1.1)
        size = (self.width, self.height)
        opencv = lambda: cv2.warpAffine(self.rgba, matrix, size, flags=filter)
        rgba = self.vips(self.rgba)
        kernel = pyvips.Interpolate.new("bilinear" if order == 1 else "bicubic")
        a = matrix[:, :2].ravel().tolist()
        area = [0, 0, self.width, self.height]
        libvips = lambda: self.from_vips(
            rgba.affine(a, interpolate=kernel, oarea=area, odx=matrix[0, 2], ody=matrix[1, 2])
        )
        # OpenCV knows positions to 1/32 pixel, and its cubic has a = −¾ where Keys' best has −½.
        return Workload({"OpenCV": opencv, "libvips": libvips}, targets, "OpenCV", 34.0)

    def wave(self):
        step = steps("wave")[0]
        amplitude, wavelength = (float(step[name].removesuffix("px")) for name in ("amplitude", "wavelength"))
        x, y = self.positions()
        moved = y - amplitude * np.sin(2 * np.pi * ((x + 0.5 - self.width / 2) / wavelength))
        first, second = cv2.convertMaps(x, moved.astype(np.float32), cv2.CV_16SC2)
        opencv = lambda: cv2.remap(self.rgba, first, second, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        return Workload({"OpenCV": opencv}, {"OpenCV": 1.2}, "OpenCV", 40.0, note="OpenCV: maps made beforehand")

    def equalize(self):
        def opencv():
            luma, *chroma = cv2.split(cv2.cvtColor(self.rgb, cv2.COLOR_RGB2YCrCb))
            return cv2.cvtColor(cv2.merge([cv2.equalizeHist(luma), *chroma]), cv2.COLOR_YCrCb2RGB)

        # Another luma, and another way to keep the hue: the result is alike, not the same.
        return Workload({"OpenCV": opencv}, {"OpenCV": 4.0}, "OpenCV", 15.0, note="OpenCV: luma of BT.601")

    def pencil_sketch(self):
        peers = {"OpenCV": lambda: cv2.pencilSketch(self.rgb)[1]}
        return Workload(peers, {"OpenCV": 20.0}, note="the same purpose by another method")

    def mixed10(self):
        work = steps("mixed10")
        x = np.arange(256) / 255
        brighten = codes(x * work[0]["scale"])
        contrast = codes((x - 0.5) * work[1]["amount"] + 0.5)
        amount = work[2]["amount"]
        saturation = np.eye(4, dtype=np.float32)
        saturation[:3, :3] = np.eye(3) * amount + (1 - amount) * LUMA[None, :]
        low, high = work[5]["out_black"], work[5]["out_white"]
        levels = codes(low + (high - low) * x)
        turn = cv2.getRotationMatrix2D(((self.width - 1) / 2, (self.height - 1) / 2), work[6]["angle"], 1.1)
        mixer = np.array(work[7]["matrix"], np.float32).reshape(4, 5)[:, :4].copy()
        shade = np.repeat(codes(self.vignette(work[9]["amount"]))[..., None], 4, 2)
        shade[..., 3] = 255

        def opencv():
            y = cv2.transform(cv2.LUT(cv2.LUT(self.rgba, brighten), contrast), saturation)
            y = cv2.GaussianBlur(y, (0, 0), 3)
            both = cv2.multiply(y, self.rgba, scale=1 / 255)
            screened = cv2.subtract(cv2.add(y, self.rgba, dtype=cv2.CV_16S), both, dtype=cv2.CV_8U)
            y = cv2.LUT(cv2.addWeighted(y, 0.5, screened, 0.5, 0), levels)
            y = cv2.warpAffine(y, turn, (self.width, self.height), borderMode=cv2.BORDER_REPLICATE)
            y = cv2.transform(y, mixer)
            y = cv2.addWeighted(y, 1.8, cv2.GaussianBlur(y, (0, 0), 2), -0.8, 0)
            return cv2.multiply(y, shade, scale=1 / 255)

        return Workload({"OpenCV": opencv}, {"OpenCV": 5.0}, "OpenCV", 32.0, note="OpenCV: 8 bits between the steps")
