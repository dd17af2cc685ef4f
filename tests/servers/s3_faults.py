# SPDX-License-Identifier: Apache-2.0
"""How the store of s3.py fails: the answers that it gives then."""
import email.utils
import hashlib
import re
import socket
import struct
import threading
import time
from xml.sax.saxutils import escape

lock = threading.Lock()


class Refused(Exception):
    """An answer that is an error of S3."""

    def __init__(self, status, code, message='', headers=None):
        super().__init__(code)
        self.status, self.code = status, code
        self.message, self.headers = message, headers or {}

    def xml(self):
        return ('<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>%s'
                '</Code><Message>%s</Message></Error>'
                % (self.code, escape(self.message))).encode()


class Faults:
    """Each gets the answer that was to be, and returns the one that is, or
    None, when it has answered by itself."""

    def __init__(self):
        self.clear()

    def clear(self):
        self.name, self.count, self.method, self.arg = None, 0, None, ''

    def set(self, q):
        self.clear()
        self.name = q['name'] if q['name'] != 'none' else None
        self.count = int(q.get('count', 1 << 30))
        self.method, self.arg = q.get('method'), q.get('arg', '')

    def take(self, method):
        with lock:
            if self.name is None or self.method not in (None, method) or \
                    self.count == 0:
                return None
            self.count -= 1
            return getattr(self, 'do_' + self.name)

    # What goes wrong on the way.
    def do_delay(self, request, status, headers, body):
        time.sleep(float(self.arg or 1))
        return status, headers, body

    def do_hang(self, request, status, headers, body):
        time.sleep(float(self.arg or 60))
        request.hang_up()

    def do_cut(self, request, status, headers, body):
        request.answer_head(status, headers, len(body) or 100)
        request.wfile.write(body[:len(body) // 2])
        request.hang_up()

    def do_reset(self, request, status, headers, body):
        request.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                                      struct.pack('ii', 1, 0))
        request.hang_up()

    def do_close(self, request, status, headers, body):
        request.hang_up()

    def do_nohttp(self, request, status, headers, body):
        request.wfile.write(b'220 mail.example ESMTP\r\n')
        request.hang_up()

    def do_longhead(self, request, status, headers, body):
        return status, dict(headers, **{'X-%d' % i: 'a' * 1000
                                        for i in range(80)}), body

    # What it says of itself.
    def error(self, status, code, headers=None):
        return status, headers or {}, Refused(status, code, 'told to').xml()

    def do_internal(self, request, *_):
        return self.error(500, 'InternalError')

    def do_busy(self, request, *_):
        return self.error(503, 'SlowDown')

    def do_many(self, request, *_):
        return self.error(429, 'TooManyRequests')

    def do_denied(self, request, *_):
        return self.error(403, 'AccessDenied')

    def do_expired(self, request, *_):
        return self.error(400, 'ExpiredToken')

    def do_gone(self, request, *_):
        return self.error(404, 'NoSuchKey')

    def do_nobucket(self, request, *_):
        return self.error(404, 'NoSuchBucket')

    def do_plain404(self, request, *_):
        return 404, {'Content-Type': 'text/html'}, b'<html>no such page'

    def do_unable(self, request, *_):
        return self.error(501, 'NotImplemented')

    def do_timeout400(self, request, *_):
        return self.error(400, 'RequestTimeout')

    def do_digest(self, request, *_):
        return self.error(400, 'BadDigest')

    def do_skew(self, request, *_):
        then = email.utils.formatdate(time.time() + 3600, usegmt=True)
        return self.error(403, 'RequestTimeTooSkewed', {'Date': then})

    def do_redirect(self, request, *_):
        return 307, {'Location': self.arg or 'http://127.0.0.1:1/x'}, b''

    def do_escapes(self, request, *_):
        return 500, {}, Refused(400, 'Bad', '\x1b[31mred').xml()

    # Lies about objects.
    def do_wrong(self, request, status, headers, body):
        return status, headers, bytes([body[0] ^ 1]) + body[1:]

    def do_lie(self, request, status, headers, body):
        body = bytes([body[0] ^ 1]) + body[1:]
        return status, dict(headers, ETag='"%s"' % hashlib.md5(
            body).hexdigest()), body

    def do_short(self, request, status, headers, body):
        return status, headers, body[:-1]

    def do_etag(self, request, status, headers, body):
        return status, dict(headers, ETag='"%s"' % ('0' * 32)), body

    def do_oddetag(self, request, status, headers, body):
        return status, dict(headers, ETag='"%s-2"' % ('0' * 32)), body

    def do_sealed(self, request, status, headers, body):
        return status, dict(headers, **{
            'ETag': '"%s"' % ('0' * 32),
            'x-amz-server-side-encryption': 'aws:kms'}), body

    def do_whole(self, request, status, headers, body):
        request.headers.replace_header('Range', 'bytes=0-')
        return 200, headers, request.latest().body

    def do_otherpart(self, request, status, headers, body):
        return status, dict(headers, **{'Content-Range': 'bytes 1-%d/%d' % (
            len(body), len(body) + 1)}), body

    def do_longer(self, request, status, headers, body):
        return status, headers, body + b'x' * 100

    # Lies about lists.
    def do_noxml(self, request, status, headers, body):
        return status, headers, b'<html><p>hello</html>'

    def do_halfxml(self, request, status, headers, body):
        return status, headers, body[:len(body) * 2 // 3]

    def do_doctype(self, request, status, headers, body):
        return status, headers, body.replace(
            b'?>\n', b'?>\n<!DOCTYPE a [<!ENTITY a SYSTEM "/etc/passwd">'
            b']>\n', 1)

    def do_deep(self, request, status, headers, body):
        return status, headers, b'<a>' * 100000

    def do_huge(self, request, status, headers, body):
        return status, headers, b'<a>' + b'b' * (9 << 20) + b'</a>'

    def do_repeat(self, request, status, headers, body):
        request.path = re.sub(r'&(start-after|key-marker)=[^&]*', '',
                              request.path)
        return request.act(b'')

    def do_endless(self, request, status, headers, body):
        return status, headers, re.sub(
            rb'<(Contents|Version)>.*</(Contents|Version)>|<KeyCount>.*'
            rb'</KeyCount>|(?<=<IsTruncated>)false', b'', body).replace(
                b'<IsTruncated></', b'<IsTruncated>true</')

    def do_miscount(self, request, status, headers, body):
        return status, headers, re.sub(rb'<(Contents|Version)>.*?</\1>', b'',
                                       body, count=1)

    def do_missing(self, request, status, headers, body):
        body = re.sub(rb'<(Contents|Version)>.*?</\1>', b'', body, count=1)
        return status, headers, re.sub(rb'<KeyCount>.*</KeyCount>', b'', body)

    def do_foreign(self, request, status, headers, body):
        return status, headers, body.replace(b'<Key>', b'<Key>zz', 1)

    def do_unsorted(self, request, status, headers, body):
        entries = re.findall(rb'<Contents>.*?</Contents>', body)
        return status, headers, body.replace(
            b''.join(entries), b''.join(reversed(entries)))

    def do_otherbucket(self, request, status, headers, body):
        return status, headers, re.sub(rb'<Name>.*?</Name>',
                                       b'<Name>another</Name>', body)

    def do_badname(self, request, status, headers, body):
        return status, headers, re.sub(rb'<Key>([^<]*)</Key>',
                                       rb'<Key>\1%00</Key>', body, count=1)
