//! The program as a user meets it: run, and judged by its files, its words and its exit status.

use bowerbird::Image;
use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

/// A folder to work in, with a few pictures.
fn folder() -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (name, width, height) in [("a.png", 8, 6), ("b.png", 5, 9), ("c.jpg", 16, 16)] {
        picture(width, height).save(folder.path().join(name)).expect("saved");
    }
    folder
}

fn picture(width: u32, height: u32) -> Image {
    let pixel = |index: u32| [(index * 7 % 256) as u8, (index * 13 % 256) as u8, (index * 29 % 256) as u8, 255];
    Image::from_rgba8(width, height, (0..width * height).flat_map(pixel).collect()).expect("an image")
}

/// Runs the program in a folder.
fn run(folder: &Path, words: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bowerbird"));
    command.current_dir(folder).args(words).stdin(Stdio::null());
    command.output().expect("the program runs")
}

/// Runs `apply` and similar on the processor, and insists on an exit status.
#[track_caller]
fn expect(status: i32, folder: &Path, words: &[&str]) -> (String, String) {
    let output = run(folder, words);
    let out = String::from_utf8_lossy(&output.stdout).into_owned();
    let err = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(status), "{words:?}\n{out}\n{err}");
    (out, err)
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).expect("JSON")
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("a folder");
    let mut names: Vec<String> =
        entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn what_only_some_shapes_cannot_be_is_told_of_those() {
    let folder = folder();
    picture(400, 10).save(folder.path().join("wide.png")).expect("saved");
    expect(0, folder.path(), &["apply", "wide.png", "-e", "resize width=24000", "-o", "wider.png"]);
    let wider = Image::open(folder.path().join("wider.png")).expect("a picture");
    assert_eq!(wider.size(), (24000, 600));
    let (_, err) = expect(1, folder.path(), &["apply", "c.jpg", "-e", "resize width=24000", "-o", "square.png"]);
    assert!(err.contains("c.jpg") && err.contains("24000×24000"), "{err}");
    let (_, err) = expect(2, folder.path(), &["apply", "c.jpg", "-e", "resize width=1e6 height=1e6", "-o", "o.png"]);
    assert!(err.contains("megapixels"), "{err}");
}

#[test]
fn without_arguments_it_explains_itself() {
    let folder = folder();
    let (out, err) = expect(0, folder.path(), &[]);
    assert!(out.contains("bowerbird apply") && out.contains("bowerbird list"), "{out}");
    assert!(err.is_empty(), "{err}");
}

#[test]
fn effects_change_the_picture_in_their_order() {
    let folder = folder();
    let at = |name: &str| folder.path().join(name);
    expect(
        0,
        folder.path(),
        &["apply", "a.png", "-e", "invert", "-e", "exposure ev=1", "-o", "x.png", "--backend", "cpu"],
    );
    expect(
        0,
        folder.path(),
        &["apply", "a.png", "-e", "exposure ev=1", "-e", "invert", "-o", "y.png", "--backend", "cpu"],
    );
    let [original, x, y] = ["a.png", "x.png", "y.png"].map(|name| Image::open(at(name)).expect("a picture").to_rgba8());
    assert!(original != x && x != y);
    // Again, over the output that is there now.
    expect(
        0,
        folder.path(),
        &["apply", "a.png", "-e", "invert", "-e", "exposure ev=1", "-o", "x.png", "--backend", "cpu"],
    );
    expect(0, folder.path(), &["apply", "a.png", "-e", "invert", "-e", "invert", "-o", "z.png", "--backend", "cpu"]);
    assert_eq!(Image::open(at("z.png")).expect("a picture").to_rgba8(), original);
}

