#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Signatures judged after their certificates were revoked and expired: with
# clocks set by argument, and openssl's time-stamp authority.
. "${top_srcdir:-.}/tests/cli/lib.sh"
need openssl jq unzip
. "$top_srcdir/tests/cli/home.sh"
. "$top_srcdir/tests/servers/lib.sh"
need_servers
need_home
pki_make
# shellcheck disable=SC2119 # the present time
tsa_start

wang() {
	deed sign --as wang --passphrase file:wang.pass --tsa "$tsa" \
		--trust "$pki/root.pem" --untrusted "$pki/ca.pem" \
		--crl "$pki/ca.crl" --crl "$pki/root.crl" "$@"
}

# judged WHAT CODE FILE SAID [OPTION ...]: exit code, and the first
# signature's indication, sub-indication and level
judged() {
	what=$1 wanted=$2 file=$3 said=$4
	shift 4
	expect "$wanted" "$what" deed verify --json --trust "$pki/root.pem" \
		--untrusted "$pki/ca.pem" --crl "$pki/ca.crl" \
		--crl "$pki/root.crl" "$@" "$file"
	is 'that is' "$(jq -r '.documents[0].signatures[0] |
		[.indication, .sub_indication, .level] | map(. // "-") |
		join(" ")' "$T/out")" "$said"
}

# a reason of the first signature that says so
reason() {
	is "$1" "$(jq -r '.documents[0].signatures[0].reasons[].message' \
		"$T/out" | grep -c "$2")" 1
}

# ---- today, and tomorrow ----

for level in b t lt lta; do
	expect 0 "a PDF at $level" wang --level $level contract.pdf \
		-o $level.pdf
	expect 0 "a detached signature at $level" \
		wang --level $level --detached terms.txt -o $level.p7s
	expect 0 "a container at $level" wang --level $level terms.txt \
		-o $level.asice
done
deed ca bundle >before.pem
sleep 2
expect 0 'the certificate is revoked' deed ca revoke wang --reason superseded \
	--operator-passphrase file:operator.pass
deed ca bundle >after.pem
tomorrow=$(date -u -d tomorrow +%Y-%m-%dT%H:%M:%SZ)

for file in b.pdf b.p7s b.asice; do
	set --
	[ $file = b.p7s ] && set -- --content terms.txt
	judged "today $file passes by yesterday's list" 0 $file \
		'TOTAL-PASSED - B-B' --trust before.pem "$@"
	judged "tomorrow $file does not, by today's" 3 $file \
		'INDETERMINATE REVOKED_NO_POE B-B' --trust after.pem \
		--at "$tomorrow" "$@"
	reason 'when it was revoked is told' 'was revoked at 2'
	reason 'and what is missing' 'only a time-stamp from before'
done
for file in t.pdf t.p7s t.asice lt.pdf lt.p7s lt.asice lta.pdf lta.p7s \
	lta.asice; do
	level=B-$(echo "${file%.*}" | tr '[:lower:]' '[:upper:]')
	set --
	case $file in
	*.p7s) set -- --content terms.txt ;;
	esac
	judged "$file, stamped before that, passes tomorrow" 0 $file \
		"TOTAL-PASSED - $level" --trust after.pem \
		--at "$tomorrow" "$@"
	reason 'that it does so by proof is told' \
		'was revoked at .* before that'
done

# Stamped after the revocation.
expect 0 'what is stamped too late' deed extend --level t --tsa "$tsa" \
	--trust before.pem b.pdf -o late.pdf
judged 'proves nothing of use' 3 late.pdf 'INDETERMINATE REVOKED_NO_POE B-T' \
	--trust after.pem --at "$tomorrow"
reason 'since when it is proven is told' 'proven to exist since 2'

# A kind of signature that deed does not know, where another was signed.
sed 's,/ETSI.CAdES.detached,/ACME.Other.detached,' b.pdf >other.pdf
judged 'another SubFilter is told' 1 other.pdf 'TOTAL-FAILED HASH_FAILURE none'

# ---- containers ----

# rewrite IN OUT SCRIPT: change the files of a container, a Python dict f
rewrite() {
	/usr/bin/python3 - "$@" <<-'EOS'
		import sys, zipfile
		source, target, script = sys.argv[1:]
		with zipfile.ZipFile(source) as z:
		    f = {n: z.read(n) for n in z.namelist()}
		exec(script)
		with zipfile.ZipFile(target, 'w') as z:
		    for name, data in f.items():
		        z.writestr(name, data)
	EOS
}

# stamped WHAT FILE SAID: exit code and verdict of the first archive
# time-stamp
stamped() {
	run deed verify --json --trust before.pem --trust "$pki/root.pem" \
		--untrusted "$pki/ca.pem" --crl "$pki/ca.crl" \
		--crl "$pki/root.crl" "$2"
	is "$1" "$code $(jq -r 'first(.documents[0].signatures[] |
		select(.kind == "container-timestamp")) |
		[.indication, .sub_indication, .integrity] | map(. // "-") |
		join(" ")' "$T/out")" "$3"
}

manifest=$(unzip -Z1 lta.asice | grep ASiCArchiveManifest)
token=$(unzip -Z1 lta.asice | grep 'tst$')
stamped 'the archive time-stamp passes' lta.asice '0 TOTAL-PASSED - intact'
rewrite lta.asice same.asice ''
stamped 'also where another program packed it' same.asice \
	'0 TOTAL-PASSED - intact'
