//! A browser without a script engine: cookies, redirects, forms. What it can do, HtmlUnit and a screen reader can do too.

use std::time::Duration;

use reqwest::{
    blocking::{Client, Response},
    header::{ACCEPT, ACCEPT_LANGUAGE, COOKIE, HeaderMap, LOCATION, ORIGIN, SET_COOKIE},
    redirect::Policy,
};
use scraper::{ElementRef, Html, Selector};
use url::Url;

use crate::Jar;

/// One visitor's browser.
pub struct Browser {
    http: Client,
    /// Its cookies.
    pub jar: Jar,
    /// URLs that nobody listens on (redirect URIs of test clients): a redirect there is the end of the walk.
    stops: Vec<String>,
}

/// Where a walk ended.
pub struct Page {
    /// Address of the page, or the address that the last redirect named.
    pub url: Url,
    /// Status of the last answer.
    pub status: u16,
    /// Headers of the last answer.
    pub headers: HeaderMap,
    /// Body of the last answer.
    pub body: String,
    /// Whether the walk ended at a redirect to a URL that was not followed.
    pub left: bool,
}

const MOST_REDIRECTS: usize = 12;

impl Browser {
    /// A fresh browser that does not follow redirects to `stops`.
    ///
    /// # Panics
    /// The TLS library does not start.
    #[must_use]
    pub fn new(stops: &[String]) -> Self {
        let http = Client::builder().redirect(Policy::none()).timeout(Duration::from_secs(60)).build();
        Self { http: http.expect("an HTTP client"), jar: Jar::default(), stops: stops.to_vec() }
    }

    /// Opens an address and follows redirects.
    ///
    /// # Panics
    /// Nobody answers.
    pub fn open(&mut self, url: &Url) -> Page {
        self.try_open(url).unwrap_or_else(|| panic!("nobody answers at {url}"))
    }

    /// Opens an address that is written down as text.
    ///
    /// # Panics
    /// It is no URL, or nobody answers.
    pub fn visit(&mut self, address: &str) -> Page {
        self.open(&address.parse().unwrap_or_else(|why| panic!("{address}: {why}")))
    }

    /// Opens an address of a server that may be gone.
    pub fn try_open(&mut self, url: &Url) -> Option<Page> {
        self.walk(url.clone(), None)
    }

    /// Sends a form as a browser does: its hidden fields, `fields` (by name or `#id`), and the button that was pressed.
    ///
    /// # Panics
    /// The page has no such form, or nobody answers.
    pub fn submit(&mut self, page: &Page, form: &str, fields: &[(&str, &str)]) -> Page {
        self.try_submit(page, form, fields).unwrap_or_else(|| panic!("nobody answers the form of {}", page.told()))
    }

    /// Sends a form to a server that may be gone.
    ///
    /// # Panics
    /// The page has no such form.
    pub fn try_submit(&mut self, page: &Page, form: &str, fields: &[(&str, &str)]) -> Option<Page> {
        let (target, pairs) = page.filled(form, fields).unwrap_or_else(|| panic!("no form {form} on {}", page.told()));
        self.walk(target, Some((pairs, page.origin())))
    }

    /// Sends a form that the page need not hold.
    ///
    /// # Panics
    /// Nobody answers.
    pub fn post(&mut self, url: &Url, fields: &[(&str, &str)]) -> Page {
        self.post_from(url, fields, &url.origin().ascii_serialization())
    }

    /// Sends a form as a page of another origin would make a browser send it.
    ///
    /// # Panics
    /// Nobody answers.
    pub fn post_from(&mut self, url: &Url, fields: &[(&str, &str)], origin: &str) -> Page {
        let pairs = fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let sent = self.walk(url.clone(), Some((pairs, origin.to_owned())));
        sent.unwrap_or_else(|| panic!("nobody answers at {url}"))
    }

    fn walk(&mut self, mut url: Url, mut form: Option<(Vec<(String, String)>, String)>) -> Option<Page> {
        for _ in 0..MOST_REDIRECTS {
            let answer = self.send(&url, form.as_ref())?;
            let status = answer.status().as_u16();
            let Some(next) = redirect(&answer, &url) else { return Page::read(url, answer) };
            if self.stops.iter().any(|stop| next.as_str().starts_with(stop)) {
                return Some(Page { left: true, ..Page::read(next, answer)? });
            }
            // Fetch: 301, 302 and 303 turn a POST into a GET, 307 and 308 do not.
            if !matches!(status, 307 | 308) {
                form = None;
            }
            url = next;
        }
        panic!("more than {MOST_REDIRECTS} redirects, the last to {url}");
    }

    fn send(&mut self, url: &Url, form: Option<&(Vec<(String, String)>, String)>) -> Option<Response> {
        let mut request = match form {
            Some((pairs, origin)) => self.http.post(url.clone()).form(pairs).header(ORIGIN, origin),
            None => self.http.get(url.clone()),
        };
        request = request.header(ACCEPT, "text/html,*/*;q=0.8").header(ACCEPT_LANGUAGE, "ja");
        if let Some(cookies) = self.jar.header(url) {
            request = request.header(COOKIE, cookies);
        }
        let answer = request.send().ok()?;
        for header in answer.headers().get_all(SET_COOKIE).iter().filter_map(|value| value.to_str().ok()) {
            self.jar.keep(url, header);
        }
        Some(answer)
    }
}

