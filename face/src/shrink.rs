//! Making a picture smaller with an area filter: every new pixel is the mean of what it covers, parts of pixels counted as
//! parts. Thirty lines here instead of a resizing crate, whose generic code cost two minutes of every build.

use crate::picture::Picture;

/// The first old pixel that a new one covers, and the share of each.
struct Cover {
    first: usize,
    shares: Vec<f32>,
}

/// A copy of that size, which must not be larger.
pub(crate) fn shrunk(picture: &Picture, width: usize, height: usize) -> Picture {
    let (columns, rows) = (covers(picture.width, width), covers(picture.height, height));
    let mut rgb = Vec::with_capacity(width * height * 3);
    let mut line = vec![0.0_f32; picture.width * 3];
    for row in &rows {
        line.fill(0.0);
        for (i, share) in row.shares.iter().enumerate() {
            let from = (row.first + i) * picture.width * 3;
            let source = &picture.rgb[from..from + picture.width * 3];
            line.iter_mut().zip(source).for_each(|(sum, value)| *sum += share * f32::from(*value));
        }
        for column in &columns {
            let pixels = line[column.first * 3..].chunks_exact(3).zip(&column.shares);
            let sum = pixels.fold([0.0; 3], |s, (p, k)| [s[0] + k * p[0], s[1] + k * p[1], s[2] + k * p[2]]);
            rgb.extend(sum.map(|v| v.round() as u8));
        }
    }
    Picture::from_rgb(width, height, rgb)
}

fn covers(old: usize, new: usize) -> Vec<Cover> {
    let step = old as f64 / new as f64;
    let cover = |i: usize| {
        let (start, end) = (i as f64 * step, ((i + 1) as f64 * step).min(old as f64));
        let (first, last) = (start as usize, (end.ceil() as usize).min(old));
        let share = |j: usize| ((end.min((j + 1) as f64) - start.max(j as f64)) / (end - start)) as f32;
        Cover { first, shares: (first..last).map(share).collect() }
    };
    (0..new).map(cover).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(values: &[u8]) -> Picture {
        Picture::from_rgb(values.len(), 1, values.iter().flat_map(|v| [*v, 0, 255]).collect())
    }

    #[test]
    fn a_new_pixel_is_the_mean_of_what_it_covers() {
        let table: [(&[u8], &[u8]); 4] = [
            (&[10, 20, 30, 40], &[15, 35]),
            (&[0, 90, 0], &[30, 30]),
            (&[7, 8, 9], &[7, 8, 9]),
            (&[0, 0, 0, 0, 100], &[20]),
        ];
        for (old, new) in table {
            let small = shrunk(&row(old), new.len(), 1);
            let red: Vec<u8> = small.rgb.chunks_exact(3).map(|p| p[0]).collect();
            assert_eq!(red, new, "{old:?}");
            assert!(small.rgb.chunks_exact(3).all(|p| p[1..] == [0, 255]));
        }
    }

    #[test]
    fn rows_shrink_like_columns() {
        let picture = Picture::from_rgb(1, 3, vec![0, 0, 0, 90, 90, 90, 0, 0, 0]);
        assert_eq!(*shrunk(&picture, 1, 2).rgb, [30; 6]);
    }
}
