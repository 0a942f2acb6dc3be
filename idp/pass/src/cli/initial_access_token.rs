//! `pass client invite`: a token with which a facility's programs register themselves (RFC 7591 1.2).

use super::opened::{ConfigArgs, Opened, block_on};
use super::out::say;
use crate::wiring::{SystemClock, SystemEntropy};
use clap::Args;
use pass_core::domain::audit::{Act, Actor, AuditEvent};
use pass_core::domain::client::{ClientFlags, InitialAccessToken};
use pass_core::id::AuditId;
use pass_core::secret::{Hash, token};
use pass_core::{Clock, Fault};
use std::time::Duration;

/// `pass client invite`
#[derive(Args)]
pub struct InviteArgs {
    #[command(flatten)]
    config: ConfigArgs,
    /// The facility's short name.
    #[arg(long)]
    facility: String,
    /// Hours until the token stops working.
    #[arg(long, default_value_t = 24, value_parser = clap::value_parser!(u16).range(1..=8760))]
    hours: u16,
    /// Its confidential clients may leave PKCE out. Weaker: a code that leaks in the browser is worth more.
    #[arg(long)]
    no_pkce: bool,
    /// Its clients may send signed request objects.
    #[arg(long)]
    request_objects: bool,
    /// Its clients may let PASS fetch request objects from them.
    #[arg(long)]
    request_uris: bool,
    /// Its clients may ask for tokens through the browser, without a code. Nothing that a card proved is given for them.
    #[arg(long)]
    implicit: bool,
    /// Its clients may ask for tokens through the browser beside a code. Likewise.
    #[arg(long)]
    hybrid: bool,
    /// Its clients may have a page loaded in a frame when somebody signs out.
    #[arg(long)]
    frontchannel_logout: bool,
    /// Its clients may watch the session in a frame.
    #[arg(long)]
    session_management: bool,
}

/// Makes one and prints it once.
pub fn run(args: &InviteArgs) -> Result<(), Fault> {
    let Opened { config, store, .. } = args.config.open()?;
    let slug = args.facility.clone();
    let facility = block_on(store.read(move |tx| pass_store::facilities::find_by_slug(tx, &slug)))?
        .ok_or_else(|| Fault::new(format!("there is no facility {}: pass facility list", args.facility)))?;
    let (now, secret) = (SystemClock.now(), token(&SystemEntropy));
    let made = InitialAccessToken {
        hash: Hash::of(&secret),
        facility: facility.id,
        flags: ClientFlags {
            require_pkce: !args.no_pkce,
            request_object: args.request_objects,
            request_uri: args.request_uris,
            implicit: args.implicit,
            hybrid: args.hybrid,
            frontchannel_logout: args.frontchannel_logout,
            session_management: args.session_management,
            ..ClientFlags::default()
        },
        created_at: now,
        expires_at: now + Duration::from_hours(args.hours.into()),
    };
    let audit = AuditEvent {
        id: AuditId::new(now, &SystemEntropy),
        at: now,
        actor: Actor::Operator,
        act: Act::InitialAccessTokenNew,
        person: None,
        facility: Some(facility.id),
        client: None,
        detail: format!("{} hours", args.hours),
    };
    block_on(store.write(move |tx| {
        pass_store::initial_access_tokens::insert(tx, &made)?;
        pass_store::audit::insert(tx, &audit)
    }))?;
    say!("initial_access_token  {secret}");
    say!("registration_endpoint {}/register", config.issuer.url);
    say!(
        "The token is shown this once. Whoever holds it registers clients of {} for {} hours.",
        args.facility,
        args.hours
    );
    Ok(())
}
