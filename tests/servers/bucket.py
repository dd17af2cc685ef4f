#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""
What tests do to a bucket by themselves, without deed: requests of S3, signed by
hand (AWS Signature Version 4).

	bucket.py ENDPOINT KEY SECRETFILE VERB BUCKET[/NAME] [FILE]

	bucket		makes it
	ls		every name that begins so, a line each, in order
	stat		the same with size and ETag before them
	cat		the object's bytes
	put		the object from FILE
	rm		away with it, and with all of them where NAME ends in /
	corrupt		the object with one byte in its midst changed
	cut		the object without its last byte
	head		its size
	versions on|off	of the bucket
	raw METHOD QUERY	the answer's status, a line, and its body

The exit code is 0; 4 where there is no such object or bucket, 8 for any other
answer, which standard error shows.
"""
import datetime
import hashlib
import hmac
import http.client
import sys
import urllib.parse
import xml.etree.ElementTree as ET


def quote(text, safe=''):
    return urllib.parse.quote(text, safe=safe + '-._~')


class Store:
    def __init__(self, endpoint, key, secret, region='us-east-1'):
        self.host = urllib.parse.urlsplit(endpoint).netloc
        self.key, self.secret, self.region = key, secret, region
        self.connection = http.client.HTTPConnection(self.host, timeout=60)

    def signature(self, method, path, query, digest, when):
        day, service = when[:8], 's3'
        scope = '/'.join((day, self.region, service, 'aws4_request'))
        request = '\n'.join((
            method, path, query, 'host:' + self.host,
            'x-amz-content-sha256:' + digest, 'x-amz-date:' + when, '',
            'host;x-amz-content-sha256;x-amz-date', digest))
        text = '\n'.join(('AWS4-HMAC-SHA256', when, scope, hashlib.sha256(
            request.encode()).hexdigest()))
        key = b'AWS4' + self.secret.encode()
        for part in (day, self.region, service, 'aws4_request'):
            key = hmac.new(key, part.encode(), hashlib.sha256).digest()
        return 'AWS4-HMAC-SHA256 Credential=%s/%s, SignedHeaders=host;' \
            'x-amz-content-sha256;x-amz-date, Signature=%s' % (
                self.key, scope,
                hmac.new(key, text.encode(), hashlib.sha256).hexdigest())

    def ask(self, method, bucket, name='', body=b'', headers=None, **query):
        path = '/' + quote(bucket) + '/' * bool(name) + quote(name, '/')
        words = '&'.join('%s=%s' % (quote(k), quote(v))
                         for k, v in sorted(query.items()))
        digest = hashlib.sha256(body).hexdigest()
        when = datetime.datetime.utcnow().strftime('%Y%m%dT%H%M%SZ')
        sent = {'x-amz-date': when, 'x-amz-content-sha256': digest,
                'Authorization': self.signature(method, path, words, digest,
                                                when)}
        sent.update(headers or {})
        self.connection.request(method, path + ('?' + words) * bool(words),
                                body, sent)
        answer = self.connection.getresponse()
        return answer.status, answer.read(), answer.headers

    def must(self, *words, **query):
        status, body, headers = self.ask(*words, **query)
        if status == 404:
            sys.exit(4)
        if status >= 300:
            print('%s: %d %s' % (' '.join(words[:3]), status,
                                 body.decode(errors='replace')),
                  file=sys.stderr)
            sys.exit(8)
        return body, headers

    def objects(self, bucket, prefix):
        """(name, size, etag) of each."""
        more = {}
        while True:
            query = {'list-type': '2', 'prefix': prefix, **more}
            root = ET.fromstring(self.must('GET', bucket, '', b'', None,
                                           **query)[0])
            space = root.tag[:root.tag.index('}') + 1]
            for c in root.iter(space + 'Contents'):
                yield (c.findtext(space + 'Key'), c.findtext(space + 'Size'),
                       c.findtext(space + 'ETag').strip('"'))
            token = root.findtext(space + 'NextContinuationToken')
            if not token:
                return
            more = {'continuation-token': token}


def change(store, bucket, name, how):
    body = bytearray(store.must('GET', bucket, name)[0])
    if how == 'cut':
        del body[-1]
    else:
        body[len(body) // 2] ^= 0x55
    store.must('PUT', bucket, name, bytes(body))


def do(store, verb, bucket, name, rest):
    if verb == 'bucket':
        store.must('PUT', bucket)
    elif verb in ('ls', 'stat'):
        for n, size, etag in store.objects(bucket, name):
            print(n if verb == 'ls' else '%s %s %s' % (size, etag, n))
    elif verb == 'cat':
        sys.stdout.buffer.write(store.must('GET', bucket, name)[0])
    elif verb == 'head':
        print(store.must('HEAD', bucket, name)[1]['Content-Length'])
    elif verb == 'put':
        with open(rest[0], 'rb') as f:
            store.must('PUT', bucket, name, f.read())
    elif verb == 'rm':
        names = [name]
        if not name or name.endswith('/'):
            names = [n for n, _, _ in store.objects(bucket, name)]
        for n in names:
            store.must('DELETE', bucket, n)
    elif verb in ('corrupt', 'cut'):
        change(store, bucket, name, verb)
    elif verb == 'versions':
        state = 'Enabled' if rest[0] == 'on' else 'Suspended'
        store.must('PUT', bucket, '', (
            '<VersioningConfiguration xmlns="http://s3.amazonaws.com/doc/'
            '2006-03-01/"><Status>%s</Status></VersioningConfiguration>'
            % state).encode(), None, versioning='')
    elif verb == 'raw':
        query = dict(urllib.parse.parse_qsl(''.join(rest[1:]), True))
        status, body, _ = store.ask(rest[0], bucket, name, **query)
        print(status)
        sys.stdout.flush()
        sys.stdout.buffer.write(body)
    else:
        raise SystemExit(__doc__)


def main():
    endpoint, key, secret_file, verb, where = sys.argv[1:6]
    with open(secret_file) as f:
        secret = f.read().strip()
    bucket, _, name = where.partition('/')
    do(Store(endpoint, key, secret), verb, bucket, name, sys.argv[6:])


if __name__ == '__main__':
    main()
