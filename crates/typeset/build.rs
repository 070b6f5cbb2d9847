//! Compiles the four fonts in, so that the program prints the same bytes on every machine and needs no font beside it.
//!
//! They come with the other assets (`scripts/assets.sh`), pinned by their lock file; where those were not built, from the system's
//! package fonts-noto-core. With neither, the crate still builds and says so when it is asked to print.
use std::{env, fs, io, path::Path};

const FONTS: [&str; 4] = ["NotoSans-Regular.ttf", "NotoSans-Bold.ttf", "NotoNaskhArabic-Regular.ttf", "NotoNaskhArabic-Bold.ttf"];
const FOLDERS: [&str; 2] = ["../../assets/fonts", "/usr/share/fonts/truetype/noto"];

#[expect(clippy::disallowed_methods, reason = "a build script is told its folders by the environment")]
fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=build.rs");
    let root = env::var("CARGO_MANIFEST_DIR").map_err(io::Error::other)?;
    let out = env::var("OUT_DIR").map_err(io::Error::other)?;
    // The lock file always exists; a folder that does not would make cargo run this at every build.
    println!("cargo::rerun-if-changed=../../assets/package-lock.json");
    let folders = FOLDERS.map(|folder| Path::new(&root).join(folder));
    for folder in folders.iter().filter(|folder| folder.is_dir()) {
        println!("cargo::rerun-if-changed={}", folder.display());
    }
    let whole = folders.iter().find(|folder| FONTS.iter().all(|font| folder.join(font).is_file()));
    let list = match whole {
        Some(folder) => FONTS.map(|font| format!("include_bytes!({:?}),\n", folder.join(font))).concat(),
        None => {
            println!("cargo::warning=no fonts in assets/fonts: letters can't be printed until scripts/assets.sh ran");
            String::new()
        }
    };
    fs::write(Path::new(&out).join("fonts.rs"), format!("&[\n{list}]\n"))
}
