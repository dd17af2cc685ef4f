# SPDX-License-Identifier: Apache-2.0
"""roots_of.py FILE: the certificates of authorities in a signed file, in PEM.

Whoever believes them believes the file's own word: of use to a test alone,
to see what a file proves once its authorities are believed.
"""
import base64
import re
import sys
import zlib

CA = bytes.fromhex('0603551d13')  # basicConstraints


def certificates(data):
    """What looks like a certificate: SEQUENCE { SEQUENCE { [0] { 2 } …"""
    for at in re.finditer(b'\x30\x82(..)\x30\x82..\xa0\x03\x02\x01\x02', data,
                          re.DOTALL):
        end = at.start() + 4 + int.from_bytes(at.group(1), 'big')
        if end <= len(data):
            yield data[at.start():end]


def is_authority(der):
    at = der.find(CA)
    return at > 0 and b'\x01\x01\xff' in der[at + 8:at + 20]


def parts(data):
    yield data
    for at in re.finditer(rb'stream\r?\n', data):
        try:
            yield zlib.decompressobj().decompress(data[at.end():])
        except zlib.error:
            pass
    for at in re.finditer(rb'<([0-9a-fA-F]{2000,})>', data):
        digits = at.group(1).decode()
        yield bytes.fromhex(digits[:len(digits) // 2 * 2])


def main():
    with open(sys.argv[1], 'rb') as file:
        data = file.read()
    found = {c for part in parts(data) for c in certificates(part)
             if is_authority(c)}
    for der in sorted(found):
        print('-----BEGIN CERTIFICATE-----')
        print(base64.encodebytes(der).decode(), end='')
        print('-----END CERTIFICATE-----')


main()
