"""Effects that read a picture at other positions: warps, reduction, a picture laid over another."""

import cv2
import numpy as np
import pyvips
from PIL import Image

from bench import Workload, codes, rounded, steps


def rotate(bench, filter, order, targets):
    matrix = cv2.getRotationMatrix2D(((bench.width - 1) / 2, (bench.height - 1) / 2), 17, 1.1)
    size = (bench.width, bench.height)
    opencv = lambda: cv2.warpAffine(bench.rgba, matrix, size, flags=filter)
    rgba = bench.vips(bench.rgba)
    kernel = pyvips.Interpolate.new("bilinear" if order == 1 else "bicubic")
    a = matrix[:, :2].ravel().tolist()
    area = [0, 0, bench.width, bench.height]
    libvips = lambda: bench.from_vips(
        rgba.affine(a, interpolate=kernel, oarea=area, odx=matrix[0, 2], ody=matrix[1, 2])
    )
    # OpenCV knows positions to 1/32 pixel, and its cubic has a = −¾ where Keys' best has −½.
    return Workload({"OpenCV": opencv, "libvips": libvips}, targets, "OpenCV", 34.0)


def wave(bench):
    step = steps("wave")[0]
    amplitude, wavelength = (float(step[name].removesuffix("px")) for name in ("amplitude", "wavelength"))
    x, y = bench.positions()
    moved = y - amplitude * np.sin(2 * np.pi * ((x + 0.5 - bench.width / 2) / wavelength))
    first, second = cv2.convertMaps(x, moved.astype(np.float32), cv2.CV_16SC2)
    opencv = lambda: cv2.remap(bench.rgba, first, second, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return Workload({"OpenCV": opencv}, {"OpenCV": 1.2}, "OpenCV", 40.0, note="OpenCV: maps made beforehand")


def lanczos3(before, after, rows):
    """The weights of some rows of a reduction from `before` to `after` pixels: taps outside the picture are dropped."""
    q = before / after
    distance = (np.arange(before) + 0.5 - (np.arange(after)[rows, None] + 0.5) * q) / q
    weights = np.where(np.abs(distance) < 3, np.sinc(distance) * np.sinc(distance / 3), 0)
    return weights / weights.sum(1, keepdims=True)


def resize_half(bench):
    width, height = rounded(bench.width * 0.5), rounded(bench.height * 0.5)
    window = top, left, rows, columns = bench.middle(height, width)

    def exact():
        down = lanczos3(bench.height, height, slice(top, top + rows))
        across = lanczos3(bench.width, width, slice(left, left + columns))
        reduced = np.tensordot(down, bench.rgb / 255, (1, 0))
        return codes(np.tensordot(across, reduced, (1, 1)).transpose(1, 0, 2))

    image = bench.vips()
    peers = {
        "libvips": lambda: bench.from_vips(image.resize(width / bench.width, vscale=height / bench.height)),
        "Pillow": lambda: np.asarray(bench.pillow.resize((width, height), Image.Resampling.LANCZOS)),
        "OpenCV area": lambda: cv2.resize(bench.rgba, (width, height), interpolation=cv2.INTER_AREA),
    }
    return Workload(peers, {"libvips": 1.2}, exact, 45.0, window, "OpenCV: the mean of the area, another filter", size=(height, width))


# The sticker: its side in pixels, its middle as fractions of the picture, its angle counter-clockwise.
SIDE, CENTER, ANGLE = 800, (0.36458333, 0.41666667), 20


def disc():
    """The picture of the sticker, RGBA: ramps of red and green on a disc."""
    ramp = (np.arange(SIDE) * 255 / (SIDE - 1) + 0.5).astype(np.uint8)
    place = (np.arange(SIDE) + 0.5) / (SIDE / 2) - 1
    art = np.full((SIDE, SIDE, 4), 128, np.uint8)
    art[..., 0], art[..., 1] = ramp[None, :], ramp[:, None]
    art[..., 3] = np.where(place[None, :] ** 2 + place[:, None] ** 2 < 0.81, 255, 0)
    return art


def sticker(bench):
    art = disc()
    x, y = CENTER[0] * bench.width, CENTER[1] * bench.height
    corner = rounded(x - SIDE / 2), rounded(y - SIDE / 2)
    top, left = max(corner[1], 0), max(corner[0], 0)
    window = top, left, min(corner[1] + SIDE, bench.height) - top, min(corner[0] + SIDE, bench.width) - left

    def exact():
        angle = np.radians(ANGLE)
        rows, columns = np.mgrid[top : top + window[2], left : left + window[3]] + 0.5
        dx, dy = columns - x, rows - y
        # The turn undone; y grows downward.
        u = dx * np.cos(angle) - dy * np.sin(angle) + SIDE / 2 - 0.5
        v = dx * np.sin(angle) + dy * np.cos(angle) + SIDE / 2 - 0.5
        i, j = np.floor(u).astype(int), np.floor(v).astype(int)
        fx, fy = (u - i)[..., None], (v - j)[..., None]
        # A border of nothing on each side, which every tap beyond the picture reads.
        source = np.zeros((SIDE + 2, SIDE + 2, 4))
        source[1:-1, 1:-1] = art / 255
        source[..., :3] *= source[..., 3:]
        tap = lambda di, dj: source[np.clip(j + dj + 1, 0, SIDE + 1), np.clip(i + di + 1, 0, SIDE + 1)]
        drawn = (tap(0, 0) * (1 - fx) + tap(1, 0) * fx) * (1 - fy) + (tap(0, 1) * (1 - fx) + tap(1, 1) * fx) * fy
        under = bench.rgb[top : top + window[2], left : left + window[3]] / 255
        return codes(drawn[..., :3] + (1 - drawn[..., 3:]) * under)

    picture, base = Image.fromarray(art), Image.fromarray(bench.rgba)

    def pillow():
        y = base.copy()
        turned = picture.rotate(ANGLE, Image.Resampling.BILINEAR)
        y.alpha_composite(turned, (left, top), (left - corner[0], top - corner[1]))
        return np.asarray(y)

    return Workload({"Pillow": pillow}, {"Pillow": 5.0}, exact, 45.0, window)
