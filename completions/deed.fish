# SPDX-License-Identifier: Apache-2.0
# fish completion of deed(1): it asks "deed complete" and holds no list.
function __deed_complete
    set -l words (commandline -opc)
    set -l last (commandline -ct)
    for line in ($words[1] complete -- $words[2..-1] "$last" 2>/dev/null)
        switch $line
            case :file
                __fish_complete_path "$last"
            case :directory
                __fish_complete_directories "$last"
            case '*'
                echo $line
        end
    end
end
complete -c deed -f -a '(__deed_complete)'
