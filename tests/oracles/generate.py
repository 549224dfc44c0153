"""Writes or verifies the oracle data.

    python generate.py                    rewrite the effects that ../data/oracles holds
    python generate.py --only median,wave add or refresh the named effects there, leave the others as they are
    python generate.py --all              write every effect that has cases
    python generate.py --check            compare the files there with a regeneration, within 1e-7
    python generate.py --conditioning     how far the answers move when the inputs move by one ulp
    python generate.py --crosscheck       print the measured difference from the libraries
    python generate.py --list             the effects that have cases, and how many

`--data` names another folder, for a trial. The engine's tests expect every effect in the folder to exist, so an oracle
that is ahead of the engine stays out of it until `--only` lets it in.
"""

import argparse
import json
import shutil
import sys
from pathlib import Path

import numpy as np

import cases
import cases_area
import cases_distort
import cases_edge
import cases_geometry
import cases_grade
import cases_key
import cases_local
import cases_point
import cases_rank
import cases_smooth
import cases_stylize
import charts
import color
import crosscheck
import margins
import measure
import recipe
import vectors

DATA = Path(__file__).resolve().parent.parent / "data" / "oracles"
CASE_LISTS = (
    cases_point, cases_area, cases_rank, cases_smooth, cases_distort, cases_edge, cases_stylize, cases_local,
    cases_grade, cases_key, cases_geometry,
)  # fmt: skip


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


def build(chosen):
    """Files of the chosen cases as {relative path: bytes}, and their rows as {case name: line of cases.json}."""
    texts = charts.cube_files()
    files, rows = {}, {}
    for case in chosen:
        margins.reset()
        result = run_case(case)
        near = {k: v for k, v in margins.closest().items() if v < margins.SMALLEST}
        if near:
            raise ValueError(f"{case.name}: too close to a decision: {near}")
        stored = "D" if case.domain == "data" else case.domain
        source = cases.layer_path(case.chart, stored)
        files[source] = picture_bytes(charts.in_domain(case.chart, stored))
        files |= {path: texts[path].encode() for path in case.texts.values()}
        data = picture_bytes(result)
        expected = source if data == files[source] else f"{case.name}.f32"
        if case.identity and expected != source:
            raise ValueError(f"{case.name}: not the identity")
        files[expected] = data
        layers = {}
        for name, (chart, domain) in case.layers.items():
            path = cases.layer_path(chart, domain)
            files[path] = picture_bytes(charts.in_domain(chart, domain))
            w, h = charts.SIZES[chart]
            layers[name] = {"file": path, "width": w, "height": h, "domain": domain}
        w, h = charts.SIZES[case.chart]
        out_h, out_w = result.shape[:2]
        row = {
            "name": case.name, "effect": case.effect, "recipe": case.recipe, "domain": case.domain,
            "chart": case.chart, "alpha": charts.has_alpha(case.chart), "input": source, "width": w, "height": h,
            "layers": layers, "expected": expected, "out_width": out_w, "out_height": out_h,
            "tier": case.tier, "gain": case.gain, "compare": case.compare, "note": case.note,
        }  # fmt: skip
        rows[case.name] = json.dumps(row, ensure_ascii=True)
    return files, rows


def document(rows):
    """cases.json: one line a case, in the order of the case lists."""
    names = [case.name for case in cases.ALL]
    unknown = sorted(set(rows) - set(names))
    lines = [rows[name] for name in names + unknown if name in rows]
    return ('{"cases":[\n' + ",\n".join(lines) + "\n]}\n").encode()


def stored_rows(folder):
    """The lines of a stored cases.json as {case name: line}."""
    path = folder / "cases.json"
    lines = path.read_text().splitlines()[1:-1] if path.exists() else []
    lines = [line.removesuffix(",") for line in lines]
    return {json.loads(line)["name"]: line for line in lines}


def stored_effects(folder):
    """The effects that a data folder holds."""
    return {json.loads(line)["effect"] for line in stored_rows(folder).values()}


def everything(chosen):
    """All files of a data folder that holds the chosen cases and nothing else."""
    files, rows = build(chosen)
    return files | {"cases.json": document(rows), "vectors.json": vectors.document().encode()}


def write(folder, files):
    """Write files below a folder."""
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def replace(folder, files):
    """Replace the data folder."""
    if folder.exists():
        shutil.rmtree(folder)
    write(folder, files)


def merge(folder, chosen, effects):
    """Add or refresh some effects; the files and rows of the others stay as they are."""
    files, fresh = build(chosen)
    kept = {name: line for name, line in stored_rows(folder).items() if json.loads(line)["effect"] not in effects}
    for effect in effects:
        shutil.rmtree(folder / effect, ignore_errors=True)
    files |= {"cases.json": document(kept | fresh)}
    if not (folder / "vectors.json").exists():
        files |= {"vectors.json": vectors.document().encode()}
    write(folder, files)
    return files


def check(folder, files):
    """Names of files that are missing, extra or different."""
    present = {str(p.relative_to(folder).as_posix()) for p in folder.rglob("*") if p.is_file()}
    wrong = [f"extra: {name}" for name in sorted(present - set(files))]
    for name, data in sorted(files.items()):
        if name not in present:
            wrong.append(f"missing: {name}")
            continue
        old = (folder / name).read_bytes()
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


def conditioning(chosen):
    """Print the cases that use more than half of their tolerance on one ulp of input."""
    for case in chosen:
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


def arguments():
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", metavar="ID,ID", help="these effects alone")
    parser.add_argument("--all", action="store_true", help="every effect that has cases")
    parser.add_argument("--data", type=Path, default=DATA, metavar="FOLDER")
    for name in ("check", "conditioning", "crosscheck", "list"):
        parser.add_argument(f"--{name}", action="store_true")
    return parser.parse_args()


def chosen_effects(options):
    """The effects that a run is about, in the order of the case lists."""
    known = list(dict.fromkeys(case.effect for case in cases.ALL))
    if options.only:
        wanted = set(options.only.split(","))
        if wanted - set(known):
            raise SystemExit(f"no cases for {', '.join(sorted(wanted - set(known)))}")
    else:
        wanted = set() if options.all or options.list else stored_effects(options.data)
    return [effect for effect in known if not wanted or effect in wanted]


def report(chosen, files):
    """Print how many cases each effect has, and the size of it all."""
    counts = {}
    for case in chosen:
        counts[case.effect] = counts.get(case.effect, 0) + 1
    for name, count in counts.items():
        size = sum(len(data) for path, data in files.items() if path.startswith(f"{name}/"))
        print(f"{name:20} {count:3} cases {size / 1024:6.0f} KiB")
    print(f"{len(chosen)} cases, {len(files)} files, {sum(map(len, files.values())) / 1e6:.2f} MB")


def main():
    """Command line."""
    options = arguments()
    for module in CASE_LISTS:
        module.add()
    effects = chosen_effects(options)
    chosen = [case for case in cases.ALL if case.effect in effects]
    if options.list:
        report(chosen, {})
        return 0
    if options.conditioning:
        conditioning(chosen)
        return 0
    crosscheck.run()
    if options.crosscheck:
        measure.report()
        return 0
    if options.check:
        wrong = check(options.data, everything(chosen))
        print("\n".join(wrong) if wrong else f"{len(chosen)} cases agree")
        return 1 if wrong else 0
    if options.only:
        files = merge(options.data, chosen, effects)
    else:
        files = everything(chosen)
        replace(options.data, files)
    report(chosen, files)
    return 0


if __name__ == "__main__":
    sys.exit(main())
