//! Values that are matched to regions by name.

use std::collections::HashMap;

use ndarray::{Array2, Axis};

use super::contents::Connectome;
use super::error::{ConnectomeError, NamesDiffer};
use super::suggest;
use crate::io::table::Table;

/// Returns for each of `labels` its position among `names`.
///
/// Values that are named `names` stand in the order of `labels` once they are taken from these positions.
///
/// # Errors
/// Where the two do not hold the same names, each once.
pub fn positions<L: AsRef<str>, N: AsRef<str>>(labels: &[L], names: &[N]) -> Result<Vec<usize>, NamesDiffer> {
    let mut places = HashMap::new();
    let mut repeated: Vec<String> = Vec::new();
    for (index, name) in names.iter().enumerate() {
        let name = name.as_ref();
        if places.insert(name, index).is_some() && !repeated.iter().any(|other| other == name) {
            repeated.push(name.to_owned());
        }
    }
    let mut found = Vec::with_capacity(labels.len());
    let mut missing = Vec::new();
    for label in labels.iter().map(AsRef::as_ref) {
        match places.get(label) {
            Some(&index) => found.push(index),
            None => missing.push(label.to_owned()),
        }
    }
    let known: std::collections::HashSet<&str> = labels.iter().map(AsRef::as_ref).collect();
    let unknown: Vec<String> =
        names.iter().map(AsRef::as_ref).filter(|name| !known.contains(name)).map(str::to_owned).collect();
    if unknown.is_empty() && missing.is_empty() && repeated.is_empty() {
        return Ok(found);
    }
    let suggestion = unknown.first().and_then(|name| suggest::closest(name, &missing)).map(str::to_owned);
    Err(NamesDiffer { unknown, missing, repeated, suggestion })
}

/// Returns whether names only count, from 0 or from 1, as those that R and pandas give for want of others.
pub fn only_count<N: AsRef<str>>(names: &[N]) -> bool {
    let start = usize::from(names.first().is_some_and(|name| name.as_ref() == "1"));
    names.iter().enumerate().all(|(index, name)| name.as_ref().parse() == Ok(start + index))
}

/// Returns the values of a table, its rows in the order of `rows` and its columns in that of `columns`.
///
/// An axis is left as it is where its order is `None`, or where the table does not name it.
///
/// # Errors
/// Where an axis is named, but not as its order is. Names that only count are none.
pub fn arrange<L: AsRef<str>>(
    table: &Table,
    rows: Option<&[L]>,
    columns: Option<&[L]>,
) -> Result<Array2<f64>, NamesDiffer> {
    let mut values = table.values.clone();
    for (axis, labels, names) in [(Axis(0), rows, &table.rows), (Axis(1), columns, &table.columns)] {
        if let (Some(labels), Some(names)) = (labels, names) {
            let positions = match positions(labels, names) {
                Err(_) if names.len() == labels.len() && only_count(names) => continue,
                positions => positions?,
            };
            if positions.iter().enumerate().any(|(index, position)| index != *position) {
                values = values.select(axis, &positions);
            }
        }
    }
    Ok(values)
}

impl Connectome {
    /// Returns whether the regions have names of their own, rather than those that [`Connectome::new`] gives.
    pub fn is_named(&self) -> bool {
        self.named
    }

    /// Returns for each region the position of its name among `names`, so that values that are named so can be put into
    /// the order of the regions.
    ///
    /// A connectome without names of its own takes values in the order in which they stand, whatever they are called.
    /// So does any other where the names only count the values from 0 or 1, as R and pandas let them for want of
    /// others.
    ///
    /// # Errors
    /// Where the names are not those of all regions, each once; the error lists those that differ.
    pub fn positions<N: AsRef<str>>(&self, names: &[N]) -> Result<Vec<usize>, ConnectomeError> {
        match positions(&self.labels, names) {
            Ok(positions) => Ok(positions),
            Err(_) if names.len() == self.len() && (!self.named || only_count(names)) => {
                Ok((0..self.len()).collect())
            }
            Err(differ) => Err(differ.into()),
        }
    }

    /// Returns the values of a table with a row for each region, in the order of the regions.
    ///
    /// # Errors
    /// As [`Connectome::positions`], where the table names its rows.
    pub fn arrange_rows(&self, table: &Table) -> Result<Array2<f64>, ConnectomeError> {
        self.arrange(&table.values, Axis(0), table.rows.as_deref())
    }

    /// Returns the values of a table with a column for each region, in the order of the regions.
    ///
    /// # Errors
    /// As [`Connectome::positions`], where the table names its columns.
    pub fn arrange_columns(&self, table: &Table) -> Result<Array2<f64>, ConnectomeError> {
        self.arrange(&table.values, Axis(1), table.columns.as_deref())
    }

