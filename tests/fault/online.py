#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""
Documents whose certificates lead to servers that mean harm, each judged in a
run of its own.

	online.py PKI		in an empty folder; PKI as tests/servers/lib.sh
				made it

Prints a line for each claim: "ok|WHAT" or "not ok|WHAT|WHAT WAS SEEN".
"""
import collections
import concurrent.futures
import os
import socket
import subprocess
import sys
import threading
import time

PKI = sys.argv[1]
BUDGET, GRACE, AT_ONCE = 1, float(sys.argv[2]), 6
OK = b'HTTP/1.1 200 OK\r\n'


# ---- servers ----

def sent(data, then=None):
    def behave(c, path):
        c.sendall(data)
        if then is not None:
            then(c)
    return behave


def stay(c):
    c.settimeout(30)
    while c.recv(4096):
        pass


def endless(block):
    def then(c):
        while True:
            c.sendall(block)
    return then


def drip(data):
    def behave(c, path):
        for i in range(len(data)):
            c.sendall(data[i:i + 1])
            time.sleep(0.04)
        stay(c)
    return behave


def to(where, after=0.0):
    def behave(c, path):
        time.sleep(after)
        c.sendall(b'HTTP/1.1 302 Go\r\nLocation: %s\r\nContent-Length: 0\r\n'
                  b'\r\n' % where(path))
    return behave


def late(seconds):
    """What was asked for, but not now."""
    def behave(c, path):
        time.sleep(seconds)
        with open(os.path.join(PKI, 'ca.cer' if '/issuer' in path else
                               'ca.crl'), 'rb') as f:
            data = f.read()
        c.sendall(OK + b'Content-Length: %d\r\n\r\n%s' % (len(data), data))
    return behave


def reset(c, path):
    c.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b'\1\0\0\0\0\0\0\0')


def loop(path):
    return (path + 'x').encode()


BEHAVIOURS = {
    # stall
    'mute': sent(b'', stay),
    'after-status': sent(OK, stay),
    'after-head': sent(OK + b'Content-Length: 500\r\n\r\n', stay),
    'in-body': sent(OK + b'Content-Length: 500\r\n\r\n0', stay),
    'drip-head': drip(OK * 50),
    'drip-body': drip(OK + b'\r\n' + b'0' * 5000),
    'continue': sent(b'', endless(b'HTTP/1.1 100 Continue\r\n\r\n')),
    # redirect
    'in-circles': to(loop),
    'slowly': to(loop, 0.3),
    'to-other': to(lambda path: b'http://127.0.0.2:%d%s' % (
        OTHER.port, path.encode())),
    'to-name': to(lambda path: b'http://localhost:%d%s' % (
        OTHER.port, path.encode())),
    'to-six': to(lambda path: b'http://[::ffff:127.0.0.1]:%d%s' % (
        OTHER.port, path.encode())),
    'to-number': to(lambda path: b'http://0x7f.2:%d%s' % (
        OTHER.port, path.encode())),
    'to-zero': to(lambda path: b'http://0.0.0.0:%d%s' % (
        OTHER.port, path.encode())),
    'to-file': to(lambda path: b'file:///etc/passwd'),
    # flood
    'flood': sent(OK + b'\r\n', endless(b'x' * 65536)),
    'flood-head': sent(OK + b'X: ', endless(b'x' * 65536)),
    'flood-heads': sent(OK, endless(b'X: x\r\n' * 1000)),
    'announced': sent(OK + b'Content-Length: 999999999999\r\n\r\n',
                      endless(b'x' * 65536)),
    'chunks': sent(OK + b'Transfer-Encoding: chunked\r\n\r\n',
                   endless(b'1\r\nx\r\n' * 1000)),
    # lie
    'page': sent(OK + b'Content-Type: text/html\r\nContent-Length: 6\r\n\r\n'
                 b'<html>'),
    'cut': sent(OK + b'Content-Length: 500\r\n\r\n0\x82'),
    'no-http': sent(b'220 smtp.example ESMTP\r\n'),
    'error': sent(b'HTTP/1.1 500 Oh\r\nContent-Length: 0\r\n\r\n'),
    'break-off': sent(b''),
    'reset': reset,
    # answer late
    'late': late(BUDGET * 3),
    'just-late': late(BUDGET * 1.2),
}


class Server:
    """Answers as the first word of a path says; counts what comes."""

    def __init__(self, address='127.0.0.1', mute=False):
        self.asked = collections.Counter()
        self.connections = 0
        self.listener = socket.create_server((address, 0), backlog=256)
        self.port = self.listener.getsockname()[1]
        self.mute = mute
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            c, _ = self.listener.accept()
            self.connections += 1
            threading.Thread(target=self.one, args=(c,), daemon=True).start()

    def one(self, c):
        with c:
            try:
                c.settimeout(30)
                head = b''
                while b'\r\n' not in head:
                    more = c.recv(4096)
                    if not more:
                        return
                    head += more
                path = head.split(b' ')[1].decode('latin1')
                self.asked[path] += 1
                BEHAVIOURS['mute' if self.mute else path.split('/')[1]](
                    c, path)
            except OSError:
                pass


SERVER, OTHER = Server(), Server('0.0.0.0')
MUTES = [Server(mute=True) for _ in range(8)]


# ---- documents ----

def openssl(*args):
    subprocess.run(('openssl',) + args, check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def make(number, name, extension):
    """NAME.p7s, by a certificate of the CA with this extension."""
    with open(name + '.ext', 'w') as f:
        f.write(extension + '\n')
    openssl('x509', '-req', '-in', 'leaf.csr', '-CA', PKI + '/ca.pem',
            '-CAkey', PKI + '/ca.key', '-days', '300', '-set_serial',
            str(1000000 + number), '-extfile', name + '.ext', '-out',
            name + '.pem')
    openssl('cms', '-sign', '-cades', '-binary', '-in', 'text', '-signer',
            name + '.pem', '-inkey', 'leaf.key', '-outform', 'DER', '-out',
            name + '.p7s')


FORMS = {'issuer': 'authorityInfoAccess=caIssuers;URI:%s',
         'ocsp': 'authorityInfoAccess=OCSP;URI:%s',
         'crl': 'crlDistributionPoints=URI:%s'}


def documents():
    openssl('req', '-new', '-newkey', 'ec', '-pkeyopt',
            'ec_paramgen_curve:P-256', '-nodes', '-keyout', 'leaf.key',
            '-subj', '/C=UT/O=Testing/CN=Test leaf', '-out', 'leaf.csr')
    with open('text', 'w') as f:
        f.write('text\n')
    wanted = [(b + '.' + kind, FORMS[kind] % ('http://127.0.0.1:%d/%s/%s' % (
        SERVER.port, b, kind))) for b in BEHAVIOURS for kind in FORMS]
    wanted.append(('mutes', 'crlDistributionPoints=' + ','.join(
        'URI:http://127.0.0.1:%d/mute/crl' % m.port for m in MUTES)))
    wanted.append(('eight', 'authorityInfoAccess=' + ','.join(
        'caIssuers;URI:http://127.0.0.1:%d/page/%d' % (SERVER.port, i)
        for i in range(8))))
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(lambda x: make(x[0], *x[1]), enumerate(wanted)))
    return [name for name, _ in wanted]


# ---- runs ----

LATE, CODES = [], collections.Counter()


def run(names, *options, count=1):
    start = time.monotonic()
    done = subprocess.run(
        ['deed', 'verify', '--online', '--online-timeout', str(BUDGET),
         '--content', 'text', *options] + [n + '.p7s' for n in names],
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False)
    spent = time.monotonic() - start
    CODES[done.returncode] += 1
    if spent > (BUDGET + GRACE) * count:
        LATE.append('%s %.1f s' % (names[0], spent))
    return done


def known(name):
    """For what is asked about: a chain to the root."""
    if name.endswith('issuer') or name == 'eight':
        return ()
    return ('--untrusted', PKI + '/ca.pem', '--crl', PKI + '/root.crl')


def claim(what, seen):
    print('not ok|%s|%s' % (what, seen) if seen else 'ok|' + what)


def phase(names, *options):
    """Each in a run of its own; what was asked meanwhile."""
    for s in [SERVER, OTHER] + MUTES:
        s.asked.clear()
        s.connections = 0
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(lambda n: run([n], *known(n), *options), names))
    return SERVER.asked.copy()


def main():
    names = documents()
    trust = ('--trust', PKI + '/root.pem')
    named = ('--online-hosts', '127.0.0.1')

    asked = phase(names, *trust, *named)
    runs = len(names)
    missed = [n for n in names[:-2]
              if '/' + n.replace('.', '/') not in asked]
    claim('what leads to an anchor is asked for', missed)
    claim('no redirection leads to a host that is not named',
          OTHER.connections)
    claim('four missing issuers of a document',
          sum(asked['/page/%d' % i] for i in range(8)) - 4)

    asked = phase(names, *named)
    runs += len(names)
    claim('without an anchor neither OCSP nor CRL is asked for',
          [p for p in asked if p.endswith(('ocsp', 'crl'))] or
          sum(m.connections for m in MUTES))
    claim('but missing issuers are',
          [b for b in BEHAVIOURS if '/%s/issuer' % b not in asked])

    for what, options in (
            ('none', trust), ('none, nor an anchor', ()),
            ('others', (*trust, '--online-hosts', '10.*,*.example'))):
        some = names if what == 'none' else names[::7]
        phase(some, *options)
        runs += len(some)
        claim('no host is asked that is not named: ' + what,
              SERVER.connections + OTHER.connections)
    some = ['to-%s.crl' % n for n in ('other', 'name', 'six', 'number',
                                      'zero')]
    phase(some, *trust, '--online-hosts', '127.*,localhost',
          '--online-hosts', '*:127.0.0.1 0.0.0.0')
    runs += len(some)
    # The other server redirects to itself.
    claim('redirections lead to hosts that are named',
          OTHER.connections - 5 * len(some))

    # One after the other, and at once: what failed is left alone.
    for s in MUTES:
        s.connections = 0
    start = time.monotonic()
    run(['mutes'] * 40, *known('mutes'), *trust, *named, '--jobs', '4',
        count=3)
    runs += 1
    claim('a host that stalls stalls one document or two',
          '%.1f s' % (time.monotonic() - start)
          if time.monotonic() - start > 8 * BUDGET else '')
    # By forty documents; where the machine is slow a job each may find it
    # before the first has given it up.
    claim('and is asked no more than once a job',
          [m.connections for m in MUTES if m.connections > 4])

    claim('no document takes longer than its budget and a second', LATE)
    claim('none passes, and none breaks the program',
          [c for c in CODES if c != 3])
    claim('two hundred runs', '' if runs >= 200 else runs)


main()
