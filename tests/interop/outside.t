#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A certificate of another CA is judged before it is kept: each wrong one is
# refused in its own words, and the right one by its number or its name.
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/home.sh"
need jq openssl python3
need_part draw

certs=$top_srcdir/tests/interop/outside_certs.py
tab=$(printf '\t')
need_home
secret_file jaan.pass 'the passphrase of jaan'
quietly python3 "$certs" new cas
quietly deed enroll person jaan --name 'Jaan Sample' --email j@example.org \
	--id ee-pno:38001085718 --passphrase file:jaan.pass --csr-out jaan.csr
openssl req -in jaan.csr -noout -pubkey >jaan.pub
bring() {
	deed enroll person jaan --certificate cert.pem --name 'Jaan Sample' \
		--id ee-pno:38001085718 "$@"
}

python3 "$certs" cases >cases.tsv
while IFS=$tab read -r name exit words; do
	set -- --anchors cas/anchors.pem
	[ "$name" != unlisted ] || set --
	[ "$name" != self-signed ] || continue
	quietly python3 "$certs" issue cas "$name" jaan.pub cert.pem
	expect "$exit" "$name" bring -n "$@"
	if [ "$exit" = 0 ]; then
		cat "$T/out" >>"$T/err"
	fi
	[ -z "$words" ] || err_has "$name: in its words" "$words"
done <cases.tsv
is 'nothing was kept' "$(deed key show jaan --pem 2>/dev/null | grep -c BEGIN)" 0

# Whoever makes a key can write any name beside it.
openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out self.key \
	2>/dev/null
quietly python3 "$certs" self cas self.key self.pem '/CN=x/O=D-Trust GmbH'
openssl pkcs12 -export -inkey self.key -in self.pem -passout pass:x -out self.p12
printf x >self.pass
chmod 600 self.pass
self() {
	deed enroll org self --name 'D-Trust GmbH' --email d@example.org \
		--id etsi-legal:VATDE-203620884 --passphrase file:jaan.pass \
		"$@"
}
for anchors in '' '--anchors self.pem'; do
	# shellcheck disable=SC2086
	expect 7 "self-signed $anchors" self --pkcs12 self.p12 \
		--import-passphrase file:self.pass $anchors
	err_has 'what is missing is named' 'the word of a CA is missing'
done
expect 4 'nobody was enrolled by that' deed party show self
openssl req -new -key self.key -subj '/CN=D-Trust GmbH' -out self.csr
expect 7 'nor with a request' self --csr self.csr --certificate self.pem \
	--anchors self.pem
err_has 'in the same words' 'the word of a CA is missing'
expect 7 'so verify-id has nothing to take' prove_home self
expect 7 'and it signs nothing' deed sign --as self terms.txt \
	--passphrase file:jaan.pass

# What a certificate calls its holder is said where names alone can tell.
quietly python3 "$certs" issue cas no-name jaan.pub cert.pem
expect 7 'another text' bring --anchors cas/anchors.pem -n \
	--name-in-certificate 'Jaan  Sample'
err_has 'is not its own' "not 'Jaan  Sample'"
expect 0 'its own text' bring --anchors cas/anchors.pem -n \
	--name-in-certificate 'Jaan Sample'
quietly python3 "$certs" issue cas identifier jaan.pub cert.pem
expect 7 'against a number nothing helps' bring --anchors cas/anchors.pem \
	--name-in-certificate 'SAMPLE,JAAN,38001085718' -n

# The card's, kept; somebody has to answer for its CA.
mkdir web
(cd web && exec timeout 120 python3 -u -m http.server 0 --bind 127.0.0.1 \
	>../web.log 2>&1) &
web=$!
tries=0
while ! grep -q ' port ' web.log 2>/dev/null && [ $tries -lt 100 ]; do
	sleep 0.1
	tries=$((tries + 1))
done
url=http://127.0.0.1:$(sed -n 's/.* port \([0-9]*\) .*/\1/p' web.log)
quietly python3 "$certs" issue cas card jaan.pub cert.pem "$url/issuing.crl"
expect 0 'the form of a card' bring --anchors cas/anchors.pem --json
json 'by its number' .name_by identifier
json 'in capitals he is the same' .name_in_certificate null
json 'revocation was checked' .revocation_checked true
expect 7 'a CA that no list names' prove_home jaan
root=$(sha256_of cas/root.pem)
err_has 'it is named' "--accept-ca $root"
expect 7 'another CA' prove_home jaan --accept-ca "$(printf %064d 1)"
err_has 'is not its own' 'was not kept with a CA'
expect 2 'a digest that is none' prove_home jaan --accept-ca 12
expect 0 'accepted' prove_home jaan --accept-ca "sha256:$root"

# Whether it was revoked, the house cannot tell: it is asked before a key is.
sign() {
	rm -f out.p7s
	deed sign --as jaan --passphrase file:jaan.pass --detached \
		-o out.p7s terms.txt "$@"
}
quietly python3 "$certs" crl cas young.crl 6
quietly python3 "$certs" crl cas old.crl 8
quietly python3 "$certs" crl cas revoked.crl 0 0x1000
quietly python3 "$certs" crl cas revoked-old.crl 8 0x1000
# The root's own, without those of the CA that issued it.
awk '/BEGIN X509 CRL/ { n++ } n < 2' cas/anchors.pem >root.crl
expect 3 'nothing tells' sign
err_has 'it is said' "nothing tells whether the certificate of party 'jaan'"
err_has 'and what does' '--online fetches it; --crl FILE or --ocsp FILE'
absent 'nothing was signed' out.p7s
expect 3 'nor does the root alone' sign --crl root.crl
expect 3 'nor what tells nothing of the CA' sign --crl young.crl
expect 0 'six days old' sign --crl root.crl --crl young.crl
expect 3 'eight days old' sign --crl root.crl --crl old.crl
err_has 'it is said, too' 'younger than seven days is wanted'
absent 'nothing was signed then' out.p7s
for list in revoked revoked-old; do
	expect 7 "$list" sign --crl root.crl --crl $list.crl
	err_has "$list: it is said" revoked
done
expect 3 'a dry run asks, too' sign -n
expect 2 'it is one or the other' sign --online --offline
expect 2 'of a seal, too' deed seal --as acme --passphrase file:acme.pass \
	--position 10,10 --online --offline contract.pdf
expect 0 "the house's own needs no file" deed seal --as acme \
	--passphrase file:acme.pass --position 10,10 contract.pdf

# What certificates name is asked within the bounds of verify --online.
python3 "$certs" crl cas issuing.pem 0
openssl crl -in issuing.pem -outform DER -out web/issuing.crl
expect 3 'a host on loopback is not asked' sign --online --crl root.crl
err_has 'the remedy is named' '--online-hosts HOST'
expect 0 'what is fetched is young' sign --online --crl root.crl \
	--online-hosts 127.0.0.1
expect 0 'an old one is no hindrance' sign --online --crl root.crl \
	--crl old.crl --online-hosts 127.0.0.1
openssl crl -in old.crl -outform DER -out web/issuing.crl
expect 3 'what is fetched and old' sign --online --crl root.crl \
	--online-hosts 127.0.0.1
openssl crl -in revoked.crl -outform DER -out web/issuing.crl
expect 7 'what is fetched says revoked' sign --online --crl root.crl \
	--online-hosts 127.0.0.1
kill "$web"
wait "$web" 2>/dev/null || :
