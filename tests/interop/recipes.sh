# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
# Files that stand in pages of the manual, taken out as a reader would copy
# them.  Read after lib.sh.
#
#	recipe PAGE NAME >FILE
#
# is what follows .\" file: NAME, as it is printed.
recipe() {
	awk -v mark=".\\\\\" file: $2" '
		$0 == mark { found = 1 }
		found && /^\.Bd -literal/ { inside = 1; next }
		inside && /^\.Ed/ { exit }
		inside { print }
	' "$top_srcdir/man/$1" | sed 's/\\e/\\/g; s/^\\&//'
}
