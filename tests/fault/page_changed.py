# SPDX-License-Identifier: Apache-2.0
"""page_changed.py IN OUT: an update that turns the first page that is found,
with a table that is whole."""
import re
import sys

with open(sys.argv[1], 'rb') as f:
    data = f.read()
page = re.findall(rb'\n(\d+) 0 obj\s*(<<(?:[^>]|>(?!>))*/Type\s*/Page[^s].*?)'
                  rb'\s*endobj', data, re.S)[-1]
number, body = int(page[0]), page[1].rstrip()
assert body.endswith(b'>>'), body
size = max(map(int, re.findall(rb'/Size (\d+)', data)))
root = re.findall(rb'/Root (\d+ 0 R)', data)[-1]
prev = re.findall(rb'startxref\s+(\d+)', data)[-1]
out = data + b'%d 0 obj\n%s/Rotate 180>>\nendobj\n' % (number, body[:-2])
xref = len(out)
out += (b'xref\n0 1\n0000000000 65535 f \n%d 1\n%010d 00000 n \ntrailer\n'
        b'<</Size %d/Root %s/Prev %s>>\nstartxref\n%d\n%%%%EOF\n' %
        (number, len(data), size, root, prev, xref))
with open(sys.argv[2], 'wb') as f:
    f.write(out)
