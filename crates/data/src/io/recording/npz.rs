//! Records as named arrays.

use std::path::Path;

use ndarray::Array1;

use super::records::{Column, RESERVED, Recording, Records, TIMES_OF};
use crate::io::npy::NpyArray;
use crate::io::npz::{Npz, NpzWriter};
use crate::io::{IoError, Problem};

impl Records<'_> {
    /// Gathers the records as the arrays of an `.npz` file, see the [module](super).
    ///
    /// # Errors
    /// Where two records share a name, or one has a name that cannot be that of an array.
    pub fn to_npz(&self) -> Result<NpzWriter, IoError> {
        let units: Array1<&str> = self.columns.iter().map(|column| column.unit.as_str()).collect();
        let mut file = NpzWriter::new()
            .with("ts", self.ts)?
            .with("units", &units)?
            .with("provenance", &Array1::from(vec![self.provenance.to_string()]))?;
        let labels = self.labels();
        if !labels.is_empty() {
            file.add("labels", &Array1::from(labels))?;
        }
        for column in self.columns {
            file.add(&column.name, &column.values)?;
            if column.ts != *self.ts {
                file.add(&format!("{TIMES_OF}{}", column.name), &column.ts)?;
            }
        }
        Ok(file)
    }
}

pub(super) fn open(path: &Path) -> Result<Recording, IoError> {
    let file = Npz::open(path)?;
    let no_run = |why: &str| IoError::new(path.display(), Problem::Recording(why.to_owned()));
    let vector = |name: &str| file.find(name)?.map(NpyArray::into_vector).transpose();
    let strings = |name: &str| file.find(name)?.map(NpyArray::into_strings).transpose();
    let ts = vector("ts")?.ok_or_else(|| no_run("it has no array `ts` of times"))?;
    let units = strings("units")?;
    let nodes = strings("labels")?;
    let provenance = strings("provenance")?.and_then(|lines| serde_json::from_str(lines.first()?).ok());
    let is_times = |name: &str| name.strip_prefix(TIMES_OF).is_some_and(|of| file.contains(of));
    let names: Vec<&str> = file.names().filter(|name| !RESERVED.contains(name) && !is_times(name)).collect();
    if units.as_ref().is_some_and(|units| units.len() != names.len()) {
        return Err(no_run("the array `units` has not one entry for each record"));
    }
    let mut columns = Vec::new();
    for (index, name) in names.into_iter().enumerate() {
        columns.push(Column {
            name: name.to_owned(),
            unit: units.as_ref().map_or_else(|| "1".to_owned(), |units| units[index].clone()),
            ts: vector(&format!("{TIMES_OF}{name}"))?.unwrap_or_else(|| ts.clone()),
            values: file.get(name)?.into_matrix()?,
        });
    }
    Ok(Recording { columns, provenance, nodes, notes: Vec::new() })
}
