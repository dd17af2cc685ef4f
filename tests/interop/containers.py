# SPDX-License-Identifier: Apache-2.0
"""containers.py SERVERS: containers as other programs make them, and their
bad neighbours; each is judged by deed, and what is wrong is printed.
SERVERS is the folder of der.py and authority.py."""
import collections
import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile

sys.path.insert(0, sys.argv[1])
# pylint: disable=wrong-import-position
from attack_lib import cms  # noqa: E402
from attack_stamp import stamper, token  # noqa: E402
from container_zip import (ASIC_E, ASIC_S, LATER, NONE,  # noqa: E402
                           SIGNED, UNSIGNED, UTF8, Entry, manifest, pack,
                           unicode_path)
from der import elements, octets, oid, seq, tlv  # noqa: E402

MANIFEST = 'META-INF/ASiCManifest001.xml'
SIGNATURE = 'META-INF/signature001.p7s'
DATA = b'The price is 10\n'
counts, wrong = collections.Counter(), []


def verify(path):
    run = subprocess.run(
        ['deed', 'verify', '--json', '--no-revocation', '--trust',
         'alice.crt', '--trust', 'tsa.pem', path], stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, check=False)
    try:
        document = json.loads(run.stdout)['documents'][0]
    except (ValueError, KeyError, IndexError):
        document = {}
    return run, document.get('signatures') or []


def judged(kind, data, code, ids='', integrity=None, said='', signatures=None):
    """The exit code; reasons that are told, and with '!' those that are not;
    the integrity of every signature; what stderr says."""
    counts[kind] += 1
    with open('c.asice', 'wb') as f:
        f.write(data)
    run, found = verify('c.asice')
    told = [r['id'] for s in found for r in s['reasons']]
    fine = run.returncode == code and said in run.stderr.decode()
    for i in ids.split():
        fine = fine and ((i[1:] not in told) if i[0] == '!' else i in told)
    if integrity is not None:
        fine = fine and [s['integrity'] for s in found] == (
            [integrity] * len(found))
    if signatures is not None:
        fine = fine and len(found) == signatures
    if not fine:
        name = '%s-%d.asice' % (kind, counts[kind])
        shutil.copy('c.asice', name)
        wrong.append('%s: exit %d, %s, %s, %s; expected %d, %s, %s' % (
            name, run.returncode, [s['integrity'] for s in found], told,
            run.stderr.decode()[:200], code, integrity, ids))


def good(kind, data, ids='', names=None, **more):
    """deed passes it, and Python finds the same names in it."""
    judged(kind, data, 0, ids, 'intact', **more)
    with zipfile.ZipFile(io.BytesIO(data)) as z:
        if z.testzip() or (names and z.namelist()[1:1 + len(names)] != names):
            wrong.append('%s: Python finds %s' % (kind, z.namelist()))


def bad(kind, data, ids, **more):
    judged(kind, data, 1, ids, **more)


def extended(objects, more=(), sign=cms, **fields):
    """An ASiC-E that alice signed; objects are entries."""
    xml = manifest(SIGNATURE, [(e.name, e.data) for e in objects])
    return pack([Entry('mimetype', ASIC_E.encode()), *objects,
                 Entry(MANIFEST, xml), Entry(SIGNATURE, sign(xml)), *more],
                **fields)


def simple(objects, more):
    """An ASiC-S of these entries and whatever lies in META-INF."""
    return pack([Entry('mimetype', ASIC_S.encode()), *objects, *more])


# ---- the ZIP ----

