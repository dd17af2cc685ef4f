#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# PDF/A stays PDF/A: what seals and signatures add, looked at by a script of
# our own (no validator is at hand).
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/home.sh"
need python3 qpdf pdftoppm
need_part draw
need_home

seal() {
	deed seal --as acme --passphrase file:acme.pass --position 30,30 \
		--width 30 "$@"
}
sign() {
	deed sign --as wang --passphrase file:wang.pass "$@"
}
conforms() { # NAME BEFORE AFTER PART
	check "$1: is still PDF/A-$4" \
		python3 "$top_srcdir/tests/interop/pdfa.py" "$2" "$3" "$4"
}

for part in 1 2 3; do
	for kind in office blank; do
		file=$data/pdfa/$kind-${part}b.pdf
		what="$kind $part"
		rm -f ./*.out.pdf
		expect 0 "$what: sealed" seal -o sealed.out.pdf "$file"
		conforms "$what, sealed" "$file" sealed.out.pdf "$part"
		expect 0 "$what: signed too" sign -o signed.out.pdf \
			sealed.out.pdf
		conforms "$what, signed" sealed.out.pdf signed.out.pdf "$part"
		expect 0 "$what: and in a box" sign --visible --final \
			--position 120,240 -o box.out.pdf signed.out.pdf
		conforms "$what, in a box" signed.out.pdf box.out.pdf "$part"
		expect 0 "$what: all holds" deed verify --trust house.pem \
			box.out.pdf
		check "$what: is drawn" pdftoppm -r 20 -png box.out.pdf page
		expect 0 "$what: a field of its own" deed field add --name Here \
			--position 20,20 --width 50 --height 20 \
			-o field.out.pdf "$file"
		expect 0 "$what: is filled" sign --field Here --visible \
			-o here.out.pdf field.out.pdf
		conforms "$what, filled" field.out.pdf here.out.pdf "$part"
	done
done

# A picture with a soft mask is not for PDF/A-1.
python3 "$top_srcdir/tests/interop/make_png.py" 40 40 >alpha.png
expect 7 'a transparent picture is refused in PDF/A-1' seal \
	--image alpha.png -o alpha.out.pdf "$data/pdfa/office-1b.pdf"
err_has 'and it is said why' 'no transparency'
check 'nothing is left' test ! -e alpha.out.pdf
expect 0 'but not in PDF/A-2' seal --image alpha.png -o alpha2.out.pdf \
	"$data/pdfa/office-2b.pdf"

# Ink that multiplies is not, either: what a seal lies over is told.
expect 0 'a seal over text is opaque in PDF/A-1' deed seal --as acme --json \
	--passphrase file:acme.pass --position 20,20 --width 60 \
	-o covers.out.pdf "$data/pdfa/office-1b.pdf"
json 'and warned of' '.documents[0].warnings[0].id' covers
is 'it has no blend mode' "$(grep -c Multiply covers.out.pdf)" 0

# The script finds what is wrong: a seal from before PDF/A was looked at.
python3 - "$data/pdfa/blank-1b.pdf" plain.pdf <<'EOF'
import sys
d = open(sys.argv[1], 'rb').read()
open(sys.argv[2], 'wb').write(d.replace(b'pdfaid:part', b'pdfxid:part'))
EOF
expect 0 'what claims to be no PDF/A is sealed as ever' \
	seal -o plain.out.pdf plain.pdf
expect 1 'which the script would not call PDF/A' \
	python3 "$top_srcdir/tests/interop/pdfa.py" plain.pdf plain.out.pdf 1
