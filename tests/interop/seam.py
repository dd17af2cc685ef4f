#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Pages for a seam seal, and its strips put together again.

seam.py make COUNT > FILE.pdf
    blank pages of 600 by 720 points as displayed, turned and cut in turns
seam.py join PPM... TOP HEIGHT STRIP X Y > PNG
    the strips at the right edges of the pages, which are given in order, each
    STRIP pixels wide and HEIGHT high from TOP, put side by side; says which
    part of their pixels, in percent, differs from the first page at X, Y
"""
import struct
import sys
import zlib


def make(count):
    """Media box, crop box and /Rotate differ, what is displayed does not."""
    boxes = [
        ("0 0 600 720", None, 0),
        ("0 0 720 600", None, 90),
        ("-30 -50 640 700", "-10 -40 590 680", 0),
        ("0 0 600 720", None, 180),
        ("10 20 900 800", "100 100 820 700", 270),
    ]
    objects = ["<</Type/Catalog/Pages 2 0 R>>", None]
    for i in range(count):
        media, crop, rotate = boxes[i % len(boxes)]
        objects.append(
            "<</Type/Page/Parent 2 0 R/MediaBox[%s]%s/Rotate %d>>"
            % (media, "/CropBox[%s]" % crop if crop else "", rotate))
    kids = " ".join("%d 0 R" % (i + 3) for i in range(count))
    objects[1] = "<</Type/Pages/Kids[%s]/Count %d>>" % (kids, count)
    out = b"%PDF-1.7\n"
    offsets = []
    for i, body in enumerate(objects):
        offsets.append(len(out))
        out += b"%d 0 obj%sendobj\n" % (i + 1, body.encode())
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    for offset in offsets:
        out += b"%010d 00000 n \n" % offset
    out += b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1, start)
    sys.stdout.buffer.write(out)


def read_ppm(path):
    """Width and rows of three bytes a pixel."""
    with open(path, "rb") as file:
        data = file.read()
    kind, width, height, _ = data.split(None, 4)[:4]
    assert kind == b"P6"
    width, height = int(width), int(height)
    pixels = data[len(data) - 3 * width * height:]
    return width, [pixels[3 * width * y:3 * width * (y + 1)]
                   for y in range(height)]


def write_png(rows):
    """Rows of three bytes a pixel."""
    def chunk(kind, body):
        return (struct.pack(">I", len(body)) + kind + body +
                struct.pack(">I", zlib.crc32(kind + body)))
    head = struct.pack(">IIBBBBB", len(rows[0]) // 3, len(rows), 8, 2, 0, 0, 0)
    body = zlib.compress(b"".join(b"\0" + row for row in rows))
    sys.stdout.buffer.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) +
                            chunk(b"IDAT", body) + chunk(b"IEND", b""))


def join(paths, top, height, strip, x, y):
    """Strips beside each other against the whole."""
    joined = [b""] * height
    for path in paths:
        width, rows = read_ppm(path)
        for i in range(height):
            joined[i] += rows[top + i][3 * (width - strip):]
    whole = [row[3 * x:3 * (x + strip * len(paths))]
             for row in read_ppm(paths[0])[1][y:y + height]]
    differs = inked = 0
    for a, b in zip(joined, whole):
        assert len(a) == len(b)
        for i in range(0, len(a), 3):
            inked += b[i:i + 3] != b"\xff\xff\xff"
            differs += max(abs(a[i + k] - b[i + k]) for k in range(3)) > 16
    total = sum(len(row) // 3 for row in joined)
    print("%.3f %.1f" % (100 * differs / total, 100 * inked / total),
          file=sys.stderr)
    write_png(joined)


if sys.argv[1] == "make":
    make(int(sys.argv[2]))
else:
    join(sys.argv[2:-5], *[int(arg) for arg in sys.argv[-5:]])
