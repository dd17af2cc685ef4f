#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Seals as others see them: rendered, measured, verified.
. "${top_srcdir:-.}/tests/cli/lib.sh"
need pdftoppm pdfsig pdffonts qpdf python3 jq
. "$top_srcdir/tests/cli/home.sh"
need_part draw
need_home

seal() {
	deed seal --as acme --passphrase file:acme.pass "$@"
}

# Where the page differs from the unsealed one, in mm: left, top, width,
# height as displayed; $unit is the page's UserUnit, which pdftoppm ignores.
unit=1
drawn_at() {
	python3 "$top_srcdir/tests/interop/drawn_at.py" "$1" "$2" "$3" |
		awk -v u="$unit" '{ print $1 * u, $2 * u, $3 * u, $4 * u }'
}

# within NAME X Y W H: the last measurement, to a millimetre.
within() {
	if echo "$place" | awk -v x="$2" -v y="$3" -v w="$4" -v h="$5" '
		function far(a, b) { return a - b > 1 || b - a > 1 }
		{ exit far($1, x) || far($2, y) || far($3, w) || far($4, h) }'
	then
		pass "$1"
	else
		fail "$1" "expected: $2 $3 $4 $5" "seen: $place"
	fi
}

expect 0 'a contract is sealed' \
	seal --page 1 --position 150,40 --width 40 -o sealed.pdf contract.pdf
place=$(drawn_at contract.pdf sealed.pdf 1)
within 'the seal lies where it was asked' 150 40 40 40
expect 0 'it verifies' deed verify --trust house.pem --json sealed.pdf
json 'as a seal' '.documents[0].signatures[0].kind' seal
json 'of the organisation' '.documents[0].signatures[0].signer.organisation' \
	示例科技有限公司
check 'qpdf finds no fault' qpdf --check sealed.pdf
TZ=UTC pdfsig -nocert sealed.pdf >sig.txt 2>&1
has 'pdfsig calls the signature valid' sig.txt 'Signature is Valid'
has 'pdfsig sees the whole document signed' sig.txt 'Total document signed'
is 'no font was added' "$(pdffonts sealed.pdf)" "$(pdffonts contract.pdf)"
qpdf --json sealed.pdf | jq -r '.. | objects |
	select(."/Subtype"? == "/Widget") | ."/Contents"' >contents.txt
has 'the name is in the text of the annotation' contents.txt 示例科技有限公司
check 'the input is a prefix' \
	cmp -n "$(wc -c <contract.pdf)" contract.pdf sealed.pdf

# Pages that are turned, cropped, moved and scaled.
geometry=$data/pdf/geometry.pdf
pages=$(qpdf --show-npages "$geometry")
page=1
while [ "$page" -le "$pages" ]; do
	run seal --page "$page" --position 12,17 --width 30 \
		-o "geometry$page.pdf" "$geometry"
	exits 0 "page $page of turned and cropped ones is sealed"
	unit=$(qpdf --json "$geometry" |
		jq "[.. | objects | select(.\"/Type\"? == \"/Page\")]
			[$page - 1].\"/UserUnit\" // 1")
	place=$(drawn_at "$geometry" "geometry$page.pdf" "$page")
	unit=1
	within "page $page shows it upright where it was asked" 12 17 30 30
	page=$((page + 1))
done

expect 0 'the last page' seal --page last --position 20,20 -o last.pdf \
	contract.pdf
place=$(drawn_at contract.pdf last.pdf "$(qpdf --show-npages contract.pdf)")
within 'is page -1, and 40 mm is the width' 20 20 40 40
expect 2 'a seal off the page is refused' seal --position 190,40 \
	-o off.pdf contract.pdf
expect 2 'a page that is not there is refused' seal --page 99 \
	--position 20,20 -o off.pdf contract.pdf
expect 2 'a place must be given' seal -o off.pdf contract.pdf
expect 7 'a person has no seal' deed seal --as wang --position 20,20 \
	--passphrase file:wang.pass -o off.pdf contract.pdf
absent 'nothing is left of all that' off.pdf

# Pictures of the user's own.
python3 "$top_srcdir/tests/interop/make_png.py" 60 30 >half.png
expect 0 'a PNG is shown' seal --image half.png --position 30,60 --width 50 \
	-o png.pdf contract.pdf
place=$(drawn_at contract.pdf png.pdf 2)
within 'in its own shape' 30 60 50 25
expect 0 'a page of PDF is shown' seal --image "$data/pdf/cairo.pdf" \
	--position 20,20 --width 80 -o own.pdf contract.pdf
check 'and is whole' qpdf --check own.pdf
expect 5 'something else is not' seal --image terms.txt --position 20,20 \
	-o off.pdf contract.pdf
head -c 50 half.png >cut.png
expect 5 'nor half a PNG' seal --image cut.png --position 20,20 \
	-o off.pdf contract.pdf
expect 10 'nor a file that is not there' seal --image none.png \
	--position 20,20 -o off.pdf contract.pdf
absent 'nothing is left of that either' off.pdf

# A preview.
expect 0 'a preview needs no passphrase' deed seal --as acme --no-input \
	--position 100,100 --preview look.pdf contract.pdf
place=$(drawn_at contract.pdf look.pdf 2)
# 2 mm beside it 16.4 of PREVIEW.
within 'it shows the place, and a word beside it' 100 100 58.4 40
expect 4 'it carries no signature' deed verify --trust house.pem look.pdf
check 'qpdf finds no fault in it' qpdf --check look.pdf
expect 7 'it overwrites nothing' deed seal --as acme --position 100,100 \
	--preview look.pdf contract.pdf

# Configuration, and a dry run.
mkdir -p "$HOME/.config/deed"
cat >"$HOME/.config/deed/config.yaml" <<'EOF'
parties:
  acme:
    seal:
      position: 33,44
      width: 22
      page: 1
EOF
expect 0 'the configuration gives the place' seal -o config.pdf contract.pdf
place=$(drawn_at contract.pdf config.pdf 1)
within 'and the size' 33 44 22 22
rm "$HOME/.config/deed/config.yaml"
expect 0 'a dry run writes nothing' seal -n --position 20,20 -o dry.pdf \
	contract.pdf
absent 'no file' dry.pdf

# On top of signatures.
expect 0 'wang signs, with a box' deed sign --as wang --visible \
	--passphrase file:wang.pass --position 20,200 -o one.pdf contract.pdf
expect 0 'acme seals' seal --position 120,200 -o two.pdf one.pdf
expect 0 'both stand' deed verify --trust house.pem --require count=2 two.pdf
TZ=UTC pdfsig -nocert two.pdf >sig.txt 2>&1
is 'pdfsig calls both valid' "$(grep -c 'Signature is Valid' sig.txt)" 2