def comments():
    def out(comment, said=None):
        return extended([Entry('a.txt', DATA)], comment=comment, said=said)
    good('comment', out(b''), '!zip-comment')
    for text in (b'x', b'mimetype=' + ASIC_E.encode(), bytes(range(256)),
                 b'PK\3\4PK\1\2PK\6\6PK\5', 'Möbel\n'.encode(),
                 b'c' * 65535, b'\0' * 22):
        good('comment', out(text), 'zip-comment')
    end = pack([])
    for text in (b'PK\5\6', b'xPK\5\6', end, end + b'x', b'x' + end,
                 b'PK\5\6' + b'\0' * 18, out(b''), b'c' * 400 + end):
        bad('comment', out(text), 'zip-end')
    for text, said in ((b'x', 0), (b'', 1), (b'xyz', 2), (b'xyz', 4),
                       (b'x' * 300, 299), (b'', 65535)):
        bad('comment', out(text, said), 'zip-end')
    bad('comment', out(b'') + b'\0', 'zip-end')
    bad('comment', out(b'x') + b'\n', 'zip-end')


def names():
    letters = bytes(range(0x80, 0x100)).decode('cp437')
    texts = ['Möbel für 10£.txt', 'été/ça.txt', 'Σ.txt', 'naïve.txt',
             letters[:64] + '.txt', letters[64:] + '.txt']
    for text in texts + ['%s.txt' % c for c in letters[::8]]:
        raw = text.encode('cp437')
        good('name', extended([Entry(text, DATA, raw=raw)]), names=[text])
        both = unicode_path(raw, text)
        good('name', extended([Entry(text, DATA, raw=raw, local=both,
                                     central=both)]))
        other = unicode_path(raw, 'other.txt')
        bad('name', extended([Entry(text, DATA, raw=raw, local=other,
                                    central=other)]), 'zip-ambiguous')
        bad('name', extended([Entry(text, DATA, raw=raw, local=other)]),
            'zip-ambiguous')
        # Bit 11 and no UTF-8; the same file once more, by its other name.
        bad('name', extended([Entry(text, DATA, raw=raw, flags=UTF8)]),
            'zip-name')
        bad('name', extended([Entry(text, DATA, raw=raw)],
                             [Entry(text, b'99999')]), 'zip-duplicate')
        # Signed under another name: the file is not there.
        judged('name', extended([Entry('a.txt', DATA, raw=raw)]), 1,
               'object-missing object-unsigned')
    # UTF-8 without bit 11, as many write it.
    for text in ('Möbel.txt', '合同.pdf', 'договор.txt'):
        raw = text.encode()
        good('name', extended([Entry(text, DATA, raw=raw)]))
        shown = raw.decode('cp437')
        bad('name', extended([Entry(text, DATA, raw=raw)],
                             [Entry(shown, b'99999')]), 'zip-duplicate')
        bad('name', extended([Entry(text, DATA, raw=raw, local_flags=UTF8)]),
            'zip-ambiguous')


def unsigned():
    """A file that no manifest names, whatever its name is written in."""
    for name, raw in (('b.txt', None), ('Möbel.txt', None),
                      ('Möbel.txt', 'Möbel.txt'.encode('cp437')),
                      ('Möbel.txt', 'Möbel.txt'.encode()),
                      ('A.TXT', None), ('META-INF/b.txt', None)):
        more = [Entry(name, b'99999', raw=raw)]
        bad('unsigned', extended([Entry('a.txt', DATA)], more),
            'object-unsigned', integrity='intact')
    more = [Entry('%d.txt' % i, b'99999') for i in range(1000)]
    bad('unsigned', extended([Entry('a.txt', DATA)], more),
        'object-unsigned', integrity='intact')


def link_of(mode=0o120777, target=b''):
    """The field of ASi Unix."""
    data = b'\0' * 4 + mode.to_bytes(2, 'little') + b'\0' * 8 + target
    return b'\x6e\x75' + len(data).to_bytes(2, 'little') + data


def pkware(target=b''):
    data = b'\0' * 12 + target
    return b'\x0d\0' + len(data).to_bytes(2, 'little') + data


