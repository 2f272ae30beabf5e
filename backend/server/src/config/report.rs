//! Problems as people read them.

use std::fmt::Write as _;

use kernel::{
    Error, Kind,
    config::{Problem, Severity},
};

use super::{
    Source,
    node::{Node, Origin},
};

/// `http.listeners.0.binds: is empty … (config.yaml, line 12)`.
pub fn sentence(tree: &Node, problem: &Problem) -> String {
    let mut sentence = format!("{}: {}", problem.path, problem.what);
    let origin = &tree.nearest(&problem.path.0).origin;
    if *origin != Origin::Default {
        let _ = write!(sentence, " ({origin})");
    }
    sentence
}

/// Logs the warnings; the errors together make one [`Error`].
pub fn settle(source: &Source, problems: &[Problem]) -> kernel::Result<()> {
    let (errors, warnings): (Vec<&Problem>, Vec<&Problem>) =
        problems.iter().partition(|problem| problem.severity == Severity::Error);
    for warning in warnings {
        tracing::warn!("{}", sentence(source.tree(), warning));
    }
    failure(source, &errors)
}

fn failure(source: &Source, errors: &[&Problem]) -> kernel::Result<()> {
    let sentences: Vec<String> = errors.iter().map(|problem| sentence(source.tree(), problem)).collect();
    let error = match sentences.as_slice() {
        [] => return Ok(()),
        [only] => Error::new(Kind::Invalid, only.clone()),
        many => {
            let summary = format!("the configuration has {} problems", many.len());
            let list = many.iter().enumerate().map(|(index, sentence)| format!("{index}: {sentence}"));
            Error::new(Kind::Invalid, summary).caused_by(list.collect::<Vec<_>>().join("\n"))
        }
    };
    if source.has_files() {
        return Err(error);
    }
    let hint = "no config file was found: name one with --config, or write one with \
                `mas-cli config generate -o config.yaml`";
    Err(match error.cause {
        None => error.caused_by(hint),
        Some(list) => Error::new(Kind::Invalid, error.public).caused_by(format!("{list}\n{hint}")),
    })
}
