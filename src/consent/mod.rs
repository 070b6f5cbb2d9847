//! What a person agreed to, for whom, until when; the other bases of disclosure.
