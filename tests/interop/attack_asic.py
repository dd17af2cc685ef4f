# SPDX-License-Identifier: Apache-2.0
"""attack_asic.py: attacks on good.asice, and parser bombs of every format;
lines as attack_pdf.py's."""
import base64
import hashlib
import io
import re
import struct
import sys
import unicodedata
import warnings
import zipfile
import zlib

from attack_lib import cms, emit

warnings.simplefilter('ignore')
MANIFEST = 'META-INF/ASiCManifest001.xml'
SIGNATURE = 'META-INF/signature001.p7s'
MEDIA = 'application/vnd.etsi.asic-e+zip'
BOMB = 'parser-bomb'


def files(path='good.asice'):
    with zipfile.ZipFile(path) as z:
        return [(i.filename, z.read(i)) for i in z.infolist()]


def pack(entries, method=zipfile.ZIP_STORED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, 'w', method) as z:
        for name, data in entries:
            info = zipfile.ZipInfo(name, (2026, 1, 2, 3, 4, 4))
            info.compress_type = (zipfile.ZIP_STORED if name == 'mimetype'
                                  else method)
            z.writestr(info, data)
    return out.getvalue()


def container(objects, references=None):
    """Signed by alice: the manifest names what references say."""
    refs = ''
    for name, data in references or objects:
        refs += ('<asic:DataObjectReference URI="%s"><ds:DigestMethod '
                 'Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/>'
                 '<ds:DigestValue>%s</ds:DigestValue>'
                 '</asic:DataObjectReference>' %
                 (name, base64.b64encode(
                     hashlib.sha256(data).digest()).decode()))
    manifest = ('<?xml version="1.0" encoding="UTF-8"?><asic:ASiCManifest '
                'xmlns:asic="http://uri.etsi.org/02918/v1.2.1#" '
                'xmlns:ds="http://www.w3.org/2000/09/xmldsig#">'
                '<asic:SigReference URI="%s" MimeType="application/pkcs7-'
                'signature"/>%s</asic:ASiCManifest>' %
                (SIGNATURE, refs)).encode()
    return [('mimetype', MEDIA.encode())] + objects + [
        (MANIFEST, manifest), (SIGNATURE, cms(manifest))]


def tricks():
    cls = 'asic-manifest'
    good = files()
    name, data = [(n, d) for n, d in good if n.endswith('.txt')][0]

    def out(entries, word, twin='good.asice'):
        packed = entries if isinstance(entries, bytes) else pack(entries)
        emit(cls, packed, twin if isinstance(twin, str) else pack(twin),
             word, '', 'asice')
    # Files that no manifest names: plain, by case, by Unicode form, hidden.
    out(good + [('annex2.txt', b'The price is 99999')], 'object-unsigned')
    out(good + [(name.capitalize(), b'99999')], 'object-unsigned')
    composed = 'r\u00e9sum\u00e9.txt'
    mine = container([(composed, b'10')])
    out(mine + [(unicodedata.normalize('NFD', composed), b'99999')],
        'object-unsigned', mine)
    out(good + [('META-INF/terms.txt', b'99999')], 'object-unsigned')
    out(good + [('meta-inf/ASiCManifest002.xml', b'<x/>')],
        'object-unsigned')
    # One signature for two manifests.
    manifest = dict(good)[MANIFEST]
    out(good + [('META-INF/ASiCManifest002.xml', manifest)],
        'manifest-missing|message-digest')
    evil = manifest.replace(name.encode(), b'evil.txt')
    out(good + [('META-INF/ASiCManifest002.xml', evil), ('evil.txt', data)],
        'manifest-missing|message-digest')
    # A path twice in the manifest, of two contents; a path that leads out.
    two = container([('a.txt', b'10')],
                    [('a.txt', b'10'), ('a.txt', b'99999')])
    out(two, 'manifest|object', container([('a.txt', b'10')]))
    out(container([('a.txt', b'10')], [('a.txt', b'10'),
                                       ('../a.txt', b'99999')]),
        'manifest|object', container([('a.txt', b'10')]))
    # A file twice; another name, another size in the local header.
    out(good + [(name, b'99999')], 'zip|entry|duplicate|twice')
    raw = bytearray(pack(good))
    at = raw.index(name.encode())
    raw[at:at + 1] = b'X'
    out(bytes(raw), 'zip|header|entry')
    raw = pack(good)
    at = raw.index(b'PK\1\2')
    out(raw[:at] + b'PK\3\4' + b'\0' * 26 + raw[at:], 'zip|entry|gap|bytes')


# ---- bombs ----

def pdf(objects, more=b''):
    """A small file by hand, with a table."""
    out, at = b'%PDF-1.7\n', {}
    for num, body in objects.items():
        at[num] = len(out)
        out += b'%d 0 obj\n%s\nendobj\n' % (num, body)
    xref = len(out)
    out += b'xref\n0 1\n0000000000 65535 f \n'
    for num, place in at.items():
        out += b'%d 1\n%010d 00000 n \n' % (num, place)
    return out + (b'trailer\n<</Root 1 0 R/Size %d%s>>\nstartxref\n%d\n'
                  b'%%%%EOF\n' % (max(at) + 1, more, xref))


def zeros(megabytes):
    z = zlib.compressobj(9)
    piece = b'\0' * (1 << 20)
    return b''.join(z.compress(piece) for _ in range(megabytes)) + z.flush()


