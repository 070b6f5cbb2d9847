//! Secrets, and addresses that can hold a password.

use std::fmt;

use url::Url;

/// A secret, which is never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct SecretText(String);

impl SecretText {
    /// Wraps a secret.
    pub fn new(text: String) -> Self {
        Self(text)
    }

    /// The secret itself, for whoever compares with it.
    pub fn exposed(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for SecretText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// An address that can hold a password, which is never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct SecretUrl(String);

impl SecretUrl {
    /// Wraps an address that was found to be one.
    pub fn new(text: String) -> Self {
        Self(text)
    }

    /// The address with its password, for whoever connects.
    pub fn exposed(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SecretUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Ok(mut url) = Url::parse(&self.0) else {
            return f.write_str("(unreadable)");
        };
        // Drivers accept the password, and other secrets, among the parameters as well.
        let shown: Vec<(String, String)> = url.query_pairs().map(|(key, value)| (key.to_string(), mask(&key, &value))).collect();
        if !shown.is_empty() {
            url.query_pairs_mut().clear().extend_pairs(shown);
        }
        if url.password().is_some() && url.set_password(Some("***")).is_err() {
            return f.write_str("(hidden)");
        }
        write!(f, "{url}")
    }
}

fn mask(key: &str, value: &str) -> String {
    if ["password", "secret", "token", "key"].iter().any(|word| key.to_lowercase().contains(word)) {
        "***".into()
    } else {
        value.into()
    }
}

impl fmt::Debug for SecretUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

#[cfg(test)]
mod tests {
    use super::SecretUrl;

    #[test]
    fn passwords_are_never_printed() {
        let text = "postgres://app:hunter2@db.example.org/care?password=hunter2&sslmode=require";
        let url = SecretUrl::new(text.to_owned());
        let printed = format!("{url} {url:?}");
        assert!(!printed.contains("hunter2") && printed.contains("sslmode=require"), "{printed}");
        assert_eq!(url.exposed(), text);
    }
}