def becomes_link(data):
    """Does unzip make a link of it?"""
    with tempfile.TemporaryDirectory(dir='.') as folder:
        with open(folder + '/c.zip', 'wb') as f:
            f.write(data)
        subprocess.run(['unzip', '-qq', 'c.zip'], cwd=folder, check=False,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return os.path.islink(folder + '/a.txt')


def attributes():
    for value, system in ((0, 0), (0x20, 0), (0x80, 0), (0x21, 10),
                          (0o644 << 16, 3), (0o100644 << 16, 3),
                          (0o100755 << 16 | 0x20, 19)):
        good('attributes', extended([Entry('a.txt', DATA, system=system,
                                           attributes=value)]))
    for value in (0, 0x10, 0o40755 << 16 | 0x10, 0o100644 << 16):
        good('attributes', extended(
            [Entry('f/a.txt', DATA)],
            [Entry('f/', b'', attributes=value)]))
    good('attributes', extended([Entry('a.txt', DATA, central=link_of(
        0o100644), local=pkware())]))
    for kind in (0o12, 0o02, 0o06, 0o01, 0o14, 0o04, 0o13, 0o17):
        for system in (0, 3, 10, 19):
            bad('attributes', extended([Entry(
                'a.txt', b'b.txt', system=system,
                attributes=(kind << 12 | 0o777) << 16)]), 'zip-attributes')
    for value in (0x08, 0x10, 0x40, 0x400, 0x30):
        bad('attributes', extended([Entry('a.txt', DATA, system=0,
                                          attributes=value)]),
            'zip-attributes')
    for field in ({'central': link_of()}, {'local': link_of()},
                  {'central': pkware(b'/etc/passwd')},
                  {'local': pkware(b'b')}):
        bad('attributes', extended([Entry('a.txt', b'b.txt', attributes=0,
                                          **field)]), 'zip-attributes')
    # Also of a file in META-INF, of mimetype, of a folder.
    xml = manifest(SIGNATURE, [('a.txt', DATA)])
    parts = [('mimetype', ASIC_E.encode()), ('a.txt', DATA),
             (MANIFEST, xml), (SIGNATURE, cms(xml))]
    for name, _ in parts:
        bad('attributes', pack(
            [Entry(n, d, attributes=0o120777 << 16 if n == name
                   else 0o100644 << 16) for n, d in parts]), 'zip-attributes')
    bad('attributes', extended([Entry('f/a.txt', DATA)], [
        Entry('f/', b'/etc', attributes=0o120777 << 16)]), 'zip-attributes')
    bad('attributes', extended([Entry('f/a.txt', DATA)], [
        Entry('f/', b'99999')]), 'zip-attributes')
    link = Entry('a.txt', b'b.txt', attributes=0o120777 << 16)
    asi = Entry('a.txt', b'b.txt', attributes=0, central=link_of())
    for entry in (link, asi):
        if shutil.which('unzip') and not becomes_link(extended([entry])):
            wrong.append('unzip makes no link of it')


def flags():
    for deflate in (False, True):
        for value in (0, 2, 4, 6):
            good('flags', extended([Entry('a.txt', DATA, flags=value,
                                          deflate=deflate)]))
        for tail in (SIGNED, UNSIGNED):
            good('flags', extended([Entry('a.txt', DATA, flags=LATER,
                                          deflate=deflate, descriptor=tail)]))
        for side in ({'flags': LATER}, {'local_flags': LATER},
                     {'central_flags': LATER}):
            bad('flags', extended([Entry(
                'a.txt', DATA, deflate=deflate, descriptor=NONE, **side)]),
                'zip-flags')
    for bit in (4, 7, 8, 9, 10, 12, 14, 15):
        for side in ('flags', 'local_flags', 'central_flags'):
            bad('flags', extended([Entry('a.txt', DATA,
                                         **{side: 1 << bit})]), 'zip-flags')
    for bit in (0, 5, 6, 13):
        for side in ('flags', 'local_flags', 'central_flags'):
            bad('flags', extended([Entry('a.txt', DATA,
                                         **{side: 1 << bit})]), 'zip-method')


# ---- signatures ----

def inside():
    """A content in the CMS: the same, another, none of both."""
    price = Entry('a.txt', DATA)
    whole = ('-nodetach',)

    def over(content, *options):
        return Entry('META-INF/signature.p7s', cms(content, 'alice',
                                                   *options))
    good('inside', extended([price]), '!content-inside')
    good('inside', extended([price], sign=lambda xml: cms(
        xml, 'alice', *whole)), 'content-inside')
    good('inside', extended([price], sign=lambda xml: cms(
        xml, 'alice', *whole, '-stream')), 'content-inside')
    good('inside', simple([price], [over(DATA)]), '!content-inside')
    good('inside', simple([price], [over(DATA, *whole)]), 'content-inside')
    # alice signed what is inside, and not what lies beside it.
    for other in (b'The price is 99999\n', b'', DATA + b'\n'):
        bad('inside', extended([price], sign=lambda _: cms(
            other, 'alice', *whole)), 'content-inside', integrity='broken')
        bad('inside', simple([price], [over(other, *whole)]),
            'content-inside', integrity='broken')
        # She signed what lies beside, and something else is put in.
        bad('inside', simple([price], [Entry(
            'META-INF/signature.p7s', with_content(cms(DATA), other))]),
            'content-inside', integrity='intact')
    # Nothing lies beside.
    bad('inside', simple([], [over(DATA, *whole)]), 'content-inside content')


def stamps():
    """Time-stamps in an ASiC-S: over the file, and over what names them."""
    def stamp(data, number=''):
        return Entry('META-INF/timestamp%s.tst' % number, token(data))

    def naming(number, *covered, kind='ASiCArchiveManifest', first=''):
        """A manifest over some entries, and the time-stamp that it names."""
        name = 'META-INF/timestamp%s.tst' % number
        xml = manifest(name, [(e.name, e.data) for e in covered])
        return [Entry('META-INF/%s%s.xml' % (kind, first), xml),
                Entry(name, token(xml))]
    price, one = Entry('a.txt', DATA), stamp(DATA)
    signed = Entry('META-INF/signature.p7s', cms(DATA))
    good('stamps', simple([price], [one]), signatures=1)
    good('stamps', simple([price], [one, stamp(DATA, '002')]), signatures=2)
    good('stamps', simple([price], [signed, one]), signatures=2)
    for kind in ('ASiCArchiveManifest', 'ASiCManifest'):
        second = naming('002', price, one, kind=kind)
        good('stamps', simple([price], [one, *second]), signatures=2)
        good('stamps', simple([price], [*second, one]), signatures=2)
        good('stamps', simple([price], [one, *reversed(second)]),
             signatures=2)
        over = naming('', price, signed, kind=kind)
        good('stamps', simple([price], [signed, *over]), signatures=2)
        third = naming('003', price, one, *second, kind=kind, first='003')
        good('stamps', simple([price], [one, *second, *third]),
             signatures=3)
        good('stamps', simple([price], [signed, one, *second, *third]),
             signatures=4)
        # Without the file itself in it, which the first covers.
        partly = naming('002', one, kind=kind)
        good('stamps', simple([price], [one, *partly]), signatures=2)
        # It is over something else; the two are exchanged.
        for wrong_one in (token(DATA), token(b'else'), one.data):
            bad('stamps', simple([price], [one, second[0], Entry(
                second[1].name, wrong_one)]), 'timestamp-imprint')
        bad('stamps', simple([price], [
            Entry(one.name, second[1].data), second[0],
            Entry(second[1].name, one.data)]), 'timestamp-imprint')
        # What it names has changed since, or is not there.
        bad('stamps', simple([Entry('a.txt', b'99999')], [one, *second]),
            'timestamp-imprint object-digest')
        bad('stamps', simple([price], [Entry(one.name, token(DATA)),
                                       *second]), 'object-digest')
        judged('stamps', simple([price], second), 3, 'object-missing')
        # Its manifest is no longer there, and the time-stamp over nothing.
        bad('stamps', simple([price], [one, second[1]]), 'timestamp-imprint')
        bad('stamps', simple([price], [one, second[0]]), 'timestamp-missing'
            if kind == 'ASiCArchiveManifest' else 'signature-missing')
        # Two files.
        bad('stamps', simple([price, Entry('b.txt', b'99999')],
                             [one, *second]), 'asic-s-object')
    # A file added before or behind leaves what is signed as it is.
    added = [Entry('%d.txt' % i, b'99999') for i in range(12)]
    for one_of in (signed, one):
        for objects in ([price, *added], [*added, price],
                        [added[0], price, added[1]]):
            bad('stamps', simple(objects, [one_of]), 'asic-s-object',
                integrity='intact')
        bad('stamps', simple(added, [one_of]), 'asic-s-object',
            integrity='broken')
        bad('stamps', simple([Entry('f/a.txt', DATA)], [one_of]),
            'asic-s-object', integrity='intact')
    # In an ASiC-S a signature is over the file, whatever names it.
    named = Entry(MANIFEST, manifest(signed.name, [(price.name, DATA)]))
    good('stamps', simple([price], [signed, named]), signatures=1)
    bad('stamps', simple([price], [named, Entry(
        signed.name, cms(named.data))]), 'message-digest')


def others():
    """XAdES, whatever else there is; evidence records alone."""
    objects = [('a.txt', DATA)]
    xml = manifest(SIGNATURE, objects)
    cades = [Entry(MANIFEST, xml), Entry(SIGNATURE, cms(xml))]
    stamp = [Entry('META-INF/timestamp.tst', token(DATA))]
    records = [[Entry('META-INF/evidencerecord.ers', b'0\0')],
               [Entry('META-INF/evidencerecord.xml', b'<x/>')],
               [Entry('META-INF/ASiCEvidenceRecordManifest001.xml', b'<x/>'),
                Entry('META-INF/evidencerecord001.xml', b'<x/>')]]
    price = Entry('a.txt', DATA)
    link = Entry('a.txt', b'b.txt', attributes=0o120777 << 16)
    media = [[Entry('mimetype', m)] for m in
             (ASIC_E.encode(), ASIC_S.encode(), b'text/plain')] + [[]]
    for name in ('signatures', 'signatures0', 'asic-signatures001',
                 'documentsignatures'):
        xades = [Entry('META-INF/%s.xml' % name, b'<x/>', deflate=True)]
        for first in media:
            for more in ([], cades, stamp, [*cades, *records[0]],
                         records[1], [Entry('b.txt', b'99999')]):
                whole = [*first, price, *more, *xades]
                judged('others', pack(whole), 5, said='XAdES')
                judged('others', pack(whole, b'a comment'), 5, said='XAdES')
            # The container itself is at fault.
            for bad_one in (pack([*first, link, *cades, *xades]),
                            pack([*first, price, price, *xades, *cades]),
                            pack([*first, price, *xades]) + b'\0',
                            pack([*first, price, *xades], b'c' * 65535, 9)):
                judged('others', bad_one, 5, said='XAdES')
    for record in records:
        for first in media:
            judged('others', pack([*first, price, *record]), 5,
                   said='evidence record')
        good('others', pack([*media[1], price, *stamp, *record]),
             'evidence-record')
        good('others', pack([*media[0], price, *cades, *record]),
             'evidence-record')
        bad('others', pack([*media[0], price, cades[0], *record]),
            'signature-missing')
    # No more than the name of one.
    good('others', extended([Entry('signatures.xml', DATA),
                             Entry('evidencerecord.ers', DATA)]),
         '!evidence-record')
    bad('others', pack([*media[0], link, *cades]), 'zip-attributes')


def with_content(der, content):
    """A detached SignedData with this content put into it."""
    kind, wrapped = elements(elements(der)[0][1])
    parts = [w for _, _, w in elements(elements(wrapped[1])[0][1])]
    parts[2] = seq(oid('1.2.840.113549.1.7.1'), tlv(0xa0, octets(content)))
    return seq(kind[2], tlv(0xa0, seq(*parts)))


def main():
    stamper()
    for part in (comments, names, unsigned, attributes, flags, inside,
                 stamps, others):
        part()
    print('\n'.join(wrong))
    print(', '.join('%s: %d' % c for c in sorted(counts.items())))
    sys.exit(1 if wrong else 0)


main()