#[test]
fn a_recipe_comes_before_the_typed_effects_and_finds_its_files() {
    let folder = folder();
    fs::create_dir(folder.path().join("looks")).expect("a folder");
    fs::write(folder.path().join("looks/flat.cube"), "LUT_1D_SIZE 2\n0.5 0.5 0.5\n0.5 0.5 0.5\n").expect("saved");
    let recipe = r#"{"steps": [{"effect": "lut3d", "file": "flat"}], "assets": {"flat": "flat.cube"}}"#;
    fs::write(folder.path().join("looks/look.json"), recipe).expect("saved");
    expect(0, folder.path(), &["apply", "a.png", "-r", "looks/look.json", "-e", "invert", "-o", "x.png"]);
    let pixels = Image::open(folder.path().join("x.png")).expect("a picture").to_rgba8();
    assert!(pixels.chunks(4).all(|pixel| pixel[0].abs_diff(128) <= 1), "{pixels:?}");
    // The same with a path that is typed.
    expect(0, folder.path(), &["apply", "a.png", "-e", "lut3d file=looks/flat.cube", "-o", "y.png"]);
    expect(0, folder.path(), &["apply", "a.png", "-e", "blend mode=multiply in.layer=b.png", "-o", "z.png"]);
    let (_, err) = expect(2, folder.path(), &["apply", "a.png", "-e", "lut3d file=looks/none.cube", "-o", "v.png"]);
    assert!(err.contains("assets.none") && err.contains("no such file"), "{err}");
}

#[test]
fn many_inputs_go_to_a_folder_that_is_made() {
    let folder = folder();
    expect(0, folder.path(), &["apply", "a.png", "c.jpg", "-e", "sepia", "-o", "out"]);
    assert_eq!(names(&folder.path().join("out")), ["a.png", "c.jpg"]);
    expect(0, folder.path(), &["apply", ".", "-e", "sepia", "-o", "webs", "--format", "webp"]);
    assert_eq!(names(&folder.path().join("webs")), ["a.webp", "b.webp", "c.webp"]);
    expect(0, folder.path(), &["apply", "a.png", "-e", "sepia", "-o", "one/"]);
    assert_eq!(names(&folder.path().join("one")), ["a.png"]);
    expect(0, folder.path(), &["apply", ".", "-R", "-e", "sepia", "-o", "deep"]);
    assert_eq!(names(&folder.path().join("deep")), ["a.png", "b.png", "c.jpg", "one", "out", "webs"]);
}

#[test]
fn a_folder_is_searched_for_all_that_can_be_read() {
    let folder = folder();
    let at = |name: &str| folder.path().join(name);
    fs::write(at("gray.pgm"), b"P5 2 1 255\n\x00\xff").expect("written");
    fs::write(at("lines.PBM"), b"P4 8 1\n\xa5").expect("written");
    fs::copy(at("c.jpg"), at("d.jfif")).expect("copied");
    expect(0, folder.path(), &["apply", ".", "-e", "invert space=display", "-o", "out", "--backend", "cpu"]);
    // Gray and two-colored files are not written; what they become has another ending.
    let made = ["a.png", "b.png", "c.jpg", "d.jfif", "gray.pgm.png", "lines.PBM.png"];
    assert_eq!(names(&at("out")), made);
    let inverted = Image::open(at("out/gray.pgm.png")).expect("a picture").to_rgba8();
    assert_eq!(inverted, [255, 255, 255, 255, 0, 0, 0, 255]);
}

#[test]
fn only_what_was_asked_for_is_missed() {
    let folder = folder();
    let (_, err) =
        expect(2, folder.path(), &["apply", "a.png", "-e", "invert", "-o", "z.png", "--adapter", "nobody's"]);
    assert!(err.contains("nobody's") && !folder.path().join("z.png").exists(), "{err}");
    // auto takes the processor where there is no graphics card, and that is no news.
    let (_, err) = expect(0, folder.path(), &["explain", "-e", "invert"]);
    assert!(!err.contains("warning"), "{err}");
}

