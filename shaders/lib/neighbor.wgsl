// The input of a pass at an offset from a pixel.
//
// Holes: `prologue(p)` the input, `border(i, n)` the policy, -1 where there is nothing.

fn neighbor(p: vec2i, offset: vec2i) -> vec4f {
    let x = border(p.x + offset.x, frame_size().x);
    let y = border(p.y + offset.y, frame_size().y);
    if (x < 0 || y < 0) {
        return vec4f(0.0);
    }
    return prologue(vec2i(x, y));
}
