# SPDX-License-Identifier: Apache-2.0
"""pdfa.py BEFORE AFTER PART: does what AFTER adds to BEFORE keep it PDF/A?

Reads what qpdf tells of both (--json), compares, and looks at every object
that is new or changed, by the rules of ISO 19005 PART for what a signature or
seal may touch.  Says what is wrong, a line each; exit 1 if anything is."""
import json
import subprocess
import sys

BAD = []


def bad(text):
    BAD.append(text)


def load(path):
    text = subprocess.run(['qpdf', '--json=1', path], check=False,
                          stdout=subprocess.PIPE).stdout
    return json.loads(text)['objects']


def walk(value):
    yield value
    if isinstance(value, dict):
        for item in value.values():
            yield from walk(item)
    elif isinstance(value, list):
        for item in value:
            yield from walk(item)


def resolve(objects, value):
    while isinstance(value, str) and value in objects:
        value = objects[value]
    return value


def check_transparency(name, o):
    group = o.get('/Group')
    if isinstance(group, dict) and group.get('/S') == '/Transparency':
        bad(f'{name}: a transparency group')
    if o.get('/SMask', '/None') != '/None':
        bad(f'{name}: a soft mask')
    if o.get('/BM', '/Normal') not in ('/Normal', '/Compatible'):
        bad(f'{name}: a blend mode')
    for key in ('/CA', '/ca'):
        if o.get(key, 1) not in (1, 1.0):
            bad(f'{name}: {key} {o[key]}')


def check_annotation(objects, name, o, part):
    flags = o.get('/F', 0)
    if not flags & 4 or flags & (1 | 2 | 32):
        bad(f'{name}: annotation flags {flags}')
    ap = resolve(objects, o.get('/AP'))
    rect = o.get('/Rect', [])
    empty = len(rect) == 4 and rect[0] == rect[2] and rect[1] == rect[3]
    if ap is None:
        if part == 1 or not empty:
            bad(f'{name}: no appearance')
    elif list(ap) != ['/N']:
        bad(f'{name}: an appearance of {list(ap)}')
    if '/A' in o or '/AA' in o:
        bad(f'{name}: an action')
    if part == 1 and '/CA' in o:
        bad(f'{name}: /CA of an annotation')


def check_colours(objects, name, o, rgb):
    if rgb or o.get('/Subtype') != '/Form':
        return
    spaces = resolve(objects, resolve(
        objects, o.get('/Resources', {})).get('/ColorSpace', {}))
    rect = o.get('/BBox')
    if rect != [0, 0, 0, 0] and '/DefaultRGB' not in spaces:
        bad(f'{name}: colours of the device, and no intent says which')


def check_object(objects, name, o, part, rgb):
    if not isinstance(o, dict):
        return
    for d in walk(o):
        if not isinstance(d, dict):
            continue
        if part == 1:
            check_transparency(name, d)
        if d.get('/Type') == '/Font' and '/FontDescriptor' not in d and \
                d.get('/Subtype') != '/Type3':
            bad(f'{name}: a font that is not embedded')
        if '/JavaScript' in d or '/EmbeddedFiles' in d:
            bad(f'{name}: scripts or files')
        if d.get('/Filter') in ('/LZWDecode', '/Crypt'):
            bad(f'{name}: a filter that is forbidden')
    if o.get('/Subtype') == '/Widget':
        check_annotation(objects, name, o, part)
    check_colours(objects, name, o, rgb)


def main():
    before, after = load(sys.argv[1]), load(sys.argv[2])
    part = int(sys.argv[3])
    with open(sys.argv[1], 'rb') as f:
        old = f.read()
    with open(sys.argv[2], 'rb') as f:
        new = f.read()
    if new[:len(old)] != old:
        bad('the document is not a prefix')
    tail = new[len(old):]
    if part == 1 and (b'/XRef' in tail or b'/ObjStm' in tail):
        bad('cross-reference or object streams in PDF/A-1')
    if b'/Encrypt' in tail:
        bad('encryption')
    root = resolve(after, after['trailer']['/Root'])
    was = resolve(before, before['trailer']['/Root'])
    for key in ('/Metadata', '/OutputIntents', '/MarkInfo', '/StructTreeRoot'):
        if root.get(key) != was.get(key):
            bad(f'the catalog\'s {key} was changed')
    if root['/Metadata'] in before and \
            before[root['/Metadata']] != after[root['/Metadata']]:
        bad('the metadata was changed')
    if len(after['trailer'].get('/ID', [])) != 2:
        bad('no /ID')
    form = resolve(after, root.get('/AcroForm', {}))
    if form.get('/NeedAppearances') is True:
        bad('/NeedAppearances')
    rgb = bool(root.get('/OutputIntents'))
    added = [n for n in after if n != 'trailer' and
             after[n] != before.get(n)]
    for name in added:
        check_object(after, name, after[name], part, rgb)
    print(*BAD, sep='\n')
    sys.exit(1 if BAD or not added else 0)


main()
