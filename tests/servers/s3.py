#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""
A store on a free port of loopback that speaks as much S3 as deed asks for,
keeps objects in memory or in a folder, and fails as it is told:

	s3.py PORTFILE LOG ACCESS_KEY SECRET [REGION] [--tls CERT KEY]
		[--folder ROOT] [--stranger ACCESS_KEY SECRET]

It is written from the specification of AWS Signature Version 4, not after any
client: what it refuses was signed wrongly.  Buckets are in the path.  The
secret is for tests alone.  Orders, unsigned, each answered 200:

	/_/bucket?name=NAME		makes it
	/_/versioning?name=NAME		keeps versions from now on
	/_/fault?name=NAME[&count=N][&method=M][&arg=A]
					the next N requests (all) of that
					method (any) fail so; none: no more
	/_/damage?bucket=B&key=K	a byte of what is kept is another one
	/_/drop?bucket=B&key=K		it is gone
	/_/put?bucket=B&key=K&size=N	it is there, N bytes
	/_/keys?bucket=B&prefix=P	a line each: the key and its versions,
					the latest first, "-" for a marker
	/_/age?bucket=B&prefix=P&seconds=N	they are older by so much
	/_/copy?bucket=B&prefix=P&to=Q	they are there under Q, too
	/_/delete?bucket=B&prefix=P	as by DELETE of each
	/_/kill?group=PID&after=N	the N-th request from now on is done,
					and that process group killed before
					it is answered; after=0: none is
	/_/count			how many requests there were
	/_/most				how many of them at once

The stranger's key is known, and has no right.

With --folder ROOT/BUCKET is a bucket, a file in it an object, its key encoded as
in a URL; a test may put, change and remove them.  ROOT/options holds lines
OPTION=VALUE, which are read with each request:

	clock=SECONDS			the server's clock is ahead by so many
	conditions=held|ignored|unsupported
	versions=yes			the bucket says so, and deleting leaves
					a marker, but nothing is kept
	fail=STATUS			every request gets it
	page=N				keys a LIST at most

