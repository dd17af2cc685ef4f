#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# deed key import: files that people bring.  What is taken is the key that is
# in the file; what is not is called by its name.
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/home.sh"
need jq openssl python3
need_home
secret_file file.pass geheim
secret_file wrong.pass heimlich
# Keys that nobody enrolled.
cp -Rp home/keystore/wang home/keystore/spare

take() {
	deed key import spare "$@" --import-passphrase file:file.pass \
		--passphrase file:wang.pass
}
odd() {
	python3 "$top_srcdir/tests/cli/odd_p12.py" "$@"
}
fingerprint() {
	openssl pkey -in "$1" -pubout -outform DER | sha256sum |
		sed 's/^/sha256:/; s/ .*//'
}
# taken 'what it is' FILE KEY: the file is taken, and the key is that one.
taken() {
	expect 0 "$1" take "$2"
	is "$1: is the key" "$(deed key show spare --json | jq -r .key)" \
		"$(fingerprint "$3")"
}
# told CODE 'what it is' FILE TEXT: refused, in these words.
told() {
	before=$(deed key list spare --json | jq '.keys | length')
	expect "$1" "$2" take "$3"
	err_has "$2: is called by its name" "$4"
	if grep -q 'passphrase does not open' "$T/err"; then
		fail "$2: it is not the passphrase" "$(seen)"
	fi
	is "$2: nothing is taken" \
		"$(deed key list spare --json | jq '.keys | length')" "$before"
}
# made NAME ARGUMENTS...: a key and a certificate of it.
made() {
	key=$1
	shift
	openssl genpkey "$@" -out "$key.key" 2>/dev/null &&
		openssl req -new -x509 -key "$key.key" -subj "/CN=$key" \
			-out "$key.pem" 2>/dev/null
}
wrap() {
	key=$1
	shift
	openssl pkcs12 -export -inkey "$key.key" -in "$key.pem" "$@"
}
bare() {
	openssl pkcs12 -export -nocerts "$@" 2>/dev/null
}
ec() {
	made "$1" -algorithm EC -pkeyopt "ec_paramgen_curve:$2"
}

must_make() {
	ec p256 P-256 && ec second P-256 && ec brainpool brainpoolP256r1 &&
		ec koblitz secp256k1 && ec sm2 SM2 &&
		made rsa -algorithm RSA -pkeyopt rsa_keygen_bits:2048 &&
		made explicit -algorithm EC -pkeyopt ec_paramgen_curve:P-256 \
			-pkeyopt ec_param_enc:explicit
}
check 'openssl makes keys' must_make
for kind in p256 second rsa brainpool koblitz sm2 explicit; do
	wrap "$kind" -out "$kind.p12" -passout file:file.pass
done

# Without a passphrase: nothing is asked, and whoever brings it is warned.
for kind in p256 rsa; do
	wrap "$kind" -out "empty-$kind.p12" -passout pass:
	taken "empty passphrase, $kind" "empty-$kind.p12" "$kind.key"
	err_has "$kind: who has the file has the key" 'has no passphrase'
done
wrap p256 -legacy -out legacy-empty.p12 -passout pass: 2>/dev/null &&
	taken 'empty passphrase, old ciphers' legacy-empty.p12 p256.key
wrap p256 -keypbe NONE -certpbe NONE -nomac -out open.p12 -passout pass:
taken 'not encrypted at all' open.p12 p256.key
expect 0 'no passphrase is looked for' deed key import spare empty-p256.p12 \
	--passphrase file:wang.pass --no-input

# Without a certificate.
bare -inkey rsa.key -out nocert.p12 \
	-passout file:file.pass
taken 'a key without a certificate' nocert.p12 rsa.key
err_has 'which is told' 'without a certificate'
expect 0 'in a dry run, too' take nocert.p12 -n
err_has 'which says would' 'would be the signature key'

# As before: old ciphers, no MAC, BER.
for cipher in PBE-SHA1-3DES PBE-SHA1-RC2-40 PBE-SHA1-RC4-128; do
	wrap p256 -legacy -keypbe PBE-SHA1-3DES -certpbe "$cipher" \
		-out old.p12 -passout file:file.pass 2>/dev/null &&
		taken "$cipher" old.p12 p256.key
