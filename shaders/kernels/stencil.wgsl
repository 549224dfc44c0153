// A pass of a small neighborhood, loaded once through workgroup memory.
//
// Holes: `prologue(p)` computes the input of the stencil at pixel p, `head(at, cell)` the stencil itself, which reads
// its neighbors with `tap(dx, dy)`; RADIUS is its reach; `border(i, n)` is its policy, -1 where there is nothing.

const SIDE: i32 = 16 + 2 * RADIUS;
var<workgroup> cells: array<vec4f, SIDE * SIDE>;
var<private> center: i32;

fn tap(dx: i32, dy: i32) -> vec4f {
    return cells[center + dy * SIDE + dx];
}

@compute @workgroup_size(16, 16)
fn main(
    @builtin(global_invocation_id) id: vec3u,
    @builtin(workgroup_id) group: vec3u,
    @builtin(local_invocation_id) local: vec3u,
    @builtin(local_invocation_index) index: u32,
) {
    let corner = vec2i(group.xy * 16u) + region_origin() - RADIUS;
    for (var cell = i32(index); cell < SIDE * SIDE; cell += 256) {
        let q = corner + vec2i(cell % SIDE, cell / SIDE);
        let x = border(q.x, frame_size().x);
        let y = border(q.y, frame_size().y);
        // The margin of the last workgroups lies beyond what any pixel of the region needs.
        let inside = clamp(vec2i(x, y), input_origin(), input_origin() + input_size() - 1);
        cells[cell] = select(prologue(inside), vec4f(0.0), x < 0 || y < 0);
    }
    workgroupBarrier();
    let p = vec2i(id.xy) + region_origin();
    if (id.x >= region_size().x || id.y >= region_size().y) {
        return;
    }
    center = (i32(local.y) + RADIUS) * SIDE + i32(local.x) + RADIUS;
    store(p, epilogue(stencil(p), p));
}
