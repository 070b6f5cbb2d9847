//! Who may do what, and what exists for whom: roles, the permission table, grants, bars.
