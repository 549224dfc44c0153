"""Folder 5, lut: reading a .cube file and applying it (lut1d, lut3d), and gradient_map."""

import numpy as np

import color
import margins
from params import f32
from registry import effect


def read_cube(text):
    """Parse the part of Cube LUT 1.0 that the data files use (.cube reading)."""
    cube = {"size1": 0, "size3": 0, "range1": None, "range3": None}
    domain = {"DOMAIN_MIN": [0.0] * 3, "DOMAIN_MAX": [1.0] * 3}
    rows = []
    for line in text.splitlines():
        words = line.split("#")[0].split()
        if not words or words[0] == "TITLE":
            continue
        if words[0] == "LUT_1D_SIZE":
            cube["size1"] = int(words[1])
        elif words[0] == "LUT_3D_SIZE":
            cube["size3"] = int(words[1])
        elif words[0] == "LUT_1D_INPUT_RANGE":
            cube["range1"] = [float(v) for v in words[1:3]]
        elif words[0] == "LUT_3D_INPUT_RANGE":
            cube["range3"] = [float(v) for v in words[1:3]]
        elif words[0] in domain:
            domain[words[0]] = [float(v) for v in words[1:4]]
        else:
            rows.append([float(v) for v in words[:3]])
    rows = np.array(rows).astype(np.float32).astype(np.float64)
    n1, n3 = cube["size1"], cube["size3"]
    if len(rows) != n1 + n3**3:
        raise ValueError("wrong number of rows")

    def limits(pair):
        low, high = (domain["DOMAIN_MIN"], domain["DOMAIN_MAX"]) if pair is None else ([pair[0]] * 3, [pair[1]] * 3)
        return tuple(np.array(v).astype(np.float32).astype(np.float64) for v in (low, high))

    table1 = (rows[:n1], *limits(cube["range1"])) if n1 else None
    lattice = rows[n1:].reshape(n3, n3, n3, 3)  # blue slowest, red fastest
    return table1, (lattice.transpose(2, 1, 0, 3), *limits(cube["range3"]))


def _index(c, low, high, n):
    v = np.clip((c - low) / (high - low), 0.0, 1.0) * (n - 1)
    i = np.minimum(np.floor(v).astype(int), n - 2)
    return i, v - i


def apply_1d(rgb, table, low, high):
    """Per channel linear look-up (lut1d)."""
    i, f = _index(rgb, low, high, len(table))
    k = np.arange(3)
    return table[i, k] + f * (table[i + 1, k] - table[i, k])


def trilinear(rgb, lattice, low, high):
    """Eight corners: red, then green, then blue (lut3d)."""
    i, f = _index(rgb, low, high, len(lattice))
    r, g, b = i[..., 0], i[..., 1], i[..., 2]
    fr, fg, fb = f[..., 0:1], f[..., 1:2], f[..., 2:3]

    def along_red(dg, db):
        a, z = lattice[r, g + dg, b + db], lattice[r + 1, g + dg, b + db]
        return a + fr * (z - a)

    def along_green(db):
        a, z = along_red(0, db), along_red(1, db)
        return a + fg * (z - a)

    a, z = along_green(0), along_green(1)
    return a + fb * (z - a)


def tetrahedral(rgb, lattice, low, high):
    """Walk the axes by falling fraction, ties in the order r, g, b (lut3d)."""
    i, f = _index(rgb, low, high, len(lattice))
    order = np.argsort(-f, axis=-1, kind="stable")
    corner = i.copy()
    previous = lattice[corner[..., 0], corner[..., 1], corner[..., 2]]
    out = previous.copy()
    for step in range(3):
        axis = order[..., step : step + 1]
        np.put_along_axis(corner, axis, np.take_along_axis(corner, axis, -1) + 1, -1)
        value = lattice[corner[..., 0], corner[..., 1], corner[..., 2]]
        out += np.take_along_axis(f, axis, -1) * (value - previous)
        previous = value
    return out


@effect("lut3d", "D", {"file": None, "interpolation": "tetrahedral"}, switchable=True)
def lut3d(img, p, cx):
    """Shaper, then the cube (lut3d)."""
    shaper, cube = read_cube(cx.text(p["file"]))
    rgb = img[..., :3]
    if shaper is not None:
        rgb = apply_1d(rgb, *shaper)
    method = {"tetrahedral": tetrahedral, "trilinear": trilinear}[p["interpolation"]]
    return color.with_alpha(method(rgb, *cube), img[..., 3])


@effect("lut1d", "D", {"file": None}, switchable=True)
def lut1d(img, p, cx):
    """Each channel through its column of the table (lut1d)."""
    table, _ = read_cube(cx.text(p["file"]))
    return color.with_alpha(apply_1d(img[..., :3], *table), img[..., 3])


def _to_mix(rgb, mix):
    """Display values in the mix space (gradient_map)."""
    if mix == "display":
        return rgb
    return color.dec(rgb) if mix == "linear" else color.to_oklab(color.dec(rgb))


def _from_mix(value, mix, linear):
    """Values of the mix space as display or linear RGB (gradient_map)."""
    if mix == "display":
        return color.dec(value) if linear else value
    rgb = value if mix == "linear" else color.from_oklab(value)
    return rgb if linear else color.enc(rgb)


def stop_colors(stops, mix):
    """Premultiplied colors of the stops in the mix space (gradient_map)."""
    rows = []
    for stop in stops:
        digits = stop["color"].removeprefix("#")
        channels = [int(digits[i : i + 2], 16) / 255.0 for i in range(0, len(digits), 2)]
        alpha = (channels + [1.0])[3]
        rows.append([*(alpha * _to_mix(np.array(channels[:3]), mix)), alpha])
    return np.array(rows)


def gradient(t, stops, mix):
    """Premultiplied color at t; at a shared position the last stop wins (gradient_map)."""
    at, colors = np.array([f32(stop["at"]) for stop in stops]), stop_colors(stops, mix)
    for k in np.flatnonzero(np.diff(at) == 0):
        margins.watch("gradient jump", np.abs(t - at[k]))
    k = np.searchsorted(at, t, side="right") - 1
    low, high = np.clip(k, 0, len(at) - 1), np.clip(k + 1, 0, len(at) - 1)
    gap = at[high] - at[low]
    f = np.where((k >= 0) & (gap > 0), (t - at[low]) / np.where(gap > 0, gap, 1.0), 0.0)[..., None]
    return colors[low] + f * (colors[high] - colors[low])


GRADIENT = {"stops": [{"at": 0, "color": "#000000"}, {"at": 1, "color": "#ffffff"}], "mix": "display"}


@effect("gradient_map", "D", GRADIENT, switchable=True)
def gradient_map(img, p, cx):
    """The gradient's color at the clamped luma; alphas multiply (gradient_map)."""
    t = np.clip(color.luma(img), 0.0, 1.0)
    straight = color.unpremultiply(gradient(t, p["stops"], p["mix"]))
    rgb = _from_mix(straight[..., :3], p["mix"], color.is_linear(cx.domain))
    return color.with_alpha(rgb, img[..., 3] * straight[..., 3])
