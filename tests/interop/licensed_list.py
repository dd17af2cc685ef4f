#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A YAML list of made-up licensed CAs, as deed-trust(5) describes it.

    licensed_list.py FOLDER [COUNT]      48 unless told otherwise

FOLDER gets list.yaml; ca-NN.key and ca-NN.pem of every CA (self-signed,
P-256); changes.tsv, a line for each change of status: the number of the CA,
the second of it, what the CA was before (or "none") and what it is from then
on.  Every third CA has a history of three statuses, the others of one; every
fourth may not seal.  Another list of the same CAs: --sequence N, and --extra
FILE=OPERATOR adds a CA with the certificate in FILE."""
import argparse
import datetime
import os
import subprocess

START = datetime.datetime(2012, 3, 1, 9, 30, 0)


def make_ca(folder, n):
    key, pem = (os.path.join(folder, f'ca-{n:02}.{e}') for e in ('key', 'pem'))
    if not os.path.exists(pem):
        subprocess.run(
            ['openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt',
             'ec_paramgen_curve:P-256', '-nodes', '-keyout', key, '-out', pem,
             '-days', '9000', '-subj', f'/C=CN/O=Made-up CA {n}/CN=CA {n}',
             '-addext', 'keyUsage=critical,keyCertSign,cRLSign'],
            check=True, stderr=subprocess.DEVNULL)
    with open(pem, encoding='ascii') as f:
        return f.read()


def history(n):
    """(since, status) of CA n, oldest first."""
    first = START + datetime.timedelta(days=31 * n, seconds=n)
    out = [(first, 'licensed')]
    if n % 3 == 0:
        out.append((first + datetime.timedelta(days=400), 'suspended'))
        out.append((first + datetime.timedelta(days=500), 'licensed'))
    if n % 9 == 0:
        out.append((first + datetime.timedelta(days=4000), 'ended'))
    return out


def stamp(t):
    return t.strftime('%Y-%m-%dT%H:%M:%SZ')


def operator(name, n, pem, statuses):
    may = '[signature, time-stamp]' if n % 4 == 0 else '[signature, seal]'
    lines = [f'  - name: "{name}"', f'    licence: "ECP1101{n:04}"',
             '    licence-from: 2010-01-01', '    services:',
             f'      - name: "Issuing of {name}"', f'        may: {may}',
             '        history:']
    lines += [f'          - {{since: "{stamp(t)}", status: {s}}}'
              for t, s in statuses]
    lines.append('        certificates: |')
    lines += ['          ' + line for line in pem.strip().splitlines()]
    return lines


def main():
    p = argparse.ArgumentParser()
    p.add_argument('folder')
    p.add_argument('count', nargs='?', type=int, default=48)
    p.add_argument('--sequence', type=int, default=1)
    p.add_argument('--scheme', default='cn-esl')
    p.add_argument('--by', default='Notary Office Seven')
    p.add_argument('--until', default='2099-01-01T00:00:00Z')
    p.add_argument('--extra', action='append', default=[])
    a = p.parse_args()
    os.makedirs(a.folder, exist_ok=True)
    out = [f'scheme: {a.scheme}', f'compiled-by: "{a.by}"', 'territory: CN',
           f'sequence: {a.sequence}', 'issued: 2026-11-01',
           f'next-update: "{a.until}"', 'operators:']
    changes = []
    for n in range(1, a.count + 1):
        statuses = history(n)
        out += operator(f'Made-up CA {n}', n, make_ca(a.folder, n), statuses)
        before = 'none'
        for t, s in statuses:
            changes.append(f'{n}\t{stamp(t)}\t{before}\t{s}\n')
            before = s
    for i, extra in enumerate(a.extra):
        path, _, name = extra.partition('=')
        with open(path, encoding='ascii') as f:
            out += operator(name, 1001 + i, f.read(), [(START, 'licensed')])
    with open(os.path.join(a.folder, 'list.yaml'), 'w',
              encoding='utf-8') as f:
        f.write('\n'.join(out) + '\n')
    with open(os.path.join(a.folder, 'changes.tsv'), 'w',
              encoding='ascii') as f:
        f.writelines(changes)


if __name__ == '__main__':
    main()
