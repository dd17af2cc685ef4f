#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# deed judges by itself, and becomes deed-office for all else: in the same
# process, with the same words, environment and descriptors; and says so where
# there is none.
. "${top_srcdir:-.}/tests/cli/lib.sh"

mkdir part
cp "$top_builddir/deed" part/deed
# By this the helpers are found beside it.
: >part/deed-parse
chmod +x part/deed-parse

expect 0 'deed alone judges' part/deed verify -h
out_has 'and has its usage' 'usage: deed verify'
for words in '' -h --version version 'sign -h' 'help --json' 'complete -- s' \
	nothing --json; do
	# shellcheck disable=SC2086 # words
	expect 10 "'deed $words' needs the office" part/deed $words
	err_has 'and is told what is missing' "cannot start '$W/part/deed-office'"
	err_has 'and what to do' 'deed is not whole'
	is 'and prints nothing' "$(cat "$T/out")" ''
done

# It is not looked for elsewhere.
cat >deed-office <<'EOF'
#!/bin/sh
echo "$$ $0 [$*] $DEED_COLOR"
EOF
chmod +x deed-office
expect 10 'not in the working directory or on the path' \
	env PATH="$PWD:$PATH" DEED_LIBEXEC="$PWD" part/deed version
mv deed-office part/
DEED_COLOR=never part/deed sign a 'b c' >out &
pid=$!
wait $pid
is 'it is the same process, words and environment' "$(cat out)" \
	"$pid $W/part/deed-office [sign a b c] never"
