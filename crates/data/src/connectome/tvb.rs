//! The Virtual Brain's zip of text files.
//!
//! Layout and conventions: `tvb.datatypes.connectivity` and `tvb.simulator.coupling` of tvb-library 2, whose
//! documentation gives weights as To/From, "the connection strength from node j to node k" in row k and column j.

use std::fmt::Write;
use std::path::Path;

use ndarray::{Array1, Array2};

use super::contents::{Connectome, Hemisphere};
use super::error::ConnectomeError;
use super::npz::{to_flags, to_hemispheres};
use super::orientation::Orientation;
use crate::io::archive::{Archive, ArchiveWriter, bunzip2};
use crate::io::table::{self, Delimiter, Format, Names, TEXT_LIMIT};
use crate::io::{IoError, Problem};

/// The orientation of all matrices.
pub(super) const ORIENTATION: Orientation = Orientation::TargetSource;

pub(super) fn load(path: &Path) -> Result<Connectome, ConnectomeError> {
    read(&Archive::open(path)?)
}

/// Reads the members of an archive. One that is there but empty, as programs leave it that do not know its contents,
/// counts as one that is not there; The Virtual Brain does the same.
fn read(archive: &Archive) -> Result<Connectome, ConnectomeError> {
    let matrix =
        |stem| Ok::<_, ConnectomeError>(member(archive, &[stem])?.map(|text| text.matrix()).transpose()?);
    let column = |stem: &'static str| member(archive, &[stem])?.map(|text| text.column()).transpose();

    let Some(weights) = matrix("weights")? else {
        let name = "weights.txt".to_owned();
        let problem = match archive.names().iter().find(|path| holds(path, &["weights"])) {
            Some(path) => return Err(IoError::new(archive.origin_of(path), Problem::Empty).into()),
            None => Problem::Missing { name, present: archive.names().to_vec() },
        };
        return Err(IoError::new(archive.origin(), problem).into());
    };
    let mut connectome = Connectome::new(weights)?;
    if let Some(lengths) = matrix("tract_lengths")? {
        connectome = connectome.with_tract_lengths(lengths)?;
    }
    if let Some(text) = member(archive, &["centres", "centers"])? {
        let (labels, centres) = text.labelled_points()?;
        connectome = connectome.with_labels(labels)?.with_centres(centres)?;
    }
    if let Some(flags) = column("hemispheres")? {
        connectome = connectome.with_hemispheres(to_hemispheres(&flags)?)?;
    }
    if let Some(areas) = column("areas")? {
        connectome = connectome.with_areas(areas)?;
    }
    if let Some(flags) = column("cortical")? {
        connectome = connectome.with_cortical(to_flags("cortical flags", &flags)?)?;
    }
    if let Some(orientations) = matrix("average_orientations")? {
        connectome = connectome.with_orientations(orientations)?;
    }
    Ok(connectome)
}

/// The text of a member, and where it stands.
struct Text {
    origin: String,
    bytes: Vec<u8>,
}

/// Returns whether the member at `path` holds one of `stems`: it is called `stem.txt` or `stem`, or either with `.bz2`.
fn holds(path: &str, stems: &[&str]) -> bool {
    // Archives made on a Mac carry a shadow of every file.
    if path.starts_with("__MACOSX/") {
        return false;
    }
    let name = path.rsplit('/').next().unwrap_or(path);
    let name = name.strip_suffix(".bz2").unwrap_or(name);
    stems.contains(&name.strip_suffix(".txt").unwrap_or(name))
}