done
for cipher in aes-128-cbc aes-192-cbc des-ede3-cbc; do
	wrap p256 -keypbe "$cipher" -certpbe "$cipher" -out "$cipher.p12" \
		-passout file:file.pass
	taken "$cipher" "$cipher.p12" p256.key
done
wrap p256 -nomac -out nomac.p12 -passout file:file.pass
taken 'no MAC' nomac.p12 p256.key
odd ber ber.p12 p256.p12
taken 'lengths that are not said' ber.p12 p256.key
wrap second -nomac -out nomac2.p12 -passout file:file.pass
odd join several.p12 nomac.p12 nomac2.p12
expect 5 'one of several keys is not guessed' take several.p12
err_has 'how many there are is told' 'holds 2 private keys'
cat second.pem p256.pem >turned.pem
openssl pkcs12 -export -inkey p256.key -in turned.pem -out turned.p12 \
	-passout file:file.pass
taken 'certificates in another order' turned.p12 p256.key
is 'its own comes first' \
	"$(deed key show spare --json | jq -r .certificate.subject)" 'CN=p256'
openssl ec -in p256.key -no_public -out half.key 2>/dev/null
openssl pkcs8 -topk8 -nocrypt -in half.key -outform DER -out half.der
odd key half.p12 half.der
taken 'a key without its public half' half.p12 p256.key

# Keys that deed does not sign with.
told 5 'brainpool' brainpool.p12 'elliptic curve brainpoolP256r1'
told 5 'secp256k1' koblitz.p12 'elliptic curve secp256k1'
told 5 'SM2' sm2.p12 'on which deed does not sign: expected P-256'
told 5 'an explicit curve' explicit.p12 'by numbers, where certificates'
err_has 'and how it gets a name' 'hint: openssl pkey -in KEY -ec_param_enc'
openssl pkey -in explicit.key -ec_param_enc named_curve -out named.key
taken 'which then is taken' named.key named.key
for kind in brainpool koblitz explicit; do
	bare -inkey "$kind.key" -nomac \
		-out bare.p12 -passout file:file.pass
	told 5 "$kind, without certificate and MAC" bare.p12 curve
	wrap "$kind" -legacy -out old.p12 -passout file:file.pass \
		2>/dev/null && told 5 "$kind, old ciphers" old.p12 curve
	wrap "$kind" -out empty.p12 -passout pass:
	told 5 "$kind, empty passphrase" empty.p12 curve
	told 5 "$kind, in PEM" "$kind.key" curve
	openssl pkcs8 -topk8 -in "$kind.key" -out locked.key \
		-passout file:file.pass
	told 5 "$kind, in PKCS#8" locked.key curve
done
openssl genpkey -algorithm X25519 -out x25519.key
openssl genpkey -algorithm ED448 -out ed448.key
openssl genpkey -genparam -algorithm DSA -pkeyopt dsa_paramgen_bits:2048 \
	-out dsa.params 2>/dev/null
openssl genpkey -paramfile dsa.params -out dsa.key 2>/dev/null
for kind in x25519 ed448 dsa; do
	bare -inkey "$kind.key" -out "$kind.p12" \
		-passout file:file.pass
	told 5 "$kind" "$kind.p12" 'with which deed does not sign'
	told 5 "$kind, in PEM" "$kind.key" 'with which deed does not sign'
done

# The wrong passphrase, and only it, is called that.
for file in p256 brainpool empty-p256 aes-128-cbc nomac; do
	[ "$file" != empty-p256 ] || continue
	expect 6 "the wrong passphrase, $file" deed key import spare \
		"$file.p12" --import-passphrase file:wrong.pass \
		--passphrase file:wang.pass
	err_has "$file: is called that" 'the passphrase does not open'
done

