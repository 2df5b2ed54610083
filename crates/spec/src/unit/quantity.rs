//! Numbers with units behind them.

/// A number with the unit written behind it.
#[derive(Debug, Clone, PartialEq)]
pub struct Quantity {
    /// The number.
    pub value: f64,
    /// The unit as written; empty for a plain number.
    pub unit: String,
    /// The byte of the text where the unit starts.
    pub unit_start: usize,
}

impl Quantity {
    /// Reads `20 ms`, `-1e-3`, `0.25 /ms`, `inf`.
    ///
    /// # Errors
    ///
    /// The text does not start with a number. The unit is not looked at.
    pub fn parse(text: &str) -> Result<Self, String> {
        let trimmed = text.trim_start();
        let offset = text.len() - trimmed.len();
        let length = number_length(trimmed);
        let (number, unit) = trimmed.split_at(length);
        let value = match number {
            "inf" | "+inf" => f64::INFINITY,
            "-inf" => f64::NEG_INFINITY,
            "" => return Err(format!("expected a number with an optional unit, found `{}`", text.trim())),
            _ => number.parse().map_err(|_| format!("`{number}` is not a number"))?,
        };
        let rest = unit.trim_start();
        let unit_start = offset + length + (unit.len() - rest.len());
        Ok(Self { value, unit: rest.trim_end().to_owned(), unit_start })
    }
}

/// The length of the number that `text` starts with; 0 if it starts with none.
fn number_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let sign = usize::from(matches!(bytes.first(), Some(b'+' | b'-')));
    if text[sign..].starts_with("inf") && !text[sign + 3..].starts_with(|c: char| c.is_alphanumeric()) {
        return sign + 3;
    }
    let digits = |from: usize| bytes[from..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let whole = digits(sign);
    let mut end = sign + whole;
    let mut fraction = 0;
    if bytes.get(end) == Some(&b'.') {
        fraction = digits(end + 1);
        end += 1 + fraction;
    }
    if whole + fraction == 0 {
        return 0;
    }
    if matches!(bytes.get(end), Some(b'e' | b'E')) {
        let exponent = end + 1 + usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
        let count = bytes.get(exponent..).map_or(0, |_| digits(exponent));
        if count > 0 {
            end = exponent + count;
        }
    }
    end
}
