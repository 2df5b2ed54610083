//! The header of an npy file, looked over before it is parsed.

use crate::io::Problem;

/// Refuses headers that the parser behind this module is not made for: it recurses on nested brackets, and multiplies
/// lengths without looking for overflow.
///
/// What numpy writes passes; the limit on the length of a header is numpy's own.
pub(super) fn check_header(bytes: &[u8]) -> Result<(), Problem> {
    const LONGEST: usize = 10_000;
    const DEEPEST: usize = 8;
    let malformed = |why: &str| Err(Problem::NpyHeader(why.to_owned()));

    if !bytes.starts_with(b"\x93NUMPY") {
        return Err(Problem::NotNpy);
    }
    let (length, start) = match *bytes {
        [_, _, _, _, _, _, 1, _, a, b, ..] => (usize::from(u16::from_le_bytes([a, b])), 10),
        [_, _, _, _, _, _, 2 | 3, _, a, b, c, d, ..] => (u32::from_le_bytes([a, b, c, d]) as usize, 12),
        [_, _, _, _, _, _, 1..=3, ..] | [_, _, _, _, _, _] => return malformed("it ends too soon"),
        _ => return malformed("its version is not 1, 2 or 3"),
    };
    if length > LONGEST {
        return malformed(&format!("it is {length} bytes long"));
    }
    let Some(text) = bytes[start..].get(..length) else { return malformed("it ends too soon") };

    let mut depth = 0_usize;
    let mut product = 1_u64;
    let mut digits = 0_u64;
    for (index, &byte) in text.iter().enumerate() {
        match byte {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            b'+' | b'-' | b'\\' => return malformed("it holds a sign or an escape"),
            _ => {}
        }
        if depth > DEEPEST {
            return malformed("its brackets are nested too deeply");
        }
        let next = text.get(index + 1).copied().unwrap_or(b' ');
        if byte.is_ascii_digit() {
            digits = digits.saturating_mul(10).saturating_add(u64::from(byte - b'0'));
            if matches!(next, b'_' | b'x' | b'X' | b'o' | b'O' | b'b' | b'B') {
                return malformed("it holds a number that is not a plain decimal");
            }
            if !next.is_ascii_digit() {
                product = match product.checked_mul(digits.max(1)) {
                    Some(product) if product < 1 << 60 => product,
                    _ => return malformed("it announces more elements than memory can hold"),
                };
                digits = 0;
            }
        }
    }
    Ok(())
}
