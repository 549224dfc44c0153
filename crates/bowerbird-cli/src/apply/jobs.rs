//! Which picture goes where.

use crate::args::ApplyArgs;
use anyhow::{Context, bail, ensure};
use bowerbird::image::{Depth, FileFormat};
use glob::{MatchOptions, Pattern};
use std::collections::{HashMap, HashSet};
use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Path, PathBuf};

/// One picture to be rendered.
#[derive(Debug)]
pub(super) struct Job {
    /// The file to read.
    pub(super) input: PathBuf,
    /// The file to write.
    pub(super) output: PathBuf,
    /// The format to write.
    pub(super) format: FileFormat,
    /// Who chose the name of the output.
    pub(super) name: Name,
}

/// Who chose the name of an output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Name {
    /// The user gave it.
    Given,
    /// The input had it.
    Kept,
}

/// All jobs, and inputs that cannot become one, each in a line.
#[derive(Debug, Default)]
pub(super) struct Plan {
    pub(super) jobs: Vec<Job>,
    pub(super) rejected: Vec<String>,
}

/// An input, and the part of its path that the output shares.
struct Found {
    input: PathBuf,
    name: PathBuf,
}

/// What is said of `-`: pipes have names where they are files, and Windows has none.
#[cfg(unix)]
const FROM_PIPE: &str = "a picture from a pipe is called /dev/stdin, not '-'";
#[cfg(unix)]
const INTO_PIPE: &str = "a result into a pipe is called /dev/stdout, not '-', and needs a --format";
#[cfg(not(unix))]
const FROM_PIPE: &str = "'-' is no picture: here pictures are read from files only";
#[cfg(not(unix))]
const INTO_PIPE: &str = "'-' is no picture: here pictures are written to files only";

/// Decides what goes where, and refuses what would destroy something; `read` are the files that the chain reads.
pub(super) fn plan<'a>(args: &ApplyArgs, read: impl Iterator<Item = &'a Path>) -> anyhow::Result<Plan> {
    let is_dash = |path: &Path| path == Path::new("-");
    ensure!(!args.inputs.iter().any(|input| is_dash(input)), FROM_PIPE);
    ensure!(!is_dash(&args.output), INTO_PIPE);
    let mut plan = Plan::default();
    // Shells do so, but no shell of Windows.
    let inputs = if cfg!(windows) { spread(&args.inputs, &mut plan.rejected) } else { args.inputs.clone() };
    match inputs.as_slice() {
        [] => {}
        [only] if !only.is_dir() && !is_folder(&args.output) => plan.jobs.push(single(args, only)?),
        _ => into_folder(args, &inputs, &mut plan)?,
    }
    ensure!(!plan.jobs.is_empty() || !plan.rejected.is_empty(), "there is nothing to render");
    let depth = args.depth.map(Depth::from);
    let holds = |job: &Job| depth.is_none_or(|depth| job.format.depths().contains(&depth));
    let (jobs, shallow): (Vec<Job>, Vec<Job>) = core::mem::take(&mut plan.jobs).into_iter().partition(holds);
    for job in shallow {
        let asked = depth.unwrap_or(Depth::U8);
        let message = format!(
            "{}: {} cannot hold {asked} pixels; choose another --depth or --format",
            job.input.display(),
            job.format
        );
        // A format that the user named is a contradiction; one that an input happens to have is that input's failure.
        ensure!(job.name == Name::Kept && args.format.is_none(), message);
        plan.rejected.push(message);
    }
    plan.jobs = jobs;
    refuse_collisions(&plan.jobs, args.force)?;
    if !args.force {
        refuse_replacing(&plan.jobs, read)?;
    }
    Ok(plan)
}

/// The inputs, with the files that the last part of a path stands for, as `*.jpg` or `img_00??.tif`, in its place and in
/// their order. Names on Windows have neither sign; brackets, which they have, mean themselves.
fn spread(typed: &[PathBuf], rejected: &mut Vec<String>) -> Vec<PathBuf> {
    let options = MatchOptions { case_sensitive: false, require_literal_leading_dot: true, ..MatchOptions::new() };
    let mut inputs = Vec::new();
    for input in typed {
        let name = input.file_name().unwrap_or_default().to_string_lossy();
        let pattern = name.contains(['*', '?']).then(|| Pattern::new(&name.replace('[', "[[]")));
        let Some(Ok(pattern)) = pattern else {
            inputs.push(input.clone());
            continue;
        };
        let folder = input.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let names = fs::read_dir(folder).into_iter().flatten().filter_map(|entry| Some(entry.ok()?.file_name()));
        let mut names: Vec<OsString> =
            names.filter(|name| pattern.matches_with(&name.to_string_lossy(), options)).collect();
        if names.is_empty() {
            rejected.push(format!("{}: no file has such a name", input.display()));
        }
        names.sort();
        inputs.extend(names.iter().map(|name| input.with_file_name(name)));
    }
    inputs
}

