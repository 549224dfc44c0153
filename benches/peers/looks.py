"""Chains: the look of eight point adjustments, and a graph of ten effects."""

import os

import cv2
import numpy as np
import pyvips
from PIL import Image, ImageChops, ImageEnhance
from scipy.interpolate import CubicSpline

from bench import LUMA, Workload, codes, steps


class Look:
    """The look, and what a user of the peers prepares for it once: tables, matrices, the mask."""

    def __init__(self, bench):
        self.steps = look = steps("look8")
        x = np.arange(256) / 255
        self.brighten = codes(x * look[0]["scale"])
        self.contrast = codes((x - 0.5) * look[1]["amount"] + 0.5)
        self.mixer = np.array(look[2]["matrix"], np.float32).reshape(4, 5)[:, :4].copy()
        self.amount = amount = look[3]["amount"]
        self.saturation = np.eye(4, dtype=np.float32)
        self.saturation[:3, :3] = np.eye(3) * amount + (1 - amount) * LUMA[None, :]
        # Tables can hold any curve, so the peers get Bowerbird's: a natural cubic spline through the points.
        self.points = np.array(look[4]["rgb"])
        self.spline = CubicSpline(*self.points.T, bc_type="natural")
        self.curve = codes(self.spline(x))
        self.low, self.high = look[5]["out_black"], look[5]["out_white"]
        self.levels = codes(self.low + (self.high - self.low) * x)
        self.shade = bench.vignette(look[7]["amount"])

    def exact(self, rgb):
        y = rgb / 255 * self.steps[0]["scale"]
        y = (y - 0.5) * self.steps[1]["amount"] + 0.5
        y = y @ self.mixer[:3, :3].T.astype(np.float64) @ self.saturation[:3, :3].T.astype(np.float64)
        y = self.spline(np.clip(y, self.points[0, 0], self.points[-1, 0]))
        y = self.low + (self.high - self.low) * y
        return codes(np.clip(y @ self.mixer[:3, :3].T, 0, None) * self.shade[..., None])


def look8(bench):
    look = Look(bench)
    shade8 = np.repeat(codes(look.shade)[..., None], 4, 2)
    shade8[..., 3] = 255

    def opencv():
        y = cv2.transform(cv2.LUT(cv2.LUT(bench.rgba, look.brighten), look.contrast), look.mixer)
        y = cv2.LUT(cv2.LUT(cv2.transform(y, look.saturation), look.curve), look.levels)
        return cv2.multiply(cv2.transform(y, look.mixer), shade8, scale=1 / 255)

    together = look.saturation @ look.mixer

    def opencv_by_hand():
        y = cv2.transform(cv2.LUT(bench.rgba, look.contrast[look.brighten]), together)
        y = cv2.transform(cv2.LUT(y, look.levels[look.curve]), look.mixer)
        return cv2.multiply(y, shade8, scale=1 / 255)

    image, mask = bench.vips(), bench.vips(look.shade)
    matrix = lambda m: pyvips.Image.new_from_array(m[:3, :3].tolist())
    table = lambda t: pyvips.Image.new_from_memory(t.tobytes(), 256, 1, 1, "uchar")
    low, high = look.low, look.high

    def libvips():
        y = image.maplut(table(look.brighten)).maplut(table(look.contrast))
        y = y.recomb(matrix(look.mixer)).recomb(matrix(look.saturation)).cast("uchar").maplut(table(look.curve))
        y = y.linear([high - low], [255 * low]).recomb(matrix(look.mixer)) * mask
        return bench.from_vips(y.cast("uchar"))

    def pillow():
        y = ImageEnhance.Contrast(bench.pillow.point(list(look.brighten) * 3)).enhance(look.steps[1]["amount"])
        rows = lambda m: tuple(value for row in m[:3] for value in (*row[:3], 0))
        y = ImageEnhance.Color(y.convert("RGB", rows(look.mixer))).enhance(look.amount)
        y = y.point(list(look.curve) * 3).point(list(look.levels) * 3).convert("RGB", rows(look.mixer))
        return np.asarray(ImageChops.multiply(y, Image.fromarray(np.ascontiguousarray(shade8[..., :3]))))

    peers = {"OpenCV": opencv, "OpenCV by hand": opencv_by_hand, "libvips": libvips, "Pillow": pillow}
    halide = halide_look(bench, look)
    if halide:
        peers["Halide"] = halide
    targets = {"OpenCV": 15.0, "Halide": 2.0}
    return Workload(peers, targets, lambda: look.exact(bench.rgb), 38.0, note="the reference clamps nothing between its steps")


