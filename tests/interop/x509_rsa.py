# SPDX-License-Identifier: Apache-2.0
"""x509_rsa.py IN.pdf OUT.pdf DIGEST KEY CERT...: a signature of the kind
adbe.x509.rsa_sha1 (ISO 32000-1 12.8.3.2), its value by openssl.  One
certificate is a string, several are an array in an object of its own."""
import re
import subprocess
import sys

ROOM = 1024


def der(tag, content):
    size = len(content)
    if size < 0x80:
        head = bytes([size])
    else:
        count = (size.bit_length() + 7) // 8
        head = bytes([0x80 | count]) + size.to_bytes(count, 'big')
    return bytes([tag]) + head + content


def certificate(path):
    return '<%s>' % subprocess.run(
        ['openssl', 'x509', '-in', path, '-outform', 'DER'], check=True,
        stdout=subprocess.PIPE).stdout.hex()


def value(digest, key, data):
    form = 'DER' if key.endswith('.p8') else 'PEM'
    return subprocess.run(
        ['openssl', 'dgst', '-' + digest, '-sign', key, '-keyform', form],
        check=True, input=data, stdout=subprocess.PIPE).stdout


def main():
    source, target, digest, key, *certs = sys.argv[1:]
    with open(source, 'rb') as f:
        data = f.read()
    prev = int(re.findall(rb'startxref\s+(\d+)', data)[-1])
    size = max(int(n) for n in re.findall(rb'/Size (\d+)', data))
    texts = [certificate(c) for c in certs]
    objects = {
        1: '<</Type/Catalog/Pages 2 0 R/AcroForm<</SigFlags 3'
           '/Fields[%d 0 R]>>>>' % size,
        size: '<</FT/Sig/T(Old)/V %d 0 R>>' % (size + 1),
        size + 1: '<</Type/Sig/Filter/Adobe.PPKLite/SubFilter'
                  '/adbe.x509.rsa_sha1/M(D:20100101120000Z)/Cert %s'
                  '/ByteRange[0 AAAAAAAAAA BBBBBBBBBB CCCCCCCCCC]'
                  '/Contents<%s>>>' % (
                      texts[0] if len(texts) == 1 else
                      '%d 0 R' % (size + 2), '0' * 2 * ROOM),
        size + 2: '[%s]' % ' '.join(texts)}
    rows = b''
    for num, body in objects.items():
        rows += b'%d 1\n%010d 00000 n \n' % (num, len(data))
        data += b'%d 0 obj\n%s\nendobj\n' % (num, body.encode())
    at = len(data)
    data += b'xref\n%strailer\n<</Size %d/Root 1 0 R/Prev %d>>\n' % (
        rows, size + 3, prev)
    data += b'startxref\n%d\n%%%%EOF\n' % at
    start = data.index(b'/Contents<0000') + 9
    end = start + 2 * ROOM + 2
    for mark, number in ((b'A' * 10, start), (b'B' * 10, end),
                         (b'C' * 10, len(data) - end)):
        data = data.replace(mark, b'%010d' % number)
    octets = der(0x04, value(digest, key, data[:start] + data[end:]))
    room = octets.hex().encode().ljust(2 * ROOM, b'0')
    with open(target, 'wb') as f:
        f.write(data[:start + 1] + room + data[end - 1:])


main()
