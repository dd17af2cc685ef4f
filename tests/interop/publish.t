#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# deed ca crl --publish, and certificates that say where: a stranger who has
# the root alone judges by what a web server hands out.
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/home.sh"
. "$top_srcdir/tests/servers/lib.sh"
need jq openssl
need_servers
unset DEED_VERIFY_ONLINE_HOSTS

front_start
web=$pki
XDG_CONFIG_HOME=$W/config
export XDG_CONFIG_HOME
mkdir -p config/deed
operator='--operator-passphrase file:operator.pass'
both="$operator --root-passphrase file:root.pass"
printf 'ca:\n  crl-url: %s/\n  issuer-url: %s\n' "$front" "$front" \
	>config/deed/config.yaml
cp "$data/contract.pdf" .
write_forms
quietly init_home
for who in wang li; do
	quietly enroll_home $who
	quietly prove_home $who
done
sign() {
	quietly deed sign --as "$1" --passphrase "file:$1.pass" -o "$2" \
		contract.pdf
}
sign wang one.pdf
deed ca root >root.pem
# Whoever judges has neither this home nor its configuration.
judge() {
	run env -u XDG_CONFIG_HOME DEED_HOME=/nowhere deed verify --json \
		--online --online-hosts 127.0.0.1 --trust root.pem "$1"
}

judge one.pdf
exits 3 'nothing is published yet'
# shellcheck disable=SC2086
{
	expect 0 'a dry run' deed ca crl -n --publish "$web/new" $operator
	check 'publishes nothing' [ ! -e "$web/new" ]
	expect 0 'publish' deed ca crl --publish "$web" --json $operator
}
json 'says where' .published "$web"
is 'the files' "$(cd "$web" && echo *)" \
	'bundle.pem issuing-1.cer issuing-1.crl root.cer root.crl'
check 'the root as it is' sh -c "openssl x509 -inform DER -in $web/root.cer |
	cmp - root.pem"
deed ca bundle >bundle.pem
check 'the bundle as it is' cmp bundle.pem "$web/bundle.pem"
is 'a web server may read them' "$(stat -c %a "$web/root.crl")" 644
judge one.pdf
exits 0 'a stranger judges by them'
json 'and it passes' .indication TOTAL-PASSED
json 'by a list' '.documents[0].signatures[0].revocation' good
check 'the list of the issuing CA was asked for' grep -q issuing-1.crl \
	"$T/front.log"
check 'and that of the root' grep -q root.crl "$T/front.log"

# What the certificates say.
deed key show wang --pem | openssl x509 >wang.pem
openssl x509 -inform DER -in "$web/issuing-1.cer" -out issuing.pem
openssl x509 -in wang.pem -noout -text >wang.txt
openssl x509 -in issuing.pem -noout -text >issuing.txt
check 'openssl: where the list is' grep -q "URI:$front/issuing-1.crl" wang.txt
check 'openssl: where the issuer is' \
	grep -q "CA Issuers - URI:$front/issuing-1.cer" wang.txt
check 'openssl: the list of the root' grep -q "URI:$front/root.crl" issuing.txt
check 'openssl: the root' grep -q "CA Issuers - URI:$front/root.cer" issuing.txt
check 'not in the root' sh -c '! openssl x509 -in root.pem -noout -text |
	grep -q URI:'
check 'openssl fetches the list' openssl verify -CAfile root.pem \
	-crl_download -crl_check -untrusted issuing.pem wang.pem
if command -v certtool >/dev/null; then
	certtool -i <wang.pem >wang.gnutls
	check 'certtool: where the list is' \
		grep -q "URI: $front/issuing-1.crl" wang.gnutls
	check 'certtool: where the issuer is' \
		grep -q "Access Location URI: $front/issuing-1.cer" wang.gnutls
else
	skip 'certtool' 'not installed'
fi
for file in home/keystore/office/signature-1.pem home/keystore/manifest.pem \
	home/keystore/wang/deposit-1.pem; do
	check "$(basename "$file") too" sh -c "openssl x509 -in $file -noout \
		-text | grep -q URI:$front/issuing-1.crl"
done

# The names stay when the CA is another.
# shellcheck disable=SC2086
{
	quietly deed ca renew $both
	quietly deed ca crl --publish "$web" $operator
}
is 'more files' "$(cd "$web" && echo *.cer *.crl)" \
	'issuing-1.cer issuing-2.cer root.cer issuing-1.crl issuing-2.crl root.crl'
check 'the first CA has its name' sh -c "openssl x509 -inform DER -in \
	$web/issuing-1.cer | cmp - issuing.pem"
quietly prove_home li
sign li two.pdf
judge one.pdf
exits 0 'under the first'
judge two.pdf
exits 0 'and under the second'
check 'its list is another' grep -q issuing-2.crl "$T/front.log"
# shellcheck disable=SC2086
quietly deed ca revoke wang --reason key-compromise $operator
judge one.pdf
exits 0 'a list that is not published tells nobody'
# shellcheck disable=SC2086
quietly deed ca crl --ca root --publish "$web" \
	--root-passphrase file:root.pass
judge one.pdf
isnt 'a revocation that is' "$code" 0
json 'is seen' '.documents[0].signatures[0].revocation' revoked
judge two.pdf
exits 0 'and the other is good'

# A folder that cannot be written; what is no URL.
: >file
# shellcheck disable=SC2086
expect 10 'a folder that is a file' deed ca crl --publish file $operator
expect 0 'the list was made' deed audit verify
for url in ftp://a/ http:// nonsense 'http://a/?b' "http://a/ b"; do
	printf 'ca:\n  crl-url: "%s"\n' "$url" >config/deed/config.yaml
	run deed verify-id li --attest seen --location Beijing --yes \
		--operator-passphrase file:operator.pass
	exits 2 "no folder: '$url'"
	err_has 'the key is named' ca.crl-url
done
