# SPDX-License-Identifier: Apache-2.0
# Time-stamp tokens and OCSP responses at any time and with any fault, by
# hand: openssl only makes the signature.  openssl ts and openssl ocsp know
# the present alone, and make no mistakes.
import base64
import hashlib
import os
import subprocess
import time

from der import (bits, elements, generalized, inside, integer, null, octets,
                 oid, seq, set_of, tlv, utf8)

SHA256 = '2.16.840.1.101.3.4.2.1'


class Certificate:
    def __init__(self, folder, name):
        with open(os.path.join(folder, name + '.pem')) as f:
            text = f.read().split('-----BEGIN CERTIFICATE-----')[1]
        text = text.split('-----END CERTIFICATE-----')[0]
        self.der = base64.b64decode(text)
        self.key = os.path.join(folder, name + '.key')
        tbs = elements(inside(self.der)[0][1])
        if tbs[0][0] == 0xa0:
            tbs = tbs[1:]
        self.serial, self.issuer, self.subject = tbs[0], tbs[2], tbs[4]
        self.spki = tbs[5][2]
        self.is_rsa = b'\x2a\x86\x48\x86\xf7\x0d\x01\x01' in self.spki[:40]

    def algorithm(self):
        if self.is_rsa:
            return seq(oid('1.2.840.113549.1.1.11'), null())
        return seq(oid('1.2.840.10045.4.3.2'))

    def sign(self, data):
        return subprocess.run(
            ['openssl', 'dgst', '-sha256', '-sign', self.key], input=data,
            stdout=subprocess.PIPE, check=True).stdout

    def key_hash(self):
        spki = inside(self.spki)
        return hashlib.sha1(spki[1][1][1:]).digest()


def now():
    return time.strftime('%Y%m%d%H%M%SZ', time.gmtime())


# ---- RFC 3161 ----

def read_query(query):
    """imprint (whole), policy (whole or None), nonce (whole or None), wants
    the certificate"""
    parts = inside(query)
    imprint, policy, nonce, wanted = parts[1][2], None, None, False
    for tag, content, whole in parts[2:]:
        if tag == 6:
            policy = whole
        elif tag == 2:
            nonce = whole
        elif tag == 1:
            wanted = content != b'\0'
    return imprint, policy, nonce, wanted


def attribute(kind, value):
    return seq(oid(kind), set_of(value))


def token(folder, query, at, fault, signer, policy, serial):
    imprint, asked, nonce, wanted = read_query(query)
    cert = Certificate(folder, signer)
    named = Certificate(folder, 'ocsp') if fault == 'ess' else cert
    if fault == 'imprint':
        imprint = imprint[:-1] + bytes([imprint[-1] ^ 1])
    if fault == 'nonce':
        nonce = integer(4711)
    if fault == 'no-nonce':
        nonce = None
    if fault == 'policy':
        asked = oid('1.2.3.9')
    info = seq(integer(1), asked or oid(policy), imprint, integer(serial),
               generalized(at), seq(integer(1)), nonce or b'')
    ess = seq(seq(seq(octets(hashlib.sha256(named.der).digest()))))
    attributes = [
        attribute('1.2.840.113549.1.9.3', oid('1.2.840.113549.1.9.16.1.4')),
        attribute('1.2.840.113549.1.9.4',
                  octets(hashlib.sha256(info).digest()))]
    if fault != 'no-ess':
        attributes.append(
            attribute('1.2.840.113549.1.9.16.2.47', ess))
    signature = cert.sign(set_of(*attributes))
    if fault == 'signature':
        signature = cert.sign(b'something else')
    content = b'' if fault == 'detached' else tlv(0xa0, octets(info))
    if fault == 'content':
        content = tlv(0xa0, octets(info[:-1] + bytes([info[-1] ^ 1])))
    certificates = b''
    if wanted and fault != 'no-certificate':
        certificates = tlv(0xa0, cert.der, Certificate(folder, 'ca').der)
    info_of = seq(integer(1), seq(cert.issuer[2], cert.serial[2]),
                  seq(oid(SHA256)), tlv(0xa0, *sorted(attributes)),
                  cert.algorithm(), octets(signature))
    signed = seq(integer(3), set_of(seq(oid(SHA256))),
                 seq(oid('1.2.840.113549.1.9.16.1.4'), content),
                 certificates,
                 set_of(info_of, info_of) if fault == 'two-signers'
                 else set_of(info_of))
    return seq(oid('1.2.840.113549.1.7.2'), tlv(0xa0, signed))


