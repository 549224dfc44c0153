use super::super::ahead::Reader;
use super::super::avi::Avi;
use super::*;
use crate::tight::Tight;
use crate::{CaptureError, Frame};
use jpeg_encoder::{ColorType, Encoder};
use std::io::Cursor;

fn picture(gray: u8) -> Vec<u8> {
    let mut bytes = Vec::new();
    Encoder::new(&mut bytes, 95).encode(&[gray; 256], 16, 16, ColorType::Luma).unwrap();
    bytes
}

fn file() -> Vec<u8> {
    parts(PART, &[picture(10), Vec::new(), picture(30)])
}

/// A file of parts of so many bytes.
fn parts(limit: u64, pictures: &[Vec<u8>]) -> Vec<u8> {
    let mut writer = AviWriter::with_parts(Cursor::new(Vec::new()), (16, 16), Rate::new(10), limit).unwrap();
    pictures.iter().for_each(|picture| writer.frame(picture).unwrap());
    writer.finish().unwrap();
    writer.output.into_inner()
}

/// Bytes of a part in which a few pictures fit.
const FEW: u64 = 3000;

/// Pictures of 24 grays, with one that is repeated.
fn many() -> Vec<Vec<u8>> {
    (0..24).map(|index| if index == 7 { Vec::new() } else { picture(index * 10) }).collect()
}

fn number(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap())
}

/// Grays and numbers of the frames, and how it ended.
fn read(bytes: Vec<u8>) -> (Vec<(u8, u64)>, Result<bool, CaptureError>) {
    let mut avi = Avi::new("a test", Cursor::new(bytes)).unwrap().unwrap();
    let mut frames = Vec::new();
    let mut frame = Frame::default();
    loop {
        match avi.next(&mut frame) {
            Ok(true) => frames.push((frame.data[0], frame.sequence)),
            end => return (frames, end),
        }
    }
}

#[test]
fn what_was_written_is_read_and_repeated_frames_keep_their_time() {
    assert_eq!(read(file()), (vec![(10, 0), (30, 2)], Ok(false)));
}

#[test]
fn the_sizes_in_the_headers_are_those_of_the_file() {
    let bytes = file();
    let at = |at: usize| number(&bytes, at);
    assert_eq!(at(4) as usize, bytes.len() - 8);
    assert_eq!(at(48), 3, "frames");
    let pictures = at(HEADERS - 8) as usize;
    assert_eq!(&bytes[HEADERS - 4 + pictures..][..4], b"idx1");
}

#[test]
fn a_file_cut_anywhere_ends_without_a_panic() {
    let whole = file();
    // The headers hold nothing but zeros where the list of parts ends.
    for length in (0..600).chain(HEADERS - 600..whole.len()) {
        if let Ok(Some(mut avi)) = Avi::new("a test", Cursor::new(whole[..length].to_vec())) {
            while let Ok(true) = avi.next(&mut Frame::default()) {}
        }
    }
    let (frames, end) = read(whole[..HEADERS + 40].to_vec());
    assert!(frames.is_empty() && end.unwrap_err().to_string().contains("ends within frame 0"));
}

#[test]
fn a_file_of_many_parts_has_every_picture_and_its_parts_end_where_they_say() {
    let bytes = parts(FEW, &many());
    let (frames, end) = read(bytes.clone());
    assert_eq!(end, Ok(false));
    let wanted: Vec<(u8, u64)> = (0..24).filter(|index| *index != 7).map(|index| (index * 10, index.into())).collect();
    assert_eq!(
        frames.iter().map(|(_, number)| *number).collect::<Vec<_>>(),
        wanted.iter().map(|w| w.1).collect::<Vec<_>>()
    );
    assert!(frames.iter().zip(&wanted).all(|(a, b)| a.0.abs_diff(b.0) <= 2), "{frames:?}");
    let mut at = 0;
    let mut kinds = Vec::new();
    while at < bytes.len() {
        assert_eq!(&bytes[at..at + 4], b"RIFF");
        kinds.push(bytes[at + 8..at + 12].to_vec());
        at += 8 + number(&bytes, at + 4) as usize;
    }
    assert_eq!(at, bytes.len());
    assert!(kinds.len() > 3 && kinds[0] == b"AVI " && kinds[1..].iter().all(|kind| kind == b"AVIX"), "{kinds:?}");
}

