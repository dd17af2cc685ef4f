#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Trusted lists (ETSI TS 119 612): their XML signature, in the one shape that
# is accepted, and everything that is nearly one.
. "${top_srcdir:-.}/tests/cli/lib.sh"
need openssl python3

tool=$top_builddir/tests/interop/trust_list_tool
mkdir made
check 'lists are made' python3 "$test_dir/trust_lists.py" made
cd made || exit 99
cat signer.pem signer-ec.pem >signers.pem

# ---- the signature ----
"$tool" "$top_builddir" signature signers.pem ./*.xml >seen
while IFS='	' read -r name id words; do
	line=$(grep "^./$name.xml	" seen || echo 'no answer')
	case $line in
	"./$name.xml	$id	"*"$words"*) line= ;;
	esac
	is "the signature of '$name': $id" "$line" ''
done <signatures.tsv

# ---- the list ----
check 'lists are made' python3 "$test_dir/trust_list_files.py" .
import() {
	"$tool" "$top_builddir" import "$@"
}
while IFS='	' read -r args id words; do
	# shellcheck disable=SC2086	# several files
	line=$(import $args)
	: "${line:=no answer}"
	case $id:$line in
	ok:'{'*"$words"* | "$id:$id	"*"$words"*) line= ;;
	esac
	is "import of $(echo "$args" | cut -c1-50): $id" "$line" ''
done <imports.tsv
import ca-a.pem history.xml >one
import ca-a.pem history.xml >two
check 'the same list twice is the same payload' cmp one two

# ---- the lists of others ----
if [ -z "${DEED_CORPUS:-}" ] || [ ! -d "$DEED_CORPUS/trust-lists" ]; then
	skip 'lists of others' 'DEED_CORPUS is not set'
	exit
fi
corpus=$DEED_CORPUS/trust-lists
check 'signers are found' python3 "$test_dir/trust_list_signers.py" "$corpus"
# of FILE ID [WORDS]: by whoever its KeyInfo names
of() {
	line=$(import "$1.pem" "$corpus/$1.xml")
	: "${line:=no answer}"
	case $2:$line in
	ok:'{'*"${3:-}"* | "$2:$2	"*"${3:-}"*) line= ;;
	esac
	is "import of '$1': $2" "$line" ''
}
of be ok '"sequence":66'
of cz ok '"sequence":141'
of hu ok '"sequence":76'
of fi-v5 ok '"sequence":49'
of fi-v6 ok '"sequence":49'
of TSL-noID ok '"sequence":37'
of eu-lotl ok '"sequence":332'
of fi-v6-no-service-information bad-signature 'was changed'
of CZ_broken-sig bad-signature 'was changed'
of CZ_two-sigs bad-signature '2 signatures'
of CZ_no-sig no-signature 'not signed'
of CZ_not-conform malformed 'well-formed'
of CZ_not-parsable malformed 'well-formed'
if "$tool" "$top_builddir" signature tl-ecdsa-brainpool.pem \
	"$corpus/tl-ecdsa-brainpool.xml" | grep -q 'not known'; then
	skip 'a list signed with brainpool' 'libgcrypt is not installed'
else
	of tl-ecdsa-brainpool unsupported 'signature holds'
fi
p=$corpus/piv_lotl_test_OJ_
check 'pivots in their order' import "$corpus/piv_OJ1.pem" "${p}2_pivot_02.xml" \
	--pivot "${p}1_pivot_01.xml" "${p}1_pivot_02.xml" \
	"${p}1_pivot_03.xml" "${p}2_pivot_01.xml"
run import "$corpus/piv_OJ1.pem" "${p}2_pivot_02.xml" \
	--pivot "${p}1_pivot_01.xml" "${p}1_pivot_03.xml" \
	"${p}2_pivot_01.xml"
exits 1 'a pivot is skipped'
out_has 'and it is said' 'a pivot that is missing'
for name in be cz hu; do
	check "'$name', which the list of lists points to" \
		import eu-lotl.pem "$corpus/eu-lotl.xml" "$corpus/$name.xml"
done
run import eu-lotl.pem "$corpus/eu-lotl.xml" "$corpus/fi-v6.xml"
exits 1 'a test list that it does not point to'
check 'pivots of the list of lists' import eu-lotl.pem \
	"$corpus/eu-lotl-pivot-341.xml" --pivot "$corpus/eu-lotl.xml" \
	"$corpus/eu-lotl-pivot-335.xml"
import hu.pem "$corpus/hu.xml" >one
import hu.pem "$corpus/hu.xml" >two
check 'the same list twice is the same payload' cmp one two

# ---- every change of status, read by another program, too ----
leaf() { # NAME SINCE MORE-STATEMENTS: a signer of whatever authority
	printf '%s\n' '[ca]' 'default_ca = one' '[one]' 'database = index' \
		'new_certs_dir = .' 'rand_serial = yes' 'default_md = sha256' \
		'policy = any' 'unique_subject = no' '[any]' \
		'commonName = supplied' '[leaf]' \
		'keyUsage = critical, nonRepudiation' \
		'1.3.6.1.5.5.7.1.3 = ASN1:SEQUENCE:qc' '[qc]' \
		's0 = SEQUENCE:compliance' "$3" '[compliance]' \
		'id = OID:0.4.0.1862.1.1' '[type]' 'id = OID:0.4.0.1862.1.6' \
		'of = SEQUENCE:esign' '[esign]' 't = OID:0.4.0.1862.1.6.1' \
		>leaf.cnf
	: >index
	openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
		-keyout leaf.key -subj /CN=Leaf -out leaf.csr 2>/dev/null
	openssl ca -batch -notext -config leaf.cnf -in leaf.csr -selfsign \
		-keyfile leaf.key -extensions leaf -startdate "$2" \
		-enddate 20490101000000Z -out "$1.pem" 2>/dev/null
}
leaf directive 20120101000000Z ''
leaf regulation 20200101000000Z 's1 = SEQUENCE:type'
for nation in be cz hu fi-v5 fi-v6 TSL-noID; do
	for by in directive regulation; do
		"$tool" "$top_builddir" changes $nation.pem "$corpus/$nation.xml" \
			$by.pem >answers
		is "'$nation': both seconds of every change, by the $by" \
			"$(python3 "$test_dir/trust_list_changes.py" \
				"$corpus/$nation.xml" $by <answers)" \
			"$(wc -l <answers | tr -d ' ') asked"
		check "'$nation': there are some" test -s answers
	done
done
# shellcheck disable=SC3045	# every sh here has ulimit -t
check 'the largest list within a second of CPU' sh -c \
	"ulimit -t 1; exec \"$tool\" \"$top_builddir\" import cz.pem \
	\"$corpus/cz.xml\""
