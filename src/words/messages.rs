//! Makes a type of the list of messages: a variant, its place and its arguments for each.

macro_rules! messages {
    ($($name:ident $({ $($argument:ident: $kind:ty),+ })?,)*) => {
        /// Something to say, in whatever language.
        #[derive(Debug, Clone, PartialEq, Eq)]
        #[allow(missing_docs, reason = "the English catalogue says what each means")]
        pub enum Say {
            /// Words of somebody else, as a database or a system, which are said as they are.
            Verbatim(Cow<'static, str>),
            /// One sentence after the other.
            Sentences(Vec<Say>),
            /// One thing beside the other, with ` · ` between them.
            Beside(Vec<Say>),
            $($name $({ $($argument: $kind),+ })?,)*
        }

        /// The name of each message and of what it is about, as the catalogues have to have them
        /// (`ListTitle` as `list-title`).
        pub const MESSAGES: &[(&str, &[&str])] =
            &[$((stringify!($name), &[$($(stringify!($argument)),+)?])),*];

        /// The places of the messages in [`MESSAGES`].
        #[derive(Clone, Copy)]
        enum Place { $($name),* }

        impl Say {
            /// Its place in [`MESSAGES`]; beyond the end for what is no message.
            pub(super) fn index(&self) -> usize {
                match self {
                    Self::Verbatim(_) | Self::Sentences(_) | Self::Beside(_) => {
                        MESSAGES.len()
                    }
                    $(Self::$name { .. } => Place::$name as usize,)*
                }
            }

            /// What it is about.
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
