"""The guided filter of 1.12 and what uses it: guided, clarity, highlights_shadows."""

import numpy as np

import color
import kernels
from registry import effect


def weighted_box(plane, alpha, r):
    """BOX of alpha x over BOX of alpha, 0 where that is at most 1e-6 (1.12)."""
    total = kernels.box(alpha, r)
    seen = total > color.ALPHA_FLOOR
    return np.where(seen, kernels.box(alpha * plane, r) / np.where(seen, total, 1.0), 0.0)


def guided_filter(p, guide, alpha, r, epsilon):
    """GF of plane p with guide I, every mean weighted by alpha, borders clamp (1.12)."""

    def mean(x):
        return weighted_box(x, alpha, r)

    mean_i, mean_p = mean(guide), mean(p)
    variance = np.maximum(0.0, mean(guide * guide) - mean_i * mean_i)
    a = (mean(guide * p) - mean_i * mean_p) / (variance + epsilon)
    b = mean_p - a * mean_i
    return mean(a) * guide + mean(b)


GUIDED = {"radius": 0.01, "epsilon": 0.01, "guide": "luma", "fit": "cover"}


@effect("guided", "D", GUIDED, lambda p: p.length("radius") == 0, switchable=True)
def guided(img, p, cx):
    """Each of R, G, B through GF; the guide is luma, the channel itself or another picture's luma (guided)."""
    r, epsilon, alpha = p.length("radius"), p.f("epsilon"), img[..., 3]
    shown = color.hide(img)
    if p["guide"] == "input":
        guide = color.luma_plane(cx.secondary("guide", p["fit"]), cx.domain)
    else:
        guide = color.luma_plane(shown, cx.domain)
    planes = [shown[..., k] for k in range(3)]
    guides = planes if p["guide"] == "channel" else [guide] * 3
    out = [guided_filter(x, i, alpha, r, epsilon) for x, i in zip(planes, guides)]
    return color.with_alpha(np.stack(out, axis=-1), alpha)


@effect("clarity", "D", {"amount": 0, "radius": 0.03}, {"amount": 0})
def clarity(img, p, cx):
    """c + amount 4 lambda (1 - lambda) (l - GF(l; l)), one term for all channels (section 7)."""
    l = color.luma_plane(img, cx.domain)
    detail = l - guided_filter(l, l, img[..., 3], p.length("radius"), 0.01)
    lam = np.clip(l, 0.0, 1.0)
    term = p.f("amount") * 4.0 * lam * (1.0 - lam) * detail
    return color.with_alpha(img[..., :3] + term[..., None], img[..., 3])


HIGHLIGHTS = {"highlights": 0, "shadows": 0, "radius": 0.02}


@effect("highlights_shadows", "L", HIGHLIGHTS, {"highlights": 0, "shadows": 0})
def highlights_shadows(img, p, cx):
    """c 2^(1.5 (shadows ws + highlights wh)), the weights from the smoothed luma (highlights_shadows).

    luma is that of the display values (table of 1.8): the entry has no `space` that could choose others, and only
    with them is 1.5 stops the most that keeps the response monotone.
    """
    l = np.clip(color.luma_plane(color.convert(img, cx.domain, "D"), "D"), 0.0, 1.0)
    b = guided_filter(l, l, img[..., 3], p.length("radius"), 0.01)
    ws = 1.0 - color.smoothstep(0.0, 0.55, b)
    wh = color.smoothstep(0.45, 1.0, b)
    stops = 1.5 * (p.f("shadows") * ws + p.f("highlights") * wh)
    return color.with_alpha(img[..., :3] * 2.0 ** stops[..., None], img[..., 3])