fn redirect(answer: &Response, from: &Url) -> Option<Url> {
    if !answer.status().is_redirection() {
        return None;
    }
    from.join(answer.headers().get(LOCATION)?.to_str().ok()?).ok()
}

impl Page {
    fn read(url: Url, answer: Response) -> Option<Self> {
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        Some(Self { url, status, headers, body: answer.text().ok()?, left: false })
    }

    /// Whether an element is on the page.
    #[must_use]
    pub fn has(&self, selector: &str) -> bool {
        self.html().select(&parsed(selector)).next().is_some()
    }

    /// The text of the first such element.
    #[must_use]
    pub fn text(&self, selector: &str) -> Option<String> {
        let html = self.html();
        let element = html.select(&parsed(selector)).next()?;
        Some(element.text().collect::<Vec<_>>().join(" ").split_whitespace().collect::<Vec<_>>().join(" "))
    }

    /// An attribute of every such element.
    #[must_use]
    pub fn attributes(&self, selector: &str, name: &str) -> Vec<String> {
        let html = self.html();
        html.select(&parsed(selector)).filter_map(|element| element.attr(name)).map(str::to_owned).collect()
    }

    /// Every link with its text.
    #[must_use]
    pub fn links(&self) -> Vec<(Url, String)> {
        let html = self.html();
        let links = parsed("a[href]");
        let found = html.select(&links).filter_map(|link| {
            let text = link.text().collect::<String>();
            Some((self.url.join(link.attr("href")?).ok()?, text))
        });
        found.collect()
    }

    /// A selector of the form that holds a button of this text.
    #[must_use]
    pub fn form_with_button(&self, text: &str) -> Option<String> {
        let html = self.html();
        let forms: Vec<ElementRef<'_>> = html.select(&parsed("form")).collect();
        let holds = |form: &ElementRef<'_>| {
            form.select(&parsed("button")).any(|button| button.text().collect::<String>().contains(text))
        };
        let action = forms.iter().find(|form| holds(form))?.attr("action").unwrap_or_default();
        Some(format!("form[action=\"{action}\"]"))
    }

    /// A parameter of the address: of its query, or of its fragment, where answers with tokens are.
    #[must_use]
    pub fn query(&self, name: &str) -> Option<String> {
        let fragment = url::form_urlencoded::parse(self.url.fragment().unwrap_or_default().as_bytes());
        self.url.query_pairs().chain(fragment).find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
    }

    /// The page in one line, for a panic: never its whole body, which may hold personal values.
    #[must_use]
    pub fn told(&self) -> String {
        let title = self.text("title").unwrap_or_default();
        let error = self.text("#pass-error-code").unwrap_or_default();
        format!("{} {} {title} {error}", self.status, self.url)
    }

    fn html(&self) -> Html {
        Html::parse_document(&self.body)
    }

    fn origin(&self) -> String {
        self.url.origin().ascii_serialization()
    }

    /// What a form would send, with `fields` filled in, and where to.
    #[must_use]
    pub fn filled(&self, form: &str, fields: &[(&str, &str)]) -> Option<(Url, Vec<(String, String)>)> {
        let html = self.html();
        let form = html.select(&parsed(form)).next()?;
        let target = self.url.join(form.attr("action").unwrap_or_default()).ok()?;
        let given = fields.iter().map(|(key, value)| Some((name(form, key)?, (*value).to_owned())));
        let given: Vec<(String, String)> = given.collect::<Option<_>>()?;
        let mut pairs: Vec<(String, String)> = form
            .select(&parsed("input, select, textarea"))
            .filter_map(preset)
            .filter(|(name, _)| given.iter().all(|(other, _)| other != name))
            .collect();
        pairs.extend(given);
        Some((target, pairs))
    }
}

/// A field is called by its name, or by `#id` where only the id is fixed.
fn name(form: ElementRef<'_>, key: &str) -> Option<String> {
    if !key.starts_with('#') {
        return Some(key.to_owned());
    }
    form.select(&parsed(key)).next()?.attr("name").map(str::to_owned)
}

/// What a field sends when nobody touches it.
fn preset(field: ElementRef<'_>) -> Option<(String, String)> {
    let name = field.attr("name")?.to_owned();
    let value = field.attr("value").unwrap_or_default().to_owned();
    match field.attr("type").unwrap_or("text") {
        "submit" | "button" | "image" | "reset" | "file" => None,
        "checkbox" | "radio" if field.attr("checked").is_none() => None,
        "checkbox" if value.is_empty() => Some((name, "on".to_owned())),
        _ => Some((name, value)),
    }
}

fn parsed(selector: &str) -> Selector {
    Selector::parse(selector).unwrap_or_else(|why| panic!("selector {selector}: {why}"))
}
