#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# verify --look alone: with the rules of sight switched off in the helper that
# reads PDFs, what poppler shows differently is seen by looking.
. "${top_srcdir:-.}/tests/cli/lib.sh"
need openssl python3 jq pdftoppm
[ -x "$top_builddir/deed-look" ] || skip_all 'poppler-glib is not installed'
. "$top_srcdir/tests/cli/home.sh"
need_home

here=$top_srcdir/tests/interop
sign() {
	quietly deed sign --passphrase file:wang.pass --as wang "$@"
}

quietly python3 "$here/attack_pdf.py" prepare
for f in base hidden empty; do
	sign -o "$f.signed.pdf" "$f.pdf"
done
sign -o two.pdf base.signed.pdf
if ! deed verify --no-revocation --trust house.pem --look -v two.pdf 2>&1 |
	grep -q "'deed-look' runs in a sandbox"; then
	skip_all 'the kernel has no sandbox for what reads files'
fi
quietly deed key show wang --pem
cp "$T/out" wang.pem
for part in sight notes guises reading; do
	if ! python3 "$here/attack_$part.py" "$top_srcdir/tests/servers" \
		>"$part.list" 2>"$T/err"; then
		fail "samples are made: $part" "$(tail -n 5 "$T/err")"
		exit 1
	fi
done

# A deed that finds one of the two helpers beside itself.
for f in blind boxes; do
	mkdir "$f"
	cp "$(command -v deed)" "$top_builddir/deed-look" "$f"
	cp "$top_builddir/tests/interop/parse_$f" "$f/deed-parse"
done

# A price that is covered passes where nobody knows what covers.
covered=$(grep '^box-over-content|' sight.list | head -n 1 | cut -d'|' -f2)
expect 3 'a price is covered: the rules see it' deed verify --no-revocation \
	--trust alice.crt --json "$covered"
json 'and say so' '[.documents[0].signatures[0].reasons[].id] |
	index("annotation-covers") != null' true
for f in blind boxes; do
	expect 0 "without them it passes: $f" "$f/deed" verify --no-revocation \
		--trust alice.crt "$covered"
done
expect 3 'but for who looks' blind/deed verify --no-revocation \
	--trust alice.crt --json --look "$covered"
json 'and that is why' '[.documents[0].signatures[0].reasons[].id] |
	index("looks-different") != null' true

# Every sample by EACH=1.  Where no box is named, what an honest signer put on
# the page is seen, too, and poppler says so: twins are those that it shows as
# they were signed.  Where boxes are named, all of them are.
for f in blind boxes; do
	check "what poppler shows differently is seen: $f" env \
		PATH="$PWD/$f:$PATH" python3 "$here/look_judge.py" \
		"${EACH:-6}" sight.list notes.list guises.list reading.list
	sed 's/^/# /' "$T/check"
done
