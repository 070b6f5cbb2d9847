//! Whether a picture looks drawn: a little ink on a plain ground, as a signature is and no photograph (S18).
use std::collections::HashMap;
use std::io::Cursor;

use image::codecs::png::PngDecoder;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits, Rgb, RgbImage, Rgba, RgbaImage};

use crate::documents;

// More than the screen of a large tablet has, on which somebody draws.
const MOST_DOTS: u64 = 8_000_000;
// Eight bytes a dot, as the deepest colours have.
const MOST_BYTES: u64 = MOST_DOTS * 8;
// So many dots of a hundred are the ground, or as black as ink.
const LEAST_PLAIN: usize = 90;
// A JPEG blurs every colour a little.
const NEAR: u8 = 24;
// Length, name and sum of a chunk, around what it holds.
const CHUNK: usize = 12;
// Safari writes width, height and colours of whatever was drawn on a page into a chunk of EXIF of its own, and no more than this.
const OF_SAFARI: usize = CHUNK + 68;

/// Whether this PNG or JPEG looks drawn; one that can't be read, or is too large to be, does not.
pub async fn looks_drawn(media_type: &'static str, picture: &[u8]) -> bool {
    let picture = picture.to_vec();
    tokio::task::spawn_blocking(move || is_ink_on_ground(media_type, &picture)).await.unwrap_or(false)
}

fn is_ink_on_ground(media_type: &str, picture: &[u8]) -> bool {
    if !documents::dots(media_type, picture).is_some_and(|dots| (1..=MOST_DOTS).contains(&dots)) {
        return false;
    }
    let shown = match media_type {
        "image/png" => png(picture),
        _ => ImageReader::with_format(Cursor::new(picture), ImageFormat::Jpeg).decode().ok(),
    };
    // Its colours, and what is seen of them on paper: a photograph may stand in either alone.
    let is_plain_on_white = |shown: &DynamicImage| !shown.color().has_alpha() || is_plain(&on_white(&shown.to_rgba8()));
    shown.is_some_and(|shown| is_plain_on_white(&shown) && is_plain(&shown.into_rgb8()))
}

fn on_white(picture: &RgbaImage) -> RgbImage {
    RgbImage::from_fn(picture.width(), picture.height(), |x, y| {
        let Rgba([red, green, blue, alpha]) = *picture.get_pixel(x, y);
        let over = |part: u8| {
            let mixed = u32::from(part) * u32::from(alpha) + 255 * (255 - u32::from(alpha));
            u8::try_from(mixed / 255).unwrap_or(u8::MAX)
        };
        Rgb([over(red), over(green), over(blue)])
    })
}

// What a PNG shows; nothing where it tells anything beside it, as a camera or a program for pictures writes, or shows one picture after another.
fn png(bytes: &[u8]) -> Option<DynamicImage> {
    let bare = documents::clean(bytes.to_vec())?;
    let mut limits = Limits::default();
    limits.max_alloc = Some(MOST_BYTES);
    let mut decoder = PngDecoder::with_limits(Cursor::new(bytes), limits).ok()?;
    let exif = decoder.exif_metadata().ok()?.map_or(0, |exif| exif.len() + CHUNK);
    let told = bytes.len().saturating_sub(bare.len());
    let tells = told != exif || told > OF_SAFARI || decoder.is_apng().ok()?;
    if tells { None } else { DynamicImage::from_decoder(decoder).ok() }
}

// Almost all of it is near its most frequent colour, or black.
fn is_plain(picture: &RgbImage) -> bool {
    let (mut often, mut all) = (HashMap::<[u8; 3], usize>::new(), 0);
    for dot in picture.pixels() {
        *often.entry(dot.0.map(|part| part & 0xF0)).or_default() += 1;
        all += 1;
    }
    let Some((ground, _)) = often.into_iter().max_by_key(|(_, count)| *count) else { return false };
    let is_near = |dot: &Rgb<u8>| dot.0.iter().zip(ground).all(|(part, ground)| part.abs_diff(ground | 8) <= NEAR);
    picture.pixels().filter(|dot| dot.0 == [0, 0, 0] || is_near(dot)).count() * 100 >= all * LEAST_PLAIN
}

#[cfg(test)]
mod tests {
    use image::ImageEncoder;
    use image::codecs::png::PngEncoder;

