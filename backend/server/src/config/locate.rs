//! Which files are read.

use std::path::{Path, PathBuf};

use kernel::{Error, Kind, Result};

use super::environment::Environment;

/// What decides which files are read and what lies over them.
#[derive(Clone, Debug)]
pub struct Options {
    /// Files named on the command line; if there are any, `MAS_CONFIG` does not count.
    pub files: Vec<PathBuf>,
    pub environment: Environment,
    /// The working directory, from which relative paths are searched upwards.
    pub directory: PathBuf,
}

impl Options {
    /// The process's own environment and working directory.
    pub fn of_process(files: Vec<PathBuf>) -> Result<Self> {
        let directory = std::env::current_dir().map_err(|error| {
            Error::new(Kind::Invalid, "the working directory cannot be read").caused_by(error)
        })?;
        // A name or value that is not UTF-8 belongs to somebody else.
        let environment = std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
            .collect();
        Ok(Self { files, environment, directory })
    }

    /// The files to read, in order, each existing. A file that was named must exist; the default `config.yaml`
    /// need not.
    pub(super) fn locate(&self) -> Result<Vec<PathBuf>> {
        let named: Vec<PathBuf> = match self.environment.get("MAS_CONFIG").filter(|paths| !paths.is_empty()) {
            _ if !self.files.is_empty() => self.files.clone(),
            Some(paths) => paths.split(':').filter(|path| !path.is_empty()).map(PathBuf::from).collect(),
            None => return Ok(self.search(Path::new("config.yaml")).into_iter().collect()),
        };
        named.iter().map(|path| self.search(path).ok_or_else(|| self.missing(path))).collect()
    }

    /// The file, or the first one of that name in a parent directory.
    fn search(&self, path: &Path) -> Option<PathBuf> {
        self.directory.ancestors().map(|directory| directory.join(path)).find(|path| path.exists())
    }

    fn missing(&self, path: &Path) -> Error {
        let place = if path.is_absolute() {
            "it does not exist".to_owned()
        } else {
            format!("it is neither in {} nor above it", self.directory.display())
        };
        Error::new(Kind::Invalid, format!("cannot read the config file {}: {place}", path.display()))
    }

    /// A file's name for people: relative to the working directory where that is shorter.
    pub(super) fn display(&self, path: &Path) -> String {
        path.strip_prefix(&self.directory).unwrap_or(path).display().to_string()
    }
}
