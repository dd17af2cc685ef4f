#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Revocation data that openssl makes: from files, and fetched from loopback.
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/servers/lib.sh"
need_servers

pki_make
# shellcheck disable=SC2119
ocsp_start
crl_serve
for who in alice bob carol; do
	pki_issue $who
	echo "by $who" >$who.txt
	openssl cms -sign -cades -binary -in $who.txt -signer "$pki/$who.pem" \
		-inkey "$pki/$who.key" -outform DER -out $who.p7s 2>>"$T/pki.log"
done
pki_revoke bob keyCompromise 20261001000000Z
trust="--trust $pki/root.pem"
verify() { # EXIT WHAT NAME OPTION...
	code_wanted=$1 what=$2 name=$3
	shift 3
	# shellcheck disable=SC2086 # options
	expect "$code_wanted" "$what" deed verify $trust --content "$name.txt" \
		"$@" "$name.p7s"
}

# ---- from files ----
verify 3 'without its issuer' alice
out_has 'it is said' 'NO_CERTIFICATE_CHAIN_FOUND'
verify 3 'without revocation data' alice --untrusted "$pki/ca.pem"
out_has 'it is said' TRY_LATER
out_has 'and what would bring it' '--online'
files="--untrusted $pki/ca.pem --crl $pki/root.crl"
# shellcheck disable=SC2086
{
	verify 0 'a CRL in DER' alice $files --crl "$pki/ca.crl"
	verify 0 'a CRL in PEM' alice $files --crl "$pki/ca.crl.pem"
	verify 3 'the other CRL' alice --untrusted "$pki/ca.pem" \
		--crl "$pki/ca.crl"
	verify 3 'a revoked certificate' bob $files --crl "$pki/ca.crl"
	out_has 'it is said' REVOKED_NO_POE
	out_has 'with its time' 2026-10-01T00:00:00Z
	out_has 'and reason' keyCompromise
}

ocsp_answer() { # NAME OUT OPTION...
	name=$1 out=$2
	shift 2
	openssl ocsp -index "$pki/ca.index" -CA "$pki/ca.pem" \
		-rsigner "$pki/ocsp.pem" -rkey "$pki/ocsp.key" \
		-issuer "$pki/ca.pem" -cert "$pki/$name.pem" -ndays 3 \
		-respout "$out" "$@" >>"$T/pki.log" 2>&1
}
ocsp_answer alice alice.ors
ocsp_answer alice self.ors -rsigner "$pki/ca.pem" -rkey "$pki/ca.key"
ocsp_answer alice stranger.ors -rsigner "$pki/carol.pem" \
	-rkey "$pki/carol.key"
ocsp_answer alice bare.ors -resp_no_certs
ocsp_answer alice bykey.ors -resp_key_id
ocsp_answer bob bob.ors
{
	echo '-----BEGIN OCSP RESPONSE-----'
	base64 <alice.ors
	echo '-----END OCSP RESPONSE-----'
} >alice.pem
# shellcheck disable=SC2086
{
	verify 0 'an OCSP response' alice $files --ocsp alice.ors
	verify 0 'of the issuer itself' alice $files --ocsp self.ors
	verify 0 'by key' alice $files --ocsp bykey.ors
	verify 0 'in PEM' alice $files --ocsp alice.pem
	verify 3 'of a stranger' alice $files --ocsp stranger.ors
	out_has 'it is said' 'may answer for the issuer'
	verify 3 'without its certificate' alice $files --ocsp bare.ors
	verify 0 'which is at hand' alice $files --ocsp bare.ors \
		--untrusted "$pki/ocsp.pem"
	verify 3 'about another' alice $files --ocsp bob.ors
	verify 3 'revoked by OCSP' bob $files --ocsp bob.ors
	out_has 'it is said' REVOKED_NO_POE
	verify 3 'an old one' alice $files --ocsp alice.ors --at 2027-12-01
	head -c 200 alice.ors >cut.ors
	verify 5 'a cut one' alice $files --ocsp cut.ors
}

# ---- from the network ----
verify 0 'online' alice --online -v
err_has 'the issuer is fetched' "GET $front/ca.cer"
err_has 'OCSP is asked' "POST $front/ocsp"
err_has 'the CRL of the root is fetched' "GET $front/root.crl"
is 'but not that of the CA' "$(grep -c "GET $front/ca.crl" "$T/err")" 0
verify 3 'revoked, online' bob --online
out_has 'it is said' REVOKED_NO_POE
out_has 'with its time' 2026-10-01T00:00:00Z
verify 0 'with a nonce' alice --online --ocsp-nonce
verify 2 'a nonce without the network' alice --ocsp-nonce
verify 2 'online and offline' alice --online --offline
verify 3 'nothing is fetched unasked' alice -v
is 'not one' "$(grep -c http "$T/err")" 0

