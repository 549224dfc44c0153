"""Cases of the effects that look around or bring in something: warps, blurs, edges, composites, masks, recipes."""

from cases import case, seeded, whole
from effects_composite import MODES

EDGES = ("clamp", "reflect", "wrap", "transparent")


def warps():
    """Folders 11 and 12."""
    case("swirl", "identity", {"angle": 0}, "alpha")
    case("swirl", "default_smooth", {}, "smooth", "T1w")
    case("swirl", "default_edge", {}, "edge", "T1w")
    case("swirl", "exponential_smooth", {"falloff": "exponential", "angle": -90, "radius": 0.6}, "smooth", "T1w")
    case("swirl", "exponential_alpha", {"falloff": "exponential", "angle": 200}, "alpha", "T1w")
    for edge in EDGES:
        params = {"edge": edge, "center": [0.15, 0.8], "radius": 0.9, "angle": 150}
        case("swirl", f"edge_{edge}", params, "small_alpha", "T1w")
    case("swirl", "nearest", {"sampling": "nearest", "angle": 77, "radius": "13px"}, "edge", "T1w")
    case("swirl", "bicubic", {"sampling": "bicubic", "angle": 60, "radius": 0.5}, "smooth", "T1w")
    case("swirl", "bicubic_alpha", {"sampling": "bicubic", "angle": 45}, "small_alpha", "T1w")
    case("swirl", "supersample", {"supersample": 2, "angle": 240}, "edge", "T1w")
    case("swirl", "display", {"space": "display", "radius": 0.7, "angle": -200}, "small_alpha", "T1w")

    case("affine", "identity", {"center": [0.2, 0.9], "fit": "cover"}, "alpha")
    case("affine", "turn_smooth", {"angle": 17}, "smooth", "T1w")
    case("affine", "turn_edge", {"angle": -33}, "edge", "T1w")
    case("affine", "cover", {"angle": 8, "fit": "cover"}, "smooth", "T1w")
    case("affine", "scale", {"scale": [1.3, 0.7], "center": [0.3, 0.6]}, "smooth", "T1w")
    case("affine", "shear", {"shear": [12, -7]}, "smooth", "T1w")
    everything = {"angle": 23, "scale": [0.8, 1.15], "shear": [6, 9], "translate": [0.07, -0.11], "center": [0.4, 0.45]}
    case("affine", "order_of_all", everything, "smooth", "T1w")
    case("affine", "order_of_all_alpha", everything, "alpha", "T1w")
    for edge in EDGES:
        params = {"angle": 31, "scale": [0.55, 0.6], "edge": edge}
        case("affine", f"edge_{edge}", params, "small_alpha", "T1w")
    case("affine", "nearest", {"angle": 13, "sampling": "nearest", "scale": [1.21, 1.37]}, "edge", "T1w")
    case("affine", "bicubic", {"angle": -9, "sampling": "bicubic", "edge": "clamp"}, "smooth", "T1w")
    case("affine", "bicubic_alpha", {"angle": 40, "sampling": "bicubic"}, "small_alpha", "T1w")
    case("affine", "supersample", {"angle": 5, "scale": [0.5, 0.5], "supersample": 2, "edge": "wrap"}, "edge", "T1w")
    case("affine", "display", {"angle": 60, "space": "display"}, "small_alpha", "T1w")
    for k in (1, 2):
        params = seeded(f"affine {k}", angle=(-180, 180), edge=list(EDGES))
        params["scale"] = list(seeded(f"affine scale {k}", x=(0.5, 2), y=(0.5, 2)).values())
        params["translate"] = list(seeded(f"affine move {k}", x=(-0.3, 0.3), y=(-0.3, 0.3)).values())
        case("affine", f"set_{k}", params, "smooth", "T1w")


