//! Who is calling: cookies, language, session.

use crate::app::App;
use crate::kit::{Lang, Shell};
use crate::limits::address;
use actix_web::HttpRequest;
use actix_web::cookie::{Cookie, SameSite, time::Duration as CookieTime};
use pass_core::authn::session::extended;
use pass_core::domain::interaction::{Errand, Interaction};
use pass_core::domain::session::Session;
use pass_core::domain::words::Language;
use pass_core::oidc::discovery::paths;
use pass_core::oidc::session_state::browser_state;
use pass_core::secret::{Hash, from_base64url};
use pass_core::{Fault, Time};
use std::net::IpAddr;

/// One request of a browser.
pub struct Visit {
    /// The language to answer in.
    pub lang: Lang,
    /// The language was chosen in this request and is to be remembered.
    lang_chosen: bool,
    /// The browser's own secret, which binds interactions and forms to it.
    pub browser: String,
    /// The browser had no secret yet.
    browser_is_new: bool,
    /// The live session, if there is one.
    pub session: Option<Session>,
    /// The secret that the session got in this request.
    pub(crate) session_secret: Option<String>,
    /// The interaction that the address names, whoever began it.
    pub(crate) interaction: Option<Interaction>,
    /// When the request came.
    pub now: Time,
    /// From where.
    pub(crate) from: IpAddr,
    here: String,
}

/// The cookie of the browser's own secret.
const BROWSER: &str = "pass-browser";
/// The cookie of the sign-in session.
const SESSION: &str = "pass-session";
/// The cookie of a browser that waits for a mailed code.
const CODE: &str = "pass-code";
/// The cookie by which our frame notices that the session changed.
const STATE: &str = "pass-session-state";
/// The cookie of a device at a reception.
const KIOSK: &str = "pass-kiosk";
/// The cookie of the language.
const LANG: &str = "pass-lang";

impl Visit {
    /// Reads the request. `ui_locales` is the wish of a relying party.
    pub async fn of(app: &App, request: &HttpRequest, ui_locales: Option<&str>) -> Result<Self, Fault> {
        let now = app.now();
        let cookie = |name: &str| request.cookie(&cookie_name(app, name)).map(|cookie| cookie.value().to_string());
        let browser = cookie(BROWSER).filter(|secret| from_base64url(secret).is_some_and(|bytes| bytes.len() == 32));
        let mut session = match cookie(SESSION) {
            Some(secret) => live_session(app, &secret, now).await?,
            None => None,
        };
        session.iter_mut().for_each(|session| stay(app, session, now));
        let interaction = interaction_of(app, request).await?;
        // OpenID Connect Core 3.1.2.1: the facility's wish holds for every page of its request.
        let wish = interaction.as_ref().and_then(wanted_languages);
        let ui_locales = ui_locales.or(wish.as_deref());
        let asked = asked_language(request);
        let accept = request.headers().get("accept-language").and_then(|value| value.to_str().ok());
        let chosen = asked.clone().or_else(|| cookie(LANG));
        Ok(Self {
            lang: Lang::choose(chosen.as_deref(), ui_locales, None, accept),
            lang_chosen: asked.is_some_and(|tag| Lang::from_tag(&tag).is_some()),
            browser_is_new: browser.is_none(),
            browser: browser.unwrap_or_else(|| app.token()),
            session,
            session_secret: None,
            interaction,
            now,
            from: address(app, request),
            here: request.uri().path_and_query().map_or_else(String::new, ToString::to_string),
        })
    }

    /// What an interaction keeps of the browser.
    pub fn browser_hash(&self) -> Hash {
        Hash::of(&self.browser)
    }

    /// The frame of a page.
    pub fn shell(&self, app: &App) -> Shell {
        Shell {
            lang: self.lang,
            city: app.settings.city.clone(),
            here: self.here.clone(),
            host: app.settings.host(),
            demo: app.settings.demo,
        }
    }

    /// The domain's word for the language.
    pub const fn language(&self) -> Language {
        language(self.lang)
    }

    /// The token that forms of this browser carry (synchroniser token, derived and not stored).
    pub fn csrf(&self, app: &App) -> String {
        pass_core::secret::base64url(&app.keys.forms.mac(&[self.browser.as_bytes()]).0)
    }

    /// Cookies that the answer must set: the browser's secret, a new secret of the session, and a chosen language.
    pub fn cookies(&self, app: &App) -> Vec<Cookie<'static>> {
        let mut cookies = Vec::new();
        if self.browser_is_new {
            cookies.push(cookie(app, BROWSER, self.browser.clone(), Some(CookieTime::days(30))));
        }
        if let Some(secret) = &self.session_secret {
            cookies.push(cookie(app, SESSION, secret.clone(), None));
        }
        if self.lang_chosen {
            cookies.push(cookie(app, LANG, self.lang.code().to_string(), Some(CookieTime::days(365))));
        }
        cookies
    }
}

