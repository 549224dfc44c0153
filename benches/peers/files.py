"""From a JPEG file to a JPEG file through the look, as whole processes: start, decoding and encoding are timed too.

Tables, matrices and the mask are prepared as files beforehand, for the peers and not for Bowerbird, which reads the
recipe alone. Everyone writes quality 92 and halves the chroma both ways, as the input has it.
"""

import json
import os
import subprocess
import sys

import cv2

from bench import Workload, codes, steps
from looks import Look
from turns import timed
from versions import imagemagick

QUALITY = 92

LIBVIPS = """
import json, sys, pyvips
folder, quality = sys.argv[1], int(sys.argv[2])
look = json.load(open(folder + "/tables.json"))
table = lambda name: pyvips.Image.new_from_array([look[name]]).cast("uchar")
mixer, saturation = (pyvips.Image.new_from_array(look[name]) for name in ("mixer", "saturation"))
mask = pyvips.Image.new_from_file(folder + "/mask.v")
y = pyvips.Image.new_from_file(folder + "/in.jpg", access="sequential")
y = y.maplut(table("brighten")).maplut(table("contrast")).recomb(mixer).recomb(saturation).cast("uchar")
y = y.maplut(table("curve")).linear([look["high"] - look["low"]], [255 * look["low"]]).recomb(mixer) * mask
y.cast("uchar").write_to_file(folder + "/libvips.jpg", Q=quality, subsample_mode="on")
"""

PILLOW = """
import json, sys
from PIL import Image, ImageChops, ImageEnhance
folder, quality = sys.argv[1], int(sys.argv[2])
look = json.load(open(folder + "/tables.json"))
mixer = [value for row in look["mixer"] for value in (*row, 0)]
mask = Image.open(folder + "/mask.pgm")
y = Image.open(folder + "/in.jpg").point(look["brighten"] * 3)
y = ImageEnhance.Contrast(y).enhance(look["scale"]).convert("RGB", mixer)
y = ImageEnhance.Color(y).enhance(look["amount"]).point(look["curve"] * 3).point(look["levels"] * 3)
y = ImageChops.multiply(y.convert("RGB", mixer), Image.merge("RGB", [mask] * 3))
y.save(folder + "/Pillow.jpg", quality=quality, subsampling="4:2:0")
"""


def prepare(bench, look):
    """The input, the recipe, and what the peers get."""
    at = lambda name: str(bench.folder / name)
    picture = cv2.cvtColor(bench.rgb, cv2.COLOR_RGB2BGR)
    # OpenCV's default halves the chroma both ways.
    cv2.imwrite(at("in.jpg"), picture, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    (bench.folder / "look.json").write_text(json.dumps({"version": 1, "steps": steps("look8")}))
    tables = {name: getattr(look, name).tolist() for name in ("brighten", "contrast", "curve", "levels")}
    tables |= {name: getattr(look, name)[:3, :3].tolist() for name in ("mixer", "saturation")}
    tables |= {"low": look.low, "high": look.high, "scale": look.steps[1]["amount"], "amount": look.amount}
    (bench.folder / "tables.json").write_text(json.dumps(tables))
    cv2.imwrite(at("mask.pgm"), codes(look.shade))
    cv2.imwrite(at("curve.pgm"), look.curve[None, :])
    bench.vips(look.shade).write_to_file(at("mask.v"))


def process(*command):
    return lambda: subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def by_imagemagick(program, bench, look):
    at = lambda name: str(bench.folder / name)
    matrix = lambda m: " ".join(f"{value:.6g}" for value in m[:3, :3].ravel())
    contrast = look.steps[1]["amount"]
    return process(
        program, at("in.jpg"),
        "-evaluate", "multiply", str(look.steps[0]["scale"]), "-function", "polynomial", f"{contrast},{0.5 - contrast / 2}",
        "-color-matrix", matrix(look.mixer), "-color-matrix", matrix(look.saturation),
        at("curve.pgm"), "-clut", "+level", f"{100 * look.low}%,{100 * look.high}%", "-color-matrix", matrix(look.mixer),
        at("mask.pgm"), "-compose", "multiply", "-composite",
        "-quality", str(QUALITY), "-sampling-factor", "4:2:0", at("ImageMagick.jpg"),
    )  # fmt: skip


def jpeg_look8(bench):
    look = Look(bench)
    prepare(bench, look)
    path = str(bench.folder / "out.jpg")
    apply = process(
        bench.program, "apply", str(bench.folder / "in.jpg"), "-r", str(bench.folder / "look.json"), "-o", path,
        "--backend", "cpu", "--threads", str(bench.threads), "--quality", str(QUALITY), "--chroma", "half",
    )  # fmt: skip

    def own():
        apply()
        return path

    def exact():
        decoded = cv2.imread(str(bench.folder / "in.jpg"), cv2.IMREAD_COLOR)
        return look.exact(cv2.cvtColor(decoded, cv2.COLOR_BGR2RGB))

    python = lambda *arguments: process(sys.executable, "-c", *arguments)
    peers = {
        "libvips": python(LIBVIPS, str(bench.folder), str(QUALITY)),
        "Pillow": python(PILLOW, str(bench.folder), str(QUALITY)),
    }
    magick, _ = imagemagick()
    if magick:
        os.environ["MAGICK_THREAD_LIMIT"] = str(bench.threads)
        peers["ImageMagick"] = by_imagemagick(magick, bench, look)
    starts = {name: min(timed(python(f"import {module}"), 5)) for name, module in (("libvips", "pyvips"), ("Pillow", "PIL"))}
    note = "whole processes; Python that only imports its library takes " + " and ".join(
        f"{ms:.0f} ms ({name})" for name, ms in starts.items()
    )
    return Workload(
        peers, dict.fromkeys(peers, 2.0), exact, 30.0, note=f"{note}, of which nothing is subtracted", own=own,
        label="the look from JPEG file to JPEG file, whole processes",
    )  # fmt: skip
