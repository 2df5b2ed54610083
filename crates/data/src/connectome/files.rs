//! Connectomes in files: which format; npy and text tables.

use std::path::Path;

use ndarray::{Array2, Axis};

use super::contents::Connectome;
use super::error::ConnectomeError;
use super::names::{only_count, positions};
use super::npz::{from_npz, to_npz};
use super::orientation::Orientation;
use super::{resolve, tvb};
use crate::io::npz::Npz;
use crate::io::table::{self, Format};
use crate::io::{ending, npy};

const FORMATS: &str = ".zip (The Virtual Brain), .npz, .npy, .csv, .tsv, .txt";
const PAIRS: &str = ".npy, .csv, .tsv, .txt";
const TABLES: &str = ".csv, .tsv, .txt";

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Zip,
    Npz,
    Npy,
    Text,
}

fn kind_of(path: &Path) -> Option<Kind> {
    match ending(path).as_str() {
        "zip" => Some(Kind::Zip),
        "npz" => Some(Kind::Npz),
        "npy" => Some(Kind::Npy),
        "csv" | "tsv" | "txt" => Some(Kind::Text),
        _ => None,
    }
}

impl Connectome {
    /// Reads a connectome; the extension of the file tells its format.
    ///
    /// | extension | format | orientation |
    /// |---|---|---|
    /// | `.zip` | The Virtual Brain: `weights.txt`, `tract_lengths.txt`, `centres.txt` or `centers.txt` (label x y z), `hemispheres.txt` (1 is right), `average_orientations.txt`, `areas.txt`, `cortical.txt`; each plain or `.bz2`, at the root or in a folder, all but the weights optional, which means missing or empty | defined by the format: rows are targets |
    /// | `.npz` | arrays `weights`, `tract_lengths` or `lengths`, `labels` or `region_labels`, `centres` or `centers`, `hemispheres` (1 is right), `areas`, `cortical`, `orientations`, `orientation`; all but the weights optional, others ignored | defined by the array `orientation`, `"target_source"` or `"source_target"`, else to be given |
    /// | `.npy`, `.csv`, `.tsv`, `.txt` | the weights alone, text with or without labels of rows and columns | to be given |
    ///
    /// The Virtual Brain says what its rows are in the documentation of its couplings: `u_kj`, in row k and column j,
    /// is the weight from node j to node k. Where a file has no tract lengths, neither has the connectome; see
    /// [`Connectome::with_tract_lengths`], [`Connectome::with_euclidean_lengths`] and [`Connectome::load_pair`].
    ///
    /// ```no_run
    /// use brainmass::connectome::{Connectome, Orientation};
    ///
    /// let cocomac = Connectome::load("connectivity_76.zip", None)?;
    /// let other = Connectome::load("weights.csv", Orientation::SourceTarget)?;
    /// # Ok::<(), brainmass::connectome::ConnectomeError>(())
    /// ```
    ///
    /// # Errors
    /// Where the file cannot be read, holds no valid connectome, or neither it nor `orientation` says which axis is the
    /// source, or they contradict each other.
    pub fn load(
        path: impl AsRef<Path>,
        orientation: impl Into<Option<Orientation>>,
    ) -> Result<Self, ConnectomeError> {
        let path = path.as_ref();
        let origin = path.display().to_string();
        let stated = orientation.into();
        let loaded = match kind_of(path) {
            Some(Kind::Zip) => {
                resolve::orientation(stated, Some(tvb::ORIENTATION), &origin)?;
                tvb::load(path)
            }
            Some(Kind::Npz) => from_npz(&Npz::open(path)?, stated),
            Some(_) => {
                let orientation = resolve::orientation(stated, None, &origin)?;
                read_matrix(path, &Format::default()).and_then(|matrix| matrix.into_connectome(orientation))
            }
            None => return Err(ConnectomeError::Format { origin, expected: FORMATS }),
        };
        loaded.map_err(|error| error.in_file(&origin))
    }

    /// Reads the weights from a text table that is laid out as `format` says, for tables whose names are numbers.
    ///
    /// # Errors
    /// As [`Connectome::load`]; the extension must be `.csv`, `.tsv` or `.txt`.
    pub fn load_table(
        path: impl AsRef<Path>,
        orientation: Orientation,
        format: &Format,
    ) -> Result<Self, ConnectomeError> {
        let path = path.as_ref();
        let origin = path.display().to_string();
        if kind_of(path) != Some(Kind::Text) {
            return Err(ConnectomeError::Format { origin, expected: TABLES });
        }
        let connectome = read_matrix(path, format).and_then(|matrix| matrix.into_connectome(orientation));
        connectome.map_err(|error| error.in_file(&origin))
    }