/// Unpacks the member that holds one of `stems`, in whatever folder. `None` if there is none, or if it is empty.
fn member(archive: &Archive, stems: &[&'static str]) -> Result<Option<Text>, ConnectomeError> {
    let mut found = archive.names().iter().filter(|path| holds(path, stems));
    let Some(path) = found.next() else { return Ok(None) };
    if let Some(second) = found.next() {
        return Err(ConnectomeError::SeveralMembers {
            origin: archive.origin().to_owned(),
            what: stems[0],
            first: path.clone(),
            second: second.clone(),
        });
    }
    let origin = archive.origin_of(path);
    let mut bytes = archive.read(path)?;
    if path.ends_with(".bz2") && !bytes.is_empty() {
        bytes = bunzip2(&bytes, &origin, TEXT_LIMIT)?;
    }
    let limit = TEXT_LIMIT;
    if bytes.len() as u64 > limit {
        return Err(IoError::new(origin, Problem::TooLarge { limit }).into());
    }
    let is_empty = bytes.iter().all(u8::is_ascii_whitespace);
    Ok((!is_empty).then_some(Text { origin, bytes }))
}

impl Text {
    fn matrix(&self) -> Result<Array2<f64>, IoError> {
        let format =
            Format { delimiter: Delimiter::Whitespace, header: Names::Absent, row_names: Names::Absent };
        Ok(table::parse(&self.bytes, &self.origin, &format)?.values)
    }

    /// Reads numbers that stand below or beside each other.
    fn column(&self) -> Result<Array1<f64>, ConnectomeError> {
        let matrix = self.matrix()?;
        if matrix.nrows() != 1 && matrix.ncols() != 1 {
            let found = matrix.shape().to_vec();
            return Err(IoError::new(&self.origin, Problem::Dimensions { found, expected: 1 }).into());
        }
        Ok(matrix.into_iter().collect())
    }

    /// Reads lines of `label x y z`. What follows them is left alone, as The Virtual Brain leaves it, if it is no
    /// number: one more number means that the label has a space in it.
    fn labelled_points(&self) -> Result<(Vec<String>, Array2<f64>), IoError> {
        let fail = |problem| IoError::new(&self.origin, problem);
        let lines = table::parse_cells(&self.bytes, &self.origin, Delimiter::Whitespace)?;
        let mut points = Array2::zeros((lines.len(), 3));
        for (line, mut point) in lines.iter().zip(points.rows_mut()) {
            let more = line.cells.get(4..).unwrap_or_default();
            if line.cells.len() < 4 || more.iter().any(|cell| cell.parse::<f64>().is_ok()) {
                let problem = Problem::Columns { line: line.number, found: line.cells.len(), expected: 4 };
                return Err(fail(problem));
            }
            for (axis, coordinate) in point.iter_mut().enumerate() {
                *coordinate = line.number_at(axis + 1).map_err(fail)?;
            }
        }
        Ok((lines.into_iter().map(|mut line| line.cells.swap_remove(0)).collect(), points))
    }
}

pub(super) fn save(connectome: &Connectome, path: &Path) -> Result<(), ConnectomeError> {
    let cannot = |why| ConnectomeError::Inexpressible { origin: path.display().to_string(), why };
    let Some(centres) = &connectome.centres else {
        let why = "The Virtual Brain keeps labels with the centres of the regions, which are not known; save as .npz";
        return Err(cannot(why.to_owned()));
    };
    let unwritable =
        |label: &&String| label.contains(|c: char| c.is_whitespace() || c == '"') || label.starts_with('#');
    if let Some(label) = connectome.labels.iter().find(unwritable) {
        let why =
            format!("The Virtual Brain cannot hold the label `{label}`: no white space, quotes or leading #");
        return Err(cannot(why));
    }

    let mut archive = ArchiveWriter::new();
    let mut add = |stem: &str, text: String| archive.add(&format!("{stem}.txt"), text.as_bytes());
    add("weights", rows(&connectome.weights))?;
    let labelled = connectome
        .labels
        .iter()
        .zip(rows(centres).lines())
        .map(|(label, point)| format!("{label} {point}\n"))
        .collect();
    add("centres", labelled)?;
    if let Some(lengths) = &connectome.tract_lengths {
        add("tract_lengths", rows(lengths))?;
    }
    if let Some(orientations) = &connectome.orientations {
        add("average_orientations", rows(orientations))?;
    }
    if let Some(areas) = &connectome.areas {
        add("areas", areas.iter().map(|area| format!("{area:?}\n")).collect())?;
    }
    if let Some(hemispheres) = &connectome.hemispheres {
        add("hemispheres", flags(hemispheres.iter().map(|&side| side == Hemisphere::Right)))?;
    }
    if let Some(cortical) = &connectome.cortical {
        add("cortical", flags(cortical.iter().copied()))?;
    }
    Ok(archive.save(path)?)
}

/// Writes a matrix as lines of numbers that read back to the same bits.
fn rows(matrix: &Array2<f64>) -> String {
    let mut text = String::new();
    for row in matrix.rows() {
        for (column, value) in row.iter().enumerate() {
            let space = if column == 0 { "" } else { " " };
            // Writing to a String does not fail.
            let _ = write!(text, "{space}{value:?}");
        }
        text.push('\n');
    }
    text
}

fn flags(values: impl Iterator<Item = bool>) -> String {
    values.map(|value| if value { "1\n" } else { "0\n" }).collect()
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use ndarray::array;

    use super::super::testing::full;
    use super::*;

    fn bz2(text: &str) -> Vec<u8> {
        let mut packed = Vec::new();
        bzip2::read::BzEncoder::new(text.as_bytes(), bzip2::Compression::best())
            .read_to_end(&mut packed)
            .unwrap();
        packed
    }

    fn read_members(members: &[(&str, &[u8])]) -> Result<Connectome, ConnectomeError> {
        let mut writer = ArchiveWriter::new();
        for (name, bytes) in members {
            writer.add(name, bytes).unwrap();
        }
        let archive = Archive::from_bytes(writer.into_bytes().unwrap(), "c.zip", 10_000).unwrap();
        read(&archive).map_err(|error| error.in_file("c.zip"))
    }

    #[track_caller]
    fn check_error(members: &[(&str, &str)], message: &str) {
        let members: Vec<(&str, &[u8])> =
            members.iter().map(|(name, text)| (*name, text.as_bytes())).collect();
        assert_eq!(read_members(&members).unwrap_err().to_string(), message);
    }

    const WEIGHTS: &str = "0 1\n2 0\n";

    #[test]
    fn members_may_be_packed_and_lie_in_a_folder() {
        let connectome = read_members(&[
            ("data/centres.txt.bz2", &bz2("rA1 1 2 3 \nlA1  -1\t2 3\n")),
            ("data/weights.txt.bz2", &bz2(WEIGHTS)),
            ("data/tract_lengths.txt", b"  0.0e+00  1.5e+01\n 2.5e+01 0\n"),
            ("data/hemispheres.txt", b"1\n0\n"),
            ("data/info.txt", b"weights_unit = \"au\""),
            ("__MACOSX/data/weights.txt", b"\0"),
        ])
        .unwrap();
        assert_eq!(connectome.weights(), array![[0.0, 1.0], [2.0, 0.0]]);
        assert_eq!(connectome.tract_lengths().unwrap(), array![[0.0, 15.0], [25.0, 0.0]]);
        assert_eq!(connectome.labels(), ["rA1", "lA1"]);
        assert_eq!(connectome.centres().unwrap(), array![[1.0, 2.0, 3.0], [-1.0, 2.0, 3.0]]);
        assert_eq!(connectome.hemispheres().unwrap(), [Hemisphere::Right, Hemisphere::Left]);
        assert_eq!(
            (connectome.areas(), connectome.cortical(), connectome.orientations()),
            (None, None, None)
        );
    }

    #[test]
    fn all_but_the_weights_may_be_missing() {
        let connectome = read_members(&[("weights.txt", WEIGHTS.as_bytes())]).unwrap();
        assert_eq!(connectome.labels(), ["region_000", "region_001"]);
        assert_eq!(connectome.tract_lengths(), None);
        check_error(
            &[("centres.txt", "a 0 0 0\n")],
            "c.zip: has no member `weights.txt`; its members are `centres.txt`",
        );
    }

    #[test]
    fn optional_members_that_are_empty_count_as_missing() {
        for stem in ["tract_lengths", "centres", "hemispheres", "areas", "cortical", "average_orientations"] {
            for (name, empty) in [
                (format!("{stem}.txt"), Vec::new()),
                (format!("{stem}.txt"), b" \r\n\n".to_vec()),
                (format!("{stem}.txt.bz2"), Vec::new()),
                (format!("{stem}.txt.bz2"), bz2("")),
            ] {
                let connectome =
                    read_members(&[("weights.txt", WEIGHTS.as_bytes()), (&name, &empty)]).unwrap();
                assert_eq!(connectome, Connectome::new(array![[0.0, 1.0], [2.0, 0.0]]).unwrap(), "{name}");
            }
        }
        check_error(&[("weights.txt", "")], "c.zip, member `weights.txt`: holds no data");
        let empty = read_members(&[("weights.txt", WEIGHTS.as_bytes()), ("tract_lengths.txt", b"")]).unwrap();
        assert_eq!(
            empty.delays(1.0).unwrap_err().to_string(),
            "the tract lengths of this connectome are not known"
        );
    }

    #[test]
    fn what_follows_the_centres_is_left_alone_unless_it_is_a_number() {
        // Lines of connectivity_66.zip of The Virtual Brain end so.
        let connectome = read_members(&[
            ("weights.txt", WEIGHTS.as_bytes()),
            ("centres.txt", b"rBSTS 85.8 33.7 43.4 None\n  lTT 103.3 122.9 48.8 None\n"),
        ])
        .unwrap();
        assert_eq!(connectome.labels(), ["rBSTS", "lTT"]);
        assert_eq!(connectome.centres().unwrap(), array![[85.8, 33.7, 43.4], [103.3, 122.9, 48.8]]);
        check_error(
            &[("weights.txt", WEIGHTS), ("centres.txt", "A 1 1 2 3\nA 2 1 2 3\n")],
            "c.zip, member `centres.txt`: line 1 has 5 columns where 4 are expected",
        );
    }

    #[test]
    fn folders_and_lines_of_any_system_are_read() {
        let connectome = read_members(&[
            ("c/weights.txt", b"\xef\xbb\xbf0 1\r\n2 0\r\n"),
            ("c/tract_lengths.txt", b"0 1\r2 0\r"),
            ("c/centres.txt", b"a 1 2 3\r\nb 4 5 6\r\n"),
        ])
        .unwrap();
        assert_eq!(connectome.weights(), array![[0.0, 1.0], [2.0, 0.0]]);
        assert_eq!(connectome.tract_lengths().unwrap(), array![[0.0, 1.0], [2.0, 0.0]]);
        assert_eq!(connectome.labels(), ["a", "b"]);
    }

    #[test]
    fn a_saved_archive_keeps_everything() {
        let folder = tempfile::TempDir::new().unwrap();
        let path = folder.path().join("c.zip");
        full().save(&path).unwrap();
        assert_eq!(Connectome::load(&path, None).unwrap(), full());
    }

    #[test]
    fn what_the_format_cannot_hold_is_refused() {
        let folder = tempfile::TempDir::new().unwrap();
        let path = folder.path().join("c.zip");
        let bare = Connectome::new(array![[0.0]]).unwrap();
        assert!(bare.save(&path).unwrap_err().to_string().ends_with("which are not known; save as .npz"));
        let spaced = bare.with_labels(["left A1"]).unwrap().with_centres(array![[0.0, 0.0, 0.0]]).unwrap();
        assert!(spaced.save(&path).unwrap_err().to_string().contains("the label `left A1`"));
        assert!(!path.exists());
    }

    #[test]
    fn errors_name_member_line_and_column() {
        check_error(
            &[("weights.txt", "0 1\n2 zero\n")],
            "c.zip, member `weights.txt`: line 2, column 2: `zero` is not a number",
        );
        check_error(
            &[("weights.txt", WEIGHTS), ("centres.txt", "a 0 0\nb 0 0\n")],
            "c.zip, member `centres.txt`: line 1 has 3 columns where 4 are expected",
        );
        check_error(
            &[("weights.txt", WEIGHTS), ("areas.txt", "1 2\n3 4\n")],
            "c.zip, member `areas.txt`: has shape [2, 2] where an array of 1 dimensions is expected",
        );
    }

    #[test]
    fn members_that_do_not_fit_the_weights_are_refused() {
        check_error(
            &[("weights.txt", WEIGHTS), ("tract_lengths.txt", "0\n")],
            "c.zip: the tract lengths have shape [1, 1]; for 2 regions it must be [2, 2]",
        );
        check_error(
            &[("weights.txt", WEIGHTS), ("tract_lengths.txt", "0 1\n-1 0\n")],
            "c.zip: the tract from region 0 to region 1 has length -1 mm; lengths are 0 or more",
        );
        check_error(
            &[("weights.txt", WEIGHTS), ("centres.txt", "a 0 0 0\n")],
            "c.zip: the labels have shape [1]; for 2 regions it must be [2]",
        );
        check_error(
            &[("weights.txt", WEIGHTS), ("centres.txt", "a 0 0 0\na 1 1 1\n")],
            "c.zip: the label `a` is given to region 0 and to region 1",
        );
        check_error(
            &[("weights.txt", WEIGHTS), ("cortical.txt", "1\n2\n")],
            "c.zip: the cortical flags of region 1 are 2; they are 0 or 1",
        );
    }

    #[test]
    fn two_members_for_one_thing_are_refused() {
        check_error(
            &[("weights.txt", WEIGHTS), ("old/weights.txt", WEIGHTS)],
            "c.zip: both `weights.txt` and `old/weights.txt` hold the weights",
        );
        check_error(
            &[
                ("weights.txt", WEIGHTS),
                ("centres.txt", "a 0 0 0\nb 1 1 1\n"),
                ("centers.txt", "b 0 0 0\na 1 1 1\n"),
            ],
            "c.zip: both `centres.txt` and `centers.txt` hold the centres",
        );
    }

    #[test]
    fn a_bomb_is_refused() {
        check_error(
            &[("weights.txt", &"0 ".repeat(10_000))],
            "c.zip, member `weights.txt`: unpacks to more than the limit of 10000 bytes",
        );
    }
}
