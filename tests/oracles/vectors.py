"""The test vectors of section 29 for the effects here, each recomputed and compared with the printed value."""

import json

import numpy as np

import color
import effects_color
import effects_composite
import effects_spatial
import kernels
import noise
import registry
from params import Params


def _point(name, rgb, **fields):
    """One pixel through an effect of a straight domain."""
    entry = registry.EFFECTS[name]
    p = Params(entry.defaults, {"effect": name, **fields}, 1, 1)

    class Display:
        domain = "D"

    return entry.body(np.array([[[*rgb, 1.0]]]), p, Display)[0, 0, :3]


def _hex(words):
    return [f"{int(w):08x}" for w in words]


def integers():
    """Hashes: exact, as hexadecimal words."""
    rows = []

    def add(function, arguments, words, printed):
        got = _hex(np.atleast_1d(words))
        assert got == printed.split(), (function, arguments, got, printed)
        rows.append({"function": function, "input": arguments, "words": got})

    add("pcg", [0], noise.pcg(0), "07bb2fe2")
    add("pcg", [1], noise.pcg(1), "a8beea3c")
    add("pcg", [0xFFFFFFFF], noise.pcg(0xFFFFFFFF), "e62a4902")
    add("pcg3d", [0, 0, 0], noise.pcg3d(0, 0, 0), "9bafd7c6 a8e88a6b 3f15482c")
    add("pcg3d", [1, 2, 3], noise.pcg3d(1, 2, 3), "fa9f79a6 48f2f44c 596f5ab1")
    add("pcg3d", [0xFFFFFFFF, 0, 1], noise.pcg3d(0xFFFFFFFF, 0, 1), "25580a20 83deaf7a ea54b105")
    add("key", [0, 0, 0], noise.key(0, 0, 0), "7fddb461")
    add("key", [7, 0, 0], noise.key(7, 0, 0), "34b07730")
    add("key", [7, 1, 0], noise.key(7, 1, 0), "35e38d3f")
    add("key", [7, 0, 1], noise.key(7, 0, 1), "d862869a")
    add("rnd", [10, 20, 7, 0, 1], noise.rnd(10, 20, 7, 0, 1), "8e56c2a7 62961314 e24f0192")
    for point in ((0, 0), (1, 0), (100, 57)):
        value = noise.gauss(noise.rnd(*point, 7, 0, 0x6772))
        bits = np.array([value], np.float32).view(np.uint32)
        rows.append({"function": "gauss bits", "input": [*point, 7, 0, 0x6772], "words": _hex(bits)})
    add("rnd", [-1, -5, 7, 3, 1], noise.rnd(-1, -5, 7, 3, 1), "9ab4cfd3 c0bfa36e 63d121ea")
    return rows


