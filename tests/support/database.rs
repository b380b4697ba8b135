//! Private database servers, ones that nobody should trust, and the proxy that breaks links to them.
#![allow(dead_code, unused_imports)] // each test binary uses its own part of this

pub mod port;
pub mod proxy;
pub mod rogue;
pub mod servers;
