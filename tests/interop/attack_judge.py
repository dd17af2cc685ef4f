# SPDX-License-Identifier: Apache-2.0
"""attack_judge.py LIST...: what deed says of each sample and of its twin."""
import collections
import json
import os
import resource
import shutil
import subprocess
import sys
import time

MEMORY = 512 << 20  # of address space that a bomb may have
BOMB = 'parser-bomb'


def arguments(options, twin):
    """Options of verify; of those that are for one side only, the right."""
    out, words = [], options.split()
    for key, value in zip(words[::2], words[1::2]):
        if key == '--twin-content':
            if twin:
                out[out.index('--content') + 1] = value
        elif key == '--only':
            if not twin:
                while '--trust' in out:
                    i = out.index('--trust')
                    del out[i:i + 2]
                out += ['--trust', value]
        else:
            out += [key, value]
    return out


def sanitized():
    """AddressSanitizer reserves terabytes of address space."""
    with open(shutil.which('deed'), 'rb') as f:
        return b'__asan_init' in f.read()


SANITIZED = sanitized()
SECOND = 10.0 if SANITIZED else 1.0  # of CPU that a bomb may take


def limited():
    if SANITIZED:
        return
    # The helpers set their own, which may be higher.
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, most))


def verify(path, options, bomb=False):
    trust = ['--trust', 'wang.pem', '--trust', 'alice.crt']
    if path.endswith('.p7s') and '--content' not in options:
        options = options + ['--content', 'terms.txt']
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.monotonic()
    run = subprocess.run(
        ['deed', 'verify', '--json', '--no-revocation'] + trust + options +
        [path], stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False,
        timeout=60, preexec_fn=limited if bomb and 'asan' not in
        os.environ.get('DEED_BUILD', '') else None)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return run, cpu, time.monotonic() - start


def reasons(run):
    try:
        documents = json.loads(run.stdout)['documents']
    except ValueError:
        return ['no JSON: ' + run.stderr.decode()[-300:]]
    return [r['id'] for d in documents for s in d.get('signatures') or []
            for r in s['reasons']]


def main():
    counts, bad, kinds, twins = collections.Counter(), 0, {}, {}
    for name in sys.argv[1:]:
        with open(name, encoding='utf-8') as f:
            rows = [line.rstrip('\n').split('|') for line in f]
        for cls, path, twin, words, options in rows:
            bomb = cls == BOMB
            run, cpu, _ = verify(path, arguments(options, False), bomb)
            seen, wrong = reasons(run), ''
            named = not words or any(
                i.startswith(w) or w in i for i in seen
                for w in words.split(','))
            if run.returncode not in ((1, 3, 4, 5) if bomb else (1, 3)):
                wrong = 'exit %d' % run.returncode
            elif not named:
                wrong = 'not named'
            elif bomb and cpu > SECOND:
                wrong = '%.1f s of CPU' % cpu
            key = (twin, options)
            if not wrong and key not in twins:
                good, _, _ = verify(twin, arguments(options, True))
                twins[key] = good.returncode
                if good.returncode != 0:
                    wrong = 'the twin %s: exit %d, %s' % (
                        twin, good.returncode, reasons(good))
            elif not wrong and twins[key] != 0:
                wrong = 'the twin fails'
            counts[cls] += 1
            kinds.setdefault(cls, set()).update(seen)
            if wrong:
                bad += 1
                print('%s (%s): %s; told: %s' %
                      (path, words, wrong, ', '.join(seen) or 'nothing'))
    for cls, count in sorted(counts.items()):
        print('%s: %d caught; %s' % (cls, count, ', '.join(
            sorted(kinds[cls])) or 'before any signature'))
    print('%d samples, %d twins' % (sum(counts.values()), len(twins)))
    if min(counts.values()) < 2:
        sys.exit('a class has fewer than two samples')
    sys.exit(1 if bad else 0)


main()
