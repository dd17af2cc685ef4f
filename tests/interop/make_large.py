# SPDX-License-Identifier: Apache-2.0
"""make_large.py OUT SIZE: a sound PDF of a little over SIZE bytes, nearly all
of it one stream of zeros that takes no room on the disk."""
import sys


def main():
    path, size = sys.argv[1], int(sys.argv[2])
    offsets = []
    with open(path, 'wb') as f:
        f.write(b'%PDF-1.7\n%\xe2\xe3\xcf\xd3\n')
        objects = [
            b'<</Type/Catalog/Pages 2 0 R>>',
            b'<</Type/Pages/Kids[3 0 R]/Count 1>>',
            b'<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<<>>>>',
        ]
        for number, body in enumerate(objects, 1):
            offsets.append(f.tell())
            f.write(b'%d 0 obj\n%s\nendobj\n' % (number, body))
        offsets.append(f.tell())
        f.write(b'4 0 obj\n<</Length %d>>\nstream\n' % size)
        f.seek(size, 1)
        f.write(b'\nendstream\nendobj\n')
        at = f.tell()
        f.write(b'xref\n0 5\n0000000000 65535 f \n')
        for offset in offsets:
            f.write(b'%010d 00000 n \n' % offset)
        f.write(b'trailer\n<</Size 5/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n'
                % at)


main()
