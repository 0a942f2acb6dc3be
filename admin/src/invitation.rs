//! Inviting staff: what `pass staff invite` does.

use pass_core::domain::audit::{Act, Actor, AuditEvent};
use pass_core::domain::staff::{Invite, Role, Staff};
use pass_core::fault::Outcome;
use pass_core::id::{AuditId, FacilityId, StaffId};
use pass_core::secret::{self, Hash};
use pass_core::{Entropy, Time};
use pass_store::Store;
use std::time::Duration;

/// How long a link works.
pub const LIFE: Duration = Duration::from_secs(72 * 3600);

/// Who is invited, as what.
pub struct Invitation {
    /// The name that Manager and the audit log show.
    pub name: String,
    /// The role.
    pub role: Role,
}

/// Makes a staff member and the one-time link for the first passkey. The link is the only place of its secret.
pub async fn invite(
    store: &Store,
    issuer: &str,
    invitation: Invitation,
    now: Time,
    entropy: &dyn Entropy,
) -> Outcome<String> {
    let staff = member(invitation, now, entropy);
    let secret = secret::token(entropy);
    let invite = Invite { hash: Hash::of(&secret), staff: staff.id, expires_at: now + LIFE, used_at: None };
    let event = event(&staff, now, entropy);
    store
        .write(move |tx| {
            pass_store::staff::insert(tx, &staff)?;
            pass_store::staff_invites::insert(tx, &invite)?;
            pass_store::audit::insert(tx, &event)
        })
        .await?;
    Ok(format!("{issuer}/manager/invite/{secret}"))
}

/// A new staff member who has no passkey yet.
pub fn member(invitation: Invitation, now: Time, entropy: &dyn Entropy) -> Staff {
    let mut user_handle = [0; 16];
    entropy.fill(&mut user_handle);
    Staff {
        id: StaffId::new(now, entropy),
        name: invitation.name,
        role: invitation.role,
        user_handle,
        created_at: now,
        closed_at: None,
    }
}

fn event(staff: &Staff, now: Time, entropy: &dyn Entropy) -> AuditEvent {
    let (role, facility): (&str, Option<FacilityId>) = match staff.role {
        Role::CityAdmin => ("city_admin", None),
        Role::FacilityAdmin(facility) => ("facility_admin", Some(facility)),
        Role::Receptionist(facility) => ("receptionist", Some(facility)),
    };
    AuditEvent {
        id: AuditId::new(now, entropy),
        at: now,
        actor: Actor::Operator,
        act: Act::StaffInvite,
        person: None,
        facility,
        client: None,
        detail: format!("role={role}"),
    }
}