#[test]
fn a_bad_picture_fails_alone_and_by_name() {
    let folder = folder();
    fs::write(folder.path().join("bad.png"), b"\x89PNG\r\n\x1a\nnothing more").expect("saved");
    fs::write(folder.path().join("words.txt"), "hello").expect("saved");
    let (_, err) = expect(
        1,
        folder.path(),
        &["apply", "a.png", "bad.png", "gone.png", "words.txt", "b.png", "-e", "sepia", "-o", "out"],
    );
    assert_eq!(names(&folder.path().join("out")), ["a.png", "b.png"]);
    for name in ["bad.png", "gone.png", "words.txt"] {
        assert_eq!(err.lines().filter(|line| line.contains(name)).count(), 1, "{err}");
    }
    assert!(err.contains("3 of 5 failed"), "{err}");
    expect(1, folder.path(), &["apply", "bad.png", "-e", "sepia", "-o", "x.png"]);
    assert!(!folder.path().join("x.png").exists());
}

#[test]
fn misspelt_names_stop_the_run_with_a_suggestion() {
    let folder = folder();
    for (step, path, meant) in [
        ("exposrue ev=1", "steps[0].effect", "exposure"),
        ("gaussian_blur sigmaa=0.1", "steps[0].sigmaa", "sigma"),
        ("blend mode=multipy in.layer=b.png", "steps[0].mode", "multiply"),
    ] {
        for command in [&["apply", "a.png", "-o", "x.png"][..], &["explain"], &["bench", "-i", "a.png"]] {
            let (_, err) = expect(2, folder.path(), &[command, &["-e", step]].concat());
            assert!(err.contains(path) && err.contains(meant), "{err}");
        }
    }
    assert!(!folder.path().join("x.png").exists());
    let (_, err) = expect(0, folder.path(), &["apply", "a.png", "-e", "exposrue ev=1", "-o", "x.png", "--lenient"]);
    assert!(err.contains("warning") && err.contains("left out"), "{err}");
    let same = ["a.png", "x.png"].map(|name| Image::open(folder.path().join(name)).expect("a picture").to_rgba8());
    assert_eq!(same[0], same[1]);
}

#[test]
fn a_step_without_its_file_is_named() {
    let folder = folder();
    for (step, field) in [("lut3d", "file"), ("sticker", "image")] {
        let words = ["apply", "a.png", "-e", "invert", "-e", step, "-o", "x.png", "--backend", "cpu"];
        let (_, err) = expect(2, folder.path(), &words);
        let told = format!("steps[1]: no file was chosen for '{field}' of {step}");
        assert!(err.contains(&told), "{err}");
    }
}

#[test]
fn limited_values_are_told_unless_quiet() {
    let folder = folder();
    // On the processor, for drivers of graphics cards write to the standard error as they please.
    let words = ["apply", "a.png", "-e", "sepia amount=900", "-o", "x.png", "--backend", "cpu"];
    let (_, err) = expect(0, folder.path(), &words);
    assert!(err.contains("steps[0].amount") && err.contains("limited"), "{err}");
    let (_, err) = expect(0, folder.path(), &[&words[..], &["--quiet"]].concat());
    assert!(err.is_empty(), "{err}");
}

#[test]
fn bad_usage_is_status_2_and_touches_nothing() {
    let folder = folder();
    fs::write(folder.path().join("broken.json"), "{\"steps\": [}").expect("saved");
    fs::write(folder.path().join("newer.json"), "{\"version\": 9, \"steps\": []}").expect("saved");
    fs::create_dir(folder.path().join("sub")).expect("a folder");
    picture(2, 2).save(folder.path().join("sub/a.png")).expect("saved");
    let before = names(folder.path());
    let cases: &[&[&str]] = &[
        &["frobnicate"],
        &["apply", "a.png", "-o", "x.png"],
        &["apply", "a.png", "-e", "sepia"],
        &["apply", "a.png", "-e", "sepia", "-o", "x"],
        &["apply", "a.png", "-e", "sepia", "-o", "a.png"],
        &["apply", "a.png", "sub/a.png", "-e", "sepia", "-o", "out"],
        &["apply", "a.png", "b.png", "-e", "sepia", "-o", "."],
        &["apply", "a.png", "b.png", "-e", "sepia", "-o", "c.jpg"],
        &["apply", "a.png", "b.png", "-e", "sepia", "-o", "new.jpg"],
        &["apply", "sub", "-e", "sepia", "-o", "new.jpg"],
        &["apply", "a.png", "-e", "sepia", "-o", "x.jpg", "--depth", "16"],
        &["apply", "a.png", "-e", "sepia", "-o", "x.png", "--size", "big"],
        &["apply", "a.png", "-e", "sepia", "-o", "x.jpg", "--quality", "0"],
        &["apply", "a.png", "-r", "broken.json", "-o", "x.png"],
        &["apply", "a.png", "-r", "newer.json", "-o", "x.png"],
        &["apply", "a.png", "-r", "gone.json", "-o", "x.png"],
        &["apply", "a.png", "-e", "blend", "-o", "x.png"],
        &["show", "exposrue"],
    ];
    for words in cases {
        let (_, err) = expect(2, folder.path(), words);
        assert!(err.starts_with("error: ") && !err.contains("panicked"), "{words:?}: {err}");
    }
    assert_eq!(names(folder.path()), before);
    let (_, err) = expect(2, folder.path(), &["apply", "a.png", "-r", "broken.json", "-o", "x.png"]);
    assert!(err.contains("broken.json") && err.contains("line 1"), "{err}");
}

