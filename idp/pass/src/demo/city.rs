//! The demo's city: 加賀市 with a library, a child-care centre, their clients and staff.

use super::manifest::{ClientEntry, Manifest, StaffEntry};
use pass_core::authn::acr::Acr;
use pass_core::claims::Claim;
use pass_core::domain::client::{
    Client, ClientAuthMethod, ClientFlags, ClientMetadata, GrantType, InitialAccessToken, SigningAlg,
};
use pass_core::domain::facility::{Ceiling, CeilingEntry, Facility, Organisation, Requirement};
use pass_core::domain::reception::PairingCode;
use pass_core::domain::staff::{Role, Staff};
use pass_core::domain::words::LocalText;
use pass_core::id::{ClientId, FacilityId, OrganisationId, StaffId};
use pass_core::reception::pairing;
use pass_core::secret::{Hash, token};
use pass_core::{Entropy, Fault, Time};
use pass_store::Store;
use pass_web::app::App;

/// 加賀市
pub const KAGA: &str = "172065";

/// How long the demo's clients can be registered.
const YEAR: std::time::Duration = std::time::Duration::from_hours(24 * 365);

/// Rows of the city, ready to be written.
struct City {
    organisation: Organisation,
    facilities: Vec<(Facility, Ceiling)>,
    clients: Vec<Client>,
    initial: InitialAccessToken,
    staff: Vec<Staff>,
}

/// Where the demo's relying parties are.
pub struct Places {
    /// The issuer's port: all others follow from it.
    pub port: u16,
}

/// Writes the city and notes its secrets.
pub async fn found(
    store: &Store,
    places: &Places,
    now: Time,
    entropy: &dyn Entropy,
    manifest: &mut Manifest,
) -> Result<(), Fault> {
    let city = plan(places, now, entropy, manifest);
    store
        .write(move |tx| {
            pass_store::organisations::insert(tx, &city.organisation)?;
            for (facility, ceiling) in &city.facilities {
                pass_store::facilities::insert(tx, facility)?;
                pass_store::ceilings::insert(tx, ceiling)?;
            }
            for client in &city.clients {
                pass_store::clients::insert(tx, client)?;
            }
            pass_store::initial_access_tokens::insert(tx, &city.initial)?;
            for member in &city.staff {
                pass_store::staff::insert(tx, member)?;
            }
            Ok(())
        })
        .await
}

fn plan(places: &Places, now: Time, entropy: &dyn Entropy, manifest: &mut Manifest) -> City {
    let organisation = Organisation {
        id: OrganisationId::new(now, entropy),
        name: LocalText::new("加賀市", "加賀市（かがし）", "Kaga City"),
        public_body: true,
    };
    let library = library(organisation.id, now, entropy);
    let kosodate = kosodate(organisation.id, now, entropy);
    let sandbox = sandbox(organisation.id, now, entropy);
    let (of_library, of_kosodate) = (library.0.id, kosodate.0.id);
    let registering = token(entropy);
    let initial = InitialAccessToken {
        hash: Hash::of(&registering),
        facility: sandbox.0.id,
        flags: ClientFlags {
            require_pkce: false,
            request_object: true,
            request_uri: true,
            implicit: true,
            hybrid: true,
            frontchannel_logout: true,
            session_management: true,
            ..ClientFlags::default()
        },
        created_at: now,
        expires_at: now + YEAR,
    };
    manifest.registration_token = registering;
    let clients = orders(places)
        .into_iter()
        .map(|order| {
            let facility = if order.client_id == "kosodate" { of_kosodate } else { of_library };
            client(order, facility, now, entropy, manifest)
        })
        .collect();
    let staff = [
        ("佐々木 恵（図書館）", "library-admin", Role::FacilityAdmin(of_library), "facility_admin"),
        ("中村 直（子育て支援センター）", "kosodate-admin", Role::FacilityAdmin(of_kosodate), "facility_admin"),
        ("北川 望（市 情報政策課）", "city-admin", Role::CityAdmin, "city_admin"),
    ]
    .map(|(name, login_id, role, word)| {
        manifest.staff.push(StaffEntry { login_id: login_id.into(), login_secret: token(entropy), role: word.into() });
        let mut user_handle = [0; 16];
        entropy.fill(&mut user_handle);
        Staff { id: StaffId::new(now, entropy), name: name.into(), role, user_handle, created_at: now, closed_at: None }
    });
    City { organisation, facilities: vec![library, kosodate, sandbox], clients, initial, staff: staff.into() }
}

