"""The versions of the peers, as they tell them."""

from importlib import metadata


def libvips():
    import pyvips

    return ".".join(str(pyvips.version(part)) for part in range(3))


def pillow():
    return metadata.version("pillow")


def halide():
    try:
        return metadata.version("halide")
    except metadata.PackageNotFoundError:
        return None
