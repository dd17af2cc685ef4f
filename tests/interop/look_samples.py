# SPDX-License-Identifier: Apache-2.0
"""look_samples.py WHAT: documents for look.t, in the current folder.

prepare: what is signed; turned: pages of other boxes and rotations, signed
twice; covers: boxes over what was signed; large: a page too large to paint;
report FILE: is the report in HTML whole?
"""
import base64
import os
import re
import sys
import zlib

from attack_doc import PRICE, Doc, annotation, form_x
from attack_lib import certificate
from attack_pdf import stream

OTHER = ('1 g 0 0 100 40 re f 0 g BT /F 12 Tf 5 10 Td (The price is 99999) '
         'Tj ET')
SIDE = 600  # pixels of a scan


def write(name, data):
    with open(name, 'wb') as f:
        f.write(data)


def scan():
    """Paper that is never quite white, and lines of dark marks at the top;
    the same on every run."""
    seed, rows = 1, []
    for y in range(SIDE):
        row = bytearray()
        for x in range(SIDE):
            seed = (seed * 1103515245 + 12345) & 0x7fffffff
            value = 228 + (seed >> 16) % 20
            if 100 <= y < 200 and y % 24 < 14 and x % 16 < 5:
                value = 40
            row.append(value)
        rows.append(bytes(row))
    data = zlib.compress(b''.join(rows)).hex() + '>'
    return stream(data, '/Type/XObject/Subtype/Image/Width %d/Height %d'
                  '/ColorSpace/DeviceGray/BitsPerComponent 8/Filter'
                  '[/ASCIIHexDecode/FlateDecode]' % (SIDE, SIDE))


def scanned():
    return Doc('q 300 0 0 300 0 0 cm /I Do Q',
               resources='/XObject<</I 20 0 R>>', more={20: scan()})


def box(doc, rect):
    """A second signature that is seen there."""
    n = doc.fresh() + 10
    return doc.sign(look='/Rect[%s]/AP<</N %d 0 R>>' % (rect, n),
                    more={n: form_x(OTHER)})


def prepare():
    if not os.path.exists('alice.crt'):
        certificate('alice')


def turned():
    page = '/MediaBox[0 0 400 300]/CropBox[50 20 350 280]/Rotate %d'
    for turn in (0, 90, 180, 270):
        doc = box(Doc(page=page % turn).sign(), '200 30 320 70')
        write('turned-%d.pdf' % turn, annotation(
            doc, 'Square', '60 220 100 260', '/C[1 0 0]/F 4'))


def covers():
    paper, text = scanned().sign(), Doc().sign()
    write('on-paper.pdf', box(paper, '20 40 140 90').data)
    write('on-marks.pdf', box(paper, '20 170 140 260').data)
    write('on-text.pdf', box(text, '15 190 115 230').data)
    # Less than three percent of so large a box is ink.
    write('on-price.pdf', box(text, '5 100 145 240').data)
    write('forged.pdf', text.update({4: stream(PRICE.replace('10', '99999'))}))
    n = text.fresh() + 10
    stamped = Doc().later({
        3: Doc().with_annotation(n), n + 1: form_x('1 0 0 rg 0 0 9 9 re f'),
        n: '<</Type/Annot/Subtype/Stamp/F 4/P 3 0 R/Rect[200 200 220 220]'
           '/AP<</N %d 0 R>>>>' % (n + 1)})
    # /F 36: printed, and not seen on a screen.
    unseen = stamped.later({n: stamped.changed(n, '/F 4', '/F 36')}).sign()
    stamped = stamped.sign()
    for name, doc in (('gone', stamped), ('gone-in-print', unseen)):
        write(name + '.pdf', doc.update({
            3: doc.objects[3].replace('%d 0 R' % n, '')}))


def large():
    doc = Doc(page='/MediaBox[0 0 14400 14400]', content=PRICE)
    write('large.pdf', doc.sign().sign().data)


def whole(data):
    """Is it a PNG?"""
    assert data[:8] == b'\x89PNG\r\n\x1a\n'
    at, kinds, packed = 8, [], b''
    while at < len(data):
        size = int.from_bytes(data[at:at + 4], 'big')
        kind = data[at + 4:at + 8]
        body = data[at + 8:at + 8 + size]
        assert zlib.crc32(kind + body) == int.from_bytes(
            data[at + 8 + size:at + 12 + size], 'big')
        if kind == b'IHDR':
            width = int.from_bytes(body[:4], 'big')
            height = int.from_bytes(body[4:8], 'big')
        elif kind == b'IDAT':
            packed += body
        kinds.append(kind)
        at += 12 + size
    pixels = zlib.decompress(packed)
    assert kinds == [b'IHDR', b'IDAT', b'IEND'], kinds
    assert len(pixels) == height * (1 + 3 * width)
    return pixels


def report(name):
    with open(name, encoding='utf-8') as f:
        text = f.read()
    pictures = re.findall(r'<img [^>]*src="data:image/png;base64,([^"]*)"',
                          text)
    assert len(pictures) >= 2 and len(pictures) % 2 == 0, len(pictures)
    assert len(re.findall(r'<img ', text)) == len(pictures)
    seen = [whole(base64.b64decode(p, validate=True)) for p in pictures]
    assert any(seen[i] != seen[i + 1] for i in range(0, len(seen), 2))
    assert 'img-src data:' in text and 'script' not in text
    assert re.search(r'<i style="left:[0-9.]+%', text), 'no place is marked'
    assert not re.search(r'(src|href)="(?!data:)', text)


{'prepare': prepare, 'turned': turned, 'covers': covers, 'large': large,
 'report': lambda: report(sys.argv[2])}[sys.argv[1]]()