def blurs():
    """Folders 6, 7 and bloom."""
    case("gaussian_blur", "identity", {"sigma": 0}, "alpha")
    case("gaussian_blur", "default", {}, "alpha")
    case("gaussian_blur", "small_px", {"sigma": "0.8px"}, "alpha")
    case("gaussian_blur", "fraction", {"sigma": 0.04}, "opaque")
    case("gaussian_blur", "large", {"sigma": 0.08}, "alpha")
    case("gaussian_blur", "eight_px", {"sigma": "8px"}, "opaque")
    case("gaussian_blur", "two_octaves", {"sigma": "13px"}, "opaque")
    case("gaussian_blur", "three_octaves", {"sigma": 0.48}, "alpha")
    case("gaussian_blur", "only_x", {"sigma": "1.3px", "sigma_y": 0}, "small_alpha")
    case("gaussian_blur", "only_y", {"sigma": 0, "sigma_y": "3px"}, "small_alpha")
    case("gaussian_blur", "display", {"sigma": "1.1px", "space": "display"}, "small_alpha")
    case("gaussian_blur", "display_large", {"sigma": "4px", "space": "display"}, "small_alpha")
    for edge in EDGES:
        case("gaussian_blur", f"edge_{edge}", {"sigma": "1.4px", "edge": edge}, "small_alpha")
        case("gaussian_blur", f"edge_{edge}_wide", {"sigma": "9px", "edge": edge}, "small_alpha")
        case("gaussian_blur", f"edge_{edge}_large", {"sigma": "2.6px", "edge": edge}, "small_alpha")

    case("box_blur", "identity", {"radius": 0}, "alpha")
    case("box_blur", "default", {}, "alpha", "T1t")
    case("box_blur", "two_px", {"radius": "2px"}, "opaque", "T1t")
    case("box_blur", "eight_px", {"radius": "8px"}, "alpha", "T1t")
    case("box_blur", "fraction", {"radius": 0.1}, "alpha", "T1t")
    case("box_blur", "below_one", {"radius": "0.4px"}, "small_alpha", "T1t")
    case("box_blur", "display", {"radius": "2.7px", "space": "display"}, "small_alpha", "T1t")
    for edge in EDGES:
        case("box_blur", f"edge_{edge}", {"radius": "3.25px", "edge": edge}, "small_alpha", "T1t")

    case("sharpen", "identity", {"amount": 0}, "alpha")
    case("sharpen", "default", {}, "alpha")
    case("sharpen", "opaque", {"amount": 1.5}, "opaque")
    case("sharpen", "soften", {"amount": -0.6}, "small_alpha")
    case("sharpen", "linear", {"amount": 0.8, "space": "linear"}, "small_alpha")

    case("unsharp_mask", "identity", {"sigma": 0, "amount": 2}, "alpha")
    case("unsharp_mask", "default", {"sigma": "0.9px"}, "alpha", "T1t", gain=0.5)
    case("unsharp_mask", "tiny", {}, "alpha", "T1t", gain=0.5, note="the default sigma is below a tenth of a pixel here")
    case("unsharp_mask", "strong", {"sigma": "1.2px", "amount": 2}, "opaque", "T1t", gain=2.0)
    case("unsharp_mask", "threshold", {"sigma": "1px", "amount": 1.2, "threshold": 0.06}, "small_alpha", "T1t", gain=1.2)
    case("unsharp_mask", "wide", {"sigma": 0.08, "amount": 0.8}, "alpha", "T1t", gain=0.8)
    case("unsharp_mask", "wide_threshold", {"sigma": "3px", "amount": 1.5, "threshold": 0.1}, "opaque", "T1t", gain=1.5)
    case("unsharp_mask", "linear", {"sigma": "1.3px", "amount": 0.7, "space": "linear"}, "small_alpha", "T1t", gain=0.7)

    case("bloom", "identity", {"amount": 0}, "alpha")
    case("bloom", "default", {}, "alpha", "T1t", gain=0.6)
    case("bloom", "screen", {"mode": "screen"}, "small_alpha", "T1t", gain=0.6)
    case("bloom", "wide_add", {"sigma": 0.08, "threshold": 0.3, "amount": 1.2}, "alpha", "T1t", gain=1.2)
    case("bloom", "wide_screen", {"sigma": "4px", "threshold": 0.25, "knee": 0.25, "mode": "screen", "amount": 1}, "opaque", "T1t")
    case("bloom", "hdr", {"threshold": 1.0, "knee": 0.5, "sigma": "1.2px", "amount": 0.4}, "hdr", "T1t", gain=0.4)
    case("bloom", "hdr_screen", {"threshold": 0.8, "sigma": "1px", "mode": "screen"}, "hdr", "T1t", gain=0.6)


