#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Certificates by EST: each answer of a CA has its own exit, nothing is kept
# of what failed, and what is pending goes on, also after kill -9.
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/home.sh"
. "$top_srcdir/tests/servers/lib.sh"
need_servers
need jq openssl

write_forms
quietly init_home
quietly enroll_home wang
quietly enroll_home li
pki_make
tls_start
pki_issue client client
pki_key other && pki_sign ca other signer 20250101000000Z 20291231235959Z
cat "$pki/root.pem" "$pki/root.crl.pem" "$pki/ca.crl.pem" >anchors.pem
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
	-subj '/CN=Nobody' -keyout nobody.key -out nobody.pem -days 30 \
	2>/dev/null
secret_file alice.pass secret
secret_file wrong.pass other

ca() {
	name=$1
	url=$2
	shift 2
	printf '  %s: {protocol: est, url: "%s"' "$name" "$url"
	printf ', anchors: anchors.pem, tls-ca: "%s"' "$pki/root.pem"
	[ $# -eq 0 ] || printf ', %s' "$@"
	case $* in
	*subject*) ;;
	*) printf ', subject: [CN, serialNumber=IDCCN-11010519491231002X]' ;;
	esac
	printf '}\n'
}
configure() {
	mkdir -p "$HOME/.config/deed"
	{
		echo 'cas:'
		for mode in good line der crlf pending other html empty \
			cut signed short refuse deny busy noroots; do
			ca $mode "$tls/est/$mode"
		done
		ca basic "$tls/auth/est/good" 'user: alice'
		ca denied "$tls/auth/est/good"
		ca client "$tls/client/est/good/.well-known/est/" \
			"certificate: \"$pki/client.pem\"" \
			"key: \"$pki/client.key\""
		ca noclient "$tls/client/est/good"
		ca plain "$front/est/good" 'user: alice'
		ca subject "$tls/est/pending" \
			'subject: [C=CN, CN, serialNumber, emailAddress]'
		ca badsubject "$tls/est/pending" 'subject: [shoeSize]'
		ca gone https://127.0.0.1:9/est
		echo "  notls: {protocol: est, url: \"$tls/est/good\"," \
			"anchors: anchors.pem}"
		echo "  noanchors: {protocol: est, url: \"$tls/est/good\"," \
			"tls-ca: \"$pki/root.pem\"}"
		echo "  untrusted: {protocol: est, url: \"$tls/est/good\"," \
			"anchors: anchors.pem, tls-ca: nobody.pem}"
		echo "  elsewhere: {protocol: est, url: \"$tls/est/good\"," \
			"anchors: nobody.pem, tls-ca: \"$pki/root.pem\"}"
		echo '  post: {protocol: carrier-pigeon, anchors: anchors.pem}'
		echo '  paper: {protocol: file, anchors: anchors.pem,' \
			'subject: [CN, serialNumber=IDCCN-440524188001010014]}'
	} >"$HOME/.config/deed/config.yaml"
}
configure

request() {
	party=$1
	from=$2
	shift 2
	run deed enroll request "$party" --ca "$from" \
		--passphrase "file:$party.pass" "$@"
}
nothing_kept() {
	is "nothing is kept of $1" \
		"$(find home/ca/pending -name '*.json' | wc -l)" 0
	check 'and no certificate' sh -c \
		'! ls home/keystore/wang/*.pem 2>/dev/null | grep -q .'
}
fails() {
	request wang "$2"
	exits "$1" "$2"
	err_has "$2: it is said" "$3"
	nothing_kept "$2"
}

request wang good -n
exits 0 'a dry run'
absent 'makes not even a folder' home/ca/pending

# What fails, each in its way.
fails 2 notls 'cas.notls has no tls-ca'
fails 2 noanchors 'cas.noanchors has no anchors'
fails 2 post 'expected est, cmp or file'
fails 2 badsubject shoeSize
fails 4 nowhere "no CA 'nowhere'"
fails 1 refuse 'no such customer here'
fails 1 deny 'status 403'
fails 1 denied 'status 401, it asks for Basic'
fails 1 noclient 'status 403'
fails 8 busy 'status 503'
fails 8 html 'no PKCS #7'
fails 8 noroots 'no PKCS #7'
fails 8 empty 'the answer is empty'
fails 8 cut 'no PKCS #7'
fails 8 signed 'not of certificates alone'
fails 8 short 'cut short'
fails 8 untrusted 'not trusted'
fails 8 gone 'refused'
fails 7 other 'not for the key'
fails 7 elsewhere 'leads to no trust anchor'
err_has 'and what would name it' 'cas.elsewhere.anchors'
request wang basic --ca-passphrase file:wrong.pass
exits 1 'a wrong passphrase at the CA'
nothing_kept 'a wrong passphrase'
request wang plain --ca-passphrase file:alice.pass
exits 2 'credentials without https'
err_has 'which is said' 'expected an https url'
request wang good --offline
exits 7 'kept off the network'
nothing_kept 'what was not asked'
run deed enroll request wang --ca good --passphrase file:li.pass
exits 6 "another's passphrase"
cp wang.pass nobody.pass
request nobody good
exits 4 'no such party'
quietly enroll_home acme
quietly prove_home acme
request acme gone
exits 7 'a certificate of the house is there'
err_has 'which is seen before a CA is asked' 'is of this house'
nothing_kept 'that'
request wang good --csr-out a.csr
exits 2 'a file for a CA that is asked'

