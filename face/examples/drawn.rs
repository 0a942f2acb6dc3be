//! Writes the drawn face as JPEG files and as fake-camera videos: `drawn FOLDER`.
//! Turns a photograph into such a video: `drawn PHOTO.jpg VIDEO.y4m [WIDTHxHEIGHT]`.

use std::error::Error;
use std::fs;
use std::path::Path;

use face::drawn;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [folder] => folder_of_drawings(Path::new(folder)),
        [photo, video] => video_of(photo, video, "640x480"),
        [photo, video, size] => video_of(photo, video, size),
        _ => Err("usage: drawn FOLDER | drawn PHOTO.jpg VIDEO.y4m [WIDTHxHEIGHT]".into()),
    }
}

fn folder_of_drawings(folder: &Path) -> Result<(), Box<dyn Error>> {
    fs::create_dir_all(folder)?;
    let pictures = [
        ("drawn", drawn::face()),
        ("blurred", drawn::blurred()),
        ("dark", drawn::dark()),
        ("small", drawn::small()),
        ("two", drawn::two()),
        ("blank", drawn::blank()),
    ];
    for (name, picture) in pictures {
        fs::write(folder.join(name).with_extension("jpg"), drawn::jpeg(&picture))?;
        fs::write(folder.join(name).with_extension("y4m"), drawn::y4m(&picture, 640, 480))?;
    }
    Ok(())
}

fn video_of(photo: &str, video: &str, size: &str) -> Result<(), Box<dyn Error>> {
    let (width, height) = size.split_once('x').ok_or("the size is WIDTHxHEIGHT")?;
    fs::write(video, drawn::from_jpeg(&fs::read(photo)?, width.parse()?, height.parse()?)?)?;
    Ok(())
}