Faults: those that are methods of s3_faults.py.  LOG has a line a request:
method, path with query, status.
"""
import datetime
import email.utils
import hashlib
import hmac
import http.server
import os
import re
import signal
import ssl
import sys
import threading
import time
import urllib.parse
from xml.sax.saxutils import escape

from s3_faults import Faults, Refused

EMPTY = hashlib.sha256(b'').hexdigest()
XMLNS = 'http://s3.amazonaws.com/doc/2006-03-01/'
SKEW = 15 * 60

args = sys.argv[1:]


def take_option(name, count):
    """its values, or nothing"""
    if name not in args:
        return []
    at = args.index(name)
    values = args[at + 1:at + 1 + count]
    del args[at:at + 1 + count]
    return values


tls = take_option('--tls', 2)
root = ''.join(take_option('--folder', 1))
stranger = take_option('--stranger', 2)
port_file, log_file, access_key, secret = args[:4]
region = args[4] if len(args) > 4 else 'us-east-1'
lock = threading.Lock()


class Version:
    def __init__(self, number, body):
        self.id, self.body = 'v%08d' % number, body
        self.time = time.time()

    def etag(self):
        return '"%s"' % hashlib.md5(self.body).hexdigest()


class Bucket:
    def __init__(self):
        self.versioned, self.objects, self.number = False, {}, 0

    def add(self, key, body):
        """body None: a delete marker."""
        self.number += 1
        version = Version(self.number, body)
        if not self.versioned:
            self.objects.pop(key, None)
            if body is None:
                return version
        self.objects.setdefault(key, []).insert(0, version)
        return version

    def latest(self, key, wanted=None):
        for version in self.objects.get(key, []):
            if wanted in (None, version.id):
                return version
        return None

    def versions(self, key):
        return self.objects[key]

    def keys(self, prefix, after=''):
        return sorted((k for k in self.objects
                       if k.startswith(prefix) and k > after),
                      key=lambda k: k.encode())


class Shelf(Bucket):
    """A bucket that is a folder."""

    def __init__(self, folder):
        super().__init__()
        self.folder = folder
        self.versioned = option('versions') == 'yes'

    def path(self, key):
        return os.path.join(self.folder, urllib.parse.quote(key, safe=''))

    def add(self, key, body):
        if body is not None:
            temporary = '%s/.%d' % (self.folder, threading.get_ident())
            with open(temporary, 'wb') as f:
                f.write(body)
            os.rename(temporary, self.path(key))
        elif os.path.exists(self.path(key)):
            os.unlink(self.path(key))
        return Version(1, body)

    def latest(self, key, wanted=None):
        try:
            with open(self.path(key), 'rb') as f:
                return Version(1, f.read())
        except FileNotFoundError:
            return None

    def versions(self, key):
        return []

    def keys(self, prefix, after=''):
        found = [urllib.parse.unquote(name) for name in
                 os.listdir(self.folder) if not name.startswith('.')]
        return sorted((k for k in found if k.startswith(prefix) and k > after),
                      key=lambda k: k.encode())


buckets = {}


def bucket_named(name):
    folder = os.path.join(root, name)
    if root and re.fullmatch('[a-z0-9.-]+', name) and os.path.isdir(folder):
        return Shelf(folder)
    if root or name not in buckets:
        raise Refused(404, 'NoSuchBucket', 'no bucket')
    return buckets[name]


def option(name, default=''):
    try:
        with open(os.path.join(root, 'options'), encoding='utf-8') as f:
            return dict(line.strip().split('=', 1) for line in f).get(
                name, default)
    except FileNotFoundError:
        return default


def now():
    return time.time() + int(option('clock', '0') if root else 0)


# ---- AWS Signature Version 4 ----

def quote(text, safe=''):
    return urllib.parse.quote(text, safe='-._~' + safe)


def canonical_query(query):
    pairs = []
    for part in query.split('&') if query else []:
        name, _, value = part.partition('=')
        pairs.append((quote(urllib.parse.unquote(name)),
                      quote(urllib.parse.unquote(value))))
    return '&'.join('%s=%s' % pair for pair in sorted(pairs))


def sign(key, text):
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


def signature(date, scope, request, of):
    key = ('AWS4' + of).encode()
    for part in scope.split('/'):
        key = sign(key, part)
    text = '\n'.join(('AWS4-HMAC-SHA256', date, scope,
                      hashlib.sha256(request.encode()).hexdigest()))
    return sign(key, text).hex()


def check_date(text):
    try:
        then = datetime.datetime.strptime(text, '%Y%m%dT%H%M%SZ')
    except (TypeError, ValueError):
        raise Refused(403, 'AccessDenied', 'no x-amz-date') from None
    then = then.replace(tzinfo=datetime.timezone.utc).timestamp()
    if abs(now() - then) > SKEW:
        raise Refused(403, 'RequestTimeTooSkewed', 'The difference between '
                      'the request time and the current time is too large.')


def check_signature(request, body):
    headers = request.headers
    form = re.fullmatch(
        r'AWS4-HMAC-SHA256 Credential=(\S+)/(\d{8}/[^/\s]+/s3/aws4_request), '
        r'?SignedHeaders=([a-z0-9;-]+), ?Signature=([0-9a-f]{64})',
        headers.get('Authorization', ''))
    if form is None:
        raise Refused(403, 'AccessDenied', 'not signed')
    key, scope, names, given = form.groups()
    secrets = {access_key: secret, **dict([stranger] if stranger else [])}
    if key not in secrets:
        raise Refused(403, 'InvalidAccessKeyId')
    if scope.split('/')[1] != region:
        raise Refused(400, 'AuthorizationHeaderMalformed',
                      "the region '%s' is wrong; expecting '%s'"
                      % (scope.split('/')[1], region))
    date = headers.get('x-amz-date')
    check_date(date)
    if date[:8] != scope[:8]:
        raise Refused(403, 'SignatureDoesNotMatch', 'another date')
    signed = names.split(';')
    must = ['host'] + [n.lower() for n in headers if n.lower().startswith(
        'x-amz-')]
    if signed != sorted(signed) or not set(must) <= set(signed):
        raise Refused(403, 'AccessDenied', 'a header is not signed')
    path, _, query = request.path.partition('?')
    claimed = headers.get('x-amz-content-sha256', '')
    canonical = '\n'.join(
        [request.command, quote(urllib.parse.unquote(path), '/'),
         canonical_query(query)] +
        ['%s:%s' % (n, ' '.join(headers.get(n, '').split()))
         for n in signed] + ['', names, claimed])
    if not hmac.compare_digest(given, signature(
            date, scope, canonical, secrets[key])):
        raise Refused(403, 'SignatureDoesNotMatch', 'The request signature '
                      'we calculated does not match the one you provided.')
    if claimed != hashlib.sha256(body).hexdigest():
        raise Refused(400, 'XAmzContentSHA256Mismatch')
    if key != access_key:
        raise Refused(403, 'AccessDenied', 'Access Denied.')


faults = Faults()


# ---- requests ----

class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'
    disable_nagle_algorithm = True
    count, now, most = 0, 0, 0
    victim, left = 0, 0

    def log_message(self, *_):
        pass

    def date_time_string(self, timestamp=None):
        return super().date_time_string(now())

    def hang_up(self):
        self.close_connection = True
        try:
            self.wfile.flush()
        except OSError:
            pass
        self.connection.close()

    def answer_head(self, status, headers, length):
        self.send_response_only(status)
        headers = dict({'Date': self.date_time_string()}, **headers)
        for name, value in headers.items():
            self.send_header(name, value)
        if status != 204:
            self.send_header('Content-Length', str(length))
        self.end_headers()

    def answer(self, status, headers, body):
        length = int(headers.pop('length', len(body)))
        self.answer_head(status, headers, length)
        if self.command != 'HEAD' and status != 204:
            self.wfile.write(body)

    def where(self):
        path = urllib.parse.unquote(self.path.partition('?')[0])
        bucket, _, key = path[1:].partition('/')
        return bucket, key

    def latest(self):
        bucket, key = self.where()
        return bucket_named(bucket).latest(key)

    def query(self):
        return dict(urllib.parse.parse_qsl(self.path.partition('?')[2],
                                           keep_blank_values=True))

    def control(self, what, q):
        text = b''
        with lock:
            if what == 'bucket':
                buckets[q['name']] = Bucket()
            elif what == 'versioning':
                buckets[q['name']].versioned = True
            elif what == 'fault':
                faults.set(q)
            elif what == 'damage':
                version = buckets[q['bucket']].latest(q['key'])
                version.body = bytes([version.body[0] ^ 1]) + version.body[1:]
            elif what in ('age', 'copy', 'delete', 'keys'):
                text = self.many(what, buckets[q['bucket']], q)
            elif what == 'kill':
                Handler.victim = int(q['group'])
                Handler.left = int(q['after'])
            elif what == 'drop':
                del buckets[q['bucket']].objects[q['key']]
            elif what == 'put':
                buckets[q['bucket']].add(q['key'], b'x' * int(q['size']))
            elif what in ('count', 'most'):
                text = b'%d\n' % getattr(Handler, what)
        self.answer(200, {}, text)

    def kill(self):
        """Whom the order named, once the request is done."""
        with lock:
            if Handler.left == 0:
                return
            Handler.left -= 1
            if Handler.left > 0:
                return
        try:
            os.killpg(Handler.victim, signal.SIGKILL)
        except ProcessLookupError:
            pass

    def many(self, what, bucket, q):
        """Of all keys that begin so."""
        text = ''
        for key in bucket.keys(q['prefix']):
            latest = bucket.latest(key)
            if what == 'age':
                for version in bucket.objects[key]:
                    version.time -= int(q['seconds'])
            elif what == 'copy' and latest.body is not None:
                bucket.add(q['to'] + key[len(q['prefix']):], latest.body)
            elif what == 'delete':
                bucket.add(key, None)
            elif what == 'keys':
                text += '%s %s\n' % (key, ' '.join(
                    '-' if v.body is None else v.id
                    for v in bucket.objects[key]))
        return text.encode()

    def read_body(self):
        # Swift waits for a body, of whatever has no length.
        if (self.headers.get('Transfer-Encoding') is not None or
                self.command in ('PUT', 'DELETE') and
                self.headers.get('Content-Length') is None):
            raise Refused(411, 'MissingContentLength')
        return self.rfile.read(int(self.headers.get('Content-Length', 0)))

    def serve(self):
        # To a proxy the whole URL is sent.
        if self.path.startswith('http://'):
            self.note('proxy')
            self.path = '/' + self.path.split('/', 3)[3]
        if self.path.startswith('/_/'):
            self.control(self.path[3:].partition('?')[0], self.query())
            return
        with lock:
            Handler.count += 1
            Handler.now += 1
            Handler.most = max(Handler.most, Handler.now)
        try:
            self.serve_one()
        finally:
            with lock:
                Handler.now -= 1

    def serve_one(self):
        try:
            body = self.read_body()
            fail = option('fail') if root else ''
            if fail:
                raise Refused(int(fail), 'SlowDown')
            check_signature(self, body)
            status, headers, text = self.act(body)
        except Refused as e:
            status, headers, text = e.status, dict(e.headers), e.xml()
        self.kill()
        fault = faults.take(self.command)
        if fault is not None:
            answer = fault(self, status, headers, text)
            if answer is None:
                self.note(0)
                return
            status, headers, text = answer
            if 'length' in headers:
                headers['length'] = len(text)
        self.note(status)
        self.answer(status, headers, text)

    def note(self, status):
        with lock, open(log_file, 'a', encoding='utf-8') as f:
            f.write('%s %s %s\n' % (self.command, self.path, status))

    do_GET = do_PUT = do_HEAD = do_DELETE = serve

    def act(self, body):
        bucket, key = self.where()
        with lock:
            if self.command == 'PUT' and not key and not root:
                buckets.setdefault(bucket, Bucket())
                return 200, {}, b''
            bucket = bucket_named(bucket)
            if not key:
                return self.of_bucket(bucket)
            return getattr(self, 'object_' + self.command)(bucket, key, body)

    # ---- objects ----

    def head_of(self, bucket, version):
        headers = {'ETag': version.etag(), 'Last-Modified':
                   email.utils.formatdate(version.time, usegmt=True)}
        if bucket.versioned:
            headers['x-amz-version-id'] = version.id
        return headers

    def object_PUT(self, bucket, key, body):
        how = option('conditions', 'held') if root else 'held'
        there = bucket.latest(key)
        if self.headers.get('If-None-Match') == '*' and how == 'unsupported':
            raise Refused(501, 'NotImplemented')
        if self.headers.get('If-None-Match') == '*' and how == 'held' and \
                there is not None and there.body is not None:
            raise Refused(412, 'PreconditionFailed')
        return 200, self.head_of(bucket, bucket.add(key, body)), b''

    def object_GET(self, bucket, key, _):
        wanted = self.query().get('versionId')
        version = bucket.latest(key, wanted)
        if version is None:
            raise Refused(404, 'NoSuchKey' if wanted is None
                          else 'NoSuchVersion')
        if version.body is None:
            raise Refused(404 if wanted is None else 405,
                          'NoSuchKey' if wanted is None
                          else 'MethodNotAllowed', '',
                          {'x-amz-delete-marker': 'true',
                           'x-amz-version-id': version.id})
        headers, whole = self.head_of(bucket, version), version.body
        part = re.fullmatch(r'bytes=(\d+)-(\d+)', self.headers.get('Range',
                                                                   ''))
        if part is None:
            return 200, headers, whole
        first, last = int(part[1]), min(int(part[2]), len(whole) - 1)
        if first >= len(whole):
            raise Refused(416, 'InvalidRange')
        headers['Content-Range'] = 'bytes %d-%d/%d' % (first, last, len(whole))
        return 206, headers, whole[first:last + 1]

    def object_HEAD(self, bucket, key, body):
        try:
            status, headers, whole = self.object_GET(bucket, key, body)
        except Refused as e:
            return e.status, dict(e.headers, length=0), b''
        return status, dict(headers, length=len(whole)), b''

    def object_DELETE(self, bucket, key, _):
        wanted, headers = self.query().get('versionId'), {}
        if wanted is not None:
            versions = bucket.objects.get(key, [])
            for version in [v for v in versions if v.id == wanted]:
                versions.remove(version)
                if version.body is None:
                    headers['x-amz-delete-marker'] = 'true'
            if not versions:
                bucket.objects.pop(key, None)
        else:
            version = bucket.add(key, None)
            if bucket.versioned:
                headers = {'x-amz-delete-marker': 'true',
                           'x-amz-version-id': version.id}
        return 204, headers, b''

    # ---- buckets ----

    def of_bucket(self, bucket):
        q = self.query()
        if self.command != 'GET':
            raise Refused(501, 'NotImplemented')
        if 'versioning' in q:
            xml = '<VersioningConfiguration xmlns="%s">%s</Versioning' \
                'Configuration>' % (XMLNS, '<Status>Enabled</Status>'
                                    if bucket.versioned else '')
        elif 'versions' in q:
            xml = self.versions(bucket, q)
        elif q.get('list-type') == '2':
            xml = self.list(bucket, q)
        else:
            raise Refused(501, 'NotImplemented')
        return 200, {'Content-Type': 'application/xml'}, \
            ('<?xml version="1.0" encoding="UTF-8"?>\n' + xml).encode()

    def coded(self, q, text):
        if q.get('encoding-type') == 'url':
            return urllib.parse.quote_plus(text, safe='/')
        return escape(text)

    def page(self, root, q, more, entries, extra=''):
        encoding = '<EncodingType>url</EncodingType>' \
            if q.get('encoding-type') == 'url' else ''
        return ('<%s xmlns="%s"><Name>%s</Name><Prefix>%s</Prefix>%s%s<Max'
                'Keys>%s</MaxKeys><IsTruncated>%s</IsTruncated>%s</%s>'
                % (root, XMLNS, self.where()[0],
                   self.coded(q, q.get('prefix', '')), encoding, extra,
                   q.get('max-keys', '1000'), str(more).lower(),
                   ''.join(entries), root))

    def list(self, bucket, q):
        limit = int(q.get('max-keys', 1000))
        if root:
            limit = min(limit, int(option('page', '1000')))
        entries, more = [], False
        for k in bucket.keys(q.get('prefix', ''), q.get('start-after', '')):
            version = bucket.latest(k)
            if version is None or version.body is None:
                continue
            more = len(entries) == limit
            if more:
                break
            entries.append('<Contents><Key>%s</Key><ETag>%s</ETag><Size>%d'
                           '</Size><Owner><ID>a</ID></Owner></Contents>'
                           % (self.coded(q, k), escape(version.etag()),
                              len(version.body)))
        return self.page('ListBucketResult', q, more, entries,
                         '<KeyCount>%d</KeyCount>' % len(entries))

    def versions(self, bucket, q):
        limit = int(q.get('max-keys', 1000))
        after, behind = q.get('key-marker', ''), q.get('version-id-marker')
        found, skipping = [], behind is not None
        for key in bucket.keys(q.get('prefix', '')):
            for i, version in enumerate(bucket.versions(key)):
                if key < after or (key == after and not skipping and
                                   behind is None):
                    continue
                if key == after and skipping:
                    skipping = version.id != behind
                    continue
                found.append((key, version, i == 0))
        entries = [
            '<%s><Key>%s</Key><VersionId>%s</VersionId><IsLatest>%s'
            '</IsLatest>%s</%s>'
            % (('DeleteMarker', self.coded(q, k), v.id, str(latest).lower(),
                '', 'DeleteMarker') if v.body is None else
               ('Version', self.coded(q, k), v.id, str(latest).lower(),
                '<Size>%d</Size>' % len(v.body), 'Version'))
            for k, v, latest in found[:limit]]
        return self.page('ListVersionsResult', q, len(found) > limit, entries)


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, *_):
        """Clients that go away are what this is for."""


server = Server(('127.0.0.1', 0), Handler)
if tls:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*tls)
    server.socket = context.wrap_socket(server.socket, server_side=True)
with open(port_file + '.new', 'w', encoding='utf-8') as out:
    out.write('%d\n' % server.server_address[1])
os.rename(port_file + '.new', port_file)
server.serve_forever()
