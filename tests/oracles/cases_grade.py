"""Cases of the point effects that grade: ends and curves, tints, tone mapping, tables, corrections from the picture."""

from cases import case
from cases_point import sets


def ends_and_curves():
    """Folders 3 and 4: solarize, sigmoid_contrast, whites_blacks."""
    case("solarize", "default", {}, "small_alpha", "T2d")
    case("solarize", "code_128", {"threshold": 0.501960813999176}, "small", "T2d", note="the threshold is 128/255: code 128 is inverted")
    case("solarize", "low", {"threshold": 0.2}, "tall_alpha", "T2d")
    case("solarize", "hdr", {"threshold": 0.7}, "hdr", "T2d")
    case("solarize", "linear", {"threshold": 0.3, "space": "linear"}, "small_alpha", "T2d")

    case("sigmoid_contrast", "identity", {"midpoint": 0.3}, "alpha")
    case("sigmoid_contrast", "plus", {"contrast": 5}, "small_alpha", "T1t")
    case("sigmoid_contrast", "minus", {"contrast": -4, "midpoint": 0.4}, "small_alpha", "T1t")
    case("sigmoid_contrast", "steep", {"contrast": 10, "midpoint": 0.6}, "small", "T1t", gain=2.5)
    case("sigmoid_contrast", "hdr", {"contrast": 3, "midpoint": 0.4}, "hdr", "T1t", note="values are clamped first")
    case("sigmoid_contrast", "linear", {"contrast": 2.5, "midpoint": 0.2, "space": "linear"}, "small_alpha", "T1t")
    sets("sigmoid_contrast", 2, "T1t", contrast=(-6, 8), midpoint=(0.1, 0.9))

    case("whites_blacks", "identity", {}, "alpha")
    case("whites_blacks", "wider", {"whites": 0.8, "blacks": -0.6}, "small_alpha")
    case("whites_blacks", "narrower", {"whites": -1, "blacks": 1}, "small_alpha")
    case("whites_blacks", "hdr", {"whites": 0.3, "blacks": 0.4}, "hdr")
    case("whites_blacks", "linear", {"whites": -0.2, "blacks": -0.1, "space": "linear"}, "small_alpha")
    sets("whites_blacks", 2, whites=(-1, 1), blacks=(-1, 1))


def tints():
    """Folder 4: duotone, black_white, split_tone, hue_bands."""
    case("duotone", "default", {}, "small_alpha")
    case("duotone", "colors", {"dark": "#204060", "light": "#f0e04080"}, "small_alpha", note="the alpha of a color is ignored")
    case("duotone", "hdr", {"dark": "#ffffff", "light": "#300010"}, "hdr")
    case("duotone", "linear", {"space": "linear"}, "small_alpha")

    bands = {"red": -0.5, "yellow": 1.2, "green": 0.9, "cyan": 0.1, "blue": 1.5, "magenta": -0.8}
    case("black_white", "default", {}, "small_alpha")
    case("black_white", "bands", bands, "small_alpha")
    case("black_white", "hdr", {"blue": 0.7, "red": 0.1}, "hdr")
    case("black_white", "weights", {"mode": "weights", "weights": [0.7, 0.5, -0.2]}, "small_alpha")
    case("black_white", "weights_default", {"mode": "weights"}, "small")
    case("black_white", "linear", {**bands, "space": "linear"}, "small_alpha")

    case("split_tone", "identity", {"shadow_hue": 10, "balance": 0.5}, "alpha")
    case("split_tone", "default_hues", {"shadow_amount": 0.5, "highlight_amount": 0.25}, "small_alpha")
    case("split_tone", "balance", {"shadow_amount": 1, "highlight_amount": -0.7, "balance": -0.6, "shadow_hue": 310}, "small_alpha")
    case("split_tone", "hdr", {"shadow_amount": 0.4, "highlight_amount": 1.5, "highlight_hue": 95}, "hdr")
    case("split_tone", "linear", {"shadow_amount": 0.6, "highlight_amount": 0.6, "space": "linear"}, "small_alpha")
    sets("split_tone", 1, shadow_hue=(0, 360), highlight_hue=(0, 360), shadow_amount=(0, 1), highlight_amount=(0, 1), balance=(-1, 1))

    case("hue_bands", "identity", {}, "alpha")
    case("hue_bands", "red", {"red": [0.5, 0.4, -0.3]}, "small_alpha", "T1t", note="red lies at both ends of the circle")
    case("hue_bands", "shifts", {"orange": [1, 0, 0], "green": [-0.8, 0, 0], "magenta": [0.6, 0, 0]}, "small_alpha", "T1t")
    muted = {"yellow": [0, -1, 0.2], "aqua": [0, 0.9, -0.6], "blue": [0, -0.5, 1], "purple": [0, 1, -1]}
    case("hue_bands", "saturation_lightness", muted, "small_alpha", "T1t")
    case("hue_bands", "smooth", {**muted, "red": [0.2, -0.3, 0.4], "green": [0.3, 0.3, 0.3]}, "smooth", "T1t")


