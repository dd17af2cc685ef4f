# SPDX-License-Identifier: Apache-2.0
"""Updates by programs that may be there: poppler's pdfsig with a store of
NSS, mutool, and iText 5 and PDFBox 2 of Debian's Java packages.

legitimate_tools.py DATA"""
import os
import shutil
import subprocess
import sys

from legitimate_hand import deed, emit, read, rob
from legitimate_ltv import ders

DATA = sys.argv[1] if len(sys.argv) > 1 else 'data'
HERE = os.path.dirname(os.path.abspath(__file__))
JARS = ['/usr/share/java/%s.jar' % name for name in (
    'itext5', 'pdfbox2', 'fontbox2', 'commons-logging', 'bcprov', 'bcpkix',
    'bcutil')]
SIGNED = ('form', 'blank', 'tagged', 'word', 'form-streams', 'form-linear',
          'tagged-streams', 'edited', 'direct', DATA + '/contract',
          DATA + '/pdf/libreoffice', DATA + '/pdf/pdftex',
          DATA + '/pdf/chromium')


def quietly(*args):
    return subprocess.run(args, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, check=False)


def source(name):
    """A file that deed signed."""
    os.makedirs('tools', exist_ok=True)
    path = 'tools/%s' % os.path.basename(name)
    with open(path, 'wb') as f:
        f.write(deed(name))
    return path


def made(kind, name, out):
    """What a program wrote, if it did; some cannot read every file."""
    if os.path.exists(out):
        emit(kind, os.path.basename(name), read(out))


def pdfsig():
    os.makedirs('nss', exist_ok=True)
    quietly('certutil', '-N', '-d', 'sql:nss', '--empty-password')
    quietly('pk12util', '-i', 'node.p12', '-d', 'sql:nss', '-W', 'x', '-K', '')
    for name in SIGNED:
        out = source(name) + '.pdfsig'
        quietly('pdfsig', '-nssdir', 'sql:nss', '-add-signature', '-nick',
                'Rob', source(name), out)
        made('pdfsig', name, out)


def mutool():
    for name in ('form', 'form-streams', 'form-linear', 'direct'):
        out = source(name) + '.mu'
        quietly('mutool', 'run', HERE + '/legitimate_mupdf.js', source(name),
                out)
        made('mutool', 'fill-' + name, out)
    out = source('form') + '.musign'
    quietly('mutool', 'sign', '-s', 'node.p12', '-P', 'x', '-o', out,
            source('form'), '45')
    made('mutool', 'sign', out)


def java():
    with open('house.crl', 'wb') as f:
        f.write(next(ders('house.pem', 'X509 CRL')))
    jobs = []

    def job(op, name, label, argument=''):
        path = source(name)
        jobs.append((op, path, '%s.%d' % (path, len(jobs)), argument,
                     label + os.path.basename(name)))
    for name in SIGNED:
        job('itext-sign', name, 'sign-')
        job('itext-sign', name, 'box-', 'box')
        job('itext-ltv', name, 'ltv-', 'house.crl')
        job('pdfbox-sign', name, 'sign-')
    for name in ('form', 'form-streams', 'form-linear'):
        job('itext-sign', name, 'field-', 'Buyer')
        job('pdfbox-sign', name, 'field-', 'Buyer')
        job('itext-fill', name, 'fill-')
        job('pdfbox-fill', name, 'fill-')
    with open('jobs.txt', 'w', encoding='ascii') as f:
        f.writelines(' '.join(j[:4]) + '\n' for j in jobs)
    run = quietly('java', '-cp', ':'.join(JARS), HERE + '/Legitimate.java',
                  'jobs.txt')
    if run.returncode != 0:
        raise SystemExit(run.stdout.decode())
    for op, _, out, _, label in jobs:
        made('real-' + op.split('-')[0], label, out)


def main():
    rob()
    if shutil.which('certutil') and shutil.which('pk12util'):
        pdfsig()
    else:
        print('pdfsig: certutil and pk12util are not there', file=sys.stderr)
    if shutil.which('mutool'):
        mutool()
    else:
        print('mutool is not there', file=sys.stderr)
    if shutil.which('javac') and all(map(os.path.exists, JARS)):
        java()
    else:
        print('iText 5 and PDFBox 2 are not there', file=sys.stderr)


if __name__ == '__main__':
    main()
