//! The elements of an npy file: their types, and their bytes as numbers and texts.

use crate::io::Problem;

/// A type that elements can have in a file.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum ElementType {
    /// Booleans, integers and floats.
    Number(Number),
    /// Strings of fixed width.
    Text(Text),
}

/// A type of numbers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Number {
    kind: Kind,
    /// Whether the most significant byte comes first.
    is_big_endian: bool,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Kind {
    Bool,
    I8,
    I16,
    I32,
    I64,
    U8,
    U16,
    U32,
    U64,
    F16,
    F32,
    F64,
}

/// A type of texts, which end in zeros where they are shorter than the type.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Text {
    /// The size in bytes.
    width: usize,
    encoding: Encoding,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Encoding {
    /// The bytes of UTF-8, of which ASCII is a part.
    Utf8,
    /// The numbers of characters, in four bytes each.
    Utf32 { is_big_endian: bool },
}

impl ElementType {
    /// Returns the type of a type string: byte order, kind, and size in bytes or, for `U`, in characters.
    ///
    /// `None` stands for a type that is not read: complex numbers, dates, raw bytes, and whatever is no type.
    pub(super) fn parse(type_string: &str) -> Option<Self> {
        let (order, rest) = type_string.split_at_checked(1)?;
        let (letter, size) = rest.split_at_checked(1)?;
        // The parser of numbers accepts a sign.
        if !size.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let size: usize = size.parse().ok().filter(|&size| size > 0)?;
        // A single byte has no order.
        let is_big_endian = match order {
            "<" => false,
            ">" => true,
            "|" if matches!((letter, size), ("S" | "a", _) | ("b" | "i" | "u", 1)) => false,
            _ => return None,
        };
        let kind = match (letter, size) {
            ("S" | "a", width) => return Some(Self::Text(Text { width, encoding: Encoding::Utf8 })),
            ("U", characters) => {
                let encoding = Encoding::Utf32 { is_big_endian };
                return Some(Self::Text(Text { width: characters.checked_mul(4)?, encoding }));
            }
            ("b", 1) => Kind::Bool,
            ("i", 1) => Kind::I8,
            ("i", 2) => Kind::I16,
            ("i", 4) => Kind::I32,
            ("i", 8) => Kind::I64,
            ("u", 1) => Kind::U8,
            ("u", 2) => Kind::U16,
            ("u", 4) => Kind::U32,
            ("u", 8) => Kind::U64,
            ("f", 2) => Kind::F16,
            ("f", 4) => Kind::F32,
            ("f", 8) => Kind::F64,
            _ => return None,
        };
        Some(Self::Number(Number { kind, is_big_endian }))
    }

    /// Returns the size of an element in bytes, which is at least 1.
    pub(super) fn width(self) -> usize {
        match self {
            Self::Number(Number { kind, .. }) => match kind {
                Kind::Bool | Kind::I8 | Kind::U8 => 1,
                Kind::I16 | Kind::U16 | Kind::F16 => 2,
                Kind::I32 | Kind::U32 | Kind::F32 => 4,
                Kind::I64 | Kind::U64 | Kind::F64 => 8,
            },
            Self::Text(Text { width, .. }) => width,
        }
    }
}

impl Number {
    /// Returns the numbers that `data` are the bytes of.
    ///
    /// # Errors
    /// Where a boolean is neither 0 nor 1.
    pub(super) fn decode(self, data: &[u8]) -> Result<Vec<f64>, Problem> {
        Ok(match self.kind {
            Kind::Bool => {
                if let Some(byte) = data.iter().find(|&&byte| byte > 1) {
                    return Err(Problem::Element(format!("a boolean is {byte} instead of 0 or 1")));
                }
                self.convert(data, |[byte]| f64::from(byte))
            }
            Kind::I8 => self.convert(data, |bytes| f64::from(i8::from_le_bytes(bytes))),
            Kind::I16 => self.convert(data, |bytes| f64::from(i16::from_le_bytes(bytes))),
            Kind::I32 => self.convert(data, |bytes| f64::from(i32::from_le_bytes(bytes))),
            Kind::I64 => self.convert(data, |bytes| i64::from_le_bytes(bytes) as f64),
            Kind::U8 => self.convert(data, |[byte]| f64::from(byte)),
            Kind::U16 => self.convert(data, |bytes| f64::from(u16::from_le_bytes(bytes))),
            Kind::U32 => self.convert(data, |bytes| f64::from(u32::from_le_bytes(bytes))),
            Kind::U64 => self.convert(data, |bytes| u64::from_le_bytes(bytes) as f64),
            Kind::F16 => self.convert(data, |bytes| half(u16::from_le_bytes(bytes))),
            Kind::F32 => self.convert(data, |bytes| f64::from(f32::from_le_bytes(bytes))),
            Kind::F64 => self.convert(data, f64::from_le_bytes),
        })
    }

