"""Transfer functions, alpha association and color models (effects.md 1.5, 1.8).

Everything is float64 on arrays of shape (height, width, 4) or (..., 3).
"""

import numpy as np

LUMA = np.array([0.2126, 0.7152, 0.0722])  # 1.8: luma and Y share their weights
LUMA601 = np.array([0.299, 0.587, 0.114])  # 1.8: grayscale mode only
ALPHA_FLOOR = 1e-6  # 1.5: below it a pixel has no color
GUARD = 1.0 / 8192.0  # section 4: keeps 8-bit codes on the same side


def dec(v):
    """sRGB decoding, odd in v (1.5)."""
    v = np.asarray(v, np.float64)
    a = np.abs(v)
    high = np.sign(v) * ((a + 0.055) / 1.055) ** 2.4
    return np.where(a <= 0.04045, v / 12.92, high)


def enc(l):
    """sRGB encoding, odd in l (1.5)."""
    l = np.asarray(l, np.float64)
    a = np.abs(l)
    high = np.sign(l) * (1.055 * a ** (1.0 / 2.4) - 0.055)
    return np.where(a <= 0.0031308, 12.92 * l, high)


def with_alpha(rgb, alpha):
    """Stack three color channels and one alpha plane."""
    return np.concatenate([rgb, np.broadcast_to(alpha[..., None], rgb.shape[:-1] + (1,))], axis=-1)


def premultiply(img):
    """(C, a) -> (aC, a) (1.5)."""
    return with_alpha(img[..., :3] * img[..., 3:], img[..., 3])


def unpremultiply(img):
    """(c, a) -> (c/a, a), black where a <= 1e-6, alpha kept (1.5)."""
    a = img[..., 3:]
    visible = a > ALPHA_FLOOR
    rgb = np.where(visible, img[..., :3] / np.where(visible, a, 1.0), 0.0)
    return with_alpha(rgb, img[..., 3])


def hide(img):
    """A straight picture as it looks after storage: no color where alpha is 0 (1.5)."""
    return with_alpha(np.where(img[..., 3:] > ALPHA_FLOOR, img[..., :3], 0.0), img[..., 3])


def is_linear(domain):
    """Whether the domain code stands for linear light (1.5)."""
    return domain in ("L", "LS")


def is_premultiplied(domain):
    """Whether the domain code stands for premultiplied color (1.5)."""
    return domain in ("L", "DP")


def convert(img, source, target):
    """Change the domain of a picture; transfers act on straight color (1.5)."""
    if source == target:
        return img
    if "data" in (source, target):
        raise ValueError("data is never converted")
    out = unpremultiply(img) if is_premultiplied(source) else hide(img)
    if is_linear(source) != is_linear(target):
        curve = enc if is_linear(source) else dec
        out = with_alpha(curve(out[..., :3]), out[..., 3])
    return premultiply(out) if is_premultiplied(target) else out


def straight(img, domain):
    """Straight color in the transfer space of `domain`."""
    return unpremultiply(img) if is_premultiplied(domain) else img


def luma(rgb):
    """Weighted sum of R, G, B, 0.2126/0.7152/0.0722 (1.8)."""
    return rgb[..., :3] @ LUMA


def luma_plane(img, domain):
    """Luma of the straight color, 0 where alpha is 0 (1.5, 'plane')."""
    return np.where(img[..., 3] > ALPHA_FLOOR, luma(straight(img, domain)), 0.0)


def smoothstep(a, b, x):
    """t*t*(3 - 2t) with t = clamp((x - a)/(b - a)); a step when a = b (1.8)."""
    if a == b:
        return np.where(np.asarray(x) < a, 0.0, 1.0)
    t = np.clip((x - a) / (b - a), 0.0, 1.0)
    return t * t * (3.0 - 2.0 * t)


def spow(x, p):
    """sign(x) * |x|^p (1.8)."""
    return np.sign(x) * np.abs(x) ** p


def q8(v):
    """Quantize to 0..255, round half up (1.11)."""
    return np.floor(np.clip(v, 0.0, 1.0) * 255.0 + 0.5).astype(np.int64)


_RGB_TO_LMS = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_LMS_TO_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)
_LAB_TO_LMS = np.array(
    [
        [1.0, 0.3963377774, 0.2158037573],
        [1.0, -0.1055613458, -0.0638541728],
        [1.0, -0.0894841775, -1.2914855480],
    ]
)
_LMS_TO_RGB = np.array(
    [
        [4.0767416621, -3.3077115913, 0.2309699292],
        [-1.2684380046, 2.6097574011, -0.3413193965],
        [-0.0041960863, -0.7034186147, 1.7076147010],
    ]
)


def to_oklab(rgb):
    """Linear straight RGB -> OKLab (1.8)."""
    return np.cbrt(rgb @ _RGB_TO_LMS.T) @ _LMS_TO_LAB.T


def from_oklab(lab):
    """OKLab -> linear straight RGB (1.8)."""
    return (lab @ _LAB_TO_LMS.T) ** 3 @ _LMS_TO_RGB.T


RGB_TO_XYZ = np.array(  # 1.8, D65
    [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
)


def rgb_to_hsl(rgb):
    """RGB, clamped to 0..1 -> hue in degrees, saturation, lightness (1.8)."""
    r, g, b = np.moveaxis(np.clip(rgb, 0.0, 1.0), -1, 0)
    mx, mn = np.maximum(np.maximum(r, g), b), np.minimum(np.minimum(r, g), b)
    chroma, lightness = mx - mn, (mx + mn) / 2.0
    gray = chroma == 0
    c = np.where(gray, 1.0, chroma)
    sextant = np.where(mx == r, np.mod((g - b) / c, 6.0), np.where(mx == g, (b - r) / c + 2.0, (r - g) / c + 4.0))
    spread = np.where(gray, 1.0, 1.0 - np.abs(2.0 * lightness - 1.0))
    return np.where(gray, 0.0, 60.0 * sextant), np.where(gray, 0.0, chroma / spread), lightness


def hsl_to_rgb(hue, saturation, lightness):
    """HSL -> RGB by f(0), f(8), f(4) (1.8)."""
    a = saturation * np.minimum(lightness, 1.0 - lightness)

    def f(n):
        k = np.mod(n + hue / 30.0, 12.0)
        return lightness - a * np.maximum(-1.0, np.minimum(np.minimum(k - 3.0, 9.0 - k), 1.0))

    return np.stack([f(0), f(8), f(4)], axis=-1)