    /// Returns the values of a table with a row and a column for each region, both in the order of the regions.
    ///
    /// Names of one axis alone are those of both.
    ///
    /// # Errors
    /// As [`Connectome::positions`].
    pub fn arrange_matrix(&self, table: &Table) -> Result<Array2<f64>, ConnectomeError> {
        let (rows, columns) = (table.rows.as_deref(), table.columns.as_deref());
        let values = self.arrange(&table.values, Axis(0), rows.or(columns))?;
        self.arrange(&values, Axis(1), columns.or(rows))
    }

    fn arrange(
        &self,
        values: &Array2<f64>,
        axis: Axis,
        names: Option<&[String]>,
    ) -> Result<Array2<f64>, ConnectomeError> {
        match names {
            Some(names) => Ok(values.select(axis, &self.positions(names)?)),
            None => Ok(values.clone()),
        }
    }
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;
    use crate::io::table::{Format, parse};

    fn connectome() -> Connectome {
        Connectome::new(Array2::zeros((3, 3))).unwrap().with_labels(["V1", "V2", "V3"]).unwrap()
    }

    fn table(text: &str) -> Table {
        parse(text.as_bytes(), "t.csv", &Format::default()).unwrap()
    }

    #[test]
    fn values_go_to_the_region_of_their_name() {
        let gain = table("region,Fz,Cz\nV3,5,6\nV1,1,2\nV2,3,4\n");
        let expected = array![[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]];
        assert_eq!(connectome().arrange_rows(&gain).unwrap(), expected);
        let drive = table("V3,V1,V2\n3,1,2\n30,10,20\n");
        let expected = array![[1.0, 2.0, 3.0], [10.0, 20.0, 30.0]];
        assert_eq!(connectome().arrange_columns(&drive).unwrap(), expected);
        let expected = array![[0.0, 2.0, 1.0], [3.0, 0.0, 2.0], [3.0, 1.0, 0.0]];
        for text in [
            "region,V3,V1,V2\nV3,0,3,1\nV1,1,0,2\nV2,2,3,0\n",
            "region,V1,V2,V3\nV3,3,1,0\nV1,0,2,1\nV2,3,0,2\n",
            "V3,V1,V2\n0,3,1\n1,0,2\n2,3,0\n",
            "V3,0,3,1\nV1,1,0,2\nV2,2,3,0\n",
        ] {
            assert_eq!(connectome().arrange_matrix(&table(text)).unwrap(), expected, "{text}");
        }
    }

    #[test]
    fn names_that_differ_are_listed() {
        let message = |names: &[&str]| connectome().positions(names).unwrap_err().to_string();
        assert_eq!(
            message(&["V1", "V2", "v3"]),
            "the names are not those of the regions: `v3` is no region (did you mean `V3`?); `V3` is missing"
        );
        assert_eq!(
            message(&["A", "B", "C"]),
            "the names are not those of the regions: `A`, `B`, `C` are no regions; `V1`, `V2`, `V3` are missing"
        );
        assert_eq!(message(&["V1", "V2"]), "the names are not those of the regions: `V3` is missing");
        assert_eq!(connectome().positions(&["0", "1", "2"]).unwrap(), [0, 1, 2]);
        assert!(connectome().positions(&["2", "1", "0"]).is_err());
        assert_eq!(
            message(&["V1", "V2", "V3", "V1"]),
            "the names are not those of the regions: `V1` stands there twice"
        );
    }

    #[test]
    fn sources_and_targets_have_names_of_their_own() {
        let weights = table(",S2,S1\nT3,6,5\nT1,2,1\nT2,4,3\n");
        let arranged = arrange(&weights, Some(&["T1", "T2", "T3"][..]), Some(&["S1", "S2"])).unwrap();
        assert_eq!(arranged, array![[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]);
        assert!(arrange(&weights, Some(&["S1", "S2"][..]), None).is_err());
        assert_eq!(arrange::<&str>(&weights, None, None).unwrap(), weights.values);
    }

    #[test]
    fn without_names_of_its_own_a_connectome_goes_by_position() {
        let bare = Connectome::new(Array2::zeros((3, 3))).unwrap();
        assert!(!bare.is_named());
        assert_eq!(bare.positions(&["V3", "V1", "V2"]).unwrap(), [0, 1, 2]);
        assert_eq!(bare.positions(&["region_002", "region_000", "region_001"]).unwrap(), [1, 2, 0]);
        assert!(bare.positions(&["V3", "V1"]).is_err());
    }
}
