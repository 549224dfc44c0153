#!/usr/bin/env python3
"""Predicts the workloads of the suite from what they move and compute, and what they would take on other machines.

On a CPU the time is a sum: bytes to and from memory over the rate of a copy, and for each thread the registers that are
computed, loaded and stored, and the instructions for single pixels, each at its cycles. These numbers of cycles are
fitted once, over all workloads (`--fit`); everything else is counted. On a GPU the time is the longer one of bytes over
bandwidth and operations over peak rate.

`--record` asks a program what its plans move, on both backends, and keeps it in moved.json.
"""

import argparse
import json
import math
import os
import struct
import subprocess
import tempfile
import zlib
from dataclasses import dataclass, fields
from pathlib import Path

import counts
import gpu_counts

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
RESULTS, MOVED = HERE / "results.json", HERE / "moved.json"
SUITE = ROOT / "crates/bowerbird-cli/src/bench/suite.json"

# Lanes of a register of 256 bits.
LANES = 8


@dataclass(frozen=True)
class Cycles:
    """What a core takes for 256 bits of a register, alone or as half of a wider one, and for an instruction of one pixel.
    Fitted."""

    arithmetic: float
    wide: float
    access: float
    scalar: float

    def of(self, count):
        registers = self.arithmetic * count.arithmetic + self.wide * count.wide + self.access * count.access
        return registers / LANES + self.scalar * count.scalar


# It computes wider registers in two halves.
ZEN_4 = Cycles(arithmetic=0.35, wide=0.35, access=0.86, scalar=0.2)
# The machine of results.json.
FITTED = Cycles(arithmetic=0.48, wide=0.26, access=0.8, scalar=0.08)

# How far a prediction may be from the measurement.
TOLERANCE = 0.3


@dataclass(frozen=True)
class Cpu:
    name: str
    threads: int
    ghz: float
    # Bytes a nanosecond.
    bandwidth: float
    cycles: Cycles = ZEN_4

    def ms(self, work, cycles=None):
        cycles = cycles or self.cycles
        memory = work.bytes / self.bandwidth
        return (memory + work.pixels * cycles.of(work.count) / self.threads / self.ghz) / 1e6


@dataclass(frozen=True)
class Gpu:
    name: str
    bandwidth: float
    # The published rate, in operations a nanosecond. It counts a product and a sum as two; ours are not fused.
    flops: float

    def parts(self, work):
        return work.gpu_bytes / self.bandwidth / 1e6, work.pixels * work.gpu_operations / (self.flops / 2) / 1e6


# The clock of the machine of results.json, timed by a chain of rotations.
MEASURED_GHZ = 3.7

# Published: clocks at the base, two channels of DDR5-5200; bandwidth and peak rate of floats.
MACHINES = [
    Cpu("Ryzen 9 7950X, 16 cores", 16, 4.5, 83.2),
    Gpu("Apple M2", 100, 3600),
    Gpu("GeForce RTX 4060", 272, 15100),
]


@dataclass(frozen=True)
class Work:
    name: str
    label: str
    pixels: int
    bytes: float
    count: counts.Count
    gpu_bytes: float | None
    gpu_operations: float | None
    measured: float


def load(measured):
    """The machine of a measurement and its workloads. A `bowerbird bench --suite --json` has no copy; the one of
    results.json stands for it."""
    report = json.loads(Path(measured).read_text())
    width, height = report["size"]
    copy = report.get("copy_ms") or json.loads(RESULTS.read_text())["copy_ms"]
    machine = Cpu(
        report.get("machine", {}).get("cpu", "measured"), report["threads"], MEASURED_GHZ, 8 * width * height / copy / 1e6,
        FITTED,
    )
    moved = json.loads(MOVED.read_text())
    scale = width * height / math.prod(moved["size"])
    every, shaders = counts.workloads(width, height), gpu_counts.workloads(width, height)
    works = []
    for entry in report["workloads"]:
        name = entry["id"]
        if name not in every:
            continue
        time = entry["ms"]["min"] if isinstance(entry["ms"], dict) else entry["ms"]
        own = counts.OWN_BYTES.get(name)
        bytes = width * height * sum(own) if own else scale * sum(map(sum, moved["cpu"][name]))
        on_gpu = None if name in gpu_counts.NOT_HERE else scale * sum(map(sum, moved["gpu"][name]))
        works.append(
            Work(
                name, entry["label"], width * height,
                bytes + every[name].hidden * width * height, every[name],
                on_gpu, shaders.get(name), time,
            )
        )
    return machine, works


def fitted(machine, works):
    """The cycles whose greatest logarithm of predicted over measured is the least, by steps along each."""

    def loss(cycles):
        return max(abs(math.log(machine.ms(work, cycles) / work.measured)) for work in works)

    names = [f.name for f in fields(Cycles)]
    best, step = FITTED, 0.3
    while step > 1e-4:
        tried = [
            Cycles(**{n: getattr(best, n) * (factor if n == name else 1) for n in names})
            for name in names
            for factor in (1 + step, 1 / (1 + step))
        ]
        least = min(tried, key=loss)
        if loss(least) < loss(best):
            best = least
        else:
            step /= 2
    return best


def is_off(machine, work):
    return abs(machine.ms(work) / work.measured - 1) > TOLERANCE


