//! The tag-length-value files of the text and surface applications: private-class two-byte tags, definite lengths.
//!
//! Strict where it matters: a length says exactly how much follows, a tag stands once, an offset table is true. After the
//! outer element a file may go on with filler, inside it nothing may.

use std::ops::Range;

/// The bytes are not such a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Malformed;

/// The header of an element: its tag, where its value begins and how long that is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Header {
    pub(crate) tag: u16,
    pub(crate) header: usize,
    pub(crate) value: usize,
}

/// No header of ours is longer.
pub(crate) const LONGEST_HEADER: usize = 5;

impl Header {
    /// Reads a tag of one or two bytes and a length of one to three.
    pub(crate) fn read(bytes: &[u8]) -> Result<Self, Malformed> {
        let (tag, rest) = match bytes {
            // A low tag of 31 says that the tag goes on (X.690 8.1.2.4).
            [first, second, rest @ ..] if first & 0x1F == 0x1F => (u16::from_be_bytes([*first, *second]), rest),
            [first, rest @ ..] if first & 0x1F != 0x1F => (u16::from(*first), rest),
            _ => return Err(Malformed),
        };
        let (value, rest) = match rest {
            [short @ 0..=0x7F, rest @ ..] => (usize::from(*short), rest),
            [0x81, byte, rest @ ..] => (usize::from(*byte), rest),
            // Cards write 82 00 80 as well: a longer form than needed is theirs, not an error.
            [0x82, high, low, rest @ ..] => (usize::from(u16::from_be_bytes([*high, *low])), rest),
            _ => return Err(Malformed),
        };
        Ok(Self { tag, header: bytes.len() - rest.len(), value })
    }

    pub(crate) fn total(self) -> usize {
        self.header + self.value
    }
}

/// The elements inside the one element of a file, in their order.
pub(crate) struct Elements<'a> {
    list: Vec<(u16, &'a [u8], Range<usize>)>,
    file: &'a [u8],
}

impl<'a> Elements<'a> {
    /// The elements of a file whose one element has that tag.
    pub(crate) fn of_file(file: &'a [u8], tag: u16) -> Result<Self, Malformed> {
        let outer = Header::read(file)?;
        if outer.tag != tag {
            return Err(Malformed);
        }
        Self::in_range(file, outer.header..outer.total())
    }

    /// The elements of these bytes.
    pub(crate) fn of(bytes: &'a [u8]) -> Result<Self, Malformed> {
        Self::in_range(bytes, 0..bytes.len())
    }

    fn in_range(file: &'a [u8], range: Range<usize>) -> Result<Self, Malformed> {
        let end = range.end;
        let mut at = range.start;
        let mut list: Vec<(u16, &[u8], Range<usize>)> = Vec::new();
        while at < end {
            let header = Header::read(file.get(at..end).ok_or(Malformed)?)?;
            let whole = at..at + header.total();
            if whole.end > end || list.iter().any(|(tag, ..)| *tag == header.tag) {
                return Err(Malformed);
            }
            let value = file.get(at + header.header..whole.end).ok_or(Malformed)?;
            at = whole.end;
            list.push((header.tag, value, whole));
        }
        Ok(Self { list, file })
    }

    /// The value of that tag.
    pub(crate) fn get(&self, tag: u16) -> Result<&'a [u8], Malformed> {
        self.list.iter().find(|(of, ..)| *of == tag).map(|(_, value, _)| *value).ok_or(Malformed)
    }

    /// The bytes from the first to the last of these tags, which stand side by side in this order.
    pub(crate) fn bytes(&self, tags: &[u16]) -> Result<&'a [u8], Malformed> {
        let first = self.list.iter().position(|(of, ..)| Some(of) == tags.first()).ok_or(Malformed)?;
        let run = self.list.get(first..first + tags.len()).ok_or(Malformed)?;
        if run.iter().map(|(tag, ..)| tag).ne(tags) {
            return Err(Malformed);
        }
        let (from, to) = (run.first().ok_or(Malformed)?, run.last().ok_or(Malformed)?);
        self.file.get(from.2.start..to.2.end).ok_or(Malformed)
    }

    /// That the first element is an offset table and names where each of the others begins, counted from the file's start.
    pub(crate) fn offsets_are_true(&self, table: u16) -> Result<(), Malformed> {
        let (first, rest) = self.list.split_first().ok_or(Malformed)?;
        let starts: Vec<u8> =
            rest.iter().flat_map(|(.., whole)| u16::try_from(whole.start).unwrap_or(0).to_be_bytes()).collect();
        if first.0 == table && first.1 == starts { Ok(()) } else { Err(Malformed) }
    }
}

