# SPDX-License-Identifier: Apache-2.0
"""algorithms.py make: files of every kind of algorithm and of certificate
that is odd, good and bad neighbours, and rows.json, what each deserves.
algorithms.py judge GROUP DEED: what deed says of those of a group."""
import itertools
import json
import os
import random
import subprocess
import sys

from algorithms_curves import curves
from algorithms_lib import (AFTER, BEFORE, CA, CONTENT, DIGESTS, ECDSA, ED448,
                            NULL, SHAKE256, SKI, TRUE, USAGE, Certificate,
                            Ed448, Key, attribute, attributes, curve,
                            digest_alg, extension, hash_of, integer, oid, pss,
                            seq, signed_data, signer_info, tlv)

ROWS = []
GOOD = ('TOTAL-PASSED', None, 'intact')
BROKEN = ('TOTAL-FAILED', 'SIG_CRYPTO_FAILURE', 'broken')
CHANGED = ('TOTAL-FAILED', 'HASH_FAILURE', 'broken')
UNKNOWN = ('INDETERMINATE', 'CRYPTO_CONSTRAINTS_FAILURE', 'unknown')
MALFORMED = ('INDETERMINATE', 'CERTIFICATE_CHAIN_GENERAL_FAILURE', 'unknown')
MALFORMED_ABOVE = MALFORMED[:2] + ('intact',)
NO_CHAIN = ('INDETERMINATE', 'NO_CERTIFICATE_CHAIN_FOUND', 'intact')
SHA256 = digest_alg('sha256')


def emit(group, what, data, want, ids=(), says='', trust='ca.pem', which=0):
    """ids are the reasons, all of them; says stands in one's message."""
    path = '%s.%03d.p7m' % (group, len(ROWS))
    with open(path, 'wb') as f:
        f.write(data)
    ROWS.append({'group': group, 'what': what, 'file': path, 'want': want,
                 'ids': sorted(ids), 'says': says, 'trust': trust,
                 'which': which})


def simple(cert, alg=ECDSA, digest=SHA256, name='sha256', sign=None,
           certs=None, content=CONTENT, **more):
    attrs = attributes(name, CONTENT)
    return signed_data(signer_info(cert, attrs, digest, alg,
                                   sign or cert.key.sign, **more),
                       [cert] if certs is None else certs, digest, content)


def ed448(ca, p256):
    cert = Certificate('ed448', Ed448('ed448'), ca)
    other = Ed448('other448')
    length = seq(oid('2.16.840.1.101.3.4.2.18'), integer(512))
    for what, digest in (('shake256', SHAKE256), ('shake256-len', length)):
        emit('ed448', what, simple(cert, ED448, digest, 'shake256'), GOOD)
        emit('ed448', what + ', another content',
             simple(cert, ED448, digest, 'shake256', content=b'We agree.'),
             CHANGED, ['message-digest'])
        emit('ed448', what + ", another's key",
             simple(cert, ED448, digest, 'shake256', sign=other.sign), BROKEN,
             ['signature-value'])
    for at in (0, 56, 57, 112, 113):
        def spoilt(data, at=at):
            value = bytearray(cert.key.sign(data))
            value[at] ^= 0x40
            return bytes(value)
        emit('ed448', 'octet %d changed' % at,
             simple(cert, ED448, SHAKE256, 'shake256', sign=spoilt), BROKEN,
             ['signature-value'])
    emit('ed448', 'SHA-512', simple(cert, ED448, digest_alg('sha512'),
                                    'sha512'),
         ('INDETERMINATE', 'CRYPTO_CONSTRAINTS_FAILURE', 'intact'),
         ['digest-unsuited'], 'sha512: expected shake256')
    emit('ed448', '256 bits of SHAKE256', simple(
        cert, ED448, seq(oid('2.16.840.1.101.3.4.2.18'), integer(256)),
        'shake256'), UNKNOWN, ['algorithm-unknown'],
         'shake256-len (2.16.840.1.101.3.4.2.18)')
    emit('ed448', 'the name of Ed25519', simple(
        cert, seq(oid('1.3.101.112')), SHAKE256, 'shake256'), BROKEN,
         ['signature-value'])
    emit('ed448', 'ECDSA over SHAKE256 by name', simple(
        p256, seq(oid('1.3.6.1.5.5.7.6.33')), SHAKE256, 'shake256'), UNKNOWN,
         ['algorithm-unknown'], 'id-ecdsa-with-shake256')
    root = Certificate('Root 448', Ed448('root448'), None, CA, alg=ED448)
    root.pem('root448.pem')
    below = Certificate('below', p256.key, root, alg=ED448)
    emit('ed448', 'a chain', simple(below), GOOD, trust='root448.pem')
    forged = Certificate('below', p256.key, root, alg=ED448, sign=other.sign)
    emit('ed448', 'a forged chain', simple(forged), NO_CHAIN,
         ['chain-untrusted'], 'does not verify', trust='root448.pem')


