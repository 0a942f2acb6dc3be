//! What a stranger may send instead of a photograph: none of it is accepted, none of it ends the process, and the memory it
//! takes is counted. A program of its own, because the count is of the whole process.

use std::alloc::{GlobalAlloc, Layout, System};
use std::io::{Cursor, Write};
use std::sync::atomic::{AtomicUsize, Ordering};

use face::drawn::{self, RgbImage, find};
use face::{Engine, NotEnrolled, Rejection};
use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::{DynamicImage, ExtendedColorType, ImageEncoder, Rgb};

/// Counts what is allocated, and the most that ever was.
struct Counting;

static NOW: AtomicUsize = AtomicUsize::new(0);
static MOST: AtomicUsize = AtomicUsize::new(0);

#[expect(unsafe_code, reason = "an allocator is unsafe to write; this one hands everything on to the system's")]
// SAFETY: every call goes to the system allocator unchanged; only counters are kept beside it.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let now = NOW.fetch_add(layout.size(), Ordering::Relaxed) + layout.size();
        MOST.fetch_max(now, Ordering::Relaxed);
        // SAFETY: the caller's promise about the layout is handed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        NOW.fetch_sub(layout.size(), Ordering::Relaxed);
        // SAFETY: the pointer came from `alloc` above, with this layout.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// The bytes that `work` had allocated at its worst, beyond what was there before.
fn peak<T>(work: impl FnOnce() -> T) -> (T, usize) {
    let before = NOW.load(Ordering::Relaxed);
    MOST.store(before, Ordering::Relaxed);
    let result = work();
    (result, MOST.load(Ordering::Relaxed) - before)
}

fn png(image: &DynamicImage) -> Vec<u8> {
    let mut bytes = Vec::new();
    image.write_to(&mut Cursor::new(&mut bytes), image::ImageFormat::Png).expect("encodes");
    bytes
}

/// A chunk of a PNG with its checksum, to be put behind the header.
fn with_chunk(png: &[u8], name: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let content = [&name[..], body].concat();
    let step = |crc: u32, _| if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 };
    let crc = !content.iter().fold(!0, |crc, b| (0..8).fold(crc ^ u32::from(*b), step));
    let length = u32::try_from(body.len()).expect("short").to_be_bytes();
    let chunk = [&length[..], &content, &crc.to_be_bytes()].concat();
    [&png[..33], &chunk, &png[33..]].concat()
}

fn with_segment(jpeg: &[u8], code: u8, body: &[u8]) -> Vec<u8> {
    let length = u16::try_from(body.len() + 2).expect("short").to_be_bytes();
    [&jpeg[..2], &[0xff, code], &length, body, &jpeg[2..]].concat()
}

/// An APP1 segment with one entry: the orientation.
fn exif(orientation: u8) -> Vec<u8> {
    let mut body = b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0".to_vec();
    body[25] = orientation;
    body
}

/// A JPEG whose frame header says four components. No encoder here writes CMYK, and none is needed: it is refused by that.
fn cmyk(jpeg: &[u8]) -> Vec<u8> {
    let frame = jpeg.windows(2).position(|w| w == [0xff, 0xc0]).expect("a baseline frame");
    let mut bytes = jpeg.to_vec();
    bytes[frame + 3] += 3;
    bytes[frame + 9] = 4;
    bytes.splice(frame + 19..frame + 19, [4, 0x11, 0]);
    bytes
}

fn fifty_megapixels() -> Vec<u8> {
    let mut bytes = Vec::new();
    let row = vec![200; 10_000 * 5_000];
    PngEncoder::new(&mut bytes).write_image(&row, 10_000, 5_000, ExtendedColorType::L8).expect("encodes");
    bytes
}

