"""Stylization and local contrast: OpenCV has the same purposes, by methods of its own."""

import cv2

from bench import Workload

NOTE = "the same purpose by another method"


def alike(function):
    return Workload({"OpenCV": function}, {"OpenCV": 20.0}, note=NOTE)


def pencil_sketch(bench):
    return alike(lambda: cv2.pencilSketch(bench.rgb)[1])


def domain_transform(bench):
    return alike(lambda: cv2.edgePreservingFilter(bench.rgb))


def clarity(bench):
    return alike(lambda: cv2.detailEnhance(bench.rgb))


def toon(bench):
    return alike(lambda: cv2.stylization(bench.rgb))
