#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""tamper-cms.py make FILE DIR: one copy of FILE a byte, that byte changed.
tamper-cms.py judge FILE REPORT: what deed verify --json said of them.

A copy may pass only if the signer is the same.  A byte of the signed
attributes, of the signature value or of the content inside: failed, or no
longer a signature."""
import json
import re
import subprocess
import sys


def ranges(path):
    """Offsets of what is signed, and of the value, by openssl's parser."""
    out = subprocess.run(['openssl', 'asn1parse', '-inform', 'DER', '-in',
                          path], capture_output=True, text=True,
                         check=True).stdout
    rows = []
    for line in out.splitlines():
        row = re.match(r' *(\d+):d=(\d+) +hl=(\d+) +l= *(\d+)', line)
        if row is None:
            continue  # a value with a line end in it
        at, d, hl, length = (int(n) for n in row.groups())
        rows.append((at, d, hl, length, line))
    info = [r for r in rows if r[1] == 4 and 'SEQUENCE' in r[4]][-1]
    end = info[0] + info[2] + info[3]
    inside = [r for r in rows if info[0] < r[0] < end and r[1] == 5]
    attrs = [r for r in inside if 'cont [ 0 ]' in r[4]][0]
    value = [r for r in inside if 'OCTET STRING' in r[4]][0]
    signed = set()
    for at, _, hl, length, _ in (attrs, value):
        signed.update(range(at, at + hl + length))
    content = [r for r in rows if 'OCTET STRING' in r[4] and r[1] == 5
               and r[0] < info[0]]
    for at, _, hl, length, _ in content:
        signed.update(range(at + hl, at + hl + length))
    return signed


def make(path, folder):
    data = open(path, 'rb').read()
    for i, byte in enumerate(data):
        for flip in (0x01, 0x80):
            name = '%s/%05d.%02x' % (folder, i, flip)
            with open(name, 'wb') as f:
                f.write(data[:i] + bytes([byte ^ flip]) + data[i + 1:])
            print(name)


def judge(path, report):
    documents = json.load(open(report))['documents']
    original = documents[0]
    bad = 0
    assert original['indication'] == 'TOTAL-PASSED', original
    signer = original['signatures'][0]['signer']
    signed = ranges(path)
    assert len(signed) > 100, signed
    counts = {}
    for d in documents[1:]:
        at = int(d['file'].split('/')[-1].split('.')[0])
        said = d['indication']
        if said == 'TOTAL-PASSED':
            fine = all(s['signer'] == signer for s in d['signatures'])
        else:
            fine = True
        if at in signed:
            fine = said in ('TOTAL-FAILED', 'NO-SIGNATURE', None)
        key = (at in signed, said)
        counts[key] = counts.get(key, 0) + 1
        if not fine:
            bad += 1
            print('byte', at, 'signed' if at in signed else 'not signed',
                  said, [s['signer'] for s in d['signatures']])
    for (inside, said), n in sorted(counts.items(), key=str):
        print('signed' if inside else 'elsewhere', said, n)
    print(len(documents) - 1, 'changed copies')
    return 1 if bad else 0


if __name__ == '__main__':
    if sys.argv[1] == 'make':
        make(sys.argv[2], sys.argv[3])
    else:
        sys.exit(judge(sys.argv[2], sys.argv[3]))
