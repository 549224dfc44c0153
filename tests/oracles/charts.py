"""Test pictures, made without files and without a library's random numbers.

Every chart is built in display straight, rounded to f32, and converted to the other domains from those f32 values.
"""

import functools

import numpy as np

import color
import noise

SIZES = {
    "opaque": (45, 33), "alpha": (45, 33), "small": (27, 19), "small_alpha": (27, 19), "hdr": (23, 17),
    "smooth": (40, 30), "edge": (45, 33), "slope": (14, 11), "frame": (24, 18), "backdrop": (81, 81), "source": (81, 81),
    "tall_alpha": (19, 29), "other": (45, 33), "other_small": (27, 19), "wide": (30, 18), "low": (24, 10),
    "matte_same": (27, 19), "matte_wide": (12, 6), "matte_tall": (12, 18), "matte_large": (48, 72),
    "matte_small": (10, 10), "matte_odd": (17, 11), "matte_square": (16, 16),
}  # fmt: skip


def codes(w, h, seed):
    """Seeded 8-bit codes as (h, w) planes of 0..255, four of them."""
    iy, ix = np.mgrid[0:h, 0:w]
    words = noise.rnd(ix, iy, seed, 0, 0xC0DE)
    planes = [(words[k] >> np.uint64(24)).astype(np.float64) for k in range(3)]
    return planes + [((words[0] >> np.uint64(8)) & np.uint64(255)).astype(np.float64)]


def _waves(w, h, turn, cycles=1.0):
    """Three smooth channels between 0.1 and 0.9."""
    y, x = np.mgrid[0:h, 0:w]
    u, v = (x + 0.5) / w, (y + 0.5) / h
    tau = 2 * np.pi * cycles
    return np.stack(
        [
            0.5 + 0.24 * np.sin(tau * u + turn) + 0.15 * np.cos(tau * v),
            0.5 + 0.22 * np.cos(tau * (u + v) + turn) + 0.16 * np.sin(tau * v),
            0.5 + 0.25 * np.sin(tau * (u - v) - turn) + 0.14 * np.cos(tau * u),
        ],
        axis=-1,
    )


