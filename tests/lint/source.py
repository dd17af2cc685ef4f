#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Reads the C sources as text and says where they break a rule.

source.py sizes|banned|quiet|words|spdx TOP: a line for each fault, and
exit 1 if there was one.
"""

import os
import re
import statistics
import sys

FILE_LINES = 600
TEST_LINES = 800
FUNCTION_LINES = 90
COLUMNS = 80

BANNED = ('strcpy stpcpy strcat sprintf vsprintf strtok gets system popen '
          'mktemp tmpnam tempnam atoi atol atoll atof alloca rand srand '
          'strncpy strncat scanf').split()
# What the library leaves to cmd.
LOUD = ('printf vprintf fprintf vfprintf puts fputs putchar perror dprintf '
        'exit getenv secure_getenv setlocale').split()
UNFINISHED = re.compile(
    r'\b(TODO|FIXME|XXX|HACK)\b|[Nn]ot (yet )?implemented|\bfor now\b'
    r'|\b[Ss]tub(bed)?\b|\b[Ss]implified for\b|\b[Pp]laceholder impl')

faults = 0


def fault(path, line, text):
    global faults
    faults += 1
    print('%s:%d: %s' % (path, line, text))


def files(top, folders, suffixes):
    for folder in folders:
        for place, below, names in os.walk(os.path.join(top, folder)):
            below[:] = [b for b in below if b not in
                        ('corpus', 'data', '.deps', '__pycache__')]
            for name in sorted(names):
                if name.endswith(suffixes):
                    yield os.path.relpath(os.path.join(place, name), top)


def lines_of(top, path):
    with open(os.path.join(top, path), encoding='utf-8') as f:
        return f.read().split('\n')[:-1]


def code_of(text):
    """The text with comments and literals blanked, lines kept."""
    pattern = (r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"'
               r"|'(?:\\.|[^'\\\n])*'")
    return re.sub(pattern, lambda m: re.sub(r'[^\n]', ' ', m.group(0)), text,
                  flags=re.S)


def functions(lines):
    """Yields the first line and the length of each function's body."""
    start = None
    for number, line in enumerate(lines, 1):
        if line == '{':
            start = number
        elif line == '}' and start is not None:
            yield start, number - start + 1
            start = None


def percentile(values, share):
    values = sorted(values)
    return values[min(len(values) - 1, int(len(values) * share))]


def sizes(top):
    lengths, bodies = [], []
    for path in files(top, ('cmd', 'lib', 'libexec', 'tests'), ('.c', '.h')):
        lines = lines_of(top, path)
        most = TEST_LINES if path.startswith('tests') else FILE_LINES
        if len(lines) > most:
            fault(path, len(lines), 'over %d lines' % most)
        for number, line in enumerate(lines, 1):
            if len(line.expandtabs(8)) > COLUMNS:
                fault(path, number, 'over %d columns' % COLUMNS)
            if line != line.rstrip():
                fault(path, number, 'blanks at the end')
        if path.startswith('tests'):
            continue
        if path.endswith('.c'):
            lengths.append(len(lines))
        for start, length in functions(lines):
            bodies.append(length)
            if length > FUNCTION_LINES:
                fault(path, start, 'a function over %d lines' %
                      FUNCTION_LINES)
    if not lengths or not bodies:
        fault('cmd', 0, 'no source was found')
        return
    print('files: median %d lines, 90 %% under %d, most %d' % (
        statistics.median(lengths), percentile(lengths, .9), max(lengths)))
    print('functions: median %d lines, 90 %% under %d, most %d' % (
        statistics.median(bodies), percentile(bodies, .9), max(bodies)))


def calls(top, folders, names, why):
    pattern = re.compile(r'(?<![\w.>])(%s)\s*\(' % '|'.join(names))
    seen = 0
    for path in files(top, folders, ('.c', '.h')):
        seen += 1
        with open(os.path.join(top, path), encoding='utf-8') as f:
            code = code_of(f.read())
        for number, line in enumerate(code.split('\n'), 1):
            match = pattern.search(line)
            if match and 'DEED_PRINTF' not in line:
                fault(path, number, '%s() %s' % (match.group(1), why))
    if seen == 0:
        fault('lib', 0, 'no source was found')


def banned(top):
    calls(top, ('cmd', 'lib', 'libexec'), BANNED, 'is banned')


def quiet(top):
    calls(top, ('lib',), LOUD, "is cmd's")


ALL = ('.c', '.h', '.t', '.sh', '.py', '.inc', '.def', '.m4')


def words(top):
    for path in files(top, ('cmd', 'lib', 'libexec', 'tests', 'man',
                            'completions'), ALL + tuple('157')):
        if path.endswith('lint/source.py'):
            continue
        for number, line in enumerate(lines_of(top, path), 1):
            if UNFINISHED.search(line):
                fault(path, number, 'reads unfinished: ' + line.strip())


def spdx(top):
    wanted = 'SPDX-License-Identifier: Apache-2.0'
    paths = list(files(top, ('cmd', 'lib', 'libexec', 'tests', 'm4', 'man',
                             'completions'), ALL + ('.1', '.5', '.7')))
    paths += ['configure.ac', 'Makefile.am', 'bootstrap', 'lib/FLOORS',
              '.ci/run', 'tests/summary', 'tests/tour/tour']
    for path in paths:
        if not os.path.exists(os.path.join(top, path)):
            continue
        if not any(wanted in line for line in lines_of(top, path)[:3]):
            fault(path, 1, 'has no SPDX line')


def main():
    checks = {'sizes': sizes, 'banned': banned, 'quiet': quiet,
              'words': words, 'spdx': spdx}
    checks[sys.argv[1]](sys.argv[2])
    sys.exit(1 if faults else 0)


main()
