"""Effects that read a picture at other positions: warps, reduction, a picture laid over another."""

import cv2
import numpy as np
import pyvips

from bench import Workload, steps


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