    /// Converts elements of `N` bytes each; `number` takes the bytes of one, the least significant first.
    fn convert<const N: usize>(self, data: &[u8], number: impl Fn([u8; N]) -> f64) -> Vec<f64> {
        // Where the number of elements and their width are known, the vector is allocated once and the loop vectorised.
        let (elements, _) = data.as_chunks::<N>();
        if !self.is_big_endian {
            return elements.iter().map(|&bytes| number(bytes)).collect();
        }
        let swapped = elements.iter().map(|&(mut bytes)| {
            bytes.reverse();
            number(bytes)
        });
        swapped.collect()
    }
}

impl Text {
    /// Returns the texts that `data` are the bytes of.
    ///
    /// # Errors
    /// Where bytes are not UTF-8, or a number is not that of a Unicode character.
    pub(super) fn decode(self, data: &[u8]) -> Result<Vec<String>, Problem> {
        let elements = data.chunks_exact(self.width);
        // A vector that grows would take up to three times the memory.
        let mut texts = Vec::with_capacity(elements.len());
        for element in elements {
            texts.push(match self.encoding {
                Encoding::Utf8 => utf8(element)?,
                Encoding::Utf32 { is_big_endian: false } => utf32(element, u32::from_le_bytes)?,
                Encoding::Utf32 { is_big_endian: true } => utf32(element, u32::from_be_bytes)?,
            });
        }
        Ok(texts)
    }
}

fn utf32(element: &[u8], number: impl Fn([u8; 4]) -> u32) -> Result<String, Problem> {
    let (characters, _) = element.as_chunks::<4>();
    let length = characters.iter().rposition(|bytes| *bytes != [0; 4]).map_or(0, |last| last + 1);
    let character = |&bytes: &[u8; 4]| {
        let number = number(bytes);
        char::from_u32(number)
            .ok_or_else(|| Problem::Element(format!("{number:#x} is the number of no Unicode character")))
    };
    characters[..length].iter().map(character).collect()
}

fn utf8(element: &[u8]) -> Result<String, Problem> {
    let length = element.iter().rposition(|&byte| byte != 0).map_or(0, |last| last + 1);
    match std::str::from_utf8(&element[..length]) {
        Ok(text) => Ok(text.to_owned()),
        Err(_) => {
            Err(Problem::Element(format!("the text \"{}\" is not UTF-8", element[..length].escape_ascii())))
        }
    }
}

/// Returns the number that is stored in half precision (IEEE 754: sign, 5 bits of exponent, 10 of mantissa), for which
/// Rust has no type.
fn half(bits: u16) -> f64 {
    let (exponent, mantissa) = (i32::from(bits >> 10 & 0x1f), f64::from(bits & 0x3ff));
    let magnitude = match exponent {
        0 => mantissa * 2_f64.powi(-24),
        0x1f if mantissa == 0.0 => f64::INFINITY,
        0x1f => f64::NAN,
        _ => (1024.0 + mantissa) * 2_f64.powi(exponent - 25),
    };
    if bits >> 15 == 1 { -magnitude } else { magnitude }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_precision_has_infinities_and_nan() {
        assert_eq!((half(0x7c00), half(0xfc00)), (f64::INFINITY, f64::NEG_INFINITY));
        assert!(half(0x7e00).is_nan());
    }

    #[test]
    fn what_is_no_type_that_is_read_has_none() {
        for text in [
            "",
            "<",
            "f8",
            "<f",
            "<f3",
            "<f16",
            "<f+8",
            "<f8 ",
            "|f8",
            "=f8",
            "|U3",
            "<U0",
            "|S0",
            "<b2",
            "<c16",
            "|V3",
            "<M8[ns]",
            "<m8[us]",
            "<i99999999999999999999999",
            "é8",
            "<é8",
        ] {
            assert_eq!(ElementType::parse(text), None, "{text}");
        }
        assert_eq!(ElementType::parse(&format!("<U{}", usize::MAX)), None);
    }

    /// Returns why bytes cannot be decoded.
    fn refused(type_string: &str, data: &[u8]) -> String {
        let problem = match ElementType::parse(type_string).unwrap() {
            ElementType::Number(number) => number.decode(data).unwrap_err(),
            ElementType::Text(text) => text.decode(data).unwrap_err(),
        };
        problem.to_string()
    }

    #[test]
    fn elements_that_make_no_sense_are_told() {
        for (type_string, data, why) in [
            ("<U1", &[0, 0xd8, 0, 0][..], "0xd800 is the number of no Unicode character"),
            (">U1", &[0, 0x11, 0, 0], "0x110000 is the number of no Unicode character"),
            ("|S3", b"a\xff\0", "the text \"a\\xff\" is not UTF-8"),
            ("|b1", &[0, 1, 2], "a boolean is 2 instead of 0 or 1"),
        ] {
            let message = format!("has an element that cannot be decoded: {why}");
            assert_eq!(refused(type_string, data), message, "{type_string}");
        }
    }
}
