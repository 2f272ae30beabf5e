//! What is wrong in a configuration: gathered, never thrown, so that one run names everything.

use std::fmt;

/// Where in the tree: keys and list positions, printed with dots (`http.listeners.0.binds`).
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Path(pub Vec<String>);

impl Path {
    #[must_use]
    pub fn join(&self, key: impl fmt::Display) -> Self {
        let mut longer = self.clone();
        longer.0.push(key.to_string());
        longer
    }

    pub fn starts_with(&self, prefix: &Self) -> bool {
        self.0.starts_with(&prefix.0)
    }
}

impl From<&str> for Path {
    fn from(dotted: &str) -> Self {
        Self(dotted.split('.').map(str::to_owned).collect())
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("."))
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// The file cannot be used.
    Error,
    /// The file can be used, but probably not as meant.
    Warning,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    pub severity: Severity,
    pub path: Path,
    /// What is wrong and what is accepted, without the path and without any secret.
    pub what: String,
}

/// Gathers problems; remembers where in the tree the check stands.
#[derive(Debug, Default)]
pub struct Problems {
    pub found: Vec<Problem>,
    here: Path,
}

impl Problems {
    /// Runs a check one step deeper.
    pub fn at<R>(&mut self, key: impl fmt::Display, check: impl FnOnce(&mut Self) -> R) -> R {
        self.here.0.push(key.to_string());
        let result = check(self);
        self.here.0.pop();
        result
    }

    /// Runs a check on each item of the list `key`.
    pub fn each<T>(&mut self, key: &str, items: &[T], check: impl Fn(&T, &mut Self)) {
        self.at(key, |problems| {
            for (index, item) in items.iter().enumerate() {
                problems.at(index, |problems| check(item, problems));
            }
        });
    }

    pub fn error(&mut self, what: impl Into<String>) {
        self.add(Severity::Error, what.into());
    }

    pub fn error_at(&mut self, key: impl fmt::Display, what: impl Into<String>) {
        self.at(key, |problems| problems.error(what));
    }

    pub fn warning(&mut self, what: impl Into<String>) {
        self.add(Severity::Warning, what.into());
    }

    fn add(&mut self, severity: Severity, what: String) {
        self.found.push(Problem { severity, path: self.here.clone(), what });
    }

    /// Of an inline key and its file variant, one must be given.
    pub fn exactly_one<A, B>(&mut self, inline: (&str, &Option<A>), file: (&str, &Option<B>)) {
        if inline.1.is_none() && file.1.is_none() {
            self.error(format!("give `{}` or `{}`", inline.0, file.0));
        }
        self.at_most_one(inline, file);
    }

    /// An inline key and its file variant exclude each other.
    pub fn at_most_one<A, B>(&mut self, inline: (&str, &Option<A>), file: (&str, &Option<B>)) {
        if inline.1.is_some() && file.1.is_some() {
            self.error(format!("`{}` and `{}` exclude each other: keep one", inline.0, file.0));
        }
    }

    /// `key` has no meaning next to `reason`.
    pub fn forbidden<T>(&mut self, (key, value): (&str, &Option<T>), reason: &str) {
        if value.is_some() {
            self.error_at(key, format!("has no meaning with {reason}: remove it"));
        }
    }

    /// `key` is needed next to `reason`.
    pub fn required<T>(&mut self, (key, value): (&str, &Option<T>), reason: &str) {
        if value.is_none() {
            self.error_at(key, format!("is required with {reason}"));
        }
    }

    /// An address that is spoken to by HTTP.
    pub fn web_address(&mut self, key: &str, url: &url::Url) {
        if !matches!(url.scheme(), "http" | "https") {
            self.error_at(key, format!("`{}:` is not served here: use http:// or https://", url.scheme()));
        }
    }

    /// A share between nothing and all.
    pub fn share(&mut self, key: &str, value: Option<f64>) {
        if value.is_some_and(|share| !(0.0..=1.0).contains(&share)) {
            self.error_at(key, "must lie between 0.0 and 1.0");
        }
    }
}

/// The first position at which each repeated value appears again.
pub(super) fn repeated<T: PartialEq>(values: &[T]) -> impl Iterator<Item = (usize, usize)> {
    values.iter().enumerate().filter_map(|(index, value)| {
        values[..index].iter().position(|earlier| earlier == value).map(|first| (first, index))
    })
}