# Broken, or odd.
size=$(wc -c <p256.p12)
for bytes in 20 200 $((size - 1)); do
	odd cut cut.p12 p256.p12 "$bytes"
	told 5 "cut after $bytes bytes" cut.p12 'cut short or damaged'
done
: >nothing.p12
told 5 'an empty file' nothing.p12 'is empty'
odd longer longer.p12 p256.p12 3
told 5 'bytes behind its end' longer.p12 '3 bytes follow the end'
for at in 1 5 9; do
	odd flip flip.p12 p256.p12 "$at"
	expect 5 "a changed bit at $at tenths" take flip.p12
	check "$at: is told" grep -q 'damaged\|was changed after' "$T/err"
done
odd mac mac.p12 p256.p12 2000000000
told 5 'a MAC of many rounds' mac.p12 'hashed 2000000000 times'
odd rounds rounds.p12 nomac.p12 2000000000
told 5 'a key of many rounds' rounds.p12 'hashed 2000000000 times'
odd hash pbmac.p12 p256.p12 06092a864886f70d01050e
told 5 'PBMAC1' pbmac.p12 \
	'protected by PBMAC1 (1.2.840.113549.1.5.14), which is not supported'
# One that holds: a later GnuTLS reads it.
odd pbmac holds.p12 p256.p12 2048 file.pass
if run take holds.p12 && [ "$code" = 0 ]; then
	taken 'PBMAC1 that holds' holds.p12 p256.key
else
	told 5 'PBMAC1 that holds' holds.p12 'protected by PBMAC1 (1.2.840.11'
fi
odd pbmac long.p12 p256.p12 2000000000 file.pass
told 5 'PBMAC1 of many rounds' long.p12 'hashed 2000000000 times'
odd hash unknown.p12 p256.p12 06032a0304
told 5 'an unknown MAC' unknown.p12 'protected by 1.2.3.4'
odd type signed.p12 p256.p12 2a864886f70d010702
told 5 'one that is signed' signed.p12 'by a signature, not by a passphrase'
odd part enveloped.p12 p256.p12 06092a864886f70d010703
told 5 'one that is enveloped' enveloped.p12 'encrypted to a certificate'
openssl pkcs8 -topk8 -scrypt -in p256.key -outform DER -out scrypt.der \
	-passout file:file.pass
odd key scrypt.p12 scrypt.der
told 5 'scrypt' scrypt.p12 'encrypted with scrypt'
openssl pkcs8 -topk8 -in p256.key -outform DER -out own.der \
	-passout file:wrong.pass
odd key own.p12 own.der
expect 6 'without a MAC the passphrase is wrong' take own.p12
openssl pkcs12 -export -nokeys -in p256.pem -out nokey.p12 \
	-passout file:file.pass
told 6 'no key' nokey.p12 'holds no private key'
bare -inkey p256.key -keypbe NONE -certpbe NONE \
	-nomac -out key.p12 -passout pass:
openssl pkcs12 -export -nokeys -in second.pem -keypbe NONE -certpbe NONE \
	-nomac -out cert.p12 -passout pass:
odd join stranger.p12 key.p12 cert.p12
told 7 'the certificate of another key' stranger.p12 'of other keys'

# What is no PKCS#12.
printf '\376\355\376\355\0\0\0\2' >old.jks
told 5 'a Java keystore' old.jks 'a Java keystore (JKS)'
err_has 'and what makes PKCS#12 of it' 'keytool -importkeystore'
told 5 'a certificate' p256.pem 'a certificate, which has no private key'
openssl pkey -in p256.key -pubout -out public.pem
told 5 'a public key' public.pem 'a public key: expected a private key'
openssl req -new -key p256.key -subj /CN=x -out request.pem
told 5 'a request' request.pem 'a certificate request'
told 5 'a PDF' contract.pdf 'a PDF'
told 5 'a text' terms.txt 'no private key in PKCS#8 or PKCS#12'
printf -- '-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n' >ssh.key
told 5 'a key of OpenSSH' ssh.key 'a private key of OpenSSH'
err_has 'and what makes PKCS#8 of it' 'ssh-keygen -p -m PKCS8'