/// One element, its length in the shortest form.
#[cfg(any(test, feature = "soft-card"))]
pub(crate) fn element(tag: u16, value: &[u8]) -> Vec<u8> {
    let mut element = match tag.to_be_bytes() {
        [0, low] => vec![low],
        both => both.to_vec(),
    };
    match u8::try_from(value.len()) {
        Ok(short) if short < 0x80 => element.push(short),
        Ok(byte) => element.extend([0x81, byte]),
        Err(_) => {
            element.push(0x82);
            element.extend(u16::try_from(value.len()).unwrap_or(u16::MAX).to_be_bytes());
        }
    }
    element.extend(value);
    element
}

/// One element around these, with a true offset table before them.
#[cfg(any(test, feature = "soft-card"))]
pub(crate) fn indexed(tag: u16, table: u16, elements: &[Vec<u8>]) -> Vec<u8> {
    let table_length = element(table, &vec![0; 2 * elements.len()]).len();
    let inside = table_length + elements.iter().map(Vec::len).sum::<usize>();
    let mut at = element(tag, &vec![0; inside]).len() - inside + table_length;
    let mut offsets = Vec::new();
    for element in elements {
        offsets.extend(u16::try_from(at).unwrap_or(u16::MAX).to_be_bytes());
        at += element.len();
    }
    let mut content = element(table, &offsets);
    content.extend(elements.concat());
    element(tag, &content)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_up_to_its_filler() {
        for length in [1, 0x7F, 0x80, 0x100, 0x900] {
            let parts = [element(0xDF22, &vec![7; length]), element(0xDF23, b"x")];
            let mut file = indexed(0xFF20, 0xDF21, &parts);
            file.extend([0xFF; 9]);
            let read = Elements::of_file(&file, 0xFF20).unwrap();
            assert_eq!(read.get(0xDF23), Ok(&b"x"[..]));
            assert_eq!(read.bytes(&[0xDF22, 0xDF23]), Ok(&*parts.concat()));
            assert_eq!(read.bytes(&[0xDF23, 0xDF22]), Err(Malformed));
            assert_eq!(read.offsets_are_true(0xDF21), Ok(()));
            assert_eq!(Elements::of_file(&file, 0xFF30).err(), Some(Malformed));
        }
    }

    #[test]
    fn a_spoilt_file_is_malformed() {
        let good = indexed(0xFF20, 0xDF21, &[element(0xDF22, b"abc"), element(0xDF23, b"x")]);
        for cut in 0..good.len() {
            assert!(Elements::of_file(&good[..cut], 0xFF20).is_err(), "{cut}");
        }
        let twice = element(0xFF20, &[element(0xDF22, b"a"), element(0xDF22, b"b")].concat());
        assert!(Elements::of_file(&twice, 0xFF20).is_err());
        let filler_inside = element(0xFF20, &[element(0xDF22, b"a"), vec![0xFF, 0xFF]].concat());
        assert!(Elements::of_file(&filler_inside, 0xFF20).is_err());
        let mut wrong = good.clone();
        wrong[7] += 1;
        assert!(Elements::of_file(&wrong, 0xFF20).unwrap().offsets_are_true(0xDF21).is_err());
        for header in [&[0xDF][..], &[0x30], &[0x30, 0x80], &[0x30, 0x83, 0, 0, 1], &[0xDF, 0x22, 0x82, 0]] {
            assert!(Header::read(header).is_err(), "{header:02X?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn hostile_bytes_never_panic(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..200)) {
            let _ = Elements::of(&bytes).map(|read| read.offsets_are_true(0xDF21));
            let _ = Elements::of_file(&bytes, 0xFF20);
        }
    }
}
