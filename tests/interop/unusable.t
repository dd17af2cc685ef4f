#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Revocation data that openssl makes and that does not count, or not yet: it
# is told as what it is, and its good neighbours pass.
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/servers/lib.sh"
need_servers
need jq

pki_make
AT=2026-06-15T00:00:00Z
for who in alice bob carol; do
	pki_issue $who
	echo "by $who" >$who.txt
	openssl cms -sign -cades -binary -in $who.txt -signer "$pki/$who.pem" \
		-inkey "$pki/$who.key" -outform DER -out $who.p7s 2>>"$T/pki.log"
done
# Lists of June 2026; what other times are asked for is made beside.
month() { # FROM TO NAME
	pki_crl "$1" "$2" && cp "$pki/ca.crl" "$3.crl"
}
month 20260601000000Z 20260701000000Z june
cp "$pki/root.crl" root.crl
month 20260101000000Z 20260201000000Z january
month 20260616000000Z 20260701000000Z tomorrow
month 20260615000200Z 20260701000000Z skewed

# verify EXIT WHAT WHO OPTION...
verify() {
	code_wanted=$1 what=$2 who=$3
	shift 3
	expect "$code_wanted" "$what" deed verify --at "$AT" \
		--trust "$pki/root.pem" --untrusted "$pki/ca.pem" \
		--crl root.crl --content "$who.txt" "$@" "$who.p7s"
}
# unusable WHAT SAYS OPTION...: TRY_LATER, for this reason
unusable() {
	what=$1 says=$2
	shift 2
	verify 3 "$what" alice "$@"
	out_has "$what: later" TRY_LATER
	out_has "$what: why" "$says"
}

verify 0 'a list that is current' alice --crl june.crl
verify 0 'clocks differ by minutes' alice --crl skewed.crl
unusable 'a list from the future' \
	'not valid before 2026-06-16T00:00:00Z: it is dated after' \
	--crl tomorrow.crl
unusable 'a list that has expired' '2026-02-01T00:00:00Z' --crl january.crl
unusable 'a list of another issuer' \
	"the CRLs at hand are of other issuers than 'Test ca'"
verify 0 'one that counts beside those' alice --crl january.crl \
	--crl tomorrow.crl --crl june.crl

# The same name, and another key: of a stranger, and of the stranger with the
# identifier of the key that is imitated.
imitate() { # NAME CONFIG-LINES...: a list of "Test ca" by another key
	name=$1
	shift
	pki_key stranger
	{
		sed 's/^crl_extensions = .*//' "$pki/openssl.cnf"
	} >stranger.cnf
	openssl req -new -x509 -key "$pki/stranger.key" -days 3000 \
		-config "$pki/openssl.cnf" -subj '/C=UT/O=Testing/CN=Test ca' \
		-extensions x_root -out stranger.pem 2>>"$T/pki.log"
	openssl ca -gencrl -config stranger.cnf -name ca -cert stranger.pem \
		-keyfile "$pki/stranger.key" -crl_lastupdate 20260601000000Z \
		-crl_nextupdate 20260701000000Z "$@" 2>>"$T/pki.log" |
		openssl crl -outform DER -out "$name.crl"
}
imitate bare
unusable 'a list by another key' 'its signature does not verify' \
	--crl bare.crl
imitate named -crlexts crl_ca
unusable 'which it names' 'with another key (authorityKeyIdentifier)' \
	--crl named.crl
# One octet of the signature.
cp june.crl broken.crl
printf '\000' | dd of=broken.crl bs=1 conv=notrunc 2>/dev/null \
	seek=$(($(wc -c <broken.crl) - 1))
cmp -s june.crl broken.crl && printf '\001' |
	dd of=broken.crl bs=1 conv=notrunc seek=$(($(wc -c <broken.crl) - 1)) \
		2>/dev/null
unusable 'a list that was changed' 'its signature does not verify' \
	--crl broken.crl

# An authority that may not sign lists, and signs one.
sed -i 's/^\(keyUsage = critical,keyCertSign\),cRLSign/\1/' "$pki/openssl.cnf"
cp "$pki/ca.pem" ca-right.pem
pki_sign root ca subca 20200101000000Z 20591231235959Z
verify_with() { # like verify, by the authority's certificate as it is now
	expect 3 "$1" deed verify --at "$AT" --trust "$pki/root.pem" \
		--untrusted "$pki/ca.pem" --crl root.crl --crl june.crl \
		--content alice.txt alice.p7s
}
verify_with 'an authority without cRLSign'
out_has 'without cRLSign: why' 'keyUsage without cRLSign'
cp ca-right.pem "$pki/ca.pem"

