# SPDX-License-Identifier: Apache-2.0
"""Validation data and time-stamps that are added: by hand after iText, PDFBox
and Acrobat, and by deed extend where an authority is named.

legitimate_ltv.py DATA [TSA OPTION...]"""
import hashlib
import re
import sys

from attack_lib import openssl
from legitimate_hand import Update, certificate_der, deed, emit, now, \
    stamp_token
from legitimate_pdf import Name, Ref, Stream, value_of

STAMP = {'Type': Name('DocTimeStamp'), 'SubFilter': Name('ETSI.RFC3161')}
ADBE = '<</ADBE<</BaseVersion/1.7/ExtensionLevel 8>>>>'
ESIC = '<</ESIC<</BaseVersion/1.7/ExtensionLevel 1>>>>'


def ders(path, word):
    """What the house has in PEM, as DER."""
    with open(path, encoding='ascii') as f:
        text = f.read()
    for block in re.findall('-----BEGIN %s-----.*?-----END %s-----\n' %
                            (word, word), text, re.S):
        kind = 'crl' if 'CRL' in word else 'x509'
        yield openssl(kind, '-outform', 'DER', given=block.encode())


def key_of(u, index=0):
    """The VRI key of a signature: the digest of its /Contents."""
    holes = re.findall(rb'/Contents\s*<([0-9a-fA-F]+)>', u.doc.data)
    return hashlib.sha1(bytes.fromhex(holes[index].decode())
                        ).hexdigest().upper()


def store(u, vri=True, packed=False):
    """The certificates and CRLs of the house."""
    def streams(values):
        return [u.add(Stream(v)) for v in values]
    certificates = streams(list(ders('house.pem', 'CERTIFICATE')) +
                           [certificate_der()])
    crls = streams(ders('house.pem', 'X509 CRL'))
    dss = {'Certs': certificates, 'CRLs': crls}
    if packed:
        dss = {k: u.add(v) for k, v in dss.items()}
    if vri:
        one = {'Cert': certificates, 'CRL': crls}
        if packed:
            one = {**one, 'TU': now()}
        dss['VRI'] = {key_of(u): u.add(one) if packed else one}
    return dss


def itext(u):
    """A DSS of indirect arrays, VRI with the time, an extension."""
    root = u.catalog()
    root['DSS'] = u.add(store(u, packed=True))
    root['Extensions'] = value_of(ADBE)


def pdfbox(u):
    """Direct in the catalog; its own extension, /Version raised."""
    root = u.catalog()
    root['DSS'] = store(u)
    root['Extensions'] = value_of(ESIC)
    root['Version'] = Name('1.7')


def acrobat(u):
    """No VRI."""
    u.catalog()['DSS'] = u.add(store(u, vri=False))


def typed(u):
    """With /Type, as EN 319 142-1 5.4.2 allows."""
    dss = store(u)
    for entry in dss['VRI'].values():
        entry['Type'] = Name('VRI')
    u.catalog()['DSS'] = u.add({'Type': Name('DSS'), **dss, 'OCSPs': []})
    u.catalog()['Extensions'] = u.add(ESIC)


def stamped(u):
    field = u.widget('Stamp%d' % u.next, '0 0 0 0')
    return u.sign(field, dict(STAMP), by=stamp_token)


STORES = (itext, pdfbox, acrobat, typed)


def by_hand():
    for base in ('form', 'form-streams', 'tagged', 'word', 'form-linear'):
        for add in STORES if base == 'form' else (itext, pdfbox):
            u = Update(deed(base))
            add(u)
            data = emit('ltv', '%s-%s' % (base, add.__name__), u)
            data = emit('ltv', '%s-%s-stamp' % (base, add.__name__),
                        stamped(Update(data)))
            u = Update(data)
            dss = u.doc.own(u.doc.get(u.doc.root)['DSS'])
            more = store(u)
            # The store grows: what was there stays.
            vri = u.doc.own(dss.get('VRI', {}))
            vri[key_of(u, 1)] = {'Cert': more['Certs'][:1]}
            dss['VRI'] = vri
            u.catalog()['DSS'] = u.add(dss)
            data = emit('ltv', '%s-%s-grown' % (base, add.__name__), u)
    u = Update(deed('form'))
    itext(u)
    data = u.save()
    emit('ltv', 'then-second', deed(data, party='li'))
    emit('ltv', 'then-field', deed(data, '--field', 'Buyer', '--visible',
                                   party='li'))
    for base in ('form', 'blank', 'word', 'tagged', 'form-streams'):
        data = emit('stamp', base, stamped(Update(deed(base))))
        emit('stamp', 'again-' + base, stamped(Update(data)))
    for how in ('form', 'annotate'):
        u = stamped(Update(deed('form', '--certify', how)))
        data = emit('stamp', 'certified-' + how, u)
    # A final document may be stamped and get its validation data (EN 319
    # 142-1 5.4 and 5.5; ISO 32000-2 table 257).
    u = Update(deed('form', '--final'))
    itext(u)
    data = emit('stamp', 'final-dss', u)
    emit('stamp', 'final', stamped(Update(data)))
    # The signature's own object lists nothing yet: a field that stands on no
    # page, as some write it.
    u = Update(deed('form'))
    field = u.add({'FT': Name('Sig'), 'T': b'Stamp', 'Type': Name('Annot'),
                   'Subtype': Name('Widget'), 'Rect': [0, 0, 0, 0], 'F': 132})
    u.fields().append(Ref(field))
    u.form()['SigFlags'] = 3
    emit('stamp', 'no-page', u.sign(field, dict(STAMP), by=stamp_token))


def by_deed(options):
    for base in ('form', 'form-streams', 'word', 'tagged', 'form-aes',
                 'form-linear', 'blank'):
        once = deed(base)
        for level in ('t', 'lt', 'lta'):
            if base in ('form', 'word') or level == 'lta':
                emit('extend', '%s-%s' % (base, level), deed(
                    once, '--level', level, *options, command='extend'))
    twice = deed(deed('form'), '--field', 'Buyer', '--visible', party='li')
    data = deed(twice, '--level', 'lta', *options, command='extend')
    emit('extend', 'twice', data)
    emit('extend', 'renewed', deed(data, '--level', 'lta', *options,
                                   command='extend'))
    emit('extend', 'then-seal', deed(
        deed(deed('blank'), '--level', 'lta', *options, command='extend'),
        '--position', '120,120', command='seal', party='acme'))


def main():
    by_hand()
    if len(sys.argv) > 2:
        by_deed(['--tsa'] + sys.argv[2:])


if __name__ == '__main__':
    main()
