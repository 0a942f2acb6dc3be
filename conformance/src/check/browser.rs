//! A browser that knows no issuer: a form with a password is the sign-in, another form with a button is the consent, a form
//! that leads to the redirect URI is an answer in `form_post`.

use scraper::{ElementRef, Html, Selector};
use url::Url;

use super::{
    outcome::{Step, Stop},
    wire::{Answer, Wire},
};

/// Who signs in.
pub struct User {
    /// Login.
    pub id: String,
    /// Secret.
    pub secret: String,
}

/// Where a walk ended, and what it took.
pub struct Walk {
    /// Where.
    pub end: End,
    /// A sign-in form was filled.
    pub signed_in: bool,
    /// Text of the first page with a sign-in form, links included.
    pub first_page: Option<String>,
}

/// Where a walk ended.
pub enum End {
    /// The browser left for this address, with these parameters.
    Left {
        /// Where to, without the parameters of the answer.
        url: Url,
        /// The answer's parameters in their order.
        params: Vec<(String, String)>,
    },
    /// A page without a form that could be filled.
    Page(Answer),
}

const MOST: usize = 16;
const REFUSING: [&str; 6] = ["deny", "cancel", "abort", "decline", "reject", "no"];

/// Opens an address and goes on until the browser would leave for one of `stops`, or nothing is left to fill in.
pub fn walk(wire: &mut Wire, url: &Url, stops: &[String], user: &User) -> Step<Walk> {
    let first = wire.page(url)?;
    go_on(wire, first, stops, user)
}

/// The same from an answer that is there already.
pub fn go_on(wire: &mut Wire, first: Answer, stops: &[String], user: &User) -> Step<Walk> {
    let (mut answer, mut walk) = (first, Walk { end: End::Page(blank()), signed_in: false, first_page: None });
    for _ in 0..MOST {
        if (300..400).contains(&answer.status) {
            let next = answer.url.join(answer.header("location"));
            let next = next.map_err(|why| Stop::Failed("RFC 9110 10.2.2", format!("Location: {why}")))?;
            if let Some(stop) = stops.iter().find(|stop| leads_to(&next, stop)) {
                walk.end = left(&next, stop);
                return Ok(walk);
            }
            answer = wire.page(&next)?;
            continue;
        }
        match next_form(&answer, user) {
            Some(Form { target, fields, .. }) if stops.iter().any(|stop| leads_to(&target, stop)) => {
                walk.end = End::Left { url: target, params: fields };
                return Ok(walk);
            }
            Some(form) if answer.status < 400 => {
                if form.sign_in {
                    walk.first_page.get_or_insert_with(|| answer.text.clone());
                    walk.signed_in = true;
                }
                let origin = answer.url.origin().ascii_serialization();
                answer = wire.form(&form.target, &form.fields, &origin)?;
            }
            _ => {
                walk.end = End::Page(answer);
                return Ok(walk);
            }
        }
    }
    Err(Stop::Failed("a browser", format!("{MOST} pages and no end")))
}

fn blank() -> Answer {
    let url = "about:blank".parse().expect("an address");
    Answer { status: 0, headers: Default::default(), text: String::new(), json: Default::default(), url }
}

/// RFC 6749 4.1.2: the answer's parameters are added to the redirect URI, whose own query is kept.
fn leads_to(url: &Url, stop: &str) -> bool {
    stop.parse::<Url>().is_ok_and(|stop| url.origin() == stop.origin() && url.path() == stop.path())
}

fn left(url: &Url, stop: &str) -> End {
    let own: Vec<(String, String)> = stop.parse::<Url>().map(|stop| pairs(stop.query_pairs())).unwrap_or_default();
    let mut params = pairs(url.query_pairs());
    for pair in own {
        if let Some(at) = params.iter().position(|one| *one == pair) {
            params.remove(at);
        }
    }
    params.extend(pairs(url::form_urlencoded::parse(url.fragment().unwrap_or_default().as_bytes())));
    End::Left { url: url.clone(), params }
}

fn pairs(parsed: url::form_urlencoded::Parse<'_>) -> Vec<(String, String)> {
    parsed.map(|(name, value)| (name.into_owned(), value.into_owned())).collect()
}

struct Form {
    target: Url,
    fields: Vec<(String, String)>,
    sign_in: bool,
}

