//! Style sheets, scripts, icons and fonts, compiled into the program.
//!
//! `assets/build.mjs` writes them with a hash of their content in the name, so that browsers may keep them
//! for ever; it also packs them, so that nothing is compressed at run time. They are public: no gate, no secrets.
use axum::{
    http::{HeaderMap, HeaderValue, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};

struct File {
    name: &'static str,
    url: &'static str,
    plain: &'static [u8],
    brotli: Option<&'static [u8]>,
    gzip: Option<&'static [u8]>,
}

static FILES: &[File] = include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// The address of a file asked for by its plain name, as in `url("app.css")`.
///
/// An unknown name gets an address that answers 404, so that a page without styles still renders.
pub fn url(name: &str) -> &'static str {
    FILES.iter().find(|file| file.name == name).map_or("/assets/missing", |file| file.url)
}

/// The addresses of the small drawings that the style sheets use.
pub fn drawings() -> impl Iterator<Item = &'static str> {
    FILES.iter().filter(|file| file.name.starts_with("drawing-")).map(|file| file.url)
}

/// `GET /assets/{file}`: the file, packed as the browser likes it, to be kept for a year.
pub async fn serve(uri: Uri, headers: HeaderMap) -> Response {
    let Some(file) = FILES.iter().find(|file| file.url == uri.path()) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let (body, encoding) = file.packed_for(&headers);
    let mut response = body.into_response();
    let set = response.headers_mut();
    set.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type(file.name)));
    set.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
    set.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    set.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let Some(encoding) = encoding {
        set.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    response
}

impl File {
    fn packed_for(&self, headers: &HeaderMap) -> (&'static [u8], Option<&'static str>) {
        let accepts = |coding| accepts(headers, coding);
        match (self.brotli, self.gzip) {
            (Some(bytes), _) if accepts("br") => (bytes, Some("br")),
            (_, Some(bytes)) if accepts("gzip") => (bytes, Some("gzip")),
            _ => (self.plain, None),
        }
    }
}

fn accepts(headers: &HeaderMap, coding: &str) -> bool {
    headers
        .get_all(header::ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|offer| {
            let (name, quality) = offer.split_once(';').unwrap_or((offer, ""));
            let quality = quality.trim().strip_prefix("q=").and_then(|q| q.parse::<f32>().ok());
            name.trim().eq_ignore_ascii_case(coding) && quality != Some(0.0)
        })
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("woff2") => "font/woff2",
        Some("wasm") => "application/wasm",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::{accepts, media_type, serve, url};
    use axum::http::{HeaderMap, StatusCode, Uri, header};

    fn offering(codings: &str) -> HeaderMap {
        HeaderMap::from_iter([(header::ACCEPT_ENCODING, codings.parse().unwrap())])
    }

    #[test]
    fn a_coding_is_taken_only_when_offered_and_not_refused() {
        assert!(accepts(&offering("gzip, deflate, br;q=0.9"), "br"));
        assert!(!accepts(&offering("gzip, br;q=0"), "br"));
        assert!(!accepts(&offering("brotli-like"), "br"));
        assert!(!accepts(&HeaderMap::new(), "gzip"));
    }

    #[test]
    fn each_kind_of_file_names_its_type() {
        assert_eq!(media_type("app.rtl.css"), "text/css; charset=utf-8");
        assert_eq!(media_type("icons.svg"), "image/svg+xml");
        assert_eq!(media_type("forms.wasm"), "application/wasm");
    }

    #[tokio::test]
    async fn what_is_not_there_is_not_found() {
        assert_eq!(url("no-such.css"), "/assets/missing");
        let answer = serve(Uri::from_static("/assets/missing"), HeaderMap::new()).await;
        assert_eq!(answer.status(), StatusCode::NOT_FOUND);
    }
}