def grades():
    """Folder 4: lift_gamma_gain, cdl."""
    case("lift_gamma_gain", "identity", {"lift": [0, 0, 0], "gamma": 1}, "alpha")
    case("lift_gamma_gain", "one_number", {"lift": 0.05, "gamma": 1.3, "gain": 0.9}, "small_alpha", "T1t")
    each = {"lift": [0.1, 0.02, 0.06], "gamma": [0.8, 1.1, 1.6], "gain": [1.2, 0.9, 1]}
    case("lift_gamma_gain", "channels", each, "small_alpha", "T1t")
    case("lift_gamma_gain", "negative_lift", {"lift": -0.1, "gamma": [0.5, 0.7, 1]}, "small_alpha", "T1t", note="below 0 becomes 0")
    case("lift_gamma_gain", "hdr", {"lift": 0.03, "gamma": 0.9, "gain": [1.1, 1, 0.7]}, "hdr", "T1t")
    case("lift_gamma_gain", "linear", {**each, "space": "linear"}, "small_alpha", "T1t")

    case("cdl", "identity", {}, "alpha")
    printed = {"slope": [1.1, 1, 0.9], "offset": [0.02, 0, -0.01], "power": [0.9, 1, 1.2], "saturation": 1.3}
    case("cdl", "asc", printed, "small_alpha", "T1t")
    case("cdl", "no_clamp", {**printed, "style": "no_clamp"}, "small_alpha", "T1t")
    case("cdl", "asc_hdr", {"slope": 0.8, "offset": [0.1, -0.05, 0], "saturation": 1.6}, "hdr", "T1t")
    case("cdl", "no_clamp_hdr", {**printed, "style": "no_clamp", "saturation": 0.5}, "hdr", "T1t", note="negatives keep off the power")
    case("cdl", "linear", {**printed, "space": "linear"}, "small_alpha", "T1t")


def tonemaps():
    """Folder 3: linear light in and out."""
    case("tonemap_reinhard", "default", {}, "small_alpha", "T1t")
    case("tonemap_reinhard", "hdr", {"ev": 1.5, "white": 2.5}, "hdr", "T1t", note="negative color becomes 0")
    case("tonemap_reinhard", "no_white", {"white": 0, "ev": 2}, "hdr", "T1t")
    case("tonemap_reinhard", "auto", {"auto": True}, "small_alpha", "T1t", note="the mean is over alpha of at least one half")
    case("tonemap_reinhard", "auto_hdr", {"auto": True, "key": 0.4, "ev": -0.5, "white": 3}, "hdr", "T1t")
    case("tonemap_reinhard", "auto_opaque", {"auto": True, "key": 0.09}, "small", "T1t")

    for name in ("hable", "aces"):
        case(f"tonemap_{name}", "default", {}, "small_alpha")
        case(f"tonemap_{name}", "hdr", {"ev": 2.5}, "hdr")
        case(f"tonemap_{name}", "dark", {"ev": -2.2}, "hdr")
    case("tonemap_hable", "white", {"ev": 0, "white": 4}, "hdr")
    case("tonemap_aces", "hill", {"fit": "hill"}, "small_alpha")
    case("tonemap_aces", "hill_hdr", {"fit": "hill", "ev": 1.3}, "hdr")