/// The form a person would fill in: the sign-in if there is one, else the first that is sent by POST.
fn next_form(page: &Answer, user: &User) -> Option<Form> {
    let html = Html::parse_document(&page.text);
    let forms: Vec<ElementRef<'_>> = html.select(&selector("form")).collect();
    let has = |form: &&ElementRef<'_>, what: &str| form.select(&selector(what)).next().is_some();
    if let Some(form) = forms.iter().find(|form| has(form, "input[type=password]")) {
        return Some(Form { sign_in: true, ..filled(page, &html, *form, Some(user))? });
    }
    let posts = |form: &&ElementRef<'_>| form.attr("method").is_some_and(|method| method.eq_ignore_ascii_case("post"));
    let form = forms.iter().find(posts)?;
    filled(page, &html, *form, None)
}

fn filled(page: &Answer, html: &Html, form: ElementRef<'_>, user: Option<&User>) -> Option<Form> {
    let target = page.url.join(form.attr("action").unwrap_or_default()).ok()?;
    let mut fields = Vec::new();
    for input in form.select(&selector("input")) {
        let Some(name) = input.attr("name") else { continue };
        let value = match (input.attr("type").unwrap_or("text"), user) {
            ("hidden", _) => input.attr("value").unwrap_or_default().to_owned(),
            ("text" | "email", Some(user)) => user.id.clone(),
            ("password", Some(user)) => user.secret.clone(),
            ("checkbox" | "radio", _) if input.attr("checked").is_some() => {
                input.attr("value").unwrap_or("on").to_owned()
            }
            _ => continue,
        };
        fields.push((name.to_owned(), value));
    }
    fields.extend(pressed(form, html));
    Some(Form { target, fields, sign_in: false })
}

/// The button of a person who agrees.
fn pressed(form: ElementRef<'_>, html: &Html) -> Option<(String, String)> {
    let mut buttons: Vec<ElementRef<'_>> = form.select(&selector("button, input[type=submit]")).collect();
    // A button may stand anywhere and name its form.
    let named = |button: &ElementRef<'_>| form.attr("id").is_some() && button.attr("form") == form.attr("id");
    let everywhere = selector("button[form]");
    buttons.extend(html.select(&everywhere).filter(named));
    let refuses = |button: &&ElementRef<'_>| {
        let words = [button.attr("value"), button.attr("name"), button.attr("id")].into_iter().flatten();
        words
            .flat_map(|word| word.split(['-', '_', ' ']))
            .any(|word| REFUSING.contains(&word.to_ascii_lowercase().as_str()))
    };
    let button = buttons.iter().find(|button| !refuses(button))?;
    Some((button.attr("name")?.to_owned(), button.attr("value").unwrap_or_default().to_owned()))
}

fn selector(text: &str) -> Selector {
    Selector::parse(text).expect("a selector")
}

#[cfg(test)]
mod tests {
    use super::*;

    type Filled = (String, Vec<(String, String)>, bool);

    fn form(html: &str) -> Option<Filled> {
        let page = Answer {
            text: html.to_owned(),
            url: "https://op.example/interaction/1".parse().expect("a url"),
            ..blank()
        };
        let user = User { id: "u".to_owned(), secret: "s".to_owned() };
        next_form(&page, &user).map(|form| (form.target.path().to_owned(), form.fields, form.sign_in))
    }

    fn fields(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn the_form_with_a_password_is_the_sign_in() {
        let html = r#"<form method=post action=/mail><input name=mail></form>
            <form method=post action=/in><input type=hidden name=csrf value=c><input name=login><input type=password name=pw><button>ok</button></form>"#;
        assert_eq!(form(html), Some(("/in".to_owned(), fields(&[("csrf", "c"), ("login", "u"), ("pw", "s")]), true)));
    }

    #[test]
    fn consent_is_given_by_the_button_that_does_not_refuse() {
        let html = r#"<form method=post><button name=decision value=deny></button><button name=decision value=allow></button></form>"#;
        assert_eq!(form(html), Some(("/interaction/1".to_owned(), fields(&[("decision", "allow")]), false)));
        assert_eq!(form("<p>an error</p>"), None);
    }

    #[test]
    fn the_own_query_of_a_redirect_uri_is_not_of_the_answer() {
        let End::Left { params, .. } =
            left(&"https://rp.example/cb?own=1&code=c#x=y".parse().expect("a url"), "https://rp.example/cb?own=1")
        else {
            panic!("it left")
        };
        assert_eq!(params, fields(&[("code", "c"), ("x", "y")]));
    }
}
