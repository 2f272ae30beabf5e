//! What a User-Agent header tells of a device: for device names, session lists and e-mails.
//!
//! Applications that say what they are (`Foo/1.2 (Pixel 9; Android 16)`) are read by [`app`], everything else as a
//! browser, by woothee and a few corrections, in [`browser`]. It is what the caller claims and proves nothing: no
//! decision may depend on it. Only the header itself is stored.
//!
//! Invariant: every text can be read; what it does not tell is `None`.

mod app;
mod browser;

/// Longer headers are read up to here, in bytes: nothing of use comes later.
const LONGEST: usize = 1024;

/// A device and the program on it, as far as the header tells.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Agent {
    /// The application or browser.
    pub name: Option<String>,
    pub version: Option<String>,
    pub os: Option<String>,
    /// `None` also where browsers always claim the same version ("frozen" strings).
    pub os_version: Option<String>,
    /// `Pixel 9`, `iPhone`.
    pub model: Option<String>,
    pub device: Device,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Device {
    Pc,
    Mobile,
    Tablet,
    #[default]
    Unknown,
}

impl Device {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pc => "pc",
            Self::Mobile => "mobile",
            Self::Tablet => "tablet",
            Self::Unknown => "unknown",
        }
    }
}

impl Agent {
    pub fn parse(user_agent: &str) -> Self {
        let text = user_agent[..user_agent.floor_char_boundary(LONGEST)].trim();
        app::parse(text).unwrap_or_else(|| browser::parse(text))
    }

    /// What tells the device best: its model, or else the program and what it runs on.
    pub fn gist(&self) -> Gist<'_> {
        match (&self.model, &self.name, &self.os) {
            (Some(model), _, _) => Gist::Name(model),
            (None, Some(program), Some(system)) => Gist::Program { program, system },
            (None, Some(program), None) => Gist::Name(program),
            (None, None, _) => Gist::Unknown,
        }
    }

    /// [`Self::gist`] in English words.
    pub fn device_name(&self) -> String {
        match self.gist() {
            Gist::Name(name) => name.to_owned(),
            Gist::Program { program, system } => format!("{program} for {system}"),
            Gist::Unknown => "unknown device".to_owned(),
        }
    }
}

/// What is said of a device where there is little room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gist<'a> {
    Name(&'a str),
    Program { program: &'a str, system: &'a str },
    Unknown,
}

/// [`Agent::device_name`] of a header.
pub fn describe(user_agent: &str) -> String {
    Agent::parse(user_agent).device_name()
}

/// The text, unless there is none.
fn some(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

#[cfg(test)]
mod tests;
