//! Whose browser it is: the port of a loopback address is open to every user of the machine, so the owner of the other end is
//! asked of the kernel. Only an open connection has one; a socket that was closed already counts as nobody's (Linux, `proc(5)`).

use super::{Desk, answer};
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use actix_web::{Error, web};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// `st` of an open connection.
const ESTABLISHED: &str = "01";

/// Lets through what comes from a user the agent serves. Style sheet and mark are nobody's secret, and the refusal needs them.
pub(super) async fn served<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let ends = request.peer_addr().map(|theirs| (theirs, request.app_config().local_addr()));
    let Some(desk) = request.app_data::<web::Data<Desk>>().cloned() else {
        return Ok(request.into_response(actix_web::HttpResponse::InternalServerError().finish()));
    };
    let user = match ends {
        Some((theirs, ours)) => web::block(move || owner(theirs, ours)).await.unwrap_or(None),
        None => None,
    };
    if request.path().starts_with("/static/") || user.is_some_and(|user| desk.users.contains(&user)) {
        return next.call(request).await.map(ServiceResponse::map_into_boxed_body);
    }
    let page = answer::other_user(&desk, request.request());
    Ok(request.into_response(page))
}

/// The effective user of this process.
pub(super) fn own_user() -> Option<u32> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let ids = status.lines().find_map(|line| line.strip_prefix("Uid:"))?;
    ids.split_whitespace().nth(1)?.parse().ok()
}

/// The user at the other end of a connection to us. A socket of the newer family may stand for an address of the older one.
fn owner(theirs: SocketAddr, ours: SocketAddr) -> Option<u32> {
    let table = |name: &str| std::fs::read_to_string(format!("/proc/self/net/{name}")).ok();
    ["tcp", "tcp6"].into_iter().find_map(|name| owner_in(&table(name)?, theirs, ours))
}

/// The rows are: number, local, remote, state, queues, timer, retransmits, uid. Theirs is local to them.
fn owner_in(table: &str, theirs: SocketAddr, ours: SocketAddr) -> Option<u32> {
    table.lines().skip(1).find_map(|row| {
        let mut fields = row.split_whitespace().skip(1);
        let (local, remote, state) = (fields.next()?, fields.next()?, fields.next()?);
        let same = |field, wanted: SocketAddr| address(field) == Some((wanted.ip().to_canonical(), wanted.port()));
        let found = state == ESTABLISHED && same(local, theirs) && same(remote, ours);
        found.then(|| fields.nth(3)?.parse().ok())?
    })
}

/// `0100007F:1F90`: words of four bytes in the order of the machine.
fn address(field: &str) -> Option<(IpAddr, u16)> {
    let (ip, port) = field.split_once(':')?;
    let word = |n: usize| Some(u32::from_str_radix(ip.get(n * 8..n * 8 + 8)?, 16).ok()?.to_ne_bytes());
    let ip = match ip.len() {
        8 => IpAddr::V4(Ipv4Addr::from(word(0)?)),
        32 => {
            let bytes: Vec<u8> = [word(0)?, word(1)?, word(2)?, word(3)?].concat();
            IpAddr::V6(Ipv6Addr::from(<[u8; 16]>::try_from(bytes).ok()?))
        }
        _ => return None,
    };
    Some((ip.to_canonical(), u16::from_str_radix(port, 16).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str =
        "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n";

    #[test]
    fn cap_05_the_owner_of_an_open_connection_is_read_from_the_kernels_table() {
        if cfg!(target_endian = "big") {
            return;
        }
        let rest = "00000000:00000000 00:00000000 00000000";
        let table = format!(
            "{HEAD}   0: 0100007F:4844 00000000:0000 0A {rest}     0        0 1 1 0\n   \
             1: 0100007F:4844 0100007F:C350 01 {rest}     0        0 2 1 0\n   \
             2: 0100007F:C350 0100007F:4844 01 {rest}  1000        0 3 1 0\n   \
             3: 0100007F:C351 0100007F:4844 05 {rest}     0        0 0 1 0\n   \
             4: 0100007F:C352 0100007F:4845 01 {rest}  1001        0 4 1 0\n"
        );
        let at = |text: &str| text.parse::<SocketAddr>().unwrap();
        let owner = |theirs: &str| owner_in(&table, at(theirs), at("127.0.0.1:18500"));
        assert_eq!(owner("127.0.0.1:50000"), Some(1000));
        assert_eq!(owner("127.0.0.1:50001"), None, "closed already: the kernel would say root");
        assert_eq!(owner("127.0.0.1:50002"), None, "a connection to somebody else");
        assert_eq!(owner("127.0.0.1:50003"), None);
        let mapped = "0000000000000000FFFF00000100007F";
        let table = format!("{HEAD}   0: {mapped}:C350 {mapped}:4844 01 {rest}  1002        0 5 1 0\n");
        assert_eq!(owner_in(&table, at("127.0.0.1:50000"), at("127.0.0.1:18500")), Some(1002));
        let six = "00000000000000000000000001000000";
        let table = format!("{HEAD}   0: {six}:C350 {six}:4844 01 {rest}  1003        0 6 1 0\n");
        assert_eq!(owner_in(&table, at("[::1]:50000"), at("[::1]:18500")), Some(1003));
        assert_eq!(owner_in("", at("[::1]:50000"), at("[::1]:18500")), None);
        assert!(own_user().is_some());
    }
}
