@group(0) @binding(0) var<uniform> u: array<vec4f, 5>;
@group(0) @binding(1) var picture_0: texture_2d<f32>;
@group(0) @binding(2) var<storage, read_write> tables: array<f32>;
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
fn prologue(p: vec2i) -> vec4f {
    let at = position(p);
    let cell = cell_of_pixel(p);
    var r0 = vec4f(0.0);
    r0 = load_0(p);
    r0 = hide_1(r0, r0, r0, at, cell);
    return r0;
}
const TABLE: u32 = 0u;
fn tile_counts() -> vec2u {
    return vec2u(vec2f(u[3].x, u[3].y));
}
fn full_size() -> vec2u {
    return vec2u(vec2f(u[3].w, u[4].x));
}
fn limit() -> f32 {
    return u[3].z;
}
// How a picture is cut into tiles.
//
// Holes: `tile_counts()` tiles across and down, `full_size()` the size of the picture at scale 1.

// The rendered pixel that a tile starts at: an edge at full size, scaled and rounded.
fn tile_edge(axis: u32, index: u32) -> u32 {
    let edge = index * full_size()[axis] / tile_counts()[axis];
    let ratio = vec2u(u[1].zw);
    return (2u * edge * ratio.x + ratio.y) / (2u * ratio.y);
}

fn twice_center(axis: u32, index: u32) -> u32 {
    return tile_edge(axis, index) + tile_edge(axis, index + 1u);
}
// The equalizing curve of each tile, with a limit on its counts (Zuiderveld 1994): one group a tile.
//
// Holes: `prologue(p)` the input; `tile_counts()`, `tile_edge(axis, index)`; `limit()` how many times the mean a level
// may count; TABLE the place of the curves.

var<workgroup> levels: array<atomic<u32>, 256>;

@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) index: u32) {
    let counts = tile_counts();
    let tile = vec2u(group.x % counts.x, group.x / counts.x);
    let low = vec2u(tile_edge(0u, tile.x), tile_edge(1u, tile.y));
    let size = vec2u(tile_edge(0u, tile.x + 1u), tile_edge(1u, tile.y + 1u)) - low;
    let area = select(0u, size.x * size.y, tile.y < counts.y);
    for (var pixel = index; pixel < area; pixel += 256u) {
        let c = prologue(vec2i(low + vec2u(pixel % size.x, pixel / size.x)));
        let luma = c.r * 0.2126 + c.g * 0.7152 + c.b * 0.0722;
        atomicAdd(&levels[u32(floor(clamp(luma, 0.0, 1.0) * 255.0 + 0.5))], 1u);
    }
    workgroupBarrier();
    if (index > 0u || tile.y >= counts.y) {
        return;
    }
    let first = TABLE + 256u * group.x;
    if (area == 0u) {
        for (var level = 0u; level < 256u; level++) {
            tables[first + level] = f32(level) / 255.0;
        }
        return;
    }
    let most = max(1u, u32(limit() * f32(area) / 256.0));
    var excess = 0u;
    for (var level = 0u; level < 256u; level++) {
        let count = atomicLoad(&levels[level]);
        excess += max(count, most) - most;
    }
    // What exceeds the limit is shared out among all levels, and the rest among as many as it has.
    let rest = excess % 256u;
    let step = max(256u / max(rest, 1u), 1u);
    var sum = 0u;
    for (var level = 0u; level < 256u; level++) {
        sum += min(atomicLoad(&levels[level]), most) + excess / 256u;
        if (level % step == 0u && level / step < rest) {
            sum += 1u;
        }
        tables[first + level] = f32(sum) / f32(area);
    }
}

// next pass
@group(0) @binding(0) var<uniform> u: array<vec4f, 5>;
@group(0) @binding(1) var<storage, read> tables: array<f32>;
@group(0) @binding(2) var picture_0: texture_2d<f32>;
@group(0) @binding(3) var target_texture: texture_storage_2d<rgba8unorm, write>;
fn table(first: u32, last: u32, index: u32) -> f32 {
    return tables[first + min(index, last)];
}
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
fn prologue(p: vec2i) -> vec4f {
    let at = position(p);
    let cell = cell_of_pixel(p);
    var r0 = vec4f(0.0);
    r0 = load_0(p);
    r0 = hide_1(r0, r0, r0, at, cell);
    return r0;
}
const TABLE: u32 = 0u;
fn tile_counts() -> vec2u {
    return vec2u(vec2f(u[3].x, u[3].y));
}
fn full_size() -> vec2u {
    return vec2u(vec2f(u[3].w, u[4].x));
}
fn limit() -> f32 {
    return u[3].z;
}
// How a picture is cut into tiles.
//
// Holes: `tile_counts()` tiles across and down, `full_size()` the size of the picture at scale 1.

// The rendered pixel that a tile starts at: an edge at full size, scaled and rounded.
fn tile_edge(axis: u32, index: u32) -> u32 {
    let edge = index * full_size()[axis] / tile_counts()[axis];
    let ratio = vec2u(u[1].zw);
    return (2u * edge * ratio.x + ratio.y) / (2u * ratio.y);
}

fn twice_center(axis: u32, index: u32) -> u32 {
    return tile_edge(axis, index) + tile_edge(axis, index + 1u);
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
// Luma taken through the curves of the four tiles around each pixel.
//
// Holes: `prologue(p)` the input; `table(first, last, index)`; `tile_counts()`, `twice_center(axis, index)`; TABLE the
// place of the curves.

struct Between {
    first: u32,
    second: u32,
    part: f32,
}

fn between(axis: u32, pixel: u32) -> Between {
    let at = 2u * pixel + 1u;
    let count = tile_counts()[axis];
    var after = 0u;
    while (after < count && twice_center(axis, after) <= at) {
        after++;
    }
    if (after == 0u || after == count) {
        let tile = min(after, count - 1u);
        return Between(tile, tile, 0.0);
    }
    let low = twice_center(axis, after - 1u);
    return Between(after - 1u, after, f32(at - low) / f32(twice_center(axis, after) - low));
}

fn curve(column: u32, row: u32, position: f32) -> f32 {
    let first = TABLE + 256u * (row * tile_counts().x + column);
    let cell = min(floor(position), 254.0);
    let low = table(first, 255u, u32(cell));
    return low + (table(first, 255u, u32(cell) + 1u) - low) * (position - cell);
}

@compute @workgroup_size(16, 16)
fn main(@builtin(global_invocation_id) id: vec3u) {
    let p = vec2i(id.xy) + region_origin();
    if (id.x >= region_size().x || id.y >= region_size().y) {
        return;
    }
    let c = prologue(p);
    let luma = c.r * 0.2126 + c.g * 0.7152 + c.b * 0.0722;
    let position = clamp(luma, 0.0, 1.0) * 255.0;
    let x = between(0u, u32(p.x));
    let y = between(1u, u32(p.y));
    let left = mix(curve(x.first, y.first, position), curve(x.first, y.second, position), y.part);
    let right = mix(curve(x.second, y.first, position), curve(x.second, y.second, position), y.part);
    let change = mix(left, right, x.part) - luma;
    let shown = select(vec3f(0.0), c.rgb + change, c.a > 1e-6);
    store(p, epilogue(vec4f(shown, c.a), p));
}
