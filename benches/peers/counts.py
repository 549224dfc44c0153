"""What each workload of the suite does for a pixel of the source, counted from the kernels' source.

Counts are in 32-bit lanes: a lane of 16 bits is half of one, a byte a quarter, an f64 two. `arithmetic` are operations
on registers. A division or a root is five; a choice, and a sum, a comparison, a limit or a bitwise operation of whole
numbers, is half, for processors do twice as many of them as of products, shifts and floats. `wide` is the same where the
widest registers of a machine are used, which not all kernels gain from. `access` are lanes that are
loaded from and stored to the caches. `scalar` are instructions for one pixel at a time: table lookups, counting, gathering
taps. `hidden` are bytes to and from memory that `explain` does not list, because a pass keeps them to itself.

The price of a point operation is the length of its recording, read from the shaders in `tests/snapshots`.
"""

import math
import re
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path

SNAPSHOTS = Path(__file__).resolve().parents[2] / "tests/snapshots"

# Rows of a band of a kernel with a halo, and of a chunk of a stencil.
BAND, CHUNK = 128, 16

# Colors of an opaque picture.
COLORS = 3

# What takes more than the one operation that it is in a recording, and what takes less.
DIVISION, POWER, EXPONENTIAL = 5, 68, 25
LONG = {"bb_pow": POWER, "bb_exp2": EXPONENTIAL, "bb_sin": 37, "sqrt": DIVISION, "select": 1 / 2}


@dataclass(frozen=True)
class Count:
    arithmetic: float = 0.0
    wide: float = 0.0
    access: float = 0.0
    scalar: float = 0.0
    hidden: float = 0.0

    def __add__(self, other):
        return Count(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))

    def __rmul__(self, factor):
        return Count(*(factor * getattr(self, f.name) for f in fields(self)))


def total(*counts):
    return sum(counts, Count())


@cache
def price(effect, part):
    """The operations of a part of an effect, with polynomials and divisions at what they take."""
    text = (SNAPSHOTS / f"{effect}.wgsl").read_text()
    code = re.search(rf"^fn {part}(?:_\d+)?\(.*?^}}", text, re.S | re.M)[0]
    sum = 0
    for value in re.findall(r"let v\d+ = (.*);", code):
        called = re.match(r"\w+(?=\()", value)
        sum += LONG.get(called[0], 1) if called else DIVISION if " / " in value else 1
    return sum


# Codes to floats: a load of the pixel; for each color it is taken out, converted, and multiplied in two parts.
LOAD = Count(wide=5 * COLORS, access=COLORS + 2)

# Floats to codes: limits, scale, rounding and conversion for each color; shifts and ors.
STORE = Count(wide=5 * COLORS + 3.5, access=COLORS + 1)
STORE_GRAY = Count(wide=5 + 3.5, access=2)



def buffer(count=COLORS):
    """Planes between a buffer and a tile, or into the rows of a kernel; alpha is none where it is 1 all over."""
    return Count(access=2 * count)


PLANES = buffer()


def stage(operations, planes=COLORS):
    """A point operation: the planes that it changes are read and written."""
    return Count(wide=operations, access=2 * planes)


def composite(operations, planes=COLORS):
    """An operation of two tiles."""
    return Count(wide=operations, access=3 * planes)


def matrix():
    return stage(COLORS * 6)


def pieces(count):
    """A curve of cubic pieces: limits, a comparison and five choices for each piece, and the cubic."""
    return stage(COLORS * (2 + (1 + 5 / 2) * (count - 1) + 1 + 7))


# Gaussians


def radius_of(sigma):
    return math.ceil(4 * sigma)


def cut_radius_of(sigma):
    """Of display values that nothing amplifies."""
    return math.ceil(3.25 * sigma - 0.5)


def left(sigma, octaves):
    """The variance that is left on the coarsest level."""
    samples = 4**octaves
    return (sigma * sigma - 2 * (samples - 1) / 3) / samples


def octaves_of(sigma):
    octaves = 0
    while left(sigma, octaves + 1) >= 1.8**2:
        octaves += 1
    return octaves


def halo(reach, rows=BAND):
    return (rows + 2 * reach) / rows


# Codes to planes of 16 bits, and these to codes or to floats.
APART = Count(wide=2 + COLORS, access=1 + COLORS / 2)
TOGETHER = Count(wide=(1.5 * COLORS + 6) / 2, access=1 + COLORS / 2)
TO_FLOATS = Count(wide=3 * COLORS, access=1.5 * COLORS + 1)

# Floats to planes of 16 bits; four numbers of 16 bits between passes, written and read.
TO_SAMPLES = COLORS * Count(wide=6, access=1.5)
STORE_WORDS = Count(wide=6 * COLORS + 4, access=COLORS + 2)
LOAD_WORDS = Count(wide=3 * COLORS + 5, access=COLORS + 3)