def order(p256):
    """Each order of four attributes, signed in that of DER and as stored;
    the last has two values, in either order."""
    for swap in (False, True):
        two = sorted([integer(70000), tlv(0x0c, b'x')], reverse=swap)
        attrs = attributes('sha256', CONTENT,
                           [attribute('1.2.3.4.5', *two)])
        der = b''.join(sorted(attributes('sha256', CONTENT, [
            attribute('1.2.3.4.5', *sorted(two))])))
        for turn in itertools.permutations(attrs):
            stored = b''.join(turn)
            note = [] if stored == der else ['attributes-order']
            for over_der in (True, False):
                signer = signer_info(p256, turn, SHA256, ECDSA,
                                     p256.key.sign,
                                     signed=der if over_der else stored)
                good = over_der or stored == der
                emit('order', 'DER' if over_der else 'as stored',
                     signed_data(signer, [p256], SHA256),
                     GOOD if good else BROKEN, note)
    # The order of DER forgives nothing else.
    attrs = attributes('sha256', CONTENT)
    spoilt = [attrs[1], attrs[0],
              attribute('1.2.840.113549.1.9.4',
                        tlv(4, hash_of('sha256', b'We agree.')))]
    emit('order', 'another content', signed_data(signer_info(
        p256, spoilt, SHA256, ECDSA, p256.key.sign,
        signed=b''.join(sorted(attrs))), [p256], SHA256, b'We agree.'),
        BROKEN, ['signature-value'])
    twice = [attrs[2]] + attrs
    emit('order', 'one twice', signed_data(signer_info(
        p256, twice, SHA256, ECDSA, p256.key.sign), [p256], SHA256),
        ('TOTAL-FAILED', 'FORMAT_FAILURE', None),
        ['attribute-repeated', 'attributes-order'])


def masks(ca):
    rsa = Key('rsa', '-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048')
    cert = Certificate('rsa', rsa, ca)
    rng = random.Random(8)
    for digest in ('sha256', 'sha384', 'sha512', 'sha3-256'):
        for mask in DIGESTS:
            salt = rng.choice((0, 8, 20, 32, 64))
            sign = rsa.sign_pss(digest, mask, salt)
            what = '%s, MGF1 %s, salt %d' % (digest, mask, salt)
            same = digest == mask
            note = [] if same else ['mask-generation']
            emit('mask', what, simple(
                cert, pss(digest, mask, salt), digest_alg(digest), digest,
                sign), GOOD, note, '' if same else 'MGF1 with ' + mask)
            other = rng.choice([m for m in DIGESTS if m != mask])
            emit('mask', what + ', said to be ' + other, simple(
                cert, pss(digest, other, salt), digest_alg(digest), digest,
                sign), BROKEN, ['signature-value'])
            emit('mask', what + ', said to be of another salt', simple(
                cert, pss(digest, mask, salt + 1), digest_alg(digest), digest,
                sign), BROKEN, ['signature-value'])
    sign = rsa.sign_pss('sha256', 'sha1', 32)
    for what, mask, says in (
            ('another function', seq(oid('1.2.3.4')),
             'mask generation function of RSA-PSS 1.2.3.4'),
            ('RIPEMD', seq(oid('1.2.840.113549.1.1.8'),
                           seq(oid('1.3.36.3.2.1'))),
             'ripemd160 (1.3.36.3.2.1)')):
        emit('mask', what, simple(cert, pss('sha256', mask, 32), sign=sign),
             UNKNOWN, ['algorithm-unknown'], says)
    # A chain that is signed so.
    root = Certificate('Root RSA', rsa, None, CA, alg=pss('sha256', 'sha1', 32),
                       sign=sign)
    root.pem('rootrsa.pem')
    p256 = curve('below', 'P-256')
    below = Certificate('below', p256, root, alg=pss('sha256', 'sha1', 32),
                        sign=sign)
    emit('mask', 'a chain', simple(below), GOOD, trust='rootrsa.pem')
    below = Certificate('below', p256, root, alg=pss('sha256', 'sha512', 32),
                        sign=sign)
    emit('mask', 'a chain, said to be another', simple(below), NO_CHAIN,
         ['chain-untrusted'], 'does not verify', trust='rootrsa.pem')


