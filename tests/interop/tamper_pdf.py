# SPDX-License-Identifier: Apache-2.0
"""tamper_pdf.py PDF TRUST: change every byte of a signed PDF, one at a time,
and hold deed's verdicts against where the byte lies.

A byte that is signed must fail, or take the way to the signature away.  A
byte of the signature value may leave a pass, if the signer is still the same;
nothing that a reader shows lies there.
"""
import collections
import json
import os
import subprocess
import sys

BATCH = 200
FAILURES = ('TOTAL-FAILED', 'NO-SIGNATURE', None)


def verify(paths, trust):
    run = subprocess.run(['deed', 'verify', '--trust', trust, '--json'] +
                         paths, capture_output=True, text=True, check=False)
    return json.loads(run.stdout)['documents']


def signer(document):
    return document['signatures'][0]['signer']['certificate']


def main():
    source, trust = sys.argv[1:]
    with open(source, 'rb') as f:
        good = f.read()
    [original] = verify([source], trust)
    if original['indication'] != 'TOTAL-PASSED':
        sys.exit('the original does not pass')
    who = signer(original)
    [signature] = original['signatures']
    _, first, second, _ = signature['byte_range']
    counts = collections.Counter()
    os.mkdir('tampered')
    for start in range(0, len(good), BATCH):
        paths = []
        for at in range(start, min(start + BATCH, len(good))):
            bad = bytearray(good)
            bad[at] ^= 1 << at % 8
            path = f'tampered/{at}.pdf'
            with open(path, 'wb') as f:
                f.write(bad)
            paths.append(path)
        for at, document in enumerate(verify(paths, trust), start):
            indication = document['indication']
            signed = not first <= at < second
            counts[signed, str(indication)] += 1
            if signed and indication not in FAILURES:
                sys.exit(f'byte {at} is signed, and changed: {indication}')
            if indication == 'TOTAL-PASSED' and signer(document) != who:
                sys.exit(f'byte {at} makes it another signer')
        for path in paths:
            os.unlink(path)
    print(', '.join(f'{"signed" if s else "value"}: {n} {k}'
                    for (s, k), n in sorted(counts.items())))


main()
