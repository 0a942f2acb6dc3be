"""A browser without scripts: cookies, redirects, forms. Python's standard library only.

    python3 walk.py START_URL LOGIN_ID LOGIN_SECRET      prints the last page
"""
import http.client
import sys
from html.parser import HTMLParser
from urllib.parse import urlencode, urljoin, urlsplit


class Forms(HTMLParser):
    """The forms of a page: action, and fields by name and by id."""

    def __init__(self):
        super().__init__()
        self.forms, self.ids, self.title, self._in_title = [], {}, "", False

    def handle_starttag(self, tag, attributes):
        a = dict(attributes)
        if a.get("id"):
            self.ids[a["id"]] = a
        if tag == "form":
            self.forms.append({"id": a.get("id"), "action": a.get("action") or "", "fields": {}, "names": {}})
        elif tag == "title":
            self._in_title = True
        elif tag in ("input", "button", "select", "textarea") and self.forms and a.get("name"):
            form = self.forms[-1]
            form["names"][a.get("id")] = a["name"]
            kind = a.get("type", "submit" if tag == "button" else "text")
            if kind in ("checkbox", "radio") and "checked" not in a or kind in ("submit", "button"):
                return
            form["fields"][a["name"]] = a.get("value") or ""

    def handle_endtag(self, tag):
        if tag == "title":
            self._in_title = False

    def handle_data(self, data):
        if self._in_title:
            self.title += data

    def form(self, wanted):
        return next((form for form in self.forms if form["id"] == wanted), None)


class Page:
    def __init__(self, url, status, headers, body):
        self.url, self.status, self.headers, self.body = url, status, headers, body
        self.html = Forms()
        if "html" in headers.get("content-type", ""):
            self.html.feed(body)

    def __str__(self):
        return f"{self.status} {urlsplit(self.url)._replace(query='').geturl()} {self.html.title.strip()}"


class Browser:
    def __init__(self):
        self.cookies = {}

    def send(self, method, url, body=None):
        """One request; ports share cookies, paths are honoured, loopback counts as secure."""
        at = urlsplit(url)
        link = http.client.HTTPConnection(at.hostname, at.port or 80, timeout=60)
        headers = {"Accept": "text/html,*/*;q=0.8", "Accept-Language": "ja"}
        mine = [f"{name}={value}" for (host, name), (value, path) in self.cookies.items()
                if host == at.hostname and (at.path or "/").startswith(path)]
        if mine:
            headers["Cookie"] = "; ".join(mine)
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            headers["Origin"] = f"{at.scheme}://{at.netloc}"
        link.request(method, (at.path or "/") + (f"?{at.query}" if at.query else ""), body, headers)
        answer = link.getresponse()
        text = answer.read().decode("utf-8", "replace")
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                self.keep(at.hostname, value)
        link.close()
        return Page(url, answer.status, {name.lower(): value for name, value in answer.getheaders()}, text)

    def keep(self, host, header):
        pair, *rest = [part.strip() for part in header.split(";")]
        name, _, value = pair.partition("=")
        attributes = {key.lower(): val for key, _, val in (one.partition("=") for one in rest)}
        if not value or attributes.get("max-age") == "0":
            self.cookies.pop((host, name), None)
        else:
            self.cookies[host, name] = (value, attributes.get("path") or "/")

    def open(self, url, method="GET", body=None):
        for _ in range(15):
            page = self.send(method, url, body)
            if page.status not in (301, 302, 303, 307, 308) or "location" not in page.headers:
                return page
            url = urljoin(url, page.headers["location"])
            if page.status not in (307, 308):
                method, body = "GET", None
        raise SystemExit(f"too many redirects, the last to {url}")

    def submit(self, page, form, given):
        """`given` by name, or by id where only the id is fixed."""
        form = page.html.form(form)
        fields = dict(form["fields"])
        for key, value in given.items():
            fields[form["names"].get(key, key)] = value
        return self.open(urljoin(page.url, form["action"]), "POST", urlencode(fields))

    def sign_in(self, page, login_id, secret, decision="allow"):
        """Fills the test authenticator's form and the consent form until neither is there."""
        for _ in range(6):
            if page.html.form("pass-login-form") and "pass-login-secret" in page.html.ids:
                page = self.submit(page, "pass-login-form", {"pass-login-id": login_id, "pass-login-secret": secret})
            elif page.html.form("pass-consent-form"):
                page = self.submit(page, "pass-consent-form", {"decision": decision})
            else:
                return page
        raise SystemExit(f"sign-in goes round in circles: {page}")


if __name__ == "__main__":
    browser = Browser()
    print(browser.sign_in(browser.open(sys.argv[1]), sys.argv[2], sys.argv[3]).body)
