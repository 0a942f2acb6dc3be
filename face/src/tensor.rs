//! Pixels as the networks want them: one plane after the other, values 0..255.

use zeroize::Zeroizing;

use crate::model::Channels;
use crate::picture::Picture;

/// The picture at the top left of a square of zeros.
pub(crate) fn planes(picture: &Picture, side: usize, channels: Channels) -> Zeroizing<Vec<f32>> {
    let mut planes = Zeroizing::new(vec![0.0; 3 * side * side]);
    for (plane, channel) in planes.chunks_exact_mut(side * side).zip(order(channels)) {
        for y in 0..picture.height.min(side) {
            for x in 0..picture.width.min(side) {
                plane[y * side + x] = picture.at(x, y, channel);
            }
        }
    }
    planes
}

/// The shape that goes with [`planes`].
pub(crate) const fn shape(side: usize) -> [usize; 4] {
    [1, 3, side, side]
}

const fn order(channels: Channels) -> [usize; 3] {
    match channels {
        Channels::Rgb => [0, 1, 2],
        Channels::Bgr => [2, 1, 0],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // No detector notices swapped channels; only numbers do.
    #[test]
    fn planes_follow_the_named_order_and_are_padded() {
        let picture = Picture::from_rgb(1, 1, vec![1, 2, 3]);
        assert_eq!(*planes(&picture, 2, Channels::Rgb), [1.0, 0.0, 0.0, 0.0, 2.0, 0.0, 0.0, 0.0, 3.0, 0.0, 0.0, 0.0]);
        assert_eq!(*planes(&picture, 1, Channels::Bgr), [3.0, 2.0, 1.0]);
    }
}