#[test]
fn a_file_that_may_grow_no_more_is_shortened_and_whole() {
    let pictures = many();
    let whole = parts(FEW, &pictures).len() as u64;
    // In the first part, in a later one, where a part begins or its index is written, and behind the last picture.
    for room in (HEADERS as u64 + 400..whole).step_by(37) {
        let output = Tight(Cursor::new(Vec::new()), room);
        let mut writer = AviWriter::with_parts(output, (16, 16), Rate::new(10), FEW).unwrap();
        let failed = pictures.iter().try_for_each(|picture| writer.frame(picture)).and_then(|()| writer.finish());
        assert_eq!(failed.unwrap_err().kind(), io::ErrorKind::StorageFull, "{room}");
        let length = writer.shorten(room);
        writer.output.0.get_mut().truncate(length as usize);
        writer.output.0.set_position(length);
        writer.finish().unwrap();
        let (left, bytes) = (writer.frames(), writer.output.0.into_inner());
        assert_eq!(u64::from(number(&bytes, HEADERS - 12 - EXTENDED)), left, "frames, by the header");
        let (frames, end) = read(bytes);
        assert_eq!(end, Ok(false), "{room}");
        let last = frames.last().map_or(0, |(_, number)| number + 1);
        assert!(last == left || (left, last) == (8, 7), "{room}: {last} of {left}");
    }
}

#[test]
fn every_index_leads_to_its_pictures() {
    let pictures = many();
    let bytes = parts(FEW, &pictures);
    let list = bytes.windows(4).position(|name| name == b"indx").unwrap();
    let long = |at: usize| u64::from(number(&bytes, at)) | u64::from(number(&bytes, at + 4)) << 32;
    let mut lengths = Vec::new();
    for entry in 0..number(&bytes, list + 12) as usize {
        let entry = list + 32 + 16 * entry;
        let index = long(entry) as usize;
        assert_eq!(
            (&bytes[index..index + 4], number(&bytes, index + 4) + 8),
            (&b"ix00"[..], number(&bytes, entry + 8))
        );
        let (count, base) = (number(&bytes, index + 12), long(index + 20) as usize);
        assert_eq!(count, number(&bytes, entry + 12));
        for picture in 0..count as usize {
            let (at, length) = (number(&bytes, index + 32 + 8 * picture), number(&bytes, index + 36 + 8 * picture));
            let chunk = base + at as usize - 8;
            assert_eq!((&bytes[chunk..chunk + 4], number(&bytes, chunk + 4)), (&b"00dc"[..], length));
            lengths.push(length as usize);
        }
    }
    assert_eq!(lengths, pictures.iter().map(Vec::len).collect::<Vec<_>>());
}

#[test]
fn ffmpeg_finds_every_picture_in_a_file_of_many_parts() {
    if !crate::video::ffmpeg_to_test_with() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("clip.avi");
    let pictures: Vec<Vec<u8>> = (0..24).map(|index| picture(index * 10)).collect();
    std::fs::write(&path, parts(FEW, &pictures)).unwrap();
    let run = |program: &str, before: &[&str], after: &[&str]| {
        let output = std::process::Command::new(program).args(before).arg(&path).args(after).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success() && said.is_empty(), "{program}: {said}");
        output.stdout
    };
    let asked = ["-v", "error", "-show_entries", "stream=nb_frames:packet=size", "-of", "csv=p=0"];
    let listed = String::from_utf8(run("ffprobe", &asked, &[])).unwrap();
    let lengths: Vec<usize> = listed.lines().filter_map(|line| line.trim_end_matches(',').parse().ok()).collect();
    let mut wanted: Vec<usize> = pictures.iter().map(Vec::len).collect();
    wanted.push(24);
    assert_eq!(lengths, wanted, "bytes of every packet, and the number of frames of the header");
    // By the index, into the last part.
    let last = run(
        "ffmpeg",
        &["-v", "error", "-ss", "2.3", "-i"],
        &["-frames:v", "1", "-f", "rawvideo", "-pix_fmt", "gray", "-"],
    );
    assert!(last.len() == 256 && last[0].abs_diff(230) <= 3, "{} {:?}", last.len(), last.first());
}
