#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# PDFs of other projects, many malformed on purpose: each is signed so that
# other programs accept it, or refused with exit code 5, or 6 where it is
# encrypted, and nothing is left.
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/home.sh"
need_corpus
need pdfsig qpdf timeout

need_home

mkdir out
find "$DEED_CORPUS/unsigned" -name '*.pdf' | sort >list
while read -r file; do
	what=${file##*/}
	rm -rf out/*
	run timeout 20 deed sign --as wang --passphrase file:wang.pass \
		-o out/signed.pdf "$file"
	signed=$code
	qpdf --check "$file" >/dev/null 2>"$T/qpdf"
	sound=$?
	grep -qi encrypt "$T/qpdf" && sound=2
	case $signed in
	0)
		check "$what: the input is a prefix" \
			cmp -n "$(wc -c <"$file")" "$file" out/signed.pdf
		TZ=UTC pdfsig -nocert out/signed.pdf >"$T/pdfsig" 2>&1
		check "$what: pdfsig calls it valid" \
			grep -q 'Signature is Valid' "$T/pdfsig"
		check "$what: and wholly signed" \
			grep -q 'Total document signed' "$T/pdfsig"
		run qpdf --check out/signed.pdf
		# An offset that was off is right in the new section.
		[ "$code" -eq 0 ] && sound=0
		is "$what: qpdf thinks no worse of it" "$code" "$sound"
		expect 0 "$what: deed verifies it" deed verify \
			--trust house.pem out/signed.pdf
		;;
	6)
		check "$what is encrypted, and without its password refused" \
			test "$sound" -eq 2
		err_has "$what: with a reason" "'$file'"
		;;
	5)
		if [ "$sound" -eq 0 ]; then
			fail "$what is sound and must be signed" \
				"$(cat "$T/err")"
		else
			pass "$what is refused"
		fi
		err_has "$what: with a reason" "'$file'"
		;;
	*)
		fail "$what: expected exit code 0, 5 or 6" "$(seen)"
		;;
	esac
	[ "$signed" -eq 0 ] ||
		is "$what: nothing is left" "$(ls -A out)" ''
done <list
