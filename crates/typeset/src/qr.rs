//! QR codes as a drawing that stays sharp at any size.
use std::fmt::Write as _;

use qrcode::{Color, EcLevel, QrCode};

use crate::Error;

/// Empty modules around the code, as its standard asks.
const QUIET: usize = 4;

/// An SVG of this text's QR code. Fifteen in a hundred modules may be lost to dirt, folds and bad printers.
pub(crate) fn svg(text: &str) -> Result<String, Error> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).map_err(|_| Error::Qr)?;
    let width = code.width();
    let size = width + 2 * QUIET;
    let mut path = String::new();
    for (row, modules) in code.to_colors().chunks(width).enumerate() {
        let mut column = 0;
        while column < width {
            let run = modules[column..].iter().take_while(|module| **module == Color::Dark).count();
            if run > 0 {
                // Writing to a String cannot fail.
                let _ = write!(path, "M{} {}h{run}v1h-{run}z", column + QUIET, row + QUIET);
            }
            column += run.max(1);
        }
    }
    Ok(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {size} {size}\" width=\"{size}\" height=\"{size}\">\
         <rect width=\"{size}\" height=\"{size}\" fill=\"#fff\"/><path d=\"{path}\" fill=\"#000\" shape-rendering=\"crispEdges\"/></svg>"
    ))
}
