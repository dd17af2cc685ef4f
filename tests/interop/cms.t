#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Signatures that openssl and certtool make are judged as they judge them.
. "${top_srcdir:-.}/tests/cli/lib.sh"
need openssl

ca=keyUsage=keyCertSign,cRLSign
ee=keyUsage=digitalSignature,nonRepudiation
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
	-keyout ca.key -out ca.pem -days 30 -subj /CN=CA \
	-addext basicConstraints=critical,CA:true -addext $ca 2>/dev/null
# party NAME openssl-key-options...
party() {
	name=$1
	shift
	openssl req -newkey "$@" -nodes -keyout "$name.key" -out req \
		-subj "/CN=$name" 2>/dev/null
	printf '%s\n' "$ee" >ext
	openssl x509 -req -in req -CA ca.pem -CAkey ca.key -days 20 \
		-extfile ext -out "$name.pem" 2>/dev/null
}
party rsa rsa:2048
party rsa3072 rsa:3072
party p256 ec -pkeyopt ec_paramgen_curve:P-256
party p384 ec -pkeyopt ec_paramgen_curve:P-384
party p521 ec -pkeyopt ec_paramgen_curve:P-521
head -c 100000 /dev/urandom >content
verify() {
	deed verify --trust ca.pem --no-revocation "$@"
}
sign() {
	openssl cms -sign -binary -in content -outform DER "$@"
}
both() {
	name=$1
	shift
	check "openssl makes: $name" sign -out s.p7s "$@"
	expect 0 "deed passes: $name" verify --content content s.p7s
	out_has 'whole' 'intact       yes'
}

for who in rsa rsa3072 p256 p384 p521; do
	for md in sha256 sha384 sha512; do
		both "$who $md" -signer $who.pem -inkey $who.key -md $md \
			-cades
	done
done
both 'SHA3' -signer rsa.pem -inkey rsa.key -md sha3-256
for salt in digest max auto 0 10 32; do
	both "PSS salt $salt" -signer rsa.pem -inkey rsa.key -cades \
		-keyopt rsa_padding_mode:pss -keyopt rsa_pss_saltlen:$salt
done
both 'PSS with SHA-512' -signer rsa.pem -inkey rsa.key -md sha512 \
	-keyopt rsa_padding_mode:pss
both 'no CAdES' -signer p256.pem -inkey p256.key
both 'no attributes' -signer p256.pem -inkey p256.key -noattr
both 'no S/MIME capabilities' -signer rsa.pem -inkey rsa.key -nosmimecap
both 'by key identifier' -signer p256.pem -inkey p256.key -keyid
both 'enveloping' -signer p256.pem -inkey p256.key -nodetach
both 'streamed, BER' -signer p256.pem -inkey p256.key -nodetach -stream
both 'three signers' -signer p256.pem -inkey p256.key -signer rsa.pem \
	-inkey rsa.key -signer p384.pem -inkey p384.key
out_has 'the third' '  3. signature by'
both 'two' -signer p256.pem -inkey p256.key -signer rsa.pem -inkey rsa.key
check 'a third added later' openssl cms -resign -binary -in s.p7s -inform DER \
	-signer p384.pem -inkey p384.key -outform DER -out s2.p7s
expect 0 'passes' verify --content content --require count=3 s2.p7s

sign -signer p256.pem -inkey p256.key -nocerts -out s.p7s
expect 3 'without its certificate' verify --content content s.p7s
expect 3 "another's is not it" verify --untrusted rsa.pem --content content \
	s.p7s
expect 0 'its certificate is given' verify --untrusted rsa.pem \
	--untrusted p256.pem --content content s.p7s
sign -signer p256.pem -inkey p256.key -nocerts -keyid -out s.p7s
expect 0 'by key identifier' verify --untrusted p256.pem --content content \
	s.p7s
sign -signer p256.pem -inkey p256.key -nocerts -cades -out s.p7s
expect 0 'by signing-certificate' verify --untrusted p256.pem \
	--content content s.p7s
# Two certificates of one serial number: signing-certificate tells which.
openssl req -new -key p256.key -subj /CN=p256 -out req 2>/dev/null
for n in 1 2 3; do
	openssl x509 -req -in req -CA ca.pem -CAkey ca.key -days $((20 + n)) \
		-extfile ext -set_serial 77 -out "twin$n.pem" 2>/dev/null
done
sign -signer twin2.pem -inkey p256.key -nocerts -cades -out s.p7s
expect 0 'of twins the one that is named' verify --untrusted twin1.pem \
	--untrusted twin2.pem --untrusted twin3.pem --content content s.p7s
sign -signer twin2.pem -inkey p256.key -nocerts -cades -out s.p7s
expect 3 'and no other' verify --untrusted twin1.pem --untrusted twin3.pem \
	--content content s.p7s
sign -signer p256.pem -inkey p256.key -md sha1 -out s.p7s
expect 3 'SHA-1' verify --content content s.p7s
out_has 'is weak' CRYPTO_CONSTRAINTS_FAILURE_NO_POE
openssl cms -sign -binary -in content -signer p256.pem -inkey p256.key \
	-outform PEM -out s.pem
expect 0 'PEM' verify --content content s.pem
openssl cms -encrypt -in content -outform DER -out s.p7m rsa.pem
expect 5 'enveloped data' verify s.p7m

# Contents of awkward sizes, detached and within.
for size in 0 1 63 64 65 262143 262144 262145 1000000; do
	head -c $size /dev/zero >content
	both "$size bytes" -signer p256.pem -inkey p256.key
	both "$size bytes within" -signer p256.pem -inkey p256.key -nodetach
	printf x >>content
	expect 1 'and one more' verify --content content s.p7s
done

# certtool.
if command -v certtool >/dev/null; then
	head -c 5000 /dev/urandom >content
	party ed25519 ed25519
	for who in rsa p256 p384 ed25519; do
		check "certtool makes: $who" certtool --p7-detached-sign \
			--p7-time \
			--load-certificate $who.pem --load-privkey $who.key \
			--infile content --outder --outfile s.p7s
		expect 0 "deed passes: $who" verify --content content s.p7s
	done
else
	skip 'certtool' 'it is not installed'
fi
