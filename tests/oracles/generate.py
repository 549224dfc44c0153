"""Writes or verifies the oracle data.

    python generate.py                 write everything below ../data/oracles
    python generate.py --check         compare the files there with a regeneration, within 1e-7
    python generate.py --conditioning  how far the answers move when the inputs move by one ulp
"""

import argparse
import json
import shutil
import sys
from pathlib import Path

import numpy as np

import cases
import cases_area
import cases_point
import charts
import color
import crosscheck
import margins
import recipe
import vectors

DATA = Path(__file__).resolve().parent.parent / "data" / "oracles"


def picture_bytes(img):
    """Raw little-endian f32, RGBA interleaved, row-major."""
    if not np.isfinite(img).all():
        raise ValueError("not finite")
    return np.ascontiguousarray(img, dtype="<f4").tobytes()


def run_case(case, jitter=None):
    """The answer of one case, f64, in the domain of the case (or data)."""
    source = charts.in_domain(case.chart, case.domain if case.domain != "data" else "D")
    if jitter is not None:
        source = jitter(source)
    texts = charts.cube_files()
    assets = {k: recipe.Picture(charts.in_domain(*v), v[1]) for k, v in case.layers.items()}
    assets |= {k: texts[path] for k, path in case.texts.items()}
    start = recipe.Picture(source, "D" if case.domain == "data" else case.domain)
    out = recipe.run(case.recipe, start, assets)
    if case.compare == "data":
        return out.pixels
    pixels = out.to(case.domain)
    return pixels if color.is_premultiplied(case.domain) else color.hide(pixels)


def build():
    """All files as {relative path: bytes}."""
    files = {name: text.encode() for name, text in charts.cube_files().items()}
    rows = []
    for case in cases.ALL:
        margins.reset()
        result = run_case(case)
        near = {k: v for k, v in margins.closest().items() if v < margins.SMALLEST}
        if near:
            raise ValueError(f"{case.name}: too close to a decision: {near}")
        stored = "D" if case.domain == "data" else case.domain
        source = cases.layer_path(case.chart, stored)
        files[source] = picture_bytes(charts.in_domain(case.chart, stored))
        data = picture_bytes(result)
        expected = source if data == files[source] else f"{case.name}.f32"
        if case.tier == "T0" and expected != source:
            raise ValueError(f"{case.name}: T0, but not the identity")
        files[expected] = data
        layers = {}
        for name, (chart, domain) in case.layers.items():
            path = cases.layer_path(chart, domain)
            files[path] = picture_bytes(charts.in_domain(chart, domain))
            w, h = charts.SIZES[chart]
            layers[name] = {"file": path, "width": w, "height": h, "domain": domain}
        w, h = charts.SIZES[case.chart]
        row = {
            "name": case.name, "effect": case.effect, "recipe": case.recipe, "domain": case.domain,
            "chart": case.chart, "alpha": charts.has_alpha(case.chart), "input": source, "width": w, "height": h,
            "layers": layers, "expected": expected, "out_width": w, "out_height": h,
            "tier": case.tier, "gain": case.gain, "compare": case.compare, "note": case.note,
        }  # fmt: skip
        rows.append(json.dumps(row, ensure_ascii=True))
    files["cases.json"] = ('{"cases":[\n' + ",\n".join(rows) + "\n]}\n").encode()
    files["vectors.json"] = vectors.document().encode()
    return files


def write(files):
    """Replace the data directory."""
    if DATA.exists():
        shutil.rmtree(DATA)
    for name, data in files.items():
        path = DATA / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def check(files):
    """Names of files that are missing, extra or different."""
    present = {str(p.relative_to(DATA).as_posix()) for p in DATA.rglob("*") if p.is_file()}
    wrong = [f"extra: {name}" for name in sorted(present - set(files))]
    for name, data in sorted(files.items()):
        if name not in present:
            wrong.append(f"missing: {name}")
            continue
        old = (DATA / name).read_bytes()
        if name.endswith(".f32"):
            a, b = np.frombuffer(old, "<f4").astype(np.float64), np.frombuffer(data, "<f4").astype(np.float64)
            if a.shape != b.shape or (np.abs(a - b) > 1e-7 * np.maximum(1.0, np.abs(b))).any():
                wrong.append(f"differs: {name}")
        elif name == "vectors.json":
            wrong += vectors.differences(old.decode(), data.decode())
        elif old != data:
            wrong.append(f"differs: {name}")
    return wrong


def tolerance(case, value):
    """The tier as an array of allowed differences (section 27)."""
    ulp = np.spacing(np.abs(value).astype(np.float32)).astype(np.float64)
    if case.tier == "T1":
        return 1e-6 + 4 * ulp
    if case.tier == "T1t":
        return (1e-5 + 16 * ulp) * max(1.0, case.gain)
    if case.tier == "T1w":
        return np.full(value.shape, 2e-5 if case.chart == "smooth" else 2e-4)
    return np.full(value.shape, 0.5 / 255 * max(1.0, case.gain))


def conditioning():
    """Print the cases that use more than half of their tolerance on one ulp of input."""
    for case in cases.ALL:
        if case.tier == "T0":
            continue
        value = run_case(case)
        worst = 0.0
        for seed in range(3):
            source = np.random.default_rng(seed)

            def jitter(img):
                out = img.astype(np.float32)
                rgb = out[..., :3]
                up = source.integers(0, 2, rgb.shape) > 0
                moved = np.nextafter(rgb, np.where(up, np.float32(9), np.float32(-9)))
                out[..., :3] = np.where((rgb == 0) | (rgb == 1), rgb, moved)
                return out.astype(np.float64)

            moved = run_case(case, jitter)
            share = np.abs(moved - value) / tolerance(case, value)
            if case.tier == "T2d":
                share = np.where(share.max(-1) > 1, 1.0, 0.0).mean(keepdims=True) / 0.005
            worst = max(worst, float(share.max()))
        if worst > 0.5:
            print(f"{case.name:40} {case.tier:5} {worst:.2f} of the tolerance")


def main():
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--conditioning", action="store_true")
    options = parser.parse_args()
    cases_point.add()
    cases_area.add()
    if options.conditioning:
        conditioning()
        return 0
    crosscheck.run()
    files = build()
    if options.check:
        wrong = check(files)
        print("\n".join(wrong) if wrong else f"{len(files)} files agree")
        return 1 if wrong else 0
    write(files)
    counts = {}
    for case in cases.ALL:
        counts[case.effect] = counts.get(case.effect, 0) + 1
    for name, count in counts.items():
        print(f"{name:16} {count}")
    print(f"{len(cases.ALL)} cases, {len(files)} files, {sum(map(len, files.values())) / 1e6:.2f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
