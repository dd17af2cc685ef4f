#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Chains made by openssl: deed, openssl verify and certtool agree on which of
# them hold, but for what GnuTLS is known to let pass.
. "${top_srcdir:-.}/tests/cli/lib.sh"
need openssl certtool jq
openssl ecparam -name prime256v1 -genkey -noout -out key.pem || exit 99

# cert NAME ISSUER SUBJECT LINE...: a certificate with these extensions; all
# have one key, which makes no difference to a path.  Of an ISSUER that is
# "self" a root.
serial=1
cert() {
	file=$1 issuer=$2 subject=$3
	shift 3
	{
		echo '[x]'
		printf '%s\n' "$@"
	} >conf
	serial=$((serial + 1))
	openssl req -new -key key.pem -subj "$subject" -utf8 -out csr \
		2>/dev/null || exit 99
	if [ "$issuer" = self ]; then
		set -- -signkey key.pem
	else
		set -- -CA "$issuer.pem" -CAkey key.pem
	fi
	openssl x509 -req -in csr "$@" -set_serial "$serial" -days 3000 \
		-sha256 -extfile conf -extensions x -out "$file.pem" \
		2>errors || { cat errors; exit 99; }
}
ca='basicConstraints=critical,CA:TRUE'
sign='keyUsage=critical,keyCertSign,cRLSign'
ee='basicConstraints=CA:FALSE'
cert root self /O=Test/CN=root "$ca" "$sign"

# judge WHAT YES|NO RULE LEAF AUTHORITY... [-- LETS-PASS]: what deed says, and
# that openssl and certtool say the same, but for those named at the end.
judge() {
	what=$1 want=$2 rule=$3 leaf=$4
	shift 4
	: >chain.pem
	except=
	while [ $# -gt 0 ]; do
		[ "$1" = -- ] && { except=$2; break; }
		cat "$1.pem" >>chain.pem
		shift
	done
	set -- deed trust path --trust root.pem --json
	[ ! -s chain.pem ] || set -- "$@" --untrusted chain.pem
	run "$@" "$leaf.pem"
	is "deed: $what" "$(jq -r 'if .answer == "trusted" then "yes"
		else "no " + .rule.id end' <"$T/out")" "$want${rule:+ $rule}"
	case $except in
	*openssl*) ;;
	*)
		said=no
		openssl verify -CAfile root.pem -untrusted chain.pem \
			-policy 2.5.29.32.0 "$leaf.pem" >"$T/out" 2>&1 && said=yes
		is "openssl: $what" "$said" "$want"
		;;
	esac
	case $except in
	*certtool*) ;;
	*)
		said=no
		cat "$leaf.pem" chain.pem >whole.pem
		certtool --verify --load-ca-certificate root.pem \
			--infile whole.pem >"$T/out" 2>&1 && said=yes
		is "certtool: $what" "$said" "$want"
		;;
	esac
}

cert inter root /O=Test/CN=inter "$ca" "$sign"
cert leaf inter /O=Test/CN=leaf "$ee"
judge 'a plain chain' yes '' leaf inter
judge 'an authority is missing' no no-anchor leaf

# Path length, and self-issued certificates that do not count.
cert short root /O=Test/CN=short "$ca,pathlen:0" "$sign"
cert deep short /O=Test/CN=deep "$ca" "$sign"
cert under-short short /O=Test/CN=leaf "$ee"
cert under-deep deep /O=Test/CN=leaf "$ee"
judge 'within its length' yes '' under-short short
judge 'longer than allowed' no path-length under-deep deep short

# Who is no authority.
cert noca root /O=Test/CN=noca "$ee"
cert under-noca noca /O=Test/CN=leaf "$ee"
judge 'issued by no authority' no not-an-authority under-noca noca
cert nosign root /O=Test/CN=nosign "$ca" 'keyUsage=critical,cRLSign'
cert under-nosign nosign /O=Test/CN=leaf "$ee"
judge 'issued without keyCertSign' no key-cert-sign under-nosign nosign \
	-- certtool
cert odd inter /O=Test/CN=leaf "$ee" '1.2.3.4=critical,DER:0500'
judge 'an unknown critical extension' no critical-extension odd inter

# Names: each form, permitted and excluded, inside and outside.
n=0
names() {
	n=$((n + 1))
	constraint=$1 name=$2 want=$3 rule=$4
	cert "nc$n" root "/O=Test/CN=nc$n" "$ca" "$sign" \
		"nameConstraints=critical,$constraint"
	cert "named$n" "nc$n" "/O=Test/CN=leaf" "$ee" \
		"subjectAltName=$name"
	judge "$constraint: $name" "$want" "$rule" "named$n" "nc$n" -- "${5:-}"
}
in=permitted-subtree out=excluded-subtree
names 'permitted;DNS:example.org' DNS:example.org yes ''
names 'permitted;DNS:example.org' DNS:a.b.EXAMPLE.org yes ''
names 'permitted;DNS:example.org' DNS:anexample.org no $in
names 'permitted;DNS:example.org' DNS:example.com no $in
names 'excluded;DNS:example.org' DNS:a.example.org no $out
names 'excluded;DNS:example.org' DNS:example.com yes ''
names 'permitted;email:example.org' email:me@example.org yes ''
names 'permitted;email:example.org' email:me@a.example.org no $in
names 'permitted;email:.example.org' email:me@a.example.org yes ''
names 'permitted;email:me@example.org' email:me@example.org yes ''
names 'permitted;email:me@example.org' email:you@example.org no $in
names 'excluded;email:example.org' email:me@example.org no $out
names 'permitted;URI:example.org' URI:https://example.org:1/x yes '' certtool
names 'permitted;URI:.example.org' URI:https://a.example.org/ yes '' certtool
names 'permitted;URI:.example.org' URI:https://example.com/ no $in certtool
names 'excluded;URI:example.org' URI:https://example.org/ no $out
names 'permitted;IP:192.0.2.0/255.255.255.0' IP:192.0.2.7 yes ''
names 'permitted;IP:192.0.2.0/255.255.255.0' IP:192.0.3.7 no $in
names 'excluded;IP:192.0.2.0/255.255.255.0' IP:192.0.2.7 no $out
names 'excluded;IP:192.0.2.0/255.255.255.0' IP:2001:db8::1 yes ''
# A name of another form is not restricted; GnuTLS restricts it.
names 'permitted;DNS:example.org' email:me@example.com yes '' certtool

