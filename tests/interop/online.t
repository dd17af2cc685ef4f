#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Fetching from places that mean harm, or are of no use: it ends, it is
# bounded, and nothing that was fetched is believed for it.
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/servers/lib.sh"
need_servers

pki_make
# shellcheck disable=SC2119
ocsp_start

# issue NAME ISSUER EXTENSION...: by hand, with these extensions
issue() {
	name=$1 issuer=$2
	shift 2
	pki_key "$name"
	printf '%s\n' "$@" >"$name.ext"
	openssl req -new -config "$pki/openssl.cnf" -key "$pki/$name.key" \
		-subj "/C=UT/O=Testing/CN=Test $name" -out "$name.csr" \
		2>>"$T/pki.log"
	openssl x509 -req -in "$name.csr" -CA "$pki/$issuer.pem" \
		-CAkey "$pki/$issuer.key" -days 300 -sha256 \
		-set_serial "0x$(openssl rand -hex 8)" -extfile "$name.ext" \
		-out "$pki/$name.pem" 2>>"$T/pki.log"
	openssl x509 -in "$pki/$name.pem" -outform DER -out "$pki/$name.cer"
}
sign() {
	echo text >text
	openssl cms -sign -cades -binary -in text -signer "$pki/$1.pem" \
		-inkey "$pki/$1.key" -outform DER -out "$1.p7s" \
		2>>"$T/pki.log"
}
judge() { # EXIT WHAT NAME OPTION...
	wanted=$1 what=$2 name=$3
	shift 3
	: >"$T/front.log"
	expect "$wanted" "$what" deed verify -v --online \
		--trust "$pki/root.pem" --content text "$@" "$name.p7s"
}
fetched() { # WHAT COUNT
	is "$1" "$(grep -c 'GET\|POST' "$T/front.log")" "$2"
}
CA='basicConstraints=critical,CA:TRUE'
CRL="crlDistributionPoints=URI:$front"

# Two authorities that each name the other as the issuer.
issue one ca "$CA"
issue two one "$CA" "authorityInfoAccess=caIssuers;URI:$front/one.cer"
issue one two "$CA" "authorityInfoAccess=caIssuers;URI:$front/two.cer"
issue looped one "authorityInfoAccess=caIssuers;URI:$front/one.cer"
sign looped
judge 3 'issuers in a circle' looped
out_has 'are none' NO_CERTIFICATE_CHAIN_FOUND
fetched 'each is fetched once' 2

# What names itself.
issue self one "authorityInfoAccess=caIssuers;URI:$front/self.cer"
sign self
judge 3 'an issuer that it is itself' self
fetched 'is fetched once' 1

# Other schemes, and rubbish.
issue ldap ca "authorityInfoAccess=caIssuers;URI:ldap://127.0.0.1/cn=x" \
	'crlDistributionPoints=URI:ldap://127.0.0.1/cn=x,URI:file:///etc/passwd'
sign ldap
judge 3 'schemes that are not fetched' ldap --untrusted "$pki/ca.pem"
err_has 'ldap is told' "'ldap://127.0.0.1/cn=x' is not fetched"
err_has 'file is told' "'file:///etc/passwd' is not fetched"
head -c 5000 /dev/urandom >"$pki/rubbish.crl"
issue rubbish ca "$CRL/rubbish.crl"
sign rubbish
judge 3 'a CRL that is none' rubbish --untrusted "$pki/ca.pem"
err_has 'is told' 'rubbish.crl'
out_has 'and leaves it open' TRY_LATER
issue missing ca "$CRL/nowhere.crl"
sign missing
judge 3 'a CRL that is not there' missing --untrusted "$pki/ca.pem"
out_has 'leaves it open' TRY_LATER

judge 3 'in JSON' missing --untrusted "$pki/ca.pem" --json
out_has 'what did not come' "\"url\": \"$front/nowhere.crl\""
out_has 'and why' "answers with status 404"
judge 3 'a host that is not named' missing --untrusted "$pki/ca.pem" \
	--online-hosts '*.example'
err_has 'its address is told' '127.0.0.1 is not a public address'
err_has 'and the remedy' '--online-hosts'
fetched 'nothing is fetched' 0
judge 2 'no time at all' missing --online-timeout 0

# A second copy does.
issue copies ca "$CRL/nowhere.crl,URI:$front/ca.crl"
sign copies
judge 0 'the second place has it' copies --untrusted "$pki/ca.pem"

# A certificate may name many places.
places=$(i=0; while [ $i -lt 40 ]; do
	printf 'URI:%s/no%d.crl,' "$front" $i
	i=$((i + 1))
done)
issue many ca "crlDistributionPoints=${places%,}"
sign many
judge 3 'forty places' many --untrusted "$pki/ca.pem"
check 'are not all asked' test "$(front_requests no)" -le 8

# A CRL and a response of another authority, served in the CA's place.
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
	-keyout "$pki/evil.key" -subj '/C=UT/O=Testing/CN=Test ca' -days 30 \
	-out "$pki/evil.pem" 2>>"$T/pki.log"
sed -e "s#$pki/ca.pem#$pki/evil.pem#" -e "s#$pki/ca.key#$pki/evil.key#" \
	"$pki/openssl.cnf" >evil.cnf
openssl ca -gencrl -config evil.cnf -name ca -cert "$pki/evil.pem" \
	-keyfile "$pki/evil.key" -out evil.pem.crl 2>>"$T/pki.log"
openssl crl -in evil.pem.crl -outform DER -out "$pki/evil.crl"
issue forged ca "$CRL/evil.crl"
sign forged
judge 3 'a CRL of somebody else' forged --untrusted "$pki/ca.pem"
out_has 'leaves it open' 'not signed by its issuer'
for fault in signature serial garbage unauthorized later internal; do
	issue "f$fault" ca \
		"authorityInfoAccess=OCSP;URI:$front/ocsp?fault=$fault"
	sign "f$fault"
	judge 3 "OCSP, $fault" "f$fault" --untrusted "$pki/ca.pem"
done

# An authority whose certificate comes as certs-only CMS, in DER and PEM.
for form in DER PEM; do
	openssl crl2pkcs7 -nocrl -certfile "$pki/ca.pem" \
		-certfile "$pki/root.pem" -outform $form -out "$pki/all$form.p7c"
	issue "p7$form" ca "authorityInfoAccess=caIssuers;URI:$front/all$form.p7c" \
		"$CRL/ca.crl"
	sign "p7$form"
	judge 0 "issuers in CMS, $form" "p7$form"
done
cp "$pki/ca.pem" "$pki/ca-pem.cer"
issue pem ca "authorityInfoAccess=caIssuers;URI:$front/ca-pem.cer" \
	"$CRL/ca.crl.pem"
sign pem
judge 0 'issuer and CRL in PEM' pem
