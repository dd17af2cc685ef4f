#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# deed verify --report: several in one run, the same bytes anywhere; and every
# form of --require.
. "${top_srcdir:-.}/tests/cli/lib.sh"
need jq

pki=$data/pki
cat "$pki/root.crt" "$pki/root.crl" "$pki/inter.crl" >house.pem
cp "$pki/content.txt" "$pki"/*.p7s "$data/contract.pdf" .
verify() {
	deed verify --at=2026-06-01T00:00:00Z --trust house.pem \
		--content content.txt "$@"
}

# Five in one run; the verdict's exit code and standard output are untouched.
verify p256.p7s rsa.p7s >plain
expect 0 'five reports' verify --report junit=a.xml --report sarif=a.sarif \
	--report tap=a.tap --report html=a.html --report github p256.p7s rsa.p7s
check 'standard output is as without them' cmp "$T/out" plain
out_lacks 'there is no annotation in it' ::
err_has 'annotations are on standard error' \
	'::notice file=p256.p7s,title=signature (p256)::TOTAL-PASSED'
for file in a.xml a.sarif a.tap a.html; do
	check "$file is there" test -s $file
done
run verify -q --report tap=q.tap p256.p7s rsa.p7s
check 'nor does -q change it' cmp "$T/out" plain
err_empty 'and says nothing'
run verify --json --report tap=j.tap p256.p7s rsa.p7s
check 'with --json there is one object' \
	jq -e '.schema == "deed.verify/1"' "$T/out"
check 'and the same report' cmp j.tap a.tap
check 'as with -q' cmp q.tap a.tap

# The same bytes in any time zone, with any number of jobs, at any hour.
for format in junit sarif tap html github; do
	run env TZ=Asia/Shanghai LC_ALL=C deed verify --jobs 1 \
		--at=2026-06-01T08:00:00+08:00 --trust house.pem \
		--content content.txt --report $format=one.$format \
		p256.p7s rsa.p7s contract.pdf
	run env TZ=America/New_York deed verify --jobs 4 \
		--at=2026-06-01T00:00:00Z --trust house.pem \
		--content content.txt --report $format=two.$format \
		p256.p7s rsa.p7s contract.pdf
	exits 4 "$format: a document without a signature"
	check "$format is the same bytes" cmp one.$format two.$format
done
check 'which TAP tells' grep -q '^not ok 3 - contract.pdf: NO-SIGNATURE' \
	one.tap

# Nothing is overwritten unless asked; nothing is left after a mistake.
run verify --report tap=a.tap p256.p7s
exits 7 'a report that exists'
err_has 'with the remedy' --force
expect 0 'is overwritten with --force' verify --force --report tap=a.tap \
	p256.p7s
is 'whole' "$(grep -c ^ok a.tap)" 1
for bad in tap junit= =x pdf=x tap:x TAP=x github= ''; do
	run verify --report "$bad" p256.p7s
	exits 2 "--report '$bad'"
done
run verify --report tap=same --report html=same p256.p7s
exits 2 'two reports in one file'
absent 'and none is made' same
run verify --revision 1 -o r.pdf --report tap=r.tap contract.pdf
exits 2 'a report of no verdict'
absent 'is not made' r.tap
run verify --report tap=none/x.tap p256.p7s
exits 10 'a folder that is not there'
echo x >>p256.p7s
run verify --report tap=none/x.tap --require count=1 contract.pdf
exits 1 'a verdict of no outweighs it'
err_has 'and both are told' none/x.tap
cp "$pki/p256.p7s" .

# What is required, met and not.
met() {
	expect 0 "met: $1" verify --require "$1" "${2:-rsa.p7s}"
}
unmet() {
	expect 1 "not met: $1" verify --require "$1" "${2:-rsa.p7s}"
	is 'it is the headline' "$(head -n 1 "$T/out")" \
		"${2:-rsa.p7s}: REQUIREMENT NOT MET: $1"
}
met organisation=Test
met 'organisation=  TEST '
unmet organisation=Tes
unmet organisation=Other
unmet identifier=Test
met level=B
met level=b-b
unmet level=T
unmet level=B-LTA
met "issuer=$pki/inter.crt"
met "issuer=$pki/root.crt"
unmet "issuer=$pki/other.crt"
unmet "issuer=$pki/rsa.crt"
met count=2 two.p7s
unmet count=3 two.p7s
met signers=2 two.p7s
unmet signers=2
unmet signers=3 two.p7s
for bad in level=X level= level=B- organisation= identifier= issuer= count=0 \
	count=-1 count=2x signer= name=x count signers=0 signers=x; do
	expect 2 "--require '$bad'" verify --require "$bad" rsa.p7s
done
expect 10 'a certificate that is not there' verify --require issuer=none \
	rsa.p7s
run verify --require count=3 --require organisation=Acme \
	--report junit=unmet.xml rsa.p7s
exits 1 'unmet is no'
check 'a case of its own in JUnit' \
	grep -q 'name="REQUIREMENT NOT MET: organisation=Acme"' unmet.xml

# The headline, in every format; a time zone and a locale change no byte.
for format in junit sarif tap html github; do
	run verify --require count=3 --require organisation=Acme \
		--report $format=un.$format rsa.p7s contract.pdf
	exits 1 "$format: unmet is no"
	run env TZ=Pacific/Auckland LC_ALL=C LANG=C deed verify --jobs 1 \
		--at=2026-06-01T02:00:00+02:00 --trust house.pem \
		--content content.txt --require count=3 \
		--require organisation=Acme --report $format=un2.$format \
		rsa.p7s contract.pdf
	check "$format: the same bytes elsewhere" cmp un.$format un2.$format
	has "$format: it is told" un.$format 'REQUIREMENT NOT MET: count=3'
done
headline='REQUIREMENT NOT MET: count=3, organisation=Acme'
has 'TAP: at the point' un.tap "not ok 1 - rsa.p7s: $headline"
has 'TAP: beside what else is amiss' un.tap \
	"not ok 2 - contract.pdf: NO-SIGNATURE, $headline"
has 'JUnit: a property of the suite' un.junit \
	"<property name=\"headline\" value=\"$headline\"/>"
check 'SARIF: of the artifact' jq -e --arg text "$headline" \
	'.runs[0].artifacts[0].properties.headline == $text' un.sarif
check 'SARIF: of the run' jq -e '.runs[0].properties.headline ==
	"0 passed, 2 without what is required"' un.sarif
has 'HTML: as the badge' un.html 'Requirement not met'
is 'GitHub: first' "$(head -n 1 un.github)" \
	'::error file=rsa.p7s,title=REQUIRE::REQUIREMENT NOT MET: count=3'
run verify --json --require count=3 --require organisation=Acme rsa.p7s
json 'JSON: a member of the document' '.documents[0].headline' "$headline"
if command -v xmllint >/dev/null; then
	check 'JUnit parses' xmllint --noout un.junit
else
	skip 'JUnit parses' 'xmllint is not installed'
fi
check 'SARIF parses' jq -e '.version == "2.1.0"' un.sarif
if command -v prove >/dev/null; then
	# prove knows TAP 13, which has all of this.
	sed '1s/14/13/' un.tap >un13.tap
	run prove --exec cat un13.tap
	out_lacks 'TAP parses' 'Parse errors'
	out_has 'and all points are read' 'Tests=2'
else
	skip 'TAP parses' 'prove is not installed'
fi
