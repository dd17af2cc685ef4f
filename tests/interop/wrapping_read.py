#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Signed messages changed in their structure: what passes shows other readers
what was signed.

wrapping_read.py SEED COUNT MAIL TEXT VERIFY...

MAIL is a multipart/signed message over TEXT, in the working folder, VERIFY the
command that judges files.  COUNT changes of it are judged; of those that pass,
Python's mail and "openssl cms" read the first part, and find TEXT, or find no
message at all.  Prints what is not so; exit 1 where anything is not so.
"""
import email
import json
import os
import random
import re
import subprocess
import sys

seed, total = int(sys.argv[1]), int(sys.argv[2])
mail = open(sys.argv[3], "rb").read()
text = open(sys.argv[4], "rb").read()
verify = sys.argv[5:]
dice = random.Random(seed)
mark = re.search(rb'boundary="?([^"\s;]+)', mail).group(1)
TYPE = b"Content-Type: "

ENDS = [b"\n", b"\r\n", b"\r", b"\n\n", b"\r\r\n", b"\n\r", b"\v", b"\f",
        b"\x85", b"\xe2\x80\xa8", b"\0", b" \n", b"\n "]
BITS = [b"--" + mark, b"--" + mark + b"--", b"--" + mark + b"x", mark, b"--",
        b" --" + mark, b"--" + mark + b" --", b"-- " + mark,
        TYPE + b"text/plain", TYPE + b"multipart/mixed; boundary=x",
        TYPE + b"multipart/signed; boundary=x", b"content-type:text/html",
        TYPE + b"text/html; charset=utf-8", b"; boundary=x", b"; boundary=\"\"",
        b"; BOUNDARY=\"" + mark + b"\"", b"; boundary*=us-ascii''x",
        b"; boundary*0=x; boundary*1=y", b" (comment) ", b"\"", b"\\",
        b"Content-Transfer-Encoding: base64", b"MIME-Version: 1.0",
        b"Content-Transfer-Encoding: quoted-printable", b"Subject: other",
        b"From x Sat Nov 28 00:00:00 2026", b"Pay 999 to Eve.", b":", b";",
        b"=", b"=3D", b"  ", b"\t", b"--x", b"--x--"]


def change(data):
    """One small thing; places at line ends and in heads are likelier."""
    ends = [m.end() for m in re.finditer(rb"\n", data)]
    at = dice.choice(ends) if dice.random() < .8 else dice.randrange(len(data))
    kind = dice.randrange(7)
    if kind == 0:
        return data[:at] + dice.choice(BITS) + dice.choice(ENDS) + data[at:]
    if kind == 1:
        return data[:at] + dice.choice(ENDS) + data[at:]
    if kind == 2:
        back = max(at - dice.randrange(1, 4), 0)
        return data[:back] + dice.choice(ENDS) + data[at:]
    if kind == 3:
        back = max([e for e in ends if e < at], default=0)
        return data[:back] + data[at:]
    if kind == 4:
        back = max([e for e in ends if e < at], default=0)
        return data[:at] + data[back:at] + data[at:]
    if kind == 5:
        spot = data.find(dice.choice([b";", b"=", b":", b"\"", b"--" + mark]),
                         dice.randrange(len(data)))
        spot = at if spot < 0 else spot + dice.randrange(2)
        return data[:spot] + dice.choice(BITS + ENDS) + data[spot:]
    block = (dice.choice(ENDS) + b"--" + mark + dice.choice(ENDS) +
             dice.choice(BITS) + dice.choice(ENDS) * 2 + b"Pay 999 to Eve." +
             dice.choice(ENDS))
    return data[:at] + block + data[at:]


def lines(data):
    return data.replace(b"\r\n", b"\n").rstrip(b"\n")


def python_reads(data):
    """The text of the first part, or None where it sees no such message."""
    message = email.message_from_bytes(data)
    if message.get_content_type() != "multipart/signed":
        return None
    parts = message.get_payload()
    if not isinstance(parts, list) or not parts:
        return None
    if len(parts) != 2:
        return b"%d parts" % len(parts)
    return parts[0].get_payload(decode=True)


def openssl_reads(name):
    run = subprocess.run(["openssl", "cms", "-verify", "-noverify", "-text",
                          "-in", name], capture_output=True)
    return run.stdout if run.returncode == 0 else None


names = []
os.makedirs("changed", exist_ok=True)
for i in range(total):
    data = mail
    for _ in range(dice.randrange(1, 4)):
        data = change(data)
    names.append("changed/%05d" % i)
    with open(names[-1], "wb") as f:
        f.write(data)
run = subprocess.run(verify + ["--json"] + names, capture_output=True)
documents = json.loads(run.stdout)["documents"]
assert len(documents) == total, run.stderr
passed, wrong = 0, 0
for doc in documents:
    if doc["indication"] != "TOTAL-PASSED":
        continue
    passed += 1
    data = open(doc["file"], "rb").read()
    for who, seen in (("Python", python_reads(data)),
                      ("openssl", openssl_reads(doc["file"]))):
        if seen is not None and lines(seen) != lines(text):
            wrong += 1
            print("%s: %s reads %r" % (doc["file"], who, seen[:200]))
print("%d of %d pass, %d are read otherwise" % (passed, total, wrong))
sys.exit(wrong > 0 or passed == 0)
