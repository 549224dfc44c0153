"""Warps held against SciPy and OpenCV at positions computed in another way, and against their own symmetries."""

import cmath
import math

import cv2
import numpy as np
from scipy import ndimage

import charts
from measure import alone, near


def _positions(w, h, formula):
    """S(P) one pixel at a time; the formula sees x + iy with y growing up from the middle of the picture."""
    sx, sy = np.empty((h, w)), np.empty((h, w))
    for y, x in np.ndindex(h, w):
        s = formula(complex(x + 0.5 - w / 2, h / 2 - y - 0.5))
        sx[y, x], sy[y, x] = s.real + w / 2, h / 2 - s.imag
    return sx, sy


def _bulge(z, radius=12.0, amount=0.6):
    r = abs(z)
    return z * (1 - amount * (1 - (r / radius) ** 2) ** 2) if r < radius else z


def _pinch(z):
    return _bulge(z, amount=-0.6)


def _ripple(z):
    r = abs(z)
    return z + z / r * 1.5 * math.sin(2 * math.pi * (r / 9.0 - 0.3)) if r else z


def _wave(z):
    u = cmath.rect(1, math.radians(35))
    along = (z * u.conjugate()).real
    return z + 1j * u * 1.5 * math.sin(2 * math.pi * (along / 9.0 - 0.3))


def _kaleidoscope(z):
    turn = math.degrees(cmath.phase(z)) - 20
    segment = 360 / 5
    turn -= segment * math.floor(turn / segment)
    return cmath.rect(abs(z), math.radians(min(turn, segment - turn) - 35))


def _mirror(z):
    axis = cmath.rect(1, math.radians(25))
    local = z / axis
    return z if local.imag >= 0 else local.conjugate() * axis


PLAIN = (
    (_bulge, {"effect": "bulge", "radius": "12px", "amount": 0.6}),
    (_pinch, {"effect": "pinch", "radius": "12px", "amount": 0.6}),
    (_ripple, {"effect": "ripple", "amplitude": "1.5px", "wavelength": "9px", "phase": 0.3}),
    (_wave, {"effect": "wave", "angle": 35, "amplitude": "1.5px", "wavelength": "9px", "phase": 0.3}),
    (_kaleidoscope, {"effect": "kaleidoscope", "segments": 5, "angle": 20, "source_angle": -35}),
    (_mirror, {"effect": "mirror", "angle": 25}),
)


def formulas():
    """map_coordinates and remap at S(P) written with complex numbers, y up."""
    img = charts.in_domain("smooth", "L")
    h, w = img.shape[:2]
    for formula, step in PLAIN:
        sx, sy = _positions(w, h, formula)
        ours = alone({**step, "edge": "reflect"}, "smooth")
        for k in range(3):
            other = ndimage.map_coordinates(img[..., k], [sy - 0.5, sx - 0.5], order=1, mode="mirror")
            near(f"{step['effect']} scipy", ours[..., k], other, 2e-6)
        at = [(v - 0.5).astype(np.float32) for v in (sx, sy)]
        other = cv2.remap(img[..., :3].astype(np.float32), *at, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        near(f"{step['effect']} opencv", alone({**step, "edge": "clamp"}, "smooth")[..., :3], other, 0.5 / 255)


def symmetries():
    """What must hold whatever the formula: flips, and turns of a square."""
    img = charts.in_domain("small_alpha", "L")
    w = img.shape[1]
    ours = alone({"effect": "mirror"}, "small_alpha")
    half = img[:, : (w + 1) // 2]
    near("mirror keeps the left half", ours, np.concatenate([half, half[:, -2::-1]], axis=1), 1e-9)
    four = alone({"effect": "kaleidoscope", "segments": 4}, "matte_square")
    for turns in (1, 2, 3):
        near(f"kaleidoscope turned {turns}", np.rot90(four, turns), four, 1e-9)
    near("kaleidoscope flipped", four[::-1], four, 1e-9)


CHECKS = (formulas, symmetries)