def numbers():
    """Everything else: the f64 value and the printed one, which agree to half a unit of the last printed digit.

    Section 29 prints gauss as an f64 product; its definition is one f32 multiplication, so there an ulp is added.
    """
    rows = []

    def add(function, arguments, value, printed):
        value, words = np.ravel(np.asarray(value, np.float64)), printed.replace("\u2212", "-").split()
        digits = [len(w.split(".")[1]) if "." in w else 0 for w in words]
        for got, word, places in zip(value, words, digits, strict=True):
            f32_ulp = float(np.spacing(np.float32(abs(got)))) if "grain n" in function or function == "gauss" else 0.0
            assert abs(got - float(word)) <= 0.51 * 10.0**-places + f32_ulp, (function, arguments, value, printed)
        rows.append({"function": function, "input": arguments, "value": value.tolist(), "printed": [float(w) for w in words]})

    words = noise.rnd(10, 20, 7, 0, 1)
    add("u01", [10, 20, 7, 0, 1], [noise.u01(w) for w in words], "0.5560113191604614 0.38510245084762573 0.8840180039405823")
    add("byte_sum", [10, 20, 7, 0, 1], noise.byte_sum(words), "1328")
    add("gauss", [10, 20, 7, 0, 1], noise.gauss(words), "-0.7890685")
    for point, total, n in (((0, 0), "1302", "-0.8906318"), ((1, 0), "1756", "0.8828192"), ((100, 57), "2256", "2.8359591")):
        add("grain byte_sum, seed 7, frame 0", point, noise.byte_sum(noise.rnd(*point, 7, 0, 0x6772)), total)
        x, y = (np.array([float(v)]) for v in point)
        add("grain n at 1 px, seed 7, frame 0", point, effects_color.grain_field(x, y, 1.0, 7, 0, 0x6772), n)

    for name, v, printed in (
        ("10/255", 10 / 255, "0.0030352698"), ("11/255", 11 / 255, "0.0033465358"), ("128/255", 128 / 255, "0.2158605001"),
        ("1.5", 1.5, "2.5371552394"), ("-0.5", -0.5, "-0.2140411405"),
    ):  # fmt: skip
        add("dec", name, color.dec(v), printed)
    for v, printed in ((0.001, "0.01292"), (0.18, "0.4613561295"), (2.0, "1.3532560461")):
        add("enc", v, color.enc(v), printed)
    for name, rgb, printed in (
        ("linear red", [1.0, 0, 0], "0.62795536 0.22486306 0.12584630"),
        ("linear green", [0, 1.0, 0], "0.86643961 -0.23388757 0.17949848"),
        ("linear blue", [0, 0, 1.0], "0.45201372 -0.03245698 -0.31152815"),
    ):
        add("oklab", rgb, color.to_oklab(np.array(rgb)), printed)
    add("gauss_weights sigma 1, w0..w4", [1.0], kernels.gauss_weights(1.0)[4:], "0.398943469 0.241971446 0.053991127 0.004431862 0.000133831")

    warm = "1.082940 0.151397 0.009992 -0.007467 0.944151 0.000387 -0.003039 -0.006088 0.912721"
    cool = "0.936892 -0.089703 -0.016327 0.004251 1.017976 -0.006036 0.007585 0.027354 1.303015"
    add("temperature matrix", [5000, 0], effects_color.temperature_matrix(5000.0, 0.0), cool)
    add("temperature matrix", [8000, 1], effects_color.temperature_matrix(8000.0, 1.0), warm)
    add("hue_rotate matrix 60", [0.6, 0.4, 0.3], _point("hue_rotate", (0.6, 0.4, 0.3), angle=60), "0.400477 0.466927 0.225016")
    add("saturation 1.5", [0.6, 0.4, 0.3], _point("saturation", (0.6, 0.4, 0.3), amount=1.5), "0.682350 0.382350 0.232350")
    add("vibrance 0.5", [0.6, 0.4, 0.3], _point("vibrance", (0.6, 0.4, 0.3), amount=0.5), "0.657645 0.387645 0.252645")

    pairs = np.array([0.2, 0.6, 0.8]), np.array([0.6, 0.2, 0.9])
    for mode, printed in (
        ("multiply", "0.12 0.12 0.72"), ("screen", "0.68 0.68 0.98"), ("overlay", "0.24 0.36 0.96"), ("color_dodge", "0.5 0.75 1"),
        ("color_burn", "0 0 0.7777778"), ("hard_light", "0.36 0.24 0.96"), ("soft_light", "0.2496 0.456 0.8755418"),
        ("exclusion", "0.56 0.56 0.26"),
    ):  # fmt: skip
        add(f"blend {mode}", [[0.2, 0.6], [0.6, 0.2], [0.8, 0.9]], effects_composite.blend_function(mode, *pairs), printed)
    cb, cs = np.array([0.2, 0.5, 0.8]), np.array([0.9, 0.3, 0.1])
    for mode, printed in (
        ("hue", "0.7745 0.3245 0.1745"), ("saturation", "0.119 0.519 0.919"),
        ("color", "0.885 0.285 0.085"), ("luminosity", "0.215 0.515 0.815"),
    ):  # fmt: skip
        add(f"blend {mode}", [cb.tolist(), cs.tolist()], effects_composite.blend_function(mode, cb, cs), printed)
    return rows


def extra():
    """Values that section 29 does not print but a first implementation wants: weights, tables, gradients."""
    step = np.zeros((3, 4))
    step[:, 2:] = 1.0
    gx, _ = effects_spatial.sobel_gradient(step)
    return [
        {"function": "gauss_taps (f32) sigma 0.8, w0..w4", "input": [0.8], "value": kernels.gauss_taps(0.8)[4:].tolist()},
        {"function": "box_taps radius 2.25, left to right", "input": [2.25], "value": kernels.box_taps(2.25).tolist()},
        {"function": "sobel Gx beside a unit step", "input": step.tolist(), "value": gx[1].tolist()},
        {"function": "hue_rotate matrix, rows", "input": [30], "value": effects_color.hue_matrix(30.0).ravel().tolist()},
        {"function": "temperature matrix", "input": [2000, 0], "value": effects_color.temperature_matrix(2000.0, 0.0).ravel().tolist()},
    ]


def document():
    """vectors.json"""
    rows = [("words", integers()), ("values", numbers()), ("more", extra())]
    body = ",\n".join(f'"{name}":[\n' + ",\n".join(json.dumps(r) for r in part) + "\n]" for name, part in rows)
    return "{" + body + "}\n"


def differences(old, new):
    """The two documents agree when words are equal and values within 1e-7."""
    a, b = json.loads(old), json.loads(new)
    if a["words"] != b["words"] or any(len(a[k]) != len(b[k]) for k in ("values", "more")):
        return ["differs: vectors.json"]
    for x, y in zip(a["values"] + a["more"], b["values"] + b["more"]):
        if x["function"] != y["function"] or not np.allclose(x["value"], y["value"], rtol=1e-7, atol=1e-7):
            return [f"differs: vectors.json, {x['function']}"]
    return []
