#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Whose CA a trust list of the home names, in force, for such a party, is
# spared --accept-ca; whose it does not is told why.
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/home.sh"
need jq openssl python3

tests=$top_srcdir/tests/interop
tab=$(printf '\t')
need_home
secret_file jaan.pass 'the passphrase of jaan'
quietly python3 "$tests/outside_certs.py" new cas
quietly deed enroll person jaan --name 'Jaan Sample' --email j@example.org \
	--id ee-pno:38001085718 --passphrase file:jaan.pass --csr-out jaan.csr
quietly deed enroll org house --name 'Sample House' --email h@example.org \
	--id etsi-legal:VATDE-203620884 --passphrase file:jaan.pass \
	--csr-out house.csr
for who in jaan house; do
	openssl req -in $who.csr -noout -pubkey >$who.pub
done
bring() {
	deed enroll person jaan --certificate cert.pem --name 'Jaan Sample' \
		--id ee-pno:38001085718 "$@"
}
bring_house() {
	deed enroll org house --certificate house-cert.pem \
		--name 'Sample House' --id etsi-legal:VATDE-203620884 "$@"
}
quietly python3 "$tests/outside_lists.py" leaf cas jaan.pub cert.pem
quietly python3 "$tests/outside_lists.py" leaf cas house.pub house-cert.pem house
quietly deed key show --pem office
cp "$T/out" notary.pem

# hold NAME: what is in list.yaml, changed by the sed script $2, is held.
hold() {
	rm -f "$1.p7s"
	sed "${2:-}" lists/list.yaml >"$1.yaml"
	quietly deed trust import --kind yaml --at 2026-11-20 "$1.yaml" \
		--operator-passphrase file:operator.pass -o "$1.p7s"
	quietly deed trust add --at 2026-11-20 "$1.p7s" --as "$1" \
		--list-signer notary.pem
}
drop() {
	quietly deed trust remove "$1"
}
make_list() {
	quietly python3 "$tests/licensed_list.py" lists 2 "$@"
}
make_list --by 'Compilers Guild' --extra 'cas/issuing.pem=Sample CA'

expect 7 'without a list nothing leads to the CA' bring -n
err_has 'which is told' 'no anchor and no trust list names the CA'
hold cn
expect 0 'a list that names the CA will do instead' bring -n --json
json 'it is told: which' .listed.name cn
json 'of which scheme' .listed.scheme cn-esl
json 'what it says' .listed.is licensed
json 'of whom' .listed.by 'Sample CA'
json 'with which licence' .listed.licence ECP11011001
payload=$(openssl cms -verify -noverify -in cn.p7s -inform DER 2>/dev/null |
	sha256sum | cut -d' ' -f1)
json 'by the digest of its payload' .listed.list "sha256:$payload"
expect 0 'of an organisation, too' bring_house -n --json
json 'which is told' .listed.is licensed

# What else is wrong is wrong still.
python3 "$tests/outside_certs.py" cases >cases.tsv
cp cert.pem good.pem
while IFS=$tab read -r name exit words; do
	case $name in
	unlisted | self-signed) continue ;;
	ca-revoked | ca-expired | no-ca | chain) continue ;;
	revoked) continue ;;
	stranger | rolled)
		exit=7
		words='no anchor and no trust list names the CA'
		;;
	esac
	quietly python3 "$tests/outside_certs.py" issue cas "$name" jaan.pub \
		cert.pem
	expect "$exit" "$name" bring -n
	if [ "$exit" = 0 ]; then
		cat "$T/out" >>"$T/err"
	fi
	[ -z "$words" ] || err_has "$name: in its words" "$words"
done <cases.tsv
quietly python3 "$tests/outside_certs.py" issue cas revoked jaan.pub cert.pem
expect 7 'a CRL beside the list is heard' bring -n --anchors cas/anchors.pem
err_has 'and says revoked' revoked
cp good.pem cert.pem

