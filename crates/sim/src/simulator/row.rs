//! Rows: everything that a sweep keeps of one run, as the bytes of a record of its journal.

use ndarray::Array2;

/// Everything that a sweep keeps of one run.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// The number of the run, from 0.
    pub run: u64,
    /// A number for each measured column; NaN where there is none.
    pub numbers: Vec<f64>,
    /// The reason why the run or one of its measures failed.
    pub reason: Option<String>,
    /// The whole records that are kept, shape (time, node) each.
    pub records: Vec<Array2<f64>>,
}

impl Row {
    /// Writes the row to a buffer, in place of what the buffer holds.
    pub fn encode(&self, bytes: &mut Vec<u8>) {
        bytes.clear();
        bytes.extend(self.run.to_le_bytes());
        let count = |bytes: &mut Vec<u8>, count: usize| bytes.extend((count as u64).to_le_bytes());
        count(bytes, self.numbers.len());
        self.numbers.iter().for_each(|number| bytes.extend(number.to_le_bytes()));
        // An empty reason is a reason.
        bytes.push(u8::from(self.reason.is_some()));
        let reason = self.reason.as_deref().unwrap_or_default();
        count(bytes, reason.len());
        bytes.extend(reason.as_bytes());
        count(bytes, self.records.len());
        for record in &self.records {
            count(bytes, record.nrows());
            count(bytes, record.ncols());
            record.iter().for_each(|number| bytes.extend(number.to_le_bytes()));
        }
    }

    /// Reads what [`Row::encode`] wrote; `None` for anything else.
    pub fn decode(bytes: &[u8]) -> Option<Self> {
        let mut bytes = bytes;
        let run = u64::from_le_bytes(*take(&mut bytes)?);
        let length = count(&mut bytes)?;
        let numbers = numbers(&mut bytes, length)?;
        let [has_reason] = *take::<1>(&mut bytes)?;
        let length = count(&mut bytes)?;
        let (text, rest) = bytes.split_at_checked(length)?;
        bytes = rest;
        let reason = std::str::from_utf8(text).ok().map(str::to_owned)?;
        let mut records = Vec::new();
        for _ in 0..count(&mut bytes)? {
            let shape = (count(&mut bytes)?, count(&mut bytes)?);
            let values = self::numbers(&mut bytes, shape.0.checked_mul(shape.1)?)?;
            records.push(Array2::from_shape_vec(shape, values).ok()?);
        }
        let reason = (has_reason == 1).then_some(reason);
        bytes.is_empty().then_some(Self { run, numbers, reason, records })
    }

    /// Returns the bytes that a row with so many numbers and records of these shapes takes in a journal.
    pub fn bytes(numbers: usize, records: &[(usize, usize)]) -> u64 {
        let before_and_counts = 12 + 8 + 8 + 1 + 8 + 8;
        let of_record = |(rows, columns): &(usize, usize)| 16 + 8 * *rows as u64 * *columns as u64;
        before_and_counts + 8 * numbers as u64 + records.iter().map(of_record).sum::<u64>()
    }
}

fn take<'b, const N: usize>(bytes: &mut &'b [u8]) -> Option<&'b [u8; N]> {
    let (first, rest) = bytes.split_first_chunk()?;
    *bytes = rest;
    Some(first)
}

fn count(bytes: &mut &[u8]) -> Option<usize> {
    usize::try_from(u64::from_le_bytes(*take(bytes)?)).ok()
}

fn numbers(bytes: &mut &[u8], count: usize) -> Option<Vec<f64>> {
    let (values, rest) = bytes.split_at_checked(count.checked_mul(8)?)?;
    *bytes = rest;
    let (numbers, _) = values.as_chunks();
    Some(numbers.iter().map(|number| f64::from_le_bytes(*number)).collect())
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;

    #[test]
    fn rows_come_back_and_other_bytes_do_not() {
        let row = Row {
            run: 1 << 40,
            numbers: vec![0.1, f64::INFINITY, -0.0],
            reason: Some("it diverged at t = 3 ms, σ".to_owned()),
            records: vec![array![[1.0, 2.0]], Array2::zeros((0, 3))],
        };
        let mut bytes = b"what was there before".to_vec();
        row.encode(&mut bytes);
        assert_eq!(Row::decode(&bytes).unwrap(), row);
        for length in 0..bytes.len() {
            assert_eq!(Row::decode(&bytes[..length]), None, "{length} bytes");
        }
        for at in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[at] ^= 0xff;
            let _ = Row::decode(&changed);
        }
        let none = Row { run: 0, numbers: vec![2.5], reason: None, records: Vec::new() };
        none.encode(&mut bytes);
        assert_eq!(bytes.len() as u64 + 12, Row::bytes(1, &[]));
        assert_eq!(Row::decode(&bytes).unwrap(), none);
    }
}
