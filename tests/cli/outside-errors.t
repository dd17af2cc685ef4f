#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What goes wrong for who is new to trust lists and to CAs elsewhere: each
# error has its exit code, names what is wrong, and what is to be done.
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/home.sh"
need openssl python3
need_home
quietly python3 "$top_srcdir/tests/interop/licensed_list.py" cas 2
quietly deed key show office --pem
cp "$T/out" office.pem
: >empty
mkdir folder
echo 'no number' >text
quietly deed enroll person zhao --name 'Zhao Min' --phone +8613123456780 \
	--id cn-ric:110102199101010078 --passphrase file:wang.pass
quietly deed trust import --kind yaml cas/list.yaml -o list.p7s \
	--operator-passphrase file:operator.pass
quietly deed sign --as wang --passphrase file:wang.pass -o signed.pdf \
	contract.pdf
quietly deed sign --as wang --passphrase file:wang.pass --detached minutes.odt
mkdir -p "$HOME/.config/deed"
cat >"$HOME/.config/deed/config.yaml" <<'EOC'
cas:
  noanchors: {protocol: est}
  nourl: {protocol: est, anchors: house.pem}
  notls: {protocol: est, anchors: house.pem, url: "https://127.0.0.1:9"}
  gone: {protocol: est, anchors: none, tls-ca: house.pem, url: "https://127.0.0.1:9"}
  empty: {protocol: est, anchors: empty, tls-ca: house.pem, url: "https://127.0.0.1:9"}
  folder: {protocol: est, anchors: folder, tls-ca: house.pem, url: "https://127.0.0.1:9"}
  text: {protocol: file, anchors: text}
  tlsgone: {protocol: cmp, anchors: house.pem, tls-ca: none, url: "http://127.0.0.1:9", user: a}
  tlstext: {protocol: est, anchors: house.pem, tls-ca: text, url: "https://127.0.0.1:9"}
  gopher: {protocol: est, anchors: house.pem, tls-ca: house.pem, url: "gopher://127.0.0.1"}
  plain: {protocol: est, anchors: house.pem, tls-ca: house.pem, url: "http://127.0.0.1:9", user: a}
  away: {protocol: est, anchors: house.pem, tls-ca: house.pem, url: "https://127.0.0.1:9"}
  secret: {protocol: est, anchors: house.pem, tls-ca: house.pem, url: "https://127.0.0.1:9", user: a}
  keyonly: {protocol: est, anchors: house.pem, tls-ca: house.pem, url: "https://127.0.0.1:9", key: none}
  capitals: {protocol: EST, anchors: house.pem}
  shoes: {protocol: file, anchors: house.pem, subject: [shoeSize]}
  many: {protocol: file, anchors: house.pem, subject: [OU=0, OU=1, OU=2, OU=3, OU=4, OU=5, OU=6, OU=7, OU=8, OU=9, OU=10, OU=11, OU=12, OU=13, OU=14, OU=15, OU=16]}
  paper: {protocol: file, anchors: house.pem, subject: [C=CN, CN, serialNumber]}
EOC

