//! The file Chromium plays as a fake camera: `--use-file-for-fake-video-capture=FILE.y4m`.

use image::RgbImage;
use image::imageops::{FilterType, overlay, resize};

use super::canvas::plain;

/// Some equal frames: the picture fitted into `width` x `height` (both even), grey around it.
pub fn y4m(picture: &RgbImage, width: u32, height: u32) -> Vec<u8> {
    let frame = fitted(picture, width, height);
    let planes = planes(&frame);
    let mut file = format!("YUV4MPEG2 W{width} H{height} F30:1 Ip A1:1 C420\n").into_bytes();
    for _ in 0..8 {
        file.extend_from_slice(b"FRAME\n");
        file.extend_from_slice(&planes);
    }
    file
}

/// The same from the bytes of a JPEG, so that browser tests can show a photograph that is never committed.
pub fn from_jpeg(bytes: &[u8], width: u32, height: u32) -> Result<Vec<u8>, image::ImageError> {
    Ok(y4m(&image::load_from_memory(bytes)?.into_rgb8(), width, height))
}

fn fitted(picture: &RgbImage, width: u32, height: u32) -> RgbImage {
    let (w, h) = picture.dimensions();
    let k = f64::min(f64::from(width) / f64::from(w), f64::from(height) / f64::from(h));
    let (w, h) = ((f64::from(w) * k).round() as u32, (f64::from(h) * k).round() as u32);
    let mut frame = plain(width, height, [200, 200, 200]);
    let scaled = resize(picture, w, h, FilterType::Triangle);
    overlay(&mut frame, &scaled, i64::from((width - w) / 2), i64::from((height - h) / 2));
    frame
}

/// Y, U, V in video range (ITU-R BT.601), the colour planes at half the width and height.
fn planes(frame: &RgbImage) -> Vec<u8> {
    let (width, height) = frame.dimensions();
    let weigh =
        |p: [f32; 3], k: [f32; 3], base: f32| (base + (p[0] * k[0] + p[1] * k[1] + p[2] * k[2]) / 255.0).round() as u8;
    let mut planes: Vec<u8> =
        frame.pixels().map(|p| weigh(p.0.map(f32::from), [65.481, 128.553, 24.966], 16.0)).collect();
    let mean = |x: u32, y: u32| -> [f32; 3] {
        let four = [(0, 0), (1, 0), (0, 1), (1, 1)].map(|(dx, dy)| frame.get_pixel(2 * x + dx, 2 * y + dy).0);
        std::array::from_fn(|c| four.iter().map(|p| f32::from(p[c])).sum::<f32>() / 4.0)
    };
    for k in [[-37.797, -74.203, 112.0], [112.0, -93.786, -18.214]] {
        let blocks = (0..height / 2).flat_map(|y| (0..width / 2).map(move |x| (x, y)));
        planes.extend(blocks.map(|(x, y)| weigh(mean(x, y), k, 128.0)));
    }
    planes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_grey_frame_has_the_right_length_and_levels() {
        let file = y4m(&plain(32, 32, [255, 255, 255]), 64, 48);
        let header = b"YUV4MPEG2 W64 H48 F30:1 Ip A1:1 C420\n".len();
        assert_eq!(file.len(), header + 8 * (6 + 64 * 48 * 3 / 2));
        let frame = &file[header + 6..];
        assert_eq!((frame[24 * 64 + 32], frame[64 * 48 + 100]), (235, 128));
    }
}