: >"$T/front.log"
# shellcheck disable=SC2086
expect 1 'a batch' deed verify $trust --online --content alice.txt \
	alice.p7s alice.p7s bob.p7s alice.p7s carol.p7s
is 'the issuer is fetched once' "$(front_requests 'ca.cer')" 1
is 'its CRL is too' "$(front_requests 'root.crl')" 1

: >"$T/front.log"
# shellcheck disable=SC2086
expect 0 'a batch by many' deed verify $trust --online --content alice.txt \
	--jobs 4 alice.p7s alice.p7s alice.p7s alice.p7s alice.p7s alice.p7s
is 'the issuer is fetched once' "$(front_requests 'ca.cer')" 1
is 'it is asked once' "$(front_requests 'POST')" 2

# Without OCSP the CRL does.
mv "$pki/ocsp.key" "$pki/ocsp.gone"
verify 0 'a responder that fails' alice --online -v
err_has 'then the CRL' "GET $front/ca.crl"
verify 3 'and revokes' bob --online
out_has 'it is said' REVOKED_NO_POE
mv "$pki/ocsp.gone" "$pki/ocsp.key"

# Whoever builds chains fetches too, if asked.
# shellcheck disable=SC2086
{
	expect 0 'a path' deed trust path $trust --online \
		--require-revocation "$pki/alice.pem"
	expect 1 'a revoked one' deed trust path $trust --online \
		--require-revocation "$pki/bob.pem"
	expect 3 'not unasked' deed trust path $trust "$pki/alice.pem"
	expect 2 'online and offline' deed trust path $trust --online \
		--offline "$pki/alice.pem"
	tsa_start
	expect 0 'what level LT takes is fetched' deed extend --level lt \
		$trust --tsa "$tsa" --content alice.txt alice.p7s -o lt.p7s
	cp alice.txt lt.txt
	verify 0 'and needs nothing else' lt
	out_has 'at its level' B-LT
	expect 7 'a revoked one is not raised' deed extend --level lt $trust \
		--tsa "$tsa" --content bob.txt bob.p7s -o bob-lt.p7s
}

# The home keeps what was fetched, for those who believe it.
. "$top_srcdir/tests/cli/home.sh"
need_home
front_log() { wc -l <"$T/front.log"; }
verify 0 'online, with the home' alice --trust home --online
check 'the cache is made' test -d "$DEED_HOME/trust/cache"
before=$(front_log)
verify 0 'again' alice --trust home --online
is 'nothing more is fetched' "$(front_log)" "$before"
front_stop
verify 0 'without the network' alice --trust home --online
verify 0 'and without asking for it' alice --trust home
verify 3 'not without the home' alice --online
err_has 'and says what failed' "$front/ca.cer"
for f in "$DEED_HOME"/trust/cache/*; do
	echo rubbish >"$f"
done
verify 3 'a damaged cache' alice --trust home

# Where both can tell, openssl and deed agree.
seconds() { date -u -d "$1" +%s; }
agree() { # WHAT CERTIFICATE DAY CRL...
	what=$1 who=$2 day=$3
	shift 3
	set -- "$@" "$pki/root.crl.pem"
	cat "$@" >lists.pem
	run openssl verify -crl_check_all -attime "$(seconds "$day")" \
		-CAfile "$pki/root.pem" -untrusted "$pki/ca.pem" \
		-CRLfile lists.pem "$pki/$who.pem"
	openssl_says=$code
	# shellcheck disable=SC2086
	run deed trust path $trust --untrusted "$pki/ca.pem" --crl lists.pem \
		--require-revocation --at "$day" "$pki/$who.pem"
	deed_says=$code
	is "$what" "$((openssl_says == 0)) $((deed_says == 0))" "$want $want"
}
pki_crl 20260101000000Z 20270101000000Z
want=1
agree 'good: both say so' alice 2026-06-01 "$pki/ca.crl.pem"
want=0
agree 'revoked: both say so' bob 2026-12-01 "$pki/ca.crl.pem"
agree 'an expired list: neither takes it' alice 2027-06-01 "$pki/ca.crl.pem"
agree 'a list of later: neither takes it' alice 2025-06-01 "$pki/ca.crl.pem"
agree 'no list: neither guesses' alice 2026-06-01
sed '3s/./A/20' "$pki/ca.crl.pem" >broken.pem
if openssl crl -in broken.pem -noout 2>/dev/null; then
	agree 'a changed list: neither takes it' alice 2026-06-01 broken.pem
else
	skip 'a changed list' 'openssl does not read it'
fi
pki_revoke ca cACompromise
pki_crl 20260101000000Z 20270101000000Z
agree 'a revoked authority: both say so' alice 2026-12-01 "$pki/ca.crl.pem"
check 'the entries are those that openssl shows' sh -c \
	'openssl crl -in "$0" -noout -text | grep -q "Key Compromise"' \
	"$pki/ca.crl.pem"