def fixed_gaussian(sigma, rows=APART):
    """Both sums in 16 bits: a product, then sum, product and sum for each pair of taps; `rows` are made before."""
    radius = cut_radius_of(sigma)
    sums = COLORS * Count(wide=(1.5 + 2 * radius) / 2, access=1 + radius)
    return total(halo(radius) * total(rows, sums), sums)


def fixed_gaussian_of(prologue, sigma):
    """The same of what operations make of a picture."""
    return total(fixed_gaussian(sigma, total(prologue, PLANES, TO_SAMPLES)), TO_FLOATS)


def taps(radius, colors=COLORS):
    """The same in floats, four pairs a sweep."""
    return colors * Count(arithmetic=1 + 3 * radius, access=2 + 2.5 * radius)


def ring_gaussian(radius, prologue, colors=COLORS):
    """Both sums in floats; `prologue` makes the rows."""
    return total(halo(radius) * total(prologue, buffer(colors), taps(radius, colors)), taps(radius, colors))


# Binomial steps of one sample: down the rows, along a row, whose samples are taken apart, and up again.
REDUCE_ROWS = Count(arithmetic=7, access=6)
REDUCE_ROW = Count(arithmetic=12, access=11)
GROW_ROWS = Count(arithmetic=3, access=3.5)
GROW_ROW = Count(arithmetic=4, access=4.5)


def pyramid(sigma, prologue, colors=COLORS):
    """Octaves down, the rest of the Gaussian, and octaves up."""
    octaves = octaves_of(sigma)
    radius = radius_of(math.sqrt(left(sigma, octaves)))
    down, up = total(prologue, buffer(colors)), Count(access=1)
    for level in range(octaves):
        samples = 4.0**-level
        down += colors * samples * total(1 / 2 * REDUCE_ROWS, 1 / 4 * REDUCE_ROW)
        up += colors * samples * total(1 / 2 * GROW_ROWS, GROW_ROW)
    # The coarsest level is written and read once; after that it is found in the third cache.
    coarse = 4.0**-octaves * total(2 * taps(radius, colors), Count(hidden=2 * 4 * colors))
    return total(halo(4) * down, coarse, up)


# The same at full size in 16 bits, twice as many in a register: sums of rows, and rows and pairs interpolated; a row is
# summed along in 32 bits. What is interpolated from becomes 16 bits before.
REDUCE_ROWS_OF_CODES = Count(arithmetic=8 / 2, access=6 / 2)
REDUCE_ROW_OF_CODES = Count(arithmetic=15, access=4)
GROW_ROWS_OF_CODES = Count(arithmetic=4 / 2, access=3.5 / 2)
GROW_ROW_OF_CODES = Count(arithmetic=6 / 2, access=3 / 2)
TO_FIXED = Count(arithmetic=3, access=1.5)


def pyramid_of_codes(sigma, width, height):
    """One from codes to codes. On the way down the picture is as much larger as the Gaussian reaches beyond its edges."""
    beyond = (1 + 8 * sigma / width) * (1 + 8 * sigma / height)
    rest = pyramid(math.sqrt((sigma * sigma - 2) / 4), Count())
    down = COLORS * total(1 / 2 * REDUCE_ROWS_OF_CODES, 1 / 4 * REDUCE_ROW_OF_CODES)
    up = COLORS * total(1 / 4 * TO_FIXED, 1 / 2 * GROW_ROWS_OF_CODES, GROW_ROW_OF_CODES)
    return total(halo(4) * beyond * total(APART, down), 1 / 4 * beyond * rest, up, TOGETHER)


# Windows


# Of 81 neighbors at σ = 2 pixels, how many are taken at ranges of up to an eighth.
NEIGHBORS = 45
# As many for what makes differences plainer.
DENSER = 59


def bilateral(sigma, neighbors, apart):
    """A weight for every pair of pixels: 29 operations of 16 bits, three colors loaded and two numbers of the neighbor.
    For each neighbor its weight and colors loaded, 11 operations, and sums in 32 bits once in fourteen."""
    radius = math.ceil(2 * sigma)
    weight = Count(wide=29 / 2, access=6 / 2)
    summed = Count(wide=(11 + 20 / 14) / 2, access=4 / 2)
    pairs = neighbors / 2 * halo(radius) * weight
    return total(halo(radius) * apart, pairs, neighbors * summed, Count(arithmetic=3 * DIVISION, access=COLORS))


# A strip of codes is copied into the second cache and out again.
STRIP = Count(access=4)


def median_network():
    """Five rows sorted, and the middle of 25, in bytes: 154 minima and maxima, four samples a pixel."""
    return total(STRIP, Count(arithmetic=(18 + 136) / 2, access=10 + 26))


