# SPDX-License-Identifier: Apache-2.0
"""Updates by npm's @signpdf and @libpdf/core, on documents of pdf-lib and on
our own.

legitimate_npm.py DATA MODULES"""
import json
import os
import subprocess
import sys

from legitimate_hand import SIGNED_BY, Update, deed, emit, look_of, read, \
    rob
from legitimate_pdf import Name, Raw

DATA, MODULES = sys.argv[1], sys.argv[2]
HERE = os.path.dirname(os.path.abspath(__file__))
JOBS = []


def job(op, source, out, **more):
    """To be done by flush; SOURCE is bytes."""
    os.makedirs('npm', exist_ok=True)
    path = 'npm/%d.in.pdf' % len(JOBS)
    if source is not None:
        with open(path, 'wb') as f:
            f.write(source)
    JOBS.append({'op': op, 'in': path, 'out': 'npm/%s.pdf' % out, **more})


def flush():
    """All jobs; yields the names of what was made, and the bytes."""
    with open('jobs.json', 'w', encoding='ascii') as f:
        json.dump(JOBS, f)
    subprocess.run(['node', HERE + '/legitimate_npm.mjs', MODULES,
                    'jobs.json'], check=True)
    done = [j['out'] for j in JOBS]
    JOBS.clear()
    return [(path[4:-4], read(path)) for path in done]


def hole(data, name='Rob', place='350 40 550 80'):
    """A box on the page, and the place for its signature as @signpdf wants
    it."""
    u = Update(data)
    field = u.widget(name, place, look=look_of(
        SIGNED_BY.replace('alice', 'Rob')))
    return u.sign(field, {
        'SubFilter': Name('adbe.pkcs7.detached'),
        'ByteRange': Raw(b'[0 /********** /********** /**********]')},
        later=True).save()


def main():
    rob()
    job('pdf-lib', None, 'plain', streams=False)
    job('pdf-lib', None, 'streams', streams=True)
    made = dict(flush())
    for name in made:
        made[name] = 'npm/%s.pdf' % name
    # After deed: a second signature by each.  What @signpdf's own plain
    # placeholder makes of a file that has a form is damaged (it drops fields
    # and writes into /MediaBox), so it fills one that is there.
    for name in ('form', 'blank', 'tagged', 'word', 'form-streams',
                 'form-linear', DATA + '/contract', DATA + '/pdf/pdftex'):
        job('signpdf', hole(deed(name)),
            'signpdf-second-' + os.path.basename(name))
    for name in ('form', 'blank', 'tagged', 'word', 'form-streams',
                 'form-linear', 'tagged-streams', made['plain'],
                 made['streams'], DATA + '/contract', DATA + '/pdf/pdftex',
                 DATA + '/pdf/chromium', DATA + '/pdfa/office-2b'):
        short = os.path.basename(name)
        job('libpdf', deed(name), 'libpdf-second-' + short, options={
            'reason': 'I agree', 'location': 'Oslo'})
        job('libpdf-title', deed(name), 'libpdf-title-' + short)
    job('libpdf', deed('form'), 'libpdf-field', options={
        'fieldName': 'Buyer', 'subFilter': 'adbe.pkcs7.detached'})
    # Forms.
    values = {'name': 'Rob', 'paid': True, 'size': 'large'}
    for name in ('form', 'form-streams', 'form-linear', made['plain'],
                 made['streams']):
        short = os.path.basename(name)
        job('libpdf-fill', deed(name), 'libpdf-text-' + short,
            values={'name': 'Rob'})
        job('libpdf-fill', deed(name), 'libpdf-fill-' + short,
            values={**values, 'term': '1'})
    job('libpdf-fill', deed('form', '--certify', 'form'),
        'libpdf-fill-certified', values=values)
    # Before deed.
    job('pdf-lib-signpdf', read('form.pdf'), 'first-pdf-lib')
    job('pdf-lib-signpdf', read(DATA + '/pdf/pdftex.pdf'), 'first-tex')
    job('placeholder', read('blank.pdf'), 'first-plain')
    job('placeholder', read(DATA + '/pdf/chromium.pdf'), 'first-plain-chrome')
    job('libpdf', read('form.pdf'), 'first-libpdf', options={})
    for name, data in flush():
        emit('npm', name, data)
        if name.startswith('first-') or name in ('signpdf-second-form',
                                                 'libpdf-second-blank'):
            emit('npm', name + '-then-deed', deed(data, party='li'))
            # A table behind an empty line: @libpdf writes the file anew.
            if not name.startswith('first-plain'):
                job('libpdf', data, name + '-then-libpdf', options={})
            job('signpdf', hole(data, 'Rob again', '350 85 550 125'),
                name + '-then-signpdf')
    for name, data in flush():
        emit('npm', name, data)


if __name__ == '__main__':
    main()
