//! Tests of reading tables.

use ndarray::{Array2, array};
use proptest::prelude::*;

use super::*;

fn table(text: &str) -> Result<Table, IoError> {
    parse(text.as_bytes(), "t.csv", &Format::default())
}

#[track_caller]
fn check_error(text: &str, message: &str) {
    assert_eq!(table(text).unwrap_err().to_string(), message);
}

/// Returns a table of two rows and two columns that are all called `names`, where they are named at all.
#[track_caller]
fn check_names(text: &str, rows: Option<[&str; 2]>, columns: Option<[&str; 2]>) {
    let table = table(text).unwrap();
    let owned = |names: [&str; 2]| names.map(str::to_owned).to_vec();
    assert_eq!(table.values, array![[0.0, 0.5], [1.5, 0.0]], "{text}");
    assert_eq!(table.rows, rows.map(owned), "{text}");
    assert_eq!(table.columns, columns.map(owned), "{text}");
}

#[test]
fn every_delimiter_and_line_end_gives_the_same_table() {
    for text in [
        "1,2\n3,4e-1\n",
        "1\t2\n3\t0.4",
        "1;2\r\n3;.4\r\n",
        "1,2\r3,0.4\r",
        "1\t2\t\n3\t0.4\t\n",
        "  1  2 \n\n# note\n\t3 0.4\n",
        "\u{feff}1, 2\n3 ,0.4",
        "\"1\",\"2\"\n\"3\",\"0.4\"\n",
    ] {
        let table = table(text).unwrap();
        assert_eq!(table.values, array![[1.0, 2.0], [3.0, 0.4]], "{text:?}");
        assert_eq!((table.rows, table.columns), (None, None));
    }
}

#[test]
fn names_are_found() {
    let names = Some(["a", "b"]);
    check_names("a,b\n0,0.5\n1.5,0\n", None, names);
    check_names("a,0,0.5\nb,1.5,0\n", names, None);
    check_names(",a,b\na,0,0.5\nb,1.5,0\n", names, names);
    check_names("region,a,b\na,0,0.5\nb,1.5,0\n", names, names);
    check_names("a b\na 0 0.5\nb 1.5 0\n", names, names);
    check_names("\ta\tb\na\t0\t0.5\nb\t1.5\t0\n", names, names);
    check_names("\"\",\"a\",\"b\"\n\"a\",0,0.5\n\"b\",1.5,0\n", names, names);
    check_names("\"a, left\" b\n0 0.5\n1.5 0\n", None, Some(["a, left", "b"]));
}

#[test]
fn names_that_are_numbers_are_found_where_there_is_no_doubt() {
    // pandas: `DataFrame(m, columns=["a", "b"]).to_csv()`, and with numbers for names.
    check_names(",a,b\n0,0,0.5\n1,1.5,0\n", Some(["0", "1"]), Some(["a", "b"]));
    check_names(",0,1\n0,0,0.5\n1,1.5,0\n", Some(["0", "1"]), Some(["0", "1"]));
    check_names("id,7,8\n7,0,0.5\n8,1.5,0\n", Some(["7", "8"]), Some(["7", "8"]));
    // R: `write.csv(m)` and `write.table(m)` without names of rows, with numbers for names, and without a header.
    check_names("\"\",\"V1\",\"V2\"\n\"1\",0,0.5\n\"2\",1.5,0\n", Some(["1", "2"]), Some(["V1", "V2"]));
    check_names("\"V1\" \"V2\"\n\"1\" 0 0.5\n\"2\" 1.5 0\n", Some(["1", "2"]), Some(["V1", "V2"]));
    check_names("\"\",\"1\",\"2\"\n\"a\",0,0.5\n\"b\",1.5,0\n", Some(["a", "b"]), Some(["1", "2"]));
    check_names("\"1\",\"2\"\n0,0.5\n1.5,0\n", None, Some(["1", "2"]));
    check_names("\"1\" 0 0.5\n\"2\" 1.5 0\n", Some(["1", "2"]), None);
    let format = Format { header: Names::Present, row_names: Names::Present, ..Format::default() };
    let table = parse(b"0,1,2\n1,0,5\n2,6,0\n", "t.csv", &format).unwrap();
    assert_eq!(table.values, array![[0.0, 5.0], [6.0, 0.0]]);
    assert_eq!(table.rows.unwrap(), ["1", "2"]);
}

