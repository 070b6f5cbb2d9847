//! Which settings are taken, and which are refused with what words.

use super::{Clamd, Config, Database};

fn read(settings: &[(&str, &str)]) -> Result<Config, String> {
    let found = |name: &str| settings.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
    Config::read(&|name| found(name).or_else(|| (name == "HOME").then(|| "/home/amina".into())))
        .map_err(|mistake| mistake.to_string())
}

#[test]
fn without_settings_this_machine_alone_is_served_from_a_private_database() {
    let config = read(&[("DATABASE_URL", "")]).unwrap();
    assert_eq!(config.web.base_url, "http://127.0.0.1:8080");
    assert!(matches!(config.storage.database, Database::Private));
    assert!(!config.web.is_https());
}

#[test]
fn a_listener_that_others_reach_needs_tls() {
    let refusal = read(&[("THROUGHCARE_LISTEN", "0.0.0.0:8080")]).unwrap_err();
    assert!(refusal.starts_with("THROUGHCARE_LISTEN: other machines could reach"), "{refusal}");
    assert!(read(&[("THROUGHCARE_LISTEN", "[::]:80"), ("THROUGHCARE_BASE_URL", "http://localhost")]).is_err());
    let behind = read(&[("THROUGHCARE_LISTEN", "0.0.0.0:80"), ("THROUGHCARE_BASE_URL", "https://care.example.org/")]).unwrap();
    assert_eq!(behind.web.base_url, "https://care.example.org");
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
    let own = [("THROUGHCARE_LISTEN", "192.0.2.1:443"), ("THROUGHCARE_TLS_CERT", file), ("THROUGHCARE_TLS_KEY", file)];
    assert!(read(&own).unwrap().web.is_https());
}

#[test]
fn a_virus_scanner_is_a_socket_or_an_address() {
    let clamd = |text: &str| read(&[("THROUGHCARE_CLAMD", text)]).unwrap().clamd;
    assert_eq!(clamd("/run/clamav/clamd.ctl"), Some(Clamd::Unix("/run/clamav/clamd.ctl".into())));
    assert_eq!(clamd("127.0.0.1:3310"), Some(Clamd::Tcp("127.0.0.1:3310".to_owned())));
    assert_eq!(clamd(""), None);
}

#[test]
fn mistakes_name_the_variable() {
    for (name, value) in [
        ("THROUGHCARE_LISTEN", "nowhere"),
        ("THROUGHCARE_BASE_URL", "http://care.example.org"),
        ("THROUGHCARE_BASE_URL", "https://care.example.org/sub"),
        ("DATABASE_URL", "mysql://x"),
        ("THROUGHCARE_SMTP_URL", "mail.example.org"),
        ("THROUGHCARE_SMS_URL", "http://sms.example.org/send"),
        ("THROUGHCARE_TLS_CERT", "/absent"),
        ("THROUGHCARE_METRICS_TOKEN", "guessed"),
        ("THROUGHCARE_CLAMD", "clamd"),
    ] {
        let refusal = read(&[(name, value)]).unwrap_err();
        assert!(refusal.starts_with(&format!("{name}: ")) || refusal.starts_with("THROUGHCARE_TLS_KEY: "), "{refusal}");
    }
}
