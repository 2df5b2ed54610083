//! The header of an npy file: magic bytes, version, and a Python dict that says what array follows.

use std::io;

use super::literal::{Entry, Literal, parse};
use crate::io::Problem;

const MAGIC: &[u8] = b"\x93NUMPY";

/// The description of an array that the header of its file gives.
#[derive(Debug)]
pub(super) struct Header {
    /// numpy's name for the type of the elements, such as `<f8`.
    pub(super) type_string: String,
    /// Whether the elements are stored column by column (Fortran) instead of row by row (C).
    pub(super) column_major: bool,
    /// The length along each axis.
    pub(super) shape: Vec<usize>,
    /// The number of elements.
    pub(super) count: u64,
}

/// Reads the header that `bytes` begin with, and returns it with the bytes behind it.
///
/// As to numpy, the dict must have the keys `descr`, `fortran_order` and `shape` and no others, in any order.
///
/// # Errors
/// Where the bytes do not begin as npy files do, the header is truncated, malformed, longer than numpy would read, or
/// announces more elements than memory can hold, and where the elements are Python objects or records.
pub(super) fn read(bytes: &[u8]) -> Result<(Header, &[u8]), Problem> {
    let (version, text, data) = split(bytes)?;
    let text = match version {
        3 => String::from_utf8(text.to_vec()).map_err(|_| malformed("it is not UTF-8"))?,
        // Latin-1, whose characters are the first 256 of Unicode.
        _ => text.iter().copied().map(char::from).collect(),
    };
    // Python 2, which marks long integers, could write versions 1 and 2.
    let literal = parse(&text, version < 3).map_err(Problem::NpyHeader)?;
    let Literal::Dict(entries) = &literal else { return Err(malformed("it is no Python dict")) };
    let [descr, fortran_order, shape] = ["descr", "fortran_order", "shape"].map(|key| entry(entries, key));
    let (descr, fortran_order, shape) = (descr?, fortran_order?, shape?);
    if entries.len() > 3 {
        return Err(malformed("it has a key besides 'descr', 'fortran_order' and 'shape'"));
    }

    let Literal::Boolean(column_major) = fortran_order.value else {
        return Err(malformed("its 'fortran_order' is neither True nor False"));
    };
    let (shape, count) = lengths(&shape.value)?;
    if holds_objects(&descr.value) {
        return Err(Problem::PythonObjects);
    }
    match &descr.value {
        Literal::Text(name) => {
            Ok((Header { type_string: (*name).to_owned(), column_major, shape, count }, data))
        }
        Literal::List(_) | Literal::Tuple(_) => Err(Problem::ElementType { found: descr.written.to_owned() }),
        _ => Err(malformed("its 'descr' is no type")),
    }
}

/// Returns the version of the format, the text of the header and the bytes behind it.
fn split(bytes: &[u8]) -> Result<(u8, &[u8], &[u8]), Problem> {
    /// The limit is numpy's own.
    const LONGEST: usize = 10_000;
    let rest = bytes.strip_prefix(MAGIC).ok_or(Problem::NotNpy)?;
    let (version, length, rest) = match *rest {
        [1, 0, a, b, ref rest @ ..] => (1, usize::from(u16::from_le_bytes([a, b])), rest),
        [version @ (2 | 3), 0, a, b, c, d, ref rest @ ..] => {
            (version, u32::from_le_bytes([a, b, c, d]) as usize, rest)
        }
        [1..=3, 0, ..] | [1..=3] | [] => return Err(malformed("it ends too soon")),
        _ => return Err(malformed("its version is not 1.0, 2.0 or 3.0")),
    };
    if length > LONGEST {
        return Err(malformed(&format!("it is {length} bytes long, and at most {LONGEST} are read")));
    }
    let (text, data) = rest.split_at_checked(length).ok_or_else(|| malformed("it ends too soon"))?;
    Ok((version, text, data))
}

/// Returns the entry of a key, which must be there once: a reader takes the first of two, another one the last.
fn entry<'a, 'b>(entries: &'a [Entry<'b>], key: &str) -> Result<&'a Entry<'b>, Problem> {
    let mut found = entries.iter().filter(|entry| entry.key == key);
    match (found.next(), found.next()) {
        (Some(entry), None) => Ok(entry),
        (None, _) => Err(malformed(&format!("it has no key '{key}'"))),
        (Some(_), Some(_)) => Err(malformed(&format!("it has the key '{key}' twice"))),
    }
}

