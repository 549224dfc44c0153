"""Effects over time (effects.md 22) on a short clip with uneven timestamps, in f64.

    python clips.py            writes ../data/clips
    python clips.py --check    compares what is there with a regeneration, within 1e-7

The clip is a bright block that moves over a ramp, with an alpha ramp; frames are display straight, f32.
"""

import argparse
import json
from pathlib import Path

import numpy as np

import color

DATA = Path(__file__).resolve().parent.parent / "data" / "clips"
WIDTH, HEIGHT = 14, 9
# Seconds; the first is a reset, and one frame comes twice as late as the others.
TIMES = [0.0, 0.04, 0.08, 0.16, 0.2, 0.24, 0.3]


def frame(index):
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float64)
    rgb = np.stack([x / (WIDTH - 1), y / (HEIGHT - 1), 0.3 + 0.4 * np.sin(0.9 * x + 0.7 * index)], -1)
    block = (np.abs(x - 2 * index) <= 1) & (np.abs(y - 4) <= 2)
    rgb[block] = [0.95, 0.9 - 0.1 * index, 0.2]
    alpha = np.clip(0.2 + (x + y) / 12.0, 0.0, 1.0)
    alpha[0, 0] = 0.0
    return np.clip(color.with_alpha(rgb, alpha), 0.0, 1.0).astype(np.float32).astype(np.float64)


def left(dt, tau):
    return 0.0 if tau <= 0 else np.exp(-dt / tau)


def motion(moves):
    """What moves as numbers: the mean, and the middle in fractions of the sides, of pixels' centers."""
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH] + 0.5
    total = moves.sum()
    centroid = None if total == 0 else [(moves * x / WIDTH).sum() / total, (moves * y / HEIGHT).sum() / total]
    return {"amount": moves.mean(), "centroid": centroid}


def over(frames, step):
    """Runs `step(state, x, dt, t)` -> (state, output), with state None in the first frame."""
    state, outputs, last = None, [], None
    for x, t in zip(frames, TIMES):
        state, output = step(state, x, 0.0 if last is None else t - last, t)
        outputs.append(output)
        last = t
    return outputs


def approach(y, x, k):
    return x if y is None else x + k * (y - x)


def time_low_pass(frames, tau=0.1):
    def step(y, x, dt, t):
        y = approach(y, x, left(dt, tau))
        return y, y

    return over(frames, step)


def time_high_pass(frames, tau=0.1, gain=1.0):
    means = time_low_pass([color.convert(x, "D", "L") for x in frames], tau)
    outputs = []
    for x, mean in zip(frames, means):
        mean = color.convert(mean, "L", "D")
        x = color.hide(x)
        outputs.append(color.with_alpha(0.5 + gain * (x[..., :3] - mean[..., :3]), x[..., 3]))
    return outputs


def trail(frames, tau=0.4, mode="lighten"):
    if mode == "mix":
        return time_low_pass(frames, tau)

    def step(y, x, dt, t):
        y = x if y is None else np.maximum(x, y * left(dt, tau))
        return y, y

    return over(frames, step)


def freeze(frames, hold=False, at=-1.0):
    def step(y, x, dt, t):
        holds = y is not None and (hold or (at >= 0 and t >= at))
        y = y if holds else x
        return y, y

    return over(frames, step)


def strobe(frames, rate=8.0, mode="hold"):
    def step(state, x, dt, t):
        k = np.floor(t * rate)
        if mode == "black":
            return None, x if k % 2 == 0 else color.with_alpha(0.0 * x[..., :3], x[..., 3])
        y = x if state is None or state[1] != k else state[0]
        return (y, k), y

    return over(frames, step)


def smoothstep(low, high, v):
    if high <= low:
        return (v > low).astype(np.float64)
    t = np.clip((v - low) / (high - low), 0.0, 1.0)
    return t * t * (3 - 2 * t)