def xref_stream(packed, size):
    out = b'%PDF-1.7\n'
    at = len(out)
    return out + (b'1 0 obj\n<</Type/XRef/Size %d/W[1 2 1]/Root 2 0 R/Filter'
                  b'/FlateDecode/Length %d>>\nstream\n%s\nendstream\nendobj\n'
                  b'startxref\n%d\n%%%%EOF\n' % (size, len(packed), packed,
                                                 at))


def bombs(twin):
    root = {1: b'<</Type/Catalog/Pages 2 0 R/AcroForm 5 0 R>>',
            2: b'<</Type/Pages/Kids[3 0 R]/Count 1>>',
            3: b'<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>'}

    def out(data, ending='pdf', options='', other=twin):
        emit(BOMB, data, other, '', options, ending)
    # Streams and numbers that grow.
    out(xref_stream(zeros(300), 100000000))
    out(xref_stream(zeros(1), 2000000000))
    double = zlib.compress(zeros(2000), 9)
    out(pdf({**root, 5: b'<</Fields 6 0 R>>', 6:
             b'<</Type/ObjStm/N 1/First 4/Filter[/FlateDecode/FlateDecode]'
             b'/Length %d>>\nstream\n%s\nendstream' % (len(double),
                                                       double)}))
    # Nesting, loops, one object read over and over.
    out(pdf({**root, 5: b'[' * 500000}))
    out(pdf({**root, 5: b'<</Fields[6 0 R]>>', 6: b'<</Kids[6 0 R 6 0 R]/T(x)'
             b'/Parent 6 0 R>>'}))
    body = pdf(root)
    out(re.sub(rb'/Size (\d+)', rb'/Size \1/Prev %d' %
               body.rindex(b'xref\n0 1'), body))
    kids = {n: b'<</T(x)/FT/Sig/Kids[%s]>>' %
            b' '.join(b'%d 0 R' % (n + 1) for _ in range(20))
            for n in range(6, 60)}
    out(pdf({**root, 5: b'<</Fields[6 0 R]>>', **kids, 60: b'<</T(y)>>'}))
    many = b''.join(b'%d 0 R ' % (6 + i % 2) for i in range(400000))
    out(pdf({**root, 5: b'<</Fields[%s]>>' % many, 6: b'<</FT/Sig/T(x)/V 7 0 '
             b'R>>', 7: b'<</Type/Sig/ByteRange[0 1 2 3]/Contents<00>>>'}))
    # A thousand savings of a large table.
    grown = pdf(root)
    rows = b''.join(b'%010d 00000 n \n' % 9 for _ in range(500))
    for _ in range(200):
        prev = re.findall(rb'startxref\n(\d+)', grown)[-1]
        at = len(grown)
        grown += (b'xref\n10 500\n%strailer\n<</Root 1 0 R/Size 600/Prev %s>>'
                  b'\nstartxref\n%d\n%%%%EOF\n' % (rows, prev, at))
    out(grown)
    # BER that nests, DER that lies about its length.
    oid = bytes.fromhex('06092a864886f70d010702')
    out(b'\x30\x80' + oid + b'\xa0\x80' + b'\x24\x80' * 200000, 'p7s',
        other='terms.p7s')
    out(b'\x30\x84\x7f\xff\xff\xff' + oid + b'\xa0\x84\x7f\xff\xff\xf0', 'p7s',
        other='terms.p7s')
    # Containers: a file of zeros, entities, elements, entries.
    good = files()
    name = [n for n, _ in good if n.endswith('.txt')][0]
    big = [(n, b'\0' * (256 << 20) if n == name else d) for n, d in good]
    out(pack(big, zipfile.ZIP_DEFLATED), 'asice', other='good.asice')
    lol = '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a0 "ha">%s]>' % ''.join(
        '<!ENTITY a%d "%s">' % (i, '&a%d;' % (i - 1) * 10)
        for i in range(1, 12))
    lol += '<asic:ASiCManifest xmlns:asic="x">&a11;</asic:ASiCManifest>'
    deep = '<a>' * 300000
    for xml in (lol, deep):
        out(pack([(n, xml.encode() if n == MANIFEST else d)
                  for n, d in good]), 'asice', other='good.asice')
    many = [('f%05d.txt' % i, b'') for i in range(20000)]
    out(pack(good + many), 'asice', other='good.asice')
    # Many signatures over much content, and manifests of many files.
    value = cms(b'another content')
    signatures = [('META-INF/signature%03d.p7s' % i, value)
                  for i in range(100)]
    out(pack([('mimetype', MEDIA.replace('asic-e', 'asic-s')),
              ('a.bin', b'\0' * (60 << 20))] + signatures,
             zipfile.ZIP_DEFLATED), 'asice', other='good.asice')
    xml = [(n, d) for n, d in container([('a.bin', b'')], [
        ('%d' % i, b'') for i in range(9000)]) if n == MANIFEST][0][1]
    out(pack([('mimetype', MEDIA), ('a.bin', b'')] + [
        (MANIFEST.replace('001', '%03d' % i), xml.replace(
            SIGNATURE.encode(), signatures[i][0].encode()))
        for i in range(6)] + signatures[:6] + many[:5000],
        zipfile.ZIP_DEFLATED), 'asice', other='good.asice')
    # Offsets that overlap: every entry the same bytes.
    packed = bytearray(pack(good))
    end = packed.rindex(b'PK\5\6')
    struct.pack_into('<H', packed, end + 10, 65535)
    struct.pack_into('<H', packed, end + 8, 65535)
    out(bytes(packed), 'asice', other='good.asice')


if __name__ == '__main__':
    sys.setrecursionlimit(10000)
    tricks()
    bombs('base.signed.pdf')
