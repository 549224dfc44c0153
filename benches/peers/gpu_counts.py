"""The operations of each workload on the GPU for a pixel of the source, counted from the shaders.

Pixels are four floats. Loads through textures and their caches are not counted; `explain` counts the bytes.
"""

import math

from counts import NEIGHBORS, left, octaves_of, price, radius_of

CHANNELS = 4

# A pixel taken from its texture, and rounded into that of the result.
IO = 5 * CHANNELS

# What runs on the CPU whatever renders, and is not predicted.
NOT_HERE = {"domain_transform", "histogram", "resize_half"}


def pair(radius, step=1):
    """Both axes of a convolution in groups of 16×16, whose rows are convolved with their margin."""
    side = 15 * step + 1 + 2 * radius
    return CHANNELS * (1 + 3 * radius) * (side / 16 + 1)


def boxes(radius):
    return 2 * CHANNELS * (1 + 3 * math.ceil(radius))


def gaussian(sigma):
    """Halved, convolved and grown again, level by level."""
    octaves = octaves_of(sigma)
    levels = range(octaves)
    halved = sum(pair(2, 2) * 4.0 ** -(level + 1) for level in levels)
    grown = sum(CHANNELS * 10.5 * 4.0**-level for level in levels)
    return halved + pair(radius_of(math.sqrt(left(sigma, octaves)))) * 4.0**-octaves + grown


def median(radius):
    """The answer bit by bit: all neighbors are compared for each of 32."""
    return 32 * (2 * radius + 1) ** 2 * CHANNELS * 8


def bilateral():
    return NEIGHBORS * 24


def bilinear(channels=CHANNELS):
    return 20 + channels * 8


def workloads(width, height):
    short = min(width, height)
    mixer, line = price("channel_mixer", "channel_mixer"), price("levels", "line")
    detail = price("unsharp_mask", "add_detail")
    around = 800 * 800 / (width * height)
    toon_sigma = 0.0014 * short
    counts = {
        "look8": 2 * mixer + 60 + 6 + price("vignette", "vignette"),
        "gaussian_2": gaussian(2),
        "gaussian_8": gaussian(8),
        "gaussian_50": gaussian(50),
        "unsharp_2": gaussian(2) + detail,
        "bilateral": bilateral(),
        "median_2": median(2),
        "median_10": median(10),
        "dilate_4": 2 * CHANNELS * 2 * 4,
        "sobel": 1.3 * price("sobel", "luma_plane") + price("sobel", "stencil"),
        "lut3d": price("lut3d", "lut_stage"),
        "rotate_bilinear": price("affine", "source_position") + bilinear() + price("affine", "unpremultiply"),
        "rotate_bicubic": price("affine", "source_position") + 48 + 16 * 2 * CHANNELS + price("affine", "unpremultiply"),
        "wave": price("wave", "source_position") + bilinear(),
        "equalize": 12 + price("equalize", "equalize_map"),
        "pencil_sketch": price("pencil_sketch", "luma") + gaussian(10) + price("pencil_sketch", "dodge"),
        "mixed10": gaussian(3) + gaussian(2) + bilinear() + 3 * mixer + 2 * line + detail + price("vignette", "vignette"),
        "clarity": 2 * boxes(0.03 * short) + price("clarity", "moments") + 3 * price("clarity", "coefficients"),
        "clahe": 12 + 40,
        "toon": 2 * bilateral() + gaussian(toon_sigma) + gaussian(1.6 * toon_sigma)
        + price("toon", "lines") + price("toon", "drawing"),
        "sticker": around * bilinear() + price("sticker", "over"),
    }
    return {name: count + IO for name, count in counts.items()}
