"""Cases of the smoothing that keeps edges, and of what is built from it."""

from cases import case, seeded

WIDE = "the exact sum: from 2 px on an implementation may approximate and is then held to its structure only"


def add_bilateral():
    """Folder 8, bilateral. Below 2 px only the sum itself is allowed."""
    case("bilateral", "identity", {"sigma": 0}, "alpha")
    case("bilateral", "default", {}, "small_alpha", "T1t", note="the default sigma is below a tenth of a pixel here")
    case("bilateral", "one_px", {"sigma": "1px"}, "small_alpha", "T1t")
    case("bilateral", "fraction", {"sigma": 0.07, "range": 0.2}, "tall_alpha", "T1t", note="the short side is the width")
    case("bilateral", "narrow", {"sigma": "1.5px", "range": 0.02}, "small", "T1t")
    case("bilateral", "broad", {"sigma": "1.9px", "range": 1.5}, "alpha", "T1t")
    case("bilateral", "hdr", {"sigma": "1.2px", "range": 0.5}, "hdr", "T1t")
    case("bilateral", "linear", {"sigma": "1.3px", "range": 0.15, "space": "linear"}, "small_alpha", "T1t")
    case("bilateral", "wide", {"sigma": "2.5px", "range": 0.25}, "small_alpha", "T1t", note=WIDE)
    drawn = seeded("bilateral 1", sigma=(0.02, 0.1), range=(0.03, 0.5))
    case("bilateral", "set_1", drawn, "small_alpha", "T1t")


def add():
    """All of them."""
    add_bilateral()
