# SPDX-License-Identifier: Apache-2.0
"""make_pdf.py FILE KIB [OBJECTS]: a one-page PDF of about so many KiB, most of
it a stream of random bytes that the page refers to and nothing shows; and so
many objects more, small dictionaries that the page refers to."""
import os
import sys

path, size = sys.argv[1], int(sys.argv[2]) * 1024
more = int(sys.argv[3]) if len(sys.argv) > 3 else 0
offsets = []


def begin(f, number):
    offsets.append(f.tell())
    f.write(b'%d 0 obj\n' % number)


with open(path, 'wb') as out:
    out.write(b'%PDF-1.7\n%\xe2\xe3\xcf\xd3\n')
    bodies = [b'<</Type/Catalog/Pages 2 0 R>>',
              b'<</Type/Pages/Kids[3 0 R]/Count 1>>',
              b'<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]'
              b'/PieceInfo<</Bench<</Private 4 0 R/More[%s]>>>>>>' %
              b' '.join(b'%d 0 R' % (5 + i) for i in range(more))]
    for i, body in enumerate(bodies):
        begin(out, i + 1)
        out.write(body + b'\nendobj\n')
    rest = max(size - out.tell() - 300, 1)
    begin(out, 4)
    out.write(b'<</Length %d>>\nstream\n' % rest)
    while rest > 0:
        piece = os.urandom(min(rest, 1 << 20))
        out.write(piece)
        rest -= len(piece)
    out.write(b'\nendstream\nendobj\n')
    for i in range(more):
        begin(out, 5 + i)
        out.write(b'<</Index %d/Name(object %d)>>\nendobj\n' % (i, i))
    start = out.tell()
    out.write(b'xref\n0 %d\n0000000000 65535 f \n' % (5 + more))
    for offset in offsets:
        out.write(b'%010d 00000 n \n' % offset)
    out.write(b'trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n'
              % (5 + more, start))