# What does not count.
refused() {
	expect 7 "$1" bring -n
	err_has "$1: told" "$2"
}
drop cn
hold cn "/Issuing of Sample CA/,\$s/may: .*/may: [seal, time-stamp]/"
refused 'a CA that may issue to organisations alone' \
	'its authority might not issue for this'
expect 0 'to such it may' bring_house -n
drop cn
hold cn "/Issuing of Sample CA/,\$s/may: .*/may: [signature]/"
expect 0 'one that may issue to persons' bring -n
expect 7 'may not to organisations' bring_house -n
err_has 'which is told' 'its authority might not issue for this'
drop cn
hold cn "/Issuing of Sample CA/,\$s/\(.*\)status: licensed}/&\n\1status: suspended}/
	/Issuing of Sample CA/,\$s/since: .*suspended/since: \"2020-01-01T00:00:00Z\", status: suspended/"
refused 'a CA that was suspended' 'suspended or had ended then'
drop cn
hold cn "/Issuing of Sample CA/,\$s/since: [^,]*/since: \"2098-01-01T00:00:00Z\"/"
refused 'one that is licensed later' 'did not name its authority then'
drop cn
hold cn "s/^compiled-by: .*/compiled-by: 'SAMPLE ca'/"
refused "the compiler's own house" 'a list that its own house made'
quietly deed sign --as wang --passphrase file:wang.pass --counter-sign cn.p7s \
	-o both.p7s
quietly deed key show --pem wang
cp "$T/out" wang.pem
drop cn
quietly deed trust add --at 2026-11-20 both.p7s --as cn --list-signer wang.pem
expect 0 'counter-signed by somebody who is pinned it counts' bring -n
drop cn
hold cn "s/^next-update: .*/next-update: 2026-11-25/"
refused 'a list that has ended' \
	"the trust list held as 'cn' does not count: the trust list has expired"
err_has 'and names nobody' 'no anchor and no trust list names the CA'
drop cn
hold cn
held=$DEED_HOME/trust/lists/cn
cp "$held.cms" cn.cms
cp "$held.json" cn.json
: >"$held.cms"
refused 'a list that cannot be read' "held as 'cn' does not count"
python3 - "$held.cms" <<'PY'
import sys
b = bytearray(open('cn.cms', 'rb').read())
b[b.index(b'Compilers')] ^= 1
open(sys.argv[1], 'wb').write(b)
PY
refused 'a changed one' "held as 'cn' does not count"
cp cn.cms "$held.cms"
python3 - "$held.json" <<'PY'
import json, sys
note = json.load(open('cn.json'))
note['signer'] = ''.join(open('wang.pem').read().split('-----')[2].split())
json.dump(note, open(sys.argv[1], 'w'), separators=(',', ':'), sort_keys=True)
PY
refused 'one by another signer than the one pinned' \
	'who is none of the signers named or pinned'
cp cn.json "$held.json"
expect 0 'as it was it counts' bring -n
hold other "s/^next-update: .*/next-update: 2026-11-25/;s/^scheme: .*/scheme: x/"
expect 0 'another that has ended takes nothing away' bring -n
err_has 'and is told' "the trust list held as 'other' does not count"
drop other

# Brought, and proven: whose word it is stands in the attestation.
expect 0 'the certificate is kept' bring
run deed verify-id jaan -n --location Beijing --attest seen --yes \
	--operator-passphrase file:operator.pass
exits 0 'what would be certified'
out_has 'shows what the list says' \
	"trust list 'cn': licensed by cn-esl: Sample CA, licence ECP11011001"
