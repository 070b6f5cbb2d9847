//! The settings that ODK Collect reads from a square: JSON, packed as zlib does, as Base64.
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

/// What the square says: where the server is, and how the app is to behave there. The phone fetches what is on its list and nothing else, sends by
/// itself, and keeps nothing of what it has sent.
pub(super) fn packed(server: &str, project: &str) -> String {
    let settings = json!({
        "general": { "server_url": server, "form_update_mode": "match_exactly", "autosend": "wifi_and_cellular", "delete_send": true },
        "admin": {},
        "project": { "name": project },
    });
    STANDARD.encode(stored(settings.to_string().as_bytes()))
}

// A zlib stream (RFC 1950) of blocks that are stored as they are (RFC 1951): a few hundred bytes hardly shrink, and need no library so.
fn stored(bytes: &[u8]) -> Vec<u8> {
    let mut out = vec![0x78, 0x01];
    let blocks = bytes.len().div_ceil(usize::from(u16::MAX)).max(1);
    let mut rest = bytes;
    for nth in 1..=blocks {
        let (block, after) = rest.split_at(rest.len().min(usize::from(u16::MAX)));
        let length = u16::try_from(block.len()).unwrap_or(u16::MAX);
        out.push(u8::from(nth == blocks));
        out.extend(length.to_le_bytes());
        out.extend((!length).to_le_bytes());
        out.extend(block);
        rest = after;
    }
    out.extend(adler32(bytes).to_be_bytes());
    out
}

fn adler32(bytes: &[u8]) -> u32 {
    const MODULUS: u32 = 65_521;
    let (low, high) = bytes.iter().fold((1, 0), |(low, high), byte| {
        let low = (low + u32::from(*byte)) % MODULUS;
        (low, (high + low) % MODULUS)
    });
    high << 16 | low
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sum_is_that_of_the_standard() {
        assert_eq!(adler32(b"Wikipedia"), 0x11E6_0398);
    }

    #[test]
    fn the_square_holds_the_settings_as_they_are() {
        let packed = STANDARD.decode(packed("https://care.example/openrosa/key/abc", "Harbour")).unwrap();
        assert_eq!(&packed[..3], [0x78, 0x01, 0x01]);
        let length = usize::from(u16::from_le_bytes([packed[3], packed[4]]));
        assert_eq!(packed.len(), length + 11);
        let settings: serde_json::Value = serde_json::from_slice(&packed[7..7 + length]).unwrap();
        assert_eq!(settings["general"]["server_url"], "https://care.example/openrosa/key/abc");
        assert_eq!(settings["admin"], json!({}));
    }
}
