# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
# What tests deposit that look for traces of it, and in the file words what must
# not be found, as tests/cli/found.py has it; read after home.sh, in the folder of
# the house.

head -c 4300000 /dev/urandom >Vollmacht-Gruber.bin
head -c 20480 /dev/urandom >Mietvertrag-Ottakring.pdf
mkdir Nachlass
for i in 1 2 3 4; do head -c 3000 /dev/urandom >Nachlass/Zusatz-$i.txt; done
cat >words <<'END'
word 王小明
word Li Na
word 示例科技
word 13123456789
word li@example.org
word contracts@example.com
word 11010519491231002X
word 440524188001010014
word 91310000MADEED101N
word 2026/117
word Aktenzeichen-Neun
word contract.pdf
word Vollmacht
word Mietvertrag
word Ottakring
word Nachlass
word Zusatz
word Hofrat Ehrlich
word 2026-11-01T10:00:00Z
short wang
short acme
file contract.pdf
file Vollmacht-Gruber.bin
file Mietvertrag-Ottakring.pdf
file Nachlass/Zusatz-1.txt
file Nachlass/Zusatz-4.txt
END