# directoryName, which GnuTLS passes over.
cert dn root /O=Test/CN=dn "$ca" "$sign" \
	'nameConstraints=critical,permitted;dirName:d' '[d]' 'O=Test' 'OU=In'
cert in-dn dn /O=Test/OU=in/CN=leaf "$ee"
cert out-dn dn /O=Test/OU=Out/CN=leaf "$ee"
judge 'a subject in its subtree, in other case' yes '' in-dn dn
judge 'a subject outside' no $in out-dn dn -- certtool

# Policies.
cert p1 root /O=Test/CN=p1 "$ca" "$sign" 'certificatePolicies=1.2.3.1' \
	'policyConstraints=critical,requireExplicitPolicy:0'
cert p1-leaf p1 /O=Test/CN=leaf "$ee" 'certificatePolicies=1.2.3.1'
cert p2-leaf p1 /O=Test/CN=leaf "$ee" 'certificatePolicies=1.2.3.2'
judge 'the policy that is required' yes '' p1-leaf p1 -- certtool
judge 'another than is required' no policy p2-leaf p1 -- certtool
cert map root /O=Test/CN=map "$ca" "$sign" 'certificatePolicies=1.2.3.1' \
	'policyConstraints=critical,requireExplicitPolicy:0' \
	'policyMappings=1.2.3.1:1.2.3.2'
cert map-leaf map /O=Test/CN=leaf "$ee" 'certificatePolicies=1.2.3.2'
judge 'a policy that was mapped' yes '' map-leaf map -- certtool
cert any root /O=Test/CN=any "$ca" "$sign" \
	'certificatePolicies=2.5.29.32.0' 'inhibitAnyPolicy=critical,0' \
	'policyConstraints=critical,requireExplicitPolicy:0'
cert any-leaf any /O=Test/CN=leaf "$ee" \
	'certificatePolicies=2.5.29.32.0'
judge 'anyPolicy that is inhibited' no policy any-leaf any -- certtool

# What a policy says to those who rely on it.
cert told root /O=Test/CN=told "$ee" 'certificatePolicies=@p' '[p]' \
	'policyIdentifier=1.2.3.9' 'CPS.1=https://example.org/cps' \
	'userNotice.1=@n' '[n]' 'explicitText=UTF8:For tests alone'
run deed trust path --trust root.pem told.pem
exits 0 'qualifiers'
out_has 'the statement' 'about 1.2.3.9: https://example.org/cps'
out_has 'the notice' 'about 1.2.3.9: For tests alone'
run deed trust path --trust root.pem --json told.pem
is 'as JSON' "$(jq -c '[.qualifiers[] | .cps // .notice]' <"$T/out")" \
	'["https://example.org/cps","For tests alone"]'

# Inputs of the user.
run deed trust path --trust root.pem --untrusted map.pem --json \
	--policy 1.2.3.1 map-leaf.pem
is 'the policy is told in the words of the anchor' \
	"$(jq -c '[.answer, .policies]' <"$T/out")" '["trusted",["1.2.3.1"]]'
for option in '--policy 1.2.3.2' --inhibit-policy-mapping; do
	# shellcheck disable=SC2086
	run deed trust path --trust root.pem --untrusted map.pem $option \
		map-leaf.pem
	exits 1 "deed: $option"
done
said=0
openssl verify -CAfile root.pem -untrusted map.pem -inhibit_map \
	map-leaf.pem >"$T/out" 2>&1 || said=1
is 'openssl: -inhibit_map' "$said" 1

# Names that chain though their strings differ in case and spaces.
cert wide root '/O=Test/CN=Wide  Name' "$ca" "$sign"
cert narrow root '/O=TEST/CN= wide name' "$ca" "$sign"
cert under-wide wide /O=Test/CN=leaf "$ee"
judge 'names chain by 7.1' yes '' under-wide narrow -- certtool

# DSA: verified, and weak.
if openssl dsaparam -genkey -noout -out dsa.pem 1024 >/dev/null 2>&1; then
	mv key.pem ec.pem
	cp dsa.pem key.pem
	cert dsa-root self /O=Test/CN=dsa-root "$ca" "$sign"
	cert dsa-leaf dsa-root /O=Test/CN=leaf "$ee"
	run deed trust path --trust dsa-root.pem --json dsa-leaf.pem
	exits 1 'DSA is weak'
	is 'which is the rule' "$(jq -r .rule.id <"$T/out")" weak-algorithm
	expect 0 'and verifies' deed trust path --trust dsa-root.pem \
		--allow-weak dsa-leaf.pem
	openssl dsaparam -genkey -noout -out key.pem 1024 >/dev/null 2>&1
	cert dsa-forged self /O=Test/CN=dsa-root "$ca" "$sign"
	run deed trust path --trust dsa-forged.pem --allow-weak --json \
		dsa-leaf.pem
	exits 1 'by another key it does not'
	is 'which is told' "$(jq -r .rule.id <"$T/out")" signature
	mv ec.pem key.pem
else
	skip DSA 'openssl makes no such keys'
fi
