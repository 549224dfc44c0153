"""Folders 11 and 12: swirl and affine."""

import numpy as np

import sampling
from registry import effect

SWIRL = {
    "center": [0.5, 0.5], "radius": 0.4, "angle": 120, "falloff": "quadratic",
    "sampling": "bilinear", "edge": "clamp", "supersample": 1,
}  # fmt: skip


def swirl_source(p, x, y):
    """S(P) = C + rot(-a q)(v) (section 11)."""
    cx, cy = p.position(p["center"])
    dx, dy = x - cx, y - cy
    r, radius = np.hypot(dx, dy), p.length("radius")
    if p["falloff"] == "quadratic":
        q = np.maximum(0.0, 1.0 - r / radius) ** 2
    else:
        q = np.exp(-5.0 * r / (radius * np.log(2.0)))
    sx, sy = sampling.rotate(-p.f("angle") * q, dx, dy)
    return cx + sx, cy + sy


@effect("swirl", "L", SWIRL, lambda p: p.f("angle") == 0 or p.length("radius") == 0, switchable=True)
def swirl(img, p, cx):
    """Rotation that fades with the distance (section 11)."""
    return sampling.warp(img, p, lambda x, y: swirl_source(p, x, y))


AFFINE = {
    "angle": 0, "scale": [1, 1], "shear": [0, 0], "translate": [0, 0], "center": [0.5, 0.5], "fit": "keep",
    "sampling": "bilinear", "edge": "transparent", "supersample": 1,
}  # fmt: skip


def affine_matrix(p):
    """Forward 2x3 matrix in pixels: scale, shear, rotate about C, move (affine)."""
    a, (kx, ky) = np.radians(p.f("angle")), np.radians(p.triple("shear"))
    sx, sy = p.triple("scale")
    w, h = p.width, p.height
    if p["fit"] == "cover":
        c, s = abs(np.cos(a)), abs(np.sin(a))
        grow = max(c + h / w * s, w / h * s + c)
        sx, sy = sx * grow, sy * grow
    scale = np.diag([sx, sy])
    shear = np.array([[1.0, -np.tan(kx)], [-np.tan(ky), 1.0]])
    turn = np.array([[np.cos(a), np.sin(a)], [-np.sin(a), np.cos(a)]])
    m = turn @ shear @ scale
    center = np.array(p.position(p["center"]))
    move = p.triple("translate") * (w, h)
    return np.column_stack([m, center + move - m @ center])


AFFINE_IDENTITY = {k: AFFINE[k] for k in ("angle", "scale", "shear", "translate")}


@effect("affine", "L", AFFINE, AFFINE_IDENTITY, switchable=True)
def affine(img, p, cx):
    """S is the inverse of the forward map (affine)."""
    forward = affine_matrix(p)
    inverse = np.linalg.inv(forward[:, :2])

    def source(x, y):
        x, y = x - forward[0, 2], y - forward[1, 2]
        return inverse[0, 0] * x + inverse[0, 1] * y, inverse[1, 0] * x + inverse[1, 1] * y

    return sampling.warp(img, p, source)
