// Turns counts into the equalizing curve: one invocation a histogram of 256 levels. With one occupied level the curve
// is the straight line.

@group(0) @binding(0) var<storage, read> counts: array<u32>;
@group(0) @binding(1) var<storage, read_write> tables: array<f32>;

@compute @workgroup_size(1)
fn main(@builtin(workgroup_id) group: vec3u) {
    let first = group.x * 256u;
    var total = 0u;
    var lowest = 0u;
    for (var level = 0u; level < 256u; level++) {
        let count = counts[first + level];
        if (lowest == 0u) {
            lowest = count;
        }
        total += count;
    }
    var sum = 0u;
    for (var level = 0u; level < 256u; level++) {
        sum += counts[first + level];
        var value = f32(level) / 255.0;
        if (total > lowest) {
            value = clamp(f32(max(sum, lowest) - lowest) / f32(total - lowest), 0.0, 1.0);
        }
        tables[TABLE + first + level] = value;
    }
}
