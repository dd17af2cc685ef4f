#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# deed sign --despite: what made an earlier signature fail is named, and who
# names it too goes on, which the log says.
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/home.sh"
need jq qpdf python3 zip unzip
need_part draw
need_home

sign() {
	deed sign --as wang --passphrase file:wang.pass "$@"
}
append() {
	python3 "$top_srcdir/tests/cli/append_pdf.py" "$@"
}
events() {
	deed audit log --json | jq '.entries | length'
}
labels() {
	deed audit log --json |
		jq -r '.entries[-1].commitments | map(.label) | join(" ")'
}

# One page, signed by li, and changed afterwards.
mkdir odd && python3 "$top_srcdir/tests/cli/odd_pdf.py" make needing odd
quietly deed sign --as li --passphrase file:li.pass -o good.pdf \
	odd/text-own.pdf
check 'a document is changed' append good.pdf bad.pdf 4 \
	'<</Length 3>>stream
q Q
endstream'
before=$(events)
expect 7 'which is refused' sign bad.pdf
err_has 'by the reason' 'content of page 1 is changed'
err_has 'and its id' '(page-changed)'
err_has 'and by what would go on' '--despite page-changed'
check 'not by the chain, which nobody asked for' \
	sh -c "! grep -qi 'anchor\\|chain' '$T/err'"
expect 7 'another reason does not help' sign --despite no-chain bad.pdf
expect 2 'nor what is none' sign --despite 'page changed' bad.pdf
expect 2 'of any form' sign --despite Page bad.pdf
absent 'nothing is left' bad.signed.pdf
is 'and nothing logged' "$(events)" "$before"
expect 0 'a dry run says that it could' sign -n --despite page-changed bad.pdf
is 'and logs nothing' "$(events)" "$before"

expect 0 'the reason does' sign --despite page-changed --json bad.pdf
json 'and is told' '.documents[0].despite' page-changed
is 'and stands in the log' "$(labels)" \
	'party document certificate input file despite'
last=$(($(events) - 1))
expect 0 'whose opening' deed audit prove "$last" --open despite \
	--as wang --passphrase file:wang.pass -o proof
is 'is the id' "$(sed -n 's/^extra //p' proof | base64 -d |
	jq -r '.openings[0].value' 2>&1)" page-changed
expect 0 'what holds' sign --despite page-changed good.pdf
is 'is logged as ever' "$(labels)" 'party document certificate input file'

# A seal, a batch, and a signature that is made elsewhere.
expect 7 'a seal' deed seal --as acme --passphrase file:acme.pass \
	--position 20,20 -o sealed.pdf bad.pdf
expect 0 'is put all the same' deed seal --as acme \
	--passphrase file:acme.pass --position 20,20 --despite page-changed \
	-o sealed.pdf bad.pdf
cat >batch.yaml <<'END'
documents:
  - file: bad.pdf
    output: one.pdf
    despite: other page-changed
  - file: bad.pdf
    output: two.pdf
  - file: good.pdf
    output: three.pdf
END
expect 7 'a batch' sign --manifest batch.yaml
check 'says it of a document' test -f one.pdf
absent 'and of no other' two.pdf
check 'which goes on' test -f three.pdf
printf 'documents:\n  - file: bad.pdf\n    despite: A,b\n' >wrong.yaml
expect 2 'in ids alone' sign --manifest wrong.yaml
err_has 'by the line' 'line 3'
expect 7 'a place for a signature' deed sign --prepare -o place.pdf bad.pdf
err_has 'names it too' '--despite page-changed'
expect 0 'and goes on' deed sign --prepare --despite page-changed \
	-o place.pdf bad.pdf

# What could be shown afterwards is told before it is signed elsewhere.
check 'a document has a page that nothing leads to' append odd/text-own.pdf \
	shadow.pdf 90 '<</Type/Page/MediaBox[0 0 100 100]/Resources<<>>>>'
expect 0 'it gets a place' deed sign --prepare --json -o warned.pdf shadow.pdf
err_has 'with a warning' 'nothing leads to a Page'
json 'that has an id' '.warnings[0].id' shadow-page
expect 7 'or is refused' deed sign --prepare --refuse-shadow -o refused.pdf \
	shadow.pdf
absent 'and nothing is left' refused.pdf
expect 2 'which is for the place to ask' deed sign --complete --refuse-shadow \
	-o refused.pdf warned.pdf terms.txt
err_has 'as is said' 'exclude each other'
for mode in prepare complete; do
	expect 2 "--$mode is of one document" deed sign "--$mode" \
		--manifest batch.yaml warned.pdf
	err_has 'so no manifest is read' 'exclude each other'
	for words in '--rsa-pss' '--again' '--passphrase env:NO' '--page 1' \
		'--position 1,1' '--width 20' '--image a.png' \
		'--at-text here' '--every-page' '--trust house.pem' \
		'--tsa http://127.0.0.1:9/' '--tsa-user me' \
		'--online' '--online-timeout 5'; do
		# shellcheck disable=SC2086 # words
		expect 2 "--$mode does nothing with $words" deed sign \
			"--$mode" $words warned.pdf terms.txt
		err_has 'as is said' "exclude each other"
	done
done
expect 2 'room is left by --prepare alone' deed sign --complete --space 9000 \
	warned.pdf terms.txt
err_has 'as is said' '--space needs --prepare'
expect 2 "a party's certificate is known" deed sign --complete --as wang \
	--certificate house.pem warned.pdf terms.txt
err_has 'as is said' '--as and --certificate exclude each other'

# A container.
quietly sign terms.txt
mkdir x && (cd x && unzip -q ../terms.txt.asice &&
	printf 'Other terms\n' >terms.txt &&
	zip -q -0 -X ../bad.asice mimetype && zip -q -r ../bad.asice . -x mimetype)
run sign bad.asice
exits 7 'a container with other content'
id=$(sed -n 's/.*--despite \([a-z0-9-]*\) .*/\1/p' "$T/err" | head -n 1)
check 'names a reason' test -n "$id"
expect 0 'that is gone on in spite of' sign --despite "$id" bad.asice
is 'as the log says' "$(labels)" 'party document certificate input file despite'
