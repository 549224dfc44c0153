"""Folder 4, color: saturation to channel_mixer, hue, temperature; folder 14 vignette; folder 15 grain."""

import numpy as np

import color
import margins
import noise
import sampling
from effects_tone import histogram
from registry import effect


def _mixed(img, target, amount):
    """lerp(c, target, amount) on the color channels."""
    return color.with_alpha(img[..., :3] + amount * (target - img[..., :3]), img[..., 3])


def _gray(plane):
    return np.repeat(plane[..., None], 3, axis=-1)


@effect("saturation", "D", {"amount": 1}, {"amount": 1}, switchable=True)
def saturation(img, p, cx):
    """l + (c - l) * amount (section 4)."""
    l = _gray(color.luma(img))
    return color.with_alpha(l + (img[..., :3] - l) * p.f("amount"), img[..., 3])


@effect("vibrance", "D", {"amount": 0}, {"amount": 0}, switchable=True)
def vibrance(img, p, cx):
    """Saturation weighted towards dull colors (section 4)."""
    c = img[..., :3]
    s = np.clip(c.max(-1) - c.min(-1), 0.0, 1.0)[..., None]
    l = _gray(color.luma(img))
    return color.with_alpha(l + (c - l) * (1.0 + p.f("amount") * (1.0 - s)), img[..., 3])


@effect("grayscale", "D", {"amount": 1, "mode": "luma"}, {"amount": 0}, switchable=True)
def grayscale(img, p, cx):
    """Six gray formulas and a fade (section 4)."""
    c, mode = img[..., :3], p["mode"]
    if mode == "luma":
        g = color.luma(c)
    elif mode == "luminance":
        if cx.domain != "D":
            raise ValueError("luminance of values that are already linear is left open by the catalogue")
        g = color.enc(color.dec(c) @ color.LUMA)
    elif mode == "luma601":
        g = c @ color.LUMA601
    elif mode == "average":
        g = c.sum(-1) / 3.0
    elif mode == "lightness":
        g = (c.max(-1) + c.min(-1)) / 2.0
    elif mode == "value":
        g = c.max(-1)
    return _mixed(img, _gray(g), p.f("amount"))


@effect("invert", "D", {"amount": 1}, {"amount": 0}, switchable=True)
def invert(img, p, cx):
    """c + amount * (1 - 2c) (section 4)."""
    c = img[..., :3]
    return color.with_alpha(c + p.f("amount") * (1.0 - 2.0 * c), img[..., 3])


SEPIA = np.array([[0.393, 0.769, 0.189], [0.349, 0.686, 0.168], [0.272, 0.534, 0.131]])


@effect("sepia", "D", {"amount": 1}, {"amount": 0}, switchable=True)
def sepia(img, p, cx):
    """lerp(c, S c, amount) (section 4)."""
    return _mixed(img, img[..., :3] @ SEPIA.T, p.f("amount"))


@effect("posterize", "D", {"levels": 4}, switchable=True)
def posterize(img, p, cx):
    """min(floor(clamp(c) n + g), n - 1) / (n - 1) (section 4)."""
    n = p["levels"]
    v = np.clip(img[..., :3], 0.0, 1.0) * n + color.GUARD
    margins.watch_floor("posterize", v)
    k = np.minimum(np.floor(v), n - 1)
    return color.with_alpha(k / (n - 1), img[..., 3])


def otsu_level(counts):
    """The code t that maximizes w0 w1 (mu0 - mu1)^2, lowest on ties (threshold)."""
    levels = np.arange(256)
    best, best_t = -1.0, None
    for t in range(255):
        w0, w1 = counts[: t + 1].sum(), counts[t + 1 :].sum()
        if w0 == 0 or w1 == 0:
            continue
        mu0 = (levels[: t + 1] * counts[: t + 1]).sum() / w0
        mu1 = (levels[t + 1 :] * counts[t + 1 :]).sum() / w1
        score = float(w0) * float(w1) * (mu0 - mu1) ** 2
        if score > best:
            best, best_t = score, t
    return best_t


