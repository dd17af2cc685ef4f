# SPDX-License-Identifier: Apache-2.0
"""What attack_pdf.py, attack_cms.py and attack_asic.py share: where samples
go, certificates, and a PDF signer that signs whatever it is told."""
import os
import re
import subprocess

COUNT = {}
WRITTEN = {}


def name_of(cls, data, ending):
    """A twin that is bytes gets a file of its own, once."""
    if isinstance(data, str):
        return data
    if data not in WRITTEN:
        WRITTEN[data] = 'samples/%s.twin%d.%s' % (cls, len(WRITTEN), ending)
        with open(WRITTEN[data], 'wb') as f:
            f.write(data)
    return WRITTEN[data]


def emit(cls, data, twin, word, options='', ending='pdf'):
    os.makedirs('samples', exist_ok=True)
    COUNT[cls] = COUNT.get(cls, 0) + 1
    path = 'samples/%s.%d.%s' % (cls, COUNT[cls], ending)
    with open(path, 'wb') as f:
        f.write(data)
    print('|'.join((cls, path, name_of(cls, twin, ending),
                    word.replace('|', ','), options)))


def openssl(*args, given=b''):
    return subprocess.run(('openssl',) + args, input=given, check=True,
                          stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL).stdout


def certificate(name, key=None, subject=None, serial=None):
    """NAME.crt, self-signed, and NAME.key unless there is a key."""
    if key is None:
        key = name + '.key'
        openssl('genpkey', '-algorithm', 'EC', '-pkeyopt',
                'ec_paramgen_curve:P-256', '-out', key)
    more = () if serial is None else ('-set_serial', str(serial))
    openssl('req', '-x509', '-new', '-key', key, '-days', '3650', '-subj',
            subject or '/CN=' + name, '-out', name + '.crt',
            '-addext', 'keyUsage=critical,digitalSignature,nonRepudiation',
            *more)


def cms(content, name='alice', *options):
    if not os.path.exists(name + '.crt'):
        certificate(name)
    with open('content.tmp', 'wb') as f:
        f.write(content)
    return openssl('cms', '-sign', '-binary', '-cades', '-md', 'sha256',
                   '-outform', 'DER', '-in', 'content.tmp', '-signer',
                   name + '.crt', '-inkey', name + '.key', *options)


SIZE = 6000  # digits of /Contents


def complete(out, name='alice', value=None, change=None):
    """What is left open in the signature dictionary is filled in: X is the
    ByteRange but its first number, the longest string of 0 the value."""
    hole = out.index(b'/Contents<' + b'0' * SIZE) + 9
    end = hole + SIZE + 2
    numbers = (hole, end, len(out) - end)
    if change is not None:
        numbers = change(*numbers)
    text = ' '.join(map(str, numbers)).ljust(40).encode()
    out = out.replace(b'X' * 40, text)
    spans = (0,) + numbers if change is None else numbers
    signed = (out[spans[0]:spans[0] + spans[1]] +
              out[spans[2]:spans[2] + spans[3]])
    made = value(signed) if value else cms(signed, name)
    digits = made.hex().encode().ljust(SIZE, b'0')
    return out[:hole + 1] + digits + out[end - 1:]


def sign_by_hand(data, change=None, name='alice', twice=False, fields=1,
                 look='/Subtype/Widget/Rect[0 0 0 0]/P 3 0 R', form=None,
                 page=None, value=None, kind='/Type/Sig/SubFilter'
                 '/ETSI.CAdES.detached'):
    """A signed update; and the same, if change asked for an odd ByteRange or
    more was asked for, without that."""
    from attack_pdf import FORM, PAGE, Pdf
    size = max(map(int, re.findall(rb'/Size (\d+)', data)))
    dictionary = ('<<%s/Filter/Adobe.PPKLite/ByteRange[0 %s]/Contents<%s>>>' %
                  (kind, 'X' * 40, '0' * SIZE))
    if change is not None:
        dictionary = dictionary.replace('[0 ', '[')
    refs = ' '.join('%d 0 R' % (size + i) for i in range(fields))
    if twice:
        refs += ' %d 0 R' % (size + fields)
    objects = {
        5: form(refs) if form else '<</Fields[6 0 R %s]%s>>' % (refs, FORM),
        3: page(refs) if page else PAGE % ('4 0 R', '6 0 R 11 0 R ' + refs)}
    number = size + fields + twice
    for i in range(fields + twice):
        objects[size + i] = '<</FT/Sig/T(s%d)/Type/Annot/V %d 0 R%s>>' % (
            size + i, number + (1 if i == fields else 0), look)
    objects[number] = dictionary
    if twice:
        objects[number + 1] = dictionary
    good = complete(Pdf(data).save(objects).data, name, value, change)
    if change is None and fields == 1 and not twice:
        return good, None
    return good, sign_by_hand(data, name=name)[0]
