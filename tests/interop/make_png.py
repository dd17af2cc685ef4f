# SPDX-License-Identifier: Apache-2.0
"""make_png.py WIDTH HEIGHT: a red PNG, half transparent, on standard output."""
import struct
import sys
import zlib


def chunk(kind, data):
    return (struct.pack('>I', len(data)) + kind + data +
            struct.pack('>I', zlib.crc32(kind + data)))


width, height = int(sys.argv[1]), int(sys.argv[2])
row = b'\0' + b'\xd0\x10\x10\x80' * width
sys.stdout.buffer.write(
    b'\x89PNG\r\n\x1a\n' +
    chunk(b'IHDR', struct.pack('>IIBBBBB', width, height, 8, 6, 0, 0, 0)) +
    chunk(b'IDAT', zlib.compress(row * height)) + chunk(b'IEND', b''))
