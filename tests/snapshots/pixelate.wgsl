@group(0) @binding(0) var<uniform> u: array<vec4f, 3>;
@group(0) @binding(1) var picture_0: texture_2d<f32>;
@group(0) @binding(2) var target_texture: texture_storage_2d<rgba16float, write>;
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
fn decode_2(c0: vec4f, c1: vec4f, c2: vec4f, at: vec2f, cell: vec2u) -> vec4f {
    let v8 = abs(c0.x);
    let v10 = v8 + 0.055f;
    let v12 = v10 / 1.055f;
    let v13 = bb_pow_12_5(v12);
    let v15 = c0.x < 0.0f;
    let v16 = -(v13);
    let v17 = select(v13, v16, v15);
    let v19 = v8 <= 0.04045f;
    let v21 = c0.x / 12.92f;
    let v22 = select(v17, v21, v19);
    let v23 = abs(c0.y);
    let v24 = v23 + 0.055f;
    let v25 = v24 / 1.055f;
    let v26 = bb_pow_12_5(v25);
    let v27 = c0.y < 0.0f;
    let v28 = -(v26);
    let v29 = select(v26, v28, v27);
    let v30 = v23 <= 0.04045f;
    let v31 = c0.y / 12.92f;
    let v32 = select(v29, v31, v30);
    let v33 = abs(c0.z);
    let v34 = v33 + 0.055f;
    let v35 = v34 / 1.055f;
    let v36 = bb_pow_12_5(v35);
    let v37 = c0.z < 0.0f;
    let v38 = -(v36);
    let v39 = select(v36, v38, v37);
    let v40 = v33 <= 0.04045f;
    let v41 = c0.z / 12.92f;
    let v42 = select(v39, v41, v40);
    return vec4f(v22, v32, v42, c0.w);
}
fn premultiply_3(c0: vec4f, c1: vec4f, c2: vec4f, at: vec2f, cell: vec2u) -> vec4f {
    let v8 = c0.x * c0.w;
    let v9 = c0.y * c0.w;
    let v10 = c0.z * c0.w;
    return vec4f(v8, v9, v10, c0.w);
}
fn epilogue(head: vec4f, p: vec2i) -> vec4f {
    let at = position(p);
    let cell = cell_of_pixel(p);
    var r0 = vec4f(0.0);
    r0 = load_0(p);
    r0 = hide_1(r0, r0, r0, at, cell);
    r0 = decode_2(r0, r0, r0, at, cell);
    r0 = premultiply_3(r0, r0, r0, at, cell);
    return r0;
}
fn store(p: vec2i, c: vec4f) {
    let value = clamp(c, vec4f(-65504.0), vec4f(65504.0));
    textureStore(target_texture, p - region_origin(), value);
}
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

// next pass
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
fn prologue(p: vec2i) -> vec4f {
    let at = position(p);
    let cell = cell_of_pixel(p);
    var r0 = vec4f(0.0);
    r0 = load_0(p);
    return r0;
}
const SHAPE: i32 = 0;
const TABLE: u32 = 0u;
fn cell_at(x: f32, y: f32) -> vec2f {
    let at = vec2f(x, y);
    let v9 = at.x / u[3].x;
    let v10 = floor(v9);
    let v11 = at.y / u[3].x;
    let v12 = floor(v11);
    return vec2f(v10, v12);
}
fn lattice(k: i32) -> f32 {
    switch k {
        case 0: { return u[3].x; }
        case 1: { return u[3].y; }
        case 2: { return u[3].z; }
        case 3: { return u[3].w; }
        case 4: { return u[4].x; }
        case 5: { return u[4].y; }
        case 6: { return u[4].z; }
        default: { return 0.0; }
    }
}
// The mean of each cell of a lattice: one invocation a cell, which visits the pixels of a rectangle around it and
// takes those that are in the cell.
//
// Holes: `prologue(p)` the input, `cell_at(x, y)` the column and row of the cell of a position, `lattice(k)` its
// numbers (size, columns, rows, first column or ring, center x, center y, sectors), SHAPE 0 square, 1 hex, 2 polar, and TABLE
// the place of the means.

