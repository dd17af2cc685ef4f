#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Signatures by signers of the CAs that licensed_list.py made.

    licensed_signers.py FOLDER

For each change of status in FOLDER/changes.tsv two detached signatures of
FOLDER/content, N being the line from 0: before-N.p7s by a signer whose
certificate was issued a second before it, at-N.p7s by one whose was issued in
its second."""
import datetime
import os
import subprocess
import sys

FORM = '%Y-%m-%dT%H:%M:%SZ'
CONFIG = '''[ca]
default_ca = one
[one]
database = index
new_certs_dir = .
rand_serial = yes
unique_subject = no
default_md = sha256
policy = any
x509_extensions = leaf
email_in_dn = no
[any]
countryName = optional
commonName = supplied
[leaf]
keyUsage = critical, digitalSignature, nonRepudiation
authorityKeyIdentifier = keyid
'''


def openssl(*args):
    subprocess.run(['openssl', *args], check=True, stderr=subprocess.DEVNULL,
                   stdout=subprocess.DEVNULL)


def sign(ca, since, name):
    openssl('ca', '-batch', '-notext', '-config', 'ca.cnf', '-in', 'leaf.csr',
            '-cert', ca + '.pem', '-keyfile', ca + '.key', '-startdate',
            since.strftime('%Y%m%d%H%M%SZ'), '-enddate', '20490101000000Z',
            '-out', name + '.pem')
    openssl('cms', '-sign', '-binary', '-cades', '-in', 'content', '-signer',
            name + '.pem', '-inkey', 'leaf.key', '-certfile', ca + '.pem',
            '-outform', 'DER', '-out', name + '.p7s')


def main():
    os.chdir(sys.argv[1])
    with open('ca.cnf', 'w', encoding='ascii') as f:
        f.write(CONFIG)
    open('index', 'w', encoding='ascii').close()
    with open('content', 'w', encoding='ascii') as f:
        f.write('a contract\n')
    openssl('req', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256',
            '-nodes', '-keyout', 'leaf.key', '-out', 'leaf.csr', '-subj',
            '/C=CN/CN=A Signer')
    with open('changes.tsv', encoding='ascii') as f:
        lines = f.read().splitlines()
    for i, line in enumerate(lines):
        n, since = line.split('\t')[:2]
        at = datetime.datetime.strptime(since, FORM)
        ca = f'ca-{int(n):02}'
        sign(ca, at - datetime.timedelta(seconds=1), f'before-{i}')
        sign(ca, at, f'at-{i}')


main()
