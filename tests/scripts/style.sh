#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The style, kept by machines: layout, clang-tidy's findings in changed files, shell scripts, spelling, license lines, words.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

usage() {
    cat <<'EOF'
usage: tests/scripts/style.sh [--base REVISION] [--build DIR]
  --base   clang-tidy reads the .cpp files that differ from it, or whose header does; otherwise the common ancestor with
           origin/main, and where there is none the commit before
  --build  where the tests were built, for what Qt generates; otherwise build/dev
EOF
}

base=
build=build/dev
while [ $# -gt 0 ]; do
    case $1 in
    --base | --build)
        [ $# -ge 2 ] || { usage >&2; exit 2; }
        printf -v "${1#--}" %s "$2"
        shift
        ;;
    --help)
        usage
        exit 0
        ;;
    *)
        usage >&2
        exit 2
        ;;
    esac
    shift
done

# The tree may belong to somebody else than who checks it, as in a container.
git() { command git -c safe.directory='*' "$@"; }
git rev-parse --git-dir >/dev/null || { echo "style: this is no git work tree, which is where the list of files comes from" >&2; exit 1; }
for tool in clang-format-19 clang-tidy-19 clang++-19 shellcheck codespell; do
    command -v "$tool" >/dev/null || { echo "style: $tool is missing; ./check.sh installs it" >&2; exit 1; }
done

# Files of ours that exist and match, new ones included.
files() {
    local file
    git ls-files --cached --others --exclude-standard -- "$@" | while read -r file; do
        if [ -f "$file" ]; then echo "$file"; fi
    done
}
scripts() {
    files | while read -r file; do
        case $file in
        *.sh) echo "$file" ;;
        *.*) ;;
        *) if head -n 1 "$file" | grep -aqE '^#!.*\bbash$'; then echo "$file"; fi ;;
        esac
    done
}
sources() { files '*.cpp' '*.h'; }

layout() { sources | xargs -d '\n' -P "$(nproc)" -n 50 clang-format-19 --dry-run -Werror; }

shell() { scripts | xargs -d '\n' shellcheck; }

# Translations and the scenarios that are wrong on purpose are not English to be checked; AtMost is a name, settin&gs has a letter to press.
spelling() { files ':!*.ts' ':!*.svg' ':!*.png' ':!resources/desktop' ':!translations' ':!tests/core/data' ':!tests/core/tst_*' | xargs -d '\n' codespell -L atmost,settin; }

licenses() {
    local missing
    missing=$({
        files '*.cpp' '*.h' '*.java' '*.py' '*CMakeLists.txt'
        scripts
    } | xargs -d '\n' grep -L 'SPDX-License-Identifier: GPL-3.0-or-later') || true
    [ -z "$missing" ] || { printf '%s: no SPDX line\n' "$missing"; return 1; }
}

# Where words count: documents, scenarios, scripts and the sources, names in them included. tst_contract.cpp quotes wrong ones.
texts() {
    files '*.md' 'resources/scenarios/*.yaml' '*.cpp' '*.h' 'translations/*.ts' ':!tests/core/tst_contract.cpp'
    scripts
}

words() {
    local list=tests/scripts/words.txt said found
    said=$(grep -vE '^(#|$)' "$list" | cut -f1 | paste -sd '|')
    found=$(texts | xargs -d '\n' grep -niE "$said" | grep -v '<translation>') || true
    [ -z "$found" ] || { printf '%s\n' "$found" "What to say instead: $list"; return 1; }
}

# One per line: the .cpp files that changed, and those of a changed header's name.
changed_sources() {
    {
        git diff --name-only --diff-filter=d "$1" -- '*.cpp' '*.h'
        git ls-files --others --exclude-standard -- '*.cpp' '*.h'
    } | sed 's/\.h$/.cpp/' | sort -u | while read -r file; do
        if [ -f "$file" ]; then echo "$file"; fi
    done
}

# In a tree of its own, since the others unite files and precompile headers, which clang-tidy cannot read. Nothing is built.
tidy() {
    local changed layer includes=()
    if [ -z "$base" ]; then
        base=$(git merge-base HEAD origin/main 2>/dev/null || git rev-parse -q --verify HEAD~1 || git rev-parse HEAD)
    fi
    changed=$(changed_sources "$base")
    [ -n "$changed" ] || return 0
    cmake --preset dev-clang >/dev/null
    for layer in core services app faults; do
        includes+=("--extra-arg=-I$(realpath -m "$build")/tests/$layer")
    done
    # Only files that are compiled: the database knows them by their absolute paths.
    changed=$(printf '%s\n' "$changed" | while read -r file; do
        if grep -q "\"file\": \"$PWD/$file\"" build/dev-clang/compile_commands.json; then echo "$file"; fi
    done)
    [ -n "$changed" ] || return 0
    printf '%s\n' "$changed" | xargs -d '\n' -P "$(nproc)" -n 1 clang-tidy-19 -p build/dev-clang --quiet "${includes[@]}"
}

failed=()
for check in layout shell spelling licenses words tidy; do
    if $check; then echo "ok: $check"; else failed+=("$check"); echo "FAIL: $check"; fi
done
[ ${#failed[@]} -eq 0 ]
