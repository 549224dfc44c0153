"""Folder 3, clahe: an equalizing curve for each tile, interpolated between the tiles."""

import math

import numpy as np

import color
import margins
from registry import effect


def tile_edges(length, count):
    """floor(k length / count) (clahe)."""
    return [k * length // count for k in range(count + 1)]


def clipped_curve(counts, clip):
    """T of a tile: counts cut at the limit, the excess shared out, running sum over the area (clahe)."""
    area = int(counts.sum())
    share = clip * area / 256.0
    if share != round(share):
        margins.watch_floor("clip limit", share)
    limit = max(1, math.floor(share))
    excess = int(np.maximum(counts - limit, 0).sum())
    counts = np.minimum(counts, limit) + excess // 256
    rest = excess % 256
    if rest:
        step = max(256 // rest, 1)
        counts[np.arange(0, 256, step)[:rest]] += 1
    return np.cumsum(counts) / area


def look_up(tables, x):
    """f of equalize for one table a pixel (equalize)."""
    v = 255.0 * np.clip(x, 0.0, 1.0)
    i = np.minimum(np.floor(v).astype(int), 254)
    low, high = (np.take_along_axis(tables, k[..., None], -1)[..., 0] for k in (i, i + 1))
    return low + (v - i) * (high - low)


def between(length, edges):
    """For each pixel center: the tiles before and after it, and how far it is on the way (clahe)."""
    centers = (np.array(edges[:-1]) + np.array(edges[1:])) / 2.0
    at = np.clip(np.arange(length) + 0.5, centers[0], centers[-1])
    first = np.clip(np.searchsorted(centers, at, side="right") - 1, 0, max(len(centers) - 2, 0))
    second = np.minimum(first + 1, len(centers) - 1)
    gap = np.where(second > first, centers[second] - centers[first], 1.0)
    return first, second, (at - centers[first]) / gap


def curves_of(plane, tiles, clip):
    """The table of every tile, and the edges of the tiles (clahe)."""
    h, w = plane.shape
    columns, rows = tile_edges(w, tiles[0]), tile_edges(h, tiles[1])
    margins.watch_floor("q8", np.clip(plane, 0.0, 1.0) * 255.0 + 0.5)
    codes = color.q8(plane)
    tables = np.zeros((tiles[1], tiles[0], 256))
    for j in range(tiles[1]):
        for i in range(tiles[0]):
            tile = codes[rows[j] : rows[j + 1], columns[i] : columns[i + 1]]
            tables[j, i] = clipped_curve(np.bincount(tile.ravel(), minlength=256), clip)
    return tables, columns, rows


@effect("clahe", "D", {"tiles": [8, 8], "clip": 2})
def clahe(img, p, cx):
    """c + (f - l), f between the curves of the four tiles around (clahe). Where alpha is 0 luma counts as level 0."""
    l = color.luma_plane(img, cx.domain)
    h, w = l.shape
    tables, columns, rows = curves_of(l, p["tiles"], p.f("clip"))
    left, right, fx = between(w, columns)
    top, bottom, fy = between(h, rows)

    def f(row, column):
        return look_up(tables[row[:, None], column[None, :]], l)

    upper = f(top, left) + fx * (f(top, right) - f(top, left))
    lower = f(bottom, left) + fx * (f(bottom, right) - f(bottom, left))
    value = upper + fy[:, None] * (lower - upper)
    return color.with_alpha(img[..., :3] + (value - l)[..., None], img[..., 3])
