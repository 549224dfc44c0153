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