def table(machine, works):
    """The Markdown of predicted and measured times."""
    rows = []
    for work in works:
        count, ms = work.count, machine.ms(work)
        ratio = f"{ms / work.measured:.2f}"
        rows.append(
            f"| {work.label} | {work.bytes / 1e6:.0f} | {count.arithmetic + count.wide:.0f} | {count.access:.0f} | {count.scalar:.0f} | "
            f"{ms:.1f} | {work.measured:.1f} | {f'**{ratio}**' if is_off(machine, work) else ratio} |"
        )
    off = [work.name for work in works if is_off(machine, work)]
    within = f"{len(works) - len(off)} of {len(works)} within {TOLERANCE:.0%}"
    head = (
        f"{machine.name}, {machine.threads} threads, {machine.ghz:g} GHz, a copy at {machine.bandwidth:.1f} GB/s; cycles: "
        + ", ".join(f"{f.name} {getattr(FITTED, f.name):g}" for f in fields(Cycles))
        + f". {within}{': not ' + ', '.join(f'`{name}`' for name in off) if off else ''}."
    )
    columns = "| workload | MB | arithmetic | access | scalar | predicted ms | measured ms | ratio |"
    return "\n".join([head, "", columns, "|---" * 8 + "|", *rows])


def shown(ms):
    return f"{ms:.0f}" if ms >= 100 else f"{ms:.1f}" if ms >= 10 else f"{ms:.2f}"


def on(machine, work):
    """The predicted milliseconds; on a GPU with what they are spent on."""
    if isinstance(machine, Cpu):
        return shown(machine.ms(work))
    if work.gpu_bytes is None:
        return "on the CPU"
    memory, arithmetic = machine.parts(work)
    return f"{shown(max(memory, arithmetic))} {'memory' if memory > arithmetic else 'arithmetic'}"


def predictions(works, machines):
    """The Markdown of other machines: never measured."""
    names = [machine.name for machine in machines]
    rows = [f"| {work.label} | {' | '.join(on(machine, work) for machine in machines)} |" for work in works]
    return "\n".join([f"| predicted ms | {' | '.join(names)} |", "|---" * (len(names) + 1) + "|", *rows])


def readme():
    """The generated blocks of benches/README.md."""
    machine, works = load(RESULTS)
    return {"model": lambda: table(machine, works), "machines": lambda: predictions(works, MACHINES)}


def described(path):
    """Machines of a JSON file: one or a list, with the fields of `Cpu` or of `Gpu`."""
    found = json.loads(Path(path).read_text())
    return [(Gpu if "flops" in one else Cpu)(**one) for one in (found if isinstance(found, list) else [found])]


def sticker(side):
    """A PNG of a white square."""
    chunk = lambda kind, data: struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    header = struct.pack(">IIBBBBB", side, side, 8, 6, 0, 0, 0)
    rows = zlib.compress((b"\0" + b"\xff" * (4 * side)) * side)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def arguments(steps, folder):
    """Steps as the command takes them; those with files of their own get some."""
    for step in steps:
        files = {"lut3d": {"file": f"{folder}/cube.cube"}, "sticker": {"image": f"{folder}/sticker.png"}}
        words = []
        for key, value in (step | files.get(step["effect"], {})).items():
            pairs = [(f"{key}.{name}", of) for name, of in value.items()] if isinstance(value, dict) else [(key, value)]
            words += [of if name == "effect" else f"{name}={json.dumps(of)}" for name, of in pairs]
        yield from ("-e", " ".join(words))


def record(program, size):
    """What each plan reads and writes, pass by pass."""
    moved = {"size": size, "cpu": {}, "gpu": {}}
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "cube.cube").write_text("LUT_3D_SIZE 2\n" + "0 0 0\n" * 8)
        (Path(folder) / "sticker.png").write_bytes(sticker(800))
        for entry in json.loads(SUITE.read_text()):
            for backend in ("cpu", "gpu") if "steps" in entry else ():
                command = [program, "explain", "--json", "--size", "x".join(map(str, size)), "--backend", backend]
                done = subprocess.run([*command, *arguments(entry["steps"], folder)], check=True, stdout=subprocess.PIPE)
                passes = json.loads(done.stdout)["passes"]
                moved[backend][entry["id"]] = [[one["bytes_read"], one["bytes_written"]] for one in passes]
    MOVED.write_text(json.dumps(moved) + "\n")
    print(f"wrote {os.path.relpath(MOVED)}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--measured", default=str(RESULTS), help="of benches/peers/run, or of bowerbird bench --suite --json")
    parser.add_argument("--machine", help="a JSON file of machines to predict in the place of those built in")
    parser.add_argument("--fit", action="store_true", help="print the cycles that fit the measurement best")
    parser.add_argument("--record", metavar="PROGRAM", help="keep what the plans of this bowerbird move, and do nothing else")
    args = parser.parse_args()
    if args.record:
        return record(args.record, [3840, 2160])
    machine, works = load(args.measured)
    if args.fit:
        return print(fitted(machine, works))
    machines = described(args.machine) if args.machine else MACHINES
    print(table(machine, works), predictions(works, machines), sep="\n\n")


if __name__ == "__main__":
    main()
