#!/usr/bin/env python3
"""Draws what is printed on the soft cards: six made-up faces (greyscale JPEG 2000) and names, addresses and security
codes (1-bit PNG). Nobody is shown: the faces are ellipses and lines. Needs Pillow with OpenJPEG and the font Noto Sans
CJK. Run it from anywhere after the people changed; it writes beside itself."""

import io
import pathlib
import re

from PIL import Image, ImageDraw, ImageFilter, ImageFont

HERE = pathlib.Path(__file__).parent
PEOPLE = HERE / "../../src/soft/people/all.rs"
FONT = ImageFont.truetype("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc", 12)
TOWNS = {"Kaga": "石川県加賀市", "Komatsu": "石川県小松市", "Abroad": "国外転出"}

# hair, width of the face, eye size, mouth curve, glasses, wrinkles
FACES = [
    dict(hair="long", wide=92, eye=9, smile=14, glasses=False, lines=0, dark=40),
    dict(hair="short", wide=98, eye=8, smile=6, glasses=False, lines=0, dark=30),
    dict(hair="bob", wide=90, eye=10, smile=10, glasses=False, lines=0, dark=60),
    dict(hair="bob", wide=86, eye=12, smile=18, glasses=False, lines=0, dark=35),
    dict(hair="bun", wide=88, eye=7, smile=8, glasses=True, lines=4, dark=170),
    dict(hair="short", wide=96, eye=7, smile=4, glasses=True, lines=3, dark=140),
]


def face(hair, wide, eye, smile, glasses, lines, dark):
    image = Image.new("L", (378, 472), 225)
    pen = ImageDraw.Draw(image)
    x, y, high = 189, 220, 125
    pen.polygon([(60, 472), (90, 390), (150, 360), (228, 360), (288, 390), (318, 472)], fill=95)
    pen.polygon([(150, 360), (189, 410), (228, 360)], fill=235)
    if hair in ("long", "bob"):
        down = 150 if hair == "long" else 90
        pen.rounded_rectangle([x - wide - 22, y - 110, x + wide + 22, y + down], 60, fill=dark)
    if hair == "bun":
        pen.ellipse([x - 35, 50, x + 35, 115], fill=dark)
    pen.rectangle([x - 32, y + 90, x + 32, 372], fill=175)
    pen.ellipse([x - wide - 12, y - 18, x - wide + 12, y + 32], fill=182)
    pen.ellipse([x + wide - 12, y - 18, x + wide + 12, y + 32], fill=182)
    pen.pieslice([x - wide - 14, y - high - 24, x + wide + 14, y + 90], 180, 360, fill=dark)
    pen.ellipse([x - wide, y - high + 8, x + wide, y + high], fill=200)
    pen.pieslice([x - wide, y - high - 10, x + wide, y + 40], 195, 345, fill=dark)
    for side in (-1, 1):
        ex = x + side * 40
        pen.ellipse([ex - 19, y - eye, ex + 19, y + eye], fill=245)
        pen.ellipse([ex - eye, y - eye, ex + eye, y + eye], fill=25)
        pen.ellipse([ex - 3, y - 6, ex + 2, y - 1], fill=250)
        pen.arc([ex - 26, y - 36, ex + 26, y], 200, 340, fill=max(dark, 50), width=5)
        if glasses:
            pen.ellipse([ex - 30, y - 26, ex + 30, y + 26], outline=60, width=4)
        for i in range(lines):
            pen.arc([ex - 34, y + 8 + 6 * i, ex + 34, y + 30 + 6 * i], 20, 160, fill=170)
    if glasses:
        pen.line([x - 10, y - 4, x + 10, y - 4], fill=60, width=4)
    pen.line([(x, y + 8), (x - 9, y + 45), (x + 8, y + 47)], fill=150, width=4)
    pen.chord([x - 34, y + 62, x + 34, y + 70 + 2 * smile], 0, 180, fill=120)
    return image.filter(ImageFilter.GaussianBlur(1.6))


def text(line, width):
    image = Image.new("1", (width, 12), 1)
    ImageDraw.Draw(image).text((0, 0), line, font=FONT, fill=0, anchor="lt")
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


def main():
    for number, look in enumerate(FACES):
        target = HERE / f"face-{number}.jp2"
        face(**look).save(target, quality_mode="rates", quality_layers=[60], irreversible=True)
    for block in re.findall(r"    Person \{\n(.*?)\n    \},", PEOPLE.read_text(), re.S):
        field = dict(re.findall(r'(\w+): "?((?:Town::)?[^",]*)"?,', block))
        name = re.sub(r"\\u\{(\w+)\}", lambda m: chr(int(m[1], 16)), field["name"])
        town = TOWNS[field.get("town", "Town::Kaga").removeprefix("Town::")]
        address = field.get("moved_to") or town + field["street"]
        for kind, line, width in (("name", name, 216), ("address", address, 288), ("code", field["security_code"], 32)):
            (HERE / f"{field['card']}-{kind}.png").write_bytes(text(line, width))


main()
