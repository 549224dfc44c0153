"""The chart of a report: how many times as long as Bowerbird each peer takes."""

from html import escape
from math import log10

ROW, LEFT, WIDTH, TOP, FOOT = 22, 330, 900, 64, 40
COLORS = {
    "OpenCV": "#2f6db3", "OpenCV by hand": "#7aa6d6", "OpenCV stack blur": "#7aa6d6",
    "OpenCV area": "#7aa6d6",
    "libvips": "#c8742b", "Pillow": "#4b9a5f", "Halide": "#8a5bb0", "ImageMagick": "#a8577e",
}
INK, PALE, LOSS = "#1c2430", "#6b7684", "#b3362f"


def svg(report):
    rows = [(entry, peer, t["ms"] / entry["ms"]) for entry in report["workloads"] for peer, t in entry["peers"].items()]
    most = max(ratio for *_, ratio in rows) * 1.3
    least = min(0.4, min(ratio for *_, ratio in rows) * 0.8)
    place = lambda ratio: LEFT + (WIDTH - LEFT - 130) * (log10(ratio) - log10(least)) / (log10(most) - log10(least))
    height = TOP + ROW * len(rows) + 6 * len(report["workloads"]) + FOOT
    size = "×".join(map(str, report["size"]))
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" font-family="system-ui, sans-serif" font-size="13">',
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
        f'<text x="16" y="26" font-size="16" font-weight="600" fill="{INK}">Time of the peers, as multiples of Bowerbird’s</text>',
        f'<text x="16" y="46" fill="{PALE}">{size}, 8 bits, {report["threads"]} threads, in memory; {escape(report["machine"]["cpu"])}</text>',
    ]
    ticks = [tick for tick in (0.5, 1, 2, 5, 10, 20, 50, 100, 200) if least <= tick <= most]
    for tick in ticks:
        x = place(tick)
        stroke = INK if tick == 1 else "#dfe3e8"
        out.append(f'<line x1="{x:.1f}" y1="{TOP - 6}" x2="{x:.1f}" y2="{height - FOOT + 6}" stroke="{stroke}"/>')
        out.append(f'<text x="{x:.1f}" y="{height - FOOT + 24}" fill="{PALE}" text-anchor="middle">{tick:g}×</text>')
    y = TOP
    before = None
    for entry, peer, ratio in rows:
        if before is not None and entry is not before:
            y += 6
        if entry is not before:
            out.append(f'<text x="16" y="{y + 15}" fill="{INK}">{escape(entry["label"])}</text>')
        before = entry
        left, right = sorted((place(1), place(ratio)))
        color = COLORS.get(peer, PALE)
        out.append(f'<rect x="{left:.1f}" y="{y + 3}" width="{max(right - left, 1):.1f}" height="{ROW - 6}" fill="{color}"/>')
        ink = INK if ratio >= 1 else LOSS
        out.append(f'<text x="{right + 6:.1f}" y="{y + 15}" font-size="12" fill="{ink}">{peer} {ratio:.1f}×</text>')
        y += ROW
    out.append("</svg>")
    return "\n".join(out) + "\n"
