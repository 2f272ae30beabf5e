//! Refuses to build without the front end, whose files `src/assets.rs` embeds, and notices when it changed.

use std::path::Path;

fn main() {
    println!("cargo::rerun-if-changed=../../frontend/dist");
    println!("cargo::rerun-if-changed=locales");
    println!("cargo::rerun-if-changed=templates");
    if !Path::new("../../frontend/dist/manifest.json").is_file() {
        println!(
            "cargo::error=frontend/dist is missing: run `make build`, or `npm ci && npm run build` in frontend/"
        );
    }
}
