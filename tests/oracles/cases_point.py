"""Cases of the effects that look at one pixel: tone, color, lut, vignette, grain."""

from cases import case, seeded
from effects_color import IDENTITY_MATRIX


def sets(effect, count, tier="T1", chart="small_alpha", fixed=None, **ranges):
    """A few drawn parameter sets."""
    for k in range(1, count + 1):
        drawn = seeded(f"{effect} {k} {fixed}", **ranges)
        label = f"set_{k}" if not fixed else "_".join(str(v) for v in fixed.values()) + f"_{k}"
        case(effect, label, {**drawn, **(fixed or {})}, chart, tier)


def tone():
    """Folder 3."""
    case("exposure", "identity", {}, "alpha")
    case("exposure", "plus_one", {"ev": 1.0}, "alpha")
    case("exposure", "hdr", {"ev": -1.7}, "hdr")
    sets("exposure", 2, ev=(-5, 5))

    case("brightness", "identity", {}, "alpha")
    case("brightness", "scale", {"scale": 1.35}, "small_alpha")
    case("brightness", "hdr", {"scale": 0.8, "offset": -0.2}, "hdr")
    case("brightness", "linear", {"scale": 1.2, "offset": 0.03, "space": "linear"}, "small_alpha")
    sets("brightness", 2, scale=(0, 2), offset=(-0.5, 0.5))

    case("contrast", "identity", {"pivot": 0.3}, "alpha")
    case("contrast", "steep", {"amount": 1.8}, "small_alpha")
    case("contrast", "hdr", {"amount": 1.4, "pivot": 0.6}, "hdr")
    case("contrast", "linear", {"amount": 1.3, "pivot": 0.18, "space": "linear"}, "small_alpha")
    sets("contrast", 2, amount=(0, 2), pivot=(0, 1))

    case("gamma", "identity", {}, "alpha")
    case("gamma", "two_point_two", {"gamma": 2.2}, "small_alpha", "T1t")
    case("gamma", "hdr", {"gamma": 0.6}, "hdr", "T1t")
    case("gamma", "linear", {"gamma": 1.5, "space": "linear"}, "small_alpha", "T1t")
    sets("gamma", 2, "T1t", gamma=(0.3, 4))

    case("levels", "identity", {"channel": "g"}, "alpha")
    case("levels", "stretch", {"in_black": 0.1, "in_white": 0.85, "gamma": 1.2}, "small_alpha", "T1t")
    case("levels", "inverting", {"in_black": 0.9, "in_white": 0.2}, "small_alpha", "T1t")
    case("levels", "step", {"in_black": 0.45, "in_white": 0.45, "out_black": 0.1, "out_white": 0.8}, "small_alpha", "T1t")
    case("levels", "hdr", {"in_black": -0.2, "in_white": 1.8, "out_white": 1.5, "gamma": 0.7}, "hdr", "T1t")
    case("levels", "linear", {"in_black": 0.02, "in_white": 0.7, "gamma": 1.4, "space": "linear"}, "small_alpha", "T1t")
    for channel in "rgb":
        case("levels", channel, {"in_black": 0.2, "gamma": 0.8, "out_white": 0.9, "channel": channel}, "small_alpha", "T1t")
    sets("levels", 2, "T1t", in_black=(0, 0.4), in_white=(0.6, 1), out_black=(0, 0.3), out_white=(0.7, 1), gamma=(0.5, 2))

    film = [[0, 0.04], [0.22, 0.15], [0.55, 0.68], [0.8, 0.9], [1, 0.97]]
    dip = [[0.1, 0.3], [0.35, 0.1], [0.4, 0.5], [0.7, 0.5], [0.9, 1.2]]
    case("curves", "identity", {"interpolation": "natural"}, "alpha")
    for kind in ("monotone", "natural", "linear"):
        case("curves", f"{kind}_film", {"rgb": film, "interpolation": kind}, "small_alpha")
        case("curves", f"{kind}_dip", {"rgb": dip, "interpolation": kind}, "small")
    lift = {"r": [[0, 0.1], [1, 0.95]], "g": [[0, 0], [0.5, 0.45], [1, 1]], "b": [[0, 0.2], [0.6, 0.5], [1, 0.8]]}
    case("curves", "channels_then_master", {**lift, "rgb": film}, "alpha")
    case("curves", "one_channel", {"b": [[0, 0], [0.3, 0.5], [1, 1]]}, "small_alpha")
    case("curves", "linear_space", {"rgb": film, "space": "linear"}, "small_alpha")

    for mode in ("luma", "channels"):
        case("equalize", f"{mode}_smooth", {"mode": mode}, "smooth")
        steep = "T1t instead of T1: the flat areas make the equalizing curve steep enough to magnify the last bit"
        case("equalize", f"{mode}_opaque", {"mode": mode}, "opaque", "T1t", note=steep)
        case("equalize", f"{mode}_alpha", {"mode": mode}, "alpha", "T1t", note=steep)