CURVES = (('brainpoolP256t1', '1.3.36.3.3.2.8.1.1.8'),
          ('secp256k1', '1.3.132.0.10'), ('secp224r1', '1.3.132.0.33'),
          ('prime192v1', '1.2.840.10045.3.1.1'),
          ('sect283k1', '1.3.132.0.16'))


def unknown(ca, p256):
    for name, number in CURVES:
        key = curve(name, name)
        says = number if name == 'sect283k1' else '%s (%s)' % (name, number)
        emit('unknown', name, simple(Certificate(name, key, ca)), UNKNOWN,
             ['algorithm-unknown'], says)
        root = Certificate('Root ' + name, key, None, CA)
        root.pem(name + '.pem')
        emit('unknown', name + ' above', simple(
            Certificate('below', p256.key, root)),
            ('INDETERMINATE', 'CRYPTO_CONSTRAINTS_FAILURE', 'intact'),
            ['algorithm-unknown'], says, trust=name + '.pem')
    key = Key('numbers', '-algorithm', 'EC', '-pkeyopt',
              'ec_paramgen_curve:brainpoolP256r1', '-pkeyopt',
              'ec_param_enc:explicit')
    emit('unknown', 'a curve by numbers', simple(
        Certificate('numbers', key, ca)), UNKNOWN, ['algorithm-unknown'],
        'given by its numbers')
    for number, says in (
            ('1.2.3.4.5', 'algorithm 1.2.3.4.5 is'),
            ('2.16.840.1.101.3.4.3.18', 'id-ml-dsa-65 (2.16.840'),
            ('1.2.643.7.1.1.3.2', 'gost3410-12-256 (1.2.643.7.1.1.3.2)'),
            ('0.4.0.127.0.7.1.1.4.1.3', 'ecdsa-plain-SHA256 (0.4.0.127')):
        emit('unknown', number, simple(p256, seq(oid(number))), UNKNOWN,
             ['algorithm-unknown'], says)
    for number, says in (
            ('1.2.3.4.5', 'digest algorithm 1.2.3.4.5 is'),
            ('2.16.840.1.101.3.4.2.11', 'shake128 (2.16.840'),
            ('1.3.36.3.2.1', 'ripemd160 (1.3.36.3.2.1)'),
            ('1.2.643.7.1.1.2.2', 'gost3411-12-256 (1.2.643')):
        emit('unknown', number, simple(p256, digest=seq(oid(number))), UNKNOWN,
             ['algorithm-unknown'], says)


def rsa_spki(modulus, exponent=b'\x01\x00\x01'):
    return seq(seq(oid('1.2.840.113549.1.1.1'), NULL), tlv(
        3, b'\0', seq(tlv(2, modulus), tlv(2, exponent))))


