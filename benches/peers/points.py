"""Tables, histograms, and what is made of histograms."""

import cv2
import numpy as np
from PIL import ImageFilter

from bench import LUMA, Workload


def lut3d(bench):
    side = 33
    table = np.mgrid[0 : 1 : side * 1j, 0 : 1 : side * 1j, 0 : 1 : side * 1j].transpose(3, 2, 1, 0)
    cube = ImageFilter.Color3DLUT(side, (table.reshape(-1, 3) ** 0.9).ravel().tolist())
    peers = {"Pillow": lambda: np.asarray(bench.pillow.filter(cube))}
    return Workload(peers, {"Pillow": 8.0}, "Pillow", 45.0, note="Pillow: trilinear")


def equalize(bench):
    def opencv():
        luma, *chroma = cv2.split(cv2.cvtColor(bench.rgb, cv2.COLOR_RGB2YCrCb))
        return cv2.cvtColor(cv2.merge([cv2.equalizeHist(luma), *chroma]), cv2.COLOR_YCrCb2RGB)

    # Another luma, and another way to keep the hue: the result is alike, not the same.
    return Workload({"OpenCV": opencv}, {"OpenCV": 4.0}, "OpenCV", 15.0, note="OpenCV: luma of BT.601")
