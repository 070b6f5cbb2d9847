//! Verbs that span rooms in one Work.
