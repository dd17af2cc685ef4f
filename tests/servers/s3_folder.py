#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A store that speaks S3, for tests: objects are files of a folder.

s3_folder.py ROOT PORTFILE [OPTION=VALUE ...]

ROOT/BUCKET is a bucket, a file in it an object, its key encoded as in a URL; a
test may put, change and remove them.  ROOT/options holds further lines
OPTION=VALUE, which are read with each request:

    clock=SECONDS       the server's clock is ahead by so many
    conditions=held|ignored|unsupported
    versions=yes        the bucket says so, and deleting leaves a marker
    fail=STATUS         every request gets it
    page=N              keys a LIST at most

The account "deed:admin" has the secret "deedsecret"; "other" with
"othersecret" has no right to any bucket.  Signatures (AWS Signature Version 4)
are checked.  Each request is a line of ROOT/log: method, path, status.
"""

import calendar
import hashlib
import hmac
import http.server
import os
import re
import sys
import threading
import time
import urllib.parse
from xml.sax.saxutils import escape

root, portfile = sys.argv[1:3]
given = dict(word.split('=', 1) for word in sys.argv[3:])
SECRETS = {'deed:admin': 'deedsecret', 'other': 'othersecret'}
SKEW = 900
lock = threading.Lock()


def option(name, default=''):
    found = given.get(name, default)
    try:
        with open(os.path.join(root, 'options'), encoding='utf-8') as f:
            for line in f:
                key, _, value = line.strip().partition('=')
                if key == name:
                    found = value
    except FileNotFoundError:
        pass
    return found


def now():
    return time.time() + int(option('clock', '0'))


def mac(key, text):
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


class Refusal(Exception):
    def __init__(self, status, code, words=''):
        super().__init__(code)
        self.status, self.code, self.words = status, code, words


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'

    def log_message(self, *args):
        pass

    def date_time_string(self, timestamp=None):
        return super().date_time_string(now())

    def answer(self, status, body=b'', headers=None):
        with lock, open(os.path.join(root, 'log'), 'a',
                        encoding='utf-8') as f:
            f.write('%s %s %d\n' % (self.command, self.path, status))
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        if 'Content-Length' not in (headers or {}):
            self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        if self.command != 'HEAD':
            self.wfile.write(body)

    def check(self, body):
        """Who asks, or a refusal."""
        m = re.fullmatch(r'AWS4-HMAC-SHA256 Credential=([^,/]+)/([^,]+), ?'
                         r'SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})',
                         self.headers.get('Authorization', ''))
        if not m:
            raise Refusal(403, 'AccessDenied', 'no signature')
        who, scope, names, signature = m.groups()
        if who not in SECRETS:
            raise Refusal(403, 'InvalidAccessKeyId')
        digest = self.headers.get('x-amz-content-sha256', '')
        if digest != hashlib.sha256(body).hexdigest():
            raise Refusal(400, 'XAmzContentSHA256Mismatch')
        path, _, query = self.path.partition('?')
        canonical = [self.command, path, '&'.join(sorted(query.split('&')))]
        for name in names.split(';'):
            canonical.append('%s:%s' % (name, self.headers[name].strip()))
        canonical += ['', names, digest]
        date = self.headers['x-amz-date']
        text = '\n'.join(['AWS4-HMAC-SHA256', date, scope, hashlib.sha256(
            '\n'.join(canonical).encode()).hexdigest()])
        key = ('AWS4' + SECRETS[who]).encode()
        for part in scope.split('/'):
            key = mac(key, part)
        if not hmac.compare_digest(mac(key, text).hex(), signature):
            raise Refusal(403, 'SignatureDoesNotMatch',
                          'The signature is not ours.')
        when = calendar.timegm(time.strptime(date, '%Y%m%dT%H%M%SZ'))
        if abs(now() - when) > SKEW:
            raise Refusal(403, 'RequestTimeTooSkewed',
                          'The difference is too large.')
        if who == 'other':
            raise Refusal(403, 'AccessDenied', 'Access Denied.')

    def do(self):
        body = self.rfile.read(int(self.headers.get('Content-Length') or 0))
        try:
            fail = option('fail')
            if fail:
                raise Refusal(int(fail), 'SlowDown')
            self.check(body)
            path, _, query = self.path.partition('?')
            bucket, _, key = path[1:].partition('/')
            self.folder = os.path.join(root, bucket)
            if not re.fullmatch('[a-z0-9.-]+', bucket) or \
               not os.path.isdir(self.folder):
                raise Refusal(404, 'NoSuchBucket', 'no such bucket')
            self.query = dict(urllib.parse.parse_qsl(
                query, keep_blank_values=True))
            key = urllib.parse.unquote(key)
            if key:
                self.object(key, body)
            else:
                self.bucket(bucket)
        except Refusal as e:
            self.answer(e.status, (
                '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>%s'
                '</Code><Message>%s</Message></Error>' % (
                    e.code, escape(e.words))).encode(),
                        {'Content-Type': 'application/xml'})

    do_GET = do_HEAD = do_PUT = do_DELETE = do

    def object(self, key, body):
        path = os.path.join(self.folder, urllib.parse.quote(key, safe=''))
        there = os.path.exists(path)
        if self.command == 'PUT':
            how = option('conditions', 'held')
            if 'If-None-Match' in self.headers and how == 'unsupported':
                raise Refusal(501, 'NotImplemented')
            if 'If-None-Match' in self.headers and there and how == 'held':
                raise Refusal(412, 'PreconditionFailed')
            temporary = '%s/.%d' % (self.folder, threading.get_ident())
            with open(temporary, 'wb') as f:
                f.write(body)
            os.rename(temporary, path)
            self.answer(200, headers={
                'ETag': '"%s"' % hashlib.md5(body).hexdigest()})
        elif self.command == 'DELETE':
            if there:
                os.unlink(path)
            marker = option('versions') == 'yes' and \
                'versionId' not in self.query
            self.answer(204, headers={'x-amz-delete-marker': 'true'}
                        if marker else None)
        elif not there:
            raise Refusal(404, 'NoSuchKey', 'no such key')
        else:
            self.send_object(path)

    def send_object(self, path):
        with open(path, 'rb') as f:
            data = f.read()
        headers = {'ETag': '"%s"' % hashlib.md5(data).hexdigest()}
        m = re.fullmatch(r'bytes=(\d+)-(\d*)', self.headers.get('Range', ''))
        if m is None:
            headers['Content-Length'] = str(len(data))
            self.answer(200, data, headers)
            return
        first = int(m[1])
        last = min(int(m[2] or len(data) - 1), len(data) - 1)
        if first >= len(data):
            raise Refusal(416, 'InvalidRange')
        headers['Content-Range'] = 'bytes %d-%d/%d' % (first, last, len(data))
        self.answer(206, data[first:last + 1], headers)

    def keys(self, prefix, after):
        found = [urllib.parse.unquote(name) for name in
                 os.listdir(self.folder) if not name.startswith('.')]
        return sorted(k for k in found if k.startswith(prefix) and k > after)

    def bucket(self, name):
        if self.command != 'GET':
            raise Refusal(405, 'MethodNotAllowed')
        if 'versioning' in self.query:
            self.send('VersioningConfiguration', '<Status>Enabled</Status>'
                      if option('versions') == 'yes' else '')
            return
        prefix = self.query.get('prefix', '')
        if 'versions' in self.query:
            self.send('ListVersionsResult', (
                '<Name>%s</Name><Prefix>%s</Prefix><MaxKeys>1000</MaxKeys>'
                '<IsTruncated>false</IsTruncated>' % (name, escape(prefix))))
            return
        keys = self.keys(prefix, self.query.get('start-after', ''))
        count = min(int(self.query.get('max-keys', '1000')),
                    int(option('page', '1000')))
        coded = self.query.get('encoding-type') == 'url'
        body = ['<Name>%s</Name><Prefix>%s</Prefix><KeyCount>%d</KeyCount>'
                '<MaxKeys>%d</MaxKeys><IsTruncated>%s</IsTruncated>' % (
                    name, escape(prefix), min(count, len(keys)), count,
                    'true' if len(keys) > count else 'false')]
        if coded:
            body.append('<EncodingType>url</EncodingType>')
        for key in keys[:count]:
            path = os.path.join(self.folder, urllib.parse.quote(key, safe=''))
            body.append(
                '<Contents><Key>%s</Key><LastModified>2026-01-01T00:00:00.000Z'
                '</LastModified><ETag>&quot;x&quot;</ETag><Size>%d</Size>'
                '<StorageClass>STANDARD</StorageClass></Contents>' % (
                    urllib.parse.quote(key) if coded else escape(key),
                    os.path.getsize(path)))
        if len(keys) > count:
            body.append('<NextContinuationToken>%s</NextContinuationToken>' %
                        urllib.parse.quote(keys[count - 1], safe=''))
        self.send('ListBucketResult', ''.join(body))

    def send(self, element, inner):
        self.answer(200, (
            '<?xml version="1.0" encoding="UTF-8"?>\n<%s xmlns="http://s3.'
            'amazonaws.com/doc/2006-03-01/">%s</%s>' % (
                element, inner, element)).encode(),
                    {'Content-Type': 'application/xml'})


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


os.makedirs(root, exist_ok=True)
server = Server(('127.0.0.1', 0), Handler)
with open(portfile + '.new', 'w', encoding='ascii') as f:
    f.write('%d\n' % server.server_address[1])
os.rename(portfile + '.new', portfile)
server.serve_forever()
