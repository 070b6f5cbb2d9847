//! A record of work with a person or household, from intake to closure.
