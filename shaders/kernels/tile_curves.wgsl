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
