#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The signed files of other projects, and what each deserves (DEED_CORPUS).
# The table of file, expected and said is in corpus-table.tsv of the build.
. "${top_srcdir:-.}/tests/cli/lib.sh"
need_corpus
need jq

table=$top_builddir/tests/interop/corpus-table.tsv
mkdir -p "$(dirname "$table")"
printf 'file\texpected\tsaid\n' >"$table"

# What is known to be said otherwise, and why deed is right.
excused() {
	case $1 in
	# Its archive manifest was changed after it was time-stamped, and names
	# a signature that is not there: the signature is intact, the
	# time-stamp is not (EN 319 162-1 A.7, RFC 3161 2.4.1 messageImprint).
	*/dss1421-archive-not-cover.asice) return 0 ;;
	esac
	return 1
}

said='[.documents[0].signatures[] | [.integrity, .indication,
	.sub_indication, .changes_after, .coverage] | map(. // "-") |
	join(" ")] | join("; ")'
valid='.documents[0].signatures | length > 0 and all(
	.integrity == "intact" and .changes_after != "other" and
	(.indication == "TOTAL-PASSED" or .indication == "INDETERMINATE"))'
attack='.documents[0].signatures | any(.integrity == "broken" or
	.coverage == "partial" or .changes_after == "other" or
	.sub_indication == "FORMAT_FAILURE" or
	.sub_indication == "NO_SIGNING_CERTIFICATE_FOUND")'
# Digest and value are the signature: where they are broken it has failed.
broken='.documents[0].signatures | all(.integrity != "broken" or
	.indication == "TOTAL-FAILED")'
passed='.documents[0].indication == "TOTAL-PASSED"'

judge() {
	case $code in
	0 | 1 | 3 | 4 | 5) ;;
	*) return 1 ;;
	esac
	jq -e "$broken" "$T/out" >/dev/null || return 1
	case $1 in
	valid-integrity) jq -e "$valid" "$T/out" ;;
	invalid) jq -e "$passed | not" "$T/out" ;;
	attack) jq -e "($passed | not) and ($attack)" "$T/out" ;;
	indeterminate) : ;;
	*) return 1 ;;
	esac >/dev/null
}

tab=$(printf '\t')
sed 1d "$DEED_CORPUS/expect.tsv" |
	sed "s/$tab$tab/$tab-$tab/g; s/$tab$tab/$tab-$tab/g" >rows
while IFS=$tab read -r path kind expected content note; do
	case $kind in
	pkits) continue ;;
	esac
	set --
	case $content in
	- | '') ;;
	text:*)
		printf %s "${content#text:}" >content
		set -- --content content
		;;
	*) set -- --content "$DEED_CORPUS/$content" ;;
	esac
	run timeout 60 deed verify --json "$@" "$DEED_CORPUS/$path"
	printf '%s\t%s\t%s\n' "$path" "$expected" \
		"$(jq -r "$said" "$T/out" 2>&1)" >>"$table"
	if judge "$expected"; then
		pass "$expected: $path"
	elif excused "$path"; then
		pass "$expected, but excused: $path"
	else
		fail "$expected: $path" "$note" "$(jq -r "$said" "$T/out")" \
			"$(seen)"
	fi
done <rows
isnt 'there were files' "$points" 0

# The level of the first signature, by what is in the file.
while read -r level path; do
	run timeout 60 deed verify --json "$DEED_CORPUS/$path"
	is "$level: $path" "$(jq -r '.documents[0].signatures[0].level' \
		"$T/out")" "$level"
done <<'END'
B-B pyhanko/pdf/separate-annots-kids-indir.pdf
B-B dss/dss-cades/validation/cades-extended-epes-sig-pol-store.pkcs7
B-T dss/dss-pades/validation/pades-two-sig-copied-tst.pdf
B-LT dss/dss-pades/validation/pades-lt-extended-abde.pdf
B-LT dss/dss-asic-cades/validation/dss1421-archive-not-cover.asice
B-LTA dss/dss-cades/validation/cades-lta-duplicated-atst.p7m
B-LTA dss/dss-cades/validation/counterSignedLTA.p7s
B-LTA dss/dss-pades/validation/pades-tst-with-null-type.pdf
B-LTA pyhanko/pdf/pades-lta-dss-indirect-arrs-test.pdf
B-LTA dss/dss-asic-cades/validation/ASICE-CAdES-BpLTA-2-BpLTA-DSS5.4.asice
END

# What a file proves by what is in it, where the authorities in it are
# believed, at a time soon after it was made.
[ -x /usr/bin/python3 ] || exit 0
while read -r time said path; do
	/usr/bin/python3 "$top_srcdir/tests/interop/roots_of.py" \
		"$DEED_CORPUS/$path" >roots.pem
	run timeout 60 deed verify --json --at "$time" --trust roots.pem \
		"$DEED_CORPUS/$path"
	is "$said at $time: $path" "$(jq -r '.documents[0].signatures[0] |
		.indication + ":" + (.sub_indication // "") + ":" + .level' \
		"$T/out")" "$said"
done <<'END'
2020-11-02 TOTAL-PASSED::B-LTA pyhanko/pdf/pades-lta-dss-indirect-arrs-test.pdf
2020-11-02 TOTAL-PASSED::B-LTA pyhanko/pdf/pades-lta-dss-indirect-arrs-test-2.pdf
2026-11-23 INDETERMINATE:OUT_OF_BOUNDS_NOT_REVOKED:B-LTA pyhanko/pdf/pades-lta-dss-indirect-arrs-test.pdf
2023-12-07T11:05:00Z TOTAL-PASSED::B-LTA dss/dss-cades/validation/cades-lta-duplicated-atst.p7m
2023-09-07T14:00:00Z TOTAL-PASSED::B-LT dss/dss-pades/validation/pades-lt-extended-abde.pdf
END
