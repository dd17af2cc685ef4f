# SPDX-License-Identifier: Apache-2.0
"""A time-stamping authority of one certificate, tsa.pem, for attack_cms.py
and attack_sight.py; the folder of authority.py is on the path already."""
import hashlib
import os
import shutil

import authority
from attack_lib import openssl
from der import integer, octets, oid, seq, tlv


def stamper():
    if os.path.exists('tsa.pem'):
        return
    openssl('genpkey', '-algorithm', 'EC', '-pkeyopt',
            'ec_paramgen_curve:P-256', '-out', 'tsa.key')
    openssl('req', '-x509', '-new', '-key', 'tsa.key', '-days', '3650',
            '-subj', '/CN=stamper', '-out', 'tsa.pem', '-addext',
            'extendedKeyUsage=critical,timeStamping', '-addext',
            'keyUsage=critical,digitalSignature')
    for name in ('ca', 'ocsp'):
        shutil.copy('tsa.pem', name + '.pem')


def token(data):
    query = seq(integer(1), seq(seq(oid('2.16.840.1.101.3.4.2.1')),
                                octets(hashlib.sha256(data).digest())),
                tlv(1, b'\xff'))
    return authority.token('.', query, authority.now(), None, 'tsa',
                           '1.2.3.4.1', 1)
