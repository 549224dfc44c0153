"""Cases of folder 17. The matte itself is shown on opaque pictures only.

T1t where the catalogue says T1: a soft end of 0.08 rises 19 times as fast as the distance, so the last bit of an f32
distance is worth more than T1 allows.
"""

from cases import case


def add():
    """All of them."""
    case("chroma_key", "default", {}, "small_alpha", "T1t")
    case("chroma_key", "wide", {"tolerance": 0.25, "softness": 0.2, "spill": 0.5}, "small_alpha", "T1t")
    case("chroma_key", "blue", {"color": "#2040e0", "tolerance": 0.2, "softness": 0.15, "spill": 0.7}, "small", "T1t")
    case("chroma_key", "tie", {"color": "#80c0c0", "spill": 1}, "small", "T1t", note="green and blue tie: green is the key's channel")
    case("chroma_key", "matte", {"tolerance": 0.2, "softness": 0.3, "show_matte": True}, "small", "T1t")
    case("chroma_key", "invert", {"invert": True, "tolerance": 0.3, "softness": 0.2}, "small_alpha", "T1t")
    case("chroma_key", "hdr", {"color": "#c03020", "softness": 0.4}, "hdr", "T1t")

    case("luma_key", "default", {}, "small_alpha", "T1t")
    case("luma_key", "band", {"low": 0.3, "high": 0.6, "softness": 0.2}, "small_alpha", "T1t")
    case("luma_key", "hard", {"low": 0.3, "high": 0.7, "softness": 0}, "small_alpha", "T1t")
    case("luma_key", "matte", {"low": 0.4, "softness": 0.35, "show_matte": True}, "small", "T1t")
    case("luma_key", "matte_invert", {"high": 0.5, "show_matte": True, "invert": True}, "small", "T1t")
    case("luma_key", "hdr", {"low": -0.1, "high": 1.2, "softness": 0.3}, "hdr", "T1t")

    case("color_key", "default", {}, "small_alpha", "T1t")
    case("color_key", "skin", {"color": "#d8a488", "tolerance": 0.1, "softness": 0.2}, "small_alpha", "T1t")
    case("color_key", "wide", {"color": "#4060c0", "tolerance": 0.2, "softness": 0.4, "invert": True}, "tall_alpha", "T1t")
    case("color_key", "matte", {"color": "#808080", "softness": 0.3, "show_matte": True}, "small", "T1t")
    case("color_key", "hdr", {"color": "#e04020", "tolerance": 0.3, "softness": 0.5}, "hdr", "T1t")
