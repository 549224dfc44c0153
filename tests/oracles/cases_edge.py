"""Cases of the effects that show edges and detail."""

from cases import case


def add_high_pass():
    """Folder 7."""
    case("high_pass", "default", {}, "small_alpha", "T1t", note="the default sigma is about a tenth of a pixel here")
    case("high_pass", "one_px", {"sigma": "1px", "amount": 2}, "small_alpha", "T1t", gain=2.0)
    case("high_pass", "zero", {"sigma": 0, "amount": 3}, "small_alpha", "T1t", gain=3.0, note="gray everywhere")
    case("high_pass", "fraction", {"sigma": 0.07}, "tall_alpha", "T1t", note="the short side is the width")
    case("high_pass", "wide", {"sigma": "2.5px", "amount": 1.5}, "small_alpha", "T1t", gain=1.5)
    case("high_pass", "opaque", {"sigma": "1.3px", "amount": 0.6}, "opaque", "T1t")
    case("high_pass", "linear", {"sigma": "1.2px", "space": "linear"}, "small_alpha", "T1t")


def add_dog():
    """Folder 9."""
    for channel in ("luma", "rgb"):
        case("dog", f"{channel}_px", {"sigma": "0.8px", "channel": channel}, "small_alpha", "T1t", gain=4.0)
        wide = {"sigma": "1.7px", "ratio": 2.2, "gain": 3, "offset": 0.4, "channel": channel}
        case("dog", f"{channel}_wide", wide, "small_alpha", "T1t", gain=3.0)
    case("dog", "default", {}, "tall_alpha", "T1t", gain=4.0, note="both lengths are far below a pixel here: the offset")
    case("dog", "opaque", {"sigma": "0.7px", "gain": 8, "offset": 0}, "opaque", "T1t", gain=8.0)
    linear = {"sigma": "0.6px", "ratio": 2, "gain": 2, "channel": "rgb", "space": "linear"}
    case("dog", "linear", linear, "small_alpha", "T1t", gain=2.0)


def add_gradients():
    """Folder 9."""
    for effect in ("scharr", "prewitt"):
        case(effect, "default", {}, "small_alpha")
        case(effect, "x_rgb", {"output": "x", "channel": "rgb"}, "small_alpha")
        case(effect, "y_luma", {"output": "y", "strength": 2.5}, "tall_alpha")
        case(effect, "angle_luma", {"output": "angle"}, "slope")
        case(effect, "angle_rgb", {"output": "angle", "channel": "rgb"}, "slope")
        case(effect, "opaque", {"strength": 2, "channel": "rgb"}, "small")
        case(effect, "linear", {"strength": 2, "space": "linear"}, "small_alpha")


def add_laplacian():
    """Folder 9."""
    case("laplacian", "default", {}, "small_alpha")
    for neighbors in (4, 8):
        params = {"neighbors": neighbors, "output": "signed", "channel": "rgb"}
        case("laplacian", f"signed_{neighbors}", params, "small_alpha")
    case("laplacian", "eight", {"neighbors": 8, "strength": 0.5}, "opaque")
    case("laplacian", "rgb", {"strength": 0.75, "channel": "rgb"}, "tall_alpha")
    case("laplacian", "linear", {"space": "linear", "output": "signed"}, "small_alpha")


def add():
    """All of them."""
    add_gradients()
    add_laplacian()
    add_high_pass()
    add_dog()
