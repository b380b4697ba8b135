//! Private database servers, malicious ones, and a proxy that breaks their connections.
#![allow(dead_code, unused_imports)] // each test binary uses its own part of this

pub mod port;
pub mod proxy;
pub mod rogue;
pub mod servers;