#[test]
fn a_first_row_of_numbers_is_never_taken_for_a_header() {
    let hint = "; a first row is all numbers, or all names unless it is said to be a header (`header: true`)";
    for (text, column, why) in [
        ("1,NA\n2,20\n", 2, "`NA` stands for a missing value; every cell must hold a number"),
        ("NA,NA\n2,20\n", 1, "`NA` stands for a missing value; every cell must hold a number"),
        ("1,\n2,20\n", 2, "the cell is empty where a number is expected"),
        (",10\n2,20\n", 1, "the cell is empty where a number is expected"),
        ("1;0,5\n2;20\n", 2, "`0,5` has a decimal comma; write a decimal point"),
        ("0,5;0,7\n2;20\n", 1, "`0,5` has a decimal comma; write a decimal point"),
        ("1 mV,10 mV\n2,20\n", 1, "`1 mV` is not a plain number; leave units out"),
        ("10%\t20%\n2\t20\n", 1, "`10%` is not a number"),
        ("x,1\n2,20\n", 1, "`x` is not a number"),
        ("ROI,1001,1002\n1,0,5\n2,6,0\n", 1, "`ROI` is not a number"),
        ("region,1,2\nV1,0,5\nV2,6,0\n", 1, "`region` is not a number"),
        ("0,5;1\n0,7;2\n", 1, "`0,5` has a decimal comma; write a decimal point"),
        ("1 mV,1\n2 mV,2\n", 1, "`1 mV` is not a plain number; leave units out"),
        ("#N/A,1\n2,20\n", 1, "`#N/A` stands for a missing value; every cell must hold a number"),
    ] {
        check_error(text, &format!("t.csv: line 1, column {column}: {why}{hint}"));
    }
}

#[test]
fn quoted_cells_hold_delimiters_and_quotes() {
    let table = table("\"a, \"\"left\"\"\",b\n1,\"2\"\n").unwrap();
    assert_eq!(table.columns.unwrap(), ["a, \"left\"", "b"]);
    assert_eq!(table.values, array![[1.0, 2.0]]);
}

#[test]
fn rows_are_not_lost() {
    check_error("1\n2\n\n4\n", "t.csv: line 3 is empty where a number is expected");
    check_error("x\n1\n\n3\n", "t.csv: line 3 is empty where a number is expected");
    assert_eq!(table("\n\n1\n2\n\n").unwrap().values, array![[1.0], [2.0]]);
    check_error(
        "1,2\n#N/A,4\n",
        "t.csv: line 2, column 1: `#N/A` stands for a missing value; every cell must hold a number",
    );
}

#[test]
fn comments_and_directives_of_other_programs_are_no_names() {
    let expected = array![[0.0, 1.5, 2.0], [3.0, 0.0, 4.0]];
    for text in [
        "% my weights\n0 1.5 2\n3 0 4\n",
        "sep=;\r\n0;1.5;2\r\n3;0;4\r\n",
        "\u{feff}sep=,\n0,1.5,2\n3,0,4\n",
        "# Created by Octave\n# name: W\n 0 1.5 2\n 3 0 4\n\n\n",
    ] {
        let table = table(text).unwrap();
        assert_eq!((table.values, table.rows, table.columns), (expected.clone(), None, None), "{text}");
    }
    check_error("sep=;\n0;1\n2;x\n", "t.csv: line 3, column 2: `x` is not a number");
    // A title is no header that lacks the cell above names of rows.
    check_error("my weights\n0 1.5 2\n3 0 4\n", "t.csv: line 1 has 2 columns where 3 are expected");
    check_names("a b\n1 0 0.5\n2 1.5 0\n", Some(["1", "2"]), Some(["a", "b"]));
}

