"""Resizing, copies and stickers held against Pillow, OpenCV, SciPy and the printed weights."""

import io
import math

import cv2
import numpy as np
from PIL import Image, ImageOps
from scipy import ndimage

import charts
import color
import recipe
import resampling
from measure import alone, near

PILLOW = {
    "nearest": Image.Resampling.NEAREST,
    "bilinear": Image.Resampling.BILINEAR,
    "catmull_rom": Image.Resampling.BICUBIC,
    "lanczos3": Image.Resampling.LANCZOS,
}
SIZES = ((24, 18), (9, 31), (60, 7), (45, 33), (90, 66), (1, 1))


def _pillow(img, size, method):
    """Plane by plane, as floats."""
    planes = [Image.fromarray(img[..., k].astype(np.float32), "F").resize(size, method) for k in range(4)]
    return np.stack([np.asarray(plane, np.float64) for plane in planes], -1)


def _clamped(img):
    return color.with_alpha(img[..., :3], np.clip(img[..., 3], 0, 1))


def resizes():
    """Pillow on float pictures, premultiplied, in both spaces; OpenCV's INTER_AREA, shrinking."""
    for space, domain in (("linear", "L"), ("display", "DP")):
        img = charts.in_domain("alpha", domain)
        for name, method in PILLOW.items():
            for w, h in SIZES:
                step = {"effect": "resize", "width": w, "height": h, "filter": name, "space": space}
                other = _clamped(_pillow(img, (w, h), method))
                near(f"resize {name} {space} {w}x{h} pillow", alone(step, "alpha"), other, 2e-6)
        for w, h in ((24, 18), (15, 11), (7, 30), (1, 1)):
            step = {"effect": "resize", "width": w, "height": h, "filter": "area", "space": space}
            other = cv2.resize(img, (w, h), interpolation=cv2.INTER_AREA)
            near(f"resize area {space} {w}x{h} opencv", alone(step, "alpha"), other, 2e-6)
        step = {"effect": "resize", "scale": 1 / 3, "filter": "area", "space": space}
        near("resize area pillow", alone(step, "alpha"), _pillow(img, (15, 11), Image.Resampling.BOX), 2e-6)
    half = _pillow(charts.in_domain("opaque", "DP"), (23, 17), Image.Resampling.LANCZOS)
    near("resize scale", alone({"effect": "resize", "scale": 0.5, "space": "display"}, "opaque"), half, 2e-6)


def _mitchell(x):
    """The two pieces with the constants worked out."""
    if x < 1:
        return (21 * x**3 - 36 * x**2 + 16) / 18
    return (-7 * x**3 + 36 * x**2 - 60 * x + 32) / 18


def _lanczos2(x):
    return 2 * math.sin(math.pi * x) * math.sin(math.pi * x / 2) / (math.pi * x) ** 2 if x else 1.0


def kernels():
    """The filters that Pillow lacks, one weight at a time; the weights of section 29."""
    for name, h, reach in (("mitchell", _mitchell, 2), ("lanczos2", _lanczos2, 2)):
        for n_in, n_out in ((17, 9), (9, 17), (30, 7)):
            q = n_in / n_out
            z = max(q, 1)
            for i, row in enumerate(resampling.weights(n_in, n_out, name)):
                at = [abs(k + 0.5 - (i + 0.5) * q) / z for k in range(n_in)]
                values = [h(x) if x < reach else 0.0 for x in at]
                near(f"{name} {n_in} to {n_out}", row, np.array(values) / sum(values), 1e-12)
    printed = [0.334399, 0.399111, 0.276913, 0.077310, -0.045584, -0.048980, -0.005695, 0.012526]
    near("lanczos3 8 to 3, printed", resampling.weights(8, 3, "lanczos3")[0], printed, 6e-7)
    near("catmull_rom 3 to 6, printed", resampling.weights(3, 6, "catmull_rom")[1], [0.810219, 0.211679, -0.021898], 6e-7)


TRANSPOSED = {
    ("flip", "axis", "horizontal"): Image.Transpose.FLIP_LEFT_RIGHT,
    ("flip", "axis", "vertical"): Image.Transpose.FLIP_TOP_BOTTOM,
    ("flip", "axis", "both"): Image.Transpose.ROTATE_180,
    ("rotate90", "turns", 1): Image.Transpose.ROTATE_90,
    ("rotate90", "turns", 2): Image.Transpose.ROTATE_180,
    ("rotate90", "turns", 3): Image.Transpose.ROTATE_270,
}
# The steps that undo an EXIF orientation (rotate90).
UPRIGHT = {
    2: [("flip", "axis", "horizontal")], 3: [("rotate90", "turns", 2)], 4: [("flip", "axis", "vertical")],
    5: [("flip", "axis", "horizontal"), ("rotate90", "turns", 1)], 6: [("rotate90", "turns", 3)],
    7: [("flip", "axis", "vertical"), ("rotate90", "turns", 1)], 8: [("rotate90", "turns", 1)],
}  # fmt: skip


