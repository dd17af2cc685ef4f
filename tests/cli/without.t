#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A deed that was built without drawing and looking: what needs them says what
# is missing, and all else goes on.
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/home.sh"
need jq
need_built tests/cli/office_bare
need_home

# Its helpers lie beside it.
mkdir bare
cp "$top_builddir/tests/cli/office_bare" bare/deed
cp "$top_builddir/deed-parse" "$top_builddir/deed-unpack" bare/
bare() {
	bare/deed "$@"
}
missing='built without pango and cairo (configure --without-draw)'

expect 0 'version -v' bare version -v
out_has 'says what is not in it: draw' 'without draw'
out_has 'and look' 'without look'
expect 0 'version --json' bare version --json
json 'says so, too' '.built_with | [.draw, .look] | map(tostring) | join(" ")' \
	'false false'

expect 0 'it signs' bare sign --as wang --passphrase file:wang.pass contract.pdf
expect 10 'a box is not drawn' bare sign --as wang --visible --position 20,20 \
	--passphrase file:wang.pass -o box.pdf contract.pdf
err_has 'and it says what is missing' "$missing"
absent 'nothing was signed' box.pdf
expect 10 'nor is a seal' bare seal --as acme --position 100,100 \
	--passphrase file:acme.pass -o sealed.pdf contract.pdf
err_has 'which it says, too' "$missing"
absent 'nothing was sealed' sealed.pdf
expect 10 'and in JSON' bare seal --as acme --position 100,100 --json \
	--passphrase file:acme.pass -o sealed.pdf contract.pdf
json 'it is an error' '[.. | strings | select(contains("--without-draw"))] |
	length > 0' true
expect 0 'a picture that is a PDF needs no drawing' bare seal --as acme \
	--image "$data/pdf/cairo.pdf" --position 150,240 --width 20 \
	--passphrase file:acme.pass -o own.pdf contract.signed.pdf

expect 0 'it judges' bare verify --trust house.pem own.pdf
expect 0 'and where nothing came later there is nothing to look at' \
	bare verify --trust house.pem --look contract.signed.pdf
expect 3 'where something did it cannot tell' bare verify --trust house.pem \
	--look --json own.pdf
json 'and says why' '[.documents[].signatures[].reasons[] |
	select(.id == "not-painted") | .message |
	contains("configure --without-look")] | any' true
