#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A key file is opened by argon2 and openssl alone: the vector of deed-key(5),
# and the files of a house.
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/home.sh"
need argon2 openssl mandoc
need_that 'openssl is too old' openssl cms -help

# open_file FILE LABEL PASSPHRASE OUT: by what the file says of itself.
open_file() {
	slot=$(openssl asn1parse -in "$1" |
		sed -n "s/.*OCTET STRING *:\\(argon2id.*[\$]$2\\)\$/\\1/p")
	numbers=$(echo "$slot" | cut -d '$' -f 3)
	m=$(echo "$numbers" | sed 's/m=\([0-9]*\),.*/\1/')
	t=$(echo "$numbers" | sed 's/.*,t=\([0-9]*\),.*/\1/')
	p=$(echo "$numbers" | sed 's/.*,p=//')
	kek=$(printf %s "$3" | argon2 "$(echo "$slot" | cut -d '$' -f 4)" \
		-id -v 13 -t "$t" -k "$m" -p "$p" -l 32 -r)
	id=$(printf %s "$slot" | od -An -v -tx1 | tr -d ' \n')
	openssl cms -decrypt -binary -inform PEM -in "$1" -out "$4" \
		-secretkey "$kek" -secretkeyid "$id"
}

# pem LABEL: that block of the manual page as it is shown.
page_block() {
	mandoc -T ascii -O width=100 "$top_srcdir/man/deed-key.5" |
		sed 's/^ *//' | sed -n "/-----BEGIN $1-----/,/-----END $1-----/p"
}

page_block CMS >vector.pem
check 'the vector of the manual is the stored one' \
	cmp vector.pem "$data/key/keyfile.pem"
page_block 'PUBLIC KEY' >vector.pub
for pair in 'owner:correct horse' 'deputy:battery staple'; do
	rm -f key.der
	open_file vector.pem "${pair%%:*}" "${pair#*:}" key.der 2>"$T/err"
	openssl pkey -inform DER -in key.der -pubout -out key.pub 2>>"$T/err"
	check "openssl opens its slot ${pair%%:*}" cmp vector.pub key.pub
	run openssl asn1parse -inform DER -in key.der
	out_has 'the slots are inside, too' "\$${pair%%:*}"
done
rm -f key.der
open_file vector.pem owner 'wrong horse' key.der 2>"$T/err"
check 'another passphrase does not open it' sh -c '! [ -s key.der ]'

cp vector.pem changed.pem
mkdir -p x
secret_file one 'correct horse'
secret_file two 'a third passphrase'
expect 0 'deed opens the vector' deed key passphrase ./changed.pem \
	--passphrase file:one --new-passphrase file:two
open_file changed.pem owner 'a third passphrase' key.der 2>"$T/err"
openssl pkey -inform DER -in key.der -pubout -out key.pub 2>>"$T/err"
check 'openssl opens what deed changed' cmp vector.pub key.pub
open_file changed.pem deputy 'battery staple' key.der 2>"$T/err"
openssl pkey -inform DER -in key.der -pubout -out key.pub 2>>"$T/err"
check 'also by the slot that was kept' cmp vector.pub key.pub

need_home
for role in signature deposit; do
	rm -f key.der
	open_file "home/keystore/wang/$role-1.key" owner \
		"$(cat wang.pass)" key.der 2>"$T/err"
	openssl pkey -inform DER -in key.der -pubout -out key.pub 2>>"$T/err"
	deed key show wang --role "$role" --pem |
		openssl x509 -noout -pubkey >cert.pub
	check "openssl opens the $role key of a party" cmp cert.pub key.pub
done