def edges():
    """Folders 9 and 13."""
    for output in ("magnitude", "x", "y"):
        for channel in ("luma", "rgb"):
            params = {"output": output, "channel": channel}
            case("sobel", f"{output}_{channel}", params, "alpha" if channel == "luma" else "small_alpha")
    for channel in ("luma", "rgb"):
        case("sobel", f"angle_{channel}", {"output": "angle", "channel": channel}, "slope")
    case("sobel", "strong", {"strength": 4}, "opaque")
    case("sobel", "linear", {"strength": 2, "space": "linear"}, "small_alpha")

    case("emboss", "identity", {"base": "color", "strength": 0}, "alpha")
    case("emboss", "default", {}, "alpha")
    case("emboss", "color", {"base": "color", "strength": 1.5}, "alpha")
    case("emboss", "angle_30", {"angle": 30, "strength": 2}, "small_alpha")
    case("emboss", "angle_270_color", {"angle": 270, "base": "color", "strength": -1}, "opaque")
    case("emboss", "linear", {"angle": 200, "space": "linear"}, "small_alpha")

    case("pixelate", "identity", {"size": "1px"}, "alpha")
    case("pixelate", "square", {"size": "4px"}, "alpha", "T1t")
    case("pixelate", "square_fraction", {"size": 0.093}, "alpha", "T1t")
    case("pixelate", "square_eight", {"size": "8px"}, "opaque", "T1t")
    case("pixelate", "square_display", {"size": "5px", "space": "display"}, "small_alpha", "T1t")
    case("pixelate", "hex", {"shape": "hex", "size": "5.67px"}, "alpha", "T1t")
    case("pixelate", "hex_fraction", {"shape": "hex", "size": 0.228}, "small_alpha", "T1t")
    case("pixelate", "polar", {"shape": "polar", "size": "3.3px", "sectors": 25, "center": [0.451, 0.553]}, "alpha", "T1t")
    case("pixelate", "polar_corner", {"shape": "polar", "size": "4.1px", "sectors": 48, "center": [0.021, 0.013]}, "small_alpha", "T1t")


def composites():
    """Folder 16."""
    for mode in MODES:
        case("blend", f"grid_{mode}", {"mode": mode, "in": {"layer": "layer"}}, "backdrop", layers={"layer": "source"})
    for mode in ("normal", "soft_light", "color"):
        params = {"mode": mode, "in": {"layer": "layer"}}
        case("blend", f"chart_{mode}", params, "small_alpha", layers={"layer": "other_small"})
    linear = {"mode": "screen", "space": "linear", "in": {"layer": "layer"}}
    case("blend", "linear_screen", linear, "small_alpha", layers={"layer": "other_small"})
    case("blend", "hdr_normal", {"in": {"layer": "layer"}, "fit": "center"}, "hdr", layers={"layer": "small_alpha"},
         note="the layer is larger: its middle is used; colors outside 0..1 pass through normal")  # fmt: skip
    case("blend", "cover_crops", {"in": {"layer": "layer"}}, "frame", layers={"layer": "wide"}, note="30x18 on 24x18")
    params = {"in": {"layer": "layer"}, "fit": "contain", "mode": "multiply"}
    case("blend", "contain_bars", params, "frame", layers={"layer": "low"}, note="24x10 on 24x18")
    params = {"in": {"layer": "layer"}, "fit": "stretch", "mode": "overlay"}
    case("blend", "stretch", params, "frame", "T1t", layers={"layer": "other_small"},
         note="resampled by resize: linear, premultiplied, then converted")  # fmt: skip


