"""Running a recipe in f64: inputs, domains, masks and the mix (effects.md 1.1, 1.5, 1.6, 18)."""

from dataclasses import dataclass, field

import numpy as np

import color
import effects_auto  # noqa: F401  the imports fill the registry
import effects_color  # noqa: F401
import effects_composite
import effects_decorate  # noqa: F401
import effects_distort  # noqa: F401
import effects_edge  # noqa: F401
import effects_geometry  # noqa: F401
import effects_grade  # noqa: F401
import effects_guided  # noqa: F401
import effects_key  # noqa: F401
import effects_local  # noqa: F401
import effects_lut  # noqa: F401
import effects_mask  # noqa: F401
import effects_rank  # noqa: F401
import effects_smooth  # noqa: F401
import effects_spatial  # noqa: F401
import effects_stylize  # noqa: F401
import effects_tone  # noqa: F401
import effects_tonemap  # noqa: F401
import effects_transform  # noqa: F401
import effects_warp  # noqa: F401
import kernels
from params import Params, f32
from registry import EFFECTS


@dataclass
class Picture:
    """Pixels and the domain they are in."""

    pixels: np.ndarray
    domain: str

    def to(self, domain):
        """The same picture in another domain."""
        return color.convert(self.pixels, self.domain, domain)


@dataclass
class Context:
    """What a body may look at besides its primary input and its parameters."""

    domain: str
    size: tuple
    assets: dict
    inputs: dict = field(default_factory=dict)
    frame: int = 0

    def secondary(self, name, fit):
        """A named input in the step's domain, resampled as `resize` does: linear, premultiplied (1.7)."""
        picture = self.inputs[name]
        if picture.pixels.shape[1::-1] == self.size:
            return picture.to(self.domain)
        return color.convert(kernels.fit(picture.to("L"), *self.size, fit), "L", self.domain)

    def stored(self, asset, fit):
        """An image asset's values as stored, premultiplied, without a transfer (mask_image)."""
        return kernels.fit(color.premultiply(self.assets[asset].pixels), *self.size, fit)

    def text(self, asset):
        """A text asset."""
        return self.assets[asset]


def run_body(step, image, domain, assets, inputs):
    """An effect on pixels of its own domain, no mix."""
    entry = EFFECTS[step["effect"]]
    h, w = image.shape[:2]
    p = Params(entry.defaults, step, w, h)
    if entry.identity(p):
        return image
    out = entry.body(image, p, Context(domain, (w, h), assets, inputs))
    straight = domain in ("D", "LS") and not entry.gives_data
    return color.hide(out) if straight else out


def mask_plane(entries, picture, assets):
    """One step or a list folded with `combine`, on the primary input of the step that names it (18)."""
    entries = entries if isinstance(entries, list) else [entries]
    h, w = picture.pixels.shape[:2]
    plane = np.zeros((h, w, 4))
    for step in entries:
        entry = EFFECTS[step["effect"]]
        if entry.gives_data:
            domain = entry.domain_for(step)
            primary = picture.pixels if domain == "data" else picture.to(domain)
            value = run_body(step, primary, domain, assets, {})
        else:  # any other effect works on the plane as it is
            value = run_body(step, plane, "data", assets, {})
        combine = step.get("combine", "replace")
        plane = {
            "replace": lambda m, v: v,
            "add": np.maximum,
            "subtract": lambda m, v: m * (1.0 - v),
            "intersect": np.minimum,
        }[combine](plane, value)
        plane[..., 3] = 1.0
    return np.clip(plane[..., 0] * plane[..., 3], 0.0, 1.0)


def mix(image, effect, t, mode, domain):
    """R of 1.6; image and effect in the step's domain, t a plane or a number."""
    premultiplied = color.is_premultiplied(domain)
    i = image if premultiplied else color.premultiply(image)
    e = effect if premultiplied else color.premultiply(effect)
    m = e
    if mode != "normal":
        cb, cs = color.straight(image, domain)[..., :3], color.straight(effect, domain)[..., :3]
        ab, a_s = image[..., 3:], effect[..., 3:]
        rgb = a_s * ((1.0 - ab) * cs + ab * effects_composite.blend_function(mode, cb, cs))
        m = color.with_alpha(rgb, effect[..., 3])
    t = np.broadcast_to(np.asarray(t, np.float64), image.shape[:2])[..., None]
    out = np.where(t == 0, i, np.where(t == 1, m, i + t * (m - i)))
    return out if premultiplied else color.unpremultiply(out)


def run_step(step, picture, recipe, assets, inputs):
    """A step with its mix; the result is in the step's domain."""
    entry = EFFECTS[step["effect"]]
    domain = entry.domain_for(step)
    image = picture.pixels if domain == "data" else picture.to(domain)
    out = run_body(step, image, domain, assets, inputs)
    if entry.gives_data and not step.keys() & {"opacity", "blend", "mask"}:
        return Picture(out, "data")
    if entry.gives_data:  # an opaque plane, mixed with the picture as it is encoded
        image, domain = picture.to("D"), "D"
    if entry.reframes:
        if step.keys() & {"opacity", "blend", "mask"}:
            raise ValueError(f"{step['effect']} changes the frame and is never mixed")
        return Picture(out, domain)
    t = f32(step.get("opacity", 1))
    if "mask" in step:
        t = t * mask_plane(recipe["masks"][step["mask"]], picture, assets)
    return Picture(mix(image, out, t, step.get("blend", "normal"), domain), domain)


def run(recipe, source, assets):
    """All steps; `source` is a Picture, `assets` maps names to Pictures or text."""
    known = {"source": source, **assets}
    current = source
    for step in recipe["steps"]:
        if not step.get("enabled", True):
            known[step.get("id", "")] = current
            continue
        inputs = {name: known[value] for name, value in step.get("in", {}).items()}
        primary = inputs.pop("image", current)
        current = run_step(step, primary, recipe, assets, inputs)
        if "id" in step:
            known[step["id"]] = current
    return current
