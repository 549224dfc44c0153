"""Cases of folder 12 but affine, and of sticker: pictures whose size changes, and a picture laid over another."""

from cases import case, seeded, whole

FILTERS = ("nearest", "area", "bilinear", "catmull_rom", "mitchell", "lanczos2", "lanczos3")


def resizing():
    """Every filter down, up, and down one way while up the other; the ways to say a size."""
    case("resize", "identity_scale", {"filter": "mitchell"}, "alpha")
    case("resize", "identity_size", {"width": 27, "height": 19}, "small_alpha")
    for name in FILTERS:
        case("resize", f"down_{name}", {"width": 17, "height": 14, "filter": name}, "alpha", "T1t")
        case("resize", f"up_{name}", {"width": 40, "height": 31, "filter": name}, "small_alpha", "T1t")
        case("resize", f"both_{name}", {"width": 13, "height": 32, "filter": name}, "hdr", "T1t", note="narrower and taller")
        shown = {"width": 19, "height": 11, "filter": name, "space": "display"}
        case("resize", f"display_{name}", shown, "small_alpha", "T1t")
    case("resize", "half", {"scale": 0.5}, "opaque", "T1t", note="22.5 rounds to 23, 16.5 to 17")
    case("resize", "half_display", {"scale": 0.5, "space": "display"}, "alpha", "T1t")
    case("resize", "third", {"scale": 0.33, "filter": "area"}, "edge", "T1t")
    case("resize", "double", {"scale": 2}, "small_alpha", "T1t")
    case("resize", "from_width", {"width": 20}, "small_alpha", "T1t", note="14.07 rows, so 14")
    case("resize", "from_height", {"height": 50, "filter": "catmull_rom"}, "tall_alpha", "T1t", note="32.76 columns, so 33")
    case("resize", "one_pixel", {"width": 1, "height": 1}, "small_alpha", "T1t")
    case("resize", "one_row", {"scale": 0.09, "filter": "bilinear"}, "low", "T1t", note="2.16 by 0.9, so 2 by 1")
    case("resize", "least", {"width": 1, "filter": "mitchell"}, "wide", "T1t", note="0.6 rows, so 1")
    case("resize", "one_row_from_height", {"height": 1, "filter": "lanczos2"}, "low", "T1t")
    case("resize", "whole_steps", {"scale": 3, "filter": "nearest"}, "small_alpha", "T0")
    for k in (1, 2):
        drawn = seeded(f"resize {k}", width=list(range(5, 60)), height=list(range(5, 60)), filter=list(FILTERS[1:]))
        case("resize", f"set_{k}", drawn, "alpha", "T1t")


def cropping():
    """Rectangles and ratios."""
    case("crop", "identity", {"anchor": [0, 1]}, "alpha")
    case("crop", "rect", {"rect": [0.21, 0.1, 0.5, 0.66]}, "alpha", "T0")
    case("crop", "opaque", {"rect": [0.4, 0.05, 0.33, 0.9]}, "hdr", "T0")
    case("crop", "beyond", {"rect": [0.62, 0.47, 0.9, 1]}, "small_alpha", "T0", note="ends with the picture")
    case("crop", "one_pixel", {"rect": [0.3, 0.7, 0, 0.001]}, "small_alpha", "T0", note="never less than one pixel")
    case("crop", "half", {"rect": [0.5, 0.5, 0.5, 0.5]}, "small_alpha", "T0", note="13.5 rounds to 14, 9.5 to 10")
    case("crop", "square", {"aspect": "1:1"}, "small_alpha", "T0")
    case("crop", "wide_top", {"aspect": "16:9", "anchor": [0.3, 0]}, "tall_alpha", "T0")
    case("crop", "tall_right", {"aspect": "2:3", "anchor": [1, 0.2], "rect": [0, 0, 0.2, 0.2]}, "alpha", "T0",
         note="the ratio overrides the rectangle")  # fmt: skip
    case("crop", "anchor", {"aspect": "4:5", "anchor": [0.15, 0.6]}, "opaque", "T0")
    case("crop", "original", {"aspect": "original", "rect": [0.1, 0.1, 0.3, 0.3]}, "small_alpha", "T0")


