#!/usr/bin/env python3
"""The whole proofing of a resident by the card on the real reader: demo, `pass agent`, and a browser without scripts.

    PASS_BIN=... PASS_DATA=... CARD=aoi conformance/card/with-virtual-reader.sh conformance/card/proofing.py

Nothing of the card goes through the demo's own agent: the demo is told the address of this one.
"""
import json
import os
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from urllib.parse import urlencode, urljoin, urlsplit

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "rp"))
from walk import Browser  # noqa: E402

binary, data, card = os.environ["PASS_BIN"], os.environ["PASS_DATA"], os.environ["CARD"]
PORT = int(os.environ.get("PORT", "18500"))
AGENT = f"http://127.0.0.1:{PORT + 10}"


def expect(truth, words):
    if not truth:
        raise SystemExit(f"FAILED: {words}")
    print(f"ok: {words}", flush=True)


def send(browser, page, do, **more):
    """The form of that button."""
    form = next((form for form in page.html.forms if form["fields"].get("do") == do), None)
    if form is None:
        raise SystemExit(f"FAILED: no form for {do} at {page}\n{page.body}")
    return browser.open(urljoin(page.url, form["action"]), "POST", urlencode({**form["fields"], **more}))


def wait_for(url, process):
    for _ in range(600):
        if process.poll() is not None:
            raise SystemExit(f"FAILED: {url} ended before it answered")
        try:
            return urllib.request.urlopen(url, timeout=5).read()
        except OSError:
            time.sleep(0.1)
    raise SystemExit(f"FAILED: {url} does not answer")


def proof(demo, resident):
    password = resident["signature_password"]
    browser = Browser()
    page = browser.open(urljoin(demo["relying_parties"]["library"], "/login"), "POST", "")
    page = browser.sign_in(page, resident["login_id"], resident["login_secret"])
    expect(urlsplit(page.url).path.endswith("/proof"), f"{resident['login_id']} is asked for the card: {page}")

    page = send(browser, page, "card")
    expect(page.url.startswith(AGENT) and demo["issuer"] in page.body, f"the agent shows the statement: {page}")
    expect("残りは5回" in page.body and "Virtual PCD" in page.body, "it has asked the card behind pcscd: 5 tries are left")
    page = send(browser, page, "sign", password="WRONG1")
    expect(page.status == 422 and "残りは4回" in page.body, "a wrong password: 4 tries are left")
    page = send(browser, page, "sign", password=password)
    expect(page.url.startswith(demo["issuer"]) and page.url.endswith("/proof/done"), f"signed, back at the issuer: {page}")
    expect("鈴木　あおい" in page.body and "片山津温泉" in page.body, "the page shows what the card says")

    form = next(form for form in page.html.forms if "csrf" in form["fields"])
    page = browser.open(urljoin(page.url, form["action"]), "POST", urlencode({**form["fields"], "decision": "keep"}))
    page = browser.sign_in(page, resident["login_id"], resident["login_secret"])
    expect(page.url.startswith(demo["relying_parties"]["library"]), f"at the library: {page}")
    last = json.loads(browser.open(urljoin(demo["relying_parties"]["library"], "/last.json")).body)
    claims = {name: value for name, value in last["userinfo"].items() if name != "sub"}
    print(json.dumps(claims, ensure_ascii=False), flush=True)
    expect(claims.get("residence_city_code") == "172065" and claims.get("age_over_18") is True, "the library has what the card proves")
    expect(not {"name", "address", "birthdate", "gender"} & set(claims), "and nothing else about her")


def main():
    logs = Path(data)
    with open(logs / "demo.log", "w") as demo_log, open(logs / "agent.log", "w") as agent_log:
        demo = subprocess.Popen([binary, "demo", "--json", "--data", data, "--port", str(PORT), "--agent", AGENT],
                                stdout=subprocess.PIPE, stderr=demo_log, text=True)
        agent = None
        try:
            line = demo.stdout.readline()
            if not line:
                raise SystemExit("FAILED: pass demo gave no line\n" + (logs / "demo.log").read_text())
            told = json.loads(line)
            agent = subprocess.Popen([binary, "agent", "--listen", AGENT.removeprefix("http://"), "--issuer", told["issuer"]],
                                     stderr=agent_log)
            wait_for(AGENT + "/", agent)
            resident = next(one for one in told["residents"] if one["card"] == card)
            proof(told, resident)
        finally:
            for process in (agent, demo):
                if process:
                    process.terminate()
                    process.wait(20)
    for log in ("demo.log", "agent.log"):
        text = (logs / log).read_text()
        secrets = [resident["signature_password"], "WRONG1", "あおい", "片山津"]
        expect(not any(secret in text for secret in secrets), f"{log} holds neither password nor name")


main()
