#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# NIST PKITS: every case that the corpus has is judged, and where it is to
# fail, by the rule that its description names (tests/data/pkits.tsv).
. "${top_srcdir:-.}/tests/cli/lib.sh"
need jq
need_corpus
tab=$(printf '\t')
pkits=$DEED_CORPUS/pyhanko/nist_pkits
# The suite's certificates are of 2010 to 2030.
AT=2026-06-01T00:00:00Z
cut_off=260

# The corpus says which files belong to a case and what is asked of it.
awk -F "$tab" '$2 == "pkits" { print $1 "|" $3 "|" $5 }' \
	"$DEED_CORPUS/expect.tsv" >rows
check 'the corpus has cases' test -s rows

# A member of the note: others, crls, params.
member() {
	printf '%s\n' "$note" | sed -n "s/.*$1=\\([^ ]*\\).*/\\1/p" | tr , ' '
}
flag() {
	printf '%s\n' "$note" | grep -q "\"$1\": true"
}

right=0
whole=0
total=0
while IFS="|" read -r file verdict note; do
	name=$(basename "$file" EE.crt)
	set -- --trust "$pkits/certs/TrustAnchorRootCertificate.crt" \
		--trust "$pkits/crls/TrustAnchorRootCRL.crl" \
		--allow-weak --at "$AT" --json
	for other in $(member others); do
		set -- "$@" --untrusted "$pkits/certs/$other"
	done
	# A long note is cut off in the corpus, and then the lists that it
	# would name last are not there: such a path is judged without.  Lists
	# by --crl would demand all of them.
	lists=1
	for crl in $(member crls); do
		if [ -f "$pkits/crls/$crl" ]; then
			set -- "$@" --trust "$pkits/crls/$crl"
		else
			lists=0
		fi
	done
	if [ "$lists" -eq 1 ] && [ ${#note} -lt "$cut_off" ]; then
		set -- "$@" --require-revocation
		whole=$((whole + 1))
	fi
	arcs=
	for oid in $(printf '%s\n' "$note" |
		grep -o '2\.16\.840\.1\.101\.3\.2\.1\.48\.[0-9]*'); do
		set -- "$@" --policy "$oid"
		arcs=$arcs${arcs:+,}${oid##*.}
	done
	asked=
	if flag initial_explicit_policy; then
		set -- "$@" --explicit-policy
		asked=e
	fi
	if flag initial_policy_mapping_inhibit; then
		set -- "$@" --inhibit-policy-mapping
		asked=${asked}m
	fi
	if flag initial_inhibit_any_policy; then
		set -- "$@" --inhibit-any-policy
		asked=${asked}a
	fi
	total=$((total + 1))
	want=$(awk -F "$tab" -v name="$name" -v arcs="${arcs:--}" \
		-v asked="${asked:--}" '$1 == name && $2 == arcs &&
		$3 == asked { print $4 }' "$data/pkits.tsv")
	run deed trust path "$@" "$DEED_CORPUS/$file"
	got=$(jq -r 'if .answer == "trusted" then "valid"
		else .rule.id end' <"$T/out")
	case $code:$got in
	0:valid | 3:revocation-unknown) ok=1 ;;
	0:* | 3:* | *:valid) ok=0 ;;
	1:*) ok=1 ;;
	*) ok=0 ;;
	esac
	case $verdict:$want in
	valid-integrity:valid) ;;
	invalid:valid | invalid: | valid-integrity:*) ok=0 ;;
	esac
	if [ "$got" = "$want" ] && [ "$ok" -eq 1 ]; then
		right=$((right + 1))
	else
		fail "$name ${arcs:--} ${asked:--}" \
			"expected: ${want:-(not in the table)}, corpus: $verdict" \
			"got: $got, $(jq -r .message <"$T/out")" "$(seen)"
	fi
done <rows
is "all of the $total cases are judged right" "$right" "$total"
echo "# $whole of them with the revocation of every certificate"
is 'and the table has no others' \
	"$(grep -vc '^#' "$data/pkits.tsv")" "$total"
