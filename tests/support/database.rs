//! Private database servers and the proxy that breaks the link to them.
#![allow(dead_code, unused_imports)] // each test binary uses its own part of this

pub mod port;
pub mod proxy;
pub mod servers;
