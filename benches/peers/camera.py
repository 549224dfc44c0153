"""Frames as cameras deliver them, to RGBA.

Bowerbird packs its frame from the picture, and so does this; both unpack it again, so the picture is the reference, but
for the chroma that the frames have at half the resolution.
"""

import cv2
import numpy as np

from bench import Workload

# BT.601: red, green and blue to Y, Cb and Cr, in codes from 16 to 235 and to 240.
KR, KB = 0.299, 0.114
WEIGHTS = np.array([KR, 1 - KR - KB, KB])
TO_YUV = np.stack([
    WEIGHTS * 219 / 255,
    (np.array([0, 0, 1]) - WEIGHTS) / (2 * (1 - KB)) * 224 / 255,
    (np.array([1, 0, 0]) - WEIGHTS) / (2 * (1 - KR)) * 224 / 255,
])  # fmt: skip


def planes(rgb):
    """Y, and Cb with Cr, as numbers; sides that are odd get their last row or column twice."""
    height, width = rgb.shape[:2]
    even = np.pad(rgb, ((0, height % 2), (0, width % 2), (0, 0)), mode="edge")
    yuv = even @ TO_YUV.T + (16, 128, 128)
    return yuv[..., 0], yuv[..., 1:]


def to_codes(values):
    return np.floor(values + 0.5).astype(np.uint8)


def unpacking(bench, frame, code):
    opencv = lambda: cv2.cvtColor(frame, code)[: bench.height, : bench.width]
    return Workload({"OpenCV": opencv}, {"OpenCV": 1.0}, lambda: bench.rgb, 30.0, named="the picture")


def yuyv(bench):
    luma, chroma = planes(bench.rgb)
    frame = np.empty((*luma.shape, 2), np.uint8)
    frame[..., 0] = to_codes(luma)
    frame[..., 1] = to_codes((chroma[:, ::2] + chroma[:, 1::2]) / 2).reshape(luma.shape)
    return unpacking(bench, frame, cv2.COLOR_YUV2RGBA_YUYV)


def nv12(bench):
    luma, chroma = planes(bench.rgb)
    quarter = (chroma[::2, ::2] + chroma[::2, 1::2] + chroma[1::2, ::2] + chroma[1::2, 1::2]) / 4
    frame = np.concatenate([to_codes(luma), to_codes(quarter).reshape(-1, luma.shape[1])])
    return unpacking(bench, frame, cv2.COLOR_YUV2RGBA_NV12)