/// The domain's word for a page language.
pub const fn language(lang: Lang) -> Language {
    match lang {
        Lang::Ja => Language::Ja,
        Lang::Easy => Language::Easy,
        Lang::En => Language::En,
    }
}

/// The page language of whoever reads in this one.
pub const fn reader(language: Language) -> Lang {
    match language {
        Language::Ja => Lang::Ja,
        Language::Easy => Lang::Easy,
        Language::En => Lang::En,
    }
}

/// What scripts of our frame may read of the session (Session Management 3.3): it opens nothing, and only `/session/check`
/// sees it. In a frame of another site a cookie comes along with SameSite=None alone, and that with Secure alone.
pub fn state_cookie(app: &App, visit: &Visit) -> Option<Cookie<'static>> {
    let session = visit.session.as_ref()?;
    Some(of_state(browser_state(&app.keys.session, session.id), None))
}

/// Ends it.
pub fn state_cookie_gone() -> Cookie<'static> {
    of_state(String::new(), Some(CookieTime::ZERO))
}

fn of_state(value: String, life: Option<CookieTime>) -> Cookie<'static> {
    let cookie = Cookie::build(STATE, value).path(paths::CHECK_SESSION).same_site(SameSite::None).secure(true);
    match life {
        Some(life) => cookie.max_age(life).finish(),
        None => cookie.finish(),
    }
}

/// The cookie that ends a session in the browser.
pub fn session_cookie_gone(app: &App) -> Cookie<'static> {
    cookie(app, SESSION, String::new(), Some(CookieTime::ZERO))
}

/// The cookie of a browser that waits for a mailed code.
pub fn code_cookie(app: &App, secret: String) -> Cookie<'static> {
    cookie(app, CODE, secret, Some(CookieTime::minutes(30)))
}

/// The secret of a browser that waits for a mailed code.
pub fn code_secret(app: &App, request: &HttpRequest) -> Option<String> {
    request.cookie(&cookie_name(app, CODE)).map(|cookie| cookie.value().to_string())
}

/// The cookie of a device at a facility's reception: sent to its own pages only, for as long as browsers keep cookies.
pub fn kiosk_cookie(app: &App, slug: &str, secret: String) -> Cookie<'static> {
    Cookie::build(KIOSK, secret)
        .path(format!("/kiosk/{slug}"))
        .http_only(true)
        .same_site(SameSite::Strict)
        .secure(app.settings.https)
        .max_age(CookieTime::days(400))
        .finish()
}

/// The secret of a device at a reception.
pub fn kiosk_secret(request: &HttpRequest) -> Option<String> {
    request.cookie(KIOSK).map(|cookie| cookie.value().to_string())
}

async fn live_session(app: &App, secret: &str, now: Time) -> Result<Option<Session>, Fault> {
    let hash = Hash::of(secret);
    app.store.read_now(move |tx| pass_store::sessions::find_live(tx, &hash, now)).await
}

/// A session in use ends later, up to its absolute end. The row travels with another commit, one in several minutes at most.
fn stay(app: &App, session: &mut Session, now: Time) {
    let Some(end) = extended(session, now, app.settings.session) else { return };
    session.expires_at = end;
    let id = session.id;
    app.store.lazy(move |tx| pass_store::sessions::extend_lazy(tx, id, now, end));
}

/// The interaction in the address of a page, if there is one.
async fn interaction_of(app: &App, request: &HttpRequest) -> Result<Option<Interaction>, Fault> {
    let handle = match request.path().strip_prefix("/interaction/") {
        Some(rest) => rest.split('/').next().map(str::to_owned),
        None => crate::upstream::start::handle(request),
    };
    let Some(hash) = handle.map(|handle| Hash::of(&handle)) else { return Ok(None) };
    app.store.read_now(move |tx| pass_store::interactions::find(tx, &hash)).await
}

fn wanted_languages(interaction: &Interaction) -> Option<String> {
    match &interaction.errand {
        Errand::Authorization { request, .. } if !request.ui_locales.is_empty() => Some(request.ui_locales.join(" ")),
        _ => None,
    }
}

/// `?lang=` of the language links.
fn asked_language(request: &HttpRequest) -> Option<String> {
    url::form_urlencoded::parse(request.query_string().as_bytes())
        .find(|(name, _)| name == "lang")
        .map(|(_, value)| value.into_owned())
}

/// Under https the name itself promises Secure, Path=/ and no Domain (RFC 6265bis 4.1.3.2).
fn cookie_name(app: &App, name: &str) -> String {
    if app.settings.https { format!("__Host-{name}") } else { name.to_string() }
}

fn cookie(app: &App, name: &str, value: String, life: Option<CookieTime>) -> Cookie<'static> {
    let mut cookie = Cookie::build(cookie_name(app, name), value)
        .path("/")
        .http_only(true)
        // Lax, because the return from a relying party or the card agent is a cross-site navigation.
        .same_site(SameSite::Lax)
        .secure(app.settings.https)
        .finish();
    if let Some(life) = life {
        cookie.set_max_age(life);
    }
    cookie
}