/// Makes the folder that the outputs go to, once nothing speaks against the whole.
pub(super) fn make_folder(args: &ApplyArgs, jobs: &[Job]) -> anyhow::Result<()> {
    if jobs.iter().any(|job| job.name == Name::Kept) {
        fs::create_dir_all(&args.output)
            .with_context(|| format!("cannot make the folder {}", args.output.display()))?;
    }
    Ok(())
}

/// Whether the user means a folder: it is one, or its name ends in a slash.
fn is_folder(path: &Path) -> bool {
    path.is_dir()
        || path.as_os_str().as_encoded_bytes().last().is_some_and(|last| std::path::is_separator(char::from(*last)))
}

fn single(args: &ApplyArgs, input: &Path) -> anyhow::Result<Job> {
    let format = args.format.as_ref().map(|(_, format)| *format).or_else(|| FileFormat::of_name(&args.output));
    let format = format.with_context(|| {
        format!(
            "the name {} tells no format; end it in .png, .jpg or the like, or in a slash for a folder",
            args.output.display()
        )
    })?;
    Ok(Job { input: input.to_owned(), output: args.output.clone(), format, name: Name::Given })
}

fn into_folder(args: &ApplyArgs, inputs: &[PathBuf], plan: &mut Plan) -> anyhow::Result<()> {
    let folder = &args.output;
    ensure!(
        folder.is_dir() || !folder.exists(),
        "{} is a file, but more than one picture needs a folder to go to",
        folder.display()
    );
    ensure!(
        is_folder(folder) || FileFormat::of_name(folder).is_none(),
        "{0} names one picture, but more need a folder to go to; if it is to be one, write {0}/",
        folder.display()
    );
    let mut found = Vec::new();
    for input in inputs {
        if !input.is_dir() {
            let name = input.file_name().with_context(|| format!("{} names no file", input.display()))?;
            found.push(Found { input: input.clone(), name: name.into() });
            continue;
        }
        let before = (found.len(), plan.rejected.len());
        pictures(input, Path::new(""), args, &mut found, &mut plan.rejected);
        if (found.len(), plan.rejected.len()) == before {
            let hint = if args.recursive { "" } else { "; -R looks into its folders too" };
            plan.rejected.push(format!("{}: there are no pictures in this folder{hint}", input.display()));
        }
    }
    plan.jobs.extend(found.into_iter().map(|found| kept_name(args, found)));
    Ok(())
}

/// The pictures of a folder in the order of their names; hidden files are left out. A folder that cannot be listed is
/// rejected, and the others are looked into.
fn pictures(root: &Path, below: &Path, args: &ApplyArgs, found: &mut Vec<Found>, rejected: &mut Vec<String>) {
    let folder = root.join(below);
    let names = fs::read_dir(&folder).and_then(|entries| entries.map(|entry| Ok(entry?.file_name())).collect());
    let mut names: Vec<OsString> = match names {
        Ok(names) => names,
        Err(cause) => return rejected.push(format!("{}: cannot list the folder: {cause}", folder.display())),
    };
    names.sort();
    for name in names.iter().filter(|name| !name.as_encoded_bytes().starts_with(b".")) {
        let path = root.join(below).join(name);
        // A link to a folder could lead back up, so links count as files only.
        let is_folder = fs::symlink_metadata(&path).is_ok_and(|data| data.is_dir());
        if is_folder && args.recursive && !same_file(&path, &args.output) {
            pictures(root, &below.join(name), args, found, rejected);
        } else if path.is_file() && FileFormat::is_read(&path) {
            found.push(Found { name: below.join(name), input: path });
        }
    }
}

