#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The tour ends well, twice in a row, and shows the seal.
. "${top_srcdir:-.}/tests/cli/lib.sh"

need openssl
need_part draw
[ -x /usr/bin/python3 ] || skip_all '/usr/bin/python3 is not installed'
tour() {
	expect 0 "$1" sh "$top_srcdir/tests/tour/tour" \
		"$(command -v deed)" "$W/tour"
	out_has 'and says so' 'The tour is complete.'
	out_has 'a CA was asked' 'deed enroll request zhao --ca example'
	out_has 'and was licensed' 'licensed for signatures and seals'
}

tour 'the tour ends well'
if command -v pdftoppm >/dev/null; then
	check 'the sealed page is a picture' test -s tour/concluded.png
	if command -v pdfimages >/dev/null; then
		pdftoppm -r 50 -f 1 -l 1 -png -singlefile tour/both.pdf before
		pdftoppm -r 50 -f 1 -l 1 -png -singlefile tour/concluded.pdf after
		check 'and differs from the unsealed one' \
			sh -c '! cmp -s before.png after.png'
	fi
else
	skip 'the sealed page' 'pdftoppm is not installed'
fi
tour 'and again'

mkdir other
touch other/mine
expect 1 'a folder that is no tour is not touched' \
	sh "$top_srcdir/tests/tour/tour" "$(command -v deed)" "$W/other"
check 'and keeps what it holds' test -f other/mine
