//! Reduced frames: the mean of n by n pixels, for previews.

use rayon::prelude::*;

/// Rows of the result that a thread takes at once.
const BAND: usize = 8;

/// Reduces RGBA pixels of `size` to ⌈width/n⌉ by ⌈height/n⌉ by the mean of n by n, in the codes as they are, to nearest.
/// The blocks at the right and lower edge are what is left. Color is weighted by alpha.
///
/// It is a preview: it averages display codes, while a full rendering never does. `result` is made as long as needed.
pub fn reduce(rgba: &[u8], size: (u32, u32), n: u32, result: &mut Vec<u8>) {
    let (width, height, n) = (size.0 as usize, size.1 as usize, n.max(1) as usize);
    let columns = width.div_ceil(n);
    result.resize(4 * columns * height.div_ceil(n), 0);
    if result.is_empty() || rgba.len() < 4 * width * height {
        return;
    }
    result.par_chunks_mut(4 * columns * BAND).enumerate().for_each(|(band, rows)| {
        for (index, row) in rows.chunks_exact_mut(4 * columns).enumerate() {
            let first = (band * BAND + index) * n;
            let lines = first..(first + n).min(height);
            for (column, pixel) in row.as_chunks_mut::<4>().0.iter_mut().enumerate() {
                let left = column * n;
                let right = (left + n).min(width);
                let mut sum = [0; 4];
                for y in lines.clone() {
                    add(&rgba[4 * (width * y + left)..4 * (width * y + right)], &mut sum);
                }
                *pixel = mean(sum, ((right - left) * lines.len()) as u32);
            }
        }
    });
}

/// Adds a line of a block: color times alpha, and alpha.
fn add(line: &[u8], sum: &mut [u32; 4]) {
    for [r, g, b, a] in line.as_chunks::<4>().0 {
        let a = u32::from(*a);
        sum[0] += u32::from(*r) * a;
        sum[1] += u32::from(*g) * a;
        sum[2] += u32::from(*b) * a;
        sum[3] += a;
    }
}

fn mean(sum: [u32; 4], count: u32) -> [u8; 4] {
    let alpha = sum[3];
    if alpha == 0 {
        return [0; 4];
    }
    let color = |value: u32| ((value + alpha / 2) / alpha) as u8;
    [color(sum[0]), color(sum[1]), color(sum[2]), ((alpha + count / 2) / count) as u8]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_become_their_mean() {
        let pixel = |v: u8| [v, v / 2, 255 - v, 255];
        let source: Vec<u8> = [0, 10, 200, 20, 30, 100].into_iter().flat_map(pixel).collect();
        let mut result = Vec::new();
        reduce(&source, (3, 2), 2, &mut result);
        // The means of 0, 10, 20, 30 and of 200, 100.
        assert_eq!(result, [15, 8, 240, 255, 150, 75, 105, 255]);
    }

    #[test]
    fn hidden_color_does_not_bleed() {
        let source = [255, 0, 0, 255, 0, 255, 0, 0];
        let mut result = Vec::new();
        reduce(&source, (2, 1), 2, &mut result);
        assert_eq!(result, [255, 0, 0, 128]);
    }

    #[test]
    fn one_copies_and_odd_sizes_round_up() {
        let source: Vec<u8> = (0..5 * 7 * 4).map(|v| (v * 7 % 256) as u8 | 3).collect();
        let mut result = Vec::new();
        reduce(&source, (5, 7), 1, &mut result);
        assert_eq!(result.len(), source.len());
        reduce(&source, (5, 7), 3, &mut result);
        assert_eq!(result.len(), 2 * 3 * 4);
    }
}
