//! The configuration as found: asked for sections by those who need them.

use std::{path::PathBuf, sync::Arc};

use kernel::{
    Error, Kind, Result,
    config::{self, ClientsConfig, Problem, RootConfig, Section, Severity, UpstreamConfig},
};

use serde_json::Value as Json;

use super::{
    Options, environment, known, merge,
    node::{Node, Origin, Value},
    read, report, unbuilt,
};

/// Where data is kept when nothing says where.
pub const DEFAULT_DATABASE: &str = "sqlite://data/latchkey.db?mode=rwc";

/// All layers, merged.
#[derive(Debug)]
pub struct Source {
    tree: Node,
    files: Vec<PathBuf>,
    /// Held, so that all sections are read by the same one.
    _schema: Arc<Json>,
}

impl Source {
    /// Reads the files and lays the layers over each other. Fails on a file that was named and is not there, is
    /// unreadable, or is not YAML.
    pub fn load(options: &Options) -> Result<Self> {
        let files = options.locate()?;
        let mut tree = environment::legacy(&options.environment);
        for path in &files {
            let name = options.display(path);
            let text = std::fs::read_to_string(path).map_err(|error| {
                Error::new(Kind::Invalid, format!("cannot read the config file {name}")).caused_by(error)
            })?;
            let layer = Node::parse(&text, &Arc::from(name.as_str())).map_err(|error| {
                Error::new(Kind::Invalid, format!("{name} is not readable as YAML")).caused_by(error)
            })?;
            tree = merge::merge(tree, layer);
        }
        tree = merge::overlay(tree, environment::ours(&options.environment));
        if !environment::names_postgres(&options.environment) {
            default_to_sqlite(&mut tree);
        }
        tree.label(config::Path::default());
        Ok(Self { tree, files, _schema: known::schema() })
    }

    /// One section, with its warnings logged and its errors together.
    pub fn section<T: Section>(&self) -> Result<T> {
        let mut problems = Vec::new();
        let section = read::section(&self.tree, &mut problems);
        self.finish(section, &problems)
    }

    /// Several sections, with the problems of all of them together: `sections::<(DatabaseConfig, MatrixConfig)>()`.
    pub fn sections<T: Sections>(&self) -> Result<T> {
        let mut problems = Vec::new();
        let sections = T::read(&self.tree, &mut problems);
        self.finish(sections, &problems)
    }

    /// Every section, as `config dump` shows them.
    pub fn all(&self) -> Result<RootConfig> {
        let mut problems = Vec::new();
        let root = root(&self.tree, true, true, &mut problems);
        self.finish(root, &problems)
    }

    /// What `server` needs: every section (providers only with `sync`, else none) and something to listen on. Logs unknown keys, and keys that have no effect yet.
    pub fn for_server(&self, sync: bool) -> Result<RootConfig> {
        self.whole(true, sync, Severity::Warning, Severity::Warning)
    }

    /// What `worker` needs: as [`Self::for_server`], without providers and listeners.
    pub fn for_worker(&self) -> Result<RootConfig> {
        self.whole(false, false, Severity::Warning, Severity::Warning)
    }

    /// All that `server` needs; with `strict`, unknown keys are errors.
    pub fn check(&self, strict: bool) -> Result<RootConfig> {
        let unknown = if strict { Severity::Error } else { Severity::Warning };
        self.whole(true, true, unknown, Severity::Error)
    }

    /// `unproven`: how bad it is that an administering client does not authenticate; it gets no tokens for itself in any case.
    fn whole(&self, serves: bool, sync: bool, unknown: Severity, unproven: Severity) -> Result<RootConfig> {
        let mut problems = known::unknown_keys(&self.tree);
        problems.iter_mut().for_each(|problem| problem.severity = unknown);
        let root = root(&self.tree, serves, sync, &mut problems);
        let silent = root.as_ref().filter(|_| serves).and_then(|root| root.http.no_listener());
        problems.extend(silent);
        problems.extend(root.iter().flat_map(|root| root.unproven_admin_clients(unproven)));
        problems.extend(root.as_ref().and_then(RootConfig::unprotected_registration));
        let root = self.finish(root, &problems)?;
        for notice in unbuilt::notices(&root) {
            tracing::warn!("{notice}");
        }
        Ok(root)
    }

    /// The files that were read, in order.
    pub fn files(&self) -> &[PathBuf] {
        &self.files
    }

    pub(super) fn has_files(&self) -> bool {
        !self.files.is_empty()
    }

    pub(super) fn tree(&self) -> &Node {
        &self.tree
    }

    fn finish<T>(&self, value: Option<T>, problems: &[Problem]) -> Result<T> {
        report::settle(self, problems)?;
        value.ok_or_else(|| Error::internal("a section was refused without a problem"))
    }
}

/// A tuple of sections.
pub trait Sections: Sized {
    fn read(tree: &Node, problems: &mut Vec<Problem>) -> Option<Self>;
}

macro_rules! tuples {
    ($(($($section:ident)+))+) => {$(
        impl<$($section: Section),+> Sections for ($($section,)+) {
            fn read(tree: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
                // Each one is read before any is missed, so that all problems are named.
                let sections = ($(read::section::<$section>(tree, problems),)+);
                #[expect(non_snake_case, reason = "a type parameter names its value")]
                let ($($section,)+) = sections;
                Some(($($section?,)+))
            }
        }
    )+};
}

tuples! { (A B) (A B C) (A B C D) (A B C D E) (A B C D E F) (A B C D E F G) (A B C D E F G H) }

fn root(tree: &Node, serves: bool, sync: bool, problems: &mut Vec<Problem>) -> Option<RootConfig> {
    let clients = if serves { read::section(tree, problems) } else { ClientsConfig::absent() };
    let http = read::section(tree, problems);
    let database = read::section(tree, problems);
    let telemetry = read::section(tree, problems);
    let templates = read::section(tree, problems);
    let email = read::section(tree, problems);
    let passwords = read::section(tree, problems);
    let secrets = read::section(tree, problems);
    let matrix = read::section(tree, problems);
    let policy = read::section(tree, problems);
    let rate_limiting = read::section(tree, problems);
    let upstream_oauth2 = if sync { read::section(tree, problems) } else { UpstreamConfig::absent() };
    let branding = read::section(tree, problems);
    let captcha = read::section(tree, problems);
    let account = read::section(tree, problems);
    let oauth = read::section(tree, problems);
    let experimental = read::section(tree, problems);
    let retention = read::section(tree, problems);
    Some(RootConfig {
        clients: clients?,
        http: http?,
        database: database?,
        telemetry: telemetry?,
        templates: templates?,
        email: email?,
        secrets: secrets?,
        passwords: passwords?,
        matrix: matrix?,
        policy: policy?,
        rate_limiting: rate_limiting?,
        upstream_oauth2: upstream_oauth2?,
        branding: branding?,
        captcha: captcha?,
        account: account?,
        oauth: oauth?,
        experimental: experimental?,
        retention: retention?,
    })
}

/// Neither the files nor the environment speak of a database: an SQLite file.
fn default_to_sqlite(tree: &mut Node) {
    let has_section = tree.get("database").is_some_and(|node| node.value != Value::Null);
    let Value::Map(entries) = &mut tree.value else { return };
    if !has_section {
        entries.retain(|(key, _)| key != "database");
        let uri = Node::new(Value::Text(DEFAULT_DATABASE.to_owned()), Origin::Default);
        let section = Value::Map(vec![("uri".to_owned(), uri)]);
        entries.push(("database".to_owned(), Node::new(section, Origin::Default)));
    }
}
