//! Tables in files of [Apache Parquet](https://parquet.apache.org): columns with types of their own, which pandas, polars, Arrow, R and DuckDB read.

use std::ops::Range;
use std::sync::Arc;

use parquet::basic::{LogicalType, Repetition, Type as Physical};
use parquet::data_type::{ByteArray, ByteArrayType, DoubleType, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use parquet::schema::types::{Type, TypePtr};

use super::cells::Cells;

/// The most rows that stand together in a file; a reader takes as many at once.
const ROWS_TOGETHER: usize = 1 << 20;

/// Returns the bytes of a file with columns of so many rows, each with its name, and with texts about the whole table by their keys. The bytes depend on
/// nothing but these.
///
/// # Errors
/// Where the library of Parquet refuses a name.
pub fn encode<'c>(
    columns: impl Iterator<Item = (&'c str, &'c Cells)> + Clone,
    rows: usize,
    notes: impl IntoIterator<Item = (&'static str, String)>,
) -> Result<Vec<u8>, ParquetError> {
    let fields = columns.clone().map(|(name, cells)| {
        let (physical, logical, repetition) = kind(cells);
        let field = Type::primitive_type_builder(name, physical).with_repetition(repetition);
        field.with_logical_type(logical).build().map(Arc::new)
    });
    let fields = fields.collect::<Result<Vec<TypePtr>, _>>()?;
    let schema = Arc::new(Type::group_type_builder("table").with_fields(fields).build()?);
    let notes = notes.into_iter().map(|(key, text)| KeyValue::new(key.to_owned(), text)).collect();
    let properties = WriterProperties::builder().set_key_value_metadata(Some(notes)).build();
    let mut file = SerializedFileWriter::new(Vec::new(), schema, Arc::new(properties))?;
    for start in (0..rows).step_by(ROWS_TOGETHER) {
        let rows = start..rows.min(start + ROWS_TOGETHER);
        let mut group = file.next_row_group()?;
        for (_, cells) in columns.clone() {
            let Some(mut column) = group.next_column()? else { break };
            write(cells, rows.clone(), &mut column)?;
            column.close()?;
        }
        group.close()?;
    }
    file.into_inner()
}

/// Returns the type of a column as Parquet has it: the type that is stored, what it stands for, and whether cells may be empty.
fn kind(cells: &Cells) -> (Physical, Option<LogicalType>, Repetition) {
    match cells {
        Cells::Numbers(_) => (Physical::DOUBLE, None, Repetition::REQUIRED),
        Cells::Whole(_) => (Physical::INT64, Some(LogicalType::integer(64, false)), Repetition::REQUIRED),
        Cells::Words(_) => (Physical::BYTE_ARRAY, Some(LogicalType::String), Repetition::OPTIONAL),
    }
}

/// Writes some of the rows of a column. A word without letters is an empty cell, which pandas reads as missing.
fn write(
    cells: &Cells,
    rows: Range<usize>,
    column: &mut SerializedColumnWriter<'_>,
) -> Result<(), ParquetError> {
    match cells {
        Cells::Numbers(values) => {
            column.typed::<DoubleType>().write_batch(&values[rows], None, None)?;
        }
        Cells::Whole(values) => {
            // A number without a sign is stored by its bits.
            let bits: Vec<i64> = values[rows].iter().map(|value| value.cast_signed()).collect();
            column.typed::<Int64Type>().write_batch(&bits, None, None)?;
        }
        Cells::Words(values) => {
            let words = &values[rows];
            let is_there: Vec<i16> = words.iter().map(|word| i16::from(!word.is_empty())).collect();
            let there = words.iter().filter(|word| !word.is_empty());
            let there: Vec<ByteArray> = there.map(|word| ByteArray::from(word.as_str())).collect();
            column.typed::<ByteArrayType>().write_batch(&there, Some(&is_there), None)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::fs::File;
    use std::io::Write as _;

    use parquet::file::reader::{FileReader as _, SerializedFileReader};
    use parquet::record::Field;

    use super::*;

    /// Opens a file of these bytes, which is gone when it is closed.
    fn reader(bytes: &[u8]) -> SerializedFileReader<File> {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(bytes).unwrap();
        SerializedFileReader::new(file).unwrap()
    }

    #[test]
    fn what_is_written_is_read_by_the_reader_of_parquet() {
        // One row more than stands together.
        for rows in [0, 1, 7, ROWS_TOGETHER + 1] {
            let word = |row: usize| if row % 2 == 1 { format!("σ {}", row % 5) } else { String::new() };
            let columns = [
                ("x", Cells::Numbers((0..rows).map(|row| (row as f64).sqrt()).collect())),
                ("seed", Cells::Whole((0..rows as u64).map(|row| u64::MAX - row % 3).collect())),
                ("why", Cells::Words((0..rows).map(word).collect())),
            ];
            let encoded = || {
                let columns = columns.iter().map(|(name, cells)| (*name, cells));
                encode(columns, rows, [("units", r#"{"x": "mV"}"#.to_owned())]).unwrap()
            };
            let bytes = encoded();
            assert!(bytes == encoded(), "{rows} rows");
            let file = reader(&bytes);
            let metadata = file.metadata().file_metadata();
            assert_eq!(metadata.num_rows(), rows as i64);
            let notes = metadata.key_value_metadata().unwrap();
            assert_eq!((notes[0].key.as_str(), notes[0].value.as_deref()), ("units", Some(r#"{"x": "mV"}"#)));
            let mut count = 0;
            for (row, read) in file.get_row_iter(None).unwrap().enumerate() {
                let columns = read.unwrap().into_columns().into_iter();
                let why = match row % 2 {
                    1 => Field::Str(word(row)),
                    _ => Field::Null,
                };
                let seed = Field::ULong(u64::MAX - row as u64 % 3);
                let cells: Vec<Field> = columns.map(|(_, cell)| cell).collect();
                assert_eq!(cells, [Field::Double((row as f64).sqrt()), seed, why]);
                count += 1;
            }
            assert_eq!(count, rows);
        }
    }

    #[test]
    fn numbers_keep_their_bits_and_names_their_letters() {
        let values = [f64::NAN, f64::NEG_INFINITY, -0.0, f64::MIN_POSITIVE / 3.0, 0.1];
        let name = "a.b [x], σ";
        let cells = Cells::Numbers(values.to_vec());
        let file = reader(&encode([(name, &cells)].into_iter(), values.len(), []).unwrap());
        let read = file.get_row_iter(None).unwrap().map(|row| match row.unwrap().into_columns().remove(0) {
            (read, Field::Double(value)) if read == name => value.to_bits(),
            other => panic!("{other:?}"),
        });
        assert_eq!(read.collect::<Vec<_>>(), values.map(f64::to_bits));
    }
}
