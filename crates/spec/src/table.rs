//! Tables of numbers on a regular grid, between whose points a model interpolates.
//!
//! A table stands in an npy file beside the model file, as numpy's `save` writes it: 64-bit numbers, row by row, one axis or two. The file is read as
//! it is: what is computed with are its own bytes, from behind its header.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

/// Largest file of a table, in bytes.
pub const MAX_BYTES: usize = 16 << 20;

/// Largest sum of the files of the tables that one model file names, in bytes.
pub const MAX_SUM: usize = 64 << 20;

/// Most axes that a table has.
pub const MAX_AXES: usize = 2;

/// The ending of the names of files of tables.
pub const ENDING: &str = ".npy";

/// A file that a model file names.
#[derive(Clone, PartialEq, Eq)]
pub struct DataFile {
    /// The name of the file as the model file has it: a path from the folder of the model file.
    pub name: String,
    /// The name by which the file was given to the compiler.
    pub path: String,
    /// Its bytes.
    pub bytes: Arc<[u8]>,
}

impl fmt::Debug for DataFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DataFile").field("name", &self.name).finish_non_exhaustive()
    }
}

/// The points of a grid along one axis: evenly spaced from the first to the last.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Axis {
    /// The first point.
    pub first: f64,
    /// The last point.
    pub last: f64,
    /// The number of points, at least two.
    pub points: usize,
}

/// A look-up in a table: which table of a graph, and how often it is differentiated along each axis.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct LookUp {
    /// The index of the table.
    pub table: u16,
    /// The order of the derivative along each axis; 0 for a table that has no such axis.
    pub orders: [u8; MAX_AXES],
}

/// Numbers on a regular grid of one axis or two.
#[derive(Clone)]
pub struct Table {
    /// The axes: that of the rows, and that of the columns of a table that has two.
    pub axes: Vec<Axis>,
    /// The file of the table.
    pub file: Arc<[u8]>,
    /// The number of bytes in front of the first number.
    pub header: usize,
}

impl fmt::Debug for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Table").field("axes", &self.axes).finish_non_exhaustive()
    }
}

impl Table {
    /// The numbers as bytes, each a 64-bit number whose lowest byte comes first.
    pub fn bytes(&self) -> &[u8] {
        &self.file[self.header..]
    }

    /// A number by its place, row by row.
    ///
    /// # Panics
    ///
    /// If there are not so many numbers.
    pub fn number(&self, place: usize) -> f64 {
        let mut bytes = [0; 8];
        bytes.copy_from_slice(&self.bytes()[8 * place..8 * place + 8]);
        f64::from_le_bytes(bytes)
    }

    /// The number of numbers.
    pub fn len(&self) -> usize {
        self.bytes().len() / 8
    }

    /// Whether there are no numbers, which a table that was read never is.
    pub fn is_empty(&self) -> bool {
        self.bytes().len() < 8
    }

    /// The value between the points of the grid, or its derivative of these orders along the axes: the plainest form of what kernels compute.
    ///
    /// Along each axis the value is linear between two points; outside of the grid the value of its edge is held, and its slope is 0.
    ///
    /// # Panics
    ///
    /// If the table has more axes than coordinates are given.
    pub fn value(&self, at: &[f64], orders: [u8; MAX_AXES]) -> f64 {
        // The numbers at the corners of the cell, each with its place and its weight.
        let mut corners = vec![(0, 1.0)];
        for ((axis, x), order) in self.axes.iter().zip(at).zip(orders) {
            let steps = (axis.points - 1) as f64;
            let along = (x - axis.first) * (steps / (axis.last - axis.first));
            let held = along.clamp(0.0, steps);
            let cell = held.floor().min(steps - 1.0);
            let part = held - cell;
            let slope = if (0.0..=steps).contains(&along) { steps / (axis.last - axis.first) } else { 0.0 };
            let weights = match order {
                0 => [1.0 - part, part],
                1 => [-slope, slope],
                _ => [0.0, 0.0],
            };
            corners = corners
                .iter()
                .flat_map(|(place, weight)| {
                    [0, 1].map(|end| (place * axis.points + cell as usize + end, weight * weights[end]))
                })
                .collect();
        }
        corners.into_iter().map(|(place, weight)| weight * self.number(place)).sum()
    }
}

/// Whether a name is the path of a file in the folder of a model file or below it, so that it leads nowhere else.
pub fn is_beside(name: &str) -> bool {
    let is_part = |part: &str| !matches!(part, "" | "." | "..") && !part.contains(['\\', ':']);
    name.split('/').all(is_part)
}

/// An array in an npy file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Array {
    /// The length along each axis.
    pub shape: Vec<usize>,
    /// The number of bytes in front of the first number.
    pub header: usize,
}

