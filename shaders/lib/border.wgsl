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
