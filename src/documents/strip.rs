//! Cuts out of a picture what it does not show: EXIF with its place and time, comments, previews (S18); and of a recording all but what is heard.
//!
//! Only whole segments and chunks are left out; the picture itself is not touched, so nothing is lost by it. A picture that cannot be read
//! to its end is refused rather than kept with what might be in it.

/// The same picture or recording without metadata; `None` when it cannot be read.
pub(super) fn clean(media_type: &str, bytes: Vec<u8>) -> Option<Vec<u8>> {
    match media_type {
        "image/jpeg" => jpeg(&bytes),
        "image/png" => png(&bytes),
        "audio/wav" => wav(&bytes),
        _ => Some(bytes),
    }
}

// Kept: JFIF (E0) without its preview, a colour profile (E2), Adobe's colour transform (EE), and everything that is no application segment or
// comment. The picture ends at its own end: a second one behind it, with a place of its own, is left out.
fn jpeg(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut kept = bytes.get(..2)?.to_vec();
    let mut at = 2;
    loop {
        if *bytes.get(at)? != 0xFF {
            return None;
        }
        let marker = *bytes.get(at + 1)?;
        match marker {
            // A marker may be filled up before.
            0xFF => {
                at += 1;
                continue;
            }
            0xD9 => {
                kept.extend([0xFF, 0xD9]);
                return Some(kept);
            }
            _ => {}
        }
        let length = usize::from(u16::from_be_bytes([*bytes.get(at + 2)?, *bytes.get(at + 3)?]));
        let segment = bytes.get(at..at + 2 + length)?;
        let says = |name: &[u8]| segment.get(4..).is_some_and(|said| said.starts_with(name));
        let tells = match marker {
            0xE0 => says(b"JFXX"),
            0xE2 => !says(b"ICC_PROFILE"),
            0xE1 | 0xE3..=0xED | 0xEF | 0xFE => true,
            _ => false,
        };
        if !tells {
            kept.extend(segment);
        }
        at += 2 + length;
        if marker == 0xDA {
            let end = at + scan_ends(bytes.get(at..)?)?;
            kept.extend(bytes.get(at..end)?);
            at = end;
        }
    }
}

// Where the compressed picture ends: at the first marker that is neither an escaped FF nor a restart.
fn scan_ends(bytes: &[u8]) -> Option<usize> {
    bytes.windows(2).position(|pair| pair[0] == 0xFF && !matches!(pair[1], 0x00 | 0xD0..=0xD7 | 0xFF))
}

// What a picture is drawn from; anything else may tell more than it shows.
const DRAWN: [&[u8]; 16] = [
    b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"cHRM", b"gAMA", b"iCCP", b"sBIT", b"sRGB", b"bKGD", b"pHYs", b"hIST", b"acTL",
    b"fcTL", b"fdAT",
];

fn png(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut kept = bytes.get(..8)?.to_vec();
    let mut at = 8;
    loop {
        let length = u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?) as usize;
        let kind = bytes.get(at + 4..at + 8)?;
        let chunk = bytes.get(at..at.checked_add(length)?.checked_add(12)?)?;
        if DRAWN.contains(&kind) {
            kept.extend(chunk);
        }
        if kind == b"IEND" {
            return Some(kept);
        }
        at += length + 12;
    }
}

// The samples and how to play them; what else lies in the file may say where, when and by whom it was recorded.
fn wav(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut kept = bytes.get(..12)?.to_vec();
    let mut at = 12;
    loop {
        let kind = bytes.get(at..at + 4)?;
        let length = u32::from_le_bytes(bytes.get(at + 4..at + 8)?.try_into().ok()?) as usize;
        let chunk = bytes.get(at..at.checked_add(length)?.checked_add(8)?)?;
        if kind == b"fmt " || kind == b"data" {
            kept.extend(chunk);
        }
        if kind == b"data" {
            let behind = u32::try_from(kept.len() - 8).ok()?;
            kept[4..8].copy_from_slice(&behind.to_le_bytes());
            return Some(kept);
        }
        // Chunks begin at even places.
        at += 8 + length + length % 2;
    }
}

/// Width and height that a picture's head names; `None` when it has none.
pub(super) fn size(media_type: &str, bytes: &[u8]) -> Option<(u32, u32)> {
    match media_type {
        "image/png" => Some((number(bytes.get(16..20)?), number(bytes.get(20..24)?))),
        "image/jpeg" => jpeg_size(bytes),
        _ => None,
    }
}