/// Returns the length along each axis, and the number of elements.
fn lengths(shape: &Literal<'_>) -> Result<(Vec<usize>, u64), Problem> {
    let (Literal::Tuple(items) | Literal::List(items)) = shape else {
        return Err(malformed("its 'shape' is no tuple"));
    };
    let too_many = || malformed("it announces more elements than memory can hold");
    // An axis of length 0 does not excuse the others, whose product ndarray computes.
    let (mut product, mut is_empty) = (1_u64, false);
    let mut shape = Vec::with_capacity(items.len());
    for item in items {
        let Literal::Integer(length) = *item else {
            return Err(malformed("its 'shape' holds something else than whole numbers"));
        };
        is_empty |= length == 0;
        product =
            product.checked_mul(length.max(1)).filter(|&product| product < 1 << 60).ok_or_else(too_many)?;
        shape.push(usize::try_from(length).map_err(|_| too_many())?);
    }
    Ok((shape, if is_empty { 0 } else { product }))
}

/// Returns whether elements of a type, or of a field of it, are Python objects, which numpy stores pickled.
fn holds_objects(descr: &Literal<'_>) -> bool {
    match descr {
        Literal::Text(name) => name.trim_start_matches(['<', '>', '|', '=']).starts_with('O'),
        // A field is its name, its type, and its shape if it has one.
        Literal::List(fields) => fields.iter().any(|field| match field {
            Literal::Tuple(field) | Literal::List(field) => field.get(1).is_some_and(holds_objects),
            _ => false,
        }),
        // A type and the shape of arrays of it.
        Literal::Tuple(array) => array.first().is_some_and(holds_objects),
        _ => false,
    }
}

fn malformed(why: &str) -> Problem {
    Problem::NpyHeader(why.to_owned())
}

