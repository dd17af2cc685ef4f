#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Where an authority is configured, statements and checkpoints get
# time-stamps; where it is down, nothing stops, unless they are required.
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/home.sh"
. "$top_srcdir/tests/cli/parties.sh"
. "$top_srcdir/tests/servers/lib.sh"
need_servers
need jq

need_home
pki_make
tsa_start
config=$HOME/.config/deed/config.yaml
mkdir -p "${config%/*}"
configure() {
	printf 'timestamp:\n  tsa: %s\n' "$1" >"$config"
	[ -z "${2:-}" ] || printf 'audit:\n  timestamp: %s\n' "$2" >>"$config"
}
ts_verify() {
	openssl ts -verify -data "$1" -in "$2" -token_in \
		-CAfile "$pki/root.pem" -untrusted "$pki/ca.pem"
}
sign() {
	count=$((${count:-0} + 1))
	cp contract.pdf "c$count.pdf"
	run deed sign --as wang --passphrase file:wang.pass "$@" "c$count.pdf"
}

sign
exits 0 'not configured'
absent 'there is no time-stamp' home/audit/timestamp

# ---- checkpoints ----
configure "$tsa"
sign -v
exits 0 'configured'
err_has 'the URL is told' "POST $tsa"
size=$(sed -n 2p home/audit/checkpoint)
check 'the checkpoint is kept' cmp home/audit/checkpoint \
	"home/audit/timestamp/$size.checkpoint"
check 'and stamped, says openssl' ts_verify \
	"home/audit/timestamp/$size.checkpoint" "home/audit/timestamp/$size.tst"
expect 0 'the log is consistent' deed audit verify --json
is 'and has one time-stamp' "$(jq .timestamps <"$T/out")" 1
sign
expect 0 'another' deed audit verify
out_has 'is counted' 'checkpoints with a time-stamp: 2'
before=$(front_requests '^POST /tsa')
sign --offline
exits 0 '--offline'
sign -n
exits 0 '-n'
expect 0 'what reads' deed audit verify
expect 0 'and verify' deed verify --trust house.pem c1.signed.pdf
is 'ask nobody' "$(front_requests '^POST /tsa')" "$before"
configure "$tsa" no
sign
exits 0 'audit.timestamp: no'
is 'asks nobody' "$(front_requests '^POST /tsa')" "$before"
configure "$tsa" perhaps
sign
exits 2 'no such word'

# ---- statements ----
configure "$tsa"
make_person late
for file in home/identity/status/late.cms \
	"$(ls -t home/identity/attestations/*.cms | head -n 1)"; do
	openssl cms -cmsout -print -inform DER -in "$file" >print 2>/dev/null
	check "a time-stamp in ${file%/*}" \
		grep -q 'id-smime-aa-timeStampToken' print
	check 'openssl verifies the statement' openssl cms -verify -cades \
		-inform DER -in "$file" -CAfile house.pem -purpose any \
		-out /dev/null
done
is 'nobody else reads what was stamped' \
	"$(stat -c %a home/identity/status/late.cms)" 600
expect 0 'who was so proven signs' deed sign --as late \
	--passphrase file:late.pass -o late.pdf contract.pdf
expect 0 'and that holds' deed verify --trust house.pem late.pdf
expect 0 'suspended' deed party suspend late --reason 'a test' \
	--operator-passphrase file:operator.pass
openssl cms -cmsout -print -inform DER -in home/identity/status/late.cms \
	>print 2>/dev/null
check 'and stamped again' grep -q 'id-smime-aa-timeStampToken' print

# The time-stamp of another statement, as an attribute of this one.
cat >swap.py <<'END'
import sys
sys.path.insert(0, sys.argv[1])
from der import elements, read, tlv

def parts(path):
    data = open(path, 'rb').read()
    top = elements(read(data)[1])
    signed = elements(read(top[1][1])[1])
    infos = elements(signed[-1][1])
    fields = elements(infos[0][1])
    assert fields[-1][0] == 0xa1
    return top, signed, fields

top, signed, fields = parts(sys.argv[2])
_, _, other = parts(sys.argv[3])
info = tlv(0x30, *[x[2] for x in fields[:-1]], other[-1][2])
signed = tlv(0x30, *[x[2] for x in signed[:-1]], tlv(0x31, info))
sys.stdout.buffer.write(tlv(0x30, top[0][2], tlv(0xa0, signed)))
END
cp home/identity/status/late.cms late.cms
must deed party suspend late --lift --operator-passphrase file:operator.pass
/usr/bin/python3 swap.py "$top_srcdir/tests/servers" \
	home/identity/status/late.cms late.cms >swapped.cms
cp home/identity/status/late.cms good.cms
check 'a swapped one differs' sh -c '! cmp -s good.cms swapped.cms'
cp swapped.cms home/identity/status/late.cms
run deed sign --as late --passphrase file:late.pass -o no.pdf contract.pdf
isnt 'it is not believed' "$code" 0
err_has 'and that is told' "time-stamp is not of its signature"
cp good.cms home/identity/status/late.cms
expect 0 'its own is' deed sign --as late --passphrase file:late.pass \
	-o yes.pdf contract.pdf

# ---- an authority that is down, or lies ----
front_stop
sign
exits 0 'down: nothing stops'
err_has 'but it is told' "the log's checkpoint gets no time-stamp"
configure "$front/tsa?fault=nonce"
front_restart
sign
exits 0 'a liar'
err_has 'is told' 'has another nonce than the request'
front_stop
configure "$tsa" required
sign
exits 8 'required, and down'
err_has 'what is done is told' 'it is done and logged, but'
run deed audit log --json
entries=$(jq '.entries | length' <"$T/out")
expect 0 'the log is consistent' deed audit verify
secret_file never.pass 'the passphrase of never'
expect 8 'a statement is not made without' deed enroll person never \
	--name 'Person never' --phone +8613123456700 \
	--id cn-ric:110105199001010053 --passphrase file:never.pass
run deed audit log --json
is 'nor logged' "$(jq '.entries | length' <"$T/out")" "$entries"
front_restart
sign
exits 0 'up again'

# ---- a token that is not its checkpoint's ----
rm "$config"
newest=$(sed -n 2p home/audit/checkpoint)
cp "home/audit/timestamp/$size.tst" "home/audit/timestamp/$newest.tst"
expect 1 'another token' deed audit verify
out_has 'is found out' 'proves nothing: it is of another checkpoint'
rm "home/audit/timestamp/$newest".*
expect 0 'without it all is well' deed audit verify
printf 'x' >>"home/audit/timestamp/$size.checkpoint"
expect 1 'another checkpoint' deed audit verify
