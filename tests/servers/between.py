#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""
What stands between deed and a store that speaks S3, and does to chosen requests
what networks and stores do; tests/servers/between.sh says how it is used.

	between.py ENDPOINT KEY SECRETFILE PORTFILE RULES LOG

Requests go on as they came, the Host header too, for it is signed.  RULES has a
rule a line, and is read again when it changes, with all counts at 0; the first
that fits is taken:

	METHOD PATTERN WHICH FAULT [ARGUMENT]

METHOD is GET, PUT, HEAD, DELETE, LIST or *; PATTERN an expression found in
/BUCKET/KEY, or of LIST /BUCKET/PREFIX; WHICH says which of those that fit:
*, the first N, or @N, the N-th alone.  FAULT is one of

	delay SECONDS		later
	silent SECONDS		no answer, then the end
	cut			the headers, half the body, and the end
	reset			the connection breaks before
	lost			done, but the connection breaks before the answer
	status N [CODE]		not done, but answered
	wrong			200 and other bytes, of that length and ETag
	rot			200 and other bytes, the ETag as it was
	short			200 and all but the last byte, as if it were all
	empty			200 and nothing
	hide EXPRESSION		LIST without the keys in which it is found
	repeat [N]		LIST that begins again with each page, of N keys
	unconditional		If-None-Match is not there, for the store
	bucket NAME		what that bucket has by this key
	date SECONDS		the Date of the answer is so far off
	kill PIDFILE		that process dies at once; it is done, unanswered

