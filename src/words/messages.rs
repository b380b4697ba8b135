//! Generates an enum from the list of messages: for each a variant, its index and its arguments.

macro_rules! messages {
    ($($name:ident $({ $($argument:ident: $kind:ty),+ })?,)*) => {
        /// A message, independent of the language.
        #[derive(Debug, Clone, PartialEq, Eq)]
        #[allow(missing_docs, reason = "the English catalogue says what each means")]
        pub enum Say {
            /// Text from elsewhere, such as a database or the system, which is shown unchanged.
            Verbatim(Cow<'static, str>),
            /// Several sentences, one after the other.
            Sentences(Vec<Say>),
            /// Several things side by side, with ` · ` between them.
            Beside(Vec<Say>),
            $($name $({ $($argument: $kind),+ })?,)*
        }

        /// The name of each message and of its arguments, as the catalogues must have them
        /// (`ListTitle` as `list-title`).
        pub const MESSAGES: &[(&str, &[&str])] =
            &[$((stringify!($name), &[$($(stringify!($argument)),+)?])),*];

        /// The indexes of the messages in [`MESSAGES`].
        #[derive(Clone, Copy)]
        enum Place { $($name),* }

        impl Say {
            /// Its index in [`MESSAGES`]; past the end if it is not a single message.
            pub(super) fn index(&self) -> usize {
                match self {
                    Self::Verbatim(_) | Self::Sentences(_) | Self::Beside(_) => {
                        MESSAGES.len()
                    }
                    $(Self::$name { .. } => Place::$name as usize,)*
                }
            }

            /// Its arguments.
            pub(super) fn arguments<'a>(&'a self, words: &'a Words) -> FluentArgs<'a> {
                let mut arguments = FluentArgs::new();
                match self {
                    $($(Self::$name { $($argument),+ } => {
                        $(arguments.set(stringify!($argument), $argument.value(words));)+
                    })?)*
                    _ => {}
                }
                arguments
            }
        }
    };
}

pub(super) use messages;
