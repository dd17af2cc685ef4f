#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What is named .pdf and is none, going in or coming out, and options that
# only a PDF obeys: each is told, and nothing is written.
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/home.sh"
need_part draw
need_home

sign() {
	deed sign --as wang --passphrase file:wang.pass "$@"
}
seal() {
	deed seal --as acme --passphrase file:acme.pass --position 20,20 "$@"
}
# No authority is asked: what is said is said before.
stamp() {
	deed timestamp --tsa http://127.0.0.1:9/ "$@"
}
extend() {
	deed extend --level t --tsa http://127.0.0.1:9/ "$@"
}

printf '<!DOCTYPE html>\n<title>Your session has expired</title>\n' >page.pdf
printf '\357\273\277\n  <html><body>expired</body></html>\n' >marked.PDF
: >empty.pdf
echo 'Just text.' >text.Pdf
printf 'PK\003\004rest of a ZIP' >zip.pdf
cp contract.pdf good.pdf
expect 0 'a container' sign terms.txt
mv terms.txt.asice signed.pdf
before=$(ls)

for command in sign seal stamp; do
	for file in page.pdf marked.PDF; do
		expect 5 "$command: a web page named $file" $command $file
		err_has 'is told' "'$file' is no PDF: it is a web page (HTML)"
	done
	expect 5 "$command: an empty file" $command empty.pdf
	err_has 'is told' "'empty.pdf' is no PDF: it is empty"
	expect 5 "$command: text" $command text.Pdf
	err_has 'is told' "'text.Pdf' is no PDF: it does not begin with %PDF-"
	expect 5 "$command: a ZIP" $command zip.pdf
	err_has 'is told' "'zip.pdf' is no PDF: it is a ZIP"
	expect 5 "$command: a signed container" $command signed.pdf
	err_has 'is told' "'signed.pdf' is no PDF: it is a ZIP"
done
for file in page.pdf empty.pdf text.Pdf zip.pdf signed.pdf; do
	expect 5 "extend: $file" extend $file
	err_has 'is told' "'$file' is no PDF: it "
done
for how in --detached --counter-sign '--bundle all.asice'; do
	# shellcheck disable=SC2086 # two words
	expect 5 "sign $how: a web page" sign $how page.pdf
	err_has 'is told' "'page.pdf' is no PDF: it is a web page (HTML)"
done
expect 5 'timestamp --detached: an empty file' stamp --detached empty.pdf
err_has 'is told' "'empty.pdf' is no PDF: it is empty"
expect 5 'a dry run says the same' sign -n page.pdf
expect 5 'and where an output is there' sh -c ': >page.signed.pdf
	deed sign --as wang --passphrase file:wang.pass page.pdf 2>&1
	code=$?; rm page.signed.pdf; exit $code'
expect 10 'what is not there is no such thing' sign missing.pdf

expect 5 'a container is not named .pdf' sign -o out.pdf terms.txt
err_has 'is told' "'out.pdf' would be no PDF: what comes of 'terms.txt' is none"
expect 5 'in any case, nor a signature alone' sign --detached -o out.PDF good.pdf
err_has 'is told' "'out.PDF' would be no PDF"
expect 5 'nor a bundle' sign --bundle all.pdf terms.txt annex.csv
err_has 'is told' "'all.pdf' would be no PDF"
expect 5 'nor a time-stamp alone' stamp --detached -o out.pdf good.pdf
expect 5 'nor a stamped container' stamp -o out.pdf terms.txt
err_has 'is told' "'out.pdf' would be no PDF"

# Options that only a PDF obeys.
for option in --reason=x --location=x --field=x --certify=form --final \
	--visible --page=1 --position=9,9 --width=30 --refuse-shadow \
	--document-passphrase=file:wang.pass --in-place; do
	expect 5 "sign $option" sign "$option" terms.txt
	name=${option%%=*}
	err_has 'is told' "'terms.txt' is no PDF: $name is for PDFs alone"
done
expect 5 'timestamp --in-place' stamp --in-place terms.txt
err_has 'is told' "'terms.txt' is no PDF: --in-place is for PDFs alone"
expect 5 'timestamp --document-passphrase' stamp \
	--document-passphrase file:wang.pass terms.txt
echo 'documents: [{ file: terms.txt, reason: I agree }]' >batch.yaml
expect 5 'a reason in a manifest' sign --manifest batch.yaml
err_has 'is told' "'terms.txt' is no PDF: --reason is for PDFs alone"
rm batch.yaml
is 'nothing was written' "$(ls)" "$before"

expect 5 'the others of a batch are done' sign good.pdf page.pdf
check 'this one' test -f good.signed.pdf
mkdir -p "$T/user/.config/deed"
echo 'sign: { reason: as agreed }' >"$T/user/.config/deed/config.yaml"
expect 0 'a reason of the configuration is for those that state one' \
	sign annex.csv