/// Returns the bytes that an npy file begins with, as numpy writes them for an array in row-major order.
///
/// Their number is a multiple of 64 and does not depend on the length of the first axis, so that the header of a file
/// that grows can be written anew in its place.
///
/// # Errors
/// Where the header is longer than the format can tell, which takes a billion axes.
pub(super) fn write(type_string: &str, shape: &[usize]) -> io::Result<Vec<u8>> {
    /// The digits that the length of the first axis has room for.
    const DIGITS: usize = 21;
    const ALIGNMENT: usize = 64;
    let lengths: Vec<String> = shape.iter().map(usize::to_string).collect();
    let comma = if shape.len() == 1 { "," } else { "" };
    let mut text = format!(
        "{{'descr': '{type_string}', 'fortran_order': False, 'shape': ({}{comma}), }}",
        lengths.join(", ")
    );
    let spare = lengths.first().map_or(0, |first| DIGITS.saturating_sub(first.len()));
    // As much as numpy: at least one space more, and the line feed.
    let padded =
        |before: usize| (before + text.len() + spare + 1) / ALIGNMENT * ALIGNMENT + ALIGNMENT - before;
    let (before, length) = (MAGIC.len() + 4, padded(MAGIC.len() + 4));
    let (start, length) = match u16::try_from(length) {
        Ok(length) => ([&[1, 0][..], &length.to_le_bytes()].concat(), usize::from(length)),
        Err(_) => {
            let length = padded(before + 2);
            let written = u32::try_from(length).map_err(|_| io::Error::from(io::ErrorKind::FileTooLarge))?;
            ([&[2, 0][..], &written.to_le_bytes()].concat(), length)
        }
    };
    text.extend(std::iter::repeat_n(' ', length - 1 - text.len()));
    text.push('\n');
    Ok([MAGIC, &start, text.as_bytes()].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEYS: [&str; 3] = ["'descr': '<f8'", "'fortran_order': False", "'shape': (2, 3)"];

    /// An npy file of a version, with this header and without data.
    fn file(version: u8, text: &[u8]) -> Vec<u8> {
        let length = u32::try_from(text.len()).unwrap().to_le_bytes();
        let length = if version == 1 { &length[..2] } else { &length[..] };
        [MAGIC, &[version, 0], length, text].concat()
    }

    fn shape(version: u8, text: &str) -> Result<Vec<usize>, String> {
        read(&file(version, text.as_bytes()))
            .map(|(header, _)| header.shape)
            .map_err(|problem| problem.to_string())
    }

    #[test]
    fn keys_stand_in_any_order_and_commas_may_trail() {
        let [a, b, c] = KEYS;
        for [x, y, z] in [[a, b, c], [a, c, b], [b, a, c], [b, c, a], [c, a, b], [c, b, a]] {
            for version in 1..=3 {
                for end in ["", ",", ", ", " \n"] {
                    let text = format!("  {{{x}, {y} ,\n{z}{end}}}   \n");
                    assert_eq!(shape(version, &text), Ok(vec![2, 3]), "{text}");
                    assert_eq!(shape(version, &text.replace('\'', "\"")), Ok(vec![2, 3]), "{text}");
                }
            }
        }
    }

    #[test]
    fn long_integers_of_python_2_are_read() {
        let [a, b, _] = KEYS;
        let text = format!("{{{a}, {b}, 'shape': (2L, 3L)}}");
        assert_eq!(shape(1, &text), Ok(vec![2, 3]));
        assert_eq!(shape(2, &text), Ok(vec![2, 3]));
        assert!(shape(3, &text).unwrap_err().ends_with("it holds a number that is not a plain decimal"));
    }

    #[test]
    fn other_keys_and_values_are_refused() {
        let [a, b, c] = KEYS;
        for (text, message) in [
            (format!("({a}, )"), "it has ':' at byte 8 where ',' or ')' is expected"),
            ("('descr', )".to_owned(), "it is no Python dict"),
            (format!("{{{a}, {b}}}"), "it has no key 'shape'"),
            (format!("{{{a}, {b}, {c}, {c}}}"), "it has the key 'shape' twice"),
            (
                format!("{{{a}, {b}, {c}, 'order': 'C'}}"),
                "it has a key besides 'descr', 'fortran_order' and 'shape'",
            ),
            (format!("{{{a}, 'fortran_order': 0, {c}}}"), "its 'fortran_order' is neither True nor False"),
            (format!("{{{a}, {b}, 'shape': 3}}"), "its 'shape' is no tuple"),
            (format!("{{{a}, {b}, 'shape': (3)}}"), "its 'shape' is no tuple"),
            (format!("{{{a}, {b}, 'shape': ('3',)}}"), "its 'shape' holds something else than whole numbers"),
            (format!("{{'descr': 8, {b}, {c}}}"), "its 'descr' is no type"),
        ] {
            let error = shape(1, &text).unwrap_err();
            assert_eq!(error, format!("has a malformed npy header: {message}"), "{text}");
        }
    }

    #[test]
    fn records_are_told_from_python_objects() {
        let [_, b, c] = KEYS;
        let problem =
            |descr: &str| read(&file(1, format!("{{'descr': {descr}, {b}, {c}}}").as_bytes())).unwrap_err();
        for descr in ["[('a', '<f8'), ('O', '|V2')]", "[('a', [('O', '<i4')], (2,))]", "('<f8', (3,))"] {
            assert!(matches!(problem(descr), Problem::ElementType { found } if found == descr), "{descr}");
        }
        for descr in ["'|O'", "'|O8'", "[('a', '<f8'), ('b', '|O')]", "[('a', [('b', 'O')])]", "('|O', (3,))"]
        {
            assert!(matches!(problem(descr), Problem::PythonObjects), "{descr}");
        }
    }

    #[test]
    fn names_of_fields_are_latin_1_up_to_version_2_and_utf_8_from_3() {
        let [_, b, c] = KEYS;
        let text = |name: &[u8]| {
            [b"{'descr': [('", name, b"', '<f8')], ", b.as_bytes(), b", ", c.as_bytes(), b"}"].concat()
        };
        let found = |version, name: &[u8]| match read(&file(version, &text(name))).unwrap_err() {
            Problem::ElementType { found } => found,
            problem => problem.to_string(),
        };
        assert_eq!(found(1, b"\xe9"), "[('é', '<f8')]");
        assert_eq!(found(2, b"\xe9"), "[('é', '<f8')]");
        assert_eq!(found(3, "é".as_bytes()), "[('é', '<f8')]");
        assert_eq!(found(3, b"\xe9"), "has a malformed npy header: it is not UTF-8");
    }

    #[test]
    fn versions_and_lengths_are_checked() {
        let error = |bytes: &[u8]| read(&[MAGIC, bytes].concat()).unwrap_err().to_string();
        for bytes in [&[0, 0, 2, 0, b'{', b'}'][..], &[1, 1, 2, 0, b'{', b'}'], &[4, 0], b"N"] {
            assert!(error(bytes).ends_with("its version is not 1.0, 2.0 or 3.0"), "{bytes:?}");
        }
        for bytes in
            [&[][..], &[1], &[1, 0, 2], &[1, 0, 3, 0, b'{', b'}'], &[2, 0, 2, 0, 0], &[3, 0, 1, 0, 0, 0]]
        {
            assert!(error(bytes).ends_with("it ends too soon"), "{bytes:?}");
        }
        let long = error(&[2, 0, 0xff, 0xff, 0xff, 0xff, b'{']);
        assert!(long.ends_with("it is 4294967295 bytes long, and at most 10000 are read"), "{long}");
    }

    #[test]
    fn headers_are_those_of_numpy() {
        // By numpy 2.4.6, `numpy.lib.format.write_array_header_1_0`; the spaces are counted.
        let ten = [1, 1, 1, 1, 1, 1, 1, 1, 1, 10];
        for (descr, shape, text, spaces) in [
            ("<f8", &[][..], "{'descr': '<f8', 'fortran_order': False, 'shape': (), }", 62),
            ("<f8", &[3], "{'descr': '<f8', 'fortran_order': False, 'shape': (3,), }", 60),
            ("<f8", &[0, 3], "{'descr': '<f8', 'fortran_order': False, 'shape': (0, 3), }", 58),
            ("<i8", &[1000, 84], "{'descr': '<i8', 'fortran_order': False, 'shape': (1000, 84), }", 54),
            ("<U6", &[2], "{'descr': '<U6', 'fortran_order': False, 'shape': (2,), }", 60),
            (
                "<f4",
                &ten,
                "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 1, 1, 1, 1, 1, 1, 1, 1, 10), }",
                33,
            ),
            (
                "<f8",
                &[1; 31],
                "{'descr': '<f8', 'fortran_order': False, 'shape': (1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, \
                 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1), }",
                35,
            ),
        ] {
            let length = u16::try_from(text.len() + spaces + 1).unwrap().to_le_bytes();
            let expected =
                [MAGIC, &[1, 0], &length, text.as_bytes(), " ".repeat(spaces).as_bytes(), b"\n"].concat();
            assert_eq!(
                write(descr, shape).unwrap().escape_ascii().to_string(),
                expected.escape_ascii().to_string()
            );
        }
    }

    #[test]
    fn a_header_does_not_grow_with_the_first_axis() {
        for shape in [&[0_usize][..], &[0, 1], &[0, usize::MAX], &[0, 3, 5, 7]] {
            let length = write("<f8", shape).unwrap().len();
            assert_eq!(length % 64, 0);
            for rows in [1, 12_345, usize::MAX] {
                assert_eq!(
                    write("<f8", &[&[rows], &shape[1..]].concat()).unwrap().len(),
                    length,
                    "{shape:?}"
                );
            }
        }
    }

    #[test]
    fn a_header_beyond_64_kib_is_of_version_2() {
        // numpy 2.4.6 goes over to version 2 between these.
        for (axes, version) in [(21_817, 1), (21_818, 2)] {
            let bytes = write("<f8", &vec![1; axes]).unwrap();
            assert_eq!((bytes[6], bytes[7], bytes.len() % 64), (version, 0, 0));
            let length = match version {
                1 => 10 + usize::from(u16::from_le_bytes([bytes[8], bytes[9]])),
                _ => 12 + u32::from_le_bytes([bytes[8], bytes[9], bytes[10], bytes[11]]) as usize,
            };
            assert_eq!(length, bytes.len());
            assert!(bytes.ends_with(b" \n"));
        }
    }
}