def masks():
    """Folder 18."""
    for channel in ("luma", "alpha", "r", "g", "b"):
        params = {"image": "matte", "channel": channel}
        case("mask_image", f"same_{channel}", params, "small", "T1t", {"matte": "matte_same"})
    case("mask_image", "invert", {"image": "matte", "invert": True}, "small", "T1t", {"matte": "matte_same"})
    for name, chart, fit in (
        ("stretch_up", "matte_odd", "stretch"), ("stretch_down", "matte_large", "stretch"), ("cover", "matte_tall", "cover"),
        ("cover_down", "matte_large", "cover"), ("cover_half_steps", "matte_square", "cover"), ("contain", "matte_wide", "contain"),
        ("center", "matte_small", "center"),
    ):  # fmt: skip
        case("mask_image", name, {"image": "matte", "fit": fit}, "frame", "T1t", {"matte": chart})
    params = {"image": "matte", "fit": "contain", "channel": "g", "invert": True}
    case("mask_image", "contain_invert", params, "frame", "T1t", {"matte": "matte_wide"})

    case("mask_luma", "default", {}, "small_alpha")
    case("mask_luma", "shadows", {"low": -1, "high": 0.3, "softness": 0.25}, "small_alpha")
    case("mask_luma", "band", {"low": 0.4, "high": 0.6, "softness": 0.3}, "alpha")
    case("mask_luma", "hard", {"low": 0.3, "high": 0.7, "softness": 0}, "small_alpha")
    case("mask_luma", "invert", {"low": 0.6, "softness": 0.25, "invert": True}, "small")

    diamond = [[0.5, 0.08], [0.93, 0.5], [0.5, 0.91], [0.07, 0.5]]
    star = [[0.5, 0.05], [0.8, 0.95], [0.03, 0.38], [0.97, 0.41], [0.2, 0.93]]
    shapes = {
        "default": {},
        "ellipse_turned": {"size": [0.8, 0.4], "angle": 30},
        "ellipse_feather": {"center": [0.4, 0.6], "feather": 0.25},
        "ellipse_invert": {"size": [0.3, 0.9], "feather": "3px", "invert": True},
        "rect": {"shape": "rect"},
        "rect_turned_corner": {"shape": "rect", "size": [0.7, 0.5], "angle": -25, "corner": 0.1},
        "rect_feather": {"shape": "rect", "size": [0.5, 0.6], "feather": 0.2, "corner": "4px"},
        "rect_corner_limited": {"shape": "rect", "size": [0.6, 0.3], "corner": 1},
        "polygon": {"shape": "polygon", "points": diamond},
        "polygon_star": {"shape": "polygon", "points": star, "feather": 0.1},
        "linear": {"shape": "linear", "points": [[0.1, 0.2], [0.8, 0.9]]},
        "linear_invert": {"shape": "linear", "points": [[0.9, 0.5], [0.2, 0.4]], "invert": True},
        "radial": {"shape": "radial"},
        "radial_turned": {"shape": "radial", "size": [1.2, 0.6], "angle": 60, "center": [0.35, 0.55]},
    }
    for name, params in shapes.items():
        case("mask_shape", name, params, "small", "T1t")


def mixes():
    """Section 1.6, end to end."""
    whole("mix", "opacity_zero", [{"effect": "invert", "opacity": 0}], "small_alpha", tier="T0")
    whole("mix", "opacity_half", [{"effect": "invert", "opacity": 0.5}], "small_alpha")
    whole("mix", "opacity_linear_light", [{"effect": "exposure", "ev": 1.5, "opacity": 0.4}], "small_alpha")
    for mode in MODES:
        if mode != "normal":
            step = {"effect": "sepia", "blend": mode, "opacity": 0.7}
            note = "exact gray must stay exact gray: its saturation is 0" if mode == "saturation" else ""
            whole("mix", f"blend_{mode}", [step], "small_alpha", note=note)
    step = {"effect": "exposure", "ev": 1, "blend": "multiply", "opacity": 0.8}
    whole("mix", "blend_in_linear_light", [step], "small_alpha", note="the step's domain is L: B sees linear values, clamped")
    step = {"effect": "sepia", "blend": "screen", "space": "linear", "opacity": 0.6}
    whole("mix", "blend_in_chosen_space", [step], "small_alpha")

    oval = {"effect": "mask_shape", "size": [0.7, 0.8], "feather": 0.3}
    step = {"effect": "mask_shape", "feather": 0.2, "opacity": 0.5}
    whole("mix", "mask_as_step", [step], "small_alpha", note="an opaque plane over a picture that is not")
    whole("mix", "mask_shape", [{"effect": "hue_rotate", "angle": 120, "mask": "oval"}], "small_alpha", {"oval": oval})
    whole("mix", "mask_and_opacity", [{"effect": "invert", "mask": "oval", "opacity": 0.6, "blend": "difference"}],
          "small_alpha", {"oval": [oval]})  # fmt: skip
    lights = {"effect": "mask_luma", "low": 0.6, "softness": 0.3}
    whole("mix", "mask_luma", [{"effect": "exposure", "ev": -1.2, "mask": "lights"}], "alpha", {"lights": lights},
          note="the mask is made from the step's primary input, as display values")  # fmt: skip
    whole("mix", "mask_image", [{"effect": "saturation", "amount": 0, "mask": "matte"}], "small_alpha",
          {"matte": {"effect": "mask_image", "image": "matte_file"}}, {"matte_file": "matte_same"})  # fmt: skip
    folded = [
        {"effect": "mask_shape", "shape": "rect", "size": [0.6, 0.6], "angle": 20},
        {"effect": "mask_shape", "center": [0.8, 0.3], "size": [0.3, 0.4], "combine": "add"},
        {"effect": "mask_shape", "center": [0.4, 0.6], "size": [0.3, 0.3], "feather": 0.1, "combine": "subtract"},
        {"effect": "mask_luma", "low": 0.2, "softness": 0.4, "combine": "intersect"},
        {"effect": "gaussian_blur", "sigma": "1.2px"},
    ]
    whole("mix", "mask_folded", [{"effect": "sepia", "mask": "folded"}], "alpha", {"folded": folded},
          note="replace, add, subtract, intersect, then a blur of the plane itself")  # fmt: skip
    fade = [0.2, 0.5, 0.3, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0.3, 0]
    whole("mix", "alpha_changes", [{"effect": "channel_mixer", "matrix": fade, "opacity": 0.5, "blend": "overlay"}],
          "small_alpha", note="the result has the effect's alpha, cross-faded")  # fmt: skip
    whole("mix", "warp_with_transparent_border", [{"effect": "affine", "angle": 20, "opacity": 0.5}], "small_alpha")
    second = {"effect": "mask_luma", "low": 0.5}
    steps = [{"effect": "invert"}, {"effect": "exposure", "ev": -2, "mask": "lights"}]
    whole("mix", "mask_of_a_later_step", steps, "small_alpha", {"lights": second}, note="the mask sees the inverted picture")


