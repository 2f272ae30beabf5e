//! Browsers, and whatever else calls itself `Mozilla/5.0`: woothee's reading, corrected where browsers stopped
//! telling the truth or where people know a system by another name.

use woothee::parser::{Parser, WootheeResult};

use super::{Agent, Device, some};

/// Programs whose version is not the application's, in the header of one that is built with Electron.
const SHELL: [&str; 5] = ["Mozilla", "AppleWebKit", "Chrome", "Electron", "Safari"];

pub fn parse(text: &str) -> Agent {
    let Some(read) = Parser::new().parse(text) else { return Agent::default() };
    let (name, version) = electron(text).unwrap_or((read.name, read.version));
    let system = system(text, &read);
    Agent {
        name: known(name),
        version: known(version),
        os: known(system.os),
        os_version: known(system.version),
        model: system.model.map(str::to_owned),
        device: match read.category {
            _ if system.model == Some("iPad") => Device::Tablet,
            "pc" => Device::Pc,
            "smartphone" | "mobilephone" => Device::Mobile,
            _ => Device::Unknown,
        },
    }
}

/// woothee writes UNKNOWN where it knows nothing.
fn known(text: &str) -> Option<String> {
    some(text).filter(|text| text != "UNKNOWN")
}

/// The application itself: the first product that is none of the shell's.
fn electron(text: &str) -> Option<(&str, &str)> {
    if !text.contains("Electron/") {
        return None;
    }
    let mut products = text.split([' ', ';', '(', ')']).filter_map(|word| word.split_once('/'));
    products.find(|(name, version)| !name.is_empty() && !version.is_empty() && !SHELL.contains(name))
}

#[derive(Default)]
struct System<'a> {
    os: &'a str,
    version: &'a str,
    model: Option<&'static str>,
}

/// What it runs on. Versions in strings that never change say nothing, so they are left out.
fn system<'a>(text: &str, read: &'a WootheeResult<'a>) -> System<'a> {
    let frozen = |frozen: &str| text.contains(frozen);
    let (os, version) = (read.os, &*read.os_version);
    match os {
        "iPhone" => System { os: "iOS", version, model: Some("iPhone") },
        "iPod" => System { os: "iOS", version, model: Some("iPod") },
        "iPad" => System { os: "iPadOS", version, model: Some("iPad") },
        "Mac OSX" if frozen("(Macintosh; Intel Mac OS X 10_15_7)") => {
            System { os: "macOS", ..Default::default() }
        }
        "Mac OSX" => System { os: "macOS", version, model: None },
        "ChromeOS" if frozen("(X11; CrOS x86_64 14541.0.0)") => {
            System { os: "Chrome OS", ..Default::default() }
        }
        "ChromeOS" => {
            // The processor comes first.
            System { os: "Chrome OS", version: version.rsplit(' ').next().unwrap_or_default(), model: None }
        }
        "Android" if frozen("(Linux; Android 10; K)") => System { os, ..Default::default() },
        "Linux" if frozen("(X11; Linux x86_64") => System { os, ..Default::default() },
        "Windows Phone OS" => System { os: "Windows Phone", version, model: None },
        _ => match os.strip_prefix("Windows ") {
            None => System { os, version, model: None },
            Some("UNKNOWN Ver") => System { os: "Windows", ..Default::default() },
            Some(_) if frozen("(Windows NT 10.0; Win64; x64") => {
                System { os: "Windows", ..Default::default() }
            }
            Some(version) => System { os: "Windows", version, model: None },
        },
    }
}