fn bounds(column: f32, row: f32) -> vec4f {
    let size = lattice(0);
    if (SHAPE == 0) {
        return vec4f(column * size, row * size, (column + 1.0) * size, (row + 1.0) * size);
    }
    if (SHAPE == 1) {
        let y = row * size * 0.8660254;
        let x = (column + lattice(3) + 0.5 * (row % 2.0)) * size;
        return vec4f(x - size, y - size, x + size, y + size);
    }
    let center = vec2f(lattice(4), lattice(5));
    let inner = (lattice(3) + row) * size;
    let outer = (lattice(3) + row + 1.0) * size;
    let turn = 6.2831855 / lattice(6);
    let a = vec2f(cos(column * turn), -sin(column * turn));
    let b = vec2f(cos((column + 1.0) * turn), -sin((column + 1.0) * turn));
    // The corners of the sector, grown by how far its arc stands out of its chord.
    let bulge = outer * (1.0 - cos(turn / 2.0)) + 0.01;
    let low = min(min(inner * a, outer * a), min(inner * b, outer * b)) - bulge + center;
    let high = max(max(inner * a, outer * a), max(inner * b, outer * b)) + bulge + center;
    return vec4f(low, high);
}

// Rings whose columns are found by their distance from the center: farther out, roots of differences of squares say nothing.
const FARTHEST: f32 = 16384.0;

// The columns of a row of pixels that may be in a ring: from .x before .y, and from .z before .w.
fn spans(row: f32, y: i32, low: i32, high: i32) -> vec4i {
    let ring = lattice(3) + row;
    let outer = (ring + 1.0) * lattice(0);
    if (SHAPE != 2 || outer * scale() > FARTHEST) {
        return vec4i(low, high, high, high);
    }
    let dy = position(vec2i(0, y)).y - lattice(5);
    let radii = vec2f(max(ring * lattice(0) - 0.1, 0.0), outer + 0.1);
    let halves = sqrt(max(radii * radii - dy * dy, vec2f(0.0)));
    let center = lattice(4);
    let starts = vec2i(floor(vec2f(center - halves.y, center + halves.x) * scale() - 2.0));
    let ends = vec2i(ceil(vec2f(center - halves.x, center + halves.y) * scale() + 2.0));
    let left = clamp(vec2i(starts.x, ends.x), vec2i(low), vec2i(high));
    let right = clamp(vec2i(max(starts.y, left.y), ends.y), vec2i(low), vec2i(high));
    return vec4i(left, right);
}