# Pending, killed, gone on with.
request wang pending --json
exits 3 'pending'
json 'which is its state' .state pending
json 'it was not resumed' .resumed false
check 'and when to come again' jq -e '.retry_at | length > 0' "$T/out"
pending=home/ca/pending/pending/wang.json
check 'it is kept' test -s "$pending"
jq -r .request "$pending" | base64 -d >first.der
check 'a request that openssl verifies' openssl req -inform DER -in first.der \
	-verify -noout
run deed status
exits 3 'the status tells it'
out_has 'by CA' "CA 'pending' has not decided yet"
out_has 'and by party' 'request wang'
request wang good
exits 0 'another CA is quicker'
request wang pending
exits 3 'still pending'
jq -r .request "$pending" | base64 -d >second.der
check 'the same request, octet by octet' cmp first.der second.der
front_slow=$tls/slow/3/est/pending
sed "s#$tls/est/pending#$front_slow#" "$HOME/.config/deed/config.yaml" >slow &&
	mv slow "$HOME/.config/deed/config.yaml"
deed enroll request wang --ca pending --passphrase file:wang.pass 2>/dev/null &
killed=$!
sleep 1
request wang pending --wait=0
exits 9 'who asks for the same waits'
request li subject --wait=0
exits 3 'who asks for another does not'
kill -9 "$killed"
wait "$killed" 2>/dev/null
check 'it is kept after kill -9' test -s "$pending"
configure
front_tls=$tls
tls=https://127.0.0.1:9
configure
request wang pending
exits 8 'a CA that is away'
check 'leaves it pending' test -s "$pending"
tls=$front_tls
configure
touch "$pki/est.ready"
request wang pending --json
exits 0 'decided'
json 'gone on with' .resumed true
json 'issued' .state issued
jq -r .request "$pending" 2>/dev/null | base64 -d >/dev/null
check 'it is pending no more' test ! -e "$pending"
deed key show wang --pem >wang.pem
check 'the certificate is good' openssl verify -CAfile "$pki/root.pem" \
	-untrusted "$pki/ca.pem" wang.pem

# Two CAs, and every spelling of an answer.
for mode in good line der crlf; do
	before=$(openssl x509 -noout -serial -in wang.pem)
	request wang $mode
	exits 0 "a certificate: $mode"
	deed key show wang --pem >wang.pem
	check 'another than before' test \
		"$(openssl x509 -noout -serial -in wang.pem)" != "$before"
done
request wang basic --ca-passphrase file:alice.pass
exits 0 'by basic authentication'
request wang client
exits 0 'by a certificate of the office'
rm "$pki/est.ready"
request wang subject
exits 3 'a name as the CA wants it'
jq -r .request home/ca/pending/subject/wang.json | base64 -d |
	openssl req -inform DER -noout -subject -nameopt utf8,sep_comma_plus \
		>subject
check 'has what it asked for' grep -q \
	'C=CN.*CN=王小明.*serialNumber=IDCCN-11010519491231002X' subject

# What cannot be gone on with.
cp home/ca/pending/subject/li.json li.json
echo '{}' >home/ca/pending/subject/li.json
request li subject
exits 1 'a request that is damaged'
err_has 'and how to go on' '--anew'
jq '.request = "AAAA"' li.json >home/ca/pending/subject/li.json
request li subject
exits 1 'one that is no request'
err_has 'and how to go on' '--anew'
jq --slurpfile w home/ca/pending/subject/wang.json '.request = $w[0].request' \
	li.json >home/ca/pending/subject/li.json
request li subject
exits 3 'a request for another key'
err_has 'is made anew' 'made anew'
request li subject --anew --json
exits 3 'which is forgotten'
json 'for another' .resumed false
request li subject
exits 3 'that is gone on with'
sed 's/\(subject: .*\)protocol: est/\1protocol: cmp, user: deed/' "$HOME/.config/deed/config.yaml" \
	>other && cp other "$HOME/.config/deed/config.yaml"
request li subject --ca-passphrase file:li.pass
exits 2 'by another protocol'
err_has 'and how to go on' '--anew'
configure

# By what the certificate calls the party, where no number tells.
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
	-subj '/CN=A CA' -keyout name.key -out name.pem -days 30 2>/dev/null
cat >>"$HOME/.config/deed/config.yaml" <<-'END'
	  name: {protocol: file, anchors: name.pem, subject: [CN=Wang X. M.]}
