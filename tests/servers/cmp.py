#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""
A front of CMP on a free port of loopback, before the server of openssl:

	cmp.py UPSTREAM PORTFILE

	POST /pass		what UPSTREAM answers
	POST /flip		the same with one bit of it changed
	POST /cut		the same without its last octet
	POST /again		the answer before, once more
	POST /before		nothing, once PORTFILE.go is there; UPSTREAM is
				not asked; PORTFILE.held tells that it waits
	POST /after		the same, and UPSTREAM has answered before
	POST /before-confirm, /after-confirm
				the same of certConf alone, else as /pass

openssl's server forgets a transaction when a connection that was kept alive
ends, as it does when its client is killed; each message of the front has a
connection of its own.
"""
import http.server
import os
import sys
import time
import urllib.request

from der import inside

CERTCONF = 0xa0 | 24
upstream, port_file = sys.argv[1:3]
last = [b'']


def ask(body):
    request = urllib.request.Request(
        upstream, body, {'Content-Type': 'application/pkixcmp'})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return answer.read()


def hold():
    """Until whoever asked was killed."""
    with open(port_file + '.held', 'w'):
        pass
    while not os.path.exists(port_file + '.go'):
        time.sleep(0.02)
    os.remove(port_file + '.go')


class Handler(http.server.BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get('Content-Length', 0)))
        when, _, what = self.path[1:].partition('-')
        if (when in ('before', 'after') and
                (what == '' or inside(body)[1][0] == CERTCONF)):
            if when == 'after':
                ask(body)
            hold()
            self.send_error(503)
            return
        if self.path == '/again':
            answer = last[0]
        else:
            answer = last[0] = ask(body)
        if self.path == '/cut':
            answer = answer[:-1]
        elif self.path == '/flip':
            answer = answer[:-1] + bytes([answer[-1] ^ 1])
        self.send_response(200)
        self.send_header('Content-Type', 'application/pkixcmp')
        self.send_header('Content-Length', str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)


def main():
    server = http.server.HTTPServer(('127.0.0.1', 0), Handler)
    with open(port_file + '.new', 'w') as f:
        f.write('%d\n' % server.server_port)
    os.rename(port_file + '.new', port_file)
    server.serve_forever()


main()
