# SPDX-License-Identifier: Apache-2.0
"""What tamper_pdf.py and tamper_asic.py share: every byte of a signed file
changed, one at a time, and what deed says of each."""
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


def original(source, trust):
    [document] = verify([source], trust)
    if document['indication'] != 'TOTAL-PASSED':
        sys.exit('the original does not pass')
    return document


def each_byte(source, trust):
    """For each byte: its offset, the changed copy, deed's verdict on it."""
    with open(source, 'rb') as f:
        good = f.read()
    os.mkdir('tampered')
    for start in range(0, len(good), BATCH):
        paths = []
        for at in range(start, min(start + BATCH, len(good))):
            bad = bytearray(good)
            bad[at] ^= 1 << at % 8
            path = f'tampered/{at}'
            with open(path, 'wb') as f:
                f.write(bad)
            paths.append(path)
        for at, document in enumerate(verify(paths, trust), start):
            yield at, f'tampered/{at}', document
        for path in paths:
            os.unlink(path)
