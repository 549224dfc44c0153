@group(0) @binding(0) var<uniform> u: array<vec4f, 8>;
@group(0) @binding(1) var picture_0: texture_2d<f32>;
@group(0) @binding(2) var target_texture: texture_storage_2d<rgba8unorm, write>;
fn region_origin() -> vec2i {
    return vec2i(u[0].xy);
}
fn region_size() -> vec2u {
    return vec2u(u[0].zw);
}
fn frame_size() -> vec2i {
    return vec2i(u[1].xy);
}
fn scale() -> f32 {
    return u[1].z / u[1].w;
}
fn input_origin() -> vec2i {
    return vec2i(u[2].xy);
}
fn input_size() -> vec2i {
    return vec2i(u[2].zw);
}
fn load_0(p: vec2i) -> vec4f {
    return textureLoad(picture_0, p - vec2i(u[2].xy), 0);
}
fn bb_exp2(a: f32) -> f32 {
    return exp2(clamp(a, -126.0, 127.499));
}
fn bb_log2(a: f32) -> f32 {
    return log2(a);
}
fn bb_pow(a: f32, b: f32) -> f32 {
    return select(select(select(1.0, 3.4028235e38, b < 0.0), 0.0, b > 0.0), pow(a, b), a > 0.0);
}
fn bb_pow_5_12(a: f32) -> f32 {
    return select(0.0, pow(a, 5.0 / 12.0), a > 0.0);
}
fn bb_pow_12_5(a: f32) -> f32 {
    return select(0.0, pow(min(a, 1e15), 2.4), a > 0.0);
}
fn bb_sin(a: f32) -> f32 {
    return sin(a);
}
fn bb_cos(a: f32) -> f32 {
    return cos(a);
}
fn bb_atan2(a: f32, b: f32) -> f32 {
    let v3 = abs(b);
    let v4 = abs(a);
    let v5 = min(v3, v4);
    let v6 = max(v3, v4);
    let v7 = 0.0f < v6;
    let v9 = select(1.0f, v6, v7);
    let v10 = v5 / v9;
    let v12 = 0.41421357f < v10;
    let v13 = v10 - 1.0f;
    let v14 = v10 + 1.0f;
    let v15 = v13 / v14;
    let v16 = select(v10, v15, v12);
    let v17 = v16 * v16;
    let v19 = v17 * 0.08053745f;
    let v21 = v19 - 0.13877685f;
    let v22 = v17 * v21;
    let v24 = v22 + 0.19977711f;
    let v25 = v17 * v24;
    let v27 = v25 - 0.3333295f;
    let v28 = v17 * v27;
    let v29 = v16 * v28;
    let v30 = v29 + v16;
    let v32 = v30 + 0.7853982f;
    let v33 = select(v30, v32, v12);
    let v34 = v3 < v4;
    let v36 = 1.5707964f - v33;
    let v37 = select(v33, v36, v34);
    let v38 = b < 0.0f;
    let v40 = 3.1415927f - v37;
    let v41 = select(v37, v40, v38);
    let v42 = a < 0.0f;
    let v43 = -(v41);
    let v44 = select(v41, v43, v42);
    return v44;
}
fn position(p: vec2i) -> vec2f {
    return vec2f(p) + 0.5;
}
fn cell_of_pixel(p: vec2i) -> vec2u {
    return bitcast<vec2u>(p);
}
fn hide_1(c0: vec4f, c1: vec4f, c2: vec4f, at: vec2f, cell: vec2u) -> vec4f {
    let v9 = 1e-6f < c0.w;
    let v11 = select(0.0f, c0.x, v9);
    let v12 = select(0.0f, c0.y, v9);
    let v13 = select(0.0f, c0.z, v9);
    return vec4f(v11, v12, v13, c0.w);
}
fn luma_plane_2(c0: vec4f, c1: vec4f, c2: vec4f, at: vec2f, cell: vec2u) -> vec4f {
    let v23 = c0.x * u[3].y;
    let v24 = c0.y * u[3].z;
    let v25 = v23 + v24;
    let v26 = c0.z * u[3].w;
    let v27 = v25 + v26;
    let v28 = v27 + u[4].y;
    return vec4f(v28, v28, v28, c0.w);
}
fn prologue(p: vec2i) -> vec4f {
    let at = position(p);
    let cell = cell_of_pixel(p);
    var r0 = vec4f(0.0);
    r0 = load_0(p);
    r0 = hide_1(r0, r0, r0, at, cell);
    if (u[3].x != 0.0) { r0 = luma_plane_2(r0, r0, r0, at, cell); }
    return r0;
}
const RADIUS: i32 = 1;
// The index that one beyond the edge stands for; -1 where there is only transparency.

fn border_clamp(i: i32, n: i32) -> i32 {
    return clamp(i, 0, n - 1);
}

fn border_wrap(i: i32, n: i32) -> i32 {
    return ((i % n) + n) % n;
}

fn border_reflect(i: i32, n: i32) -> i32 {
    let period = max(2 * (n - 1), 1);
    let phase = ((i % period) + period) % period;
    return select(period - phase, phase, phase < n) % n;
}

fn border_transparent(i: i32, n: i32) -> i32 {
    return select(-1, i, i >= 0 && i < n);
}
fn border(i: i32, n: i32) -> i32 {
    return border_clamp(i, n);
}
fn stencil(p: vec2i) -> vec4f {
    if (!(u[7].x != 0.0)) {
        return tap(0, 0);
    }
    let at = position(p);
    let cell = cell_of_pixel(p);
    let v8 = tap(0, 0).w;
    let v9 = tap(-1, -1).x;
    let v13 = tap(0, -1).x;
    let v17 = tap(1, -1).x;
    let v21 = tap(-1, 0).x;
    let v25 = tap(1, 0).x;
    let v29 = tap(-1, 1).x;
    let v33 = tap(0, 1).x;
    let v37 = tap(1, 1).x;
    let v41 = v17 - v9;
    let v42 = v25 - v21;
    let v44 = v42 * 2.0f;
    let v45 = v41 + v44;
    let v46 = v37 - v29;
    let v47 = v45 + v46;
    let v49 = v47 * 0.25f;
    let v50 = v29 - v9;
    let v51 = v33 - v13;
    let v52 = v51 * 2.0f;
    let v53 = v50 + v52;
    let v54 = v37 - v17;
    let v55 = v53 + v54;
    let v56 = v55 * 0.25f;
    let v57 = v49 * v49;
    let v58 = v56 * v56;
    let v59 = v57 + v58;
    let v60 = sqrt(v59);
    let v61 = u[7].y * v60;
    return vec4f(v61, v61, v61, v8);
}
fn epilogue(head: vec4f, p: vec2i) -> vec4f {
    let at = position(p);
    let cell = cell_of_pixel(p);
    var r0 = vec4f(0.0);
    r0 = head;
    return r0;
}
fn store(p: vec2i, c: vec4f) {
    let value = floor(clamp(c, vec4f(0.0), vec4f(1.0)) * 255.0 + 0.5) / 255.0;
    textureStore(target_texture, p - region_origin(), select(vec4f(0.0), value, value.a != 0.0));
}
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