#[test]
fn errors_give_line_column_and_text() {
    check_error("1,2\n# c\n3,x7\n", "t.csv: line 3, column 2: `x7` is not a number");
    check_error("1,2\n3,\n", "t.csv: line 2, column 2: the cell is empty where a number is expected");
    check_error("1 2\n3 0,5\n", "t.csv: line 2, column 2: `0,5` has a decimal comma; write a decimal point");
    check_error("1,2\n3\n", "t.csv: line 2 has 1 columns where 2 are expected");
    check_error("a,b,c\n1,2\n", "t.csv: line 1 has 3 columns where 2 are expected");
    check_error("a,1,2\nb,1\nc,1\n", "t.csv: line 1 has 3 columns where 2 are expected");
    check_error("", "t.csv: holds no data");
    check_error("# only\n\n", "t.csv: holds no data");
    check_error("a,b\n", "t.csv: holds no data");
    check_error("1,\"2\n", "t.csv: line 1, column 2: the quoted text is not closed by a quote at its end");
    check_error("1,\"2\"3\n", "t.csv: line 1, column 2: the quoted text is not closed by a quote at its end");
    let bytes = |bytes: &[u8]| parse(bytes, "t.csv", &Format::default()).unwrap_err().to_string();
    assert_eq!(bytes(b"1\n2\n\xff\n"), "t.csv: line 3 is not UTF-8 text; save the file as UTF-8");
    assert_eq!(bytes(b"\xff\xfe1\0\n\0"), "t.csv: is UTF-16 text; save the file as UTF-8");
}

#[test]
fn cells_are_counted_before_they_are_kept() {
    let text = "0\n".repeat(11);
    let problem = assemble(text.as_bytes(), &Format::default(), 10).unwrap_err();
    assert_eq!(problem.to_string(), "holds more than 10 cells, which is the limit");
    assert!(assemble(text.as_bytes(), &Format::default(), 11).is_ok());
    let wide = "0,".repeat(COLUMN_LIMIT + 1);
    assert!(matches!(assemble(wide.as_bytes(), &Format::default(), 10), Err(Problem::TooMany { .. })));
    let many = "a\n".repeat(TEXT_CELL_LIMIT + 1);
    assert!(matches!(lines(many.as_bytes(), Delimiter::Whitespace), Err(Problem::TooMany { .. })));
}

proptest! {
    #[test]
    fn what_is_written_comes_back_whatever_the_names(
        rows in proptest::collection::vec("[-=+@'\"#%,;\t a0-9.NA\u{e9}]{1,6}", 1..4),
        columns in proptest::collection::vec("[-=+@'\"#%,;\t a0-9.NA\u{e9}]{1,6}", 1..4),
        delimiter in proptest::sample::select(vec![',', ';', '\t']),
    ) {
        let name = |name: String| name.replace('\t', " ");
        let (rows, columns): (Vec<_>, Vec<_>) =
            (rows.into_iter().map(name).collect(), columns.into_iter().map(name).collect());
        let values = Array2::from_shape_fn((rows.len(), columns.len()), |(i, j)| i as f64 - 0.1 * j as f64);
        for rows in [Some(rows), None] {
            let text = to_text(delimiter, Some(&columns), rows.as_deref(), values.view()).unwrap();
            let back = parse(text.as_bytes(), "t.csv", &Format::default()).unwrap();
            prop_assert_eq!(&back.values, &values, "{}", &text);
            prop_assert_eq!(back.rows, rows, "{}", &text);
            prop_assert_eq!(back.columns.as_ref(), Some(&columns), "{}", &text);
        }
    }
}
