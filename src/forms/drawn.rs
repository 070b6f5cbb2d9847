//! Whether a picture looks drawn: a little ink on a plain ground, as a signature is and no photograph (S18).
use std::collections::HashMap;
use std::io::Cursor;

use image::{ImageFormat, ImageReader, Rgb, RgbImage};

use crate::documents;

// More than the screen of a large tablet has, on which somebody draws.
const MOST_DOTS: u64 = 8_000_000;
// So many dots of a hundred are the ground.
const LEAST_GROUND: usize = 90;
// A JPEG blurs every colour a little.
const NEAR: u8 = 24;

/// Whether this JPEG looks drawn; one that can't be read, or is too large to be, does not.
pub async fn looks_drawn(jpeg: &[u8]) -> bool {
    let jpeg = jpeg.to_vec();
    tokio::task::spawn_blocking(move || is_ink_on_ground(&jpeg)).await.unwrap_or(false)
}

fn is_ink_on_ground(jpeg: &[u8]) -> bool {
    if !documents::dots("image/jpeg", jpeg).is_some_and(|dots| (1..=MOST_DOTS).contains(&dots)) {
        return false;
    }
    let picture = ImageReader::with_format(Cursor::new(jpeg), ImageFormat::Jpeg).decode();
    picture.is_ok_and(|picture| is_plain(&picture.into_rgb8()))
}

// Almost all of it is near its most frequent colour.
fn is_plain(picture: &RgbImage) -> bool {
    let (mut often, mut all) = (HashMap::<[u8; 3], usize>::new(), 0);
    for dot in picture.pixels() {
        *often.entry(dot.0.map(|part| part & 0xF0)).or_default() += 1;
        all += 1;
    }
    let Some((ground, _)) = often.into_iter().max_by_key(|(_, count)| *count) else { return false };
    let is_near = |dot: &&Rgb<u8>| dot.0.iter().zip(ground).all(|(part, ground)| part.abs_diff(ground | 8) <= NEAR);
    picture.pixels().filter(is_near).count() * 100 >= all * LEAST_GROUND
}

#[cfg(test)]
mod tests {
    use super::*;

    fn jpeg(colour: impl Fn(u32, u32) -> [u8; 3]) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        let picture = RgbImage::from_fn(160, 120, |x, y| Rgb(colour(x, y)));
        picture.write_to(&mut bytes, ImageFormat::Jpeg).expect("it is written");
        bytes.into_inner()
    }

    #[test]
    fn s18_ink_on_a_plain_ground_looks_drawn_and_a_photograph_does_not() {
        let signed = jpeg(|x, y| if x.abs_diff(y) < 3 { [0, 0, 0] } else { [255, 255, 255] });
        assert!(is_ink_on_ground(&signed));
        let face = jpeg(|x, y| [200_u32, 150, 120].map(|part| u8::try_from(part.saturating_sub(x + y / 2)).unwrap_or(0)));
        assert!(!is_ink_on_ground(&face));
        assert!(!is_ink_on_ground(&signed[..signed.len() / 8]), "what can't be read is none");
        assert!(!is_ink_on_ground(b"\xFF\xD8\xFF"));
    }
}
