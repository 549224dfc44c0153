"""Cases of the warps of folder 11 but swirl: formulas, samplers, borders."""

from cases import case, seeded


def variants(effect, **bold):
    """What every warp has: the default, each border, each sampler, sub-positions, the other space, alpha.

    `bold` is a setting that reaches over the border.
    """
    case(effect, "default", {}, "smooth", "T1w")
    case(effect, "default_alpha", {}, "tall_alpha", "T1w")
    case(effect, "edge_clamp_bicubic", {**bold, "edge": "clamp", "sampling": "bicubic"}, "small_alpha", "T1w")
    case(effect, "edge_reflect", {**bold, "edge": "reflect"}, "small_alpha", "T1w")
    case(effect, "edge_wrap_supersample", {**bold, "edge": "wrap", "supersample": 2}, "small_alpha", "T1w")
    case(effect, "edge_transparent_display", {**bold, "edge": "transparent", "space": "display"}, "small_alpha", "T1w")


def bulge_and_pinch():
    """Radial warps."""
    for effect in ("bulge", "pinch"):
        case(effect, "identity", {"amount": 0}, "alpha")
        variants(effect, amount=0.8, radius=0.9, center=[0.15, 0.75])
        case(effect, "nearest", {"sampling": "nearest", "radius": "8.3px", "amount": 0.7}, "small_alpha", "T1w")
    case("bulge", "strong", {"amount": 0.9, "radius": 0.6, "center": [0.45, 0.55]}, "smooth", "T1w")
    case("pinch", "strong", {"amount": 1.2, "radius": 0.6, "center": [0.45, 0.55]}, "smooth", "T1w")


def ripple_and_wave():
    """Oscillations. A still picture has t = 0, so `speed` changes nothing."""
    wide = {"amplitude": "2.3px", "wavelength": "11px", "phase": 0.3}
    case("ripple", "identity", {"amplitude": 0, "phase": 0.2}, "alpha")
    variants("ripple", **wide, center=[0.2, 0.3])
    fading = {**wide, "radius": 0.5, "speed": 1.7, "center": [0.4, 0.6]}
    case("ripple", "radius", fading, "smooth", "T1w", note="fades to nothing at the radius; a still has t = 0")
    case("ripple", "nearest", {**wide, "sampling": "nearest", "center": [0.37, 0.61]}, "small_alpha", "T1w")

    case("wave", "identity", {"amplitude": 0, "angle": 20}, "alpha")
    variants("wave", **wide, angle=35)
    case("wave", "down", {"angle": -90, "amplitude": 0.06, "wavelength": 0.4, "speed": 0.6}, "smooth", "T1w", note="a still has t = 0")
    case("wave", "nearest", {**wide, "sampling": "nearest", "angle": 130}, "small_alpha", "T1w")
    drawn = seeded("wave 1", angle=(-180, 180), amplitude=(0, 0.05), wavelength=(0.2, 0.5), phase=(-1, 1))
    case("wave", "set_1", drawn, "small_alpha", "T1w")


def symmetries():
    """Folds."""
    turned = {"segments": 5, "angle": 20, "source_angle": -35, "center": [0.4, 0.55]}
    variants("kaleidoscope", **turned)
    case("kaleidoscope", "one_segment", {"segments": 1, "angle": 40, "center": [0.45, 0.52]}, "smooth", "T1w")
    case("kaleidoscope", "nearest", {**turned, "sampling": "nearest"}, "small_alpha", "T1w")

    variants("mirror", angle=25, center=[0.3, 0.6])
    case("mirror", "upper_half", {"angle": 0, "center": [0.5, 0.35]}, "smooth", "T1w", note="n points up: the upper part is kept")
    case("mirror", "nearest", {"angle": -140, "center": [0.62, 0.41], "sampling": "nearest"}, "small_alpha", "T1w")


def add():
    """All of them."""
    bulge_and_pinch()
    ripple_and_wave()
    symmetries()
