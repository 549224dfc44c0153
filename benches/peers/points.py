"""Tables, histograms, and what is made of histograms."""

import cv2
import numpy as np
from PIL import ImageFilter

from bench import LUMA, Workload, codes


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


def histogram(bench):
    def exact():
        luma = codes(bench.rgb @ LUMA.astype(np.float64) / 255)
        planes = [*cv2.split(bench.rgb), luma]
        return {name: np.bincount(plane.ravel(), minlength=256) for name, plane in zip(("r", "g", "b", "luma"), planes)}

    def likeness(found, expected):
        """The counts of the channels have to be equal; luma in f32 may round another way where it lies between two codes."""
        equal = all(np.array_equal(found[name], expected[name]) for name in "rgb")
        moved = np.abs(np.array(found["luma"]) - expected["luma"]).sum() / 2
        return 99.0 if equal and moved <= 1e-3 * bench.rgb[..., 0].size else 0.0

    opencv = lambda: [cv2.calcHist([bench.rgb], [channel], None, [256], [0, 256]) for channel in range(3)]
    note = "OpenCV: the channels without luma; the agreement is equality of counts"
    return Workload({"OpenCV": opencv}, {"OpenCV": 3.0}, exact, 99.0, note=note, named="NumPy", output="json", likeness=likeness)


TILES, CLIP = 8, 2


def clip_curves(levels):
    """The curve of each tile, from codes: tiles × tiles × 256."""
    edges = [np.arange(TILES + 1) * side // TILES for side in levels.shape]
    curves = np.empty((TILES, TILES, 256))
    for j, i in np.ndindex(TILES, TILES):
        tile = levels[edges[0][j] : edges[0][j + 1], edges[1][i] : edges[1][i + 1]]
        counts = np.bincount(tile.ravel(), minlength=256)
        limit = max(1, CLIP * tile.size // 256)
        excess = int(np.maximum(counts - limit, 0).sum())
        counts = np.minimum(counts, limit) + excess // 256
        rest = excess % 256
        if rest:
            counts[:: max(256 // rest, 1)][:rest] += 1
        curves[j, i] = np.cumsum(counts) / tile.size
    return curves, edges


def neighbors(edges, first, count):
    """For pixels of one axis: the two tiles whose middles are around, and how far the pixel is on the way."""
    middles = (edges[:-1] + edges[1:]) / 2
    place = np.interp(np.arange(first, first + count) + 0.5, middles, np.arange(TILES))
    before = np.minimum(place.astype(int), TILES - 2)
    return before, place - before


def clahe(bench):
    window = top, left, rows, columns = bench.middle(bench.height, bench.width)

    def exact():
        luma = bench.rgb @ LUMA.astype(np.float64) / 255
        curves, edges = clip_curves(codes(luma))
        (j, down), (i, across) = neighbors(edges[0], top, rows), neighbors(edges[1], left, columns)
        luma = luma[top : top + rows, left : left + columns]
        level = np.minimum((luma * 255).astype(int), 254)
        part = luma * 255 - level
        bent = np.zeros_like(luma)
        for dj, di in np.ndindex(2, 2):
            weight = np.abs(1 - dj - down)[:, None] * np.abs(1 - di - across)[None, :]
            at = (j + dj)[:, None], (i + di)[None, :]
            low, high = curves[(*at, level)], curves[(*at, level + 1)]
            bent += weight * (low + part * (high - low))
        inside = bench.rgb[top : top + rows, left : left + columns] / 255
        return codes(inside + (bent - luma)[..., None])

    plane = np.ascontiguousarray(bench.rgb[..., 1])
    method = cv2.createCLAHE(CLIP, (TILES, TILES))
    note = "OpenCV: one channel, where Bowerbird keeps the color of all four"
    return Workload({"OpenCV": lambda: method.apply(plane)}, {"OpenCV": 1.0}, exact, 45.0, window, note)
