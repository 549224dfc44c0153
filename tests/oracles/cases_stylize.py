"""Cases of pencil_sketch and toon."""

from cases import case

DODGE = "the quotient magnifies a blur that is not exact by 1 / the least blurred luma, which is the gain"


def add_pencil_sketch():
    """Folder 13."""
    case("pencil_sketch", "default", {}, "smooth", "T1t", note="the default sigma is a quarter of a pixel here")
    case("pencil_sketch", "one_px", {"sigma": "1px"}, "smooth", "T1t")
    case("pencil_sketch", "opaque", {"sigma": "1.4px", "darkness": 2}, "small", "T1t", gain=4.0)
    case("pencil_sketch", "alpha", {"sigma": "1.2px"}, "small_alpha", "T1t", gain=2.0)
    case("pencil_sketch", "fraction", {"sigma": 0.1, "darkness": 0.7}, "tall_alpha", "T1t", gain=13.0, note=DODGE)
    case("pencil_sketch", "wide", {"sigma": "3px", "darkness": 1.5}, "smooth", "T1t", gain=6.0, note=DODGE)
    case("pencil_sketch", "hdr", {"sigma": "1px"}, "hdr", "T1t", gain=2.0)


def add_toon():
    """Folder 13. T2, because both the smoothing and the blurs inside may be approximated."""
    case("toon", "default", {}, "small_alpha", "T2", note="all lengths are below a pixel here: steps without lines")
    case("toon", "pixels", {"sigma": "1.2px", "edge_sigma": "0.8px"}, "small_alpha", "T2")
    case("toon", "opaque", {"sigma": "1.5px", "range": 0.2, "passes": 1, "edge_sigma": "0.9px", "levels": 5}, "opaque", "T2")
    soft = {"sigma": 0.06, "edge_sigma": 0.04, "edge_slope": 20, "edges": 0.6, "levels": 12, "sharpness": 1.5}
    case("toon", "fraction", soft, "tall_alpha", "T2", note="the short side is the width")
    case("toon", "no_edges", {"sigma": "1px", "passes": 4, "edges": 0, "levels": 3, "sharpness": 9}, "small", "T2")
    case("toon", "no_smoothing", {"sigma": 0, "edge_sigma": "0.7px", "edge_slope": 40}, "small_alpha", "T2")
    case("toon", "wide", {"sigma": "2px", "edge_sigma": "0.9px"}, "source", "T3", note="the smoothing may be another")
    case("toon", "wider", {"sigma": "4px", "passes": 3, "range": 0.15}, "backdrop", "T3", note="the smoothing may be another")


def add():
    """All of them."""
    add_pencil_sketch()
    add_toon()
