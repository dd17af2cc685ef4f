# SPDX-License-Identifier: Apache-2.0
"""DER, certificates and SignedData by hand, so that each may be as odd as a
case wants; openssl makes keys and signature values, and nothing else."""
import hashlib
import os
import subprocess

CONTENT = b'We agree on 1000.\n'


def tlv(tag, *parts):
    content = b''.join(parts)
    size = len(content)
    if size < 0x80:
        return bytes([tag, size]) + content
    count = (size.bit_length() + 7) // 8
    return bytes([tag, 0x80 | count]) + size.to_bytes(count, 'big') + content


def seq(*parts):
    return tlv(0x30, *parts)


def oid(dotted):
    arcs = [int(a) for a in dotted.split('.')]
    out = b''
    for arc in [arcs[0] * 40 + arcs[1]] + arcs[2:]:
        octets = [arc & 0x7f]
        while arc > 0x7f:
            arc >>= 7
            octets.insert(0, 0x80 | arc & 0x7f)
        out += bytes(octets)
    return tlv(6, out)


def integer(n):
    return tlv(2, n.to_bytes(n.bit_length() // 8 + 1, 'big', signed=True))


NULL = b'\x05\x00'
DIGESTS = {
    'sha1': '1.3.14.3.2.26', 'sha224': '2.16.840.1.101.3.4.2.4',
    'sha256': '2.16.840.1.101.3.4.2.1', 'sha384': '2.16.840.1.101.3.4.2.2',
    'sha512': '2.16.840.1.101.3.4.2.3', 'sha3-256': '2.16.840.1.101.3.4.2.8'}
SHAKE256 = seq(oid('2.16.840.1.101.3.4.2.12'))
ECDSA = seq(oid('1.2.840.10045.4.3.2'))
ED448 = seq(oid('1.3.101.113'))


def digest_alg(name):
    return seq(oid(DIGESTS[name]))


def hash_of(name, data):
    if name == 'shake256':
        return hashlib.shake_256(data).digest(64)
    if name == 'sm3':
        return openssl('dgst', '-sm3', '-binary', given=data)
    return hashlib.new(name.replace('-', '_'), data).digest()


def pss(digest, mask, salt):
    """An AlgorithmIdentifier; mask is that of MGF1, or one in DER."""
    if isinstance(mask, str):
        mask = seq(oid('1.2.840.113549.1.1.8'), seq(oid(DIGESTS[mask]), NULL))
    return seq(oid('1.2.840.113549.1.1.10'), seq(
        tlv(0xa0, seq(oid(DIGESTS[digest]), NULL)), tlv(0xa1, mask),
        tlv(0xa2, integer(salt))))


def openssl(*args, given=b''):
    return subprocess.run(('openssl',) + args, input=given, check=True,
                          stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL).stdout


class Key:
    """A key pair of openssl's; signs by its kind."""

    def __init__(self, name, *kind):
        self.file = name + '.key'
        if not os.path.exists(self.file):
            openssl('genpkey', *kind, '-out', self.file)
        self.spki = openssl('pkey', '-in', self.file, '-pubout', '-outform',
                            'DER')

    def sign(self, data):
        return openssl('dgst', '-sha256', '-sign', self.file, given=data)

    def sign_pss(self, digest, mask, salt):
        def value(data):
            return openssl('dgst', '-' + digest, '-sigopt',
                           'rsa_padding_mode:pss', '-sigopt',
                           'rsa_mgf1_md:' + mask, '-sigopt',
                           'rsa_pss_saltlen:%d' % salt, '-sign', self.file,
                           given=data)
        return value


class Ed448(Key):
    def __init__(self, name):
        super().__init__(name, '-algorithm', 'ed448')

    def sign(self, data):
        with open('tbs.tmp', 'wb') as f:
            f.write(data)
        return openssl('pkeyutl', '-sign', '-rawin', '-inkey', self.file,
                       '-in', 'tbs.tmp')


SM3 = seq(oid('1.2.156.10197.1.401'))
SM2 = seq(oid('1.2.156.10197.1.501'))
DISTID = 'distid:1234567812345678'


class Sm2(Key):
    def __init__(self, name):
        super().__init__(name, '-algorithm', 'EC', '-pkeyopt',
                         'ec_paramgen_curve:SM2')

    def sign(self, data):
        return openssl('dgst', '-sm3', '-sigopt', DISTID, '-sign', self.file,
                       given=data)


class Hashing(Key):
    """ECDSA on a curve, with a digest of its own."""

    def __init__(self, name, of, digest):
        super().__init__(name, '-algorithm', 'EC', '-pkeyopt',
                         'ec_paramgen_curve:' + of)
        self.digest = digest

    def sign(self, data):
        return openssl('dgst', '-' + self.digest, '-sign', self.file,
                       given=data)


def curve(name, of):
    return Key(name, '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:' + of)


def common_name(text):
    return seq(tlv(0x31, seq(oid('2.5.4.3'), tlv(0x0c, text.encode()))))


def extension(number, value, critical=b''):
    return seq(oid(number), critical, tlv(4, value))


TRUE = b'\x01\x01\xff'
KEY_ID = b'\x01\x02\x03\x04'
SKI = extension('2.5.29.14', tlv(4, KEY_ID))
USAGE = extension('2.5.29.15', b'\x03\x02\x06\xc0', TRUE)
CA = [extension('2.5.29.19', seq(TRUE), TRUE),
      extension('2.5.29.15', b'\x03\x02\x01\x06', TRUE)]
BEFORE, AFTER = tlv(0x17, b'250101000000Z'), tlv(0x17, b'491231235959Z')


class Certificate:
    """name, signed by issuer (None: by itself); der is the whole of it."""
    count = 4660

    def __init__(self, name, key, issuer=None, extensions=(USAGE, SKI),
                 before=BEFORE, after=AFTER, spki=None, alg=ECDSA, sign=None,
                 tail=b'', serial=None):
        Certificate.count += 1
        self.key = key
        self.name = common_name(name)
        self.serial = serial or integer(Certificate.count)
        self.issuer = self.name if issuer is None else issuer.name
        sign = sign or (key if issuer is None else issuer.key).sign
        tbs = seq(tlv(0xa0, integer(2)), self.serial, alg, self.issuer,
                  seq(before, after), self.name, spki or key.spki,
                  tlv(0xa3, seq(*extensions)), tail)
        self.der = seq(tbs, alg, tlv(3, b'\0', sign(tbs)))

    def pem(self, path):
        with open(path, 'wb') as f:
            f.write(openssl('x509', '-inform', 'DER', given=self.der))


def attribute(number, *values):
    return seq(oid(number), tlv(0x31, *values))


def attributes(name, content, more=()):
    """Those that every signature has, in no order."""
    return [attribute('1.2.840.113549.1.9.3', oid('1.2.840.113549.1.7.1')),
            attribute('1.2.840.113549.1.9.5', tlv(0x17, b'260101000000Z')),
            attribute('1.2.840.113549.1.9.4',
                      tlv(4, hash_of(name, content)))] + list(more)


def signer_info(cert, attrs, digest, alg, sign, by_key_id=False, signed=None,
                unsigned=b''):
    """attrs are stored as they come; signed is what they are signed as."""
    stored = b''.join(attrs)
    value = sign(tlv(0x31, signed if signed is not None
                     else b''.join(sorted(attrs))))
    sid = (tlv(0x80, KEY_ID) if by_key_id
           else seq(cert.issuer, cert.serial))
    return seq(integer(3 if by_key_id else 1), sid, digest,
               tlv(0xa0, stored), alg, tlv(4, value), unsigned)


def signed_data(signer, certs, digest, content=CONTENT):
    return seq(oid('1.2.840.113549.1.7.2'), tlv(0xa0, seq(
        integer(1), tlv(0x31, digest),
        seq(oid('1.2.840.113549.1.7.1'), tlv(0xa0, tlv(4, content))),
        tlv(0xa0, *[c.der for c in certs]), tlv(0x31, signer))))
