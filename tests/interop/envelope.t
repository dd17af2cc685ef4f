#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# AuthEnvelopedData against openssl, both ways, for each kind of recipient.
. "${top_srcdir:-.}/tests/cli/lib.sh"
need openssl
need_that 'openssl knows no AES-256-GCM in CMS' \
	sh -c 'echo | openssl cms -encrypt -aes-256-gcm -outform DER \
	-secretkey 000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f \
	-secretkeyid 00'

tool=$top_builddir/tests/interop/envelope_tool
kek=000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f
other=ff0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f
id=a0a1a2a3a4a5a6a7a8a9aaabacadaeaf

make_cert() {
	name=$1 usage=$2
	shift 2
	openssl req -x509 -newkey "$@" -nodes -keyout "$name.pem" \
		-out "$name.crt" -subj "/CN=$name" -days 3 \
		-addext "keyUsage=$usage" 2>/dev/null
	openssl pkcs8 -topk8 -nocrypt -in "$name.pem" -outform DER \
		-out "$name.der"
	openssl x509 -in "$name.crt" -noout -ext subjectKeyIdentifier |
		sed -n 's/[ :]//g;2p' | tr 'A-F' 'a-f' >"$name.ski"
}
make_cert rsa keyEncipherment rsa:2048
make_cert rsa3 keyEncipherment rsa:3072
make_cert ec keyAgreement ec -pkeyopt ec_paramgen_curve:P-256
make_cert weak keyEncipherment rsa:1024
make_cert p384 keyAgreement ec -pkeyopt ec_paramgen_curve:P-384

: >size0
printf x >size1
head -c 127 /dev/urandom >size127
head -c 70000 /dev/urandom >size70000

# What deed writes, openssl opens.
for plain in size0 size1 size127 size70000; do
	"$tool" seal-kek $id $kek <$plain >kek.cms
	expect 0 "openssl opens a KEK's, $plain" openssl cms -decrypt -binary \
		-inform DER -in kek.cms -secretkey $kek -secretkeyid $id \
		-out back
	check 'the same bytes' cmp $plain back
	"$tool" seal-cert rsa.crt ec.crt rsa3.crt <$plain >all.cms
	for who in rsa ec rsa3; do
		rm -f back
		expect 0 "openssl opens it as $who, $plain" openssl cms \
			-decrypt -binary -inform DER -in all.cms \
			-recip $who.crt -inkey $who.pem -out back
		check 'the same bytes' cmp $plain back
		"$tool" open-key $who.der "$(cat $who.ski)" <all.cms >back
		check 'deed opens its own' cmp $plain back
	done
	rm -f back
	expect 0 "openssl opens it without a certificate, $plain" openssl cms \
		-decrypt -binary -inform DER -in all.cms -inkey ec.pem -out back
	check 'the same bytes' cmp $plain back
	[ -s $plain ] || continue
	"$tool" chunk $id $kek <$plain >chunk.cms
	expect 0 "openssl opens a chunk, $plain" openssl cms -decrypt -binary \
		-inform DER -in chunk.cms -secretkey $kek -secretkeyid $id \
		-out back
	check 'the same bytes' cmp $plain back
	"$tool" open-kek $id $kek <chunk.cms >back
	check 'a chunk is an envelope' cmp $plain back
	"$tool" open-chunk $id $kek <chunk.cms >back
	check 'and a chunk' cmp $plain back
	expect 5 'an envelope is a chunk if of 16 bytes of id' \
		"$tool" open-chunk b0a1a2a3a4a5a6a7a8a9aaabacadaeaf $kek <chunk.cms
	expect 6 'a wrong key opens no chunk' "$tool" open-chunk $id $other \
		<chunk.cms
done

# What openssl writes, deed opens.
for plain in size1 size127 size70000; do
	openssl cms -encrypt -binary -aes-256-gcm -outform DER -in $plain \
		-secretkey $kek -secretkeyid $id -out kek.cms
	"$tool" open-kek $id $kek <kek.cms >back
	check "deed opens openssl's KEK, $plain" cmp $plain back
	openssl cms -encrypt -binary -aes-256-gcm -outform DER -in $plain \
		-keyid -recip rsa.crt -keyopt rsa_padding_mode:oaep \
		-keyopt rsa_oaep_md:sha256 -keyopt rsa_mgf1_md:sha256 \
		-recip ec.crt -keyopt ecdh_kdf_md:sha256 -out all.cms
	for who in rsa ec; do
		"$tool" open-key $who.der "$(cat $who.ski)" <all.cms >back
		check "deed opens openssl's as $who, $plain" cmp $plain back
	done
done

# What is refused.
"$tool" seal-kek $id $kek <size127 >kek.cms
expect 6 'another key' "$tool" open-kek $id $other <kek.cms
expect 6 'another identifier' "$tool" open-kek 00 $kek <kek.cms
"$tool" seal-cert ec.crt <size127 >ec.cms
expect 6 'not a recipient' "$tool" open-key rsa.der "$(cat rsa.ski)" <ec.cms
expect 5 'RSA of 1024 bits' "$tool" seal-cert weak.crt <size1
expect 5 'P-384' "$tool" seal-cert p384.crt <size1
expect 5 'no envelope' "$tool" open-kek $id $kek <size127
openssl cms -encrypt -binary -aes-256-cbc -outform DER -in size127 \
	-secretkey $kek -secretkeyid $id -out cbc.cms
expect 5 'EnvelopedData without authentication' "$tool" open-kek $id $kek <cbc.cms
openssl cms -encrypt -binary -aes-128-gcm -outform DER -in size127 \
	-secretkey ${kek%????????????????????????????????} -secretkeyid $id -out gcm128.cms
expect 5 'AES-128' "$tool" open-kek $id $kek <gcm128.cms
