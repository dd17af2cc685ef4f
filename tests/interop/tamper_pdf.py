# SPDX-License-Identifier: Apache-2.0
"""tamper_pdf.py PDF TRUST: change every byte of a signed PDF, one at a time,
and hold deed's verdicts against where the byte lies.

A byte that is signed must fail, or take the way to the signature away.  A
byte of the signature value may leave a pass, if the signer is still the same;
nothing that a reader shows lies there.
"""
import collections
import sys

from tamper import FAILURES, each_byte, original, signer


def main():
    source, trust = sys.argv[1:]
    document = original(source, trust)
    who = signer(document)
    [signature] = document['signatures']
    _, first, second, _ = signature['byte_range']
    counts = collections.Counter()
    for at, _, document in each_byte(source, trust):
        indication = document['indication']
        signed = not first <= at < second
        counts[signed, str(indication)] += 1
        if signed and indication not in FAILURES:
            sys.exit(f'byte {at} is signed, and changed: {indication}')
        if indication == 'TOTAL-PASSED' and signer(document) != who:
            sys.exit(f'byte {at} makes it another signer')
    print(', '.join(f'{"signed" if s else "value"}: {n} {k}'
                    for (s, k), n in sorted(counts.items())))


main()
