# SPDX-License-Identifier: Apache-2.0
"""Signatures and chains on the curves that come with libgcrypt: brainpool,
and SM2 with SM3; good ones, and what is near them."""
import subprocess

from algorithms_lib import (CA, CONTENT, NULL, SM2, SM3, Certificate, Hashing,
                            Key, Sm2, attributes, curve, digest_alg, hash_of,
                            oid, openssl, seq, signed_data, signer_info, tlv)

ECDSA_WITH = {'sha256': seq(oid('1.2.840.10045.4.3.2')),
              'sha384': seq(oid('1.2.840.10045.4.3.3')),
              'sha512': seq(oid('1.2.840.10045.4.3.4'))}
GM = '1.2.156.10197.6.1.4.2.'


def kinds():
    """Kind, digest, its AlgorithmIdentifier, the signature's, a key."""
    for name, digest in (('brainpoolP256r1', 'sha256'),
                         ('brainpoolP256r1', 'sha512'),
                         ('brainpoolP384r1', 'sha384'),
                         ('brainpoolP512r1', 'sha512')):
        yield (name, digest, digest_alg(digest), ECDSA_WITH[digest],
               lambda n, of=name, d=digest: Hashing(n, of, d))
    yield 'SM2', 'sm3', SM3, SM2, Sm2
    yield 'SM2 and NULL', 'sm3', seq(oid('1.2.156.10197.1.401'), NULL), SM2, \
        Sm2
    yield 'SM2 without digest', 'sm3', SM3, \
        seq(oid('1.2.156.10197.1.301.1')), Sm2


def spoilt(sign, at):
    def value(data):
        v = bytearray(sign(data))
        v[at] ^= 1
        return bytes(v)
    return value


class RsaSm3(Key):
    """RSA over SM3 (GM/T 0006), which openssl has no name for: the DigestInfo
    is made here."""

    def __init__(self, name):
        super().__init__(name, '-algorithm', 'RSA', '-pkeyopt',
                         'rsa_keygen_bits:2048')

    def sign(self, data):
        info = seq(seq(oid('1.2.156.10197.1.401'), NULL),
                   tlv(4, hash_of('sm3', data)))
        return openssl('pkeyutl', '-sign', '-inkey', self.file, '-pkeyopt',
                       'rsa_padding_mode:pkcs1', given=info)


def rsa_over_sm3(emit, simple, ca, unknown):
    """What openssl does not verify is not known here either."""
    cert = Certificate('rsa-sm3', RsaSm3('rsa-sm3'), ca)
    for what, alg, words in (
            ('RSA over SM3', seq(oid('1.2.156.10197.1.504'), NULL),
             '1.2.156.10197.1.504'),
            ('RSA, and SM3 as the digest', seq(oid('1.2.840.113549.1.1.1'),
                                               NULL), 'over sm3')):
        cms = simple(cert, alg, SM3, 'sm3')
        emit('curves', what, cms, unknown, ['algorithm-unknown'], words)
        given = subprocess.run(
            ['openssl', 'cms', '-verify', '-noverify', '-inform', 'DER',
             '-out', '/dev/null'], input=cms, check=False,
            stderr=subprocess.DEVNULL)
        if given.returncode == 0:
            raise SystemExit('openssl verifies %s' % what)


def curves(emit, simple, ca, good, broken, changed, no_chain, unknown):
    p256 = curve('under', 'P-256')
    for n, (what, name, digest, alg, make) in enumerate(kinds()):
        key = make('curve%d' % n)
        other = make('other%d' % n)
        cert = Certificate('curve%d' % n, key, ca)

        def cms(**more):
            return simple(more.pop('cert', cert), alg, digest, name, **more)
        emit('curves', what, cms(), good)
        emit('curves', what + ', another content', cms(content=b'We agree.'),
             changed, ['message-digest'])
        emit('curves', what + ", another's key", cms(sign=other.sign), broken,
             ['signature-value'])
        for at in (0, 1, 3, 8, -1):
            emit('curves', '%s, octet %d changed' % (what, at),
                 cms(sign=spoilt(key.sign, at)), broken, ['signature-value'])
        if what == 'SM2 without digest':
            continue
        root = Certificate('Root %d' % n, key, None, CA, alg=alg)
        root.pem('curve%d.pem' % n)
        trust = 'curve%d.pem' % n
        below = Certificate('below', p256, root, alg=alg)
        emit('curves', what + ' above', simple(below), good, trust=trust)
        same = Certificate('below', other, root, alg=alg)
        emit('curves', what + ' throughout', cms(cert=same), good, trust=trust)
        forged = Certificate('below', p256, root, alg=alg, sign=other.sign)
        emit('curves', what + " above, another's", simple(forged), no_chain,
             ['chain-untrusted'], 'does not verify', trust=trust)
        bad = Certificate('off', key, ca, spki=key.spki[:-1] + bytes(
            [key.spki[-1] ^ 1]))
        emit('curves', what + ', off the curve', cms(cert=bad),
             ('INDETERMINATE', 'CERTIFICATE_CHAIN_GENERAL_FAILURE', 'unknown'),
             ['certificate-malformed'], 'not on the curve')
    sm2 = Certificate('sm2', Sm2('sm2'), ca)
    emit('curves', 'ECDSA by a key of SM2', simple(
        sm2, ECDSA_WITH['sha256'], sign=p256.sign), unknown,
        ['algorithm-unknown'], 'ECDSA by a key on the curve sm2')
    emit('curves', 'SM2 with SHA-256', simple(
        sm2, seq(oid('1.2.156.10197.1.301.1'))), unknown,
        ['algorithm-unknown'], 'SM2 over sha256 is not known')
    rsa_over_sm3(emit, simple, ca, unknown)
    # GM/T 0010: the same, and its own names for it.
    signer = signer_info(sm2, attributes('sm3', CONTENT), SM3, SM2,
                         sm2.key.sign)
    data = signed_data(signer, [sm2], SM3)
    rest = data.split(oid('1.2.840.113549.1.7.2'), 1)[1]
    with open('gm.p7m', 'wb') as f:
        f.write(seq(oid(GM + '2'), rest))
