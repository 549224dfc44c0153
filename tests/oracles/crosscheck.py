"""Holds the re-derivations against libraries, where section 26 names one that means the same thing.

Runs before anything is written. Bounds are the tiers of section 27.
"""

import cv2
import numpy as np
from PIL import Image
from scipy import interpolate, ndimage
from skimage import filters, transform

import charts
import color
import crosscheck_filters
import crosscheck_geometry
import crosscheck_points
import crosscheck_warps
import effects_color
import effects_lut
import effects_spatial
import effects_tone
import effects_warp
import kernels
import recipe
import sampling
from measure import alone, near
from params import Params

SCIPY_EDGE = {"clamp": "nearest", "reflect": "mirror", "wrap": "wrap", "transparent": "constant"}
SCIPY_SAMPLE_EDGE = {**SCIPY_EDGE, "wrap": "grid-wrap", "transparent": "grid-constant"}


def gaussian():
    """scipy.ndimage.gaussian_filter with its radius given; OpenCV GaussianBlur in f64."""
    img = charts.in_domain("alpha", "L")
    for edge, mode in SCIPY_EDGE.items():
        for sigma in (0.8, 1.4, 2.6):
            radius = int(np.ceil(4 * sigma))
            other = ndimage.gaussian_filter(img, sigma=(sigma, sigma, 0), radius=(radius, radius, 0), mode=mode)
            near(f"gauss {edge} {sigma}", kernels.gauss(img, sigma, edge=edge), other)
    for edge, code in (("clamp", cv2.BORDER_REPLICATE), ("reflect", cv2.BORDER_REFLECT_101)):
        other = cv2.GaussianBlur(img, (15, 15), 1.7, sigmaY=1.7, borderType=code)
        near(f"gauss opencv {edge}", kernels.gauss(img, 1.7, edge=edge), other)


def boxes():
    """scipy.ndimage.uniform_filter at whole radii."""
    img = charts.in_domain("alpha", "L")
    for edge, mode in SCIPY_EDGE.items():
        other = ndimage.uniform_filter(img, size=(7, 7, 1), mode=mode)
        near(f"box {edge}", kernels.box(img, 3.0, edge), other, 1e-10)


def stencils():
    """OpenCV filter2D for sharpen and emboss; SciPy, OpenCV and skimage for sobel; opaque pictures."""
    img = charts.in_domain("opaque", "D")
    rgb, l = np.ascontiguousarray(img[..., :3]), color.luma(img)
    cross = np.array([[0, 1, 0], [1, 0, 1], [0, 1, 0]]) / 4.0
    mean = cv2.filter2D(rgb, cv2.CV_64F, cross, borderType=cv2.BORDER_REPLICATE)
    near("sharpen", alone({"effect": "sharpen", "amount": 1.5}, "opaque")[..., :3], rgb + 1.5 * (rgb - mean))

    gx, gy = effects_spatial.sobel_gradient(l)
    near("sobel x", gx, ndimage.sobel(l, axis=1, mode="nearest") / 4.0)
    near("sobel y", gy, ndimage.sobel(l, axis=0, mode="nearest") / 4.0)
    near("sobel opencv", gx, cv2.Sobel(l, cv2.CV_64F, 1, 0, ksize=3, borderType=cv2.BORDER_REPLICATE) / 4.0)
    magnitude = alone({"effect": "sobel"}, "opaque")[..., 0]
    near("sobel skimage", magnitude, filters.sobel(l, mode="nearest") * np.sqrt(2.0))

    s = np.sqrt(0.5)  # light from 135 degrees: dir = (-s, -s)
    weights = np.array([[-2 * s, -s, 0], [-s, 0, s], [0, s, 2 * s]]) / 6.0
    other = 0.5 + cv2.filter2D(l, cv2.CV_64F, weights, borderType=cv2.BORDER_REPLICATE)
    near("emboss", alone({"effect": "emboss"}, "opaque")[..., 0], other)


def unsharp():
    """skimage.filters.unsharp_mask away from the border, where its policy differs; radius 6 for both."""
    img = charts.in_domain("opaque", "D")
    ours = alone({"effect": "unsharp_mask", "sigma": "1.45px", "amount": 1.2}, "opaque")
    for k in range(3):  # plane by plane: with channel_axis=-1 version 0.26 gives another picture
        other = filters.unsharp_mask(img[..., k].copy(), radius=1.45, amount=1.2, preserve_range=True)
        near("unsharp", ours[6:-6, 6:-6, k], other[6:-6, 6:-6])


def samplers():
    """scipy map_coordinates for nearest and bilinear; Keys a = -1/2 reproduces parabolas."""
    img = charts.in_domain("alpha", "L")
    h, w = img.shape[:2]
    x, y = sampling.centers(w, h)
    px, py = 0.9 * x + 0.31 * y - 6.37, -0.27 * x + 1.1 * y + 3.71
    for sampler, order in (("nearest", 0), ("bilinear", 1)):
        for edge, mode in SCIPY_SAMPLE_EDGE.items():
            ours = sampling.sample(img, px, py, sampler, edge)
            at = [py - 0.5, px - 0.5]
            other = np.stack([ndimage.map_coordinates(img[..., k], at, order=order, mode=mode) for k in range(4)], -1)
            near(f"{sampler} {edge}", ours, other, 1e-9)
    f = np.linspace(0, 1, 11)
    weights = sampling.keys_weights(f)
    near("keys sum", sum(weights), np.ones(11), 1e-12)
    near("keys parabola", sum(k * k * v for k, v in zip((-1, 0, 1, 2), weights)), f * f, 1e-12)


