//! Numbers of bytes in messages.

use std::fmt;

/// A number of bytes, which is displayed in decimal units: `230 GB`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Bytes(pub u64);

impl fmt::Display for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let units = [(1e18, "EB"), (1e15, "PB"), (1e12, "TB"), (1e9, "GB"), (1e6, "MB"), (1e3, "kB")];
        let value = self.0 as f64;
        if self.0 == u64::MAX {
            return f.write_str("more than 18 EB");
        }
        match units.into_iter().find(|(size, _)| value >= *size) {
            Some((size, unit)) if value >= 100.0 * size => write!(f, "{:.0} {unit}", value / size),
            Some((size, unit)) => write!(f, "{:.1} {unit}", value / size),
            None => write!(f, "{} bytes", self.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_told_in_the_unit_that_fits() {
        let told = [999, 1500, 123_456_789, 230_400_000_000, u64::MAX].map(|bytes| Bytes(bytes).to_string());
        assert_eq!(told, ["999 bytes", "1.5 kB", "123 MB", "230 GB", "more than 18 EB"]);
    }
}
