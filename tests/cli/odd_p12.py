#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""PKCS#12 files of openssl, changed.

    odd_p12.py join OUT IN...       the parts of several files without MAC
    odd_p12.py key OUT KEY          EncryptedPrivateKeyInfo or, where it is
                                    none, PrivateKeyInfo (DER) in a bag
    odd_p12.py cut OUT IN BYTES     the beginning of a file
    odd_p12.py longer OUT IN BYTES  and what does not belong to it
    odd_p12.py flip OUT IN AT       a bit in the contents, at a part of them
    odd_p12.py mac OUT IN COUNT     the iterations of its MAC
    odd_p12.py hash OUT IN OID      the algorithm of its MAC (DER, hex)
    odd_p12.py pbmac OUT IN COUNT FILE
                                    a MAC by PBMAC1 (RFC 9579), with the
                                    passphrase in FILE
    odd_p12.py rounds OUT IN COUNT  the iterations of every PBKDF2
    odd_p12.py type OUT IN OID      the type of its content
    odd_p12.py part OUT IN OID      the type of its first part
    odd_p12.py ber OUT IN           indefinite lengths, outside
"""
import hashlib
import hmac
import sys

DATA = bytes.fromhex('2a864886f70d010701')
PBKDF2 = bytes.fromhex('06092a864886f70d01050c')
PBMAC1 = bytes.fromhex('06092a864886f70d01050e')
HMAC_SHA256 = bytes.fromhex('300c06082a864886f70d02090500')
KEY_BAG = bytes.fromhex('2a864886f70d010c0a0101')
SHROUDED_BAG = bytes.fromhex('2a864886f70d010c0a0102')


def tlv(tag, *content):
    body = b''.join(content)
    if len(body) < 128:
        return bytes([tag, len(body)]) + body
    size = len(body).to_bytes((len(body).bit_length() + 7) // 8, 'big')
    return bytes([tag, 0x80 | len(size)]) + size + body


def number(value):
    return tlv(2, value.to_bytes(value.bit_length() // 8 + 1, 'big'))


def elements(data):
    """Tag, content and the whole of each element."""
    at = 0
    while at < len(data):
        start, tag, size = at, data[at], data[at + 1]
        at += 2
        if size & 0x80:
            count = size & 0x7f
            size = int.from_bytes(data[at:at + count], 'big')
            at += count
        yield tag, data[at:at + size], data[start:at + size]
        at += size


def inside(data):
    return next(elements(data))[1]


def read(path):
    with open(path, 'rb') as file:
        return file.read()


def parts_of(pfx):
    """The parts of the AuthenticatedSafe, and what follows it."""
    fields = list(elements(inside(pfx)))
    info = list(elements(fields[1][1]))
    return inside(inside(info[1][1])), b''.join(f[2] for f in fields[2:])


def pfx_of(parts, rest=b'', oid=DATA):
    return tlv(0x30, number(3),
               tlv(0x30, tlv(6, oid),
                   tlv(0xa0, tlv(4, tlv(0x30, parts)))), rest)


def join(paths):
    return pfx_of(b''.join(parts_of(read(path))[0] for path in paths))


def key(path):
    der = read(path)
    first = next(elements(inside(der)))[0]
    bag = tlv(0x30, tlv(6, SHROUDED_BAG if first == 0x30 else KEY_BAG),
              tlv(0xa0, der))
    return pfx_of(tlv(0x30, tlv(6, DATA),
                      tlv(0xa0, tlv(4, tlv(0x30, bag)))))


def flip(pfx, tenths):
    parts, rest = parts_of(pfx)
    changed = bytearray(parts)
    changed[len(parts) * int(tenths) // 10] ^= 1
    return pfx_of(bytes(changed), rest)


def mac(pfx, count=None, oid=None):
    parts, rest = parts_of(pfx)
    fields = [f[2] for f in elements(inside(rest))]
    if count is not None:
        fields[2] = number(int(count))
    if oid is not None:
        digest = list(elements(inside(fields[0])))[1][2]
        fields[0] = tlv(0x30, tlv(0x30, bytes.fromhex(oid), tlv(5)), digest)
    return pfx_of(parts, tlv(0x30, *fields))


def pbmac(pfx, count, path):
    """One that holds, unless its rounds are too many to be computed."""
    parts, _ = parts_of(pfx)
    salt, value = bytes(range(16)), bytes(32)
    if count < 100000:
        key_bytes = hashlib.pbkdf2_hmac('sha256', read(path).rstrip(b'\n'),
                                        salt, count, 32)
        value = hmac.digest(key_bytes, tlv(0x30, parts), 'sha256')
    kdf = tlv(0x30, PBKDF2, tlv(0x30, tlv(4, salt), number(count), number(32),
                                HMAC_SHA256))
    algorithm = tlv(0x30, PBMAC1, tlv(0x30, kdf, HMAC_SHA256))
    return pfx_of(parts, tlv(0x30, tlv(0x30, algorithm, tlv(4, value)),
                             tlv(4, salt), number(1)))


def with_rounds(data, count):
    """data with another count behind each PBKDF2, at any depth."""
    out = b''
    for tag, body, whole in elements(data):
        if tag == 0x30 and body.startswith(PBKDF2):
            salt, _, *more = [f[2] for f in elements(
                list(elements(body))[1][1])]
            out += tlv(0x30, PBKDF2, tlv(0x30, salt, number(count), *more))
        elif tag & 0x20 or (tag == 4 and body[:1] == b'\x30' and
                            len(body) > 128):
            try:
                out += tlv(tag, with_rounds(body, count))
            except IndexError:
                out += whole
        else:
            out += whole
    return out


def part(pfx, oid):
    parts, rest = parts_of(pfx)
    first, *others = elements(parts)
    fields = [f[2] for f in elements(first[1])]
    return pfx_of(tlv(0x30, bytes.fromhex(oid), *fields[1:]) +
                  b''.join(f[2] for f in others), rest)


def main():
    what, out, *args = sys.argv[1:]
    made = {
        'join': lambda: join(args),
        'key': lambda: key(args[0]),
        'cut': lambda: read(args[0])[:int(args[1])],
        'longer': lambda: read(args[0]) + b'\n' * int(args[1]),
        'flip': lambda: flip(read(args[0]), args[1]),
        'mac': lambda: mac(read(args[0]), count=args[1]),
        'hash': lambda: mac(read(args[0]), oid=args[1]),
        'pbmac': lambda: pbmac(read(args[0]), int(args[1]), args[2]),
        'rounds': lambda: with_rounds(read(args[0]), int(args[1])),
        'type': lambda: pfx_of(*parts_of(read(args[0])),
                               bytes.fromhex(args[1])),
        'part': lambda: part(read(args[0]), args[1]),
        'ber': lambda: b'\x30\x80' + inside(read(args[0])) + b'\0\0',
    }[what]()
    with open(out, 'wb') as file:
        file.write(made)


main()