@effect("threshold", "D", {"method": "fixed", "level": 0.5, "softness": 0}, switchable=True)
def threshold(img, p, cx):
    """Luma against a level, hard, soft or found by Otsu (section 4)."""
    l = color.luma(img)
    if p["method"] == "otsu":
        t = otsu_level(histogram(l, img[..., 3]))
        if t is None:
            raise ValueError("a picture with one level: the catalogue does not say")
        margins.watch_floor("q8", np.clip(l, 0.0, 1.0) * 255.0 + 0.5)
        v = np.where(color.q8(l) > t, 1.0, 0.0)
    elif p.f("softness") == 0:
        edge = p.f("level") - color.GUARD
        margins.watch("threshold", np.abs(l - edge))
        v = np.where(l >= edge, 1.0, 0.0)
    else:
        half = p.f("softness") / 2.0
        v = color.smoothstep(p.f("level") - half, p.f("level") + half, l)
    return color.with_alpha(_gray(v), img[..., 3])


IDENTITY_MATRIX = [1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0]


@effect("channel_mixer", "D", {"matrix": IDENTITY_MATRIX}, {"matrix": IDENTITY_MATRIX}, switchable=True)
def channel_mixer(img, p, cx):
    """[R G B A] = M [R G B A 1] on straight color, A clamped (section 4)."""
    m = p.triple("matrix").reshape(4, 5)
    out = img @ m[:, :4].T + m[:, 4]
    out[..., 3] = np.clip(out[..., 3], 0.0, 1.0)
    return out


def hue_matrix(degrees):
    """M = 1 w' + cos a (U - 1 w') + sin a N (hue_rotate)."""
    a = np.radians(degrees)
    gray = np.ones((3, 1)) @ color.LUMA[None, :]
    n = np.array([[-0.2126, -0.7152, 0.9278], [0.143, 0.140, -0.283], [-0.7874, 0.7152, 0.0722]])
    return gray + np.cos(a) * (np.eye(3) - gray) + np.sin(a) * n


@effect("hue_rotate", "D", {"angle": 0, "mode": "matrix"}, {"angle": 0}, switchable=True)
def hue_rotate(img, p, cx):
    """Rotation about gray, by a matrix or in OKLCh (hue_rotate)."""
    angle = p.f("angle")
    if p["mode"] == "matrix":
        return color.with_alpha(img[..., :3] @ hue_matrix(angle).T, img[..., 3])
    linear = color.is_linear(cx.domain)
    c = img[..., :3] if linear else color.dec(img[..., :3])
    lab = color.to_oklab(c)
    a = np.radians(angle)
    turned = np.stack(
        [lab[..., 0], lab[..., 1] * np.cos(a) - lab[..., 2] * np.sin(a), lab[..., 1] * np.sin(a) + lab[..., 2] * np.cos(a)],
        axis=-1,
    )
    rgb = color.from_oklab(turned)
    return color.with_alpha(rgb if linear else color.enc(rgb), img[..., 3])


BRADFORD = np.array([[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]])


def _planckian_uv(t):
    """Step 1 of temperature: Kang et al. 2002, then 1960 uv."""
    if t <= 4000:
        x = -0.2661239e9 / t**3 - 0.2343589e6 / t**2 + 0.8776956e3 / t + 0.179910
    else:
        x = -3.0258469e9 / t**3 + 2.1070379e6 / t**2 + 0.2226347e3 / t + 0.240390
    if t <= 2222:
        y = -1.1063814 * x**3 - 1.34811020 * x**2 + 2.18555832 * x - 0.20219683
    elif t <= 4000:
        y = -0.9549476 * x**3 - 1.37418593 * x**2 + 2.09137015 * x - 0.16748867
    else:
        y = 3.0817580 * x**3 - 5.87338670 * x**2 + 3.75112997 * x - 0.37001483
    q = -2 * x + 12 * y + 3
    return np.array([4 * x / q, 6 * y / q])


def _white(t, tint):
    """Step 2 of temperature: the white point as XYZ with Y = 1."""
    d = _planckian_uv(1.01 * t) - _planckian_uv(t / 1.01)
    n = np.array([-d[1], d[0]]) / np.hypot(*d)
    n = n if n[1] > 0 else -n
    u, v = _planckian_uv(t) + 0.01 * tint * n
    q = 2 * u - 8 * v + 4
    x, y = 3 * u / q, 2 * v / q
    return np.array([x / y, 1.0, (1.0 - x - y) / y])


