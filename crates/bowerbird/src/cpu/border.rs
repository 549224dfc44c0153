//! What index stands for one beyond the edge.

use crate::effect::Edge;

/// The index within 0..count that `index` reads, or nothing where there is only transparency.
#[inline]
pub(super) fn border(edge: Edge, index: i64, count: i64) -> Option<usize> {
    if (0..count).contains(&index) {
        return Some(index as usize);
    }
    let inside = match edge {
        Edge::Transparent => return None,
        Edge::Clamp => index.clamp(0, count - 1),
        Edge::Wrap => index.rem_euclid(count),
        Edge::Reflect if count == 1 => 0,
        Edge::Reflect => {
            let period = 2 * (count - 1);
            let phase = index.rem_euclid(period);
            if phase < count { phase } else { period - phase }
        }
    };
    Some(inside as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_policy_reads_what_its_name_says() {
        let read = |edge| (-4..8).map(|i| border(edge, i, 4)).map(|i| i.map_or(9, |i| i)).collect::<Vec<_>>();
        assert_eq!(read(Edge::Clamp), [0, 0, 0, 0, 0, 1, 2, 3, 3, 3, 3, 3]);
        assert_eq!(read(Edge::Reflect), [2, 3, 2, 1, 0, 1, 2, 3, 2, 1, 0, 1]);
        assert_eq!(read(Edge::Wrap), [0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3]);
        assert_eq!(read(Edge::Transparent), [9, 9, 9, 9, 0, 1, 2, 3, 9, 9, 9, 9]);
        assert_eq!(border(Edge::Reflect, 17, 1), Some(0));
    }
}