def recipes():
    """Chains and graphs."""
    whole("recipe", "ten_steps", [
        {"effect": "exposure", "ev": 0.35},
        {"effect": "temperature", "kelvin": 5600, "tint": 0.1},
        {"effect": "gaussian_blur", "sigma": "1.2px", "opacity": 0.6, "mask": "outside"},
        {"effect": "curves", "rgb": [[0, 0.02], [0.25, 0.2], [0.7, 0.8], [1, 1]]},
        {"effect": "saturation", "amount": 1.3},
        {"effect": "swirl", "angle": 70, "radius": 0.45},
        {"effect": "sobel", "blend": "screen", "opacity": 0.4},
        {"effect": "invert", "enabled": False, "note": "not run"},
        {"effect": "vignette", "amount": 0.6, "color": "#102030"},
        {"effect": "unsharp_mask", "sigma": 0.03, "amount": 0.7, "mask": "lights"},
        {"effect": "grain", "amount": 0.1, "seed": 3, "blend": "soft_light"},
    ], "alpha", {
        "outside": {"effect": "mask_shape", "size": [0.6, 0.7], "feather": 0.2, "invert": True},
        "lights": [{"effect": "mask_luma", "low": 0.4, "softness": 0.3}, {"effect": "gaussian_blur", "sigma": "1.1px"}],
    })  # fmt: skip
    whole("recipe", "two_pictures", [
        {"effect": "gaussian_blur", "sigma": "1.4px", "id": "soft"},
        {"effect": "hue_rotate", "angle": 40, "in": {"image": "photo"}, "id": "turned"},
        {"effect": "blend", "mode": "overlay", "in": {"image": "source", "layer": "turned"}, "id": "both"},
        {"effect": "blend", "mode": "luminosity", "opacity": 0.5, "in": {"image": "both", "layer": "soft"}},
        {"effect": "blend", "mode": "darken", "in": {"layer": "source"}, "mask": "half"},
    ], "alpha", {"half": {"effect": "mask_shape", "shape": "linear", "points": [[0, 0], [1, 0.6]]}},
        {"photo": "other"})  # fmt: skip
    whole("recipe", "point_chain", [
        {"effect": "brightness", "scale": 0.9, "offset": 0.03},
        {"effect": "contrast", "amount": 1.2},
        {"effect": "vibrance", "amount": 0.5},
        {"effect": "channel_mixer", "matrix": [0.9, 0.1, 0, 0, 0, 0, 0.95, 0.05, 0, 0, 0.05, 0, 0.95, 0, 0.01, 0, 0, 0, 1, 0]},
        {"effect": "exposure", "ev": -0.4},
        {"effect": "gamma", "gamma": 1.15, "space": "linear"},
        {"effect": "levels", "in_black": 0.03, "in_white": 0.95},
        {"effect": "sepia", "amount": 0.25},
        {"effect": "vignette", "law": "cos4"},
    ], "alpha")  # fmt: skip
    whole("recipe", "warp_blur_emboss", [
        {"effect": "affine", "angle": 6, "fit": "cover", "sampling": "bicubic", "edge": "reflect"},
        {"effect": "box_blur", "radius": "1.5px", "blend": "lighten"},
        {"effect": "emboss", "base": "color", "strength": 0.5},
        {"effect": "pixelate", "size": "3px", "opacity": 0.5},
        {"effect": "equalize", "opacity": 0.3},
    ], "opaque")  # fmt: skip


def add():
    """All of them."""
    warps()
    blurs()
    edges()
    composites()
    masks()
    mixes()
    recipes()