def median_counts(radius):
    """Codes are tried where medians may still lie. How often is a property of the picture: on the photograph of the
    suite at 3840×2160, 37 times a sample; with their halos and in whole registers 61 columns are counted, and 28 rows of
    columns before. Then columns are summed in runs of 1, 2, 4 and 8, and four runs compared with half of the square."""
    tried, columns, before = 37.2, 61.4, 28.4
    count = total(
        before * Count(arithmetic=3 / 2, access=1),
        columns * Count(arithmetic=(6 + 3) / 2, access=4 + 3 * 3),
        tried * Count(arithmetic=(4 + 12) / 2, access=4 + 2),
    )
    # Alpha is the same everywhere, and nothing is tried.
    return total(STRIP, Count(arithmetic=2, access=2), COLORS / 4 * count)


def extremes(radius):
    """Runs along rows, three times as long at each step; down the columns to the end of a block and from there on."""
    steps = math.ceil(math.log(2 * radius + 1, 3))
    return total(halo(radius) * steps * Count(arithmetic=2 / 2, access=4), Count(arithmetic=3 / 2, access=5))


# Warps

# Positions as cells and fractions; each cache line of the taps once, before they are gathered.
CELLS = Count(wide=2 * 9 + 4 + 4, access=2 * 3 + 3, scalar=0.5)


def positions(effect):
    return Count(wide=price(effect, "source_position"), access=3)


def bilinear_codes():
    """Two pairs of pixels gathered. Two channels share a lane: 4 operations bring taps together, 9 make the weights, 4 a
    pair of channels take taps apart and 8 mix them."""
    gathered = Count(scalar=2 * 5, access=2 * 2)
    return total(CELLS, gathered, Count(wide=4 + 9 + 2 * (4 + 8) + 2.5, access=4 + 2 + 1))


def bicubic_codes():
    """Four pixels gathered in each of four rows. Eight weights, each in as many words as it is multiplied with; a row of
    taps is four lanes: taken apart, and two products and two sums for each of two halves."""
    weights = Count(wide=2 * 24 + 8 * 4, access=2 * 5 + 5 * 4)
    gathered = Count(scalar=4 * 5, access=16 + 16)
    mixed = Count(wide=4 * 4 * 7 + 4 * 2 + 2 * 6, access=4 * 8 + 4 + 1)
    return total(CELLS, weights, gathered, mixed)


def bilinear_words():
    """Two pairs of pixels gathered, of two lanes each; 8 operations bring taps together, each color is taken out of them
    and mixed."""
    gathered = Count(scalar=2 * 5, access=2 * 8)
    return total(CELLS, gathered, Count(wide=8 + COLORS * (4 + 4 + 11), access=8 + 2 + COLORS))


def sticker(width, height, side=800, angle=20):
    """Only the rectangle around the sticker is computed; what lies in it beside the sticker, pixel by pixel."""
    turn = math.radians(angle)
    around = side * (math.cos(turn) + math.sin(turn))
    # Strips are 128 pixels wide.
    rectangle = (around + 128) * around
    part, beside = rectangle / (width * height), 1 - side * side / rectangle
    # Registers of the four floats of a pixel cost as much as whole ones.
    fetched = total(CELLS, 8 * Count(arithmetic=9, access=5), Count(access=4, scalar=8))
    # Whether the taps are inside, asked twice; each of four taps with two borders and its floats; four channels mixed.
    beyond = Count(scalar=2 * 8 + 4 * (2 * 5 + 6 + 4) + 4 * 16)
    drawn = total(positions("sticker"), fetched, beside * beyond, LOAD, composite(price("sticker", "over"), 4), STORE)
    return total(part * drawn, (1 - part) * Count(access=2, scalar=1))


# What sees the whole picture


def box(planes, radius, prologue=None):
    """Running sums in f64. A row enters and a row leaves, both computed anew where they are not stored; sums start again
    every few rows."""
    restart = min(max(math.ceil(int(3 * radius) / 64) * 64, 64), 512)
    starting = (2 * math.ceil(radius) + 1) / restart
    rows = total(prologue, Count(access=2 * planes)) if prologue else Count()
    advance = Count(arithmetic=2 * 9, access=3 + 2 * 2 + 2)
    start = Count(arithmetic=2 * 3, access=1 + 2 * 2)
    along = Count(scalar=10, access=3 * 2 + 1)
    return total((2 + starting) * rows, planes * total(advance, starting * start, along), Count(access=4 - planes))


def domain_transform(iterations):
    """Along rows and down columns, forward and back, of values and weights that no cache holds."""
    values = Count(hidden=4 * (2 * COLORS + 1), arithmetic=2 * (COLORS * 3 + 1), access=2 * (COLORS * 2 + 1))
    turned = Count(arithmetic=2 * 3 * COLORS)
    weights = Count(arithmetic=2 * (8 + EXPONENTIAL) + 3, access=2 * 7 + 2 * (COLORS + 2))
    loaded = total(9 / 8 * total(LOAD, PLANES), weights, Count(hidden=4 * (COLORS + 2)))
    read = Count(hidden=4 * COLORS, access=2 * COLORS + 1)
    return total(loaded, iterations * total(2 * values, turned), read)


