//! The list of pairs: a CSV file with the header `a,b,same` or `a,b,same,group`.

use std::path::{Component, Path, PathBuf};

/// One line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    /// The photograph of the enrolment.
    pub enrolled: PathBuf,
    /// The photographs of the attempt: one, or three of which the best counts, joined by semicolons in the file.
    pub probe: Vec<PathBuf>,
    /// Whether it is one person.
    pub same: bool,
    /// A label by which the rates are told apart.
    pub group: Option<String>,
}

impl Pair {
    pub(super) fn images(&self) -> impl Iterator<Item = &PathBuf> {
        std::iter::once(&self.enrolled).chain(&self.probe)
    }
}

/// What is wrong with a list.
#[derive(Debug, thiserror::Error)]
pub enum PairsError {
    /// The file or the folder.
    #[error("{0}: {1}")]
    Io(PathBuf, std::io::Error),
    /// One line of it.
    #[error("{file}, line {line}: {what}")]
    Line {
        /// The list.
        file: PathBuf,
        /// From 1, the header.
        line: usize,
        /// What to mend.
        what: String,
    },
}

/// Reads a list whose photographs lie below a folder. Every photograph is there when this returns.
pub fn read(list: &Path, images: &Path) -> Result<Vec<Pair>, PairsError> {
    let io = |path: &Path| {
        let path = path.to_owned();
        move |error| PairsError::Io(path, error)
    };
    let text = std::fs::read_to_string(list).map_err(io(list))?;
    let folder = images.canonicalize().map_err(io(images))?;
    if !folder.is_dir() {
        return Err(PairsError::Io(images.to_owned(), std::io::ErrorKind::NotADirectory.into()));
    }
    let wrong = |line: usize, what: String| PairsError::Line { file: list.to_owned(), line, what };
    // A spreadsheet may put a byte order mark in front.
    let mut lines = (1..).zip(text.trim_start_matches('\u{feff}').lines().map(str::trim));
    let grouped = match lines.next() {
        Some((_, "a,b,same")) => false,
        Some((_, "a,b,same,group")) => true,
        _ => return Err(wrong(1, "the header is a,b,same or a,b,same,group".into())),
    };
    let mut pairs: Vec<Pair> = Vec::new();
    for (line, text) in lines.filter(|(_, text)| !text.is_empty()) {
        let pair = parse(text, grouped, &folder).map_err(|what| wrong(line, what))?;
        if pairs.first().is_some_and(|first| first.probe.len() != pair.probe.len()) {
            return Err(wrong(line, "every line has as many photographs in b as the first".into()));
        }
        pairs.push(pair);
    }
    if pairs.is_empty() { Err(wrong(2, "there is no pair".into())) } else { Ok(pairs) }
}

fn parse(text: &str, grouped: bool, folder: &Path) -> Result<Pair, String> {
    let columns: Vec<&str> = text.split(',').map(str::trim).collect();
    let (a, b, same, group) = match *columns.as_slice() {
        [a, b, same] if !grouped => (a, b, same, None),
        [a, b, same, group] if grouped => (a, b, same, Some(group).filter(|g| !g.is_empty()).map(str::to_owned)),
        _ => {
            let wanted = if grouped { 4 } else { 3 };
            return Err(format!("{} columns, not {wanted} (a path with a comma in it cannot be named)", columns.len()));
        }
    };
    let same = match same {
        "1" => true,
        "0" => false,
        other => return Err(format!("same is 0 or 1, not \"{other}\"")),
    };
    let enrolled = image(a, folder)?;
    let probe = b.split(';').map(|one| image(one.trim(), folder)).collect::<Result<Vec<_>, _>>()?;
    if !matches!(probe.len(), 1 | 3) {
        return Err(format!("b names {} photographs; one, or three joined by semicolons", probe.len()));
    }
    if same && probe.contains(&enrolled) {
        return Err(format!("{a} beside itself proves nothing"));
    }
    Ok(Pair { enrolled, probe, same, group })
}

/// Below the folder, through links as well, and there.
fn image(name: &str, folder: &Path) -> Result<PathBuf, String> {
    let plain = Path::new(name).components().all(|c| matches!(c, Component::Normal(_) | Component::CurDir));
    if name.is_empty() || !plain {
        return Err(format!("\"{name}\" is no path below the folder of images"));
    }
    let path = folder.join(name).canonicalize().map_err(|e| format!("{name}: {e}"))?;
    if !path.starts_with(folder) {
        return Err(format!("{name} leads out of the folder of images"));
    }
    if path.is_file() { Ok(path) } else { Err(format!("{name} is no file")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(list: &str) -> String {
        let dir = tempfile::tempdir().expect("a folder");
        let images = dir.path().join("images");
        std::fs::create_dir_all(images.join("p")).expect("a folder");
        for name in ["p/1.jpg", "p/2.jpg", "p/3.jpg", "../outside.jpg"] {
            std::fs::write(images.join(name), b"x").expect("written");
        }
        std::os::unix::fs::symlink(dir.path().join("outside.jpg"), images.join("link.jpg")).expect("linked");
        let file = dir.path().join("pairs.csv");
        std::fs::write(&file, list).expect("written");
        match read(&file, &images) {
            Ok(pairs) => format!("{} pairs, {} frames", pairs.len(), pairs[0].probe.len()),
            Err(e) => e.to_string().replace(&format!("{}", file.display()), "LIST"),
        }
    }

    #[test]
    fn every_fault_of_a_list_is_told_by_its_line() {
        let table = [
            ("a,b,same\np/1.jpg,p/2.jpg,1\r\n\np/1.jpg,p/3.jpg,0\n", "2 pairs, 1 frames"),
            ("\u{feff}a,b,same,group\np/1.jpg,p/2.jpg,1,x\np/1.jpg,p/2.jpg,0,\n", "2 pairs, 1 frames"),
            ("a,b,same\np/1.jpg,p/2.jpg;p/3.jpg;p/2.jpg,0\n", "1 pairs, 3 frames"),
            ("", "LIST, line 1: the header is a,b,same or a,b,same,group"),
            ("a,b,same\n", "LIST, line 2: there is no pair"),
            ("a,b,same\np/1.jpg,p/2.jpg,yes\n", "LIST, line 2: same is 0 or 1, not \"yes\""),
            ("a,b,same\np/1.jpg,1\n", "LIST, line 2: 2 columns, not 3 (a path with a comma in it cannot be named)"),
            (
                "a,b,same\np/1.jpg,p/2.jpg,0\np/1.jpg,p/9.jpg,1\n",
                "LIST, line 3: p/9.jpg: No such file or directory (os error 2)",
            ),
            (
                "a,b,same\n../outside.jpg,p/2.jpg,1\n",
                "LIST, line 2: \"../outside.jpg\" is no path below the folder of images",
            ),
            (
                "a,b,same\n/etc/passwd,p/2.jpg,1\n",
                "LIST, line 2: \"/etc/passwd\" is no path below the folder of images",
            ),
            ("a,b,same\nlink.jpg,p/2.jpg,1\n", "LIST, line 2: link.jpg leads out of the folder of images"),
            ("a,b,same\np,p/2.jpg,1\n", "LIST, line 2: p is no file"),
            ("a,b,same\np/1.jpg,p/1.jpg,1\n", "LIST, line 2: p/1.jpg beside itself proves nothing"),
            (
                "a,b,same\np/1.jpg,p/2.jpg;p/3.jpg,0\n",
                "LIST, line 2: b names 2 photographs; one, or three joined by semicolons",
            ),
        ];
        for (list, expected) in table {
            assert_eq!(said(list), expected, "{list}");
        }
    }
}