    use super::*;

    fn jpeg(colour: impl Fn(u32, u32) -> [u8; 3]) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        let picture = RgbImage::from_fn(160, 120, |x, y| Rgb(colour(x, y)));
        picture.write_to(&mut bytes, ImageFormat::Jpeg).expect("it is written");
        bytes.into_inner()
    }

    fn png_with(exif: &[u8], colour: impl Fn(u32, u32) -> [u8; 3]) -> Vec<u8> {
        let mut bytes = Vec::new();
        let picture = RgbImage::from_fn(160, 120, |x, y| Rgb(colour(x, y)));
        let mut encoder = PngEncoder::new(&mut bytes);
        if !exif.is_empty() {
            encoder.set_exif_metadata(exif.to_vec()).expect("it may hold some");
        }
        encoder.write_image(picture.as_raw(), 160, 120, image::ExtendedColorType::Rgb8).expect("it is written");
        bytes
    }

    fn clear_png(colour: impl Fn(u32, u32) -> [u8; 4]) -> Vec<u8> {
        let mut bytes = Vec::new();
        let picture = RgbaImage::from_fn(160, 120, |x, y| Rgba(colour(x, y)));
        let encoder = PngEncoder::new(&mut bytes);
        encoder.write_image(picture.as_raw(), 160, 120, image::ExtendedColorType::Rgba8).expect("it is written");
        bytes
    }

    fn ink(x: u32, y: u32) -> [u8; 3] {
        if x.abs_diff(y) < 3 { [0, 0, 0] } else { [255, 255, 255] }
    }

    fn face(x: u32, y: u32) -> [u8; 3] {
        [200_u32, 150, 120].map(|part| u8::try_from(part.saturating_sub(x + y / 2)).unwrap_or(0))
    }

    #[test]
    fn s18_ink_on_a_plain_ground_looks_drawn_and_a_photograph_does_not() {
        let (signed, taken) = (jpeg(ink), jpeg(face));
        assert!(is_ink_on_ground("image/jpeg", &signed) && !is_ink_on_ground("image/jpeg", &taken));
        assert!(!is_ink_on_ground("image/jpeg", &signed[..signed.len() / 8]), "what can't be read is none");
        assert!(!is_ink_on_ground("image/jpeg", b"\xFF\xD8\xFF"));
    }

    #[test]
    fn s18_a_png_looks_drawn_where_it_shows_ink_and_tells_nothing_beside() {
        let is_drawn = |bytes: &[u8]| is_ink_on_ground("image/png", bytes);
        let signed = png_with(&[], ink);
        assert!(is_drawn(&signed));
        assert!(is_drawn(&png_with(&[], |x, _| if x < 60 { [0, 0, 0] } else { [255, 255, 255] })), "much ink is ink");
        assert!(!is_drawn(&png_with(&[], face)), "a photograph as a PNG is one");
        assert!(!is_drawn(&clear_png(|x, y| [0, 0, 0, face(x, y)[0]])), "so is one in the transparency of black");
        assert!(!is_drawn(&clear_png(|x, y| [face(x, y)[0], face(x, y)[1], face(x, y)[2], 0])), "and one that nobody sees");
        assert!(is_drawn(&clear_png(|x, y| [0, 0, 0, 255 - ink(x, y)[0]])), "ink on nothing is ink");
        assert!(is_drawn(&png_with(&[1; 68], ink)), "Safari tells how large it is");
        assert!(!is_drawn(&png_with(&[1; 400], ink)), "a camera tells more");
        // Behind the signature of eight bytes and the head of 25 stands what somebody wrote.
        let text = [b"\0\0\0\x03tEXt".as_slice(), b"GPS", &[0; 4]].concat();
        assert!(!is_drawn(&[&signed[..33], &text, &signed[33..]].concat()));
        assert!(!is_drawn(&[signed.as_slice(), b"and more"].concat()), "nor does anything stand behind it");
        assert!(!is_drawn(&signed[..signed.len() / 2]));
        let mut large = signed.clone();
        large[16..24].copy_from_slice(&[0, 0, 0x40, 0, 0, 0, 0x40, 0]);
        assert!(!is_drawn(&large), "nobody draws on so many dots");
    }
}
