//! Writing of tables that mix numbers and words, row by row.

use super::write::{push_name, push_number};

/// The text of a CSV table, to which cells are added one by one.
///
/// ```
/// use brainmass::io::table::RowWriter;
///
/// let mut table = RowWriter::default();
/// for name in ["k", "error"] {
///     table.word(name);
/// }
/// table.end_row();
/// table.number(0.1);
/// table.word("it diverged, early");
/// table.end_row();
/// assert_eq!(table.into_text(), "k,error\n0.1,\"it diverged, early\"\n");
/// ```
#[derive(Debug, Clone, Default)]
pub struct RowWriter {
    text: String,
    /// Whether the row has a cell already.
    has_cell: bool,
}

impl RowWriter {
    /// Adds a number, in the fewest digits that read back to it.
    pub fn number(&mut self, value: f64) {
        self.separate();
        push_number(&mut self.text, value);
    }

    /// Adds a whole number.
    pub fn whole(&mut self, value: u64) {
        self.separate();
        self.text.push_str(&value.to_string());
    }

    /// Adds a word, quoted where it must be; line breaks become blanks.
    pub fn word(&mut self, word: &str) {
        self.separate();
        if word.contains(char::is_control) {
            push_name(&mut self.text, &word.replace(char::is_control, " "), false);
        } else if !word.is_empty() {
            push_name(&mut self.text, word, false);
        }
    }

    /// Ends the row.
    pub fn end_row(&mut self) {
        self.text.push('\n');
        self.has_cell = false;
    }

    /// Returns the text of all rows.
    pub fn into_text(self) -> String {
        self.text
    }

    fn separate(&mut self) {
        if self.has_cell {
            self.text.push(',');
        }
        self.has_cell = true;
    }
}
