# SPDX-License-Identifier: Apache-2.0
"""append_pdf.py IN OUT [--trailer TEXT] [NUM BODY]...: an incremental update
with these objects; BODY 'free' frees the number."""
import re
import sys


def main():
    source, target, *rest = sys.argv[1:]
    with open(source, 'rb') as f:
        data = f.read()
    trailer = ''
    if rest[:1] == ['--trailer']:
        trailer, rest = rest[1], rest[2:]
    prev = int(re.findall(rb'startxref\s+(\d+)', data)[-1])
    size = max(int(n) for n in re.findall(rb'/Size (\d+)', data))
    root = re.findall(rb'/Root (\d+) 0 R', data)[-1]
    rows = b'0 1\n0000000000 65535 f \n'
    for num, body in zip(rest[::2], rest[1::2]):
        size = max(size, int(num) + 1)
        if body == 'free':
            rows += b'%s 1\n0000000000 00001 f \n' % num.encode()
            continue
        rows += b'%s 1\n%010d 00000 n \n' % (num.encode(), len(data))
        data += b'%s 0 obj\n%s\nendobj\n' % (num.encode(),
                                             body.encode('latin1'))
    at = len(data)
    data += b'xref\n%strailer\n<</Size %d/Root %s 0 R/Prev %d%s>>\n' % (
        rows, size, root, prev, trailer.encode())
    data += b'startxref\n%d\n%%%%EOF\n' % at
    with open(target, 'wb') as f:
        f.write(data)


main()