@compute @workgroup_size(8, 8)
fn main(@builtin(global_invocation_id) id: vec3u) {
    let columns = u32(lattice(1));
    if (id.x >= columns || id.y >= u32(lattice(2))) {
        return;
    }
    let cell = vec2f(id.xy);
    let box = bounds(cell.x, cell.y) * scale();
    let low = vec2i(max(box.xy - 1.5, vec2f(0.0)));
    let high = min(vec2i(max(box.zw + 1.5, vec2f(0.0))), frame_size());
    var total = vec4f(0.0);
    var count = 0.0;
    for (var y = low.y; y < high.y; y++) {
        var sum = vec4f(0.0);
        let span = spans(cell.y, y, low.x, high.x);
        let visited = span.y - span.x + max(span.w - span.z, 0);
        for (var k = 0; k < visited; k++) {
            let x = span.x + k + select(0, span.z - span.y, span.x + k >= span.y);
            let at = position(vec2i(x, y));
            if (all(cell_at(at.x, at.y) == cell)) {
                sum += prologue(vec2i(x, y));
                count += 1.0;
            }
        }
        total += sum;
    }
    let mean = total / max(count, 1.0);
    let place = TABLE + 4u * (id.y * columns + id.x);
    for (var channel = 0u; channel < 4u; channel++) {
        tables[place + channel] = mean[channel];
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
fn cell_lookup_5(c0: vec4f, c1: vec4f, c2: vec4f, at: vec2f, cell: vec2u) -> vec4f {
    let v16 = at.x / u[3].x;
    let v17 = floor(v16);
    let v18 = at.y / u[3].x;
    let v19 = floor(v18);
    let v20 = bitcast<u32>(i32(v19));
    let v21 = bitcast<u32>(i32(u[3].y));
    let v22 = v20 * v21;
    let v23 = bitcast<u32>(i32(v17));
    let v24 = v22 + v23;
    let v25 = v24 << 2u;
    let v27 = v25 + 0u;
    let v28 = table(0u, 16383u, v27);
    let v30 = v25 + 1u;
    let v31 = table(0u, 16383u, v30);
    let v33 = v25 + 2u;
    let v34 = table(0u, 16383u, v33);
    let v36 = v25 + 3u;
    let v37 = table(0u, 16383u, v36);
    let v39 = 0.5f < u[4].w;
    let v40 = select(v28, c0.x, v39);
    let v41 = select(v31, c0.y, v39);
    let v42 = select(v34, c0.z, v39);
    let v43 = select(v37, c0.w, v39);
    return vec4f(v40, v41, v42, v43);
}
fn unpremultiply_6(c0: vec4f, c1: vec4f, c2: vec4f, at: vec2f, cell: vec2u) -> vec4f {
    let v9 = 1e-6f < c0.w;
    let v11 = select(1.0f, c0.w, v9);
    let v13 = c0.x / v11;
    let v14 = select(0.0f, v13, v9);
    let v15 = c0.y / v11;
    let v16 = select(0.0f, v15, v9);
    let v17 = c0.z / v11;
    let v18 = select(0.0f, v17, v9);
    return vec4f(v14, v16, v18, c0.w);
}
fn encode_7(c0: vec4f, c1: vec4f, c2: vec4f, at: vec2f, cell: vec2u) -> vec4f {
    let v8 = abs(c0.x);
    let v9 = bb_pow_5_12(v8);
    let v11 = v9 * 1.055f;
    let v13 = v11 - 0.055f;
    let v15 = c0.x < 0.0f;
    let v16 = -(v13);
    let v17 = select(v13, v16, v15);
    let v19 = v8 <= 0.0031308f;
    let v21 = c0.x * 12.92f;
    let v22 = select(v17, v21, v19);
    let v23 = abs(c0.y);
    let v24 = bb_pow_5_12(v23);
    let v25 = v24 * 1.055f;
    let v26 = v25 - 0.055f;
    let v27 = c0.y < 0.0f;
    let v28 = -(v26);
    let v29 = select(v26, v28, v27);
    let v30 = v23 <= 0.0031308f;
    let v31 = c0.y * 12.92f;
    let v32 = select(v29, v31, v30);
    let v33 = abs(c0.z);
    let v34 = bb_pow_5_12(v33);
    let v35 = v34 * 1.055f;
    let v36 = v35 - 0.055f;
    let v37 = c0.z < 0.0f;
    let v38 = -(v36);
    let v39 = select(v36, v38, v37);
    let v40 = v33 <= 0.0031308f;
    let v41 = c0.z * 12.92f;
    let v42 = select(v39, v41, v40);
    return vec4f(v22, v32, v42, c0.w);
}
fn epilogue(head: vec4f, p: vec2i) -> vec4f {
    let at = position(p);
    let cell = cell_of_pixel(p);
    var r0 = vec4f(0.0);
    r0 = load_0(p);
    r0 = cell_lookup_5(r0, r0, r0, at, cell);
    r0 = unpremultiply_6(r0, r0, r0, at, cell);
    r0 = encode_7(r0, r0, r0, at, cell);
    return r0;
}
fn store(p: vec2i, c: vec4f) {
    let value = floor(clamp(c, vec4f(0.0), vec4f(1.0)) * 255.0 + 0.5) / 255.0;
    textureStore(target_texture, p - region_origin(), select(vec4f(0.0), value, value.a != 0.0));
}
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
