//! Files on disk.

use std::fs;
use std::path::Path;

use super::*;

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> =
        fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn the_ending_chooses_the_format_and_the_content_is_believed() {
    let folder = tempfile::tempdir().unwrap();
    for format in FORMATS {
        for ending in [format.ending().to_owned(), format.ending().to_uppercase()] {
            let path = folder.path().join(format!("chart.{ending}"));
            chart(Depth::U8, false).save(&path).unwrap();
            assert_eq!(FileFormat::of_content(&fs::read(&path).unwrap()).unwrap(), format);
            assert_eq!(Image::open(&path).unwrap().size(), (13, 7));
        }
    }
    let misnamed = folder.path().join("really-a.jpg");
    let options = WriteOptions { format: Some(FileFormat::Png), ..WriteOptions::default() };
    chart(Depth::U8, true).save_with(&misnamed, &options).unwrap();
    assert_eq!(Image::open(&misnamed).unwrap().alpha(), Alpha::Straight);
}

#[test]
fn a_bare_name_is_in_the_current_folder() {
    let error = chart(Depth::U8, false).save("no-such-ending.xyz").unwrap_err();
    assert!(matches!(error.cause(), ImageError::UnknownEnding));
    assert_eq!(
        error.to_string(),
        "no-such-ending.xyz: the name does not tell the format to write; \
         end it in .png, .jpg, .tif, .webp, .gif, .bmp, .qoi, .exr, .hdr, .ppm"
    );
}

#[test]
fn errors_name_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("missing.png");
    let error = Image::open(&missing).unwrap_err();
    assert_eq!(error.to_string(), format!("{}: no such file; check the name", missing.display()));
    assert_eq!(error.path(), Some(missing.as_path()));
    assert!(matches!(error.cause(), ImageError::NotFound));

    assert!(matches!(Image::open(folder.path()).unwrap_err().cause(), ImageError::IsFolder));

    let text = folder.path().join("text.png");
    fs::write(&text, "this is text").unwrap();
    let error = Image::open(&text).unwrap_err();
    assert!(matches!(error.cause(), ImageError::Corrupt { format: FileFormat::Png, .. }), "{error}");
    let text = folder.path().join("text.txt");
    fs::write(&text, "this is text").unwrap();
    assert!(matches!(Image::open(&text).unwrap_err().cause(), ImageError::UnknownFormat));
}

#[test]
fn a_file_above_the_limit_is_not_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.png");
    chart(Depth::U8, false).save(&path).unwrap();
    let error = Image::open_with(&path, &ReadOptions { max_bytes: 50, ..ReadOptions::default() }).unwrap_err();
    assert!(error.to_string().ends_with("above the limit of 50 bytes; raise it with --max-bytes"), "{error}");
}

#[test]
fn a_missing_folder_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file.png");
    chart(Depth::U8, false).save(&file).unwrap();
    for parent in [folder.path().join("nowhere"), file] {
        let error = chart(Depth::U8, false).save(parent.join("x.png")).unwrap_err();
        assert!(matches!(error.cause(), ImageError::NoFolder { folder } if *folder == parent), "{error}");
    }
    assert_eq!(names(folder.path()), ["file.png"]);
}

#[test]
fn a_failure_leaves_everything_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("old.jpg");
    fs::write(&path, "old content").unwrap();
    let float = WriteOptions { depth: Some(Depth::F32), ..WriteOptions::default() };
    assert!(chart(Depth::U8, false).save_with(&path, &float).is_err());
    assert_eq!(fs::read(&path).unwrap(), b"old content");

    let occupied = folder.path().join("folder.png");
    fs::create_dir(&occupied).unwrap();
    let error = chart(Depth::U8, false).save(&occupied).unwrap_err();
    assert!(matches!(error.cause(), ImageError::IsFolder), "{error}");
    assert_eq!(names(folder.path()), ["folder.png", "old.jpg"], "no temporary file stays");
}

#[test]
fn an_older_file_is_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.png");
    fs::write(&path, "old content").unwrap();
    chart(Depth::U8, false).save(&path).unwrap();
    assert_eq!(Image::open(&path).unwrap().size(), (13, 7));
    assert_eq!(names(folder.path()), ["a.png"]);
}

#[cfg(windows)]
#[test]
fn a_read_only_file_stays_and_is_said_to_be() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.png");
    fs::write(&path, "old content").unwrap();
    let mut permissions = fs::metadata(&path).unwrap().permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&path, permissions).unwrap();
    let error = chart(Depth::U8, false).save(&path).unwrap_err();
    assert!(error.to_string().contains("it is read-only"), "{error}");
    assert_eq!(fs::read(&path).unwrap(), b"old content");
    assert_eq!(names(folder.path()), ["a.png"]);
}

#[cfg(unix)]
mod unix {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn permissions_are_those_of_any_new_file_or_of_the_older_one() {
        let folder = tempfile::tempdir().unwrap();
        let (plain, new) = (folder.path().join("plain"), folder.path().join("new.png"));
        fs::write(&plain, "").unwrap();
        chart(Depth::U8, false).save(&new).unwrap();
        assert_eq!(mode(&new), mode(&plain));
        fs::set_permissions(&new, fs::Permissions::from_mode(0o640)).unwrap();
        chart(Depth::U8, true).save(&new).unwrap();
        assert_eq!(mode(&new), 0o640);
    }

    #[test]
    fn a_symbolic_link_keeps_pointing() {
        let folder = tempfile::tempdir().unwrap();
        let (real, link) = (folder.path().join("real.png"), folder.path().join("link.png"));
        chart(Depth::U8, false).save(&real).unwrap();
        symlink(&real, &link).unwrap();
        chart(Depth::U8, true).save(&link).unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(Image::open(&real).unwrap().alpha(), Alpha::Straight);
    }

    #[test]
    fn a_device_is_written_to_and_not_replaced() {
        let options = WriteOptions { format: Some(FileFormat::Png), ..WriteOptions::default() };
        chart(Depth::U8, false).save_with("/dev/null", &options).unwrap();
        assert!(!fs::metadata("/dev/null").unwrap().is_file());
        let full = Path::new("/dev/full");
        if full.exists() {
            let error = chart(Depth::U8, false).save_with(full, &options).unwrap_err();
            assert!(matches!(error.cause(), ImageError::Io { doing: "write the file", .. }), "{error}");
        }
    }
}

#[test]
fn what_the_system_refuses_is_said_without_the_names_of_temporary_files() {
    let doing = "write the file";
    let full = ImageError::Io { doing, source: std::io::ErrorKind::StorageFull.into() };
    assert_eq!(full.to_string(), "cannot write the file: the disk is full; free some room, or write to another one");
    let folder = tempfile::tempdir().unwrap();
    let source = tempfile::Builder::new().prefix(".secret").tempfile_in(folder.path().join("none")).unwrap_err();
    assert!(source.to_string().contains(".secret"));
    let said = ImageError::Io { doing, source }.to_string();
    assert!(said.starts_with("cannot write the file: ") && !said.contains(".secret"), "{said}");
}