#[test]
fn what_the_recipe_reads_is_replaced_only_by_force() {
    let folder = folder();
    let layer = folder.path().join("c.jpg");
    let before = fs::read(&layer).expect("the layer");
    let words = ["apply", "a.png", "-e", "blend in.layer=c.jpg", "-o", "c.jpg"];
    let (_, err) = expect(2, folder.path(), &words);
    assert!(err.contains("c.jpg belongs to the recipe") && err.contains("--force"), "{err}");
    assert!(fs::read(&layer).expect("the layer") == before, "it was replaced");
    expect(0, folder.path(), &[words.as_slice(), &["--force"]].concat());
    // Nor is the recipe itself.
    let recipe = r#"{"steps": [{"effect": "sepia"}]}"#;
    fs::write(folder.path().join("look.json"), recipe).expect("written");
    let (_, err) =
        expect(2, folder.path(), &["apply", "a.png", "-r", "look.json", "-o", "look.json", "--format", "png"]);
    assert!(err.contains("look.json belongs to the recipe"), "{err}");
    assert_eq!(fs::read_to_string(folder.path().join("look.json")).expect("the recipe"), recipe);
}

#[test]
fn a_dash_is_told_what_pipes_are_called() {
    let folder = folder();
    let before = names(folder.path());
    // Where pipes have no names, files are named.
    let [from, into] = if cfg!(unix) { ["/dev/stdin", "/dev/stdout"] } else { ["read from files", "written to files"] };
    for (words, name) in
        [(["apply", "-", "-e", "invert", "-o", "x.png"], from), (["apply", "a.png", "-e", "invert", "-o", "-"], into)]
    {
        let (_, err) = expect(2, folder.path(), &words);
        assert!(err.contains(name), "{err}");
    }
    assert_eq!(names(folder.path()), before);
}

#[test]
fn an_input_is_replaced_only_by_force() {
    let folder = folder();
    let before = fs::read(folder.path().join("a.png")).expect("read");
    expect(2, folder.path(), &["apply", "a.png", "-e", "invert", "-o", "./a.png"]);
    assert_eq!(fs::read(folder.path().join("a.png")).expect("read"), before);
    expect(0, folder.path(), &["apply", "a.png", "-e", "invert", "-o", "./a.png", "--force"]);
    assert_ne!(fs::read(folder.path().join("a.png")).expect("read"), before);
}

#[test]
fn a_target_that_cannot_be_written_leaves_nothing() {
    let folder = folder();
    let before = names(folder.path());
    let (_, err) = expect(1, folder.path(), &["apply", "a.png", "-e", "sepia", "-o", "no/such/x.png"]);
    assert!(err.contains("a.png") && err.contains("does not exist"), "{err}");
    assert_eq!(names(folder.path()), before);
}