def turning():
    """Copies that move every pixel."""
    for axis in ("horizontal", "vertical", "both"):
        case("flip", axis, {"axis": axis}, "alpha", "T0")
    case("flip", "default", {}, "hdr", "T0")
    case("rotate90", "identity", {"turns": 0}, "alpha")
    for turns in (1, 2, 3):
        case("rotate90", f"turns_{turns}", {"turns": turns}, "small_alpha", "T0")
    case("rotate90", "default", {}, "hdr", "T0")


def stickers():
    """Sizes, angles, places. Reduced pictures have whole sizes."""

    def one(name, chart, art, note="", **params):
        case("sticker", name, {"image": "art", **params}, chart, "T2", {"art": art}, note=note)

    one("default", "alpha", "matte_wide", note="9.9 px high, from 6")
    one("full_size", "alpha", "other_small", size="19px")
    one("on_the_grid", "frame", "matte_small", size="10px", note="a copy")
    one("turned", "alpha", "other_small", size="19px", angle=20, center=[0.45, 0.55])
    one("turned_down", "opaque", "matte_odd", size="11px", angle=-75, center=[0.3, 0.4])
    one("quarter", "small_alpha", "matte_tall", size="18px", angle=90)
    one("flipped", "alpha", "other_small", size="19px", flip=True, center=[0.62, 0.4])
    one("flipped_turned", "alpha", "other_small", size="19px", flip=True, angle=35, note="flipped before it turns")
    one("larger", "alpha", "matte_odd", size=0.8, angle=10)
    one("much_larger", "small_alpha", "matte_wide", size=2.5, angle=-160, note="larger than the picture")
    one("half", "alpha", "wide", size="9px", center=[0.4, 0.3])
    one("third_turned", "opaque", "other", size="11px", angle=50)
    one("two_thirds_flipped", "alpha", "wide", size="12px", angle=-25, flip=True)
    one("over_the_corner", "alpha", "other_small", size="19px", center=[0.03, 0.95], angle=15)
    one("over_the_edge", "small_alpha", "wide", size="9px", center=[0.98, 0.4], angle=-40)
    one("outside", "small_alpha", "matte_small", size="10px", center=[-0.6, 0.5], note="nothing of it is seen")
    one("display", "alpha", "other_small", size="19px", angle=20, space="display")
    one("display_half", "alpha", "wide", size="9px", angle=130, space="display")
    one("hdr", "hdr", "other_small", size="19px", angle=-12)
    step = {"effect": "sticker", "image": "art", "size": "19px", "angle": 25, "blend": "multiply", "opacity": 0.7}
    whole("sticker", "multiplied", [step], "alpha", layers={"art": "other_small"})


def chains():
    """Effects of the new size after the frame has changed."""
    whole("geometry", "crop_turn_resize", [
        {"effect": "crop", "aspect": "4:3", "anchor": [0.2, 0.5]},
        {"effect": "rotate90", "turns": 3},
        {"effect": "vignette", "amount": 0.7},
        {"effect": "resize", "width": 21},
        {"effect": "flip", "axis": "both"},
        {"effect": "gaussian_blur", "sigma": 0.05},
        {"effect": "sepia", "opacity": 0.5, "mask": "oval"},
    ], "alpha", {"oval": {"effect": "mask_shape", "size": [0.8, 0.6], "feather": 0.2}})  # fmt: skip
    whole("geometry", "smaller_then_larger", [
        {"effect": "resize", "scale": 0.6, "filter": "mitchell", "space": "display"},
        {"effect": "contrast", "amount": 1.2},
        {"effect": "crop", "rect": [0.1, 0.2, 0.7, 0.6]},
        {"effect": "resize", "height": 33, "filter": "bilinear"},
    ], "opaque")  # fmt: skip


def add():
    """All of them."""
    resizing()
    cropping()
    turning()
    stickers()
    chains()