def tint():
    """Folder 4."""
    case("saturation", "identity", {}, "alpha")
    case("saturation", "gray", {"amount": 0}, "small_alpha")
    case("saturation", "hdr", {"amount": 1.5}, "hdr")
    case("saturation", "linear", {"amount": 1.4, "space": "linear"}, "small_alpha")
    sets("saturation", 2, amount=(0, 2))

    case("vibrance", "identity", {}, "alpha")
    case("vibrance", "plus", {"amount": 0.8}, "small_alpha")
    case("vibrance", "hdr", {"amount": -0.5}, "hdr")
    case("vibrance", "linear", {"amount": 0.7, "space": "linear"}, "small_alpha")
    sets("vibrance", 2, amount=(-1, 1))

    case("grayscale", "identity", {"amount": 0, "mode": "value"}, "alpha")
    for mode in ("luma", "luminance", "luma601", "average", "lightness", "value"):
        case("grayscale", mode, {"mode": mode}, "small_alpha")
    case("grayscale", "part", {"amount": 0.35, "mode": "luma601"}, "hdr")
    case("grayscale", "linear", {"amount": 0.8, "space": "linear"}, "small_alpha")
    case("grayscale", "linear_lightness", {"mode": "lightness", "space": "linear"}, "small_alpha")

    case("invert", "identity", {"amount": 0}, "alpha")
    case("invert", "default", {}, "small_alpha")
    case("invert", "hdr", {"amount": 0.7}, "hdr")
    case("invert", "linear", {"space": "linear"}, "small_alpha")
    sets("invert", 2, amount=(0, 1))

    case("sepia", "identity", {"amount": 0}, "alpha")
    case("sepia", "default", {}, "small_alpha")
    case("sepia", "hdr", {"amount": 0.6}, "hdr")
    case("sepia", "linear", {"amount": 0.9, "space": "linear"}, "small_alpha")
    sets("sepia", 2, amount=(0, 1))

    case("threshold", "default", {}, "alpha", "T2d")
    case("threshold", "fixed", {"level": 0.3}, "opaque", "T2d")
    case("threshold", "code_128", {"level": 0.501960813999176}, "small_alpha", "T2d", note="the level is 128/255: code 128 is white")
    case("threshold", "soft", {"level": 0.45, "softness": 0.4}, "small_alpha", "T2d")
    case("threshold", "linear", {"level": 0.2, "space": "linear"}, "small_alpha", "T2d")
    case("threshold", "otsu_opaque", {"method": "otsu"}, "opaque", "T2d")
    case("threshold", "otsu_alpha", {"method": "otsu"}, "alpha", "T2d")
    case("threshold", "otsu_linear", {"method": "otsu", "space": "linear"}, "small_alpha", "T2d")

    case("posterize", "default", {}, "alpha", "T2d")
    for levels in (2, 3, 7, 16):
        case("posterize", f"levels_{levels}", {"levels": levels}, "small_alpha", "T2d")
    case("posterize", "levels_256", {"levels": 256}, "small", "T2d", note="8-bit codes keep their value")
    case("posterize", "linear", {"levels": 6, "space": "linear"}, "small_alpha", "T2d")

    case("channel_mixer", "identity", {}, "alpha")
    swap = [0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0]
    mixed = [0.9, 0.2, -0.1, 0, 0.02, 0.1, 0.8, 0.15, 0, -0.03, -0.2, 0.3, 0.85, 0, 0.05, 0, 0, 0, 1, 0]
    matte = IDENTITY_MATRIX[:15] + [0.5, 0.3, 0.1, 0.4, -0.1]
    case("channel_mixer", "swap", {"matrix": swap}, "small_alpha")
    case("channel_mixer", "mixed", {"matrix": mixed}, "small_alpha")
    case("channel_mixer", "hdr", {"matrix": mixed}, "hdr")
    case("channel_mixer", "alpha_from_color", {"matrix": matte}, "small", note="the alpha row is not the identity")
    case("channel_mixer", "linear", {"matrix": mixed, "space": "linear"}, "small_alpha")

    case("hue_rotate", "identity", {"mode": "oklch"}, "alpha")
    case("hue_rotate", "matrix_60", {"angle": 60}, "small_alpha")
    case("hue_rotate", "matrix_hdr", {"angle": -135}, "hdr")
    case("hue_rotate", "matrix_linear", {"angle": 200, "space": "linear"}, "small_alpha")
    case("hue_rotate", "oklch_90", {"angle": 90, "mode": "oklch"}, "small_alpha", "T1t")
    sets("hue_rotate", 2, "T1", fixed={"mode": "matrix"}, angle=(-180, 180))
    sets("hue_rotate", 2, "T1t", fixed={"mode": "oklch"}, angle=(-180, 180))

    case("temperature", "identity", {}, "alpha")
    case("temperature", "warm", {"kelvin": 8000, "tint": 1}, "small_alpha")
    case("temperature", "cool", {"kelvin": 5000}, "small_alpha")
    case("temperature", "tungsten", {"kelvin": 3000, "tint": -0.3}, "small_alpha", note="the range below 4000 K")
    case("temperature", "candle", {"kelvin": 2000}, "small_alpha", note="the range below 2222 K")
    case("temperature", "hdr", {"kelvin": 7300, "tint": 0.2}, "hdr")
    sets("temperature", 2, kelvin=(3000, 12000), tint=(-1, 1))


