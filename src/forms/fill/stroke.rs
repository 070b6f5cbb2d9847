//! A signature as a picture: the points that `draw.js` sends, drawn black on white.

const WIDTH: usize = 600;
const HEIGHT: usize = 200;
// Bytes of a row: eight dots in each, and before them the filter that is none.
const ROW: usize = WIDTH / 8 + 1;
const MOST_POINTS: usize = 20_000;

/// The picture of these strokes, `x,y x,y;x,y …`; nothing if they can't be read or draw nothing.
pub(super) fn picture(strokes: &str) -> Option<Vec<u8>> {
    // White everywhere: one bit a dot.
    let mut rows = vec![0xFF_u8; ROW * HEIGHT];
    rows.iter_mut().step_by(ROW).for_each(|filter| *filter = 0);
    let mut count = 0;
    for stroke in strokes.split(';').filter(|stroke| !stroke.trim().is_empty()) {
        let points = stroke.split_whitespace().map(point).collect::<Option<Vec<_>>>()?;
        count += points.len();
        if count > MOST_POINTS {
            return None;
        }
        let mut from = *points.first()?;
        for to in points {
            line(&mut rows, from, to);
            from = to;
        }
    }
    (count > 0).then(|| png(&rows))
}

fn point(text: &str) -> Option<(i32, i32)> {
    let (x, y) = text.split_once(',')?;
    let (x, y) = (x.parse::<i32>().ok()?, y.parse::<i32>().ok()?);
    ((0..=WIDTH as i32).contains(&x) && (0..=HEIGHT as i32).contains(&y)).then_some((x, y))
}

// Every dot between two points, as thick as a pen.
fn line(rows: &mut [u8], (x0, y0): (i32, i32), (x1, y1): (i32, i32)) {
    let steps = (x1 - x0).abs().max((y1 - y0).abs()).max(1);
    for step in 0..=steps {
        let (x, y) = (x0 + (x1 - x0) * step / steps, y0 + (y1 - y0) * step / steps);
        for (dx, dy) in [(0, 0), (1, 0), (0, 1), (1, 1), (-1, 0), (0, -1)] {
            let (x, y) = (x + dx, y + dy);
            if (0..WIDTH as i32).contains(&x) && (0..HEIGHT as i32).contains(&y) {
                let (x, y) = (x as usize, y as usize);
                rows[y * ROW + 1 + x / 8] &= !(0x80 >> (x % 8));
            }
        }
    }
}

fn png(rows: &[u8]) -> Vec<u8> {
    let mut head = Vec::new();
    head.extend((WIDTH as u32).to_be_bytes());
    head.extend((HEIGHT as u32).to_be_bytes());
    // One bit a dot, grey; nothing interlaced.
    head.extend([1, 0, 0, 0, 0]);
    let mut bytes = b"\x89PNG\r\n\x1a\n".to_vec();
    for (kind, data) in [(b"IHDR", head), (b"IDAT", stored(rows)), (b"IEND", Vec::new())] {
        let body = [kind.as_slice(), &data].concat();
        bytes.extend((data.len() as u32).to_be_bytes());
        bytes.extend(&body);
        bytes.extend(crc(&body).to_be_bytes());
    }
    bytes
}

// A zlib stream that compresses nothing: fifteen thousand bytes are not worth a library.
fn stored(data: &[u8]) -> Vec<u8> {
    let mut out = vec![0x78, 0x01];
    let blocks = data.chunks(0xFFFF);
    let last = blocks.len().saturating_sub(1);
    for (at, block) in blocks.enumerate() {
        let length = block.len() as u16;
        out.push(u8::from(at == last));
        out.extend(length.to_le_bytes());
        out.extend((!length).to_le_bytes());
        out.extend(block);
    }
    let (low, high) = data.iter().fold((1_u32, 0_u32), |(low, high), byte| {
        let low = (low + u32::from(*byte)) % 65_521;
        (low, (high + low) % 65_521)
    });
    out.extend((high << 16 | low).to_be_bytes());
    out
}

fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { crc >> 1 ^ 0xEDB8_8320 } else { crc >> 1 })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strokes_become_a_picture_that_is_taken() {
        let bytes = picture("10,10 300,100;20,20").expect("it is drawn");
        assert_eq!(crate::documents::picture(bytes.clone()).expect("it is a picture"), ("image/png", bytes.clone()));
        assert_eq!(crate::documents::dots("image/png", &bytes), Some(120_000));
        // As another writer has it.
        assert_eq!((crc(b"IEND"), &stored(b"abc")[7..]), (0xAE42_6082, &b"abc\x02\x4d\x01\x27"[..]));
    }

    #[test]
    fn what_is_no_drawing_is_none() {
        for strokes in ["", ";", "1,2 x", "9999,1", "-1,2", "1 2"] {
            assert_eq!(picture(strokes), None, "{strokes}");
        }
    }
}
