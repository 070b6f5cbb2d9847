//! Programme packs: what differs by country or agency, as declarative files: read, check, load.