drop cn
hold cn "/Issuing of Sample CA/,\$s/may: .*/may: [seal]/"
expect 7 'a list that says otherwise by then' prove_home jaan
err_has 'is told' 'its authority might not issue for this'
err_has 'with the way out' '--accept-ca '
drop cn
expect 7 'no list at all' prove_home jaan
err_has 'is told' 'no trust list names the CA'
hold cn
expect 0 'a listed CA needs no --accept-ca' prove_home jaan --json
json 'the list is told' .listed.list "sha256:$payload"
attestation=$(jq -r .attestation <"$T/out" | cut -d: -f2)
openssl cms -verify -noverify -inform DER -out attestation.json \
	-in "$DEED_HOME/identity/attestations/$attestation.cms" 2>/dev/null
is 'the attestation says whose word it is' "$(jq -r '[.type, .ca, .list,
	.scheme, .operator, .licence] | join(" ")' attestation.json)" \
	"deed.attestation/2 sha256:$(sha256_of cas/issuing.pem) sha256:$payload \
cn-esl Sample CA ECP11011001"
python3 "$tests/outside_certs.py" crl cas young.crl 1
expect 0 'and it signs' deed sign --as jaan --passphrase file:jaan.pass \
	--detached -o out.p7s terms.txt --crl young.crl
expect 0 'the log and what it names agree' deed audit verify
renew() {
	deed enroll renew jaan --operator-passphrase file:operator.pass "$@"
}
quietly prove_home jaan --days 5
drop cn
expect 7 'once proven by a list, renewed by a list' renew
err_has 'which is told' 'no trust list names the CA'

# By other ways: with its key, and through a CA of the configuration.
hold cn
openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out own.key \
	2>/dev/null
openssl pkey -in own.key -pubout -out own.pub
quietly python3 "$tests/outside_lists.py" leaf cas own.pub own.pem
openssl pkcs12 -export -inkey own.key -in own.pem -passout pass:x -out own.p12
printf x >p12.pass
chmod 600 p12.pass
expect 0 'a certificate that comes with its key' deed enroll person own \
	--name 'Jaan Sample' --email o@example.org --id ee-pno:38001085718 \
	--passphrase file:jaan.pass --pkcs12 own.p12 \
	--import-passphrase file:p12.pass
expect 0 'is proven by the list' prove_home own
out_has 'which is told' "trust list 'cn': licensed"
mkdir -p "$HOME/.config/deed"
cat >"$HOME/.config/deed/config.yaml" <<EOF
cas:
  sample: {protocol: file, tls-ca: $PWD/cas/stranger.pem, anchors: $PWD/cas/stranger.pem}
EOF
ask() {
	deed enroll request house --ca sample \
		--passphrase file:jaan.pass "$@"
}
expect 3 'a CA that is asked by files' ask --csr-out asked.csr
openssl req -in asked.csr -noout -pubkey >house.pub
quietly python3 "$tests/outside_lists.py" leaf cas house.pub house-cert.pem house
expect 0 'and is on the list, not among the anchors' ask \
	--certificate house-cert.pem --json
json 'which is told' .listed.name cn
drop cn

# A European list: of who is qualified, and whose CA it names.
european() {
	rm -f eu.*
	quietly python3 "$tests/outside_lists.py" european cas/issuing.pem eu "$@"
	quietly deed trust import --kind ts119612 --signer eu.pem eu.xml \
		--operator-passphrase file:operator.pass -o eu.p7s
	quietly deed trust add eu.p7s --as eu --list-signer notary.pem
}
european eSignatures
expect 0 'a list of the Union names the CA' bring -n --json
json 'and says no more of the certificate' .listed.is named
json 'the operator is told' .listed.by House
json 'there is no licence' .listed.licence null
quietly python3 "$tests/outside_lists.py" leaf cas jaan.pub cert.pem qualified
expect 0 'a certificate that calls itself qualified' bring -n --json
json 'is qualified' .listed.is qualified
expect 7 'a CA for signatures makes no seals' bring_house -n
drop eu
european eSeals
refused 'nor one for seals signatures' 'its authority might not issue for this'
expect 0 'but seals' bring_house -n
drop eu
european eSignatures gone
refused 'a CA that was withdrawn' 'suspended or had ended then'