# What each answers: exit code, what is named, what is to be done (or -), the
# command.  $OP is the operator's passphrase, $ZHAO that of the party.
OP='--operator-passphrase file:operator.pass'
ZHAO='--passphrase file:wang.pass'
table() {
	sed "s#\\\$OP#$OP#; s#\\\$ZHAO#$ZHAO#" <<'EOT'
2 | needs a verb | deed help trust | trust
2 | operands are missing: FILE | deed trust import -h | trust import
2 | --kind WORD is needed | deed trust import -h | trust import cas/list.yaml
2 | expected one of ts119612, yaml | - | trust import --kind pdf cas/list.yaml
10 | cannot open 'none' | - | trust import --kind yaml none $OP
10 | 'folder': Is a directory | - | trust import --kind yaml folder $OP
5 | 'empty' line 1: 'scheme' is missing | - | trust import --kind yaml empty $OP
5 | 'house.pem' line 1: expected members | - | trust import --kind yaml house.pem $OP
5 | 'contract.pdf' | - | trust import --kind yaml contract.pdf $OP
2 | whose signature counts | --signer CERT names | trust import --kind ts119612 cas/list.yaml $OP
5 | 'cas/list.yaml': it is no well-formed XML | - | trust import --kind ts119612 cas/list.yaml --signer office.pem $OP
5 | 'empty': it is empty | - | trust import --kind ts119612 empty --signer office.pem $OP
10 | cannot open 'none' | - | trust import --kind ts119612 text --signer none $OP
4 | no certificate in 'empty' | - | trust import --kind ts119612 text --signer empty $OP
5 | 'text': neither PEM nor DER | - | trust import --kind ts119612 text --signer text $OP
2 | one file, without signers | - | trust import --kind yaml cas/list.yaml --signer office.pem $OP
6 | no passphrase of 'the operator' | --operator-passphrase file:PATH | trust import --kind yaml cas/list.yaml -o a
6 | does not open | - | trust import --kind yaml cas/list.yaml -o a --operator-passphrase file:wang.pass
7 | 'list.p7s' exists | --force overwrites it | trust import --kind yaml cas/list.yaml -o list.p7s $OP
10 | cannot write 'none/a' | - | trust import --kind yaml cas/list.yaml -o none/a $OP
2 | both read and written | - | trust import --kind yaml cas/list.yaml -o cas/list.yaml --force $OP
2 | operands are missing: FILE | deed trust add -h | trust add
2 | --list-signer CERT is needed | deed trust add -h | trust add list.p7s --as cn
2 | --as NAME is needed | deed trust add -h | trust add list.p7s --list-signer office.pem
10 | cannot open 'none' | - | trust add none --list-signer office.pem --as cn
10 | cannot open 'none' | - | trust add list.p7s --list-signer none --as cn
4 | no certificate in 'empty' | - | trust add list.p7s --list-signer empty --as cn
10 | 'folder': Is a directory | - | trust add folder --list-signer office.pem --as cn
5 | 'empty' is no trust list | deed trust import | trust add empty --list-signer office.pem --as cn
5 | 'cas/list.yaml' is no trust list | deed trust import | trust add cas/list.yaml --list-signer office.pem --as cn
5 | 'house.pem' is no trust list | deed trust import | trust add house.pem --list-signer office.pem --as cn
5 | statement | - | trust add minutes.odt.p7s --list-signer office.pem --as cn
7 | who is none of the signers | - | trust add list.p7s --list-signer cas/ca-01.pem --as cn
2 | 'CN' is no name for a trust list | - | trust add list.p7s --list-signer office.pem --as CN
2 | 'ftp://x/y': expected a file, or an http or https URL | - | trust add ftp://x/y --list-signer office.pem --as cn
8 | refused | - | trust add https://127.0.0.1:9/y --list-signer office.pem --as cn
7 | keeps off the network | --offline forbids it | trust add https://127.0.0.1:9/y --offline --list-signer office.pem --as cn
2 | 'x' is too much | deed trust list -h | trust list x
4 | no trust list is held as 'cn' | - | trust update cn
2 | '../cn' is no name for a trust list | - | trust update ../cn
2 | operands are missing: NAME | deed trust check -h | trust check
4 | no trust list is held as 'cn' | - | trust check cn
2 | operands are missing: NAME | deed trust remove -h | trust remove
4 | no trust list is held as 'cn' | - | trust remove cn
2 | --trust-list needs a value | deed verify -h | verify signed.pdf --trust-list
2 | --list-signer needs --trust-list | - | verify signed.pdf --list-signer office.pem
2 | no trust list is given | --trust-list FILE --list-signer CERT | verify signed.pdf --require qualified
2 | no trust list is given | --trust-list home | verify signed.pdf --require licensed=cn-esl
2 | 'licensed' is no requirement | - | verify signed.pdf --trust-list list.p7s --require licensed
3 | holds no trust list | deed trust add FILE | verify signed.pdf --trust-list home
4 | there is no home | deed init | verify signed.pdf --trust-list home --home nohome
3 | cannot open 'none' | - | verify signed.pdf --trust-list none
3 | 'folder': Is a directory | - | verify signed.pdf --trust-list folder
3 | 'empty' cannot be used: it is no signed statement | deed trust import | verify signed.pdf --trust-list empty
3 | 'cas/list.yaml' cannot be used | deed trust import | verify signed.pdf --trust-list cas/list.yaml
3 | 'minutes.odt.p7s' cannot be used | - | verify signed.pdf --trust-list minutes.odt.p7s
3 | 'list.p7s' cannot be used: the trust list is signed by 'Notary Office Seven' | --list-signer CERT names | verify signed.pdf --trust-list list.p7s
10 | cannot open 'none' | - | verify signed.pdf --trust-list list.p7s --list-signer none
4 | no certificate in 'empty' | - | verify signed.pdf --trust-list list.p7s --list-signer empty
2 | operands are missing: PARTY | deed enroll request -h | enroll request
2 | --ca NAME is needed | deed enroll request -h | enroll request zhao
2 | 'A.B' is no name of a CA | - | enroll request zhao --ca A.B $ZHAO
4 | no CA 'bjca' (cas.bjca.protocol) | deed help ca | enroll request zhao --ca bjca $ZHAO
2 | cas.noanchors has no anchors | - | enroll request zhao --ca noanchors $ZHAO
2 | cas.nourl has no url | - | enroll request zhao --ca nourl $ZHAO
2 | cas.notls has no tls-ca | - | enroll request zhao --ca notls $ZHAO
10 | cas.gone.anchors: cannot open 'none' | - | enroll request zhao --ca gone $ZHAO
2 | cas.empty.anchors: there is no certificate in 'empty' | - | enroll request zhao --ca empty $ZHAO
10 | cas.folder.anchors: cannot read 'folder' | - | enroll request zhao --ca folder $ZHAO
2 | cas.text.anchors: cannot read 'text' | - | enroll request zhao --ca text --csr-out a.csr $ZHAO
10 | cas.tlsgone.tls-ca: cannot open 'none' | - | enroll request zhao --ca tlsgone $ZHAO
2 | cas.tlstext.tls-ca: cannot read 'text' | - | enroll request zhao --ca tlstext $ZHAO
2 | expected an http or https URL | - | enroll request zhao --ca gopher $ZHAO
2 | expected an https url | - | enroll request zhao --ca plain --ca-passphrase file:li.pass $ZHAO
8 | refused | - | enroll request zhao --ca away $ZHAO
6 | no passphrase of 'secret' | --ca-passphrase file:PATH | enroll request zhao --ca secret $ZHAO
2 | cas.keyonly has no certificate | - | enroll request zhao --ca keyonly $ZHAO
2 | 'EST': expected est, cmp or file | - | enroll request zhao --ca capitals $ZHAO
2 | 'shoeSize' | - | enroll request zhao --ca shoes --csr-out a.csr $ZHAO
2 | more than 16 attributes | - | enroll request zhao --ca many --csr-out a.csr $ZHAO
6 | no passphrase of 'zhao' | --passphrase file:PATH | enroll request zhao --ca paper --csr-out a.csr
6 | does not open | - | enroll request zhao --ca paper --csr-out a.csr --passphrase file:li.pass
4 | no party 'nobody' | deed party list | enroll request nobody --ca paper --csr-out a.csr $ZHAO
2 | expected --csr-out FILE, or --certificate FILE | - | enroll request zhao --ca paper $ZHAO
2 | leave out --csr-out | - | enroll request zhao --ca away --csr-out a.csr $ZHAO
10 | cannot open 'none' | - | enroll request zhao --ca paper --certificate none $ZHAO
10 | 'folder': Is a directory | - | enroll request zhao --ca paper --certificate folder $ZHAO
2 | --online and --offline exclude each other | - | sign --as wang --online --offline contract.pdf
2 | --online-timeout: '0': expected a number | deed sign -h | sign --as wang --online-timeout 0 contract.pdf
10 | cannot open 'none' | - | sign --as wang --crl none -o a.pdf contract.pdf $ZHAO
10 | 'folder': Is a directory | - | sign --as wang --crl folder -o a.pdf contract.pdf $ZHAO
5 | 'empty' | - | sign --as wang --crl empty -o a.pdf contract.pdf $ZHAO
5 | 'text' | - | sign --as wang --ocsp text -o a.pdf contract.pdf $ZHAO
EOT
}