# ---- responders ----
answer() { # NAME OPTION...
	name=$1
	shift
	openssl ocsp -index "$pki/ca.index" -CA "$pki/ca.pem" \
		-rsigner "$pki/ocsp.pem" -rkey "$pki/ocsp.key" \
		-issuer "$pki/ca.pem" -cert "$pki/alice.pem" \
		-respout "$name.ors" "$@" >>"$T/pki.log" 2>&1
}
ask() { # EXIT WHAT SECONDS NAME
	expect "$1" "$2" deed verify --at "$(date -u -d "@$(($(date +%s) + $3))" \
		+%Y-%m-%dT%H:%M:%SZ)" --trust "$pki/root.pem" \
		--untrusted "$pki/ca.pem" --crl now-root.crl \
		--content alice.txt --ocsp "$4.ors" alice.p7s
}
pki_crl 20260101000000Z 20280101000000Z
cp "$pki/root.crl" now-root.crl
answer good -ndays 3
ask 0 'a responder that knows' 60 good
ask 0 'whose clock is ahead by minutes' -200 good
ask 3 'whose clock is ahead by an hour' -3600 good
out_has 'which is told' 'an OCSP response is not valid before'
out_has 'as the future' 'dated after the time of judging'
# It knows nobody, as its list of certificates is another.
: >empty.index
answer unknown -ndays 3 -index empty.index
ask 3 'a responder that does not know' 60 unknown
out_has 'says so' 'the OCSP responder does not know the certificate'
answer unknown-self -ndays 3 -index empty.index -rsigner "$pki/ca.pem" \
	-rkey "$pki/ca.key"
ask 3 'nor does the issuer itself' 60 unknown-self
out_has 'which is told too' 'does not know the certificate'

# ---- entries dated ahead ----
pki_revoke bob keyCompromise 20260801000000Z
month 20260601000000Z 20260701000000Z ahead
verify 0 'revoked from later on' bob --crl ahead.crl
out_has 'with the time' 'listed as revoked from 2026-08-01T00:00:00Z on'
verify 0 'the same as JSON' bob --crl ahead.crl --json
is 'and its id' "$(jq -r '.documents[0].signatures[0].reasons[].id' \
	<"$T/out")" revocation-ahead
verify 0 'not a word of another' alice --crl ahead.crl
is 'in its report' "$(grep -c 'listed as revoked' "$T/out")" 0
pki_crl 20260701000000Z 20260901000000Z
AT=2026-08-02
cp "$pki/root.crl" root.crl
verify 3 'and then it is revoked' bob --crl "$pki/ca.crl"
out_has 'as it says' REVOKED_NO_POE
AT=2026-06-15

# Who runs ahead with a revocation is heard; nobody is brought back.
pki_revoke carol keyCompromise 20260101000000Z
month 20260616000000Z 20260701000000Z early
verify 3 'revoked, by a list from the future' carol --crl early.crl --json
revocation() {
	is "$1" "$(jq -r '.documents[0].signatures[0] |
		.sub_indication + " " + .revocation' <"$T/out")" "$2"
}
revocation 'says that it is revoked' 'REVOKED_NO_POE revoked'
verify 3 'also beside a list that is current' carol --crl early.crl \
	--crl june.crl --json
revocation 'says so, too' 'REVOKED_NO_POE revoked'
AT=2024-06-15
verify 3 'before there was a certificate' alice --crl june.crl --json
revocation 'the lists say nothing' 'OUT_OF_BOUNDS_NO_POE unknown'
AT=2026-06-15

# ---- trust path ----
# Whoever gives revocation data demands it, as with deed verify.
trust_path() { # EXIT WHAT OPTION...
	code_wanted=$1 what=$2
	shift 2
	expect "$code_wanted" "$what" deed trust path --at "$AT" \
		--trust "$pki/root.pem" --untrusted "$pki/ca.pem" "$@"
}
pki_crl 20260601000000Z 20260701000000Z
cp "$pki/root.crl" root.crl
trust_path 0 'nothing is given, nothing demanded' "$pki/alice.pem"
out_has 'that is said' 'is not known: there is no CRL'
trust_path 0 'all that is demanded is there' --crl root.crl --crl june.crl \
	"$pki/alice.pem"
trust_path 3 'one list is not' --crl june.crl "$pki/alice.pem"
trust_path 3 'nor the other' --crl root.crl "$pki/alice.pem"
out_has 'which is of others' "of other issuers than 'Test ca'"
trust_path 3 'an answer alone' --ocsp good.ors "$pki/alice.pem"
trust_path 0 'lists that are trusted demand nothing' --trust root.crl \
	"$pki/alice.pem"

# What does not count and lists the certificate keeps it from being trusted.
pki_revoke alice certificateHold 20260101000000Z
month 20260110000000Z 20260201000000Z held
trust_path 0 'an old list without it' --trust january.crl "$pki/alice.pem"
trust_path 3 'an old list with it on hold' --trust held.crl "$pki/alice.pem"
out_has 'which is told' 'a CRL that lists the certificate as revoked expired'
trust_path 0 'unless a newer one counts' --trust held.crl --trust root.crl \
	--trust june.crl "$pki/alice.pem"
imitate liar
trust_path 3 "a stranger's list with it" --trust liar.crl "$pki/alice.pem"
out_has 'which is told too' 'lists the certificate as revoked is not signed'
trust_path 0 'and without it' --trust bare.crl "$pki/alice.pem"