LUMA_LEVEL = Count(wide=12, access=4)


def counted(histograms):
    return Count(scalar=4 * histograms)


def looked_up(loads):
    """For each load an index out of a register, its check, and what it points to into another: nine instructions."""
    return Count(scalar=9 * loads)


def resized(taps, part):
    """To a part of both sides, in 16 bits: rows first, then along."""
    rows = part * taps * 4 * Count(wide=3.5 / 2, access=1 / 4)
    along = part * part * Count(arithmetic=8 * (taps / 4 * 2 + 6), access=8 * taps / 4 * 2)
    return total(rows, along)


# Bytes of a pixel that are read and written where `explain` lists none, or those of floats for what runs on codes.
OWN_BYTES = {"histogram": [4, 0], "resize_half": [4, 1]}


def workloads(width, height):
    """The count of each workload on a picture of this size."""
    short = min(width, height)
    vignette = stage(price("vignette", "vignette"))
    detail = composite(price("unsharp_mask", "add_detail"))
    lines = stage(price("toon", "luma_plane"))
    return {
        "look8": total(LOAD, matrix(), pieces(3), stage(2 * COLORS), matrix(), vignette, STORE),
        "gaussian_2": total(fixed_gaussian(2), TOGETHER),
        "gaussian_8": pyramid_of_codes(8, width, height),
        "gaussian_50": pyramid_of_codes(50, width, height),
        "unsharp_2": total(fixed_gaussian(2), TO_FLOATS, LOAD, detail, STORE),
        "bilateral": total(bilateral(2, NEIGHBORS, APART), STORE),
        "median_2": median_network(),
        "median_10": median_counts(10),
        "dilate_4": extremes(4),
        "sobel": total(
            halo(1, 64) * total(LOAD, stage(price("sobel", "luma_plane")), buffer(1)),
            2 / CHUNK * buffer(1),
            Count(wide=price("sobel", "stencil"), access=13),
            STORE_GRAY,
        ),
        "lut3d": total(LOAD, stage(price("lut3d", "lut_stage")), 4 * looked_up(2), STORE),
        "rotate_bilinear": total(positions("affine"), bilinear_codes()),
        "rotate_bicubic": total(positions("affine"), bicubic_codes()),
        "wave": total(positions("wave"), bilinear_codes()),
        "equalize": total(
            total(LOAD, LUMA_LEVEL, counted(1)),
            total(LOAD, stage(price("equalize", "equalize_map")), looked_up(1), STORE),
        ),
        "pencil_sketch": total(
            pyramid(10, total(LOAD, stage(price("pencil_sketch", "luma"))), colors=1),
            # A power of 1 is known to be none.
            total(LOAD, composite(price("pencil_sketch", "dodge") - POWER), STORE),
        ),
        "mixed10": total(
            fixed_gaussian_of(total(LOAD, matrix()), 3),
            total(LOAD, 2 * composite(3 * COLORS), 2 * stage(2 * COLORS), STORE_WORDS),
            total(positions("affine"), bilinear_words(), STORE_WORDS),
            fixed_gaussian_of(total(LOAD_WORDS, matrix()), 2),
            total(LOAD_WORDS, matrix(), detail, vignette, STORE),
        ),
        "clarity": total(
            box(2, 0.03 * short, total(LOAD, stage(price("clarity", "moments")))),
            total(LOAD, composite(price("clarity", "coefficients")), buffer(2)),
            box(2, 0.03 * short),
            total(LOAD, composite(price("clarity", "relief")), STORE),
        ),
        "clahe": total(
            total(LOAD, LUMA_LEVEL, counted(1)),
            total(LOAD, Count(wide=11, access=6), Count(scalar=20), Count(wide=9, access=8), STORE),
        ),
        "domain_transform": total(domain_transform(3), STORE),
        "toon": total(
            total(bilateral(2, DENSER, APART), STORE_WORDS),
            total(bilateral(2, DENSER, total(LOAD_WORDS, PLANES, APART)), STORE_WORDS),
            total(ring_gaussian(radius_of(0.0014 * short), total(LOAD_WORDS, lines), colors=1), buffer(1)),
            pyramid(1.6 * 0.0014 * short, total(LOAD_WORDS, lines), colors=1),
            total(LOAD_WORDS, buffer(1), composite(price("toon", "lines")), composite(price("toon", "drawing")), STORE),
        ),
        "resize_half": resized(12, 1 / 2),
        "sticker": sticker(width, height),
        "histogram": total(LOAD, LUMA_LEVEL, counted(4)),
    }
