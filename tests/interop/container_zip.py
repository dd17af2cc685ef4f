# SPDX-License-Identifier: Apache-2.0
"""ZIP files field by field, and what lies in ASiC containers: for
containers.py.  zipfile writes none of the odd ones."""
import base64
import hashlib
import struct
import zlib

ASIC_E = 'application/vnd.etsi.asic-e+zip'
ASIC_S = 'application/vnd.etsi.asic-s+zip'
UTF8 = 0x800
LATER = 0x8  # sizes and CRC in a data descriptor
SIGNED, UNSIGNED, NONE = b'PK\7\x08', b'', None


class Entry:
    """raw is the name's bytes; flags of both headers, of one alone are
    added.  descriptor: with its signature, without, or none at all."""

    def __init__(self, name, data, raw=None, flags=None, local_flags=0,
                 central_flags=0, deflate=False, attributes=0o100644 << 16,
                 system=3, local=b'', central=b'', descriptor=SIGNED):
        self.name, self.data = name, data
        self.raw = name.encode() if raw is None else raw
        if flags is None:
            flags = 0 if name.isascii() or raw is not None else UTF8
        self.flags = (flags | local_flags, flags | central_flags)
        self.method = 8 if deflate else 0
        self.attributes, self.system = attributes, system
        self.extra, self.descriptor = (local, central), descriptor
        z = zlib.compressobj(9, wbits=-15)
        self.packed = z.compress(data) + z.flush() if deflate else data

    def common(self, side, later):
        sizes = (0, 0, 0) if later else (
            zlib.crc32(self.data), len(self.packed), len(self.data))
        return struct.pack('<HHHHHIIIHH', 45 if side else 20,
                           self.flags[side], self.method, 0x1884, 0x5c22,
                           *sizes, len(self.raw), len(self.extra[side]))

    def local(self):
        later = self.flags[0] & LATER and self.descriptor is not NONE
        out = (b'PK\3\4' + self.common(0, later) + self.raw +
               self.extra[0] + self.packed)
        if later:
            out += self.descriptor + struct.pack(
                '<III', zlib.crc32(self.data), len(self.packed),
                len(self.data))
        return out

    def central(self, offset):
        return (b'PK\1\2' + struct.pack('<BB', 30, self.system) +
                self.common(1, False) + struct.pack(
                    '<HHHII', 0, 0, 0, self.attributes, offset) +
                self.raw + self.extra[1])


def pack(entries, comment=b'', said=None):
    out, at = b'', []
    for e in entries:
        at.append(len(out))
        out += e.local()
    start = len(out)
    for e, offset in zip(entries, at):
        out += e.central(offset)
    return out + b'PK\5\6' + struct.pack(
        '<HHHHIIH', 0, 0, len(entries), len(entries), len(out) - start,
        start, len(comment) if said is None else said) + comment


def unicode_path(raw, name):
    """The field 0x7075 that gives a name of these bytes another."""
    data = b'\1' + struct.pack('<I', zlib.crc32(raw)) + name.encode()
    return struct.pack('<HH', 0x7075, len(data)) + data


def quoted(name):
    return ''.join(chr(c) if chr(c).isalnum() and c < 128 or chr(c) in './-_'
                   else '%%%02X' % c for c in name.encode())


def manifest(signature, files):
    """An ASiCManifest; files are (name, data)."""
    kind = ('vnd.etsi.timestamp-token' if signature.endswith('.tst')
            else 'pkcs7-signature')
    refs = ''.join(
        '<asic:DataObjectReference URI="%s"><ds:DigestMethod Algorithm='
        '"http://www.w3.org/2001/04/xmlenc#sha256"/><ds:DigestValue>%s'
        '</ds:DigestValue></asic:DataObjectReference>' %
        (quoted(name), base64.b64encode(hashlib.sha256(data).digest())
         .decode()) for name, data in files)
    return ('<?xml version="1.0" encoding="UTF-8"?><asic:ASiCManifest '
            'xmlns:asic="http://uri.etsi.org/02918/v1.2.1#" '
            'xmlns:ds="http://www.w3.org/2000/09/xmldsig#">'
            '<asic:SigReference URI="%s" MimeType="application/%s"/>%s'
            '</asic:ASiCManifest>' % (signature, kind, refs)).encode()
