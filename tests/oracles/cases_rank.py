"""Cases of the effects that pick one of the values around: median and morphology. Their answers are exact."""

from cases import case


def add_median():
    """Folder 8."""
    case("median", "identity", {"radius": 0}, "alpha")
    case("median", "default", {}, "small_alpha", "T0")
    case("median", "opaque", {"radius": "2px"}, "small", "T0")
    case("median", "three_px", {"radius": "3px"}, "tall_alpha", "T0")
    case("median", "fraction", {"radius": 0.07}, "tall_alpha", "T0", note="1.33 px, so 1")
    case("median", "rounds_up", {"radius": "1.6px"}, "hdr", "T0")


def add_morphology(effect):
    """Folder 10."""
    case(effect, "identity", {"radius": 0}, "alpha")
    case(effect, "default", {}, "alpha", "T0", note="a tenth of a pixel here, so the identity")
    case(effect, "square", {"radius": "2px"}, "small_alpha", "T0")
    case(effect, "disc", {"radius": "3px", "shape": "disc"}, "small_alpha", "T0")
    case(effect, "fraction", {"radius": 0.12, "shape": "disc"}, "tall_alpha", "T0", note="2.28 px, so 2")
    case(effect, "edge_reflect", {"radius": "2px", "edge": "reflect", "shape": "disc"}, "small_alpha", "T0")
    case(effect, "edge_wrap", {"radius": "2px", "edge": "wrap"}, "small_alpha", "T0")
    case(effect, "edge_transparent", {"radius": "1px", "edge": "transparent"}, "small", "T0")
    negatives = "outside is 0, which is more than the negative values inside"
    case(effect, "edge_transparent_hdr", {"radius": "2px", "edge": "transparent", "shape": "disc"}, "hdr", "T0", note=negatives)


def add():
    """All of them."""
    add_median()
    for effect in ("dilate", "erode", "open", "close"):
        add_morphology(effect)
