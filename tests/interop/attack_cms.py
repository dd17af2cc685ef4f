# SPDX-License-Identifier: Apache-2.0
"""attack_cms.py SERVERS: attacks on CMS, certificates and time-stamps; lines
as attack_pdf.py's.  SERVERS is the folder of der.py and authority.py."""
import base64
import hashlib
import os
import re
import shutil
import sys

sys.path.insert(0, sys.argv[1])
# pylint: disable=wrong-import-position
import authority  # noqa: E402
from attack_lib import (certificate, cms, emit, openssl,  # noqa: E402
                        sign_by_hand)
from attack_stamp import stamper, token  # noqa: E402
from der import (inside, octets, oid, read, seq,  # noqa: E402
                 set_of, tlv)

CONTENT = b'The price is 10\n'
TOKEN = '1.2.840.113549.1.9.16.2.14'


class Cms:
    """A SignedData in its parts, to be put together again."""

    def __init__(self, der):
        kind, wrapped = inside(der)
        self.kind = kind[2]
        parts = [w for _, _, w in inside(wrapped[1])]
        self.version, self.digests, self.encap = parts[:3]
        self.certs = parts[3] if parts[3][0] == 0xa0 else b''
        self.signer = inside(parts[-1])[0][2]
        fields = [w for _, _, w in inside(self.signer)]
        self.sversion, self.sid, self.alg, self.attrs = fields[:4]
        self.sigalg, self.value = fields[4:6]

    def attributes(self):
        return [w for _, _, w in inside(self.attrs)]

    def der(self, unsigned=b'', more=()):
        signer = seq(self.sversion, self.sid, self.alg, self.attrs,
                     self.sigalg, self.value, unsigned)
        return seq(self.kind, tlv(0xa0, seq(
            self.version, self.digests, self.encap, self.certs,
            set_of(signer, *more))))


def pem(name):
    with open(name, encoding='ascii') as f:
        text = f.read()
    return base64.b64decode(re.search('CERTIFICATE-----(.*?)-----', text,
                                      re.S)[1])


def attributes(good):
    cls = 'cms-attributes'
    cont = '--content content.txt'

    def out(c, word, unsigned=b'', more=(), options=cont):
        emit(cls, c.der(unsigned, more), good, word, options, 'p7s')
    # The signed attributes become the content: nobody signed that.
    c = Cms(good)
    attrs = b'\x31' + c.attrs[1:]
    with open('samples/attributes.bin', 'wb') as f:
        f.write(attrs)
    c.attrs = b''
    out(c, 'content-is-attributes', options='--content '
        'samples/attributes.bin --twin-content content.txt')
    # Without them the value is over something else.
    c = Cms(good)
    c.attrs = b''
    out(c, 'signature-value|attributes-missing')
    # One more message-digest, of another content.
    c = Cms(good)
    other = authority.attribute('1.2.840.113549.1.9.4', octets(
        hashlib.sha256(b'The price is 99999\n').digest()))
    c.attrs = tlv(0xa0, *sorted(c.attributes() + [other]))
    out(c, 'attribute-repeated|attributes-order|signature-value')
    # A signing time that nobody signed: the unsigned one does not count.
    c = Cms(good)
    late = authority.attribute('1.2.840.113549.1.9.4', octets(
        hashlib.sha256(b'The price is 99999\n').digest()))
    with open('samples/other.txt', 'wb') as f:
        f.write(b'The price is 99999\n')
    out(c, 'message-digest', tlv(0xa1, late), options='--content '
        'samples/other.txt --twin-content content.txt')
    # Another digest algorithm than the value's.
    c = Cms(good)
    c.alg = seq(oid('2.16.840.1.101.3.4.2.3'))
    out(c, 'algorithm-mismatch|message-digest')
    # Another type of content than was signed.
    c = Cms(good)
    c.encap = seq(oid('1.2.840.113549.1.9.16.1.4'))
    out(c, 'content-type|timestamp-format')
    # The signer once more, to be counted twice.
    c = Cms(good)
    out(c, 'signer-repeated', more=(Cms(good).signer,))
    # A content inside, beside the one that is signed.
    c = Cms(good)
    c.encap = seq(oid('1.2.840.113549.1.7.1'),
                  tlv(0xa0, octets(b'The price is 99999\n')))
    out(c, 'content')


def substitution():
    """The twin of each is what alice signed, her certificate in it."""
    cls = 'certificate-substitution'
    certificate('alice2', subject='/CN=alice', serial=77)
    shutil.copy('alice2.crt', 'named.crt')
    good = cms(CONTENT, 'alice2')
    # Another person with the same key, serial number and issuer.
    certificate('evil', key='alice2.key', subject='/CN=alice', serial=77)
    text = openssl('x509', '-in', 'evil.crt', '-noout', '-ext', 'keyUsage')
    assert b'Digital' in text
    c = Cms(good)
    c.certs = tlv(0xa0, pem('evil.crt'))
    emit(cls, c.der(), good, 'signing-certificate',
         '--content content.txt --trust named.crt --trust evil.crt '
         '--only evil.crt', 'p7s')
    # The same names and number, another key.
    certificate('eve', subject='/CN=alice', serial=77)
    c = Cms(good)
    c.certs = tlv(0xa0, pem('eve.crt'))
    emit(cls, c.der(), good, 'signature-value|signing-certificate',
         '--content content.txt --trust named.crt --trust eve.crt '
         '--only eve.crt', 'p7s')
    # Identifier and certificate of somebody else altogether.
    c = Cms(good)
    other = Cms(cms(CONTENT, 'mallory'))
    c.sid, c.certs = other.sid, other.certs
    emit(cls, c.der(), good, 'signature-value',
         '--content content.txt --trust named.crt --trust mallory.crt '
         '--only mallory.crt', 'p7s')


def timestamps(good):
    cls = 'timestamp-substitution'
    stamper()
    options = '--content content.txt --trust tsa.pem'
    c = Cms(good)
    other = Cms(cms(b'Something else\n'))

    def stamped(t):
        return c.der(tlv(0xa1, authority.attribute(TOKEN, t)))
    twin = stamped(token(inside_value(c.value)))
    # Over another signature's value, and over nothing that is here.
    emit(cls, stamped(token(inside_value(other.value))), twin,
         'timestamp-broken', options, 'p7s')
    emit(cls, stamped(token(CONTENT)), twin, 'timestamp-broken', options,
         'p7s')
    # A document time-stamp taken from another document.
    with open('base.pdf', 'rb') as f:
        base = f.read()
    kind = '/Type/DocTimeStamp/SubFilter/ETSI.RFC3161'
    fine, _ = sign_by_hand(base, value=token, kind=kind)
    bad, _ = sign_by_hand(base, value=lambda _: token(b'another document'),
                          kind=kind)
    emit(cls, bad, fine, 'imprint|message|content', '--trust tsa.pem')


def inside_value(octet_string):
    return read(octet_string)[1]


def main():
    os.makedirs('samples', exist_ok=True)
    with open('content.txt', 'wb') as f:
        f.write(CONTENT)
    good = cms(CONTENT)
    cms(CONTENT, 'mallory')
    attributes(good)
    substitution()
    timestamps(good)


main()
