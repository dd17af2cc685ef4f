#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# deed sign --manifest: each document with what it states, and what is refused.
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/home.sh"
. "$top_srcdir/tests/cli/parties.sh"
need jq qpdf
need_part draw
need_home
cp "$data/pdf/groff.pdf" b.pdf

sign() {
	deed sign --as wang --passphrase file:wang.pass "$@"
}
verify() {
	deed verify --trust house.pem "$@"
}
# What a signature dictionary and its annotation say.
says() {
	qpdf --qdf --object-streams=disable "$1" - 2>/dev/null | strings
}

mkdir out
cat >batch.yaml <<'END'
documents:
  - file: contract.pdf
    output: out/first.pdf
    field: Buyer
    reason: I agree
  - file: contract.pdf
    output: out/second.pdf
    field: Seller
    location: Wuhan
    visible: true
    page: 1
    position: 100,50
  - file: b.pdf
    visible: true
    reason: third
  - file: terms.txt
END
expect 0 'a manifest' sign --manifest batch.yaml --json --location Beijing
json 'four documents' '.documents | length' 4
json 'each with its status' '[.documents[].status] | unique | join(",")' 'done'
json 'its output' '.documents[0].output' out/first.pdf
json 'its field' '.documents[1].field' Seller
json 'the default name where none is said' '.documents[2].output' b.signed.pdf
json 'a container for what is no PDF' '.documents[3].output' terms.txt.asice
json 'and the manifest' .manifest batch.yaml
expect 0 'all verify' verify --json out/*.pdf b.signed.pdf terms.txt.asice
json 'five signatures less one' '[.documents[].signatures[]] | length' 4
says out/first.pdf >says
check 'the reason' grep -q 'Reason (I agree)' says
check 'the location that the option says' grep -q 'Location (Beijing)' says
check 'nothing is shown' sh -c '! grep -q "/Subtype /Form" says'
says out/second.pdf >says
check 'the location that the document says' grep -q 'Location (Wuhan)' says
check 'no reason' sh -c '! grep -q "/Reason" says'
check 'a box is shown' grep -q '/Subtype /Form' says
is 'at its place' "$(grep -a -o '/Rect[^]]*]' out/second.pdf | tail -n 1 |
	tr -d '/Rect[]' | awk '{ printf "%.0f", $1 }')" 283

# Again: done already, whatever the order.
expect 0 'the same again' sign --manifest batch.yaml --json --location Beijing
json 'all are done already' '[.documents[].status] | unique | join(",")' already
sed 's/I agree/I do not/' batch.yaml >other.yaml
expect 7 'another reason is not the same' sign --manifest other.yaml \
	--location Beijing --json
json 'but the others are' '[.documents[].status] | join(",")' \
	failed,already,already,already
rm out/second.pdf
expect 0 'what is gone is made anew' sign --manifest batch.yaml --json \
	--location Beijing
json 'that alone' '[.documents[].status] | join(",")' \
	already,done,already,already

# From elsewhere.
rm -f out/* b.signed.pdf
jq -n '{documents: [{file: "b.pdf"}, {file: "contract.pdf"}]}' >batch.json
expect 0 'JSON, from standard input, into a folder' \
	sh -c 'deed sign --as wang --passphrase file:wang.pass --manifest - \
	-O out <batch.json'
check 'under default names' test -f out/b.signed.pdf -a \
	-f out/contract.signed.pdf
expect 0 'nothing is written with -n' sign -n --manifest batch.json --force
absent 'no output' b.signed.pdf
cp contract.pdf here.pdf
printf 'documents:\n  - file: here.pdf\n' >here.yaml
expect 0 'in place' sign --in-place --manifest here.yaml
check 'signs it there' verify here.pdf
printf 'documents:\n  - file: terms.txt\n    output: t.p7s\n' >terms.yaml
expect 0 'detached' sign --detached --manifest terms.yaml
check 'under its name' test -f t.p7s

# A seal.
cat >seals.yaml <<'END'
documents:
  - file: contract.pdf
    output: out/sealed1.pdf
    position: 20,20
  - file: contract.pdf
    output: out/sealed2.pdf
    position: 120,200
    page: 1
END
expect 0 'seals' deed seal --as acme --passphrase file:acme.pass \
	--manifest seals.yaml
expect 0 'verify' verify out/sealed1.pdf out/sealed2.pdf
sed '/position: 120/d' seals.yaml >no.yaml
expect 2 'without a place' deed seal --as acme --passphrase file:acme.pass \
	--manifest no.yaml
err_has 'the line is named' "'no.yaml', line 5: where does the seal go"
sed 's/position: 120.*/visible: false/' seals.yaml >no.yaml
expect 2 'a seal that is not seen' deed seal --as acme \
	--passphrase file:acme.pass --manifest no.yaml --position 1,1
err_has 'is none' "'no.yaml', line 5: a seal is visible"

# What is refused, before anything is signed.
before=$(deed audit log | wc -l)
refused() {
	expect 2 "$1" sign --manifest bad.yaml
	err_has "$1: told" "$2"
}
printf 'documents:\n  - file: b.pdf\n    reson: x\n' >bad.yaml
refused 'an unknown key' "'bad.yaml', line 3: 'reson' is no key of a document"
printf 'documents:\n  - file: b.pdf\n    page: none\n' >bad.yaml
refused 'a bad page' "'bad.yaml', line 3: 'page': expected a number"
printf 'files:\n  - file: b.pdf\n' >bad.yaml
refused 'an unknown top' "'bad.yaml', line 2: 'files' is no key of a manifest"
printf 'documents:\n  - file: b.pdf\n  - file: b.pdf\n' >bad.yaml
refused 'one output twice' "two inputs would both be written to"
printf 'documents: [' >bad.yaml
refused 'what is no YAML' "'bad.yaml', line 2: did not find"
: >bad.yaml
refused 'an empty one' "expected 'documents:' and a list"
expect 10 'one that is not there' sign --manifest gone.yaml
err_has 'is named' "cannot open 'gone.yaml'"
expect 2 'operands too' sign --manifest here.yaml b.pdf
expect 2 'a list too' sign --manifest here.yaml --files-from list
expect 2 '-o too' sign --manifest here.yaml -o x.pdf
expect 2 'a bundle' sign --manifest here.yaml --bundle x.asice
expect 2 'neither operands nor manifest' sign
err_has 'is told' 'operands are missing'
printf 'documents:\n  - file: b.pdf\n    field: F\n' >bad.yaml
expect 2 'a field in a detached signature' sign --detached --manifest bad.yaml
printf 'documents:\n  - file: b.pdf\n    output: F\n' >bad.yaml
expect 2 'an output in place' sign --in-place --manifest bad.yaml
is 'nothing of it was signed' "$(deed audit log | wc -l)" "$before"
printf 'documents:\n  - file: gone.pdf\n  - file: b.pdf\n' >some.yaml
expect 10 'a document that is not there' sign --manifest some.yaml --json
json 'does not stop the others' '[.documents[].status] | join(",")' failed,done
