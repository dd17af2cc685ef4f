#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# deed verify --require qualified: a European list, through the command.
. "${top_srcdir:-.}/tests/cli/lib.sh"
need openssl python3 jq
. "$top_srcdir/tests/cli/home.sh"
. "$top_srcdir/tests/servers/lib.sh"
need_servers
need_home
pki_make
# shellcheck disable=SC2119 # the present time
tsa_start
quietly python3 "$test_dir/qualified_list.py" made
import() { # NAME [OPTION]...
	name=$1
	shift
	deed trust import "made/$name.xml" --kind ts119612 -q \
		--signer made/scheme.pem \
		--operator-passphrase file:operator.pass -o "$name.p7s" "$@"
}
for name in list others few against; do
	quietly import $name --at 2026-11-20
done
expect 7 'a list that has ended' import ended --at 2026-06-01T00:00:01Z
err_has 'is not imported' 'ended at 2026-06-01T00:00:00Z'
quietly import ended --at 2026-06-01
deed key show office --pem >office.pem
verify() { # LIST [OPTION]...
	list=$1
	shift
	deed verify --trust-list "$list.p7s" --list-signer office.pem \
		--trust made/cas.pem --no-revocation --content made/content "$@"
}

# ---- every rule, and the seconds of every change ----
tab=$(printf '\t')
told='.documents[0].signatures[0].qualification |
	[.is, .why // "null", (.for | join(" ") | if . == "" then "-" else . end),
	.device // "null"] | join(" ")'
while IFS=$tab read -r what signer at wanted answer why purpose device; do
	run verify list --require qualified --at "$at" --json \
		"made/$signer.p7s"
	exits "$wanted" "$what: at $at"
	is "$what: $answer" "$(jq -r "$told" <"$T/out")" \
		"$answer $why $purpose $device"
done <made/cases.tsv

# ---- lists that cannot say ----
reason() {
	json "$1" '.documents[0].signatures[0].reasons[-1].id' "$2"
}
expect 3 'a list of another scheme' verify others --require qualified --json \
	made/esign.p7s
reason 'is told' trust-list-scheme
json 'and qualifies nobody' '.documents[0].signatures[0].qualification.why' \
	other-scheme
expect 0 'its last second' verify ended --require qualified \
	--at 2026-06-01T00:00:00Z made/esign.p7s
expect 3 'the second after it' verify ended --require qualified --json \
	--at 2026-06-01T00:00:01Z made/esign.p7s
reason 'is told, too' trust-list-ended
expect 3 'services that contradict each other' verify list --json \
	--require qualified made/two.p7s
reason 'are told' qualification-unknown
expect 3 'lists that contradict each other' verify list --json \
	--trust-list against.p7s --require qualified made/esign.p7s
reason 'are told, too' trust-lists-contradict
expect 1 'one of them alone' verify against --require qualified \
	made/esign.p7s
expect 0 'a list that names him not outvotes nobody' verify few \
	--trust-list list.p7s --require qualified made/esign.p7s
expect 3 'one that has ended leaves it open' verify list --json \
	--trust-list ended.p7s --require qualified made/esign.p7s
reason 'as it tells' trust-list-ended
openssl cms -sign -binary -cades -nocerts -in made/content -signer \
	made/esign.pem -inkey made/leaf.key -outform DER -out nobody.p7s
expect 3 'a signer without a certificate' verify list --require qualified \
	--json nobody.p7s
reason 'is nobody' signer-unknown
for signer in scheme CA-esign esign; do
	expect 3 "nor is $signer believed" deed verify --trust-list list.p7s \
		--list-signer "made/$signer.pem" --require qualified \
		--content made/content made/esign.p7s
done
expect 0 'without a requirement it informs' verify list made/no-claim.p7s \
	made/esign.p7s

# ---- PDFs, signed and sealed by parties with such certificates ----
empty_crl made/CA-soon.pem made/ca.key soon.crl
cat made/CA-soon.pem soon.crl >anchors.pem
secret_file key.pass 'the passphrase of a file'
for who in jaan house; do
	secret_file $who.pass "the passphrase of $who"
	openssl pkcs12 -export -inkey made/leaf.key -in made/$who.pem \
		-certfile made/CA-soon.pem -passout file:key.pass -out $who.p12
done
enroll() {
	deed enroll "$@" --anchors anchors.pem --pkcs12 "$2.p12" \
		--import-passphrase file:key.pass --passphrase "file:$2.pass"
}
quietly enroll person jaan --name 'Jaan Sample' --email j@example.org \
	--id ee-pno:38001085718
quietly enroll org house --name 'Seal House' --email s@example.org \
	--id etsi-legal:VATDE-203620884
soon=$(sha256_of made/CA-soon.pem)
by() { # PARTY [OPTION]...
	who=$1
	shift
	deed sign --as "$who" --passphrase "file:$who.pass" --crl soon.crl \
		-q "$@"
}
for who in jaan house; do
	quietly prove_home $who --accept-ca "sha256:$soon"
	quietly by $who contract.pdf -o $who.pdf
	quietly by $who --level t --tsa "$tsa" --trust "$pki/root.pem" contract.pdf \
		-o $who-t.pdf
done
pdf() { # OPTION... FILE
	deed verify --trust-list list.p7s --list-signer office.pem \
		--trust "$pki/root.pem" --no-revocation --require qualified \
		--json "$@"
}
for who in jaan house; do
	[ $who = jaan ] && for=signatures || for=seals
	expect 0 "$who is qualified" pdf $who.pdf
	json "$who: for $for" \
		'.documents[0].signatures[0].qualification.for[0]' $for
	expect 0 "$who, with a time-stamp of nobody listed" pdf $who-t.pdf
	# Three days on the licence has ended; a time-stamp tells when.
	then=$(date -u -d '+3 days' +%Y-%m-%dT%H:%M:%SZ)
	expect 1 "$who, withdrawn since" pdf --at "$then" $who.pdf
	expect 0 "$who, and signed before" pdf --at "$then" $who-t.pdf
done
expect 1 'one of two' pdf --at "$then" jaan-t.pdf house.pdf
quietly deed extend --level lta --tsa "$tsa" --trust "$pki/root.pem" \
	--trust made/CA-soon.pem --crl "$pki/ca.crl" --crl "$pki/root.crl" \
	--crl soon.crl --untrusted "$pki/ca.pem" -o lta.pdf jaan-t.pdf
expect 0 'a time-stamp on the document is not asked' pdf lta.pdf
json 'which is there' '[.documents[0].signatures[].kind] | join(" ")' \
	'signature document-timestamp'

# ---- nobody judges his own authority, in whatever form ----
quietly python3 "$test_dir/qualified_list.py" own "$PWD/house.pem"
deed trust import own/own.xml --kind ts119612 -q --signer own/own.pem \
	--operator-passphrase file:operator.pass -o own.p7s --at 2026-11-20
quietly deed sign --as wang -q --passphrase file:wang.pass contract.pdf \
	-o wang.pdf
mine() {
	expect "$1" "$2" deed verify --trust-list "$3" --json \
		--list-signer office.pem --list-signer made/esign.pem \
		--no-revocation --require qualified wang.pdf
}
mine 3 'a European list of the own house' own.p7s
reason 'is told as what it is' self-asserted
quietly deed sign --as jaan --passphrase file:jaan.pass --crl soon.crl -q \
	--counter-sign own.p7s -o both.p7s
mine 0 'counter-signed by somebody who was named' both.p7s

# ---- genuine signatures, by genuine lists ----
corpus=${DEED_CORPUS:-}
if [ ! -d "$corpus/trust-lists" ] || [ ! -d "$corpus/dss" ]; then
	skip 'lists and signatures of others' 'DEED_CORPUS is not set'
	exit
fi
quietly python3 "$test_dir/trust_list_signers.py" "$corpus/trust-lists"
for nation in be cz hu; do
	quietly deed trust import "$corpus/trust-lists/$nation.xml" -q \
		--kind ts119612 --signer $nation.pem --at 2024-01-01 \
		--operator-passphrase file:operator.pass -o $nation.p7s
done
while read -r nation file at wanted words; do
	run deed verify --trust-list "$nation.p7s" --list-signer office.pem \
		--no-revocation --require qualified --at "$at" --json \
		"$corpus/dss/dss-pades/validation/$file"
	exits "$wanted" "'$file' at $at, by $nation"
	is 'and what is told' "$(jq -r "$told" <"$T/out")" "$words"
done <<'EOF'
hu pades-ocsp-sign-cert.pdf 2019-02-01 0 qualified null signatures yes
hu pades-ocsp-sign-cert.pdf 2024-01-01 0 qualified null signatures yes
be pades-ocsp-sign-cert.pdf 2024-01-01 1 not not-listed - null
hu Signature-P-HU_POL-7.pdf 2019-12-01 0 qualified null seals no
hu DSS-3298.pdf 2023-12-20 0 qualified null seals no
be pdf-with-vri-timestamp.pdf 2019-03-15 0 qualified null signatures yes
be PAdESWithCrossCertificateOCSP.pdf 2020-03-01 0 qualified null signatures yes
be pades-multiple-pages-annots-overlap.pdf 2016-06-30T21:59:59Z 1 qualified null signatures no
be pades-multiple-pages-annots-overlap.pdf 2016-06-30T22:00:00Z 1 not not-qualified - null
be pades-multiple-pages-annots-overlap.pdf 2016-12-14T21:59:59Z 1 not not-qualified - null
be pades-multiple-pages-annots-overlap.pdf 2016-12-14T22:00:00Z 1 not not-licensed - null
cz evidence-record/PAdES_with_er.pdf 2024-12-21 3 unknown list-ended - null
cz evidence-record/PAdES_with_er.pdf 2024-04-10T08:30:07Z 3 unknown list-ended - null
EOF