def odd_certificates(key, ca, **base):
    """What is wrong, what is said of it, the certificate."""
    odd = b'\x9f' + bytes([0xff] * 255)

    def made(what, says, **changes):
        return what, says, Certificate('odd', key, ca, **{**base, **changes})
    return [
        made('UTC offset', 'notBefore has a UTC offset',
             before=tlv(0x17, b'250101000000+0100')),
        made('UTC offset behind', 'notAfter has a UTC offset',
             after=tlv(0x18, b'20491231000000-0500')),
        made('no seconds', 'notBefore has no seconds',
             before=tlv(0x17, b'2501010000Z')),
        made('a fraction', 'notAfter has a fraction',
             after=tlv(0x18, b'20491231000000.5Z')),
        made('local time', 'notBefore does not end in Z',
             before=tlv(0x17, b'250101000000')),
        made('31 February', 'notBefore is no time that there is',
             before=tlv(0x17, b'250231000000Z')),
        made('a year as a number', 'notAfter is no time',
             after=integer(2049)),
        made('an extension twice',
             'subjectKeyIdentifier (2.5.29.14) is there twice',
             extensions=(SKI, USAGE, SKI)),
        made('an unknown one twice', 'extension 1.2.3.4 is there twice',
             extensions=(SKI, extension('1.2.3.4', NULL),
                         extension('1.2.3.4', NULL))),
        made('critical is 01', 'keyUsage (2.5.29.15) says neither',
             extensions=(extension('2.5.29.15', b'\x03\x02\x06\xc0',
                                   b'\x01\x01\x01'), SKI)),
        made('keyUsage is no BIT STRING', 'keyUsage (2.5.29.15) cannot',
             extensions=(SKI, extension('2.5.29.15', b'\x04\x01\xc0', TRUE))),
        made('an extension without value', 'keyUsage (2.5.29.15) has no',
             extensions=(SKI, seq(oid('2.5.29.15')))),
        made('more behind', 'what follows the public key', tail=NULL),
        made('a negative modulus', 'its RSA modulus is negative',
             spki=rsa_spki(odd)),
        made('a negative exponent', 'its RSA exponent is negative',
             spki=rsa_spki(b'\0' + odd, b'\xff')),
        made('an even modulus', 'its RSA modulus is even',
             spki=rsa_spki(b'\0' + odd[:-1] + b'\xfe')),
        made('a point off the curve', 'not on the curve',
             spki=key.spki[:-1] + bytes([key.spki[-1] ^ 1])),
        made('a short point', "not of the curve's size", spki=seq(
            seq(oid('1.2.840.10045.2.1'), oid('1.2.840.10045.3.1.7')),
            tlv(3, b'\0\x04', bytes(63)))),
    ]


def between(key, ca):
    """A certificate between signer and root that is malformed."""
    middle = curve('middle', 'P-256')
    for what, says, cert in odd_certificates(middle, ca, extensions=CA):
        below = Certificate('below', key, cert)
        emit('malformed', what + ', above', simple(
            below, certs=[below, cert]), MALFORMED_ABOVE,
            ['certificate-malformed'], says)
        # Nothing is told of one that nobody asks for.
        good = Certificate('odd', middle, ca, CA)
        below = Certificate('below', key, good)
        emit('malformed', what + ", beside the issuer's", simple(
            below, certs=[below, cert, good]), GOOD)


