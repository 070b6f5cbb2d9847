//! Closed lists of words with one stable code each, for storage, wire and translation keys alike.

/// The text is not a code of the list it was read for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownCode;

impl std::fmt::Display for UnknownCode {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("is not a known code")
    }
}

impl std::error::Error for UnknownCode {}

macro_rules! coded {
    ($($(#[$note:meta])* $name:ident { $($(#[$why:meta])* $variant:ident = $code:literal,)+ })+) => {$(
        $(#[$note])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        pub enum $name { $($(#[$why])* #[serde(rename = $code)] $variant,)+ }

        impl $name {
            /// Every word of the list.
            pub const ALL: &'static [$name] = &[$($name::$variant,)+];

            /// The word as it is stored and sent.
            pub const fn code(self) -> &'static str {
                match self { $($name::$variant => $code,)+ }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { out.write_str(self.code()) }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::referrals::rules::codes::UnknownCode;
            fn from_str(text: &str) -> Result<$name, Self::Err> {
                $name::ALL.iter().copied().find(|word| word.code() == text).ok_or($crate::referrals::rules::codes::UnknownCode)
            }
        }
    )+};
}
pub(crate) use coded;