fn hostile() -> Vec<(&'static str, Vec<u8>, Rejection)> {
    use Rejection::{Empty, NoFace, TooBig, Unreadable};
    let good = drawn::jpeg(&drawn::face());
    let good_png = png(&DynamicImage::ImageRgb8(drawn::face()));
    let wide = DynamicImage::ImageRgb8(drawn::face()).into_rgb16();
    let zip = b"PK\x03\x04archive PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0".as_slice();
    let sof = good.windows(2).position(|w| w == [0xff, 0xc0]).expect("a baseline frame");
    let mut promise = good.clone();
    promise[sof + 5..sof + 9].copy_from_slice(&[0xff, 0xff, 0xff, 0xff]);
    let mut no_height = good.clone();
    no_height[sof + 5..sof + 7].copy_from_slice(&[0, 0]);
    vec![
        ("empty", vec![], Empty),
        ("zeros", vec![0; 4096], Unreadable),
        ("1x1 jpeg", drawn::jpeg(&RgbImage::new(1, 1)), Rejection::TooDark),
        ("1x1 png", png(&DynamicImage::ImageRgb8(RgbImage::from_pixel(1, 1, Rgb([200; 3])))), NoFace),
        ("50 megapixels", fifty_megapixels(), TooBig),
        ("a jpeg that promises 4 gigapixels", promise, TooBig),
        ("a jpeg that tells its height later", no_height, Unreadable),
        ("half a jpeg", good[..good.len() / 2].to_vec(), Unreadable),
        ("a jpeg without its end", good[..good.len() - 2].to_vec(), Unreadable),
        ("half a png", good_png[..good_png.len() / 2].to_vec(), Unreadable),
        ("a png without its end", good_png[..good_png.len() - 12].to_vec(), Unreadable),
        ("jpeg and zip", [&good, zip].concat(), Unreadable),
        ("jpeg with a zip in a comment", with_segment(&good, 0xfe, zip), Unreadable),
        ("jpeg and html", [&good, b"<html><script>x</script>".as_slice()].concat(), Unreadable),
        ("jpeg with html in a comment", with_segment(&good, 0xfe, b"--><HTML><script src=x>"), Unreadable),
        ("png and zip", [&good_png, zip].concat(), Unreadable),
        ("png with html in a text", with_chunk(&good_png, b"tEXt", b"Comment\0<script>x</script>"), Unreadable),
        ("html and jpeg", [b"<html>".as_slice(), &good].concat(), Unreadable),
        ("animated png", with_chunk(&good_png, b"acTL", &[0, 0, 0, 2, 0, 0, 0, 0]), Unreadable),
        ("gif", [b"GIF89a".as_slice(), &[0; 64]].concat(), Unreadable),
        ("webp", [b"RIFF\x24\0\0\0WEBPVP8 ".as_slice(), &[0; 64]].concat(), Unreadable),
        ("bmp", [b"BM".as_slice(), &[0; 64]].concat(), Unreadable),
        ("cmyk jpeg", cmyk(&good), Unreadable),
        ("16-bit png", png(&DynamicImage::ImageRgb16(wide)), Unreadable),
        ("a face laid on its side", drawn::jpeg(&image::imageops::rotate90(&drawn::face())), Rejection::Turned),
        ("an upright face said to lie", with_segment(&good, 0xe1, &exif(6)), Rejection::Turned),
    ]
}

#[test]
fn cap_10_nothing_but_a_whole_still_photograph_is_taken() {
    let test = "cap_10_nothing_but_a_whole_still_photograph_is_taken";
    let Some(engine) = find::installation(test).map(|config| Engine::open(&config)) else { return };
    engine.ready().expect("loads");
    let mut most = (0, "");
    for (what, bytes, reason) in hostile() {
        let (found, used) = peak(|| engine.enrol(&[&bytes]));
        let found = found.map(|_| "accepted");
        // A face on its side may be found askew, or not at all: never taken.
        let reasons =
            if reason == Rejection::Turned { vec![reason, Rejection::NoFace, Rejection::CutOff] } else { vec![reason] };
        let refused = reasons.iter().any(|r| found == Err(NotEnrolled::Rejected(*r)));
        assert!(refused, "{what}: {found:?}, not {reason:?}");
        most = most.max((used, what));
    }
    said(&format!("hostile frames: at most {:.1} MiB allocated ({})", mib(most.0), most.1));
    assert!(most.0 < 32 << 20, "{most:?}");

    // The largest that is decoded at all, in the form that costs a decoder most.
    let noise = RgbImage::from_fn(2000, 2000, |x, y| Rgb([(x / 8) as u8, (y / 8) as u8, (x ^ y) as u8]));
    let mut jpeg = Vec::new();
    JpegEncoder::new_with_quality(&mut Cursor::new(&mut jpeg), 60).encode_image(&noise).expect("encodes");
    let alpha = png(&DynamicImage::ImageRgba8(DynamicImage::ImageRgb8(noise).into_rgba8()));
    for (what, bytes) in [("jpeg", jpeg), ("png with alpha", alpha)] {
        let frames = [bytes.as_slice(); 5];
        let (found, used) = peak(|| engine.enrol(&frames));
        assert!(found.is_err());
        said(&format!(
            "five frames of 4 megapixels, {what}, {:.1} MB each: at most {:.1} MiB",
            bytes.len() as f64 / 1e6,
            mib(used)
        ));
        assert!(used < 96 << 20, "{what}: {used}");
    }
}

// What cameras add is no reason to refuse a photograph: padding, a second picture behind the first, a profile, a note.
#[test]
fn cap_10_what_cameras_write_is_taken() {
    let Some(engine) = find::installation("cap_10_what_cameras_write_is_taken").map(|c| Engine::open(&c)) else {
        return;
    };
    let good = drawn::jpeg(&drawn::face());
    let lying = image::imageops::rotate270(&drawn::face());
    let table = [
        ("padding", [good.as_slice(), &[0; 512]].concat()),
        ("a preview behind it", [good.as_slice(), &drawn::jpeg(&RgbImage::new(32, 32))].concat()),
        ("a note", with_segment(&good, 0xfe, b"taken in Kaga")),
        ("turned by its Exif", with_segment(&drawn::jpeg(&lying), 0xe1, &exif(6))),
        ("png", png(&DynamicImage::ImageRgb8(drawn::face()))),
        ("png with alpha", png(&DynamicImage::ImageRgba8(DynamicImage::ImageRgb8(drawn::face()).into_rgba8()))),
    ];
    for (what, bytes) in table {
        let found = engine.enrol(&[&bytes]).map(|_| ());
        assert_eq!(found, Ok(()), "{what}");
    }
}

fn mib(bytes: usize) -> f64 {
    bytes as f64 / f64::from(1 << 20)
}

fn said(line: &str) {
    std::io::stderr().write_all(format!("{line}\n").as_bytes()).expect("stderr");
}