/// Reads the header of an npy file that holds finite 64-bit numbers, row by row.
///
/// # Errors
///
/// A sentence that says what is wrong with the file, and what to do about it.
pub fn read(bytes: &[u8]) -> Result<Array, (String, Option<String>)> {
    const REWRITE: &str = "write it anew: `numpy.save(file, numpy.ascontiguousarray(table, dtype=\"<f8\"))`";
    let told = |what: &str| (what.to_owned(), None);
    let anew = |what: String| (what, Some(REWRITE.to_owned()));
    if bytes.len() > MAX_BYTES {
        return Err(told("it is larger than 16 MiB, which is the limit of a table"));
    }
    let (text, header) = header(bytes).ok_or_else(|| anew("it is not an npy file".to_owned()))?;
    let malformed = || anew("its header is not one that numpy writes".to_owned());
    let kind = entry(text, "descr").and_then(quoted).ok_or_else(malformed)?;
    if kind != "<f8" {
        let shown: String = kind.chars().take(20).collect();
        return Err(anew(format!(
            "its numbers are of the type `{shown}`, and 64-bit numbers, `<f8`, are expected"
        )));
    }
    let is_by_columns = entry(text, "fortran_order").ok_or_else(malformed)?.starts_with("True");
    let shape = entry(text, "shape").and_then(lengths).ok_or_else(malformed)?;
    if is_by_columns && shape.len() > 1 {
        return Err(anew("its numbers stand column by column, and rows are expected".to_owned()));
    }
    let count = shape.iter().try_fold(8_usize, |count, length| count.checked_mul(*length));
    let data = &bytes[header..];
    if count != Some(data.len()) {
        let shape: Vec<String> = shape.iter().map(usize::to_string).collect();
        let shape = shape.join(" x ");
        let found = data.len() / 8;
        return Err(anew(format!("its header announces {shape} numbers, and {found} follow")));
    }
    let is_finite = |number: &[u8]| number.try_into().map_or(f64::NAN, f64::from_le_bytes).is_finite();
    if let Some(place) = data.chunks_exact(8).position(|number| !is_finite(number)) {
        return Err(told(&format!("number {place} of it, counted from 0 row by row, is not finite")));
    }
    Ok(Array { shape, header })
}

/// The dictionary of the header as text, and the number of bytes in front of the numbers.
fn header(bytes: &[u8]) -> Option<(&str, usize)> {
    let rest = bytes.strip_prefix(b"\x93NUMPY")?;
    let start = match rest.first()? {
        1 => 10,
        2 | 3 => 12,
        _ => return None,
    };
    let length = bytes.get(8..start)?;
    let length = length.iter().rev().fold(0_usize, |length, byte| length << 8 | usize::from(*byte));
    let end = start.checked_add(length)?;
    let text: Range<usize> = start..end;
    Some((std::str::from_utf8(bytes.get(text)?).ok()?, end))
}

/// The text behind a key of the dictionary.
fn entry<'t>(text: &'t str, key: &str) -> Option<&'t str> {
    let behind = text.split_once(&format!("'{key}'"))?.1;
    Some(behind.trim_start().strip_prefix(':')?.trim_start())
}

fn quoted(text: &str) -> Option<&str> {
    let text = text.strip_prefix('\'')?;
    Some(text.split_once('\'')?.0)
}

/// `(350, 64)` or `(350,)`.
fn lengths(text: &str) -> Option<Vec<usize>> {
    let inside = text.strip_prefix('(')?.split_once(')')?.0;
    let parts = inside.split(',').map(str::trim).filter(|part| !part.is_empty());
    parts.take(8).map(|part| part.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file as numpy's `save` writes it.
    fn npy(shape: &str, numbers: &[f64]) -> Vec<u8> {
        let text = format!("{{'descr': '<f8', 'fortran_order': False, 'shape': {shape}, }}");
        let text = format!("{text:<117}\n");
        let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
        bytes.extend((text.len() as u16).to_le_bytes());
        bytes.extend(text.as_bytes());
        numbers.iter().for_each(|number| bytes.extend(number.to_le_bytes()));
        bytes
    }

    #[test]
    fn a_value_is_bilinear_within_the_grid_and_that_of_its_edge_outside() {
        let file = npy("(2, 3)", &[0.0, 1.0, 2.0, 10.0, 11.0, 30.0]);
        let Array { shape, header } = read(&file).unwrap();
        assert_eq!((shape, header), (vec![2, 3], 128));
        let axis = |first, last, points| Axis { first, last, points };
        let table = Table { axes: vec![axis(0.0, 2.0, 2), axis(-1.0, 1.0, 3)], file: file.into(), header };
        let value = |x: f64, y: f64| table.value(&[x, y], [0, 0]);
        assert_eq!([value(0.0, -1.0), value(2.0, 1.0), value(0.0, 0.0)], [0.0, 30.0, 1.0]);
        assert_eq!(value(1.0, 0.5), (1.5 + 20.5) / 2.0);
        assert_eq!([value(-9.0, 9.0), value(9.0, -9.0)], [2.0, 10.0]);
        assert_eq!(table.value(&[1.0, 0.5], [1, 0]), (20.5 - 1.5) / 2.0);
        assert_eq!(table.value(&[1.0, 0.5], [0, 1]), (1.0 + 19.0) / 2.0);
        assert_eq!(table.value(&[1.0, 0.5], [1, 1]), (19.0 - 1.0) / 2.0);
        assert_eq!(table.value(&[3.0, 0.5], [1, 0]), 0.0);
        assert_eq!(table.value(&[3.0, 0.5], [0, 1]), 19.0);
        assert!(value(f64::NAN, 0.0).is_nan());
    }

    #[test]
    fn files_that_are_no_tables_are_told() {
        let good = npy("(2,)", &[1.0, 2.0]);
        assert_eq!(read(&good).unwrap().shape, [2]);
        let told = |bytes: &[u8]| read(bytes).unwrap_err().0;
        assert!(told(b"PK").contains("not an npy file"));
        assert!(told(&good[..20]).contains("not an npy file"));
        assert!(told(&good[..good.len() - 3]).contains("announces 2 numbers, and 1 follow"));
        assert!(told(&npy("(99999999999, 99999999999)", &[1.0])).contains("announces 99999999999 x"));
        assert!(told(&npy("(2,)", &[1.0, f64::NAN])).contains("number 1 of it"));
        let text = String::from_utf8_lossy(&good[10..128]).into_owned();
        let with = |text: String| [&good[..10], text.as_bytes(), &good[128..]].concat();
        assert!(told(&with(text.replace("<f8", ">f8"))).contains("type `>f8`"));
        assert!(told(&with(text.replace("descr", "dtype"))).contains("header"));
    }
}