/// A code for a device at the child-care centre, as Manager would make it.
pub async fn pairing_code(app: &App) -> Result<String, Fault> {
    let (code, now) = (pairing::code(&*app.entropy), app.now());
    let hash = pairing::index(&app.keys.index, &code).ok_or_else(|| Fault::new("a pairing code that is none"))?;
    app.store
        .write(move |tx| {
            let kosodate = pass_store::facilities::find_by_slug(tx, "kosodate")?;
            let facility = kosodate.ok_or_else(|| Fault::new("the demo has no child-care centre"))?.id;
            let row = PairingCode {
                hash,
                facility,
                name: "正面玄関".into(),
                made_by: None,
                created_at: now,
                expires_at: now + pairing::LIFE,
                used_at: None,
            };
            pass_store::pairing_codes::insert(tx, &row)
        })
        .await?;
    Ok(code)
}

fn library(organisation: OrganisationId, now: Time, entropy: &dyn Entropy) -> (Facility, Ceiling) {
    let id = FacilityId::new(now, entropy);
    let claims = [
        Claim::ResidencePrefecture,
        Claim::ResidenceCity,
        Claim::ResidenceCityCode,
        Claim::IsResident,
        Claim::ResidenceVerifiedOn,
        Claim::AgeOver18,
    ];
    let facility = Facility {
        id,
        organisation,
        slug: "library".into(),
        name: LocalText::new("加賀市立図書館", "加賀市（かがし）の 図書館（としょかん）", "Kaga City Library"),
        department: LocalText::new("図書館 利用登録", "図書館（としょかん）", "library registration"),
        logo: "library".into(),
        municipality: KAGA.into(),
        sector: "library.kaga".into(),
    };
    let purpose = LocalText::new(
        "市内にお住まいの方の利用登録",
        "市（し）に 住（す）んでいる 人（ひと）の 登録（とうろく）",
        "Registering residents as library users",
    );
    (facility, ceiling(id, purpose, &claims, Acr::Aal1, now))
}

/// Where clients that register themselves try PASS out: every claim, so that a conformance suite finds them all.
fn sandbox(organisation: OrganisationId, now: Time, entropy: &dyn Entropy) -> (Facility, Ceiling) {
    let id = FacilityId::new(now, entropy);
    let facility = Facility {
        id,
        organisation,
        slug: "sandbox".into(),
        name: LocalText::new("接続試験", "接続（せつぞく）の 試験（しけん）", "Connection test"),
        department: LocalText::new("情報政策課", "市（し）の システムの 係（かかり）", "Information policy"),
        logo: "facility".into(),
        municipality: KAGA.into(),
        sector: "sandbox.kaga".into(),
    };
    let purpose = LocalText::new(
        "連携システムの接続試験",
        "システムが 正（ただ）しく つながるかの 試験（しけん）",
        "Testing the connection of systems",
    );
    // The serial of a certificate is for operators whom law allows to give it.
    let claims: Vec<Claim> = Claim::ALL.iter().copied().filter(|claim| *claim != Claim::CertificateSerial).collect();
    (facility, ceiling(id, purpose, &claims, Acr::Zero, now))
}

fn kosodate(organisation: OrganisationId, now: Time, entropy: &dyn Entropy) -> (Facility, Ceiling) {
    let id = FacilityId::new(now, entropy);
    let claims = [Claim::Name, Claim::Address, Claim::Birthdate, Claim::Gender, Claim::AgeBand];
    let facility = Facility {
        id,
        organisation,
        slug: "kosodate".into(),
        name: LocalText::new(
            "子育て支援センター",
            "子（こ）そだて 支援（しえん）センター",
            "Child-care Support Centre",
        ),
        department: LocalText::new("子育て支援課", "子（こ）そだて 支援課（しえんか）", "child-care division"),
        logo: "kosodate".into(),
        municipality: KAGA.into(),
        sector: "kosodate.kaga".into(),
    };
    let purpose = LocalText::new(
        "親子の利用登録と緊急時の連絡",
        "親子（おやこ）の 登録（とうろく）と、困（こま）ったときの 連絡（れんらく）",
        "Registering parents and children, and reaching them in an emergency",
    );
    (facility, ceiling(id, purpose, &claims, Acr::Aal2, now))
}

