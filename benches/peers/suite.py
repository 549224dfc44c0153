#!/usr/bin/env python3
"""Times Bowerbird and its peers in turns, on the same picture and in one run, and checks that they do the same.

Every figure is the least of all runs, in memory, without decoding and encoding; only workloads whose name begins with
jpeg are whole processes from file to file. For each workload the contestants take turns for several rounds, so that a
noisy moment of the machine falls on all of them alike. The outcome goes to a JSON file, which the README's table and
the chart are made from.
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]


def options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default=str(ROOT / "target/release/bowerbird"), help="the bowerbird to time")
    parser.add_argument("--photo", default=str(ROOT / "assets/photos/coffee.png"), help="the picture; it is scaled")
    parser.add_argument("--size", default="3840x2160", help="to this size (default: %(default)s)")
    parser.add_argument("--threads", type=int, default=2, help="for everyone (default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=3, help="turns each contestant gets (default: %(default)s)")
    parser.add_argument("--runs", type=int, default=3, help="runs in each turn (default: %(default)s)")
    parser.add_argument("--only", default="", help="workloads, by id, with commas between; nothing is published then")
    parser.add_argument("--out", default=str(HERE), help="the folder for results.json and results.svg")
    return parser.parse_args()


def psnr(a, b):
    difference = np.mean((a[..., :3].astype(np.float64) - b[..., :3].astype(np.float64)) ** 2)
    return 10 * np.log10(255**2 / difference) if difference > 0 else float("inf")


class Ours:
    """Bowerbird, as a process for each turn: reading the picture and planning are not timed."""

    def __init__(self, args, picture, folder):
        self.args, self.picture, self.folder = args, picture, folder

    def turn(self, name, output=None):
        command = [self.args.program, "bench", "--suite", "--only", name, "--input", self.picture, "--json"]
        command += ["--backend", "cpu", "--threads", str(self.args.threads), "--runs", str(self.args.runs)]
        command += ["--output", str(output)] if output else []
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        return json.loads(done.stdout)["workloads"][0]

    def result(self, name, workload):
        """The picture, or what a report says."""
        if workload.own:
            path = workload.own()
        else:
            path = Path(self.folder) / f"{name}.{workload.output}"
            self.turn(name, path)
        if workload.output == "json":
            return json.loads(Path(path).read_text())
        return cv2.cvtColor(cv2.imread(str(path), cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB)


def agreement(workload, ours, shape):
    """How close the result is to that of who computes the same, in dB, away from the edges; `shape` is the picture's."""
    if workload.reference is None:
        return None
    if isinstance(workload.reference, str):
        expected = workload.peers[workload.reference]()
    else:
        expected = workload.reference()
    if workload.likeness:
        return workload.likeness(ours, expected)
    if ours.shape[:2] != (workload.size or shape):
        return 0.0
    if workload.window:
        top, left, height, width = workload.window
        ours = ours[top : top + height, left : left + width]
        return psnr(ours, expected)
    edge = min(64, ours.shape[0] // 8, ours.shape[1] // 8)
    inner = (slice(edge, -edge), slice(edge, -edge))
    return psnr(ours[inner], expected[inner])


def measured(name, workload, ours, args, shape):
    own, linear = [], []
    times = {peer: [] for peer in workload.peers}
    for function in workload.peers.values():
        function()
    for _ in range(args.rounds):
        if workload.own:
            own += timed(workload.own, args.runs)
        else:
            turn = ours.turn(name)
            own.append(turn["ms"]["min"])
            if turn["linear_ms"]:
                linear.append(turn["linear_ms"]["min"])
        for peer, function in workload.peers.items():
            times[peer] += timed(function, args.runs)
    closeness = agreement(workload, ours.result(name, workload), shape)
    return {
        "id": name,
        "label": workload.label or next(entry["label"] for entry in workloads.SUITE if entry["id"] == name),
        "ms": round(min(own), 2),
        "linear_ms": round(min(linear), 2) if linear else None,
        "peers": {peer: {"ms": round(min(t), 2), "median": round(statistics.median(t), 2)} for peer, t in times.items()},
        "targets": workload.targets,
        "psnr": None if closeness is None else round(min(closeness, 99.0), 1),
        "least_psnr": workload.agreement if workload.reference else None,
        "reference": workload.reference if isinstance(workload.reference, str) else workload.named if workload.reference else None,
        "note": workload.note,
    }


def copy_limit(rgba, threads, runs):
    """One read and one write of the picture, on all threads."""
    target = np.empty_like(rgba)
    bands = np.array_split(np.arange(rgba.shape[0]), threads)
    with ThreadPoolExecutor(threads) as pool:
        copy = lambda: list(pool.map(lambda rows: np.copyto(target[rows[0] : rows[-1] + 1], rgba[rows[0] : rows[-1] + 1]), bands))
        copy()
        return min(timed(copy, 3 * runs))


def machine():
    model = platform.processor()
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            model = line.split(":", 1)[1].strip()
            break
    return {"cpu": model, "cores": os.cpu_count(), "system": f"{platform.system()} {platform.machine()}"}


def show(entry):
    peers = ", ".join(f"{peer} {t['ms']:.1f} ({t['ms'] / entry['ms']:.1f}×)" for peer, t in entry["peers"].items())
    close = "" if entry["psnr"] is None else f"; {entry['psnr']:.1f} dB from {entry['reference']}"
    print(f"{entry['id']:16} {entry['ms']:8.1f} ms   {peers}{close}", flush=True)


def choice(args):
    """The workloads to run: the functions that prepare them, by id."""
    every = workloads.WORKLOADS | workloads.EXTRA
    only = [name for name in args.only.split(",") if name]
    unknown = [name for name in only if name not in every]
    if unknown:
        sys.exit(f"there is no workload {unknown[0]}; there are {', '.join(every)}")
    known = [entry["id"] for entry in workloads.SUITE]
    missing = [name for name in known if name not in workloads.WORKLOADS]
    if missing:
        sys.exit(f"no peers are written for {', '.join(missing)}")
    chosen = {}
    for name, prepared in every.items():
        if only and name not in only:
            continue
        if name in known or name in workloads.EXTRA:
            chosen[name] = prepared
        else:
            print(f"{name:16} skipped: suite.json has no such workload", flush=True)
    return chosen


def main():
    width, height = map(int, args.size.split("x"))
    photo = cv2.imread(args.photo)
    if photo is None:
        sys.exit(f"{args.photo}: not a picture that can be read")
    rgb = cv2.cvtColor(cv2.resize(photo, (width, height), interpolation=cv2.INTER_CUBIC), cv2.COLOR_BGR2RGB)
    chosen = choice(args)
    with tempfile.TemporaryDirectory() as folder:
        picture = str(Path(folder) / "picture.png")
        cv2.imwrite(picture, cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_PNG_COMPRESSION, 1])
        ours = Ours(args, picture, folder)
        bench = workloads.Bench(rgb, args.threads, args.program, folder)
        limit = copy_limit(bench.rgba, args.threads, args.runs)
        print(f"copy limit {limit:.2f} ms on {args.threads} threads", flush=True)
        entries = []
        for name, prepared in chosen.items():
            entries.append(measured(name, prepared(bench), ours, args, (height, width)))
            show(entries[-1])
    wrong = [e["id"] for e in entries if e["psnr"] is not None and e["psnr"] < e["least_psnr"]]
    if wrong:
        sys.exit(f"not the same operation as the reference: {', '.join(wrong)}")
    if args.only:
        return
    report = {
        "machine": machine(),
        "size": [width, height],
        "threads": args.threads,
        "runs": args.rounds * args.runs,
        "copy_ms": round(limit, 2),
        "versions": versions.every(),
        "workloads": entries,
    }
    out = Path(args.out)
    (out / "results.json").write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n")
    (out / "results.svg").write_text(chart.svg(report))
    print(f"wrote {out / 'results.json'} and {out / 'results.svg'}; .ci/readme puts the table into the README")


if __name__ == "__main__":
    args = options()
    # Libraries read these when they are loaded.
    os.environ["VIPS_CONCURRENCY"] = os.environ["HL_NUM_THREADS"] = str(args.threads)
    import cv2
    import numpy as np

    import chart
    import versions
    import workloads
    from turns import timed

    cv2.setNumThreads(args.threads)
    main()
