"""Folders 6, 7, 9, 13, 14: blurs, sharpening, edges, pixelate, bloom."""

import numpy as np

import color
import kernels
import margins
import sampling
from registry import effect

NEIGHBORS = [(dx, dy) for dy in (-1, 0, 1) for dx in (-1, 0, 1) if (dx, dy) != (0, 0)]


def _same(p, name, other):
    return p.length(other if p[name] is None else name)


def _no_blur(p):
    return p.length("sigma") == 0 and _same(p, "sigma_y", "sigma") == 0


@effect("gaussian_blur", "L", {"sigma": 0.005, "sigma_y": None, "edge": "clamp"}, _no_blur, switchable=True)
def gaussian_blur(img, p, cx):
    """GAUSS along x and y (gaussian_blur)."""
    return kernels.gauss(img, p.length("sigma"), _same(p, "sigma_y", "sigma"), p["edge"])


@effect("box_blur", "L", {"radius": 0.005, "edge": "clamp"}, {"radius": 0}, switchable=True)
def box_blur(img, p, cx):
    """BOX (box_blur)."""
    return kernels.box(img, p.length("radius"), p["edge"])


def gauss_color(img, sigma):
    """GAUSSc of a straight picture (1.12)."""
    return color.unpremultiply(kernels.gauss(color.premultiply(img), sigma))[..., :3]


@effect("sharpen", "D", {"amount": 0.5}, {"amount": 0}, switchable=True)
def sharpen(img, p, cx):
    """c + amount * (c - weighted mean of the 4 edge neighbors) (section 7)."""
    c, weighted = img[..., :3], color.premultiply(img)
    total = sum(kernels.shifted(weighted, dx, dy) for dx, dy in ((0, -1), (-1, 0), (1, 0), (0, 1)))
    alpha = total[..., 3:]
    mean = np.where(alpha > 0, total[..., :3] / np.where(alpha > 0, alpha, 1.0), c)
    return color.with_alpha(c + p.f("amount") * (c - mean), img[..., 3])


def _unsharp_identity(p):
    return p.f("amount") == 0 or p.length("sigma") == 0


@effect("unsharp_mask", "D", {"sigma": 0.0012, "amount": 0.5, "threshold": 0}, _unsharp_identity, switchable=True)
def unsharp_mask(img, p, cx):
    """c + amount * soft-thresholded detail (section 7)."""
    delta = img[..., :3] - gauss_color(img, p.length("sigma"))
    detail = np.sign(delta) * np.maximum(np.abs(delta) - p.f("threshold"), 0.0)
    return color.with_alpha(img[..., :3] + p.f("amount") * detail, img[..., 3])


def sobel_gradient(plane):
    """Gx, Gy of the quarter-scaled Sobel kernel, border clamp (section 9)."""
    kernel = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]) / 4.0

    def run(k):
        return sum(
            k[dy + 1, dx + 1] * kernels.shifted(plane, dx, dy) for dy in (-1, 0, 1) for dx in (-1, 0, 1) if k[dy + 1, dx + 1]
        )

    return run(kernel), run(kernel.T)


@effect("sobel", "D", {"strength": 1, "output": "magnitude", "channel": "luma"}, switchable=True)
def sobel(img, p, cx):
    """Magnitude, component or direction of the gradient (section 9)."""
    shown = color.hide(img)[..., :3]
    planes = shown if p["channel"] == "rgb" else color.luma_plane(img, cx.domain)[..., None]
    strength, out = p.f("strength"), []
    for k in range(planes.shape[2]):
        gx, gy = sobel_gradient(planes[..., k])
        if p["output"] == "magnitude":
            out.append(strength * np.hypot(gx, gy))
        elif p["output"] == "angle":
            angle = sampling.angle_of(gx, gy) / 360.0
            margins.watch_floor("sobel angle", angle)
            out.append(angle)
        else:
            out.append(0.5 + 0.5 * strength * (gx if p["output"] == "x" else gy))
    rgb = np.stack(out if len(out) == 3 else out * 3, axis=-1)
    return color.with_alpha(rgb, img[..., 3])


def _emboss_identity(p):
    return p["base"] == "color" and p.f("strength") == 0