fn ceiling(facility: FacilityId, purpose: LocalText, claims: &[Claim], least: Acr, now: Time) -> Ceiling {
    let entries = claims.iter().map(|&claim| CeilingEntry { claim, requirement: Requirement::Required, least });
    Ceiling { facility, version: 1, purpose, entries: entries.collect(), created_at: now }
}

/// What is registered for a client of the demo.
struct Order {
    client_id: &'static str,
    name: LocalText,
    auth: ClientAuthMethod,
    redirect_uri: String,
    home: Option<String>,
    /// Where it is told that somebody signed out or withdrew.
    logout: Option<String>,
    grants: Vec<GrantType>,
    scope: &'static str,
    flags: ClientFlags,
}

fn orders(places: &Places) -> Vec<Order> {
    let at = |offset: u16| format!("http://127.0.0.1:{}", places.port + offset);
    let usual = || vec![GrantType::AuthorizationCode, GrantType::RefreshToken];
    let page = |client_id, name: &str, offset, scope| Order {
        client_id,
        name: LocalText::same(name),
        auth: ClientAuthMethod::ClientSecretBasic,
        redirect_uri: format!("{}/callback", at(offset)),
        home: Some(format!("{}/", at(offset))),
        logout: None,
        grants: usual(),
        scope,
        flags: ClientFlags::default(),
    };
    let real = |client_id, name: &str, offset, auth| Order {
        client_id,
        name: LocalText::same(name),
        auth,
        redirect_uri: format!("{}/cb", at(offset)),
        home: None,
        logout: None,
        grants: usual(),
        scope: "openid residence age",
        flags: ClientFlags::default(),
    };
    vec![
        page("library", "図書館の利用登録", 2, "openid residence age"),
        page("kosodate", "子育て支援センターの利用登録", 3, "openid basic4 age"),
        Order {
            logout: Some(format!("{}/cb?logout=backchannel", at(20))),
            ..real("apache", "Apache（mod_auth_openidc）", 20, ClientAuthMethod::ClientSecretBasic)
        },
        real("node", "Node（openid-client）", 21, ClientAuthMethod::ClientSecretPost),
        real("python", "Python（Authlib）", 22, ClientAuthMethod::ClientSecretBasic),
        Order {
            client_id: "bench",
            name: LocalText::same("測定用"),
            auth: ClientAuthMethod::ClientSecretBasic,
            redirect_uri: "https://rp.example.test/cb".into(),
            home: None,
            logout: None,
            grants: vec![GrantType::AuthorizationCode, GrantType::RefreshToken, GrantType::ClientCredentials],
            scope: "openid profile address offline_access api",
            flags: ClientFlags { introspection: true, plain_login: true, ..ClientFlags::default() },
        },
    ]
}

fn client(order: Order, facility: FacilityId, now: Time, entropy: &dyn Entropy, manifest: &mut Manifest) -> Client {
    let secret = token(entropy);
    manifest.clients.push(ClientEntry {
        client_id: order.client_id.into(),
        client_secret: secret.clone(),
        token_endpoint_auth_method: order.auth.as_str().into(),
        redirect_uris: vec![order.redirect_uri.clone()],
        grant_types: order.grants.iter().map(|grant| grant.as_str().to_string()).collect(),
        scope: order.scope.into(),
    });
    Client {
        id: ClientId::new(now, entropy),
        client_id: order.client_id.into(),
        facility,
        secret: Some(Hash::of(&secret)),
        metadata: ClientMetadata {
            client_name: order.name,
            redirect_uris: vec![order.redirect_uri],
            post_logout_redirect_uris: order.home.iter().cloned().collect(),
            grant_types: order.grants,
            scope: order.scope.split(' ').map(str::to_string).collect(),
            token_endpoint_auth_method: order.auth,
            id_token_signed_response_alg: SigningAlg::ES256,
            backchannel_logout_uri: order.logout,
            policy_uri: order.home.as_ref().map(|home| format!("{home}privacy")),
            tos_uri: order.home.as_ref().map(|home| format!("{home}terms")),
            initiate_login_uri: order.home.as_ref().map(|home| format!("{home}login")),
            client_uri: order.home,
            ..ClientMetadata::default()
        },
        flags: order.flags,
        registration: None,
        created_at: now,
        disabled_at: None,
    }
}