def lut():
    """Folder 5."""
    for kind in ("tetrahedral", "trilinear"):
        for file, chart in (("bend5", "small_alpha"), ("wide4", "hdr"), ("shaper17_3", "small_alpha")):
            texts = {file: f"luts/{file}.cube"}
            case("lut3d", f"{file}_{kind}", {"file": file, "interpolation": kind}, chart, texts=texts)
    case("lut3d", "default", {"file": "bend5"}, "alpha", texts={"bend5": "luts/bend5.cube"})
    case("lut3d", "shaper_hdr", {"file": "shaper17_3"}, "hdr", texts={"shaper17_3": "luts/shaper17_3.cube"})
    case("lut3d", "linear", {"file": "bend5", "space": "linear"}, "small_alpha", texts={"bend5": "luts/bend5.cube"})


def light():
    """Folders 14 and 15."""
    case("vignette", "identity", {"amount": 0, "law": "cos4"}, "alpha")
    case("vignette", "default", {}, "alpha", "T1t")
    case("vignette", "cos4", {"law": "cos4", "amount": 1, "fov": 90}, "small_alpha", "T1t")
    case("vignette", "circle", {"shape": "circle", "start": 0.2, "softness": 0.5}, "small_alpha", "T1t")
    case("vignette", "brighten", {"amount": -0.8, "center": [0.3, 0.7]}, "small_alpha", "T1t")
    case("vignette", "colored", {"amount": 0.9, "color": "#8040c0"}, "small_alpha", "T1t")
    case("vignette", "display", {"amount": 0.7, "color": "#204060", "space": "display"}, "small_alpha", "T1t")
    sets("vignette", 2, "T1t", amount=(-1, 1), start=(0, 0.8), softness=(0.2, 1.5), shape=["ellipse", "circle"])
    sets("vignette", 1, "T1t", fixed={"law": "cos4"}, amount=(0.1, 1), fov=(10, 120), shape=["ellipse", "circle"])

    case("grain", "identity", {"amount": 0}, "alpha")
    case("grain", "default", {}, "alpha")
    case("grain", "color", {"monochrome": False, "seed": 4294967295}, "small_alpha")
    case("grain", "still", {"animate": False, "amount": 0.4, "midtones": 0}, "small")
    case("grain", "two_px", {"size": "2px", "amount": 0.3, "midtones": 1}, "small_alpha")
    case("grain", "fraction", {"size": 0.1, "amount": 0.1, "monochrome": False, "seed": 21}, "small_alpha")
    case("grain", "half_steps", {"size": "2.5px", "seed": 0}, "small_alpha")


def add():
    """All of them."""
    tone()
    tint()
    lut()
    light()