def malformed(ca, p256):
    key = p256.key
    for what, says, cert in odd_certificates(key, ca):
        for by in (False, True):
            data = simple(cert, by_key_id=by)
            ids = ['certificate-malformed']
            emit('malformed', what, data, MALFORMED, ids, says)
            # Beside another's, and twice.
            if not by:
                emit('malformed', what + ', beside others', simple(
                    cert, certs=[p256, ca, cert, cert]), MALFORMED, ids, says)
    # No part of the certificate can be read.
    cut = Certificate('odd', key, ca)
    whole = cut.der
    cut.der = seq(tlv(4, whole))
    emit('malformed', 'nothing of it', simple(cut), MALFORMED,
         ['certificate-malformed'], 'is not there, or cannot be read')
    # One that is not the signer's is not told of.
    other = odd_certificates(key, ca)[0][2]
    emit('malformed', "another's", simple(p256, certs=[other, p256]), GOOD)
    emit('malformed', "only another's", simple(p256, certs=[other]),
         ('INDETERMINATE', 'NO_SIGNING_CERTIFICATE_FOUND', 'unknown'),
         ['signing-certificate'], 'is not there')
    # Odd, and harmless.
    for what, changes in (
            ('a written FALSE', {'extensions': (
                SKI, extension('2.5.29.15', b'\x03\x02\x06\xc0',
                               b'\x01\x01\x00'))}),
            ('GeneralizedTime before 2050',
             {'before': tlv(0x18, b'20250101000000Z')}),
            ('no extension but one', {'extensions': (SKI,)})):
        for by in (False, True):
            emit('malformed', what, simple(
                Certificate('odd', key, ca, **changes), by_key_id=by), GOOD)
    between(key, ca)
    # The key above it is malformed.
    root = Certificate('Root even', key, None, CA,
                       spki=rsa_spki(b'\0' + bytes([0xfe] * 256)))
    root.pem('even.pem')
    emit('malformed', 'an even modulus above', simple(
        Certificate('below', key, root)),
        MALFORMED_ABOVE, ['certificate-malformed'], 'its RSA modulus is even',
        trust='even.pem')
    # A counter-signer whose certificate is malformed.
    attrs = attributes('sha256', CONTENT)
    value = []

    def keep(data):
        value.append(key.sign(data))
        return value[0]
    signer_info(p256, attrs, SHA256, ECDSA, keep)
    for cert, want, ids in ((other, MALFORMED, ['certificate-malformed']),
                            (Certificate('c', key, ca), GOOD, [])):
        counter = signer_info(cert, [a for a in attributes(
            'sha256', value[0]) if oid('1.2.840.113549.1.9.3') not in a],
            SHA256, ECDSA, key.sign)
        signer = signer_info(p256, attrs, SHA256, ECDSA, lambda _: value[0],
                             unsigned=tlv(0xa1, attribute(
                                 '1.2.840.113549.1.9.6', counter)))
        emit('malformed', 'a counter-signer', signed_data(
            signer, [p256, cert], SHA256), want, ids, which=1)


def make():
    key = curve('ca', 'P-256')
    ca = Certificate('CA', key, None, CA)
    ca.pem('ca.pem')
    p256 = Certificate('p256', curve('p256', 'P-256'), ca)
    ed448(ca, p256)
    order(p256)
    masks(ca)
    curves(emit, simple, ca, GOOD, BROKEN, CHANGED, NO_CHAIN, UNKNOWN)
    unknown(ca, p256)
    malformed(ca, p256)
    with open('rows.json', 'w') as f:
        json.dump(ROWS, f)


def look(row, deed):
    out = subprocess.run(
        [deed, 'verify', '--json', '--no-revocation', '--trust', row['trust'],
         row['file']], stdout=subprocess.PIPE).stdout
    signature = json.loads(out)['documents'][0]['signatures'][row['which']]
    said = [signature[k] for k in ('indication', 'sub_indication',
                                   'integrity')]
    ids = sorted({r['id'] for r in signature['reasons']})
    fine = all(w is None and k == 2 or w == s
               for k, (w, s) in enumerate(zip(row['want'], said)))
    fine = fine and ids == row['ids'] and (not row['says'] or any(
        row['says'] in r['message'] for r in signature['reasons']))
    return fine, said, signature['reasons']


def judge(group, deed):
    rows = [r for r in json.load(open('rows.json')) if r['group'] == group]
    bad = 0
    for row in rows:
        fine, said, reasons = look(row, deed)
        if not fine:
            bad += 1
            print('%(file)s: %(what)s: wanted %(want)s %(ids)s %(says)s' % row)
            print('    said', said, reasons)
    print('%d of %d' % (len(rows) - bad, len(rows)))
    return bad > 0 or len(rows) == 0


if __name__ == '__main__':
    if sys.argv[1] == 'make':
        make()
    else:
        sys.exit(judge(sys.argv[2], sys.argv[3]))