#[test]
fn size_fits_and_never_enlarges_and_depth_is_as_asked() {
    let folder = folder();
    picture(40, 20).save(folder.path().join("wide.png")).expect("saved");
    let open = |name: &str| Image::open(folder.path().join(name)).expect("a picture");
    expect(0, folder.path(), &["apply", "wide.png", "-e", "sepia", "-o", "x.png", "--size", "10x10", "--depth", "16"]);
    assert_eq!((open("x.png").size(), open("x.png").depth()), ((10, 5), bowerbird::image::Depth::U16));
    expect(
        0,
        folder.path(),
        &["apply", "a.png", "-e", "sepia", "-o", "y.tif", "--size", "900x900", "--depth", "float"],
    );
    assert_eq!((open("y.tif").size(), open("y.tif").depth()), ((8, 6), bowerbird::image::Depth::F32));
    expect(0, folder.path(), &["apply", "a.png", "-e", "invert", "-e", "invert", "-o", "z.exr"]);
    let codes = open("z.exr").to_rgba8();
    assert!(codes.iter().zip(open("a.png").to_rgba8()).all(|(a, b)| a.abs_diff(b) <= 1));
}

#[test]
fn limits_hold_for_inputs() {
    let folder = folder();
    let (_, err) = expect(1, folder.path(), &["apply", "a.png", "-e", "sepia", "-o", "x.png", "--max-pixels", "10"]);
    assert!(err.contains("--max-pixels"), "{err}");
}

#[test]
fn the_catalogue_parses_and_effects_are_described() {
    let folder = folder();
    let catalogue = json(&expect(0, folder.path(), &["list", "--json"]).0);
    let effects = catalogue["effects"].as_array().expect("a list");
    assert!(effects.len() >= 30);
    let (list, _) = expect(0, folder.path(), &["list"]);
    for effect in effects {
        let id = effect["id"].as_str().expect("an id");
        assert!(list.contains(id), "{id}");
        let (text, _) = expect(0, folder.path(), &["show", id]);
        assert!(text.contains("In a recipe"), "{text}");
        assert_eq!(&json(&expect(0, folder.path(), &["show", id, "--json"]).0), effect);
    }
    let (_, err) = expect(2, folder.path(), &["show", "vignete"]);
    assert!(err.contains("'vignette'"), "{err}");
    assert!(json(&expect(0, folder.path(), &["schema"]).0)["$defs"].is_object());
}

#[test]
fn a_chain_of_points_is_one_pass() {
    let folder = folder();
    let steps =
        ["exposure ev=1", "sepia amount=0.5", "saturation amount=1.2", "vignette amount=0.4", "contrast amount=1.1"];
    let mut words = vec!["explain", "--backend", "cpu", "--size", "640x480", "--json"];
    steps.iter().for_each(|step| words.extend(["-e", step]));
    let plan = json(&expect(0, folder.path(), &words).0);
    assert_eq!(plan["passes"].as_array().map(Vec::len), Some(1), "{plan:#}");
    assert!(plan["slots"].is_array() && plan["bytes_total"].is_u64());
    words.retain(|word| *word != "--json");
    assert!(expect(0, folder.path(), &words).0.contains("1 pass"));
}

#[test]
fn bench_measures() {
    let folder = folder();
    let words =
        ["bench", "-i", "c.jpg", "-e", "sepia", "--size", "64x32", "--backend", "cpu", "--threads", "2", "--runs", "3"];
    let times = json(&expect(0, folder.path(), &[&words[..], &["--json"]].concat()).0);
    assert!(times["ms"]["min"].as_f64() <= times["ms"]["median"].as_f64());
    assert!(times["ms"]["median"].as_f64() <= times["ms"]["max"].as_f64());
    assert_eq!((times["runs"].as_u64(), times["threads"].as_u64()), (Some(3), Some(2)));
    assert_eq!((times["backend"].as_str(), times["size"].clone()), (Some("cpu"), serde_json::json!([64, 32])));
    assert!(expect(0, folder.path(), &words).0.contains("median"));
    expect(1, folder.path(), &["bench", "-i", "gone.png", "-e", "sepia", "--backend", "cpu"]);
    // A size that no memory holds is refused before any is asked for.
    for (command, code) in [("bench", 1), ("explain", 2)] {
        let words = [command, "-i", "c.jpg", "-e", "sepia", "--size", "40000x40000", "--backend", "cpu"];
        let (_, said) = expect(code, folder.path(), &words);
        assert!(said.contains("40000x40000") && said.contains("--max-pixels"), "{said}");
    }
}