@effect("emboss", "D", {"angle": 135, "strength": 1, "base": "gray"}, _emboss_identity, switchable=True)
def emboss(img, p, cx):
    """Relief lit from `angle` (emboss)."""
    a = np.radians(p.f("angle"))
    lx, ly = np.cos(a), -np.sin(a)  # dir of 1.3
    plane = color.luma_plane(img, cx.domain)
    e = sum(-(dx * lx + dy * ly) * kernels.shifted(plane, dx, dy) / 6.0 for dx, dy in NEIGHBORS)
    e = p.f("strength") * e[..., None]
    rgb = np.repeat(0.5 + e, 3, axis=-1) if p["base"] == "gray" else img[..., :3] + e
    return color.with_alpha(rgb, img[..., 3])


def _hex_cells(x, y, size):
    """The nearest of the centers (size (i + (j mod 2)/2), size j sqrt(3)/2), smaller j, then i, on ties (pixelate)."""
    best, second = np.full(x.shape, np.inf), np.full(x.shape, np.inf)
    cell = np.zeros(x.shape + (2,), int)
    row = np.floor(y / (size * np.sqrt(3.0) / 2.0)).astype(int)
    for dj in (-1, 0, 1, 2):
        j = row + dj
        shift = 0.5 * np.mod(j, 2)
        column = np.floor(x / size - shift).astype(int)
        for di in (-1, 0, 1, 2):
            i = column + di
            d = (x - size * (i + shift)) ** 2 + (y - size * j * np.sqrt(3.0) / 2.0) ** 2
            closer = d < best
            second = np.where(closer, best, np.minimum(second, d))
            best = np.where(closer, d, best)
            cell[closer] = np.stack([i, j], axis=-1)[closer]
    margins.watch("hex tie", (second - best) / size**2)
    return cell[..., 0], cell[..., 1]


PIXELATE = {"shape": "square", "size": 0.02, "center": [0.5, 0.5], "sectors": 48}


@effect("pixelate", "L", PIXELATE, lambda p: p.length("size") <= 1, switchable=True)
def pixelate(img, p, cx):
    """Mean of the premultiplied pixels of each cell (pixelate)."""
    h, w = img.shape[:2]
    x, y = sampling.centers(w, h)
    size = p.length("size")
    if p["shape"] == "square":
        a, b = x / size, y / size
        margins.watch_floor("square cell", a)
        margins.watch_floor("square cell", b)
        i, j = np.floor(a).astype(int), np.floor(b).astype(int)
    elif p["shape"] == "hex":
        i, j = _hex_cells(x, y, size)
    else:
        center = p.position(p["center"])
        dx, dy = x - center[0], y - center[1]
        ring, sector = np.hypot(dx, dy) / size, p["sectors"] * sampling.angle_of(dx, dy) / 360.0
        margins.watch_floor("ring", ring[ring > 0])
        margins.watch_floor("sector", sector)
        i, j = np.floor(ring).astype(int), np.floor(sector).astype(int)
    _, label = np.unique(np.stack([i.ravel(), j.ravel()], axis=-1), axis=0, return_inverse=True)
    label = label.ravel()
    counts = np.bincount(label)
    means = np.stack([np.bincount(label, img[..., k].ravel()) / counts for k in range(4)], axis=-1)
    return means[label].reshape(img.shape)


BLOOM = {"threshold": 0.6, "knee": 0.2, "sigma": 0.02, "amount": 0.6, "mode": "add"}


@effect("bloom", "L", BLOOM, {"amount": 0})
def bloom(img, p, cx):
    """Blurred bright parts, added or screened (bloom)."""
    y = color.luma(color.unpremultiply(img))
    t, knee = p.f("threshold"), p.f("knee")
    w = color.smoothstep(t - knee, t + knee, y)
    glow = p.f("amount") * kernels.gauss(img * w[..., None], p.length("sigma"))
    c, b = img[..., :3], glow[..., :3]
    rgb = c + b if p["mode"] == "add" else 1.0 - (1.0 - np.clip(c, 0, 1)) * (1.0 - np.clip(b, 0, 1))
    return color.with_alpha(rgb, np.minimum(1.0, img[..., 3] + glow[..., 3]))