REJECTIONS = {
    'reject': (2, 'go away \x1b[31mplease', 2),
    'policy-refused': (2, None, 15),
    'time': (2, None, 14),
    'waiting': (3, None, None),
    'warning': (4, None, None),
    'unknown-status': (77, None, None),
}


def rejection(status, text, bit):
    parts = [integer(status)]
    if text is not None:
        parts.append(seq(utf8(text)))
    if bit is not None:
        flags = (0x80000000 >> bit).to_bytes(4, 'big').rstrip(b'\0')
        unused = 7 - bit % 8
        parts.append(tlv(3, bytes([unused]) + flags))
    return seq(seq(*parts))


def stamp(folder, query, at=None, fault=None, signer='tsa',
          policy='1.2.3.4.1', serial=1):
    if fault in REJECTIONS:
        return rejection(*REJECTIONS[fault])
    if fault == 'garbage':
        return b'<html>no authority here</html>'
    if fault == 'no-token':
        return seq(seq(integer(0)))
    if fault == 'not-a-token':
        return seq(seq(integer(0)), seq(integer(1)))
    whole = seq(seq(integer(1 if fault == 'mods' else 0)),
                token(folder, query, at or now(), fault, signer, policy,
                      serial))
    return whole + b'\0' if fault == 'trailing' else whole


# ---- RFC 6960 ----

REASONS = {'unspecified': 0, 'keyCompromise': 1, 'CACompromise': 2,
           'affiliationChanged': 3, 'superseded': 4,
           'cessationOfOperation': 5, 'certificateHold': 6}


def long_year(text):
    if len(text) == 15:
        return text
    return ('19' if text >= '50' else '20') + text


def looked_up(folder, serial):
    """good, unknown, or (time, reason)"""
    for name in ('ca', 'root'):
        with open(os.path.join(folder, name + '.index')) as f:
            for line in f:
                part = line.rstrip('\n').split('\t')
                if int(part[3], 16) != serial:
                    continue
                if part[0] != 'R':
                    return 'good'
                when, _, reason = part[2].partition(',')
                return long_year(when), reason or 'unspecified'
    return 'unknown'


def single(folder, cert_id, this, following, status):
    serial = int.from_bytes(inside(cert_id)[3][1], 'big')
    found = status or looked_up(folder, serial)
    if found == 'good':
        value = tlv(0x80)
    elif found == 'unknown':
        value = tlv(0x82)
    else:
        when, reason = (this, 'keyCompromise') if found == 'revoked' else found
        value = tlv(0xa1, generalized(when),
                    tlv(0xa0, tlv(10, bytes([REASONS[reason]]))))
    return seq(cert_id, value, generalized(this),
               tlv(0xa0, generalized(following)) if following else b'')


def later(at, days):
    t = time.strptime(at, '%Y%m%d%H%M%SZ')
    import calendar
    return time.strftime('%Y%m%d%H%M%SZ',
                         time.gmtime(calendar.timegm(t) + days * 86400))


def ocsp(folder, request, at=None, fault=None, signer='ocsp', days=7,
         status=None, nonce=True):
    if fault in ('malformed', 'internal', 'later', 'unauthorized'):
        code = {'malformed': 1, 'internal': 2, 'later': 3,
                'unauthorized': 6}[fault]
        return seq(tlv(10, bytes([code])))
    if fault == 'garbage':
        return b'<html>no responder here</html>'
    cert = Certificate(folder, signer)
    tbs = elements(inside(request)[0][1])
    wanted = [x for x in tbs if x[0] == 0x30][0]
    extensions = [x for x in tbs if x[0] == 0xa2]
    at = at or now()
    following = later(at, int(days)) if int(days) else None
    answers = []
    for _, content, _ in elements(wanted[1]):
        cert_id = elements(content)[0][2]
        if fault == 'serial':
            cert_id = cert_id[:-1] + bytes([cert_id[-1] ^ 1])
        answers.append(single(folder, cert_id, at, following, status))
    data = seq(tlv(0xa2, octets(cert.key_hash())), generalized(at),
               seq(*answers),
               tlv(0xa1, extensions[0][1]) if extensions and nonce else b'')
    signature = cert.sign(b'x' if fault == 'signature' else data)
    certificates = b'' if fault == 'no-certificate' else \
        tlv(0xa0, seq(cert.der))
    basic = seq(data, cert.algorithm(), bits(signature), certificates)
    return seq(tlv(10, b'\0'), tlv(0xa0, seq(
        oid('1.3.6.1.5.5.7.48.1.1'), octets(basic))))