rewrite lta.asice changed.asice "f['$manifest'] += b' '"
stamped 'an archive manifest that was changed fails' changed.asice \
	'1 TOTAL-FAILED HASH_FAILURE broken'
rewrite lta.asice gone.asice "del f['$token']"
run deed verify --json --trust before.pem gone.asice
is 'one without its time-stamp, too' "$code $(jq -r \
	'.documents[0].signatures[-1].reasons[0].id' "$T/out")" \
	'1 timestamp-missing'
expect 0 'another one is stamped' deed sign --as li \
	--passphrase file:li.pass --level lta --tsa "$tsa" \
	--trust "$pki/root.pem" --untrusted "$pki/ca.pem" \
	--crl "$pki/ca.crl" --crl "$pki/root.crl" annex.csv -o annex.asice
unzip -p annex.asice "$token" >other.tst
rewrite lta.asice swapped.asice "f['$token'] = open('other.tst','rb').read()"
stamped 'a substituted time-stamp fails' swapped.asice \
	'1 TOTAL-FAILED HASH_FAILURE broken'
rewrite lta.asice record.asice "f['META-INF/evidencerecord.ers'] = b'x'"
run deed verify --json --trust before.pem record.asice
is 'an evidence record is told not to be judged' "$(jq -r \
	'.documents[0].signatures[0].reasons[].id' "$T/out" |
	grep -c evidence-record)" 1

# Two signatures, each with a manifest, under one archive time-stamp.
expect 0 'a second party signs the container' deed sign --as li \
	--passphrase file:li.pass lt.asice -o two.asice
expect 0 'both are archived' deed extend --level lta --tsa "$tsa" \
	--trust before.pem --trust "$pki/root.pem" --untrusted "$pki/ca.pem" \
	--crl "$pki/ca.crl" --crl "$pki/root.crl" two.asice -o both.asice
run deed verify --json --trust before.pem --trust "$pki/root.pem" \
	--untrusted "$pki/ca.pem" --crl "$pki/ca.crl" --crl "$pki/root.crl" \
	both.asice
is 'both are B-LTA' "$(jq -r '[.documents[0].signatures[] |
	[.kind, .indication, .level] | join(" ")] | join(", ")' "$T/out")" \
	"signature TOTAL-PASSED B-LTA, signature TOTAL-PASSED B-LTA, \
container-timestamp TOTAL-PASSED none"

# ---- thirty years ----

# renew YEAR END: a new authority, whose clock says so, stamps all
renew() {
	year=$1
	pki_issue tsa tsa "$1"0101000000Z "$2"1231235959Z
	pki_crl "$1"0601000000Z "$1"0701000000Z
	tsa_start --time "$1"0610000000Z
	for file in lta.pdf lta.p7s lta.asice; do
		set --
		[ $file = lta.p7s ] && set -- --content terms.txt
		expect 0 "in $year $file is renewed" deed extend --level lta \
			--tsa "$tsa" --trust before.pem \
			--trust "$pki/root.pem" --untrusted "$pki/ca.pem" \
			--crl "$pki/ca.crl" --crl "$pki/root.crl" \
			--at "$year"-06-10T00:00:00Z "$@" $file -o next.$file
		mv next.$file $file
	done
}

sed -n '/BEGIN CERT/,/END CERT/p' before.pem >roots.pem
renew 2029 2045
renew 2044 2059
pki_crl 20560601000000Z 20560701000000Z
for file in lta.pdf lta.p7s lta.asice; do
	set --
	[ $file = lta.p7s ] && set -- --content terms.txt
	judged "in 2056 $file holds" 0 $file 'TOTAL-PASSED - B-LTA' \
		--trust roots.pem --offline --at 2056-06-10 "$@"
	reason 'and why it does is told' 'today the chain is not good'
	judged 'not without what is known of the last authority' 3 $file \
		'INDETERMINATE OUT_OF_BOUNDS_NO_POE B-LTA' \
		--trust roots.pem --at 2056-08-10 "$@"
	judged 'nor when that has expired' 3 $file \
		'INDETERMINATE OUT_OF_BOUNDS_NO_POE B-LTA' \
		--trust roots.pem --no-revocation --at 2061-06-10 "$@"
done

# What the signer used is broken by then.
cat >broken.yaml <<'END'
name: after.the.break
schemes:
  ecdsa: 2056-01-01
END
judged 'the last authority must not rest upon what is broken' 3 lta.pdf \
	'INDETERMINATE OUT_OF_BOUNDS_NO_POE B-LTA' --trust roots.pem \
	--at 2056-06-10 --policy broken.yaml
is 'the report names the policy' "$(jq -r .policy.name "$T/out")" \
	after.the.break
is 'and its digest' "$(jq -r .policy.sha256 "$T/out")" \
	"sha256:$(sha256sum <broken.yaml | cut -d' ' -f1)"
printf 'name: x\ndigests: {sha1: soon}\n' >bad.yaml
expect 2 'a policy that is none is refused' \
	deed verify --policy bad.yaml lta.pdf
err_has 'naming the line' "'bad.yaml' line 2"
expect 10 'one that is not there as well' \
	deed verify --policy nothing.yaml lta.pdf