def _scene(w, h, seed):
    """Seven bands: gray ramp, color ramps, hue sweep, patches, two of waves, noise."""
    rgb = np.zeros((h, w, 3))
    rows = [round(h * k / 7) for k in range(8)]
    y, x = np.mgrid[0:h, 0:w]
    ramp = np.floor(255.0 * x / (w - 1) + 0.5) / 255.0
    random = codes(w, h, seed)

    rgb[: rows[1]] = ramp[: rows[1], :, None]
    third = np.minimum(3 * x // w, 2)
    local = np.floor(255.0 * np.mod(3.0 * x / w, 1.0)) / 255.0
    for k in range(3):
        rgb[rows[1] : rows[2], :, k] = np.where(third == k, local, 26 / 255.0)[rows[1] : rows[2]]
    rgb[rows[2] : rows[3]] = color.hsl_to_rgb(360.0 * x / w, 1.0, 0.5 * np.ones((h, w)))[rows[2] : rows[3]]

    skin = (np.array([224, 172, 148]) + np.stack([np.floor(r / 20) - 6 for r in random[:3]], -1)) / 255.0
    checker = np.where((x + y) % 2 == 0, 1.0, 0.0)[..., None] * np.ones(3)
    diagonal = np.where((2 * y + x > 1.6 * w)[..., None], np.array([12, 60, 200]) / 255.0, np.array([250, 230, 20]) / 255.0)
    patches = np.where((third == 0)[..., None], skin, np.where((third == 1)[..., None], checker, diagonal))
    rgb[rows[3] : rows[4]] = patches[rows[3] : rows[4]]
    rgb[rows[4] : rows[6]] = _waves(w, h, 0.7 + seed)[rows[4] : rows[6]]
    rgb[rows[6] :] = (np.stack(random[:3], -1) / 255.0)[rows[6] :]
    return rgb


def _alpha(w, h, seed):
    """A ramp from exact 0, hard holes, a half-transparent patch, a soft disc, noise; all on 8-bit codes."""
    y, x = np.mgrid[0:h, 0:w]
    rows = [round(h * k / 7) for k in range(8)]
    a = np.ones((h, w))
    a[: rows[1]] = np.maximum(0.0, (x - 2.0) / (w - 3.0))[: rows[1]]
    a[rows[1] : rows[2]] = np.where(x // 4 % 2 == 0, 1.0, 0.0)[rows[1] : rows[2]]
    a[rows[3] : rows[4], : w // 3] = 128 / 255.0
    disc = color.smoothstep(0.1, 0.45, np.hypot((x - w * 0.5) / w, (y - (rows[4] + rows[6]) / 2.0) / h))
    a[rows[4] : rows[6]] = disc[rows[4] : rows[6]]
    a[rows[6] :] = codes(w, h, seed)[3][rows[6] :] / 255.0
    return np.floor(a * 255.0 + 0.5) / 255.0


def _hdr(w, h):
    """Display values from -0.25 to 2: a ramp, waves stretched, saturated noise."""
    y, x = np.mgrid[0:h, 0:w]
    rgb = _waves(w, h, 0.3) * 2.6 - 0.4
    rgb[:4] = (-0.25 + 2.25 * x / (w - 1))[:4, :, None]
    rgb[-4:] = (np.stack(codes(w, h, 5)[:3], -1) / 255.0 * 2.25 - 0.25)[-4:]
    return np.clip(rgb, -0.25, 2.0)


def _edges(w, h):
    """Bars, discs and single pixels on a dark ground, all opaque."""
    y, x = np.mgrid[0:h, 0:w]
    rgb = np.ones((h, w, 3)) * np.array([20, 24, 32]) / 255.0
    rgb[(x // 3) % 3 == 0] = np.array([235, 235, 225]) / 255.0
    rgb[np.hypot(x - w * 0.3, y - h * 0.4) < h * 0.22] = [1.0, 0.2, 0.0]
    rgb[np.hypot(x - w * 0.7, y - h * 0.6) < h * 0.26] = [0.0, 0.4, 1.0]
    rgb[(x + y) % 11 == 0] = 0.0
    rgb[h - 4 :, ::2] = 1.0
    return rgb


def _slope(w, h):
    """Steep everywhere and in another direction for each channel: no gradient is near zero."""
    y, x = np.mgrid[0:h, 0:w]
    return np.stack(
        [
            0.05 + 0.041 * x + 0.027 * y + 0.02 * np.sin(0.4 * x),
            0.35 - 0.021 * x + 0.048 * y + 0.02 * np.cos(0.5 * y),
            0.90 - 0.026 * x - 0.037 * y + 0.02 * np.sin(0.3 * (x + y)),
        ],
        axis=-1,
    )


def _grid(which):
    """The 9^4 grid of section 16: Cb, Cs along x and ab, as along y; green and blue use permuted levels."""
    y, x = np.mgrid[0:81, 0:81]
    if which == "backdrop":
        c, a = x // 9, y // 9
        levels = [c, (c + 4) % 9, 8 - c]
    else:
        c, a = x % 9, y % 9
        levels = [c, (2 * c + 1) % 9, (c + 6) % 9]
    return np.stack(levels, -1) / 8.0, a / 8.0


@functools.cache
def display(name):
    """A chart in display straight, as f64 copies of f32 values, colorless where transparent."""
    w, h = SIZES[name]
    alpha = np.ones((h, w))
    if name in ("opaque", "alpha", "small", "small_alpha", "tall_alpha", "frame"):
        rgb = _scene(w, h, 1)
        if "alpha" in name:
            alpha = _alpha(w, h, 2)
    elif name in ("other", "other_small", "wide", "low"):
        rgb, alpha = _scene(w, h, 11)[::-1, ::-1], _alpha(w, h, 12)[:, ::-1]
    elif name == "hdr":
        rgb = _hdr(w, h)
    elif name == "smooth":
        rgb = _waves(w, h, 0.4)
    elif name == "edge":
        rgb = _edges(w, h)
    elif name == "slope":
        rgb = _slope(w, h)
    elif name in ("backdrop", "source"):
        rgb, alpha = _grid(name)
    elif name == "matte_same":
        rgb, alpha = _waves(w, h, 1.9), _alpha(w, h, 3)
    else:  # the mattes that get resampled are opaque
        rgb = 0.5 * _waves(w, h, 1.1, 2.0) + 0.5 * np.stack(codes(w, h, 9)[:3], -1) / 255.0
    img = color.hide(color.with_alpha(rgb, alpha))
    return img.astype(np.float32).astype(np.float64)


@functools.cache
def in_domain(name, domain):
    """A chart as stored in a domain: converted in f64, rounded to f32."""
    return color.convert(display(name), "D", domain).astype(np.float32).astype(np.float64)


def has_alpha(name):
    """Whether a chart has a pixel that is not opaque."""
    return bool((display(name)[..., 3] < 1).any())


def cube_files():
    """The .cube files, as text."""

    def number(v):
        return f"{v:.6f}"

    def lattice(n, f, low=(0, 0, 0), high=(1, 1, 1)):
        rows = []
        for b in range(n):
            for g in range(n):
                for r in range(n):
                    p = np.array([r, g, b]) / (n - 1)
                    p = np.array(low) + p * (np.array(high) - np.array(low))
                    rows.append(" ".join(number(v) for v in f(p)))
        return rows

    def bend(p):
        r, g, b = p
        return r**0.8 + 0.06 * g * b, 0.9 * g * g + 0.1 * r, 0.05 + 0.8 * b**1.5 + 0.1 * (1 - r) * g

    def wide(p):
        r, g, b = (p + 0.25) / 2.25
        return 1.2 * r**0.7 - 0.1, 1.1 * g**0.9 * (0.8 + 0.2 * r), 0.2 + 0.7 * b * b

    def cross(p):
        r, g, b = p
        return 0.8 * r + 0.2 * g * g, 0.7 * g + 0.3 * b * r, 0.9 * b * b + 0.1 * r

    shaper = [
        " ".join(number(v) for v in (t**0.6, t**0.7, t / (t + 0.5) * 1.5)) for t in (np.arange(17) / 16.0)
    ]
    film = [
        " ".join(number(v) for v in (1.3 * t**0.8 - 0.1, t * t * (3 - 2 * t), 1 - 0.9 * t)) for t in (np.arange(12) / 11.0)
    ]
    files = {
        "luts/film12.cube": ['TITLE "twelve rows, values beyond 0..1"', "LUT_1D_SIZE 12", *film],
        "luts/shaper17.cube": ["LUT_1D_SIZE 17", "DOMAIN_MIN -0.25 -0.1 0", "DOMAIN_MAX 2 1.5 1.2", *shaper],
        "luts/bend5.cube": ['TITLE "five steps, bent"', "LUT_3D_SIZE 5", *lattice(5, bend)],
        "luts/wide4.cube": [
            "# a range wider than 0..1",
            "LUT_3D_SIZE 4",
            "DOMAIN_MIN -0.25 -0.25 -0.25",
            "DOMAIN_MAX 2.0 2.0 2.0",
            *lattice(4, wide, (-0.25,) * 3, (2,) * 3),
        ],
        "luts/shaper17_3.cube": [
            'TITLE "1D shaper before the cube"',
            "LUT_1D_SIZE 17",
            "LUT_1D_INPUT_RANGE 0.0 1.5",
            "LUT_3D_SIZE 3",
            "LUT_3D_INPUT_RANGE 0.0 1.0",
            *shaper,
            *lattice(3, cross),
        ],
    }
    return {name: "\n".join(lines) + "\n" for name, lines in files.items()}