def temperature_matrix(kelvin, tint):
    """Step 3 of temperature: Bradford adaptation, in RGB, white keeps its Y.

    Y is the second row of X, as the matrices printed in section 29 show, not the rounded luma weights.
    """
    gains = (BRADFORD @ _white(6500.0, 0.0)) / (BRADFORD @ _white(kelvin, tint))
    adapt = np.linalg.inv(BRADFORD) @ np.diag(gains) @ BRADFORD
    m = np.linalg.inv(color.RGB_TO_XYZ) @ adapt @ color.RGB_TO_XYZ
    return m / (color.RGB_TO_XYZ[1] @ (m @ np.ones(3)))


@effect("temperature", "L", {"kelvin": 6500, "tint": 0}, {"kelvin": 6500, "tint": 0})
def temperature(img, p, cx):
    """M c (temperature)."""
    m = temperature_matrix(p.f("kelvin"), p.f("tint"))
    return color.with_alpha(img[..., :3] @ m.T, img[..., 3])


VIGNETTE = {
    "amount": 0.5, "law": "smooth", "shape": "ellipse", "center": [0.5, 0.5],
    "start": 0.4, "softness": 0.6, "fov": 60, "color": "#000000",
}  # fmt: skip


@effect("vignette", "L", VIGNETTE, {"amount": 0}, switchable=True)
def vignette(img, p, cx):
    """Fade to a color, or brighten, towards the corners (vignette)."""
    h, w = img.shape[:2]
    x, y = sampling.centers(w, h)
    cx_px, cy_px = p.position(p["center"])
    dx, dy = x - cx_px, y - cy_px
    if p["shape"] == "ellipse":
        d = np.hypot(2 * dx / w, 2 * dy / h) / np.sqrt(2.0)
    else:
        d = np.hypot(dx, dy) / (0.5 * np.hypot(w, h))
    if p["law"] == "smooth":
        k = color.smoothstep(p.f("start"), p.f("start") + p.f("softness"), d)
    else:
        k = 1.0 - np.cos(np.arctan(d * np.tan(np.radians(p.f("fov")) / 2.0))) ** 4
    tone = p.color("color")[:3]
    tone = color.dec(tone) if color.is_linear(cx.domain) else tone
    amount, k = p.f("amount"), k[..., None]
    rgb = img[..., :3] * (1.0 - amount * k) + img[..., 3:] * tone * max(amount, 0.0) * k
    return color.with_alpha(rgb, img[..., 3])


GRAIN = {"amount": 0.15, "size": 0.001, "midtones": 0.5, "monochrome": True, "animate": True, "seed": 7}


def grain_field(ix, iy, size, seed, frame, salt):
    """n of the entry: lattice noise with unit variance (grain)."""
    x, y = ix / size, iy / size
    i, j = np.floor(x), np.floor(y)
    total, power = 0.0, 0.0
    for b, wy in ((0, 1 - (y - j)), (1, y - j)):
        for a, wx in ((0, 1 - (x - i)), (1, x - i)):
            weight = wx * wy
            total = total + weight * noise.gauss(noise.rnd(i + a, j + b, seed, frame, salt))
            power = power + weight * weight
    return total / np.sqrt(power)


@effect("grain", "D", GRAIN, {"amount": 0})
def grain(img, p, cx):
    """c + amount/4 * midtone weight * n (grain)."""
    h, w = img.shape[:2]
    iy, ix = np.mgrid[0:h, 0:w].astype(np.float64)
    size = max(p.length("size"), 1.0)
    frame = cx.frame if p["animate"] else 0
    fields = [grain_field(ix, iy, size, p["seed"], frame, 0x6772 + (0 if p["monochrome"] else k)) for k in range(3)]
    lam = np.clip(color.luma(img), 0.0, 1.0)
    weight = 1.0 + p.f("midtones") * (4.0 * lam * (1.0 - lam) - 1.0)
    n = np.stack(fields, axis=-1)
    return color.with_alpha(img[..., :3] + (0.25 * p.f("amount") * weight)[..., None] * n, img[..., 3])
