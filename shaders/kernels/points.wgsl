// A pass without neighbors: each invocation computes one pixel and stores it.
//
// Holes: the engine writes `bindings`, `library` and `functions` above, among them
//   epilogue(head, p)   the operations of the pass at pixel p
//   store(p, color)     writes the result

@compute @workgroup_size(16, 16)
fn main(@builtin(global_invocation_id) id: vec3u) {
    let p = vec2i(id.xy) + region_origin();
    if (id.x >= region_size().x || id.y >= region_size().y) {
        return;
    }
    store(p, epilogue(vec4f(0.0), p));
}