def motion_detect(
    frames, tau=0.5, threshold=0.05, softness=0.05, show="overlay", color_of=(255, 45, 85), reports=None
):
    paint = np.array(color_of) / 255.0

    def step(y, x, dt, t):
        x = color.hide(x)
        luma = x[..., :3] @ color.LUMA
        moves = np.zeros_like(luma) if y is None else smoothstep(threshold, threshold + softness, np.abs(luma - y))
        y = approach(y, luma, left(dt, tau))
        if reports is not None:
            reports.append(motion(moves))
        if show == "none":
            return y, x
        if show == "mask":
            return y, color.with_alpha(np.repeat(moves[..., None], 3, -1), x[..., 3])
        return y, color.with_alpha(x[..., :3] + moves[..., None] * (paint - x[..., :3]), x[..., 3])

    return over(frames, step)


# Name, effect, its domain, parameters.
CASES = [
    ("low_pass", time_low_pass, "L", {}),
    ("low_pass_long", time_low_pass, "L", {"tau": 1.5}),
    ("low_pass_none", time_low_pass, "L", {"tau": 0.0}),
    ("low_pass_display", time_low_pass, "DP", {"tau": 0.2}),
    ("high_pass", time_high_pass, "D", {}),
    ("high_pass_strong", time_high_pass, "D", {"tau": 0.5, "gain": 3.0}),
    ("trail", trail, "L", {}),
    ("trail_short", trail, "L", {"tau": 0.05}),
    ("trail_mix", trail, "L", {"tau": 0.3, "mode": "mix"}),
    ("freeze", freeze, "L", {"hold": True}),
    ("freeze_at", freeze, "L", {"at": 0.1}),
    ("freeze_never", freeze, "L", {}),
    ("strobe", strobe, "L", {}),
    ("strobe_slow", strobe, "L", {"rate": 5.5}),
    ("strobe_black", strobe, "L", {"rate": 10.0, "mode": "black"}),
    ("motion", motion_detect, "D", {}),
    ("motion_mask", motion_detect, "D", {"tau": 0.1, "threshold": 0.1, "softness": 0.2, "show": "mask"}),
    ("motion_none", motion_detect, "D", {"show": "none"}),
]


def files():
    """The bytes of every file by its name."""
    frames = [frame(index) for index in range(len(TIMES))]
    found = {"clip.f32": np.stack(frames).astype("<f4").tobytes()}
    cases = []
    for name, effect, domain, parameters in CASES:
        inputs = [color.convert(x, "D", domain) if domain != "D" else x for x in frames]
        reports = {"reports": []} if effect is motion_detect else {}
        outputs = effect(inputs, **parameters, **reports)
        found[f"{name}.f32"] = np.stack(outputs).astype("<f4").tobytes()
        step = {"effect": effect.__name__, **parameters}
        if domain == "DP":
            step["space"] = "display"
        gain = max(1.0, parameters.get("gain", 1.0))
        told = {"motion": reports["reports"]} if reports else {}
        cases.append({"name": name, "domain": domain, "gain": gain, "step": step, **told})
    index = {"width": WIDTH, "height": HEIGHT, "times": TIMES, "cases": cases}
    found["clips.json"] = (json.dumps(index, indent=1) + "\n").encode()
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true")
    check = parser.parse_args().check
    DATA.mkdir(parents=True, exist_ok=True)
    worst = 0.0
    for name, content in files().items():
        path = DATA / name
        if not check:
            path.write_bytes(content)
        elif name.endswith(".f32"):
            old = np.frombuffer(path.read_bytes(), "<f4")
            worst = max(worst, float(np.abs(old - np.frombuffer(content, "<f4")).max()))
        elif path.read_bytes() != content:
            raise SystemExit(f"{name} differs")
    if worst > 1e-7:
        raise SystemExit(f"the answers differ by {worst}")
    print("the same" if check else f"{len(CASES)} cases written to {DATA}")


if __name__ == "__main__":
    main()
