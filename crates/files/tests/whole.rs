//! A file stays whole when its writer is killed, has no room, or has a rival.
#![cfg(unix)]

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use tempfile::TempDir;

/// Says to a process of this test that it is to write, and where to.
const WRITE_TO: &str = "BRAINMASS_FILES_WRITE_TO";
/// Bytes of each file.
const SIZE: usize = 1 << 20;

/// Writes over and over, each time another letter; this is what is killed.
#[test]
fn writer() {
    let Some(path) = std::env::var_os(WRITE_TO) else { return };
    for letter in (b'a'..=b'z').cycle() {
        brainmass_files::write(&path, &vec![letter; SIZE]).unwrap();
    }
}

/// Starts a process that only runs [`writer`], by a command that ends in the arguments of this test.
fn start(mut command: Command, path: &Path) -> Child {
    let silent = command.env(WRITE_TO, path).stdout(Stdio::null()).stderr(Stdio::null());
    silent.args(["--exact", "writer"]).spawn().expect("the writer starts")
}

fn own() -> Command {
    Command::new(std::env::current_exe().expect("a test is a program"))
}

#[track_caller]
fn assert_whole(path: &Path) {
    let bytes = fs::read(path).expect("the file is there");
    assert_eq!(bytes.len(), SIZE, "half a file is in the place of a whole one");
    assert!(bytes.iter().all(|byte| *byte == bytes[0]), "the file is mixed of two");
}

#[test]
fn a_file_is_whole_whenever_its_writers_are_killed() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("run.npz");
    brainmass_files::write(&path, &vec![b'0'; SIZE]).unwrap();
    for trial in 0..100_u64 {
        let mut writers = [start(own(), &path), start(own(), &path)];
        // Long enough to be in the middle of something, at another place each time.
        sleep(Duration::from_micros(5000 + 7919 * trial % 20_000));
        for writer in &mut writers {
            writer.kill().unwrap();
            writer.wait().unwrap();
            assert_whole(&path);
        }
    }
}

#[test]
fn a_file_that_finds_no_room_leaves_the_former_one() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("run.npz");
    brainmass_files::write(&path, &vec![b'0'; SIZE]).unwrap();
    // As on a full disk, writing fails once there are so many blocks.
    let mut command = Command::new("sh");
    command
        .args(["-c", "trap '' XFSZ; ulimit -f 8; exec \"$0\" \"$@\""])
        .arg(std::env::current_exe().unwrap());
    let status = start(command, &path).wait().unwrap();
    assert!(!status.success(), "the writer found room");
    assert_eq!(fs::read(&path).unwrap(), vec![b'0'; SIZE]);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "something is left beside the file");
}