fn kept_name(args: &ApplyArgs, Found { input, name }: Found) -> Job {
    let (name, format) = match (&args.format, FileFormat::of_name(&name)) {
        (Some((ending, format)), _) => (name.with_extension(ending), *format),
        (None, Some(format)) => (name, format),
        // The content may still be a picture; PNG holds most of what it can be.
        (None, None) => (with_more(&name, "png"), FileFormat::Png),
    };
    Job { output: args.output.join(name), input, format, name: Name::Kept }
}

/// `photo.v2` → `photo.v2.png`.
fn with_more(name: &Path, ending: &str) -> PathBuf {
    let mut file = name.file_name().unwrap_or(OsStr::new("picture")).to_owned();
    file.push(".");
    file.push(ending);
    name.with_file_name(file)
}

/// Whether file systems take names that differ in capitals alone for two.
const BY_CASE: bool = !cfg!(any(target_os = "macos", target_os = "windows"));

/// The same for all names that may be those of one file.
fn one_name(path: &Path, by_case: bool) -> PathBuf {
    if by_case { path.to_owned() } else { path.to_string_lossy().to_lowercase().into() }
}

/// Refuses two inputs for one output, and outputs that would replace inputs.
fn refuse_collisions(jobs: &[Job], force: bool) -> anyhow::Result<()> {
    let mut outputs: HashMap<PathBuf, &Path> = HashMap::new();
    let inputs: HashMap<PathBuf, &Path> =
        jobs.iter().filter_map(|job| Some((fs::canonicalize(&job.input).ok()?, job.input.as_path()))).collect();
    for job in jobs {
        if let Some(first) = outputs.insert(one_name(&job.output, BY_CASE), &job.input) {
            bail!("{} and {} would both be written to {}", first.display(), job.input.display(), job.output.display());
        }
        let Some(replaced) = fs::canonicalize(&job.output).ok().and_then(|output| inputs.get(&output)) else {
            continue;
        };
        let own = same_file(&job.input, replaced);
        ensure!(own, "{} would replace {}, which is an input too", job.input.display(), replaced.display());
        ensure!(
            force,
            "{} would be replaced by its own result; choose another -o, or give --force",
            job.input.display()
        );
    }
    Ok(())
}

/// Refuses outputs that would replace what the chain reads.
fn refuse_replacing<'a>(jobs: &[Job], read: impl Iterator<Item = &'a Path>) -> anyhow::Result<()> {
    let read: HashSet<PathBuf> = read.filter_map(|path| fs::canonicalize(path).ok()).collect();
    match jobs.iter().find(|job| fs::canonicalize(&job.output).is_ok_and(|output| read.contains(&output))) {
        None => Ok(()),
        Some(job) => bail!(
            "{} belongs to the recipe and would be replaced; choose another -o, or give --force",
            job.output.display()
        ),
    }
}

fn same_file(a: &Path, b: &Path) -> bool {
    matches!((fs::canonicalize(a), fs::canonicalize(b)), (Ok(a), Ok(b)) if a == b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_with_stars_stand_for_files() {
        let folder = tempfile::tempdir().expect("a folder");
        for name in ["b.JPG", "a.jpg", "c[1].jpg", "c1.jpg", ".hidden.jpg", "d.png"] {
            fs::write(folder.path().join(name), "").expect("written");
        }
        let mut rejected = Vec::new();
        let mut spread = |name: &str| {
            let found = spread(&[folder.path().join(name)], &mut rejected);
            let name = |path: &PathBuf| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            found.iter().map(name).collect::<Vec<_>>()
        };
        assert_eq!(spread("*.jpg"), ["a.jpg", "b.JPG", "c1.jpg", "c[1].jpg"]);
        assert_eq!(spread("?.*"), ["a.jpg", "b.JPG", "d.png"]);
        assert_eq!(spread("c[1]*"), ["c[1].jpg"]);
        assert_eq!(spread("c[1].jpg"), ["c[1].jpg"]);
        assert_eq!(spread("nowhere.jpg"), ["nowhere.jpg"]);
        assert!(spread("*.tif").is_empty());
        assert!(rejected.len() == 1 && rejected[0].contains("*.tif: no file has such a name"), "{rejected:?}");
    }

    #[test]
    fn names_that_differ_in_capitals_are_one_where_the_system_takes_them_so() {
        let (a, b) = (Path::new("web/Größe.jpg"), Path::new("WEB/GRÖßE.JPG"));
        assert_eq!(one_name(a, false), one_name(b, false));
        assert_ne!(one_name(a, true), one_name(b, true));
        assert_eq!(one_name(a, true), a);
    }
}