    /// Reads weights and tract lengths (mm) from two files, each `.npy`, `.csv`, `.tsv` or `.txt`.
    ///
    /// Where both files name the regions, lengths go to the regions of their names, whatever their order in the file.
    ///
    /// # Errors
    /// As [`Connectome::load`], and where the files have names that differ.
    pub fn load_pair(
        weights: impl AsRef<Path>,
        tract_lengths: impl AsRef<Path>,
        orientation: Orientation,
    ) -> Result<Self, ConnectomeError> {
        Self::load_pair_tables(weights, tract_lengths, orientation, &Format::default())
    }

    /// Reads weights and tract lengths as [`Connectome::load_pair`] does, from text tables that are laid out as
    /// `format` says.
    ///
    /// # Errors
    /// As [`Connectome::load_pair`].
    pub fn load_pair_tables(
        weights: impl AsRef<Path>,
        tract_lengths: impl AsRef<Path>,
        orientation: Orientation,
        format: &Format,
    ) -> Result<Self, ConnectomeError> {
        let origin = tract_lengths.as_ref().display().to_string();
        let mut lengths =
            read_matrix(tract_lengths.as_ref(), format).map_err(|error| error.in_file(&origin))?;
        let weights_origin = weights.as_ref().display().to_string();
        let weights =
            read_matrix(weights.as_ref(), format).map_err(|error| error.in_file(&weights_origin))?;
        if let (Some(labels), Some(names)) = (&weights.labels, &lengths.labels) {
            let order =
                positions(labels, names).map_err(|differ| ConnectomeError::from(differ).in_file(&origin))?;
            lengths.values = lengths.values.select(Axis(0), &order).select(Axis(1), &order);
        }
        let labels = weights.labels.clone().or(lengths.labels);
        Matrix { labels, ..weights }
            .into_connectome(orientation)
            .map_err(|error| error.in_file(&weights_origin))?
            .with_tract_lengths(orientation.apply(lengths.values))
            .map_err(|error| error.in_file(&origin))
    }

    /// Writes the connectome; the extension tells the format, as in [`Connectome::load`]. Rows are targets.
    ///
    /// `.zip` and `.npz` hold all there is; the others hold the weights alone, text with labels (see
    /// [`Connectome::save_pair`]). Numbers come back to the same bits.
    ///
    /// # Errors
    /// Where the file cannot be written, or the format cannot hold the connectome: The Virtual Brain keeps labels with
    /// the centres, so there must be centres, and labels without white space.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), ConnectomeError> {
        let path = path.as_ref();
        match kind_of(path) {
            Some(Kind::Zip) => tvb::save(self, path),
            Some(Kind::Npz) => Ok(to_npz(self)?.save(path)?),
            Some(_) => write_matrix(path, self.names(), &self.weights),
            None => Err(ConnectomeError::Format { origin: path.display().to_string(), expected: FORMATS }),
        }
    }

    /// Writes weights and tract lengths to two files, each `.npy` (without labels), `.csv`, `.tsv` or `.txt`.
    ///
    /// # Errors
    /// Where a file cannot be written, or the tract lengths are not known.
    pub fn save_pair(
        &self,
        weights: impl AsRef<Path>,
        tract_lengths: impl AsRef<Path>,
    ) -> Result<(), ConnectomeError> {
        let lengths = self.tract_lengths().ok_or(ConnectomeError::Unknown { what: "tract lengths" })?;
        write_matrix(weights.as_ref(), self.names(), &self.weights)?;
        write_matrix(tract_lengths.as_ref(), self.names(), lengths)
    }

    /// Returns the labels, if they were given.
    fn names(&self) -> Option<&[String]> {
        self.named.then_some(&self.labels)
    }
}

/// A matrix as it stands in a file, before its orientation is applied.
struct Matrix {
    values: Array2<f64>,
    labels: Option<Vec<String>>,
}

impl Matrix {
    fn into_connectome(self, orientation: Orientation) -> Result<Connectome, ConnectomeError> {
        let connectome = Connectome::new(orientation.apply(self.values))?;
        match self.labels {
            Some(labels) => connectome.with_labels(labels),
            None => Ok(connectome),
        }
    }
}

