//! `deb`: files of packages, on the target or on a server. Must not know lists.

use std::cmp::Ordering;
use std::fs;
use std::path::{Path, PathBuf};

use nafal_base::{Outcome, system_words};

use super::cache::Lists;
use super::options::Task;
use super::policy_rc::Policy;
use super::status::Knowledge;
use crate::debian::{self, Gave};
use crate::files::staged::random_text;
use crate::files::{Failure, Result};
use crate::http::{self, Request};
use crate::modules::uri::url_name;

/// Installs files.
pub fn install(task: Task<'_>, files: &str, lists: Lists) -> Result<Outcome> {
    let mut all = Vec::new();
    let mut needed: Vec<String> = Vec::new();
    let mut downloaded = Downloaded(Vec::new());
    for file in files.split(',') {
        let path = match file.contains("://") {
            true => downloaded.fetch(task, file)?,
            false => task.ctx.resolve(file).display().to_string(),
        };
        if is_to_be_installed(task, &path)? {
            needed.extend(dependencies(task, &path)?);
            all.push(path);
        }
    }
    if all.is_empty() {
        return Ok(Outcome::ok().with("stdout", "").with("stderr", ""));
    }
    let mut before = Gave::default();
    if !needed.is_empty() {
        let names: Vec<&str> = needed.iter().map(String::as_str).collect();
        let outcome = super::install::install(task, &names, lists)?;
        before.stdout = outcome.text("stdout").unwrap_or_default().to_owned();
        before.stderr = outcome.text("stderr").unwrap_or_default().to_owned();
    }
    let options: Vec<String> = task.dpkg_options().map(|option| format!("--{option}")).collect();
    let line = format!(
        "dpkg {}{}{} -i {}",
        options.join(" "),
        if task.ctx.is_check() { " --simulate" } else { "" },
        if task.args.is("force") { " --force-all" } else { "" },
        all.iter().map(|path| format!("'{path}'")).collect::<Vec<_>>().join(" ")
    );
    let policy = Policy::of(task)?;
    let gave = task.run(&line)?;
    drop(policy);
    let gave = Gave {
        code: gave.code,
        stdout: before.stdout + &gave.stdout,
        stderr: before.stderr + &gave.stderr,
    };
    match gave.is_good() {
        true => Ok(task.told(Outcome::changed(), &gave)),
        false => Err(Failure::new(format!("{line} failed"))
            .with("stdout", gave.stdout)
            .with("stderr", gave.stderr)),
    }
}

fn refused(why: &str) -> Failure {
    Failure::new(format!("Unable to install package: {why}"))
}

/// Whether the file's package isn't there in the same version or a higher one.
fn is_to_be_installed(task: Task<'_>, path: &str) -> Result<bool> {
    if let Err(error) = fs::File::open(path) {
        let number = error.raw_os_error().unwrap_or_default();
        let text = system_words(&error);
        return Err(refused(&format!("E:Could not open file {path} - open ({number}: {text})")));
    }
    let gave =
        debian::run(task.ctx, &["dpkg-deb", "-f", path, "Package", "Version", "Architecture"])?;
    if !gave.is_good() {
        return Err(refused(gave.stderr.trim()));
    }
    let field = |name: &str| {
        let mut lines = gave.stdout.lines();
        lines.find_map(|line| line.strip_prefix(name)?.strip_prefix(": ")).unwrap_or_default()
    };
    let (name, version) = (field("Package").to_owned(), field("Version").to_owned());
    let knowledge = Knowledge::installed_alone(task.ctx, std::slice::from_ref(&name))?;
    let Some(there) = knowledge.version(&name) else { return Ok(true) };
    match debian::compare(&version, there) {
        Ordering::Greater => Ok(true),
        Ordering::Equal => Ok(task.args.is("force")),
        Ordering::Less if task.args.is("allow_downgrade") || task.args.is("force") => Ok(true),
        Ordering::Less => Err(refused("A later version is already installed")),
    }
}

/// What has to be installed before, as apt-get would.
fn dependencies(task: Task<'_>, path: &str) -> Result<Vec<String>> {
    let line = format!(
        "/usr/bin/apt-get -y -o APT::Install-Recommends=no --allow-downgrades --simulate install '{path}'"
    );
    let gave = task.run(&line)?;
    if !gave.is_good() {
        // dpkg says better what is missing, unless the file isn't to be had at all.
        return Ok(Vec::new());
    }
    let own = debian::run(task.ctx, &["dpkg-deb", "-f", path, "Package"])?;
    let own = own.stdout.trim();
    let names = gave.stdout.lines().filter_map(|line| line.strip_prefix("Inst "));
    let names = names.filter_map(|line| line.split_whitespace().next());
    Ok(names.filter(|name| *name != own).map(str::to_owned).collect())
}

/// Files that came from servers and go with this value.
struct Downloaded(Vec<PathBuf>);

impl Downloaded {
    fn fetch(&mut self, task: Task<'_>, url: &str) -> Result<String> {
        let failed = |why: String| Failure::new(format!("Failure downloading {url}, {why}"));
        let mut response = http::fetch(
            &Request::get(url),
            &http::Options { proxies: http::proxies(task.ctx), ..http::Options::default() },
        )
        .map_err(|error| failed(error.to_string()))?;
        if response.is_error() {
            return Err(failed(response.message()));
        }
        let name = random_text().map_err(|error| failed(error.to_string()))?;
        let folder = task.ctx.temporary().join(format!("apt{name}"));
        fs::create_dir(&folder).map_err(|error| failed(error.to_string()))?;
        self.0.push(folder.clone());
        let path: PathBuf = folder.join(url_name(url));
        let written = fs::File::create_new(&path)
            .and_then(|mut file| std::io::copy(&mut response.body(), &mut file));
        written.map_err(|error| failed(error.to_string()))?;
        Ok(Path::new(&path).display().to_string())
    }
}

impl Drop for Downloaded {
    fn drop(&mut self) {
        for folder in &self.0 {
            let _ = fs::remove_dir_all(folder);
        }
    }
}