def tables():
    """Folder 5: lut1d, gradient_map."""
    for file, chart in (("film12", "small_alpha"), ("film12", "hdr"), ("shaper17", "hdr")):
        case("lut1d", f"{file}_{chart}", {"file": file}, chart, texts={file: f"luts/{file}.cube"})
    case("lut1d", "linear", {"file": "film12", "space": "linear"}, "small_alpha", texts={"film12": "luts/film12.cube"})

    night = [
        {"at": 0.1, "color": "#101830"}, {"at": 0.45, "color": "#c02050"}, {"at": 0.8, "color": "#ffd080"},
    ]  # fmt: skip
    clear = [{"at": 0, "color": "#20408000"}, {"at": 0.6, "color": "#e0a020c0"}, {"at": 1, "color": "#ffffff40"}]
    hard = [
        {"at": 0, "color": "#003060"}, {"at": 0.37, "color": "#3080a0"}, {"at": 0.37, "color": "#00ff00"},
        {"at": 0.37, "color": "#f0c000"}, {"at": 1, "color": "#fff0e0"},
    ]  # fmt: skip
    case("gradient_map", "default", {}, "small_alpha")
    for mix in ("display", "linear", "oklab"):
        case("gradient_map", mix, {"stops": night, "mix": mix}, "small_alpha", "T1" if mix == "display" else "T1t")
        case("gradient_map", f"{mix}_alpha", {"stops": clear, "mix": mix}, "small_alpha", "T1" if mix == "display" else "T1t")
    case("gradient_map", "hard_stop", {"stops": hard}, "small", note="the last of the stops at one position wins")
    case("gradient_map", "hard_stop_linear", {"stops": hard, "mix": "linear"}, "small_alpha", "T1t")
    case("gradient_map", "hdr", {"stops": night}, "hdr")
    case("gradient_map", "linear_space", {"stops": night, "space": "linear"}, "small_alpha", "T1t")


def measured():
    """Folders 3 and 4: what is measured from the picture."""
    for mode in ("luma", "channels"):
        case("auto_levels", f"{mode}_default", {"mode": mode}, "small_alpha")
        case("auto_levels", f"{mode}_smooth", {"mode": mode, "clip": 0.0304}, "smooth")
        case("auto_levels", f"{mode}_clip", {"mode": mode, "clip": 0.121}, "tall_alpha")
    case("auto_levels", "no_clip", {"clip": 0}, "slope")

    case("auto_gamma", "identity", {"amount": 0, "target": 0.3}, "alpha")
    case("auto_gamma", "default", {}, "small_alpha", "T1t")
    case("auto_gamma", "bright", {"target": 0.7}, "smooth", "T1t")
    case("auto_gamma", "part", {"target": 0.25, "amount": 0.6}, "tall_alpha", "T1t")
    case("auto_gamma", "limited", {"target": 0.95, "amount": 1.5}, "small", "T1t", note="the exponent is limited to 0.4 before the amount")

    case("auto_white", "identity", {"amount": 0}, "alpha")
    case("auto_white", "default", {}, "small_alpha", "T1t")
    case("auto_white", "part", {"amount": 0.4}, "tall_alpha", "T1t")
    case("auto_white", "more", {"amount": 2}, "smooth", "T1t")
    case("auto_white", "opaque", {}, "small", "T1t")


def add():
    """All of them."""
    ends_and_curves()
    tints()
    grades()
    tonemaps()
    tables()
    measured()