fn read_matrix(path: &Path, format: &Format) -> Result<Matrix, ConnectomeError> {
    match kind_of(path) {
        Some(Kind::Npy) => Ok(Matrix { values: npy::read(path)?.into_matrix()?, labels: None }),
        Some(Kind::Text) => {
            let mut table = table::read(path, format)?;
            // Of names on one axis and a count on the other, the count says nothing.
            if let (Some(rows), Some(columns)) = (&table.rows, &table.columns)
                && rows != columns
            {
                if only_count(rows) {
                    table.rows = None;
                } else if only_count(columns) {
                    table.columns = None;
                }
            }
            if let (Some(rows), Some(columns)) = (&table.rows, &table.columns) {
                agree(rows, columns).map_err(|error| error.in_file(&path.display().to_string()))?;
            }
            let (rows, columns) = table.values.dim();
            if rows.abs_diff(columns) == 1 && table.rows.is_none() && table.columns.is_none() {
                return Err(ConnectomeError::NotSquareTable { rows, columns });
            }
            Ok(Matrix { values: table.values, labels: table.rows.or(table.columns) })
        }
        _ => Err(ConnectomeError::Format { origin: path.display().to_string(), expected: PAIRS }),
    }
}

fn write_matrix(path: &Path, labels: Option<&[String]>, matrix: &Array2<f64>) -> Result<(), ConnectomeError> {
    match kind_of(path) {
        Some(Kind::Npy) => Ok(npy::write(path, matrix)?),
        Some(Kind::Text) => {
            let delimiter = if ending(path) == "tsv" { '\t' } else { ',' };
            Ok(table::write(path, delimiter, labels, labels, matrix.view())?)
        }
        _ => Err(ConnectomeError::Format { origin: path.display().to_string(), expected: PAIRS }),
    }
}