def warps():
    """skimage swirl (exponential) and OpenCV warpAffine, on the smooth chart."""
    img = charts.in_domain("smooth", "L")
    h, w = img.shape[:2]
    step = {"effect": "swirl", "falloff": "exponential", "angle": 75, "radius": "14px"}
    center = (w / 2 - 0.5, h / 2 - 0.5)
    other = transform.swirl(img, center=center, strength=np.radians(75), radius=14.0, order=1, mode="edge")
    near("swirl", alone(step, "smooth"), other, 2e-5)

    step = {"effect": "affine", "angle": 23, "scale": [0.8, 1.15], "shear": [6, 9], "translate": [0.07, -0.11], "edge": "clamp"}
    forward = effects_warp.affine_matrix(Params(effects_warp.AFFINE, step, w, h))
    shifted = forward.copy()  # OpenCV's integer coordinates are pixel centers
    shifted[:, 2] += forward[:, :2] @ [0.5, 0.5] - 0.5
    single = img.astype(np.float32)
    other = cv2.warpAffine(single, shifted, (w, h), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    near("affine", alone(step, "smooth"), other, 0.5 / 255)

    square = np.zeros((9, 9, 4))
    square[4, 8] = 1.0  # the middle of the right edge goes to the middle of the top edge (1.3)
    p = Params(effects_warp.AFFINE, {"effect": "affine", "angle": 90}, 9, 9)
    turned = recipe.EFFECTS["affine"].body(square, p, None)
    near("quarter turn", turned[0, 4], np.ones(4), 1e-9)


def curves():
    """SciPy PchipInterpolator and CubicSpline, tabled in the same way."""
    t = np.arange(4096) / 4095.0
    for points in (
        [[0, 0.04], [0.22, 0.15], [0.55, 0.68], [0.8, 0.9], [1, 0.97]],
        [[0, 0.3], [0.35, 0.1], [0.4, 0.5], [0.7, 0.5], [1, 1.2]],
        [[0, 0.1], [1, 0.8]],
    ):
        x, y = np.array(points).T
        near("pchip", effects_tone.curve_table(points, "monotone"), interpolate.PchipInterpolator(x, y)(t), 2e-7)
        spline = interpolate.CubicSpline(x, y, bc_type="natural")(t)
        near("natural", effects_tone.curve_table(points, "natural"), spline, 2e-7)


def histograms():
    """skimage threshold_otsu and OpenCV equalizeHist on 8-bit gray."""
    gray = color.q8(color.luma(charts.in_domain("opaque", "D"))).astype(np.uint8)
    counts = np.bincount(gray.ravel(), minlength=256)
    if effects_color.otsu_level(counts) != filters.threshold_otsu(gray):
        raise AssertionError("otsu")
    ours = color.q8(effects_tone.equalize_curve(counts)(gray / 255.0))
    if (ours != cv2.equalizeHist(gray)).any():
        raise AssertionError("equalizeHist")


def luts():
    """scipy RegularGridInterpolator for trilinear; both methods agree on lattice points and on gray between them."""
    _, (lattice, low, high) = effects_lut.read_cube(charts.cube_files()["luts/bend5.cube"])
    rgb = charts.in_domain("small", "D")[..., :3]
    axis = np.linspace(0, 1, 5)
    other = interpolate.RegularGridInterpolator((axis, axis, axis), lattice)(rgb)
    near("trilinear", effects_lut.trilinear(rgb, lattice, low, high), other, 1e-12)
    corners = np.stack(np.meshgrid(axis, axis, axis, indexing="ij"), -1)
    near("tetrahedral corners", effects_lut.tetrahedral(corners, lattice, low, high), lattice, 1e-12)
    gray = np.repeat(np.linspace(0, 1, 9)[:, None], 3, 1)  # along the diagonal only two corners take part
    halves = (lattice[[0, 1, 2, 3], [0, 1, 2, 3], [0, 1, 2, 3]] + lattice[[1, 2, 3, 4], [1, 2, 3, 4], [1, 2, 3, 4]]) / 2
    near("tetrahedral diagonal", effects_lut.tetrahedral(gray, lattice, low, high)[1::2], halves, 1e-12)


def resizing():
    """`fit` by stretch against Pillow's float resize, which drops outside taps in the same way."""
    img = charts.in_domain("matte_odd", "D")
    for size in ((24, 18), (9, 7), (29, 6)):
        ours = kernels.resize_bilinear(img, *size)
        for k in range(4):
            plane = Image.fromarray(img[..., k].astype(np.float32), "F").resize(size, Image.Resampling.BILINEAR)
            near(f"resize {size}", ours[..., k], np.asarray(plane, np.float64), 2e-6)


def run():
    """All of them; raises on the first that disagrees."""
    for check in (gaussian, boxes, stencils, unsharp, samplers, warps, curves, histograms, luts, resizing):
        check()
    for module in (crosscheck_filters, crosscheck_warps, crosscheck_points, crosscheck_geometry):
        for check in module.CHECKS:
            check()
