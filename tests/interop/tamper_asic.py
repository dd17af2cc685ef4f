# SPDX-License-Identifier: Apache-2.0
"""tamper_asic.py CONTAINER TRUST: change every byte of a container, one at a
time, and hold deed's verdicts against what Python reads.

Exit codes 1, 3, 4 and 5 are failures to pass.  A pass is right only if the
files that Python's zipfile finds, and the signer, are those of the original.
"""
import collections
import json
import os
import subprocess
import sys
import zipfile

BATCH = 200


def files_of(path):
    """What Python shows; None where it refuses the container."""
    try:
        with zipfile.ZipFile(path) as container:
            return {n: container.read(n) for n in container.namelist()
                    if not n.startswith('META-INF/') and n != 'mimetype'}
    except (zipfile.BadZipFile, NotImplementedError):
        return None


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
    shown, who = files_of(source), signer(original)
    counts = collections.Counter()
    os.mkdir('tampered')
    for start in range(0, len(good), BATCH):
        paths = []
        for at in range(start, min(start + BATCH, len(good))):
            bad = bytearray(good)
            bad[at] ^= 0x55
            path = f'tampered/{at}.asice'
            with open(path, 'wb') as f:
                f.write(bad)
            paths.append(path)
        for path, document in zip(paths, verify(paths, trust)):
            indication = document['indication']
            counts[str(indication)] += 1
            if indication == 'TOTAL-PASSED' and (
                    files_of(path) not in (shown, None) or signer(document) != who):
                sys.exit(f'{path} passes and shows something else')
            os.unlink(path)
    if counts['TOTAL-PASSED'] * 4 > len(good):
        sys.exit(f'too much is not covered: {counts}')
    print(', '.join(f'{n} {k}' for k, n in sorted(counts.items())))


main()
