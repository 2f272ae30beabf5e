//! Writes every sample page as HTML, with the assets beside it: `cargo run -p web --example pages -- FOLDER`.
//! `npm run look -- FOLDER` in `frontend/` then checks and photographs them.

use std::{fs, path::Path};

use kernel::{Error, Result};
use web::view::{Branding, Locale, Site, Views, samples};

fn main() -> Result<()> {
    let folder = std::env::args().nth(1).ok_or_else(|| Error::internal("name the folder to write to"))?;
    let branding = Branding {
        service_name: std::env::var("SERVICE_NAME").ok(),
        policy_uri: Some("https://example.org/privacy".to_owned()),
        tos_uri: Some("https://example.org/terms".to_owned()),
        imprint: Some("Example Society, 1 Example Street".to_owned()),
        accent_hue: std::env::var("ACCENT_HUE").ok().and_then(|hue| hue.parse().ok()),
    };
    let site = Site::new("", "matrix.example.org", branding)?;
    write(Path::new(&folder), &samples::render(&*Views::load()?, &site, &Locale::english())?)
        .map_err(Error::internal)
}

fn write(folder: &Path, samples: &[samples::Sample]) -> std::io::Result<()> {
    let assets = folder.join("assets");
    fs::create_dir_all(&assets)?;
    for (name, html) in samples {
        fs::write(folder.join(format!("{name}.html")), html)?;
    }
    let built = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../frontend/dist/assets");
    for file in fs::read_dir(built)? {
        let file = file?;
        fs::copy(file.path(), assets.join(file.file_name()))?;
    }
    Ok(())
}
