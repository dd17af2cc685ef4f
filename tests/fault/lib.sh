# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
# Killing a program at every step.  Read after tests/cli/lib.sh:
#
#	. "${top_srcdir:-.}/tests/cli/lib.sh"
#	. "${top_srcdir:-.}/tests/fault/lib.sh"
#
#	before() { rm -rf home && cp -a fresh home; }
#	after() { deed audit verify || return 1; ...; }
#	kill_at_every 'sign' before after -- deed sign --as wang a.pdf
#
# The command is run again and again, each time from the state that before
# makes, and killed when it enters its n-th call of each kind in KILL_CALLS,
# for n = 1, 2, ... until it is no longer killed.  after then looks at what is
# left (it is given the kind and n, and does what the next command would do);
# its failure is the point's.  Each kind is one system call: strace counts them