// The first frame header: every start of frame but the tables (C4, CC) and the reserved C8.
fn jpeg_size(bytes: &[u8]) -> Option<(u32, u32)> {
    let mut at = 2;
    loop {
        let marker = *bytes.get(at + 1)?;
        if *bytes.get(at)? != 0xFF || marker == 0xDA {
            return None;
        }
        if matches!(marker, 0xC0..=0xCF) && !matches!(marker, 0xC4 | 0xC8 | 0xCC) {
            return Some((number(bytes.get(at + 7..at + 9)?), number(bytes.get(at + 5..at + 7)?)));
        }
        at += 2 + number(bytes.get(at + 2..at + 4)?) as usize;
    }
}

fn number(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0, |sum, byte| sum << 8 | u32::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_says_its_size_in_its_head() {
        let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
        png.extend([0, 0, 1, 0, 0, 0, 0, 7]);
        assert_eq!(size("image/png", &png), Some((256, 7)));
        let jpeg = [0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 1, 2, 0xFF, 0xC4, 0, 2, 0xFF, 0xC0, 0, 9, 8, 0, 5, 1, 2, 3, 0];
        assert_eq!(size("image/jpeg", &jpeg), Some((258, 5)));
        assert_eq!((size("image/jpeg", &jpeg[..14]), size("image/png", &png[..20])), (None, None));
    }

    #[test]
    fn s18_a_photo_keeps_no_place_and_no_comment() {
        let mut photo = vec![0xFF, 0xD8];
        photo.extend([0xFF, 0xE0, 0, 4, b'J', b'F']);
        photo.extend([0xFF, 0xE1, 0, 5, b'G', b'P', b'S']);
        photo.extend([0xFF, 0xFE, 0, 4, b'h', b'i']);
        photo.extend([0xFF, 0xDA, 0, 2, 1, 2, 3, 0xFF, 0xD9]);
        let kept = clean("image/jpeg", photo).unwrap();
        assert!(!kept.windows(3).any(|three| three == b"GPS") && !kept.windows(2).any(|two| two == b"hi"));
        assert!(kept.windows(2).any(|two| two == b"JF") && kept.ends_with(&[1, 2, 3, 0xFF, 0xD9]));
    }

    #[test]
    fn s18_a_second_picture_behind_the_first_leaves_no_place_either() {
        let mut photo = vec![0xFF, 0xD8, 0xFF, 0xDA, 0, 2, 1, 0xFF, 0, 0xFF, 0xD0, 2, 0xFF, 0xDA, 0, 2, 3, 0xFF, 0xD9];
        let first = photo.clone();
        photo.extend([0xFF, 0xD8, 0xFF, 0xE1, 0, 5, b'G', b'P', b'S', 0xFF, 0xDA, 0, 2, 4, 0xFF, 0xD9]);
        assert_eq!(clean("image/jpeg", photo), Some(first));
    }

    #[test]
    fn s18_of_a_png_only_what_is_drawn_is_kept() {
        let chunk = |kind: &[u8], said: &[u8]| [&(said.len() as u32).to_be_bytes()[..], kind, said, &[0; 4]].concat();
        let whole = |chunks: &[Vec<u8>]| [b"\x89PNG\r\n\x1a\n".to_vec(), chunks.concat()].concat();
        let drawn = whole(&[chunk(b"IHDR", b"x"), chunk(b"IDAT", b"y"), chunk(b"IEND", b"")]);
        let telling = whole(&[
            chunk(b"IHDR", b"x"),
            chunk(b"eXIf", b"GPS"),
            chunk(b"caBX", b"who"),
            chunk(b"IDAT", b"y"),
            chunk(b"IEND", b""),
        ]);
        assert_eq!(clean("image/png", telling), Some(drawn));
    }

    #[test]
    fn s18_of_a_recording_only_what_is_heard_is_kept() {
        let chunk = |kind: &[u8], said: &[u8]| [kind, &(said.len() as u32).to_le_bytes()[..], said].concat();
        let whole = |chunks: &[Vec<u8>]| {
            let inside = chunks.concat();
            [b"RIFF".to_vec(), (inside.len() as u32 + 4).to_le_bytes().to_vec(), b"WAVE".to_vec(), inside].concat()
        };
        let (form, sound) = (chunk(b"fmt ", &[1, 0, 1, 0]), chunk(b"data", b"heard"));
        let telling = whole(&[form.clone(), chunk(b"LIST", b"in Irbid"), sound.clone(), chunk(b"id3 ", b"Dana")]);
        assert_eq!(clean("audio/wav", telling), Some(whole(&[form, sound])));
        assert_eq!(clean("audio/wav", whole(&[chunk(b"data", b"heard")])[..14].to_vec()), None);
    }

    #[test]
    fn a_picture_cut_short_is_refused() {
        assert_eq!(clean("image/jpeg", vec![0xFF, 0xD8, 0xFF, 0xE1, 0xFF]), None);
        assert_eq!(clean("image/png", b"\x89PNG\r\n\x1a\n\0\0\0\x09eXIf".to_vec()), None);
        assert_eq!(clean("application/pdf", vec![1]), Some(vec![1]));
    }
}