def halide_look(bench, look):
    """One fused, vectorized, parallel pipeline in float: what a compiler does when it is told everything.

    The curve is a power rather than a spline, which costs it less than a table would.
    """
    os.environ.setdefault("HL_NUM_THREADS", str(bench.threads))
    try:
        import halide as hl
    except ImportError:
        return None
    # Halide names dimensions from the innermost: channel, x, y.
    source, out = hl.Buffer(bench.rgba), np.empty_like(bench.rgba)
    target = hl.Buffer(out)
    x, y, c, inner = hl.Var("x"), hl.Var("y"), hl.Var("c"), hl.Var("inner")
    extents = [target.dim(index).extent() for index in range(3)]
    names = [{4: c, bench.width: x, bench.height: y}[extent] for extent in extents]

    def at(channel):
        return source[tuple(channel if name is c else name for name in names)]

    clamped = lambda values: [hl.clamp(v, 0.0, 1.0) for v in values]
    times = lambda m, v: [sum((hl.f32(float(m[i][j])) * v[j] for j in (1, 2)), hl.f32(float(m[i][0])) * v[0]) for i in range(3)]
    scale, contrast = hl.f32(look.steps[0]["scale"]), hl.f32(look.steps[1]["amount"])
    v = clamped([hl.cast(hl.Float(32), at(i)) / 255.0 * scale for i in range(3)])
    v = clamped([(value - 0.5) * contrast + 0.5 for value in v])
    v = clamped(times(look.saturation, clamped(times(look.mixer, v))))
    v = clamped([hl.fast_pow(value, hl.f32(0.9)) for value in v])
    v = clamped([value * hl.f32(look.high - look.low) + hl.f32(look.low) for value in v])
    v = clamped(times(look.mixer, v))
    dx, dy = hl.cast(hl.Float(32), x) / bench.width - 0.5, hl.cast(hl.Float(32), y) / bench.height - 0.5
    shade = 1.0 - (dx * dx + dy * dy)
    rounded = [hl.cast(hl.UInt(8), value * shade * 255.0 + 0.5) for value in v]
    look_func = hl.Func("look")
    look_func[tuple(names)] = hl.mux(c, [*rounded, at(3)])
    look_func.bound(c, 0, 4).reorder(c, x, y).unroll(c).vectorize(x, 16).split(y, y, inner, 32).parallel(y)

    def run():
        look_func.realize(target)

    return run


def mixed10(bench):
    work = steps("mixed10")
    x = np.arange(256) / 255
    brighten = codes(x * work[0]["scale"])
    contrast = codes((x - 0.5) * work[1]["amount"] + 0.5)
    amount = work[2]["amount"]
    saturation = np.eye(4, dtype=np.float32)
    saturation[:3, :3] = np.eye(3) * amount + (1 - amount) * LUMA[None, :]
    low, high = work[5]["out_black"], work[5]["out_white"]
    levels = codes(low + (high - low) * x)
    turn = cv2.getRotationMatrix2D(((bench.width - 1) / 2, (bench.height - 1) / 2), work[6]["angle"], 1.1)
    mixer = np.array(work[7]["matrix"], np.float32).reshape(4, 5)[:, :4].copy()
    shade = np.repeat(codes(bench.vignette(work[9]["amount"]))[..., None], 4, 2)
    shade[..., 3] = 255

    def opencv():
        y = cv2.transform(cv2.LUT(cv2.LUT(bench.rgba, brighten), contrast), saturation)
        y = cv2.GaussianBlur(y, (0, 0), 3)
        both = cv2.multiply(y, bench.rgba, scale=1 / 255)
        screened = cv2.subtract(cv2.add(y, bench.rgba, dtype=cv2.CV_16S), both, dtype=cv2.CV_8U)
        y = cv2.LUT(cv2.addWeighted(y, 0.5, screened, 0.5, 0), levels)
        y = cv2.warpAffine(y, turn, (bench.width, bench.height), borderMode=cv2.BORDER_REPLICATE)
        y = cv2.transform(y, mixer)
        y = cv2.addWeighted(y, 1.8, cv2.GaussianBlur(y, (0, 0), 2), -0.8, 0)
        return cv2.multiply(y, shade, scale=1 / 255)

    return Workload({"OpenCV": opencv}, {"OpenCV": 5.0}, "OpenCV", 32.0, note="OpenCV: 8 bits between the steps")