/// Checks that rows and columns of a matrix have the same names in the same order.
fn agree(first: &[String], second: &[String]) -> Result<(), ConnectomeError> {
    match first.iter().zip(second).enumerate().find(|(_, (a, b))| a != b) {
        Some((index, (first, second))) => {
            Err(ConnectomeError::LabelsDisagree { index, first: first.clone(), second: second.clone() })
        }
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use std::fmt;

    use ndarray::array;
    use tempfile::TempDir;

    use super::super::testing::full;
    use super::*;
    use crate::io::npz::NpzWriter;
    use crate::io::table::Names;

    struct Folder(TempDir);

    impl Folder {
        fn new() -> Self {
            Folder(TempDir::new().unwrap())
        }

        fn path(&self, name: &str) -> std::path::PathBuf {
            self.0.path().join(name)
        }

        fn write(&self, name: &str, text: &str) -> std::path::PathBuf {
            std::fs::write(self.path(name), text).unwrap();
            self.path(name)
        }

        /// Returns the message with the name of the folder taken out.
        fn message<T: fmt::Debug>(&self, result: Result<T, ConnectomeError>) -> String {
            let folder = format!("{}{}", self.0.path().display(), std::path::MAIN_SEPARATOR);
            result.unwrap_err().to_string().replace(&folder, "")
        }
    }

    #[test]
    fn npz_keeps_everything() {
        let folder = Folder::new();
        let path = folder.path("c.npz");
        full().save(&path).unwrap();
        assert_eq!(Connectome::load(&path, None).unwrap(), full());
        let bare = Connectome::new(array![[0.0, 1.0], [0.5, 0.0]]).unwrap();
        bare.save(&path).unwrap();
        assert_eq!(Connectome::load(&path, None).unwrap(), bare);
    }

    #[test]
    fn npz_of_another_program_needs_an_orientation() {
        let folder = Folder::new();
        let path = folder.path("c.npz");
        let weights = array![[0.0, 1.0], [2.0, 0.0]];
        let lengths = array![[0.0, 10.0], [20.0, 0.0]];
        let file =
            NpzWriter::new().with("weights", &weights).unwrap().with("tract_lengths", &lengths).unwrap();
        file.save(&path).unwrap();
        assert_eq!(
            folder.message(Connectome::load(&path, None)),
            "c.npz: this format does not say whether rows are targets or sources; \
             pass Orientation::TargetSource or Orientation::SourceTarget"
        );
        let rows_are_sources = Connectome::load(&path, Orientation::SourceTarget).unwrap();
        assert_eq!(rows_are_sources.weights(), weights.t());
        assert_eq!(rows_are_sources.tract_lengths().unwrap(), lengths.t());
        assert_eq!(Connectome::load(&path, Orientation::TargetSource).unwrap().weights(), weights);
    }

    #[test]
    fn npz_may_have_the_names_of_other_programs_but_not_two_for_one_thing() {
        let folder = Folder::new();
        let path = folder.path("c.npz");
        let (weights, lengths) = (array![[0.0, 1.0], [2.0, 0.0]], array![[0.0, 10.0], [20.0, 0.0]]);
        let file = || NpzWriter::new().with("weights", &weights).unwrap().with("lengths", &lengths).unwrap();
        file().save(&path).unwrap();
        let connectome = Connectome::load(&path, Orientation::TargetSource).unwrap();
        assert_eq!(connectome.tract_lengths(), Some(&lengths));
        file().with("tract_lengths", &lengths).unwrap().save(&path).unwrap();
        let message = folder.message(Connectome::load(&path, Orientation::TargetSource));
        assert!(message.contains("`tract_lengths`") && message.contains("`lengths`"), "{message}");
    }

    #[test]
    fn a_stated_orientation_must_not_contradict_the_file() {
        let folder = Folder::new();
        let path = folder.path("c.npz");
        full().save(&path).unwrap();
        assert_eq!(
            folder.message(Connectome::load(&path, Orientation::SourceTarget)),
            "c.npz: rows as sources was asked for, but the file has rows as targets"
        );
        let zip = folder.path("c.zip");
        full().save(&zip).unwrap();
        assert!(
            folder.message(Connectome::load(&zip, Orientation::SourceTarget)).contains("rows as targets")
        );
    }

    #[test]
    fn npz_without_weights_says_what_it_has() {
        let folder = Folder::new();
        let path = folder.path("c.npz");
        NpzWriter::new().with("fc", &array![[1.0]]).unwrap().save(&path).unwrap();
        assert_eq!(
            folder.message(Connectome::load(&path, None)),
            "c.npz: has no member `weights`; its members are `fc`"
        );
    }

    #[test]
    fn pairs_of_files_keep_matrices_and_text_keeps_labels() {
        let folder = Folder::new();
        for extension in ["csv", "tsv", "txt", "npy"] {
            let (weights, lengths) =
                (folder.path(&format!("w.{extension}")), folder.path(&format!("l.{extension}")));
            full().save_pair(&weights, &lengths).unwrap();
            let loaded = Connectome::load_pair(&weights, &lengths, Orientation::TargetSource).unwrap();
            assert_eq!(loaded.weights(), full().weights(), "{extension}");
            assert_eq!(loaded.tract_lengths(), full().tract_lengths(), "{extension}");
            if extension != "npy" {
                assert_eq!(loaded.labels(), full().labels(), "{extension}");
            }
            full().save(&weights).unwrap();
            let alone = Connectome::load(&weights, Orientation::SourceTarget).unwrap();
            assert_eq!(alone.weights(), full().weights().t(), "{extension}");
            assert_eq!(alone.tract_lengths(), None);
        }
    }

    #[test]
    fn lengths_go_to_the_regions_of_their_names() {
        let folder = Folder::new();
        let weights = folder.write("w.csv", ",a,b,c\na,0,1,2\nb,3,0,4\nc,5,6,0\n");
        let lengths = folder.write("l.csv", ",c,a,b\nc,0,50,60\na,20,0,10\nb,40,30,0\n");
        let read = Connectome::load_pair(weights, lengths, Orientation::TargetSource).unwrap();
        let expected = array![[0.0, 10.0, 20.0], [30.0, 0.0, 40.0], [50.0, 60.0, 0.0]];
        assert_eq!(read.tract_lengths().unwrap(), expected);
        assert_eq!(read.labels(), ["a", "b", "c"]);
    }

    #[test]
    fn names_that_are_numbers_come_back_and_are_announced_where_they_must_be() {
        let folder = Folder::new();
        let ids =
            Connectome::new(array![[0.0, 1.0], [2.0, 0.0]]).unwrap().with_labels(["1001", "1002"]).unwrap();
        for name in ["w.csv", "w.tsv", "w.npz"] {
            ids.save(folder.path(name)).unwrap();
            assert_eq!(
                Connectome::load(folder.path(name), Orientation::TargetSource).unwrap(),
                ids,
                "{name}"
            );
        }
        // The header of dti_pipeline_toronto of The Virtual Brain holds numbers, and rows have no names.
        let path = folder.write("w.csv", "1001,1002\n0,1\n2,0\n");
        assert_eq!(
            folder.message(Connectome::load(&path, Orientation::TargetSource)),
            "w.csv: the table has 3 rows and 2 columns; a connectome needs a square matrix; \
             if the first row holds names that are numbers, say so (`header: true`)"
        );
        let format = Format { header: Names::Present, ..Format::default() };
        assert_eq!(Connectome::load_table(&path, Orientation::TargetSource, &format).unwrap(), ids);
    }

    #[test]
    fn rows_that_are_only_counted_take_the_names_of_the_columns() {
        let folder = Folder::new();
        let expected =
            Connectome::new(array![[0.0, 1.0], [2.0, 0.0]]).unwrap().with_labels(["a", "b"]).unwrap();
        for (name, text) in [
            ("pandas.csv", ",a,b\n0,0,1\n1,2,0\n"),
            ("r.csv", "\"\",\"a\",\"b\"\n\"1\",0,1\n\"2\",2,0\n"),
            ("r.txt", "a b\n1 0 1\n2 2 0\n"),
            ("rows.csv", ",0,1\na,0,1\nb,2,0\n"),
        ] {
            let path = folder.write(name, text);
            let read = Connectome::load(&path, Orientation::TargetSource).map_err(|error| error.to_string());
            assert_eq!(read, Ok(expected.clone()), "{name}");
        }
    }

    #[test]
    fn what_numpy_writes_of_optional_things_is_read() {
        let folder = Folder::new();
        let path = folder.path("c.npz");
        let weights = array![[0.0, 1.0], [2.0, 0.0]];
        let none = Array2::<f64>::zeros((0, 0));
        // `orientation="source_target"` is an array without dimensions, MATLAB's vectors are matrices.
        NpzWriter::new()
            .with("weights", &weights)
            .and_then(|file| file.with("orientation", &ndarray::arr0("source_target")))
            .and_then(|file| file.with("tract_lengths", &none))
            .and_then(|file| file.with("labels", &array![["a"], ["b"]]))
            .and_then(|file| file.with("areas", &array![[1.0, 2.0]]))
            .unwrap()
            .save(&path)
            .unwrap();
        let read = Connectome::load(&path, None).unwrap();
        assert_eq!(read.weights(), weights.t());
        assert_eq!(read.tract_lengths(), None);
        assert_eq!(read.labels(), ["a", "b"]);
        assert_eq!(read.areas().unwrap(), array![1.0, 2.0]);
    }

    #[test]
    fn text_without_labels_is_read() {
        let folder = Folder::new();
        let path = folder.write("w.txt", "0 1\n2 0\n");
        let connectome = Connectome::load(path, Orientation::TargetSource).unwrap();
        assert_eq!(connectome.weights(), array![[0.0, 1.0], [2.0, 0.0]]);
        assert_eq!(connectome.labels(), ["region_000", "region_001"]);
    }

    #[test]
    fn errors_name_the_file() {
        let folder = Folder::new();
        let load = |name: &str, text: &str| {
            folder.message(Connectome::load(folder.write(name, text), Orientation::TargetSource))
        };
        assert_eq!(load("w.csv", "0,1\n2,nan\n"), "w.csv: weights[1][1] is NaN; every entry must be finite");
        assert_eq!(load("w.csv", "0,1\n2,x\n"), "w.csv: line 2, column 2: `x` is not a number");
        assert_eq!(
            load("w.csv", "0,1,2,3\n1,0,2,3\n"),
            "w.csv: the weights are 2 x 4; a connectome needs a square matrix"
        );
        assert_eq!(
            load("w.csv", ",a,b\na,0,1\nc,2,0\n"),
            "w.csv: names of regions disagree at position 1: `c` and `b`"
        );
        assert_eq!(
            load("w.csv", "a,a\n0,1\n1,0\n"),
            "w.csv: the label `a` is given to region 0 and to region 1"
        );
        assert_eq!(
            load("w.mat", ""),
            "w.mat: the format is not known by its extension; it must be one of \
             .zip (The Virtual Brain), .npz, .npy, .csv, .tsv, .txt"
        );
        let (weights, lengths) =
            (folder.write("w.csv", "a,b\n0,1\n1,0\n"), folder.write("l.csv", "a,c\n0,1\n1,0\n"));
        assert_eq!(
            folder.message(Connectome::load_pair(weights, lengths, Orientation::TargetSource)),
            "l.csv: the names are not those of the regions: `c` is no region; `b` is missing"
        );
        assert_eq!(
            folder.message(
                Connectome::new(array![[0.0]]).unwrap().save_pair(folder.path("w.csv"), folder.path("l.csv"))
            ),
            "the tract lengths of this connectome are not known"
        );
    }

    #[test]
    fn flags_other_than_0_and_1_are_refused() {
        let folder = Folder::new();
        let path = folder.path("c.npz");
        let file = NpzWriter::new().with("weights", &array![[0.0, 1.0], [1.0, 0.0]]).unwrap();
        file.with("hemispheres", &array![0.0, 2.0]).unwrap().save(&path).unwrap();
        assert_eq!(
            folder.message(Connectome::load(&path, Orientation::TargetSource)),
            "c.npz: the hemispheres of region 1 are 2; they are 0 or 1"
        );
    }
}
