#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Algorithms, orders of attributes and certificates that are odd, by openssl's
# keys: what holds, what fails, what is not known, and what is said of it.
. "${top_srcdir:-.}/tests/cli/lib.sh"
need openssl python3

check 'the files are made' python3 "$top_srcdir/tests/interop/algorithms.py" \
	make
# judge GROUP DESCRIPTION
judge() {
	check "$2" python3 "$top_srcdir/tests/interop/algorithms.py" judge \
		"$1" deed
}
judge ed448 'Ed448 with SHAKE256'
judge order 'every order of the signed attributes'
judge mask 'RSA-PSS with every mask'
judge curves 'brainpool and SM2, and what is near them'
judge unknown 'what is not known is named'
judge malformed 'malformed certificates, and odd ones'

# China's own form of CMS is named, and not judged.
run deed verify --trust ca.pem --no-revocation gm.p7m
exits 5 'GM/T 0010 is not judged'
err_has 'GM/T 0010 is named' 'signedData of GM/T 0010 (1.2.156.10197.6.1.4.2.2)'

# A time-stamp whose imprint is by a digest that is not known.
check 'a time-stamp is changed' python3 -c "
import sys
data = open(sys.argv[1], 'rb').read()
at = data.index(bytes.fromhex('608648016503040201' '05000420')) + 8
open('imprint.tst', 'wb').write(data[:at] + b'\x0b' + data[at + 1:])
" "$data/pki/token.tst"
run deed verify --trust "$data/pki/root.crt" --no-revocation --content \
	"$data/pki/content.txt" imprint.tst
out_has 'the digest is named' 'shake128 (2.16.840.1.101.3.4.2.11)'
