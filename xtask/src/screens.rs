//! What the screens need to be drawn without a display: fonts as a phone has them. And `cargo xtask
//! pictures`, which keeps what was drawn of the trip.

use std::{fs, path::Path, process::Command};

use crate::{
    kotlin,
    packages::{answers, see_to},
    run::{self, target},
};

/// Fonts, and what draws: it links to a display's libraries and opens none.
const PACKAGES: [&str; 5] =
    ["fonts-roboto-unhinted", "fonts-dejavu-core", "libfontconfig1", "libgl1", "libx11-6"];

/// Where Debian has a phone's font, and one that has the letters which that lacks.
const FONTS: [&str; 2] =
    ["/usr/share/fonts/truetype/roboto/unhinted", "/usr/share/fonts/truetype/dejavu"];

const LIBRARIES: [&str; 3] = ["libfontconfig.so.1", "libGL.so.1", "libX11.so.6"];

/// Where the pictures lie that the README shows.
const KEPT: &str = "docs/pictures";

/// Sees to the fonts, and says by a file which of them screens are drawn in.
pub(crate) fn fonts() -> Result<(), String> {
    see_to("a phone's font, or what draws,", &PACKAGES, || {
        FONTS.iter().all(|folder| Path::new(folder).is_dir())
            && LIBRARIES.iter().all(|library| is_linked(library))
    })?;
    let folder = target().join("android/ui");
    let failed = |error: std::io::Error| format!("{}: {error}", folder.display());
    fs::create_dir_all(&folder).map_err(failed)?;
    let [phone, rest] = FONTS;
    // What the second font is called would come before a phone's, so it is called otherwise here.
    let text = format!(
        r#"<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>{phone}</dir>
  <dir>{rest}</dir>
  <cachedir>{cache}</cachedir>
  <match target="scan">
    <test name="family"><string>DejaVu Sans</string></test>
    <edit name="family" mode="assign"><string>Fallback</string></edit>
  </match>
  <alias binding="strong">
    <family>sans-serif</family>
    <prefer><family>Roboto</family></prefer>
  </alias>
</fontconfig>
"#,
        cache = folder.join("fonts").display(),
    );
    fs::write(folder.join("fonts.conf"), text).map_err(failed)
}

/// Whether the loader knows a library.
fn is_linked(library: &str) -> bool {
    let mut looks = Command::new("sh");
    looks.args(["-c", "PATH=$PATH:/sbin:/usr/sbin ldconfig -p | grep -q \"$0\"", library]);
    answers(&mut looks)
}

/// Draws the trip and keeps its pictures.
pub(crate) fn pictures() -> Result<(), String> {
    kotlin::test(&[
        "--projects",
        "ui",
        "--also-make",
        "-Dtest=TripPicturesTest",
        "-Dtandem.all=false",
        "-Dsurefire.failIfNoSpecifiedTests=false",
    ])?;
    let (drawn, kept) = (target().join("android/ui/pictures"), run::root().join(KEPT));
    let failed = |error: std::io::Error| format!("{}: {error}", kept.display());
    if kept.exists() {
        fs::remove_dir_all(&kept).map_err(failed)?;
    }
    fs::create_dir_all(&kept).map_err(failed)?;
    let mut all = 0;
    for file in fs::read_dir(&drawn).map_err(|error| format!("{}: {error}", drawn.display()))? {
        let file = file.map_err(failed)?;
        fs::copy(file.path(), kept.join(file.file_name())).map_err(failed)?;
        all += 1;
    }
    if all == 0 {
        return Err("nothing was drawn".to_owned());
    }
    println!("{all} pictures in {KEPT}");
    Ok(())
}
