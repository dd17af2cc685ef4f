#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""
An HTTP server on a free port of loopback, in front of a folder that
tests/servers/lib.sh made:

	front.py FOLDER PORTFILE LOG [--port N] [--tls CERT KEY CLIENT_CA]

	POST /tsa		a time-stamp, by openssl ts
	POST /tsa?...		by hand: at=TIME, fault=NAME (authority.py),
				signer=NAME, policy=OID
	POST /ocsp, GET /ocsp/BASE64
				an answer, by openssl ocsp, for a week
	POST /ocsp?...		by hand: at=TIME, fault=NAME, signer=NAME,
				days=N (0: no nextUpdate), nonce=no,
				status=good|revoked|unknown
	/est/MODE/...		EST (est.py)
	/auth/...		the same for alice with passphrase "secret"
	/client/...		the same for a client certificate
	/redirect/CODE/...	a redirection to the rest of the path
	/elsewhere?url=URL	a redirection to there
	/status/CODE		that status
	/slow/SECONDS/...	after that time
	/cut/...		no more than half of it, of the length it has
	anything else		a file of the folder; ?type=TYPE
"""
import base64
import http.server
import os
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse

import authority
import est

folder, port_file, log_file = sys.argv[1:4]
options = sys.argv[4:]
lock = threading.Lock()
serial = [1000]

TYPES = {'.crl': 'application/pkix-crl', '.cer': 'application/pkix-cert',
         '.pem': 'application/x-pem-file'}


def openssl(body, command, asks, answers):
    with tempfile.TemporaryDirectory() as d:
        query, reply = os.path.join(d, 'query'), os.path.join(d, 'reply')
        with open(query, 'wb') as f:
            f.write(body)
        subprocess.run(['openssl'] + command + [asks, query, answers, reply],
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                       check=True)
        with open(reply, 'rb') as f:
            return f.read()


def stamp(body, query):
    with lock:
        if not query:
            # The serial number is a file: one at a time.
            return openssl(body, ['ts', '-reply', '-config',
                                  os.path.join(folder, 'ts.cnf')],
                           '-queryfile', '-out')
        serial[0] += 1
        return authority.stamp(folder, body, serial=serial[0], **query)


def ocsp(body, query):
    if not query:
        def at(name):
            return os.path.join(folder, name)
        return openssl(body, [
            'ocsp', '-index', at('ca.index'), '-CA', at('ca.pem'), '-rsigner',
            at('ocsp.pem'), '-rkey', at('ocsp.key'), '-ndays', '7'],
            '-reqin', '-respout')
    query['nonce'] = query.get('nonce') != 'no'
    return authority.ocsp(folder, body, **query)


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'
    cut = False

    def log_message(self, form, *args):
        pass

    def log_request(self, code='-', size='-'):
        with lock, open(log_file, 'a') as f:
            f.write('%s %s %d\n' % (self.command, self.path, code))

    def answer(self, status, body=b'', kind='text/plain', **headers):
        self.send_response(status)
        self.send_header('Content-Type', kind)
        self.send_header('Content-Length', str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace('_', '-'), value)
        self.end_headers()
        if self.cut:
            body = body[:len(body) // 2]
            self.close_connection = True
        self.wfile.write(body)

    def static(self, path, query):
        name = os.path.join(folder, os.path.basename(path))
        if not os.path.isfile(name):
            return self.answer(404, b'no such file\n')
        kind = TYPES.get(os.path.splitext(name)[1], 'application/octet-stream')
        with open(name, 'rb') as f:
            return self.answer(200, f.read(), query.get('type', kind))

    def route(self, target, body):
        url = urllib.parse.urlsplit(target)
        query = dict(urllib.parse.parse_qsl(url.query))
        path = url.path
        word, _, rest = path[1:].partition('/')
        rest = '/' + rest + ('?' + url.query if url.query else '')
        if word == 'auth':
            wanted = 'Basic ' + base64.b64encode(b'alice:secret').decode()
            if self.headers.get('Authorization') != wanted:
                return self.answer(401, WWW_Authenticate='Basic realm="t"')
            return self.route(rest, body)
        if word == 'client':
            # There is a certificate only if it was checked.
            if not getattr(self.connection, 'getpeercert', dict)():
                return self.answer(403)
            return self.route(rest, body)
        if word == 'redirect':
            code, _, there = rest[1:].partition('/')
            return self.answer(int(code), Location='/' + there)
        if word == 'elsewhere':
            return self.answer(302, Location=query['url'])
        if word == 'status':
            return self.answer(int(rest[1:]))
        if word == 'slow':
            seconds, _, there = rest[1:].partition('/')
            time.sleep(float(seconds))
            return self.route('/' + there, body)
        if word == 'cut':
            self.cut = True
            return self.route(rest, body)
        if word == 'est':
            return est.answer(self, folder, rest, body)
        if word == 'tsa':
            kind = query.pop('type', 'application/timestamp-reply')
            return self.answer(200, stamp(body, query), kind)
        if word == 'ocsp':
            if body is None:
                text = urllib.parse.unquote(path[len('/ocsp/'):])
                body = base64.b64decode(text)
            return self.answer(200, ocsp(body, query),
                               'application/ocsp-response')
        return self.static(path, query)

    def do_GET(self):
        self.route(self.path, None)

    def do_POST(self):
        size = int(self.headers.get('Content-Length', 0))
        self.route(self.path, self.rfile.read(size))


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        if isinstance(sys.exc_info()[1], (ConnectionError, ssl.SSLError)):
            return
        super().handle_error(request, client_address)


def main():
    port = 0
    if '--port' in options:
        port = int(options[options.index('--port') + 1])
    server = Server(('127.0.0.1', port), Handler)
    if '--tls' in options:
        at = options.index('--tls')
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(options[at + 1], options[at + 2])
        context.load_verify_locations(os.path.join(folder, 'root.pem'))
        context.load_verify_locations(options[at + 3])
        context.verify_mode = ssl.CERT_OPTIONAL
        server.socket = context.wrap_socket(server.socket, server_side=True,
                                            do_handshake_on_connect=False)
    with open(port_file + '.new', 'w') as f:
        f.write('%d\n' % server.server_port)
    os.rename(port_file + '.new', port_file)
    server.serve_forever()


main()
