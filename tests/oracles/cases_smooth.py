"""Cases of the smoothing that keeps edges, and of what is built from it."""

from cases import case, seeded

WIDE = "the exact sum: from 2 px on an implementation may approximate and is held to its structure only"


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
    case("bilateral", "wide", {"sigma": "2.5px", "range": 0.25}, "small_alpha", "T3", note=WIDE)
    case("bilateral", "wider", {"sigma": "5px"}, "source", "T3", note=WIDE)
    case("bilateral", "widest", {"sigma": "12px", "range": 0.2}, "backdrop", "T3", note=WIDE)
    drawn = seeded("bilateral 1", sigma=(0.02, 0.1), range=(0.03, 0.5))
    case("bilateral", "set_1", drawn, "small_alpha", "T1t")


def add_guided():
    """Folder 8, guided."""
    case("guided", "identity", {"radius": 0, "guide": "channel"}, "alpha")
    case("guided", "default", {}, "small_alpha", "T1t", note="the default radius is a fifth of a pixel here")
    for guide in ("luma", "channel"):
        case("guided", guide, {"radius": "2px", "guide": guide}, "small_alpha", "T1t")
    other = {"radius": "2.5px", "epsilon": 0.02, "guide": "input", "in": {"guide": "layer"}}
    case("guided", "input", other, "small", "T1t", layers={"layer": "matte_same"}, note="the guide's own alpha only hides its luma")
    case("guided", "input_alpha", other, "small_alpha", "T1t", layers={"layer": "other_small"})
    case("guided", "fraction", {"radius": 0.17, "epsilon": 0.1}, "tall_alpha", "T1t", note="3.23 px: a box of whole and part pixels")
    case("guided", "opaque", {"radius": "4px", "epsilon": 0.005}, "opaque", "T1t")
    case("guided", "linear", {"radius": "1.5px", "guide": "channel", "space": "linear"}, "small_alpha", "T1t")


def add_clarity():
    """Folder 7, clarity."""
    case("clarity", "identity", {"amount": 0, "radius": 0.1}, "alpha")
    case("clarity", "default_radius", {"amount": 0.7}, "small_alpha", "T1t", note="about half a pixel here")
    case("clarity", "strong", {"amount": 1, "radius": "4px"}, "alpha", "T1t")
    case("clarity", "negative", {"amount": -1.5, "radius": "2.5px"}, "small_alpha", "T1t", gain=1.5)
    case("clarity", "fraction", {"amount": 0.5, "radius": 0.1}, "tall_alpha", "T1t")
    case("clarity", "hdr", {"amount": 2, "radius": "2px"}, "hdr", "T1t", gain=2.0)


def add_highlights_shadows():
    """Folder 3, highlights_shadows."""
    case("highlights_shadows", "identity", {"radius": 0.1}, "alpha")
    case("highlights_shadows", "shadows", {"shadows": 1, "radius": "2px"}, "small_alpha", "T1t", gain=2.83)
    case("highlights_shadows", "highlights", {"highlights": -1, "radius": "3.5px"}, "small_alpha", "T1t")
    case("highlights_shadows", "both", {"highlights": -0.6, "shadows": 0.5}, "tall_alpha", "T1t", gain=1.7)
    case("highlights_shadows", "opaque", {"highlights": 0.7, "shadows": -0.8, "radius": 0.1}, "opaque", "T1t", gain=2.1)
    case("highlights_shadows", "hdr", {"highlights": -0.9, "shadows": 0.4, "radius": "2px"}, "hdr", "T1t", gain=1.5)


def add_domain_transform():
    """Folder 8, domain_transform. Only rf is free of ties and of long sums."""
    case("domain_transform", "identity", {"sigma": 0, "method": "ic"}, "alpha")
    case("domain_transform", "default", {}, "small_alpha", "T1t")
    case("domain_transform", "rf_opaque", {"sigma": "6px", "range": 0.5}, "opaque", "T1t")
    case("domain_transform", "rf_tall", {"sigma": 0.2, "range": 0.15, "iterations": 5}, "tall_alpha", "T1t")
    case("domain_transform", "rf_once", {"sigma": "3px", "iterations": 1, "space": "linear"}, "small_alpha", "T1t")
    ties = "T2d for the ties of the window"
    case("domain_transform", "nc", {"sigma": "4.3px", "method": "nc"}, "small_alpha", "T2d", note=ties)
    case("domain_transform", "nc_opaque", {"sigma": "3.1px", "range": 0.6, "iterations": 2, "method": "nc"}, "small", "T2d", note=ties)
    case("domain_transform", "ic", {"sigma": "4.3px", "method": "ic"}, "small_alpha", "T2")
    case("domain_transform", "ic_opaque", {"sigma": "3.1px", "range": 0.6, "iterations": 2, "method": "ic"}, "small", "T2")


def add():
    """All of them."""
    add_bilateral()
    add_guided()
    add_clarity()
    add_highlights_shadows()
    add_domain_transform()
