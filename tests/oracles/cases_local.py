"""Cases of clahe: tiles that do and do not divide the picture, limits, alpha."""

from cases import case


def add():
    """Folder 3."""
    case("clahe", "default", {}, "small_alpha", "T1t", note="tiles of 2 to 4 pixels: the limit is 1")
    case("clahe", "four_tiles", {"tiles": [2, 2], "clip": 4}, "alpha", "T1t")
    case("clahe", "uneven", {"tiles": [4, 3], "clip": 6.5}, "small_alpha", "T1t", note="27 / 4 and 19 / 3 are not whole")
    case("clahe", "tall", {"tiles": [2, 5], "clip": 3}, "tall_alpha", "T1t")
    case("clahe", "smooth", {"tiles": [5, 3], "clip": 2.5}, "smooth", "T1t", note="the tiles divide the picture")
    case("clahe", "no_limit", {"tiles": [3, 2], "clip": 256}, "small", "T1t")
    case("clahe", "hdr", {"tiles": [2, 2], "clip": 8}, "hdr", "T1t", note="levels outside 0..1 count as the ends")