END
issue_named() {
	openssl x509 -req -in named.csr -CA name.pem -CAkey name.key \
		-set_serial "$1" -days 30 -extfile ext -out named.crt 2>/dev/null
}
printf 'keyUsage=critical,digitalSignature,nonRepudiation\n' >ext
request wang name --csr-out named.csr
exits 3 'a name that is not the real one'
issue_named 70
request wang name --certificate named.crt
exits 7 'says nothing'
err_has 'but what to say' '--name-in-certificate TEXT'
request wang name --certificate named.crt --name-in-certificate 'Wang X.'
exits 7 'another text is not its own'
request wang name --certificate named.crt --name-in-certificate 'Wang X. M.' \
	--json
exits 0 'its own text is'
json 'by which it was judged' .name_by name-in-certificate
json 'which is shown' .name_in_certificate 'Wang X. M.'
json 'and nothing tells of revocation' .revocation_checked false
request wang name --csr-out named.csr --name-in-certificate 'Wang X. M.'
exits 3 'said with the request'
check 'it is kept with it' jq -e '.name_in_certificate | length > 0' \
	home/ca/pending/name/wang.json
issue_named 71
request wang name --certificate named.crt --json
exits 0 'it counts for the answer'
json 'as if said now' .name_by name-in-certificate

# What was pending ends with a refusal and with what is not to be kept, not
# with a failure of the way there.
turn() {
	sed "/^  subject:/s#url: \"[^\"]*\"#url: \"$1\"#" \
		"$HOME/.config/deed/config.yaml" >turned
	cp turned "$HOME/.config/deed/config.yaml"
}
pending=home/ca/pending/subject/wang.json
for mode in html cut signed busy; do
	turn "$tls/est/$mode"
	request wang subject
	exits 8 "while pending: $mode"
	check 'leaves it pending' test -s "$pending"
done
turn "$tls/auth/est/pending"
request wang subject
exits 1 'while pending: the office is not let in'
check 'leaves it pending' test -s "$pending"
turn "$tls/est/other"
request wang subject
exits 7 "while pending: another key's certificate"
check 'it is pending no more' test ! -e "$pending"
turn "$tls/est/pending"
request wang subject
exits 3 'pending anew'
turn "$tls/est/refuse"
request wang subject
exits 1 'while pending: refused'
err_has 'in its words' 'no such customer here'
check 'it is pending no more' test ! -e "$pending"

# By files.
request li paper
exits 2 'by files: which?'
request li paper --csr-out li.csr
exits 3 'by files'
check 'a request' openssl req -in li.csr -verify -noout
request li paper --csr-out again.csr
exits 3 'once more'
check 'the same' cmp li.csr again.csr
request li paper --csr-out li.csr
exits 3 'into the same file'
check 'which is as it was' cmp li.csr again.csr
echo precious >kept
request li paper --csr-out kept
exits 7 'another file is not overwritten'
err_has 'and how it would be' '--force'
is 'it is as it was' "$(cat kept)" precious
request li paper --csr-out kept --force
exits 3 'but with --force'
check 'it is' cmp li.csr kept
request li paper --certificate "$pki/other.pem"
exits 7 "another's certificate"
printf 'keyUsage=critical,digitalSignature,nonRepudiation\n' >ext
openssl x509 -req -in li.csr -CA "$pki/ca.pem" -CAkey "$pki/ca.key" \
	-set_serial 77 -days 30 -extfile ext -out li.pem 2>/dev/null
cat li.pem "$pki/ca.pem" >li.chain
request li paper --certificate "$pki/other.key"
exits 4 'no certificate at all'
err_has 'which is named' "other.key"
request li paper --certificate "$pki/other.pem" -n
exits 7 "another's certificate, in a dry run"
request li paper --certificate li.chain -n
exits 0 'its answer, in a dry run'
check 'is not kept' test -e home/ca/pending/paper/li.json
request li paper --certificate li.chain
exits 0 'its answer'
check 'nothing is pending' test ! -e home/ca/pending/paper/li.json

# The house takes it for what it is, however the party was enrolled.
expect 7 'a CA for which nobody answers' prove_home li
err_has 'is named' "--accept-ca $(sha256_of "$pki/root.pem")"
expect 0 'one that the notary answers for' prove_home li \
	--accept-ca "$(sha256_of "$pki/root.pem")"
run deed key show li --pem
cp "$T/out" kept.pem
is 'its certificate stays' "$(sha256_of kept.pem)" "$(sha256_of li.pem)"
cat "$pki/root.crl.pem" "$pki/ca.crl.pem" >crl.pem
expect 0 'and signs' deed sign --as li --passphrase file:li.pass --detached \
	--crl crl.pem anchors.pem
expect 7 'the house renews nothing beyond it' deed enroll renew li \
	--operator-passphrase file:operator.pass --days 200
err_has 'and says what ends' 'the certificate of another CA holds to'

# Who got another key in the meantime cannot use what was asked for.
request li paper --csr-out li.csr
exits 3 'one more'
quietly deed enroll rekey li --lost --yes --passphrase file:li.pass \
	--operator-passphrase file:operator.pass
request li paper --csr-out li.csr --force
exits 3 'the request of the key before'
err_has 'is made anew' 'made anew'
