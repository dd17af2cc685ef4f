# SPDX-License-Identifier: Apache-2.0
"""tamper_asic.py CONTAINER TRUST: change every byte of a container, one at a
time, and hold deed's verdicts against what Python reads.

A byte of a signed file or of the manifest must fail, or take the way to the
signature away.  Elsewhere a pass is right only if the files that Python's
zipfile finds, and the signer, are those of the original.
"""
import collections
import sys
import zipfile

from tamper import FAILURES, each_byte, original, signer

LOCAL = 30  # bytes of a local header before the name


def is_object(name):
    return not name.startswith('META-INF/') and name != 'mimetype'


def files_of(path):
    """What Python shows; None where it refuses the container."""
    try:
        with zipfile.ZipFile(path) as container:
            return {n: container.read(n) for n in container.namelist()
                    if is_object(n)}
    except (zipfile.BadZipFile, NotImplementedError):
        return None


def signed_bytes(path):
    """Offsets of the content of the files and of the manifest, stored."""
    signed = set()
    with zipfile.ZipFile(path) as container:
        for entry in container.infolist():
            if not is_object(entry.filename) and \
                    'ASiCManifest' not in entry.filename:
                continue
            start = entry.header_offset + LOCAL + \
                len(entry.filename.encode()) + len(entry.extra)
            signed.update(range(start, start + entry.file_size))
    return signed


def main():
    source, trust = sys.argv[1:]
    shown, who = files_of(source), signer(original(source, trust))
    signed = signed_bytes(source)
    counts = collections.Counter()
    for at, path, document in each_byte(source, trust):
        indication = document['indication']
        counts[at in signed, str(indication)] += 1
        if at in signed and indication not in FAILURES:
            sys.exit(f'byte {at} is signed, and changed: {indication}')
        if indication == 'TOTAL-PASSED' and (
                files_of(path) not in (shown, None) or
                signer(document) != who):
            sys.exit(f'byte {at}: it passes and shows something else')
    print(', '.join(f'{"signed" if s else "elsewhere"}: {n} {k}'
                    for (s, k), n in sorted(counts.items())))


main()
