#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Holds the manual against the tables of the program.

options.py TOP TABLE: TABLE is what "deed help --json" printed.  A TAP point
for each page and question.
"""

import json
import os
import re
import subprocess
import sys

top = sys.argv[1]
with open(sys.argv[2], encoding='utf-8') as f:
    table = json.load(f)
commands = table['commands']
points = 0


def point(name, faults):
    global points
    points += 1
    print('%s %d - %s' % ('not ok' if faults else 'ok', points, name))
    for fault in faults:
        print('# ' + fault)


def source(page):
    path = os.path.join(top, 'man', page)
    if not os.path.exists(path):
        return None
    with open(path, encoding='utf-8') as f:
        return f.read()


def documented(text):
    """{name: (letter, argument)} of the .It Fl lines."""
    found = {}
    for line in re.findall(r'^\.It Fl (.*)$', text, re.M):
        names = re.findall(r'(?:^|Fl )(-?[A-Za-z0-9][A-Za-z0-9-]*)', line)
        argument = re.search(r'\bAr (\S+)', line)
        long = [n[1:] for n in names if n.startswith('-')]
        short = [n for n in names if not n.startswith('-')]
        for name in long or short:
            found[name] = (short[0] if short else None,
                           argument.group(1) if argument else None)
    return found


def compare(page, options, also=None):
    """Both ways: what the program has and what the page has.

    The page may have those of also, too.
    """
    text = source(page)
    if text is None:
        return ['man/%s does not exist' % page]
    faults = []
    seen = documented(text)
    for name, option in sorted(options.items()):
        if name not in seen:
            faults.append('--%s is not in the page' % name)
            continue
        wanted = (option['letter'], option['argument'])
        if seen[name] != wanted:
            faults.append('--%s: the program has %s, the page %s' %
                          (name, wanted, seen[name]))
    for name in sorted(set(seen) - set(options) - set(also or {})):
        faults.append('--%s is in the page alone' % name)
    return faults


def paragraph(text, name):
    """What follows the .It Fl line of an option, up to the next item."""
    match = re.search(r'^\.It Fl (?:\w , Fl )?-%s\b(?!-).*\n((?:(?!\.It |\.El|'
                      r'\.Sh ).*\n)*)' % re.escape(name), text, re.M)
    return match.group(1) if match else ''


def rules(page, options, common):
    """Options that exclude or need each other: one of the two says so."""
    text = source(page) or ''
    faults = []

    def tells(name, word):
        letter = (options.get(word) or common[word])['letter'] or '-' + word
        return re.search(r'Fl (?:-%s|%s)(?![-\w])' % (word, letter),
                         paragraph(text, name))

    for name, option in sorted(options.items()):
        for word in ((option['excludes'] or '') + ' ' +
                     (option['needs'] or '')).split():
            if not tells(name, word) and not tells(word, name):
                faults.append('--%s and --%s say nothing of each other' %
                              (name, word))
    return faults


def synopses(page):
    """The lines of SYNOPSIS as a reader sees them."""
    out = subprocess.run(
        ['mandoc', '-T', 'ascii', '-O', 'width=500',
         os.path.join(top, 'man', page)],
        stdout=subprocess.PIPE, check=True).stdout.decode()
    out = re.sub('.\b', '', out)
    match = re.search(r'^SYNOPSIS\n(.*?)^\S', out, re.M | re.S)
    return [' '.join(line.split()) for line in match.group(1).split('\n')
            if line.strip()] if match else []


def main():
    groups = {}
    common = {o['name']: o for o in table['common']}
    common['help'] = {'letter': 'h', 'argument': None}
    for command in commands:
        groups.setdefault(command['name'].split()[0], []).append(command)
    for word, members in groups.items():
        page = 'deed-%s.1' % word
        own = {o['name']: o for c in members for o in c['options']
               if not o['common']}
        shared = {o['name']: o for c in members for o in c['options']
                  if o['common']}
        point('%s has the options of %s' % (page, word),
              compare(page, own, shared))
        point('%s says which options of %s go together' % (page, word),
              rules(page, own, common))
        if source(page) is None:
            continue
        seen = synopses(page)
        wanted = [' '.join(c['synopsis'].split()) for c in members]
        point('%s has the synopsis of -h' % page,
              ['-h alone: ' + line for line in wanted if line not in seen] +
              ['the page alone: ' + line for line in seen
               if line not in wanted])
    point('deed.1 has the common options', compare('deed.1', common))
    point('deed.1 says which common options go together',
          rules('deed.1', {o['name']: o for o in table['common']}, common))
    statuses()
    print('1..%d' % points)


def statuses():
    """status.def against EXIT STATUS of deed(1)."""
    with open(os.path.join(top, 'lib/base/status.def'),
              encoding='utf-8') as f:
        table = re.findall(r'STATUS\(\w+,\s*(\d+),\s*"([^"]+)"', f.read())
    section = re.search(r'^\.Sh EXIT STATUS\n(.*?)^\.Sh ', source('deed.1'),
                        re.M | re.S).group(1)
    codes, ids = section.split('.Ql id', 1)
    listed = re.findall(r'^\.It (\d+)$', codes, re.M)
    point('deed.1 lists every exit code once',
          [] if listed == sorted({c for c, _ in table}, key=int)
          else ['the page has %s' % listed])
    seen = {(code, name.strip())
            for code, names in re.findall(r'^\.It (\d+)\n(.*)$', ids, re.M)
            for name in names.split(',')}
    wanted = {(c, i) for c, i in table if c != '0'}
    point('deed.1 lists every error by its exit code',
          ['the page lacks %s %s' % p for p in sorted(wanted - seen)] +
          ['the page alone has %s %s' % p for p in sorted(seen - wanted)])


main()
