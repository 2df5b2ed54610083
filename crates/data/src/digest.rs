//! Checksums by which changed content is told.

use std::fmt;
use std::io::{self, Read};

/// A checksum of 128 bits, FNV-1a, the same on every machine. It tells changes by accident, not changes on purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Digest(u128);

/// The prime of FNV-1a for 128 bits.
const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;

impl Default for Digest {
    /// The digest of nothing.
    fn default() -> Self {
        Self(0x6c62_272e_07bb_0142_62b8_2175_6295_c58d)
    }
}

impl Digest {
    /// Returns the digest of bytes.
    pub fn of(bytes: &[u8]) -> Self {
        let mut digest = Self::default();
        digest.bytes(bytes);
        digest
    }

    /// Takes bytes in.
    pub fn bytes(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u128::from(*byte)).wrapping_mul(PRIME);
        }
    }

    /// Takes the bits of a number in, all 64 at once: eight times as fast as byte by byte.
    pub fn number(&mut self, number: f64) {
        self.word(number.to_bits());
    }

    /// Takes the whole of a reader in, 64 bits at once and its length at the end. Returns the number of bytes.
    ///
    /// # Errors
    /// Where it cannot be read.
    pub fn content(&mut self, mut reader: impl Read) -> io::Result<u64> {
        let mut buffer = vec![0; 1 << 16];
        let mut length = 0_u64;
        loop {
            // A reader may give less than it is asked for, and words must not depend on how much.
            let mut filled = 0;
            while filled < buffer.len() {
                match reader.read(&mut buffer[filled..]) {
                    Ok(0) => break,
                    Ok(count) => filled += count,
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                    Err(error) => return Err(error),
                }
            }
            for chunk in buffer[..filled].chunks(8) {
                let mut word = [0; 8];
                word[..chunk.len()].copy_from_slice(chunk);
                self.word(u64::from_le_bytes(word));
            }
            length += filled as u64;
            if filled < buffer.len() {
                self.word(length);
                return Ok(length);
            }
        }
    }

    /// Takes a word of 64 bits in at once.
    pub fn word(&mut self, word: u64) {
        self.0 = (self.0 ^ u128::from(word)).wrapping_mul(PRIME);
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

impl fmt::Write for Digest {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.bytes(text.as_bytes());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digest_of_a_content_is_the_same_however_it_is_read() {
        let bytes: Vec<u8> = (0..200_003_u32).map(|index| (index * 7 % 251) as u8).collect();
        let of = |bytes: &[u8]| {
            let mut digest = Digest::default();
            assert_eq!(digest.content(bytes).unwrap(), bytes.len() as u64);
            digest
        };
        let (head, tail) = bytes.split_at(70_001);
        let mut pieces = Digest::default();
        pieces.content(head.chain(tail)).unwrap();
        assert_eq!(pieces, of(&bytes));
        assert_ne!(of(&bytes[..200_002]), of(&bytes));
        assert_ne!(of(&[0]), of(&[0, 0]));
    }

    #[test]
    fn the_digest_is_fnv_1a() {
        // The test vectors of draft-eastlake-fnv for 128 bits.
        assert_eq!(Digest::of(b"").to_string(), "6c62272e07bb014262b821756295c58d");
        assert_eq!(Digest::of(b"a").to_string(), "d228cb696f1a8caf78912b704e4a8964");
        assert_eq!(Digest::of(b"foobar").to_string(), "343e1662793c64bf6f0d3597ba446f18");
    }
}
