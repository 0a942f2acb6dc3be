"""What must not be in the program for a city: the test authenticator, the outbox, soft cards, test roots, the demo's people.

    absent.py PROGRAM [PROGRAM_WITH_DEMO]     the second proves that every word looked for would be found where it is
"""
import re
import subprocess
import sys
from urllib.error import HTTPError
from urllib.request import Request, urlopen

# As bytes of the program: texts, routes, ids and file names that only the demo has.
WORDS = {
    "test form": [r"pass-login-secret", r"pass-login-form", r"pass-login-id"],
    "test authenticator": [r"test authenticator"],
    "outbox page": [r"/dev/mail"],
    "soft cards": [r"soft-cards", r"JPKI-TEST", r"no soft card"],
    "virtual reader": [r"virtual reader", r"vpcd"],
    # Not `bench-password`: so short a text, used once, becomes part of the machine code and no search of bytes finds it.
    "demo people": [r"hanako(?!@example)", r"user0", r"山田(?:　| )花子", r"佐藤(?:　| )健", r"鈴木(?:　| )あおい"],
    "national service's stand-in": [
        r"pass-counterpart-pin", r"pass-counterpart-why", r"/protocol/openid-connect/auth", r"passdemo", r"private_key_jwt alone",
        r"a card is asked for each time", r"openid and the four attributes alone",
    ],
    "demo facilities": [r"rp\.example\.test", r"rp-raise-limit"],
}
COMMANDS = ("demo", "card")
ROUTES = ("/dev/mail", "/dev/mail.json")


def words(program):
    """Kind -> words of it found in the program."""
    body = program.read_bytes()
    return {kind: [word for word in all_words if re.search(word.encode(), body)] for kind, all_words in WORDS.items()}


def commands(program):
    """Sub-commands of the demo that the program knows."""
    said = subprocess.run([str(program), "--help"], stdout=subprocess.PIPE, text=True, check=True).stdout
    known = set(re.findall(r"^  (\w+) ", said, re.M))
    answers = {name: subprocess.run([str(program), name, "--help"], capture_output=True).returncode for name in COMMANDS}
    return [name for name in COMMANDS if name in known or answers[name] == 0]


def routes_absent(port, expect):
    """At a running server: the routes are not there, and the sign-in page has and takes no test form."""
    origin = f"http://127.0.0.1:{port}"
    for path in ROUTES:
        expect(_status(origin + path) == 404, f"{path} answers {_status(origin + path)}")
    for path in ("/manager/sign-in",):
        form = b"do=demo&as=city&login_id=hanako&login_secret=x"
        status = _status(origin + path, form)
        expect(400 <= status < 500, f"a post of the demo's sign-in to {path} is answered {status}")


def _status(url, form=None):
    try:
        with urlopen(Request(url, data=form), timeout=5) as answer:
            return answer.status
    except HTTPError as answer:
        return answer.code


if __name__ == "__main__":
    from pathlib import Path

    program = Path(sys.argv[1])
    bad = [f"{kind}: {', '.join(found)}" for kind, found in words(program).items() if found]
    bad += [f"command: pass {name}" for name in commands(program)]
    print(f"{program.name}: {program.stat().st_size / 1e6:.1f} MB, {sum(map(len, WORDS.values()))} words looked for")
    if len(sys.argv) > 2:
        demo = Path(sys.argv[2])
        missing = [f"{kind}: {word}" for kind, found in words(demo).items() for word in WORDS[kind] if word not in found]
        bad += [f"the search is blind, not in the demo either: {one}" for one in missing]
        bad += [f"the demo has no pass {name}" for name in COMMANDS if name not in commands(demo)]
    print("\n".join(f"  ✗ {one}" for one in bad) or "nothing of the demo is in it")
    sys.exit(1 if bad else 0)
