//! Reserves loopback TCP ports for a test while nothing listens on them.

use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4};
use std::os::fd::OwnedFd;

use rustix::net::{
    AddressFamily, SocketFlags, SocketType, bind, getsockname, socket_with, sockopt,
};

/// A TCP port on 127.0.0.1 that the kernel gives to nobody else until this is dropped.
///
/// The reservation is a bound socket that never listens: a server with `SO_REUSEADDR` can still
/// listen on the port, clients are refused while it doesn't, and neither another test's port nor
/// an outgoing connection's source port can take the number while the server is down.
#[derive(Debug)]
pub struct Port {
    number: u16,
    _reservation: OwnedFd,
}

impl Port {
    /// Reserves a free port of the kernel's choice.
    ///
    /// # Panics
    ///
    /// Where no socket can be opened or no port is free.
    pub fn reserve() -> Port {
        let reserve = || -> rustix::io::Result<(OwnedFd, SocketAddr)> {
            let socket = socket_with(
                AddressFamily::INET,
                SocketType::STREAM,
                SocketFlags::CLOEXEC,
                None,
            )?;
            sockopt::set_socket_reuseaddr(&socket, true)?;
            bind(&socket, &SocketAddrV4::new(Ipv4Addr::LOCALHOST, 0))?;
            let addr = getsockname(&socket)?.try_into()?;
            Ok((socket, addr))
        };
        let (reservation, addr) = reserve().expect("a free port on 127.0.0.1");
        Port {
            number: addr.port(),
            _reservation: reservation,
        }
    }

    /// The port number.
    pub fn number(&self) -> u16 {
        self.number
    }

    /// 127.0.0.1 with this port.
    pub fn addr(&self) -> SocketAddr {
        (Ipv4Addr::LOCALHOST, self.number).into()
    }
}