#[test]
fn the_suite_measures_and_compares() {
    let folder = folder();
    let words =
        ["bench", "--suite", "--size", "64x48", "--runs", "1", "--backend", "cpu", "--only", "look8,gaussian_2"];
    let report = expect(0, folder.path(), &[&words[..], &["--json"]].concat()).0;
    let workloads = json(&report)["workloads"].as_array().cloned().expect("workloads");
    let ids: Vec<&str> = workloads.iter().filter_map(|workload| workload["id"].as_str()).collect();
    assert_eq!(ids, ["look8", "gaussian_2"]);
    assert!(workloads.iter().all(|workload| workload["ms"]["min"].is_f64() && workload["linear_ms"]["min"].is_f64()));
    fs::write(folder.path().join("before.json"), report).expect("written");
    let table = expect(0, folder.path(), &[&words[..], &["--against", "before.json"]].concat()).0;
    assert!(table.contains("before/now") && table.contains('×'), "{table}");
    assert!(expect(2, folder.path(), &["bench", "--suite", "-e", "sepia"]).1.contains("--suite"));
    assert!(expect(2, folder.path(), &["bench", "--suite", "--only", "nothing"]).1.contains("look8"));
}

#[test]
fn devices_completions_manual_and_live_answer() {
    let folder = folder();
    assert!(json(&expect(0, folder.path(), &["devices", "--json"]).0)["adapters"].is_array());
    assert!(expect(0, folder.path(), &["devices"]).0.contains("Cameras"));
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        assert!(expect(0, folder.path(), &["completions", shell]).0.contains("bowerbird"));
    }
    assert!(expect(0, folder.path(), &["man"]).0.contains(".TH"));
    assert!(expect(0, folder.path(), &["man", "apply"]).0.contains("lenient"));
    expect(0, folder.path(), &["man", "--out", "pages"]);
    assert!(names(&folder.path().join("pages")).contains(&"bowerbird-apply.1".to_owned()));
    for command in ["apply", "list", "show", "explain", "bench", "devices", "live", "completions", "man", "schema"] {
        assert!(expect(0, folder.path(), &[command, "--help"]).0.contains("Usage"));
    }
}

#[cfg(windows)]
#[test]
fn two_names_for_one_file_are_refused() {
    let folder = folder();
    for (below, name) in [("d", "photo.png"), ("e", "PHOTO.PNG")] {
        fs::create_dir(folder.path().join(below)).expect("a folder");
        picture(4, 4).save(folder.path().join(below).join(name)).expect("saved");
    }
    let (_, err) = expect(2, folder.path(), &["apply", "d", "e", "-e", "invert", "-o", "out"]);
    assert!(err.contains("would both be written to"), "{err}");
}

#[cfg(windows)]
#[test]
fn names_with_stars_stand_for_files() {
    let folder = folder();
    expect(0, folder.path(), &["apply", "*.png", "-e", "invert", "-o", "out"]);
    assert_eq!(names(&folder.path().join("out")), ["a.png", "b.png"]);
    let (_, err) = expect(1, folder.path(), &["apply", "*.tif", "c.jpg", "-e", "invert", "-o", "out"]);
    assert!(err.contains("*.tif"), "{err}");
    assert_eq!(names(&folder.path().join("out")), ["a.png", "b.png", "c.jpg"]);
}

#[cfg(unix)]
#[test]
fn a_closed_pipe_is_no_accident() {
    let folder = folder();
    let mut command = Command::new(env!("CARGO_BIN_EXE_bowerbird"));
    command.current_dir(folder.path()).args(["list", "--json"]).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program runs");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("the program ends");
    assert_eq!(output.status.code(), Some(0));
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
}
