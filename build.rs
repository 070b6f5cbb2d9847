//! Lists every file of `assets/dist` in a table that `web::assets` compiles in.
//!
//! A missing folder is not an error: the program then has no styles, and a warning says how to build them.
use std::{env, fmt::Write as _, fs, io, path::Path};

const DIST: &str = "assets/dist";

#[expect(clippy::disallowed_methods, reason = "a build script is told its folders by the environment")]
fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed={DIST}");
    let root = env::var("CARGO_MANIFEST_DIR").map_err(io::Error::other)?;
    let out = env::var("OUT_DIR").map_err(io::Error::other)?;
    let mut names = files(&Path::new(&root).join(DIST))?;
    names.sort();
    if names.is_empty() {
        println!("cargo::warning={DIST} is empty: pages will have no styles until `npm ci && npm run build` ran in assets/");
    }
    fs::write(Path::new(&out).join("assets.rs"), table(&root, &names))
}

fn files(dist: &Path) -> io::Result<Vec<String>> {
    if !dist.is_dir() {
        return Ok(Vec::new());
    }
    fs::read_dir(dist)?.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned())).collect()
}

fn table(root: &str, names: &[String]) -> String {
    let mut rust = String::from("&[\n");
    for name in names.iter().filter(|name| !packed(name)) {
        let Some(logical) = logical(name) else {
            continue;
        };
        let bytes = |suffix: &str| {
            let file = format!("{name}{suffix}");
            names.contains(&file).then(|| format!("include_bytes!({:?})", format!("{root}/{DIST}/{file}")))
        };
        let option = |code: Option<String>| code.map_or("None".to_owned(), |code| format!("Some({code})"));
        // Writing to a String cannot fail.
        let _ = writeln!(
            rust,
            "File {{ name: {logical:?}, url: \"/assets/{name}\", plain: {}, brotli: {}, gzip: {} }},",
            bytes("").unwrap_or_default(),
            option(bytes(".br")),
            option(bytes(".gz")),
        );
    }
    rust.push_str("]\n");
    rust
}

fn packed(name: &str) -> bool {
    name.ends_with(".br") || name.ends_with(".gz")
}

/// `app.rtl.0123456789.css` is asked for as `app.rtl.css`.
fn logical(name: &str) -> Option<String> {
    let (rest, extension) = name.rsplit_once('.')?;
    let (stem, _hash) = rest.rsplit_once('.')?;
    Some(format!("{stem}.{extension}"))
}