table >cases
while IFS='|' read -r wanted named remedy command; do
	command=${command# }
	# shellcheck disable=SC2086 # words
	run deed $command </dev/null
	exits "${wanted% }" "$command"
	named=${named# } remedy=${remedy# }
	err_has 'names what is wrong' "${named% }"
	[ "$remedy" = '- ' ] || err_has 'and what to do' "${remedy% }"
done <cases
for name in a a.csr a.pdf none; do
	absent "nothing is left: $name" $name
done
is 'nothing is pending' "$(find home/ca/pending -name '*.json' 2>/dev/null)" ''

# shellcheck disable=SC2086 # words
# What is pending by files says who acts next, and status the command.
run deed enroll request zhao --ca paper --csr-out a.csr $ZHAO
exits 3 'a CA that is asked by files'
err_has 'gets the request' '--certificate FILE brings its answer'
run deed status
out_has 'status has the whole command' 'deed enroll request zhao --ca paper'

# A configuration that cannot be read stops everything, and is named.
config=$HOME/.config/deed/config.yaml
asks() {
	deed enroll request zhao --ca paper --passphrase file:wang.pass
}
printf 'cas:\n\t- x\n' >"$config"
expect 2 'a tab in the configuration' asks
err_has 'with its line' "config.yaml', line 2"
rm "$config"
mkdir "$config"
expect 10 'a folder in its place' asks
err_has 'is named' "config.yaml': Is a directory"
rmdir "$config"
: >"$config"
expect 4 'an empty one' asks
err_has 'has no CA' "no CA 'paper'"
