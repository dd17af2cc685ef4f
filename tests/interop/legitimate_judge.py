# SPDX-License-Identifier: Apache-2.0
"""legitimate_judge.py LIST... -- OPTION...: what deed verify says of each
update; and what qpdf and pdfsig say, so that it is sound."""
import collections
import concurrent.futures
import json
import os
import re
import subprocess
import sys

SAMPLE = re.compile(rb'/ByteRange\s*\[')
# What qpdf warns of and nobody minds: rows past /Size, which the corpus has on
# purpose; an empty line before a table, which is @signpdf's way.
HARMLESS = re.compile(r'WARNING: [^\n]*(?:reported number of objects \(\d+\) is '
                      r'not one plus the highest object number|extraneous '
                      r'whitespace seen before xref)[^\n]*\n')


def run(*args):
    return subprocess.run(args, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, check=False)


def others(kind, path):
    """What is not sound in the file itself.  Where startxref is far from the
    end qpdf looks for objects; ISO 32000-1 7.5.5 says only that the last line
    is %%EOF."""
    checked = run('qpdf', '--check', path)
    said = HARMLESS.sub('', checked.stdout.decode('latin1'))
    if kind != 'far' and ('WARNING: ' in said or checked.returncode == 2):
        yield 'qpdf: ' + said.strip()[-300:]
    said = run('pdfsig', '-nocert', path).stdout.decode('latin1')
    for line in sorted(set(re.findall('Signature Validation: (.*)', said))):
        if line not in ('Signature is Valid.', 'Signature has not yet been '
                        'verified.'):
            yield 'pdfsig: ' + line


def judge(path, options):
    """What is not so, a line each; and the worst indication."""
    told = subprocess.run(
        ['deed', 'verify', '--json', '--no-revocation'] + options + [path],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
    try:
        signatures = json.loads(told.stdout)['documents'][0]['signatures']
    except (ValueError, LookupError):
        return ['exit %d: %s' % (told.returncode, told.stderr.decode())], 'unread'
    bad = []
    with open(path, 'rb') as f:
        expected = len(SAMPLE.findall(f.read()))
    if len(signatures) != expected:
        bad.append('%d signatures, not %d' % (len(signatures), expected))
    for s in signatures:
        ids = [r['id'] for r in s['reasons']]
        if s['integrity'] != 'intact' or 'annotation-covers' in ids or \
                s['indication'] == 'TOTAL-FAILED':
            bad.append('%s: %s %s %s, changes %s: %s' % (
                s['field'], s['indication'], s['sub_indication'] or '',
                s['integrity'], s['changes_after'], '; '.join(
                    '%s (%s)' % (r['id'], r['message'])
                    for r in s['reasons'])))
    worst = json.loads(told.stdout)['documents'][0]['indication']
    return bad, str(worst)


def row(line, options):
    """A line of a list: kind, path, worst indication, what is not so."""
    kind, path, more = line.rstrip('\n').split('|')
    if kind == 'refused':
        return kind, path, 'not made', [more]
    bad, worst = judge(path, options + more.split())
    return kind, path, worst, bad + list(others(kind, path))


def main():
    cut = sys.argv.index('--')
    options, counts, wrong, seen, rows = sys.argv[cut + 1:], {}, 0, set(), []
    for name in sys.argv[1:cut]:
        with open(name, encoding='utf-8') as f:
            rows += f.readlines()
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        judged = list(pool.map(lambda line: row(line, options), rows))
    for kind, path, worst, bad in judged:
        counts.setdefault(kind, collections.Counter())[worst] += 1
        with open(path, 'rb') as f:
            seen.add(hash(f.read()))
        wrong += bool(bad)
        for line in bad:
            print('%s: %s' % (path, line))
    for kind, count in sorted(counts.items()):
        print('%s: %s' % (kind, ', '.join(
            '%d %s' % (n, w) for w, n in sorted(count.items()))))
    print('%d updates, %d distinct, %d not so' % (
        len(rows), len(seen), wrong))
    if len(seen) < 50:
        sys.exit('fewer than fifty')
    sys.exit(1 if wrong else 0)


main()
