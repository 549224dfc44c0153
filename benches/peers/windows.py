"""Effects that choose or weigh among the pixels of a small window."""

import cv2
import numpy as np
import scipy.ndimage

from bench import LUMA, Workload, steps


def bilateral(bench):
    step = steps("bilateral")[0]
    sigma, deviation = 2, step["range"] * 255
    window, crop, inner = bench.window(4)

    def exact():
        sums, total = np.zeros_like(crop), np.zeros(crop.shape[:2] + (1,))
        for dy in range(-4, 5):
            for dx in range(-4, 5):
                other = np.roll(crop, (-dy, -dx), (0, 1))
                difference = ((other - crop) ** 2).sum(2, keepdims=True)
                weight = np.exp(-(dx * dx + dy * dy) / (2 * sigma**2) - difference / (2 * deviation**2))
                sums, total = sums + weight * other, total + weight
        return (sums / total + 0.5).astype(np.uint8)[inner]

    opencv = lambda: cv2.bilateralFilter(bench.rgb, 9, deviation, sigma)
    return Workload({"OpenCV": opencv}, {"OpenCV": 5.0}, exact, 45.0, window, "OpenCV: sum of absolute differences")


def median(bench, radius, target):
    opencv = lambda: cv2.medianBlur(bench.rgba, 2 * radius + 1)
    return Workload({"OpenCV": opencv}, {"OpenCV": target}, "OpenCV", 99.0)


def dilate(bench):
    opencv = lambda: cv2.dilate(bench.rgba, np.ones((9, 9), np.uint8))
    return Workload({"OpenCV": opencv}, {"OpenCV": 1.0}, "OpenCV", 99.0)


def sobel(bench):
    gray = np.ascontiguousarray(bench.rgb[..., 0])

    def opencv():
        across, down = cv2.Sobel(gray, cv2.CV_32F, 1, 0), cv2.Sobel(gray, cv2.CV_32F, 0, 1)
        return cv2.magnitude(across, down)

    def exact():
        luma = bench.rgb @ LUMA.astype(np.float64)
        across, down = (scipy.ndimage.sobel(luma, axis, mode="nearest") / 4 for axis in (1, 0))
        return np.repeat(np.clip(np.hypot(across, down) + 0.5, 0, 255).astype(np.uint8)[..., None], 3, 2)

    return Workload({"OpenCV": opencv}, {"OpenCV": 3.0}, exact, 45.0, note="OpenCV: one channel, float result")