LOG has a line for each: METHOD PATH STATUS FAULT.
"""
import http.client
import http.server
import hashlib
import os
import re
import signal
import socket
import struct
import sys
import threading
import time
import urllib.parse
from email.utils import formatdate

from bucket import Store

endpoint, key, secret_file, port_file, rules_file, log_file = sys.argv[1:7]
upstream = urllib.parse.urlsplit(endpoint).netloc
with open(secret_file) as secret_text:
    secret = secret_text.read().strip()
lock = threading.Lock()
DROPPED = ('connection', 'keep-alive', 'expect', 'transfer-encoding')


class Rules:
    def __init__(self):
        self.stamp, self.rules = None, []

    def read(self):
        try:
            now = os.stat(rules_file)
        except FileNotFoundError:
            self.rules, self.stamp = [], None
            return
        stamp = (now.st_mtime_ns, now.st_ino, now.st_size)
        if stamp == self.stamp:
            return
        with open(rules_file) as f:
            self.rules = [[line.split(), 0] for line in f if line.strip()]
        self.stamp = stamp

    def fault(self, method, where):
        """The fault and its arguments, of the first rule that fits."""
        with lock:
            self.read()
            for rule in self.rules:
                (wanted, pattern, which, *fault), _ = rule
                if wanted not in ('*', method) or \
                        not re.search(pattern, where):
                    continue
                rule[1] += 1
                if which == '*' or which == '@%d' % rule[1] or \
                        which[0] != '@' and rule[1] <= int(which):
                    return fault
        return ['-']


rules = Rules()
first_pages = {}


def error_body(code):
    return ('<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>%s</Code>'
            '<Message>as the test wants it</Message></Error>' % code).encode()


CODES = {400: 'InvalidRequest', 403: 'AccessDenied', 404: 'NoSuchKey',
         500: 'InternalError', 501: 'NotImplemented', 503: 'SlowDown'}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'
    disable_nagle_algorithm = True
    above = None

    def log_message(self, *args):
        pass

    def note(self, status, fault):
        with lock, open(log_file, 'a') as f:
            f.write('%s %s %s %s\n' % (self.kind, self.path, status,
                                       ' '.join(fault)))

    # ---- the store ----

    def forward(self, body):
        """(status, headers, body) of the store, by a connection kept."""
        for last in (False, True):
            fresh = self.above is None
            if fresh:
                self.above = http.client.HTTPConnection(upstream, timeout=120)
            try:
                self.above.putrequest(self.command, self.path, skip_host=True,
                                      skip_accept_encoding=True)
                for name, value in self.headers.items():
                    if name.lower() not in DROPPED:
                        self.above.putheader(name, value)
                self.above.endheaders(body or None)
                r = self.above.getresponse()
                return r.status, r.getheaders(), r.read()
            except (OSError, http.client.HTTPException):
                self.above.close()
                self.above = None
                if fresh or last:
                    raise

    def by_hand(self, bucket, body):
        """The same, signed anew, without any condition."""
        url = urllib.parse.urlsplit(self.path)
        own, _, name = urllib.parse.unquote(url.path)[1:].partition('/')
        status, got, headers = Store(endpoint, key, secret).ask(
            self.command, bucket or own, name, body, {
                n: v for n, v in self.headers.items() if n.lower() == 'range'},
            **dict(urllib.parse.parse_qsl(url.query, True)))
        return status, headers.items(), got

    # ---- the answer ----

    def answer(self, status, headers, body, cut=False):
        self.send_response_only(status)
        length = str(len(body))
        for name, value in headers:
            if name.lower() == 'content-length':
                # Of HEAD it is the object's.
                if self.command == 'HEAD':
                    length = value
            elif name.lower() not in DROPPED:
                self.send_header(name, value)
        if status != 204:
            self.send_header('Content-Length', length)
        self.end_headers()
        if cut:
            body = body[:len(body) // 2]
            self.close_connection = True
        if self.command != 'HEAD':
            self.wfile.write(body)

    def broken(self):
        """A connection that is reset, not closed."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                                   struct.pack('ii', 1, 0))
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RD)
        self.connection.close()
        self.rfile = self.wfile = None

    def changed(self, fault, headers, body):
        headers = [(n, v) for n, v in headers if fault == 'rot' or
                   n.lower() != 'etag']
        if fault == 'wrong' or fault == 'rot':
            at = len(body) // 2
            body = body[:at] + bytes([body[at] ^ 1 if body else 0]) + \
                body[at + 1:]
        elif fault == 'short':
            body = body[:-1]
        else:
            body = b''
        if fault != 'rot':
            headers.append(('ETag', '"%s"' % hashlib.md5(body).hexdigest()))
        return headers, body

    def listed(self, fault, body):
        if fault[0] == 'hide':
            def keep(match):
                name = re.search(rb'<Key>(.*?)</Key>', match[0])
                return b'' if re.search(fault[1].encode(), name[1]) else \
                    match[0]
            body = re.sub(rb'<Contents>.*?</Contents>', keep, body,
                          flags=re.S)
            return re.sub(rb'<KeyCount>\d*<', b'<KeyCount>%d<' %
                          body.count(b'<Contents>'), body)
        if len(fault) > 1:
            keys = re.findall(rb'<Contents>.*?</Contents>', body, re.S)
            for key in keys[int(fault[1]):]:
                body = body.replace(key, b'')
        body = first_pages.setdefault(self.where, body)
        return re.sub(rb'<IsTruncated>[a-z]*</IsTruncated>',
                      b'<IsTruncated>true</IsTruncated>'
                      b'<NextContinuationToken>again</NextContinuationToken>',
                      body)

    def meet(self, fault, body):
        """Before the store is asked: the status, or None to go on."""
        what = fault[0]
        if what == 'delay':
            time.sleep(float(fault[1]))
        elif what == 'silent':
            time.sleep(float(fault[1]))
            self.close_connection = True
            return 'none'
        elif what == 'reset':
            self.broken()
            return 'none'
        elif what == 'status':
            code = fault[2] if len(fault) > 2 else CODES[int(fault[1])]
            self.answer(int(fault[1]), [('Content-Type', 'application/xml')],
                        error_body(code))
            return fault[1]
        elif what == 'repeat' and self.where in first_pages and (
                'token' in self.path or 'start-after' in self.path):
            self.answer(200, [('Content-Type', 'application/xml')],
                        self.listed(fault, b''))
            return '200'
        elif what == 'kill':
            with open(fault[1]) as f:
                os.kill(int(f.read()), signal.SIGKILL)
        return None

    def serve(self, fault, body):
        what = fault[0]
        status = self.meet(fault, body)
        if status:
            return status
        if what == 'bucket' or what == 'unconditional':
            status, headers, got = self.by_hand(''.join(fault[1:]), body)
        else:
            status, headers, got = self.forward(body)
        if what in ('lost', 'kill'):
            self.broken()
            return status
        if status < 300 and self.command == 'GET':
            if what in ('wrong', 'rot', 'short', 'empty'):
                headers, got = self.changed(what, headers, got)
            elif what in ('hide', 'repeat') and self.kind == 'LIST':
                got = self.listed(fault, got)
        if what == 'date':
            headers = [(n, v) for n, v in headers if n.lower() != 'date']
            headers.append(('Date', formatdate(time.time() + float(fault[1]),
                                               usegmt=True)))
        self.answer(status, headers, got, what == 'cut')
        return status

    def handle_request(self):
        url = urllib.parse.urlsplit(self.path)
        query = dict(urllib.parse.parse_qsl(url.query, True))
        self.kind, self.where = self.command, urllib.parse.unquote(url.path)
        if self.command == 'GET' and ('list-type' in query or
                                      'versions' in query):
            self.kind = 'LIST'
            self.where += '/' + query.get('prefix', '')
        length = int(self.headers.get('Content-Length', 0))
        body = self.rfile.read(length)
        fault = rules.fault(self.kind, self.where)
        status = 'none'
        try:
            status = self.serve(fault, body)
        except (OSError, http.client.HTTPException) as e:
            self.close_connection = True
            status = type(e).__name__
        self.note(status, fault)

    do_GET = do_PUT = do_HEAD = do_DELETE = do_POST = handle_request

    def handle_one_request(self):
        super().handle_one_request()
        if self.wfile is None:
            self.close_connection = True

    def finish(self):
        if self.above:
            self.above.close()
        if self.wfile is not None:
            super().finish()


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, request, client_address):
        if not isinstance(sys.exc_info()[1], (OSError, ValueError,
                                              AttributeError)):
            super().handle_error(request, client_address)


def main():
    server = Server(('127.0.0.1', 0), Handler)
    with open(port_file + '.new', 'w') as f:
        f.write('%d\n' % server.server_port)
    os.rename(port_file + '.new', port_file)
    server.serve_forever()


main()
