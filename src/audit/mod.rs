//! Append-only facts, sealed into a chain; reading them back and verifying them.
