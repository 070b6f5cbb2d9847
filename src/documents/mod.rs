//! Files on a case: sniffed, bounded, sealed.
