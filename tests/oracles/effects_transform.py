"""Folder 8, domain_transform: smoothing along lines whose pixels lie as far apart as their colors are different."""

import numpy as np

import color
import margins
from registry import effect


def distances(rgb, sigma, reach):
    """d_1 .. d_(n-1) along the second axis: 1 + sigma/range times the sum of |C_n - C_(n-1)| (domain_transform)."""
    return 1.0 + sigma / reach * np.abs(np.diff(rgb, axis=1)).sum(-1)


def recursive(lines, d, sigma):
    """rf: forward, then backward, in place along the second axis (domain_transform)."""
    a = np.exp(-np.sqrt(2.0) / sigma)
    out = lines.copy()
    weight = (a**d)[..., None]
    for n in range(1, out.shape[1]):
        out[:, n] += weight[:, n - 1] * (out[:, n - 1] - out[:, n])
    for n in range(out.shape[1] - 2, -1, -1):
        out[:, n] += weight[:, n] * (out[:, n + 1] - out[:, n])
    return out


def _positions(d):
    """ct: the running sum of d, starting at 0 (domain_transform)."""
    return np.concatenate([np.zeros((len(d), 1)), np.cumsum(d, axis=1)], axis=1)


def normalized(lines, d, sigma):
    """nc: mean of the pixels within r = sigma sqrt(3) (domain_transform)."""
    r = sigma * np.sqrt(3.0)
    ct = _positions(d)
    apart = np.abs(ct[:, :, None] - ct[:, None, :])
    # a running sum in f32 is off by about its own size times 1e-7
    margins.watch("nc window", np.abs(apart - r) / np.maximum(1.0, ct[:, -1] / 16.0)[:, None, None])
    near = (apart <= r).astype(np.float64)
    return near @ lines / near.sum(-1, keepdims=True)


def _integral(ct, values, at):
    """Integral from ct_0 to `at` of the piecewise-linear curve, held constant outside (domain_transform)."""
    gaps = np.diff(ct)
    pieces = gaps[:, None] * (values[:-1] + values[1:]) / 2.0
    total = np.concatenate([np.zeros((1, values.shape[1])), np.cumsum(pieces, axis=0)])
    k = np.clip(np.searchsorted(ct, at, side="right") - 1, 0, len(gaps) - 1)
    t = np.clip(at - ct[k], 0.0, gaps[k])[:, None]
    slope = (values[k + 1] - values[k]) / gaps[k][:, None]
    inside = total[k] + t * (values[k] + slope * t / 2.0)
    before = np.minimum(at - ct[0], 0.0)[:, None] * values[0]
    after = np.maximum(at - ct[-1], 0.0)[:, None] * values[-1]
    return inside + before + after


def interpolated(lines, d, sigma):
    """ic: mean of the curve over ct_n - r .. ct_n + r (domain_transform)."""
    r = sigma * np.sqrt(3.0)
    rows = [
        (_integral(ct, values, ct + r) - _integral(ct, values, ct - r)) / (2.0 * r) for ct, values in zip(_positions(d), lines)
    ]
    return np.stack(rows)


METHODS = {"rf": recursive, "nc": normalized, "ic": interpolated}
TRANSFORM = {"sigma": 0.02, "range": 0.3, "iterations": 3, "method": "rf"}


@effect("domain_transform", "D", TRANSFORM, lambda p: p.length("sigma") == 0, switchable=True)
def domain_transform(img, p, cx):
    """Rows, then columns, N times with falling sigma, on premultiplied values; alpha unchanged (domain_transform)."""
    sigma, reach, count = p.length("sigma"), p.f("range"), p["iterations"]
    shown = color.hide(img)[..., :3]
    along_x, along_y = distances(shown, sigma, reach), distances(shown.swapaxes(0, 1), sigma, reach)
    method = METHODS[p["method"]]
    j = color.premultiply(color.hide(img))
    for i in range(1, count + 1):
        step = sigma * np.sqrt(3.0) * 2.0 ** (count - i) / np.sqrt(4.0**count - 1.0)
        j = method(j, along_x, step)
        j = method(j.swapaxes(0, 1), along_y, step).swapaxes(0, 1)
    return color.with_alpha(color.unpremultiply(j)[..., :3], img[..., 3])