def copies():
    """Pillow's transpose and exif_transpose, and its crop; NumPy's slices."""
    img = charts.in_domain("small_alpha", "DP")
    for (effect, name, value), method in TRANSPOSED.items():
        ours = alone({"effect": effect, name: value}, "small_alpha")
        for k in range(4):
            plane = Image.fromarray(img[..., k].astype(np.float32), "F").transpose(method)
            near(f"{effect} {value} pillow", ours[..., k], np.asarray(plane), 0)

    gray = np.arange(15, dtype=np.uint8).reshape(3, 5)
    for orientation, steps in UPRIGHT.items():
        picture = Image.fromarray(gray)
        exif = picture.getexif()
        exif[0x0112] = orientation
        file = io.BytesIO()
        picture.save(file, "PNG", exif=exif)
        turned = np.repeat(gray[..., None], 4, 2).astype(np.float64)
        for effect, name, value in steps:
            turned = recipe.run_body({"effect": effect, name: value}, turned, "DP", {}, {})
        near(f"orientation {orientation} pillow", turned[..., 0], np.asarray(ImageOps.exif_transpose(Image.open(file))), 0)

    for params, (x0, y0, x1, y1) in (
        ({"rect": [0.21, 0.1, 0.5, 0.66]}, (6, 2, 19, 14)),  # 5.67, 1.9, 19.17, 14.44
        ({"rect": [0.5, 0.5, 0.9, 0.25]}, (14, 10, 27, 14)),  # 13.5, 9.5, 37.8, 14.25
        ({"rect": [0.3, 0.7, 0, 0]}, (8, 13, 9, 14)),  # 8.1, 13.3
        ({"aspect": "1:1"}, (4, 0, 23, 19)),
        ({"aspect": "16:9", "anchor": [0.5, 1]}, (0, 4, 27, 19)),  # 15.19 rows
        ({"aspect": "2:3", "anchor": [0, 0]}, (0, 0, 13, 19)),  # 12.67 columns
        ({"aspect": "original", "rect": [0, 0, 0.5, 0.5]}, (0, 0, 27, 19)),
    ):
        near(f"crop {params}", alone({"effect": "crop", **params}, "small_alpha"), img[y0:y1, x0:x1], 0)


def _stuck(chart, art, **params):
    """A sticker on a chart, in its own domain; and that domain."""
    step = {"effect": "sticker", "image": "art", **params}
    domain = recipe.EFFECTS["sticker"].domain_for(step)
    assets = {"art": recipe.Picture(charts.in_domain(art, "D"), "D")}
    return recipe.run_body(step, charts.in_domain(chart, domain), domain, assets, {}), domain


def stickers():
    """SciPy's affine_transform, laid over; Pillow's rotate and alpha_composite on bytes; a copy on the grid."""
    place = (20.3, 15.1)
    for flip, angle, size, space in ((False, 20, 19, "linear"), (True, 35, 19, "linear"), (True, -130, 30, "display")):
        params = {"size": f"{size}px", "angle": angle, "flip": flip, "space": space}
        ours, domain = _stuck("alpha", "other_small", center=[place[0] / 45, place[1] / 33], **params)
        source, base = charts.in_domain("other_small", domain), charts.in_domain("alpha", domain)
        if flip:
            source = source[:, ::-1]
        k, a = size / 19, math.radians(angle)
        # rows first: y of the sticker, then x, from y and x of the picture
        back = np.array([[math.cos(a), math.sin(a)], [-math.sin(a), math.cos(a)]]) / k
        middle = np.array([place[1], place[0]])
        offset = np.array([19, 27]) / 2 - 0.5 - back @ (middle - 0.5)
        turn = lambda plane: ndimage.affine_transform(plane, back, offset, (33, 45), order=1, mode="grid-constant")
        drawn = np.stack([turn(source[..., c]) for c in range(4)], -1)
        near(f"sticker {angle} {space} scipy", ours, drawn + (1 - drawn[..., 3:]) * base, 2e-6)

    # A whole angle on the pixel grid of an opaque picture, where Pillow turns the same positions.
    ours, _ = _stuck("frame", "matte_square", size="16px", angle=30, space="display")
    codes = lambda name: Image.fromarray(color.q8(charts.in_domain(name, "D")).astype(np.uint8))
    base = codes("frame")
    base.alpha_composite(codes("matte_square").rotate(30, Image.Resampling.BILINEAR, expand=False), (4, 1))
    inside = ours[4:14, 8:16]  # Pillow cuts what leaves the square, and its rim is another
    near("sticker pillow", inside, np.asarray(base)[4:14, 8:16] / 255.0, 1.5 / 255)

    ours, _ = _stuck("frame", "matte_small", size="10px")
    expected = charts.in_domain("frame", "L").copy()
    expected[4:14, 7:17] = charts.in_domain("matte_small", "L")
    near("sticker on the grid", ours, expected, 1e-7)


CHECKS = (resizes, kernels, copies, stickers)
