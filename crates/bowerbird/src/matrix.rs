//! Three by three matrices in f64, for what is computed once a frame.

pub(crate) type Matrix = [[f64; 3]; 3];

pub(crate) fn times(m: Matrix, v: [f64; 3]) -> [f64; 3] {
    m.map(|row| row[0] * v[0] + row[1] * v[1] + row[2] * v[2])
}

pub(crate) fn product(a: Matrix, b: Matrix) -> Matrix {
    core::array::from_fn(|i| core::array::from_fn(|j| (0..3).map(|k| a[i][k] * b[k][j]).sum()))
}

pub(crate) fn diagonal(d: [f64; 3]) -> Matrix {
    core::array::from_fn(|i| core::array::from_fn(|j| if i == j { d[i] } else { 0.0 }))
}

/// The inverse, by cofactors. The matrices here are constants with a determinant far from 0.
pub(crate) fn inverse(m: Matrix) -> Matrix {
    let cofactor = |i: usize, j: usize| {
        let (a, b) = ((i + 1) % 3, (i + 2) % 3);
        let (c, d) = ((j + 1) % 3, (j + 2) % 3);
        m[a][c] * m[b][d] - m[a][d] * m[b][c]
    };
    let determinant: f64 = (0..3).map(|j| m[0][j] * cofactor(0, j)).sum();
    core::array::from_fn(|i| core::array::from_fn(|j| cofactor(j, i) / determinant))
}
