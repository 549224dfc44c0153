"""The versions of the peers, as they tell them."""

import re
import shutil
import subprocess
from importlib import metadata


def package(name):
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def libvips():
    import pyvips

    return ".".join(str(pyvips.version(part)) for part in range(3))


def opencv():
    import cv2

    return cv2.__version__


def imagemagick():
    """The program and its version, where it is installed."""
    for program in filter(None, map(shutil.which, ("magick", "convert"))):
        asked = subprocess.run([program, "-version"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        version = re.search(rb"ImageMagick (\S+)", asked.stdout)
        if asked.returncode == 0 and version:
            return program, version.group(1).decode()
    return None, None


def every():
    return {
        "OpenCV": opencv(), "libvips": libvips(), "Pillow": package("pillow"), "Halide": package("halide"),
        "ImageMagick": imagemagick()[1],
    }  # fmt: skip
